/** The Pod Security Standards as the rules ask them: one judgement of a pod, shared by all rules of a run. */
import {
  type Container,
  type Context,
  type Control,
  configuredPolicy,
  type Field,
  hasLaterAllowance,
  newestPolicy,
  pinnedPolicy,
  type Pod,
  type PodSecurityLevel,
  type Severity,
  type Violation,
  violations,
} from "../../../engine/index";
import { softer } from "../severity";
import { unitOf } from "./deployed";
import { containerOverlaid, type Overlaid, podOverlaid } from "./overlays";

/** The minor version of the policy that counts for the pod: of its namespace's label, or else of the configuration. */
export const policyOf = (pod: Pod, context: Context): number =>
  context.once(
    `policy ${pod.manifest.index}`,
    () => pinnedPolicy(pod, unitOf(context))?.version ?? configuredPolicy(context.kubernetes.podSecurityVersion),
  );

/**
 * What of the pod breaks one of the controls. Where a preset judges to the letter, this is what admission at its level
 * says; elsewhere what breaks either level. What is missing in a pod that is seen in part breaks nothing, nor what every
 * kustomization that deploys it adds.
 */
export function breaches(pod: Pod, context: Context, ...controls: readonly Control[]): readonly Violation[] {
  const isLeft = (v: Violation): boolean => !v.isMissing || !(pod.isPartial || breachOverlaid(pod, v, context).isCured);
  const among = (found: readonly Violation[]): readonly Violation[] =>
    found.filter((v) => controls.includes(v.control) && isLeft(v));
  const configured = configuredPolicy(context.kubernetes.podSecurityVersion);
  const found = among(judged(pod, context, configured));
  // What no version can refuse needs no look at the namespace, so that the answer stays when other objects change.
  if (found.length === 0 && configured === newestPolicy && !hasLaterAllowance(pod)) return found;
  const version = policyOf(pod, context);
  return version === configured ? found : among(judged(pod, context, version));
}

/** What containers lack that break a control. */
const lackedBy: Readonly<Partial<Record<Control, readonly string[]>>> = {
  allowPrivilegeEscalation: ["allowPrivilegeEscalation"],
  capabilities_restricted: ["capabilities", "drop"],
  runAsNonRoot: ["runAsNonRoot"],
  seccompProfile_restricted: ["seccompProfile", "type"],
};

/** Whether kustomizations write what is missing. */
export function breachOverlaid(pod: Pod, { control, container }: Violation, context: Context): Overlaid {
  const keys = lackedBy[control];
  if (keys === undefined) return { isCured: false, related: [] };
  const path = ["securityContext", ...keys];
  return container === undefined ? podOverlaid(pod, context, path) : containerOverlaid(container, context, path);
}

/** Everything that keeps the pod from being admitted at the level. */
export const breachesAt = (pod: Pod, context: Context, level: PodSecurityLevel): readonly Violation[] =>
  atVersion(pod, context, level, policyOf(pod, context));

const atVersion = (pod: Pod, context: Context, level: PodSecurityLevel, version: number): readonly Violation[] =>
  context.once(`pod security ${level} ${version} ${pod.manifest.index} ${pod.spec.start}`, () =>
    violations(pod, level, version),
  );

function judged(pod: Pod, context: Context, version: number): readonly Violation[] {
  const { podSecurityLevel } = context.kubernetes;
  if (podSecurityLevel !== undefined) return atVersion(pod, context, podSecurityLevel, version);
  return context.once(`pod security of both levels ${version} ${pod.manifest.index} ${pod.spec.start}`, () => {
    const restricted = atVersion(pod, context, "restricted", version);
    const places = new Set(restricted.filter((v) => !v.isMissing).map((v) => v.at.start));
    return [...restricted, ...atVersion(pod, context, "baseline", version).filter((v) => !places.has(v.at.start))];
  });
}

/** One step softer for each reason to doubt: a condition of a template, an object of an unknown kind. */
export function severityAt(severity: Severity, at: Field, pod: Pod): Severity {
  const seen = at.isConditional ? softer(severity) : severity;
  return pod.certainty === "guessed" ? softer(seen) : seen;
}

/** Continues a message about what stands in a branch of a template. */
export const ifConditional = (at: Field): string =>
  at.isConditional ? ", where a condition of the template holds" : "";

const osLabels = ["kubernetes.io/os", "beta.kubernetes.io/os"];

/** Its nodes run Windows, whether or not it says so in a way that admission knows. */
export const isForWindows = (pod: Pod): boolean =>
  pod.isWindows || osLabels.some((label) => pod.spec.at("nodeSelector", label)?.string === "windows");

export const isPrivileged = (container: Container): boolean =>
  container.securityContext?.get("privileged")?.boolean === true;

/** Users and profiles can be given for all of its containers at once, where its spec is that of a pod. */
export const hasPodLevel = (pod: Pod): boolean =>
  pod.spec.get("containers") !== undefined || pod.spec.get("initContainers") !== undefined;

/** A key that only containers have, written for the whole pod, where it has no effect. */
export const misplaced = (pod: Pod, key: string): Field | undefined =>
  hasPodLevel(pod) ? pod.securityContext?.get(key) : undefined;
