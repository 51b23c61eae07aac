import { fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/unsafe-sysctl",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "A pod sets a kernel parameter that is not known to be safe",
  why: `Few kernel parameters belong to one pod alone; the others change the node, or let one pod use up what all share. A pod with
\`kernel.msgmax\` or \`fs.mqueue.*\` raised can fill the node's memory, and a kubelet refuses such a pod unless somebody allowed the
parameter on that node. Names count letter by letter: \`net/ipv4/tcp_syncookies\` is refused.`,
  refs: ["PSS baseline"],
  covers: ["kube-linter:unsafe-sysctls", "trivy:KSV-0026", "kics:9127f0d9", "kyverno:restrict-sysctls"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          securityContext:
            sysctls:
              - name: «kernel.msgmax»
                value: "65536"
              - name: net.ipv4.tcp_syncookies
                value: "1"
          containers:
            - name: web
              image: acme/web:1.2.3
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          securityContext:
            sysctls:
              - name: net.ipv4.tcp_syncookies
                value: "1"
          containers:
            - name: web
              image: acme/web:1.2.3
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { sysctls: [{ name: «net/ipv4/tcp_syncookies», value: "1" }] }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "names are compared literally",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: 1000, sysctls: [{ name: «net.ipv4.tcp_rmem», value: "4096 1 1" }] }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: 1000 }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      config: `
        kubernetes: { podSecurityVersion: "1.31" }
        `,
      note: "allowed from 1.32 on",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext:
            sysctls:
              - { name: kernel.shm_rmid_forced, value: "1" }
              - { name: net.ipv4.ip_unprivileged_port_start, value: "0" }
              - { name: net.ipv4.tcp_rmem, value: "4096 1 1" }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { sysctls: [{ name: {{ .Values.sysctl }}, value: "1" }] }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "a value decides",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { sysctls: [] }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at } of breaches(pod, context, "sysctls")) {
        const message = `${pod.manifest.title} sets ${at.string}, which does not count as safe for the pod's neighbours`;
        report(at, message + ifConditional(at), {
          severity: severityAt("warning", at, pod),
          fix: () => {
            const edits = at.parent?.removeUpTo(pod.spec);
            return fixIn(context.file, `Remove ${at.string}`, "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
