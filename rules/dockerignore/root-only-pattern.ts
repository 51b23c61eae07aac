import { below, dirname, rule, type Context, type Dockerignore, type Pattern, type Report } from "../../engine/index";
import { broadCopy, buildsReading, secretOf } from "../shared/ignore-files";
import { isRootOnly, isSecretPattern, missesBelow } from "../shared/ignore-patterns";

/** A file in a folder that the pattern was to keep out, and that a build copies. */
function missed(pattern: Pattern, file: Dockerignore, context: Context): string | undefined {
  const builds = buildsReading(context.file, context.project);
  for (const build of builds) {
    const path = build.files.find(
      (f) =>
        missesBelow(pattern, f) &&
        !file.ignores(f) &&
        secretOf(f, build.folder, context.project) !== undefined &&
        broadCopy(build, f) !== undefined,
    );
    if (path !== undefined) return path;
  }
  return undefined;
}

/** A file in a folder of the context, by the place of the ignore file alone. */
function existsBelow(pattern: Pattern, file: Dockerignore, context: Context): boolean {
  const folder = dirname(context.file);
  const files = context.project.under(folder) ?? [];
  return files.some((f) => {
    const path = below(folder, f) ?? f;
    return !/(?:^|\/)(?:node_modules|\.git)\//.test(path) && missesBelow(pattern, path) && !file.ignores(path);
  });
}

function rootOnly(pattern: Pattern, file: Dockerignore, report: Report, context: Context): void {
  if (!isRootOnly(pattern) || file.patterns.some((p) => !p.negated && p.glob === `**/${pattern.glob}`)) return;
  const isSecret = isSecretPattern(pattern.glob);
  const path = isSecret ? missed(pattern, file, context) : undefined;
  const wide = /^\*\.\w+$/.test(pattern.glob) && existsBelow(pattern, file, context);
  if (path === undefined && !isSecret && !wide) return;
  const message = `${pattern.raw} counts only at the context's root, unlike in .gitignore`;
  report(pattern, path === undefined ? message : `${message}: ${path} comes in`, {
    ...(path === undefined ? { severity: "hint", preset: "strict" } : {}),
    fix: () => ({
      title: `Add **/${pattern.glob}`,
      applicability: "safe",
      edits: [pattern.insertAfter(`**/${pattern.glob}`)],
    }),
  });
}

/** `.env # local`: the `#` and all behind it belong to the pattern, which then matches nothing. */
function trailingComment(pattern: Pattern, file: Dockerignore, report: Report): void {
  const at = /(?<!\s)\s+#/.exec(pattern.raw)?.index;
  if (at === undefined) return;
  const { start, end, raw } = pattern;
  const comment = raw.slice(at).trim();
  report(
    { start: start + raw.indexOf("#", at), end },
    `A comment cannot follow a pattern: ${raw.slice(0, at)} is not ignored`,
    {
      fix: () => ({
        title: "Write the comment on a line of its own",
        applicability: "safe",
        edits: [
          { span: { start, end: start }, text: `${comment}${file.text.includes("\r\n") ? "\r\n" : "\n"}` },
          { span: { start: start + at, end }, text: "" },
        ],
      }),
    },
  );
}

/** `secrets\prod.env`: outside Windows the backslash only hides the letter behind it. */
function backslash({ raw, start, end }: Pattern, report: Report): void {
  if (!/\w\\\w/.test(raw) || raw.includes(" #")) return;
  const text = raw.replaceAll("\\", "/");
  report({ start, end }, `${raw} matches only where the build runs on Windows`, {
    fix: () => ({ title: `Write ${text}`, applicability: "safe", edits: [{ span: { start, end }, text }] }),
  });
}

export default rule({
  id: "dockerignore/root-only-pattern",
  kind: "dockerignore",
  severity: "info",
  principle: "secrets",
  summary: "A pattern matches less than it would in .gitignore",
  why: `In \`.dockerignore\` a pattern counts from the context's root: \`.env\` leaves \`services/cart/.env\` in the context, and
\`COPY services/ .\` puts it into a layer, though everybody who reads the file believes it ignored. \`**/.env\` matches in every
folder. Comments need a line of their own, and folders are separated by \`/\`.`,
  refs: ["CWE-538"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: "node_modules\n«.env»\n-- Dockerfile --\nFROM alpine:3.23\nCOPY services/ .\n-- services/a/.env --\n-- services/a/main.c --\n",
      fixed: "node_modules\n.env\n**/.env\n",
    },
    {
      bad: "«*.key»\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- tls/server.key --\n",
      fixed: "*.key\n**/*.key\n",
    },
    { bad: "«id_rsa»\n*.md\n", fixed: "id_rsa\n**/id_rsa\n*.md\n", severity: "hint", note: "nothing comes in today" },
    {
      bad: ".git\n**/.env.local «# of the developers»\n",
      fixed: ".git\n# of the developers\n**/.env.local\n",
      note: "no comment",
    },
    { bad: "«config\\local.json»\n", fixed: "config/local.json\n" },
    { good: ".env\n**/.env\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- a/.env --\n", note: "both" },
    { good: "/.env\n/id_rsa\n", note: "meant for the root" },
    { good: "**/*.pem\nconfig/prod.key\n" },
    { good: "*\n!src\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- a/.env --\n" },
    { good: "*.log\nTODO.md\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- main.c --\n" },
    { good: "# all of it\nfile\\#1\na#b\n", note: "a comment, and signs in names" },
  ],
  check: {
    file(file, report, context) {
      for (const pattern of file.patterns) {
        rootOnly(pattern, file, report, context);
        trailingComment(pattern, file, report);
        backslash(pattern, report);
      }
    },
  },
});
