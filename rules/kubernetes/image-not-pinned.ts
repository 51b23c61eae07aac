import { rule } from "../../engine/index";
import { digestElsewhere, insertBehind, isDecidedElsewhere } from "../shared/kubernetes/container-images";
import { pinning } from "../shared/images/roles";

export default rule({
  id: "kubernetes/image-not-pinned",
  kind: "kubernetes",
  severity: "hint",
  principle: "supply-chain",
  preset: "strict",
  summary: "A container's image named by its tag alone, without a digest",
  why: `A version tag can be pushed again: whoever takes over the registry account replaces \`1.4.2\` itself, and the next pod that starts on
a node without the old image runs the new content under the old name. A digest names the content, so that such a swap fails the pull. Look
it up with \`crane digest\`, and let a bot keep it fresh.`,
  refs: [],
  covers: ["checkov:CKV_K8S_43", "kics:7c81d34c", "kubescape:C-0306", "kyverno:require-image-checksum"],
  fix: "safe",
  yieldsTo: ["kubernetes/image-latest-tag"],
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          initContainers: [{ name: wait, image: "«acme/wait:4»" }]
          containers:
            - name: web
              image: «nginx:1.30» # the front
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: "«nginx:1.30»"
            - name: other
              image: nginx:1.30@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: "nginx:1.30@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5"
            - name: other
              image: nginx:1.30@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5
        `,
      note: "the digest stands elsewhere",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: a, image: "nginx:1.30@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5" }
            - { name: b, image: nginx }
            - { name: c, image: "nginx:latest" }
        `,
      note: "without a version there is more to say",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { containers: [{ name: a, image: "nginx:{{ .Values.tag }}" }, { name: b, image: "acme/b:1.2.3" }] }
        -- chart/Chart.yaml --
        name: web
        `,
      file: "chart/templates/web.yaml",
      note: "what a template leaves out may be given later",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec: { template: { spec: { containers: [{ name: web, image: "acme/web:1.2.3" }] } } }
        `,
      file: "overlays/prod/web-patch.yaml",
      note: "a patch",
    },
  ],
  check: {
    container(container, report, context) {
      const { image, reference, pod } = container;
      if (image === undefined || reference?.tag === undefined || pod.isPartial) return;
      if (pinning(reference) !== "version" || isDecidedElsewhere(container, context)) return;
      const name = `${reference.familiar}:${reference.tag}`;
      report(image.part(0, image.string?.length ?? 0), `${name} can be pushed again with other content`, {
        fix: () => {
          const digest = digestElsewhere(reference, context);
          const edit = digest === undefined ? undefined : insertBehind(image, `@${digest}`);
          return edit && { title: "Pin it by the digest that stands elsewhere", applicability: "safe", edits: [edit] };
        },
      });
    },
  },
});
