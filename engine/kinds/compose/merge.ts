/** Two files' values as one, by the rule of each key. */
import {
  implied,
  isNull,
  isSame,
  Mapping,
  replacing,
  type Scalar,
  Sequence,
  withEntries,
  type Datum,
  type Replaced,
  type Source,
  type Why,
} from "./datum";
import type { Refuse } from "./read";
import { below, type Shape } from "./shape";
import { assignment } from "./text";

/** How two values meet. */
export interface Meeting {
  readonly why: Why;
  readonly refuse: Refuse;
}

/** What `over` makes of `base`. */
export function merge(base: Datum, over: Datum, shape: Shape, meeting: Meeting): Datum {
  if (over.kind === "unclear" || base.kind === "unclear") return unclear(base, over, meeting);
  switch (shape.merge) {
    case "replace":
      return replacing(over, { value: base, why: meeting.why });
    case "pairs":
      return joined(pairsOf(base), pairsOf(over));
    case "build":
      return entries(buildOf(base), buildOf(over), shape, meeting);
    case "names":
    case "dependencies":
      return named(base, over, shape, meeting);
    case "logging":
      return logging(base, over, shape, meeting);
    case "limit":
      if (base.kind === "mapping" && over.kind === "mapping") return entries(base, over, shape, meeting);
      return replacing(over, { value: base, why: meeting.why });
    case "pools":
      if (base.kind === "sequence" && over.kind === "sequence") return pools(base, over, shape, meeting);
      break;
    case undefined:
      break;
  }
  return plain(base, over, shape, meeting);
}

function plain(base: Datum, over: Datum, shape: Shape, meeting: Meeting): Datum {
  if (isNull(over)) return base;
  if (base.kind === "mapping") {
    return over.kind === "mapping" ? entries(base, over, shape, meeting) : mismatch(base, over, meeting);
  }
  if (base.kind === "sequence") return over.kind === "sequence" ? joined(base, over) : mismatch(base, over, meeting);
  return replacing(over, { value: base, why: meeting.why });
}

function mismatch(base: Mapping | Sequence, over: Datum, { refuse }: Meeting): Datum {
  refuse(
    over.source,
    `This cannot be merged with the ${base.kind === "mapping" ? "mapping" : "list"} that it overrides`,
  );
  return opened(base);
}

/** Something unknown is added to something known, or takes its place. */
function unclear(base: Datum, over: Datum, { why }: Meeting): Datum {
  const from: Replaced = { value: base, why };
  if (over.kind !== "unclear") return opened(replacing(over, from));
  return base.kind === "mapping" || base.kind === "sequence" ? opened(base) : replacing(over, from);
}

/** The same, with room for what cannot be seen. */
export function opened(datum: Datum): Datum {
  if (datum.kind === "mapping") return new Mapping(datum.entries, datum.sources, true, datum.replaced);
  if (datum.kind === "sequence") return new Sequence(datum.items, datum.sources, true, datum.replaced);
  return datum;
}

/** Merges key by key. */
export function entries(base: Mapping, over: Mapping, shape: Shape, meeting: Meeting): Mapping {
  const all = new Map(base.entries);
  for (const [name, value] of over.entries) {
    const old = all.get(name);
    all.set(name, old === undefined ? value : merge(old, value, below(shape, name), meeting));
  }
  return new Mapping(all, [...base.sources, ...over.sources], base.open || over.open, [
    ...over.replaced,
    ...base.replaced,
  ]);
}

/** One list behind the other, without what is there already. */
function joined(base: Sequence, over: Sequence): Sequence {
  const items = [...base.items];
  const texts = new Set(items.flatMap((item) => textKey(item) ?? []));
  for (const item of over.items) {
    const key = textKey(item);
    const isThere = key === undefined ? items.some((other) => isSame(other, item)) : texts.has(key);
    if (isThere) continue;
    items.push(item);
    if (key !== undefined) texts.add(key);
  }
  return new Sequence(items, [...base.sources, ...over.sources], base.open || over.open, base.replaced);
}

/** What known texts that are the same share. */
const textKey = (datum: Datum): string | undefined =>
  datum.kind === "scalar" && datum.isKnown ? `${datum.type} ${datum.text}` : undefined;

/** The list of `name=value`, sorted, that a mapping stands for; of a text the list of it. */
export function pairsOf(datum: Datum): Sequence {
  if (datum.kind === "sequence") return datum;
  if (datum.kind === "unclear") return new Sequence([], [datum.source], true);
  if (datum.kind === "scalar") return new Sequence(datum.type === "null" ? [] : [datum], [datum.source], false);
  const items = [...datum.entries].flatMap(([name, value]): Scalar[] => {
    if (value.kind === "scalar") return [assignment(name, value)];
    return value.kind === "sequence"
      ? value.items.flatMap((v) => (v.kind === "scalar" ? [assignment(name, v)] : []))
      : [];
  });
  items.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return new Sequence(items, datum.sources, datum.open, datum.replaced);
}

function buildOf(datum: Datum): Mapping {
  if (datum.kind === "mapping") return datum;
  const context: [string, Datum][] = datum.kind === "scalar" && !isNull(datum) ? [["context", datum]] : [];
  return new Mapping(new Map(context), [datum.source], false);
}

function named(base: Datum, over: Datum, shape: Shape, meeting: Meeting): Datum {
  const value = shape.merge === "dependencies" ? startedDependency : noSettings;
  const [first, second] = [namesOf(base, value), namesOf(over, value)];
  if (first === undefined) return second ?? over;
  return second === undefined ? first : entries(first, second, shape, meeting);
}

/** What a dependency that is only named means. */
export const startedDependency = (source: Source): Datum =>
  new Mapping(
    new Map([
      ["condition", implied("service_started", source)],
      ["required", implied("true", source, "boolean")],
    ]),
    [source],
    false,
  );

/** What a network that is only named means. */
export const noSettings = (source: Source): Datum => implied("", source, "null");

/** A list of names as a mapping; undefined where it is neither. */
export function namesOf(datum: Datum, value: (source: Source) => Datum): Mapping | undefined {
  if (datum.kind === "mapping") return datum;
  if (datum.kind !== "sequence") return undefined;
  const all = new Map<string, Datum>();
  for (const item of datum.items) if (item.kind === "scalar") all.set(item.text, value(item.source));
  return new Mapping(all, datum.sources, datum.open || datum.items.some((i) => i.kind !== "scalar"), datum.replaced);
}

function logging(base: Datum, over: Datum, shape: Shape, meeting: Meeting): Datum {
  if (base.kind !== "mapping" || over.kind !== "mapping") {
    meeting.refuse(over.source, "`logging` must be a mapping to be merged");
    return opened(base);
  }
  const [first, second] = [base.get("driver"), over.get("driver")];
  if (first === undefined || second === undefined || isSame(first, second)) return entries(base, over, shape, meeting);
  return replacing(over, { value: base, why: meeting.why });
}

/** Address pools are merged by their subnet. */
function pools(base: Sequence, over: Sequence, shape: Shape, meeting: Meeting): Sequence {
  const subnet = (datum: Datum): string => {
    const value = datum.kind === "mapping" ? datum.get("subnet") : undefined;
    return value?.kind === "scalar" ? value.text : "";
  };
  const rest = [...over.items];
  const items = base.items.map((pool) => {
    const index = rest.findIndex((other) => subnet(other) === subnet(pool));
    const [other] = index < 0 ? [] : rest.splice(index, 1);
    if (pool.kind !== "mapping" || other?.kind !== "mapping") return pool;
    return entries(pool, other, shape.list?.items ?? {}, meeting);
  });
  return new Sequence([...items, ...rest], [...base.sources, ...over.sources], base.open || over.open);
}

/** The mapping without a key. */
export function without(mapping: Mapping, name: string): Mapping {
  if (!mapping.entries.has(name)) return mapping;
  const left = new Map(mapping.entries);
  left.delete(name);
  return withEntries(mapping, left);
}
