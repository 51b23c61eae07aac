/** What a chart is for, by its name. */
import { type Context, join } from "../../../engine/index";

/** The name in `Chart.yaml` of the directory; "" where it is not known. */
export const chartName = (directory: string, context: Context): string =>
  context.project.summaries("helm").get(join(directory, "Chart.yaml"))?.name ?? "";

const words = (list: string): RegExp => new RegExp(`(?:^|[-_./])(?:${list})(?:$|[-_./])`, "i");

const gateways = words(
  "ingress|ingresses|gateways?|gw|nginx|traefik|contour|kong|envoy|istio|istio-ingress\\w*|haproxy|emissary|emissary-ingress|ambassador|apisix|skipper|gloo|tyk|krakend|proxy|load-?balancer|lb|edge|router|cloudflared|coturn|turn|wireguard|openvpn|vpn|ext(?:ernal)?-?dns|coredns|bastion|sftp",
);

/** Whether what has the name is there to be reached from outside. */
export const isGateway = (name: string): boolean => gateways.test(hyphened(name));

const agents = words(
  "cilium|calico|flannel|antrea|weave|kube-router|multus|cni|kube-proxy|kube-ovn|(?:node|systemd|windows|smartctl|ipmi|conntrack|conntrack-stats|process|ebpf|dcgm)-?exporter|node-problem-detector|node-local-dns|nodelocaldns|metallb|kube-vip|keepalived|falco|tetragon|datadog|csi|csi-[\\w-]+|[\\w-]+-csi|[\\w-]+-csi-driver|device-plugin|gpu-operator|fluent-?bit|fluentd|promtail|alloy|vector|filebeat|node-?agent|agent|daemonset|ingress-nginx|nginx-ingress|traefik|speaker|hubble|kured|beyla|ebpf|pyroscope-ebpf",
);

/** Whether what has the name serves every node, and so needs more of it than others may. */
export const isNodeAgentName = (name: string): boolean => agents.test(hyphened(name));

/** `nodeExporter` as people write it in the names of charts. */
const hyphened = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2");
