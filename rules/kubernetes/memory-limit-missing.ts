import { choice, type Container, type Context, type Fix, fixIn, rule, type Severity } from "../../engine/index";
import { severityAt } from "../shared/kubernetes/pod-security";
import { lacks, resourcesKey, withBounds } from "../shared/kubernetes/resources";

function limit(container: Container, context: Context): Fix | undefined {
  const requested = container.field.at(resourcesKey(container), "requests", "memory")?.string;
  const isAsked = requested !== undefined && /^\d+(?:\.\d+)?[A-Za-z]{0,2}$/.test(requested);
  const edits = isAsked
    ? withBounds(container, "limits", { memory: requested }, {})
    : withBounds(container, "limits", { memory: choice(1, "256Mi") }, { snippet: true });
  const title = isAsked ? `Limit memory to the ${requested} that it requests` : "Limit memory";
  return fixIn(context.file, title, isAsked ? "unsafe" : "guided", [edits && { edits }]);
}

/** The jobs of a start are over soon. */
const severityOf = ({ role }: Container): Severity => (role === "init" ? "info" : "warning");

export default rule({
  id: "kubernetes/memory-limit-missing",
  kind: "kubernetes",
  severity: "warning",
  principle: "availability",
  summary: "A container that may use all memory of its node",
  why: `Requests that each hold on to a little memory (one large upload, one deeply nested document) are enough to make a program grow
until its node runs out. The kernel then kills processes of other pods there, and the node may stop answering. With a limit only the
container itself is killed and started again. Set it to what the program needs at its busiest, or give the namespace a LimitRange.`,
  refs: ["NSA net", "CWE-770"],
  covers: [
    "kube-linter:unset-memory-requirements",
    "checkov:CKV_K8S_13",
    "trivy:KSV-0018",
    "kubescape:C-0004",
    "kubescape:C-0009",
    "kubescape:C-0271",
    "kube-score:container-resources",
    "polaris:memoryLimitsMissing",
    "kubesec:LimitsMemory",
    "kics:b14d1bc4",
    "kyverno:require-pod-requests-limits",
  ],
  fix: "unsafe",
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
                requests:
                  cpu: 100m
                  memory: 128Mi
              securityContext: &strict
                runAsNonRoot: true
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: { drop: [ALL] }
                seccompProfile: { type: RuntimeDefault }
            - name: «proxy»
              image: acme/proxy:2.0.1
              ports: [{ containerPort: 8080 }]
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
                requests:
                  cpu: 100m
                  memory: 128Mi
                limits:
                  memory: 128Mi
              securityContext: &strict
                runAsNonRoot: true
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: { drop: [ALL] }
                seccompProfile: { type: RuntimeDefault }
            - name: proxy
              image: acme/proxy:2.0.1
              ports: [{ containerPort: 8080 }]
              resources:
                limits:
                  memory: 256Mi
              securityContext: *strict
        `,
      also: ["kubernetes/resource-requests-missing"],
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
              resources: { limits: { cpu: 200m } }
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
              resources: { limits: { cpu: 200m, memory: 256Mi } }
              securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }
        `,
      also: ["kubernetes/resource-requests-missing"],
      note: "only the CPU has one",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        spec:
          initContainers:
            - name: «migrate»
              image: acme/orders:1.4.2
              resources: { requests: { cpu: 100m, memory: 64Mi } }
              securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }
          containers: []
        -- limits.yaml --
        apiVersion: v1
        kind: LimitRange
        metadata: { name: limits, namespace: other }
        spec: { limits: [{ type: Container, default: { memory: 256Mi } }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        spec:
          initContainers:
            - name: migrate
              image: acme/orders:1.4.2
              resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
              securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }
          containers: []
        -- limits.yaml --
        apiVersion: v1
        kind: LimitRange
        metadata: { name: limits, namespace: other }
        spec: { limits: [{ type: Container, default: { memory: 256Mi } }] }
        `,
      severity: "info",
      note: "a job of the start; the limits of another namespace",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          resources: { limits: { memory: 512Mi } }
          containers:
            - { name: orders, image: "acme/orders:1.4.2" }
            - { name: proxy, image: "acme/proxy:2.0.1", resources: { limits: { memory: 64Mi } } }
          ephemeralContainers:
            - { name: debug, image: "acme/debug:1.0.0" }
        `,
      note: "the pod has one for all of them",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        -- limits.yaml --
        apiVersion: v1
        kind: LimitRange
        metadata: { name: limits, namespace: shop }
        spec: { limits: [{ type: Container, default: { memory: 256Mi } }] }
        `,
      note: "the namespace gives one to all",
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
            spec:
              containers:
                - name: orders
                  image: acme/orders:1.4.2
                  resources: {{- toYaml .Values.resources | nindent 12 }}
                - name: proxy
                  image: acme/proxy:2.0.1
        -- charts/shop/Chart.yaml --
        name: shop
        `,
      file: "charts/shop/templates/orders.yaml",
      note: "a template: the values may have it",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec: { template: { spec: { containers: [{ name: orders, env: [{ name: LEVEL, value: debug }] }] } } }
        -- kustomization.yaml --
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        patches: [{ path: level-patch.yaml }]
        `,
      file: "level-patch.yaml",
      note: "a patch: the base may have it",
    },
    {
      good: `
        apiVersion: tekton.dev/v1
        kind: Task
        metadata: { name: build }
        spec: { steps: [{ name: build, image: "acme/build:1.4.2", computeResources: { limits: { memory: 1Gi } } }] }
        `,
      note: "Tekton's name for it",
    },
  ],
  check: {
    container(container, report, context) {
      if (container.role === "ephemeral" || !lacks(container, "limits", "memory", context)) return;
      report(container.anchor, `${container.name} has no memory limit: it may use all memory of its node`, {
        severity: severityAt(severityOf(container), container.field, container.pod),
        fix: () => limit(container, context),
      });
    },
  },
});
