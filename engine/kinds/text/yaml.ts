/** Values in YAML, as they are written: aliases are not followed. */
import type { YamlStream } from "../../languages/yaml/document";
import { isNull, type YamlMap, type YamlNode, type YamlScalar } from "../../languages/yaml/node";
import type { Span } from "../../text/span";
import type { TextValue } from "./file";
import { assignmentIn, deepest, isValueKey, pairName, textValue } from "./values";

export function readYaml(text: string, stream: YamlStream): readonly TextValue[] {
  const values: TextValue[] = [];
  for (const { root } of stream.documents) {
    // Encrypted as a whole.
    if (root.kind === "map" && root.entry("sops") !== undefined) continue;
    walk(text, root, [], new Map(), values);
  }
  return values;
}

function walk(
  text: string,
  node: YamlNode,
  path: readonly string[],
  pairs: Map<string, string>,
  values: TextValue[],
): void {
  if (path.length > deepest) return;
  if (node.kind === "map") return walkMap(text, node, path, pairs, values);
  if (node.kind !== "list") return;
  const shared = new Map<string, string>();
  for (const { value } of node.items) {
    if (value.kind === "scalar") takeItem(text, value, path, shared, values);
    else walk(text, value, path, shared, values);
  }
}

function walkMap(
  text: string,
  node: YamlMap,
  path: readonly string[],
  pairs: Map<string, string>,
  values: TextValue[],
): void {
  const beside = new Map<string, string>();
  for (const { name, value } of node.entries)
    if (value.kind === "scalar" && isShort(value)) beside.set(name, value.text);
  const paired = pairName(beside);
  for (const { name, key, value } of node.entries) {
    if (value.kind !== "scalar") {
      walk(text, value, [...path, name], new Map(), values);
      continue;
    }
    if (!isPlain(value)) continue;
    const isPair = paired !== undefined && isValueKey(name);
    if (isPair) pairs.set(paired, value.text);
    values.push(
      textValue(text, {
        path: [...path, isPair ? paired : name],
        nameSpan: { start: key.start, end: key.end },
        value: value.text,
        ...placeOf(value),
        beside: isPair ? pairs : beside,
      }),
    );
  }
}

function takeItem(
  text: string,
  node: YamlScalar,
  path: readonly string[],
  beside: Map<string, string>,
  values: TextValue[],
): void {
  if (!isPlain(node)) return;
  const assigned = assignmentIn(node.text);
  if (assigned === undefined) {
    if (path.length > 0) values.push(textValue(text, { path, value: node.text, ...placeOf(node), beside }));
    return;
  }
  const value = node.text.slice(assigned.from);
  beside.set(assigned.name, value);
  const { start, end } = node.part(assigned.from, node.text.length);
  values.push(textValue(text, { path: [...path, assigned.name], value, span: { start, end }, beside }));
}

const isShort = (node: YamlScalar): boolean => node.to - node.from <= 400;

/** Something is written, on one line or folded, and no tag makes it something else (`!vault`, `!Ref`). */
const isPlain = (node: YamlScalar): boolean => {
  const tag = node.props.tag?.text;
  return !isNull(node) && (tag === undefined || tag === "!!str") && node.style !== "literal";
};

function placeOf(node: YamlScalar): { readonly span: Span; readonly whole: Span } {
  const { start, end, style } = node;
  const isQuoted = style === "single" || style === "double";
  return {
    whole: { start, end },
    span: isQuoted ? { start: start + 1, end: Math.max(start + 1, end - 1) } : { start, end },
  };
}
