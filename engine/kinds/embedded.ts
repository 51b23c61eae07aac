import type { Edit } from "../text/edit";
import type { Excerpt } from "../text/located";
import type { Span } from "../text/span";
import type { Around, Kind } from "./kind";

/** A file that stands as a text in another file. */
export interface Embedded {
  // biome-ignore lint/suspicious/noExplicitAny: of any kind but that of the file around it
  readonly kind: Kind<any, any>;
  readonly model: unknown;
  readonly text: string;
  /** What it sees of the project; its own name there is one that no file has. */
  readonly around: Around;
  placeOf(span: Span): Span;
  /** Edits of its text as edits of the file around it; undefined where they cannot be made there. */
  editsOf(edits: readonly Edit[]): readonly Edit[] | undefined;
}

/** The place, in the file around, of a span of the text that `excerpt` cuts out of it. */
export const outerSpan = (excerpt: Excerpt, { start, end }: Span): Span =>
  start === end
    ? { start: excerpt.startOf(start), end: excerpt.startOf(start) }
    : { start: excerpt.startOf(start), end: excerpt.endOf(end) };

export interface Host {
  readonly text: string;
  /** What stands before each line of the embedded text. */
  readonly indent: string;
  readonly terminator: "\n" | "\r\n";
  /** Spells a new text as the file around has it. */
  readonly spell: (text: string) => string;
}

/** Edits of lines that are indented by the file around them. */
export function outerEdits(excerpt: Excerpt, edits: readonly Edit[], host: Host): readonly Edit[] | undefined {
  const all: Edit[] = [];
  for (const { span, text } of edits) {
    const outer = outerSpan(excerpt, span);
    const lines = host.spell(text).split("\n");
    const isEnd = span.start === excerpt.text.length && excerpt.text.endsWith("\n");
    const taken = host.text.slice(outer.start, outer.end).replace(/\r?\n[ \t]*/g, "\n");
    // What a variable or an escape stands for is written otherwise than it reads.
    if (taken !== excerpt.text.slice(span.start, span.end).replace(/\n[ \t]*/g, "\n")) return undefined;
    const last = lines.length - 1;
    const reachesEnd = span.end === excerpt.text.length && excerpt.text.endsWith("\n");
    const indented = lines.map((line, i) => {
      const isFirst = i === 0 && !isEnd;
      const isLeftOpen = i === last && line === "" && reachesEnd;
      return isFirst || isLeftOpen || (line === "" && i < last) ? line : host.indent + line;
    });
    const place = isEnd ? { start: outer.end, end: outer.end } : withIndentation(excerpt, span, outer, text);
    all.push({ span: place, text: indented.join(host.terminator) });
  }
  return all;
}

/** Lines that are taken out go with the indentation that the file around gives them. */
function withIndentation(excerpt: Excerpt, span: Span, outer: Span, replacement: string): Span {
  const { text } = excerpt;
  const isLineEnd = span.start < span.end && text[span.end - 1] === "\n";
  if (!isLineEnd) return outer;
  if (span.end < text.length) return { start: outer.start, end: excerpt.startOf(span.end) };
  const isLineStart = span.start > 0 && text[span.start - 1] === "\n";
  return isLineStart && replacement === "" ? { start: excerpt.endOf(span.start), end: outer.end } : outer;
}
