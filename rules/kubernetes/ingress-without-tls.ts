import { choice, type Context, type Field, type Fix, fixIn, literal, type Manifest, rule } from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { covers, endsTls } from "../shared/kubernetes/ingress-tls";
import { mayHideMore } from "../shared/kubernetes/openness";
import { ingressClass, ingressRules, isIngress } from "../shared/kubernetes/routes";
import { joined } from "../shared/kubernetes/security-context";

const optionName = "tlsByDefaultClasses";

/** Names of the developer's own machine. */
const ownMachine = /^(?:localhost|[\w.-]+\.localhost|[\w.-]*127[.-]0[.-]0[.-]1\.(?:nip|sslip)\.io)$/;

interface Names {
  /** Undefined for those that a template gives. */
  readonly hosts: readonly (string | undefined)[];
  /** For every host. */
  readonly isForAll: boolean;
}

function namesOf(manifest: Manifest): Names | undefined {
  const entries = manifest.spec?.get("tls")?.items ?? [];
  if (entries.length === 0) return undefined;
  const hosts = entries.flatMap((e) => (e.get("hosts")?.items ?? []).map((h) => h.string));
  const isForAll = entries.some(
    (e) => e.isOpen || e.get("hosts") === undefined || (e.get("hosts")?.items.length ?? 0) === 0,
  );
  return { hosts, isForAll };
}

/** Another Ingress, or a patch of this one, brings the certificate for the host. */
function isServedElsewhere(host: string | undefined, manifest: Manifest, context: Context): boolean {
  const unit = unitOf(context);
  const own = unit?.object(manifest);
  if (unit === undefined || own === undefined) return false;
  if (own.patches.length > 0) return true;
  return unit.ofKind("Ingress").some(({ summary, index, file }) => {
    if (index === own.index && file === own.file) return false;
    const tls = summary.route?.tls ?? [];
    return tls.some((t) => t.hosts.some((h) => h === null || (host !== undefined && covers(h, host))));
  });
}

const hostsOf = (manifest: Manifest): readonly Field[] => ingressRules(manifest).flatMap((r) => r.get("host") ?? []);

function withTls(manifest: Manifest, context: Context): readonly Fix[] {
  const hosts = [...new Set(hostsOf(manifest).flatMap((h) => h.string ?? []))].map(literal);
  const { spec, metadata, name = "web" } = manifest;
  if (spec === undefined) return [];
  const data = [{ ...(hosts.length === 0 ? {} : { hosts }), secretName: choice(1, `${name}-tls`) }];
  const place = spec.get("rules") === undefined ? {} : { before: "rules" };
  const block = spec.set(["tls"], data, { ...place, snippet: true });
  const key = "cert-manager.io/cluster-issuer";
  const known = metadata?.get("annotations");
  const issuer = known
    ? known.set([key], choice(2, "letsencrypt"), { snippet: true })
    : metadata?.set(["annotations", key], choice(2, "letsencrypt"), { snippet: true });
  const both = manifest.annotation(key) === undefined ? joined([issuer, block]) : undefined;
  return [
    fixIn(context.file, "Add a tls block", "guided", [block && { edits: block }]),
    fixIn(context.file, "Add a tls block with a certificate by cert-manager", "guided", [both && { edits: both }]),
  ].filter((fix) => fix !== undefined);
}

/** A host of rules that no certificate is for. */
function withHost(host: Field, manifest: Manifest, context: Context): Fix | undefined {
  const entries = manifest.spec?.get("tls")?.items ?? [];
  const [entry] = entries;
  const edits =
    entries.length === 1 && host.string !== undefined
      ? entry?.append(["hosts"], literal(host.string), { snippet: true })
      : undefined;
  return fixIn(context.file, `Add ${host.string} to the hosts of tls`, "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/ingress-without-tls",
  kind: "kubernetes",
  severity: "warning",
  principle: "encrypt",
  summary: "A way into the cluster without TLS",
  why: `Without a certificate the login, the session cookie and the answers go over the internet as plain text: the next guest in
the same wireless network, or a provider on the way, reads them and can put scripts of its own into every page. Give the Ingress a
\`tls\` block with a certificate for each of its hosts; cert-manager renews them by itself.`,
  refs: ["NSA net", "CWE-319"],
  covers: [
    "polaris:tlsSettingsMissing",
    "kubescape:C-0263",
    "kubescape:C-0231",
    "kubescape:C-0245",
    "kyverno:require-ingress-https",
    "kyverno:ingress-host-match-tls",
    "kics:69bbc5e3",
  ],
  fix: "guided",
  options: {
    [optionName]: {
      type: "array",
      items: { type: "string" },
      description: "Classes of Ingress whose controller serves a certificate of its own for every host.",
      default: [],
    },
  },
  examples: [
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: «shop»
        spec:
          ingressClassName: nginx
          rules:
            - host: shop.acme.io
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: shop
                        port:
                          number: 80
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
        spec:
          ingressClassName: nginx
          tls:
            - hosts:
                - shop.acme.io
              secretName: shop-tls
          rules:
            - host: shop.acme.io
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: shop
                        port:
                          number: 80
        `,
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop }
        spec:
          tls: [{ hosts: ["*.acme.io"], secretName: acme-tls }]
          rules: [{ host: b.acme.io }, { host: «c.b.acme.io» }]
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop }
        spec:
          tls: [{ hosts: ["*.acme.io", "c.b.acme.io"], secretName: acme-tls }]
          rules: [{ host: b.acme.io }, { host: c.b.acme.io }]
        `,
      note: "a wildcard stands for one label",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: «shop», annotations: { cert-manager.io/cluster-issuer: letsencrypt } }
        spec: { tls: [], defaultBackend: { service: { name: shop, port: { number: 80 } } } }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop, annotations: { cert-manager.io/cluster-issuer: letsencrypt } }
        spec: { tls: [{ secretName: shop-tls }], defaultBackend: { service: { name: shop, port: { number: 80 } } } }
        `,
      note: "an empty block; an issuer that is never asked",
    },
    {
      bad: `
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: { name: «shop» }
        spec:
          host: shop.acme.io
          to: { kind: Service, name: shop }
        `,
      fixed: `
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: { name: shop }
        spec:
          host: shop.acme.io
          to: { kind: Service, name: shop }
          tls:
            termination: edge
            insecureEdgeTerminationPolicy: Redirect
        `,
      note: "a Route of OpenShift",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop }
        spec: { tls: [{ secretName: x }], rules: [{ host: shop.acme.io }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: api }
        spec: { tls: [{ hosts: ["*.a.com"], secretName: x }], rules: [{ host: b.a.com }] }
        `,
      note: "a certificate for all hosts, for one label",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations: { alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS": 443}]' }
        spec: { ingressClassName: alb, rules: [{ host: shop.acme.io }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: api
          annotations: { traefik.ingress.kubernetes.io/router.tls: "true" }
        spec: { rules: [{ host: api.acme.io }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: tool }
        spec: { ingressClassName: tailscale, rules: [{ host: tool }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: mine }
        spec: { rules: [{ host: shop.localhost }] }
        `,
      note: "TLS ends elsewhere; the developer's own machine",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop }
        spec: { ingressClassName: edge, rules: [{ host: shop.acme.io }] }
        `,
      config: `
        rules:
          kubernetes/ingress-without-tls:
            tlsByDefaultClasses: [edge]
        `,
      note: "a controller with a certificate for all",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: api }
        spec: { rules: [{ host: shop.acme.io, http: { paths: [] } }] }
        -- shop.yaml --
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop }
        spec: { tls: [{ hosts: [shop.acme.io], secretName: shop-tls }], rules: [{ host: shop.acme.io }] }
        `,
      note: "another Ingress brings the certificate for the same host",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop }
        spec:
          {{- if .Values.tls }}
          tls: [{ hosts: [{{ .Values.host }}], secretName: x }]
          {{- end }}
          rules: [{ host: {{ .Values.host }} }]
        `,
      file: "chart/templates/ingress.yaml",
      note: "values decide",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (mayHideMore(manifest) || endsTls(manifest)) return;
      const { spec, title } = manifest;
      if (spec === undefined) return;
      if (manifest.is("Route", "route.openshift.io") && spec.written("tls") === undefined) {
        report(manifest.anchor, `${title} takes plain http: it has no tls`, { fix: () => withEdge(manifest, context) });
        return;
      }
      const isEmpty =
        spec.get("rules") === undefined &&
        spec.get("defaultBackend") === undefined &&
        spec.get("backend") === undefined;
      const classes = context.options[optionName];
      const ownClass = ingressClass(manifest);
      if (
        !isIngress(manifest) ||
        isEmpty ||
        (Array.isArray(classes) && ownClass !== undefined && classes.includes(ownClass))
      )
        return;
      const names = namesOf(manifest);
      const hosts = hostsOf(manifest);
      if (names === undefined) {
        const written = hosts.flatMap((h) => h.string ?? []);
        if (written.length > 0 && written.every((h) => ownMachine.test(h) || isServedElsewhere(h, manifest, context)))
          return;
        if (isServedElsewhere(undefined, manifest, context)) return;
        report(manifest.anchor, `${title} takes plain http: it has no tls`, { fix: () => withTls(manifest, context) });
        return;
      }
      if (names.isForAll || names.hosts.includes(undefined)) return;
      for (const host of hosts) {
        const text = host.string;
        if (text === undefined || ownMachine.test(text) || names.hosts.some((n) => n !== undefined && covers(n, text)))
          continue;
        if (isServedElsewhere(text, manifest, context)) continue;
        report(host, `${title} takes plain http for ${text}: no entry of its tls is for that host`, {
          fix: () => withHost(host, manifest, context),
        });
      }
    },
  },
});

function withEdge(manifest: Manifest, context: Context): Fix | undefined {
  const data = { termination: choice(1, "edge"), insecureEdgeTerminationPolicy: "Redirect" };
  const edits = manifest.spec?.set(["tls"], data, { snippet: true });
  return fixIn(context.file, "Add tls", "guided", [edits && { edits }]);
}
