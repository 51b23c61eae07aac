import { type Context, type Fix, fixIn, type Pod, rule } from "../../engine/index";
import { type HostVolume, hostVolume, removeVolume } from "../shared/kubernetes/host-paths";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { joined } from "../shared/kubernetes/security-context";

function fixesOf(found: HostVolume, { file }: Context): readonly Fix[] {
  const writable = found.mounts.filter((mount) => mount.get("readOnly")?.boolean !== true);
  const locked = joined(writable.map((mount) => mount.set(["readOnly"], true)));
  const removed = removeVolume(found);
  return [
    fixIn(file, "Mount it read only", "unsafe", [locked && { edits: locked }]),
    fixIn(file, "Remove the volume and its mounts", "unsafe", [removed && { edits: removed }]),
  ].filter((fix) => fix !== undefined);
}

const holdsSecrets = /^\/(?:$|dev|etc|home|proc|root|var)/;

function messageOf({ path = "", isWritable }: HostVolume, pod: Pod): string {
  const who = pod.manifest.title;
  if (isWritable) return `${who} can write ${path} of its node, and so take the node over`;
  return `${who} can read ${path} of its node${holdsSecrets.test(path) ? ", and the secrets in it" : ""}`;
}

export default rule({
  id: "kubernetes/sensitive-host-path",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "A pod mounts a folder of its node that the node's security rests on",
  why: `Who can write \`/etc\`, \`/root\` or \`/var/lib/kubelet\` of a node adds an account, a cron job or a static pod, and is root there.
Who can only read them still finds the kubelet's key, the tokens and secrets of every pod on the node, and the password hashes. Mount
the one file that is needed, read only, or let the program ask the API of Kubernetes.`,
  refs: ["PSS baseline", "CIS 5.2.11", "CWE-668"],
  covers: [
    "kube-linter:sensitive-host-mounts",
    "kube-linter:writable-host-mount",
    "trivy:KSV-0121",
    "kubescape:C-0045",
    "kics:5308a7a8",
    "kics:b7652612",
    "kyverno:ensure-readonly-hostpath",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
        spec:
          template:
            spec:
              containers:
                - name: agent
                  image: acme/agent:1.2.3
                  volumeMounts:
                    - name: root
                      mountPath: /host
                    - name: data
                      mountPath: /data
              volumes:
                - name: root
                  hostPath:
                    path: «/»
                - name: data
                  emptyDir: {}
        `,
      fixed: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
        spec:
          template:
            spec:
              containers:
                - name: agent
                  image: acme/agent:1.2.3
                  volumeMounts:
                    - name: data
                      mountPath: /data
              volumes:
                - name: data
                  emptyDir: {}
        `,
      note: "read only first, then gone",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers:
            - name: agent
              image: acme/agent:1.2.3
              volumeMounts: [{ name: etc, mountPath: /host/etc, readOnly: true }]
          volumes: [{ name: etc, hostPath: { path: «/etc//kubernetes/» } }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers:
            - name: agent
              image: acme/agent:1.2.3
        `,
      severity: "warning",
      note: "only read",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers:
            - name: agent
              image: acme/agent:1.2.3
              volumeMounts:
                - { name: certs, mountPath: /etc/ssl/certs }
          volumes:
            - { name: certs, hostPath: { path: «/etc/ssl/certs» } }
            - { name: data, hostPath: { path: /srv/data } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers:
            - name: agent
              image: acme/agent:1.2.3
              volumeMounts:
                - { name: certs, mountPath: /etc/ssl/certs, readOnly: true }
          volumes:
            - { name: certs, hostPath: { path: /etc/ssl/certs } }
            - { name: data, hostPath: { path: /srv/data } }
        `,
      note: "harmless as soon as nobody can write it",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers:
            - name: agent
              image: acme/agent:1.2.3
              volumeMounts: [{ name: time, mountPath: /etc/localtime, readOnly: true }]
          volumes: [{ name: time, hostPath: { path: /etc/localtime } }]
        `,
      note: "another rule speaks, more quietly",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers:
            - name: agent
              image: acme/agent:1.2.3
              volumeMounts: [{ name: fuse, mountPath: /dev/fuse }, { name: etc, mountPath: /etc }]
          volumes: [{ name: fuse, hostPath: { path: /dev/fuse } }, { name: etc, configMap: { name: etc } }]
        `,
      note: "a single device; a folder that is not the node's",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers: [{ name: agent, image: "acme/agent:1.2.3" }]
          volumes: [{ name: run, hostPath: { path: /var/run/docker.sock } }, { name: b, hostPath: { path: /data } }]
        `,
      note: "other rules speak",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at: hostPath } of breaches(pod, context, "hostPathVolumes", "restrictedVolumes")) {
        const found = hostVolume(hostPath, pod);
        if (found?.kind !== "sensitive") continue;
        report(found.at, `${messageOf(found, pod)}${ifConditional(found.at)}`, {
          severity: severityAt(found.isWritable ? "error" : "warning", found.at, pod),
          fix: () => fixesOf(found, context),
        });
      }
    },
  },
});
