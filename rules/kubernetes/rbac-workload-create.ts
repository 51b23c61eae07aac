import { type Field, rule } from "../../engine/index";
import { workloads } from "../shared/kubernetes/escalation";
import { isNamespaced, type Permission, permissionsOf, resourcesIn, verbsIn } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

const making = ["create", "update", "patch"];

/** The resources that it makes or changes, and that become pods. */
function made(permission: Permission): { readonly at: Field; readonly deed: string } | undefined {
  const found = workloads.flatMap(({ group, resources }) =>
    resourcesIn(permission, { groups: [group], resources, verbs: making }),
  );
  const first = found.sort((a, b) => a.start - b.start)[0];
  if (first !== undefined) return { at: first, deed: `${verbsIn(permission, making)} ${first.string}` };
  const [volume] = resourcesIn(permission, { groups: [""], resources: ["persistentvolumes"], verbs: ["create"] });
  return volume && { at: volume, deed: "create volumes on the disks of nodes" };
}

export default rule({
  id: "kubernetes/rbac-workload-create",
  kind: "kubernetes",
  severity: "info",
  principle: "least-privilege",
  summary: "A role that starts pods in every namespace",
  why: `Who may make a pod picks its account, mounts the Secrets of its namespace, and where no policy forbids it the disk of the node: a
pod in \`kube-system\` that runs as one of the controllers there is the cluster's administrator. Operators and deploy jobs need the
right; give it to them with RoleBindings in the namespaces that they serve, and enforce Pod Security there.`,
  refs: ["CIS 5.1.4", "CIS 5.1.9"],
  covers: [
    "kube-linter:access-to-create-pods",
    "trivy:KSV-0048",
    "kubescape:C-0188",
    "kubescape:C-0278",
    "kics:592ad21d",
  ],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: deployer }
        rules:
          - apiGroups: ["", apps]
            resources: [services, «deployments», statefulsets]
            verbs: [get, create, patch]
          - { apiGroups: [""], resources: [«pods»], verbs: ["*"] }
          - { apiGroups: [""], resources: [«persistentvolumes»], verbs: [create] }
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: deployer, namespace: shop }
        rules: [{ apiGroups: [batch], resources: [«jobs»], verbs: [create] }]
        `,
      note: "in one namespace: for the strict",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: watcher }
        rules:
          - { apiGroups: ["", apps], resources: [pods, deployments], verbs: [get, list, watch, delete] }
          - { apiGroups: [apps], resources: [deployments/scale, deployments/status], verbs: [update] }
          - { apiGroups: [""], resources: [persistentvolumes], verbs: [patch] }
          - { apiGroups: [apps], resources: [jobs], verbs: [create] }
        `,
      note: "no new pods; a group that has no such kind",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: "{{ .Release.Name }}" }
        rules: [{ apiGroups: [apps], resources: ["{{ .Values.kind }}"], verbs: [create] }]
        `,
      file: "charts/shop/templates/role.yaml",
      note: "only the values tell",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: everything }
        rules: []
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { shop: "true" } }] }
        `,
      note: "a controller fills it",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      for (const permission of permissionsOf(manifest)) {
        const found = permission.names === undefined ? made(permission) : undefined;
        if (found === undefined) continue;
        const isLocal = isNamespaced(manifest, context);
        const where = isLocal ? "in its namespace" : "in every namespace";
        report(found.at, `${manifest.title} may ${found.deed} ${where}`, {
          severity: lowered("info", found.at),
          ...(isLocal ? { preset: "strict" as const } : {}),
        });
      }
    },
  },
});
