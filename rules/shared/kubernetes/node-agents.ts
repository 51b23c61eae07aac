/** Programs that run on every node, to give it a network or to watch it. */
import type { Pod } from "../../../engine/index";

/** General knowledge, 2026-08. */
const agents = new RegExp(
  `(?:^|[/_.-])(?:${[
    "cilium",
    "calico",
    "flannel",
    "weave-(?:kube|npc)",
    "kube-router",
    "antrea",
    "multus-cni",
    "amazon-k8s-cni",
    "aws-network-policy-agent",
    "azure-cni",
    "kube-ovn",
    "ovn-kubernetes",
    "kindnetd?",
    "kube-proxy",
    "k8s-dns-node-cache",
    "konnectivity",
    "node-exporter",
    "node-problem-detector",
    "npd",
    "ingress-nginx",
    "nginx-ingress",
    "nginx-ingress-controller",
    "haproxy-ingress",
    "kubernetes-ingress",
    "traefik",
    "contour",
    "metallb",
    "kube-vip",
    "keepalived",
    "falco",
    "tetragon",
    "datadog",
    "sysdig",
    "newrelic",
    "newrelic-infra(?:structure)?",
    "cadvisor",
    "csi-node-driver-registrar",
  ].join("|")})(?:$|[/_.-])`,
);

/** A DaemonSet of the system, or of an image that is known to serve the node. */
export function isNodeAgent(pod: Pod): boolean {
  if (pod.manifest.kind !== "DaemonSet") return false;
  if (pod.manifest.namespace === "kube-system") return true;
  return pod.containers.some(({ reference }) => reference !== undefined && agents.test(reference.repository));
}
