/** A kustomization as rules see it. */
import type { YamlDocument } from "../../languages/yaml/document";
import type { Field } from "../kubernetes/field";
import { InlinePatch, type Patch, type PatchList, patchesIn } from "./patch";

/** What is taken in whole: files, folders with kustomizations, and the addresses of either. */
export interface Source {
  readonly field: Field;
  readonly text: string;
  readonly list: SourceList;
}
const sourceLists = ["resources", "bases", "components", "crds"] as const;
export type SourceList = (typeof sourceLists)[number];

const patchLists = ["patches", "patchesStrategicMerge", "patchesJson6902"] as const;

/** A ConfigMap or Secret that is made of literals and files. */
export interface Generator {
  readonly field: Field;
  readonly kind: "ConfigMap" | "Secret";
  readonly name: Field | undefined;
  /** `NAME=value`. */
  readonly literals: readonly Field[];
  /** Files of lines `NAME=value`. */
  readonly envs: readonly Field[];
  /** `path`, or `key=path`. */
  readonly files: readonly Field[];
  /** A hash of its content stands behind its name. */
  readonly isHashed: boolean;
}

export class Kustomization {
  private readPatches: readonly Patch[] | undefined;

  constructor(
    readonly root: Field,
    private readonly text: string,
    private readonly document: YamlDocument,
  ) {}

  get file(): string {
    return this.root.file;
  }

  get kind(): "Kustomization" | "Component" {
    return this.root.get("kind")?.string === "Component" ? "Component" : "Kustomization";
  }

  get sources(): readonly Source[] {
    return sourceLists.flatMap((list) =>
      (this.root.get(list)?.items ?? []).flatMap((field) => {
        const text = field.string;
        return text === undefined ? [] : [{ field, text, list }];
      }),
    );
  }

  get patches(): readonly Patch[] {
    this.readPatches ??= this.patchesOfAllLists();
    return this.readPatches;
  }

  get generators(): readonly Generator[] {
    return [...this.generatorsIn("configMapGenerator", "ConfigMap"), ...this.generatorsIn("secretGenerator", "Secret")];
  }

  get images(): readonly Field[] {
    return this.root.get("images")?.items ?? [];
  }

  private patchesOfAllLists(): readonly Patch[] {
    const all: Patch[] = [];
    for (const list of patchLists)
      all.push(...patchesIn(this.root, list, (text, of, index) => this.inline(text, of, index), all.length));
    return all;
  }

  private generatorsIn(list: string, kind: Generator["kind"]): readonly Generator[] {
    const general = this.root.at("generatorOptions", "disableNameSuffixHash")?.boolean;
    return (this.root.get(list)?.items ?? []).map((field) => {
      const one = field.get("env");
      const own = field.at("options", "disableNameSuffixHash")?.boolean;
      return {
        field,
        kind,
        name: field.get("name"),
        literals: field.get("literals")?.items ?? [],
        envs: [...(one === undefined ? [] : [one]), ...(field.get("envs")?.items ?? [])],
        files: field.get("files")?.items ?? [],
        // What is said for all generators cannot be taken back for one.
        isHashed: general !== true && own !== true,
      };
    });
  }

  private inline({ node: { node } }: Field, list: PatchList, index: number): InlinePatch | undefined {
    if (node.kind !== "scalar") return undefined;
    return new InlinePatch(`${this.file}#${list}[${index}]`, node, this.text, this.document.terminator);
  }
}
