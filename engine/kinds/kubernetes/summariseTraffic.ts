/** What manifests tell of the ways between pods: services, routes to them, policies of the network. */
import type { Field } from "./field";
import type { Manifest } from "./manifest";
import {
  anything,
  readCalicoSelector,
  readPlainSelector,
  readSelector,
  type Requirement,
  type Selector,
  selectorAt,
  type Told,
  told,
  toldNumber,
} from "./selector";
import type { Backend, ObjectSummary, Peer, PolicyRule, PolicySummary, RouteSummary, ServiceSummary } from "./summary";

type Traffic = Pick<ObjectSummary, "service" | "route" | "policy" | "monitor">;

export function trafficOf(manifest: Manifest, mayHide: boolean): Traffic {
  if (manifest.is("Service", "")) return { service: serviceOf(manifest.spec, mayHide) };
  const route = routeOf(manifest);
  if (route !== undefined) return { route };
  const policy = policyOf(manifest, mayHide);
  if (policy !== undefined) return { policy };
  if (manifest.is("ServiceMonitor", "monitoring.coreos.com")) {
    const among = manifest.spec?.get("namespaceSelector");
    const names = among?.get("matchNames")?.items.map((n) => told(n) ?? null);
    const namespaces = among?.get("any")?.boolean === true ? "*" : names;
    return { monitor: { selector: readSelector(manifest.spec?.get("selector"), mayHide), namespaces } };
  }
  return {};
}

function serviceOf(spec: Field | undefined, mayHide: boolean): ServiceSummary {
  return {
    type: told(spec?.get("type")),
    selector: selectorAt(spec, "selector", mayHide, readPlainSelector),
    ports: (spec?.get("ports")?.items ?? []).map((port) => ({
      name: told(port.get("name")),
      port: toldNumber(port.get("port")),
      target: told(port.get("targetPort")),
      nodePort: toldNumber(port.get("nodePort")),
    })),
    externalName: told(spec?.get("externalName")),
    isHeadless: spec?.get("clusterIP")?.string === "None",
  };
}

const fieldsOf = (list: Field | undefined): readonly Field[] => list?.items ?? [];

function routeOf(manifest: Manifest): RouteSummary | undefined {
  const { spec, kind, group } = manifest;
  if (spec === undefined) return undefined;
  if (manifest.is("Ingress", "networking.k8s.io", "extensions")) return ingressOf(spec, manifest);
  const route = { hosts: [], tls: [], className: undefined };
  if (group === "gateway.networking.k8s.io" && kind.endsWith("Route")) {
    const backends = fieldsOf(spec.get("rules"))
      .flatMap((rule) => fieldsOf(rule.get("backendRefs")))
      .filter((ref) => (ref.get("kind")?.string ?? "Service") === "Service");
    return { ...route, hosts: hostsOf(spec.get("hostnames")), backends: backends.map(backendOf) };
  }
  if (manifest.is("VirtualService", "networking.istio.io")) {
    const rules = ["http", "tcp", "tls"].flatMap((key) => fieldsOf(spec.get(key)));
    const targets = rules.flatMap((rule) => fieldsOf(rule.get("route"))).flatMap((to) => to.get("destination") ?? []);
    return { ...route, hosts: hostsOf(spec.get("hosts")), backends: targets.map(destinationOf) };
  }
  if (manifest.is("Route", "route.openshift.io")) {
    const targets = [spec.get("to"), ...fieldsOf(spec.get("alternateBackends"))].flatMap((f) => f ?? []);
    const port = told(spec.at("port", "targetPort"));
    const backends = targets.map((to) => ({ name: told(to.get("name")) ?? null, namespace: undefined, port }));
    return { ...route, hosts: [told(spec.get("host"))], backends };
  }
  if (/^traefik\./.test(group) && kind.startsWith("IngressRoute")) {
    const backends = fieldsOf(spec.get("routes"))
      .flatMap((rule) => fieldsOf(rule.get("services")))
      .filter((ref) => (ref.get("kind")?.string ?? "Service") === "Service");
    return { ...route, backends: backends.map(backendOf) };
  }
  if (manifest.is("HTTPProxy", "projectcontour.io")) {
    const parts = [...fieldsOf(spec.get("routes")), ...[spec.get("tcpproxy")].flatMap((f) => f ?? [])];
    const backends = parts.flatMap((part) => fieldsOf(part.get("services"))).map(backendOf);
    return { ...route, hosts: [told(spec.at("virtualhost", "fqdn"))], backends };
  }
  return undefined;
}

const hostsOf = (list: Field | undefined): readonly (Told | undefined)[] =>
  list === undefined ? [undefined] : list.items.map((host) => told(host) ?? null);

const backendOf = (ref: Field): Backend => ({
  name: told(ref.get("name")) ?? null,
  namespace: told(ref.get("namespace")),
  port: told(ref.get("port")),
});

/** Istio writes `name`, `name.namespace` or the full name in the cluster. */
function destinationOf(destination: Field): Backend {
  const host = told(destination.get("host")) ?? null;
  const port = told(destination.at("port", "number"));
  if (host === null) return { name: null, namespace: undefined, port };
  const [name = "", namespace, svc] = host.split(".");
  const isInCluster = namespace === undefined || svc === undefined || svc === "svc";
  return { name: isInCluster ? name : null, namespace, port };
}

function ingressOf(spec: Field, manifest: Manifest): RouteSummary {
  const rules = fieldsOf(spec.get("rules"));
  const all = rules.flatMap((rule) => fieldsOf(rule.at("http", "paths"))).flatMap((path) => path.get("backend") ?? []);
  const common = spec.get("defaultBackend") ?? spec.get("backend");
  const backends = [...all, ...(common === undefined ? [] : [common])].filter((b) => b.get("resource") === undefined);
  return {
    hosts: rules.map((rule) => told(rule.get("host"))),
    backends: backends.map((backend) => {
      const service = backend.get("service");
      const port = service?.get("port");
      return {
        name: told(service?.get("name") ?? backend.get("serviceName")) ?? null,
        namespace: undefined,
        port: told(port?.get("number") ?? port?.get("name") ?? backend.get("servicePort")),
      };
    }),
    tls: fieldsOf(spec.get("tls")).map((entry) => ({
      hosts: fieldsOf(entry.get("hosts")).map((host) => told(host) ?? null),
      secret: told(entry.get("secretName")),
    })),
    className: told(spec.get("ingressClassName") ?? manifest.annotation("kubernetes.io/ingress.class")),
  };
}

function policyOf(manifest: Manifest, mayHide: boolean): PolicySummary | undefined {
  const { group, kind, spec } = manifest;
  if (manifest.is("NetworkPolicy", "networking.k8s.io", "extensions")) return networkPolicy(spec, mayHide);
  if (group === "cilium.io" && /^Cilium(?:Clusterwide)?NetworkPolicy$/.test(kind))
    return ciliumPolicy(manifest, mayHide);
  if (/^(?:crd\.)?projectcalico\.org$/.test(group) && /^(?:Global)?NetworkPolicy$/.test(kind))
    return calicoPolicy(manifest);
  if (group === "policy.networking.k8s.io") return { ...opaque, scope: "cluster" };
  if (/(?:^|\.)kyverno\.io$/.test(group)) {
    const makesPolicies = fieldsOf(spec?.get("rules")).some((rule) =>
      /NetworkPolicy$/.test(rule.at("generate", "kind")?.string ?? ""),
    );
    return makesPolicies ? { ...opaque, scope: "cluster" } : undefined;
  }
  return undefined;
}

const unknownIsolation = { ingress: null, egress: null };
const opaque: PolicySummary = {
  scope: "namespace",
  selector: anything,
  isolates: unknownIsolation,
  ingress: [],
  egress: [],
};

function networkPolicy(spec: Field | undefined, mayHide: boolean): PolicySummary {
  const types = spec?.get("policyTypes");
  const listed = types?.items.map((type) => told(type) ?? null);
  const egress = spec?.get("egress");
  const isolates = (type: string, byDefault: boolean): boolean | null => {
    // The API server fills an empty list as it does a missing one.
    if (listed === undefined || listed.length === 0) return byDefault;
    return listed.includes(type) ? true : listed.includes(null) ? null : false;
  };
  const rules = (list: Field | undefined, peers: string): readonly PolicyRule[] =>
    fieldsOf(list).map((rule) => ({ ports: portsOf(rule), peers: peersOf(rule.get(peers), mayHide) }));
  return {
    scope: "namespace",
    selector: readSelector(spec?.get("podSelector"), mayHide),
    isolates: mayHide
      ? unknownIsolation
      : { ingress: isolates("Ingress", true), egress: isolates("Egress", egress !== undefined) },
    ingress: rules(spec?.get("ingress"), "from"),
    egress: rules(egress, "to"),
  };
}

function portsOf(rule: Field): readonly Told[] | undefined {
  const ports = rule.get("ports");
  if (ports === undefined || ports.items.length === 0) return undefined;
  return ports.items.map((port) => told(port.get("port")) ?? null);
}

function peersOf(peers: Field | undefined, mayHide: boolean): PolicyRule["peers"] {
  if (peers === undefined || peers.items.length === 0) return mayHide ? null : undefined;
  return peers.items.map((peer): Peer => {
    const pods = peer.get("podSelector");
    const namespaces = peer.get("namespaceSelector");
    const block = peer.get("ipBlock");
    return {
      ...(pods === undefined ? {} : { pods: readSelector(pods, mayHide) }),
      ...(namespaces === undefined ? {} : { namespaces: readSelector(namespaces, mayHide) }),
      ...(block === undefined ? {} : { cidr: told(block.get("cidr")) ?? null }),
    };
  });
}

function ciliumPolicy(manifest: Manifest, mayHide: boolean): PolicySummary {
  const { root, kind } = manifest;
  const scope = kind === "CiliumNetworkPolicy" ? "namespace" : "cluster";
  const spec = root.get("spec");
  const endpoints = spec?.get("endpointSelector");
  // Several specifications in one: which of them selects a pod is left open.
  if (spec === undefined || endpoints === undefined || root.get("specs") !== undefined) return { ...opaque, scope };
  const isolates = (key: "ingress" | "egress"): boolean | null => {
    if (mayHide) return null;
    const isSwitched = spec.at("enableDefaultDeny", key)?.boolean;
    return isSwitched ?? (spec.get(key) !== undefined || spec.get(`${key}Deny`) !== undefined);
  };
  const rules = (key: "ingress" | "egress", names: RegExp): readonly PolicyRule[] =>
    fieldsOf(spec.get(key)).map((rule) => ({
      ports: fieldsOf(rule.get("toPorts")).flatMap((to) =>
        fieldsOf(to.get("ports")).map((p) => told(p.get("port")) ?? null),
      ),
      peers: rule.entries.some(([name]) => names.test(name)) ? null : undefined,
    }));
  return {
    scope,
    selector: withoutSources(readSelector(endpoints, mayHide)),
    isolates: { ingress: isolates("ingress"), egress: isolates("egress") },
    ingress: rules("ingress", /^from/),
    egress: rules("egress", /^to(?!Ports)/),
  };
}

/** Cilium may write a label's source before its name; labels of namespaces and clusters are no pod's. */
function withoutSources({ requirements, isOpen }: Selector): Selector {
  const plain = requirements.map((r): Requirement => ({ ...r, key: r.key.replace(/^(?:k8s|any)[:.](?=[^/])/, "") }));
  const own = plain.filter(({ key }) => !key.startsWith("io.kubernetes.pod.") && !key.startsWith("io.cilium."));
  return { requirements: own, isOpen: isOpen || own.length < plain.length || own.some((r) => r.key.includes(":")) };
}

function calicoPolicy(manifest: Manifest): PolicySummary {
  const { spec, kind } = manifest;
  const types = spec?.get("types")?.items.map((type) => told(type) ?? null);
  const has = (key: string): boolean => spec?.get(key) !== undefined;
  const isolates = (type: string, byDefault: boolean): boolean | null => {
    if (manifest.isPartial) return null;
    if (types === undefined) return byDefault;
    return types.includes(type) ? true : types.includes(null) ? null : false;
  };
  const rules = (key: string, peer: string): readonly PolicyRule[] =>
    fieldsOf(spec?.get(key))
      .filter((rule) => rule.get("action")?.string === "Allow")
      .map((rule) => ({ ports: undefined, peers: (rule.get(peer)?.entries.length ?? 0) > 0 ? null : undefined }));
  const isGlobal = kind === "GlobalNetworkPolicy";
  return {
    scope: isGlobal ? "cluster" : "namespace",
    selector: manifest.isPartial ? anything : readCalicoSelector(spec?.get("selector")),
    ...(isGlobal && has("namespaceSelector") ? { namespaces: anything } : {}),
    isolates: {
      ingress: isolates("Ingress", has("ingress") || !has("egress")),
      egress: isolates("Egress", has("egress")),
    },
    ingress: rules("ingress", "source"),
    egress: rules("egress", "destination"),
  };
}
