/** The Pod Security Standards as the rules ask them: one judgement of a pod, shared by all rules of a run. */
import {
  type Container,
  type Context,
  type Control,
  type Field,
  newestPolicy,
  type Pod,
  type PodSecurityLevel,
  policyVersion,
  severities,
  type Severity,
  type Violation,
  violations,
} from "../../../engine/index";

/** The minor version of the policy that counts. */
export const policyOf = ({ kubernetes }: Context): number =>
  policyVersion(kubernetes.podSecurityVersion) ?? newestPolicy;

/**
 * What of the pod breaks one of the controls. Where a preset judges to the letter, this is what admission at its level
 * says; elsewhere what breaks either level. What is missing in a pod that is seen in part breaks nothing.
 */
export function breaches(pod: Pod, context: Context, ...controls: readonly Control[]): readonly Violation[] {
  return judged(pod, context).filter((v) => controls.includes(v.control) && !(v.isMissing && pod.isPartial));
}

/** Everything that keeps the pod from being admitted at the level. */
export const breachesAt = (pod: Pod, context: Context, level: PodSecurityLevel): readonly Violation[] =>
  context.once(`pod security ${level} ${pod.manifest.index} ${pod.spec.start}`, () =>
    violations(pod, level, policyOf(context)),
  );

function judged(pod: Pod, context: Context): readonly Violation[] {
  const { podSecurityLevel } = context.kubernetes;
  if (podSecurityLevel !== undefined) return breachesAt(pod, context, podSecurityLevel);
  return context.once(`pod security of both levels ${pod.manifest.index} ${pod.spec.start}`, () => {
    const restricted = breachesAt(pod, context, "restricted");
    const places = new Set(restricted.filter((v) => !v.isMissing).map((v) => v.at.start));
    return [...restricted, ...breachesAt(pod, context, "baseline").filter((v) => !places.has(v.at.start))];
  });
}

const lower = (severity: Severity): Severity => severities[Math.max(0, severities.indexOf(severity) - 1)] ?? severity;

/** One step softer for each reason to doubt: a condition of a template, an object of an unknown kind. */
export function severityAt(severity: Severity, at: Field, pod: Pod): Severity {
  const seen = at.isConditional ? lower(severity) : severity;
  return pod.certainty === "guessed" ? lower(seen) : seen;
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
