import { rule } from "../../engine/index";
import { talksToApi } from "../shared/kubernetes/api-clients";
import { pointTo, titleOf, unitOf } from "../shared/kubernetes/deployed";
import { clusterPowerOf } from "../shared/kubernetes/powers";

export default rule({
  id: "kubernetes/privileged-service-account",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "A workload whose account may do nearly everything in the cluster",
  why: `The token of its account lies in every container of the pod. A flaw that lets a stranger read one file, or run one command, there
hands over what the account may do: here the whole cluster, its Secrets, or the right to grant itself the rest. Give the workload
an account of its own, with a Role for those resources and verbs that it uses.`,
  refs: ["CIS 5.1.1", "NSA auth"],
  covers: ["kubescape:C-0267", "kubescape:C-0272", "kubescape:C-0053", "kubescape:C-0255"],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: reports, namespace: shop }
        spec:
          selector: { matchLabels: { app: reports } }
          template:
            metadata: { labels: { app: reports } }
            spec:
              serviceAccountName: «reports»
              containers: [{ name: reports, image: "acme/reports:1.4.2" }]
        -- rbac.yaml --
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: reports, namespace: shop }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: reports }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
        subjects: [{ kind: ServiceAccount, name: reports, namespace: shop }]
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: reports }
        spec:
          selector: { matchLabels: { app: reports } }
          template:
            metadata: { labels: { app: reports } }
            spec:
              serviceAccountName: «reports»
              containers: [{ name: reports, image: "acme/reports:1.4.2" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: reports }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reports }
        subjects: [{ kind: ServiceAccount, name: reports, namespace: default }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: reports }
        rules:
          - apiGroups: ["", apps]
            resources: [pods, secrets]
            verbs: [get, list]
        `,
      note: "a role of the workspace, for the whole cluster",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop-operator, namespace: shop }
        spec:
          selector: { matchLabels: { app: shop-operator } }
          template:
            metadata: { labels: { app: shop-operator } }
            spec:
              serviceAccountName: «shop-operator»
              containers: [{ name: operator, image: "acme/shop-operator:1.4.2" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: shop-operator }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shop-operator }
        subjects: [{ kind: ServiceAccount, name: shop-operator, namespace: shop }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: shop-operator }
        rules:
          - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create] }
        `,
      severity: "info",
      note: "an operator may need it",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: reports, namespace: shop }
        spec:
          selector: { matchLabels: { app: reports } }
          template:
            metadata: { labels: { app: reports } }
            spec:
              serviceAccountName: reports
              containers: [{ name: reports, image: "acme/reports:1.4.2" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: ops }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
        subjects: [{ kind: ServiceAccount, name: reports, namespace: ops }, { kind: User, name: reports }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: reports, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
        subjects: [{ kind: ServiceAccount, name: reports, namespace: shop }]
        `,
      note: "the account of another namespace; a stock role in one namespace",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: reports, namespace: shop }
        spec:
          selector: { matchLabels: { app: reports } }
          template:
            metadata: { labels: { app: reports } }
            spec:
              serviceAccountName: reports
              containers: [{ name: reports, image: "acme/reports:1.4.2" }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: reports }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reports }
        subjects: [{ kind: ServiceAccount, name: reports, namespace: shop }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: reports }
        rules:
          - { apiGroups: [""], resources: [secrets], resourceNames: [reports], verbs: [get] }
          - { apiGroups: [shop.example.com], resources: ["*"], verbs: ["*"] }
          - { apiGroups: ["*"], resources: [deployments, secrets/status], verbs: [get, list, watch] }
        `,
      note: "one Secret by name, every verb in a group of one's own",
    },
  ],
  check: {
    pod(pod, report, context) {
      const at = pod.spec.get("serviceAccountName") ?? pod.spec.get("serviceAccount");
      const unit = unitOf(context);
      const deployed = unit?.pod(pod);
      if (at?.string === undefined || unit === undefined || deployed === undefined) return;
      for (const binding of unit.bindingsOf(deployed).sure) {
        const granted = unit.grantedBy(binding);
        const power = granted && clusterPowerOf(granted);
        if (power === undefined) continue;
        const by = titleOf(binding.summary);
        report(at, `${pod.manifest.title} runs as ${at.string}, which ${by} gives ${power}`, {
          severity: talksToApi(deployed.summary.containers) ? "info" : "warning",
          related: pointTo(binding, "The binding", context),
        });
        return;
      }
    },
  },
});
