import { choice, type Context, type Fix, fixIn, rule } from "../../engine/index";
import { pointTo, titleOf, unitOf } from "../shared/kubernetes/deployed";
import { type Dangling, danglingIn } from "../shared/kubernetes/references";

function nameInstead({ meant }: Dangling, context: Context): Fix | undefined {
  if (meant === undefined) return undefined;
  const edits = meant.at.replace(choice(1, meant.name), { snippet: true });
  return fixIn(context.file, `Name ${meant.name} instead`, "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/dangling-reference",
  kind: "kubernetes",
  severity: "info",
  principle: "availability",
  summary: "A name or a selector that nothing answers",
  why: `A Service that selects no pod, a NetworkPolicy whose labels nobody bears, a budget or an autoscaler for a workload of another name:
the API server accepts them all, and they do nothing. The policy that was meant to keep strangers from the database then protects an
empty set. Reported is only what has its likely target right beside it, in the same file or the same kustomization.`,
  refs: [],
  covers: [
    "kube-linter:dangling-service",
    "kube-linter:dangling-networkpolicy",
    "kube-linter:dangling-networkpolicypeer-podselector",
    "kube-linter:dangling-horizontalpodautoscaler",
    "kube-linter:dangling-ingress",
    "kube-linter:dangling-servicemonitor",
    "kube-linter:mismatching-selector",
    "kube-linter:non-existent-service-account",
    "kube-score:service-targets-pod",
    "kube-score:networkpolicy-targets-pod",
    "kube-score:ingress-targets-service",
    "kube-score:horizontalpodautoscaler-has-target",
    "kube-score:statefulset-has-servicename",
    "kubescape:C-0293",
    "kubescape:C-0296",
    "kubescape:C-0298",
    "kubescape:C-0299",
    "kubescape:C-0300",
    "kubescape:C-0302",
    "kubescape:C-0307",
    "kics:3ca03a61",
    "kics:85ab1c5b",
    "kics:2f652c42",
    "kics:bb241e61",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: «{ app: order }»
          ports: [{ port: 80 }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", readinessProbe: { tcpSocket: { port: 80 } } }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports: [{ port: 80 }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", readinessProbe: { tcpSocket: { port: 80 } } }] }
        `,
      note: "a Service without pods",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector:
            matchLabels:
              app: «order»
          template:
            metadata:
              labels:
                app: orders
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector:
            matchLabels:
              app: orders
          template:
            metadata:
              labels:
                app: orders
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      severity: "error",
      note: "a Deployment that does not select its own pods",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: orders, namespace: shop }
        spec:
          podSelector:
            «matchLabels:
              app: orders-db»
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: { name: budget, namespace: shop }
        spec: { maxUnavailable: 1, selector: «{ matchLabels: { app: order } }» }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders, namespace: shop }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: orders, namespace: shop }
        spec:
          podSelector:
            matchLabels:
              app: orders
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: { name: budget, namespace: shop }
        spec: { maxUnavailable: 1, selector: { matchLabels: { app: orders } } }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders, namespace: shop }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      note: "policies of the network, budgets",
    },
    {
      bad: `
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: { name: orders, namespace: shop }
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: «order» }
          maxReplicas: 4
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders, namespace: shop }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      fixed: `
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: { name: orders, namespace: shop }
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: orders }
          maxReplicas: 4
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders, namespace: shop }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      note: "an autoscaler",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: orders }
        spec:
          tls: [{}]
          defaultBackend: { service: { name: «orders-svc», port: { number: 80 } } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec: { selector: { app: orders }, ports: [{ port: 80 }] }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: orders }
        spec:
          tls: [{}]
          defaultBackend: { service: { name: orders, port: { number: 80 } } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec: { selector: { app: orders }, ports: [{ port: 80 }] }
        `,
      note: "a route",
    },
    {
      bad: `
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: orders }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: orders-config }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          serviceAccountName: «orders-sa»
          containers:
            - name: orders
              image: acme/orders:1.4.2
              envFrom: [{ configMapRef: { name: «orders-confg» } }]
        `,
      fixed: `
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: orders }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: orders-config }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          serviceAccountName: orders
          containers:
            - name: orders
              image: acme/orders:1.4.2
              envFrom: [{ configMapRef: { name: orders-config } }]
        `,
      note: "an account, a config map",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: queue }
        spec:
          serviceName: «queue»
          selector: { matchLabels: { app: queue } }
          template:
            metadata: { labels: { app: queue } }
            spec: { containers: [{ name: queue, image: "acme/queue:1.4.2", readinessProbe: { tcpSocket: { port: 80 } } }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: queue-headless }
        spec: { clusterIP: None, selector: { app: queue }, ports: [{ port: 5672 }] }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: queue }
        spec:
          serviceName: queue-headless
          selector: { matchLabels: { app: queue } }
          template:
            metadata: { labels: { app: queue } }
            spec: { containers: [{ name: queue, image: "acme/queue:1.4.2", readinessProbe: { tcpSocket: { port: 80 } } }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: queue-headless }
        spec: { clusterIP: None, selector: { app: queue }, ports: [{ port: 5672 }] }
        `,
      note: "the names of the pods hang on the service",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: redis }
        spec: { selector: { app: redis }, ports: [{ port: 6379 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec: { selector: { app: orders }, ports: [{ port: 80 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders-0 }
        spec: { selector: { statefulset.kubernetes.io/pod-name: orders-0 }, ports: [{ port: 80 }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              serviceAccountName: orders
              containers: [{ name: orders, image: "acme/orders:1.4.2", envFrom: [{ secretRef: { name: orders } }] }]
        `,
      note: "pods, accounts and secrets may come from elsewhere; labels that a controller gives",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec: { selector: { app: orders-v2 }, ports: [{ port: 80 }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders-v1 }
        spec:
          selector: { matchLabels: { app: orders-v1 } }
          template:
            metadata: { labels: { app: orders-v1 } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        -- v2/orders.yaml --
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders-v2 } }
          template:
            metadata: { labels: { app: orders-v2 } }
            spec: { containers: [{ name: orders, image: "acme/orders:2.0.0" }] }
        `,
      note: "the pods stand in another file",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: kafka }
        spec: { selector: { app: events }, ports: [{ port: 9092 }] }
        ---
        apiVersion: kafka.strimzi.io/v1beta2
        kind: Kafka
        metadata: { name: events }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec: { containers: [{ name: web, image: "acme/web:1.4.2" }] }
        `,
      note: "an operator makes the pods",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const unit = unitOf(context);
      if (unit === undefined || manifest.role !== "whole") return;
      for (const dangling of danglingIn(manifest, unit)) {
        const { candidate } = dangling;
        report(dangling.at, dangling.message, {
          severity: dangling.isRefused ? "error" : "info",
          related:
            candidate === undefined ? [] : pointTo(candidate, `${titleOf(candidate.summary)} is beside it`, context),
          fix: () => nameInstead(dangling, context),
        });
      }
    },
  },
});
