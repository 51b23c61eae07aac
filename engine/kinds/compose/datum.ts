/** What a compose project says, value by value, each with where it is written and what it took the place of. */
import type { YamlDocument } from "../../languages/yaml/document";
import type { YamlEntry, YamlItem, YamlNode, YamlScalar } from "../../languages/yaml/node";
import type { ResolvedNode } from "../../languages/yaml/resolve";
import { known, unknown, type Span, type Value } from "../../text/span";

/** Where something is written: the value's span, without its key. */
export interface Source extends Span {
  readonly file: string;
}

/** One document of a compose file; what was read of it stays true while only texts around it change. */
export class ComposeDocument {
  constructor(
    readonly file: string,
    private readonly read: YamlDocument,
  ) {}

  /** The newest one. */
  get document(): YamlDocument {
    return this.read.origin.document ?? this.read;
  }
}

/** A place in a compose file. */
export class YamlSource implements Source {
  constructor(
    readonly home: ComposeDocument,
    readonly value: ResolvedNode,
    /** The entry or item that the value stands in, behind aliases and merge keys; undefined for a document's root. */
    readonly entry: YamlEntry | YamlItem | undefined,
  ) {}

  get file(): string {
    return this.home.file;
  }

  get node(): YamlNode {
    return this.value.node;
  }

  get start(): number {
    return this.node.start;
  }

  get end(): number {
    return this.node.end;
  }

  /** The key before the value; undefined in a list. */
  get key(): YamlNode | undefined {
    return this.entry !== undefined && "key" in this.entry ? this.entry.key : undefined;
  }
}

export type Why = "override" | "extends" | "include" | "later";

/** A value that another one took the place of. `later`: by a later item of the same name or target. */
export interface Replaced {
  readonly value: Datum;
  readonly why: Why;
}

export type ScalarType = "string" | "int" | "float" | "boolean" | "null" | "time";

/**
 * A stretch of a scalar's text and the characters `[from, to)` of the decoded text of `node` that it stands for.
 * `default`: out of `${X:-…}`; `variable`: the value of a variable; `unknown`: a variable whose value nobody knows.
 */
export interface Piece {
  readonly text: string;
  readonly how: "written" | "default" | "variable" | "unknown";
  readonly node: YamlScalar | undefined;
  readonly from: number;
  readonly to: number;
  readonly variable?: string;
}

/** Stands in a text for the value of a variable that is not known: a noncharacter, which no text may hold. */
export const hole = "\uFDD0";

export class Scalar {
  readonly kind = "scalar";

  constructor(
    readonly type: ScalarType,
    /** As compose prints the value; `hole` stands for each unknown variable. */
    readonly text: string,
    readonly source: Source,
    /** Left out where the text is the node's own. */
    readonly pieces: readonly Piece[] | undefined = undefined,
    readonly replaced: readonly Replaced[] = [],
    /** The file that a relative path means, or the host's path. */
    readonly path: string | undefined = undefined,
    /** Nobody wrote it: the default of compose. `source` is then what it is a part of. */
    readonly implied = false,
  ) {}

  get isKnown(): boolean {
    return !this.text.includes(hole);
  }

  get value(): Value {
    return this.isKnown ? known(this.text) : unknown("variable");
  }
}

export class Mapping {
  readonly kind = "mapping";

  constructor(
    readonly entries: ReadonlyMap<string, Datum>,
    /** Every place that adds to it, the first first. */
    readonly sources: readonly Source[],
    /** It may have more entries than can be seen. */
    readonly open: boolean,
    readonly replaced: readonly Replaced[] = [],
  ) {}

  get source(): Source {
    return this.sources[this.sources.length - 1] as Source;
  }

  get(name: string): Datum | undefined {
    return this.entries.get(name);
  }
}

export class Sequence {
  readonly kind = "sequence";

  constructor(
    readonly items: readonly Datum[],
    readonly sources: readonly Source[],
    readonly open: boolean,
    readonly replaced: readonly Replaced[] = [],
  ) {}

  get source(): Source {
    return this.sources[this.sources.length - 1] as Source;
  }
}

/** Something that cannot be known. */
export class Unclear {
  readonly kind = "unclear";

  constructor(
    readonly why: "variable" | "broken",
    readonly source: Source,
    readonly replaced: readonly Replaced[] = [],
  ) {}
}

export type Datum = Scalar | Mapping | Sequence | Unclear;

export const isNull = (datum: Datum | undefined): boolean => datum?.kind === "scalar" && datum.type === "null";

/** The same with the values that it took the place of. */
export function replacing(datum: Datum, ...replaced: readonly Replaced[]): Datum {
  if (replaced.length === 0) return datum;
  const all = [...replaced, ...datum.replaced];
  switch (datum.kind) {
    case "scalar":
      return new Scalar(datum.type, datum.text, datum.source, datum.pieces, all, datum.path, datum.implied);
    case "mapping":
      return new Mapping(datum.entries, datum.sources, datum.open, all);
    case "sequence":
      return new Sequence(datum.items, datum.sources, datum.open, all);
    case "unclear":
      return new Unclear(datum.why, datum.source, all);
  }
}

/** The same mapping with other entries. */
export const withEntries = (mapping: Mapping, entries: ReadonlyMap<string, Datum>): Mapping =>
  new Mapping(entries, mapping.sources, mapping.open, mapping.replaced);

/** The same mapping with one entry set. */
export const withEntry = (mapping: Mapping, name: string, value: Datum): Mapping =>
  withEntries(mapping, new Map(mapping.entries).set(name, value));

/** The same sequence with other items. */
export const withItems = (sequence: Sequence, items: readonly Datum[]): Sequence =>
  new Sequence(items, sequence.sources, sequence.open, sequence.replaced);

/** A value of compose's own, as a part of what stands at `source`. */
export const implied = (text: string, source: Source, type: ScalarType = "string"): Scalar =>
  new Scalar(type, text, source, undefined, [], undefined, true);

/** Whether both say the same, wherever they are written. */
export function isSame(a: Datum, b: Datum): boolean {
  if (a === b) return true;
  if (a.kind === "scalar") {
    return (
      b.kind === "scalar" && a.type === b.type && a.text === b.text && (a.isKnown || isSamePlace(a.source, b.source))
    );
  }
  if (a.kind === "sequence") {
    return b.kind === "sequence" && isSameLength(a, b) && a.items.every((x, i) => isSame(x, b.items[i] as Datum));
  }
  if (a.kind === "unclear" || b.kind !== "mapping" || a.entries.size !== b.entries.size || a.open || b.open)
    return false;
  return [...a.entries].every(([name, value]) => {
    const other = b.entries.get(name);
    return other !== undefined && isSame(value, other);
  });
}

const isSameLength = (a: Sequence, b: Sequence): boolean => a.items.length === b.items.length && !a.open && !b.open;

const isSamePlace = (a: Source, b: Source): boolean => a.file === b.file && a.start === b.start && a.end === b.end;
