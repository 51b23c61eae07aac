import { type Context, type Field, type Fix, fixIn, type Pod, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { joined } from "../shared/kubernetes/security-context";

const prefix = "container.apparmor.security.beta.kubernetes.io/";

/** The container that an annotation speaks of; undefined for the fields of today. */
function annotatedContainer(at: Field, pod: Pod): string | undefined {
  const entries = pod.metadata?.get("annotations")?.entries ?? [];
  const name = entries.find(([, value]) => value.start === at.start)?.[0];
  return name?.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

function confine(at: Field, annotated: string | undefined, { file }: Context): Fix | undefined {
  if (annotated !== undefined)
    return fixIn(file, "Set runtime/default", "unsafe", [at.within(at.replace("runtime/default"))]);
  const leftOver = at.parent?.get("localhostProfile");
  const edits = joined([at.replace("RuntimeDefault"), ...(leftOver === undefined ? [] : [leftOver.remove()])]);
  return fixIn(file, "Set RuntimeDefault", "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/apparmor-unconfined",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "AppArmor is switched off for containers",
  why: `On nodes with AppArmor, a container that says nothing gets the runtime's profile: it may not mount file systems, nor write the parts
of \`/proc\` and \`/sys\` that reach the node. \`Unconfined\` takes that away, and a container that runs as root has one wall fewer between an
intruder and the node. Set \`RuntimeDefault\`, or a \`Localhost\` profile that allows what the program needs.`,
  refs: ["PSS baseline"],
  covers: ["trivy:KSV-0002", "kubesec:ApparmorUnconfined", "kics:8b36775e", "kyverno:restrict-apparmor-profiles"],
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
            appArmorProfile:
              type: «Unconfined»
              localhostProfile: web
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { appArmorProfile: { type: «runtime/default» } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          securityContext:
            appArmorProfile:
              type: RuntimeDefault
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { appArmorProfile: { type: RuntimeDefault } }
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
        spec:
          template:
            metadata:
              annotations:
                container.apparmor.security.beta.kubernetes.io/agent: «unconfined»
                container.apparmor.security.beta.kubernetes.io/other: localhost/acme
            spec:
              containers:
                - name: agent
                  image: acme/agent:1.2.3
        `,
      fixed: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
        spec:
          template:
            metadata:
              annotations:
                container.apparmor.security.beta.kubernetes.io/agent: runtime/default
                container.apparmor.security.beta.kubernetes.io/other: localhost/acme
            spec:
              containers:
                - name: agent
                  image: acme/agent:1.2.3
        `,
      note: "annotations still count",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            container.apparmor.security.beta.kubernetes.io/web: ""
            container.apparmor.security.beta.kubernetes.io/b: runtime/default
        spec:
          securityContext: { appArmorProfile: { type: RuntimeDefault } }
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { appArmorProfile: { type: Localhost, localhostProfile: web } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "nothing said: the runtime's profile applies",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            container.apparmor.security.beta.kubernetes.io/web: {{ .Values.profile }}
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "a value decides",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at, container } of breaches(pod, context, "appArmorProfile")) {
        const annotated = annotatedContainer(at, pod);
        const who = container?.name ?? annotated ?? pod.manifest.title;
        const message =
          at.string?.toLowerCase() === "unconfined"
            ? `${who} runs without AppArmor`
            : `${at.string} is no AppArmor profile: ${who} is refused, or runs without one`;
        report(at, message + ifConditional(at), {
          severity: severityAt("warning", at, pod),
          fix: () => confine(at, annotated, context),
        });
      }
    },
  },
});
