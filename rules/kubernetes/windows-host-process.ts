import { fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/windows-host-process",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "A Windows container runs as a process of its node",
  why: `A HostProcess container is no container: it runs on the Windows node itself, sees its disks and registry, and usually under
the account \`NT AUTHORITY\\SYSTEM\`. Whoever breaks into it owns the node and the secrets of every pod there. Only what installs drivers
or configures the node's network needs it.`,
  refs: ["PSS baseline", "CIS 5.2.10"],
  covers: ["trivy:KSV-0103", "kubescape:C-0202", "polaris:hostProcess", "kyverno:disallow-host-process"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          os: { name: windows }
          securityContext:
            runAsNonRoot: true
            windowsOptions:
              hostProcess: «true»
          containers:
            - name: tool
              image: acme/tool:1.2.3
              securityContext:
                windowsOptions: { hostProcess: «true», runAsUserName: ContainerUser }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          os: { name: windows }
          securityContext:
            runAsNonRoot: true
          containers:
            - name: tool
              image: acme/tool:1.2.3
              securityContext:
                windowsOptions: { runAsUserName: ContainerUser }
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: tool }
        spec:
          template:
            spec:
              containers:
                - name: tool
                  image: acme/tool:1.2.3
                  securityContext: { windowsOptions: { hostProcess: «true» } }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: tool }
        spec:
          template:
            spec:
              containers:
                - name: tool
                  image: acme/tool:1.2.3
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { windowsOptions: { hostProcess: false } }
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { windowsOptions: { runAsUserName: ContainerUser } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { windowsOptions: { hostProcess: {{ .Values.hostProcess }} } }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "a value decides",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          windowsOptions: { hostProcess: true }
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      note: "not where the API reads it",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at, container } of breaches(pod, context, "windowsHostProcess")) {
        const who = container === undefined ? `Every container of ${pod.manifest.title}` : container.name;
        report(at, `${who} runs on the Windows node itself, outside of any container${ifConditional(at)}`, {
          severity: severityAt("error", at, pod),
          fix: () => {
            const edits = at.removeUpTo(container?.field ?? pod.spec);
            return fixIn(context.file, "Remove hostProcess", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
