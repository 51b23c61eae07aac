import { choice, fixIn, rule } from "../../engine/index";
import { sourceType } from "../shared/kubernetes/host-paths";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { replaceEntry } from "../shared/kubernetes/security-context";

export default rule({
  id: "kubernetes/restricted-volume-type",
  kind: "kubernetes",
  severity: "info",
  principle: "isolation",
  summary: "A pod mounts storage by itself instead of claiming it",
  why: `Volume types such as \`nfs\`, \`iscsi\` or \`cephfs\` let whoever writes the pod choose the server and what is mounted from it, with the
node's rights: from another team's export, say. The restricted level leaves that choice to the cluster's owners, through
PersistentVolumeClaims and CSI drivers. \`gitRepo\` is worse: the kubelet runs git as root on the node, and a repository with
hooks in a submodule runs what it likes there (CVE-2024-10220); clone in an init container instead.`,
  refs: ["PSS restricted", "CVE-2024-10220"],
  covers: ["trivy:KSV-0028", "kyverno:restrict-volume-types"],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
          volumes:
            - name: media
              «nfs»:
                server: files.acme.example
                path: /media
            - { name: pages, «cephfs»: { monitors: ["10.0.0.5:6789"] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
          volumes:
            - name: media
              persistentVolumeClaim:
                claimName: media
            - { name: pages, persistentVolumeClaim: { claimName: pages } }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
          volumes:
            - name: source
              «gitRepo»: { repository: "https://git.acme.example/web" }
        `,
      severity: "error",
      note: "code of the repository runs on the node",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
          volumes:
            - { name: a }
            - { name: b, emptyDir: null }
            - { name: c, nfs: null, configMap: { name: c } }
            - { name: d, csi: { driver: csi.acme.example } }
            - { name: e, image: { reference: "acme/data:1" } }
            - { name: f, projected: { sources: [] } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
          volumes: [{ name: a, hostPath: { path: /srv } }]
        `,
      note: "other rules speak",
    },
    {
      good: `
        apiVersion: v1
        kind: PersistentVolume
        metadata: { name: media }
        spec: { nfs: { server: files.acme.example, path: /media } }
        `,
      note: "here is the place for it",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at } of breaches(pod, context, "restrictedVolumes")) {
        const type = sourceType(at);
        if (type === undefined || type === "hostPath") continue;
        if (type === "gitRepo") {
          const message = `The kubelet clones a repository for ${pod.manifest.title}, which can run code on the node`;
          report(at.anchor, message + ifConditional(at), {
            severity: severityAt("error", at, pod),
          });
          continue;
        }
        const message = `${pod.manifest.title} mounts ${type} storage by itself, which the restricted level refuses`;
        report(at.anchor, message + ifConditional(at), {
          severity: severityAt("info", at, pod),
          preset: "strict",
          fix: () => {
            const claimName = choice(1, at.parent?.get("name")?.string ?? "data");
            const edits = replaceEntry(at, "persistentVolumeClaim", { claimName }, { snippet: true });
            return fixIn(context.file, "Use a persistent volume claim", "guided", [edits && { edits }]);
          },
        });
      }
    },
  },
});
