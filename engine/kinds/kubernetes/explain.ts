/** What Pod Security admission says of a pod: for a person who points at its object's kind or name, or at its spec. */
import type { Span } from "../../text/span";
import type { KubernetesSettings } from "../../rule";
import type { Around, Explanation } from "../kind";
import { configuredPolicy, pinnedPolicy } from "./admission";
import type { Field } from "./field";
import type { ManifestFile } from "./model";
import type { Pod } from "./pod";
import { type Control, type Violation, violations } from "./podSecurity";

/** What each control keeps pods from. */
const titles: Readonly<Record<Control, string>> = {
  privileged: "privileged containers",
  hostNamespaces: "the node's network, processes and memory segments",
  windowsHostProcess: "Windows HostProcess containers",
  hostPathVolumes: "folders of the node",
  hostPorts: "ports of the node",
  capabilities_baseline: "capabilities beyond the usual",
  procMount: "an unmasked /proc",
  procMount_restricted: "an unmasked /proc",
  sysctls: "kernel parameters",
  seccompProfile_baseline: "seccomp switched off",
  appArmorProfile: "AppArmor switched off",
  seLinuxOptions: "SELinux labels of one's own choice",
  hostProbesAndHostLifecycle: "probes of other hosts",
  allowPrivilegeEscalation: "gaining rights",
  capabilities_restricted: "capabilities that are not dropped",
  restrictedVolumes: "storage mounted without a claim",
  runAsNonRoot: "running as root, if nothing forbids it",
  runAsUser: "running as root",
  seccompProfile_restricted: "no seccomp profile",
};

/** Places of one control; more would hide the others. */
const mostPlaces = 4;

/** Undefined where no pod is meant, or nothing can be said of it. */
export function explainAt(
  file: ManifestFile,
  offset: number,
  { project }: Around,
  { podSecurityVersion }: KubernetesSettings,
): Explanation | undefined {
  for (const manifest of file.manifests) {
    const pods = file.podsOf(manifest);
    const [pod] = pods;
    if (pod === undefined || offset < manifest.root.start || offset > manifest.root.end) continue;
    const named = [manifest.root.get("kind"), manifest.metadata?.get("name")];
    const place = [...named, pod.spec.key].find((at) => at !== undefined && isAt(at, offset));
    const other = pods.find(({ spec }) => spec.key !== undefined && isAt(spec.key, offset));
    const span = place ?? other?.spec.key;
    if (span === undefined) return undefined;
    const meant = place === undefined && other !== undefined ? other : pod;
    const pinned = pinnedPolicy(meant, project.unit(file.file));
    const policy = { version: pinned?.version ?? configuredPolicy(podSecurityVersion), by: pinned?.namespace };
    const text = verdictOn(meant, policy, file.text);
    return text === undefined ? undefined : { span: { start: span.start, end: span.end }, text };
  }
  return undefined;
}

const isAt = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;

interface Policy {
  readonly version: number;
  /** The Namespace that asks for this version. */
  readonly by: string | undefined;
}

function verdictOn(pod: Pod, { version, by }: Policy, text: string): string | undefined {
  const baseline = seen(pod, "baseline", version);
  const restricted = seen(pod, "restricted", version);
  // Of a part of a pod, only a refusal is certain.
  if (!isWhole(pod) && restricted.length === 0) return undefined;
  const verdict =
    baseline.length > 0
      ? `refused at baseline: ${counted(baseline)}; at restricted: ${counted(restricted)}`
      : restricted.length > 0
        ? `${isWhole(pod) ? "allowed at baseline, " : ""}refused at restricted: ${counted(restricted)}`
        : "allowed at restricted";
  const source = by === undefined ? "" : ` (as Namespace ${by} asks)`;
  const heading = `**Pod Security Standards 1.${version}**${source}: ${verdict}`;
  const lines = [...groups(restricted)].map(([control, found]) => `- ${titles[control]}: ${places(found, text)}`);
  return lines.length === 0 ? heading : [heading, "", ...lines].join("\n");
}

const seen = (pod: Pod, level: "baseline" | "restricted", version: number): readonly Violation[] =>
  violations(pod, level, version).filter((v) => !v.isMissing || isWhole(pod));

/** Its spec is all that there is of it. */
const isWhole = (pod: Pod): boolean => !pod.isPartial && (pod.spec.get("containers")?.items.length ?? 0) > 0;

function groups(found: readonly Violation[]): ReadonlyMap<Control, readonly Violation[]> {
  const all = new Map<Control, Violation[]>();
  for (const violation of found) all.set(violation.control, [...(all.get(violation.control) ?? []), violation]);
  return all;
}

function counted(found: readonly Violation[]): string {
  const { size } = groups(found);
  return `${size} control${size === 1 ? "" : "s"}`;
}

function places(found: readonly Violation[], text: string): string {
  const shown = found.slice(0, mostPlaces).map(({ at, container }) => {
    const where = `line ${lineOf(at, text)}`;
    return container === undefined ? where : `\`${container.name}\`, ${where}`;
  });
  const more = found.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join("; ");
}

const lineOf = (at: Field, text: string): number => text.slice(0, at.anchor.start).split("\n").length;
