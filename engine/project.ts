import type { CodeSummary } from "./kinds/code/summarise";
import type { BuiltService } from "./kinds/compose/built";
import type { ComposeSummary } from "./kinds/compose/summarise";
import type { Role } from "./kinds/kubernetes/manifest";
import type { HelmSummary } from "./kinds/helm/summarise";
import type { KubernetesSummary } from "./kinds/kubernetes/summarise";
import type { DeploymentUnit } from "./kinds/kubernetes/unit";
import type { Leaf, PatchContent } from "./kinds/kustomize/changes";
import type { Kustomized, ObjectIdentity } from "./kinds/kustomize/kustomizations";
import type { ObjectPath } from "./kinds/kustomize/objectPath";
import type { ImageChange, KustomizeSummary } from "./kinds/kustomize/summary";
import type { DockerfileSummary } from "./kinds/dockerfile/summarise";
import type { DockerignoreSummary } from "./kinds/dockerignore/summarise";
import type { Span } from "./text/span";

/** Nothing: rules look at the text itself. */
export type TextSummary = Readonly<Record<never, never>>;

/** What each kind tells other files about itself: plain data without offsets. */
export interface Summaries {
  dockerfile: DockerfileSummary;
  dockerignore: DockerignoreSummary;
  compose: ComposeSummary;
  kubernetes: KubernetesSummary;
  helm: HelmSummary;
  kustomize: KustomizeSummary;
  code: CodeSummary;
  text: TextSummary;
}

/** What is known of the files around the one that is checked. Directories are named without a final `/`; "" is the root. */
export interface Project {
  /** Undefined where the files of that place are not known at all. */
  exists(file: string): boolean | undefined;
  /** Every file below the directory, by its full name; undefined where they are not known. */
  under(directory: string): readonly string[] | undefined;
  /** The text of a file that the host has read (see `isWanted`). */
  text(file: string): string | undefined;
  summaries<K extends keyof Summaries>(kind: K): ReadonlyMap<string, Summaries[K]>;
  /** The services of compose projects that build a Dockerfile, as they would run. */
  builds(dockerfile: string): readonly BuiltService[];
  /** What a file of manifests is deployed with; undefined for any other file. */
  unit(file: string): DeploymentUnit | undefined;
  /** What kustomizations take a file of manifests for; undefined where none names it. */
  roleOf(file: string): Role | undefined;
  /** What a file would do as a patch; undefined where its text is not known. */
  patch(file: string): PatchContent | undefined;
  /** Whether every kustomization that deploys an object of the file writes one of the paths. */
  kustomized(file: string, object: ObjectIdentity, paths: readonly ObjectPath[]): Kustomized;
  /**
   * What the objects that one of a kustomization's patches meets have at the path before it, as far as they are in the
   * project; `patch` and `part` are places among the kustomization's patches and the patch's changes.
   */
  beforePatch(kustomization: string, patch: number, part: number, path: ObjectPath): readonly Leaf[];
  /**
   * What becomes of an image that objects of the file name, without tag and digest: an entry for each way in which
   * kustomizations deploy the file.
   */
  kustomizedImages(file: string, image: string): readonly ImageChange[];
  /**
   * Where an object of a file of manifests has its name; `index` is its place among the objects of the file. Of a
   * Dockerfile, 0 is who decides about its user.
   */
  objectSpan(file: string, index: number): Span | undefined;
  /** Whether the project holds Kubernetes manifests. */
  readonly hasKubernetes: boolean;
}
