/** A part of a project as rules see it: what it says, where that is written, how it came there, and how to edit it. */
import { append, insert, remove, set, type EditOptions, type Position, type YamlData } from "../../languages/yaml/edit";
import type { YamlPath } from "../../languages/yaml/node";
import type { FileEdits } from "../../fix";
import type { Edit } from "../../text/edit";
import type { Span, Value } from "../../text/span";
import {
  hole,
  YamlSource,
  type Datum,
  type Mapping,
  type Piece,
  type Replaced,
  type Scalar,
  type Source,
} from "./datum";
import { piecesOf, slice, spanOf } from "./text";

/** How a value came to where it is effective, beside being written there. */
export type Route = "anchor" | "extends" | "include" | "override" | "default" | "variable" | "implied";

export class Part implements Span {
  constructor(
    readonly datum: Datum,
    /** Where it is effective: `services`, `web`, `ports`. */
    readonly path: readonly string[],
  ) {}

  get source(): Source {
    return this.datum.source;
  }

  /** The file that it is written in. */
  get file(): string {
    return this.source.file;
  }

  get start(): number {
    return this.span.start;
  }

  get end(): number {
    return this.span.end;
  }

  /** The key before it, where it has one of its own. */
  get keySpan(): Span | undefined {
    return this.source instanceof YamlSource ? this.source.key : undefined;
  }

  /** Values of earlier files, or of what is extended, that it took the place of; the last one first. */
  get replaced(): readonly Replaced[] {
    return this.datum.replaced.flatMap((r) => [r, ...new Part(r.value, this.path).replaced]);
  }

  /** Every way by which it came here; the file's own way stands in `Loaded.files`. */
  get routes(): readonly Route[] {
    const routes = new Set<Route>();
    const { source } = this;
    if (source instanceof YamlSource) {
      if (source.value.via.length > 0) routes.add("anchor");
      const [section, name] = source.value.path;
      if (section === "services" && this.path[0] === "services" && name !== this.path[1]) routes.add("extends");
    }
    if (this.replaced.some((r) => r.why === "override")) routes.add("override");
    if (this.datum.kind === "scalar") {
      if (this.datum.implied) routes.add("implied");
      for (const { how } of this.datum.pieces ?? []) if (how === "default" || how === "variable") routes.add(how);
    }
    return [...routes];
  }

  /** Takes it away where it is written; undefined where that cannot be had. */
  remove(): readonly Edit[] | undefined {
    const at = writtenAt(this.source);
    return at && remove(at.source.home.document, at.path);
  }

  /** Takes it away together with every value that would show then, file by file; its own file first. */
  removeAll(): readonly FileEdits[] | undefined {
    const all: FileEdits[] = [];
    for (const part of [this, ...this.replaced.map((r) => new Part(r.value, this.path))]) {
      const edits = part.remove();
      if (edits === undefined) return undefined;
      all.push({ file: part.file, edits });
    }
    return all;
  }

  /** Puts other data in its place. */
  replace(data: YamlData, options: EditOptions = {}): readonly Edit[] | undefined {
    const at = writtenAt(this.source);
    return at && set(at.source.home.document, at.path, data, options);
  }

  private get span(): Span {
    return (this.datum.kind === "scalar" && !this.datum.implied ? spanOf(this.datum) : undefined) ?? this.source;
  }
}

/** The path under which a value is written, behind its aliases and merge keys. */
export function writtenAt(source: Source): { readonly source: YamlSource; readonly path: YamlPath } | undefined {
  if (!(source instanceof YamlSource) || source.entry === undefined) return undefined;
  const { document } = source.home;
  const path = source.value.via.length === 0 ? source.value.path : document.pathAt(source.entry.start);
  return document.at(path) === undefined ? undefined : { source, path };
}

/** Of the places where a mapping is written, the first one in the file; the first one of all where it names none. */
function sourceIn(mapping: Mapping, file: string | undefined): YamlSource | undefined {
  const all = mapping.sources.filter((s): s is YamlSource => s instanceof YamlSource);
  return file === undefined ? all[0] : all.find((s) => s.file === file);
}

/** Where a new entry goes: in which file, or exactly where, and beside which sibling. */
export interface Into extends EditOptions, Position {
  readonly file?: string;
  readonly source?: YamlSource;
}

/** Sets a value below a mapping, in the file where that is first written, or in `file`. */
export function setIn(mapping: Mapping, path: YamlPath, data: YamlData, into: Into = {}): FileEdits | undefined {
  const source = into.source ?? sourceIn(mapping, into.file);
  if (source === undefined) return undefined;
  const { document } = source.home;
  const full = [...source.value.path, ...path];
  const isPlaced = (into.before !== undefined || into.after !== undefined) && document.at(full) === undefined;
  const edits = isPlaced ? insert(document, full, data, into) : set(document, full, data, into);
  return edits && { file: source.file, edits };
}

/** Adds an item to a list below a mapping; makes the list where there is none. */
export function appendIn(mapping: Mapping, path: YamlPath, data: YamlData, into: Into = {}): FileEdits | undefined {
  const source = into.source ?? sourceIn(mapping, into.file);
  const edits = source && append(source.home.document, [...source.value.path, ...path], data, into);
  return edits && { file: source.file, edits };
}

/** A value that is one text, number or switch. */
export class Setting extends Part {
  constructor(
    readonly scalar: Scalar,
    path: readonly string[],
  ) {
    super(scalar, path);
  }

  /** Unknown where a variable is in it that nobody knows. */
  get value(): Value {
    return this.scalar.value;
  }

  /** The text as far as it is known; `fragments` are what stands between the unknown variables. */
  get fragments(): readonly string[] {
    return this.scalar.text.split(hole);
  }

  /** The variables in it, with what they stand for. */
  get variables(): readonly Piece[] {
    return piecesOf(this.scalar).filter((p) => p.variable !== undefined);
  }

  /** Written out, without variables. */
  get isLiteral(): boolean {
    return piecesOf(this.scalar).every((p) => p.how === "written");
  }

  /** Characters `[from, to)` of the text. */
  part(from: number, to = this.scalar.text.length): Setting {
    return new Setting(slice(this.scalar, from, to), this.path);
  }

  /** Writes other characters in its place, as they are; undefined where nobody wrote it. */
  rewrite(text: string): readonly Edit[] | undefined {
    const span = this.scalar.implied ? undefined : spanOf(this.scalar);
    return span && [{ span, text }];
  }
}

/** The setting at a datum; undefined where that is no known scalar, or null. */
export function settingAt(datum: Datum | undefined, path: readonly string[]): Setting | undefined {
  return datum?.kind === "scalar" && datum.type !== "null" ? new Setting(datum, path) : undefined;
}

/** The settings of a list, or of the one text that stands for it. */
export function settingsAt(datum: Datum | undefined, path: readonly string[]): readonly Setting[] {
  const items = datum?.kind === "sequence" ? datum.items : datum === undefined ? [] : [datum];
  return items.flatMap((item, i) => settingAt(item, [...path, String(i)]) ?? []);
}

/** Whether a list or mapping may have items that cannot be seen, or is unknown itself. */
export function isOpen(datum: Datum | undefined): boolean {
  if (datum === undefined || datum.kind === "scalar") return datum?.isKnown === false;
  if (datum.kind === "sequence" && datum.items.some((item) => item.kind === "unclear")) return true;
  return datum.kind === "unclear" || datum.open;
}
