import {
  choice,
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type ManifestFile,
  type Report,
  rule,
} from "../../engine/index";
import { mayHideMore } from "../shared/kubernetes/openness";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { gatewaysOf, isRedirect } from "../shared/kubernetes/gateways";
import { ingressClass, ingressRules, isIngress } from "../shared/kubernetes/routes";
import { endsTls } from "../shared/kubernetes/ingress-tls";

/** `*` and `*.io` take over what others ask for. */
const everyHost = /^\*(?:\.[^.]+)?$/;

function withHost(rule: Field, context: Context): Fix | undefined {
  const edits = rule.set(["host"], choice(1, "app.example.com"), {
    before: rule.entries[0]?.[0] ?? "http",
    snippet: true,
  });
  return fixIn(context.file, "Name the host", "guided", [edits && { edits }]);
}

function ofIngress(manifest: Manifest, report: Report, context: Context): void {
  const rules = ingressRules(manifest);
  const isOwn =
    /^(?:alb|gce)$/.test(ingressClass(manifest) ?? "") ||
    manifest.annotations.some(([n]) => /^networking\.gke\.io\//.test(n));
  const hasOwnAddress = isOwn && rules.length <= 1 && endsTls(manifest);
  if (hasOwnAddress) return;
  for (const entry of rules) {
    const host = entry.get("host");
    if (host?.string !== undefined && everyHost.test(host.string)) {
      report(host, `${manifest.title} answers for ${host.string}: for every host that nobody else answers for`, {
        fix: () => {
          const edits = host.replace(choice(1, "app.example.com"), { snippet: true });
          return fixIn(context.file, "Name the host", "guided", [edits && { edits }]);
        },
      });
    }
    const http = entry.get("http");
    if (entry.written("host") !== undefined || http === undefined || entry.isOpen || mayHideMore(manifest)) continue;
    report(http.anchor, `${manifest.title} answers for every host: this rule names none`, {
      fix: () => withHost(entry, context),
    });
  }
  const common = manifest.spec?.get("defaultBackend") ?? manifest.spec?.get("backend");
  if (common === undefined) return;
  const message = `${manifest.title} answers whatever its controller has no other answer for${ifConditional(common)}`;
  report(common.anchor, message);
}

/** A route without hosts takes those of the listeners that it hangs on. */
function ofRoute(manifest: Manifest, file: ManifestFile, report: Report, context: Context): void {
  if (!manifest.is("HTTPRoute", "gateway.networking.k8s.io") || mayHideMore(manifest)) return;
  if (isRedirect(manifest)) return;
  const { spec } = manifest;
  if (spec === undefined || spec.written("hostnames") !== undefined) return;
  const listeners = gatewaysOf(manifest, file);
  if (listeners === undefined || listeners.length === 0) return;
  if (listeners.some((l) => l.field.written("hostname") !== undefined || l.field.isOpen)) return;
  report(manifest.anchor, `${manifest.title} answers for every host: neither it nor its listener names one`, {
    fix: () => {
      const edits = spec.set(["hostnames"], [choice(1, "app.example.com")], { after: "parentRefs", snippet: true });
      return fixIn(context.file, "Name the host", "guided", [edits && { edits }]);
    },
  });
}

export default rule({
  id: "kubernetes/ingress-catch-all-host",
  kind: "kubernetes",
  severity: "hint",
  principle: "exposure",
  summary: "A route that answers for every host",
  why: `A rule without a host answers whoever reaches the controller by its bare address or by any name that points there: scanners
find the application without knowing its name, a stranger's domain can show it as its own, and in a shared controller one team's rule
takes requests that were meant for another's. Name the host.`,
  refs: ["CWE-346"],
  covers: [
    "kyverno:restrict-ingress-wildcard",
    "kyverno:disallow-empty-ingress-host",
    "kyverno:restrict-ingress-defaultbackend",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
        spec:
          tls:
            - secretName: web-tls
          rules:
            - «http»:
                paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service: { name: web, port: { number: 80 } }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
        spec:
          tls:
            - secretName: web-tls
          rules:
            - host: app.example.com
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service: { name: web, port: { number: 80 } }
        `,
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          tls: [{ secretName: web-tls }]
          rules: [{ host: «"*"» }, { host: «"*.io"» }, { host: "*.acme.io" }]
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          tls: [{ secretName: web-tls }]
          rules: [{ host: "app.example.com" }, { host: "app.example.com" }, { host: "*.acme.io" }]
        `,
      note: "hosts of nobody in particular",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          tls: [{ secretName: web-tls }]
          «defaultBackend»: { service: { name: web, port: { number: 80 } } }
        `,
      note: "whatever is left",
    },
    {
      bad: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: «web» }
        spec:
          parentRefs: [{ name: edge }]
          rules: [{ backendRefs: [{ name: web, port: 80 }] }]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          gatewayClassName: envoy
          listeners: [{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: web-tls }] } }]
        `,
      fixed: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: web }
        spec:
          parentRefs: [{ name: edge }]
          hostnames:
            - app.example.com
          rules: [{ backendRefs: [{ name: web, port: 80 }] }]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          gatewayClassName: envoy
          listeners: [{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: web-tls }] } }]
        `,
      note: "neither the route nor its listener names a host",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          tls: [{ secretName: web-tls }]
          rules: [{ host: web.acme.io, http: { paths: [] } }, { host: "*.web.acme.io" }]
        `,
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
          annotations: { networking.gke.io/managed-certificates: web }
        spec:
          ingressClassName: gce
          rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
        `,
      note: "an address of its own, with a certificate",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          rules:
            - host: {{ .Values.host }}
              http: { paths: [] }
            {{- range .Values.hosts }}
            - http: { paths: [] }
            {{- end }}
        `,
      file: "chart/templates/ingress.yaml",
      note: "values decide",
    },
    {
      good: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: web }
        spec: { parentRefs: [{ name: edge }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: other }
        spec: { parentRefs: [{ name: other }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          gatewayClassName: envoy
          listeners: [{ name: https, hostname: web.acme.io, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: web-tls }] } }]
        `,
      note: "the listener names the host; a gateway that nobody knows",
    },
  ],
  check: {
    file(file, report, context) {
      for (const manifest of file.manifests) {
        if (isIngress(manifest)) ofIngress(manifest, report, context);
        else ofRoute(manifest, file, report, context);
      }
    },
  },
});
