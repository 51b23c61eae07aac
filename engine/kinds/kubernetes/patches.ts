/** What patches change about the objects that they are merged into, as far as joins ask for it. */
import type { LabelSet } from "./selector";
import { anything } from "./selector";
import type { ContainerSummary, ObjectSummary, PodSummary } from "./summary";

/** The object with the patch merged into it: where both say something else, nothing is known any more. */
export function patched(base: ObjectSummary, patch: ObjectSummary): ObjectSummary {
  return {
    ...base,
    labels: mergedLabels(base.labels, patch.labels),
    pods: base.pods.map((pod, i) => relabelled(mergedPod(pod, patch.pods[i]), patch)),
    uses: [...base.uses, ...patch.uses],
    ...(base.workload && {
      workload: {
        ...base.workload,
        replicas: either(base.workload.replicas, patch.workload?.replicas),
        selector: patch.workload?.selector?.requirements.length ? anything : base.workload.selector,
      },
    }),
    ...(base.service && {
      service: {
        ...base.service,
        type: either(base.service.type, patch.service?.type),
        selector: patch.service?.selector?.requirements.length ? anything : base.service.selector,
        ports: patch.service?.ports.length
          ? base.service.ports.map((port) => ({ ...port, target: null, nodePort: null }))
          : base.service.ports,
      },
    }),
    ...(base.policy && { policy: { ...base.policy, selector: anything, isolates: { ingress: null, egress: null } } }),
    ...(base.binding && { binding: { ...base.binding, isOpen: true } }),
    ...(base.permissions && { permissions: { ...base.permissions, isOpen: true } }),
    ...(base.budget && { budget: { selector: anything, minAvailable: null, maxUnavailable: null } }),
    ...(base.scaler && { scaler: { ...base.scaler, min: null, max: null } }),
    ...(patch.automount === undefined ? {} : { automount: null }),
  };
}

const either = <T>(base: T | null | undefined, patch: T | null | undefined): T | null | undefined =>
  patch === undefined || patch === base ? base : null;

function mergedLabels(base: LabelSet, patch: LabelSet): LabelSet {
  const merged = new Map(base.pairs);
  for (const [name, value] of patch.pairs)
    merged.set(name, merged.has(name) && merged.get(name) !== value ? null : value);
  return { pairs: [...merged], isOpen: base.isOpen };
}

const relabelled = (pod: PodSummary, { workload }: ObjectSummary): PodSummary =>
  workload?.templateLabels === undefined ? pod : { ...pod, labels: mergedLabels(pod.labels, workload.templateLabels) };

function mergedPod(base: PodSummary, patch: PodSummary | undefined): PodSummary {
  if (patch === undefined) return base;
  const changed = new Map(patch.containers.map((c) => [c.name, c]));
  const own = new Set(base.containers.map((c) => c.name));
  return {
    ...base,
    labels: mergedLabels(base.labels, patch.labels),
    serviceAccount: either(base.serviceAccount, patch.serviceAccount),
    automount: either(base.automount, patch.automount),
    hostNetwork: either(base.hostNetwork, patch.hostNetwork),
    containers: [
      ...base.containers.map((c) => mergedContainer(c, changed.get(c.name))),
      ...patch.containers.filter((c) => !own.has(c.name)),
    ],
  };
}

const mergedContainer = (base: ContainerSummary, patch: ContainerSummary | undefined): ContainerSummary =>
  patch === undefined
    ? base
    : {
        ...base,
        image: either(base.image, patch.image),
        ports: [...base.ports, ...patch.ports],
        hasReadinessProbe: base.hasReadinessProbe || patch.hasReadinessProbe,
      };
