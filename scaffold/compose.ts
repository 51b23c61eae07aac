/** Adds services, with what they need, to a compose file that somebody else wrote. */
import {
  applyEdits,
  commentsOf,
  commented,
  insert,
  inTurn,
  linesOf,
  parseYaml,
  raw,
  set,
  type Edit,
  type YamlData,
  type YamlDocument,
  type YamlEntry,
} from "../engine/index";
import { asInsertions } from "./insertions";

export const composeSections = ["services", "networks", "volumes", "secrets", "configs"] as const;
export type ComposeSection = (typeof composeSections)[number];

/** An entry of one of compose's sections, as a template writes it. */
export interface ComposePart {
  readonly section: ComposeSection;
  readonly name: string;
  readonly data: YamlData;
}

/** The entries of a compose file of ours, which is in block style with two spaces. */
export function partsOf(text: string): readonly ComposePart[] {
  const [document] = parseYaml(text).documents;
  if (document === undefined) return [];
  return composeSections.flatMap((section) =>
    entriesAt(document, section).map((entry) => ({ section, name: entry.name, data: dataOf(document, text, entry) })),
  );
}

function entriesAt(document: YamlDocument, section: ComposeSection): readonly YamlEntry[] {
  const map = document.at([section]);
  return map?.kind === "map" ? map.entries : [];
}

/** The value with its comments, style and all, ready to stand at another depth. */
function dataOf(document: YamlDocument, text: string, entry: YamlEntry): YamlData {
  const { start, end } = linesOf(document, entry);
  const lines = text.slice(start, end).trimEnd().split("\n");
  const [head = "", ...below] = lines;
  const inline = head.slice(head.indexOf(":") + 1).trim();
  const value = raw([inline, ...below.map((line) => line.slice(4))].join("\n"));
  const above = commentsOf(document, entry).above.map((c) => text.slice(c.start, c.end).replace(/^# ?/, ""));
  return above.length === 0 ? value : commented(value, { above });
}

/** The sections whose entries are not on lines of their own: nothing can be put among them with its comments. */
export function crampedSections(document: YamlDocument, parts: readonly ComposePart[]): readonly ComposeSection[] {
  const isCramped = (section: ComposeSection): boolean => {
    const node = document.at([section]);
    if (node === undefined || (node.kind === "scalar" && node.value === null)) return false;
    return node.kind !== "map" || (node.style !== "block" && node.entries.length > 0);
  };
  return composeSections.filter((s) => parts.some((p) => p.section === s) && isCramped(s));
}

/** The edits that put the parts at the ends of their sections; undefined where the text around them is broken. */
export function composeEdits(text: string, parts: readonly ComposePart[]): readonly Edit[] | undefined {
  const [document] = parseYaml(text).documents;
  if (document === undefined) return undefined;
  const steps = parts.map(({ section, name, data }) => (now: YamlDocument) => {
    const node = now.at([section]);
    return node === undefined ? set(now, [section, name], data) : insert(now, [section, name], data);
  });
  const edits = inTurn(document, steps);
  if (edits === undefined) return undefined;
  const grown = applyEdits(text, edits);
  const aired = isAiry(document, text) ? withAir(grown, parts) : grown;
  return asInsertions(text, [{ span: { start: 0, end: text.length }, text: aired }]);
}

/** Where the entry begins, with the comments right above it, at the beginning of a line. */
function topOf(document: YamlDocument, text: string, entry: YamlEntry): number {
  const top = commentsOf(document, entry).above[0]?.start ?? entry.start;
  return text.lastIndexOf("\n", top - 1) + 1;
}

const followsBlank = (text: string, top: number): boolean =>
  /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, top - 200), top));

/** Whether services stand apart, with blank lines between them. */
function isAiry(document: YamlDocument, text: string): boolean {
  const others = entriesAt(document, "services").slice(1);
  return others.length === 0 || others.some((entry) => followsBlank(text, topOf(document, text, entry)));
}

/** The text with a blank line above each new service. */
function withAir(text: string, parts: readonly ComposePart[]): string {
  const [document] = parseYaml(text).documents;
  if (document === undefined) return text;
  const names = new Set(parts.flatMap(({ section, name }) => (section === "services" ? name : [])));
  const entries = entriesAt(document, "services").slice(1);
  const tops = entries.filter((e) => names.has(e.name)).map((e) => topOf(document, text, e));
  const bare = tops.filter((top) => !followsBlank(text, top));
  return applyEdits(
    text,
    bare.map((top) => ({ span: { start: top, end: top }, text: document.terminator })),
  );
}
