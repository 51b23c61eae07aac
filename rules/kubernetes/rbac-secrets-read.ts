import { choice, type Fix, fixIn, rule } from "../../engine/index";
import { secretsIn } from "../shared/kubernetes/escalation";
import { isNamespaced, type Permission, permissionsOf } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

const named = new Set(["get", "list", "watch", "update", "patch", "delete"]);

/** Names limit only what is about Secrets alone, and nothing that has no name yet. */
function nameFix({ field, groups, resources, verbs }: Permission, file: string): Fix | undefined {
  const isAlone = groups.length === 1 && resources.length === 1;
  if (!isAlone || !verbs.every(({ string }) => named.has(string ?? ""))) return undefined;
  const edits = field.set(["resourceNames"], [choice(1, "name")], { after: "resources", snippet: true });
  return fixIn(file, "Name the Secrets", "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/rbac-secrets-read",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "A role that gives access to every Secret",
  why: `\`list\` on Secrets sends their contents, so one request with the token of a broken-into pod yields every password, key and token of
the namespace, or of the cluster for a ClusterRole; the tokens of mightier accounts are often among them. A pod needs no right to
use Secrets that it mounts. Where a program must ask the API, name the Secrets in \`resourceNames\`, or use a Role in one namespace.`,
  refs: ["CIS 5.1.2", "CWE-522"],
  covers: [
    "kube-linter:access-to-secrets",
    "checkov:CKV2_K8S_5",
    "trivy:KSV-0041",
    "trivy:KSV-0113",
    "kubescape:C-0015",
    "kubescape:C-0186",
    "kics:b7bca5c4",
    "kics:056ac60e",
    "kyverno:restrict-secret-role-verbs",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: reports
        rules:
          - apiGroups: [""]
            resources: [«secrets»]
            verbs: [get, list]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: reports
        rules:
          - apiGroups: [""]
            resources: [secrets]
            resourceNames:
              - name
            verbs: [get, list]
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: operator }
        rules:
          - apiGroups:
              - ""
            resources:
              - configmaps
              - «secrets»
            verbs:
              - create
              - update
          - { apiGroups: ["*"], resources: [«secrets»], verbs: ["*"], resourceNames: [] }
        `,
      note: "an empty list of names limits nothing",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: reports, namespace: shop }
        rules: [{ apiGroups: [""], resources: [«secrets»], verbs: [watch] }]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: reports, namespace: shop }
        rules: [{ apiGroups: [""], resources: [secrets], resourceNames: [name], verbs: [watch] }]
        `,
      severity: "info",
      note: "in one namespace",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: reports }
        rules: [{ apiGroups: [""], resources: [«secrets», pods], verbs: [get] }]
        -- bindings.yaml --
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: reports, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reports }
        subjects: [{ kind: ServiceAccount, name: reports }]
        `,
      severity: "info",
      note: "bound in one namespace only",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: reports }
        rules:
          - { apiGroups: [""], resources: [secrets], resourceNames: [reports-tls], verbs: [get, list, watch] }
          - { apiGroups: [""], resources: [secrets/status, pods], verbs: [get] }
          - { apiGroups: [shop.example.com], resources: [secrets], verbs: [get] }
          - { apiGroups: [""], resources: ["*"], verbs: [get] }
        `,
      note: "by name; a subresource; another kind of secrets; the `*` has its own rule",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: edit
          labels: { kubernetes.io/bootstrapping: rbac-defaults }
        rules: [{ apiGroups: [""], resources: [secrets], verbs: [get, list, watch] }]
        `,
      note: "the cluster's own, exported",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: shop }
        rules:
          - apiGroups: [""]
            resources: [secrets]
            resourceNames: {{ .Values.secretNames | toJson }}
            verbs: [get]
        `,
      file: "charts/shop/templates/role.yaml",
      note: "limited, whatever the values say",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      for (const permission of permissionsOf(manifest)) {
        const found = secretsIn(permission);
        if (found === undefined) continue;
        const isLocal = isNamespaced(manifest, context);
        const where = isLocal ? "of its namespace" : "of the cluster";
        report(found.at, `${manifest.title} may ${found.deed} ${where}`, {
          severity: lowered(isLocal ? "info" : "warning", found.at),
          fix: () => nameFix(permission, context.file),
        });
      }
    },
  },
});
