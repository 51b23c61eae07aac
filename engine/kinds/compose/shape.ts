/** What a key of a compose file may hold, and how compose merges and rewrites it. */
import type { ScalarType } from "./datum";

/**
 * How two files' values become one; without a rule a mapping is merged key by key, lists are joined without repetitions,
 * and of anything else the later counts.
 * `replace`: the later one, even where it is null. `pairs`: both become lists of `name=value` (or of words).
 * `names`, `dependencies`, `build`: the short form becomes a mapping first.
 */
export type MergeRule = "replace" | "pairs" | "names" | "dependencies" | "build" | "logging" | "limit" | "pools";

/** What an item of a list must not share with another one: the later item takes the earlier one's place. */
export type Identity = "name" | "mount" | "device" | "port" | "secret" | "config" | "envFile" | "text";

/** The short spellings that become long ones. */
export type Form =
  | "build"
  | "dependencies"
  | "device"
  | "envFiles"
  | "extends"
  | "external"
  | "fileUse"
  | "gpus"
  | "include"
  | "list"
  | "mount"
  | "names"
  | "pairs"
  | "ports"
  | "ssh"
  | "text";

/** What a relative path is resolved as; `mount` only for binds, `volume` only for bound folders. */
export type PathRule = "context" | "path" | "unixPath" | "mount" | "volume";

/** What a text means beyond being one. */
export type Reading =
  | "bytes"
  | "duration"
  | "mode"
  | "command"
  | "test"
  | "hosts"
  | "assignments"
  | "labels"
  | "mapping";

export interface Shape {
  readonly scalars?: readonly ScalarType[];
  readonly words?: readonly string[];
  readonly pattern?: RegExp;
  readonly range?: readonly [least: number, most: number];
  readonly mapping?: MappingShape;
  readonly list?: ListShape;
  /** What a text becomes, and must become. */
  readonly cast?: "boolean" | "integer" | "number";
  readonly merge?: MergeRule;
  readonly identity?: Identity;
  readonly form?: Form;
  readonly path?: PathRule;
  readonly reading?: Reading;
}

export interface MappingShape {
  readonly keys: Readonly<Record<string, Shape>>;
  /** Of any other key that `names` allows. */
  readonly others?: Shape;
  readonly names?: RegExp;
  /** Other keys that are nobody's business may stand there. */
  readonly loose?: true;
  /** Keys that begin with `x-` may stand there. */
  readonly extensible: boolean;
  readonly required?: readonly string[];
}

export interface ListShape {
  readonly items: Shape;
  /** Equal items are refused. */
  readonly distinct: boolean;
}

/** Anything at all. */
export const anything: Shape = {};

/** The shape below a key. */
export function below(shape: Shape, key: string): Shape {
  const { mapping } = shape;
  if (mapping === undefined) return anything;
  const own = Object.hasOwn(mapping.keys, key) ? mapping.keys[key] : undefined;
  if (own !== undefined) return own;
  if (mapping.extensible && key.startsWith("x-")) return anything;
  return mapping.others ?? anything;
}

export const itemsOf = (shape: Shape): Shape => shape.list?.items ?? anything;

export const text: Shape = { scalars: ["string", "time"] };
export const number: Shape = { scalars: ["int", "float"] };
export const textOrNumber: Shape = { scalars: ["string", "time", "int", "float"] };
export const textOrInteger: Shape = { scalars: ["string", "time", "int"] };
export const flag: Shape = { scalars: ["boolean", "string"], cast: "boolean" };
export const integer: Shape = { scalars: ["int", "string"], cast: "integer" };
export const decimal: Shape = { scalars: ["int", "float", "string"], cast: "number" };
export const bytes: Shape = { scalars: ["int", "float", "string"], reading: "bytes" };
export const duration: Shape = { ...text, reading: "duration" };

export const listOf = (items: Shape, more: Shape = {}): Shape => ({ list: { items, distinct: false }, ...more });
export const setOf = (items: Shape, more: Shape = {}): Shape => ({ list: { items, distinct: true }, ...more });
/** One text, or a list of them. */
export const texts = (more: Shape = {}): Shape => ({ ...text, list: { items: text, distinct: true }, ...more });

/** A mapping with these keys and `x-` ones. */
export const object = (
  keys: Readonly<Record<string, Shape>>,
  more: Shape = {},
  required: readonly string[] = [],
): Shape => ({
  mapping: { keys, extensible: true, required },
  ...more,
});

/** A mapping with these keys only. */
export const closed = (
  keys: Readonly<Record<string, Shape>>,
  more: Shape = {},
  required: readonly string[] = [],
): Shape => ({
  mapping: { keys, extensible: false, required },
  ...more,
});

export const resourceName = /^[a-zA-Z0-9._-]+$/;

/** A mapping from names to something. */
export const named = (others: Shape, more: Shape = {}, names: RegExp = resourceName): Shape => ({
  mapping: { keys: {}, others, names, extensible: false },
  ...more,
});

const anyValue: Shape = { scalars: ["string", "time", "int", "float", "boolean", "null"] };

/** `[a=1]` or `{ a: 1 }`. */
export const pairs = (more: Shape): Shape => ({
  mapping: { keys: {}, others: anyValue, names: /./, extensible: false },
  list: { items: text, distinct: true },
  ...more,
});
