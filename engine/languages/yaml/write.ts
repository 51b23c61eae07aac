/** Plain data as YAML text. */
import { choice, expandChoices, literal } from "../../fix";
import { isTextEverywhere, type ScalarStyle } from "./scalar";

/** Text that is written as it is; its further lines, if any, are indented below its first. */
export class Raw {
  constructor(readonly text: string) {}
}

/** A value with comments, given without `#`. They are left out where there is no room for them, as in JSON. */
export class Commented {
  constructor(
    readonly value: YamlData,
    /** On lines of their own above the entry. */
    readonly above: readonly string[],
    /** Behind the entry, or behind its key where the value stands below. */
    readonly behind: string | undefined,
  ) {}
}

export type YamlData =
  | string
  | number
  | boolean
  | null
  | Raw
  | Commented
  | readonly YamlData[]
  | { readonly [key: string]: YamlData };

export const raw = (text: string): Raw => new Raw(text);

export const commented = (
  value: YamlData,
  comments: { readonly above?: readonly string[]; readonly behind?: string },
): Commented => new Commented(value, comments.above ?? [], comments.behind);

/** How a file writes; see `habitsOf`. */
export interface Habits {
  /** Spaces of a map below its key. */
  readonly step: number;
  /** Spaces of a list below its key: 0, or more. */
  readonly listStep: number;
  readonly quote: "single" | "double";
  /** `{ a: 1 }` rather than `{a: 1}`. */
  readonly padded: boolean;
  /** Every text and key in double quotes, all collections in flow style. */
  readonly json: boolean;
}

/** What a value looks like: `inline` behind its key, `below` on the lines after it, relative to where it is indented. */
export interface Written {
  readonly inline: string;
  readonly below: readonly string[];
  readonly kind: "map" | "list" | "scalar";
  readonly behind: string | undefined;
  readonly above: readonly string[];
}

const isMap = (data: YamlData): data is { readonly [key: string]: YamlData } =>
  typeof data === "object" &&
  data !== null &&
  !Array.isArray(data) &&
  !(data instanceof Raw) &&
  !(data instanceof Commented);

const isList = (data: YamlData): data is readonly YamlData[] => Array.isArray(data);

const bare = (data: YamlData): Exclude<YamlData, Commented> => (data instanceof Commented ? bare(data.value) : data);

/** The value in block style. `like`: the style that a text takes where it can. */
export function writeBlock(data: YamlData, habits: Habits, like?: ScalarStyle): Written {
  if (data instanceof Commented) {
    const { above, behind } = data;
    const written = writeBlock(data.value, habits, like);
    return { ...written, above: above.map((l) => `# ${l}`), behind: behind === undefined ? undefined : `# ${behind}` };
  }
  const plain = { behind: undefined, above: [] };
  if (data instanceof Raw) {
    const [inline = "", ...below] = data.text.split("\n");
    return { ...plain, inline, below, kind: "scalar" };
  }
  if (habits.json) return { ...plain, inline: writeFlow(data, habits), below: [], kind: "scalar" };
  if (isList(data)) {
    if (data.length === 0) return { ...plain, inline: "[]", below: [], kind: "list" };
    return { ...plain, inline: "", below: data.flatMap((d) => itemLines(d, habits, like)), kind: "list" };
  }
  if (isMap(data)) {
    const below = Object.entries(data).flatMap(([key, value]) => entryLines(key, value, habits));
    return { ...plain, inline: below.length === 0 ? "{}" : "", below, kind: "map" };
  }
  const lines = typeof data === "string" ? literalLines(data) : undefined;
  if (lines !== undefined) return { ...plain, inline: lines.header, below: lines.body, kind: "scalar" };
  return { ...plain, inline: writeScalar(data, "block", habits, like), below: [], kind: "scalar" };
}

const indented = (lines: readonly string[], spaces: number): string[] =>
  lines.map((l) => (l === "" ? l : " ".repeat(spaces) + l));

/** The lines of `key: value`, not indented. */
export function entryLines(key: string, value: YamlData, habits: Habits, likeKey?: ScalarStyle): string[] {
  const w = writeBlock(value, habits);
  const head = `${writeScalar(key, "key", habits, likeKey)}:${w.inline === "" ? "" : ` ${w.inline}`}`;
  const spaces = w.kind === "list" ? habits.listStep : habits.step;
  return [...w.above, w.behind === undefined ? head : `${head} ${w.behind}`, ...indented(w.below, spaces)];
}

/** The lines of `- value`, not indented. */
export function itemLines(value: YamlData, habits: Habits, like?: ScalarStyle): string[] {
  const w = writeBlock(value, habits, like);
  const [first = "", ...rest] = w.inline === "" ? w.below : [w.inline, ...w.below];
  const head = first === "" ? "-" : `- ${first}`;
  return [...w.above, w.behind === undefined ? head : `${head} ${w.behind}`, ...indented(rest, 2)];
}

/** The value on one line. */
export function writeFlow(data: YamlData, habits: Habits, like?: ScalarStyle): string {
  const value = bare(data);
  if (value instanceof Raw) return value.text;
  if (isList(value)) return `[${value.map((d) => writeFlow(d, habits, like)).join(", ")}]`;
  if (!isMap(value)) return writeScalar(value, "flow", habits, like);
  const entries = Object.entries(value).map(([k, v]) => flowEntry(k, v, habits));
  const pad = habits.padded && entries.length > 0 ? " " : "";
  return `{${pad}${entries.join(", ")}${pad}}`;
}

export const flowEntry = (key: string, value: YamlData, habits: Habits, likeKey?: ScalarStyle): string =>
  `${writeScalar(key, "flow", habits, likeKey)}: ${writeFlow(value, habits)}`;

/** In flow style over several lines, the further ones indented relative to the first. */
export function writeFlowLines(data: YamlData, habits: Habits): string[] {
  const value = bare(data);
  if (value instanceof Raw || (!isList(value) && !isMap(value))) return [writeFlow(value, habits)];
  const parts = isList(value)
    ? value.map((d) => writeFlowLines(d, habits))
    : Object.entries(value).map(([k, v]) => {
        const [first = "", ...rest] = writeFlowLines(v, habits);
        return [`${writeScalar(k, "flow", habits)}: ${first}`, ...rest];
      });
  if (parts.length === 0) return [writeFlow(value, habits)];
  const body = parts.flatMap((lines, i) =>
    i < parts.length - 1 ? lines.map((l, j) => (j === lines.length - 1 ? `${l},` : l)) : lines,
  );
  return [isList(value) ? "[" : "{", ...indented(body, habits.step), isList(value) ? "]" : "}"];
}

type Where = "block" | "flow" | "key";

export function writeScalar(
  data: string | number | boolean | null,
  where: Where,
  habits: Habits,
  like?: ScalarStyle,
): string {
  if (data === null) return "null";
  if (typeof data === "boolean") return String(data);
  if (typeof data === "number") return writeNumber(data);
  const shown = expandMarks(data);
  const needsEscapes = unprintable.test(shown) || shown.includes("\n");
  if (habits.json || needsEscapes) return doubleQuoted(data);
  const quoted = like === "single" || like === "double" ? like : undefined;
  if (quoted === undefined && isPlain(shown, where)) return data;
  const quote = quoted ?? habits.quote;
  if (quote === "double" && /["\\]/.test(shown) && !shown.includes("'")) return singleQuoted(data);
  return quote === "single" ? singleQuoted(data) : doubleQuoted(data);
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (Number.isFinite(value)) return String(value);
  return value < 0 ? "-.inf" : ".inf";
}

const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

/** Whether every YAML parser reads the unquoted words as this text. */
function isPlain(text: string, where: Where): boolean {
  if (text === "" || text !== text.trim() || text.includes("\t")) return false;
  if (/^[,[\]{}#&*!|>'"%@`]/.test(text) || /^[-?:](?:[ ,[\]{}]|$)/.test(text) || /^(?:---|\.\.\.)/.test(text))
    return false;
  if (text.includes(": ") || text.endsWith(":") || text.includes(" #")) return false;
  if (where === "flow" && /[,[\]{}]|^[-?:]|:$/.test(text)) return false;
  if (where === "key" && text === "<<") return true;
  return isTextEverywhere(text);
}

const singleQuoted = (text: string): string => `'${mapMarks(text, (t) => t.replace(/'/g, "''"))}'`;

const doubleQuoted = (text: string): string =>
  `"${mapMarks(text, (t) =>
    JSON.stringify(t)
      .slice(1, -1)
      .replace(/[\x7f-\x9f\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  )}"`;

/** As a literal block (`|`), where that keeps the text. */
function literalLines(text: string): { header: string; body: readonly string[] } | undefined {
  const shown = expandMarks(text);
  if (!shown.includes("\n") || unprintable.test(shown) || /^\s|\n\n$|\n[ \t]+(?:\n|$)/.test(shown)) return undefined;
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  return { header: text.endsWith("\n") ? "|" : "|-", body: body.split("\n") };
}

/*
 * Choices of a guided fix. In data that is given as a snippet they are turned into marks first, so that everything
 * around them can be quoted and, at last, escaped as the literal part of a snippet.
 */
const mark = /\uE000(\d+):([^\uE001]*)\uE001/g;
const placeholder = /\\([\\$}])|\$\{(\d+):((?:\\[\\$}]|[^\\}])*)\}/g;

/** The data with every `${1:label}` of its texts turned into a mark, and `\$` into `$`. */
export function markChoices(data: YamlData): YamlData {
  if (typeof data === "string") {
    return data.replace(placeholder, (all, escaped, number) =>
      number === undefined ? (escaped as string) : `\uE000${number}:${expandChoices(all)}\uE001`,
    );
  }
  if (data instanceof Raw) return new Raw(markChoices(data.text) as string);
  if (data instanceof Commented) return new Commented(markChoices(data.value), data.above, data.behind);
  if (isList(data)) return data.map(markChoices);
  if (!isMap(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([k, v]) => [k, markChoices(v)]));
}

/** The text as a snippet: marks are choices again, the rest is literal. */
export function toSnippet(text: string): string {
  let snippet = "";
  let at = 0;
  for (const m of text.matchAll(mark)) {
    snippet += literal(text.slice(at, m.index)) + choice(Number(m[1]), m[2] ?? "");
    at = m.index + m[0].length;
  }
  return snippet + literal(text.slice(at));
}

const expandMarks = (text: string): string => (text.includes("\uE000") ? text.replace(mark, "$2") : text);

function mapMarks(text: string, change: (part: string) => string): string {
  if (!text.includes("\uE000")) return change(text);
  let result = "";
  let at = 0;
  for (const m of text.matchAll(mark)) {
    result += `${change(text.slice(at, m.index))}\uE000${m[1]}:${change(m[2] ?? "")}\uE001`;
    at = m.index + m[0].length;
  }
  return result + change(text.slice(at));
}
