import { fixIn, rule } from "../../engine/index";
import { isSystemNamespace } from "../shared/kubernetes/deployed";
import { lowered } from "../shared/kubernetes/weight";

/** Programs that serve the nodes: networks, disks, devices, watchers. General knowledge, 2026-08. */
const serving =
  /(?:^|-)(?:cni|csi|calico|tigera|cilium|flannel|antrea|multus|metallb|weave|istio|linkerd|rook|ceph|longhorn|openebs|portworx|piraeus|linstor|storage|monitoring|observability|prometheus|node|nodes|exporter|logging|loki|fluent|fluentd|fluentbit|datadog|dynatrace|newrelic|falco|tetragon|sysdig|twistlock|gpu|nvidia|amd|sriov|network|kured|velero|ingress|traefik|kubevirt|cdi|system)(?:-|$)/;

export default rule({
  id: "kubernetes/namespace-pod-security-privileged",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "A namespace that lets in privileged pods by its label",
  why: `\`enforce: privileged\` means no check at all: a pod may share the node's processes and mount its disk. Whoever can create pods
there, the deploy job's token included, is root on the nodes, and through them in every other namespace. Enforce \`baseline\`, and
move the one pod that needs more into a namespace of its own.`,
  refs: ["CIS 5.2.1"],
  covers: ["kyverno:psa/deny-privileged-profile"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: «privileged» # for the migration
            pod-security.kubernetes.io/warn: privileged
        `,
      fixed: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: baseline # for the migration
            pod-security.kubernetes.io/warn: privileged
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: «"privileged"» } }
        `,
      fixed: `
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: "baseline" } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata: { name: kube-system, labels: { pod-security.kubernetes.io/enforce: privileged } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: longhorn-system, labels: { pod-security.kubernetes.io/enforce: privileged } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: monitoring, labels: { pod-security.kubernetes.io/enforce: privileged } }
        `,
      note: "programs that serve the nodes",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted
            pod-security.kubernetes.io/audit: privileged
        `,
      note: "what is only recorded refuses nothing",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: {{ .Values.namespace }}
          labels: { pod-security.kubernetes.io/enforce: {{ .Values.level }} }
        `,
      file: "charts/shop/templates/namespace.yaml",
      note: "only the values tell",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const at = manifest.label("pod-security.kubernetes.io/enforce");
      if (!manifest.is("Namespace", "") || at?.string !== "privileged") return;
      const { name } = manifest;
      if (name === undefined || isSystemNamespace(name) || serving.test(name)) return;
      report(at, `The namespace ${name} lets in privileged pods`, {
        severity: lowered("warning", at),
        fix: () => {
          const edits = at.replace("baseline");
          return fixIn(context.file, "Enforce the level baseline", "unsafe", [edits && { edits }]);
        },
      });
    },
  },
});
