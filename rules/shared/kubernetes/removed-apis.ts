/**
 * Versions of the API that clusters do not serve any more, with the minor version that took them away and what serves
 * the same objects now (kubernetes.io, "Deprecated API Migration Guide").
 */
export interface RemovedApi {
  /** The minor version of Kubernetes 1 that has it no more. */
  readonly since: number;
  /** Undefined where the object itself is gone. */
  readonly successor: string | undefined;
  /** Nothing but the version need change. */
  readonly isSame: boolean;
}

type Row = readonly [apiVersion: string, since: number, kinds: string, successor: string | undefined, how?: "same"];

const rows: readonly Row[] = [
  ["extensions/v1beta1", 16, "Deployment DaemonSet ReplicaSet", "apps/v1", "same"],
  ["extensions/v1beta1", 16, "NetworkPolicy", "networking.k8s.io/v1", "same"],
  ["extensions/v1beta1", 22, "Ingress", "networking.k8s.io/v1"],
  ["apps/v1beta1", 16, "Deployment StatefulSet ControllerRevision", "apps/v1", "same"],
  ["apps/v1beta2", 16, "Deployment DaemonSet ReplicaSet StatefulSet ControllerRevision", "apps/v1", "same"],
  ["networking.k8s.io/v1beta1", 22, "Ingress", "networking.k8s.io/v1"],
  ["networking.k8s.io/v1beta1", 22, "IngressClass", "networking.k8s.io/v1", "same"],
  ["policy/v1beta1", 25, "PodDisruptionBudget", "policy/v1", "same"],
  ["batch/v2alpha1", 21, "CronJob", "batch/v1", "same"],
  ["batch/v1beta1", 25, "CronJob", "batch/v1", "same"],
  [
    "rbac.authorization.k8s.io/v1beta1",
    22,
    "Role ClusterRole RoleBinding ClusterRoleBinding",
    "rbac.authorization.k8s.io/v1",
    "same",
  ],
  ["autoscaling/v2beta1", 25, "HorizontalPodAutoscaler", "autoscaling/v2"],
  ["autoscaling/v2beta2", 26, "HorizontalPodAutoscaler", "autoscaling/v2", "same"],
  [
    "flowcontrol.apiserver.k8s.io/v1beta1",
    26,
    "FlowSchema PriorityLevelConfiguration",
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  [
    "flowcontrol.apiserver.k8s.io/v1beta2",
    29,
    "FlowSchema PriorityLevelConfiguration",
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  [
    "flowcontrol.apiserver.k8s.io/v1beta3",
    32,
    "FlowSchema PriorityLevelConfiguration",
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  ["storage.k8s.io/v1beta1", 22, "CSIDriver CSINode StorageClass VolumeAttachment", "storage.k8s.io/v1", "same"],
  ["storage.k8s.io/v1beta1", 27, "CSIStorageCapacity", "storage.k8s.io/v1", "same"],
  [
    "admissionregistration.k8s.io/v1beta1",
    22,
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    "admissionregistration.k8s.io/v1",
  ],
  ["apiextensions.k8s.io/v1beta1", 22, "CustomResourceDefinition", "apiextensions.k8s.io/v1"],
  ["apiregistration.k8s.io/v1beta1", 22, "APIService", "apiregistration.k8s.io/v1", "same"],
  ["certificates.k8s.io/v1beta1", 22, "CertificateSigningRequest", "certificates.k8s.io/v1"],
  ["coordination.k8s.io/v1beta1", 22, "Lease", "coordination.k8s.io/v1", "same"],
  ["scheduling.k8s.io/v1beta1", 22, "PriorityClass", "scheduling.k8s.io/v1", "same"],
  ["scheduling.k8s.io/v1alpha1", 17, "PriorityClass", "scheduling.k8s.io/v1", "same"],
  ["node.k8s.io/v1beta1", 25, "RuntimeClass", "node.k8s.io/v1", "same"],
  ["discovery.k8s.io/v1beta1", 25, "EndpointSlice", "discovery.k8s.io/v1"],
  ["events.k8s.io/v1beta1", 25, "Event", "events.k8s.io/v1"],
];

const table: ReadonlyMap<string, RemovedApi> = new Map(
  rows.flatMap(([apiVersion, since, kinds, successor, how]) =>
    kinds.split(" ").map((kind) => [`${apiVersion} ${kind}`, { since, successor, isSame: how === "same" }] as const),
  ),
);

/** Undefined for what clusters still serve, and for what is not known. */
export const removedApi = (apiVersion: string, kind: string): RemovedApi | undefined =>
  table.get(`${apiVersion} ${kind}`);
