/** Nodes out of tokens. */
import { Located } from "../../text/located";
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
import { duplicateKeys } from "./problem";
import { blockContentEnd } from "./scalar";
import { Segment, type Findings } from "./segment";
import type {
  BlockMap,
  BlockScalar,
  BlockSequence,
  DocumentSyntax,
  FlowCollection,
  FlowScalar,
  SourceToken,
  Token,
} from "./syntax";

export type Block = BlockMap | BlockSequence;
export type Item = { start: SourceToken[]; key?: Token | null; sep?: SourceToken[]; value?: Token; explicitKey?: true };

export const isBlock = (t: Token | null | undefined): t is Block => t?.type === "block-map" || t?.type === "block-seq";

/** Offset of an entry's first token that is no space, comment or line break; undefined for an entry of only such. */
export function firstOffset(item: Item): number | undefined {
  const mark = item.start.find((t) => t.type !== "space" && t.type !== "newline" && t.type !== "comment");
  if (mark !== undefined) return mark.offset;
  if (item.key) return item.key.offset;
  if (item.sep && item.sep.length > 0) return item.sep[0]?.offset;
  return item.value?.offset;
}

export const realItems = (block: Block): Item[] => (block.items as Item[]).filter((i) => firstOffset(i) !== undefined);

/**
 * A word typed above an entry is parsed as the beginning of its key, which is an error: the entry is the last line's.
 */
function keyLine(key: Token | null | undefined): Token | null {
  if (key?.type !== "scalar" || !key.source.includes("\n")) return key ?? null;
  const skipped = key.source.length - key.source.slice(key.source.lastIndexOf("\n") + 1).trimStart().length;
  return { ...key, offset: key.offset + skipped, source: key.source.slice(skipped) };
}

/** Reads tokens whose offsets count from `base` characters before the origin's text. */
export class Reader {
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
    if (block.type === "block-map") return this.entry({ ...item, key: keyLine(item.key) }, header);
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
