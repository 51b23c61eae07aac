/**
 * Edits of a document in its own words: a value at a path. They keep indentation, style, quotes, comments, anchors and
 * line ends, and change what a reader of the document sees at the path and nowhere else. Undefined where that cannot be
 * had, or where the text around the path is broken.
 */
import { applyEdits, conflict, type Edit } from "../../text/edit";
import { childLines, insertLines, removeLines, replaceValue, type Spot } from "./block";
import { childAt, parseYaml, type YamlDocument } from "./document";
import { insertFlow, removeFlow, replaceFlow } from "./flow";
import { isNull, startWithProps, YamlEntry, YamlMap, type YamlNode, type YamlPath } from "./node";
import { childrenIn, indentLines, Place, type Change, type Child, type Container } from "./place";
import { markChoices, raw, writeBlock, writeScalar, type YamlData } from "./write";

export { commented, raw, type YamlData } from "./write";

export interface EditOptions {
  /** Texts in the data are snippets, with choices such as `${1:app}`, and so are the texts of the edits. */
  readonly snippet?: boolean;
}

/** Where an entry goes among its siblings; at the end where left out. */
export interface Position {
  readonly before?: string;
  readonly after?: string;
}

type Outcome = readonly Edit[] | undefined;

/**
 * Gives the path a value; maps on the way that are missing are made, at the end. An alias at the path is replaced there
 * only; below an alias or a merged map, the entry is written at the path itself, beside a merge key where needed. An
 * anchor of the old value stays, its tag goes.
 */
export function set(document: YamlDocument, path: YamlPath, data: YamlData, options: EditOptions = {}): Outcome {
  const place = new Place(document);
  return finish(place, setAt(place, path, options.snippet ? markChoices(data) : data), options);
}

/**
 * Makes a new entry. The path ends with the key, which must be new, or with the index that an item will have. A value
 * that is null or empty becomes the collection, in block style unless the text around it is in flow style.
 */
export function insert(
  document: YamlDocument,
  path: YamlPath,
  data: YamlData,
  options: EditOptions & Position = {},
): Outcome {
  const place = new Place(document);
  const value = options.snippet ? markChoices(data) : data;
  return finish(place, insertAt(place, path, value, options), options);
}

/** Makes a new last item of the list at the path; a missing or null one is made. */
export function append(document: YamlDocument, path: YamlPath, data: YamlData, options: EditOptions = {}): Outcome {
  const place = new Place(document);
  const value = options.snippet ? markChoices(data) : data;
  const written = document.at(path);
  if (written === undefined) {
    if (document.resolved.at(path) !== undefined) return undefined;
    return finish(place, setAt(place, path, [value]), options);
  }
  if (written.kind !== "list" && !isNull(written)) return undefined;
  const length = written.kind === "list" ? written.items.length : 0;
  return finish(place, insertAt(place, [...path, length], value, {}), options);
}

/**
 * Removes the entry or item at the path with the comments on its lines and right above it. The last of a collection
 * leaves an empty one (`{}`, `[]`). Undefined for what is merged in from elsewhere, and for an anchor in use elsewhere.
 */
export function remove(document: YamlDocument, path: YamlPath): Outcome {
  const place = new Place(document);
  return finish(place, removeAt(place, path), {});
}

/** Gives the key at the end of the path another name, which must be free. */
export function rename(document: YamlDocument, path: YamlPath, name: string): Outcome {
  const place = new Place(document);
  const found = find(place, path);
  if (found === undefined || !(found.child instanceof YamlEntry) || found.container.kind !== "map") return undefined;
  const { child, container } = found;
  const { key } = child;
  if (key.kind !== "scalar" || key.body !== undefined || key.style === "none" || child.merges) return undefined;
  const isTaken = container.entries.some((e) => e !== child && (e.name === name || e.name === child.name));
  if (isTaken || isBroken(place, container, child)) return undefined;
  const where = container.style === "block" ? "key" : "flow";
  const text = writeScalar(name, where, place.habits, key.style);
  return finish(place, [{ from: place.start(key), to: place.end(key), text }], {});
}

/**
 * Several edits as one, each made in the document as the one before left it; remove items from the last to the first,
 * and their indices stay. Undefined as soon as one of them is. Not for snippets.
 */
export function inTurn(document: YamlDocument, steps: readonly ((document: YamlDocument) => Outcome)[]): Outcome {
  const { text, at } = document.origin;
  const apply = (old: string, edits: readonly Edit[], offset: number): string =>
    applyEdits(
      old,
      edits.map(({ span, text: t }) => ({ span: { start: span.start - offset, end: span.end - offset }, text: t })),
    );
  let now = text;
  for (const step of steps) {
    const current = now === text ? document : parseYaml(now, undefined, document.origin).documents[0];
    const edits = current && step(current);
    if (edits === undefined) return undefined;
    now = apply(now, edits, current === document ? at : 0);
  }
  const apart = steps.flatMap((step) => step(document) ?? []);
  if (!conflict(apart) && apply(text, apart, at) === now) return apart;
  return new Place(document).edits([{ from: 0, to: text.length, text: now }], {});
}

function finish(place: Place, changes: readonly Change[] | undefined, options: EditOptions): Outcome {
  return changes === undefined ? undefined : place.edits(changes, options);
}

interface Found {
  readonly container: Container;
  readonly child: Child;
}

/** What is written at the path, aliases not followed. */
function find(place: Place, path: YamlPath): Found | undefined {
  const container = place.document.at(path.slice(0, -1));
  const step = path.at(-1);
  if (container === undefined || step === undefined || !isContainer(container)) return undefined;
  const child = childAt(container, step);
  return child === undefined ? undefined : { container, child };
}

const isContainer = (node: YamlNode): node is Container => node.kind === "map" || node.kind === "list";

const empties = new Set(["DUPLICATE_KEY", "UNRESOLVED_ALIAS", "RECURSIVE_ALIAS", "ALIAS_TOO_LARGE"]);

/** Whether the text of the child or of one beside it is broken: edits there could go anywhere. */
function isBroken(place: Place, container: Container, child: Child | undefined): boolean {
  const children = childrenIn(container);
  const index = child === undefined ? children.length - 1 : children.indexOf(child);
  const near = [children[index - 1], children[index], children[index + 1]].filter((c) => c !== undefined);
  const spans = container.style === "block" && near.length > 0 ? near : [container];
  return place.document.problems.some((p) => {
    if (empties.has(p.code)) return false;
    return spans.some((s) => p.start <= place.document.start + place.nextLine(place.end(s)) && p.end >= s.start);
  });
}

function setAt(place: Place, path: YamlPath, data: YamlData): readonly Change[] | undefined {
  const { document } = place;
  if (path.length === 0) return replaceRoot(place, data);
  const found = find(place, path);
  if (found !== undefined) return replaceAt(place, found, data, "drop");
  for (let length = path.length - 1; length >= 0; length--) {
    const parent = path.slice(0, length);
    const node = document.at(parent);
    const rest = path.slice(length);
    const [step] = rest;
    if (node === undefined || step === undefined) continue;
    if (node.kind === "alias") return extend(place, parent, rest, data);
    const seen = document.resolved.at(path.slice(0, length + 1));
    if (rest.length === 1 || seen === undefined || seen.isNull) {
      if (node.kind === "map" && typeof step === "string")
        return insertAt(place, [...parent, step], nest(rest.slice(1), data), {});
      if (node.kind === "list" && step !== node.items.length) return undefined;
      return insertAt(place, [...parent, step], nest(rest.slice(1), data), {});
    }
    return extend(place, path.slice(0, length + 1), rest.slice(1), data);
  }
  return undefined;
}

/** Maps, one in the other, down to the data. */
function nest(path: YamlPath, data: YamlData): YamlData {
  return path.reduceRight<YamlData>((inner, step) => (typeof step === "number" ? [inner] : { [step]: inner }), data);
}

/** Writes an entry of what an alias or a merge gives to `path`: a map that merges the same anchor and says more. */
function extend(place: Place, path: YamlPath, rest: YamlPath, data: YamlData): readonly Change[] | undefined {
  const { document } = place;
  const seen = document.resolved.at(path);
  const [step] = rest;
  if (seen === undefined || seen.kind !== "map" || seen.open || typeof step !== "string") return undefined;
  if (rest.length > 1 && seen.get(step) !== undefined) return undefined;
  const name = seen.node.props.anchor?.name;
  if (name === undefined || document.anchored.filter((n) => n.props.anchor?.name === name).length !== 1)
    return undefined;
  const map = { "<<": raw(`*${name}`), [step]: nest(rest.slice(1), data) };
  const found = find(place, path);
  if (found !== undefined) return replaceAt(place, found, map, "drop");
  const parent = document.at(path.slice(0, -1));
  return parent?.kind === "map" ? insertAt(place, path, map, {}) : undefined;
}

function replaceAt(place: Place, found: Found, data: YamlData, tag: "keep" | "drop"): readonly Change[] | undefined {
  const { container, child } = found;
  if (isBroken(place, container, child) || losesAnchor(place, child.value, childNodes(child.value))) return undefined;
  if (container.style !== "block") return replaceFlow(place, container, child, data);
  return replaceValue(place, child, data, { tag });
}

function insertAt(place: Place, path: YamlPath, data: YamlData, position: Position): readonly Change[] | undefined {
  const { document } = place;
  const step = path.at(-1);
  const parent = path.slice(0, -1);
  const container = document.at(parent);
  if (step === undefined || container === undefined) return undefined;
  const isFlowEmpty = isContainer(container) && container.style === "flow" && childrenIn(container).length === 0;
  if ((container.kind === "scalar" && container.value === null) || isFlowEmpty) {
    return fill(place, parent, container, step, data);
  }
  if (!isContainer(container) || container.style === "pair" || isBroken(place, container, undefined)) return undefined;
  const children = childrenIn(container);
  let index = children.length;
  if (container.kind === "list") {
    if (typeof step !== "number" || step < 0 || step > children.length) return undefined;
    index = step;
  } else {
    if (container.entry(String(step)) !== undefined) return undefined;
    const beside = position.before ?? position.after;
    if (beside !== undefined) {
      index = container.entries.findIndex((e) => e.name === beside);
      if (index < 0) return undefined;
      if (position.before === undefined) index++;
    }
  }
  if (container.style === "flow") return insertFlow(place, container, index, step, data);
  const lines = childLines(place, container, step, data);
  const spot: Spot | undefined = spotAt(children, index, position);
  return spot && insertLines(place, lines, spot);
}

function spotAt(children: readonly Child[], index: number, position: Position): Spot | undefined {
  const before = children[index - 1];
  const next = children[index];
  if (next !== undefined && (before === undefined || position.after === undefined)) return { at: next, side: "before" };
  return before && { at: before, side: "after" };
}

/** The first child of an empty collection, or of nothing. */
function fill(
  place: Place,
  parent: YamlPath,
  container: YamlNode,
  step: string | number,
  data: YamlData,
): readonly Change[] | undefined {
  const isMap = typeof step === "string";
  if (container.kind === "map" ? !isMap : container.kind === "list" && isMap) return undefined;
  if (!isMap && step !== 0) return undefined;
  const value: YamlData = isMap ? { [step]: data } : [data];
  if (parent.length === 0) {
    if (isContainer(container) && place.habits.json) return insertFlow(place, container, 0, step, data);
    return replaceRoot(place, value);
  }
  const found = find(place, parent);
  if (found === undefined) return undefined;
  const isFlow = found.container.style !== "block" || place.habits.json;
  if (isFlow && isContainer(container)) return insertFlow(place, container, 0, step, data);
  return replaceAt(place, found, value, "keep");
}

function removeAt(place: Place, path: YamlPath): readonly Change[] | undefined {
  const found = find(place, path);
  if (found === undefined) return undefined;
  const { container, child } = found;
  if (container.style === "pair" || isBroken(place, container, child)) return undefined;
  const nodes = child instanceof YamlEntry ? [child.key, child.value] : [child.value];
  if (losesAnchor(place, child, nodes)) return undefined;
  if (container instanceof YamlMap && child instanceof YamlEntry) {
    // With the last of two equal keys gone, the first would count.
    if (container.entries.filter((e) => e.name === child.name).length > 1) return undefined;
  }
  if (container.style === "flow") return removeFlow(place, container, child);
  if (childrenIn(container).length > 1) return removeLines(place, container, child);
  const empty: YamlData = container.kind === "map" ? {} : [];
  if (path.length === 1) return replaceRoot(place, empty);
  const outer = find(place, path.slice(0, -1));
  return outer && replaceValue(place, outer.child, empty, { tag: "keep" });
}

const childNodes = (node: YamlNode): readonly YamlNode[] => {
  if (node.kind === "list") return node.items.map((i) => i.value);
  return node.kind === "map" ? node.entries.flatMap((e) => [e.key, e.value]) : [];
};

/** Whether an alias outside `whole` stands for one of the nodes or something in them. */
function losesAnchor(
  { document }: Place,
  whole: { readonly start: number; readonly end: number },
  nodes: readonly YamlNode[],
): boolean {
  if (document.aliases.length === 0) return false;
  const isInside = (at: number): boolean => at >= whole.start && at < whole.end;
  const spans = nodes.map((n) => ({ start: startWithProps(n), end: n.end }));
  return document.aliases.some((alias) => {
    if (isInside(alias.start)) return false;
    const target = document.target(alias)?.props.anchor?.start;
    return target !== undefined && spans.some((s) => target >= s.start && target < s.end);
  });
}

function replaceRoot(place: Place, data: YamlData): readonly Change[] | undefined {
  const { document, text, habits } = place;
  const { root } = document;
  if (document.problems.some((p) => !empties.has(p.code)) || root.props.anchor !== undefined) return undefined;
  if (losesAnchor(place, root, [root])) return undefined;
  const written = writeBlock(data, habits);
  const isInline = written.inline !== "";
  const lines = isInline ? [written.inline, ...indentLines(written.below, habits.step).split("\n")] : written.below;
  const value = (written.below.length === 0 ? [written.inline] : lines).join("\n");
  if (root.kind === "scalar" && root.style === "none") {
    const marker = /^---[^\n]*(?:\n|$)/m.exec(text);
    const at = marker === null ? text.length : marker.index + marker[0].length;
    const isOpen = at > 0 && text[at - 1] !== "\n";
    return [{ from: at, to: at, text: `${isOpen ? "\n" : ""}${value}\n` }];
  }
  const from = startWithProps(root) - document.start;
  const end = place.contentEnd({ value: root, end: root.end });
  const isBelow = !isInline && !place.startsLine(from);
  return [{ from, to: end, text: isBelow ? `\n${value}` : value }];
}
