import { type Context, type Manifest, rule, type Severity } from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { boundRole, isStock, type Subject, subjectsOf, withoutSubject } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

const groups: Readonly<Record<string, string>> = {
  "system:authenticated": "everybody who can log in, all service accounts among them",
  "system:serviceaccounts": "the service accounts of all namespaces",
  "system:masters": "a group that no rule of RBAC can hold back",
};

/** Made for everybody: what exists, and what one may do oneself. */
const common =
  /^(?:system:(?:basic-user|discovery|public-info-viewer|service-account-issuer-discovery|scope-impersonation|oauth-token-deleter|webhook|openshift:[\w-]*(?:discovery|viewer))|basic-user|cluster-status|self-[\w-]+)$/;

const mild = new Set(["get", "list", "watch"]);

/** Only reads, and no Secrets, in one namespace or not at all. */
function severityOf(manifest: Manifest, context: Context): Severity | undefined {
  const unit = unitOf(context);
  const binding = unit?.object(manifest);
  const granted = binding && unit?.grantedBy(binding);
  const isTold = granted !== undefined && !granted.isOpen && granted.rules.length > 0;
  if (!isTold) return manifest.kind === "RoleBinding" ? "warning" : "error";
  const reads = granted.rules.every((r) => r.verbs.length > 0 && r.verbs.every((v) => mild.has(v)));
  const isOfOne = granted.rules.every((r) => r.names !== undefined || r.urls.length > 0);
  if (reads && isOfOne) return undefined;
  const seesSecrets = granted.rules.some((r) => r.resources.some((name) => name === "*" || name === "secrets"));
  return (reads && !seesSecrets) || manifest.kind === "RoleBinding" ? "warning" : "error";
}

const isOfThem = ({ kind, name }: Subject): boolean => kind === "Group" && Object.hasOwn(groups, name.string ?? "");

export default rule({
  id: "kubernetes/system-group-binding",
  kind: "kubernetes",
  severity: "error",
  principle: "authenticate",
  summary: "A role given to all accounts of the cluster at once",
  why: `\`system:authenticated\` is everybody with any login, \`system:serviceaccounts\` every pod with a token; on some clouds the first of
them was every owner of an account there. A flaw in the least important pod is then enough to use the role. \`system:masters\` passes
all checks for ever and cannot be taken back. Name the accounts, or a group of your own, that the role is for.`,
  refs: ["CIS 5.1.7"],
  covers: ["trivy:KSV-01011", "trivy:KSV-0123", "kubescape:C-0246", "kubescape:C-0265"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: viewers
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: view
        subjects:
          - kind: Group
            name: «system:authenticated»
            apiGroup: rbac.authorization.k8s.io
          - kind: Group
            name: «system:serviceaccounts»
            apiGroup: rbac.authorization.k8s.io
          - kind: Group
            name: developers
            apiGroup: rbac.authorization.k8s.io
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: viewers
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: view
        subjects:
          - kind: Group
            name: developers
            apiGroup: rbac.authorization.k8s.io
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: readers, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: readers }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: «"system:authenticated"» }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: readers, namespace: shop }
        rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list] }]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: readers, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: readers }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: readers, namespace: shop }
        rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list] }]
        `,
      severity: "warning",
      note: "one namespace",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: everybody }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:basic-user" }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: self-provisioners }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: self-provisioner }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: cluster-admin }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:masters" }]
        `,
      note: "made for everybody; the cluster's own",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: pullers, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:image-puller" }
        subjects:
          - { apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:shop" }
          - { apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:authenticated" }
        `,
      note: "the accounts of one namespace; a user who only bears the name",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: version, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: version }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated" }]
        -- role.yaml --
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: version, namespace: shop }
        rules: [{ apiGroups: [""], resources: [configmaps], resourceNames: [version], verbs: [get] }]
        `,
      note: "may read one named object",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const role = boundRole(manifest);
      const subjects = subjectsOf(manifest).filter(isOfThem);
      if (subjects.length === 0 || common.test(role ?? "")) return;
      const severity = severityOf(manifest, context);
      for (const subject of subjects) {
        const name = subject.name.string ?? "";
        const isOwn = name === "system:masters" && (manifest.name === "cluster-admin" || isStock(manifest));
        if (severity === undefined || isOwn) continue;
        report(subject.name, `${manifest.title} gives ${role ?? "a role"} to ${groups[name]}`, {
          severity: lowered(severity, subject.name),
          fix: () => withoutSubject(subject, manifest, context),
        });
      }
    },
  },
});
