/** Values that are the same in every language: texts put together, constants used elsewhere, members of constants. */
import type { Span } from "../../text/span";
import type { Hole, Text, Unknown, Value } from "./facts";

/** Longer texts made of many pieces are not put together. */
const mostParts = 64;

/** Strings side by side become one, empty ones go. */
function tidy(parts: readonly (string | Hole)[]): readonly (string | Hole)[] {
  const tidied: (string | Hole)[] = [];
  for (const part of parts) {
    const last = tidied.at(-1);
    if (part === "") continue;
    if (typeof part === "string" && typeof last === "string") tidied[tidied.length - 1] = last + part;
    else tidied.push(part);
  }
  return tidied;
}

const wholeOf = (parts: readonly (string | Hole)[]): string | undefined =>
  parts.length === 0 ? "" : parts.length === 1 && typeof parts[0] === "string" ? parts[0] : undefined;

/** A literal of the language; `inner` where its characters stand between the quotes as they are. */
export function literalText(at: Span, value: string, inner: Span | undefined): Text {
  const text: Text = {
    kind: "text",
    start: at.start,
    end: at.end,
    parts: value === "" ? [] : [value],
    whole: value,
    isLiteral: true,
    inner,
  };
  return inner === undefined ? text : { ...text, head: inner };
}

/** What a value gives to a text that it is put into. */
export function partsOf(value: Value): readonly (string | Hole)[] {
  if (value.kind === "text") return value.parts;
  if (value.kind === "amount" || value.kind === "flag") return [String(value.value)];
  return [{ value }];
}

/** A text of pieces that stands here; `head` is where its first characters do, as they are. */
export function joinedText(
  at: Span,
  parts: readonly (string | Hole)[],
  places: { readonly inner?: Span | undefined; readonly head?: Span | undefined } = {},
): Text {
  const few = parts.length > mostParts ? parts.slice(0, mostParts) : parts;
  const tidied = tidy(few);
  const text: Text = {
    kind: "text",
    start: at.start,
    end: at.end,
    parts: tidied,
    whole: few === parts ? wholeOf(tidied) : undefined,
    isLiteral: true,
    inner: places.inner,
  };
  return places.head === undefined ? text : { ...text, head: places.head };
}

/** A text and something behind it. */
export function concatenated(at: Span, left: Value, right: Value): Text {
  const parts = [...partsOf(left), ...partsOf(right)];
  const isLiteral = (left.kind === "text" && left.isLiteral) || (right.kind === "text" && right.isLiteral);
  const head = left.kind === "text" && left.isLiteral ? left.head : undefined;
  return { ...joinedText(at, parts, { head }), isLiteral };
}

export const unknownAt = ({ start, end }: Span): Unknown => ({ kind: "unknown", start, end });

/** Values in a constant, each counted as often as it is used there: constants of constants may double at every step. */
const mostValues = 1000;

function isSmall(constant: Value): boolean {
  let left = mostValues;
  const fits = (value: Value): boolean => {
    left--;
    if (left < 0) return false;
    if (value.kind === "list") return value.items.every(fits);
    if (value.kind === "choice") return value.options.every(fits);
    if (value.kind === "options") return value.entries.every((entry) => fits(entry.value));
    if (value.kind === "call") return value.arguments.every((argument) => fits(argument.value));
    if (value.kind === "text") return value.parts.every((part) => typeof part === "string" || fits(part.value));
    return value.kind !== "lookup" || value.fallback === undefined || fits(value.fallback);
  };
  return fits(constant);
}

/**
 * A constant where it is used: texts, numbers and the like get the span of the place; lists, options and functions stay
 * the objects that they are, at the place where they are written. Undefined for values that are no constants, and for
 * those that are too large to be looked through wherever they are used.
 */
export function usedAt({ start, end }: Span, value: Value): Value | undefined {
  switch (value.kind) {
    case "text": {
      const { kind, parts, whole } = value;
      return { kind, start, end, parts, whole, isLiteral: false, inner: undefined };
    }
    case "flag":
    case "amount":
    case "nothing":
      return { ...value, start, end };
    case "lookup":
    case "choice":
      return isSmall(value) ? { ...value, start, end } : undefined;
    case "list":
    case "options":
      return isSmall(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** The value under a name of a constant; undefined where it is not surely there. */
export function memberOf(value: Value, name: string): Value | undefined {
  if (value.kind !== "options") return undefined;
  const entry = value.entries.findLast((e) => e.name === name);
  return value.isOpen ? undefined : entry?.value;
}
