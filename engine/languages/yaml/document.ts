/** YAML streams: their documents, read again only where the text changed. */
import { lineTerminator } from "../../text/lines";
import type { Span } from "../../text/span";
import {
  YamlEntry,
  YamlItem,
  YamlList,
  YamlMap,
  type YamlAlias,
  type YamlComment,
  type YamlNode,
  type YamlPath,
} from "./node";
import { duplicateKeys, type YamlProblem } from "./problem";
import { reparse } from "./reparse";
import { Resolution, type ResolvedNode } from "./resolve";
import type { Booleans } from "./scalar";
import { DocumentOrigin, type Findings, type Segment } from "./segment";
import { markLength, splitDocuments } from "./stream";
import { parseTree, type Tree } from "./tree";

/** One document. Its nodes stay true, and the same, while only texts around it change. */
export class YamlDocument {
  readonly root: YamlNode;
  /** In the order of the text. */
  readonly comments: readonly YamlComment[];
  /** Nodes with an anchor, in the order of the text. */
  readonly anchored: readonly YamlNode[];
  readonly aliases: readonly YamlAlias[];
  private readonly ownProblems: readonly YamlProblem[];
  private resolution: Resolution | undefined;

  constructor(
    readonly origin: DocumentOrigin,
    /** @internal */
    readonly tree: Tree,
    /** The line terminator of the file. */
    readonly terminator: "\n" | "\r\n",
  ) {
    origin.document = this;
    const spine = new Spine(tree);
    this.root = spine.root;
    const parts: readonly Findings[] = [tree.found, ...tree.segments.map((s) => s.found)];
    this.comments = parts.flatMap((f) => f.comments);
    this.aliases = parts.flatMap((f) => f.aliases);
    const anchored = [...spine.anchored, ...parts.flatMap((f) => f.anchored)];
    this.anchored = spine.anchored.length === 0 ? anchored : anchored.sort((a, b) => anchorAt(a) - anchorAt(b));
    this.ownProblems = [...parts.flatMap((f) => f.problems), ...spine.problems];
  }

  get start(): number {
    return this.origin.at;
  }

  get end(): number {
    return this.origin.at + this.origin.text.length;
  }

  /** In the order of the text. */
  get problems(): readonly YamlProblem[] {
    return [...this.ownProblems, ...this.links.problems].sort((a, b) => a.start - b.start);
  }

  /** The root as a reader of the document sees it: aliases followed, merge keys merged. */
  get resolved(): ResolvedNode {
    return this.links.root;
  }

  /** The node that an alias stands for; undefined where there is none, or following it would never end. */
  target(alias: YamlAlias): YamlNode | undefined {
    return this.links.target(alias);
  }

  /** The node written at the path, aliases not followed. */
  at(path: YamlPath): YamlNode | undefined {
    let node: YamlNode | undefined = this.root;
    for (const step of path) node = node && stepInto(node, step);
    return node;
  }

  /** The path of the smallest entry, item or node around the offset. */
  pathAt(offset: number): YamlPath {
    const path: (string | number)[] = [];
    let node = this.root;
    for (;;) {
      const children: readonly (YamlEntry | YamlItem)[] =
        node.kind === "map" ? node.entries : node.kind === "list" ? node.items : [];
      const index = lastStarting(children, offset);
      const child = children[index];
      if (child === undefined || child.end < offset) return path;
      path.push(child instanceof YamlEntry ? child.name : index);
      node = child.value;
    }
  }

  private get links(): Resolution {
    this.resolution ??= new Resolution(this);
    return this.resolution;
  }
}

/** Index of the last of the spans, which follow each other, that begins at or before the offset; -1 where none does. */
function lastStarting(spans: readonly Span[], offset: number): number {
  let low = -1;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((spans[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const anchorAt = (node: YamlNode): number => node.props.anchor?.start ?? 0;

/** The entry or item of that key or index, as written. */
export function childAt(node: YamlNode, step: string | number): YamlEntry | YamlItem | undefined {
  if (node.kind === "map") return node.entry(String(step));
  return node.kind === "list" && typeof step === "number" ? node.items.at(step) : undefined;
}

const stepInto = (node: YamlNode, step: string | number): YamlNode | undefined => childAt(node, step)?.value;

/** Puts the segments' entries together into the root and the collections below it. */
class Spine {
  readonly root: YamlNode;
  readonly anchored: YamlNode[] = [];
  readonly problems: YamlProblem[] = [];

  constructor({ root, segments }: Tree) {
    if (segments.length === 0) {
      this.root = root;
      return;
    }
    const outer: (YamlEntry | YamlItem)[] = [];
    for (let i = 0; i < segments.length; i++) {
      const segment = segments[i] as Segment;
      if (!segment.header) {
        outer.push(segment.child);
        continue;
      }
      const inner: (YamlEntry | YamlItem)[] = [];
      while (segments[i + 1]?.level === 1) inner.push((segments[++i] as Segment).child);
      segment.child = this.withChildren(segment.child, inner);
      outer.push(segment.child);
    }
    this.root = this.fill(root, outer);
  }

  private withChildren(child: YamlEntry | YamlItem, inner: readonly (YamlEntry | YamlItem)[]): YamlEntry | YamlItem {
    const value = this.fill(child.value, inner);
    if (value === child.value) return child;
    if (child instanceof YamlItem) return new YamlItem(value, child.dash);
    return new YamlEntry(child.key, value, child.colon, child.mark);
  }

  /** The same node where it has these children already. */
  private fill(node: YamlNode, children: readonly (YamlEntry | YamlItem)[]): YamlNode {
    const filled = fill(node, children);
    if (filled.props.anchor !== undefined) this.anchored.push(filled);
    if (filled.kind === "map") this.problems.push(...duplicateKeys(filled.entries));
    return filled;
  }
}

function fill(node: YamlNode, children: readonly (YamlEntry | YamlItem)[]): YamlNode {
  const isSame = (old: readonly unknown[]): boolean =>
    old.length === children.length && old.every((c, i) => c === children[i]);
  if (node.kind === "map" && !isSame(node.entries)) {
    return new YamlMap(node.style, children as readonly YamlEntry[], node.place, node.props);
  }
  if (node.kind === "list" && !isSame(node.items)) {
    return new YamlList(node.style, children as readonly YamlItem[], node.place, node.props);
  }
  return node;
}

export interface YamlStream {
  readonly text: string;
  readonly booleans: Booleans;
  /** At least one; it is empty where the text is. */
  readonly documents: readonly YamlDocument[];
}

export interface YamlOptions {
  /** `1.2` where left out. */
  readonly booleans?: Booleans;
}

/**
 * Reads a stream of documents; JSON is one. Never fails: what cannot be read is told in the documents' problems. Nodes
 * of `previous`, the stream of an earlier text of the same file, are moved and reused; it must not be used afterwards.
 */
export function parseYaml(text: string, previous?: YamlStream, options: YamlOptions = {}): YamlStream {
  const booleans = options.booleans ?? "1.2";
  const terminator = lineTerminator(text);
  const parts = splitDocuments(text);
  const old = previous?.booleans === booleans ? previous.documents : [];
  const isKept = (part: string | undefined, document: YamlDocument | undefined): boolean =>
    part !== undefined && document?.origin.text === part && document.terminator === terminator;
  let first = 0;
  while (isKept(parts[first], old[first])) first++;
  let last = 0;
  while (last < Math.min(parts.length, old.length) - first && isKept(parts.at(-1 - last), old.at(-1 - last))) last++;
  const pairs = old.length === parts.length;
  let at: number = markLength(text);
  const documents = parts.map((part, i) => {
    const index = i < first ? i : i >= parts.length - last ? i - parts.length + old.length : undefined;
    const before = index !== undefined ? old[index] : pairs ? old[i] : undefined;
    const document =
      index !== undefined && before !== undefined ? before : read(at, part, booleans, terminator, before);
    document.origin.at = at;
    at += part.length;
    return document;
  });
  return { text, booleans, documents };
}

function read(
  at: number,
  text: string,
  booleans: Booleans,
  terminator: "\n" | "\r\n",
  before: YamlDocument | undefined,
): YamlDocument {
  const again = before?.terminator === terminator ? reparse(before.origin, before.tree, text) : undefined;
  if (before !== undefined && again !== undefined) return new YamlDocument(before.origin, again, terminator);
  const origin = new DocumentOrigin(at, text, booleans);
  return new YamlDocument(origin, parseTree(origin), terminator);
}
