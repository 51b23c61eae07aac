/** Routes from outside of the cluster: Ingress, HTTPRoute and their like. */
import type { Context, Field, Manifest } from "../../../engine/index";
import { unitOf } from "./deployed";
import { hidesAnnotations } from "./openness";

export const isIngress = (manifest: Manifest): boolean => manifest.is("Ingress", "networking.k8s.io", "extensions");

/** The class that an Ingress asks for; undefined where it asks for none, or a template decides. */
export const ingressClass = (manifest: Manifest): string | undefined =>
  (manifest.spec?.get("ingressClassName") ?? manifest.annotation("kubernetes.io/ingress.class"))?.string;

export const ingressRules = (manifest: Manifest): readonly Field[] => manifest.spec?.get("rules")?.items ?? [];

export interface RouteBackend {
  /** The name of the service. */
  readonly at: Field;
  readonly service: string;
  readonly port: number | string | undefined;
}

/** The services that a route leads strangers to. */
export function backendsOf(manifest: Manifest): readonly RouteBackend[] {
  const { spec, kind, group } = manifest;
  if (spec === undefined) return [];
  if (isIngress(manifest)) {
    const paths = ingressRules(manifest).flatMap((r) => r.at("http", "paths")?.items ?? []);
    const all = [...paths.map((p) => p.get("backend")), spec.get("defaultBackend") ?? spec.get("backend")];
    return all.flatMap((b) => {
      const port = b?.at("service", "port");
      return backend(
        b?.at("service", "name") ?? b?.get("serviceName"),
        port?.get("number") ?? port?.get("name") ?? b?.get("servicePort"),
      );
    });
  }
  const refs = (rules: string, key: string): readonly RouteBackend[] =>
    (spec.get(rules)?.items ?? [])
      .flatMap((r) => r.get(key)?.items ?? [])
      .flatMap((ref) => backend(ref.get("name"), ref.get("port")));
  if (group === "gateway.networking.k8s.io" && (kind === "HTTPRoute" || kind === "GRPCRoute"))
    return refs("rules", "backendRefs");
  if (/^traefik\./.test(group) && kind === "IngressRoute") return refs("routes", "services");
  if (manifest.is("Route", "route.openshift.io")) return backend(spec.at("to", "name"), spec.at("port", "targetPort"));
  if (manifest.is("VirtualService", "networking.istio.io") && entersFromOutside(spec)) {
    const targets = (spec.get("http")?.items ?? []).flatMap((r) => r.get("route")?.items ?? []);
    return targets.flatMap((t) => {
      const host = t.at("destination", "host");
      return host?.string === undefined
        ? []
        : [{ at: host, service: host.string.split(".")[0] ?? "", port: t.at("destination", "port", "number")?.number }];
    });
  }
  return [];
}

/** It hangs on a gateway, and does not only steer calls inside of the mesh. */
const entersFromOutside = (spec: Field): boolean =>
  (spec.get("gateways")?.items ?? []).some((g) => g.string !== undefined && g.string !== "mesh");

const backend = (at: Field | undefined, port: Field | undefined): readonly RouteBackend[] =>
  at?.string === undefined ? [] : [{ at, service: at.string, port: port?.number ?? port?.string }];

/** Annotations that ask for a login or limit who may connect, of all controllers. */
const guarding =
  /auth|oidc|oauth|saml|iap|whitelist|allowlist|source-range|inbound-cidrs|security-groups|middlewares|basic|jwt|waf|acl|policy|plugins|ip-?(?:allow|white)|snippet|backend-config/i;
const privateClass = /internal|private|intranet|vpn|tailscale|cloudflare|gce-internal|office|local/i;

/** Whether somebody may be kept out before the program behind is reached; also where that cannot be seen. */
export function isGuarded(manifest: Manifest, context: Context): boolean {
  if (hidesAnnotations(manifest) || manifest.role === "patch") return true;
  const { annotations, spec } = manifest;
  const isInternal = annotations.some(
    ([name, value]) => /scheme$|load-balancer-type$/.test(name) && /internal/i.test(value.string ?? "internal"),
  );
  const isPrivate =
    privateClass.test(ingressClass(manifest) ?? "") || parentsOf(spec).some((name) => privateClass.test(name));
  if (isInternal || isPrivate || annotations.some(([name]) => guarding.test(name))) return true;
  if (hasFilter(spec)) return true;
  return guardsAround(manifest, context);
}

const parentsOf = (spec: Field | undefined): readonly string[] => [
  ...(spec?.get("parentRefs")?.items ?? []).flatMap((p) => p.get("name")?.string ?? []),
  ...(spec?.get("gateways")?.items ?? []).flatMap((g) => g.string ?? []),
];

const hasFilter = (spec: Field | undefined): boolean =>
  [...(spec?.get("rules")?.items ?? []), ...(spec?.get("routes")?.items ?? [])].some(
    (r) =>
      r.get("middlewares") !== undefined ||
      (r.get("filters")?.items ?? []).some((f) => f.get("type")?.string === "ExtensionRef"),
  );

/** Objects that ask for logins on behalf of others. */
const policies = [
  "SecurityPolicy",
  "AuthorizationPolicy",
  "RequestAuthentication",
  "AuthPolicy",
  "OIDCPolicy",
  "GCPBackendPolicy",
  "EnvoyFilter",
];

function guardsAround(manifest: Manifest, context: Context): boolean {
  if (manifest.is("Ingress", "networking.k8s.io", "extensions")) return false;
  const unit = unitOf(context);
  return unit !== undefined && policies.some((kind) => unit.everywhere(kind).length > 0);
}
