/** What a file of manifests tells other files: plain data without offsets, an entry for each object. */
import type { Role } from "./manifest";
import type { ContainerRole } from "./pod";
import type { LabelSet, Selector, Told } from "./selector";

export interface KubernetesSummary {
  readonly objects: readonly ObjectSummary[];
}

/**
 * One object. Of every value: undefined where the file says nothing, null where something else decides it (a template,
 * or a broken text).
 */
export interface ObjectSummary {
  readonly apiVersion: string;
  /** "" for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly role: Role;
  /** Null as well where the API server makes up the name. */
  readonly name: Told | undefined;
  readonly namespace: Told | undefined;
  readonly labels: LabelSet;
  readonly pods: readonly PodSummary[];
  readonly workload?: WorkloadSummary;
  readonly service?: ServiceSummary;
  /** Of routes: Ingress, HTTPRoute, VirtualService and the like. */
  readonly route?: RouteSummary;
  readonly policy?: PolicySummary;
  readonly budget?: BudgetSummary;
  readonly scaler?: ScalerSummary;
  readonly binding?: BindingSummary;
  readonly permissions?: PermissionsSummary;
  /** Of a ServiceAccount: its `automountServiceAccountToken`. */
  readonly automount?: boolean | null;
  /** Of a ServiceMonitor: what services it watches. */
  readonly monitor?: MonitorSummary;
  /** Of a LimitRange: what a container has that does not say it. */
  readonly defaults?: LimitDefaults;
  /** Of a PersistentVolumeClaim. */
  readonly accessModes?: readonly Told[];
  /** Objects that its controller makes of it. */
  readonly makes?: readonly MadeObject[];
  /** Secrets, config maps and claims that it names, its pods' among them. */
  readonly uses: readonly ObjectUse[];
}

export interface PodSummary {
  readonly labels: LabelSet;
  readonly certainty: "exact" | "partial" | "guessed";
  /** Nothing can be said to be missing in it. */
  readonly isPartial: boolean;
  readonly serviceAccount: Told | undefined;
  readonly automount: boolean | null | undefined;
  readonly hostNetwork: boolean | null | undefined;
  /** It comes to an end by itself: of a job, or never restarted. */
  readonly runsOnce: boolean;
  readonly containers: readonly ContainerSummary[];
}

export interface ContainerSummary {
  readonly name: Told | undefined;
  readonly role: ContainerRole;
  readonly image: Told | undefined;
  readonly ports: readonly PortSummary[];
  readonly hasReadinessProbe: boolean;
}

export interface PortSummary {
  readonly name: Told | undefined;
  readonly number: number | null | undefined;
  readonly protocol: Told | undefined;
}

export interface WorkloadSummary {
  readonly replicas: number | null | undefined;
  /** Undefined where it has none. */
  readonly selector: Selector | undefined;
  /** Of a patch that writes labels of pods and nothing else of them. */
  readonly templateLabels?: LabelSet;
  /** Of a StatefulSet: the service that names its pods. */
  readonly serviceName: Told | undefined;
  /** Of a StatefulSet: the access modes of its claims. */
  readonly claims: readonly { readonly name: Told | undefined; readonly accessModes: readonly Told[] }[];
}

export interface ServiceSummary {
  readonly type: Told | undefined;
  /** Undefined where it has none: what answers is said elsewhere. */
  readonly selector: Selector | undefined;
  readonly ports: readonly ServicePortSummary[];
  readonly externalName: Told | undefined;
  readonly isHeadless: boolean;
}

export interface ServicePortSummary {
  readonly name: Told | undefined;
  readonly port: number | null | undefined;
  /** A number or the name of a container's port; the port itself where left out. */
  readonly target: Told | undefined;
  readonly nodePort: number | null | undefined;
}

export interface RouteSummary {
  /** Hosts of its rules; undefined stands for every host. */
  readonly hosts: readonly (Told | undefined)[];
  readonly backends: readonly Backend[];
  /** Hosts of its TLS entries, each with the secret's name. */
  readonly tls: readonly { readonly hosts: readonly Told[]; readonly secret: Told | undefined }[];
  readonly className: Told | undefined;
}

/** A service that a route leads to. */
export interface Backend {
  readonly name: Told;
  /** The route's own where left out. */
  readonly namespace: Told | undefined;
  /** A number or a port's name. */
  readonly port: Told | undefined;
}

/** A policy of the network, of Kubernetes itself, Cilium, Calico. */
export interface PolicySummary {
  /** `cluster`: pods of every namespace. */
  readonly scope: "namespace" | "cluster";
  readonly selector: Selector;
  /** Of a policy over namespaces: which; undefined for every one. */
  readonly namespaces?: Selector;
  /** What it denies but for what its rules allow; null where that cannot be told. */
  readonly isolates: { readonly ingress: boolean | null; readonly egress: boolean | null };
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

export interface PolicyRule {
  /** Numbers, names; undefined for every port. */
  readonly ports: readonly Told[] | undefined;
  /** Undefined for everybody; null where that cannot be told. */
  readonly peers: readonly Peer[] | undefined | null;
}

export interface Peer {
  readonly pods?: Selector;
  /** The policy's own namespace where left out. */
  readonly namespaces?: Selector;
  readonly cidr?: Told;
}

export interface BudgetSummary {
  /** Undefined where it has none. */
  readonly selector: Selector | undefined;
  readonly minAvailable: Told | undefined;
  readonly maxUnavailable: Told | undefined;
}

/** What changes the number of a workload's replicas. */
export interface ScalerSummary {
  readonly kind: Told;
  readonly name: Told;
  readonly min: number | null | undefined;
  readonly max: number | null | undefined;
}

export interface BindingSummary {
  readonly role: { readonly kind: Told; readonly name: Told };
  readonly subjects: readonly SubjectSummary[];
  /** There may be subjects that cannot be seen. */
  readonly isOpen: boolean;
}

export interface SubjectSummary {
  readonly kind: Told;
  readonly name: Told;
  readonly namespace: Told | undefined;
}

/** Of a Role or ClusterRole. */
export interface PermissionsSummary {
  readonly rules: readonly PermissionRule[];
  /** Which cluster roles' rules its controller puts together as its own; undefined where it has rules of its own. */
  readonly aggregates: readonly Selector[] | undefined;
  /** There may be rules that cannot be seen. */
  readonly isOpen: boolean;
}

/** Values that a template decides are left out: a list may hold more than is told. */
export interface PermissionRule {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Undefined where it is not limited to named objects. */
  readonly names: readonly Told[] | undefined;
  readonly urls: readonly string[];
}

export interface MonitorSummary {
  readonly selector: Selector;
  /** The monitor's own where undefined; `*` for every one. */
  readonly namespaces: readonly Told[] | "*" | undefined;
}

/** Whether a container of the namespace has limits and requests that it does not write; null: unknown. */
export interface LimitDefaults {
  readonly memoryLimit: boolean | null;
  readonly cpuLimit: boolean | null;
  readonly memoryRequest: boolean | null;
  readonly cpuRequest: boolean | null;
}

export interface MadeObject {
  readonly kind: "Secret" | "ConfigMap" | "PersistentVolumeClaim" | "ServiceAccount" | "Service";
  readonly name: Told;
}

export interface ObjectUse {
  readonly kind: "Secret" | "ConfigMap" | "PersistentVolumeClaim";
  readonly name: Told;
  /** The pod starts without it. */
  readonly isOptional: boolean;
}
