/** What is offered at a place of a text, and what is known of that place. */
import type { KindId, RuleId, Span } from "../engine/index";
import type { Place } from "../snippets/index";

export interface Offer {
  readonly label: string;
  readonly kind: "snippet" | "property" | "value";
  /** One line, no full stop. */
  readonly detail: string;
  /** A few characters that are worth seeing in every row of a list, where there are such. */
  readonly aside?: string;
  /** What is replaced; it lies on one line. */
  readonly span: Span;
  /**
   * In the syntax of snippets, lines parted by `\n`. Lines behind the first are indented relative to the line that the
   * span lies on.
   */
  readonly text: string;
  /** What the typed text is compared with, where that is not the label. */
  readonly filter?: string;
  readonly about: About;
}

/** Where the documentation of an offer comes from; plain data. */
export type About =
  | {
      /** Its prefix, which is its own only among those of its place. */
      readonly snippet: string;
      readonly place: Place;
    }
  | {
      /** One sentence. */
      readonly note: string;
      /** Those whose findings the offer prevents, the nearest first. */
      readonly rules: readonly RuleId[];
    };

export interface Request {
  /** As the analyser knows it. */
  readonly file: string;
  readonly text: string;
  readonly languageId: string;
  readonly offset: number;
  /** Under which the engine analyses the file. */
  readonly kind: KindId | undefined;
  /** The character that was just typed, where the client asks because of it; undefined for letters, and where somebody asks. */
  readonly trigger: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** Characters behind which something of ours may come: a value, an item or a word, a tag, a flag, a quoted text. */
export const triggerCharacters: readonly string[] = [" ", ":", "-", '"'];

export const lineStart = (text: string, at: number): number => (at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);

/** Without the terminator. */
export function lineEnd(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  return end > at && text[end - 1] === "\r" ? end - 1 : end;
}

/** The word that somebody is typing, as prefixes of snippets and keywords are written. */
export function wordBefore(text: string, offset: number): string {
  let start = offset;
  while (start > 0 && /[\w-]/.test(text[start - 1] ?? "")) start--;
  return text.slice(start, offset);
}
