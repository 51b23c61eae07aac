/** What is deployed together, and how its objects hang together. */
import type { Pod } from "./pod";
import type { Match, ObjectIndex, Place, UnitObject, UnitPod } from "./objectIndex";
import type { Scope } from "./scope";
import { type Answer, type Labels, type Selector, selects, type Told } from "./selector";
import type { Backend, ObjectUse, PermissionRule, SubjectSummary } from "./summary";

/** What a look-up found. */
export interface Join<T> {
  /** `yes`: something surely; `no`: nothing, as far as the workspace tells; else `unknown`. */
  readonly answer: Answer;
  readonly sure: readonly T[];
  /** What may be meant: labels or namespaces are not known, or it is deployed by itself. */
  readonly possible: readonly T[];
}

/** What a binding lets its subjects do. */
export interface Granted {
  /** In the whole cluster, not in one namespace. */
  readonly isClusterWide: boolean;
  /** The name of a role that every cluster has: `cluster-admin`, `admin`, `edit`, `view`. */
  readonly stock: string | undefined;
  /** The role, where it is in the workspace. */
  readonly role: UnitObject | undefined;
  readonly rules: readonly PermissionRule[];
  /** It may grant more than can be seen. */
  readonly isOpen: boolean;
}

/** The objects of a unit, with the places of each file's. */
export interface Members {
  readonly scope: Scope;
  readonly index: ObjectIndex;
  /** By file; undefined in place of a patch. */
  readonly places: ReadonlyMap<string, readonly (UnitObject | undefined)[]>;
}

/** All units of the workspace. */
export interface Workspace {
  readonly scopes: ReadonlyMap<string, Scope>;
  /** Every object once, as its own unit sees it. */
  readonly index: ObjectIndex;
}

const stockRoles = new Set(["cluster-admin", "admin", "edit", "view"]);
/** Kinds of GitOps tools: what they deploy stands elsewhere. */
const deployers = new Set([
  ...["HelmRelease", "HelmChart", "HelmChartConfig", "Application", "ApplicationSet", "Kustomization", "Bundle"],
]);
/** Groups whose objects make no pods. */
const podless =
  /^(?:$|[a-z0-9-]+$|(?:[\w-]+\.)*k8s\.io$|(?:networking|security|telemetry)\.istio\.io$|cert-manager\.io$|acme\.cert-manager\.io$|external-secrets\.io$|bitnami\.com$|traefik\.(?:io|containo\.us)$|keda\.sh$|cilium\.io$|(?:crd\.)?projectcalico\.org$|kyverno\.io$)/;

export class DeploymentUnit {
  private readonly together = new Map<string, readonly UnitObject[]>();

  constructor(
    private readonly members: Members,
    private readonly workspace: Workspace,
  ) {}

  /** How it was found: a tree of kustomizations, a chart, or manifests in one folder. */
  get kind(): Scope["kind"] {
    return this.members.scope.kind;
  }

  /** In the order of files and of places in them; patches are merged into what they patch. */
  get objects(): readonly UnitObject[] {
    return this.members.index.objects;
  }

  /** Undefined for a patch. */
  object({ file, index }: Place): UnitObject | undefined {
    return this.members.places.get(file)?.[index];
  }

  /** Whether the file is deployed with this unit alone, and not with several that take it in. */
  isHomeOf(file: string): boolean {
    return this.workspace.scopes.get(file)?.key === this.members.scope.key;
  }

  /** The pod of a manifest as it is deployed; undefined for that of a patch. */
  pod(pod: Pod): UnitPod | undefined {
    const all = this.object(pod.manifest)?.pods ?? [];
    if (all.length === 1) return all[0];
    const names = pod.containers.map((c) => c.name).join();
    return all.find((p) => p.summary.containers.map((c) => c.name ?? "a container").join() === names);
  }

  /** The unit's objects of a kind; of the groups, where some are given ("" is the core group). */
  ofKind(kind: string, ...groups: readonly string[]): readonly UnitObject[] {
    const all = this.members.index.ofKind(kind);
    return groups.length === 0 ? all : all.filter((o) => groups.includes(o.summary.group));
  }

  /** Objects of a kind in all of the workspace, those of other units among them. */
  everywhere(kind: string, ...groups: readonly string[]): readonly UnitObject[] {
    const all = this.workspace.index.ofKind(kind);
    return groups.length === 0 ? all : all.filter((o) => groups.includes(o.summary.group));
  }

  /** The objects that are deployed in one step with the object: those of its file, or of its kustomization's tree. */
  deployedWith(object: UnitObject): readonly UnitObject[] {
    if (this.kind === "kustomize") return this.objects;
    const known = this.together.get(object.file);
    if (known !== undefined) return known;
    const all = (this.members.places.get(object.file) ?? []).flatMap((o) => o ?? []);
    this.together.set(object.file, all);
    return all;
  }

  /** Whether the two are in one namespace. */
  sameNamespace(a: Told | undefined, b: Told | undefined): Answer {
    if (a === null || b === null) return "unknown";
    if (a === b) return "yes";
    return a === undefined || b === undefined ? "unknown" : "no";
  }

  /** The objects of a kind and name, in the namespace of the object that speaks of them. */
  named(
    kind: string,
    name: Told | undefined,
    namespace: Told | undefined,
    groups: readonly string[] = [],
  ): Join<UnitObject> {
    const isOf = (o: UnitObject): boolean => groups.length === 0 || groups.includes(o.summary.group);
    if (typeof name !== "string") return nothing("unknown");
    const matches = (index: ObjectIndex): readonly Match<UnitObject>[] => [
      ...index.named(kind, name).filter(isOf).map(surely),
      ...index
        .ofKind(kind)
        .filter((o) => o.summary.name === null && isOf(o))
        .map(perhaps),
    ];
    const found = this.join(matches, namespace, (o) => o);
    const mayBeMade = this.members.scope.renames || this.deploysMore;
    return found.answer === "no" && mayBeMade ? { ...found, answer: "unknown" } : found;
  }

  /** The pods that a service sends to. A service without a selector, or with an external name, has its own answer. */
  podsBehind(service: UnitObject): Join<UnitPod> {
    const selector = service.summary.service?.selector;
    if (selector === undefined || selector.requirements.length === 0) return nothing("unknown");
    return this.podsSelectedBy(selector, service.namespace);
  }

  podsSelectedBy(selector: Selector, namespace: Told | undefined): Join<UnitPod> {
    const found = this.join(
      (index) => index.pods.selectedBy(selector),
      namespace,
      (pod) => pod.object,
    );
    const isUnsure = found.answer === "no" && (this.deploysMore || this.mayOperate(selector));
    return isUnsure ? { ...found, answer: "unknown" } : found;
  }

  /** The services that send to a pod. */
  servicesOf(pod: UnitPod): Join<UnitObject> {
    return this.selecting("service", pod.labels, pod.object.namespace);
  }

  /** The disruption budgets that count a pod. */
  budgetsOf(pod: UnitPod): Join<UnitObject> {
    return this.selecting("budget", pod.labels, pod.object.namespace);
  }

  /** The policies that deny traffic to, or from, a pod but for what they allow. */
  policiesOf(pod: UnitPod, direction: "ingress" | "egress"): Join<UnitObject> {
    const { namespace } = pod.object;
    const matches = (index: ObjectIndex): readonly Match<UnitObject>[] =>
      index.selecting("policy", pod.labels).flatMap(({ item, answer }) => {
        const isolates = item.summary.policy?.isolates[direction];
        if (isolates === false || isolates === undefined) return [];
        return [{ item, answer: isolates === null ? "unknown" : answer }];
      });
    return this.join(
      matches,
      namespace,
      (o) => o,
      ({ summary }) => summary.policy?.scope === "cluster",
    );
  }

  /** Whether anything in the unit, or near it, is a policy for the namespace. */
  hasPolicies(namespace: Told | undefined): Answer {
    const isPolicy = (index: ObjectIndex): readonly Match<UnitObject>[] => index.having("policy").map(surely);
    return this.join(
      isPolicy,
      namespace,
      (o) => o,
      ({ summary }) => summary.policy?.scope === "cluster",
    ).answer;
  }

  /** The services that a route's backend means. */
  servicesBehind(route: UnitObject, backend: Backend): Join<UnitObject> {
    return this.named("Service", backend.name, backend.namespace ?? route.namespace, [""]);
  }

  /** Routes of all kinds that lead to a service. */
  routesTo(service: UnitObject): Join<UnitObject> {
    const { name } = service.summary;
    const leads = (o: UnitObject): Match<UnitObject>[] => {
      const mine = (o.summary.route?.backends ?? []).filter((b) => b.name === name || b.name === null);
      const answers = mine.map(
        (b): Answer =>
          b.name === null
            ? "unknown"
            : b.namespace === undefined
              ? "yes"
              : this.sameNamespace(b.namespace, service.namespace),
      );
      const best = answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : undefined;
      return best === undefined ? [] : [{ item: o, answer: best }];
    };
    const matches = (index: ObjectIndex): readonly Match<UnitObject>[] =>
      index.referring("backend", name).flatMap(leads);
    const isElsewhere = ({ summary }: UnitObject): boolean =>
      summary.route?.backends.some((b) => b.name === name && b.namespace !== undefined) === true;
    return this.join(matches, service.namespace, (o) => o, isElsewhere);
  }

  /** The autoscalers that change how many pods a workload has. */
  scalersOf(workload: UnitObject): Join<UnitObject> {
    const { kind, name } = workload.summary;
    const matches = (index: ObjectIndex): readonly Match<UnitObject>[] =>
      index.referring("scaled", name).flatMap((item) => {
        const target = item.summary.scaler;
        if (target === undefined || (target.kind !== null && target.kind !== kind)) return [];
        if (target.name !== null && name !== null && target.name !== name) return [];
        return [target.name === name && target.kind !== null && name !== null ? surely(item) : perhaps(item)];
      });
    return this.join(matches, workload.namespace, (o) => o);
  }

  /** The Namespace that an object is deployed to. */
  namespaceOf({ namespace }: UnitObject): Join<UnitObject> {
    if (typeof namespace !== "string") return nothing("unknown");
    const own = this.members.index.named("Namespace", namespace).filter((o) => o.summary.group === "");
    const all =
      own.length > 0 ? own : this.workspace.index.named("Namespace", namespace).filter((o) => o.summary.group === "");
    return { answer: all.length > 0 ? "yes" : "no", sure: all, possible: [] };
  }

  /** The objects of a kind in a namespace: its LimitRange, ResourceQuota, and so on. */
  inNamespace(kind: string, namespace: Told | undefined, ...groups: readonly string[]): Join<UnitObject> {
    const isOf = (o: UnitObject): boolean => groups.length === 0 || groups.includes(o.summary.group);
    return this.join(
      (index) => index.ofKind(kind).filter(isOf).map(surely),
      namespace,
      (o) => o,
    );
  }

  /** Objects that name a Secret, a ConfigMap or a PersistentVolumeClaim. */
  usersOf(kind: ObjectUse["kind"], name: string, namespace: Told | undefined): Join<UnitObject> {
    const uses = (o: UnitObject): Match<UnitObject> =>
      o.summary.uses.some((use) => use.kind === kind && use.name === name) ? surely(o) : perhaps(o);
    return this.join(
      (index) => index.referring(kind, name).map(uses),
      namespace,
      (o) => o,
    );
  }

  /** The account that a pod runs as. */
  accountOf({ object, summary }: UnitPod): Join<UnitObject> {
    const name = summary.serviceAccount === undefined ? "default" : summary.serviceAccount;
    return this.named("ServiceAccount", name, object.namespace, [""]);
  }

  /** The bindings that name the account that a pod runs as, its namespace's accounts, or all accounts. */
  bindingsOf(pod: UnitPod): Join<UnitObject> {
    const account = pod.summary.serviceAccount === undefined ? "default" : pod.summary.serviceAccount;
    const matches = (index: ObjectIndex): readonly Match<UnitObject>[] =>
      index.referring("account", account).flatMap((item) => {
        const { binding } = item.summary;
        if (binding === undefined) return [];
        const answers = binding.subjects.map((s) => this.names(s, account, pod.object));
        if (answers.includes("yes")) return [surely(item)];
        return answers.includes("unknown") || binding.isOpen ? [perhaps(item)] : [];
      });
    return this.join(
      matches,
      undefined,
      (o) => o,
      () => true,
    );
  }

  /** What a binding grants. */
  grantedBy(binding: UnitObject): Granted | undefined {
    const role = binding.summary.binding?.role;
    if (role === undefined || role.name === null || role.kind === null) return undefined;
    const isClusterWide = binding.summary.kind === "ClusterRoleBinding";
    const isStock = role.kind === "ClusterRole" && stockRoles.has(role.name);
    const scope = role.kind === "ClusterRole" ? undefined : binding.namespace;
    const all = this.join(
      (index) => index.named(role.kind ?? "", role.name ?? "").map(surely),
      scope,
      (o) => o,
      () => role.kind === "ClusterRole",
    );
    const found = all.sure[0] ?? (all.possible.length === 1 ? all.possible[0] : undefined);
    const permissions = found?.summary.permissions;
    const granted = { isClusterWide, stock: isStock ? role.name : undefined, role: found };
    if (permissions === undefined) return { ...granted, rules: [], isOpen: true };
    if (permissions.aggregates === undefined)
      return { ...granted, rules: permissions.rules, isOpen: permissions.isOpen };
    return { ...granted, rules: this.aggregated(permissions.aggregates), isOpen: true };
  }

  /** The bindings of a Role or ClusterRole. */
  bindingsTo(role: UnitObject): Join<UnitObject> {
    const { kind, name } = role.summary;
    const matches = (index: ObjectIndex): readonly Match<UnitObject>[] =>
      index.referring("role", name).flatMap((item) => {
        const to = item.summary.binding?.role;
        if (to === undefined || (to.kind !== null && to.kind !== kind)) return [];
        if (to.name !== null && name !== null && to.name !== name) return [];
        return [to.kind === kind && to.name === name && name !== null ? surely(item) : perhaps(item)];
      });
    return this.join(
      matches,
      role.namespace,
      (o) => o,
      () => kind === "ClusterRole",
    );
  }

  private aggregated(selectors: readonly Selector[]): readonly PermissionRule[] {
    return this.members.index.ofKind("ClusterRole").flatMap(({ summary }) => {
      const labels: Labels = { values: new Map(summary.labels.pairs), isOpen: summary.labels.isOpen };
      const isTaken = selectors.some((s) => selects(s, labels) === "yes");
      return isTaken ? (summary.permissions?.rules ?? []) : [];
    });
  }

  private names(subject: SubjectSummary, account: Told, { namespace }: UnitObject): Answer {
    if (subject.kind === "Group") {
      if (subject.name === "system:serviceaccounts") return "yes";
      const of = /^system:serviceaccounts:(.+)$/.exec(subject.name ?? "")?.[1];
      return of === undefined ? "no" : this.sameNamespace(of, namespace);
    }
    if (subject.kind !== "ServiceAccount" && subject.kind !== null) return "no";
    if (subject.kind === null || subject.name === null || account === null) return "unknown";
    if (subject.name !== account) return "no";
    const same = this.sameNamespace(subject.namespace, namespace);
    if (same !== "unknown" || namespace !== undefined || subject.namespace === null) return same;
    // The binding tells where the account is meant to be that is deployed beside it.
    const isBeside = this.members.index.named("ServiceAccount", account).some((o) => o.namespace === undefined);
    return isBeside || subject.namespace === "default" ? "yes" : "unknown";
  }

  private selecting(what: "service" | "budget", labels: Labels, namespace: Told | undefined): Join<UnitObject> {
    return this.join(
      (index) => index.selecting(what, labels),
      namespace,
      (o) => o,
    );
  }

  /** What the unit's own objects give, and those of other units that may be deployed beside it. */
  private join<T>(
    matches: (index: ObjectIndex) => readonly Match<T>[],
    namespace: Told | undefined,
    objectOf: (item: T) => UnitObject,
    isEverywhere: (object: UnitObject) => boolean = () => false,
  ): Join<T> {
    const sure: T[] = [];
    const possible: T[] = [];
    for (const { item, answer } of matches(this.members.index)) {
      const object = objectOf(item);
      const same = isEverywhere(object) ? "yes" : this.sameNamespace(object.namespace, namespace);
      if (same === "no") continue;
      (same === "yes" && answer === "yes" ? sure : possible).push(item);
    }
    for (const { item } of matches(this.workspace.index)) {
      const object = objectOf(item);
      if (!this.members.places.has(object.file) && this.isNear(object, namespace, isEverywhere(object)))
        possible.push(item);
    }
    const unsure = possible.length > 0 || this.members.scope.isOpen;
    return { answer: sure.length > 0 ? "yes" : unsure ? "unknown" : "no", sure, possible };
  }

  /** Whether an object of another unit may be deployed to the namespace as well. */
  private isNear(object: UnitObject, namespace: Told | undefined, isEverywhere: boolean): boolean {
    const isLoose = this.workspace.scopes.get(object.file)?.kind === "directory";
    if (isEverywhere) return isLoose;
    const same = this.sameNamespace(object.namespace, namespace);
    if (same === "no") return false;
    return isLoose || (same === "yes" && namespace !== undefined);
  }

  /** Objects in it deploy others that stand elsewhere. */
  private get deploysMore(): boolean {
    return [...deployers].some((kind) => this.members.index.ofKind(kind).length > 0);
  }

  /** An operator may make the pods: an object that it works on bears a name that the selector asks for. */
  private mayOperate({ requirements }: Selector): boolean {
    const values = requirements.flatMap((r) => r.values.flatMap((v) => v ?? []));
    const mayMake = ({ summary }: UnitObject): boolean =>
      !podless.test(summary.group) &&
      summary.pods.every((pod) => pod.certainty !== "exact") &&
      (typeof summary.name !== "string" || values.some((v) => v.startsWith(summary.name ?? "")));
    return this.objects.some(mayMake);
  }
}

const surely = <T>(item: T): Match<T> => ({ item, answer: "yes" });
const perhaps = <T>(item: T): Match<T> => ({ item, answer: "unknown" });
const nothing = (answer: Answer): Join<never> => ({ answer, sure: [], possible: [] });
