import { type Context, type Manifest, type Severity, fixIn, rule } from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { closed, exposureOf, isAtEdge, servicePorts } from "../shared/kubernetes/exposure";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { lowered } from "../shared/kubernetes/weight";

/** Classes of Ingress whose load balancers reach pods through the nodes' ports. */
const throughNodes = /^(?:alb|gce|gce-internal|azure-application-gateway)$/;

/** A load balancer of the cloud that an Ingress asks for needs the port. */
function servesLoadBalancer(manifest: Manifest, context: Context): boolean {
  const unit = unitOf(context);
  const service = unit?.object(manifest);
  if (unit === undefined || service === undefined) return false;
  const routes = unit.routesTo(service);
  return [...routes.sure, ...routes.possible].some(({ summary }) => throughNodes.test(summary.route?.className ?? ""));
}

export default rule({
  id: "kubernetes/node-port-service",
  kind: "kubernetes",
  severity: "warning",
  principle: "exposure",
  summary: "A Service opens a port on every node",
  why: `A node port is open on every address that every node has, past the Ingress with its TLS and its logins. Where one node
has a public address, or a neighbour in the network was broken into, the program behind it is there for the asking on a port that
scanners try. Let an Ingress or a Gateway lead to a Service of type ClusterIP.`,
  refs: ["NSA net", "CWE-668"],
  covers: [
    "kube-linter:exposed-services",
    "kube-score:service-type",
    "kics:845acfbe",
    "kyverno:restrict-node-port",
    "kubescape:C-0256",
  ],
  fix: "unsafe",
  yieldsTo: ["kubernetes/database-exposed", "kubernetes/admin-interface-exposed"],
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          type: «NodePort»  # for the demo
          externalTrafficPolicy: Local
          selector:
            app: web
          ports:
            - port: 80
              targetPort: 8080
              nodePort: 30080
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          type: ClusterIP  # for the demo
          selector:
            app: web
          ports:
            - port: 80
              targetPort: 8080
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { type: «"NodePort"», selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }] }
        `,
      fixed: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { type: "ClusterIP", selector: { app: web }, ports: [{ port: 80 }] }
        `,
      note: "an item of a list",
    },
    {
      bad: `
        { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web" },
          "spec": { "type": «"NodePort"», "ports": [ { "port": 80 } ] } }
        `,
      fixed: `
        { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web" },
          "spec": { "type": "ClusterIP", "ports": [ { "port": 80 } ] } }
        `,
      file: "k8s/web.json",
      note: "JSON",
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          type: LoadBalancer
          loadBalancerSourceRanges: [203.0.113.0/24]
          ports:
            - port: 80
              nodePort: «30080»
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          type: LoadBalancer
          loadBalancerSourceRanges: [203.0.113.0/24]
          ports:
            - port: 80
        `,
      severity: "info",
      note: "the nodes' ports of a load balancer, in the strict preset",
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          type: «NodePort»
          selector: { app: web }
          ports: [{ port: 80 }]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          ingressClassName: alb
          tls: [{ hosts: [web.acme.io], secretName: web-tls }]
          rules:
            - host: web.acme.io
              http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          type: ClusterIP
          selector: { app: web }
          ports: [{ port: 80 }]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          ingressClassName: alb
          tls: [{ hosts: [web.acme.io], secretName: web-tls }]
          rules:
            - host: web.acme.io
              http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
        `,
      severity: "info",
      note: "a load balancer of the cloud may need it",
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}-web
        spec:
          {{- if .Values.debug }}
          type: «NodePort»
          {{- end }}
          ports:
            - port: 80
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}-web
        spec:
          {{- if .Values.debug }}
          type: ClusterIP
          {{- end }}
          ports:
            - port: 80
        `,
      file: "chart/templates/web.yaml",
      severity: "info",
      note: "in a branch of a template",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { ports: [{ port: 80, targetPort: http }], selector: { app: web } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: mail }
        spec: { type: ClusterIP, ports: [{ port: 25 }] }
        `,
      note: "inside of the cluster",
    },
    {
      good: `
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: { name: web }
        spec:
          type: NodePort
          template: { spec: { containers: [{ image: "acme/web:1.2.3" }] } }
        `,
      note: "a Service of Knative",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          type: {{ .Values.service.type | default "NodePort" }}
          ports:
            - port: 80
              nodePort: {{ .Values.nodePort }}
        `,
      note: "a value decides",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          type: LoadBalancer
          allocateLoadBalancerNodePorts: false
          loadBalancerSourceRanges: [203.0.113.0/24]
          ports: [{ port: 80, nodePort: 0 }]
        `,
      note: "no ports on the nodes",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const exposure = exposureOf(manifest);
      if (exposure === undefined) return;
      const { at, how } = exposure;
      if (how === "NodePort") {
        const severity: Severity =
          isAtEdge(manifest, context) || servesLoadBalancer(manifest, context) ? "info" : "warning";
        report(at, `${manifest.title} is open on every node${ifConditional(at)}`, {
          severity: lowered(severity, at),
          fix: () => closed(manifest, context),
        });
        return;
      }
      if (manifest.spec?.get("allocateLoadBalancerNodePorts")?.boolean === false) return;
      for (const port of servicePorts(manifest).flatMap((p) => p.get("nodePort") ?? [])) {
        if (!port.number) continue;
        report(port, `${manifest.title} is open on port ${port.number} of every node, beside its load balancer`, {
          severity: "info",
          preset: "strict",
          fix: () => {
            const edits = port.remove();
            return fixIn(context.file, "Remove nodePort", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
