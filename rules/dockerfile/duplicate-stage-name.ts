import { choice, Copy, type Edit, From, Run, type Dockerfile, rule, type Span, type Stage } from "../../engine/index";

/** Names that the builder keeps for the empty image and for the build context. */
const reserved = new Set(["scratch", "context"]);

/** Where the file speaks of a stage by its name. */
function mentions(file: Dockerfile, stage: Stage): Span[] {
  const name = stage.name?.text.toLowerCase();
  return file.effective.flatMap((instruction): Span[] => {
    if (instruction instanceof From) {
      const { base, source } = instruction;
      const isMeant = base.kind === "stage" && base.stage === stage && source?.raw.toLowerCase() === name;
      return isMeant && source !== undefined ? [source] : [];
    }
    if (instruction instanceof Copy) {
      const value = instruction.fromFlag?.value;
      const isMeant = instruction.fromStage === stage && value?.raw.toLowerCase() === name;
      return isMeant && value !== undefined ? [value] : [];
    }
    if (!(instruction instanceof Run) || (instruction.stage?.index ?? 0) <= stage.index) return [];
    const options = instruction.mounts.flatMap(({ flag }) => flag.options);
    return options
      .filter(({ key, span }) => key === "from" && spoken(file, span).toLowerCase() === name)
      .filter(() => file.stageNamed(name ?? "", instruction.stage?.index ?? 0) === stage)
      .map(({ span }) => ({ start: span.start + "from=".length, end: span.end }));
  });
}

const spoken = (file: Dockerfile, span: Span): string => file.text.slice(span.start, span.end).slice("from=".length);

export default rule({
  id: "dockerfile/duplicate-stage-name",
  kind: "dockerfile",
  severity: "warning",
  principle: "build",
  summary: "Stage name given twice, or kept for the builder",
  why: `\`COPY --from=build\` takes the last stage of that name above it. When a second stage gets the name, lines below silently copy
from another file system: a hardened or signed artefact is replaced by whatever lies at the same path in the new stage. A stage
called \`scratch\` or \`context\` cannot be reached at all, since the builder means its own by these names. Give every stage a name
of its own.`,
  refs: ["CWE-694"],
  covers: [
    "hadolint:DL3024",
    "hadolint:DL3063",
    "buildkit:DuplicateStageName",
    "buildkit:ReservedStageName",
    "checkov:CKV_DOCKER_11",
    "trivy:DS-0012",
    "kics:same_alias_in_different_froms",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        FROM golang:1.27 AS build
        FROM node:24-slim AS «build»
        FROM alpine:3.23
        COPY --from=build /a /a
        RUN --mount=from=build,target=/b cp /b/c /c
      `,
      fixed: `
        FROM golang:1.27 AS build
        FROM node:24-slim AS build-2
        FROM alpine:3.23
        COPY --from=build-2 /a /a
        RUN --mount=from=build-2,target=/b cp /b/c /c
      `,
      note: "what meant the second stage still means it",
    },
    {
      bad: "FROM alpine:3.23 AS Base\nFROM base AS «BASE»\nUSER 1000\n",
      fixed: "FROM alpine:3.23 AS Base\nFROM base AS BASE-2\nUSER 1000\n",
      note: "the case of letters does not count",
    },
    {
      bad: "FROM alpine:3.23 AS «scratch»\nFROM scratch\n",
      fixed: "FROM alpine:3.23 AS scratch-stage\nFROM scratch\n",
    },
    { good: "FROM golang:1.27 AS build\nFROM alpine:3.23 AS final\nCOPY --from=build /a /a\n" },
    { good: "FROM alpine:3.23 AS build\nFROM build\nFROM build AS test\n" },
    { good: "FROM scratch AS scratch-files\nFROM alpine:3.23 AS context-2\n" },
  ],
  check: {
    stage(stage, report, context) {
      const { name, file } = stage;
      if (name === undefined) return;
      const lower = name.text.toLowerCase();
      const first = file.stages.slice(0, stage.index).find((s) => s.name?.text.toLowerCase() === lower);
      const isReserved = reserved.has(lower);
      if (first?.name === undefined && !isReserved) return;
      const message = isReserved
        ? `A stage cannot be called ${name.text}: the builder means something else by this name`
        : `There is a stage ${name.text} already: from here on the name means this one`;
      report(name, message, {
        ...(first?.name === undefined || isReserved
          ? {}
          : { related: [{ file: context.file, span: first.name, note: "The first stage of this name" }] }),
        fix: () => {
          const taken = new Set(file.stages.map((s) => s.name?.text.toLowerCase()));
          let renamed = `${name.text}-${isReserved ? "stage" : "2"}`;
          for (let number = 3; taken.has(renamed.toLowerCase()); number++) renamed = `${name.text}-${number}`;
          const edits = [name, ...mentions(file, stage)].map(
            (span): Edit => ({ span: { start: span.start, end: span.end }, text: choice(1, renamed) }),
          );
          return { title: "Give the stage a name of its own", applicability: "guided", edits };
        },
      });
    },
  },
});
