/** Texts that rules look into, whatever kind of file they stand in. */
import type { Edit, Span } from "../../engine/index";

/** A text of which parts can be pointed at, and written anew; \uE000 stands for characters that nobody knows. */
export interface LocatedText<T> extends Span {
  readonly scalar: { readonly text: string };
  /** Characters `[from, to)`. */
  part(from: number, to?: number): T;
  /** Undefined where nobody wrote it. */
  rewrite(text: string): readonly Edit[] | undefined;
}
