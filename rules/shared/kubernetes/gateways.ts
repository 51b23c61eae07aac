/** Gateways, their listeners, and the routes that hang on them. */
import type { Field, Manifest, ManifestFile } from "../../../engine/index";

const group = "gateway.networking.k8s.io";

export const isGateway = (manifest: Manifest): boolean => manifest.is("Gateway", group);

export interface Listener {
  readonly gateway: Manifest;
  readonly field: Field;
  readonly name: string | undefined;
}

export const listenersOf = (gateway: Manifest): readonly Listener[] =>
  (gateway.spec?.get("listeners")?.items ?? []).map((field) => ({ gateway, field, name: field.get("name")?.string }));

interface Parent {
  readonly name: string | undefined;
  readonly section: string | undefined;
  readonly isOther: boolean;
}

const parentsOf = (route: Manifest): readonly Parent[] =>
  (route.spec?.get("parentRefs")?.items ?? []).map((ref) => ({
    name: ref.get("name")?.string,
    section: ref.get("sectionName")?.string,
    isOther: (ref.get("kind")?.string ?? "Gateway") !== "Gateway",
  }));

/** Whether the route hangs on the listener, as far as names tell. */
export const hangsOn = (route: Manifest, { gateway, name }: Listener): boolean =>
  parentsOf(route).some(
    (p) => !p.isOther && p.name === gateway.name && (p.section === undefined || p.section === name),
  );

/** The listeners of a route; undefined where one of its gateways stands elsewhere. */
export function gatewaysOf(route: Manifest, file: ManifestFile): readonly Listener[] | undefined {
  const gateways = file.manifests.filter(isGateway);
  const isKnown = parentsOf(route).every(
    (p) => !p.isOther && p.name !== undefined && gateways.some((g) => g.name === p.name),
  );
  return isKnown ? gateways.flatMap(listenersOf).filter((l) => hangsOn(route, l)) : undefined;
}

/** All that an HTTPRoute does is to send callers to https. */
export function isRedirect(manifest: Manifest): boolean {
  if (!manifest.is("HTTPRoute", group)) return false;
  const rules = manifest.spec?.get("rules")?.items ?? [];
  return (
    rules.length > 0 &&
    rules.every((rule) =>
      (rule.get("filters")?.items ?? []).some(
        (f) => f.get("type")?.string === "RequestRedirect" && f.at("requestRedirect", "scheme")?.string === "https",
      ),
    )
  );
}
