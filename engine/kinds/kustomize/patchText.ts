/** The text of a patch: objects to be merged, or operations of a JSON patch (RFC 6902). */
import { Field, FieldHome } from "../kubernetes/field";
import { ManifestFile } from "../kubernetes/model";
import { contentOf, type PatchContent } from "./changes";

export class PatchText {
  readonly manifests: ManifestFile;
  /** The list of operations of a JSON patch. */
  readonly operations: Field | undefined;
  private read: PatchContent | undefined;

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    this.manifests = new ManifestFile(file, text, "patch", undefined);
    const root = rootOf(this.manifests);
    const isList = root?.kind === "list" && root.items.some((item) => item.get("op") !== undefined);
    this.operations = isList ? root : undefined;
  }

  get content(): PatchContent {
    this.read ??= contentOf(this.manifests, this.operations);
    return this.read;
  }
}

/** The value of a file's first document. */
export function rootOf({ file, stream, template }: ManifestFile): Field | undefined {
  const [document] = stream.documents;
  return document && new Field(new FieldHome(file, document, template), document.resolved, undefined, undefined);
}
