import type { Span } from "./span";

/** Replaces `span` of one text by `text`. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

const byPosition = (a: Edit, b: Edit): number => a.span.start - b.span.start || a.span.end - b.span.end;

/** Whether two of the edits touch the same characters, or insert at the same place. */
export function conflict(edits: readonly Edit[]): boolean {
  const sorted = [...edits].sort(byPosition);
  return sorted.some((edit, i) => {
    const next = sorted[i + 1];
    if (next === undefined) return false;
    const sameInsertion = edit.span.start === next.span.start && edit.span.end === next.span.end;
    return edit.span.end > next.span.start || sameInsertion;
  });
}

/**
 * Whether edits of two fixes must not be made at once: they {@link conflict}, or some begin right where others end. What
 * is inserted behind an entry may belong into it, and is left in the air where the other fix takes the entry away.
 */
export function meet(some: readonly Edit[], others: readonly Edit[]): boolean {
  const isBeside = (a: Edit, b: Edit): boolean => a.span.end >= b.span.start && b.span.end >= a.span.start;
  return some.some((a) => others.some((b) => isBeside(a, b)));
}

/** The text after the edits, which must not {@link conflict}. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const edit of [...edits].sort(byPosition)) {
    result += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return result + text.slice(at);
}
