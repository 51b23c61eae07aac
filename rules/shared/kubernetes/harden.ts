/** One fix for all that a pod lacks at the restricted level. */
import { type Container, type Context, type Fix, fixIn, type Pod, type Violation } from "../../../engine/index";
import { breachesAt, hasPodLevel, isForWindows } from "./pod-security";
import { profileEdits } from "./seccomp";
import { type ContextEntry, joined, secure } from "./security-context";

/**
 * Gives the pod and its containers what the restricted level wants, and a root file system that cannot be written to.
 * Undefined where the pod would still be refused for what is written in it.
 */
export function harden(pod: Pod, context: Context): Fix | undefined {
  if (pod.isPartial || !hasPodLevel(pod)) return undefined;
  const found = breachesAt(pod, context, "restricted");
  if (found.some((v) => !v.isMissing && v.control !== "allowPrivilegeEscalation")) return undefined;
  const edits = joined([
    ...podEdits(pod, found),
    ...pod.containers.map((container) => secure(container.field, entriesFor(container, found))),
  ]);
  return fixIn(context.file, "Harden this pod", "unsafe", [edits && { edits }]);
}

function podEdits(pod: Pod, found: readonly Violation[]): ReturnType<typeof secure>[] {
  const user: ContextEntry[] = found.some((v) => v.control === "runAsNonRoot") ? [[["runAsNonRoot"], true]] : [];
  if (!found.some((v) => v.control === "seccompProfile_restricted")) return [secure(pod.spec, user)];
  return profileEdits(pod, user);
}

function entriesFor(container: Container, found: readonly Violation[]): ContextEntry[] {
  const breaks = (control: Violation["control"]): boolean =>
    found.some((v) => v.control === control && v.container === container);
  const entries: ContextEntry[] = [];
  if (breaks("allowPrivilegeEscalation")) entries.push([["allowPrivilegeEscalation"], false]);
  if (breaks("capabilities_restricted")) entries.push([["capabilities", "drop"], ["ALL"]]);
  const canLock = container.role !== "ephemeral" && !isForWindows(container.pod);
  const isSaid = container.securityContext?.get("readOnlyRootFilesystem") !== undefined;
  if (canLock && !isSaid) entries.push([["readOnlyRootFilesystem"], true]);
  return entries;
}
