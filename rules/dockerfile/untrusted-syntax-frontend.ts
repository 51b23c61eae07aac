import {
  choice,
  type Context,
  type Dockerfile,
  type Fix,
  type ImageReference,
  parseReference,
  rule,
  type Span,
} from "../../engine/index";

/** Tags of Docker's own frontend that move with every build of it, and the stable tag with the same features. */
const moving: Readonly<Record<string, string | undefined>> = {
  latest: "1",
  labs: "1-labs",
  master: undefined,
  "master-labs": undefined,
  experimental: undefined,
};

/** The builder also reads the directive from a `//` comment, or from a JSON object, at the very top. */
const otherForms = [
  /^\ufeff?(?:#![^\n]*\n)?[ \t]*\/\/[ \t]*syntax[ \t]*=[ \t]*(?<image>\S+)/i,
  /^\ufeff?\s*\{[^{}]{0,500}?"syntax"\s*:\s*"(?<image>[^"\s]+)"/,
];

/** Where the file names the image that reads it. */
function frontend(file: Dockerfile): Span | undefined {
  const directive = file.directives.find((d) => d.name === "syntax");
  if (directive !== undefined) {
    const { start } = directive.valueSpan;
    return { start, end: start + (/^\S*/.exec(directive.value)?.[0].length ?? 0) };
  }
  for (const form of otherForms) {
    const match = form.exec(file.text);
    const image = match?.groups?.["image"];
    if (match === null || image === undefined) continue;
    const start = match[0].lastIndexOf(image);
    return { start, end: start + image.length };
  }
  return undefined;
}

/** Published by Docker, or mirrored by a registry that the configuration trusts. */
function isDockers({ registry, repository }: ImageReference, context: Context): boolean {
  if (!/^(?:.+\/)?docker\/dockerfile(?:-upstream)?$/.test(repository)) return false;
  return registry === "docker.io" ? repository.startsWith("docker/") : context.registries.includes(registry);
}

export default rule({
  id: "dockerfile/untrusted-syntax-frontend",
  kind: "dockerfile",
  severity: "warning",
  principle: "supply-chain",
  summary: "Dockerfile read by a frontend image that is not Docker's, or that moves",
  why: `The image behind \`# syntax=\` is pulled first and turns the file into build steps: it sees the build context and decides what
goes into the image, secrets of the build included. Whoever pushes to that image's tag can add a step to every build without a
trace in the Dockerfile. Use \`docker/dockerfile:1\`, or pin another frontend by its digest.`,
  refs: ["CWE-829"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: "# syntax=«acme/frontend:1»\nFROM scratch\n",
      fixed: "# syntax=acme/frontend:1@sha256:digest\nFROM scratch\n",
      note: "the digest must be looked up",
    },
    {
      bad: "#syntax = «evil.example.com/docker/dockerfile:1»\nFROM scratch\n",
      fixed: "#syntax = evil.example.com/docker/dockerfile:1@sha256:digest\nFROM scratch\n",
      note: "blanks are allowed",
    },
    {
      bad: "# syntax=«docker/dockerfile»\nFROM scratch\n",
      fixed: "# syntax=docker/dockerfile:1\nFROM scratch\n",
      severity: "hint",
    },
    {
      bad: "# escape=`\n# syntax=docker.io/docker/dockerfile:«labs»\nFROM scratch\n",
      fixed: "# escape=`\n# syntax=docker.io/docker/dockerfile:1-labs\nFROM scratch\n",
      severity: "hint",
    },
    {
      bad: "# syntax=«docker/dockerfile-upstream:master»\nFROM scratch\n",
      fixed: "# syntax=docker/dockerfile:1\nFROM scratch\n",
      severity: "hint",
    },
    {
      bad: "// syntax=«acme/frontend»\nFROM scratch\n",
      fixed: "// syntax=acme/frontend@sha256:digest\nFROM scratch\n",
    },
    { good: "# syntax=docker/dockerfile:1\nFROM scratch\n" },
    { good: "# syntax=docker/dockerfile:1.21-labs\nFROM scratch\n" },
    {
      good: "# syntax=acme/frontend@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5\nFROM scratch\n",
    },
    { good: "# my file\n# syntax=evil/frontend:1\nFROM scratch\n", note: "a comment above: no directive any more" },
    { good: "FROM scratch\n# syntax=evil/frontend:1\n" },
    {
      good: "# syntax=registry.example.com/docker/dockerfile:1\nFROM scratch\n",
      config: "registries: [registry.example.com, docker.io]\n",
      note: "a mirror that the configuration trusts",
    },
  ],
  check: {
    dockerfile(file, report, context) {
      const place = frontend(file);
      if (place === undefined) return;
      const written = file.text.slice(place.start, place.end);
      const reference = parseReference(written);
      if (reference === undefined || reference.digest !== undefined) return;
      if (!isDockers(reference, context)) {
        report(place, `${written} reads this file and runs the whole build, and may change at any time`, {
          fix: () => ({
            title: "Pin the frontend by digest",
            applicability: "guided",
            edits: [{ span: { start: place.end, end: place.end }, text: `@sha256:${choice(1, "digest")}` }],
          }),
        });
        return;
      }
      const tag = reference.tag ?? "latest";
      if (!Object.hasOwn(moving, tag)) return;
      const stable = moving[tag];
      const isUpstream = reference.repository.endsWith("-upstream");
      const message = `${written} moves with every release of the frontend: docker/dockerfile:1 keeps to compatible ones`;
      const at = reference.tag === undefined || isUpstream ? place : { start: place.end - tag.length, end: place.end };
      report(at, message, {
        severity: "hint",
        fix: (): Fix => {
          const name = written
            .slice(0, reference.tag === undefined ? undefined : -tag.length - 1)
            .replace(/-upstream$/, "");
          return {
            title: `Use ${name}:${stable ?? "1"}`,
            applicability: stable === undefined || isUpstream ? "unsafe" : "safe",
            edits: [{ span: place, text: `${name}:${stable ?? "1"}` }],
          };
        },
      });
    },
  },
});
