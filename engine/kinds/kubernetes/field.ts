/** A value of a manifest as rules see it: what it says, where that is written, how to edit it. */
import type { FileEdits } from "../../fix";
import type { YamlDocument } from "../../languages/yaml/document";
import { append, type EditOptions, insert, type Position, remove, set, type YamlData } from "../../languages/yaml/edit";
import { isNull, type YamlEntry, type YamlItem, type YamlPath } from "../../languages/yaml/node";
import type { ResolvedNode } from "../../languages/yaml/resolve";
import type { Edit } from "../../text/edit";
import type { Span, Value } from "../../text/span";
import { contains, known, unknown } from "../../text/span";
import { hole, type MaskedTemplate } from "./template";

/** The document that fields are written in. */
export class FieldHome {
  constructor(
    readonly file: string,
    readonly document: YamlDocument,
    readonly template: MaskedTemplate | undefined,
  ) {}

  /** Where something that the document says stands in the file. */
  placeOf(at: Span): Span {
    return this.template?.placeOf(at) ?? at;
  }
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
    return this.home.placeOf(this.node.node).start;
  }

  get end(): number {
    return this.home.placeOf(this.node.node).end;
  }

  /** The key before it; undefined in a list. */
  get key(): Span | undefined {
    return this.entry !== undefined && "key" in this.entry ? this.home.placeOf(this.entry.key) : undefined;
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
    if (this.node.kind === "unknown" || this.node.open) return true;
    if (this.kind === "scalar") return !this.text.known;
    return this.home.template?.printsAt(this.node.node) === true;
  }

  /** It stands in a branch of a template; what a branch around the whole document decides does not count. */
  get isConditional(): boolean {
    const { template, document } = this.home;
    return template?.conditions.some((c) => contains(c, this) && !contains(c, document.root)) === true;
  }

  /** A branch around it, or around the whole document, asks the cluster which versions and kinds it knows. */
  get isForSomeClusters(): boolean {
    const { template } = this.home;
    const asks = (on: readonly string[]): boolean => on.some((expression) => expression.includes(".Capabilities"));
    return template?.conditions.some((c) => contains(c, this) && asks(c.on)) === true;
  }

  /** Other places repeat it through an anchor: an edit changes them as well. */
  get isShared(): boolean {
    return this.node.via.length > 0;
  }

  /** The place of characters `[from, to)` of its text. */
  part(from: number, to: number): Span {
    const { node } = this.node;
    return node.kind === "scalar" ? this.home.placeOf(node.part(from, to)) : this;
  }

  set(path: YamlPath, data: YamlData, place: FieldPlace = {}): readonly Edit[] | undefined {
    const full = this.fullPath;
    if (full === undefined) return undefined;
    const { document } = this.home;
    const target = [...full, ...path];
    const written = document.at(target);
    const isNew = written === undefined;
    if (this.home.template !== undefined && (isNew || isNull(written))) return undefined;
    const isPlaced = (place.before !== undefined || place.after !== undefined) && isNew;
    return this.checked(isPlaced ? insert(document, target, data, place) : set(document, target, data, place));
  }

  /** Puts other data in its place. */
  replace(data: YamlData, options: EditOptions = {}): readonly Edit[] | undefined {
    const full = this.fullPath;
    return full && this.checked(set(this.home.document, full, data, options));
  }

  /** Adds an item to the list at the path; makes the list where there is none. */
  append(path: YamlPath, data: YamlData, options: EditOptions = {}): readonly Edit[] | undefined {
    const full = this.home.template === undefined ? this.fullPath : undefined;
    return full && append(this.home.document, [...full, ...path], data, options);
  }

  remove(): readonly Edit[] | undefined {
    const full = this.fullPath;
    const isLast = this.parent !== undefined && childrenOf(this.parent) === 1;
    if (isLast && this.parent.isOpen) return undefined;
    return full && this.checked(remove(this.home.document, full));
  }

  /** Takes it away, and what would be empty without it, up to below `stop`. */
  removeUpTo(stop: Field): readonly Edit[] | undefined {
    let field: Field = this;
    for (;;) {
      const { parent } = field;
      const isOnly = parent !== undefined && childrenOf(parent) === 1 && !parent.isOpen;
      if (parent === undefined || !isOnly || parent.node.node === stop.node.node || parent.parent === undefined) break;
      field = parent;
    }
    return field.remove();
  }

  /** Writes other characters in its place, as they are. */
  rewrite(text: string): readonly Edit[] {
    return [{ span: { start: this.start, end: this.end }, text }];
  }

  /** In a template, only what leaves its actions as they are; what it lacks another branch or a helper may give. */
  private checked(edits: readonly Edit[] | undefined): readonly Edit[] | undefined {
    return edits === undefined || this.home.template?.allows(edits) === false ? undefined : edits;
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

const childrenOf = (field: Field): number =>
  field.kind === "map" ? field.node.entries.length : field.node.items.length;
