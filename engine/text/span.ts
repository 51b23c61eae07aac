/** A half-open range of UTF-16 offsets in one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const span = (start: number, end: number): Span => ({ start, end });

export const overlaps = (a: Span, b: Span): boolean =>
  a.start === a.end || b.start === b.end ? a.start <= b.end && b.start <= a.end : a.start < b.end && b.start < a.end;

export const contains = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** The smallest span over all of `spans`; they must not be empty. */
export const cover = (...spans: readonly Span[]): Span => ({
  start: Math.min(...spans.map((s) => s.start)),
  end: Math.max(...spans.map((s) => s.end)),
});

/**
 * A text that a file gives, as far as it can be known from the sources alone. `variable`: decided when the file is
 * used; `template`: decided by a template engine; `broken`: not yet, or not well, written.
 */
export type Value<T = string> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: "variable" | "template" | "broken" };

export const known = <T>(value: T): Value<T> => ({ known: true, value });
export const unknown = (why: "variable" | "template" | "broken"): Value<never> => ({ known: false, why });
