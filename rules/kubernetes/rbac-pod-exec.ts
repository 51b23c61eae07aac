import { rule } from "../../engine/index";
import { execIn } from "../shared/kubernetes/escalation";
import { permissionsOf } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

export default rule({
  id: "kubernetes/rbac-pod-exec",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "A role that opens a shell, or a port, in pods that run",
  why: `Who may run commands in a pod has all that the pod has: its Secrets, its account's token, its place in the network, and root on the
node where one of the pods is privileged. No log of the program shows it. Such a right belongs to people, for a limited time, in one
namespace, and not to the account of a program; debug with a copy of the pod instead.`,
  refs: ["CWE-250"],
  covers: [
    "checkov:CKV2_K8S_2",
    "trivy:KSV-0053",
    "trivy:KSV-0054",
    "kubescape:C-0002",
    "kubescape:C-0063",
    "polaris:clusterrolePodExecAttach",
    "polaris:rolePodExecAttach",
    "polaris:clusterrolebindingPodExecAttach",
    "polaris:rolebindingClusterRolePodExecAttach",
    "polaris:rolebindingRolePodExecAttach",
  ],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: runner }
        rules:
          - apiGroups: [""]
            resources: [pods, «pods/exec», pods/attach]
            verbs: [get, create]
          - apiGroups: [""]
            resources:
              - «pods/portforward»
            verbs:
              - "*"
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: debug, namespace: shop }
        rules: [{ apiGroups: [""], resources: [«pods/ephemeralcontainers»], verbs: [patch] }]
        `,
      note: "a container of one's own in somebody else's pod",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: backup, namespace: shop }
        rules: [{ apiGroups: [""], resources: [«pods/exec»], resourceNames: [db-0], verbs: [create] }]
        `,
      severity: "info",
      note: "one pod",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: viewer, namespace: shop }
        rules:
          - { apiGroups: [""], resources: [pods, pods/log, pods/status], verbs: [get, list, watch] }
          - { apiGroups: [""], resources: [pods/exec], verbs: [delete] }
          - { apiGroups: [""], resources: [pods/ephemeralcontainers], verbs: [get] }
        `,
      note: "looking on",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: games, namespace: shop }
        rules: [{ apiGroups: [whales.example.com], resources: [pods/exec], verbs: [create] }]
        `,
      note: "another kind of pods",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: edit, labels: { kubernetes.io/bootstrapping: rbac-defaults } }
        rules: [{ apiGroups: [""], resources: [pods/exec], verbs: [create, get] }]
        `,
      note: "the cluster's own, exported",
    },
  ],
  check: {
    manifest(manifest, report) {
      for (const permission of permissionsOf(manifest)) {
        const found = execIn(permission);
        if (found === undefined) continue;
        const severity = lowered(found.severity, found.at);
        report(found.at, `${manifest.title} may ${found.deed} in its reach`, { severity });
      }
    },
  },
});
