/** What the characters of a scalar mean: decoded text with the place of every character, and typed values. */
import { Excerpt, ExcerptBuilder } from "../../text/located";

/** `none`: nothing is written (`key:`). */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded" | "none";

/** Which plain words are booleans. `1.1` adds yes, no, on, off, y and n, as Kubernetes' parser reads them. */
export type Booleans = "1.2" | "1.1";

/** The decoded text of a flow scalar as written, quotes included; offsets count from its first character. */
export function decodeFlow(source: string, style: ScalarStyle): Excerpt {
  if (style === "plain" || style === "none") {
    return source.includes("\n") ? fold(source, 0, source.length, style) : new Excerpt(source, 0);
  }
  const quote = style === "single" ? "'" : '"';
  const end = source.length > 1 && source.endsWith(quote) ? source.length - 1 : source.length;
  const inner = source.slice(1, end);
  const needsWork = inner.includes("\n") || inner.includes(style === "single" ? "''" : "\\");
  return needsWork ? fold(source, 1, end, style) : new Excerpt(inner, 1);
}

const isBlank = (c: string | undefined): boolean => c === " " || c === "\t";

/** Joins lines (one line break is a space, n + 1 are n line feeds) and decodes quotes and escapes. */
function fold(source: string, from: number, to: number, style: ScalarStyle): Excerpt {
  const builder = new ExcerptBuilder(from);
  let at = from;
  while (at < to) {
    const c = source[at] ?? "";
    if (isBlank(c) || c === "\n" || (c === "\r" && source[at + 1] === "\n")) {
      const end = whitespaceEnd(source, at, to);
      pushWhitespace(builder, source, at, end);
      at = end;
    } else if (c === "'" && style === "single" && source[at + 1] === "'") {
      builder.push("'", at);
      at += 2;
    } else if (c === "\\" && style === "double") {
      at = pushEscape(builder, source, at, to);
    } else {
      builder.push(c, at);
      at++;
    }
  }
  return builder.build();
}

function whitespaceEnd(source: string, from: number, to: number): number {
  let end = from;
  while (end < to && (isBlank(source[end]) || source[end] === "\n" || source[end] === "\r")) end++;
  return end;
}

function pushWhitespace(builder: ExcerptBuilder, source: string, from: number, end: number): void {
  const breaks: number[] = [];
  for (let i = from; i < end; i++) if (source[i] === "\n") breaks.push(i);
  const [first, ...more] = breaks;
  if (first === undefined) for (let i = from; i < end; i++) builder.push(source[i] ?? "", i);
  else if (more.length === 0) builder.push(" ", first);
  else for (const at of more) builder.push("\n", at);
}

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  "\t": "\t",
};
const escapeLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Decodes the escape at `at`; gives the offset behind it. An escape that YAML does not have stays as written. */
function pushEscape(builder: ExcerptBuilder, source: string, at: number, to: number): number {
  const next = source[at + 1] ?? "";
  const simple = escapes[next];
  if (simple !== undefined) {
    builder.push(simple, at);
    return at + 2;
  }
  const lineBreak = next === "\n" ? 1 : next === "\r" && source[at + 2] === "\n" ? 2 : 0;
  if (lineBreak > 0) {
    let end = at + 1 + lineBreak;
    while (end < to && isBlank(source[end])) end++;
    return end;
  }
  const length = escapeLengths[next] ?? 0;
  const digits = source.slice(at + 2, Math.min(to, at + 2 + length));
  const code = length > 0 && digits.length === length && /^[0-9a-fA-F]+$/.test(digits) ? parseInt(digits, 16) : -1;
  if (code < 0 || code > 0x10ffff) {
    builder.push("\\", at);
    return at + 1;
  }
  for (const unit of String.fromCodePoint(code).split("")) builder.push(unit, at);
  return at + 2 + length;
}

/** What a block scalar's header (`|2-`) says. */
export interface BlockHeader {
  readonly style: "literal" | "folded";
  /** Spaces of indentation relative to the parent, where given. */
  readonly indent: number | undefined;
  readonly chomp: "clip" | "strip" | "keep";
}

export function readBlockHeader(source: string): BlockHeader {
  const digit = /[1-9]/.exec(source)?.[0];
  return {
    style: source.startsWith(">") ? "folded" : "literal",
    indent: digit === undefined ? undefined : Number(digit),
    chomp: source.includes("-") ? "strip" : source.includes("+") ? "keep" : "clip",
  };
}

interface BlockLine {
  /** Offsets in the body; `end` is before the terminator, `stop` behind it. */
  readonly start: number;
  readonly text: number;
  readonly end: number;
  readonly stop: number;
}

function blockLines(body: string): readonly BlockLine[] {
  const lines: BlockLine[] = [];
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf("\n", start);
    const stop = newline < 0 ? body.length : newline + 1;
    let end = newline < 0 ? body.length : newline;
    if (newline >= 0 && body[end - 1] === "\r" && end > start) end--;
    let text = start;
    while (text < end && body[text] === " ") text++;
    lines.push({ start, text, end, stop });
    start = stop;
  }
  return lines;
}

/** Length of the body without the blank lines at its end and the last line's terminator. */
export function blockContentEnd(body: string): number {
  return blockLines(body).findLast((l) => l.text < l.end)?.end ?? 0;
}

/** The text of a block scalar's body; `base` is added to all offsets, `parentIndent` is the parent node's column. */
export function decodeBlock(header: BlockHeader, body: string, parentIndent: number, base: number): Excerpt {
  const lines = blockLines(body);
  const isEmpty = (l: BlockLine): boolean => l.text === l.end;
  const first = lines.find((l) => !isEmpty(l));
  const builder = new ExcerptBuilder(base);
  const push = (c: string, at: number): void => builder.push(c, base + at);
  if (first === undefined) {
    if (header.chomp === "keep") for (const l of lines) push("\n", Math.max(l.start, l.stop - 1));
    return builder.build();
  }
  const indent = header.indent === undefined ? first.text - first.start : Math.max(0, parentIndent) + header.indent;
  let last = lines.length - 1;
  const isTrailing = (l: BlockLine): boolean => isEmpty(l) && l.text - l.start <= indent;
  while (last > 0 && isTrailing(lines[last] as BlockLine)) last--;
  const isSpaced = (l: BlockLine): boolean => l.text - l.start > indent || body[l.text] === "\t";
  let previous: BlockLine | undefined;
  let blanks: BlockLine[] = [];
  for (const line of lines.slice(0, last + 1)) {
    if (isTrailing(line)) {
      blanks.push(line);
      continue;
    }
    if (previous !== undefined) {
      const joins = header.style === "folded" && !isSpaced(previous) && !isSpaced(line);
      if (!joins) push("\n", previous.stop - 1);
      else if (blanks.length === 0) push(" ", previous.stop - 1);
    }
    for (const blank of blanks) push("\n", blank.stop - 1);
    blanks = [];
    for (let i = Math.min(line.start + indent, line.text); i < line.end; i++) push(body[i] ?? "", i);
    previous = line;
  }
  if (header.chomp !== "strip" && previous !== undefined) {
    push("\n", Math.max(previous.start, previous.stop - 1));
    if (header.chomp === "keep") {
      for (const l of lines.slice(last + 1)) if (l.stop > l.end) push("\n", l.stop - 1);
    }
  }
  return builder.build();
}

const nullWord = /^(?:~|null|Null|NULL)?$/;
const booleanWord = /^(?:true|True|TRUE|false|False|FALSE)$/;
const oldBooleanWord = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const octalOrHex = /^0(?:o[0-7]+|x[0-9a-fA-F]+)$/;
const notFinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A plain scalar's value by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema). */
export function plainValue(text: string, booleans: Booleans): string | number | boolean | null {
  if (nullWord.test(text)) return null;
  if (booleanWord.test(text)) return text.charAt(0).toLowerCase() === "t";
  if (booleans === "1.1" && oldBooleanWord.test(text)) return /^(?:y|on)/i.test(text);
  if (decimal.test(text) || octalOrHex.test(text)) return Number(text);
  if (!notFinite.test(text)) return text;
  if (/nan/i.test(text)) return Number.NaN;
  return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const coreTag = /^!(?:!|<tag:yaml\.org,2002:)(str|int|float|bool|null)>?$/;

/** A scalar's value; tags of YAML's core schema decide over its style, any other tag makes it a text. */
export function typedValue(
  text: string,
  style: ScalarStyle,
  tag: string | undefined,
  booleans: Booleans,
): string | number | boolean | null {
  if (tag === undefined) return style === "plain" || style === "none" ? plainValue(text, booleans) : text;
  const core = coreTag.exec(tag)?.[1];
  if (core === undefined) return style === "none" ? null : text;
  if (core === "str") return text;
  if (core === "null") return null;
  const value = plainValue(text, booleans);
  return typeof value === (core === "bool" ? "boolean" : "number") ? value : text;
}

// What older or other parsers read as something else than a text: base 60 numbers, dates, underscored numbers, `=`.
const otherwiseTyped = /^(?:[-+]?[0-9][0-9_,]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|=|<<)$/;
const numberLike =
  /^[-+]?(?:0[bB][01_]+|0[xX][0-9a-fA-F_]+|(?:[0-9][0-9_,]*(?:\.[0-9_]*)?|\.[0-9_]*)?(?:[eE][-+]?[0-9_]+)?)$/;

/** Whether every YAML parser reads the plain word as a text. */
export function isTextEverywhere(text: string): boolean {
  if (typeof plainValue(text, "1.1") !== "string") return false;
  return !otherwiseTyped.test(text) && !numberLike.test(text);
}
