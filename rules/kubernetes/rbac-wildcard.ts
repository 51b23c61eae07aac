import { choice, type Field, type FileEdits, type Fix, fixIn, rule, type Severity } from "../../engine/index";
import { wildcardIn, workloads } from "../shared/kubernetes/escalation";
import { inWords, itemIn, type Permission, permissionsOf } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

const core = ["configmaps", "endpoints", "events", "namespaces", "nodes", "persistentvolumeclaims", "secrets"];

/** The group that has all of the resources, where that is known. */
function groupOf(resources: readonly Field[]): string | undefined {
  const names = resources.map(({ string }) => (string ?? "").replace(/\/.*/s, ""));
  const all = [...workloads, { group: "", resources: [...core, "services", "serviceaccounts"] }];
  const groups = new Set(names.map((name) => all.find((w) => w.resources.includes(name))?.group));
  return groups.size === 1 ? [...groups][0] : undefined;
}

const isFlow = ({ node: { node } }: Field): boolean =>
  (node.kind === "list" || node.kind === "map") && node.style === "flow";

/** Gives a list other texts, in the style that it has. */
function relist(list: Field | undefined, texts: readonly string[]): FileEdits | undefined {
  const isAlone = list?.parent !== undefined && isFlow(list) && !isFlow(list.parent);
  const written = `[${texts.map((text) => (text === "" ? '""' : text)).join(", ")}]`;
  const edits = isAlone ? list.rewrite(written) : list?.replace(texts, { snippet: true });
  return edits && { edits };
}

function namingFix({ field, groups, resources, verbs, urls }: Permission, file: string): Fix | undefined {
  const [isAnyGroup, isAnyResource, isAnyVerb] = [groups, resources, verbs].map((list) => itemIn(list, ["*"]));
  if (urls.length > 0 || (!isAnyResource && !isAnyVerb)) return undefined;
  const group = isAnyResource ? "" : groupOf(resources);
  if (isAnyGroup && group === undefined) return undefined;
  const what = inWords([...(isAnyResource ? ["resources"] : []), ...(isAnyVerb ? ["verbs"] : [])]);
  return fixIn(file, `Name the ${what}`, "guided", [
    ...(isAnyGroup ? [relist(field.get("apiGroups"), [group ?? ""])] : []),
    ...(isAnyResource ? [relist(field.get("resources"), [choice(1, "pods")])] : []),
    ...(isAnyVerb ? [relist(field.get("verbs"), [choice(2, "get"), choice(3, "list"), choice(4, "watch")])] : []),
  ]);
}

/** In one namespace even everything is less than the cluster. */
const severityIn = (severity: Severity, kind: string): Severity =>
  severity === "error" && kind === "Role" ? "warning" : severity;

export default rule({
  id: "kubernetes/rbac-wildcard",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "A role that allows every verb, or every resource",
  why: `A \`*\` stands for all there is and all that will ever be: with the next operator the role reaches its objects as well, and among
the verbs are \`impersonate\`, \`bind\` and \`escalate\`. Whoever gets hold of one pod's token then reads all Secrets, or makes himself
administrator. List the resources that the program works with and what it does with them; the audit log tells both.`,
  refs: ["CIS 5.1.3", "CWE-250"],
  covers: [
    "kube-linter:wildcard-in-rules",
    "checkov:CKV_K8S_49",
    "trivy:KSV-0044",
    "trivy:KSV-0045",
    "trivy:KSV-0046",
    "trivy:KSV-0112",
    "kubescape:C-0187",
    "kics:6b896afb",
    "kyverno:restrict-wildcard-verbs",
    "kyverno:restrict-wildcard-resources",
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
          - apiGroups: [«"*"»]
            resources: ["*"]
            verbs: ["*"]
          - apiGroups: ["", apps]
            resources:
              - «'*'»
            verbs:
              - '*'
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: reports
        rules:
          - apiGroups: [""]
            resources: [pods]
            verbs: [get, list, watch]
          - apiGroups: ["", apps]
            resources:
              - pods
            verbs:
              - get
              - list
              - watch
        `,
      severity: "error",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: reports, namespace: shop }
        rules:
          - { apiGroups: [apps], resources: [deployments], verbs: [«"*"»] }
          - { apiGroups: [""], resources: [«"*"»], verbs: [get, list] }
          - { apiGroups: [""], resources: [«"*"»], verbs: ["*"] }
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: reports, namespace: shop }
        rules:
          - { apiGroups: [apps], resources: [deployments], verbs: [get, list, watch] }
          - { apiGroups: [""], resources: [pods], verbs: [get, list] }
          - { apiGroups: [""], resources: [pods], verbs: [get, list, watch] }
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: shop-operator }
        rules:
          - apiGroups: [shop.example.com]
            resources: [«"*"»]
            verbs: ["*"]
          - apiGroups: [apps]
            resources: [«"*"»]
            verbs: [get, list, watch]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: shop-operator }
        rules:
          - apiGroups: [shop.example.com]
            resources: [pods]
            verbs: [get, list, watch]
          - apiGroups: [apps]
            resources: [pods]
            verbs: [get, list, watch]
        `,
      severity: "info",
      note: "an operator's own objects; all that is read",
    },
    {
      bad: `
        kind: List
        apiVersion: v1
        items:
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: metrics }
            rules: [{ nonResourceURLs: [«"*"»], verbs: ["*"] }]
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: viewer }
        rules:
          - { apiGroups: [«"*"»], resources: [widgets], verbs: [get] }
          - { apiGroups: [""], resources: [configmaps], resourceNames: [leader], verbs: [«"*"»] }
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: viewer }
        rules:
          - { apiGroups: ["*"], resources: [widgets], verbs: [get] }
          - { apiGroups: [""], resources: [configmaps], resourceNames: [leader], verbs: [get, list, watch] }
        `,
      severity: "hint",
      remains: "nobody knows whose the widgets are",
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: shop }
        rules:
          - apiGroups: [""]
            resources: [«"*"»]
            verbs: {{ toYaml .Values.verbs | nindent 6 }}
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: shop }
        rules:
          - apiGroups: [""]
            resources: [pods]
            verbs: {{ toYaml .Values.verbs | nindent 6 }}
        `,
      file: "chart/templates/role.yaml",
      note: "values say what it may do with them",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: monitoring }
        rules: []
        aggregationRule:
          clusterRoleSelectors: [{ matchLabels: { monitoring: "true" } }]
        `,
      note: "a controller fills it",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: cluster-admin
          labels:
            kubernetes.io/bootstrapping: rbac-defaults
        rules:
          - { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }
          - { nonResourceURLs: ["*"], verbs: ["*"] }
        `,
      note: "the cluster's own, exported",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: health }
        rules:
          - { nonResourceURLs: ["*"], verbs: [get] }
          - { nonResourceURLs: [/healthz], verbs: ["*"] }
          - { apiGroups: [apps], resources: [deployments, "*/scale"], verbs: [get] }
          - { apiGroups: [apps], verbs: ["*"] }
        `,
      note: "reading paths; one subresource; nothing at all",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: "{{ .Release.Name }}" }
        rules:
          - apiGroups: [""]
            resources: {{ .Values.resources | toJson }}
            verbs: [{{ .Values.verb }}]
        `,
      file: "charts/shop/templates/role.yaml",
      note: "only the values tell",
    },
    {
      good: `
        apiVersion: shop.example.com/v1
        kind: ClusterRole
        metadata: { name: all }
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]
        `,
      note: "somebody's own kind of object",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      for (const permission of permissionsOf(manifest)) {
        const found = wildcardIn(permission);
        if (found === undefined) continue;
        report(found.at, `${manifest.title} may ${found.deed}`, {
          severity: lowered(severityIn(found.severity, manifest.kind), found.at),
          fix: () => namingFix(permission, context.file),
        });
      }
    },
  },
});
