import { fixIn, rule } from "../../engine/index";
import { needsToken, tokened } from "../shared/kubernetes/tokens";

export default rule({
  id: "kubernetes/service-account-token-automount",
  kind: "kubernetes",
  severity: "info",
  principle: "least-privilege",
  preset: "strict",
  summary: "A token for the API server in pods that do not use it",
  why: `Unless told otherwise Kubernetes puts a token of the pod's account into every container. A program that never speaks to the API
has no use for it, but whoever can read files through a flaw in it has: every token may at least ask the API server what there is,
and a role that somebody grants to the account later works at once. Say \`automountServiceAccountToken: false\`.`,
  refs: ["CIS 5.1.6", "NSA pod"],
  covers: [
    "checkov:CKV_K8S_38",
    "trivy:KSV-0036",
    "kubescape:C-0034",
    "kubescape:C-0190",
    "kubescape:C-0261",
    "polaris:automountServiceAccountToken",
    "kubesec:AutomountServiceAccountToken",
    "kics:48471392",
    "kyverno:restrict-automount-sa-token",
    "kyverno:restrict-sa-automount-sa-token",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            «spec»:
              securityContext: { seccompProfile: { type: RuntimeDefault } }
              containers: # one
                - name: orders
                  image: acme/orders:1.4.2
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              securityContext: { seccompProfile: { type: RuntimeDefault } }
              automountServiceAccountToken: false
              containers: # one
                - name: orders
                  image: acme/orders:1.4.2
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          serviceAccountName: orders
          automountServiceAccountToken: «true»
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: orders }
        automountServiceAccountToken: false
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          serviceAccountName: orders
          automountServiceAccountToken: false
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: orders }
        automountServiceAccountToken: false
        `,
      note: "the pod's word counts more than its account's",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              serviceAccountName: orders
              containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        -- account.yaml --
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: orders }
        automountServiceAccountToken: false
        `,
      note: "its account refuses",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders, namespace: shop }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              serviceAccountName: orders
              containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        -- rbac.yaml --
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: orders, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: leader-election }
        subjects: [{ kind: Group, name: "system:serviceaccounts:shop" }]
        `,
      note: "something is granted to it",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          selector: { matchLabels: { app: shop } }
          template:
            metadata: { labels: { app: shop } }
            spec: { containers: [{ name: operator, image: "acme/shop-operator:1.4.2" }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
          volumes: [{ name: token, projected: { sources: [{ serviceAccountToken: { path: token, audience: vault } }] } }]
        `,
      note: "an operator; a pod with a token of its own making",
    },
  ],
  check: {
    pod(pod, report, context) {
      const found = tokened(pod, context);
      if (found === undefined || needsToken(found, pod) !== "no") return;
      const written = pod.spec.get("automountServiceAccountToken");
      report(written ?? pod.spec.anchor, `Every container of ${pod.manifest.title} gets a token for the API server`, {
        fix: () => {
          const key = "automountServiceAccountToken";
          const edits = written ? written.replace(false) : pod.spec.set([key], false, { before: "containers" });
          return fixIn(context.file, "Do not mount the token", "unsafe", [edits && { edits }]);
        },
      });
    },
  },
});
