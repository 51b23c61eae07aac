import { fixIn, rule } from "../../engine/index";
import { hostVolume, removeVolume } from "../shared/kubernetes/host-paths";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/container-runtime-socket",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "A pod reaches the container runtime of its node",
  why: `Whoever can talk to the runtime's socket starts a privileged container with the node's disk in it, and so owns the node and
every pod on it; a read-only mount changes nothing, for a socket is not written to as a file is. Builders that need no daemon
(BuildKit rootless, Buildah) and the API of Kubernetes do what the socket is mostly mounted for.`,
  refs: ["PSS baseline", "CIS 5.2.11", "NSA pod", "CWE-250"],
  covers: [
    "kube-linter:docker-sock",
    "checkov:CKV_K8S_27",
    "trivy:KSV-0006",
    "kubescape:C-0074",
    "kubesec:DockerSock",
    "kics:a6f34658",
    "kyverno:disallow-cri-sock-mount",
    "kyverno:docker-socket-requires-label",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: builder
        spec:
          replicas: 2
          template:
            spec:
              initContainers:
                - name: wait
                  image: acme/wait:1.2.3
                  volumeMounts:
                    - { name: docker, mountPath: /var/run/docker.sock }
              containers:
                - name: builder
                  image: acme/builder:1.2.3
                  volumeMounts:
                    - name: docker
                      mountPath: /var/run/docker.sock
                      readOnly: true
                    - name: work
                      mountPath: /work
              volumes:
                - name: docker
                  hostPath:
                    path: «/var/run/docker.sock»
                - name: work
                  emptyDir: {}
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: builder
        spec:
          replicas: 2
          template:
            spec:
              initContainers:
                - name: wait
                  image: acme/wait:1.2.3
              containers:
                - name: builder
                  image: acme/builder:1.2.3
                  volumeMounts:
                    - name: work
                      mountPath: /work
              volumes:
                - name: work
                  emptyDir: {}
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              volumeMounts: [{ name: run, mountPath: /host/run }, { name: cri, mountPath: /cri }]
          volumes: [{ name: run, hostPath: { path: «"/run/"» } }, { name: cri, hostPath: { path: «/run//containerd» } }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
        `,
      note: "folders with a socket in them",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers: [{ name: tool, image: "acme/tool:1.2.3" }]
          volumes: [{ name: cri, hostPath: { path: «/var/run/crio/crio.sock», type: Socket } }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers: [{ name: tool, image: "acme/tool:1.2.3" }]
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              volumeMounts: [{ name: run, mountPath: /var/run/docker.sock }]
          volumes: [{ name: run, emptyDir: {} }]
        `,
      note: "only what of the node is mounted counts",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
          volumes:
            - { name: a, hostPath: { path: /run/acme/acme.sock } }
            - { name: b, hostPath: { path: /var/log } }
            - { name: c, hostPath: null }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
          volumes:
            - name: a
              hostPath: { path: {{ .Values.socket }} }
        `,
      note: "a value decides",
    },
  ],
  check: {
    pod(pod, report, context) {
      for (const { at: hostPath } of breaches(pod, context, "hostPathVolumes", "restrictedVolumes")) {
        const found = hostVolume(hostPath, pod);
        if (found?.kind !== "runtime") continue;
        const message = `${pod.manifest.title} can control its node: it mounts ${found.at.string}${ifConditional(found.at)}`;
        report(found.at, message, {
          severity: severityAt("error", found.at, pod),
          fix: () => {
            const edits = removeVolume(found);
            return fixIn(context.file, "Remove the volume and its mounts", "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
