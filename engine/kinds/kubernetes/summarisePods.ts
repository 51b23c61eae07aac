/** What manifests tell of their pods, and of the secrets and config maps that they use or make. */
import type { Field } from "./field";
import type { Manifest } from "./manifest";
import type { Container, Pod } from "./pod";
import { readLabels, told, toldBoolean, toldNumber } from "./selector";
import type { ContainerSummary, MadeObject, ObjectSummary, PodSummary, ObjectUse } from "./summary";

export function podSummary(pod: Pod): PodSummary {
  const { spec, manifest } = pod;
  const mayHide = manifest.isPartial || pod.certainty !== "exact";
  return {
    labels: readLabels(pod.metadata?.get("labels"), mayHide || pod.metadata?.isOpen === true),
    certainty: pod.certainty,
    isPartial: pod.isPartial,
    serviceAccount: told(spec.get("serviceAccountName") ?? spec.get("serviceAccount")),
    automount: toldBoolean(spec.get("automountServiceAccountToken")),
    hostNetwork: toldBoolean(spec.get("hostNetwork")),
    runsOnce: jobs.test(manifest.kind) || /^(?:Never|OnFailure)$/.test(spec.get("restartPolicy")?.string ?? ""),
    containers: pod.containers.map(containerSummary),
  };
}

const jobs = /(?:Job|Workflow|WorkflowTemplate|Task|TaskRun|PipelineRun|StepAction|AnalysisRun)$/;

const containerSummary = (container: Container): ContainerSummary => ({
  name: told(container.field.get("name")),
  role: container.role,
  image: told(container.image),
  ports: container.ports.map((port) => ({
    name: told(port.get("name")),
    number: toldNumber(port.get("containerPort")),
    protocol: told(port.get("protocol")),
  })),
  hasReadinessProbe: container.field.get("readinessProbe") !== undefined,
});

/** Secrets, config maps and claims that the object names. */
export function usesOf(manifest: Manifest, pods: readonly Pod[]): readonly ObjectUse[] {
  const uses = new Map<string, ObjectUse>();
  const add = (kind: ObjectUse["kind"], name: Field | undefined, isOptional: boolean): void => {
    if (name === undefined) return;
    const text = told(name) ?? null;
    const key = `${kind} ${text ?? ""}`;
    const before = uses.get(key);
    uses.set(key, { kind, name: text, isOptional: isOptional && before?.isOptional !== false });
  };
  for (const pod of pods) usesOfPod(pod, add);
  if (manifest.is("ServiceAccount", "")) {
    for (const item of manifest.root.get("imagePullSecrets")?.items ?? []) add("Secret", item.get("name"), true);
    for (const item of manifest.root.get("secrets")?.items ?? []) add("Secret", item.get("name"), true);
  }
  if (manifest.is("Ingress", "networking.k8s.io", "extensions"))
    for (const item of manifest.spec?.get("tls")?.items ?? []) add("Secret", item.get("secretName"), false);
  return [...uses.values()];
}

type Add = (kind: ObjectUse["kind"], name: Field | undefined, isOptional: boolean) => void;

function usesOfPod(pod: Pod, add: Add): void {
  const optional = (field: Field): boolean => field.get("optional")?.boolean ?? field.get("optional") !== undefined;
  const byName = (kind: ObjectUse["kind"], field: Field | undefined): void => {
    if (field !== undefined) add(kind, field.get("name"), optional(field));
  };
  for (const container of pod.containers) {
    for (const { field } of container.env) {
      byName("Secret", field.at("valueFrom", "secretKeyRef"));
      byName("ConfigMap", field.at("valueFrom", "configMapKeyRef"));
    }
    for (const from of container.field.get("envFrom")?.items ?? []) {
      byName("Secret", from.get("secretRef"));
      byName("ConfigMap", from.get("configMapRef"));
    }
  }
  for (const volume of pod.volumes) {
    const secret = volume.get("secret");
    if (secret !== undefined) add("Secret", secret.get("secretName"), optional(secret));
    byName("ConfigMap", volume.get("configMap"));
    add("PersistentVolumeClaim", volume.at("persistentVolumeClaim", "claimName"), false);
    for (const source of volume.at("projected", "sources")?.items ?? []) {
      byName("Secret", source.get("secret"));
      byName("ConfigMap", source.get("configMap"));
    }
  }
  for (const item of pod.spec.get("imagePullSecrets")?.items ?? []) add("Secret", item.get("name"), true);
}

/** Secrets and the like that the controllers of well-known objects make. */
export function makesOf(manifest: Manifest): Pick<ObjectSummary, "makes"> {
  const made = madeBy(manifest);
  return made.length === 0 ? {} : { makes: made };
}

function madeBy(manifest: Manifest): readonly MadeObject[] {
  const { spec, group, kind, metadata } = manifest;
  const own = told(metadata?.get("name")) ?? null;
  const secret = (name: Field | undefined): MadeObject => ({ kind: "Secret", name: told(name) ?? own });
  switch (group) {
    case "external-secrets.io":
      return kind === "ExternalSecret"
        ? [secret(spec?.at("target", "name"))]
        : kind === "ClusterExternalSecret"
          ? [secret(spec?.at("externalSecretSpec", "target", "name") ?? spec?.get("externalSecretName"))]
          : [];
    case "bitnami.com":
      return kind === "SealedSecret" ? [secret(spec?.at("template", "metadata", "name"))] : [];
    case "cert-manager.io":
      return kind === "Certificate" ? [secret(spec?.get("secretName"))] : [];
    case "secrets.hashicorp.com":
      return [secret(spec?.at("destination", "name"))];
    case "onepassword.com":
    case "isindir.github.com":
      return [secret(undefined)];
    case "secrets-store.csi.x-k8s.io":
      return (spec?.get("secretObjects")?.items ?? []).map((item) => secret(item.get("secretName")));
    default:
      return [];
  }
}
