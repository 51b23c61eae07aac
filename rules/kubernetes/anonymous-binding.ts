import { rule } from "../../engine/index";
import { boundRole, subjectsOf, withoutSubject } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

/** What everybody may see by design: versions, kinds, how to join, the keys that tokens are signed with. */
const open = new Set([
  "system:public-info-viewer",
  "system:discovery",
  "system:service-account-issuer-discovery",
  "system:openshift:public-info-viewer",
  "kubeadm:bootstrap-signer-clusterinfo",
]);

export default rule({
  id: "kubernetes/anonymous-binding",
  kind: "kubernetes",
  severity: "error",
  principle: "authenticate",
  summary: "A role given to callers who have not logged in",
  why: `\`system:anonymous\` and \`system:unauthenticated\` are everybody who reaches the API server, and that often means the internet.
Worms look for such clusters with one request without a token, start a miner on every node, and keep the door open with a binding of
this kind. Give the role to the accounts that need it.`,
  refs: ["CIS 1.2.1", "CWE-306"],
  covers: [
    "trivy:KSV-0122",
    "kubescape:C-0262",
    "kubesec:BindingsToSystemAnonymous",
    "kyverno:restrict-binding-system-groups",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: dashboard
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: view
        subjects:
          - kind: User
            apiGroup: rbac.authorization.k8s.io
            name: «system:anonymous»
          - kind: ServiceAccount
            name: dashboard
            namespace: shop
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: dashboard
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: view
        subjects:
          - kind: ServiceAccount
            name: dashboard
            namespace: shop
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: web, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: web }
        subjects: [{ kind: Group, name: «"system:unauthenticated"», apiGroup: rbac.authorization.k8s.io }]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: web, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: web }
        `,
      note: "the last subject",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: oidc-keys }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:service-account-issuer-discovery" }
        subjects: [{ kind: Group, name: "system:unauthenticated", apiGroup: rbac.authorization.k8s.io }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: "system:public-info-viewer" }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:public-info-viewer" }
        subjects: [{ kind: Group, name: "system:unauthenticated", apiGroup: rbac.authorization.k8s.io }]
        `,
      note: "what everybody may see",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: join, namespace: kube-public }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: "kubeadm:bootstrap-signer-clusterinfo" }
        subjects: [{ kind: User, name: "system:anonymous", apiGroup: rbac.authorization.k8s.io }]
        `,
      note: "how new nodes join",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: web, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: web }
        subjects:
          - { kind: ServiceAccount, name: "system:anonymous" }
          - { kind: User, name: "{{ .Values.user }}" }
          - { kind: Group, name: anonymous }
        `,
      note: "no such callers",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const role = boundRole(manifest);
      for (const subject of subjectsOf(manifest)) {
        const name = `${subject.kind} ${subject.name.string}`;
        const isAnybody = name === "User system:anonymous" || name === "Group system:unauthenticated";
        if (!isAnybody || open.has(role ?? "")) continue;
        report(subject.name, `${manifest.title} gives ${role ?? "a role"} to everybody, without a login`, {
          severity: lowered("error", subject.name),
          fix: () => withoutSubject(subject, manifest, context),
        });
      }
    },
  },
});
