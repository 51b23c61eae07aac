import {
  choice,
  type Container,
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type Report,
  rule,
} from "../../engine/index";
import { type Console, consoleIn, consoleNamed } from "../shared/kubernetes/consoles";
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
import { backendsOf, isGuarded } from "../shared/kubernetes/routes";
import { joined } from "../shared/kubernetes/security-context";
import { lowered } from "../shared/kubernetes/weight";

const weightOf = ({ isOpen }: Console): "warning" | "info" => (isOpen ? "warning" : "info");
const loginOf = ({ isOpen }: Console): string =>
  isOpen ? "which asks for no login by itself" : "and nothing before it asks for a login";

function inService(manifest: Manifest, report: Report, context: Context): void {
  const exposure = exposureOf(manifest);
  if (exposure === undefined || sourcesOf(manifest).isLimited) return;
  if (exposure.how === "LoadBalancer" && reachOf(manifest) !== "public") return;
  const pods = podsBehind(manifest, context);
  const servers = serversIn(pods ?? []);
  const found =
    servicePorts(manifest)
      .map((port) => consoleIn(pods ?? [], targetNumber(port, pods ?? [])))
      .find((c) => c !== undefined) ?? (servers.length === 0 ? consoleNamed(manifest.name ?? "") : undefined);
  if (found === undefined) return;
  const { at } = exposure;
  report(at, `${manifest.title} shows ${found.name} outside of the cluster, ${loginOf(found)}${ifConditional(at)}`, {
    severity: lowered(weightOf(found), at),
    fix: () => closed(manifest, context),
  });
}

function inRoute(manifest: Manifest, report: Report, context: Context): void {
  const backends = backendsOf(manifest);
  if (backends.length === 0 || isGuarded(manifest, context)) return;
  const seen = new Set<string>();
  for (const { at, service, port } of backends) {
    const found = consoleBehind(service, port, manifest, context);
    if (found === undefined || seen.has(service)) continue;
    seen.add(service);
    report(at, `${manifest.title} shows ${found.name} outside of the cluster, ${loginOf(found)}${ifConditional(at)}`, {
      severity: lowered(weightOf(found), at),
      fix: () => withLogin(manifest, context),
    });
  }
}

function consoleBehind(
  service: string,
  port: number | string | undefined,
  manifest: Manifest,
  context: Context,
): Console | undefined {
  const unit = unitOf(context);
  const route = unit?.object(manifest);
  const [target] = route === undefined ? [] : (unit?.named("Service", service, route.namespace, [""]).sure ?? []);
  const pods = target === undefined ? [] : (unit?.podsBehind(target).sure ?? []);
  if (serversIn(pods).length === 0) return consoleNamed(service);
  const ports = target?.summary.service?.ports ?? [];
  const own = ports.find((p) => p.port === port || p.name === port) ?? (ports.length === 1 ? ports[0] : undefined);
  const to = own?.target ?? own?.port;
  const named = pods.flatMap((p) => p.summary.containers.flatMap((c) => c.ports)).find((p) => p.name === to)?.number;
  return consoleIn(pods, named ?? (to === undefined || to === null ? undefined : Number(to)));
}

/** An own login page in front of what nginx leads to. */
function withLogin(manifest: Manifest, context: Context): Fix | undefined {
  const name = manifest.spec?.get("ingressClassName") ?? manifest.annotation("kubernetes.io/ingress.class");
  if (!manifest.is("Ingress", "networking.k8s.io") || !/nginx/.test(name?.string ?? "nginx")) return undefined;
  const host = choice(1, "login.example.com");
  const prefix = "nginx.ingress.kubernetes.io";
  const entries = [
    [`${prefix}/auth-url`, `https://${host}/oauth2/auth`],
    [`${prefix}/auth-signin`, `https://${host}/oauth2/start?rd=\\$escaped_request_uri`],
  ] as const;
  const known = manifest.metadata?.get("annotations");
  const edits =
    known === undefined
      ? manifest.metadata?.set(["annotations"], Object.fromEntries(entries), { snippet: true })
      : joined(entries.map(([key, value]) => known.set([key], value, { snippet: true })));
  return edits && fixIn(context.file, "Ask for a login first", "guided", [{ edits }]);
}

/** Options of the dashboard that take its login away (its manual, 2026-08). */
const dashboardOptions = /^--(enable-skip-login|disable-settings-authorizer|insecure-port)(?:=(.*))?$/;

function optionsOf(container: Container): readonly { readonly at: Field; readonly name: string }[] {
  if (
    !/(?:^|\/)(?:kubernetes-?ui\/)?(?:kubernetes-)?dashboard(?:-(?:api|web|amd64|arm64))?$/.test(
      container.reference?.repository ?? "",
    )
  )
    return [];
  return container.words.flatMap((at) => {
    const [, name, value] = dashboardOptions.exec(at.string ?? "") ?? [];
    return name === undefined || value === "false" || value === "0" ? [] : [{ at, name }];
  });
}

export default rule({
  id: "kubernetes/admin-interface-exposed",
  kind: "kubernetes",
  severity: "warning",
  principle: "authenticate",
  summary: "A console that can be reached from outside of the cluster without a login in front",
  why: `Consoles are made for those who run the system: who reaches the dashboard of a cluster, a notebook or the page of a
database can usually start code or read all data. Attackers search for such pages; cars' and banks' clusters were found to mine
coins through an open dashboard. Ask for a login in the Ingress or Gateway, limit who may connect, or keep the console inside and
use \`kubectl port-forward\`.`,
  refs: ["CWE-306"],
  covers: ["checkov:CKV_K8S_33", "kubescape:C-0014", "kubescape:C-0021", "kubescape:C-0274", "kics:d2ad057f"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: dashboard
          annotations:
            nginx.ingress.kubernetes.io/backend-protocol: HTTPS
        spec:
          ingressClassName: nginx
          tls:
            - hosts: [dashboard.acme.io]
              secretName: dashboard-tls
          rules:
            - host: dashboard.acme.io
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: «kubernetes-dashboard»
                        port:
                          number: 443
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: dashboard
          annotations:
            nginx.ingress.kubernetes.io/backend-protocol: HTTPS
            nginx.ingress.kubernetes.io/auth-url: https://login.example.com/oauth2/auth
            nginx.ingress.kubernetes.io/auth-signin: https://login.example.com/oauth2/start?rd=$escaped_request_uri
        spec:
          ingressClassName: nginx
          tls:
            - hosts: [dashboard.acme.io]
              secretName: dashboard-tls
          rules:
            - host: dashboard.acme.io
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: kubernetes-dashboard
                        port:
                          number: 443
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: metrics }
        spec: { type: «LoadBalancer», selector: { app: metrics }, ports: [{ port: 80, targetPort: web }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: metrics }
        spec:
          selector: { matchLabels: { app: metrics } }
          template:
            metadata: { labels: { app: metrics } }
            spec:
              containers: [{ name: main, image: "prom/prometheus:v3.7.3", ports: [{ name: web, containerPort: 9090 }] }]
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: metrics }
        spec: { type: ClusterIP, selector: { app: metrics }, ports: [{ port: 80, targetPort: web }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: metrics }
        spec:
          selector: { matchLabels: { app: metrics } }
          template:
            metadata: { labels: { app: metrics } }
            spec:
              containers: [{ name: main, image: "prom/prometheus:v3.7.3", ports: [{ name: web, containerPort: 9090 }] }]
        `,
      note: "told by the image",
    },
    {
      bad: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: board }
        spec:
          parentRefs: [{ name: edge }]
          hostnames: [db.acme.io]
          rules: [{ backendRefs: [{ name: «pgadmin», port: 80 }] }]
        `,
      severity: "info",
      note: "it has a login of its own",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: dashboard }
        spec:
          containers:
            - name: dashboard
              image: kubernetesui/dashboard:v2.7.0
              args:
                - --namespace=kubernetes-dashboard
                - «--enable-skip-login»
                - «--insecure-port=9090»
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: dashboard }
        spec:
          containers:
            - name: dashboard
              image: kubernetesui/dashboard:v2.7.0
              args:
                - --namespace=kubernetes-dashboard
        `,
      severity: "error",
      note: "options that take the login away",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: prometheus
          annotations: { nginx.ingress.kubernetes.io/auth-url: "https://login.acme.io/oauth2/auth" }
        spec:
          tls: [{ secretName: tls }]
          rules: [{ host: p.acme.io, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: prometheus, port: { number: 9090 } } } }] } }]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: kibana
          annotations: { nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8 }
        spec:
          tls: [{ secretName: tls }]
          rules: [{ host: k.acme.io, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: kibana, port: { number: 5601 } } } }] } }]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: jenkins }
        spec:
          ingressClassName: nginx-internal
          tls: [{ secretName: tls }]
          rules: [{ host: j.acme.io, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: jenkins, port: { number: 80 } } } }] } }]
        `,
      note: "a login, a limited range, a controller for the inside",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: prometheus }
        spec: { ports: [{ port: 9090 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: jaeger-query }
        spec: { type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8], ports: [{ port: 80 }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: grafana }
        spec:
          tls: [{ secretName: tls }]
          rules: [{ host: g.acme.io, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: grafana, port: { number: 80 } } } }] } }]
        `,
      note: "inside, limited, with a login",
    },
    {
      good: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: metrics }
        spec:
          parentRefs: [{ name: edge }]
          rules:
            - filters: [{ type: ExtensionRef, extensionRef: { group: traefik.io, kind: Middleware, name: login } }]
              backendRefs: [{ name: prometheus, port: 9090 }]
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: kibana }
        spec: { hosts: [kibana], http: [{ route: [{ destination: { host: kibana } }] }] }
        `,
      note: "a filter that may ask for a login; a route inside of the mesh",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: dashboard }
        spec:
          containers:
            - { name: dashboard, image: "kubernetesui/dashboard:v2.7.0", args: [--enable-skip-login=false, --insecure-port=0] }
            - { name: other, image: "acme/server:1.2.3", args: [--insecure-port=8080] }
        `,
    },
  ],
  check: {
    manifest(manifest, report, context) {
      inService(manifest, report, context);
      inRoute(manifest, report, context);
    },
    container(container, report, context) {
      for (const { at, name } of optionsOf(container)) {
        const effect =
          name === "insecure-port" ? "shows the dashboard without TLS or login" : "lets visitors past the login";
        report(at, `${container.name}: --${name} ${effect}${ifConditional(at)}`, {
          severity: lowered("error", at),
          fix: () => {
            const edits = at.remove();
            return fixIn(context.file, `Remove --${name}`, "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
