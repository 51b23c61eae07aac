/** What kustomizations put together. */
import type { Told } from "./selector";
import type { ObjectSummary } from "./summary";

/** A patch that stands in a kustomization itself. */
export interface InlineMerge {
  /** The kustomization's file. */
  readonly file: string;
  readonly objects: readonly ObjectSummary[];
  /** The objects that it is meant for; undefined where its own kind and name say so. */
  readonly target: MergeTarget | undefined;
}

/** Regular expressions; undefined for anything. */
export interface MergeTarget {
  readonly group: Told | undefined;
  readonly kind: Told | undefined;
  readonly name: Told | undefined;
}

/** A kustomization that no other one takes in, with everything that it takes in. */
export interface KustomizeTree {
  /** The kustomization's file. */
  readonly root: string;
  /** The files of resources and of patches, those of its bases and components among them. */
  readonly files: ReadonlySet<string>;
  /** By file: the namespace that the objects in it get in the end. */
  readonly namespaces: ReadonlyMap<string, Told>;
  /** Something is taken in that cannot be seen: from another machine, or made by a generator of its own. */
  readonly isOpen: boolean;
  /** It puts something before or behind the names of objects. */
  readonly renames: boolean;
  /** Labels that it gives to all objects. */
  readonly addedLabels: ReadonlySet<string>;
  readonly merges: readonly InlineMerge[];
}
