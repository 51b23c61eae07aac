import {
  choice,
  type Context,
  type Edit,
  type Fix,
  fixIn,
  type Manifest,
  type ManifestFile,
  type Pod,
  rule,
} from "../../engine/index";
import { appended } from "../shared/kubernetes/documents";
import { podOverlaid } from "../shared/kubernetes/overlays";
import { joined } from "../shared/kubernetes/security-context";
import { needsToken, type Tokened, tokened } from "../shared/kubernetes/tokens";

/** Makes the pod's workload an account of its own; undefined where there is one of that name, or may be. */
function withAccount(pod: Pod, found: Tokened, file: ManifestFile): Fix | undefined {
  const { name, namespace } = pod.manifest;
  const isFree = found.unit.named("ServiceAccount", name, found.pod.object.namespace).answer === "no";
  if (name === undefined || !isFree) return undefined;
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    ...(needsToken(found, pod) === "yes" ? {} : { automountServiceAccountToken: false }),
  };
  const edits = joined([named(pod, name), appended(file, [account])]);
  return fixIn(file.file, `Add ServiceAccount ${name}`, "unsafe", [edits && { edits }]);
}

const named = (pod: Pod, name: string, options: { readonly snippet?: boolean } = {}): readonly Edit[] | undefined => {
  const written = pod.spec.get("serviceAccountName");
  if (written !== undefined) return written.replace(name, options);
  return pod.spec.set(["serviceAccountName"], name, { before: "containers", ...options });
};

function ownAccount(pod: Pod, context: Context): Fix | undefined {
  const edits = named(pod, choice(1, pod.manifest.name ?? "app"), { snippet: true });
  return fixIn(context.file, "Run it as another account", "guided", [edits && { edits }]);
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
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: orders
        automountServiceAccountToken: false
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
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: orders
        automountServiceAccountToken: false
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        «spec»:
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: orders, namespace: shop }
        automountServiceAccountToken: false
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        spec:
          serviceAccountName: orders
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: orders, namespace: shop }
        automountServiceAccountToken: false
        `,
      also: ["kubernetes/seccomp-profile-missing"],
      note: "there is an account of its name already",
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
    file(file, report, context) {
      for (const pod of file.manifests.flatMap((manifest) => manifest.pods)) {
        const found = tokened(pod, context);
        const account = found?.pod.summary.serviceAccount;
        if (found === undefined || (account !== undefined && account !== "default")) continue;
        if (podOverlaid(pod, context, ["serviceAccountName"]).isCured) continue;
        const at = pod.spec.get("serviceAccountName") ?? pod.spec.get("serviceAccount") ?? pod.spec.anchor;
        report(at, `${pod.manifest.title} runs as the default account that it shares with others, and gets its token`, {
          fix: () => [withAccount(pod, found, file), ownAccount(pod, context)].flatMap((fix) => fix ?? []),
        });
      }
    },
  },
});
