import { type Fix, fixIn, type ManifestFile, rule, type UnitPod } from "../../engine/index";
import { appended } from "../shared/kubernetes/documents";
import {
  allowance,
  datastoreOf,
  denial,
  fence,
  openPods,
  portsOf,
  reachable,
  withPolicies,
} from "../shared/kubernetes/isolation";

/** The namespace that its manifest names. */
const namespaceOf = ({ object: { summary } }: UnitPod): string | undefined => summary.namespace ?? undefined;

function fixesOf(file: ManifestFile, namespace: string | undefined, open: readonly UnitPod[]): readonly Fix[] {
  const edits = appended(file, fence(namespace));
  const fenced = fixIn(file.file, "Add default-deny NetworkPolicy with DNS", "unsafe", [edits && { edits }]);
  const mine = open.filter((p) => p.object.file === file.file);
  const policies = [denial(namespace), ...mine.map((p) => allowance(p, portsOf(p)))];
  const byNeed = withPolicies(file, policies, "Add NetworkPolicies: deny what comes in, allow by need");
  return [fenced, byNeed].flatMap((fix) => fix ?? []);
}

export default rule({
  id: "kubernetes/network-policy-missing",
  kind: "kubernetes",
  severity: "info",
  principle: "isolation",
  summary: "Pods that every other pod of the cluster can reach",
  why: `Without a NetworkPolicy a pod takes connections from every pod of every namespace. Whoever takes over one container, through a
flaw in a forgotten test tool say, then scans the cluster, finds the metrics, queues and internal APIs that ask for no password,
and moves on. Deny incoming traffic for the whole namespace and allow, workload by workload, who may connect. A namespace without
any policy is reported once, at its first workload; the network plugin of the cluster must know policies for them to work.`,
  refs: ["CIS 5.3.2", "NSA net"],
  covers: [
    "checkov:CKV2_K8S_6",
    "kube-linter:non-isolated-pod",
    "kube-score:pod-networkpolicy",
    "kubescape:C-0260",
    "kubescape:C-0206",
    "kubescape:C-0030",
    "kubescape:C-0054",
    "polaris:missingNetworkPolicy",
    "kics:0401f71b",
    "kyverno:require-netpol",
  ],
  fix: "unsafe",
  yieldsTo: ["kubernetes/database-not-isolated"],
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: «orders»
        spec:
          replicas: 2
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders, tier: backend } }
            spec:
              containers:
                - name: orders
                  image: acme/orders:1.4.2
                  ports: [{ containerPort: 8080 }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: mail }
        spec:
          selector: { matchLabels: { app: mail } }
          template:
            metadata: { labels: { app: mail } }
            spec: { containers: [{ name: mail, image: "acme/mail:1.0.3", ports: [{ containerPort: 25 }] }] }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          replicas: 2
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders, tier: backend } }
            spec:
              containers:
                - name: orders
                  image: acme/orders:1.4.2
                  ports: [{ containerPort: 8080 }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: mail }
        spec:
          selector: { matchLabels: { app: mail } }
          template:
            metadata: { labels: { app: mail } }
            spec: { containers: [{ name: mail, image: "acme/mail:1.0.3", ports: [{ containerPort: 25 }] }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: default-deny
        spec:
          podSelector: {}
          policyTypes: [Ingress, Egress]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: allow-dns
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress:
            - to:
                - namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: kube-system
                  podSelector:
                    matchLabels:
                      k8s-app: kube-dns
              ports:
                - protocol: UDP
                  port: 53
                - protocol: TCP
                  port: 53
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: allow-same-namespace
        spec:
          podSelector: {}
          policyTypes: [Ingress, Egress]
          ingress:
            - from:
                - podSelector: {}
          egress:
            - to:
                - podSelector: {}
        `,
      note: "a namespace without policies: once, at its first workload",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: «orders», namespace: shop }
        spec:
          replicas: 2
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 8080 }] }] }
        -- mail.yaml --
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: mail, namespace: shop }
        spec:
          podSelector: { matchExpressions: [{ key: app, operator: In, values: [mail] }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: orders-out, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: orders } }
          policyTypes: [Egress]
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders, namespace: shop }
        spec:
          replicas: 2
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 8080 }] }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: allow-to-orders
          namespace: shop
        spec:
          podSelector:
            matchLabels:
              app: orders
          policyTypes: [Ingress]
          ingress:
            - from:
                - podSelector:
                    matchLabels:
                      app: client
              ports:
                - port: 8080
        `,
      severity: "warning",
      note: "other policies of the namespace leave it out, or speak of what it sends",
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
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 80 }] }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: mail, namespace: shop }
        spec:
          selector: { matchLabels: { app: mail } }
          template:
            metadata: { labels: { app: mail } }
            spec: { containers: [{ name: mail, image: "acme/mail:1.4.2", ports: [{ containerPort: 80 }] }] }
        -- policies/deny.yaml --
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: default-deny, namespace: shop }
        spec: { podSelector: {}, policyTypes: [Ingress] }
        `,
      note: "no rules for a type that is named: nothing comes in",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 80 }] }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: orders }
        spec:
          podSelector: { matchLabels: { app: orders } }
          ingress: [{}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: from-mail }
        spec:
          podSelector: { matchLabels: { app: orders } }
          ingress: [{ from: [{ podSelector: { matchLabels: { app: mail } } }] }]
        `,
      note: "what a policy allows is another question",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 80 }] }] }
        `,
      note: "one workload, alone",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: agent }
        spec:
          selector: { matchLabels: { app: agent } }
          template:
            metadata: { labels: { app: agent } }
            spec: { hostNetwork: true, containers: [{ name: agent, image: "acme/agent:1.4.2", ports: [{ containerPort: 80 }] }] }
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: { name: report }
        spec:
          schedule: "@daily"
          jobTemplate:
            spec:
              template:
                metadata: { labels: { app: report } }
                spec: { restartPolicy: Never, containers: [{ name: report, image: "acme/report:1.4.2", ports: [{ containerPort: 80 }] }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 80 }] }] }
        `,
      note: "policies do nothing for pods in the node's network; nobody connects to a job",
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
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 80 }] }] }
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: { name: orders, namespace: shop }
        spec:
          endpointSelector: { matchLabels: { "k8s:app": orders } }
          ingress: [{ fromEndpoints: [{ matchLabels: { app: web } }] }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: mail, namespace: shop }
        spec:
          selector: { matchLabels: { app: mail } }
          template:
            metadata: { labels: { app: mail } }
            spec: { containers: [{ name: mail, image: "acme/mail:1.4.2", ports: [{ containerPort: 80 }] }] }
        ---
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: { name: mail }
        spec: { selector: "app == 'mail'", types: [Ingress] }
        `,
      note: "policies of Cilium and Calico",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          template:
            metadata:
              labels:
                app: orders
                {{ .Values.label }}: x
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 80 }] }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: mail }
        spec:
          template:
            metadata:
              labels:
                {{- include "labels" . | nindent 8 }}
            spec: { containers: [{ name: mail, image: "acme/mail:1.4.2", ports: [{ containerPort: 80 }] }] }
        `,
      file: "chart/templates/app.yaml",
      note: "a template: values may bring policies",
    },
  ],
  check: {
    file(file, report, context) {
      for (const pod of file.manifests.flatMap((manifest) => file.podsOf(manifest))) {
        const found = reachable(pod, context);
        if (found === undefined || datastoreOf(found.pod) !== undefined) continue;
        const { unit, hasPolicies } = found;
        const { namespace, summary } = found.pod.object;
        const at = pod.manifest.anchor;
        const preset = found.pod.summary.runsOnce ? ("strict" as const) : undefined;
        const extra = preset === undefined ? {} : { preset };
        if (hasPolicies) {
          report(at, `No NetworkPolicy selects the pods of ${pod.manifest.title}: every pod can connect to them`, {
            ...extra,
            severity: found.pod.summary.runsOnce ? "info" : "warning",
            fix: () => {
              const policy = allowance(found.pod, portsOf(found.pod));
              return withPolicies(file, [policy], `Append a NetworkPolicy for ${summary.name}`);
            },
          });
          continue;
        }
        const isMine = (p: UnitPod): boolean => unit.isHomeOf(p.object.file) && datastoreOf(p) === undefined;
        const open = openPods(unit, namespace, context).filter(isMine);
        if (open[0] !== found.pod) continue;
        const where = typeof namespace === "string" ? `Namespace ${namespace}` : "This namespace";
        report(
          at,
          `${where} has no NetworkPolicy: every pod of the cluster can connect to ${summary.name} and its like`,
          {
            fix: () => fixesOf(file, namespaceOf(found.pod), open),
          },
        );
      }
    },
  },
});
