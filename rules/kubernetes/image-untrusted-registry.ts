import { type Field, type Fix, rule } from "../../engine/index";
import { replaceStart } from "../shared/kubernetes/container-images";
import { severityAt } from "../shared/kubernetes/pod-security";
import { registryFault, registryLength, trustedRegistry } from "../shared/registries";

/** Characters of the written registry; where none is written, of the name. */
function placeLength(text: string): number {
  const length = registryLength(text);
  if (length > 0) return length;
  const ends = [text.indexOf(":", text.lastIndexOf("/") + 1), text.indexOf("@")].filter((i) => i >= 0);
  return Math.min(text.length, ...ends);
}

function move(image: Field, text: string, registries: readonly string[]): Fix | undefined {
  const target = trustedRegistry(registries);
  if (target === undefined) return undefined;
  const length = registryLength(text);
  const edit = replaceStart(image, length, length > 0 ? target.snippet : `${target.snippet}/`);
  return edit && { title: `Take the image from ${target.name}`, applicability: "guided", edits: [edit] };
}

export default rule({
  id: "kubernetes/image-untrusted-registry",
  kind: "kubernetes",
  severity: "warning",
  principle: "supply-chain",
  summary: "A container's image from a registry that is not trusted",
  why: `Whoever runs the registry decides which program the cluster runs, with its Secrets and service accounts at hand: a look-alike name
on a public registry is enough to run a stranger's image. List the trusted registries under \`registries\` in \`bulkhead.yaml\`; without
that list nobody can tell, and this rule is silent.`,
  refs: ["CIS 5.5.1", "NSA pod"],
  covers: ["trivy:KSV-0125", "kubescape:C-0001", "kubescape:C-0078", "kyverno:restrict-image-registries"],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec:
          containers:
            - name: app
              image: "«quay.io»/acme/app:1.2"
            - { name: cache, image: «redis»:8.4 } # a short name
        `,
      config: "registries: [registry.example.com, ghcr.io/acme]\n",
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec:
          containers:
            - name: app
              image: "registry.example.com/acme/app:1.2"
            - { name: cache, image: registry.example.com/redis:8.4 } # a short name
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec:
          containers: [{ name: app, image: "«ghcr.io»/other/app:1.2" }, { name: own, image: "ghcr.io/acme/own:1.2" }]
        `,
      config: "registries: [ghcr.io/acme]\n",
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec:
          containers: [{ name: app, image: "ghcr.io/acme/other/app:1.2" }, { name: own, image: "ghcr.io/acme/own:1.2" }]
        `,
      note: "a folder of a registry",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec: { containers: [{ name: app, image: "quay.io/acme/app:1.2" }, { name: b, image: "localhost:5001/b:1.2" }] }
        `,
      note: "without a list nobody can tell",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec: { containers: [{ name: app, image: "mirror.example.com/team/app:1.2" }, { name: web, image: "nginx:1.30" }] }
        `,
      config: 'registries: ["*.example.com/team", docker.io]\n',
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec: { containers: [{ name: app, image: "{{ .Values.registry }}/app:1.2" }] }
        `,
      config: "registries: [registry.example.com]\n",
    },
  ],
  check: {
    container({ image, reference, pod }, report, { registries }) {
      const text = image?.string;
      if (image === undefined || reference === undefined || text === undefined || registries.length === 0) return;
      const fault = registryFault(reference, registries);
      if (fault === undefined) return;
      report(image.part(0, placeLength(text)), fault.message, {
        severity: severityAt("warning", image, pod),
        fix: () => move(image, text, registries),
      });
    },
  },
});
