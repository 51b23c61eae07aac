import { fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/host-ipc",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "A pod shares the memory segments of its node",
  why: `Such a pod reaches the shared memory, semaphores and message queues of its node and of every other pod that does the same.
A database keeps its pages in such memory: an intruder in this pod reads and changes them without ever asking the database. Containers of one
pod share them anyway.`,
  refs: ["PSS baseline", "CIS 5.2.4", "NSA pod", "CWE-668"],
  covers: [
    "kube-linter:host-ipc",
    "checkov:CKV_K8S_18",
    "trivy:KSV-0008",
    "kubescape:C-0038",
    "polaris:hostIPCSet",
    "kubesec:HostIPC",
    "kics:cd290efd",
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
                  hostIPC: «true»
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
            spec: { hostIPC: «on», containers: [{ name: tool, image: "acme/tool:1.2.3" }] }
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
        spec: { hostIPC: false, containers: [{ name: web, image: "acme/web:1.2.3" }] }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          hostIPC: {{ .Values.hostIPC }}
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "a value decides",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: notes }
        data: { spec: "hostIPC: true" }
        `,
      note: "a text",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at } of breaches(pod, context, "hostNamespaces")) {
        if (at.start !== pod.spec.get("hostIPC")?.start) continue;
        const message = `${pod.manifest.title} reaches the shared memory of its node's processes${ifConditional(at)}`;
        report(at, message, {
          severity: severityAt("error", at, pod),
          fix: () => {
            const edits = at.remove();
            return fixIn(context.file, "Remove hostIPC", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
