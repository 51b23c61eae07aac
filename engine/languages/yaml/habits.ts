/** How a document is written, read from the document itself. */
import type { YamlDocument } from "./document";
import { childrenOf, type YamlNode } from "./node";
import type { Habits } from "./write";

/** Columns count from the line's start; the document's text holds them all. */
export function columnOf(text: string, offset: number): number {
  return offset <= 0 ? 0 : offset - text.lastIndexOf("\n", offset - 1) - 1;
}

/** The first of each that is found in the text; 2 spaces, indented lists, double quotes where nothing is. */
export function habitsOf(document: YamlDocument): Habits {
  const { text, at } = document.origin;
  let step: number | undefined;
  let listStep: number | undefined;
  let quote: Habits["quote"] | undefined;
  let padded: boolean | undefined;
  const open: YamlNode[] = [document.root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "scalar" && (node.style === "single" || node.style === "double")) quote ??= node.style;
    if (node.kind === "map" && node.style === "flow" && node.entries.length > 0) {
      padded ??= text.charAt(node.start - at + 1) === " ";
    }
    if (node.kind === "map" && node.style === "block") {
      for (const { value, start } of node.entries) {
        if (value.kind !== "map" && value.kind !== "list") continue;
        if (value.style !== "block") continue;
        const spaces = columnOf(text, value.start - at) - columnOf(text, start - at);
        if (value.kind === "list") listStep ??= Math.max(0, spaces);
        else if (spaces > 0) step ??= spaces;
      }
    }
    open.push(...[...childrenOf(node)].reverse());
  }
  const json = isJson(document.root);
  const jsonStep = json ? /\n( +)\S/.exec(text)?.[1]?.length : undefined;
  const used = step ?? jsonStep ?? (listStep === undefined || listStep === 0 ? 2 : listStep);
  return { step: used, listStep: listStep ?? used, quote: quote ?? "double", padded: padded ?? true, json };
}

/** A flow collection in which, as far as can be told from the first keys and texts, all are in double quotes. */
export function isJson(root: YamlNode): boolean {
  if (root.kind === "scalar")
    return root.style === "double" || (root.style === "plain" && typeof root.value !== "string");
  if (root.kind !== "map" && root.kind !== "list") return false;
  if (root.style !== "flow" || root.props.anchor !== undefined || root.props.tag !== undefined) return false;
  if (root.kind === "list") return root.items.slice(0, 3).every((i) => isJson(i.value));
  return root.entries.every((e) => e.key.kind === "scalar" && e.key.style === "double");
}
