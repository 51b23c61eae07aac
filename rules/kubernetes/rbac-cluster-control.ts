import { type Context, type Field, type Manifest, rule, type Severity } from "../../engine/index";
import { isSystemNamespace, unitOf } from "../shared/kubernetes/deployed";
import { isNamespaced, itemIn, type Permission, permissionsOf, resourcesIn } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

interface Control {
  readonly at: Field;
  readonly deed: string;
  readonly severity: Severity;
}

const writing = ["create", "update", "patch", "delete", "deletecollection"];
const changing = ["create", "update", "patch"];
const everyVerb = ["get", "list", "watch", ...writing];

const admission = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"];
const policies = ["validatingadmissionpolicies", "mutatingadmissionpolicies"].flatMap((p) => [
  p,
  p.replace("policies", "policybindings"),
]);

/** Objects that decide where traffic goes, by their groups. */
const routing = [
  { groups: [""], resources: ["endpoints", "services/status"] },
  { groups: ["discovery.k8s.io"], resources: ["endpointslices"] },
  { groups: ["networking.k8s.io", "extensions"], resources: ["ingresses", "networkpolicies"] },
];

/** What a rule does to the cluster, apart from its objects. */
function controlIn(permission: Permission, manifest: Manifest, context: Context): Control | undefined {
  const config = configIn(permission, manifest, context);
  if (config !== undefined || permission.names !== undefined || isNamespaced(manifest, context)) return config;
  const [node] = resourcesIn(permission, { groups: [""], resources: ["nodes/proxy"], verbs: everyVerb });
  if (node !== undefined)
    return {
      at: node,
      deed: "speak to the kubelet of every node, which runs commands in all pods",
      severity: "warning",
    };
  const resources = [...admission, ...policies];
  const [hook] = resourcesIn(permission, { groups: ["admissionregistration.k8s.io"], resources, verbs: writing });
  if (hook !== undefined)
    return { at: hook, deed: "change what the API server lets in, and read it", severity: "warning" };
  const [route] = routing.flatMap((r) => resourcesIn(permission, { ...r, verbs: changing }));
  return (
    route && { at: route, deed: `change ${route.string} of every namespace: who gets whose traffic`, severity: "info" }
  );
}

/** Config maps that the cluster itself reads. */
function configIn(permission: Permission, manifest: Manifest, context: Context): Control | undefined {
  const [at] = resourcesIn(permission, { groups: [""], resources: ["configmaps"], verbs: changing });
  if (at === undefined) return undefined;
  const name = itemIn(permission.names ?? [], ["coredns", "aws-auth"])?.string;
  if (name === "aws-auth")
    return { at, deed: "change aws-auth: who is administrator of the cluster", severity: "warning" };
  if (name === "coredns")
    return { at, deed: "change coredns: where every name of the cluster leads", severity: "warning" };
  const namespace = unitOf(context)?.object(manifest)?.namespace ?? manifest.namespace;
  if (permission.names !== undefined || manifest.kind !== "Role" || !isSystemNamespace(namespace)) return undefined;
  return namespace === "kube-system"
    ? { at, deed: "change every ConfigMap of kube-system, the settings of DNS among them", severity: "warning" }
    : undefined;
}

export default rule({
  id: "kubernetes/rbac-cluster-control",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "A role that reaches nodes, admission, DNS or the traffic of the whole cluster",
  why: `Some resources are levers of the cluster itself. \`nodes/proxy\` speaks to the kubelet, past the API server's checks and its audit
log, and runs commands in every pod of the node. A webhook of one's own sees every Secret that is written and may change every pod.
Endpoints that lead elsewhere take over a service. Name the objects with \`resourceNames\`; metrics need \`nodes/metrics\` only.`,
  refs: ["CIS 5.1.10", "CIS 5.1.12"],
  covers: [
    "checkov:CKV_K8S_155",
    "checkov:CKV2_K8S_2",
    "checkov:CKV2_K8S_4",
    "trivy:KSV-0047",
    "trivy:KSV-0049",
    "trivy:KSV-0056",
    "trivy:KSV-0114",
    "trivy:KSV-0115",
    "kubescape:C-0037",
    "kubescape:C-0279",
    "kubescape:C-0281",
    "kyverno:restrict-clusterrole-nodesproxy",
    "kyverno:restrict-edit-for-endpoints",
  ],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: prometheus }
        rules:
          - apiGroups: [""]
            resources: [nodes, «nodes/proxy», services, pods]
            verbs: [get, list, watch]
          - apiGroups: [admissionregistration.k8s.io]
            resources: [«mutatingwebhookconfigurations»]
            verbs: [create]
          - apiGroups: [admissionregistration.k8s.io]
            resources:
              - «validatingadmissionpolicybindings»
            verbs: ["*"]
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: settings, namespace: kube-system }
        rules:
          - { apiGroups: [""], resources: [«configmaps»], verbs: [update] }
          - { apiGroups: [""], resources: [«configmaps»], resourceNames: [aws-auth], verbs: [get, patch] }
        `,
      note: "settings of the cluster",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: router }
        rules:
          - { apiGroups: [""], resources: [«endpoints»], verbs: [update] }
          - { apiGroups: [networking.k8s.io], resources: [«networkpolicies»], verbs: [patch] }
        `,
      severity: "info",
      note: "traffic",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: metrics }
        rules:
          - { apiGroups: [""], resources: [nodes/metrics, nodes/stats, endpoints], verbs: [get, list] }
          - apiGroups: [admissionregistration.k8s.io]
            resources: [validatingwebhookconfigurations]
            resourceNames: [shop-webhook]
            verbs: [update, patch]
          - { apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], verbs: [get, watch] }
          - { apiGroups: [networking.k8s.io], resources: [ingresses/status], verbs: [update] }
          - { apiGroups: [""], resources: [configmaps], verbs: [create, update] }
        `,
      note: "reading; its own webhook",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: leader, namespace: shop }
        rules:
          - { apiGroups: [""], resources: [endpoints, configmaps], verbs: [create, update] }
          - { apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [create] }
        `,
      note: "in a namespace of one's own",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: leader }
        rules: [{ apiGroups: [""], resources: [endpoints], verbs: [update] }]
        -- bindings.yaml --
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: leader, namespace: shop }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: leader }
        subjects: [{ kind: ServiceAccount, name: shop }]
        `,
      note: "bound in one namespace",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      for (const permission of permissionsOf(manifest)) {
        const found = controlIn(permission, manifest, context);
        if (found === undefined) continue;
        report(found.at, `${manifest.title} may ${found.deed}`, { severity: lowered(found.severity, found.at) });
      }
    },
  },
});
