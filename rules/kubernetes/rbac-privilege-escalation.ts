import { rule, type Severity } from "../../engine/index";
import { escalationIn } from "../shared/kubernetes/escalation";
import { permissionsOf } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

/** In one namespace it leads to the rights of that namespace. */
const severityIn = (severity: Severity, kind: string): Severity =>
  severity === "error" && kind === "Role" ? "warning" : severity;

export default rule({
  id: "kubernetes/rbac-privilege-escalation",
  kind: "kubernetes",
  severity: "error",
  principle: "least-privilege",
  summary: "A role that lets its holder get rights that are not written in it",
  why: `Some verbs are as good as all the others: \`bind\` and \`escalate\` hand out any role, \`impersonate\` speaks as any user, and a token
made for a controller's account has that controller's rights. With \`kubectl --as=system:admin --as-group=system:masters\` the
smallest of such roles is the cluster's administrator. Take the verb away, or limit it to named objects with \`resourceNames\`.`,
  refs: ["CIS 5.1.8", "CIS 5.1.11", "CIS 5.1.13", "CWE-269"],
  covers: [
    "checkov:CKV_K8S_156",
    "checkov:CKV_K8S_157",
    "checkov:CKV_K8S_158",
    "checkov:CKV2_K8S_1",
    "checkov:CKV2_K8S_3",
    "trivy:KSV-0043",
    "trivy:KSV-0050",
    "trivy:KSV-0051",
    "trivy:KSV-0052",
    "trivy:KSV-0055",
    "kubescape:C-0065",
    "kubescape:C-0191",
    "kubescape:C-0280",
    "kubescape:C-0282",
    "kyverno:restrict-escalation-verbs-roles",
    "kyverno:restrict-clusterrole-csr",
  ],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: operator }
        rules:
          - apiGroups: [rbac.authorization.k8s.io]
            resources: [clusterroles, roles]
            verbs: [get, «bind», escalate]
          - apiGroups: [rbac.authorization.k8s.io]
            resources: [«clusterroles»]
            verbs: ["*"]
          - apiGroups: [""]
            resources: [users, groups]
            verbs:
              - «impersonate»
          - { apiGroups: [""], resources: [pods, «serviceaccounts/token»], verbs: [create] }
          - { apiGroups: ["*"], resources: ["*"], verbs: [«impersonate»] }
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: approver }
        rules:
          - apiGroups: [certificates.k8s.io]
            resources: [«certificatesigningrequests/approval»]
            verbs: [update]
          - apiGroups: [certificates.k8s.io]
            resources: [«signers»]
            resourceNames: [kubernetes.io/kube-apiserver-client]
            verbs: [approve]
        `,
      note: "certificates for clients of any name",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: tenants }
        rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [roles, «rolebindings»], verbs: [get, create] }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: tenants, namespace: shop }
        rules: [{ apiGroups: [""], resources: [serviceaccounts], verbs: [«impersonate»] }]
        `,
      severity: "warning",
      note: "hands on no more than it has; or in one namespace",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: tenants }
        rules:
          - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [tenant], verbs: [«bind»] }
          - { apiGroups: [""], resources: [«serviceaccounts/token»], resourceNames: [vault], verbs: [create] }
        `,
      severity: "info",
      note: "limited to names",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: tenants }
        rules:
          - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [cluster-admin], verbs: [«bind»] }
        `,
      note: "the one name that is everything",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: reader }
        rules:
          - { apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [get, list, watch, delete] }
          - { apiGroups: [""], resources: [serviceaccounts], verbs: [get, create] }
          - { apiGroups: [authentication.k8s.io], resources: [tokenreviews], verbs: [create] }
          - { apiGroups: [shop.example.com], resources: [users, groups], verbs: ["*"] }
          - { apiGroups: [example.com], resources: [books], verbs: [bind] }
        `,
      note: "reading; objects of one's own that bear such names",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: cert-manager-approver }
        rules:
          - { apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update] }
          - { apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: ["issuers.example.com/*"], verbs: [approve] }
        `,
      note: "only for a signer of its own",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: system:controller:clusterrole-aggregation-controller
        rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate] }]
        `,
      note: "the cluster's own",
    },
  ],
  check: {
    manifest(manifest, report) {
      const all = permissionsOf(manifest);
      for (const permission of all) {
        const found = escalationIn(permission, all);
        if (found === undefined) continue;
        const severity = lowered(severityIn(found.severity, manifest.kind), found.at);
        report(found.at, `${manifest.title} may ${found.deed}`, { severity });
      }
    },
  },
});
