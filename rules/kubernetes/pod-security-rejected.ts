import {
  type Control,
  type PodSecurityLevel,
  policyVersion,
  rule,
  type UnitObject,
  violations,
} from "../../engine/index";
import { pointTo, unitOf } from "../shared/kubernetes/deployed";

const prefix = "pod-security.kubernetes.io/";

interface Enforced {
  readonly namespace: UnitObject;
  readonly level: PodSecurityLevel;
  /** The minor version of the policy. */
  readonly version: number;
}

/** What a Namespace enforces; undefined where that cannot be told, or is nothing. */
function enforcedBy(namespace: UnitObject, byDefault: string): Enforced | undefined {
  const labels = new Map(namespace.summary.labels.pairs);
  const level = labels.get(`${prefix}enforce`);
  if (level !== "baseline" && level !== "restricted") return undefined;
  const written = labels.get(`${prefix}enforce-version`);
  const version = written === null ? undefined : policyVersion(written ?? byDefault);
  return version === undefined ? undefined : { namespace, level, version };
}

const wordsOf: Readonly<Record<Control, string>> = {
  privileged: "privileged containers",
  hostNamespaces: "host namespaces",
  windowsHostProcess: "host processes",
  hostPathVolumes: "hostPath volumes",
  hostPorts: "host ports",
  capabilities_baseline: "capabilities",
  capabilities_restricted: "capabilities",
  procMount: "procMount",
  procMount_restricted: "procMount",
  sysctls: "sysctls",
  seccompProfile_baseline: "the seccomp profile",
  seccompProfile_restricted: "the seccomp profile",
  appArmorProfile: "the AppArmor profile",
  seLinuxOptions: "SELinux options",
  hostProbesAndHostLifecycle: "hosts of probes",
  allowPrivilegeEscalation: "privilege escalation",
  restrictedVolumes: "volume types",
  runAsNonRoot: "runAsNonRoot",
  runAsUser: "runAsUser",
};

export default rule({
  id: "kubernetes/pod-security-rejected",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "Pods that their namespace's Pod Security level does not admit",
  why: `The label \`pod-security.kubernetes.io/enforce\` of the namespace lets the API server refuse every pod below that level. A
Deployment is accepted all the same, and then never gets a pod: at the next roll-out the old version, with its known holes, just
stays. People then tend to lower the level for the whole namespace, and with it for every intruder's pod. Bring the workload up to
the level, or move what must break it to a namespace of its own.`,
  refs: ["PSS baseline", "PSS restricted", "CIS 5.2.1", "NSA pod"],
  covers: [],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: baseline
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: «orders», namespace: shop }
        spec:
          replicas: 2
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              hostPID: true
              containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
    },
    {
      bad: `
        apiVersion: batch/v1
        kind: Job
        metadata: { name: «migrate», namespace: shop }
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{ name: migrate, image: "acme/migrate:1.4.2" }]
        -- namespaces/shop.yaml --
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels: { pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: v1.30 }
        `,
      note: "the namespace is written elsewhere",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: baseline
            pod-security.kubernetes.io/warn: restricted
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders, namespace: shop }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              volumes: [{ name: cache }, { name: c, emptyDir: null }]
              containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
      note: "a warning refuses nothing; volumes without a source are empty directories",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: mail, namespace: mail }
        spec:
          selector: { matchLabels: { app: mail } }
          template:
            metadata: { labels: { app: mail } }
            spec: { containers: [{ name: mail, image: "acme/mail:1.4.2" }] }
        `,
      note: "nobody says in which namespace; another namespace",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders, namespace: shop }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              os: { name: windows }
              securityContext: { runAsNonRoot: true }
              containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: restricted } }
        `,
      note: "what Windows does not have is not asked for",
    },
  ],
  check: {
    pod(pod, report, context) {
      if (pod.certainty !== "exact" || pod.manifest.role === "patch" || pod.manifest.kind === "PodTemplate") return;
      const unit = unitOf(context);
      const object = unit?.object(pod.manifest);
      if (unit === undefined || object === undefined) return;
      const namespaces = unit.namespaceOf(object).sure;
      const enforced = namespaces.map((n) => enforcedBy(n, context.kubernetes.podSecurityVersion));
      let first: { readonly by: Enforced; readonly controls: ReadonlySet<Control> } | undefined;
      for (const by of enforced) {
        if (by === undefined) return;
        const isPartial = pod.isPartial || object.patches.length > 0;
        const found = violations(pod, by.level, by.version).filter((v) => !isPartial || !v.isMissing);
        if (found.length === 0) return;
        first ??= { by, controls: new Set(found.map((v) => v.control)) };
      }
      if (first === undefined) return;
      const { by, controls } = first;
      const why = [...new Set([...controls].map((c) => wordsOf[c]))].join(", ");
      const where = `Namespace ${by.namespace.summary.name} admits no pod of ${pod.manifest.title}`;
      report(pod.manifest.anchor, `${where}: at level ${by.level} it fails on ${why}`, {
        related: pointTo(by.namespace, `Enforces ${by.level}`, context),
      });
    },
  },
});
