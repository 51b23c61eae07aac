import { type Fix, rule, type Setting } from "../../engine/index";
import { type ImageUse, imageUses, isWritten } from "../shared/compose/image-uses";
import { registryFault, registryLength, trustedRegistry } from "../shared/registries";

/** The written registry; where none is written, the name. */
function place({ text }: ImageUse): Setting {
  const written = text.scalar.text;
  const length = registryLength(written);
  if (length > 0) return text.part(0, length);
  const ends = [written.indexOf(":", written.lastIndexOf("/") + 1), written.indexOf("@")].filter((i) => i >= 0);
  return text.part(0, Math.min(written.length, ...ends));
}

function move(use: ImageUse, registries: readonly string[]): Fix | undefined {
  const target = trustedRegistry(registries);
  const at = place(use);
  if (target === undefined || !isWritten(at)) return undefined;
  const isNamed = registryLength(use.text.scalar.text) > 0;
  const edit = isNamed
    ? { span: { start: at.start, end: at.end }, text: target.snippet }
    : { span: { start: at.start, end: at.start }, text: `${target.snippet}/` };
  return { title: `Take the image from ${target.name}`, applicability: "guided", edits: [edit] };
}

export default rule({
  id: "compose/untrusted-registry",
  kind: "compose",
  severity: "error",
  principle: "supply-chain",
  summary: "Image from a registry that is not trusted",
  why: `Whoever runs the registry, or answers in its place, decides which program the service runs. A registry by bare address or
without TLS can be impersonated by anybody on the way, who then serves their own image under the expected tag, with the service's
secrets and volumes at hand. List the trusted ones under \`registries\` in \`bulkhead.yaml\`; then every other registry is an error.`,
  refs: ["CIS 4.2"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        services:
          app:
            image: "«quay.io»/acme/app:1.2"
          cache: { image: «redis»:8.4 } # a short name
        `,
      config: "registries: [registry.example.com, ghcr.io/acme]\n",
      fixed: `
        services:
          app:
            image: "registry.example.com/acme/app:1.2"
          cache: { image: registry.example.com/redis:8.4 } # a short name
        `,
    },
    {
      bad: `
        services:
          app:
            image: \${REGISTRY:-«quay.io»}/acme/app:1.2
            volumes:
              - { type: image, source: «ghcr.io»/other/site:1.0, target: /site }
              - { type: image, source: ghcr.io/acme/site:1.0, target: /own }
        `,
      config: 'registries: ["*.example.com", ghcr.io/acme]\n',
      fixed: `
        services:
          app:
            image: \${REGISTRY:-ghcr.io/acme}/acme/app:1.2
            volumes:
              - { type: image, source: ghcr.io/acme/other/site:1.0, target: /site }
              - { type: image, source: ghcr.io/acme/site:1.0, target: /own }
        `,
      note: "the default of a variable counts",
    },
    {
      bad: `
        services:
          app:
            build:
              context: .
              additional_contexts: [base=docker-image://«quay.io»/acme/base:1.2]
        `,
      config: "registries: [registry.example.com]\n",
      fixed: `
        services:
          app:
            build:
              context: .
              additional_contexts: [base=docker-image://registry.example.com/acme/base:1.2]
        `,
      note: "what the build starts from",
    },
    { bad: "services:\n  app:\n    image: «10.0.0.5:5000»/team/app:1.2\n", severity: "info" },
    { bad: "services:\n  app:\n    image: «ttl.sh»/app:1.0\n", severity: "info" },
    { good: "services:\n  app:\n    image: quay.io/acme/app:1.2\n", note: "without a list nobody can tell" },
    {
      good: "services:\n  app:\n    image: mirror.example.com/team/app:1.2\n  web:\n    image: nginx:1.30\n",
      config: 'registries: ["*.example.com/team", docker.io]\n',
    },
    {
      good: "services:\n  app:\n    image: ${REGISTRY}/team/app:1.0\n  tool:\n    image: ${IMAGE:?}\n",
      config: "registries: [registry.example.com]\n",
    },
    {
      good: "services:\n  app:\n    build: .\n    image: localhost:5000/app:1.0\n  job:\n    image: localhost:5000/app:1.0\n",
      note: "built here, and pushed there",
    },
  ],
  check: {
    service(service, report, { registries }) {
      for (const use of imageUses(service)) {
        const fault = use.reference && registryFault(use.reference, registries);
        if (fault === undefined) continue;
        report(place(use), fault.message, { severity: fault.severity, fix: () => move(use, registries) });
      }
    },
  },
});
