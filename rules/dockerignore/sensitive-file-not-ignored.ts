import {
  basename,
  lineTerminator,
  rule,
  type Context,
  type Dockerignore,
  type Pattern,
  type Span,
} from "../../engine/index";
import { broadCopy, buildsReading, secretOf, type Build } from "../shared/ignore-files";
import { missesBelow } from "../shared/ignore-patterns";
import { globMayMatchSecret } from "../shared/secrets";

/** Secret files of one class that a build copies along with others. */
interface Leak {
  readonly build: Build;
  readonly paths: string[];
  isShipped: boolean;
}

function leaks(file: Dockerignore, context: Context): readonly Leak[] {
  const classes = new Map<string, Leak>();
  for (const build of buildsReading(context.file, context.project)) {
    for (const path of build.files) {
      const secret = secretOf(path, build.folder, context.project);
      if (secret === undefined || file.ignores(path)) continue;
      const copied = broadCopy(build, path);
      if (copied === undefined || speaksOtherwise(file, path)) continue;
      const leak = classes.get(secret.kind) ?? { build, paths: [], isShipped: false };
      if (!leak.paths.includes(path)) leak.paths.push(path);
      leak.isShipped ||= copied === "shipped";
      classes.set(secret.kind, leak);
    }
  }
  return [...classes.values()];
}

/** dockerignore/root-only-pattern and dockerignore/secret-re-included say it at the pattern that is to blame. */
const speaksOtherwise = (file: Dockerignore, path: string): boolean =>
  file.patterns.some(
    (p) =>
      missesBelow(p, path) ||
      (p.negated && p.matches(path) && (globMayMatchSecret(p.glob) !== undefined || /^\*\*?$/.test(p.glob))),
  );

/** The pattern that lets the file in, or the first one; without patterns, the top. */
function anchor(file: Dockerignore, path: string): Span {
  const inclusion = file.patterns.filter((p: Pattern) => p.negated && p.matches(path)).pop();
  return inclusion ?? file.patterns[0] ?? { start: 0, end: 0 };
}

// A folder that is secret as a whole is ignored as a whole.
const patternFor = (path: string): string => {
  const folder = /(?:^|\/)(\.(?:ssh|aws|kube|gnupg|azure))\//.exec(path)?.[1];
  return `**/${folder ?? basename(path)}`;
};

export default rule({
  id: "dockerignore/sensitive-file-not-ignored",
  kind: "dockerignore",
  severity: "warning",
  principle: "secrets",
  summary: "A file with secrets is copied because no pattern ignores it",
  why: `The file lies in the build context, a \`COPY\` of its folder takes it along, and nobody who reads the Dockerfile sees it. Whoever
can pull the image finds the \`.env\` with the database password, or the key, in the layer. Ignore such files by name in every
folder (\`**/.env\`), and give them to the steps or containers that need them as secrets.`,
  refs: ["CIS 4.10", "CWE-538"],
  covers: ["dockle:DKL-LI-0003", "dockle:CIS-DI-0010"],
  fix: "unsafe",
  examples: [
    {
      bad: "«node_modules»\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .env --\n-- a/.env.production --\n-- main.c --\n",
      fixed: "node_modules\n**/.env\n**/.env.production\n",
      note: "one finding for each class",
    },
    {
      bad: "*\n«!src»\n-- Dockerfile --\nFROM alpine:3.23\nCOPY src /app\n-- src/tls/server.key --\n-- src/main.c --\n",
      fixed: "*\n!src\n**/server.key\n",
      note: "at the pattern that lets it in",
    },
    {
      bad: "«dist»\n-- Dockerfile --\nFROM alpine:3.23 AS build\nCOPY . /src\nFROM alpine:3.23\n-- home/.ssh/id_rsa --\n",
      fixed: "dist\n**/.ssh\n",
      severity: "info",
      note: "only a build stage has it",
    },
    {
      good: "**/.env\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .env --\n-- a/.env --\n-- .env.example --\n",
    },
    {
      good: "dist\n-- Dockerfile --\nFROM alpine:3.23\nCOPY .env src /app/\n-- .env --\n-- src/main.c --\n",
      note: "copied by name: another rule's matter",
    },
    {
      good: "dist\n-- Dockerfile --\nFROM alpine:3.23\nCOPY src /app\n-- .env --\n-- src/main.c --\n",
      note: "its folder is not copied",
    },
    {
      good: "dist\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- test/fixtures/server.key --\n-- ca.pem --\n",
      note: "test data, a certificate",
    },
    {
      good: "dist\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .npmrc --\nregistry=https://npm.example.com/\n",
      note: "no login in it",
    },
    {
      good: "dist\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- Dockerfile.dockerignore --\n.env\n-- .env --\n",
      note: "another ignore file counts",
    },
  ],
  check: {
    file(file, report, context) {
      for (const { build, paths, isShipped } of leaks(file, context)) {
        const [first = ""] = paths;
        const more = paths.length === 1 ? " goes" : ` and ${paths.length - 1} more go`;
        const where = isShipped ? "the image" : "a build stage";
        report(anchor(file, first), `${first}${more} into ${where} of ${build.dockerfile}: no pattern keeps it out`, {
          severity: isShipped ? "warning" : "info",
          fix: () => ({
            title: `Ignore ${[...new Set(paths.map(patternFor))].join(", ")}`,
            // A program may read the file at run time.
            applicability: "unsafe",
            edits: [file.append([...new Set(paths.map(patternFor))].join(lineTerminator(file.text)))],
          }),
        });
      }
    },
  },
});
