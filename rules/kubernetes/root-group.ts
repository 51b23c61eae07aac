import { type Context, type Field, type Fix, fixIn, type Pod, rule } from "../../engine/index";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { someUser, withUserChoice } from "../shared/kubernetes/security-context";

/** Images of a platform that gives every pod a user of its own, in group 0. */
const arbitrary = /^(?:registry\.(?:access\.)?redhat\.(?:io|com)|quay\.io\/(?:openshift|centos|sclorg|fedora))\b/;

const isForOpenShift = (pod: Pod): boolean => pod.containers.some(({ image }) => arbitrary.test(image?.string ?? ""));

/** Where group 0 is written in a security context; that of root himself goes without saying. */
function groupsIn(context: Field | undefined): readonly Field[] {
  if (context === undefined || context.get("runAsUser")?.number === 0) return [];
  const all = [context.get("runAsGroup"), context.get("fsGroup"), ...(context.get("supplementalGroups")?.items ?? [])];
  return all.flatMap((at) => (at?.number === 0 ? [at] : []));
}

function change(at: Field, context: Context): Fix | undefined {
  const edits = withUserChoice(at.replace(someUser));
  return fixIn(context.file, "Use another group", "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/root-group",
  kind: "kubernetes",
  severity: "hint",
  principle: "least-privilege",
  summary: "A pod that runs in, or hands its files to, the group of root",
  why: `Many files of an image, and of volumes that others wrote, belong to group 0 and let it write: a program that runs in that group
can change more than its own, such as \`/etc/passwd\` in images made for OpenShift. Use a group that nothing else has, and give it the
files that the program writes.`,
  refs: ["NSA pod"],
  covers: ["kube-linter:run-as-non-root", "trivy:KSV-0116", "kyverno:require-non-root-groups"],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext:
            runAsUser: 10001
            runAsGroup: «0» # for the volume
            fsGroup: «0»
            supplementalGroups: [2000, «0»]
          containers:
            - name: orders
              image: acme/orders:1.4.2
              securityContext: { runAsGroup: «0» }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext:
            runAsUser: 10001
            runAsGroup: 10001 # for the volume
            fsGroup: 10001
            supplementalGroups: [2000, 10001]
          containers:
            - name: orders
              image: acme/orders:1.4.2
              securityContext: { runAsGroup: 10001 }
        `,
    },
    {
      bad: `
        { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "orders" },
          "spec": { "securityContext": { "fsGroup": «0» }, "containers": [{ "name": "orders", "image": "acme/orders:1.4.2" }] } }
        `,
      fixed: `
        { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "orders" },
          "spec": { "securityContext": { "fsGroup": 10001 }, "containers": [{ "name": "orders", "image": "acme/orders:1.4.2" }] } }
        `,
      file: "pod.json",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext: { runAsUser: 0, runAsGroup: 0 }
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
      note: "the user says it already",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext: { runAsGroup: 10001, fsGroup: 2000, supplementalGroups: [] }
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext: { runAsUser: 1001, runAsGroup: 0 }
          containers: [{ name: web, image: "registry.access.redhat.com/ubi9/nginx-124:1" }]
        `,
      note: "an image that is made for group 0",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext: { runAsGroup: {{ .Values.group }} }
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
      file: "charts/shop/templates/pod.yaml",
      note: "only the values tell",
    },
  ],
  check: {
    pod(pod, report, context) {
      if (isForOpenShift(pod)) return;
      const places = [
        ...groupsIn(pod.securityContext).map((at) => ({ at, who: pod.manifest.title })),
        ...pod.containers.flatMap((c) => groupsIn(c.securityContext).map((at) => ({ at, who: c.name }))),
      ];
      for (const { at, who } of places) {
        report(at, `${who} has the group of root${ifConditional(at)}`, {
          severity: severityAt("hint", at, pod),
          fix: () => change(at, context),
        });
      }
    },
  },
});
