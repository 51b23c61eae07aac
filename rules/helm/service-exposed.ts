import { type Field, fixIn, rule } from "../../engine/index";
import { chartName, isGateway } from "../shared/helm/charts";
import { severityWhereOn } from "../shared/helm/severity";

/** Clouds' words for a load balancer of the private network. */
const internal = /internal|private|intranet|load-balancer-type|load-balancer-scheme|loadbalancer-address-type/i;

/** Whether only some may connect, or only from inside. */
function isLimited(service: Field, how: string): boolean {
  if (how !== "LoadBalancer") return false;
  if ((service.get("loadBalancerSourceRanges")?.items.length ?? 0) > 0) return true;
  if (service.get("loadBalancerClass")?.string) return true;
  return (service.get("annotations")?.entries ?? []).some(([name]) => internal.test(name));
}

export default rule({
  id: "helm/service-exposed",
  kind: "helm",
  severity: "info",
  principle: "exposure",
  summary: "A chart's Service is reached from outside of the cluster by default",
  why: `With \`LoadBalancer\` the cloud gives the Service a public address as soon as the chart is installed, and with \`NodePort\` every
node answers for it, past any ingress with its certificates and logins. Scanners find both within hours. Ship \`ClusterIP\`, and let
those who need more set it.`,
  refs: ["CWE-668", "CWE-1188"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        service:
          type: «LoadBalancer»
          port: 80
        metrics: { service: { type: «NodePort», port: 9090 } }
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        service:
          type: ClusterIP
          port: 80
        metrics: { service: { type: ClusterIP, port: 9090 } }
        `,
    },
    {
      good: `
        service: { type: ClusterIP, port: 80 }
        api:
          service:
            type: LoadBalancer
            loadBalancerSourceRanges: [10.0.0.0/8]
        web:
          service:
            type: LoadBalancer
            annotations: { service.beta.kubernetes.io/aws-load-balancer-internal: "true" }
        db: { service: { enabled: false, type: NodePort } }
        gateway: { service: { type: LoadBalancer } }
        strategy: { type: NodePort }
        -- Chart.yaml --
        name: shop
        `,
      note: "inside, limited, off, a gateway, no Service",
    },
    {
      good: `
        controller: { service: { type: LoadBalancer } }
        -- Chart.yaml --
        name: ingress-nginx
        `,
      note: "what a gateway is for",
    },
    { good: "service: { type: NodePort }", note: "the values of no chart" },
  ],
  check: {
    setting(setting, report, context) {
      const { name, field, around, above, values } = setting;
      const how = field.string;
      if (name !== "type" || (how !== "NodePort" && how !== "LoadBalancer") || values.role === "trial") return;
      if (!/^service$|Service$/.test(above.at(-1) ?? "") || setting.isOff || isLimited(around, how)) return;
      if ([chartName(values.directory, context), ...above].some(isGateway)) return;
      report(field, `${setting.title}: whoever installs the chart opens it to the outside of the cluster`, {
        severity: severityWhereOn("info", setting),
        fix: () => {
          const edits = field.replace("ClusterIP");
          return fixIn(context.file, "Set type to ClusterIP", "unsafe", [edits && { edits }]);
        },
      });
    },
  },
});
