import {
  type Container,
  type ContainerSummary,
  type Context,
  type Field,
  fixIn,
  type Fix,
  parseReference,
  rule,
  type UnitPod,
} from "../../engine/index";
import { builtImage } from "../shared/kubernetes/built-images";
import { pointTo, titleOf, unitOf } from "../shared/kubernetes/deployed";
import { hasUntold, isPort, runningIn, targetOf } from "../shared/kubernetes/serving";

/** Whether surely no container of the pod takes connections there, as far as they and their images tell their ports. */
function refuses(pod: UnitPod, target: number | string, context: Context): boolean {
  const running = runningIn(pod);
  const tellsAll = !pod.summary.isPartial && running.every((c) => c.ports.length > 0 && !hasUntold(c));
  return tellsAll && !running.some((c) => c.ports.some((port) => isPort(port, target)) || exposes(c, target, context));
}

/** Whether the Dockerfile of the workspace that builds the container's image has the port in an EXPOSE. */
function exposes({ image }: ContainerSummary, target: number | string, context: Context): boolean {
  const reference = typeof image === "string" ? parseReference(image) : undefined;
  const built = reference && builtImage(reference, context);
  return built?.summary.exposes.some((port) => port === target) === true;
}

/** The one port that can be meant; undefined where there are several. */
function onlyPort(pods: readonly UnitPod[]): number | string | undefined {
  const ports = pods.flatMap((pod) => runningIn(pod).flatMap((c) => c.ports)).map((p) => p.name ?? p.number);
  const [only] = new Set(ports);
  return new Set(ports).size === 1 && only !== null ? only : undefined;
}

function sendTo(
  at: Field,
  key: string | undefined,
  port: number | string | undefined,
  context: Context,
): Fix | undefined {
  if (port === undefined) return undefined;
  const edits = key === undefined ? at.replace(port) : at.set([key], port);
  return fixIn(context.file, `Send to port ${port}`, "unsafe", [edits && { edits }]);
}

const probes = ["livenessProbe", "readinessProbe", "startupProbe"];

/** The ports that the probes of a container ask by name. */
const askedPorts = (container: Container): readonly Field[] =>
  probes.flatMap((probe) => ["httpGet", "tcpSocket"].flatMap((way) => container.field.at(probe, way, "port") ?? []));

export default rule({
  id: "kubernetes/port-mismatch",
  kind: "kubernetes",
  severity: "info",
  principle: "availability",
  summary: "A port that no container behind it declares",
  why: `A Service whose \`targetPort\` nobody listens on refuses every connection, and a probe that asks for a port name that the
container does not have keeps the pod from ever becoming ready. People who look for the cause in a hurry then open further ports or
drop a policy to see whether that helps. Name the port that the container declares.`,
  refs: [],
  covers: [
    "kube-linter:invalid-target-ports",
    "kube-linter:liveness-port",
    "kube-linter:readiness-port",
    "kube-linter:startup-port",
    "kube-score:container-ports-check",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports:
            - port: 80
              targetPort: «8000»
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 8080 }] }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports:
            - port: 80
              targetPort: 8080
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 8080 }] }] }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports:
            - port: «80»
        -- deployment.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ name: http, containerPort: 8080 }] }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports:
            - port: 80
              targetPort: http
        `,
      note: "without a target the port itself is meant",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          containers:
            - name: orders
              image: acme/orders:1.4.2
              ports: [{ name: http, containerPort: 8080 }]
              livenessProbe: { httpGet: { path: /, port: «web» } }
              readinessProbe: { httpGet: { path: /, port: 9090 } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          containers:
            - name: orders
              image: acme/orders:1.4.2
              ports: [{ name: http, containerPort: 8080 }]
              livenessProbe: { httpGet: { path: /, port: http } }
              readinessProbe: { httpGet: { path: /, port: 9090 } }
        `,
      note: "a probe's port name; a number need not be declared",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports: [{ port: 80, targetPort: http }, { name: grpc, port: 9000 }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              containers:
                - { name: orders, image: "acme/orders:1.4.2", ports: [{ name: http, containerPort: 8080 }] }
                - { name: proxy, image: "acme/proxy:1.4.2" }
        `,
      note: "a container that declares no ports may listen on any",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports: [{ port: 80, targetPort: 8000 }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 8080 }] }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders-next }
        spec:
          selector: { matchLabels: { app: orders, track: next } }
          template:
            metadata: { labels: { app: orders, track: next } }
            spec: { containers: [{ name: orders, image: "acme/orders:2.0.0", ports: [{ containerPort: 8000 }] }] }
        `,
      note: "one of the workloads behind it has the port",
    },
    {
      good: `
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: { name: orders }
        spec:
          template:
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ name: h2c, containerPort: 8080 }] }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders-legacy }
        spec:
          type: ExternalName
          externalName: orders.example.com
          ports: [{ port: 80, targetPort: 8000 }]
        `,
      note: "another kind of service; a service of another cluster",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: orders }
        spec:
          selector: { app: orders }
          ports: [{ port: 80, targetPort: 8000 }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 9090 }] }] }
        -- orders/Dockerfile --
        FROM node:24-slim
        USER 10001
        EXPOSE 8000
        `,
      note: "the Dockerfile that builds the image declares the port",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const unit = manifest.is("Service", "") ? unitOf(context) : undefined;
      const service = unit?.object(manifest);
      if (unit === undefined || service === undefined) return;
      const { sure: pods, possible } = unit.podsBehind(service);
      if (pods.length === 0 || possible.length > 0) return;
      const fields = manifest.spec?.get("ports")?.items ?? [];
      for (const [i, port] of (service.summary.service?.ports ?? []).entries()) {
        const target = targetOf(port);
        const at = fields[i]?.get("targetPort") ?? fields[i]?.get("port");
        if (target === null || at === undefined || !pods.every((pod) => refuses(pod, target, context))) continue;
        const isWritten = fields[i]?.get("targetPort") !== undefined;
        const [first] = pods;
        const whose = first === undefined ? "" : titleOf(first.object.summary);
        report(at, `No container of ${whose} declares port ${target}, which ${manifest.title} sends to`, {
          related: first === undefined ? [] : pointTo(first.object, "The pods behind it", context),
          fix: () =>
            sendTo(isWritten ? at : (fields[i] ?? at), isWritten ? undefined : "targetPort", onlyPort(pods), context),
        });
      }
    },
    container(container, report, context) {
      const declared = container.ports.map((port) => port.get("name"));
      const isKnown = declared.length > 0 && !container.pod.isPartial && declared.every((d) => d?.text.known !== false);
      if (!isKnown) return;
      const names = declared.flatMap((d) => d?.string ?? []);
      for (const at of askedPorts(container)) {
        if (at.string === undefined || /^\d+$/.test(at.string) || names.includes(at.string)) continue;
        report(at, `${container.name} of ${container.pod.manifest.title} has no port named ${at.string}`, {
          fix: () => sendTo(at, undefined, names.length === 1 ? names[0] : undefined, context),
        });
      }
    },
  },
});
