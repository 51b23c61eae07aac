import { choice, type Context, fixIn, type Manifest, rule } from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { lowered } from "../shared/kubernetes/weight";

const namespaced: Readonly<Record<string, readonly string[]>> = {
  "": ["Pod", "ReplicationController", "Service", "ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim"],
  apps: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
  batch: ["Job", "CronJob"],
  "networking.k8s.io": ["Ingress", "NetworkPolicy"],
  "rbac.authorization.k8s.io": ["Role", "RoleBinding"],
  policy: ["PodDisruptionBudget"],
  autoscaling: ["HorizontalPodAutoscaler"],
};

/** Objects of tools that put others into a namespace. */
const deployers: readonly (readonly [kind: string, group: string])[] = [
  ["Application", "argoproj.io"],
  ["ApplicationSet", "argoproj.io"],
  ["Kustomization", "kustomize.toolkit.fluxcd.io"],
  ["Bundle", "fleet.cattle.io"],
  ["App", "kappctrl.k14s.io"],
];

/** Nobody in the workspace says where it goes. */
function hasNone(manifest: Manifest, context: Context): boolean {
  const unit = unitOf(context);
  const object = unit?.object(manifest);
  if (unit === undefined || object === undefined || manifest.isPartial || unit.kind === "chart") return false;
  return (
    object.namespace === undefined && deployers.every(([kind, group]) => unit.everywhere(kind, group).length === 0)
  );
}

export default rule({
  id: "kubernetes/default-namespace",
  kind: "kubernetes",
  severity: "hint",
  principle: "isolation",
  preset: "strict",
  summary: "An object in the default namespace",
  why: `Roles, quotas, network policies and Pod Security count for namespaces. In \`default\` everything lies together, put there by whoever
forgot to say where: a role for one program then reads the Secrets of all. Write the namespace into the manifest, or into the
kustomization that lists it.`,
  refs: ["CIS 5.6.4", "CIS 5.6.1", "NSA net"],
  covers: [
    "kube-linter:use-namespace",
    "checkov:CKV_K8S_21",
    "trivy:KSV-0110",
    "kubescape:C-0061",
    "kubescape:C-0212",
    "kics:611ab018",
    "kyverno:disallow-default-namespace",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          namespace: «default»
        data:
          colour: blue
        `,
      fixed: `
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          namespace: shop
        data:
          colour: blue
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: «settings» }
        data: { colour: blue }
        `,
      fixed: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings, namespace: shop }
        data: { colour: blue }
        `,
      note: "nobody says where",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings }
        data: { colour: blue }
        -- kustomization.yaml --
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namespace: shop
        resources: [app.yaml]
        `,
      note: "the kustomization says where",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings }
        data: { colour: blue }
        -- application.yaml --
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: { name: shop, namespace: argocd }
        spec: { destination: { namespace: shop } }
        `,
      note: "a tool puts it somewhere",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: shop }
        rules: []
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings, namespace: shop }
        `,
      note: "objects of the cluster; a namespace of its own",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: "{{ .Release.Name }}" }
        data: { colour: blue }
        `,
      file: "charts/shop/templates/settings.yaml",
      note: "Helm puts it into the namespace of the release",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const { metadata, name } = manifest;
      if (namespaced[manifest.group]?.includes(manifest.kind) !== true || metadata === undefined) return;
      const at = metadata.get("namespace");
      const isDefault =
        at?.string === "default" && (unitOf(context)?.object(manifest)?.namespace ?? "default") === "default";
      if (isDefault) {
        report(at, `${manifest.title} stands in the default namespace`, {
          severity: lowered("hint", at),
          fix: () => {
            const edits = at.replace(choice(1, "shop"), { snippet: true });
            return fixIn(context.file, "Give it a namespace", "guided", [edits && { edits }]);
          },
        });
      } else if (!metadata.has("namespace") && name !== undefined && hasNone(manifest, context)) {
        report(manifest.anchor, `${manifest.title} names no namespace: it goes to the default one`, {
          fix: () => {
            const edits = metadata.set(["namespace"], choice(1, "shop"), { after: "name", snippet: true });
            return fixIn(context.file, "Give it a namespace", "guided", [edits && { edits }]);
          },
        });
      }
    },
  },
});
