import { choice, type Container, type Context, type Fix, fixIn, isWorkload, rule } from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { containerOverlaid } from "../shared/kubernetes/overlays";
import { answersFor, hasServices } from "../shared/kubernetes/serving";

const isWeb = (name: string, port: number): boolean =>
  /^(?:http|web|api|rest)/.test(name) || (name === "" && [80, 3000, 5000, 8000, 8080, 8081].includes(port));

function addProbe(container: Container, context: Context): Fix | undefined {
  const [port] = container.ports;
  const number = port?.get("containerPort")?.number;
  if (number === undefined || (port?.get("protocol")?.string ?? "TCP") !== "TCP") return undefined;
  const name = port?.get("name")?.string ?? "";
  const target = name === "" ? number : name;
  const way = isWeb(name, number)
    ? { httpGet: { path: choice(1, "/ready"), port: target } }
    : { tcpSocket: { port: target } };
  const probe = { ...way, periodSeconds: 10 };
  const edits = container.field.set(["readinessProbe"], probe, { after: "ports", snippet: true });
  return fixIn(context.file, "Add a readiness probe", "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/readiness-probe-missing",
  kind: "kubernetes",
  severity: "info",
  principle: "availability",
  summary: "A container behind a Service that nobody asks whether it is ready",
  why: `A Service sends to every pod whose containers run. Without a readiness probe that is from the first moment on, before the
program listens, and for as long as it hangs: an attacker who ties up one replica with slow requests keeps losing part of
everybody's traffic to it, and a broken roll-out replaces all good pods by bad ones. Let the probe ask for what the service needs.`,
  refs: [],
  covers: [
    "checkov:CKV_K8S_9",
    "kube-linter:no-readiness-probe",
    "kube-score:pod-probes",
    "kubescape:C-0018",
    "polaris:readinessProbeMissing",
    "kics:a659f3b5",
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
                  livenessProbe: { tcpSocket: { port: http } }
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 200m, memory: 64Mi } }
                  securityContext:
                    runAsNonRoot: true
                    allowPrivilegeEscalation: false
                    readOnlyRootFilesystem: true
                    capabilities: { drop: [ALL] }
                    seccompProfile: { type: RuntimeDefault }
                - name: log-agent
                  image: acme/log-agent:2.0.1
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports: [{ port: 80, targetPort: http }]
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
                  readinessProbe:
                    httpGet:
                      path: /ready
                      port: http
                    periodSeconds: 10
                  livenessProbe: { tcpSocket: { port: http } }
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 200m, memory: 64Mi } }
                  securityContext:
                    runAsNonRoot: true
                    allowPrivilegeEscalation: false
                    readOnlyRootFilesystem: true
                    capabilities: { drop: [ALL] }
                    seccompProfile: { type: RuntimeDefault }
                - name: log-agent
                  image: acme/log-agent:2.0.1
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports: [{ port: 80, targetPort: http }]
        `,
      note: "the container that the Service sends to",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: queue }
        spec:
          selector: { matchLabels: { app: queue } }
          template:
            metadata: { labels: { app: queue } }
            spec:
              securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
              containers:
                - name: «queue»
                  image: acme/queue:1.4.2
                  ports: [{ containerPort: 5672 }]
                  livenessProbe: { tcpSocket: { port: 5672 } }
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 200m, memory: 64Mi } }
                  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: queue }
        spec:
          selector: { matchLabels: { app: queue } }
          template:
            metadata: { labels: { app: queue } }
            spec:
              securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
              containers:
                - name: queue
                  image: acme/queue:1.4.2
                  ports: [{ containerPort: 5672 }]
                  readinessProbe:
                    tcpSocket:
                      port: 5672
                    periodSeconds: 10
                  livenessProbe: { tcpSocket: { port: 5672 } }
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 200m, memory: 64Mi } }
                  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      severity: "hint",
      note: "no Services to be seen at all",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: worker }
        spec:
          selector: { matchLabels: { app: worker } }
          template:
            metadata: { labels: { app: worker } }
            spec: { containers: [{ name: worker, image: "acme/worker:1.4.2", ports: [{ containerPort: 9090 }] }] }
        -- service.yaml --
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec: { selector: { app: orders }, ports: [{ port: 80 }] }
        `,
      note: "no Service sends to it",
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
                - { name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 80 }], readinessProbe: { tcpSocket: { port: 80 } } }
                - { name: metrics, image: "acme/metrics:1.4.2", ports: [{ containerPort: 9090 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec: { selector: { app: orders }, ports: [{ port: 80 }] }
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: { name: migrate }
        spec:
          template:
            metadata: { labels: { app: orders } }
            spec: { restartPolicy: Never, containers: [{ name: migrate, image: "acme/orders:1.4.2" }] }
        `,
      note: "the container that serves has one; others, and jobs, need none",
    },
    {
      good: `
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: { name: orders }
        spec:
          template:
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 8080 }] }] }
        `,
      note: "Knative asks by itself",
    },
  ],
  check: {
    container(container, report, context) {
      const { pod } = container;
      const { manifest } = pod;
      const isWanted = container.role === "container" && isWorkload(manifest) && !pod.isPartial;
      if (!isWanted || container.field.get("readinessProbe") !== undefined) return;
      const unit = unitOf(context);
      const deployed = unit?.pod(pod);
      if (unit === undefined || deployed === undefined) return;
      const services = unit.servicesOf(deployed);
      const isServed = services.sure.some((service) => answersFor(service, deployed, container.name));
      const isAlone =
        services.answer === "no" && !hasServices(unit) && container.ports.length > 0 && pod.main.length === 1;
      if (!isServed && !isAlone) return;
      const { isCured, related } = containerOverlaid(container, context, ["readinessProbe"]);
      if (isCured) return;
      const behind = isServed ? "a Service sends to it" : "it listens";
      report(container.anchor, `Nothing tells when ${container.name} of ${manifest.title} is ready: ${behind}`, {
        severity: isServed ? "info" : "hint",
        related,
        fix: () => addProbe(container, context),
      });
    },
  },
});
