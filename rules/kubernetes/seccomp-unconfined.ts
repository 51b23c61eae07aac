import { type Context, type Field, type Fix, fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { joined } from "../shared/kubernetes/security-context";

function confine(at: Field, { file }: Context): Fix | undefined {
  const isAnnotation = at.key !== undefined && at.parent?.get("type")?.start !== at.start;
  if (isAnnotation) return fixIn(file, "Set runtime/default", "unsafe", [at.within(at.replace("runtime/default"))]);
  const leftOver = at.parent?.get("localhostProfile");
  const edits = joined([at.replace("RuntimeDefault"), ...(leftOver === undefined ? [] : [leftOver.remove()])]);
  return fixIn(file, "Set RuntimeDefault", "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/seccomp-unconfined",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "Containers may use every system call",
  why: `The runtime's profile refuses some fifty system calls that programs in containers do not use, such as loading kernel modules or
moving into another namespace. Most ways out of a container begin with one of them: an unconfined one lets an intruder try
every fault of the kernel. Set \`RuntimeDefault\`; where a program needs one call more, write a \`Localhost\` profile.`,
  refs: ["PSS baseline", "PSS restricted", "CIS 5.6.2"],
  covers: ["checkov:CKV_K8S_31", "trivy:KSV-0104", "kubesec:SeccompUnconfined", "kyverno:restrict-seccomp"],
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
            seccompProfile:
              type: «Unconfined»
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { seccompProfile: { type: «runtime/default», localhostProfile: web.json } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          securityContext:
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { seccompProfile: { type: RuntimeDefault } }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            seccomp.security.alpha.kubernetes.io/pod: «unconfined»
            container.seccomp.security.alpha.kubernetes.io/web: runtime/default
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            seccomp.security.alpha.kubernetes.io/pod: runtime/default
            container.seccomp.security.alpha.kubernetes.io/web: runtime/default
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
        `,
      config: `
        kubernetes: { podSecurityVersion: "1.18" }
        `,
      note: "annotations, before there were fields",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations: { seccomp.security.alpha.kubernetes.io/pod: unconfined }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { seccompProfile: { type: Localhost, localhostProfile: web.json } }
        `,
      note: "no cluster of today reads the annotation",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { seccompProfile: { type: {{ .Values.profile }} } }
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
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "nothing said is another rule's matter",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const breach of breaches(pod, context, "seccompProfile_baseline", "seccompProfile_restricted")) {
        const { at, container, isMissing } = breach;
        if (isMissing) continue;
        const who = container?.name ?? pod.manifest.title;
        const message =
          at.string?.toLowerCase() === "unconfined"
            ? `${who} may use every system call of the kernel`
            : `${at.string} is no seccomp profile: ${who} is refused, or runs without one`;
        report(at, message + ifConditional(at), {
          severity: severityAt("warning", at, pod),
          fix: () => confine(at, context),
        });
      }
    },
  },
});
