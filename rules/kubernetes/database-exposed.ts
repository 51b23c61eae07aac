import {
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type Report,
  rule,
  type UnitPod,
} from "../../engine/index";
import { serviceImage } from "../shared/images/services";
import { datastoreOfPort, isDatastore, servesData } from "../shared/kubernetes/datastores";
import { unitOf } from "../shared/kubernetes/deployed";
import {
  closed,
  exposureOf,
  podsBehind,
  reachOf,
  serversIn,
  servicePorts,
  sourcesOf,
  targetNumber,
} from "../shared/kubernetes/exposure";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { lowered } from "../shared/kubernetes/weight";

/** What a port of a Service leads to: by the image of the pods behind it, else by its number. */
function storeBehind(
  port: Field,
  names: readonly (string | undefined)[],
  pods: readonly UnitPod[],
): string | undefined {
  const servers = serversIn(pods);
  const numbers = [targetNumber(port, pods), port.get("port")?.number];
  const server = servers.find((s) => numbers.some((n) => servesData(s, n)));
  if (server !== undefined) return server.name;
  // Another known server, such as a console of the database, answers there.
  if (servers.length > 0 && !servers.some(isDatastore)) return undefined;
  const all = [...names, port.get("name")?.string];
  return numbers.map((n) => datastoreOfPort(n, all)).find((name) => name !== undefined);
}

/** Whoever calls an object store speaks https to it, and has keys. */
const isMilder = (name: string): boolean => /^(?:MinIO|SeaweedFS|Garage|Ceph)$/.test(name);

function inService(manifest: Manifest, report: Report, context: Context): void {
  const exposure = exposureOf(manifest);
  if (exposure === undefined || (exposure.how === "LoadBalancer" && reachOf(manifest) === "private")) return;
  const pods = podsBehind(manifest, context) ?? [];
  const ports = servicePorts(manifest);
  const port = ports.find((p) => storeBehind(p, [manifest.name], pods) !== undefined);
  const name = port && storeBehind(port, [manifest.name], pods);
  if (port === undefined || name === undefined) return;
  const { at, how } = exposure;
  const { isLimited } = sourcesOf(manifest);
  const isUnsure = how === "LoadBalancer" && (isLimited || reachOf(manifest) === "unknown");
  const where = how === "NodePort" ? "on every node of the cluster" : "through a load balancer";
  report(at, `${manifest.title} exposes ${name} ${where}${ifConditional(at)}`, {
    severity: lowered(isUnsure || isMilder(name) ? "warning" : "error", at),
    fix: () => closed(manifest, context),
  });
}

/** Routes of the transport layer, the list of their rules, and of the backends in each. */
const routes: ReadonlyMap<string, readonly [group: RegExp, rules: string, backends: string]> = new Map([
  ["TCPRoute", [/^gateway\.networking\.k8s\.io$/, "rules", "backendRefs"]],
  ["TLSRoute", [/^gateway\.networking\.k8s\.io$/, "rules", "backendRefs"]],
  ["IngressRouteTCP", [/^traefik\.(?:io|containo\.us)$/, "routes", "services"]],
]);

function inRoute(manifest: Manifest, report: Report, context: Context): void {
  const row = routes.get(manifest.kind);
  if (row === undefined || !row[0].test(manifest.group)) return;
  const rules = manifest.spec?.get(row[1])?.items ?? [];
  for (const backend of rules.flatMap((r) => r.get(row[2])?.items ?? [])) {
    const service = backend.get("name");
    const name = storeOfBackend(service?.string, backend.get("port")?.number, manifest, context);
    if (service === undefined || name === undefined) continue;
    report(service, `${manifest.title} leads from outside of the cluster to ${name}: ${service.string}`, {
      severity: lowered("error", service),
    });
  }
}

function storeOfBackend(
  service: string | undefined,
  port: number | undefined,
  manifest: Manifest,
  context: Context,
): string | undefined {
  const unit = unitOf(context);
  const route = unit?.object(manifest);
  const services =
    service === undefined || route === undefined ? undefined : unit?.named("Service", service, route.namespace, [""]);
  const pods = (services?.sure ?? []).flatMap((s) => unit?.podsBehind(s).sure ?? []);
  const servers = serversIn(pods);
  if (servers.length > 0) return servers.find((s) => isDatastore(s))?.name;
  return datastoreOfPort(port, [service]);
}

/** The list of TCP ports that the nginx controller opens: `5432: shop/db:5432`. */
function inPortList(manifest: Manifest, report: Report, context: Context): void {
  if (!manifest.is("ConfigMap", "") || !/(?:^|-)tcp(?:-services)?(?:-configmap)?$/.test(manifest.name ?? "")) return;
  for (const [port, target] of manifest.root.get("data")?.entries ?? []) {
    const [, service, number] = /^[\w.-]+\/([\w.-]+):(\d+)(?:$|:)/.exec(target.string ?? "") ?? [];
    const name = storeOfBackend(service, Number(number), manifest, context) ?? datastoreOfPort(Number(port), [service]);
    if (service === undefined || name === undefined) continue;
    report(target, `${manifest.title} opens port ${port} of the ingress controller to ${name}: ${service}`, {
      severity: lowered("error", target),
      fix: () => {
        const edits = target.remove();
        return fixIn(context.file, `Remove port ${port}`, "unsafe", [edits && { edits }]);
      },
    });
  }
}

const isOwnMachine = (address: string | undefined): boolean => /^(?:127\.|::1$|\[::1\]$)/.test(address ?? "");

function withoutHostPort(port: Field, context: Context): Fix | undefined {
  const edits = port.remove();
  return fixIn(context.file, "Remove hostPort", "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/database-exposed",
  kind: "kubernetes",
  severity: "error",
  principle: "exposure",
  summary: "A database that can be reached from outside of the cluster",
  why: `A database, a cache or a broker has its callers inside of the cluster. A node port, a load balancer or a port of the node
lets everybody else try: open Redis and MongoDB servers are found by scanners and held to ransom within hours, and a password is all
that is left between a stranger and the data. Keep its Service at type ClusterIP; reach it by \`kubectl port-forward\` when needed.`,
  refs: ["CWE-668"],
  covers: ["kubescape:C-0256"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata:
          name: orders-db
        spec:
          type: «LoadBalancer»
          selector:
            app: orders-db
          ports:
            - port: 5432
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata:
          name: orders-db
        spec:
          type: ClusterIP
          selector:
            app: orders-db
          ports:
            - port: 5432
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: queue }
        spec: { type: «NodePort», selector: { app: queue }, ports: [{ port: 80, targetPort: events }] }
        -- queue/deployment.yaml --
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: queue }
        spec:
          serviceName: queue
          selector: { matchLabels: { app: queue } }
          template:
            metadata: { labels: { app: queue } }
            spec:
              containers:
                - name: queue
                  image: apache/kafka:4.1.0
                  ports: [{ name: events, containerPort: 9092 }]
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: queue }
        spec: { type: ClusterIP, selector: { app: queue }, ports: [{ port: 80, targetPort: events }] }
        `,
      note: "told by the image of the pods behind it, in another file",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: cache }
        spec:
          containers:
            - name: cache
              image: redis:8.4.0
              ports:
                - containerPort: 6379
                  hostPort: «6379»
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: cache }
        spec:
          containers:
            - name: cache
              image: redis:8.4.0
              ports:
                - containerPort: 6379
        `,
      note: "a port of the node",
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: tcp-services, namespace: ingress-nginx }
        data:
          "22": tools/git:22
          "5432": «shop/orders-db:5432»
        ---
        apiVersion: gateway.networking.k8s.io/v1alpha2
        kind: TCPRoute
        metadata: { name: cache }
        spec:
          parentRefs: [{ name: edge, sectionName: cache }]
          rules: [{ backendRefs: [{ name: «cache», port: 6379 }] }]
        `,
      fixed: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: tcp-services, namespace: ingress-nginx }
        data:
          "22": tools/git:22
        ---
        apiVersion: gateway.networking.k8s.io/v1alpha2
        kind: TCPRoute
        metadata: { name: cache }
        spec:
          parentRefs: [{ name: edge, sectionName: cache }]
          rules: [{ backendRefs: [{ name: cache, port: 6379 }] }]
        `,
      remains: "a route goes as a whole, or stays",
      note: "ports of an ingress controller, routes",
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: db }
        spec:
          type: «LoadBalancer»
          loadBalancerSourceRanges: [203.0.113.0/24]
          ports: [{ port: 3306 }]
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: db }
        spec:
          type: ClusterIP
          ports: [{ port: 3306 }]
        `,
      severity: "warning",
      note: "some may connect from outside",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: db }
        spec: { ports: [{ port: 5432 }], selector: { app: db } }
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: reports
          annotations: { service.beta.kubernetes.io/aws-load-balancer-internal: "true" }
        spec: { type: LoadBalancer, ports: [{ port: 5432 }] }
        `,
      note: "inside of the cluster, or of the private network",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: admin }
        spec: { type: NodePort, selector: { app: admin }, ports: [{ port: 9200, targetPort: 80 }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: admin, labels: { app: admin } }
        spec: { containers: [{ name: admin, image: "nginx:1.29.3", ports: [{ containerPort: 80, hostPort: 0 }] }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { type: NodePort, ports: [{ port: 9092 }, { port: 7000 }] }
        `,
      note: "another server behind the number; numbers that say little",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: db }
        spec:
          type: {{ .Values.type }}
          ports: [{ port: 5432, nodePort: {{ .Values.nodePort }} }]
        `,
      file: "chart/templates/db.yaml",
      note: "a value decides",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: queue }
        spec: { type: NodePort, selector: { app: queue }, ports: [{ port: 15672 }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: queue, labels: { app: queue } }
        spec: { containers: [{ name: queue, image: "rabbitmq:4.2.0-management" }] }
        `,
      note: "the console of a broker is kubernetes/admin-interface-exposed's matter",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      inService(manifest, report, context);
      inRoute(manifest, report, context);
      inPortList(manifest, report, context);
    },
    container(container, report, context) {
      const server = container.reference && serviceImage(container.reference);
      if (server === undefined) return;
      for (const port of container.ports) {
        const at = port.get("hostPort");
        if (!at?.number || isOwnMachine(port.get("hostIP")?.string)) continue;
        if (!servesData(server, port.get("containerPort")?.number)) continue;
        const message = `${container.name} exposes ${server.name} on port ${at.number} of its node${ifConditional(at)}`;
        report(at, message, {
          severity: lowered(isMilder(server.name) ? "warning" : "error", at),
          fix: () => withoutHostPort(at, context),
        });
      }
    },
  },
});
