import { choice, type Context, type Fix, fixIn, type Manifest, rule } from "../../engine/index";
import { closed, exposureOf, isAtEdge, reachOf, sourcesOf } from "../shared/kubernetes/exposure";
import { mayHideMore } from "../shared/kubernetes/openness";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { lowered } from "../shared/kubernetes/weight";

function fixesOf(manifest: Manifest, context: Context): readonly Fix[] {
  const edits = manifest.spec?.set(["loadBalancerSourceRanges"], [choice(1, "203.0.113.0/24")], {
    after: "type",
    snippet: true,
  });
  const limited = fixIn(context.file, "Limit who may connect", "guided", [edits && { edits }]);
  return [limited, closed(manifest, context)].filter((fix) => fix !== undefined);
}

export default rule({
  id: "kubernetes/load-balancer-open",
  kind: "kubernetes",
  severity: "warning",
  principle: "exposure",
  summary: "A load balancer that lets every address connect",
  why: `A Service of type LoadBalancer gets a public address at most clouds, and everybody on the internet may connect to what
is behind it. A tool that was meant for the office is found by scanners within hours. Name the ranges that may connect, make the
load balancer an internal one, or let an Ingress with TLS lead to a Service of type ClusterIP.`,
  refs: ["NSA net", "CWE-668"],
  covers: ["kube-linter:exposed-services", "kics:26763a1c", "kyverno:restrict-loadbalancer", "kubescape:C-0256"],
  fix: "unsafe",
  yieldsTo: ["kubernetes/database-exposed", "kubernetes/admin-interface-exposed"],
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata:
          name: shop
        spec:
          type: «LoadBalancer»
          selector:
            app: shop
          ports:
            - port: 80
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata:
          name: shop
        spec:
          type: LoadBalancer
          loadBalancerSourceRanges:
            - 203.0.113.0/24
          selector:
            app: shop
          ports:
            - port: 80
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: shop }
        spec:
          type: LoadBalancer
          loadBalancerSourceRanges: [198.51.100.0/24, «0.0.0.0/0»]
          ports: [{ port: 443 }]
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: shop }
        spec:
          type: LoadBalancer
          loadBalancerSourceRanges: [198.51.100.0/24]
          ports: [{ port: 443 }]
        `,
      note: "a range that everybody is in",
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { type: «LoadBalancer», selector: { app: web }, ports: [{ port: 443, targetPort: https }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec:
              containers: [{ name: main, image: "registry.k8s.io/ingress-nginx/controller:v1.13.3" }]
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24], selector: { app: web }, ports: [{ port: 443, targetPort: https }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec:
              containers: [{ name: main, image: "registry.k8s.io/ingress-nginx/controller:v1.13.3" }]
        `,
      severity: "info",
      note: "a controller is there to be reached",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: shop }
        spec:
          type: LoadBalancer
          loadBalancerSourceRanges: [198.51.100.0/24]
          ports: [{ port: 443 }]
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: tool, annotations: { service.beta.kubernetes.io/azure-load-balancer-internal: "true" } }
        spec: { type: LoadBalancer, ports: [{ port: 443 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: other, annotations: { networking.gke.io/load-balancer-type: Internal } }
        spec: { type: LoadBalancer, ports: [{ port: 443 }] }
        `,
      note: "named ranges, internal ones",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: a, annotations: { service.beta.kubernetes.io/aws-load-balancer-type: external } }
        spec: { type: LoadBalancer, ports: [{ port: 443 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: b, annotations: { metallb.io/address-pool: office } }
        spec: { type: LoadBalancer, ports: [{ port: 443 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: c }
        spec: { type: LoadBalancer, loadBalancerClass: tailscale, ports: [{ port: 443 }] }
        `,
      note: "private by default at that controller; pools and classes that nobody knows",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
          annotations: {{- toYaml .Values.annotations | nindent 4 }}
        spec:
          type: LoadBalancer
          ports: [{ port: 443 }]
        `,
      file: "chart/templates/service.yaml",
      note: "a template: values may say it",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: shop }
        spec: { type: LoadBalancer }
        `,
      file: "overlays/prod/service.patch.yaml",
      note: "a patch: the base may say it",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const exposure = exposureOf(manifest);
      if (exposure?.how !== "LoadBalancer" || reachOf(manifest) !== "public") return;
      const { open, isLimited } = sourcesOf(manifest);
      const severity = isAtEdge(manifest, context) ? "info" : "warning";
      const { at } = exposure;
      for (const range of open) {
        report(range, `${manifest.title} lets every address connect${ifConditional(range)}`, {
          severity: lowered(severity, range),
          fix: () => {
            const edits = range.parent?.items.length === 1 ? undefined : range.remove();
            return fixIn(context.file, `Remove ${range.string}`, "unsafe", [edits && { edits }]);
          },
        });
      }
      if (open.length > 0 || isLimited || mayHideMore(manifest)) return;
      report(at, `${manifest.title} lets every address connect: it names no source ranges`, {
        severity: lowered(severity, at),
        fix: () => fixesOf(manifest, context),
      });
    },
  },
});
