import {
  choice,
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type Report,
  rule,
} from "../../engine/index";
import { isGateway, listenersOf } from "../shared/kubernetes/gateways";
import { ifConditional } from "../shared/kubernetes/pod-security";

function withSelector(namespaces: Field, context: Context): Fix | undefined {
  const label = { "gateway-access": choice(1, "shop") };
  const edits = namespaces.replace({ from: "Selector", selector: { matchLabels: label } }, { snippet: true });
  return fixIn(context.file, "Select the namespaces by a label", "guided", [edits && { edits }]);
}

function inGateway(manifest: Manifest, report: Report, context: Context): void {
  for (const { field, name } of listenersOf(manifest)) {
    const namespaces = field.at("allowedRoutes", "namespaces");
    const from = namespaces?.get("from");
    if (namespaces === undefined || from?.string !== "All") continue;
    const which = name === undefined ? manifest.title : `Listener ${name} of ${manifest.title}`;
    report(from, `${which} takes routes of every namespace${ifConditional(from)}`, {
      fix: () => withSelector(namespaces, context),
    });
  }
}

function inGrant(manifest: Manifest, report: Report): void {
  const { spec } = manifest;
  for (const from of spec?.get("from")?.items ?? []) {
    const namespace = from.get("namespace");
    if (namespace?.string === "*") report(namespace, `${manifest.title} is for every namespace`);
  }
  for (const to of spec?.get("to")?.items ?? []) {
    const kind = to.get("kind");
    if (kind?.string !== "Secret" || to.written("name") !== undefined || to.isOpen) continue;
    report(
      kind,
      `${manifest.title} hands every Secret of its namespace to another: it names none${ifConditional(kind)}`,
    );
  }
}

function inIstio(manifest: Manifest, report: Report): void {
  for (const server of manifest.spec?.get("servers")?.items ?? []) {
    for (const host of server.get("hosts")?.items ?? []) {
      if (host.string !== "*" && host.string !== "*/*") continue;
      report(host, `${manifest.title} takes routes of every namespace, for every host${ifConditional(host)}`);
    }
  }
}

export default rule({
  id: "kubernetes/gateway-cross-namespace",
  kind: "kubernetes",
  severity: "info",
  principle: "isolation",
  summary: "A gateway that every namespace may hang routes on",
  why: `Who may write a route in any namespace can take over a host or a path of the gateway: the test team's \`/login\` answers for
the shop's, and collects passwords under its name and certificate. Let the gateway take routes of its own namespace or of those with a
label, and name the one Secret that a grant is for.`,
  refs: ["NSA net", "CWE-668"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata:
          name: edge
        spec:
          gatewayClassName: envoy
          listeners:
            - name: https
              port: 443
              protocol: HTTPS
              hostname: "*.acme.io"
              tls: { certificateRefs: [{ name: acme-tls }] }
              allowedRoutes:
                namespaces:
                  from: «All»
        `,
      fixed: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata:
          name: edge
        spec:
          gatewayClassName: envoy
          listeners:
            - name: https
              port: 443
              protocol: HTTPS
              hostname: "*.acme.io"
              tls: { certificateRefs: [{ name: acme-tls }] }
              allowedRoutes:
                namespaces:
                  from: Selector
                  selector:
                    matchLabels:
                      gateway-access: shop
        `,
    },
    {
      bad: `
        apiVersion: gateway.networking.k8s.io/v1beta1
        kind: ReferenceGrant
        metadata: { name: certificates, namespace: certificates }
        spec:
          from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }]
          to: [{ group: "", kind: «Secret» }]
        `,
      note: "a grant for all Secrets",
    },
    {
      bad: `
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          selector: { istio: ingressgateway }
          servers:
            - port: { number: 443, name: https, protocol: HTTPS }
              hosts: [«"*"»]
              tls: { mode: SIMPLE, credentialName: acme-tls }
        `,
      note: "a gateway of Istio",
    },
    {
      good: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          gatewayClassName: envoy
          listeners:
            - { name: a, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: a }] }, allowedRoutes: { namespaces: { from: Same } } }
            - { name: b, port: 444, protocol: HTTPS, tls: { certificateRefs: [{ name: a }] } }
        `,
      note: "its own namespace, as it is by default",
    },
    {
      good: `
        apiVersion: gateway.networking.k8s.io/v1beta1
        kind: ReferenceGrant
        metadata: { name: certificates }
        spec:
          from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }]
          to: [{ group: "", kind: Secret, name: shop-tls }, { group: "", kind: Service }]
        `,
      note: "one Secret; Services",
    },
    {
      good: `
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          servers:
            - port: { number: 443, name: https, protocol: HTTPS }
              hosts: ["shop/*.acme.io", "./*", "*.acme.io", {{ .Values.host }}]
              tls: { mode: SIMPLE, credentialName: acme-tls }
        `,
      note: "named hosts, a namespace, a value",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (isGateway(manifest)) inGateway(manifest, report, context);
      else if (manifest.is("ReferenceGrant", "gateway.networking.k8s.io")) inGrant(manifest, report);
      else if (manifest.is("Gateway", "networking.istio.io")) inIstio(manifest, report);
    },
  },
});
