/** What readers of formats make: values under names, in the order of the text. */
import type { Span } from "../../text/span";
import type { TextValue } from "./file";

/** Paths are cut here, and nothing further inside gets a name of its own: nesting costs a bounded time. */
export const deepest = 40;

export interface Found {
  readonly path: readonly string[];
  readonly nameSpan?: Span | undefined;
  /** Escapes resolved. */
  readonly value: string;
  /** Without quotes. */
  readonly span: Span;
  /** With quotes; the same as `span` where there are none. */
  readonly whole?: Span;
  readonly beside: ReadonlyMap<string, string>;
  readonly use?: TextValue["use"];
  readonly fix?: TextValue["fix"];
}

export function textValue(text: string, found: Found): TextValue {
  const { path, span, value, whole = span } = found;
  return {
    path,
    name: path.at(-1) ?? "",
    nameSpan: found.nameSpan,
    value,
    span,
    isVerbatim: span.end - span.start === value.length && text.startsWith(value, span.start),
    isQuoted: whole.start !== span.start,
    whole,
    beside: found.beside,
    use: found.use ?? "value",
    fix: found.fix,
  };
}

/** The same values in a text in which theirs begins at `offset`. */
export const moved = (values: readonly TextValue[], offset: number): readonly TextValue[] =>
  values.map((value) => ({
    ...value,
    nameSpan: value.nameSpan && shift(value.nameSpan, offset),
    span: shift(value.span, offset),
    whole: shift(value.whole, offset),
    fix: value.fix && { ...value.fix, at: shift(value.fix.at, offset) },
  }));

const shift = ({ start, end }: Span, offset: number): Span => ({ start: start + offset, end: end + offset });

/** Under which names a mapping says the name of its `value`: `{ name: DB_PASSWORD, value: x }`. */
const nameKeys: readonly string[] = ["name", "key", "Name", "Key", "variable", "envVar"];
export const isValueKey = (name: string): boolean => name === "value" || name === "Value" || name === "default";

/** The name that a mapping gives its `value`. */
export function pairName(beside: ReadonlyMap<string, string>): string | undefined {
  for (const key of nameKeys) {
    const name = beside.get(key);
    if (name !== undefined && /^[\w.$:/-]{1,120}$/.test(name)) return name;
  }
  return undefined;
}

/** `NAME=value` and `--name=value` as an item of a list; offsets in the text. */
export function assignmentIn(text: string): { readonly name: string; readonly from: number } | undefined {
  const match = /^(?:-{1,2}|-D)?([A-Za-z_][\w.-]{1,100})=(?=\S)/.exec(text.slice(0, 110));
  return match === null ? undefined : { name: match[1] ?? "", from: match[0].length };
}
