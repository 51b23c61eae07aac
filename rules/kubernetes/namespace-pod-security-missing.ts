import {
  choice,
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  newestPolicy,
  rule,
} from "../../engine/index";
import { isSystemNamespace, unitOf } from "../shared/kubernetes/deployed";
import { joined } from "../shared/kubernetes/security-context";

const enforce = "pod-security.kubernetes.io/enforce";

/** Kinds of objects by which other programs decide which pods are let in. */
const policies: readonly (readonly [kind: string, group: string])[] = [
  ["ClusterPolicy", "kyverno.io"],
  ["Policy", "kyverno.io"],
  ["ValidatingPolicy", "policies.kyverno.io"],
  ["ConstraintTemplate", "templates.gatekeeper.sh"],
  ["ValidatingAdmissionPolicy", "admissionregistration.k8s.io"],
  ["SecurityContextConstraints", "security.openshift.io"],
  ["ClusterAdmissionPolicy", "policies.kubewarden.io"],
];

/** Whether pods of the workspace go to the namespace; undefined where it may have the label all the same. */
function hasPods(manifest: Manifest, context: Context): boolean | undefined {
  const unit = unitOf(context);
  const object = unit?.object(manifest);
  if (unit === undefined || object === undefined) return undefined;
  const { labels, name } = object.summary;
  const mayHave = labels.isOpen || labels.pairs.some(([label]) => label === enforce);
  if (mayHave || policies.some(([kind, group]) => unit.everywhere(kind, group).length > 0)) return undefined;
  return unit.objects.some((o) => o.pods.length > 0 && o.namespace === name);
}

function labelled(metadata: Field, file: string): Fix | undefined {
  const labels = {
    [enforce]: choice(1, "baseline"),
    [`${enforce}-version`]: choice(2, `v1.${newestPolicy}`),
    "pod-security.kubernetes.io/warn": "restricted",
  };
  const own = metadata.get("labels");
  const isNew = own === undefined || own.entries.length === 0;
  const edits = isNew
    ? metadata.set(["labels"], labels, { snippet: true })
    : joined(Object.entries(labels).map(([name, value]) => own.set([name], value, { snippet: true })));
  return fixIn(file, "Enforce the level baseline", "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/namespace-pod-security-missing",
  kind: "kubernetes",
  severity: "info",
  principle: "isolation",
  summary: "A namespace that lets in pods of every kind",
  why: `Without a level of the Pod Security Standards the API server takes every pod that somebody may create: a privileged one with the
node's disk mounted as well. One leaked token of a deploy job is then root on a node. \`enforce: baseline\` refuses such pods, and
\`warn: restricted\` shows what is missing for the stricter level without refusing anything.`,
  refs: ["CIS 5.2.1", "NSA pod"],
  covers: ["kyverno:psa/add-psa-labels", "kubescape:C-0192"],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: «shop»
          labels:
            team: shop
        -- orders.yaml --
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            team: shop
            pod-security.kubernetes.io/enforce: baseline
            pod-security.kubernetes.io/enforce-version: v1.37
            pod-security.kubernetes.io/warn: restricted
        -- orders.yaml --
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: shop }
        spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
    },
    {
      bad: `
        { "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": «"shop"» } }
        `,
      fixed: `
        { "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop", "labels": { "pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/enforce-version": "v1.37", "pod-security.kubernetes.io/warn": "restricted" } } }
        `,
      file: "namespace.json",
      note: "without a workload beside it: for the strict",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: kube-system }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: default }
        `,
      note: "enforced; or the cluster's own",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop }
        -- policies.yaml --
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        metadata: { name: disallow-privileged-containers }
        spec: { rules: [] }
        `,
      note: "another program decides",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: {{ .Values.namespace }}
          labels: {{- toYaml .Values.labels | nindent 4 }}
        `,
      file: "charts/shop/templates/namespace.yaml",
      note: "only the values tell",
    },
    {
      good: `
        apiVersion: project.example.com/v1
        kind: Namespace
        metadata: { name: shop }
        `,
      note: "another kind of namespace",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const { metadata, name } = manifest;
      if (!manifest.is("Namespace", "") || manifest.isPartial || metadata === undefined || name === undefined) return;
      if (isSystemNamespace(name) || name === "default" || manifest.label(enforce) !== undefined) return;
      const isUsed = hasPods(manifest, context);
      if (isUsed === undefined) return;
      report(
        manifest.anchor,
        `The namespace ${name} lets in pods of every kind: it enforces no level of Pod Security`,
        {
          ...(isUsed ? {} : { preset: "strict" as const }),
          fix: () => labelled(metadata, context.file),
        },
      );
    },
  },
});
