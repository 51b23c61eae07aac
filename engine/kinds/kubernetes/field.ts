/** A value of a manifest as rules see it: what it says, where that is written, how to edit it. */
import type { FileEdits } from "../../fix";
import type { YamlDocument } from "../../languages/yaml/document";
import { append, type EditOptions, insert, type Position, remove, set, type YamlData } from "../../languages/yaml/edit";
import type { YamlEntry, YamlItem, YamlPath } from "../../languages/yaml/node";
import type { ResolvedNode } from "../../languages/yaml/resolve";
import type { Edit } from "../../text/edit";
import type { Span, Value } from "../../text/span";
import { known, unknown } from "../../text/span";
import { hole, type MaskedTemplate } from "./template";

/** The document that fields are written in. */
export class FieldHome {
  constructor(
    readonly file: string,
    readonly document: YamlDocument,
    readonly template: MaskedTemplate | undefined,
  ) {}
}

/** Where a new entry goes among its siblings, and whether texts hold choices. */
export interface FieldPlace extends EditOptions, Position {}

export class Field implements Span {
  constructor(
    readonly home: FieldHome,
    readonly node: ResolvedNode,
    /** The entry or item that it stands in; undefined for a document's root. */
    readonly entry: YamlEntry | YamlItem | undefined,
    readonly parent: Field | undefined,
  ) {}

  get file(): string {
    return this.home.file;
  }

  get start(): number {
    return this.node.node.start;
  }

  get end(): number {
    return this.node.node.end;
  }

  /** The key before it; undefined in a list. */
  get key(): Span | undefined {
    return this.entry !== undefined && "key" in this.entry ? this.entry.key : undefined;
  }

  /** The key, or else the value: where something that is missing below it is reported. */
  get anchor(): Span {
    return this.key ?? this;
  }

  get kind(): "map" | "list" | "scalar" | "unknown" {
    return this.node.kind;
  }

  /** The value at the keys; undefined where nothing, or null, is written. */
  at(...keys: readonly (string | number)[]): Field | undefined {
    let field: Field | undefined = this;
    for (const key of keys) field = typeof key === "number" ? field?.items[key] : field?.get(key);
    return field;
  }

  get(key: string): Field | undefined {
    const found = this.node.entry(key);
    return found === undefined || found.value.isNull ? undefined : new Field(this.home, found.value, found.entry, this);
  }

  /** Also where null is written. */
  has(key: string): boolean {
    return this.node.entry(key) !== undefined;
  }

  /** Where null is written as well. */
  written(key: string): Field | undefined {
    const found = this.node.entry(key);
    return found && new Field(this.home, found.value, found.entry, this);
  }

  get entries(): readonly (readonly [name: string, value: Field])[] {
    return this.node.entries.map((e) => [e.name, new Field(this.home, e.value, e.entry, this)] as const);
  }

  get items(): readonly Field[] {
    const { node } = this.node;
    return this.node.items.map(
      (item, i) => new Field(this.home, item, node.kind === "list" ? node.items[i] : undefined, this),
    );
  }

  /** The text of a scalar, whatever its type; unknown for what a template gives, and for collections. */
  get text(): Value {
    const { text } = this.node;
    if (text === undefined) return unknown("broken");
    return text.includes(hole) ? unknown("template") : known(text);
  }

  /** The text, where it is known. */
  get string(): string | undefined {
    const { text } = this;
    return text.known ? text.value : undefined;
  }

  /** The text as far as it is known: what stands between the values that a template gives. */
  get fragments(): readonly string[] {
    return (this.node.text ?? "").split(/\uE000+/);
  }

  /** As the API server reads it: a text `"true"` counts, as `yes` does. Undefined for anything else. */
  get boolean(): boolean | undefined {
    const { value } = this.node;
    if (typeof value === "boolean") return value;
    return value === "true" ? true : value === "false" ? false : undefined;
  }

  get number(): number | undefined {
    const { value } = this.node;
    if (typeof value === "number") return value;
    return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  }

  /** It may have more than can be seen. */
  get isOpen(): boolean {
    return this.node.kind === "unknown" || this.node.open || (this.text.known === false && this.kind === "scalar");
  }

  /** It stands in a branch of a template. */
  get isConditional(): boolean {
    const { template } = this.home;
    return template?.conditions.some((c) => c.start <= this.start && this.end <= c.end) === true;
  }

  /** Other places repeat it through an anchor: an edit changes them as well. */
  get isShared(): boolean {
    return this.node.via.length > 0;
  }

  /** The place of characters `[from, to)` of its text. */
  part(from: number, to: number): Span {
    const { node } = this.node;
    return node.kind === "scalar" ? node.part(from, to) : this;
  }

  set(path: YamlPath, data: YamlData, place: FieldPlace = {}): readonly Edit[] | undefined {
    const full = this.fullPath;
    if (full === undefined) return undefined;
    const { document } = this.home;
    const target = [...full, ...path];
    const isPlaced = (place.before !== undefined || place.after !== undefined) && document.at(target) === undefined;
    return isPlaced ? insert(document, target, data, place) : set(document, target, data, place);
  }

  /** Puts other data in its place. */
  replace(data: YamlData, options: EditOptions = {}): readonly Edit[] | undefined {
    const full = this.fullPath;
    return full && set(this.home.document, full, data, options);
  }

  /** Adds an item to the list at the path; makes the list where there is none. */
  append(path: YamlPath, data: YamlData, options: EditOptions = {}): readonly Edit[] | undefined {
    const full = this.fullPath;
    return full && append(this.home.document, [...full, ...path], data, options);
  }

  remove(): readonly Edit[] | undefined {
    const full = this.fullPath;
    return full && remove(this.home.document, full);
  }

  /** Takes it away, and what would be empty without it, up to below `stop`. */
  removeUpTo(stop: Field): readonly Edit[] | undefined {
    let field: Field = this;
    for (;;) {
      const { parent } = field;
      const isOnly =
        parent !== undefined && (parent.kind === "map" ? parent.node.entries.length : parent.items.length) === 1;
      if (parent === undefined || !isOnly || parent.node.node === stop.node.node || parent.parent === undefined) break;
      field = parent;
    }
    return field.remove();
  }

  /** Writes other characters in its place, as they are. */
  rewrite(text: string): readonly Edit[] {
    return [{ span: { start: this.start, end: this.end }, text }];
  }

  /** The same as edits of a file, for fixes over several. */
  within(edits: readonly Edit[] | undefined): FileEdits | undefined {
    return edits && { file: this.file, edits };
  }

  /** Where it is written, behind aliases and merges. */
  private get fullPath(): YamlPath | undefined {
    const { document } = this.home;
    if (this.node.local) return this.node.path;
    const path = this.entry === undefined ? undefined : document.pathAt(this.entry.start);
    return path === undefined || document.at(path) === undefined ? undefined : path;
  }
}
