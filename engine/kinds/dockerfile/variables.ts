/** Substitution of build arguments and environment variables, as the builder does it. */
import { known, unknown, type Value } from "../../text/span";

/** What a variable holds at one place of a Dockerfile. `undeclared`: no ARG or ENV that the place can see. */
export type Lookup = (name: string) => Value | "undeclared";

export interface Expansion {
  /** Unknown as soon as one variable in it is; an undeclared one counts as unknown, since a base image may set it. */
  readonly value: Value;
  /** The text with undeclared variables taken as empty, as the builder takes them where no base image sets them. */
  readonly empty: Value;
  readonly names: readonly string[];
  readonly undeclared: readonly string[];
}

/** Arguments that the builder sets by itself. */
export const predefinedArguments: ReadonlySet<string> = new Set([
  "TARGETPLATFORM",
  "TARGETOS",
  "TARGETARCH",
  "TARGETVARIANT",
  "BUILDPLATFORM",
  "BUILDOS",
  "BUILDARCH",
  "BUILDVARIANT",
  "TARGETSTAGE",
  "HTTP_PROXY",
  "http_proxy",
  "HTTPS_PROXY",
  "https_proxy",
  "FTP_PROXY",
  "ftp_proxy",
  "NO_PROXY",
  "no_proxy",
  "ALL_PROXY",
  "all_proxy",
  "SOURCE_DATE_EPOCH",
]);

const deepest = 8;

/** UTF-16 code units. No system hands over a longer variable; values of values double at each step. */
const longest = 131_072;

/** Expands `$X`, `${X}`, `${X:-y}`, `${X-y}`, `${X:+y}`, `${X+y}`; other operators leave the value unknown. */
export function expand(source: string, lookup: Lookup, depth = 0): Expansion {
  if (!source.includes("$")) {
    const value = known(source.replace(/\\(.)/g, "$1"));
    return { value, empty: value, names: [], undeclared: [] };
  }
  const names: string[] = [];
  const undeclared: string[] = [];
  let text = "";
  let why: "variable" | "template" | "broken" | undefined;
  let onlyUndeclared = true;
  let i = 0;
  const take = (part: Expansion | undefined): void => {
    if (part === undefined) return;
    names.push(...part.names);
    undeclared.push(...part.undeclared);
    if (part.value.known) text += part.value.value;
    else {
      why ??= part.value.why;
      if (part.empty.known) text += part.empty.value;
      else onlyUndeclared = false;
    }
  };
  while (i < source.length) {
    if (text.length > longest) {
      why = "broken";
      onlyUndeclared = false;
      break;
    }
    const c = source[i] ?? "";
    if (c === "\\" && i + 1 < source.length) {
      text += source[i + 1];
      i += 2;
      continue;
    }
    if (c !== "$") {
      text += c;
      i++;
      continue;
    }
    const plain = /^\$([A-Za-z_][A-Za-z0-9_]*)/.exec(source.slice(i, i + 256));
    if (plain !== null) {
      take(variable(plain[1] ?? "", lookup));
      i += plain[0].length;
      continue;
    }
    if (source[i + 1] !== "{") {
      text += c;
      i++;
      continue;
    }
    const end = closingBrace(source, i + 2);
    if (end === undefined || depth >= deepest) {
      why ??= "broken";
      onlyUndeclared = false;
      break;
    }
    take(braced(source.slice(i + 2, end), lookup, depth));
    i = end + 1;
  }
  return {
    value: why === undefined ? known(text) : unknown(why),
    empty: onlyUndeclared ? known(text) : unknown(why ?? "variable"),
    names,
    undeclared,
  };
}

function closingBrace(source: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "{" && source[i - 1] === "$") depth++;
    else if (source[i] === "}" && --depth === 0) return i;
  }
  return undefined;
}

function variable(name: string, lookup: Lookup): Expansion {
  const found = lookup(name);
  if (found === "undeclared")
    return { value: unknown("variable"), empty: known(""), names: [name], undeclared: [name] };
  return { value: found, empty: found, names: [name], undeclared: [] };
}

function braced(inside: string, lookup: Lookup, depth: number): Expansion | undefined {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])([\s\S]*))?$/.exec(inside);
  if (match === null) {
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(inside)?.[0];
    return {
      value: unknown("variable"),
      empty: unknown("variable"),
      names: name === undefined ? [] : [name],
      undeclared: [],
    };
  }
  const name = match[1] ?? "";
  const operator = match[2];
  const found = variable(name, lookup);
  if (operator === undefined) return found;
  const other = (): Expansion => expand(match[3] ?? "", lookup, depth + 1);
  const isSet = found.value.known && (operator.startsWith(":") ? found.value.value !== "" : true);
  const isUndeclared = found.undeclared.length > 0;
  if (operator.endsWith("-")) {
    if (isSet) return found;
    const fallback = other();
    // A declared argument without default is set, if at all, by the caller: the default stands for it.
    return { ...fallback, names: [name, ...fallback.names] };
  }
  if (operator.endsWith("+")) {
    if (isSet) return { ...other(), names: [name] };
    const nothing = known("");
    if (isUndeclared || found.value.known) return { value: nothing, empty: nothing, names: [name], undeclared: [] };
    return { value: found.value, empty: found.value, names: [name], undeclared: [] };
  }
  return found;
}
