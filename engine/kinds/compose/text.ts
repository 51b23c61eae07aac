/** Texts cut and joined, with the place of every part. */
import type { YamlScalar } from "../../languages/yaml/node";
import type { Span } from "../../text/span";
import { hole, Scalar, YamlSource, type Piece, type Source } from "./datum";

/** The YAML scalar that a value is written as. */
function nodeOf(source: Source): YamlScalar | undefined {
  return source instanceof YamlSource && source.node.kind === "scalar" ? source.node : undefined;
}

export function piecesOf(scalar: Scalar): readonly Piece[] {
  if (scalar.pieces !== undefined) return scalar.pieces;
  const node = scalar.implied ? undefined : nodeOf(scalar.source);
  // What is printed may be another text than what is written: `true` for `yes`.
  return [{ text: scalar.text, how: "written", node, from: 0, to: (node ?? scalar).text.length }];
}

/** Characters `[from, to)` of a scalar, as a text. */
export function slice(scalar: Scalar, from: number, to = scalar.text.length): Scalar {
  const pieces: Piece[] = [];
  let at = 0;
  for (const piece of piecesOf(scalar)) {
    const first = Math.max(0, from - at);
    const last = Math.min(piece.text.length, to - at);
    if (first < last) pieces.push(cut(piece, first, last));
    at += piece.text.length;
  }
  return new Scalar("string", scalar.text.slice(from, to), scalar.source, pieces, [], undefined, scalar.implied);
}

function cut(piece: Piece, first: number, last: number): Piece {
  const text = piece.text.slice(first, last);
  const isVerbatim = piece.how === "written" || piece.how === "default";
  if (!isVerbatim || piece.to - piece.from !== piece.text.length) return { ...piece, text };
  return { ...piece, text, from: piece.from + first, to: piece.from + last };
}

/** The parts between the separators, at most `limit` of them, the last with all that is left. */
export function split(scalar: Scalar, separator: string, limit = Number.POSITIVE_INFINITY): readonly Scalar[] {
  const parts: Scalar[] = [];
  let from = 0;
  while (parts.length + 1 < limit) {
    const at = scalar.text.indexOf(separator, from);
    if (at < 0) break;
    parts.push(slice(scalar, from, at));
    from = at + separator.length;
  }
  parts.push(slice(scalar, from));
  return parts;
}

/** `name=value` out of an entry's key and value; the place is the value's. */
export function assignment(name: string, value: Scalar): Scalar {
  const key = value.source instanceof YamlSource ? value.source.key : undefined;
  const node = key?.kind === "scalar" ? key : undefined;
  const named: Piece = { text: name, how: "written", node, from: 0, to: name.length };
  if (value.type === "null") return new Scalar("string", name, value.source, [named], value.replaced);
  const equals: Piece = { text: "=", how: "written", node: undefined, from: 0, to: 0 };
  const pieces = [named, equals, ...piecesOf(value)];
  return new Scalar("string", `${name}=${value.text}`, value.source, pieces, value.replaced);
}

/** Where the text is written; for the value of a variable its `${…}`. Undefined where nobody wrote it. */
export function spanOf(scalar: Scalar): Span | undefined {
  const pieces = piecesOf(scalar).filter((p) => p.node !== undefined);
  const isMixed = pieces.length > 1;
  let start = Number.POSITIVE_INFINITY;
  let end = -1;
  for (const { node, from, to, how } of pieces) {
    if (node === undefined) continue;
    const around = isMixed && how === "default" ? reference(node.text, from, to) : { from, to };
    const part = node.part(around.from, around.to);
    start = Math.min(start, part.start);
    end = Math.max(end, part.end);
  }
  return end < 0 ? undefined : { start, end };
}

/** The whole `${NAME:-default}` of a default. */
function reference(text: string, from: number, to: number): { readonly from: number; readonly to: number } {
  const open = text.lastIndexOf("${", from);
  const isOwn = open >= 0 && /^\$\{\w+:?[-+]/.test(text.slice(open, from)) && text[to] === "}";
  return isOwn ? { from: open, to: to + 1 } : { from, to };
}

/** Whether the whole text is one unknown variable, so that it may hold anything. */
export const isHole = (text: string): boolean => text !== "" && text.replaceAll(hole, "") === "";
