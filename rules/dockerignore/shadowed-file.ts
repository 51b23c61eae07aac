import {
  basename,
  choice,
  dirname,
  join,
  lineTerminator,
  rule,
  type Context,
  type Dockerignore,
  type Report,
} from "../../engine/index";
import { buildOf, buildsReading, isIgnored, ownIgnoreFile } from "../shared/ignore-files";
import { isSecretPattern } from "../shared/ignore-patterns";

/** A name that the pattern matches, for asking other patterns about it. */
const nameOf = (glob: string): string =>
  glob
    .replace(/\*\*\//g, "")
    .replace(/\*/g, "x")
    .replace(/[?]/g, "x");

/** What the file at the root keeps secret and this one, which is read instead, does not. */
function missing(file: Dockerignore, shadowed: string, context: Context): readonly string[] {
  const patterns = context.project.summaries("dockerignore").get(shadowed)?.patterns ?? [];
  const globs = patterns
    .filter((p) => !p.negated && (isSecretPattern(p.glob) || /^(?:\*\*\/)?\.git$/.test(p.glob)))
    .map((p) => p.glob);
  return globs.filter((glob) => !isIgnored(file.patterns, nameOf(glob)) && isIgnored(patterns, nameOf(glob)));
}

function insteadOf(file: Dockerignore, report: Report, context: Context): void {
  const [build] = buildsReading(context.file, context.project);
  if (build === undefined || ownIgnoreFile(build.dockerfile) !== context.file) return;
  const shadowed = join(build.folder, ".dockerignore");
  const globs = missing(file, shadowed, context);
  if (globs.length === 0) return;
  report(
    file.patterns[0] ?? { start: 0, end: 0 },
    `${basename(context.file)} replaces ${shadowed}: ${globs.join(", ")} is not ignored here`,
    {
      related: [{ file: shadowed, span: { start: 0, end: 0 }, note: "not read for this Dockerfile" }],
      fix: () => {
        const [first = "", ...rest] = globs;
        return {
          title: `Take over ${globs.join(", ")}`,
          applicability: "guided",
          edits: [file.append([choice(1, first), ...rest].join(lineTerminator(file.text)))],
        };
      },
    },
  );
}

/** Beside a Dockerfile that is built in a folder above: no build has this folder as its context. */
function inNoContext(file: Dockerignore, report: Report, context: Context): void {
  const { project } = context;
  const folder = dirname(context.file);
  if (!/^\.(?:docker|container)ignore$/.test(basename(context.file)) || buildsReading(context.file, project).length > 0)
    return;
  const beside = [...project.summaries("dockerfile").keys()].filter((d) => dirname(d) === folder);
  const builds = beside.map((d) => buildOf(d, project));
  const [first] = builds;
  if (first === undefined || builds.some((b) => b === undefined || b.folder === folder)) return;
  const root = first.folder === "" ? "the project's root" : first.folder;
  report(file.patterns[0] ?? { start: 0, end: 0 }, `No build reads this file: ${first.dockerfile} is built in ${root}`);
}

export default rule({
  id: "dockerignore/shadowed-file",
  kind: "dockerignore",
  severity: "hint",
  principle: "build",
  summary: "Patterns of an ignore file do not apply",
  why: `Builders read one ignore file: \`<Dockerfile>.dockerignore\` where there is one, else the \`.dockerignore\` at the context's root.
Patterns for keys or \`.env\` in the other file protect nothing, so a \`COPY . .\` takes these files along while everybody believes
them ignored. Keep the patterns in the file that is read; one in a folder that is no context belongs at the root of the context.`,
  refs: ["CWE-538"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: "«dist»\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .dockerignore --\n.git\n**/.env\nnode_modules\n-- main.c --\n",
      file: "Dockerfile.dockerignore",
      fixed: "dist\n.git\n**/.env\n",
    },
    {
      bad: "«.env»\n-- docker/Dockerfile --\nFROM alpine:3.23\nCOPY src /app\n-- src/main.c --\n",
      file: "docker/.dockerignore",
      note: "in no context",
    },
    {
      good: "*\n!src\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .dockerignore --\n.git\n**/.env\n-- src/main.c --\n",
      file: "Dockerfile.dockerignore",
      note: "keeps out more",
    },
    { good: ".git\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- main.c --\n" },
    { good: "node_modules\n", note: "for a build that is not known" },
    {
      good: "dist\n-- api.Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .dockerignore --\nnode_modules\n-- main.c --\n",
      file: "api.Dockerfile.dockerignore",
      note: "nothing secret is missing",
    },
  ],
  check: {
    file(file, report, context) {
      insteadOf(file, report, context);
      inNoContext(file, report, context);
    },
  },
});
