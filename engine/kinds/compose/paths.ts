/** What relative paths in a compose file mean: files beside it, or below the project's directory. */
import { join } from "../../text/path";
import { hole, type Mapping, Scalar, withEntries, withEntry, withItems, type Datum } from "./datum";
import { below, itemsOf, type PathRule, type Shape } from "./shape";

export interface Ground {
  /** What relative paths are relative to. */
  readonly directory: string;
  /** What `~` means; undefined where nobody knows. */
  readonly home: string | undefined;
}

/** The same with a `path` for every path that has none yet. */
export function resolvePaths(datum: Datum, shape: Shape, ground: Ground): Datum {
  if (shape.path !== undefined) return resolved(datum, shape.path, ground);
  if (datum.kind === "mapping") return mapping(datum, shape, ground);
  if (datum.kind !== "sequence" || shape.list === undefined) return datum;
  const items = datum.items.map((item) => resolvePaths(item, itemsOf(shape), ground));
  return items.every((item, i) => item === datum.items[i]) ? datum : withItems(datum, items);
}

function mapping(datum: Mapping, shape: Shape, ground: Ground): Mapping {
  if (shape.mapping === undefined) return datum;
  let changed: Map<string, Datum> | undefined;
  for (const [name, value] of datum.entries) {
    const next = resolvePaths(value, below(shape, name), ground);
    if (next === value) continue;
    changed ??= new Map(datum.entries);
    changed.set(name, next);
  }
  return changed === undefined ? datum : withEntries(datum, changed);
}

function resolved(datum: Datum, rule: PathRule, ground: Ground): Datum {
  if (datum.kind === "sequence")
    return withItems(
      datum,
      datum.items.map((item) => resolved(item, rule, ground)),
    );
  if (datum.kind === "scalar") return located(datum, rule, ground);
  if (datum.kind !== "mapping") return datum;
  if (rule === "mount") return isText(datum.get("type"), "bind") ? inside(datum, "source", ground) : datum;
  if (rule === "volume") return boundFolder(datum, ground);
  return withEntries(datum, new Map([...datum.entries].map(([name, value]) => [name, resolved(value, rule, ground)])));
}

const isText = (datum: Datum | undefined, text: string): boolean => datum?.kind === "scalar" && datum.text === text;

function inside(datum: Mapping, key: string, ground: Ground): Mapping {
  const value = datum.get(key);
  return value?.kind === "scalar" ? withEntry(datum, key, located(value, "unixPath", ground)) : datum;
}

function boundFolder(datum: Mapping, ground: Ground): Mapping {
  const options = datum.get("driver_opts");
  if (!isText(datum.get("driver"), "local") || options?.kind !== "mapping") return datum;
  if (!isText(options.get("o"), "bind")) return datum;
  return withEntry(datum, "driver_opts", inside(options, "device", ground));
}

const remote = /^(?:https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@|service:)|:\/\//;
export const isRemoteContext = (text: string): boolean => remote.test(text);
export const isWindowsPath = (text: string): boolean => /^(?:[A-Za-z]:[\\/]|\\\\)/.test(text);

function located(scalar: Scalar, rule: PathRule, ground: Ground): Scalar {
  if (scalar.path !== undefined || scalar.type === "null" || scalar.text.startsWith(hole)) return scalar;
  if (rule === "context" && isRemoteContext(scalar.text)) return scalar;
  const path = pathOf(scalar.text, ground);
  if (path === undefined || (scalar.text === "" && rule !== "unixPath")) return scalar;
  if (rule === "unixPath" && isWindowsPath(scalar.text)) return scalar;
  const { type, text, source, pieces, replaced, implied } = scalar;
  return new Scalar(type, text, source, pieces, replaced, path, implied);
}

/** The name of the file that a path means; undefined where it lies in a home that nobody knows. */
export function pathOf(text: string, { directory, home }: Ground): string | undefined {
  if (text.startsWith("~")) return home === undefined ? undefined : home + text.slice(1);
  return text.startsWith("/") ? text : join(directory, text);
}
