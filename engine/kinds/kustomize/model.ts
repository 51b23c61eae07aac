/** The file of a kustomization. */
import type { Edit } from "../../text/edit";
import type { Span } from "../../text/span";
import type { Comment } from "../kind";
import { ManifestFile } from "../kubernetes/model";
import { Kustomization } from "./kustomization";
import { rootOf } from "./patchText";

export class KustomizationFile {
  /** Undefined where nothing that can be read is written. */
  readonly kustomization: Kustomization | undefined;
  /** It is written as an object is. */
  private readonly source: ManifestFile;

  constructor(
    readonly file: string,
    readonly text: string,
    previous: KustomizationFile | undefined,
  ) {
    this.source = new ManifestFile(file, text, "whole", previous?.source);
    const root = rootOf(this.source);
    const [document] = this.source.stream.documents;
    const isMap = root?.kind === "map" && document !== undefined;
    this.kustomization = isMap ? new Kustomization(root, text, document) : undefined;
  }

  /** Those of JSON patches in it included; what stands in a merge is a file of its own. */
  get comments(): readonly Comment[] {
    const within = (this.kustomization?.patches ?? []).flatMap(({ inline }) => {
      if (inline?.patch.operations === undefined) return [];
      return inline.patch.manifests.comments.map(({ start, end, text, governs }) => ({
        ...inline.placeOf({ start, end }),
        text,
        governs: inline.placeOf(governs),
      }));
    });
    return [...this.source.comments, ...within];
  }

  insertComment(at: Span, text: string): Edit {
    return this.source.insertComment(at, text);
  }

  removeComment(at: Span): Edit {
    return this.source.removeComment(at);
  }
}
