/** Nodes out of tokens. Every entry of the root, and of the collections right below it, is a segment of its own. */
import { Located, type Origin } from "../../text/located";
import type { Span } from "../../text/span";
import {
  YamlAlias,
  YamlAnchor,
  YamlComment,
  YamlEntry,
  YamlItem,
  YamlList,
  YamlMap,
  YamlScalar,
  YamlTag,
  YamlUnknown,
  type YamlNode,
  type YamlOrigin,
  type YamlProps,
} from "./node";
import { blockContentEnd, type Booleans } from "./scalar";
import {
  parseSyntax,
  type BlockMap,
  type BlockScalar,
  type BlockSequence,
  type DocumentSyntax,
  type FlowCollection,
  type FlowScalar,
  type SourceToken,
  type Token,
} from "./syntax";

export interface YamlProblem extends Span {
  /** A code of the `yaml` package, or `DUPLICATE_KEY`, `UNRESOLVED_ALIAS`, `TOO_DEEP`. */
  readonly code: string;
  readonly message: string;
  /** The other place: the first of two equal keys. */
  readonly related?: Span | undefined;
}

/** A document's text; moves when the texts before it change. */
export class DocumentOrigin implements YamlOrigin {
  constructor(
    public at: number,
    public text: string,
    readonly booleans: Booleans,
  ) {}
}

/** What was found in one origin's text beside its nodes, in the order of the text; headers' anchors are not among it. */
export class Findings {
  readonly comments: YamlComment[] = [];
  readonly anchored: YamlNode[] = [];
  readonly aliases: YamlAlias[] = [];
  readonly problems: YamlProblem[] = [];
}

/**
 * The lines from the first line of an entry (or item) up to the next segment. `level` 0: an entry of the root; where its
 * value is a collection on the lines below, the segment is its `header` only, and the collection's entries follow as
 * segments of level 1.
 */
export class Segment implements YamlOrigin {
  readonly found = new Findings();
  child!: YamlEntry | YamlItem;
  header = false;

  constructor(
    public document: DocumentOrigin,
    /** From the document's start. */
    public offset: number,
    readonly text: string,
    readonly level: 0 | 1,
  ) {}

  get at(): number {
    return this.document.at + this.offset;
  }

  get booleans(): Booleans {
    return this.document.booleans;
  }
}

export interface Tree {
  /** Whole where there are no segments; else a collection without children, to be filled from the segments. */
  readonly root: YamlNode;
  readonly segments: readonly Segment[];
  /** What stands outside the segments. */
  readonly found: Findings;
  readonly hasDirectives: boolean;
}

type Block = BlockMap | BlockSequence;
type Item = { start: SourceToken[]; key?: Token | null; sep?: SourceToken[]; value?: Token; explicitKey?: true };

const isBlock = (t: Token | null | undefined): t is Block => t?.type === "block-map" || t?.type === "block-seq";

/** Parses the text of `origin`. Never fails. */
export function parseTree(origin: DocumentOrigin): Tree {
  const syntax = parseSyntax(origin.text);
  const { token } = syntax;
  const found = new Findings();
  const value = token?.value;
  const layout = isBlock(value) ? layOut(value, origin) : undefined;
  const reader = new Reader(origin, found, syntax);
  const props = reader.props(token?.start ?? []);
  let root: YamlNode;
  let segments: readonly Segment[] = [];
  if (layout !== undefined && isBlock(value)) {
    root = reader.emptyCollection(value, props);
    segments = layout;
    readSegments(value, layout, syntax, found);
  } else root = reader.node(value, props, token?.start ?? []);
  reader.comments(token?.end);
  for (const t of syntax.around) {
    if (t.type === "comment") reader.comments([t as SourceToken]);
    if ("end" in t) reader.comments(t.end as SourceToken[] | undefined);
  }
  for (const p of syntax.problems) {
    const { code, message, start, end } = p;
    found.problems.push(problemAt(origin, code, message, start, end));
  }
  distribute(found, segments, origin);
  return { root, segments, found, hasDirectives: syntax.around.some((t) => t.type === "directive") };
}

class LocatedProblem extends Located implements YamlProblem {
  constructor(
    origin: Origin,
    from: number,
    to: number,
    readonly code: string,
    readonly message: string,
    readonly related?: Span,
  ) {
    super(origin, from, to);
  }
}

export const problemAt = (
  origin: Origin,
  code: string,
  message: string,
  from: number,
  to: number,
  related?: Span,
): YamlProblem => new LocatedProblem(origin, from, to, code, message, related);

/** Hands comments and problems, read relative to the document, to the segments that they stand in. */
function distribute(found: Findings, segments: readonly Segment[], origin: DocumentOrigin): void {
  const comments = found.comments.splice(0).sort((a, b) => a.start - b.start);
  const problems = found.problems.splice(0).sort((a, b) => a.start - b.start) as LocatedProblem[];
  let i = -1;
  const segmentAt = (offset: number): Segment | undefined => {
    while ((segments[i + 1]?.offset ?? Number.POSITIVE_INFINITY) <= offset) i++;
    return segments[i];
  };
  for (const c of comments) {
    const at = c.start - origin.at;
    const s = segmentAt(at);
    if (s === undefined) found.comments.push(c);
    else s.found.comments.push(new YamlComment(s, at - s.offset, c.end - origin.at - s.offset));
  }
  i = -1;
  for (const p of problems) {
    const at = p.start - origin.at;
    const s = segmentAt(at);
    if (s === undefined) found.problems.push(p);
    else s.found.problems.push(problemAt(s, p.code, p.message, at - s.offset, p.end - origin.at - s.offset));
  }
}

/** Offset of the line's start where nothing but spaces stands between it and `offset`. */
function ownLine(text: string, offset: number): number | undefined {
  let at = offset;
  while (at > 0 && text[at - 1] === " ") at--;
  return at === 0 || text[at - 1] === "\n" || text[at - 1] === "\uFEFF" ? at : undefined;
}

/** Offset of an entry's first token that is no space, comment or line break; undefined for an entry of only such. */
function firstOffset(item: Item): number | undefined {
  const mark = item.start.find((t) => t.type !== "space" && t.type !== "newline" && t.type !== "comment");
  if (mark !== undefined) return mark.offset;
  if (item.key) return item.key.offset;
  if (item.sep && item.sep.length > 0) return item.sep[0]?.offset;
  return item.value?.offset;
}

const realItems = (block: Block): Item[] => (block.items as Item[]).filter((i) => firstOffset(i) !== undefined);

/** Offsets of the lines on which the block's entries begin; undefined where they do not begin lines of their own. */
function lineOffsets(block: Block, text: string, after: number): number[] | undefined {
  const offsets: number[] = [];
  for (const item of realItems(block)) {
    const line = ownLine(text, firstOffset(item) ?? 0);
    if (line === undefined || line < (offsets.at(-1) ?? after) || line === offsets.at(-1)) return undefined;
    offsets.push(line);
  }
  return offsets.length > 0 ? offsets : undefined;
}

/** Cuts the document into segments; undefined where its root's entries do not begin lines of their own. */
function layOut(root: Block, origin: DocumentOrigin): Segment[] | undefined {
  const { text } = origin;
  const outer = lineOffsets(root, text, 0);
  if (outer === undefined) return undefined;
  const cuts: { offset: number; level: 0 | 1; header: boolean }[] = [];
  realItems(root).forEach((item, i) => {
    const offset = outer[i] ?? 0;
    const { value } = item;
    const lineEnd = text.indexOf("\n", firstOffset(item) ?? 0);
    const inner = isBlock(value) && lineEnd >= 0 ? lineOffsets(value, text, lineEnd + 1) : undefined;
    cuts.push({ offset, level: 0, header: inner !== undefined });
    for (const o of inner ?? []) cuts.push({ offset: o, level: 1, header: false });
  });
  return cuts.map(({ offset, level, header }, i) => {
    const end = cuts[i + 1]?.offset ?? text.length;
    const segment = new Segment(origin, offset, text.slice(offset, end), level);
    segment.header = header;
    return segment;
  });
}

function readSegments(root: Block, segments: readonly Segment[], syntax: DocumentSyntax, outer: Findings): void {
  let i = 0;
  for (const item of realItems(root)) {
    const segment = segments[i++];
    if (segment === undefined) return;
    const reader = new Reader(segment, segment.found, syntax, segment.offset, outer);
    segment.child = reader.child(root, item, segment.header);
    if (!segment.header || !isBlock(item.value)) continue;
    for (const inner of realItems(item.value)) {
      const part = segments[i++];
      if (part === undefined) return;
      part.child = new Reader(part, part.found, syntax, part.offset, outer).child(item.value, inner, false);
    }
    for (const t of item.value.items as Item[]) if (firstOffset(t) === undefined) reader.comments(t.start);
  }
  const last = new Reader(segments[0]?.document as DocumentOrigin, outer, syntax);
  for (const t of root.items as Item[]) if (firstOffset(t) === undefined) last.comments(t.start);
}

/** Reads tokens whose offsets count from `base` characters before the origin's text. */
class Reader {
  constructor(
    private readonly origin: YamlOrigin,
    private readonly found: Findings,
    private readonly syntax: DocumentSyntax,
    private readonly base = 0,
    /** Where comments are collected, relative to the document. */
    private readonly outer: Findings = found,
  ) {}

  private at(from: number, to: number): Located {
    return new Located(this.origin, from - this.base, to - this.base);
  }

  comments(tokens: readonly Token[] | undefined): void {
    for (const t of tokens ?? []) {
      if (t.type !== "comment") continue;
      const { origin } = this;
      const document = origin instanceof Segment ? origin.document : origin;
      this.outer.comments.push(new YamlComment(document, t.offset, t.offset + t.source.trimEnd().length));
    }
  }

  props(tokens: readonly SourceToken[]): YamlProps {
    this.comments(tokens);
    let props: YamlProps = {};
    for (const t of tokens) {
      if (t.type !== "anchor" && t.type !== "tag") continue;
      const from = t.offset - this.base;
      const to = from + t.source.length;
      if (t.type === "anchor") props = { ...props, anchor: new YamlAnchor(this.origin, from, to) };
      else props = { ...props, tag: new YamlTag(this.origin, from, to) };
    }
    return props;
  }

  /** `before`: the tokens before the node, behind which an absent one stands. */
  node(token: Token | null | undefined, props: YamlProps, before: readonly SourceToken[], fallback = 0): YamlNode {
    const node = this.plainNode(token, props, before, fallback);
    if (node.props.anchor !== undefined) this.found.anchored.push(node);
    return node;
  }

  private plainNode(
    token: Token | null | undefined,
    props: YamlProps,
    before: readonly SourceToken[],
    fallback: number,
  ): YamlNode {
    switch (token?.type) {
      case "alias":
      case "scalar":
      case "single-quoted-scalar":
      case "double-quoted-scalar":
        return this.flowScalar(token, props, before, fallback);
      case "block-scalar":
        return this.blockScalar(token, props);
      case "block-map":
      case "block-seq":
        return this.block(token, props);
      case "flow-collection":
        return this.flow(token, props);
      default:
        return this.absent(props, before, fallback);
    }
  }

  private absent(props: YamlProps, before: readonly SourceToken[], fallback: number): YamlScalar {
    const last = before.findLast((t) => t.type !== "space" && t.type !== "newline" && t.type !== "comment");
    const at = (last === undefined ? fallback : last.offset + last.source.length) - this.base;
    return new YamlScalar(this.origin, at, at, "none", props);
  }

  private flowScalar(token: FlowScalar, props: YamlProps, before: readonly SourceToken[], fallback: number): YamlNode {
    this.comments(token.end);
    const from = token.offset - this.base;
    const to = from + token.source.length;
    if (token.type === "alias") {
      const alias = new YamlAlias(this.origin, from, to);
      this.found.aliases.push(alias);
      return alias;
    }
    if (this.syntax.cut.has(token)) return new YamlUnknown(this.origin, from, to);
    if (token.source === "") return this.absent(props, before, fallback);
    const style = token.type === "scalar" ? "plain" : token.type === "single-quoted-scalar" ? "single" : "double";
    return new YamlScalar(this.origin, from, to, style, props);
  }

  private blockScalar(token: BlockScalar, props: YamlProps): YamlScalar {
    this.comments(token.props);
    const header = token.props.find((t) => t.type === "block-scalar-header") as SourceToken | undefined;
    const from = token.offset - this.base;
    const headerTo = from + (header?.source.length ?? 1);
    const last = token.props.at(-1) as SourceToken | undefined;
    const start = last === undefined ? headerTo : last.offset + last.source.length - this.base;
    const source = token.source ?? "";
    const body = { headerTo, from: start, to: start + source.length, parentIndent: token.indent };
    const content = blockContentEnd(source);
    const style = header?.source.startsWith(">") ? "folded" : "literal";
    return new YamlScalar(this.origin, from, content > 0 ? start + content : headerTo, style, props, body);
  }

  emptyCollection(token: Block, props: YamlProps): YamlMap | YamlList {
    const place = this.at(token.offset, token.offset);
    return token.type === "block-map"
      ? new YamlMap("block", [], place, props)
      : new YamlList("block", [], place, props);
  }

  private block(token: Block, props: YamlProps): YamlNode {
    const children: (YamlEntry | YamlItem)[] = [];
    for (const item of token.items as Item[]) {
      if (firstOffset(item) === undefined) this.comments(item.start);
      else children.push(this.child(token, item, false));
    }
    const place = this.at(token.offset, token.offset);
    if (token.type === "block-seq") return new YamlList("block", children as YamlItem[], place, props);
    this.found.problems.push(...duplicateKeys(children as YamlEntry[]));
    return new YamlMap("block", children as YamlEntry[], place, props);
  }

  /** One entry or item of a block; of a `header` the value is left without its children. */
  child(block: Block, item: Item, header: boolean): YamlEntry | YamlItem {
    if (block.type === "block-map") return this.entry(item, header);
    const dash = item.start.find((t) => t.type === "seq-item-ind");
    const props = this.props(item.start);
    const value =
      header && isBlock(item.value)
        ? this.emptyCollection(item.value, props)
        : this.node(item.value, props, item.start, dash?.offset);
    return new YamlItem(value, dash && this.at(dash.offset, dash.offset + 1));
  }

  private entry(item: Item, header: boolean): YamlEntry {
    const mark = item.start.find((t) => t.type === "explicit-key-ind");
    const colon = item.sep?.find((t) => t.type === "map-value-ind");
    const fallback = item.key?.offset ?? colon?.offset ?? firstOffset(item) ?? 0;
    const key = this.node(item.key, this.props(item.start), item.start, fallback);
    const keyEnd = key.end - this.origin.at + this.base;
    const sep = item.sep ?? [];
    const props = this.props(sep);
    const value =
      header && isBlock(item.value)
        ? this.emptyCollection(item.value, props)
        : this.node(item.value, props, sep, keyEnd);
    const place = colon === undefined ? this.at(keyEnd, keyEnd) : this.at(colon.offset, colon.offset + 1);
    return new YamlEntry(key, value, place, mark && this.at(mark.offset, mark.offset + 1));
  }

  private flow(token: FlowCollection, props: YamlProps): YamlNode {
    const isMap = token.start.source === "{";
    const entries: YamlEntry[] = [];
    const items: YamlItem[] = [];
    let to = token.start.offset + 1;
    for (const item of token.items as Item[]) {
      const isPair = item.key !== undefined || (item.sep?.length ?? 0) > 0 || item.explicitKey === true;
      if (isPair) {
        const entry = this.entry(item, false);
        to = Math.max(to, entry.end - this.origin.at + this.base);
        if (isMap) entries.push(entry);
        else {
          const start = entry.start - this.origin.at + this.base;
          items.push(new YamlItem(new YamlMap("pair", [entry], this.at(start, start), {}), undefined));
        }
        continue;
      }
      const itemProps = this.props(item.start);
      const hasProps = itemProps.anchor !== undefined || itemProps.tag !== undefined;
      if (!item.value && !hasProps) continue;
      const value = this.node(item.value, itemProps, item.start, to);
      to = Math.max(to, value.end - this.origin.at + this.base);
      if (!isMap) items.push(new YamlItem(value, undefined));
      else entries.push(new YamlEntry(value, this.absent({}, [], to), this.at(to, to), undefined));
    }
    this.comments(token.end);
    const close = token.end.find((t) => t.type === (isMap ? "flow-map-end" : "flow-seq-end"));
    if (close !== undefined) to = close.offset + 1;
    const place = this.at(token.start.offset, to);
    if (!isMap) return new YamlList("flow", items, place, props);
    this.found.problems.push(...duplicateKeys(entries));
    return new YamlMap("flow", entries, place, props);
  }
}

/** Keys that stand twice in one map; `<<` may. */
export function duplicateKeys(entries: readonly YamlEntry[]): readonly YamlProblem[] {
  if (entries.length < 2) return [];
  const seen = new Map<string, YamlEntry>();
  const problems: YamlProblem[] = [];
  for (const entry of entries) {
    const { key } = entry;
    if (key.kind !== "scalar" || entry.merges) continue;
    const first = seen.get(key.text);
    if (first === undefined) seen.set(key.text, entry);
    else if (first.key.kind === "scalar" && typeof first.key.value === typeof key.value) {
      const message = `The key \`${key.text}\` stands twice in one map: keys are unique`;
      problems.push(problemAt(key.origin, "DUPLICATE_KEY", message, key.from, key.to, first.key));
    }
  }
  return problems;
}
