/** By which version of the Pod Security Standards a pod is judged. */
import type { Field } from "./field";
import type { Pod } from "./pod";
import { newestPolicy, policyVersion } from "./podSecurity";
import type { DeploymentUnit } from "./unit";

const versionLabel = "pod-security.kubernetes.io/enforce-version";

export interface PinnedPolicy {
  /** The minor version. */
  readonly version: number;
  /** The Namespace whose label says so. */
  readonly namespace: string;
}

/** What the label of the pod's namespace says; undefined where there is none, or namespaces of its name differ. */
export function pinnedPolicy(pod: Pod, unit: DeploymentUnit | undefined): PinnedPolicy | undefined {
  const object = unit?.object(pod.manifest);
  if (unit === undefined || typeof object?.namespace !== "string") return undefined;
  const { namespace } = object;
  const labels = unit.namespaceOf(object).sure.map((n) => new Map(n.summary.labels.pairs).get(versionLabel));
  const [label] = labels;
  if (typeof label !== "string" || labels.some((other) => other !== label)) return undefined;
  const version = policyVersion(label);
  return version === undefined ? undefined : { version, namespace };
}

/** The minor version that the configuration asks for. */
export const configuredPolicy = (text: string): number => policyVersion(text) ?? newestPolicy;

const contexts = (pod: Pod): readonly (Field | undefined)[] => [
  pod.securityContext,
  ...pod.containers.map((c) => c.securityContext),
];

/**
 * Whether an older policy may refuse what the newest one admits: the standards came to allow it later. All else they
 * came to refuse over time.
 */
export const hasLaterAllowance = (pod: Pod): boolean =>
  pod.isWindows ||
  pod.spec.get("hostUsers") !== undefined ||
  pod.securityContext?.get("sysctls") !== undefined ||
  pod.metadata?.get("annotations")?.entries.some(([name]) => name.includes("seccomp.security.alpha")) === true ||
  contexts(pod).some((context) => context?.at("seLinuxOptions", "type") !== undefined);
