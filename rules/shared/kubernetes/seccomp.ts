/** Which system calls a pod may use: the profiles of today, and the annotations that gave them before 1.27. */
import type { Edit, Field, Pod, YamlData } from "../../../engine/index";
import { type ContextEntry, secure } from "./security-context";

const podAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const containerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

/** The annotations that a cluster before 1.27 took as profiles. */
export const profileAnnotations = (pod: Pod): readonly (readonly [name: string, value: Field])[] =>
  (pod.metadata?.get("annotations")?.entries ?? []).filter(
    ([name]) => name === podAnnotation || name.startsWith(containerAnnotation),
  );

/** The profile that the value of an annotation meant. */
function profileOf(value: string | undefined): YamlData | undefined {
  if (value === "runtime/default" || value === "docker/default") return { type: "RuntimeDefault" };
  if (value?.startsWith("localhost/")) return { type: "Localhost", localhostProfile: value.slice("localhost/".length) };
  return undefined;
}

/** Gives the pod a profile, the one of its annotation where it has one, beside other entries of its security context. */
export function profileEdits(pod: Pod, beside: readonly ContextEntry[]): (readonly Edit[] | undefined)[] {
  const annotation = pod.annotation(podAnnotation);
  const meant = profileOf(annotation?.string);
  const profile = meant ?? { type: "RuntimeDefault" };
  const own = pod.securityContext?.get("seccompProfile");
  const entry: ContextEntry =
    own === undefined ? [["seccompProfile"], profile] : [["seccompProfile", "type"], "RuntimeDefault"];
  const edits = secure(pod.spec, [...beside, entry]);
  const { metadata } = pod;
  if (meant === undefined || annotation === undefined || metadata === undefined) return [edits];
  return [edits, annotation.removeUpTo(metadata)];
}
