/** Where the encryption of a route from outside ends. */
import type { Manifest } from "../../../engine/index";
import { ingressClass } from "./routes";

/** Annotations by which TLS ends at a load balancer, or passes the controller by (the controllers' manuals, 2026-08). */
const ending: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^alb\.ingress\.kubernetes\.io\/certificate-arn$/, /./],
  [/^alb\.ingress\.kubernetes\.io\/listen-ports$/, /HTTPS/],
  // Members of a group share listeners and certificates.
  [/^alb\.ingress\.kubernetes\.io\/group\.name$/, /./],
  [/^ingress\.gcp\.kubernetes\.io\/pre-shared-cert$/, /./],
  [/^networking\.gke\.io\/(?:managed-certificates|certmap|pre-shared-certs?)$/, /./],
  [/^appgw\.ingress\.kubernetes\.io\/(?:appgw-ssl-certificate|appgw-ssl-profile)$/, /./],
  [/^route\.openshift\.io\/termination$/, /./],
  [/^traefik\.ingress\.kubernetes\.io\/router\.tls(?:\.|$)/, /^(?!false$)/],
  [/^traefik\.ingress\.kubernetes\.io\/router\.entrypoints$/, /secure|https|443/i],
  [/ssl-passthrough$/, /^(?:true|"true")$/],
  [/^nginx\.ingress\.kubernetes\.io\/force-ssl-redirect$/, /^true$/],
  [/^nginx\.ingress\.kubernetes\.io\/canary$/, /^true$/],
  [/^nginx\.org\/mergeable-ingress-type$/, /^minion$/],
  [/^konghq\.com\/protocols$/, /^https$/],
  [/^ingress\.bluemix\.net\//, /./],
];
const tlsClass = /^(?:cloudflare-tunnel|tailscale|ngrok|openshift-default)$/;

/** Whether annotations or the class say that something else ends TLS; also where that cannot be seen. */
export const endsTls = (manifest: Manifest): boolean =>
  tlsClass.test(ingressClass(manifest) ?? "") ||
  manifest.annotations.some(([name, value]) =>
    ending.some(([n, v]) => n.test(name) && (value.string === undefined || v.test(value.string))),
  );

/** Whether a certificate for one name serves the other: `*.a.io` is for `b.a.io`, and not for `c.b.a.io`. */
export function covers(name: string, host: string): boolean {
  if (name === host) return true;
  return name.startsWith("*.") && !host.startsWith("*.") && host.slice(host.indexOf(".")) === name.slice(1);
}
