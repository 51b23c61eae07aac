import { choice, type Context, type Field, fixIn, type Manifest, rule, type Severity } from "../../engine/index";
import { pointTo, unitOf } from "../shared/kubernetes/deployed";
import { isStock, rbac } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

/** Groups as an identity provider names them: a directory's number, an address, a prefix of its own. */
const provided = /^(?:[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|[^@\s]+@[^@\s]+|(?!system:)[\w.-]+:.+)$/i;

function areProvided(subjects: readonly Field[]): boolean {
  return subjects.every((s) => s.get("kind")?.string === "Group" && provided.test(s.get("name")?.string ?? ""));
}

/** The role of the workspace that the binding gives, if it allows everything. */
function allPowerful(manifest: Manifest, context: Context) {
  const unit = unitOf(context);
  const binding = unit?.object(manifest);
  const granted = binding && unit?.grantedBy(binding);
  const isAll = granted?.rules.some(
    (r) => r.names === undefined && [r.groups, r.resources, r.verbs].every((list) => list.includes("*")),
  );
  return isAll ? granted?.role : undefined;
}

export default rule({
  id: "kubernetes/cluster-admin-binding",
  kind: "kubernetes",
  severity: "error",
  principle: "least-privilege",
  summary: "A binding that makes somebody administrator of the cluster",
  why: `With \`cluster-admin\` one stolen token is the whole cluster: all Secrets of all namespaces, a privileged pod on every node, new
accounts to come back with. For a service account that token lies in each of its pods, where a flaw that reads one file hands it out.
Bind a role that lists what is needed, in the namespaces where it is needed; \`view\`, \`edit\` and \`admin\` exist for people.`,
  refs: ["CIS 5.1.1", "NSA auth", "CWE-269"],
  covers: [
    "kube-linter:cluster-admin-role-binding",
    "trivy:KSV-0111",
    "kubescape:C-0035",
    "kubescape:C-0185",
    "kubescape:C-0272",
    "polaris:clusterrolebindingClusterAdmin",
    "polaris:rolebindingClusterAdminClusterRole",
    "kics:249328b8",
    "kyverno:restrict-binding-clusteradmin",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: reports
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: «cluster-admin» # for now
        subjects:
          - kind: ServiceAccount
            name: reports
            namespace: shop
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: reports
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: view # for now
        subjects:
          - kind: ServiceAccount
            name: reports
            namespace: shop
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: developers, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: «cluster-admin» }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers }]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: developers, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers }]
        `,
      severity: "warning",
      note: "in one namespace",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: ci }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: «edit» }
        subjects: [{ kind: ServiceAccount, name: ci, namespace: ci }]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: ci }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
        subjects: [{ kind: ServiceAccount, name: ci, namespace: ci }]
        `,
      severity: "warning",
      note: "every namespace, the cluster's own among them",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: reports }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: «reports» }
        subjects: [{ kind: ServiceAccount, name: reports, namespace: shop }]
        -- role.yaml --
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: reports }
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: reports }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
        subjects: [{ kind: ServiceAccount, name: reports, namespace: shop }]
        -- role.yaml --
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: reports }
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]
        `,
      note: "the same by another name",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: administrators }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: «cluster-admin» }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "oidc:platform-admins" }]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: administrators }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "oidc:platform-admins" }]
        `,
      severity: "info",
      note: "a group of an identity provider: somebody must administer",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: {{ .Release.Name }}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          {{- if .Values.admin }}
          name: «cluster-admin»
          {{- end }}
        subjects:
          - kind: ServiceAccount
            name: {{ .Release.Name }}
            namespace: {{ .Release.Namespace }}
        -- charts/shop/Chart.yaml --
        name: shop
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: {{ .Release.Name }}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          {{- if .Values.admin }}
          name: view
          {{- end }}
        subjects:
          - kind: ServiceAccount
            name: {{ .Release.Name }}
            namespace: {{ .Release.Namespace }}
        `,
      file: "charts/shop/templates/binding.yaml",
      severity: "warning",
      note: "where a condition of the template holds",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: cluster-admin }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:masters" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: "kubeadm:cluster-admins" }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "kubeadm:cluster-admins" }]
        `,
      note: "the cluster's own, exported",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: developers, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: reports, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: cluster-admin }
        subjects: [{ kind: ServiceAccount, name: reports }]
        `,
      note: "one namespace; a Role that only bears the name",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: nobody }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
        subjects: []
        `,
      note: "nobody gets it",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: "{{ .Release.Name }}" }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{{ .Values.role }}" }
        subjects: [{ kind: ServiceAccount, name: shop, namespace: "{{ .Release.Namespace }}" }]
        `,
      file: "charts/shop/templates/binding.yaml",
      note: "only the values tell",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const isClusterWide = manifest.is("ClusterRoleBinding", rbac);
      const at = manifest.root.at("roleRef", "name");
      const isOfCluster = manifest.root.at("roleRef", "kind")?.string === "ClusterRole";
      if (at?.string === undefined || !isOfCluster || !(isClusterWide || manifest.is("RoleBinding", rbac))) return;
      const subjects = manifest.root.get("subjects")?.items ?? [];
      if (subjects.length === 0 || isStock(manifest)) return;
      if (subjects.every((s) => s.get("name")?.string === "system:masters")) return;
      const isAdmin = at.string === "cluster-admin";
      const isWide = isClusterWide && (at.string === "admin" || at.string === "edit");
      const role = isAdmin || isWide ? undefined : allPowerful(manifest, context);
      if (!isAdmin && !isWide && role === undefined) return;
      const where = isClusterWide ? "every namespace" : "its namespace";
      const what = isWide
        ? `change nearly everything in ${where}`
        : isClusterWide
          ? "do everything"
          : `do everything in ${where}`;
      const severity: Severity = areProvided(subjects) ? "info" : isClusterWide && !isWide ? "error" : "warning";
      const instead = isClusterWide ? "view" : "edit";
      report(at, `${manifest.title} lets ${whoIn(subjects)} ${what}: the role is ${at.string}`, {
        severity: lowered(severity, at),
        related: role === undefined ? [] : pointTo(role, "The role allows everything", context),
        fix: () => {
          const edits = at.replace(choice(1, instead), { snippet: true });
          return fixIn(context.file, `Bind the role ${instead}`, "guided", [edits && { edits }]);
        },
      });
    },
  },
});

function whoIn(subjects: readonly Field[]): string {
  const [first, ...rest] = subjects.map((s) => s.get("name")?.string);
  const name = first ?? "a subject";
  return rest.length === 0 ? name : `${name} and ${rest.length} more`;
}
