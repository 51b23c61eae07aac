/** The nodes of a YAML document: what is written, and where. Aliases stay aliases here; `resolve.ts` follows them. */
import { Excerpt, Located, type Origin } from "../../text/located";
import type { Span } from "../../text/span";
import { decodeBlock, decodeFlow, readBlockHeader, typedValue, type Booleans, type ScalarStyle } from "./scalar";

export interface YamlOrigin extends Origin {
  readonly booleans: Booleans;
}

/** Keys of maps and indices of lists, from the root. */
export type YamlPath = readonly (string | number)[];

export class YamlAnchor extends Located {
  /** Without `&`. */
  get name(): string {
    return this.origin.text.slice(this.from + 1, this.to);
  }
}

export class YamlTag extends Located {
  /** As written: `!reset`, `!!str`, `!<tag:yaml.org,2002:str>`. */
  get text(): string {
    return this.origin.text.slice(this.from, this.to);
  }
}

export class YamlComment extends Located {
  /** From `#` to the end of the line. */
  get text(): string {
    return this.origin.text.slice(this.from, this.to);
  }

  /** Nothing but white space stands before it on its line. */
  get ownLine(): boolean {
    const before = this.origin.text.slice(this.origin.text.lastIndexOf("\n", this.from - 1) + 1, this.from);
    return /^[ \t]*$/.test(before);
  }
}

/** What stands before a node's own text. */
export interface YamlProps {
  readonly anchor?: YamlAnchor;
  readonly tag?: YamlTag;
}

/** Where a block scalar's body stands, relative to its origin, and the column of its parent. */
export interface BlockBody {
  readonly headerTo: number;
  readonly from: number;
  readonly to: number;
  readonly parentIndent: number;
}

export class YamlScalar extends Located {
  readonly kind = "scalar";
  private decoded: Excerpt | undefined;

  constructor(
    override readonly origin: YamlOrigin,
    from: number,
    to: number,
    readonly style: ScalarStyle,
    readonly props: YamlProps,
    readonly body?: BlockBody,
  ) {
    super(origin, from, to);
  }

  /** As written, quotes and block header included. */
  get source(): string {
    return this.origin.text.slice(this.from, this.to);
  }

  /** Decoded. */
  get text(): string {
    return this.excerpt.text;
  }

  /** Typed by the core schema; `!!` tags are obeyed, a custom tag makes it a text. */
  get value(): string | number | boolean | null {
    return typedValue(this.text, this.style, this.props.tag?.text, this.origin.booleans);
  }

  /** The place of the characters `[from, to)` of {@link text}. */
  part(from: number, to: number): Located {
    const { excerpt } = this;
    return new Located(this.origin, this.from + excerpt.startOf(from), this.from + excerpt.endOf(to));
  }

  /** {@link text} with offsets in the file as it is now; for parsers of what stands in the scalar. */
  absolute(): Excerpt {
    const { text } = this.excerpt;
    const offsets = Int32Array.from({ length: text.length }, (_, i) => this.start + this.excerpt.startOf(i));
    return new Excerpt(text, this.start, offsets);
  }

  private get excerpt(): Excerpt {
    this.decoded ??= this.decode();
    return this.decoded;
  }

  private decode(): Excerpt {
    if (this.body === undefined) return decodeFlow(this.source, this.style);
    const { text } = this.origin;
    const header = readBlockHeader(text.slice(this.from, this.body.headerTo));
    const body = text.slice(this.body.from, this.body.to);
    return decodeBlock(header, body, this.body.parentIndent, this.body.from - this.from);
  }
}

export class YamlAlias extends Located {
  readonly kind = "alias";
  readonly props: YamlProps = {};

  /** Without `*`. */
  get name(): string {
    return this.origin.text.slice(this.from + 1, this.to);
  }
}

/** Something that could not be read: nested too deep. */
export class YamlUnknown extends Located {
  readonly kind = "unknown";
  readonly props: YamlProps = {};
}

export class YamlEntry implements Span {
  constructor(
    readonly key: YamlNode,
    readonly value: YamlNode,
    /** The `:`; the key's end where it is not written yet. */
    readonly colon: Located,
    /** The `?` of an explicit key. */
    readonly mark: Located | undefined,
  ) {}

  /** The key's text; the source of a key that is no scalar. */
  get name(): string {
    if (this.key.kind === "scalar") return this.key.text;
    const { start, end } = this.key;
    const { origin } = this.colon;
    return origin.text.slice(start - origin.at, end - origin.at);
  }

  /** A plain `<<`. */
  get merges(): boolean {
    return this.key.kind === "scalar" && this.key.style === "plain" && this.key.text === "<<";
  }

  /** From the key, with what stands before it, through the value. */
  get start(): number {
    return Math.min(this.mark?.start ?? Number.POSITIVE_INFINITY, startWithProps(this.key));
  }

  get end(): number {
    return Math.max(this.colon.end, endWithProps(this.value));
  }
}

export class YamlItem implements Span {
  constructor(
    readonly value: YamlNode,
    /** The `-` of an item in block style. */
    readonly dash: Located | undefined,
  ) {}

  get start(): number {
    return this.dash?.start ?? startWithProps(this.value);
  }

  get end(): number {
    return Math.max(this.dash?.end ?? 0, endWithProps(this.value));
  }
}

/** Place of a collection: a flow collection's brackets, or, in block style, where it would stand if it were empty. */
type CollectionPlace = Located;

/** `pair`: a map of one entry inside a flow list, without braces (`[a: 1]`). */
export type CollectionStyle = "block" | "flow" | "pair";

abstract class Collection implements Span {
  constructor(
    readonly style: CollectionStyle,
    readonly place: CollectionPlace,
    readonly props: YamlProps,
  ) {}

  protected abstract readonly children: readonly Span[];

  get start(): number {
    return this.style === "flow" ? this.place.start : (this.children[0]?.start ?? this.place.start);
  }

  get end(): number {
    return this.style === "flow" ? this.place.end : (this.children.at(-1)?.end ?? this.place.end);
  }
}

export class YamlMap extends Collection {
  readonly kind = "map";

  constructor(
    style: CollectionStyle,
    readonly entries: readonly YamlEntry[],
    place: CollectionPlace,
    props: YamlProps,
  ) {
    super(style, place, props);
  }

  protected override get children(): readonly Span[] {
    return this.entries;
  }

  /** The last entry of that name, merge keys not followed. */
  entry(name: string): YamlEntry | undefined {
    return this.entries.findLast((e) => e.name === name);
  }
}

export class YamlList extends Collection {
  readonly kind = "list";

  constructor(
    style: CollectionStyle,
    readonly items: readonly YamlItem[],
    place: CollectionPlace,
    props: YamlProps,
  ) {
    super(style, place, props);
  }

  protected override get children(): readonly Span[] {
    return this.items;
  }
}

export type YamlNode = YamlScalar | YamlMap | YamlList | YamlAlias | YamlUnknown;

/** Start of a node with its anchor and tag. */
export function startWithProps(node: YamlNode): number {
  const { anchor, tag } = node.props;
  // Asked once: the start of a collection in block style is asked from its children.
  const { start } = node;
  return Math.min(start, anchor?.start ?? start, tag?.start ?? start);
}

export function endWithProps(node: YamlNode): number {
  const { anchor, tag } = node.props;
  const { end } = node;
  return Math.max(end, anchor?.end ?? end, tag?.end ?? end);
}

/** The nodes right below a node: values and, where they are no scalars, keys. */
export function childrenOf(node: YamlNode): readonly YamlNode[] {
  if (node.kind === "list") return node.items.map((i) => i.value);
  if (node.kind !== "map") return [];
  return node.entries.flatMap((e) => (e.key.kind === "scalar" ? [e.value] : [e.key, e.value]));
}

/** Whether nothing is written, or `null`. */
export const isNull = (node: YamlNode): boolean => node.kind === "scalar" && node.value === null;
