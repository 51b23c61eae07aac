/** The objects in the patches that stand in a kustomization, as files of manifests. */
import type { Edit } from "../../text/edit";
import type { Excerpt } from "../../text/located";
import { type Embedded, outerSpan } from "../embedded";
import type { Around } from "../kind";
import { kubernetesKind } from "../kubernetes/kind";
import { ManifestFile } from "../kubernetes/model";
import type { KustomizationFile } from "./model";
import type { InlinePatch, Patch } from "./patch";
import { objectsWritten } from "./synthesis";

export const inlinePatches = ({ kustomization }: KustomizationFile, around: Around): readonly Embedded[] =>
  (kustomization?.patches ?? []).flatMap((patch) => embeddedIn(patch, around) ?? []);

function embeddedIn({ inline, target }: Patch, around: Around): Embedded | undefined {
  if (inline === undefined) return undefined;
  const { manifests, operations, text, file } = inline.patch;
  if (operations === undefined) {
    return {
      kind: kubernetesKind,
      model: manifests,
      text,
      around: new Within(around, file),
      placeOf: (span) => inline.placeOf(span),
      editsOf: (edits) => inline.editsOf(edits),
    };
  }
  const written = objectsWritten(operations, target, text);
  if (written === undefined) return undefined;
  return {
    kind: kubernetesKind,
    model: new ManifestFile(file, written.text, "patch", undefined),
    text: written.text,
    around: new Within(around, file),
    placeOf: (span) => inline.placeOf(outerSpan(written, span)),
    editsOf: (edits) => inline.editsOf(innerEdits(edits, written, inline)),
  };
}

/** The same around another file. */
class Within implements Around {
  readonly compositions: Around["compositions"];

  constructor(
    private readonly around: Around,
    readonly file: string,
  ) {
    this.compositions = around.compositions;
  }

  get project(): Around["project"] {
    return this.around.project;
  }
}

/** Edits within one line of a value; all others would have to be written in the operation's own way. */
function innerEdits(edits: readonly Edit[], written: Excerpt, { patch }: InlinePatch): readonly Edit[] | undefined {
  const all: Edit[] = [];
  for (const { span, text } of edits) {
    const own = outerSpan(written, span);
    const isVerbatim = patch.text.slice(own.start, own.end) === written.text.slice(span.start, span.end);
    if (!isVerbatim || span.start === span.end || text.includes("\n") || text === "") return undefined;
    all.push({ span: own, text });
  }
  return all;
}
