import { choice, type Container, type Context, type Fix, fixIn, rule } from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { severityAt } from "../shared/kubernetes/pod-security";
import { lacks, withBounds } from "../shared/kubernetes/resources";

function missing(container: Container, context: Context): readonly ("cpu" | "memory")[] {
  // An autoscaler of that kind writes the requests of running pods.
  if ((unitOf(context)?.everywhere("VerticalPodAutoscaler").length ?? 0) > 0) return [];
  return (["cpu", "memory"] as const).filter((resource) => lacks(container, "requests", resource, context));
}

function request(container: Container, names: readonly ("cpu" | "memory")[], context: Context): Fix | undefined {
  const data = {
    ...(names.includes("cpu") ? { cpu: choice(1, "100m") } : {}),
    ...(names.includes("memory") ? { memory: choice(2, "128Mi") } : {}),
  };
  const edits = withBounds(container, "requests", data, { snippet: true });
  const title = `Request ${names.map((name) => (name === "cpu" ? "CPU" : name)).join(" and ")}`;
  return fixIn(context.file, title, "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/resource-requests-missing",
  kind: "kubernetes",
  severity: "info",
  principle: "availability",
  summary: "A container that does not say how much CPU and memory it needs",
  why: `Without requests the scheduler puts pods onto a node until it is full, and under load such a container is the first to be starved or
thrown out: a flood of traffic to one service takes the others on the node down with it. Autoscalers by utilisation need the numbers
as well. Request what the program uses on an ordinary day.`,
  refs: ["CWE-770"],
  covers: [
    "kube-linter:unset-cpu-requirements",
    "checkov:CKV_K8S_10",
    "checkov:CKV_K8S_12",
    "trivy:KSV-0015",
    "trivy:KSV-0016",
    "kubescape:C-0268",
    "kubescape:C-0269",
    "kubesec:RequestsCPU",
    "kubesec:RequestsMemory",
    "kics:ca469dd4",
    "kics:229588ef",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: orders
        spec:
          containers:
            - name: «orders»
              image: acme/orders:1.4.2
              resources:
                limits:
                  memory: 256Mi
              securityContext: &strict
                runAsNonRoot: true
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: { drop: [ALL] }
                seccompProfile: { type: RuntimeDefault }
            - name: «proxy»
              image: acme/proxy:2.0.1
              resources: { requests: { memory: 64Mi }, limits: { memory: 64Mi } }
              securityContext: *strict
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: orders
        spec:
          containers:
            - name: orders
              image: acme/orders:1.4.2
              resources:
                limits:
                  memory: 256Mi
                requests:
                  cpu: 100m
              securityContext: &strict
                runAsNonRoot: true
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: { drop: [ALL] }
                seccompProfile: { type: RuntimeDefault }
            - name: proxy
              image: acme/proxy:2.0.1
              resources: { requests: { memory: 64Mi, cpu: 100m }, limits: { memory: 64Mi } }
              securityContext: *strict
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          containers:
            - name: «orders»
              image: acme/orders:1.4.2
              securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          containers:
            - name: orders
              image: acme/orders:1.4.2
              resources:
                requests:
                  cpu: 100m
                  memory: 128Mi
              securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }
        `,
      also: ["kubernetes/memory-limit-missing"],
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          containers:
            - { name: a, image: "acme/orders:1.4.2", resources: { limits: { cpu: 1, memory: 1Gi } } }
            - { name: b, image: "acme/orders:1.4.2", resources: { requests: { cpu: 1 }, limits: { memory: 1Gi } } }
          ephemeralContainers: [{ name: debug, image: "acme/debug:1.0.0" }]
        `,
      note: "a limit is a request as well",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        ---
        apiVersion: v1
        kind: LimitRange
        metadata: { name: limits, namespace: shop }
        spec: { limits: [{ type: Container, defaultRequest: { memory: 256Mi, cpu: 100m } }] }
        `,
      note: "the namespace gives them to all",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        ---
        apiVersion: autoscaling.k8s.io/v1
        kind: VerticalPodAutoscaler
        metadata: { name: orders }
        spec: { targetRef: { apiVersion: v1, kind: Pod, name: orders } }
        `,
      note: "an autoscaler writes them",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        -- charts/shop/Chart.yaml --
        name: shop
        `,
      file: "charts/shop/templates/orders.yaml",
      note: "a template",
    },
  ],
  check: {
    container(container, report, context) {
      if (container.role === "ephemeral" || container.role === "init") return;
      const names = missing(container, context);
      if (names.length === 0) return;
      const said = names.map((name) => (name === "cpu" ? "no CPU" : "no memory")).join(" and ");
      report(container.anchor, `${container.name} requests ${said}: nothing is kept free for it on its node`, {
        severity: severityAt("info", container.field, container.pod),
        fix: () => request(container, names, context),
      });
    },
  },
});
