import { fixIn, rule } from "../../engine/index";
import { isNodeAgent } from "../shared/kubernetes/node-agents";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { joined } from "../shared/kubernetes/security-context";

export default rule({
  id: "kubernetes/host-network",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "A pod uses the network of its node",
  why: `Such a pod has its node's addresses: it listens on every interface of the node, reaches what only listens on the node's
loopback (the kubelet's read-only port, debug servers), and no NetworkPolicy holds it back. An intruder in it can capture the traffic
of the node and ask the cloud's metadata service for the node's credentials. Use a Service to be reached.`,
  refs: ["PSS baseline", "CIS 5.2.5", "NSA pod", "CWE-668"],
  covers: [
    "kube-linter:host-network",
    "checkov:CKV_K8S_19",
    "trivy:KSV-0009",
    "kubescape:C-0041",
    "polaris:hostNetworkSet",
    "kubesec:HostNetwork",
    "kics:6b6bdfb3",
    "kyverno:disallow-host-namespaces",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: 2
          template:
            spec:
              hostNetwork: «true»
              dnsPolicy: ClusterFirstWithHostNet
              containers:
                - name: web
                  image: acme/web:1.2.3
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: web
                  image: acme/web:1.2.3
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: cilium
        spec:
          template:
            spec:
              containers:
                - name: cilium-agent
                  image: quay.io/cilium/cilium:v1.18.2
              hostNetwork: «true»
        `,
      fixed: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: cilium
        spec:
          template:
            spec:
              containers:
                - name: cilium-agent
                  image: quay.io/cilium/cilium:v1.18.2
        `,
      severity: "info",
      note: "it gives the node its network",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              {{- if .Values.debug }}
              hostNetwork: «true»
              {{- end }}
              containers:
                - name: web
                  image: acme/web:1.2.3
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              {{- if .Values.debug }}
              {{- end }}
              containers:
                - name: web
                  image: acme/web:1.2.3
        `,
      file: "chart/templates/web.yaml",
      severity: "warning",
      note: "in a branch of a template",
    },
    {
      bad: `
        apiVersion: acme.example/v1
        kind: Worker
        metadata: { name: worker }
        spec:
          pool:
            template:
              spec:
                hostNetwork: «true»
                containers:
                  - { name: worker, image: "acme/worker:1.2.3" }
        `,
      fixed: `
        apiVersion: acme.example/v1
        kind: Worker
        metadata: { name: worker }
        spec:
          pool:
            template:
              spec:
                containers:
                  - { name: worker, image: "acme/worker:1.2.3" }
        `,
      severity: "warning",
      note: "the pod of an object of an unknown kind",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { hostNetwork: false, containers: [{ name: web, image: "acme/web:1.2.3" }] }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          hostNetwork: {{ .Values.hostNetwork }}
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "a value decides",
    },
    {
      good: `
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: workers.acme.example }
        spec:
          template: { spec: { hostNetwork: true, containers: [{ name: a, image: b }] } }
        `,
      note: "a schema",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at } of breaches(pod, context, "hostNamespaces")) {
        if (at.start !== pod.spec.get("hostNetwork")?.start) continue;
        const isAgent = isNodeAgent(pod);
        const what = isAgent
          ? "is on its node's network, as its work wants: nothing holds back whoever breaks into it"
          : "is on its node's network: it reaches what only the node should, past every NetworkPolicy";
        report(at, `${pod.manifest.title} ${what}${ifConditional(at)}`, {
          severity: isAgent && !context.kubernetes.isExact ? "info" : severityAt("error", at, pod),
          fix: () => {
            const dns = pod.spec.get("dnsPolicy");
            const isForIt = dns?.string === "ClusterFirstWithHostNet";
            const edits = joined([at.remove(), ...(isForIt ? [dns?.remove()] : [])]);
            return fixIn(context.file, "Remove hostNetwork", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
