import { type Context, type Field, type Fix, fixIn, rule } from "../../engine/index";
import { capabilityName, dangerOf, defaultCapabilities, removeCapability } from "../shared/kubernetes/capabilities";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

/** The API's spelling of what is meant, where that is one of the harmless ones. */
function respelled(text: string): string | undefined {
  const name = capabilityName(text);
  return defaultCapabilities.has(name) ? name : undefined;
}

function respell(at: Field, spelling: string, { file }: Context): Fix | undefined {
  const edits = at.replace(spelling);
  return fixIn(file, `Spell it ${spelling}`, "safe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/non-default-capability",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "A container gets a capability that runtimes do not give by default",
  why: `The baseline of the Pod Security Standards knows thirteen capabilities, by their exact names; a pod that asks for any
other, or for \`CAP_CHOWN\` or \`chown\`, is refused in a namespace that enforces it. With \`NET_RAW\`, for one, an intruder forges the
packets of a neighbour and answers name look-ups in its place. Drop all capabilities and add back what the program truly uses.`,
  refs: ["PSS baseline", "PSS restricted", "CIS 5.2.8", "CIS 5.2.9"],
  covers: [
    "checkov:CKV_K8S_25",
    "checkov:CKV_K8S_28",
    "trivy:KSV-0022",
    "trivy:KSV-0119",
    "kubescape:C-0200",
    "kube-linter:drop-net-raw-capability",
  ],
  fix: "safe",
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
              securityContext:
                capabilities:
                  add:
                    - «CAP_CHOWN»
                    - «"net_bind_service"»
                    - «NET_RAW»
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
              securityContext:
                capabilities:
                  add:
                    - CHOWN
                    - "NET_BIND_SERVICE"
        `,
      note: "respelled where only the spelling is wrong",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: web, image: "acme/web:1.2.3", securityContext: { capabilities: { add: [«SYS_TIME», «WAKE_ALARM»] } } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: web, image: "acme/web:1.2.3" }
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
              securityContext: { capabilities: { drop: [cap_net_raw, ALL], add: [CHOWN, SETUID, NET_BIND_SERVICE] } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3", securityContext: { capabilities: { add: [CAP_SYS_ADMIN] } } }]
        `,
      note: "another rule speaks, louder",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { capabilities: { add: [NET_RAW] } }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "a pod has none, only its containers",
    },
  ],
  check: {
    pod(pod, report, context) {
      const found = breaches(pod, context, "capabilities_baseline", "capabilities_restricted").filter(
        ({ at: { string = "" }, isMissing }) =>
          !isMissing && dangerOf(string) === undefined && !defaultCapabilities.has(string),
      );
      const condemned = found.map(({ at }) => at).filter((at) => respelled(at.string ?? "") === undefined);
      for (const { at, container } of found) {
        if (container === undefined || at.string === undefined) continue;
        const spelling = respelled(at.string);
        const message =
          spelling === undefined
            ? `${container.name} gets ${capabilityName(at.string)}, which no runtime gives by default`
            : `${at.string} is not the API's spelling: Pod Security admission only knows ${spelling}`;
        report(at, message + ifConditional(at), {
          severity: severityAt("warning", at, pod),
          fix: () => {
            if (spelling !== undefined) return respell(at, spelling, context);
            const edits = removeCapability(at, container, condemned, context);
            return fixIn(context.file, `Remove ${at.string}`, "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
