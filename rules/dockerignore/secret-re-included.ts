import { dirname, join, rule, type Context, type Dockerignore, type Pattern } from "../../engine/index";
import { holdsLogin } from "../shared/ignore-files";
import { globMayMatchSecret } from "../shared/secrets";

const isGlob = (glob: string): boolean => /[*?[]/.test(glob);

/** Whether something above kept out what the pattern lets in, and nothing below keeps it out again. */
function hasEffect(pattern: Pattern, file: Dockerignore): boolean {
  const above = file.patterns.slice(0, file.patterns.indexOf(pattern));
  if (isGlob(pattern.glob)) return above.some((p) => !p.negated);
  let ignored = false;
  for (const p of above) if (p.matches(pattern.glob)) ignored = !p.negated;
  return ignored && !file.ignores(pattern.glob);
}

function letsSecretIn({ glob }: Pattern, context: Context): boolean {
  const secret = globMayMatchSecret(glob);
  if (secret === undefined) return false;
  return (
    secret.certain || (!isGlob(glob) && holdsLogin(context.project.text(join(dirname(context.file), glob))) === true)
  );
}

/** `!**` behind all other patterns: what they keep out is let in again. */
function cancelsAll(pattern: Pattern, file: Dockerignore): boolean {
  const isLast = file.patterns[file.patterns.length - 1] === pattern;
  return isLast && /^(?:\*\*?|\*\*\/\*\*?)$/.test(pattern.glob) && file.patterns.some((p) => !p.negated);
}

export default rule({
  id: "dockerignore/secret-re-included",
  kind: "dockerignore",
  severity: "warning",
  principle: "secrets",
  summary: "A pattern lets a secret into the build context again",
  why: `A \`!\` pattern undoes the patterns above it. The \`.env\` or the key that it lets in is sent to every builder, remote ones too,
and a \`COPY . .\` puts it into a layer where whoever can pull the image finds it. Give the build such a file with
\`RUN --mount=type=secret\`: that works without the file in the context.`,
  refs: ["CWE-538"],
  covers: [],
  fix: "unsafe",
  examples: [
    { bad: "*\n!src/\n«!.env»\n", fixed: "*\n!src/\n" },
    { bad: "**/*.pem\n# for the gateway\n«!**/*.pem»\n!ca.pem\n", fixed: "**/*.pem\n# for the gateway\n!ca.pem\n" },
    { bad: "config\n«!config/secrets.yml»\n", fixed: "config\n" },
    { bad: ".git\n**/.env\n«!**»\n", fixed: ".git\n**/.env\n", note: "everything comes in again" },
    { good: "**/.env*\n!.env.example\n!ca.pem\n!id_rsa.pub\n", note: "made to be shared" },
    { good: "*\n!src\n!package.json\n!**/*.json\n" },
    { good: "*\n!.env\n.env\n", note: "kept out again below" },
    { good: "dist\n!.env\n", note: "nothing kept it out: no pattern is undone" },
    { good: "*\n!.npmrc\n", note: "mostly without a login" },
    { good: "**\n!**/\nnode_modules\n", note: "not the last word" },
  ],
  check: {
    file(file, report, context) {
      for (const pattern of file.patterns) {
        if (!pattern.negated) continue;
        const all = cancelsAll(pattern, file);
        if (!all && !(letsSecretIn(pattern, context) && hasEffect(pattern, file))) continue;
        const message = all
          ? `${pattern.raw} lets everything in again that the patterns above keep out`
          : `${pattern.raw} lets secrets into the build context again`;
        report(pattern, message, {
          // A step of the build may copy the file by name.
          fix: () => ({ title: `Remove ${pattern.raw}`, applicability: "unsafe", edits: [pattern.remove()] }),
        });
      }
    },
  },
});
