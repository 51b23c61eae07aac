import { choice, type Context, type Field, type Fix, fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { replaceEntry } from "../shared/kubernetes/security-context";

/** The one capability that is needed, in the place of all of them. */
function replaceByCapability(at: Field, context: Context): Fix | undefined {
  if (at.parent === undefined || at.parent.get("capabilities") !== undefined) return undefined;
  const edits = replaceEntry(at, "capabilities", { add: [choice(1, "NET_ADMIN")] }, { snippet: true });
  return fixIn(context.file, "Replace privileged by one capability", "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/privileged-container",
  kind: "kubernetes",
  severity: "error",
  principle: "least-privilege",
  summary: "A container runs privileged",
  why: `A privileged container has every capability, sees every device of its node and runs without the system-call filter.
Whoever breaks into it mounts the node's disk with \`mount /dev/sda1 /mnt\`, is root on the node, and reads the secrets of every pod
there. Give the container the one capability or device that it needs. A node agent that truly needs it earns a suppression with
its reason.`,
  refs: ["PSS baseline", "CIS 5.2.2", "NSA pod", "CWE-250"],
  covers: [
    "kube-linter:privileged-container",
    "checkov:CKV_K8S_16",
    "trivy:KSV-0017",
    "kube-score:container-security-context-privileged",
    "kubescape:C-0057",
    "polaris:runAsPrivileged",
    "kubesec:Privileged",
    "kics:dd29336b",
    "kyverno:disallow-privileged-containers",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
        spec:
          template:
            spec:
              initContainers:
                - name: prepare
                  image: acme/prepare:1.2.3
                  securityContext: { privileged: «true», runAsUser: 1000 }
              containers:
                - name: log
                  image: acme/log:1.2.3
                - name: agent
                  image: acme/agent:1.2.3
                  securityContext:
                    privileged: «true»
        `,
      fixed: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
        spec:
          template:
            spec:
              initContainers:
                - name: prepare
                  image: acme/prepare:1.2.3
                  securityContext: { runAsUser: 1000 }
              containers:
                - name: log
                  image: acme/log:1.2.3
                - name: agent
                  image: acme/agent:1.2.3
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers:
            - { name: log, image: "acme/log:1.2.3" }
            - name: a
              image: acme/agent:1.2.3
              securityContext: { privileged: «yes» }
            - name: b
              image: acme/agent:1.2.3
              securityContext: { privileged: «"true"» }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers:
            - { name: log, image: "acme/log:1.2.3" }
            - name: a
              image: acme/agent:1.2.3
            - name: b
              image: acme/agent:1.2.3
        `,
      note: "YAML 1.1 says yes; a text counts",
    },
    {
      bad: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": { "name": "agent" },
          "spec": {
            "containers": [
              { "name": "log", "image": "acme/log:1.2.3" },
              {
                "name": "agent",
                "image": "acme/agent:1.2.3",
                "securityContext": {
                  "privileged": «true»,
                  "runAsNonRoot": true
                }
              }
            ]
          }
        }
        `,
      fixed: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": { "name": "agent" },
          "spec": {
            "containers": [
              { "name": "log", "image": "acme/log:1.2.3" },
              {
                "name": "agent",
                "image": "acme/agent:1.2.3",
                "securityContext": {
                  "runAsNonRoot": true
                }
              }
            ]
          }
        }
        `,
      file: "k8s/agent.json",
      note: "JSON",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-agent
        spec:
          template:
            spec:
              containers:
                - name: agent
                  image: {{ .Values.image }}
                  securityContext:
                    {{- if .Values.debug }}
                    privileged: «true»
                    {{- end }}
                    runAsUser: 1000
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-agent
        spec:
          template:
            spec:
              containers:
                - name: agent
                  image: {{ .Values.image }}
                  securityContext:
                    {{- if .Values.debug }}
                    {{- end }}
                    runAsUser: 1000
        `,
      file: "chart/templates/agent.yaml",
      severity: "warning",
      note: "in a branch of a template",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: a, image: "acme/web:1.2.3", securityContext: { privileged: false } }
            - { name: b, image: "acme/web:1.2.3", securityContext: { privileged: null } }
            - { name: c, image: "acme/web:1.2.3", securityContext: { privileged: "no" } }
        `,
    },
    {
      good: `
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        metadata: { name: privileged }
        spec:
          rules:
            - name: privileged
              validate:
                pattern:
                  spec:
                    containers:
                      - =(securityContext):
                          =(privileged): "true"
        `,
      note: "the pattern of a policy",
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
              securityContext:
                privileged: {{ .Values.privileged }}
        `,
      note: "a value decides",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at, container } of breaches(pod, context, "privileged")) {
        if (container === undefined) continue;
        const message = `${container.name} runs privileged: it can do to the node what root can${ifConditional(at)}`;
        report(at, message, {
          severity: severityAt("error", at, pod),
          fix: () => {
            const edits = at.removeUpTo(container.field);
            const remove = fixIn(context.file, "Remove privileged", "unsafe", [edits && { edits }]);
            return [remove, replaceByCapability(at, context)].filter((fix) => fix !== undefined);
          },
        });
      }
    },
  },
});
