/** YAML documents with the place of every key and value, over `yaml` (the only file that imports it). */
import { isMap, isScalar, isSeq, parseDocument, type Node } from "yaml";
import type { Span } from "../../text/span";

/** One node of a document. Keys are texts; other keys are left out. */
export type YamlNode = Span &
  (
    | { readonly kind: "scalar"; readonly value: unknown; readonly text: string }
    | {
        readonly kind: "map";
        readonly entries: readonly { readonly key: string; readonly keySpan: Span; readonly value: YamlNode }[];
      }
    | { readonly kind: "list"; readonly items: readonly YamlNode[] }
    | { readonly kind: "empty" }
  );

export interface YamlDocument {
  readonly root: YamlNode;
  readonly errors: readonly { readonly span: Span; readonly message: string }[];
}

/** Reads the first document of a text; never fails. */
export function parseYaml(text: string): YamlDocument {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, logLevel: "silent" });
  const errors = document.errors.map((e) => ({
    span: { start: e.pos[0], end: Math.min(text.length, Math.max(e.pos[0], e.pos[1])) },
    message: e.message,
  }));
  return { root: read(document.contents, text.length, 0), errors };
}

const deepest = 100;

function read(node: Node | null, at: number, depth: number): YamlNode {
  const range = node?.range;
  const place = { start: range?.[0] ?? at, end: range?.[1] ?? at };
  if (node === null || depth > deepest) return { ...place, kind: "empty" };
  if (isMap(node)) {
    const entries = node.items.flatMap((pair) => {
      const { key } = pair;
      if (!isScalar(key)) return [];
      const keySpan = { start: key.range?.[0] ?? place.start, end: key.range?.[1] ?? place.start };
      return [{ key: String(key.value), keySpan, value: read(pair.value as Node | null, keySpan.end, depth + 1) }];
    });
    return { ...place, kind: "map", entries };
  }
  if (isSeq(node))
    return { ...place, kind: "list", items: node.items.map((i) => read(i as Node, place.start, depth + 1)) };
  if (!isScalar(node)) return { ...place, kind: "empty" };
  if (node.value === null) return { ...place, kind: "empty" };
  return { ...place, kind: "scalar", value: node.value, text: String(node.source ?? node.value) };
}
