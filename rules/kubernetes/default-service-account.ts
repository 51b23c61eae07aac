import { choice, type Context, type Fix, fixIn, type Manifest, type Pod, rule } from "../../engine/index";
import { podOverlaid } from "../shared/kubernetes/overlays";
import { tokened } from "../shared/kubernetes/tokens";

function ownAccount(pod: Pod, context: Context): Fix | undefined {
  const name = choice(1, pod.manifest.name ?? "app");
  const written = pod.spec.get("serviceAccountName");
  const edits = written
    ? written.replace(name, { snippet: true })
    : pod.spec.set(["serviceAccountName"], name, { before: "containers", snippet: true });
  return fixIn(context.file, "Run it as an account of its own", "guided", [edits && { edits }]);
}

function refuse(account: Manifest, context: Context): Fix | undefined {
  const edits = account.root.set(["automountServiceAccountToken"], false);
  return fixIn(context.file, "Mount no token of this account unless asked", "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/default-service-account",
  kind: "kubernetes",
  severity: "hint",
  principle: "least-privilege",
  preset: "strict",
  summary: "Pods that share the namespace's default account, token included",
  why: `Pods that name no account all run as \`default\` of their namespace. A role that is granted to one of them, for a quick test say,
is then granted to all, and the API server's log cannot tell them apart when one of them is misused. Give each workload an account
of its own, and let \`default\` mount no token.`,
  refs: ["CIS 5.1.5"],
  covers: [
    "checkov:CKV_K8S_41",
    "kube-linter:default-service-account",
    "kubescape:C-0189",
    "kubesec:ServiceAccountName",
    "kics:591ade62",
    "kics:b93e973e",
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
              containers:
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
              serviceAccountName: orders
              containers:
                - name: orders
                  image: acme/orders:1.4.2
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: «default»
          namespace: shop
        `,
      fixed: `
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: default
          namespace: shop
        automountServiceAccountToken: false
        `,
      note: "the account itself",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec: { serviceAccountName: «default», containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec: { serviceAccountName: orders, containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: default, namespace: shop }
        automountServiceAccountToken: false
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: mail }
        spec: { automountServiceAccountToken: false, containers: [{ name: mail, image: "acme/mail:1.4.2" }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: bills }
        spec: { serviceAccountName: bills, containers: [{ name: bills, image: "acme/bills:1.4.2" }] }
        `,
      note: "no token, or an account of its own",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          template:
            spec:
              {{- include "pod" . | nindent 6 }}
              containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
      file: "chart/templates/app.yaml",
      note: "a template",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (!manifest.is("ServiceAccount", "") || manifest.name !== "default" || manifest.isPartial) return;
      if (manifest.root.get("automountServiceAccountToken")?.boolean === false) return;
      report(manifest.anchor, "Pods without an account of their own get a token of this one", {
        fix: () => refuse(manifest, context),
      });
    },
    pod(pod, report, context) {
      const found = tokened(pod, context);
      const account = found?.pod.summary.serviceAccount;
      if (found === undefined || (account !== undefined && account !== "default")) return;
      if (podOverlaid(pod, context, ["serviceAccountName"]).isCured) return;
      const at = pod.spec.get("serviceAccountName") ?? pod.spec.get("serviceAccount") ?? pod.spec.anchor;
      report(at, `${pod.manifest.title} runs as the default account that it shares with others, and gets its token`, {
        fix: () => ownAccount(pod, context),
      });
    },
  },
});
