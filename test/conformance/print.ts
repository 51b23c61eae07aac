/** A loaded project as `docker compose config --format json` prints it; the rules stand in compose/README.md. */
import type { Mapping, Datum, Scalar } from "../../engine/kinds/compose/datum";
import {
  assignmentsOf,
  environmentOf,
  labelsOf,
  type Assignment,
  type Files,
} from "../../engine/kinds/compose/environment";
import type { Loaded } from "../../engine/kinds/compose/load";
import { readBytes, readDuration } from "../../engine/kinds/compose/quantities";
import { isRunning } from "../../engine/kinds/compose/profiles";
import { below, itemsOf, type Shape } from "../../engine/kinds/compose/shape";
import { serviceShape } from "../../engine/kinds/compose/serviceShape";
import { composeShape } from "../../engine/kinds/compose/specification";
import { wordsOf } from "../../engine/kinds/compose/words";
import type { Refuse } from "../../engine/kinds/compose/read";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Entries = [string, Json][];

/** Keys whose zero is no absence. */
const kept = new Set([
  ...["command", "entrypoint", "attach", "init", "scale", "replicas", "retries", "parallelism", "max_attempts"],
  ...["enable_ipv4", "enable_ipv6", "required", "timeout", "interval", "start_period", "start_interval"],
  ...["stop_grace_period", "window", "mode", "create_host_path"],
]);
/** Numbers, though texts may stand there. */
const numeric = new Set(["count", "mode"]);
const renamed = new Map([
  ["path", "Path"],
  ["rate", "Rate"],
  ["weight", "Weight"],
]);

const escape = (text: string): string => text.replaceAll("$", "$$$$");
const object = (entries: Iterable<readonly [string, Json]>): Json =>
  Object.fromEntries([...entries].map(([key, value]) => [escape(key), value] as const));

/** The text of a nanosecond count, as Go writes it. */
function printDuration(nanoseconds: number): string {
  const size = Math.abs(nanoseconds);
  const sign = nanoseconds < 0 ? "-" : "";
  if (size === 0) return "0s";
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < 1e9) return `${sign}${size / 1e6}ms`;
  const hours = Math.floor(size / 3600e9);
  const minutes = Math.floor((size % 3600e9) / 60e9);
  const seconds = (size % 60e9) / 1e9;
  return `${sign}${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds}s`;
}

const isZero = (value: Json): boolean =>
  value === null || value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0);

function printScalar(datum: Scalar, shape: Shape, key: string): Json {
  const text = datum.path ?? datum.text;
  switch (shape.reading) {
    case "bytes": {
      const bytes = readBytes(text) ?? 0;
      return bytes === 0 ? "" : String(bytes);
    }
    case "duration":
      return printDuration(readDuration(text) ?? 0);
    case "mode":
      return `0${(datum.type === "string" ? Number.parseInt(text, 8) : Number(text)).toString(8)}`;
    case "command":
      if (datum.type === "null") return null;
      return (wordsOf(datum) ?? []).map((w) => escape(w.text));
    case "test":
      return ["CMD-SHELL", escape(text)];
    default:
      break;
  }
  if (numeric.has(key) && shape.reading === undefined)
    return text.toLowerCase() === "all" ? -1 : Number.isNaN(Number(text)) ? text : Number(text);
  if (datum.type === "null") return null;
  const isText = shape.cast === undefined && (shape.scalars?.includes("string") ?? false);
  if (datum.type === "string" || datum.type === "time" || isText) return escape(text);
  return datum.type === "boolean" ? text === "true" : Number(text);
}

function printPairs(assignments: readonly Assignment[], isNullKept: boolean): Json {
  return object(
    assignments.map(({ name, value }) => {
      const isNull = value.type === "null";
      return [name, isNull ? (isNullKept ? null : "") : escape(value.path ?? value.text)] as const;
    }),
  );
}

function printHosts(datum: Datum): Json {
  const bare = (address: string): string => address.replace(/^\[(.+)\]$/, "$1");
  const lines: string[] = [];
  if (datum.kind === "mapping") {
    for (const [host, value] of datum.entries) {
      for (const item of value.kind === "sequence" ? value.items : [value]) {
        if (item.kind === "scalar") lines.push(`${host}=${bare(item.text)}`);
      }
    }
  }
  for (const item of datum.kind === "sequence" ? datum.items : []) {
    if (item.kind !== "scalar") continue;
    const at = item.text.includes("=") ? item.text.indexOf("=") : item.text.indexOf(":");
    for (const address of item.text.slice(at + 1).split(",")) lines.push(`${item.text.slice(0, at)}=${bare(address)}`);
  }
  return lines.sort().map(escape);
}

function print(datum: Datum, shape: Shape, key: string): Json {
  if (shape.reading === "hosts") return printHosts(datum);
  if (datum.kind !== "scalar" && shape.reading === "assignments") return printPairs(assignmentsOf(datum), true);
  if (datum.kind !== "scalar" && (shape.reading === "labels" || shape.reading === "mapping")) {
    return printPairs(assignmentsOf(datum), false);
  }
  if (shape.form === "ssh" && datum.kind === "mapping") {
    return [...datum.entries].map(([id, value]) =>
      value.kind === "scalar" && value.type !== "null" ? `${id}: ${value.path}` : id,
    );
  }
  if (datum.kind === "scalar") {
    const isOne =
      shape.list !== undefined && shape.mapping === undefined && shape.reading === undefined && datum.type !== "null";
    return isOne ? [printScalar(datum, itemsOf(shape), key)] : printScalar(datum, shape, key);
  }
  if (datum.kind === "sequence") return datum.items.map((item) => print(item, itemsOf(shape), key));
  return datum.kind === "mapping" ? printMapping(datum, shape, key) : null;
}

const isNames = (shape: Shape): boolean => shape.mapping?.others !== undefined;

function printMapping(datum: Mapping, shape: Shape, key: string): Json {
  const entries: Entries = [];
  const isThrottle = key.startsWith("device_") || key === "weight_device";
  for (const [name, value] of datum.entries) {
    const isExtension = name.startsWith("x-") && shape.mapping?.extensible === true;
    if (isExtension && key !== "storage_opt") continue;
    const inner = below(shape, name);
    const printed = print(value, inner, name);
    if (!isNames(shape) && !kept.has(name) && (isZero(printed) || isEmptyNames(printed, inner))) continue;
    if (!isNames(shape) && printed === null && name !== "command" && name !== "entrypoint") continue;
    if (name === "create_host_path" && printed === true) continue;
    entries.push([isThrottle ? (renamed.get(name) ?? name) : name, printed]);
  }
  return object(entries);
}

const isEmptyNames = (value: Json, shape: Shape): boolean =>
  (isNames(shape) || shape.reading !== undefined) &&
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length === 0;

function withKeys(value: Json | undefined, keys: Readonly<Record<string, Json>>): Json {
  return { ...(value as Readonly<Record<string, Json>>), ...keys };
}

function printService(service: Mapping, loaded: Loaded, files: Files, refuse: Refuse): Json {
  const printed = { ...(printMapping(service, serviceShape, "") as Record<string, Json>) };
  printed["command"] ??= null;
  printed["entrypoint"] ??= null;
  delete printed["env_file"];
  const provider = printed["provider"] as { readonly options?: Readonly<Record<string, Json>> } | undefined;
  if (provider?.options !== undefined) {
    const options = Object.entries(provider.options).map(([key, value]) => [key, [value].flat() as Json] as const);
    printed["provider"] = withKeys(printed["provider"], { options: Object.fromEntries(options) });
  }
  const environment = printPairs(environmentOf(service, files, loaded.variables, refuse).assignments, true);
  const labels = printPairs(labelsOf(service, files, refuse), false);
  for (const [key, value] of [
    ["environment", environment],
    ["labels", labels],
  ] as const) {
    delete printed[key];
    if (Object.keys(value as object).length > 0) printed[key] = value;
  }
  if (printed["deploy"] !== undefined)
    printed["deploy"] = { placement: {}, resources: {}, ...(printed["deploy"] as object) };
  const develop = printed["develop"] as { watch?: readonly Json[] } | undefined;
  if (develop?.watch !== undefined) {
    printed["develop"] = { watch: develop.watch.map((w) => ({ exec: { command: null }, ...(w as object) })) };
  }
  return printed;
}

/** What the running services use of a kind of resource. */
function used(services: readonly Mapping[], key: string): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (datum: Datum | undefined): void => {
    for (const item of datum?.kind === "sequence" ? datum.items : []) {
      const source = item.kind === "mapping" ? item.get("source") : undefined;
      const type = item.kind === "mapping" ? item.get("type") : undefined;
      const isVolume = key !== "volumes" || (type?.kind === "scalar" && type.text === "volume");
      if (source?.kind === "scalar" && isVolume) names.add(source.text);
    }
  };
  for (const service of services) {
    const value = service.get(key);
    if (value?.kind === "mapping") for (const name of value.entries.keys()) names.add(name);
    add(value);
    const build = service.get("build");
    if (key === "secrets" && build?.kind === "mapping") add(build.get("secrets"));
  }
  return names;
}

/** The running part of a project. */
export function printProject(loaded: Loaded, files: Files, refuse: Refuse): Json {
  const { model } = loaded;
  const all = model.get("services");
  const running = [...(all?.kind === "mapping" ? all.entries : [])].filter(
    (e): e is [string, Mapping] => e[1].kind === "mapping" && isRunning(e[1], loaded.profiles),
  );
  const services = running.map(([name, service]) => [name, printService(service, loaded, files, refuse)] as const);
  const entries: Entries = [
    ["name", loaded.name],
    ["services", object(services)],
  ];
  for (const key of ["networks", "volumes", "secrets", "configs"]) {
    const names = used(
      running.map(([, s]) => s),
      key,
    );
    const resources = model.get(key);
    const shape = below(composeShape, key);
    const printed: Entries = [];
    for (const [name, value] of resources?.kind === "mapping" ? resources.entries : []) {
      if (!names.has(name)) continue;
      const one = print(value, below(shape, name), name);
      printed.push([name, key === "networks" ? { ipam: {}, ...(one as object) } : one]);
    }
    if (printed.length > 0) entries.push([key, object(printed)]);
  }
  for (const [key, value] of model.entries) if (key.startsWith("x-")) entries.push([key, printAny(value)]);
  return object(entries);
}

function printAny(datum: Datum): Json {
  if (datum.kind === "mapping")
    return object([...datum.entries].map(([key, value]) => [key, printAny(value)] as const));
  if (datum.kind === "sequence") return datum.items.map(printAny);
  return datum.kind === "scalar" ? printScalar(datum, {}, "") : null;
}
