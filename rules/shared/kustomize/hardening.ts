/** What a patch takes away from objects that made them safer. */
import type { Leaf, ObjectPath } from "../../../engine/index";

const objects = new Set(["NetworkPolicy", "PodDisruptionBudget", "LimitRange", "ResourceQuota"]);

/** Kinds of objects that protect others by being there. */
export const protects = (kind: string): boolean => objects.has(kind);

const probes = new Set(["livenessProbe", "readinessProbe"]);
const inContext = new Set([
  ...["allowPrivilegeEscalation", "readOnlyRootFilesystem", "runAsNonRoot", "seccompProfile", "appArmorProfile"],
  ...["capabilities", "drop"],
]);

/**
 * Whether something that matters may stand at the path. Numbers of users are left to the cluster in many places, and so
 * are limits of the processor.
 */
export function isProtection(path: ObjectPath): boolean {
  const last = path.at(-1);
  if (typeof last !== "string") return false;
  if (path[0] === "metadata") return isEnforcement(path);
  if (path[0] !== "spec") return false;
  const isInContext = path.includes("securityContext") && (last === "securityContext" || inContext.has(last));
  const isLimit = path.includes("resources") && /^(?:resources|limits|memory)$/.test(last);
  return isInContext || isLimit || probes.has(last) || last === "automountServiceAccountToken";
}

const isEnforcement = (path: ObjectPath): boolean =>
  path[1] === "labels" && path[2] === "pod-security.kubernetes.io/enforce";

/** What is lost with the values, as a message calls it; nothing where they made nothing safer. */
export function protectionsIn(leaves: readonly Leaf[]): readonly string[] {
  return [...new Set(leaves.flatMap((leaf) => protectionIn(leaf) ?? []))];
}

function protectionIn({ path, value }: Leaf): string | undefined {
  if (isEnforcement(path)) return "the label pod-security.kubernetes.io/enforce";
  const keys = path.filter((step) => typeof step === "string");
  const last = keys.at(-1) ?? "";
  if (keys.includes("securityContext")) return isHardening(keys, last, value) ? named(keys, last) : undefined;
  const probe = keys.find((key) => probes.has(key));
  if (probe !== undefined) return `the ${probe}`;
  if (last === "automountServiceAccountToken" && value === "false") return last;
  // A limit of the processor is often left out for good reasons.
  return keys.includes("resources") && last === "memory" ? "the limit or request of memory" : undefined;
}

const named = (keys: readonly string[], last: string): string =>
  last === "type" ? (keys.at(-2) ?? last) : last === "drop" ? "the dropped capabilities" : last;

function isHardening(keys: readonly string[], last: string, value: string | null): boolean {
  if (last === "allowPrivilegeEscalation") return value === "false";
  if (last === "readOnlyRootFilesystem" || last === "runAsNonRoot") return value === "true";
  if (last === "drop") return value !== null && value !== "";
  const isProfile = keys.includes("seccompProfile") || keys.includes("appArmorProfile");
  return isProfile && last === "type" && value !== null && value !== "Unconfined";
}
