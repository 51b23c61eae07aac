/** The kustomizations of a workspace: what they make of the files that they take in. */
import { dirname, join } from "../../text/path";
import type { Role } from "../kubernetes/manifest";
import type { Answer, Told } from "../kubernetes/selector";
import type { KustomizeTree } from "../kubernetes/trees";
import { type Changes, type Leaf, leavesAt, type PatchContent } from "./changes";
import { type Deployed, type Deployment, deploymentsOf, type KustomizeSummaries, type Layer } from "./deployment";
import { isAtOrBelow, type ObjectPath } from "./objectPath";
import { PatchText } from "./patchText";
import { matchesWhole } from "./pattern";
import { isRemote } from "./summarise";
import type { ImageChange, KustomizeSummary, PatchSummary } from "./summary";

/** The workspace as kustomizations see it. */
export interface KustomizeWorkspace {
  summaries(): KustomizeSummaries;
  text(file: string): string | undefined;
  exists(file: string): boolean | undefined;
  /** Another number whenever a kustomization came, went, or has another text. */
  readonly changes: number;
}

/** An object as it is written, before any kustomization changes it. */
export interface ObjectIdentity {
  readonly group: string;
  readonly version?: string;
  readonly kind: string;
  readonly name: Told | undefined;
  readonly namespace?: Told | undefined;
}

export const identityOf = ({ group, version, kind, name, namespace }: ObjectIdentity): string =>
  JSON.stringify([group, version, kind, name, namespace]);

export interface Kustomized {
  /** `yes`: whoever deploys the object writes it. `no`: somebody deploys it without, or nobody takes it in. */
  readonly answer: Answer;
  /** The kustomizations that write it. */
  readonly by: readonly string[];
}

/** The object as one kustomization deploys it. */
export interface DeployedObject {
  /** The kustomization that no other one takes in. */
  readonly root: string;
  readonly name: Told | undefined;
  /** Null where it cannot be told; of an object of the whole cluster it means nothing. */
  readonly namespace: Told | undefined;
  readonly isDeleted: Answer;
}

interface State {
  readonly summaries: KustomizeSummaries;
  readonly roles: ReadonlyMap<string, Role>;
  readonly deployments: readonly Deployment[];
  readonly byFile: ReadonlyMap<string, readonly (Deployed & { readonly root: string })[]>;
  readonly trees: readonly KustomizeTree[];
}

export class Kustomizations {
  private changes = -1;
  private state: State | undefined;
  private texts = new Map<string, PatchText>();

  constructor(private readonly workspace: KustomizeWorkspace) {}

  /** What files of objects are, as kustomizations name them. The same map as long as they say the same. */
  get roles(): ReadonlyMap<string, Role> {
    return this.current().roles;
  }

  /** What is deployed together. The same list as long as the kustomizations say the same. */
  get trees(): readonly KustomizeTree[] {
    return this.current().trees;
  }

  /** What the file's text would do as a patch; undefined where there is no such file. */
  patch(file: string): PatchContent | undefined {
    return this.patchText(file)?.content;
  }

  /** Whether every kustomization that deploys an object of the file writes one of the paths. */
  writes(file: string, object: ObjectIdentity, paths: readonly ObjectPath[]): Kustomized {
    const answers: Answer[] = [];
    const by = new Set<string>();
    for (const { layer } of this.current().byFile.get(file) ?? []) {
      let answer: Answer = "no";
      for (const { layer: one, identity } of this.stepsOf(layer, object)) {
        const here = this.layerWrites(one, identity, paths);
        if (here === "yes") by.add(one.file);
        answer = either(answer, here);
      }
      answers.push(answer);
    }
    return { answer: answers.length === 0 ? "no" : answers.reduce(both), by: [...by] };
  }

  /** What becomes of an image that the file names, be it a patch; one for each way in which it is deployed. */
  images(file: string, name: string): readonly ImageChange[] {
    return this.waysOf(file).map((summaries) => {
      let change: ImageChange = { name, newName: undefined, newTag: undefined, digest: undefined };
      for (const next of summaries.flatMap((summary) => summary.images)) {
        if (next.name !== (change.newName ?? name)) continue;
        change = {
          name,
          newName: next.newName ?? change.newName,
          newTag: next.newTag ?? change.newTag,
          digest: next.digest ?? (next.newTag === undefined ? change.digest : undefined),
        };
      }
      return change;
    });
  }

  /**
   * What the objects that one of a kustomization's patches meets have at the path before it, as far as they are in the
   * workspace. `part`: which of the patch's changes it is that takes it out.
   */
  before(kustomization: string, patch: number, part: number, path: ObjectPath): readonly Leaf[] {
    const leaves = new Map<string, Leaf>();
    for (const [file, ways] of this.current().byFile) {
      for (const { layer } of ways) {
        const at = layersOf(layer).findIndex((one) => one.file === kustomization);
        const objects = at < 0 ? [] : (this.patchText(file)?.manifests.manifests ?? []);
        for (const manifest of objects) {
          const step = this.stepsOf(layer, manifest)[at];
          const summary = step?.layer.summary.patches[patch];
          if (step === undefined || summary === undefined) continue;
          const changes = this.changesOf(summary, kustomization)[part];
          if (meets(summary, changes, step.identity) === "no") continue;
          for (const leaf of leavesAt(manifest.root, path)) leaves.set(JSON.stringify(leaf), leaf);
        }
      }
    }
    return [...leaves.values()];
  }

  /** An object of the file, in every way in which it is deployed. */
  deployed(file: string, object: ObjectIdentity): readonly DeployedObject[] {
    return (this.current().byFile.get(file) ?? []).map(({ layer, root }) => {
      let name = object.name;
      let { namespace } = object;
      let isDeleted: Answer = "no";
      for (const { layer: one, identity, name: next } of this.stepsOf(layer, object)) {
        name = next;
        if (one.summary.namespace !== undefined) namespace = one.summary.namespace;
        isDeleted = either(isDeleted, this.layerDeletes(one, identity));
      }
      return { root, name, namespace, isDeleted };
    });
  }

  private stepsOf(outermost: Layer, object: ObjectIdentity): readonly Step[] {
    const names = [object.name];
    const namespaces: Told[] = [object.namespace === undefined ? "default" : object.namespace];
    return layersOf(outermost).map((layer) => {
      const identity = { object, names: [...names], namespaces: [...namespaces] };
      const isRenamed = this.layerWrites(layer, identity, [["metadata", "name"]]) !== "no";
      names.push(isRenamed ? null : renamed(names.at(-1), layer.summary, object.kind));
      if (layer.summary.namespace !== undefined) namespaces.push(layer.summary.namespace);
      return { layer, identity, name: names.at(-1) };
    });
  }

  private layerWrites(layer: Layer, object: Identity, paths: readonly ObjectPath[]): Answer {
    const { summary } = layer;
    let answer: Answer = summary.changesMore ? "unknown" : "no";
    const isReplicas = paths.some((path) => path.length === 2 && path[0] === "spec" && path[1] === "replicas");
    if (isReplicas && summary.replicas.some(({ name }) => name !== null && object.names.includes(name))) return "yes";
    for (const { patch, changes } of this.patchesOf(layer)) {
      if (changes === undefined) {
        answer = either(answer, both(meets(patch, undefined, object), "unknown"));
        continue;
      }
      const isWritten = changes.deletes || changes.writes.some((w) => paths.some((path) => isAtOrBelow(w, path)));
      if (isWritten) answer = either(answer, meets(patch, changes, object));
    }
    return answer;
  }

  /** Each way through kustomizations that what the file says takes, from the innermost to the outermost. */
  private waysOf(file: string): readonly (readonly KustomizeSummary[])[] {
    const { byFile, summaries } = this.current();
    const own = byFile.get(file);
    if (own !== undefined) return own.map(({ layer }) => layersOf(layer).map((one) => one.summary));
    // A patch within a kustomization bears the name of that, with a mark behind it.
    const [within] = file.split("#");
    const patched = [...summaries].filter(
      ([name, { patches }]) =>
        name === within || patches.some(({ path }) => path !== undefined && join(dirname(name), path) === file),
    );
    return patched.flatMap(([name, summary]) => {
      const ways = new Map<string, readonly KustomizeSummary[]>();
      for (const { layer } of [...byFile.values()].flat()) {
        const layers = layersOf(layer);
        const outer = layers.slice(layers.findIndex((one) => one.file === name));
        if (outer[0]?.file === name)
          ways.set(
            outer.map((one) => one.file).join("\n"),
            outer.map((one) => one.summary),
          );
      }
      return ways.size === 0 ? [[summary]] : [...ways.values()];
    });
  }

  private layerDeletes(layer: Layer, object: Identity): Answer {
    const deleting = this.patchesOf(layer).filter(({ changes }) => changes?.deletes === true);
    return deleting.map(({ patch, changes }) => meets(patch, changes, object)).reduce(either, "no");
  }

  /** Each patch of a kustomization with each of its parts; no changes where its file cannot be read. */
  private patchesOf({ file, summary }: Layer): readonly { patch: PatchSummary; changes: Changes | undefined }[] {
    return summary.patches.flatMap((patch) => {
      const all = this.changesOf(patch, file);
      return (all.length === 0 ? [undefined] : all).map((changes) => ({ patch, changes }));
    });
  }

  private changesOf(patch: PatchSummary, file: string): readonly Changes[] {
    const content = patch.path === undefined ? patch : this.patch(join(dirname(file), patch.path));
    return content?.changes ?? [];
  }

  private patchText(file: string): PatchText | undefined {
    const text = this.workspace.text(file);
    if (text === undefined) return undefined;
    const known = this.texts.get(file);
    if (known?.text === text) return known;
    const read = new PatchText(file, text);
    this.texts.set(file, read);
    return read;
  }

  private current(): State {
    const { workspace } = this;
    if (this.state !== undefined && this.changes === workspace.changes) return this.state;
    const summaries = workspace.summaries();
    this.changes = workspace.changes;
    if (this.state === undefined || !isSame(this.state.summaries, summaries)) this.state = this.stateOf(summaries);
    return this.state;
  }

  private stateOf(summaries: KustomizeSummaries): State {
    this.texts = new Map();
    const deployments = deploymentsOf(summaries, (file) => this.workspace.exists(file));
    const byFile = new Map<string, (Deployed & { readonly root: string })[]>();
    for (const { root, objects } of deployments) {
      for (const deployed of objects) {
        const entry = { ...deployed, root };
        const known = byFile.get(deployed.file);
        if (known === undefined) byFile.set(deployed.file, [entry]);
        else known.push(entry);
      }
    }
    const trees = deployments.map((deployment) => treeOf(deployment, summaries));
    return { summaries, roles: rolesIn(summaries), deployments, byFile, trees };
  }
}

/** An object on its way: under every name and in every namespace that it has had. */
interface Identity {
  readonly object: ObjectIdentity;
  readonly names: readonly (Told | undefined)[];
  readonly namespaces: readonly Told[];
}

function isSame(a: KustomizeSummaries, b: KustomizeSummaries): boolean {
  if (a.size !== b.size) return false;
  for (const [file, summary] of a) if (b.get(file) !== summary) return false;
  return true;
}

/** Files that patches name are patches; what a kustomization deploys as well is whole. */
function rolesIn(summaries: KustomizeSummaries): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const [file, { patches, others }] of summaries) {
    for (const path of [...patches.flatMap((p) => p.path ?? []), ...others])
      roles.set(join(dirname(file), path), "patch");
  }
  for (const [file, { resources }] of summaries)
    for (const path of resources) if (!isRemote(path)) roles.set(join(dirname(file), path), "whole");
  return roles;
}

function treeOf({ root, objects, kustomizations, isOpen }: Deployment, summaries: KustomizeSummaries): KustomizeTree {
  const all = kustomizations.flatMap((file) => {
    const summary = summaries.get(file);
    return summary === undefined ? [] : [{ file, summary }];
  });
  const patches = all.flatMap(({ file, summary }) =>
    summary.patches.flatMap(({ path }) => (path === undefined ? [] : [join(dirname(file), path)])),
  );
  const namespaces = new Map<string, Told>();
  for (const { file, layer } of objects) {
    const given = layersOf(layer).findLast(({ summary }) => summary.namespace !== undefined)?.summary.namespace;
    if (given === undefined) continue;
    namespaces.set(file, namespaces.has(file) && namespaces.get(file) !== given ? null : given);
  }
  const merges = all.flatMap(({ file, summary }) =>
    summary.patches.flatMap(({ objects: parts, target }) =>
      parts.length === 0 ? [] : [{ file, objects: parts, target }],
    ),
  );
  return {
    root,
    merges,
    files: new Set([...objects.map((o) => o.file), ...patches]),
    namespaces,
    isOpen: isOpen || all.some(({ summary }) => summary.changesMore),
    renames: all.some(({ summary }) => summary.prefix !== "" || summary.suffix !== ""),
    addedLabels: new Set(
      all.flatMap(({ summary }) => summary.labels.filter((l) => l.reachesPods).flatMap((l) => l.pairs.map(([n]) => n))),
    ),
  };
}

/** From the innermost to the outermost. */
function layersOf(outermost: Layer): readonly Layer[] {
  const layers: Layer[] = [];
  for (let layer: Layer | undefined = outermost; layer !== undefined; layer = layer.inner) layers.push(layer);
  return layers.reverse();
}

interface Step {
  readonly layer: Layer;
  /** As it comes to the layer. */
  readonly identity: Identity;
  /** What it is called behind it. */
  readonly name: Told | undefined;
}

/** Kinds whose names stay as they are. */
const unprefixed = new Set(["Namespace", "CustomResourceDefinition", "APIService"]);

function renamed(
  name: Told | undefined,
  { prefix, suffix, namespace }: KustomizeSummary,
  kind: string,
): Told | undefined {
  if (kind === "Namespace") return namespace ?? name;
  if (unprefixed.has(kind) || (prefix === "" && suffix === "")) return name;
  return typeof name !== "string" || prefix === null || suffix === null ? null : `${prefix}${name}${suffix}`;
}

/** Whether a patch changes the object. */
function meets(
  { target }: PatchSummary,
  changes: Changes | undefined,
  { object, names, namespaces }: Identity,
): Answer {
  const { group, version, kind } = object;
  if (target === undefined) {
    const own = changes?.object;
    if (own === undefined) return changes === undefined ? "unknown" : "no";
    if (own.group !== group || own.kind !== kind) return "no";
    if (own.name === null || names.includes(null)) return "unknown";
    return names.includes(own.name) ? "yes" : "no";
  }
  const parts = [
    matchesWhole(target.group, group),
    version === undefined && target.version !== undefined ? "unknown" : matchesWhole(target.version, version),
    matchesWhole(target.kind, kind),
    names.map((name) => matchesWhole(target.name, name === undefined ? "" : name)).reduce(either, "no"),
    namespaces.map((namespace) => matchesWhole(target.namespace, namespace)).reduce(either, "no"),
    target.selects ? "unknown" : "yes",
  ] as const;
  return parts.reduce(both);
}

const either = (a: Answer, b: Answer): Answer =>
  a === "yes" || b === "yes" ? "yes" : a === "unknown" || b === "unknown" ? "unknown" : "no";

const both = (a: Answer, b: Answer): Answer =>
  a === "no" || b === "no" ? "no" : a === "unknown" || b === "unknown" ? "unknown" : "yes";
