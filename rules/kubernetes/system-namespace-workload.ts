import { choice, fixIn, type Pod, rule } from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { isNodeAgent } from "../shared/kubernetes/node-agents";
import { severityAt } from "../shared/kubernetes/pod-security";

const system = new Set(["kube-system", "kube-public", "kube-node-lease"]);

/** What belongs to a cluster, by the names of its manifests and images. General knowledge, 2026-08. */
const addOn = new RegExp(
  `(?:^|[/_-])(?:${[
    "(?:core|kube|node-local|nodelocal)-?dns[\\w-]*",
    "dns-(?:default|autoscaler|horizontal-autoscaler)",
    "kube-(?:proxy|apiserver|scheduler|controller-manager|vip|state-metrics|router|flannel[\\w-]*|ovn[\\w-]*|addon-manager)",
    "etcd[\\w-]*|konnectivity[\\w-]*|metrics-server|cloud-(?:controller-manager|provider|node-manager)[\\w-]*",
    "(?:csi|cni|cpi|ccm)[\\w-]*|snapshot-controller|external-(?:snapshotter|provisioner|dns)",
    "cilium[\\w-]*|hubble[\\w-]*|calico[\\w-]*|canal|flannel|weave-net|antrea[\\w-]*|multus[\\w-]*|aws-node|azure-[\\w-]+",
    "device-plugin[\\w-]*|load-?balancer-controller|cluster-autoscaler|karpenter|descheduler|kured",
    "node-(?:problem-detector|exporter|termination-handler|feature-discovery)[\\w-]*|pod-identity[\\w-]*",
    "sealed-secrets[\\w-]*|secrets-store[\\w-]*|storage-provisioner|provisioner|fluentd[\\w-]*|fluent-bit",
    "operator|tiller[\\w-]*|helm-(?:controller|install)[\\w-]*|traefik|ingress-nginx[\\w-]*|nginx-ingress[\\w-]*",
  ].join("|")})$`,
);

function isOfCluster(pod: Pod): boolean {
  const { manifest } = pod;
  const tier = manifest.label("tier")?.string ?? pod.labels.get("tier");
  if (tier === "control-plane" || isNodeAgent(pod) || addOn.test(manifest.name ?? "")) return true;
  return pod.containers.some(({ reference }) => reference !== undefined && addOn.test(reference.repository));
}

export default rule({
  id: "kubernetes/system-namespace-workload",
  kind: "kubernetes",
  severity: "info",
  principle: "isolation",
  summary: "An ordinary workload in one of the cluster's own namespaces",
  why: `\`kube-system\` holds the accounts of the controllers, which may nearly everything, and policies and admission rules often leave it
out. Who may change the workload there, or breaks into it with a right to make pods, takes one of these accounts. Give the workload a
namespace of its own.`,
  refs: ["CIS 5.6.1"],
  covers: ["trivy:KSV-0037"],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
          namespace: «kube-system»
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
          namespace: orders
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: batch/v1
            kind: Job
            metadata: { name: report, namespace: «"kube-public"» }
            spec: { template: { spec: { restartPolicy: Never, containers: [{ name: report, image: "acme/report:1.4.2" }] } } }
        `,
      fixed: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: batch/v1
            kind: Job
            metadata: { name: report, namespace: "report" }
            spec: { template: { spec: { restartPolicy: Never, containers: [{ name: report, image: "acme/report:1.4.2" }] } } }
        `,
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: coredns, namespace: kube-system }
        spec:
          selector: { matchLabels: { k8s-app: kube-dns } }
          template:
            metadata: { labels: { k8s-app: kube-dns } }
            spec: { containers: [{ name: coredns, image: "registry.k8s.io/coredns/coredns:v1.12.0" }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: scheduler, namespace: kube-system, labels: { tier: control-plane } }
        spec: { containers: [{ name: main, image: "acme/scheduler:1.4.2" }] }
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: agent, namespace: kube-system }
        spec:
          selector: { matchLabels: { app: agent } }
          template:
            metadata: { labels: { app: agent } }
            spec: { containers: [{ name: agent, image: "acme/agent:1.4.2" }] }
        `,
      note: "parts of the cluster",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: aws-load-balancer-controller, namespace: kube-system }
        spec:
          selector: { matchLabels: { app: lb } }
          template:
            metadata: { labels: { app: lb } }
            spec: { containers: [{ name: controller, image: "public.ecr.aws/eks/aws-load-balancer-controller:v2.13.0" }] }
        `,
      note: "where its makers put it",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: extension-settings, namespace: kube-system }
        data: { a: b }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: "{{ .Values.namespace }}" }
        spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      note: "runs nothing; only the values tell",
    },
  ],
  check: {
    pod(pod, report, context) {
      const { manifest } = pod;
      const at = manifest.metadata?.get("namespace");
      if (at?.string === undefined || !system.has(at.string) || isOfCluster(pod)) return;
      const deployed = unitOf(context)?.object(manifest);
      if (deployed !== undefined && deployed.namespace !== at.string) return;
      report(at, `${manifest.title} runs in ${at.string}, beside the controllers of the cluster`, {
        severity: severityAt("info", at, pod),
        fix: () => {
          const edits = at.replace(choice(1, manifest.name ?? "app"), { snippet: true });
          return fixIn(context.file, "Give it another namespace", "guided", [edits && { edits }]);
        },
      });
    },
  },
});
