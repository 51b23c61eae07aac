import { type Container, type Context, type Fix, fixIn, rule } from "../../engine/index";
import { writableFolders } from "../shared/images/health";
import { isInjected } from "../shared/kubernetes/container-images";
import { mountEmpty } from "../shared/kubernetes/empty-folders";
import { harden } from "../shared/kubernetes/harden";
import { containerOverlaid } from "../shared/kubernetes/overlays";
import { hasPodLevel, ifConditional, isForWindows, misplaced, severityAt } from "../shared/kubernetes/pod-security";
import { isPatchedLater } from "../shared/kubernetes/resources";
import { joined, secure } from "../shared/kubernetes/security-context";

const key = "readOnlyRootFilesystem";

function fixes(container: Container, context: Context): readonly Fix[] {
  const { pod, reference } = container;
  const edits = secure(container.field, [[[key], true]]);
  const lock = fixIn(context.file, `Set ${key}: true`, "unsafe", [edits && { edits }]);
  if (pod.isPartial) return lock === undefined ? [] : [lock];
  const folders = (reference && writableFolders(reference)) ?? ["/tmp"];
  const mounts = hasPodLevel(pod) ? mountEmpty(container, folders) : undefined;
  const both = mounts === undefined || mounts.length === 0 ? undefined : joined([edits, mounts]);
  const title = `Set ${key}: true, with room to write in ${folders.join(", ")}`;
  const withRoom = both && fixIn(context.file, title, "unsafe", [{ edits: both }]);
  return [lock, withRoom, harden(pod, context)].filter((fix) => fix !== undefined);
}

export default rule({
  id: "kubernetes/writable-root-filesystem",
  kind: "kubernetes",
  severity: "info",
  principle: "isolation",
  summary: "A container whose root file system is not read-only",
  why: `Who gets in through a flaw wants to stay: he replaces a script that the program loads, or stores his tools beside it and runs them.
On a read-only file system there is no place for that, and a path that writes uploads where they do not belong fails. Mount an
\`emptyDir\` at the folders that the program writes to, \`/tmp\` as a rule.`,
  refs: ["NSA pod"],
  covers: [
    "kube-linter:no-read-only-root-fs",
    "checkov:CKV_K8S_22",
    "trivy:KSV-0014",
    "kubescape:C-0017",
    "kube-score:container-security-context-readonlyrootfilesystem",
    "polaris:notReadOnlyRootFilesystem",
    "kubesec:ReadOnlyRootFilesystem",
    "kics:a9c2f49d",
    "kyverno:require-ro-rootfs",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: orders
        spec:
          containers:
            - name: «orders»
              image: acme/orders:1.4.2
              resources: &some { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
              securityContext:
                runAsNonRoot: true
                allowPrivilegeEscalation: false
                capabilities: { drop: [ALL] }
                seccompProfile: { type: RuntimeDefault }
            - name: proxy
              image: acme/proxy:2.0.1
              resources: *some
              securityContext:
                readOnlyRootFilesystem: «false» # writes its cache
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: orders
        spec:
          containers:
            - name: orders
              image: acme/orders:1.4.2
              resources: &some { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
              securityContext:
                runAsNonRoot: true
                allowPrivilegeEscalation: false
                capabilities: { drop: [ALL] }
                seccompProfile: { type: RuntimeDefault }
                readOnlyRootFilesystem: true
            - name: proxy
              image: acme/proxy:2.0.1
              resources: *some
              securityContext:
                readOnlyRootFilesystem: true # writes its cache
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault }, readOnlyRootFilesystem: true }
          containers:
            - name: «orders»
              image: acme/orders:1.4.2
              resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault }, readOnlyRootFilesystem: true }
          containers:
            - name: orders
              image: acme/orders:1.4.2
              resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] }, readOnlyRootFilesystem: true }
        `,
      note: "for the whole pod it has no effect",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              containers:
                - name: orders
                  image: {{ .Values.image }}
                  securityContext:
                    readOnlyRootFilesystem: «false»
        -- charts/shop/Chart.yaml --
        name: shop
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              containers:
                - name: orders
                  image: {{ .Values.image }}
                  securityContext:
                    readOnlyRootFilesystem: true
        `,
      file: "charts/shop/templates/orders.yaml",
      note: "written in a template",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          containers: [{ name: orders, image: "acme/orders:1.4.2", securityContext: { readOnlyRootFilesystem: true } }]
          ephemeralContainers: [{ name: debug, image: "acme/debug:1.4.2" }]
        `,
      note: "read-only; and a container to look for faults with",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          nodeSelector: { kubernetes.io/os: windows }
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
      note: "Windows cannot",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              containers:
                - name: orders
                  image: acme/orders:1.4.2
                  securityContext: {{- toYaml .Values.securityContext | nindent 12 }}
        -- charts/shop/Chart.yaml --
        name: shop
        `,
      file: "charts/shop/templates/orders.yaml",
      note: "the values may say it",
    },
  ],
  check: {
    container(container, report, context) {
      const { pod, role, name, securityContext } = container;
      if (role === "ephemeral" || isForWindows(pod) || isInjected(container)) return;
      const own = securityContext?.get(key);
      if (own !== undefined) {
        if (own.boolean !== false) return;
        const severity = severityAt("info", own, pod);
        report(own, `The root file system of ${name} is not read-only${ifConditional(own)}`, {
          severity,
          fix: () => fixes(container, context),
        });
        return;
      }
      if (pod.isPartial || isPatchedLater(pod) || container.field.isOpen || securityContext?.isOpen === true) return;
      const { isCured, related } = containerOverlaid(container, context, ["securityContext", key]);
      if (isCured) return;
      const why = misplaced(pod, key) === undefined ? "" : `: for the whole pod, \`${key}\` has no effect`;
      report(container.anchor, `The root file system of ${name} is not read-only${why}`, {
        severity: severityAt("info", container.field, pod),
        related,
        fix: () => fixes(container, context),
      });
    },
  },
});
