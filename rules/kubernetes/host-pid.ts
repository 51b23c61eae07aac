import { fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/host-pid",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "A pod sees the processes of its node",
  why: `Such a pod sees every process of its node and, as root, can send them signals, read their environment with its passwords,
and look into their files under \`/proc/<pid>/root\`. With one more capability it enters the node itself: \`nsenter -t 1 -m\` is a root shell
there. To look into a neighbour's processes, share them between the containers of one pod (\`shareProcessNamespace\`).`,
  refs: ["PSS baseline", "CIS 5.2.3", "NSA pod", "CWE-668"],
  covers: [
    "kube-linter:host-pid",
    "checkov:CKV_K8S_17",
    "trivy:KSV-0010",
    "kubescape:C-0038",
    "polaris:hostPIDSet",
    "kubesec:HostPID",
    "kics:302736f4",
    "kyverno:disallow-host-namespaces",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: report
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  hostPID: «true»
                  # what it does
                  containers:
                    - name: report
                      image: acme/report:1.2.3
        `,
      fixed: `
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: report
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  # what it does
                  containers:
                    - name: report
                      image: acme/report:1.2.3
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Pod
            metadata: { name: tool }
            spec: { hostPID: «on», containers: [{ name: tool, image: "acme/tool:1.2.3" }] }
        `,
      fixed: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Pod
            metadata: { name: tool }
            spec: { containers: [{ name: tool, image: "acme/tool:1.2.3" }] }
        `,
      note: "in a list",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { hostPID: false, containers: [{ name: web, image: "acme/web:1.2.3" }] }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          hostPID: {{ .Values.hostPID }}
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "a value decides",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: notes }
        data: { spec: "hostPID: true" }
        `,
      note: "a text",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at } of breaches(pod, context, "hostNamespaces")) {
        if (at.start !== pod.spec.get("hostPID")?.start) continue;
        const message = `${pod.manifest.title} sees and can disturb every process of its node${ifConditional(at)}`;
        report(at, message, {
          severity: severityAt("error", at, pod),
          fix: () => {
            const edits = at.remove();
            return fixIn(context.file, "Remove hostPID", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
