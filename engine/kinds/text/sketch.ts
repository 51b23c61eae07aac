/**
 * Values in program code of languages without a reader of their own: text literals that are given to a name on the same
 * line. Comments are left out; nothing is guessed from calls.
 */
import type { Span } from "../../text/span";
import type { TextValue } from "./file";
import { textValue } from "./values";

/** How a language marks comments and texts, as far as it matters here. */
interface Marks {
  readonly hash: boolean;
  readonly slashes: boolean;
  readonly dashes: boolean;
  /** `'` holds texts, not only characters. */
  readonly single: boolean;
  readonly backtick: boolean;
  /** `"""` holds texts of several lines. */
  readonly triple: boolean;
}

const usual: Marks = { hash: false, slashes: true, dashes: false, single: true, backtick: false, triple: true };
const marksOf = (extension: string): Marks => {
  if (/^(?:pyi?|rb|rake|gemspec|ru|pl|pm|r|ex|exs|cr|nim|jl|ipynb)$/.test(extension))
    return { ...usual, hash: true, slashes: false };
  if (/^(?:php|groovy|gradle|jenkinsfile)$/.test(extension)) return { ...usual, hash: extension === "php" };
  if (/^(?:[cm]?[jt]sx?|vue|svelte|astro|html?)$/.test(extension)) return { ...usual, backtick: true };
  if (/^(?:go)$/.test(extension)) return { ...usual, single: false, backtick: true };
  if (/^(?:rs|kt|kts|java|cs|c|h|cc|cpp|hpp|swift|scala|fs|vb)$/.test(extension)) return { ...usual, single: false };
  if (/^(?:lua|sql|hs|elm)$/.test(extension)) return { ...usual, dashes: true, slashes: false };
  return usual;
};

/** How far before a literal its name is looked for. */
const reach = 160;

const named =
  /(?:^|[^\w$.\]-])(?:[\w$]+(?:\.|->|::|\?\.)){0,6}([A-Za-z_$][\w$-]{1,80})["'`\]]{0,2}[ \t]{0,8}(?::[ \t]{0,3}[A-Za-z&][\w<>&[\]?|.' ]{0,40})?[ \t]{0,8}(=>|:=|\?\?=|\|\|=|=|:)[ \t]{0,8}(?:[rbuf@$]{0,2})$/;
const lookedUp =
  /(?:getenv|env\.get|environ\.get|Getenv|env|fetch|get|getProperty|GetEnvironmentVariable)\([ \t]{0,4}["']([A-Za-z_][\w.]{1,80})["'][ \t]{0,4},[ \t]{0,4}$|(?:process\.env|env|ENV)(?:\.([A-Za-z_]\w{1,80})|\[["']([A-Za-z_]\w{1,80})["']\])[ \t]{0,4}(?:\|\||\?\?|\?:|or)[ \t]{0,4}$/;
const compared = /([A-Za-z_$][\w$]{1,80})["'\]]{0,2}[ \t]{0,4}(?:===?|\.equals\()[ \t]{0,4}$/;

export function readSketch(text: string, extension: string): readonly TextValue[] {
  const marks = marksOf(extension);
  const values: TextValue[] = [];
  let besideLine = 0;
  let beside = new Map<string, string>();
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    // One call for all marks: V8 moves equal calls in several branches out of them, and looks for each line's end at each character.
    if (beginsLineComment(text, at, c, marks)) at = lineEnd(text, at);
    else if (c === 47 && marks.slashes && text.charCodeAt(at + 1) === 42) at = behind(text, "*/", at + 2) - 1;
    else if (c === 34 || (c === 39 && marks.single) || (c === 96 && marks.backtick)) {
      const quote = text.charAt(at);
      if (marks.triple && c !== 96 && text.startsWith(quote.repeat(3), at)) {
        at = behind(text, quote.repeat(3), at + 3) - 1;
        continue;
      }
      const end = closing(text, at, quote);
      if (end < 0) continue;
      // Names in one stretch of code stand beside each other.
      if (at - besideLine > 600) beside = new Map();
      besideLine = at;
      const value = valueAt(text, { start: at, end: end + 1 }, beside);
      if (value !== undefined) values.push(value);
      at = end;
    } else if (c === 92) at++;
  }
  return values;
}

function beginsLineComment(text: string, at: number, c: number, marks: Marks): boolean {
  if (c === 35) return marks.hash;
  if (c !== 47 && c !== 45) return false;
  return (c === 47 ? marks.slashes : marks.dashes) && text.charCodeAt(at + 1) === c;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function behind(text: string, mark: string, at: number): number {
  const end = text.indexOf(mark, at);
  return end < 0 ? text.length : end + mark.length;
}

/** The closing quote; -1 where the line ends first. */
function closing(text: string, at: number, quote: string): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i];
    if (c === "\\") i++;
    else if (c === quote) return i;
    else if (c === "\n" && quote !== "`") return -1;
  }
  return -1;
}

function valueAt(text: string, whole: Span, beside: Map<string, string>): TextValue | undefined {
  const span = { start: whole.start + 1, end: whole.end - 1 };
  const length = span.end - span.start;
  if (length === 0 || length > 4096) return undefined;
  const window = text.slice(Math.max(0, whole.start - reach), whole.start);
  const before = window.slice(window.lastIndexOf("\n") + 1);
  if (!/[=:>,(|?r][ \t]*[rbuf@$]{0,2}$/.test(before)) return undefined;
  const after = text.slice(whole.end, whole.end + 12);
  // A part of a longer text, or what a method is called on.
  if (/^\s{0,6}(?:\+(?!\+)|%|\.[A-Za-z]|\[)/.test(after) || /^\s{0,6}:(?!:)\s/.test(after)) return undefined;
  const value = text.slice(span.start, span.end).replaceAll(/\\(["'\\])/g, "$1");
  const make = (name: string, use: TextValue["use"]): TextValue =>
    textValue(text, { path: [name], value, span, whole, beside, use });

  const lookup = lookedUp.exec(before);
  const key = lookup?.[1] ?? lookup?.[2] ?? lookup?.[3];
  if (key !== undefined) return make(key, "fallback");
  const comparison = compared.exec(before)?.[1];
  if (comparison !== undefined) return make(comparison, "comparison");
  const match = named.exec(before);
  const name = match?.[1];
  if (name === undefined || /[=!<>]=[ \t]*$/.test(before)) return undefined;
  beside.set(name, value);
  const isParameter = match?.[2] === "=" && /\b(?:def|func|function|fun)\b[^)]{0,120}$/.test(before);
  return { ...make(name, isParameter ? "default" : "value"), fix: isParameter ? undefined : { at: whole } };
}
