/** Which place of a YAML document somebody is typing at, while the line is not whole yet. */
import type { Span } from "../../text/span";
import { parseYaml, type YamlDocument } from "./document";
import type { YamlEntry, YamlItem, YamlMap, YamlNode, YamlPath } from "./node";
import type { ResolvedNode } from "./resolve";
import { markLength, splitDocuments } from "./stream";

export interface YamlCursor {
  /**
   * `key`: the key of an entry is, or may be, written here. `value`: a scalar behind a key. `item`: behind a dash, where
   * nothing says yet whether a scalar or the first key of a map comes.
   */
  readonly kind: "key" | "value" | "item";
  /** What is typed so far, without quotes; empty where nothing is. */
  readonly span: Span;
  readonly typed: string;
  /** The mark around a `value` or `item`; "" for none. */
  readonly quote: "" | '"' | "'";
  /** The column at which the key, value or item begins. */
  readonly column: number;
  /** Spaces before the first other character of the line. */
  readonly indent: number;
  /** To the map of a `key`, to the value of a `value`, to the item of an `item`. */
  readonly path: YamlPath;
  /** The names in the map of a `key`, merged ones included; nothing for the others. */
  readonly siblings: ReadonlySet<string>;
  /** The map may have more than can be seen: an alias in it cannot be followed. */
  readonly open: boolean;
  /** From behind the parent's key or dash to the end of what stands below it. */
  readonly around: Span;
  /** The document with a word that nobody writes in the place of what is typed: offsets in it are not the text's. */
  readonly document: YamlDocument;
  /** Whether the document has nothing but what is typed. */
  readonly alone: boolean;
}

/** Private, so that no text has it. */
const word = "\uE001";

/** Longer documents are not looked at: it would be felt at the keyboard. */
const longest = 300_000;

const keyLine = /^( *(?:- +)*)([\w./-]*)$/;
const valueLine = /^( *(?:- +)*)([\w./$-]+|"[^"\\]*"|'[^']*') *: +(["']?)((?:[^\s"'#][^"'#]*)?)$/;
const itemLine = /^( *(?:- +)+)(["']?)((?:[^\s"'#][^"'#]*)?)$/;
/** What may begin a plain scalar that one is about to type. */
const plainStart = /^(?:[^\s&*!|>%@`[\]{},#?:-]|[?:-]\S|$)/;

interface Written {
  readonly kind: "key" | "value";
  readonly from: number;
  readonly to: number;
  readonly quote: "" | '"' | "'";
  readonly dashes: boolean;
}

/**
 * Undefined where none can be told for sure: in comments, flow collections, texts of several lines, behind tabs, and
 * where the line would not fit those around it. Never throws.
 */
export function yamlCursor(text: string, offset: number): YamlCursor | undefined {
  const part = documentAround(text, offset);
  if (part === undefined || part.text.length > longest) return undefined;
  const lineStart = startOfLine(text, offset);
  const begin = Math.max(lineStart, part.start);
  const newline = text.indexOf("\n", offset);
  const lineEnd = newline < 0 ? text.length : newline;
  const before = text.slice(begin, offset);
  const written = readLine(before, text.slice(offset, lineEnd).replace(/\r$/, ""), begin);
  if (written === undefined) return undefined;
  const { quote, from, to } = written;
  const closes = quote !== "" && text[to] === quote;
  const put = written.kind === "key" ? `${word}:` : `${word}${closes ? "" : quote}`;
  const at = from - part.start;
  const patched = part.text.slice(0, at) + put + part.text.slice(to - part.start);
  const document = onlyDocument(patched);
  if (document === undefined) return undefined;
  const found = findWord(document, at - (quote === "" ? 0 : 1), written);
  if (found === undefined || !fits(document, part.text, at, to - part.start)) return undefined;
  const grown = put.length - (to - from);
  const back = (o: number): number => part.start + (o > at ? Math.max(at, o - grown) : o);
  const { kind, path, map, parent } = found;
  const top = parent === undefined ? 0 : "key" in parent ? parent.colon.end : (parent.dash?.end ?? parent.start);
  const end = map?.end ?? at + put.length;
  return {
    kind,
    span: { start: from, end: to },
    typed: text.slice(from, to),
    quote,
    column: from - begin - (quote === "" ? 0 : 1),
    indent: before.length - before.trimStart().length,
    path,
    siblings: new Set(map === undefined ? [] : siblingsOf(document, path)),
    open: map !== undefined && resolvedAt(document.resolved, path)?.open === true,
    around: { start: back(top), end: Math.max(back(end), to) },
    document,
    alone: path.length === 0 && kind === "key" && map?.entries.length === 1,
  };
}

const startOfLine = (text: string, at: number): number => (at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);

function documentAround(text: string, offset: number): { readonly text: string; readonly start: number } | undefined {
  let start: number = markLength(text);
  const parts = splitDocuments(text);
  for (const [i, part] of parts.entries()) {
    const end = start + part.length;
    if (offset >= start && (offset < end || i === parts.length - 1)) return { text: part, start };
    start = end;
  }
  return undefined;
}

/** What of the line is typed so far; offsets in the text. */
function readLine(before: string, after: string, begin: number): Written | undefined {
  const value = valueLine.exec(before);
  const key = value === null ? keyLine.exec(before) : null;
  const item = value === null && key === null ? itemLine.exec(before) : null;
  const typed = value?.[4] ?? key?.[2] ?? item?.[3];
  if (typed === undefined) return undefined;
  const quote = (value?.[3] ?? item?.[2] ?? "") as Written["quote"];
  const start = begin + before.length - typed.length;
  const rest = restOf(after, quote);
  if (rest === undefined || (quote === "" && !plainStart.test(typed))) return undefined;
  if (before === "---") return undefined;
  const dashes = (value?.[1] ?? key?.[1] ?? item?.[1] ?? "").includes("-");
  const isKey = key !== null || (item !== null && quote === "" && /^[\w./-]*$/.test(typed));
  return { kind: isKey ? "key" : "value", from: start, to: begin + before.length + rest, quote, dashes };
}

/** How many characters behind the cursor belong to what is typed; undefined where something else follows. */
function restOf(after: string, quote: Written["quote"]): number | undefined {
  if (quote === "") return /^[ \t]*(?:$|[ \t]#)/.test(after) ? 0 : undefined;
  const close = after.indexOf(quote);
  if (close < 0) return after.trim() === "" ? 0 : undefined;
  return after.slice(close + 1).trim() === "" ? close : undefined;
}

function onlyDocument(text: string): YamlDocument | undefined {
  const { documents } = parseYaml(text);
  return documents.length === 1 ? documents[0] : undefined;
}

interface Found {
  readonly kind: YamlCursor["kind"];
  readonly path: YamlPath;
  readonly map: YamlMap | undefined;
  readonly parent: YamlEntry | YamlItem | undefined;
}

/** The place of the word that was put at `at`, where it stands in block collections and says what it was meant to say. */
function findWord(document: YamlDocument, at: number, { kind, dashes }: Written): Found | undefined {
  const path: (string | number)[] = [];
  let node: YamlNode = document.root;
  let parent: YamlEntry | YamlItem | undefined;
  for (;;) {
    if (node.kind === "scalar") {
      if (node.start !== at || node.text !== word || kind !== "value") return undefined;
      const isItem = parent !== undefined && !("key" in parent);
      return parent === undefined ? undefined : { kind: isItem ? "item" : "value", path, map: undefined, parent };
    }
    if ((node.kind !== "map" && node.kind !== "list") || node.style !== "block") return undefined;
    const children: readonly (YamlEntry | YamlItem)[] = node.kind === "map" ? node.entries : node.items;
    const index = children.findLastIndex((c) => c.start <= at);
    const child = children[index];
    if (child === undefined) return undefined;
    if (node.kind === "map" && "key" in child && child.key.start === at && child.name === word) {
      if (kind !== "key" || !isEmpty(child.value) || !isEven(document, node)) return undefined;
      const isFirst = dashes && node.entries.length === 1 && typeof path.at(-1) === "number";
      return { kind: isFirst ? "item" : "key", path, map: node, parent };
    }
    path.push("key" in child ? child.name : index);
    parent = child;
    node = child.value;
  }
}

const isEmpty = (node: YamlNode): boolean => node.kind === "scalar" && node.style === "none";

/** Whether all keys begin at one column. */
function isEven(document: YamlDocument, { entries }: YamlMap): boolean {
  const { text } = document.origin;
  const columns = entries.map(({ start }) => start - startOfLine(text, start));
  return columns.every((c) => c === columns[0]);
}

/** Whether the word brings no trouble that was not there without its line. */
function fits(document: YamlDocument, text: string, from: number, to: number): boolean {
  const problems = document.problems.length;
  if (problems === 0) return true;
  const start = startOfLine(text, from);
  const newline = text.indexOf("\n", to);
  const end = newline < 0 ? text.length : newline;
  const without = onlyDocument(text.slice(0, start) + text.slice(end));
  return without !== undefined && problems <= without.problems.length;
}

function siblingsOf(document: YamlDocument, path: YamlPath): string[] {
  const names = resolvedAt(document.resolved, path)?.entries.map((e) => e.name) ?? [];
  return names.filter((name) => name !== word);
}

function resolvedAt(root: ResolvedNode, path: YamlPath): ResolvedNode | undefined {
  let node: ResolvedNode | undefined = root;
  for (const step of path) node = typeof step === "number" ? node?.items[step] : node?.entry(step)?.value;
  return node;
}
