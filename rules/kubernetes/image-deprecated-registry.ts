import { type Field, rule } from "../../engine/index";
import { type LeftRegistry, leftRegistry, newPlace } from "../shared/kubernetes/left-registries";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";

/** The name in front of which only `docker.io` may stand. */
const startOf = (text: string, { from }: LeftRegistry): number => text.indexOf(from);

export default rule({
  id: "kubernetes/image-deprecated-registry",
  kind: "kubernetes",
  severity: "warning",
  principle: "supply-chain",
  summary: "An image from a registry that its project has left",
  why: `What stays in a registry that nobody looks after gets no fixes for new holes, and one day the pull fails: a pod that moves to a new
node then does not start, mostly in the middle of an outage. A name that is given up may also be taken by somebody else. Take the image
from where the project publishes it now.`,
  refs: [],
  covers: ["kubescape:C-0253", "kyverno:restrict-deprecated-registry"],
  fix: "safe",
  yieldsTo: ["kubernetes/retired-component"],
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec:
          containers:
            - name: metrics
              image: «k8s.gcr.io»/metrics-server/metrics-server:v0.8.0 # pinned
            - { name: pause, image: "«k8s.gcr.io»/pause:3.10" }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec:
          containers:
            - name: metrics
              image: registry.k8s.io/metrics-server/metrics-server:v0.8.0 # pinned
            - { name: pause, image: "registry.k8s.io/pause:3.10" }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec:
          containers:
            - { name: a, image: "«gcr.io/google_containers»/defaultbackend:1.4" }
            - { name: b, image: "«registry.opensource.zalan.do»/acid/postgres-operator:v1.10.0" }
            - { name: c, image: "docker.io/«bitnami»/redis:7.4.2" }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec:
          containers:
            - { name: a, image: "registry.k8s.io/defaultbackend:1.4" }
            - { name: b, image: "ghcr.io/zalando/acid/postgres-operator:v1.10.0" }
            - { name: c, image: "docker.io/bitnamilegacy/redis:7.4.2" }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec:
          containers:
            {{- if .Values.pause }}
            - name: pause
              image: «k8s.gcr.io»/pause:3.10
            {{- end }}
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec:
          containers:
            {{- if .Values.pause }}
            - name: pause
              image: registry.k8s.io/pause:3.10
            {{- end }}
        `,
      file: "chart/templates/a.yaml",
      severity: "info",
      note: "in a branch of a template",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec:
          containers:
            - { name: a, image: "registry.k8s.io/pause:3.10" }
            - { name: b, image: "gcr.io/acme/web:1.2.3" }
            - { name: c, image: "registry.example.com/bitnami/redis:7.4.2" }
            - { name: d, image: "bitnami/redis:latest" }
            - { name: e, image: "mirror.example.com/k8s.gcr.io/pause:3.10" }
        `,
      note: "where projects are now, mirrors, and Bitnami's newest",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec: { containers: [{ name: a, image: "{{ .Values.registry }}/pause:3.10" }, { name: b }] }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec: { containers: [{ name: a, image: "docker.io/acme/bitnami:1.2.3" }, { name: b, image: "bitnamicharts/redis:20.1.0" }] }
        `,
      note: "other names",
    },
  ],
  check: {
    container({ image, reference, pod }, report) {
      const text = image?.string;
      const left = text === undefined || reference === undefined ? undefined : leftRegistry(text, reference);
      if (image === undefined || text === undefined || left === undefined) return;
      const start = startOf(text, left);
      const at = (length: number) => image.part(start, start + length);
      report(at(left.from.length - 1), `${left.message}${ifConditional(image)}`, {
        severity: severityAt("warning", image, pod),
        fix: () => (image.isShared ? undefined : moved(left, at(left.from.length))),
      });
    },
  },
});

const moved = (left: LeftRegistry, { start, end }: Pick<Field, "start" | "end">) => ({
  title: `Take it from ${left.to.replace(/\/$/, "")}`,
  applicability: left.isSame ? ("safe" as const) : ("guided" as const),
  edits: [{ span: { start, end }, text: newPlace(left) }],
});
