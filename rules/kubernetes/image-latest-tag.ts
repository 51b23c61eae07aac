import { type Container, type Context, type Fix, type ImageReference, rule, type Severity } from "../../engine/index";
import {
  endOfTemplate,
  insertBehind,
  isDecidedElsewhere,
  isInjected,
  retag,
  tagPlace,
  versionChoice,
  versionElsewhere,
} from "../shared/kubernetes/container-images";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { unpinned, wantedTag } from "../shared/unpinned-images";

/** Which tags say by themselves that they move, and how bad that is. */
const severityOf = (tag: string | undefined): Severity => (tag === undefined || tag === "latest" ? "warning" : "info");
const moving = /^(?:latest|edge|nightly|main|master|dev|develop|canary)$/;

/** Made on the node: there is nothing to pull. */
const isLocal = (container: Container): boolean => container.field.get("imagePullPolicy")?.string === "Never";

function pins({ image }: Container, reference: ImageReference, needsDigest: boolean, context: Context): Fix[] {
  if (image === undefined) return [];
  const fix = (title: string, edit: ReturnType<typeof retag>): Fix[] =>
    edit === undefined ? [] : [{ title, applicability: "guided", edits: [edit] }];
  if (needsDigest) return fix("Pin the image by digest", insertBehind(image, `@sha256:${versionChoice("digest")}`));
  const known = versionElsewhere(reference, context);
  const wanted = wantedTag(reference, context.file, context).tag;
  const elsewhere =
    known === undefined ? [] : fix(`Name ${known}, as elsewhere`, retag(image, reference, versionChoice(known)));
  return [...elsewhere, ...fix("Name a version", retag(image, reference, versionChoice(wanted)))];
}

export default rule({
  id: "kubernetes/image-latest-tag",
  kind: "kubernetes",
  severity: "warning",
  principle: "supply-chain",
  summary: "A container's image without a version",
  why: `With \`latest\`, or no tag at all, each pod runs what the registry gives when that pod starts: after a node fails, half of the
replicas run another program than the rest, a faulty or malicious push goes live without a deployment, and \`kubectl rollout undo\` brings
nothing back. Name a version, or better a digest.`,
  refs: ["NSA pod", "CWE-1357"],
  covers: [
    "kube-linter:latest-tag",
    "checkov:CKV_K8S_14",
    "trivy:KSV-0013",
    "kubescape:C-0075",
    "kube-score:container-image-tag",
    "polaris:tagNotSpecified",
    "kics:583053b7",
    "kyverno:disallow-latest-tag",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              initContainers:
                - { name: wait, image: "registry.example.com:5000/tools/wait:«latest»" }
              containers:
                - name: web
                  image: «nginx» # the front
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              initContainers:
                - { name: wait, image: "registry.example.com:5000/tools/wait:version" }
              containers:
                - name: web
                  image: nginx:1.30 # the front
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec: { containers: [{ name: shop, image: "acme/shop:1.2.3" }, { name: proxy, image: "acme/proxy:«edge»" }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec: { containers: [{ name: shop, image: "acme/shop:1.2.3" }, { name: proxy, image: "acme/proxy:version" }] }
        `,
      severity: "info",
      note: "a tag that moves",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec: { containers: [{ name: shop, image: «acme/shop» }] }
        -- jobs.yaml --
        apiVersion: batch/v1
        kind: Job
        metadata: { name: migrate }
        spec: { template: { spec: { containers: [{ name: migrate, image: "acme/shop:1.4.2" }] } } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec: { containers: [{ name: shop, image: acme/shop:1.4.2 }] }
        -- jobs.yaml --
        apiVersion: batch/v1
        kind: Job
        metadata: { name: migrate }
        spec: { template: { spec: { containers: [{ name: migrate, image: "acme/shop:1.4.2" }] } } }
        `,
      note: "the version that others run",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: "{{ .Values.repository }}:«latest»"
            - name: side
              image: {{ .Values.side }}
        `,
      file: "chart/templates/web.yaml",
      note: "whatever the repository is",
    },
    {
      bad: '{ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a" }, "spec": { "containers": [{ "name": "a", "image": "acme/a:«latest»" }] } }\n',
      fixed:
        '{ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a" }, "spec": { "containers": [{ "name": "a", "image": "acme/a:version" }] } }\n',
      file: "k8s/a.json",
      note: "JSON",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: a, image: "nginx:1.30" }
            - { name: b, image: "nginx:latest@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5" }
            - { name: istio-proxy, image: auto }
            - { name: c, image: "debian:trixie-slim" }
            - { name: d, image: "ko://example.com/shop/cmd/server" }
            - { name: e, image: our-tool, imagePullPolicy: Never }
            - { name: f, image: \${IMAGE} }
        `,
      note: "versions, digests, a mesh, what is built in place",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec: { template: { spec: { containers: [{ name: shop, image: acme/shop }, { name: mail, image: mailservice }] } } }
        -- kustomization.yaml --
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [app.yaml]
        images:
          - name: acme/shop
            newTag: 1.4.2
        -- skaffold.yaml --
        apiVersion: skaffold/v3
        kind: Config
        build:
          artifacts:
            - image: mailservice
              context: src/mail
        `,
      note: "a kustomization names the version, a tool builds it",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: "{{ .Values.repository }}:{{ .Values.tag }}"
            - name: side
              image: "{{ .Values.registry }}/side:1.2.3"
            - name: other
              image: "{{ .Values.host }}:5000/other:{{ .Chart.AppVersion }}-latest"
        `,
      note: "the chart's values decide",
    },
  ],
  check: {
    container(container, report, context) {
      const { image, reference, pod } = container;
      if (image === undefined || isInjected(container) || isLocal(container)) return;
      const end = reference === undefined ? endOfTemplate(image) : undefined;
      if (end !== undefined && moving.test(end)) {
        const message = `The image of ${container.name} has the tag ${end}, which moves from version to version`;
        report(tagPlace(image, { tag: end }), message, { severity: severityAt(severityOf(end), image, pod) });
      }
      const found = reference && unpinned(reference);
      if (reference === undefined || found === undefined || isDecidedElsewhere(container, context)) return;
      const severity = found.needsDigest ? "hint" : severityAt(severityOf(reference.tag), image, pod);
      report(found.needsDigest ? image : tagPlace(image, reference), `${found.message}${ifConditional(image)}`, {
        severity,
        fix: () => pins(container, reference, found.needsDigest, context),
      });
    },
  },
});
