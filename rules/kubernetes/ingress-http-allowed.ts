import { type Context, type Field, type Fix, fixIn, type Manifest, type Report, rule } from "../../engine/index";
import { endsTls } from "../shared/kubernetes/ingress-tls";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { isIngress } from "../shared/kubernetes/routes";
import { lowered } from "../shared/kubernetes/weight";

/** Keeps the quotes, which an annotation needs around `true`. */
function changed(field: Field, value: string, title: string, context: Context): Fix | undefined {
  const { string } = field;
  const inner = string === undefined ? undefined : field.part(0, string.length);
  const isQuoted = inner !== undefined && inner.start > field.start;
  const edits = isQuoted ? [{ span: { start: inner.start, end: inner.end }, text: value }] : field.replace(value);
  return fixIn(context.file, title, "unsafe", [edits && { edits }]);
}

const isOn = (field: Field | undefined): boolean => field !== undefined && field.string !== "false";

/** Whether it has TLS as well: plain http alone is kubernetes/ingress-without-tls's matter. */
const hasTls = (manifest: Manifest): boolean =>
  manifest.isPartial || (manifest.spec?.get("tls")?.items.length ?? 0) > 0 || endsTls(manifest);

const nginx = "nginx.ingress.kubernetes.io";

function ofIngress(manifest: Manifest, report: Report, context: Context): void {
  if (!hasTls(manifest)) return;
  const say = (at: Field, fix: () => Fix | undefined): void =>
    report(at, `${manifest.title} answers plain http as well, without sending callers to https${ifConditional(at)}`, {
      severity: lowered("warning", at),
      fix,
    });
  const redirect = manifest.annotation(`${nginx}/ssl-redirect`);
  if (redirect?.string === "false" && !isOn(manifest.annotation(`${nginx}/force-ssl-redirect`)))
    say(redirect, () => changed(redirect, "true", "Set ssl-redirect to true", context));
  const allowed = manifest.annotation("kubernetes.io/ingress.allow-http");
  if (allowed?.string === "true" && manifest.annotation("networking.gke.io/v1beta1.FrontendConfig") === undefined)
    say(allowed, () => changed(allowed, "false", "Set ingress.allow-http to false", context));
  const entrypoints = manifest.annotation("traefik.ingress.kubernetes.io/router.entrypoints");
  const middlewares = manifest.annotation("traefik.ingress.kubernetes.io/router.middlewares");
  if (/^(?:web|http)$/.test(entrypoints?.string ?? "") && middlewares === undefined && entrypoints !== undefined)
    say(entrypoints, () => changed(entrypoints, "websecure", "Take calls at websecure only", context));
  const ports = manifest.annotation("alb.ingress.kubernetes.io/listen-ports");
  if (ports !== undefined && listensOnBoth(ports) && !redirectsAtBalancer(manifest))
    say(ports, () => withRedirect(manifest, context));
}

const listensOnBoth = ({ string = "" }: Field): boolean =>
  /"HTTP"\s{0,9}:/.test(string) && /"HTTPS"\s{0,9}:/.test(string);

/** A group shares its settings with other Ingresses. */
const redirectsAtBalancer = ({ annotations }: Manifest): boolean =>
  annotations.some(
    ([name, value]) =>
      /^alb\.ingress\.kubernetes\.io\/(?:ssl-redirect|group\.name)$/.test(name) ||
      (/\/actions\./.test(name) && /redirect/i.test(value.string ?? "redirect")),
  );

function withRedirect(manifest: Manifest, context: Context): Fix | undefined {
  const edits = manifest.metadata?.get("annotations")?.set(["alb.ingress.kubernetes.io/ssl-redirect"], "443", {
    after: "alb.ingress.kubernetes.io/listen-ports",
  });
  return fixIn(context.file, "Redirect to port 443", "unsafe", [edits && { edits }]);
}

function ofRoute(manifest: Manifest, report: Report, context: Context): void {
  const policy = manifest.spec?.at("tls", "insecureEdgeTerminationPolicy");
  if (policy?.string !== "Allow") return;
  report(
    policy,
    `${manifest.title} answers plain http as well, without sending callers to https${ifConditional(policy)}`,
    {
      severity: lowered("warning", policy),
      fix: () => changed(policy, "Redirect", "Set insecureEdgeTerminationPolicy to Redirect", context),
    },
  );
}

/** Routes of Traefik that hang on the plain entry point alone, and send nobody on. */
function ofTraefik(manifest: Manifest, report: Report, context: Context): void {
  const { spec } = manifest;
  const points = spec?.get("entryPoints");
  const [point, ...others] = points?.items ?? [];
  if (spec === undefined || point === undefined || others.length > 0 || points?.isOpen) return;
  if (!/^(?:web|http)$/.test(point.string ?? "")) return;
  const middlewares = (spec.get("routes")?.items ?? []).flatMap((r) => r.get("middlewares")?.items ?? []);
  if (middlewares.some((m) => mayRedirect(m.get("name")?.string))) return;
  report(point, `${manifest.title} answers plain http, without sending callers to https${ifConditional(point)}`, {
    severity: lowered("warning", point),
    fix: () => changed(point, "websecure", "Take calls at websecure", context),
  });
}

/** Names of what only changes or guards requests. */
const passing = /auth|header|strip|prefix|compress|rate-?limit|retry|buffer|allow-?list|white-?list|cors/i;
const mayRedirect = (name: string | undefined): boolean => name === undefined || !passing.test(name);

export default rule({
  id: "kubernetes/ingress-http-allowed",
  kind: "kubernetes",
  severity: "warning",
  principle: "encrypt",
  summary: "A route that answers plain http beside https",
  why: `A browser that is given a bare name asks by http first. Where that is answered instead of sent on, the login page comes as
plain text, and somebody in between can keep the whole visit that way without the visitor seeing more than a missing lock. Answer
plain http with a redirect, or not at all.`,
  refs: ["CWE-319"],
  covers: ["kyverno:require-ingress-https"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/ssl-redirect: «"false"»  # for the old app
        spec:
          tls:
            - hosts: [shop.acme.io]
              secretName: shop-tls
          rules:
            - host: shop.acme.io
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/ssl-redirect: "true"  # for the old app
        spec:
          tls:
            - hosts: [shop.acme.io]
              secretName: shop-tls
          rules:
            - host: shop.acme.io
        `,
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            kubernetes.io/ingress.allow-http: «'true'»
            networking.gke.io/managed-certificates: shop
        spec: { defaultBackend: { service: { name: shop, port: { number: 80 } } } }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: api
          annotations:
            alb.ingress.kubernetes.io/listen-ports: «'[{"HTTP": 80}, {"HTTPS": 443}]'»
        spec: { ingressClassName: alb, rules: [{ host: api.acme.io }] }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            kubernetes.io/ingress.allow-http: 'false'
            networking.gke.io/managed-certificates: shop
        spec: { defaultBackend: { service: { name: shop, port: { number: 80 } } } }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: api
          annotations:
            alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
            alb.ingress.kubernetes.io/ssl-redirect: '443'
        spec: { ingressClassName: alb, rules: [{ host: api.acme.io }] }
        `,
      note: "load balancers of clouds",
    },
    {
      bad: `
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: { name: shop }
        spec: { to: { kind: Service, name: shop }, tls: { termination: edge, insecureEdgeTerminationPolicy: «Allow» } }
        ---
        apiVersion: traefik.io/v1alpha1
        kind: IngressRoute
        metadata: { name: shop }
        spec:
          entryPoints: [«web»]
          routes: [{ match: "Host(\`shop.acme.io\`)", kind: Rule, services: [{ name: shop, port: 80 }] }]
        `,
      fixed: `
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: { name: shop }
        spec: { to: { kind: Service, name: shop }, tls: { termination: edge, insecureEdgeTerminationPolicy: Redirect } }
        ---
        apiVersion: traefik.io/v1alpha1
        kind: IngressRoute
        metadata: { name: shop }
        spec:
          entryPoints: [websecure]
          routes: [{ match: "Host(\`shop.acme.io\`)", kind: Rule, services: [{ name: shop, port: 80 }] }]
        `,
      note: "routes of OpenShift and Traefik",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/ssl-redirect: "false"
            nginx.ingress.kubernetes.io/force-ssl-redirect: "true"
        spec: { tls: [{ secretName: shop-tls }], rules: [{ host: shop.acme.io }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: api
          annotations:
            alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
            alb.ingress.kubernetes.io/ssl-redirect: "443"
        spec: { ingressClassName: alb, rules: [{ host: api.acme.io }] }
        `,
      note: "redirected all the same",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations: { nginx.ingress.kubernetes.io/ssl-redirect: "false" }
        spec: { rules: [{ host: shop.acme.io }] }
        `,
      note: "no TLS at all: kubernetes/ingress-without-tls",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/ssl-redirect: {{ .Values.redirect | quote }}
            nginx.ingress.kubernetes.io/backend-protocol: HTTP
        spec: { tls: [{ secretName: shop-tls }], rules: [{ host: shop.acme.io }] }
        `,
      file: "chart/templates/ingress.yaml",
      note: "a value decides; behind the controller it is another matter",
    },
    {
      good: `
        apiVersion: traefik.io/v1alpha1
        kind: IngressRoute
        metadata: { name: shop }
        spec:
          entryPoints: [web]
          routes: [{ match: "Host(\`shop.acme.io\`)", kind: Rule, middlewares: [{ name: to-https }], services: [{ name: shop, port: 80 }] }]
        ---
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: { name: shop }
        spec: { to: { kind: Service, name: shop }, tls: { termination: edge, insecureEdgeTerminationPolicy: Redirect } }
        `,
      note: "sent on",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (isIngress(manifest)) ofIngress(manifest, report, context);
      else if (manifest.is("Route", "route.openshift.io")) ofRoute(manifest, report, context);
      else if (manifest.is("IngressRoute", "traefik.io", "traefik.containo.us")) ofTraefik(manifest, report, context);
    },
  },
});
