/** Texts of code for rules that look into texts, whatever file they stand in. */
import type { CodeText, Edit, Span } from "../../../engine/index";
import type { LocatedText } from "../located-text";

export interface LiteralText extends LocatedText<LiteralText> {
  /** It stands at this very place as it is: its span is its own, and it can be written anew. */
  readonly isPlaced: boolean;
}

/** Stands for what nobody knows. */
export const unknownPart = "\uE000";

/** A text with {@link unknownPart} for each hole. Parts that have no place of their own get the span of the whole. */
export function literalText(text: CodeText): LiteralText {
  const written = text.parts.map((part) => (typeof part === "string" ? part : unknownPart)).join("");
  const [first = ""] = text.parts;
  const isWhole = text.inner !== undefined && text.inner.end - text.inner.start === written.length;
  const known = isWhole ? text.inner : (text.head ?? text.inner);
  const length = isWhole ? written.length : typeof first === "string" && known !== undefined ? first.length : 0;
  const placed = Math.min(length, known === undefined ? 0 : known.end - known.start);
  return partOf({ start: text.start, end: text.end }, written, 0, { at: known?.start ?? 0, length: placed });
}

interface Place {
  readonly at: number;
  /** Characters from the beginning that stand there as they are. */
  readonly length: number;
}

function partOf(whole: Span, written: string, from: number, place: Place): LiteralText {
  const isPlaced = place.length > 0 && from + written.length <= place.length;
  const span = isPlaced ? { start: place.at + from, end: place.at + from + written.length } : whole;
  return {
    ...span,
    isPlaced,
    scalar: { text: written },
    part: (start, end = written.length) => partOf(whole, written.slice(start, end), from + start, place),
    rewrite: (text): readonly Edit[] | undefined => (isPlaced ? [{ span, text }] : undefined),
  };
}
