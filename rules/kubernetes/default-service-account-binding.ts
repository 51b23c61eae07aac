import { choice, fixIn, rule } from "../../engine/index";
import { boundRole, subjectsOf } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

const valid = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export default rule({
  id: "kubernetes/default-service-account-binding",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "A role given to the default service account",
  why: `Every pod that names no account runs as \`default\`, so a role for it is a role for all of them, and for whatever somebody starts
there next week. A flaw in a pod that never needed the API then uses the right. Make an account for the program that needs it, name
it in \`serviceAccountName\`, and bind the role to that one.`,
  refs: ["CIS 5.1.5"],
  covers: ["checkov:CKV_K8S_42", "kubescape:C-0189", "kics:1e749bc9"],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: reports
          namespace: shop
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: reports
        subjects:
          - kind: ServiceAccount
            name: «default»
            namespace: shop
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: reports
          namespace: shop
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: reports
        subjects:
          - kind: ServiceAccount
            name: reports
            namespace: shop
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: "shop:reader" }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
        subjects: [{ kind: ServiceAccount, name: «"default"», namespace: shop }]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: "shop:reader" }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
        subjects: [{ kind: ServiceAccount, name: "app", namespace: shop }]
        `,
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: default, namespace: default }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: default }
        subjects:
          - { kind: ServiceAccount, name: reports, namespace: default }
          - { kind: User, name: default, apiGroup: rbac.authorization.k8s.io }
        `,
      note: "an account of its own in the default namespace; a user of the name",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: shop }
        subjects: [{ kind: ServiceAccount, name: {{ .Values.account | default "default" }} }]
        `,
      file: "charts/shop/templates/binding.yaml",
      note: "only the values tell",
    },
    {
      good: `
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: default, namespace: shop }
        automountServiceAccountToken: false
        `,
      note: "no binding",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const role = boundRole(manifest);
      for (const { kind, name: at } of subjectsOf(manifest)) {
        if (kind !== "ServiceAccount" || at.string !== "default") continue;
        const own = valid.test(manifest.name ?? "") && manifest.name !== "default" ? (manifest.name ?? "app") : "app";
        report(at, `${manifest.title} gives ${role ?? "a role"} to every pod that names no account of its own`, {
          severity: lowered("warning", at),
          fix: () => {
            const edits = at.replace(choice(1, own), { snippet: true });
            return fixIn(context.file, "Bind an account of its own", "guided", [edits && { edits }]);
          },
        });
      }
    },
  },
});
