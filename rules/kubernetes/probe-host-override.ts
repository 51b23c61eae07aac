import { fixIn, type Pod, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

/** A static pod of the control plane, which is asked at its node's own address. */
const isOfControlPlane = ({ manifest }: Pod): boolean =>
  manifest.namespace === "kube-system" && manifest.label("tier")?.string === "control-plane";

export default rule({
  id: "kubernetes/probe-host-override",
  kind: "kubernetes",
  severity: "warning",
  principle: "exposure",
  summary: "A probe or hook makes the kubelet call another host",
  why: `The kubelet runs probes and hooks from the node, past every NetworkPolicy. With a \`host\` of one's own, whoever may create a pod lets
it call addresses that the pod itself cannot reach (the cloud's metadata service, admin ports on the node's loopback), and learns from
the probe's result what is there. Without \`host\` the pod itself is asked, which is what a probe is for; the \`Host\` header of a
request goes into \`httpHeaders\`.`,
  refs: ["PSS baseline", "CWE-918"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              readinessProbe:
                httpGet:
                  host: «169.254.169.254»
                  path: /ready
                  port: 8080
              lifecycle:
                preStop: { tcpSocket: { host: «localhost», port: 8080 } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              readinessProbe:
                httpGet:
                  path: /ready
                  port: 8080
              lifecycle:
                preStop: { tcpSocket: { port: 8080 } }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: scheduler }
        spec:
          hostNetwork: true
          containers:
            - name: scheduler
              image: acme/scheduler:1.2.3
              livenessProbe: { httpGet: { host: «127.0.0.1», path: /healthz, port: 10259 } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: scheduler }
        spec:
          hostNetwork: true
          containers:
            - name: scheduler
              image: acme/scheduler:1.2.3
              livenessProbe: { httpGet: { path: /healthz, port: 10259 } }
        `,
      severity: "info",
      note: "on the node's network it is the pod itself",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              livenessProbe: { httpGet: { host: "", path: /healthz, port: 8080 } }
              readinessProbe: { exec: { command: [check, --host, other] } }
              startupProbe: { grpc: { port: 9090 } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              livenessProbe:
                httpGet: { path: /healthz, port: 8080, httpHeaders: [{ name: Host, value: shop.example }] }
        `,
      note: "a header",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              livenessProbe: { httpGet: { host: 10.0.0.1, port: 8080 } }
        `,
      config: `
        kubernetes: { podSecurityVersion: "1.33" }
        `,
      note: "no control before 1.34",
    },
  ],
  check: {
    pod(pod, report, context) {
      const isOnHost = pod.spec.get("hostNetwork")?.boolean === true;
      for (const { at, container } of breaches(pod, context, "hostProbesAndHostLifecycle")) {
        if (container === undefined) continue;
        const isLocal = /^(?:127\.0\.0\.1|localhost|::1)$/.test(at.string ?? "");
        const isItself = isOnHost && (isLocal || isOfControlPlane(pod));
        const message = `The kubelet calls ${at.string} for ${container.name}, not the pod itself`;
        report(at, message + ifConditional(at), {
          severity: isItself && !context.kubernetes.isExact ? "info" : severityAt("warning", at, pod),
          fix: () => {
            const edits = at.remove();
            return fixIn(context.file, "Remove host", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
