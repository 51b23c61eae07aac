import { type Field, fixIn, rule } from "../../engine/index";
import { pinning } from "../shared/images/roles";

/** Files for a cluster on one machine, whose images are built there. */
const onOneMachine = /(?:^|[/._-])(?:kind|minikube|k3d|local|dev|skaffold|tilt)(?:[/._-]|$)/i;

export default rule({
  id: "kubernetes/image-pull-policy",
  kind: "kubernetes",
  severity: "hint",
  principle: "supply-chain",
  preset: "strict",
  summary: "A container starts from what its node happens to have",
  why: `With \`Never\`, and with \`IfNotPresent\` under a tag that moves, each node runs the copy that it pulled first: a fixed hole stays open
on old nodes for months. And whoever may start pods uses any private image that a node once pulled, for nobody asks for its credentials
again. With \`Always\` the kubelet asks the registry each time, and downloads only what changed.`,
  refs: ["CIS 1.2.11"],
  covers: [
    "checkov:CKV_K8S_15",
    "kube-score:container-image-pull-policy",
    "polaris:pullPolicyNotAlways",
    "kubescape:C-0075",
    "kics:caa3479d",
    "kyverno:imagepullpolicy-always",
  ],
  fix: "safe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:stable
              imagePullPolicy: «IfNotPresent» # faster
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:stable
              imagePullPolicy: Always # faster
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { containers: [{ name: web, image: "acme/web:1.2.3", imagePullPolicy: «Never» }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { containers: [{ name: web, image: "acme/web:1.2.3", imagePullPolicy: Always }] }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: a, image: "acme/web:1.2.3", imagePullPolicy: IfNotPresent }
            - { name: b, image: "acme/web:stable", imagePullPolicy: Always }
            - { name: c, image: "acme/web:stable" }
        `,
      note: "a version stays what it is; a tag that moves is pulled",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { containers: [{ name: web, image: "acme/web:dev", imagePullPolicy: Never }] }
        `,
      file: "deploy/kind/web.yaml",
      note: "a cluster on one machine",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: "acme/web:{{ .Values.tag }}"
              imagePullPolicy: IfNotPresent
            - name: side
              image: "acme/side:stable"
              imagePullPolicy: {{ .Values.policy }}
        `,
    },
  ],
  check: {
    container({ name, field, reference }, report, context) {
      const policy: Field | undefined = field.get("imagePullPolicy");
      if (policy === undefined || onOneMachine.test(context.file)) return;
      const found = reference && pinning(reference);
      const moves = policy.string === "IfNotPresent" && (found === "floating" || found === "untagged");
      if (!moves && policy.string !== "Never") return;
      const what = moves ? "the first copy of a tag that moves" : "whatever copy the node has";
      report(policy, `${name} runs ${what}`, {
        fix: () => {
          const edits = policy.isShared ? undefined : policy.replace("Always");
          return fixIn(context.file, "Ask the registry each time", moves ? "safe" : "unsafe", [edits && { edits }]);
        },
      });
    },
  },
});
