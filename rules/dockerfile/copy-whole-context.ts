import { Copy, join, rule, Run, type Context, type Dockerfile, type Fix } from "../../engine/index";
import { buildAt, cleanPath, ignoreFilesOf, isIgnored, secretOf, type Build } from "../shared/ignore-files";

/** Files with a dot that every repository has, and that tell nobody anything. */
const harmlessDots =
  /(?:^|\/)\.(?:dockerignore|gitignore|gitattributes|gitkeep|gitmodules|keep|editorconfig|github|mvn|nvmrc|node-version|python-version|ruby-version|tool-versions|babelrc|browserslistrc|(?:prettier|eslint|stylelint)(?:rc|ignore)[^/]*|env\.(?:example|sample|template|dist))(?:\/|$)/;

/** What of the context nobody wants in an image: the first such file. */
function unwanted({ files, folder }: Build, { project }: Context): string | undefined {
  const secret = files.find((f) => secretOf(f, folder, project) !== undefined);
  if (secret !== undefined) return secret;
  if (files.some((f) => f.startsWith(".git/"))) return ".git";
  return files.find((f) => f.startsWith(".") && !harmlessDots.test(f));
}

const secretPatterns = [
  "**/.env",
  "**/.env.*",
  "!**/.env.example",
  "!**/.env.sample",
  "!**/.env.template",
  "**/*.key",
  "**/*-key.pem",
  "**/*.p12",
  "**/*.pfx",
  "**/*.jks",
  "**/id_rsa",
  "**/id_ed25519",
  "**/.aws",
  "**/.ssh",
  "**/.kube",
  "**/.netrc",
  "**/.git-credentials",
  "**/*.tfstate",
  "**/*.tfvars",
];

/** The lines of a new ignore file; what the build itself reads or does not make stays in the context. */
function lines(file: Dockerfile, { summary }: Build): readonly string[] {
  const installs = file.effective.some(
    (i) => i instanceof Run && /\b(?:npm|yarn|pnpm|bun)\s+(?:ci|i|install)\b|\byarn\b/.test(i.node.text),
  );
  return [...(summary.usesGit ? [] : [".git"]), ...(installs ? ["**/node_modules"] : []), ...secretPatterns];
}

function fixOf(file: Dockerfile, build: Build): Fix {
  const patterns = lines(file, build);
  const globs = patterns.map((p) => ({ glob: p.replace("!", ""), negated: p.startsWith("!") }));
  const changes = build.files.some((f) => !/^\.git\/|(?:^|\/)node_modules\//.test(f) && isIgnored(globs, f));
  const text = patterns.map((p) => `${p}\n`).join("");
  return {
    title: `Create ${join(build.folder, ".dockerignore")}`,
    // A program may read at run time what the context holds now.
    applicability: changes ? "unsafe" : "safe",
    edits: [],
    others: [
      { file: join(build.folder, ".dockerignore"), create: true, edits: [{ span: { start: 0, end: 0 }, text }] },
    ],
  };
}

/** What the examples show of the new file. */
const created = [".git", ...secretPatterns, ""].join("\n");

export default rule({
  id: "dockerfile/copy-whole-context",
  kind: "dockerfile",
  severity: "warning",
  principle: "secrets",
  summary: "The whole build context is copied, and no ignore file limits it",
  why: `\`COPY . .\` takes everything that lies in the folder on the machine that builds: \`.git\` with its history, the \`.env\` of the
developer, keys that were put there for a minute. Whoever can pull the image reads them in the layer. A \`.dockerignore\` keeps them
out of the context, whoever builds; naming the folders to copy does too.`,
  refs: ["CIS 4.10", "CWE-538"],
  covers: ["dockle:DKL-LI-0003"],
  fix: "safe",
  examples: [
    {
      bad: "FROM alpine:3.23\nCOPY «.» /app\n-- main.c --\n-- .git/HEAD --\n",
      fixed: `FROM alpine:3.23\nCOPY . /app\n-- .dockerignore --\n${created}`,
    },
    {
      bad: 'FROM alpine:3.23\nADD --chown=1:1 [«"./"», "/app"]\n-- main.c --\n-- config/.env --\n',
      fixed: `FROM alpine:3.23\nADD --chown=1:1 ["./", "/app"]\n-- .dockerignore --\n${created}`,
      note: "the program may miss its .env: the fix is unsafe",
    },
    {
      bad: "FROM alpine:3.23 AS build\nCOPY «*» /src/\nFROM alpine:3.23\nCOPY --from=build /src/out /app\n-- main.c --\n-- .vscode/settings.json --\n",
      fixed: `FROM alpine:3.23 AS build\nCOPY * /src/\nFROM alpine:3.23\nCOPY --from=build /src/out /app\n-- .dockerignore --\n${created}`,
      severity: "info",
      note: "in a build stage",
    },
    {
      bad: "FROM alpine:3.23\nCOPY «.» /app\n-- main.c --\n",
      fixed: `FROM alpine:3.23\nCOPY . /app\n-- .dockerignore --\n${created}`,
      severity: "hint",
      note: "nothing but source files there now",
    },
    { good: "FROM alpine:3.23\nCOPY . /app\n-- .dockerignore --\n.git\n-- main.c --\n" },
    {
      good: "FROM alpine:3.23\nCOPY . /app\n-- Dockerfile.dockerignore --\n.git\n-- main.c --\n",
      note: "an ignore file of its own",
    },
    { good: "FROM alpine:3.23\nCOPY . /app\n-- .containerignore --\n.git\n", note: "as Podman calls it" },
    {
      good: "FROM alpine:3.23\nCOPY . /app\nCOPY shop/main.c /app/\n-- shop/main.c --\n-- .dockerignore --\n.git\n",
      file: "shop/Dockerfile",
      note: "what it names lies at the root: that is the context",
    },
    { good: "FROM alpine:3.23\nCOPY . /app\n", file: "docker/Dockerfile", note: "not known from where it is built" },
    { good: "FROM alpine:3.23 AS a\nFROM alpine:3.23\nCOPY --from=a . /app\nCOPY src /app/src\n-- src/main.c --\n" },
    {
      good: "FROM alpine:3.23\nRUN --mount=type=bind,target=/src ./build\nONBUILD COPY . /app\n",
      note: "not kept; another image's context",
    },
  ],
  check: {
    copy(copy, report, context) {
      if (copy.fromFlag !== undefined || copy.onbuild !== undefined) return;
      const source = copy.sources.find((s) => /^\*{0,2}$/.test(cleanPath(s.text)) && !/^\w+:\/\//.test(s.text));
      const build = source === undefined ? undefined : buildAt(context);
      if (source === undefined || build === undefined || ignoreFilesOf(build, context.project).length > 0) return;
      // One finding says it for all that the file copies.
      const first = copy.file.effective.find(
        (i) =>
          i instanceof Copy &&
          i.fromFlag === undefined &&
          i.stage?.shipped === copy.stage?.shipped &&
          i.sources.some((s) => /^\*{0,2}$/.test(cleanPath(s.text))),
      );
      if (first !== copy) return;
      const risky = unwanted(build, context);
      const severity = risky === undefined ? "hint" : copy.stage?.shipped === true ? "warning" : "info";
      const what = risky === undefined ? "whatever lies there" : `${risky} among it`;
      report(source, `Everything in the build context is copied, ${what}: there is no .dockerignore`, {
        severity,
        fix: () => fixOf(copy.file, build),
      });
    },
  },
});
