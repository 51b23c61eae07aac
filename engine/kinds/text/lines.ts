/** Formats of lines: `.properties`, `.env`, INI and its relatives, requests. Each line is read by itself. */
import type { Span } from "../../text/span";
import type { TextValue } from "./file";
import { textValue } from "./values";

/** Longer lines hold data, not settings. */
export const longestLine = 2000;

/** The lines of a text with their places, terminators left out. */
export function* linesOf(text: string): Generator<{ readonly line: string; readonly at: number }> {
  for (let at = 0; at <= text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    if (end - at <= longestLine) yield { line: text.slice(at, text[end - 1] === "\r" ? end - 1 : end), at };
    at = end + 1;
  }
}

/** Values with a common beginning of their names stand beside each other. */
class Groups {
  private readonly groups = new Map<string, Map<string, string>>();

  of(prefix: string): Map<string, string> {
    let group = this.groups.get(prefix);
    if (group === undefined) {
      group = new Map();
      this.groups.set(prefix, group);
    }
    return group;
  }
}

/** The places of a value that begins at `from`, quotes and what follows them left out; `comment` begins a comment behind it. */
function written(
  line: string,
  from: number,
  comment: RegExp | undefined,
): { readonly value: string; readonly span: Span; readonly whole: Span } {
  const quote = line[from];
  if (quote === '"' || quote === "'") {
    const end = line.indexOf(quote, from + 1);
    if (end > 0) {
      const span = { start: from + 1, end };
      return { value: line.slice(from + 1, end), span, whole: { start: from, end: end + 1 } };
    }
  }
  const rest = line.slice(from);
  const stop = comment === undefined ? -1 : rest.search(comment);
  const value = (stop < 0 ? rest : rest.slice(0, stop)).trimEnd();
  const span = { start: from, end: from + value.length };
  return { value, span, whole: span };
}

const at = ({ start, end }: Span, offset: number): Span => ({ start: start + offset, end: end + offset });

/** Java's properties: `a.b=c`, `a.b: c`. */
export function readProperties(text: string): readonly TextValue[] {
  const values: TextValue[] = [];
  const groups = new Groups();
  for (const { line, at: offset } of linesOf(text)) {
    const match = /^[\s\uFEFF]*([^\s#!=:][^\s=:]{0,200})[ \t]*[=:][ \t]*(?=\S)/.exec(line);
    if (match === null) continue;
    const path = (match[1] ?? "").split(".");
    const from = match[0].length;
    const value = line.slice(from).trimEnd();
    const beside = groups.of(path.slice(0, -1).join("."));
    beside.set(path.at(-1) ?? "", value);
    const span = { start: offset + from, end: offset + from + value.length };
    const name = offset + line.indexOf(match[1] ?? "");
    const nameSpan = { start: name, end: name + (match[1] ?? "").length };
    values.push(textValue(text, { path, nameSpan, value, span, beside }));
  }
  return values;
}

/** `NAME=value`, as shells and containers read such files. */
export function readEnv(text: string): readonly TextValue[] {
  const values: TextValue[] = [];
  const beside = new Map<string, string>();
  for (const { line, at: offset } of linesOf(text)) {
    const match = /^[\s\uFEFF]*(?:export[ \t]+|set[ \t]+)?([A-Za-z_][\w.-]{0,150})[ \t]*=[ \t]*/.exec(line);
    const name = match?.[1];
    if (match === null || name === undefined) continue;
    const { value, span, whole } = written(line, match[0].length, /\s#/);
    beside.set(name, value);
    const nameAt = offset + line.indexOf(name);
    values.push(
      textValue(text, {
        path: [name],
        nameSpan: { start: nameAt, end: nameAt + name.length },
        value,
        span: at(span, offset),
        whole: at(whole, offset),
        beside,
      }),
    );
  }
  return values;
}

/** `[section]` with `key = value` or `key: value`; `;` and `#` begin comments. */
export function readIni(text: string): readonly TextValue[] {
  const values: TextValue[] = [];
  const groups = new Groups();
  let section = "";
  for (const { line, at: offset } of linesOf(text)) {
    const heading = /^[\s\uFEFF]*\[([^\]]{1,200})\][ \t]*(?:[;#].*)?$/.exec(line);
    if (heading !== null) {
      section = heading[1] ?? "";
      continue;
    }
    const match = /^[\s\uFEFF]*([^\s;#=:[][^=:]{0,200}?|\/\/[^\s=]{1,200})[ \t]*[=:][ \t]*(?=\S)/.exec(line);
    if (match === null) continue;
    const key = match[1] ?? "";
    const { value, span, whole } = written(line, match[0].length, /\s[#;]/);
    const beside = groups.of(section);
    beside.set(key, value);
    const nameAt = offset + line.indexOf(key);
    values.push(
      textValue(text, {
        path: section === "" ? [key] : [section, key],
        nameSpan: { start: nameAt, end: nameAt + key.length },
        value,
        span: at(span, offset),
        whole: at(whole, offset),
        beside,
      }),
    );
  }
  return values;
}

/** Requests as editors send them: `@name = value` and headers. */
export function readHttp(text: string): readonly TextValue[] {
  const values: TextValue[] = [];
  const beside = new Map<string, string>();
  for (const { line, at: offset } of linesOf(text)) {
    const match = /^[ \t]*(?:@([\w.-]{1,100})[ \t]*=|([A-Z][\w-]{1,60}):)[ \t]*(?=\S)/i.exec(line);
    const name = match?.[1] ?? match?.[2];
    if (match === null || name === undefined) continue;
    const value = line.slice(match[0].length).trimEnd();
    const start = offset + match[0].length;
    beside.set(name, value);
    values.push(textValue(text, { path: [name], value, span: { start, end: start + value.length }, beside }));
  }
  return values;
}
