/** Values in JSON, with comments and final commas as editors allow them. One pass without recursion; never fails. */
import type { Span } from "../../text/span";
import type { TextValue } from "./file";
import { assignmentIn, deepest, isValueKey, pairName, textValue } from "./values";

interface Frame {
  readonly path: readonly string[];
  readonly beside: Map<string, string>;
  /** Names and values that mappings in a list say: `[{ name, value }]`. */
  readonly pairs: Map<string, string>;
  readonly isList: boolean;
  readonly start: number;
  key: { readonly name: string; readonly span: Span } | undefined;
}

/** A string of the text, its quotes in `whole`. */
export interface JsonText {
  readonly value: string;
  readonly whole: Span;
}

/** The string that begins at the quote at `at`; one that does not end ends with its line. */
export function readString(text: string, at: number): JsonText {
  let end = at + 1;
  let escaped = false;
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (c === 34 || c === 10) break;
    if (c === 92) {
      escaped = true;
      end++;
    }
  }
  const stop = Math.min(end, text.length);
  const raw = text.slice(at + 1, stop);
  const whole = { start: at, end: text[stop] === '"' ? stop + 1 : stop };
  return { value: escaped ? unescape(raw) : raw, whole };
}

const simple: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

const unescape = (raw: string): string =>
  raw.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code: string | undefined, letter: string | undefined) =>
    code === undefined ? (simple[letter ?? ""] ?? letter ?? "") : String.fromCharCode(Number.parseInt(code, 16)),
  );

export function readJson(text: string): readonly TextValue[] {
  const values: TextValue[] = [];
  const root: Frame = { path: [], beside: new Map(), pairs: new Map(), isList: true, start: 0, key: undefined };
  const frames: Frame[] = [root];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const frame = frames[frames.length - 1] as Frame;
    const c = text[at];
    if (c === '"') {
      const found = readString(text, at);
      at = found.whole.end - 1;
      if (isKey(text, found.whole.end, frame)) frame.key = { name: found.value, span: inner(found.whole) };
      else take(text, found.value, found.whole, frame, values);
    } else if (c === "{" || c === "[") {
      depth++;
      if (depth <= deepest) frames.push(opened(frame, c === "[", values.length));
    } else if (c === "}" || c === "]") {
      if (depth === 0) continue;
      if (depth <= deepest) close(text, frames, values);
      depth--;
    } else if (c === "," && !frame.isList) frame.key = undefined;
    else if (c === "/" && text[at + 1] === "/") at = endOf(text, "\n", at);
    else if (c === "/" && text[at + 1] === "*") at = endOf(text, "*/", at) + 1;
    else if (c !== undefined && /[\w.+-]/.test(c)) {
      const word = /^[\w.+-]{1,100}/.exec(text.slice(at, at + 100))?.[0] ?? c;
      if (frame.key !== undefined && !/^(?:true|false|null)$/.test(word)) {
        take(text, word, { start: at, end: at + word.length }, frame, values);
      }
      at += word.length - 1;
    }
  }
  return values;
}

const inner = ({ start, end }: Span): Span => ({ start: start + 1, end: Math.max(start + 1, end - 1) });

function endOf(text: string, mark: string, at: number): number {
  const end = text.indexOf(mark, at + 2);
  return end < 0 ? text.length : end;
}

const isKey = (text: string, end: number, frame: Frame): boolean =>
  !frame.isList && frame.key === undefined && /^\s{0,40}:/.test(text.slice(end, end + 41));

const opened = (parent: Frame, isList: boolean, start: number): Frame => ({
  path: parent.key === undefined ? parent.path : [...parent.path, parent.key.name],
  beside: new Map(),
  pairs: parent.isList ? parent.pairs : new Map(),
  isList,
  start,
  key: undefined,
});

function take(text: string, value: string, whole: Span, frame: Frame, values: TextValue[]): void {
  const { key, isList, path, beside } = frame;
  const isQuoted = text[whole.start] === '"';
  const span = isQuoted ? inner(whole) : whole;
  if (isList) {
    const assigned = assignmentIn(value);
    if (assigned === undefined && path.length === 0) return;
    const isExact = span.end - span.start === value.length;
    values.push(
      assigned === undefined
        ? textValue(text, { path, value, span, whole, beside })
        : textValue(text, {
            path: [...path, assigned.name],
            value: value.slice(assigned.from),
            span: isExact ? { start: span.start + assigned.from, end: span.end } : span,
            beside,
          }),
    );
    return;
  }
  if (key === undefined) return;
  beside.set(key.name, value);
  values.push(textValue(text, { path: [...path, key.name], nameSpan: key.span, value, span, whole, beside }));
  frame.key = undefined;
}

/** Gives the `value` of a mapping the name that stands beside it. */
function close(text: string, frames: Frame[], values: TextValue[]): void {
  const frame = frames.pop() as Frame;
  const parent = frames[frames.length - 1];
  if (parent !== undefined && !parent.isList) parent.key = undefined;
  const name = frame.isList ? undefined : pairName(frame.beside);
  if (name === undefined) return;
  for (let i = frame.start; i < values.length; i++) {
    const value = values[i];
    if (value === undefined || value.beside !== frame.beside || !isValueKey(value.name)) continue;
    frame.pairs.set(name, value.value);
    values[i] = textValue(text, { ...value, path: [...value.path.slice(0, -1), name], beside: frame.pairs });
  }
}
