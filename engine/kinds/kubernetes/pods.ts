/** Where objects keep pods. Kinds and paths: the APIs of Kubernetes 1.37 and of the named projects. */
import type { Field } from "./field";
import type { Manifest } from "./manifest";
import { type ContainerRole, Pod } from "./pod";

type Path = readonly string[];
type Containers = readonly (readonly [Field, ContainerRole])[];

const template = ["spec", "template"];
const apps = ["apps", "extensions"];

/** Kinds whose pod template, metadata and spec, stands at a path. */
const templates: readonly {
  readonly kinds: readonly string[];
  readonly groups: readonly string[];
  readonly at: Path;
}[] = [
  { kinds: ["Pod"], groups: [""], at: [] },
  { kinds: ["PodTemplate"], groups: [""], at: ["template"] },
  { kinds: ["ReplicationController"], groups: [""], at: template },
  { kinds: ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"], groups: apps, at: template },
  { kinds: ["Job"], groups: ["batch"], at: template },
  { kinds: ["CronJob"], groups: ["batch"], at: ["spec", "jobTemplate", "spec", "template"] },
  { kinds: ["DeploymentConfig"], groups: ["apps.openshift.io"], at: template },
  { kinds: ["Rollout", "AnalysisRun"], groups: ["argoproj.io"], at: template },
  { kinds: ["Service", "Configuration"], groups: ["serving.knative.dev"], at: template },
  { kinds: ["Revision"], groups: ["serving.knative.dev"], at: [] },
  { kinds: ["ScaledJob"], groups: ["keda.sh"], at: ["spec", "jobTargetRef", "template"] },
  { kinds: ["CloneSet", "StatefulSet", "DaemonSet", "AdvancedCronJob"], groups: ["apps.kruise.io"], at: template },
  {
    kinds: ["SandboxTemplate", "Sandbox"],
    groups: ["extensions.agents.x-k8s.io", "agents.x-k8s.io"],
    at: ["spec", "podTemplate"],
  },
];

/** Objects that hold schemas, patterns of policies or other objects' bodies, and no pod of their own. */
const bodies =
  /^(?:apiextensions\.k8s\.io|kyverno\.io|policies\.kyverno\.io|templates\.gatekeeper\.sh|constraints\.gatekeeper\.sh|mutations\.gatekeeper\.sh|admissionregistration\.k8s\.io|apiextensions\.crossplane\.io|pkg\.crossplane\.io|chainsaw\.kyverno\.io|kuttl\.dev|meta\.helm\.sh|config\.kubernetes\.io)$/;
const core = /^(?:|apps|batch|extensions|policy|autoscaling|[\w-]+\.k8s\.io)$/;

/** How deep the template of an object of an unknown kind is looked for. */
const deepest = 6;

export function podsIn(manifest: Manifest): readonly Pod[] {
  const { group, kind, root } = manifest;
  const row = templates.find((t) => t.kinds.includes(kind) && t.groups.includes(group));
  if (row !== undefined) {
    const at = row.at.length === 0 ? root : root.at(...row.at);
    const spec = at?.get("spec");
    return spec === undefined ? [] : [podAt(manifest, at?.get("metadata"), spec, "exact")];
  }
  if (bodies.test(group) || (core.test(group) && !group.endsWith("x-k8s.io"))) return [];
  if (group === "argoproj.io") return workflowPods(manifest);
  if (group === "tekton.dev") return tektonPods(manifest);
  if (group === "kafka.strimzi.io") return strimziPods(manifest);
  if (group === "monitoring.coreos.com") return operatorPod(manifest);
  return guessedPods(manifest);
}

function podAt(manifest: Manifest, metadata: Field | undefined, spec: Field, certainty: Pod["certainty"]): Pod {
  const listed = (key: string, role: ContainerRole): Containers =>
    (spec.get(key)?.items ?? []).filter((c) => c.kind === "map").map((c) => [c, roleOf(c, role)] as const);
  const containers = [
    ...listed("initContainers", "init"),
    ...listed("containers", "container"),
    ...listed("ephemeralContainers", "ephemeral"),
  ];
  return new Pod(manifest, metadata, spec, certainty, containers);
}

/** An init container that is always restarted runs beside the others. */
const roleOf = (container: Field, role: ContainerRole): ContainerRole =>
  role === "init" && container.get("restartPolicy")?.string === "Always" ? "sidecar" : role;

function workflowPods(manifest: Manifest): readonly Pod[] {
  const spec = manifest.kind === "CronWorkflow" ? manifest.root.at("spec", "workflowSpec") : manifest.spec;
  if (spec === undefined || !/Workflow/.test(manifest.kind)) return [];
  const containers = (spec.get("templates")?.items ?? []).flatMap((t): Containers => {
    const own = [t.get("container"), t.get("script"), ...(t.at("containerSet", "containers")?.items ?? [])];
    const inits = (t.get("initContainers")?.items ?? []).map((c) => [c, "init"] as const);
    const sidecars = (t.get("sidecars")?.items ?? []).map((c) => [c, "sidecar"] as const);
    return [...own.flatMap((c) => (c === undefined ? [] : [[c, "container"] as const])), ...inits, ...sidecars];
  });
  return [new Pod(manifest, undefined, spec, "exact", containers)];
}

function tektonPods(manifest: Manifest): readonly Pod[] {
  const spec = manifest.spec?.get("taskSpec") ?? manifest.spec;
  if (spec === undefined) return [];
  const steps = (spec.get("steps")?.items ?? []).map((c) => [c, "container"] as const);
  const sidecars = (spec.get("sidecars")?.items ?? []).map((c) => [c, "sidecar"] as const);
  if (steps.length === 0 && sidecars.length === 0) return [];
  // A step template may say for every step what the step itself does not.
  const certainty = spec.get("stepTemplate") === undefined && manifest.kind !== "StepAction" ? "exact" : "partial";
  return [new Pod(manifest, undefined, spec, certainty, [...steps, ...sidecars])];
}

function strimziPods(manifest: Manifest): readonly Pod[] {
  const parts = [manifest.spec, ...(manifest.spec?.entries ?? []).map(([, value]) => value)];
  return parts.flatMap((part) => {
    const own = part?.get("template");
    const pod = own?.get("pod");
    if (own === undefined || pod === undefined) return [];
    const containers = own.entries.flatMap(([name, c]) =>
      name.endsWith("Container") ? [[c, "container"] as const] : [],
    );
    return [new Pod(manifest, pod.get("metadata"), pod, "partial", containers)];
  });
}

const operatorKinds = new Set(["Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler"]);

function operatorPod(manifest: Manifest): readonly Pod[] {
  if (!operatorKinds.has(manifest.kind) || manifest.spec === undefined) return [];
  return [podAt(manifest, undefined, manifest.spec, "partial")];
}

/** Maps under `template` or `podTemplate` that have containers with names and images. */
function guessedPods(manifest: Manifest): readonly Pod[] {
  const found: Pod[] = [];
  const look = (field: Field, depth: number): void => {
    if (depth > deepest) return;
    if (field.kind === "list") for (const item of field.items) look(item, depth + 1);
    if (field.kind !== "map") return;
    for (const [name, value] of field.entries) {
      const spec = name === "template" || name === "podTemplate" ? value.get("spec") : undefined;
      const containers = spec?.get("containers")?.items ?? [];
      const isPod =
        containers.length > 0 && containers.every((c) => c.get("name") !== undefined && c.get("image") !== undefined);
      if (spec !== undefined && isPod) found.push(podAt(manifest, value.get("metadata"), spec, "guessed"));
      else look(value, depth + 1);
    }
  };
  if (manifest.spec !== undefined) look(manifest.spec, 0);
  return found;
}
