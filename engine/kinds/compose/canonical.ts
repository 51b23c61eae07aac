/** Every short spelling as the long one, and lists without items that took each other's place. */
import { implied, isNull, Mapping, Scalar, Sequence, withEntries, withItems, type Datum } from "./datum";
import { distinct } from "./identity";
import { namesOf, noSettings, pairsOf, startedDependency } from "./merge";
import { readDevice, readMount, type Mounted } from "./mounts";
import { readPorts } from "./ports";
import type { Refuse } from "./read";
import { below, itemsOf, type Form, type Shape } from "./shape";
import { slice } from "./text";

export function canonical(datum: Datum, shape: Shape, refuse: Refuse): Datum {
  const long = shape.form === undefined ? datum : written(datum, shape.form, refuse);
  if (long.kind === "mapping") return mapping(long, shape, refuse);
  return long.kind === "sequence" ? list(long, shape, refuse) : long;
}

function mapping(datum: Mapping, shape: Shape, refuse: Refuse): Mapping {
  if (shape.mapping === undefined) return datum;
  let changed: Map<string, Datum> | undefined;
  for (const [name, value] of datum.entries) {
    const long = canonical(value, below(shape, name), refuse);
    if (long === value) continue;
    changed ??= new Map(datum.entries);
    changed.set(name, long);
  }
  return changed === undefined ? datum : withEntries(datum, changed);
}

function list(datum: Sequence, shape: Shape, refuse: Refuse): Sequence {
  const inner = itemsOf(shape);
  const items = datum.items.map((item) => canonical(item, inner, refuse));
  const long = items.every((item, i) => item === datum.items[i]) ? datum : withItems(datum, items);
  return shape.identity === undefined ? long : distinct(long, shape.identity, refuse);
}

const one = (datum: Datum, name: string): Mapping =>
  new Mapping(new Map([[name, datum]]), [datum.source], false, datum.replaced);

function written(datum: Datum, form: Form, refuse: Refuse): Datum {
  const isText = datum.kind === "scalar" && datum.type !== "null";
  switch (form) {
    case "build":
      return isText ? one(datum, "context") : datum;
    case "extends":
      return isText ? one(datum, "service") : datum;
    case "include":
      return isText ? one(datum, "path") : datum;
    case "fileUse":
      return isText ? one(datum, "source") : datum;
    case "list":
      return isText ? withoutEmpty(new Sequence([datum], [datum.source], false)) : withoutEmpty(datum);
    case "text":
      return isText && datum.type !== "string" ? new Scalar("string", datum.text, datum.source) : datum;
    case "names":
      return namesOf(datum, noSettings) ?? datum;
    case "dependencies":
      return dependencies(datum);
    case "device":
      return isText ? mounted(datum, readDevice(datum), refuse) : datum;
    case "mount":
      return isText ? mounted(datum, readMount(datum), refuse) : datum;
    case "ports":
      return datum.kind === "sequence" ? ports(datum, refuse) : datum;
    case "envFiles":
      return isText ? envFiles(pairsOf(datum)) : datum.kind === "sequence" ? envFiles(datum) : datum;
    case "gpus":
      return isText ? new Sequence([one(implied("all", datum.source), "count")], [datum.source], false) : datum;
    case "pairs":
      return datum.kind === "sequence" ? assignments(datum, refuse) : datum;
    case "ssh":
      return datum.kind === "sequence" ? keys(datum, refuse) : datum;
    case "external":
      return datum.kind === "mapping" ? external(datum, refuse) : datum;
  }
}

/** An item `""` or null counts for nothing. */
function withoutEmpty(datum: Datum): Datum {
  if (datum.kind !== "sequence") return datum;
  const items = datum.items.filter((i) => i.kind !== "scalar" || i.text !== "");
  return items.length === datum.items.length ? datum : withItems(datum, items);
}

function mounted(item: Scalar, read: Mounted, refuse: Refuse): Datum {
  if ("mount" in read) return read.mount;
  refuse(item.source, read.refusal);
  return item;
}

function ports(datum: Sequence, refuse: Refuse): Sequence {
  const items = datum.items.flatMap((item) => {
    if (item.kind !== "scalar") return [item];
    const read = readPorts(item);
    if ("ports" in read) return read.ports;
    refuse(item.source, read.refusal);
    return [item];
  });
  return withItems(datum, items);
}

function dependencies(datum: Datum): Datum {
  const named = namesOf(datum, startedDependency);
  if (named === undefined) return datum;
  const all = new Map<string, Datum>();
  for (const [name, value] of named.entries) {
    if (value.kind !== "mapping") {
      all.set(name, value);
      continue;
    }
    const entries = new Map(value.entries);
    if (!entries.has("condition")) entries.set("condition", implied("service_started", value.source));
    if (!entries.has("required")) entries.set("required", implied("true", value.source, "boolean"));
    all.set(name, withEntries(value, entries));
  }
  return withEntries(named, all);
}

function envFiles(datum: Sequence): Sequence {
  const items = datum.items.map((item) => {
    const long = item.kind === "scalar" ? one(item, "path") : item;
    if (long.kind !== "mapping" || long.entries.has("required")) return long;
    return withEntries(long, new Map(long.entries).set("required", implied("true", long.source, "boolean")));
  });
  return withItems(datum, items);
}

function assignments(datum: Sequence, refuse: Refuse): Datum {
  const all = new Map<string, Datum>();
  for (const item of datum.items) {
    if (item.kind !== "scalar") continue;
    const equals = item.text.indexOf("=");
    if (equals < 0) refuse(item.source, `\`${item.text}\` has no \`=\``);
    else all.set(item.text.slice(0, equals), slice(item, equals + 1));
  }
  return new Mapping(all, datum.sources, datum.open, datum.replaced);
}

function keys(datum: Sequence, refuse: Refuse): Datum {
  const all = new Map<string, Datum>();
  for (const item of datum.items) {
    if (item.kind !== "scalar") continue;
    const equals = item.text.indexOf("=");
    if (equals >= 0) all.set(item.text.slice(0, equals), slice(item, equals + 1));
    else if (item.text === "default" || !item.isKnown) all.set(item.text, noSettings(item.source));
    else refuse(item.source, `\`${item.text}\` names no key file`);
  }
  return new Mapping(all, datum.sources, datum.open, datum.replaced);
}

/** `external: { name: x }` is an old spelling of `external: true` and `name: x`. */
function external(datum: Mapping, refuse: Refuse): Mapping {
  const value = datum.get("external");
  if (value?.kind !== "mapping") return datum;
  const entries = new Map(datum.entries).set("external", implied("true", value.source, "boolean"));
  const [name, own] = [value.get("name"), datum.get("name")];
  if (name?.kind === "scalar" && own?.kind === "scalar" && name.text !== own.text) {
    refuse(name.source, "`name` and `external.name` say different things");
  }
  if (name !== undefined && own === undefined) entries.set("name", name);
  return withEntries(datum, entries);
}

/** Whether a value is there and not null. */
export const isSet = (datum: Datum | undefined): datum is Datum => datum !== undefined && !isNull(datum);
