/** Texts and trees for the tests of the YAML layer. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { YamlDocument, YamlStream } from "../../engine/languages/yaml/document";
import type { YamlNode } from "../../engine/languages/yaml/node";
import type { ResolvedNode } from "../../engine/languages/yaml/resolve";
import { root } from "./engine";

export interface Sample {
  readonly file: string;
  readonly text: string;
}

const isYaml = (file: string): boolean => /\.(?:ya?ml|json)$/.test(file);

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesBelow(file);
      return isYaml(file) ? [file] : [];
    });
}

const read = (folder: string): readonly Sample[] =>
  filesBelow(folder).map((file) => ({ file, text: readFileSync(file, "utf8") }));

/** Files of our own, of the shapes that are met. */
export const fixtures = (): readonly Sample[] => read(join(root, "test", "workspaces", "yaml"));

/** Files of other projects, where they are at hand; at most `largest` characters each. */
export function corpus(largest: number): readonly Sample[] {
  const folder = join(root, "..", "shared", "corpus");
  return existsSync(folder) ? read(folder).filter((s) => s.text.length <= largest) : [];
}

/** What a reader of the document sees, as plain data; keys that are no texts are named `?`. */
export function seen(node: ResolvedNode): unknown {
  if (node.kind === "list") return node.items.map(seen);
  if (node.kind === "unknown") return "<unknown>";
  if (node.kind === "scalar") return node.value;
  return new Map(node.entries.map((e) => [e.entry.key.kind === "scalar" ? e.name : "?", seen(e.value)]));
}

/** A value with the tag that is written before it. */
export class Tagged {
  constructor(
    readonly tag: string,
    readonly value: unknown,
  ) {}
}

/** What is written, as plain data: aliases as `*name`. */
export function written(node: YamlNode): unknown {
  const value = untagged(node);
  return node.props.tag === undefined ? value : new Tagged(node.props.tag.text, value);
}

function untagged(node: YamlNode): unknown {
  if (node.kind === "alias") return `*${node.name}`;
  if (node.kind === "unknown") return "<unknown>";
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map((i) => written(i.value));
  return new Map(node.entries.map((e) => [e.name, written(e.value)]));
}

const props = ({ props: { anchor, tag } }: YamlNode): unknown => [
  anchor && [anchor.start, anchor.name],
  tag && [tag.start, tag.text],
];

function places(node: YamlNode): unknown {
  const place = [node.kind, node.start, node.end, props(node)];
  if (node.kind === "scalar") return [...place, node.style, node.text, node.source];
  if (node.kind === "list") return [...place, node.style, node.items.map((i) => [i.dash?.start, places(i.value)])];
  if (node.kind !== "map") return place;
  const entries = node.entries.map((e) => [places(e.key), e.mark?.start, e.colon.start, places(e.value)]);
  return [...place, node.style, entries];
}

const document = (d: YamlDocument): unknown => ({
  start: d.start,
  end: d.end,
  root: places(d.root),
  comments: d.comments.map((c) => [c.start, c.end, c.text, c.ownLine]),
  anchors: d.anchored.map((n) => [n.props.anchor?.start, n.start]),
  aliases: d.aliases.map((a) => [a.start, d.target(a)?.start]),
  problems: d.problems.map((p) => [p.code, p.message, p.start, p.end, p.related?.start]),
});

/** Everything that can be asked of a stream, with all places. */
export const everything = (stream: YamlStream): unknown => stream.documents.map(document);
