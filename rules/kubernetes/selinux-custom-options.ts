import { fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/selinux-custom-options",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "Containers run under an SELinux label of their own choice",
  why: `On nodes with SELinux the label decides what a container may touch of the node. A type such as \`spc_t\` or \`unconfined_t\`, or
another user or role, lifts that wall: an intruder reads and writes the node's files as far as ordinary rights let him. The
\`level\` alone may be set; leave type, user and role to the runtime.`,
  refs: ["PSS baseline"],
  covers: ["trivy:KSV-0025", "kyverno:disallow-selinux"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: tool
        spec:
          securityContext:
            seLinuxOptions:
              type: «spc_t»
          containers:
            - name: tool
              image: acme/tool:1.2.3
              securityContext:
                seLinuxOptions:
                  level: s0:c123,c456
                  user: «system_u»
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: tool
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              securityContext:
                seLinuxOptions:
                  level: s0:c123,c456
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              securityContext: { seLinuxOptions: { role: «sysadm_r», type: container_t } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              securityContext: { seLinuxOptions: { type: container_t } }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          securityContext: { runAsUser: 1000, seLinuxOptions: { type: «container_engine_t» } }
          containers: [{ name: tool, image: "acme/tool:1.2.3" }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          securityContext: { runAsUser: 1000 }
          containers: [{ name: tool, image: "acme/tool:1.2.3" }]
        `,
      config: `
        kubernetes: { podSecurityVersion: "1.30" }
        `,
      note: "allowed from 1.31 on",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { seLinuxOptions: { level: "s0:c1,c2", user: "", role: "" } }
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { seLinuxOptions: { type: container_init_t } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { seLinuxOptions: { type: container_engine_t } }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { seLinuxOptions: { type: {{ .Values.type }} } }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "a value decides",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at, container } of breaches(pod, context, "seLinuxOptions")) {
        const who = container?.name ?? pod.manifest.title;
        const key = ["type", "user", "role"].find((name) => at.parent?.get(name)?.start === at.start) ?? "type";
        report(at, `${who} runs under the SELinux ${key} ${at.string}${ifConditional(at)}`, {
          severity: severityAt("warning", at, pod),
          fix: () => {
            const edits = at.removeUpTo(container?.field ?? pod.spec);
            return fixIn(context.file, `Remove the SELinux ${key}`, "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
