import { accessOf } from "./summariseAccess";
import { makesOf, podSummary, usesOf } from "./summarisePods";
import { trafficOf } from "./summariseTraffic";
import type { Field } from "./field";
import type { Manifest } from "./manifest";
import type { ManifestFile } from "./model";
import { readLabels, readPlainSelector, readSelector, selectorAt, told, toldNumber } from "./selector";
import type { KubernetesSummary, LimitDefaults, ObjectSummary, ScalerSummary, WorkloadSummary } from "./summary";

export type * from "./summary";

export function summariseManifests(file: ManifestFile): KubernetesSummary {
  const summaryOf = (manifest: Manifest): ObjectSummary => {
    manifest.summary ??= summariseObject(manifest, file);
    return manifest.summary;
  };
  return { objects: file.manifests.map(summaryOf) };
}

function summariseObject(manifest: Manifest, file: ManifestFile): ObjectSummary {
  const { metadata, role, group, kind } = manifest;
  const mayHide = manifest.isPartial;
  const pods = file.podsOf(manifest);
  return {
    apiVersion: manifest.apiVersion,
    group,
    kind,
    role,
    name: nameOf(manifest),
    namespace: told(metadata?.get("namespace")),
    labels: readLabels(metadata?.get("labels"), mayHide),
    pods: pods.map(podSummary),
    ...workloadOf(manifest, mayHide),
    ...trafficOf(manifest, mayHide),
    ...accessOf(manifest, mayHide),
    ...availabilityOf(manifest, mayHide),
    ...makesOf(manifest),
    uses: usesOf(manifest, pods),
  };
}

function nameOf({ metadata, role }: Manifest): string | null | undefined {
  const name = told(metadata?.get("name"));
  if (name !== undefined) return name;
  return metadata?.get("generateName") !== undefined || role === "template" ? null : undefined;
}

const workloadKinds = new Set([
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "DeploymentConfig"],
  ...["Rollout", "CloneSet"],
]);
const workloadGroups = new Set(["", "apps", "extensions", "apps.openshift.io", "argoproj.io", "apps.kruise.io"]);

/** Whether an object keeps a number of like pods running. */
export const isWorkload = ({ kind, group }: { readonly kind: string; readonly group: string }): boolean =>
  workloadKinds.has(kind) && workloadGroups.has(group);

function workloadOf(manifest: Manifest, mayHide: boolean): { readonly workload?: WorkloadSummary } {
  const { spec, kind } = manifest;
  if (!isWorkload(manifest)) return {};
  const isPlain = kind === "ReplicationController" || kind === "DeploymentConfig";
  const template = spec?.get("template");
  const labels = template?.get("spec") === undefined ? template?.at("metadata", "labels") : undefined;
  const workload: WorkloadSummary = {
    ...(labels === undefined ? {} : { templateLabels: readLabels(labels, mayHide) }),
    replicas: toldNumber(spec?.get("replicas")),
    selector: selectorAt(spec, "selector", mayHide, isPlain ? readPlainSelector : readSelector),
    serviceName: told(spec?.get("serviceName")),
    claims: (spec?.get("volumeClaimTemplates")?.items ?? []).map((claim) => ({
      name: told(claim.at("metadata", "name")),
      accessModes: modesOf(claim.get("spec")),
    })),
  };
  return { workload };
}

const modesOf = (spec: Field | undefined): readonly (string | null)[] =>
  (spec?.get("accessModes")?.items ?? []).map((mode) => told(mode) ?? null);

type Availability = Pick<ObjectSummary, "budget" | "scaler" | "defaults" | "accessModes">;

function availabilityOf(manifest: Manifest, mayHide: boolean): Availability {
  const { spec } = manifest;
  if (manifest.is("PodDisruptionBudget", "policy")) {
    return {
      budget: {
        selector: selectorAt(spec, "selector", mayHide),
        minAvailable: told(spec?.get("minAvailable")),
        maxUnavailable: told(spec?.get("maxUnavailable")),
      },
    };
  }
  if (manifest.is("HorizontalPodAutoscaler", "autoscaling", "extensions"))
    return { scaler: scalerOf(spec, "minReplicas", "maxReplicas") };
  if (manifest.is("ScaledObject", "keda.sh")) return { scaler: scalerOf(spec, "minReplicaCount", "maxReplicaCount") };
  if (manifest.is("LimitRange", "")) return { defaults: defaultsOf(spec, mayHide) };
  if (manifest.is("PersistentVolumeClaim", "")) return { accessModes: modesOf(spec) };
  return {};
}

function scalerOf(spec: Field | undefined, min: string, max: string): ScalerSummary {
  const target = spec?.get("scaleTargetRef");
  return {
    // A ScaledObject means a Deployment where it does not say.
    kind: told(target?.get("kind")) ?? (min === "minReplicaCount" && target !== undefined ? "Deployment" : null),
    name: told(target?.get("name")) ?? null,
    min: toldNumber(spec?.get(min)),
    max: toldNumber(spec?.get(max)),
  };
}

function defaultsOf(spec: Field | undefined, mayHide: boolean): LimitDefaults {
  const limits = (spec?.get("limits")?.items ?? []).filter((limit) => limit.get("type")?.string === "Container");
  const has = (...places: readonly (readonly [string, string])[]): boolean | null =>
    limits.some((limit) => places.some((keys) => limit.at(...keys) !== undefined)) || (mayHide ? null : false);
  return {
    // A maximum is the default where none is written.
    memoryLimit: has(["default", "memory"], ["max", "memory"]),
    cpuLimit: has(["default", "cpu"], ["max", "cpu"]),
    memoryRequest: has(["defaultRequest", "memory"], ["default", "memory"], ["max", "memory"]),
    cpuRequest: has(["defaultRequest", "cpu"], ["default", "cpu"], ["max", "cpu"]),
  };
}
