import { rule } from "../../engine/index";
import { credentialName, isPlaceholder, isReference, isSetting } from "../shared/secrets";
import { ignoringInGit, isKept } from "../shared/secrets/git";

export default rule({
  id: "secrets/env-file-not-ignored",
  kind: "text",
  severity: "info",
  principle: "secrets",
  summary: "Environment file that git does not leave out",
  why: `A \`.env\` file is where people put the values that are theirs alone, so sooner or later a password stands in it, and the next
\`git add .\` takes it along. Once pushed it is public to everybody with the repository, and history keeps it. Let git leave the file
out, and give others a \`.env.example\` with the names only. A file without any name of a credential is reported in the preset
\`strict\` only.`,
  refs: ["CWE-538"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        PORT=8080
        «DB_PASSWORD»=tulip-Harbor-88
        -- .gitignore --
        /build/
        `,
      fixed: `
        PORT=8080
        DB_PASSWORD=tulip-Harbor-88
        -- .gitignore --
        /build/
        .env
        `,
      file: ".env",
    },
    {
      bad: `
        «API_TOKEN»=k3Jx9QvT2mZb7Lw4
        `,
      fixed: `
        API_TOKEN=k3Jx9QvT2mZb7Lw4
        -- .gitignore --
        /shop/.env.production
        `,
      file: "shop/.env.production",
      note: "no ignore file yet",
    },
    { good: "DB_PASSWORD=tulip-Harbor-88\n-- .gitignore --\n.env\n", file: ".env" },
    { good: "DB_PASSWORD=tulip-Harbor-88\n-- .gitignore --\n.env*\n!.env.example\n", file: "shop/.env.local" },
    { good: "DB_PASSWORD=\nAPI_TOKEN=<your token>\n", file: ".env.example", note: "names only" },
    { good: "DB_PASSWORD=\n# PORT=8080\n", file: ".env", note: "nothing in it" },
  ],
  check: {
    file(text, report, context) {
      const { file, isExample, isTest, values } = text;
      if (!/(?:^|\/)\.env(?:\.[\w.-]+)?$/.test(file) || isExample || isTest || text.isForeign) return;
      if (/\.(?:vault|keys|schema|d\.ts)$/.test(file)) return;
      const filled = values.filter((v) => v.value !== "" && !isReference(v.value));
      const secret = filled.find(
        (v) => credentialName(v.name) !== undefined && !isPlaceholder(v.value) && !isSetting(v.value),
      );
      const first = secret ?? filled[0];
      if (first === undefined || !isKept(file, context.project)) return;
      const what = secret === undefined ? "its values go" : `${secret.name} goes`;
      report(first.nameSpan ?? first.span, `git does not leave this file out: ${what} into the repository`, {
        ...(secret === undefined ? { preset: "strict" as const } : {}),
        fix: () => ignoringInGit(file, context),
      });
    },
  },
});
