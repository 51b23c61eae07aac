import { type Fix, type ImageUse, rule, type Span } from "../../engine/index";
import { mayBeLaterStage } from "../shared/references";
import { registryFault, registryLength, trustedRegistry } from "../shared/registries";

/** The written registry; the name where none is written. */
function place(image: ImageUse): Span {
  const name = image.nameSpan;
  if (name === undefined) return image;
  const length = registryLength(image.word.raw);
  return length > 0 ? image.word.part(0, length) : name;
}

function move(image: ImageUse, registries: readonly string[]): Fix | undefined {
  const target = trustedRegistry(registries);
  const name = image.nameSpan;
  if (target === undefined || name === undefined) return undefined;
  const at = place(image);
  const edit =
    at.end === name.end
      ? { span: { start: at.start, end: at.start }, text: `${target.snippet}/` }
      : { span: { start: at.start, end: at.end }, text: target.snippet };
  return { title: `Take the image from ${target.name}`, applicability: "guided", edits: [edit] };
}

export default rule({
  id: "dockerfile/untrusted-registry",
  kind: "dockerfile",
  severity: "error",
  principle: "supply-chain",
  summary: "Image from a registry that is not trusted",
  why: `Whoever runs the registry, or answers in its place, decides what code the build starts from. A registry by bare address or
without TLS can be impersonated by anybody on the way, who then serves their own image under the expected tag. List the trusted
ones under \`registries\` in \`bulkhead.yaml\`; then every other registry is an error.`,
  refs: ["CIS 4.2"],
  covers: ["hadolint:DL3026", "dockle:CIS-DI-0002"],
  fix: "guided",
  yieldsTo: ["dockerfile/copy-from-undefined-stage"],
  examples: [
    {
      bad: "FROM «quay.io»/acme/base:1.2\nUSER 1000\n",
      config: "registries: [registry.example.com, ghcr.io/acme]\n",
      fixed: "FROM registry.example.com/acme/base:1.2\nUSER 1000\n",
    },
    {
      bad: "FROM «node»:24-slim\nUSER node\nCOPY --from=«ghcr.io»/other/tool:1.0 /t /t\nCOPY --from=ghcr.io/acme/tool:1.0 /t /u\n",
      config: 'registries: ["*.example.com", ghcr.io/acme]\n',
      fixed:
        "FROM ghcr.io/acme/node:24-slim\nUSER node\nCOPY --from=ghcr.io/acme/other/tool:1.0 /t /t\nCOPY --from=ghcr.io/acme/tool:1.0 /t /u\n",
    },
    { bad: "FROM «10.0.0.5:5000»/team/app:1.2\nUSER 1000\n", severity: "info" },
    { bad: "FROM «ttl.sh»/app:1.0\nUSER 1000\n", severity: "info" },
    { bad: "FROM «localhost:5000»/app:1.0\nUSER 1000\n", severity: "info" },
    { good: "FROM node:24-slim\nUSER node\n" },
    { good: "FROM quay.io/acme/base:1.2\nUSER 1000\n", note: "without a list nobody can tell" },
    {
      good: "FROM node:24-slim AS a\nFROM mirror.example.com/team/x:1.2\nUSER 1000\nCOPY --from=a /a /a\nCOPY --from=docker.io/acme/y:2 /b /b\n",
      config: 'registries: ["*.example.com/team", docker.io]\n',
    },
    { good: "FROM scratch\nUSER 1000\n", config: "registries: [registry.example.com]\n" },
    { good: "ARG REG\nFROM ${REG}/team/app:1.0\nUSER 1000\n", config: "registries: [registry.example.com]\n" },
    { good: "FROM localhost:5000/app:1.0\nUSER 1000\n", config: 'registries: ["localhost:5000"]\n' },
  ],
  check: {
    image(image, report, { registries }) {
      const { reference } = image;
      if (reference === undefined || mayBeLaterStage(image)) return;
      const fault = registryFault(reference, registries);
      if (fault === undefined) return;
      report(place(image), fault.message, { severity: fault.severity, fix: () => move(image, registries) });
    },
  },
});
