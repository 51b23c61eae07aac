import { choice, type Context, type Field, type Fix, fixIn, type Pod, rule, type Severity } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { joined, someUser } from "../shared/kubernetes/security-context";

/** Every container that the setting is for runs as somebody else in the end. */
const isOverridden = (at: Field, containers: Pod["containers"]): boolean =>
  containers.length > 0 &&
  containers.every((c) => {
    const user = c.effective("runAsUser");
    if (user !== undefined) return (user.number ?? 0) > 0;
    const flag = c.effective("runAsNonRoot");
    return flag?.start !== at.start && flag?.boolean === true;
  });

function changeUser(at: Field, { file }: Context): Fix | undefined {
  const beside = at.parent?.get("runAsNonRoot");
  const flag = beside?.boolean === false ? [beside.replace(true)] : [];
  const edits = joined([at.rewrite(choice(1, String(someUser))), ...flag]);
  return fixIn(file, "Run as another user", "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/root-user",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "Containers run as root by order of the manifest",
  why: `Root in a container is root on the node as soon as one wall gives way: a fault in the runtime or kernel, a mounted folder of the node. An
intruder who is root also changes the program's own files and installs tools. Run as a number above 0, and let
\`runAsNonRoot: true\` make sure of it; give the program's folders to that user in its image, or through \`fsGroup\`.`,
  refs: ["PSS restricted", "CIS 5.2.7", "NSA pod", "CWE-250"],
  covers: [
    "kube-linter:run-as-non-root",
    "checkov:CKV_K8S_23",
    "trivy:KSV-0012",
    "trivy:KSV-0105",
    "kubescape:C-0013",
    "kube-score:container-security-context-user-group-id",
    "polaris:runAsRootAllowed",
    "kubesec:RunAsUser",
    "kics:cf34805e",
    "kyverno:require-run-as-non-root-user",
  ],
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
            runAsNonRoot: true
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext:
                runAsNonRoot: «false»
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          securityContext:
            runAsNonRoot: true
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext:
                runAsNonRoot: true
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: «0», runAsNonRoot: false }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: 10001, runAsNonRoot: true }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "both say the same",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: «0» }
          initContainers:
            - { name: prepare, image: "acme/web:1.2.3", securityContext: { runAsUser: 1000 } }
          containers:
            - { name: web, image: "acme/web:1.2.3", securityContext: { runAsUser: 1000 } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: 10001 }
          initContainers:
            - { name: prepare, image: "acme/web:1.2.3", securityContext: { runAsUser: 1000 } }
          containers:
            - { name: web, image: "acme/web:1.2.3", securityContext: { runAsUser: 1000 } }
        `,
      severity: "info",
      note: "every container says otherwise; admission refuses the pod all the same",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsNonRoot: «false» }
          containers: [{ name: web, image: "acme/web:1.2.3", securityContext: { runAsNonRoot: true } }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsNonRoot: true }
          containers: [{ name: web, image: "acme/web:1.2.3", securityContext: { runAsNonRoot: true } }]
        `,
      severity: "info",
      note: "tricky case 2",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: 1000, runAsNonRoot: true, fsGroup: 0 }
          containers:
            - { name: a, image: "acme/web:1.2.3", securityContext: { runAsUser: 65532 } }
            - { name: b, image: "acme/web:1.2.3", securityContext: { runAsUser: null } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          hostUsers: false
          securityContext: { runAsUser: 0 }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "root of a user namespace is nobody on the node",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: {{ .Values.user }} }
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
      const { isExact } = context.kubernetes;
      for (const { at, container, isMissing } of breaches(pod, context, "runAsUser", "runAsNonRoot")) {
        if (isMissing) continue;
        const isFlag = at.parent?.get("runAsNonRoot")?.start === at.start;
        if (isFlag && !isExact && at.parent?.get("runAsUser")?.number === 0) continue;
        const isQuiet = isOverridden(at, container === undefined ? pod.containers : [container]);
        const severity: Severity = isQuiet ? "info" : "warning";
        const who = container?.name ?? pod.manifest.title;
        const message = isFlag ? `${who} is allowed to run as root` : `${who} runs as root`;
        const all = isQuiet && container === undefined ? ", though every container says otherwise" : "";
        report(at, message + all + ifConditional(at), {
          severity: severityAt(severity, at, pod),
          fix: () => {
            if (!isFlag) return changeUser(at, context);
            const edits = at.replace(true);
            return fixIn(context.file, "Set runAsNonRoot: true", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
