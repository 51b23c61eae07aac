import { parseReference, type ImageReference } from "../../oci/reference";
import type { Span } from "../../text/span";
import type { Scalar } from "./datum";
import { Setting } from "./part";

/** The image that a service runs. */
export class ServiceImage extends Setting {
  private parsed: { readonly reference: ImageReference | undefined } | undefined;

  constructor(
    scalar: Scalar,
    path: readonly string[],
    /** The service builds it: the text only names the outcome. */
    readonly isBuilt: boolean,
  ) {
    super(scalar, path);
  }

  /** Undefined where it is not known, or no valid reference. */
  get reference(): ImageReference | undefined {
    this.parsed ??= { reference: this.value.known ? parseReference(this.value.value) : undefined };
    return this.parsed.reference;
  }

  /** The `tag` of `repository:tag@digest`. */
  get tagSpan(): Span | undefined {
    const tag = this.reference?.tag;
    const { text } = this.scalar;
    const at = tag === undefined ? -1 : text.indexOf(`:${tag}`, text.lastIndexOf("/") + 1);
    return tag === undefined || at < 0 ? undefined : this.part(at + 1, at + 1 + tag.length);
  }

  /** The repository with its registry. */
  get nameSpan(): Span {
    const { text } = this.scalar;
    const ends = [text.indexOf(":", text.lastIndexOf("/") + 1), text.indexOf("@")].filter((i) => i >= 0);
    return this.part(0, Math.min(text.length, ...ends));
  }
}
