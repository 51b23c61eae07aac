/** Pods that no policy of the network isolates. */
import {
  type Context,
  choice,
  type DeploymentUnit,
  type Fix,
  fixIn,
  type ManifestFile,
  parseReference,
  type Pod,
  type UnitObject,
  type UnitPod,
} from "../../../engine/index";
import { type ServiceImage, type ServiceKind, serviceImage } from "../images/services";
import { isSystemNamespace, unitOf } from "./deployed";

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

const plain = /^[A-Za-z][\w./-]*$/;
const taken = /^(?:y|yes|n|no|on|off|true|false|null)$/i;
const written = (text: string): string => (plain.test(text) && !taken.test(text) ? text : JSON.stringify(text));

const head = (name: string, namespace: string | null | undefined): readonly string[] => [
  "apiVersion: networking.k8s.io/v1",
  "kind: NetworkPolicy",
  "metadata:",
  `  name: ${name}`,
  ...(typeof namespace === "string" ? [`  namespace: ${namespace}`] : []),
  "spec:",
];

/** Denies what no other policy allows. */
export const denial = (namespace: string | null | undefined): readonly string[] => [
  ...head("default-deny", namespace),
  "  podSelector: {}",
  "  policyTypes: [Ingress]",
];

/** Lets one kind of pods reach the ports of a workload, and nobody else; undefined where its labels are not known. */
export function allowance(pod: UnitPod, ports: readonly number[]): readonly string[] | undefined {
  const { summary } = pod.object;
  const labels = selectionOf(pod);
  if (labels.length === 0 || typeof summary.name !== "string") return undefined;
  return [
    ...head(`allow-to-${summary.name}`, typeof summary.namespace === "string" ? summary.namespace : undefined),
    "  podSelector:",
    "    matchLabels:",
    ...labels.map(([name, value]) => `      ${written(name)}: ${written(value)}`),
    "  policyTypes: [Ingress]",
    "  ingress:",
    "    - from:",
    "        - podSelector:",
    "            matchLabels:",
    `              app: ${choice(1, "client")}`,
    ...(ports.length === 0 ? [] : ["      ports:", ...ports.map((port) => `        - port: ${port}`)]),
  ];
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

/** Writes documents at the end of a file; undefined for JSON, and where one of them cannot be written. */
export function appendDocuments(
  file: ManifestFile,
  documents: readonly (readonly string[] | undefined)[],
  title: string,
): Fix | undefined {
  if (/\.json$/i.test(file.file) || /^\uFEFF?\s*\{/.test(file.text)) return undefined;
  const parts = documents.flatMap((lines) => (lines === undefined ? [] : [lines]));
  if (parts.length < documents.length || parts.length === 0) return undefined;
  const newline = file.text.includes("\r\n") ? "\r\n" : "\n";
  const ending = file.text.endsWith("\n") ? "" : newline;
  const hasMark = /(?:^|\n)---[ \t]*\r?\n?$/.test(file.text);
  const text = parts.map((lines) => `${lines.join(newline)}${newline}`).join(`---${newline}`);
  const at = file.text.length;
  const edit = { span: { start: at, end: at }, text: `${ending}${hasMark ? "" : `---${newline}`}${text}` };
  return fixIn(file.file, title, "guided", [{ edits: [edit] }]);
}
