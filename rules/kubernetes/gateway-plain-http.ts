import {
  choice,
  type Context,
  type Fix,
  fixIn,
  literal,
  type Manifest,
  type ManifestFile,
  type Report,
  rule,
} from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { hangsOn, isGateway, isRedirect, type Listener, listenersOf } from "../shared/kubernetes/gateways";
import { appended } from "../shared/kubernetes/documents";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { joined } from "../shared/kubernetes/security-context";
import { lowered } from "../shared/kubernetes/weight";

/** Classes of gateways between the pods of a mesh, and of those for a private network. */
const inside = /waypoint|mesh|internal|rilb|private|east-?west/i;

const takesPlain = ({ field }: Listener): boolean => {
  const protocol = field.get("protocol")?.string;
  return protocol === "HTTP" || (protocol === "TCP" && field.get("port")?.number === 80);
};

/** A route sends its callers on; also where another file may have one that does. */
function isRedirected(listener: Listener, file: ManifestFile, context: Context): boolean {
  if (file.manifests.some((m) => isRedirect(m) && hangsOn(m, listener))) return true;
  const others = unitOf(context)?.everywhere("HTTPRoute", "gateway.networking.k8s.io") ?? [];
  return others.some(({ file: other, summary }) => other !== file.file && summary.route?.backends.length === 0);
}

function inGateway(gateway: Manifest, file: ManifestFile, report: Report, context: Context): void {
  if (inside.test(gateway.spec?.get("gatewayClassName")?.string ?? "") || inside.test(gateway.name ?? "")) return;
  const listeners = listenersOf(gateway);
  for (const listener of listeners.filter(takesPlain)) {
    const at = listener.field.get("protocol");
    if (at === undefined || isRedirected(listener, file, context)) continue;
    const which = listener.name === undefined ? gateway.title : `Listener ${listener.name} of ${gateway.title}`;
    report(at, `${which} takes plain http, and nothing sends its callers to https${ifConditional(at)}`, {
      severity: lowered("warning", at),
      fix: () => {
        const hasOther = listeners.some((l) => l.field.get("protocol")?.string === "HTTPS");
        return hasOther ? redirect(listener, file) : withCertificate(listener, context);
      },
    });
  }
}

/** A route that sends every caller of the listener to https. */
function redirect({ gateway, name }: Listener, file: ManifestFile): Fix | undefined {
  if (gateway.name === undefined || name === undefined) return undefined;
  const own = gateway.namespace;
  const route = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: {
      name: choice(1, `${gateway.name}-to-https`),
      ...(own === undefined ? {} : { namespace: literal(own) }),
    },
    spec: {
      parentRefs: [{ name: literal(gateway.name), sectionName: literal(name) }],
      rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
    },
  };
  const edits = appended(file, [route], { snippet: true });
  return fixIn(file.file, "Append a route that sends callers to https", "guided", [edits && { edits }]);
}

function withCertificate({ field, gateway, name }: Listener, context: Context): Fix | undefined {
  const [protocol, port] = [field.get("protocol"), field.get("port")];
  const certificate = { certificateRefs: [{ name: choice(1, `${gateway.name ?? "web"}-tls`) }] };
  const edits = joined([
    protocol?.replace("HTTPS"),
    ...(port?.number === 80 ? [port.replace(443)] : []),
    ...(name === "http" ? [field.get("name")?.replace("https")] : []),
    field.set(["tls"], certificate, { snippet: true }),
  ]);
  return fixIn(context.file, "Take https with a certificate instead", "guided", [edits && { edits }]);
}

/** Gateways of Istio. */
function inIstio(gateway: Manifest, report: Report, context: Context): void {
  const labels = (gateway.spec?.get("selector")?.entries ?? []).map(([, value]) => value.string ?? "");
  if ([gateway.name ?? "", ...labels].some((text) => /egress/i.test(text) || inside.test(text))) return;
  const servers = gateway.spec?.get("servers")?.items ?? [];
  for (const server of servers) {
    const at = server.at("port", "protocol");
    const redirects = server.at("tls", "httpsRedirect");
    if (at?.string !== "HTTP" || server.isOpen || (redirects !== undefined && redirects.boolean !== false)) continue;
    const hasOther = servers.some((s) => s.at("port", "protocol")?.string === "HTTPS");
    report(at, `${gateway.title} takes plain http, and does not send its callers to https${ifConditional(at)}`, {
      severity: lowered("warning", at),
      fix: () => {
        const edits = hasOther ? server.set(["tls", "httpsRedirect"], true) : undefined;
        return fixIn(context.file, "Send callers to https", "unsafe", [edits && { edits }]);
      },
    });
  }
}

export default rule({
  id: "kubernetes/gateway-plain-http",
  kind: "kubernetes",
  severity: "warning",
  principle: "encrypt",
  summary: "A gateway that takes plain http without sending callers to https",
  why: `What comes in by plain http can be read and changed by everybody on the way, from the wireless network of a café to the last
provider: session cookies first. A listener for http is only good for one thing, to send callers on to https; let a route with a
RequestRedirect do that, or \`httpsRedirect\` at Istio.`,
  refs: ["CWE-319"],
  covers: ["kubescape:C-0266"],
  fix: "unsafe",
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
            - name: http
              port: 80
              protocol: «HTTP»
            - name: https
              port: 443
              protocol: HTTPS
              tls: { certificateRefs: [{ name: edge-tls }] }
        `,
      fixed: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata:
          name: edge
        spec:
          gatewayClassName: envoy
          listeners:
            - name: http
              port: 80
              protocol: HTTP
            - name: https
              port: 443
              protocol: HTTPS
              tls: { certificateRefs: [{ name: edge-tls }] }
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata:
          name: edge-to-https
        spec:
          parentRefs:
            - name: edge
              sectionName: http
          rules:
            - filters:
                - type: RequestRedirect
                  requestRedirect:
                    scheme: https
                    statusCode: 301
        `,
    },
    {
      bad: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          gatewayClassName: envoy
          listeners:
            - name: http
              port: 80
              protocol: «HTTP»
        `,
      fixed: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          gatewayClassName: envoy
          listeners:
            - name: https
              port: 443
              protocol: HTTPS
              tls:
                certificateRefs:
                  - name: edge-tls
        `,
      note: "there is no listener for https",
    },
    {
      bad: `
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          selector: { istio: ingressgateway }
          servers:
            - port: { number: 80, name: http, protocol: «HTTP» }
              hosts: [shop.acme.io]
            - port: { number: 443, name: https, protocol: HTTPS }
              hosts: [shop.acme.io]
              tls: { mode: SIMPLE, credentialName: shop-tls }
        `,
      fixed: `
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          selector: { istio: ingressgateway }
          servers:
            - port: { number: 80, name: http, protocol: HTTP }
              hosts: [shop.acme.io]
              tls:
                httpsRedirect: true
            - port: { number: 443, name: https, protocol: HTTPS }
              hosts: [shop.acme.io]
              tls: { mode: SIMPLE, credentialName: shop-tls }
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
          listeners: [{ name: http, port: 80, protocol: HTTP }, { name: pass, port: 443, protocol: TLS, tls: { mode: Passthrough } }]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: to-https }
        spec:
          parentRefs: [{ name: edge, sectionName: http }]
          rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, statusCode: 301 } }] }]
        `,
      note: "callers are sent on",
    },
    {
      good: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          gatewayClassName: envoy
          listeners: [{ name: http, port: 80, protocol: HTTP }]
        -- redirect.yaml --
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: to-https }
        spec:
          parentRefs: [{ name: edge, sectionName: http }]
          rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, statusCode: 301 } }] }]
        `,
      note: "by a route in another file",
    },
    {
      good: `
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: shop }
        spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }, { name: http, port: 80, protocol: HTTP }] }
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: out }
        spec:
          selector: { istio: egressgateway }
          servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [api.acme.io] }]
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.acme.io], tls: { httpsRedirect: true } }]
        `,
      note: "between pods, on the way out, sent on",
    },
  ],
  check: {
    file(file, report, context) {
      for (const manifest of file.manifests) {
        if (isGateway(manifest)) inGateway(manifest, file, report, context);
        else if (manifest.is("Gateway", "networking.istio.io")) inIstio(manifest, report, context);
      }
    },
  },
});
