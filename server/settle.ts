/** All fixes of a file at once. */
import { type Analyser, applyEdits, conflict, type Edit, type Finding, type Fix, meet } from "../engine/index";
import { safeFix } from "./fixes";

/** What a text is made of after edits: pieces of the original, in order, and texts in between. */
type Piece = { readonly from: number; readonly to: number } | { readonly text: string };

const lengthOf = (piece: Piece): number => ("text" in piece ? piece.text.length : piece.to - piece.from);

function take(pieces: readonly Piece[], start: number, end: number): Piece[] {
  const taken: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(0, start - at);
    const to = Math.min(lengthOf(piece), end - at);
    at += lengthOf(piece);
    if (from >= to) continue;
    if ("text" in piece) taken.push({ text: piece.text.slice(from, to) });
    else taken.push({ from: piece.from + from, to: piece.from + to });
  }
  return taken;
}

function apply(pieces: readonly Piece[], edits: readonly Edit[]): readonly Piece[] {
  let result = pieces;
  for (const { span, text } of [...edits].sort((a, b) => b.span.start - a.span.start || b.span.end - a.span.end)) {
    result = [...take(result, 0, span.start), { text }, ...take(result, span.end, Number.POSITIVE_INFINITY)];
  }
  return result;
}

/** The pieces as edits of the original. */
function editsOf(pieces: readonly Piece[], length: number): Edit[] {
  const edits: Edit[] = [];
  let at = 0;
  let text = "";
  for (const piece of [...pieces, { from: length, to: length }]) {
    if ("text" in piece) {
      text += piece.text;
      continue;
    }
    if (piece.from > at || text !== "") edits.push({ span: { start: at, end: piece.from }, text });
    at = piece.to;
    text = "";
  }
  return edits;
}

/** A fix may make room for another; more rounds than this are a rule that does not settle. */
const rounds = 10;

/**
 * The edits that make every safe fix of the wanted findings, and those that become possible by them, until none is left.
 * Of overlapping fixes the first is made first. The analyser is left with the text that it had.
 */
export function settle(
  analyser: Analyser,
  { file, languageId, text }: { readonly file: string; readonly languageId: string; readonly text: string },
  wanted: (finding: Finding) => boolean,
): readonly Edit[] {
  let pieces: readonly Piece[] = [{ from: 0, to: text.length }];
  let current = text;
  const seen = new Set([text]);
  for (let round = 0; round < rounds; round++) {
    const edits = compatible(analyser.findings(file).filter(wanted).map(safeFix));
    if (edits.length === 0) break;
    const next = applyEdits(current, edits);
    if (seen.has(next)) break;
    seen.add(next);
    pieces = apply(pieces, edits);
    current = next;
    analyser.setFile(file, current, languageId);
  }
  if (current === text) return [];
  analyser.setFile(file, text, languageId);
  return editsOf(pieces, text.length);
}

function compatible(fixes: readonly (Fix | undefined)[]): Edit[] {
  const edits: Edit[] = [];
  for (const fix of fixes)
    if (fix !== undefined && !conflict(fix.edits) && !meet(edits, fix.edits)) edits.push(...fix.edits);
  return edits;
}
