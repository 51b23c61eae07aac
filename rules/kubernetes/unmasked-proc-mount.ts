import { fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, policyOf, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/unmasked-proc-mount",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "A container sees parts of /proc that runtimes hide",
  why: `Runtimes hide or lock the files below \`/proc\` that speak for the whole node. With \`procMount: Unmasked\` an intruder who is root in
the container writes \`/proc/sys/kernel/core_pattern\`, and the node runs his program at the next crash. Only container builders that
run in a user namespace of their own (\`hostUsers: false\`) have a use for it.`,
  refs: ["PSS baseline", "PSS restricted"],
  covers: [
    "kube-linter:unsafe-proc-mount",
    "trivy:KSV-0027",
    "polaris:procMount",
    "kubesec:ProcMount",
    "kics:f922827f",
    "kyverno:disallow-proc-mount",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: builder
        spec:
          containers:
            - name: builder
              image: acme/builder:1.2.3
              securityContext:
                procMount: «Unmasked»
                runAsUser: 1000
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: builder
        spec:
          containers:
            - name: builder
              image: acme/builder:1.2.3
              securityContext:
                runAsUser: 1000
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: builder }
        spec:
          hostUsers: false
          containers: [{ name: builder, image: "acme/builder:1.2.3", securityContext: { procMount: «Unmasked» } }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: builder }
        spec:
          hostUsers: false
          containers: [{ name: builder, image: "acme/builder:1.2.3" }]
        `,
      severity: "info",
      note: "in a user namespace of its own",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: builder }
        spec:
          hostUsers: false
          containers: [{ name: builder, image: "acme/builder:1.2.3", securityContext: { procMount: «Unmasked» } }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: builder }
        spec:
          hostUsers: false
          containers: [{ name: builder, image: "acme/builder:1.2.3" }]
        `,
      config: `
        kubernetes: { podSecurityVersion: "1.34" }
        `,
      note: "by a policy that does not know of user namespaces",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: a, image: "acme/web:1.2.3", securityContext: { procMount: Default } }
            - { name: b, image: "acme/web:1.2.3", securityContext: { procMount: null } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: a
              image: acme/web:1.2.3
              securityContext: { procMount: {{ .Values.procMount }} }
        `,
      note: "a value decides",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: a, image: "acme/web:1.2.3", volumeMounts: [{ name: proc, mountPath: /proc }] }]
        `,
      note: "a volume at the place is another matter",
    },
  ],
  check: {
    pod(pod, report, context) {
      const isMapped = pod.spec.get("hostUsers")?.boolean === false && policyOf(pod, context) >= 35;
      for (const { at, container } of breaches(pod, context, "procMount", "procMount_restricted")) {
        const who = container?.name ?? `Every container of ${pod.manifest.title}`;
        report(at, `${who} sees and can change what /proc says of the node${ifConditional(at)}`, {
          severity: severityAt(isMapped ? "info" : "warning", at, pod),
          fix: () => {
            const edits = at.removeUpTo(container?.field ?? pod.spec);
            return fixIn(context.file, "Remove procMount", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
