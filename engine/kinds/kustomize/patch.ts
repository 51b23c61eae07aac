/** A patch of a kustomization. */
import { outerEdits, outerSpan } from "../embedded";
import type { Field } from "../kubernetes/field";
import type { YamlScalar } from "../../languages/yaml/node";
import type { Edit } from "../../text/edit";
import type { Excerpt } from "../../text/located";
import type { Span } from "../../text/span";
import { PatchText } from "./patchText";

export type PatchList = "patches" | "patchesStrategicMerge" | "patchesJson6902";

/** A patch that stands in the kustomization itself. */
export class InlinePatch {
  readonly patch: PatchText;
  private readonly excerpt: Excerpt;

  constructor(
    /** A name that no file has. */
    file: string,
    private readonly scalar: YamlScalar,
    private readonly around: string,
    private readonly terminator: "\n" | "\r\n",
  ) {
    this.excerpt = scalar.absolute();
    this.patch = new PatchText(file, this.excerpt.text);
  }

  /** The place of a span of the patch's text in the kustomization. */
  placeOf(span: Span): Span {
    return outerSpan(this.excerpt, span);
  }

  /** Edits of the patch's text as edits of the kustomization; undefined where they cannot be made there. */
  editsOf(edits: readonly Edit[] | undefined): readonly Edit[] | undefined {
    if (edits === undefined || this.scalar.style !== "literal" || this.excerpt.text === "") return undefined;
    const lineStart = this.around.lastIndexOf("\n", this.excerpt.startOf(0) - 1) + 1;
    const indent = this.around.slice(lineStart, this.excerpt.startOf(0));
    const host = { text: this.around, indent, terminator: this.terminator, spell: (text: string): string => text };
    return outerEdits(this.excerpt, edits, host);
  }
}

export class Patch {
  constructor(
    /** Its place among all patches of the kustomization. */
    readonly index: number,
    /** The item of the list. */
    readonly field: Field,
    /** The name of the file that holds it. */
    readonly path: Field | undefined,
    readonly inline: InlinePatch | undefined,
  ) {}

  get target(): Field | undefined {
    return this.field.kind === "map" ? this.field.get("target") : undefined;
  }
}

/** The patches of one of the three lists, the items of which are spelled in two ways. */
export function patchesIn(
  root: Field,
  list: PatchList,
  inlineOf: (text: Field, list: PatchList, index: number) => InlinePatch | undefined,
  first: number,
): readonly Patch[] {
  return (root.get(list)?.items ?? []).map((item, index) => {
    const isPlain = item.kind === "scalar";
    const text = item.string ?? "";
    const isText = isPlain && (text.includes("\n") || text.trimStart().startsWith("{"));
    const path = isPlain ? (isText ? undefined : item) : item.get("path");
    const written = isPlain ? (isText ? item : undefined) : item.get("patch");
    return new Patch(first + index, item, path, written && inlineOf(written, list, index));
  });
}
