/** The deployment units of a workspace, each put together again only when one of its files tells something else. */
import { patched } from "./patches";
import { ObjectIndex, push, type UnitObject, type UnitPod } from "./objectIndex";
import { type Scope, scopesOf } from "./scope";
import type { LabelSet, Labels } from "./selector";
import type { KubernetesSummary, ObjectSummary } from "./summary";
import { matchesWhole } from "../kustomize/pattern";
import type { InlineMerge, KustomizeTree } from "./trees";
import { DeploymentUnit, type Members, type Workspace } from "./unit";

/** The workspace as deployment units see it. */
export interface UnitWorkspace {
  summaries(): ReadonlyMap<string, KubernetesSummary>;
  exists(file: string): boolean | undefined;
  trees(): readonly KustomizeTree[];
  /** Another number whenever files came or went, or a summary or a fact is another. */
  readonly revision: number;
}

type Summaries = ReadonlyMap<string, KubernetesSummary>;

interface KeptMembers extends Members {
  readonly from: readonly (KubernetesSummary | undefined)[];
  readonly isPatched: boolean;
}

interface State {
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly workspace: Workspace;
  readonly units: Map<string, DeploymentUnit>;
}

export class DeploymentUnits {
  private revision = -1;
  private summaries: Summaries = new Map();
  private layout = "";
  private state: State | undefined;
  private members = new Map<string, KeptMembers>();

  constructor(private readonly workspace: UnitWorkspace) {}

  /** The unit that a file of manifests is deployed with. The same object as long as nothing in the workspace is another. */
  unitOf(file: string): DeploymentUnit | undefined {
    const state = this.current();
    const scope = state.scopes.get(file);
    if (scope === undefined) return undefined;
    const known = state.units.get(scope.key);
    if (known !== undefined) return known;
    const unit = new DeploymentUnit(this.membersOf(scope), state.workspace);
    state.units.set(scope.key, unit);
    return unit;
  }

  private current(): State {
    const { workspace } = this;
    // Asking for the summaries may make some, which makes the revision another.
    const summaries = workspace.summaries();
    if (this.state !== undefined && this.revision === workspace.revision) return this.state;
    this.revision = workspace.revision;
    const scopes = scopesOf({
      files: [...summaries.keys()],
      exists: (file) => workspace.exists(file),
      trees: workspace.trees(),
    });
    const layout = layoutOf(scopes);
    if (this.state !== undefined && layout === this.layout && isSame(this.summaries, summaries)) return this.state;
    this.layout = layout;
    this.summaries = summaries;
    this.state = this.stateOf(scopes);
    return this.state;
  }

  private stateOf(scopes: ReadonlyMap<string, Scope>): State {
    const distinct = new Map([...scopes.values()].map((scope) => [scope.key, scope]));
    const before = this.members;
    this.members = new Map();
    for (const [key, scope] of distinct) {
      const known = before.get(key);
      const from = scope.files.map((file) => this.summaries.get(file));
      const isKept =
        known !== undefined && isSameScope(known.scope, scope) && from.every((summary, i) => summary === known.from[i]);
      this.members.set(key, isKept ? known : membersOf(scope, from, known));
    }
    const [only] = this.members.values();
    if (this.members.size === 1 && only !== undefined)
      return { scopes, workspace: { scopes, index: only.index }, units: new Map() };
    const objects: UnitObject[] = [];
    for (const [file, scope] of scopes)
      for (const object of this.membersOf(scope).places.get(file) ?? []) if (object !== undefined) objects.push(object);
    return { scopes, workspace: { scopes, index: new ObjectIndex(objects) }, units: new Map() };
  }

  private membersOf(scope: Scope): Members {
    const from = scope.files.map((file) => this.summaries.get(file));
    return this.members.get(scope.key) ?? membersOf(scope, from, undefined);
  }
}

function isSame(a: Summaries, b: Summaries): boolean {
  if (a.size !== b.size) return false;
  for (const [file, summary] of a) if (b.get(file) !== summary) return false;
  return true;
}

const isSameScope = (a: Scope, b: Scope): boolean => textOf(a) === textOf(b);

const textOf = ({ key, files, isOpen, renames, addedLabels, namespaces, merges }: Scope): string =>
  JSON.stringify([key, files, isOpen, renames, [...addedLabels], [...namespaces], merges]);

const layoutOf = (scopes: ReadonlyMap<string, Scope>): string => [...new Set(scopes.values())].map(textOf).join("\n");

/** What was made of a file before serves again where it says the same and no patch is at work. */
function membersOf(
  scope: Scope,
  from: readonly (KubernetesSummary | undefined)[],
  before: KeptMembers | undefined,
): KeptMembers {
  const patches = patchesIn(scope, from);
  const isAsBefore =
    patches.size === 0 && before?.isPatched === false && circumstancesOf(before.scope) === circumstancesOf(scope);
  const known = new Map(isAsBefore ? before.scope.files.map((file, i) => [file, before.from[i]]) : []);
  const objects: UnitObject[] = [];
  const places = new Map<string, readonly (UnitObject | undefined)[]>();
  for (const [i, file] of scope.files.entries()) {
    const summary = from[i];
    const old = summary !== undefined && known.get(file) === summary ? before?.places.get(file) : undefined;
    const all = old ?? objectsOf(scope, file, summary, patches);
    places.set(file, all);
    for (const object of all) if (object !== undefined) objects.push(object);
  }
  return { scope, places, index: new ObjectIndex(objects), from, isPatched: patches.size > 0 };
}

/** What a scope does to the objects in it. */
const circumstancesOf = ({ addedLabels, namespaces, merges }: Scope): string =>
  JSON.stringify([[...addedLabels], [...namespaces], merges]);

const objectsOf = (
  scope: Scope,
  file: string,
  summary: KubernetesSummary | undefined,
  patches: Patches,
): readonly (UnitObject | undefined)[] =>
  (summary?.objects ?? []).map((o, index) =>
    o.role === "patch" ? undefined : unitObject(scope, file, index, o, patches),
  );

interface Patch {
  readonly file: string;
  readonly index: number;
  readonly summary: ObjectSummary;
}

type Patches = ReadonlyMap<string, readonly Patch[]>;

function patchesIn(scope: Scope, from: readonly (KubernetesSummary | undefined)[]): Patches {
  const found = new Map<string, Patch[]>();
  for (const [i, file] of scope.files.entries()) {
    for (const [index, summary] of (from[i]?.objects ?? []).entries())
      if (summary.role === "patch") push(found, identityOf(summary), { file, index, summary });
  }
  return found;
}

const identityOf = ({ group, kind, name }: ObjectSummary): string => `${group}/${kind}/${name ?? ""}`;

/** What a patch within a kustomization writes into the object. */
function partsFor(own: ObjectSummary, { file, objects, target }: InlineMerge): readonly Patch[] {
  const isMeant = (part: ObjectSummary): boolean =>
    target === undefined
      ? identityOf(part) === identityOf(own)
      : matchesWhole(target.group, own.group) !== "no" &&
        matchesWhole(target.kind, own.kind) !== "no" &&
        matchesWhole(target.name, own.name === undefined ? "" : own.name) !== "no";
  return objects.flatMap((summary, index) => (isMeant(summary) ? [{ file, index, summary }] : []));
}

function unitObject(scope: Scope, file: string, index: number, own: ObjectSummary, patches: Patches): UnitObject {
  const mine = [...(patches.get(identityOf(own)) ?? []), ...scope.merges.flatMap((merge) => partsFor(own, merge))];
  const summary = mine.reduce((merged, patch) => patched(merged, patch.summary), own);
  const namespace = scope.namespaces.has(file) ? scope.namespaces.get(file) : summary.namespace;
  const pods: UnitPod[] = [];
  const object: UnitObject = { file, index, summary, namespace, pods, patches: mine };
  for (const pod of summary.pods) pods.push({ object, summary: pod, labels: labelsOf(pod.labels, scope) });
  return object;
}

function labelsOf({ pairs, isOpen }: LabelSet, { addedLabels }: Scope): Labels {
  const values = new Map(pairs);
  for (const name of addedLabels) values.set(name, null);
  return { values, isOpen };
}
