/** A YAML document as values: aliases followed, merge keys merged, variables expanded, texts cast, tags collected. */
import type { YamlEntry, YamlItem, YamlNode } from "../../languages/yaml/node";
import type { ResolvedEntry, ResolvedNode } from "../../languages/yaml/resolve";
import type { Span } from "../../text/span";
import { Mapping, Scalar, Sequence, Unclear, YamlSource, type ComposeDocument, type Datum, type Source } from "./datum";
import { interpolate, type Variables } from "./interpolate";
import { printFloat, typed } from "./plain";
import { readSwitch } from "./quantities";
import type { Resets } from "./resets";
import { below, itemsOf, type Shape } from "./shape";

/** Something for which compose would refuse the project. */
export interface Refusal extends Source {
  readonly message: string;
}

export type Refuse = (at: Source, message: string) => void;

/** What reading a document takes. */
export interface Reading {
  readonly home: ComposeDocument;
  readonly variables: Variables;
  readonly resets: Resets;
  readonly refuse: Refuse;
  /** Reads these services and nothing else. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** Undefined where nothing is written. */
export function readDocument(reading: Reading, shape: Shape): Mapping | undefined {
  const { home, refuse } = reading;
  const { resolved, problems } = home.document;
  for (const { message, ...at } of problems) refuse(sourceAt(home.file, at), message);
  if (resolved.isNull) return undefined;
  const root = new Reader(reading).read(resolved, undefined, shape, []);
  if (root instanceof Mapping) return root;
  const source = new YamlSource(home, resolved, undefined);
  if (resolved.kind !== "unknown") refuse(source, "A compose file is a mapping");
  return new Mapping(new Map(), [source], true);
}

export const sourceAt = (file: string, { start, end }: Span): Source => ({ file, start, end });

/** Aliases may nest deeper than a file does; no real project comes near. */
const deepest = 150;

class Reader {
  /** Inside of what a tag stands at, tags mean nothing. */
  private tagged = false;

  constructor(private readonly reading: Reading) {}

  /** Undefined where `!reset` stands at it. */
  read(
    value: ResolvedNode,
    entry: YamlEntry | YamlItem | undefined,
    shape: Shape,
    path: readonly string[],
  ): Datum | undefined {
    const tag = value.node.props.tag?.text;
    if (!this.tagged && (tag === "!reset" || tag === "!override")) {
      const source = new YamlSource(this.reading.home, value, entry);
      this.reading.resets.add(path, source);
      if (tag === "!reset") return undefined;
      this.tagged = true;
      const datum = this.untagged(value, source, shape, path);
      this.tagged = false;
      return datum;
    }
    return this.untagged(value, new YamlSource(this.reading.home, value, entry), shape, path);
  }

  private untagged(value: ResolvedNode, source: YamlSource, shape: Shape, path: readonly string[]): Datum {
    const { node } = value;
    if (node.kind === "scalar") return this.scalar(source, shape);
    if (node.kind === "map" && path.length <= deepest) return this.mapping(value, node, source, shape, path);
    if (node.kind !== "list" || path.length > deepest) return new Unclear("broken", source);
    const items: Datum[] = [];
    const inner = itemsOf(shape);
    for (const [i, item] of value.items.entries()) {
      const datum = this.read(item, node.items[i], inner, [...path, `[${i}]`]);
      if (datum !== undefined) items.push(datum);
    }
    return new Sequence(items, [source], false);
  }

  private mapping(
    value: ResolvedNode,
    node: YamlNode,
    source: YamlSource,
    shape: Shape,
    path: readonly string[],
  ): Mapping {
    const { refuse } = this.reading;
    const merges = node.kind === "map" ? node.entries.filter((e) => e.merges) : [];
    if (merges.length > 1) refuse(source, "`<<` stands here twice");
    if (value.open) refuse(source, "`<<` takes a mapping, or a list of mappings");
    const entries = new Map<string, Datum>();
    for (const resolved of value.entries) {
      if (this.isLeftOut(path, resolved.name)) continue;
      this.checkKey(resolved);
      const { name, entry } = resolved;
      const datum = this.read(resolved.value, entry, below(shape, name), [...path, name]);
      if (datum !== undefined) entries.set(name, datum);
    }
    return new Mapping(entries, [source], value.open);
  }

  private isLeftOut(path: readonly string[], name: string): boolean {
    const { only } = this.reading;
    if (only === undefined || path.length > 1) return false;
    return path.length === 0 ? name !== "services" : path[0] === "services" && !only.has(name);
  }

  private checkKey({ name, entry }: ResolvedEntry): void {
    const { key } = entry;
    if (key.kind === "scalar" && key.style !== "plain") return;
    if (key.kind === "scalar" && !/^[-+.~0-9]|^(?:true|false|null)?$/i.test(name)) return;
    const isText = key.kind === "alias" || (key.kind === "scalar" && typed(key).type === "string");
    if (!isText) this.reading.refuse(sourceAt(this.reading.home.file, key), `The key \`${name}\` is no text`);
  }

  private scalar(source: YamlSource, shape: Shape): Datum {
    const { node } = source;
    if (node.kind !== "scalar") return new Unclear("broken", source);
    const { type, text } = typed(node);
    if (type !== "string") return new Scalar(type, text, source);
    const plain = this.expanded(source, text);
    if (shape.cast === undefined || !plain.isKnown) return plain;
    const cast = castTo(shape.cast, plain);
    if (cast === undefined) this.reading.refuse(source, `\`${plain.text}\` is no ${shape.cast}`);
    return cast ?? new Unclear("broken", source);
  }

  private expanded(source: YamlSource, text: string): Scalar {
    if (!text.includes("$") || source.node.kind !== "scalar") return new Scalar("string", text, source);
    const expansion = interpolate(text, source.node, this.reading.variables);
    if (expansion.refusal !== undefined) this.reading.refuse(source, expansion.refusal);
    return new Scalar("string", expansion.text, source, expansion.pieces);
  }
}

function castTo(type: "boolean" | "integer" | "number", { text, source, pieces }: Scalar): Scalar | undefined {
  if (type === "boolean") {
    const value = readSwitch(text);
    return value === undefined ? undefined : new Scalar("boolean", String(value), source, pieces);
  }
  if (type === "integer") {
    return /^[-+]?\d+$/.test(text)
      ? new Scalar("int", String(BigInt(text.replace(/^\+/, ""))), source, pieces)
      : undefined;
  }
  const isNumber = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text);
  return isNumber ? new Scalar("float", printFloat(Number(text)), source, pieces) : undefined;
}
