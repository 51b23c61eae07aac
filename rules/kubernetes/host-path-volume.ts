import { choice, type Context, type Field, type Fix, fixIn, type Pod, rule } from "../../engine/index";
import { type HostVolume, hostVolume, removeVolume } from "../shared/kubernetes/host-paths";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { replaceEntry } from "../shared/kubernetes/security-context";

/** What lies there belongs to the node, so that no other storage can stand for it. */
const isOfNode = ({ path = "/" }: HostVolume): boolean =>
  /^\/(?:bin|boot|dev|etc|lib\w*|opt\/cni|proc|run|sbin|sys|usr|var\/(?:log|lib\/(?:cni|docker|kubelet)))(?:\/|$)/.test(
    path,
  );

function fixesOf(found: HostVolume, hostPath: Field, { file }: Context): readonly Fix[] {
  const removed = removeVolume(found);
  const remove = fixIn(file, "Remove the volume and its mounts", "unsafe", [removed && { edits: removed }]);
  if (isOfNode(found)) return remove === undefined ? [] : [remove];
  const claimName = choice(1, found.name ?? "data");
  const claim = replaceEntry(hostPath, "persistentVolumeClaim", { claimName }, { snippet: true });
  const empty = replaceEntry(hostPath, "emptyDir", {});
  return [
    fixIn(file, "Use a persistent volume claim", "guided", [claim && { edits: claim }]),
    fixIn(file, "Use an emptyDir", "unsafe", [empty && { edits: empty }]),
    remove,
  ].filter((fix) => fix !== undefined);
}

/** It only reads what the node's other containers log. */
const readsLogs = ({ path, isWritable, mounts }: HostVolume, pod: Pod): boolean =>
  pod.manifest.kind === "DaemonSet" &&
  mounts.length > 0 &&
  !isWritable &&
  path !== undefined &&
  /^\/(?:var\/log|var\/lib\/docker\/containers|run\/log)(?:\/|$)/.test(path);

export default rule({
  id: "kubernetes/host-path-volume",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "A volume is a folder of the node",
  why: `What a pod writes into a folder of its node outlives it, is seen by every other pod that mounts the folder, and is gone when
the pod moves to another node. An intruder fills the node's disk with it, or leaves a link that leads the next reader to
\`/etc/shadow\`. Use a PersistentVolumeClaim for data that stays, an emptyDir for data that does not.`,
  refs: ["PSS baseline", "CIS 5.2.11"],
  covers: [
    "trivy:KSV-0023",
    "kubescape:C-0048",
    "polaris:hostPathSet",
    "kics:aa8f7a35",
    "kyverno:disallow-host-path",
    "kyverno:limit-hostpath-vols",
    "kyverno:limit-hostpath-type-pv",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: acme/shop:1.2.3
                  volumeMounts: [{ name: data, mountPath: /data }]
              volumes:
                - name: data
                  hostPath:
                    path: «/srv/shop»
                    type: DirectoryOrCreate
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: acme/shop:1.2.3
                  volumeMounts: [{ name: data, mountPath: /data }]
              volumes:
                - name: data
                  persistentVolumeClaim:
                    claimName: data
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: logs
        spec:
          template:
            spec:
              containers:
                - name: logs
                  image: acme/logs:1.2.3
                  volumeMounts: [{ name: logs, mountPath: /var/log, readOnly: true }]
              volumes: [{ name: logs, hostPath: { path: «/var/log» } }]
        `,
      fixed: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: logs
        spec:
          template:
            spec:
              containers:
                - name: logs
                  image: acme/logs:1.2.3
        `,
      severity: "info",
      note: "it reads the logs of the node, and writes nothing",
    },
    {
      bad: `
        apiVersion: v1
        kind: PersistentVolume
        metadata:
          name: data
        spec:
          capacity: { storage: 1Gi }
          accessModes: [ReadWriteOnce]
          hostPath:
            path: «/srv/data»
        `,
      note: "a persistent volume",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: logs }
        spec:
          template:
            spec:
              containers: [{ name: logs, image: "acme/logs:1.4.2", volumeMounts: [{ name: logs, mountPath: /logs }] }]
              volumes: [{ name: logs, hostPath: { path: «{{ .Values.logs }}» } }]
        `,
      fixed: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: logs }
        spec:
          template:
            spec:
              containers: [{ name: logs, image: "acme/logs:1.4.2", volumeMounts: [{ name: logs, mountPath: /logs }] }]
              volumes: [{ name: logs, persistentVolumeClaim: { claimName: logs } }]
        `,
      severity: "info",
      file: "chart/templates/app.yaml",
      note: "which folder it is a value says",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
          volumes:
            - { name: a }
            - { name: b, emptyDir: null }
            - { name: c, hostPath: null }
            - { name: d, persistentVolumeClaim: { claimName: d } }
        `,
      note: "volumes without a source are empty folders",
    },
    {
      good: `
        apiVersion: v1
        kind: PersistentVolume
        metadata: { name: data }
        spec:
          capacity: { storage: 1Gi }
          local: { path: /mnt/disks/ssd1 }
        `,
      note: "a local disk, which the scheduler knows of",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
          volumes: [{ name: root, hostPath: { path: / } }, { name: run, hostPath: { path: /var/run/docker.sock } }]
        `,
      note: "other rules speak, louder",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at: hostPath } of breaches(pod, context, "hostPathVolumes", "restrictedVolumes")) {
        const found = hostVolume(hostPath, pod);
        if (found?.kind !== "other") continue;
        const isGiven = found.at.kind === "scalar" && found.path === undefined;
        const what = isGiven ? "a folder that a template names" : (found.path ?? "a path");
        report(
          found.at.kind === "scalar" ? found.at : found.at.anchor,
          `${pod.manifest.title} mounts ${what} of whatever node it runs on${ifConditional(found.at)}`,
          {
            severity: severityAt(isGiven || readsLogs(found, pod) ? "info" : "warning", found.at, pod),
            fix: () => fixesOf(found, hostPath, context),
          },
        );
      }
    },
    manifest(manifest, report, { kubernetes }) {
      const path = manifest.is("PersistentVolume", "") ? manifest.spec?.at("hostPath", "path") : undefined;
      if (path === undefined || kubernetes.isExact) return;
      report(path, `${manifest.title} is ${path.string ?? "a path"} of whatever node its pod runs on`);
    },
  },
});
