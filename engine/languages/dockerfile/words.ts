/** Splits the arguments of an instruction into words as the builder does: continuations, comments, quotes, escapes. */
import { Excerpt, ExcerptBuilder, Located, type Origin } from "../../text/located";
import type { Escape } from "./syntax";

/** One word of an instruction. */
export class Word extends Located {
  constructor(
    origin: Origin,
    from: number,
    to: number,
    /** As written, continuations dropped. */
    readonly raw: string,
    /** Quotes and escapes resolved, variables still unexpanded. */
    readonly text: string,
  ) {
    super(origin, from, to);
  }

  /** In single quotes: the builder expands no variable. */
  get verbatim(): boolean {
    return this.raw.startsWith("'") && this.raw.endsWith("'") && this.raw.length > 1;
  }

  /** The part `[from, to)` of the written word; offsets in `raw`. Exact where the word has no continuation inside. */
  part(from: number, to: number): Word {
    const raw = this.raw.slice(from, to);
    return new Word(this.origin, this.from + from, this.from + to, raw, unquote(raw, "\\"));
  }
}

/**
 * The text `[from, to)` of `source` without continuations, and without the comment and blank lines behind them. A comment
 * counts only where a continuation reaches it.
 */
export function joinLines(source: string, from: number, to: number, escape: Escape): Excerpt {
  if (source.indexOf("\n", from) < 0 || source.indexOf("\n", from) >= to) {
    return new Excerpt(source.slice(from, to), from);
  }
  const builder = new ExcerptBuilder(from);
  let i = from;
  while (i < to) {
    const c = source[i] ?? "";
    if (c === escape) {
      const next = continuationEnd(source, i, to);
      if (next !== undefined) {
        i = skipIgnoredLines(source, next, to);
        continue;
      }
    }
    if (c === "\n" || c === "\r") {
      // Only a line that the parser joined on its own account (inside a heredoc's head) comes here.
      i++;
      continue;
    }
    builder.push(c, i);
    i++;
  }
  return builder.build();
}

/** Behind the line end, where only white space stands between the escape at `i` and the line end. */
function continuationEnd(source: string, i: number, to: number): number | undefined {
  let j = i + 1;
  while (j < to && (source[j] === " " || source[j] === "\t")) j++;
  if (source[j] === "\r" && source[j + 1] === "\n") return j + 2;
  if (source[j] === "\n" || source[j] === "\r") return j + 1;
  return undefined;
}

/** Comment lines and blank lines behind a continuation belong to no word. */
function skipIgnoredLines(source: string, at: number, to: number): number {
  let i = at;
  while (i < to) {
    let j = i;
    while (j < to && (source[j] === " " || source[j] === "\t")) j++;
    const c = source[j];
    if (j >= to) return i;
    if (c === "#") {
      while (j < to && source[j] !== "\n") j++;
      i = j + 1;
    } else if (c === "\n") i = j + 1;
    else if (c === "\r") i = source[j + 1] === "\n" ? j + 2 : j + 1;
    else return i;
  }
  return Math.min(i, to);
}

/** Where the words of an excerpt stand in it. */
export function wordRanges(excerpt: Excerpt, escape: Escape): { from: number; to: number }[] {
  const { text } = excerpt;
  const ranges: { from: number; to: number }[] = [];
  let i = 0;
  while (i < text.length) {
    if (/\s/.test(text[i] ?? "")) {
      i++;
      continue;
    }
    const from = i;
    let quote = "";
    for (; i < text.length; i++) {
      const c = text[i] ?? "";
      if (quote === "" && /\s/.test(c)) break;
      if (c === escape && quote !== "'") i++;
      else if (quote === "" && (c === '"' || c === "'")) quote = c;
      else if (c === quote) quote = "";
    }
    i = Math.min(i, text.length);
    ranges.push({ from, to: i });
  }
  return ranges;
}

export function wordOf(excerpt: Excerpt, origin: Origin, from: number, to: number, escape: Escape): Word {
  const raw = excerpt.text.slice(from, to);
  return new Word(origin, excerpt.startOf(from), excerpt.endOf(to), raw, unquote(raw, escape));
}

/** Quotes dropped and escapes resolved; `\$` stays, for the expansion to see. */
export function unquote(raw: string, escape: Escape): string {
  if (!/["'\\`]/.test(raw)) return raw;
  let text = "";
  let quote = "";
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i] ?? "";
    if (c === escape && quote !== "'" && i + 1 < raw.length) {
      const next = raw[i + 1] ?? "";
      if (quote === '"' && !`"$${escape}`.includes(next)) text += c;
      text += next === "$" ? `${escape}$` : next;
      i++;
    } else if (quote === "" && (c === '"' || c === "'")) quote = c;
    else if (c === quote) quote = "";
    else text += c;
  }
  return text;
}

/**
 * The strings of a JSON array, or undefined where the excerpt is none. The value of each is decoded, with the place of
 * each of its characters.
 */
export function jsonStrings(excerpt: Excerpt, origin: Origin): { word: Word; value: Excerpt }[] | undefined {
  const { text } = excerpt;
  const strings: { word: Word; value: Excerpt }[] = [];
  let i = skipSpace(text, 0);
  if (text[i] !== "[") return undefined;
  i = skipSpace(text, i + 1);
  if (text[i] === "]") return skipSpace(text, i + 1) === text.length ? strings : undefined;
  for (;;) {
    if (text[i] !== '"') return undefined;
    const start = i++;
    const value = new ExcerptBuilder(excerpt.startOf(start) + 1);
    while (i < text.length && text[i] !== '"') {
      const at = excerpt.startOf(i);
      if (text[i] === "\\") {
        const decoded = decodeEscape(text, i);
        if (decoded === undefined) return undefined;
        value.push(decoded.character, at);
        i = decoded.next;
      } else value.push(text[i++] ?? "", at);
    }
    if (text[i] !== '"') return undefined;
    i++;
    const built = value.build();
    strings.push({
      word: new Word(origin, excerpt.startOf(start), excerpt.endOf(i), text.slice(start, i), built.text),
      value: built,
    });
    i = skipSpace(text, i);
    if (text[i] === "]") return skipSpace(text, i + 1) === text.length ? strings : undefined;
    if (text[i] !== ",") return undefined;
    i = skipSpace(text, i + 1);
  }
}

function skipSpace(text: string, i: number): number {
  while (i < text.length && /\s/.test(text[i] ?? "")) i++;
  return i;
}

const simpleEscapes: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function decodeEscape(text: string, i: number): { character: string; next: number } | undefined {
  const c = text[i + 1] ?? "";
  if (c === "u") {
    const code = text.slice(i + 2, i + 6);
    return /^[0-9A-Fa-f]{4}$/.test(code)
      ? { character: String.fromCharCode(parseInt(code, 16)), next: i + 6 }
      : undefined;
  }
  const character = simpleEscapes[c];
  return character === undefined ? undefined : { character, next: i + 2 };
}
