/** What a kustomization tells other files: plain data without offsets. Paths and addresses are as written. */
import type { Told } from "../kubernetes/selector";
import type { ObjectSummary } from "../kubernetes/summary";
import type { Changes, PatchStyle } from "./changes";

export interface KustomizeSummary {
  readonly kind: "Kustomization" | "Component";
  /** Files, folders and addresses; `bases` among them. */
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly patches: readonly PatchSummary[];
  /** Files that are no objects to be deployed: configurations, schemas, replacements, definitions of transformers. */
  readonly others: readonly string[];
  readonly generators: readonly GeneratorSummary[];
  readonly namespace: Told | undefined;
  /** "" where there is none. */
  readonly prefix: Told;
  readonly suffix: Told;
  readonly labels: readonly LabelsSummary[];
  readonly images: readonly ImageChange[];
  readonly replicas: readonly { readonly name: Told; readonly count: number | null | undefined }[];
  /** Those of the resources and components that come from other machines. */
  readonly remotes: readonly string[];
  /** Objects come, or are changed, in ways that cannot be seen: charts, plugins, transformers of its own. */
  readonly makesMore: boolean;
  readonly changesMore: boolean;
}

export interface PatchSummary {
  /** The file that holds it. */
  readonly path: string | undefined;
  readonly target: TargetSummary | undefined;
  /** Of a file they stand in the file. */
  readonly style: PatchStyle | undefined;
  readonly changes: readonly Changes[];
  /** What it writes, as parts of objects; of a file they are told by the file. */
  readonly objects: readonly ObjectSummary[];
}

/** What a patch is for; of every part: a regular expression, undefined for anything. */
export interface TargetSummary {
  readonly group: Told | undefined;
  readonly version: Told | undefined;
  readonly kind: Told | undefined;
  readonly name: Told | undefined;
  readonly namespace: Told | undefined;
  /** It also asks for labels or annotations. */
  readonly selects: boolean;
}

export interface GeneratorSummary {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: Told | undefined;
  readonly isHashed: boolean;
  /** It adds to, or replaces, one of the same name. */
  readonly isChange: boolean;
}

export interface LabelsSummary {
  readonly pairs: readonly (readonly [name: string, value: Told])[];
  /** Pods get them as well. */
  readonly reachesPods: boolean;
  readonly reachesSelectors: boolean;
}

/** What becomes of an image; a part that is undefined stays as it is. */
export interface ImageChange {
  /** The name that is written in the objects, without tag and digest. */
  readonly name: Told | undefined;
  readonly newName: Told | undefined;
  readonly newTag: Told | undefined;
  readonly digest: Told | undefined;
}
