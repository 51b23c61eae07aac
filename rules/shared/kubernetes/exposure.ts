/** Services that are reached from outside of the cluster. */
import {
  type Context,
  type Edit,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  parseReference,
  type UnitObject,
  type UnitPod,
} from "../../../engine/index";
import { type ServiceImage, serviceImage } from "../images/services";
import { unitOf } from "./deployed";
import { hidesAnnotations } from "./openness";
import { joined } from "./security-context";

/** A Service of Kubernetes itself: Knative has a kind of that name as well. */
export const isService = (manifest: Manifest): boolean => manifest.is("Service", "");

export interface Exposure {
  readonly how: "NodePort" | "LoadBalancer";
  /** The value of `type`. */
  readonly at: Field;
}

/** Undefined where it is reached from inside only, or a template decides. */
export function exposureOf(manifest: Manifest): Exposure | undefined {
  const at = isService(manifest) ? manifest.spec?.get("type") : undefined;
  const how = at?.string;
  return at !== undefined && (how === "NodePort" || how === "LoadBalancer") ? { how, at } : undefined;
}

export const servicePorts = (manifest: Manifest): readonly Field[] => manifest.spec?.get("ports")?.items ?? [];

/** What clouds and controllers read as: for the private network only (their manuals, 2026-08). */
const internal: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^service\.beta\.kubernetes\.io\/(?:aws|azure|oci|cce|openstack|brightbox)-load-balancer-internal$/, /^(?!false$)/],
  [/^service\.beta\.kubernetes\.io\/openstack-internal-load-balancer$/, /^true$/],
  [/^service\.beta\.kubernetes\.io\/aws-load-balancer-scheme$/, /^internal$/],
  [/^(?:networking\.gke\.io|cloud\.google\.com)\/load-balancer-type$/i, /^internal$/i],
  [/^oci(?:-network-load-balancer)?\.oraclecloud\.com\/internal$/, /^true$/],
  [/^service\.beta\.kubernetes\.io\/(?:alibaba-cloud|alicloud)-loadbalancer-address-type$/, /^intranet$/],
  [/^service\.kubernetes\.io\/qcloud-loadbalancer-internal-subnetid$/, /./],
  [/^service\.kubernetes\.io\/ibm-load-balancer-cloud-provider-ip-type$/, /^private$/],
  [/^load-balancer\.hetzner\.cloud\/disable-public-network$/, /^true$/],
  [/^service\.beta\.kubernetes\.io\/vultr-loadbalancer-vpc-only$/, /^true$/],
];
/** By them addresses come from a pool of the operators', or others limit who connects: nobody can tell from here. */
const decidedElsewhere =
  /^(?:metallb\.(?:universe\.tf|io)\/|io\.cilium\/|lbipam\.cilium\.io\/|kube-vip\.io\/|purelb\.io\/|tailscale\.com\/|loxilb\.io\/)|(?:security-groups|allowed-service-tags|allowed-ip-ranges|source-ranges|firewall|private-link|pls-create|acl)/;

/** `private`: not to be reached from the internet. `unknown`: something beside the manifest decides that. */
export function reachOf(manifest: Manifest): "public" | "private" | "unknown" {
  const { annotations, spec } = manifest;
  const valueOf = (name: string): string | undefined => manifest.annotation(name)?.string;
  const isInternal = annotations.some(([name, value]) =>
    internal.some(([n, v]) => n.test(name) && (value.string === undefined || v.test(value.string))),
  );
  if (isInternal) return "private";
  if (hidesAnnotations(manifest) || annotations.some(([name]) => decidedElsewhere.test(name))) return "unknown";
  // The controller of AWS makes what it makes private unless told otherwise.
  const scheme = valueOf("service.beta.kubernetes.io/aws-load-balancer-scheme");
  const byController = /^(?:external|nlb-ip)$/.test(valueOf("service.beta.kubernetes.io/aws-load-balancer-type") ?? "");
  const ownClass = spec?.get("loadBalancerClass")?.string;
  if (scheme === "internet-facing") return "public";
  if (byController || ownClass === "service.k8s.aws/nlb") return "private";
  if (spec?.get("loadBalancerClass") !== undefined || spec?.get("loadBalancerIP") !== undefined) return "unknown";
  return "public";
}

const everyAddress = /^(?:0\.0\.0\.0|::)\/0$/;
export const isEveryAddress = (range: string | undefined): boolean => everyAddress.test(range ?? "");

export interface Sources {
  /** Ranges that everybody is in. */
  readonly open: readonly Field[];
  /** Somebody is kept out, or nobody knows. */
  readonly isLimited: boolean;
}

/** Whom a load balancer lets in. */
export function sourcesOf(manifest: Manifest): Sources {
  const ranges = manifest.spec?.get("loadBalancerSourceRanges");
  const open = (ranges?.items ?? []).filter((r) => isEveryAddress(r.string));
  const isSaid = ranges !== undefined && (ranges.items.length > 0 || ranges.isOpen);
  return { open, isLimited: isSaid && open.length === 0 };
}

/** The object of a manifest as it is deployed. */
export const objectOf = (manifest: Manifest, context: Context): UnitObject | undefined =>
  unitOf(context)?.object(manifest);

/** The pods that a Service surely sends to; undefined where they cannot be told. */
export function podsBehind(manifest: Manifest, context: Context): readonly UnitPod[] | undefined {
  const unit = unitOf(context);
  const service = unit?.object(manifest);
  if (unit === undefined || service === undefined) return undefined;
  const found = unit.podsBehind(service);
  return found.sure.length > 0 ? found.sure : undefined;
}

/** The images of the pods' containers that stay, as far as they are known. */
export const imagesOf = (pods: readonly UnitPod[]): readonly string[] =>
  pods.flatMap((pod) =>
    pod.summary.containers.flatMap((c) => (c.role === "container" && typeof c.image === "string" ? [c.image] : [])),
  );

/** What is made to stand at the edge. */
const edge =
  /(?:^|[/_.-])(?:ingress[^\W_]*|gateway[^\W_]*|gw|traefik|nginx|haproxy|envoy|kong|contour|ambassador|emissary|caddy|apisix|tyk|istio-proxyv2|proxyv2|edge)(?:$|[/_.:@-])/i;

/** Whether it leads to a controller or gateway, which is there to be reached. */
export function isAtEdge(manifest: Manifest, context: Context): boolean {
  const names = [manifest.name ?? "", ...imagesOf(podsBehind(manifest, context) ?? [])];
  return names.some((name) => edge.test(name));
}

/** The servers that the tables of images know among them. */
export const serversIn = (pods: readonly UnitPod[]): readonly ServiceImage[] =>
  imagesOf(pods).flatMap((image) => {
    const reference = parseReference(image);
    return (reference && serviceImage(reference)) ?? [];
  });

/** The number that a Service's port leads to in the pods behind it. */
export function targetNumber(port: Field, pods: readonly UnitPod[]): number | undefined {
  const target = port.get("targetPort");
  if (target === undefined) return port.get("port")?.number;
  if (target.number !== undefined) return target.number;
  const named = pods
    .flatMap((p) => p.summary.containers.flatMap((c) => c.ports))
    .filter((p) => p.name === target.string);
  return named[0]?.number ?? undefined;
}

/** Keys that the API server refuses in a Service which is reached from inside only. */
const outsideKeys = [
  "externalTrafficPolicy",
  "healthCheckNodePort",
  "allocateLoadBalancerNodePorts",
  "loadBalancerClass",
  "loadBalancerIP",
  "loadBalancerSourceRanges",
];

/** Leaves the Service to the pods of the cluster. */
export function closed(manifest: Manifest, context: Context): Fix | undefined {
  const { spec } = manifest;
  const type = spec?.get("type");
  if (spec === undefined || type === undefined) return undefined;
  const gone = [
    ...outsideKeys.flatMap((key) => spec.get(key) ?? []),
    ...servicePorts(manifest).flatMap((port) => port.get("nodePort") ?? []),
  ];
  const edits: readonly Edit[] | undefined = joined([
    type.replace("ClusterIP"),
    ...gone.map((field) => field.remove()),
  ]);
  return edits && fixIn(context.file, "Set type to ClusterIP", "unsafe", [{ edits }]);
}
