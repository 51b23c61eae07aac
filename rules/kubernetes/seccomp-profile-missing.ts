import { type Context, type Fix, fixIn, type Pod, rule } from "../../engine/index";
import { harden } from "../shared/kubernetes/harden";
import { breaches, breachOverlaid, hasPodLevel, isForWindows } from "../shared/kubernetes/pod-security";
import { profileAnnotations, profileEdits } from "../shared/kubernetes/seccomp";
import { joined } from "../shared/kubernetes/security-context";

function fixesOf(pod: Pod, context: Context): readonly Fix[] {
  const edits = joined(profileEdits(pod, []));
  const own = fixIn(context.file, "Give the pod a seccomp profile", "unsafe", [edits && { edits }]);
  return [own, harden(pod, context)].filter((fix) => fix !== undefined);
}

export default rule({
  id: "kubernetes/seccomp-profile-missing",
  kind: "kubernetes",
  severity: "info",
  principle: "isolation",
  summary: "A pod does not ask for the runtime's filter of system calls",
  why: `Without a profile a container may use every system call, unless the node's kubelet is set to filter by default. Most ways out of a
container begin with a call that programs do not need, such as \`unshare\` or \`keyctl\`. \`RuntimeDefault\` refuses those, and hardly a
program notices. The annotations of old have been ignored since Kubernetes 1.27.`,
  refs: ["PSS restricted", "CIS 5.6.2", "NSA pod"],
  covers: [
    "checkov:CKV_K8S_31",
    "trivy:KSV-0030",
    "kubescape:C-0055",
    "kubescape:C-0210",
    "kube-score:container-seccomp-profile",
    "polaris:linuxHardening",
    "kics:f377b83e",
    "kyverno:restrict-seccomp-strict",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: report
          namespace: shop
        spec:
          template:
            «spec»:
              automountServiceAccountToken: false
              restartPolicy: Never
              containers:
                - name: report
                  image: acme/report:1.2.3
        `,
      fixed: `
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: report
          namespace: shop
        spec:
          template:
            spec:
              automountServiceAccountToken: false
              restartPolicy: Never
              securityContext:
                seccompProfile:
                  type: RuntimeDefault
              containers:
                - name: report
                  image: acme/report:1.2.3
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: report
          namespace: shop
          annotations:
            seccomp.security.alpha.kubernetes.io/pod: localhost/report.json
            acme.example/team: shop
        «spec»:
          automountServiceAccountToken: false
          securityContext:
            runAsNonRoot: true
          containers:
            - name: report
              image: acme/report:1.2.3
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: report
          namespace: shop
          annotations:
            acme.example/team: shop
        spec:
          automountServiceAccountToken: false
          securityContext:
            runAsNonRoot: true
            seccompProfile:
              type: Localhost
              localhostProfile: report.json
          containers:
            - name: report
              image: acme/report:1.2.3
        `,
      note: "what the annotation asks for is asked for where it counts",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: shop
              image: acme/shop:1.2.3
              securityContext: { seccompProfile: { type: RuntimeDefault } }
            - name: «log»
              image: acme/log:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: shop
              image: acme/shop:1.2.3
              securityContext: { seccompProfile: { type: RuntimeDefault } }
            - name: log
              image: acme/log:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      note: "one container of several",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              securityContext: { seccompProfile: { type: Localhost, localhostProfile: shop.json } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          os: { name: windows }
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
        `,
      note: "Windows has no such filter",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              securityContext:
                {{- toYaml .Values.podSecurityContext | nindent 8 }}
              containers: [{ name: shop, image: "acme/shop:1.2.3" }]
        -- chart/Chart.yaml --
        name: shop
        `,
      file: "chart/templates/shop.yaml",
      note: "a template may leave it to a value",
    },
    {
      good: `
        apiVersion: tekton.dev/v1
        kind: Task
        metadata: { name: build }
        spec:
          steps: [{ name: build, image: "acme/build:1.2.3" }]
        `,
      note: "the run of the task decides",
    },
  ],
  check: {
    pod(pod, report, context) {
      if (!hasPodLevel(pod) || (isForWindows(pod) && !context.kubernetes.isExact)) return;
      const found = breaches(pod, context, "seccompProfile_restricted").filter((v) => v.isMissing);
      const lacking = found.flatMap(({ container }) => container ?? []);
      const old = profileAnnotations(pod).length > 0 ? ": clusters ignore the annotation since 1.27" : "";
      const fix = () => fixesOf(pod, context);
      if (lacking.length > 0 && lacking.length === pod.containers.length) {
        const place = pod.spec.key ?? pod.spec;
        const related = found.slice(0, 1).flatMap((v) => breachOverlaid(pod, v, context).related);
        report(place, `${pod.manifest.title} does not ask for a filter of system calls${old}`, { related, fix });
        return;
      }
      for (const container of lacking)
        report(container.anchor, `${container.name} does not ask for a filter of system calls${old}`, { fix });
    },
  },
});
