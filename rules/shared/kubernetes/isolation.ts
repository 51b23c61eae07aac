/** Pods that no policy of the network isolates. */
import {
  type Context,
  choice,
  type DeploymentUnit,
  type Fix,
  fixIn,
  literal,
  type ManifestFile,
  parseReference,
  type Pod,
  type UnitObject,
  type UnitPod,
} from "../../../engine/index";
import { type ServiceImage, type ServiceKind, serviceImage } from "../images/services";
import { isSystemNamespace, unitOf } from "./deployed";
import { appended, type NewObject } from "./documents";

const storing: ReadonlySet<ServiceKind> = new Set<ServiceKind>([
  ...(["relational", "document", "graph", "search", "vector", "object-store", "cache", "broker"] as const),
  "coordination",
]);

/** The database, cache or broker that a pod runs. */
export function datastoreOf({ summary }: UnitPod): ServiceImage | undefined {
  for (const { role, image } of summary.containers) {
    const reference = role === "container" && typeof image === "string" ? parseReference(image) : undefined;
    const found = reference && serviceImage(reference);
    if (found !== undefined && storing.has(found.kind)) return found;
  }
  return undefined;
}

/** Whether policies can do anything for the pod, and all that matters about it is known. */
function canBeIsolated({ object, summary, labels }: UnitPod): boolean {
  const isKnown = !summary.isPartial && summary.certainty === "exact" && !labels.isOpen && object.namespace !== null;
  const isPlain = summary.hostNetwork === undefined || summary.hostNetwork === false;
  return isKnown && isPlain && object.summary.kind !== "PodTemplate" && !isSystemNamespace(object.namespace);
}

export interface Reachable {
  readonly unit: DeploymentUnit;
  readonly pod: UnitPod;
  /** Whether other pods of the namespace have policies. */
  readonly hasPolicies: boolean;
}

/** The pod, if every other pod of the cluster can reach it. */
export function reachable(pod: Pod, context: Context): Reachable | undefined {
  const unit = unitOf(context);
  const deployed = unit?.pod(pod);
  if (unit === undefined || deployed === undefined || !isReachable(unit, deployed)) return undefined;
  const { namespace } = deployed.object;
  const hasPolicies = unit.hasPolicies(namespace) === "yes";
  // One pod alone has no neighbours to be kept from.
  if (!hasPolicies && openPods(unit, namespace, context).length < 2) return undefined;
  return { unit, pod: deployed, hasPolicies };
}

const isReachable = (unit: DeploymentUnit, pod: UnitPod): boolean =>
  canBeIsolated(pod) && takesConnections(unit, pod) && unit.policiesOf(pod, "ingress").answer === "no";

/** Whether anything tells that somebody connects to the pod: ports, a service, the image of a server. */
const takesConnections = (unit: DeploymentUnit, pod: UnitPod): boolean =>
  pod.summary.containers.some((c) => c.ports.length > 0) ||
  datastoreOf(pod) !== undefined ||
  unit.servicesOf(pod).sure.length > 0;

/** The reachable pods of a namespace in the order of their files, those of jobs left out. */
export function openPods(
  unit: DeploymentUnit,
  namespace: UnitObject["namespace"],
  context: Context,
): readonly UnitPod[] {
  return context.once(`reachable pods ${namespace}`, () =>
    unit.objects
      .flatMap((object) => object.pods)
      .filter((p) => !p.summary.runsOnce && p.object.namespace === namespace && isReachable(unit, p)),
  );
}

const policy = (name: string, namespace: UnitObject["namespace"], spec: NewObject): NewObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, ...(typeof namespace === "string" ? { namespace } : {}) },
  spec,
});

/** Denies what no other policy of the namespace allows. */
export const denial = (namespace: UnitObject["namespace"]): NewObject =>
  policy("default-deny", namespace, { podSelector: {}, policyTypes: ["Ingress"] });

/**
 * Fences a namespace: its pods reach each other and the cluster's names, and nothing else. The labels are those that
 * every cluster gives the namespace and that CoreDNS and kube-dns bear.
 */
export const fence = (namespace: UnitObject["namespace"]): readonly NewObject[] => [
  policy("default-deny", namespace, { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
  policy("allow-dns", namespace, {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ],
  }),
  policy("allow-same-namespace", namespace, {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: {} }] }],
    egress: [{ to: [{ podSelector: {} }] }],
  }),
];

/**
 * Lets one kind of pods, left to choose, reach the ports of a workload, and nobody else; undefined where its labels are
 * not known.
 */
export function allowance(pod: UnitPod, ports: readonly number[]): NewObject | undefined {
  const { name, namespace } = pod.object.summary;
  const labels = selectionOf(pod).map(([key, value]) => [literal(key), literal(value)] as const);
  if (labels.length === 0 || typeof name !== "string") return undefined;
  const own = typeof namespace === "string" ? literal(namespace) : undefined;
  return policy(`allow-to-${literal(name)}`, own, {
    podSelector: { matchLabels: Object.fromEntries(labels) },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { app: choice(1, "client") } } }],
        ...(ports.length === 0 ? {} : { ports: ports.map((port) => ({ port })) }),
      },
    ],
  });
}

/** Policies with choices, behind the objects of the file; undefined where one of them cannot be had. */
export function withPolicies(
  file: ManifestFile,
  policies: readonly (NewObject | undefined)[],
  title: string,
): Fix | undefined {
  const known = policies.flatMap((p) => (p === undefined ? [] : [p]));
  const edits = known.length < policies.length ? undefined : appended(file, known, { snippet: true });
  return fixIn(file.file, title, "guided", [edits && { edits }]);
}

/** The labels that its workload selects the pod by, or else all of them. */
function selectionOf(pod: UnitPod): readonly (readonly [string, string])[] {
  const asked = new Set((pod.object.summary.workload?.selector?.requirements ?? []).map((r) => r.key));
  const known = [...pod.labels.values].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const selected = known.filter(([name]) => asked.has(name));
  return selected.length > 0 ? selected : known;
}

/** The TCP ports that the pod's containers name. */
export const portsOf = ({ summary }: UnitPod): readonly number[] => [
  ...new Set(
    summary.containers.flatMap((c) =>
      c.ports.flatMap((p) => (typeof p.number === "number" && (p.protocol ?? "TCP") === "TCP" ? [p.number] : [])),
    ),
  ),
];
