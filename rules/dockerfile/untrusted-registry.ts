import { choice, type Fix, type ImageReference, type ImageUse, rule, type Span } from "../../engine/index";
import { matchesGlob } from "../shared/images/match";
import { mayBeLaterStage } from "../shared/references";

/** A pattern allows what lies below it: `ghcr.io`, `ghcr.io/acme`, `*.example.com/team-*`. */
function allows(pattern: string, { registry, repository }: ImageReference): boolean {
  const wanted = pattern
    .replace(/^(?:https?:\/\/)?(?:index\.|registry-1\.)?(?=docker\.io)|^https?:\/\/|\/+$/g, "")
    .split("/");
  const path = `${registry}/${repository}`.toLowerCase().split("/");
  return wanted.length <= path.length && wanted.every((part, i) => matchesGlob(path[i] ?? "", part.toLowerCase()));
}

/** What is wrong with a registry, whatever anybody allows. */
function doubt(registry: string): string | undefined {
  const host = registry.replace(/:\d+$/, "");
  if (/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])$/i.test(host))
    return "is an address without a name, so no certificate vouches for it";
  if (host === "localhost" || host.endsWith(".localhost")) return "is whatever listens on the machine that builds";
  if (host.endsWith(".local")) return "is a name of the local network, which anybody in it may answer to";
  if (host === "ttl.sh") return "takes images from anybody and forgets them after hours";
  return registry.endsWith(":5000") ? "is usually spoken to without TLS at this port" : undefined;
}

/** The written registry; the name where none is written. */
function place(image: ImageUse): Span {
  const name = image.nameSpan;
  if (name === undefined) return image;
  const first = image.word.raw.split("/")[0] ?? "";
  const hasRegistry = /[.:]|^localhost$/.test(first) && image.word.raw.includes("/");
  return hasRegistry ? image.word.part(0, first.length) : name;
}

function move(image: ImageUse, registries: readonly string[]): Fix | undefined {
  const target = registries.find((pattern) => !pattern.includes("*"));
  const name = image.nameSpan;
  if (target === undefined || name === undefined) return undefined;
  const at = place(image);
  const text = choice(1, target.replace(/^https?:\/\/|\/+$/g, ""));
  const edit =
    at.end === name.end
      ? { span: { start: at.start, end: at.start }, text: `${text}/` }
      : { span: { start: at.start, end: at.end }, text };
  return { title: `Take the image from ${target}`, applicability: "guided", edits: [edit] };
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
      const { registry } = reference;
      if (registries.length > 0) {
        if (registries.some((pattern) => allows(pattern, reference))) return;
        report(place(image), `Images of ${registry} are not allowed here: trusted are ${registries.join(", ")}`, {
          fix: () => move(image, registries),
        });
        return;
      }
      const why = doubt(registry);
      if (why !== undefined) report(place(image), `The registry ${registry} ${why}`, { severity: "info" });
    },
  },
});
