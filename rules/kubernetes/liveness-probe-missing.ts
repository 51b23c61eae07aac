import { choice, type Container, type Context, type Fix, fixIn, isWorkload, rule } from "../../engine/index";
import { isInjected } from "../shared/kubernetes/container-images";
import { containerOverlaid } from "../shared/kubernetes/overlays";

const isWeb = (name: string, port: number): boolean =>
  /^(?:http|web|api|rest)/.test(name) || (name === "" && [80, 3000, 5000, 8000, 8080, 8081].includes(port));

function addProbe({ field, ports }: Container, context: Context): Fix | undefined {
  const [port] = ports;
  const number = port?.get("containerPort")?.number;
  if (number === undefined || (port?.get("protocol")?.string ?? "TCP") !== "TCP") return undefined;
  const name = port?.get("name")?.string ?? "";
  const target = name === "" ? number : name;
  const way = isWeb(name, number)
    ? { httpGet: { path: choice(1, "/healthz"), port: target } }
    : { tcpSocket: { port: target } };
  const probe = { ...way, periodSeconds: 20 };
  const edits = field.set(["livenessProbe"], probe, { after: "ports", snippet: true });
  return fixIn(context.file, "Add a liveness probe", "guided", [edits && { edits }]);
}

/** Helpers without a port of their own are looked after by the container that they help. */
const isHelper = ({ name, ports }: Container): boolean => ports.length === 0 && /-(?:sidecar|agent)$/.test(name);

export default rule({
  id: "kubernetes/liveness-probe-missing",
  kind: "kubernetes",
  severity: "hint",
  principle: "availability",
  summary: "A container that nobody starts again when it hangs",
  why: `A program that has ended is started again, but one that hangs looks alive for ever: a request that ties up its last thread or
connection takes the replica away until somebody notices. A liveness probe asks and restarts. Let it ask for the program itself only:
a probe that fails with the database restarts all replicas at once.`,
  refs: [],
  covers: [
    "kube-linter:no-liveness-probe",
    "checkov:CKV_K8S_8",
    "kubescape:C-0056",
    "polaris:livenessProbeMissing",
    "kics:ade74944",
    "kyverno:require-probes",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              containers:
                - name: «orders»
                  image: acme/orders:1.4.2
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe: { httpGet: { path: /ready, port: http } }
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
                  securityContext: &strict
                    runAsNonRoot: true
                    allowPrivilegeEscalation: false
                    readOnlyRootFilesystem: true
                    capabilities: { drop: [ALL] }
                    seccompProfile: { type: RuntimeDefault }
                - name: «queue»
                  image: acme/queue:2.0.1
                  ports: [{ containerPort: 5672 }]
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
                  securityContext: *strict
        `,
      fixed: `
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
                  ports:
                    - name: http
                      containerPort: 8080
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    periodSeconds: 20
                  readinessProbe: { httpGet: { path: /ready, port: http } }
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
                  securityContext: &strict
                    runAsNonRoot: true
                    allowPrivilegeEscalation: false
                    readOnlyRootFilesystem: true
                    capabilities: { drop: [ALL] }
                    seccompProfile: { type: RuntimeDefault }
                - name: queue
                  image: acme/queue:2.0.1
                  ports: [{ containerPort: 5672 }]
                  livenessProbe:
                    tcpSocket:
                      port: 5672
                    periodSeconds: 20
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
                  securityContext: *strict
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: worker }
        spec:
          selector: { matchLabels: { app: worker } }
          template:
            metadata: { labels: { app: worker } }
            spec:
              initContainers:
                - name: «mesh»
                  image: acme/mesh:1.4.2
                  restartPolicy: Always
                  resources: &some { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
                  securityContext: &strict { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }
              containers:
                - { name: «worker», image: "acme/worker:1.4.2", resources: *some, securityContext: *strict }
        `,
      note: "without a port only the author knows what to ask",
    },
    {
      good: `
        apiVersion: batch/v1
        kind: Job
        metadata: { name: migrate }
        spec:
          template:
            spec: { restartPolicy: Never, containers: [{ name: migrate, image: "acme/orders:1.4.2" }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: debug }
        spec: { containers: [{ name: debug, image: "acme/debug:1.4.2" }] }
        `,
      note: "comes to an end; started by hand",
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
              initContainers: [{ name: wait, image: "acme/wait:1.4.2" }]
              containers:
                - { name: orders, image: "acme/orders:1.4.2", livenessProbe: { tcpSocket: { port: 80 } } }
                - { name: log-agent, image: "acme/logs:1.4.2" }
        `,
      note: "has one; waits at the start; helps only",
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
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        -- charts/shop/Chart.yaml --
        name: shop
        `,
      file: "charts/shop/templates/orders.yaml",
      note: "a template",
    },
    {
      good: `
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: { name: orders }
        spec: { template: { spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] } } }
        `,
      note: "Knative asks by itself",
    },
  ],
  check: {
    container(container, report, context) {
      const { pod, role, field } = container;
      const isWanted = (role === "container" || role === "sidecar") && isWorkload(pod.manifest) && !pod.isPartial;
      if (!isWanted || field.isOpen || field.get("livenessProbe") !== undefined) return;
      if (isHelper(container) || isInjected(container)) return;
      const { isCured, related } = containerOverlaid(container, context, ["livenessProbe"]);
      if (isCured) return;
      report(container.anchor, `Nothing starts ${container.name} of ${pod.manifest.title} again when it hangs`, {
        related,
        fix: () => addProbe(container, context),
      });
    },
  },
});
