import type { Span } from "./span";

/** Something that moves as a whole when the text before it changes. */
export interface Origin {
  readonly at: number;
  /** What stands there, as written. */
  readonly text: string;
}

/** A span inside an {@link Origin}: kept relative, so that a cached model stays true while the text around it moves. */
export class Located implements Span {
  constructor(
    readonly origin: Origin,
    readonly from: number,
    readonly to: number,
  ) {}

  get start(): number {
    return this.origin.at + this.from;
  }

  get end(): number {
    return this.origin.at + this.to;
  }
}

/**
 * A text that was cut together from pieces of a larger one (continuations dropped, quotes decoded). `offsets[i]` is the
 * offset, in the larger text, of character `i`; left out where that is `base + i` throughout.
 */
export class Excerpt {
  constructor(
    readonly text: string,
    private readonly base: number,
    private readonly offsets?: Int32Array,
  ) {}

  /** Offset, in the larger text, of character `index`. */
  startOf(index: number): number {
    if (this.offsets === undefined) return this.base + index;
    if (index < this.offsets.length) return this.offsets[index] ?? 0;
    return this.endOf(index);
  }

  /** Offset, in the larger text, just behind character `index - 1`. */
  endOf(index: number): number {
    if (this.offsets === undefined) return this.base + index;
    if (index <= 0) return this.offsets.length > 0 ? (this.offsets[0] ?? this.base) : this.base;
    const last = Math.min(index, this.offsets.length) - 1;
    return last < 0 ? this.base : (this.offsets[last] ?? 0) + 1;
  }

  /** The same with blanks for the characters that stand at `[start, end)` of the larger text. */
  blank(start: number, end: number): Excerpt {
    let text = "";
    for (let i = 0; i < this.text.length; i++) {
      const at = this.startOf(i);
      text += at >= start && at < end ? " " : this.text[i];
    }
    return new Excerpt(text, this.base, this.offsets);
  }

  /** The part `[from, to)` of this excerpt. */
  slice(from: number, to: number): Excerpt {
    const text = this.text.slice(from, to);
    if (this.offsets === undefined) return new Excerpt(text, this.base + from);
    return new Excerpt(text, this.startOf(from), this.offsets.slice(from, to));
  }
}

/** Builds an {@link Excerpt} piece by piece. */
export class ExcerptBuilder {
  private text = "";
  private readonly offsets: number[] = [];

  constructor(private readonly base: number) {}

  /** One character (UTF-16 code unit) that stands at `offset` of the larger text. */
  push(character: string, offset: number): void {
    this.text += character;
    this.offsets.push(offset);
  }

  get length(): number {
    return this.offsets.length;
  }

  build(): Excerpt {
    return new Excerpt(this.text, this.base, Int32Array.from(this.offsets));
  }
}
