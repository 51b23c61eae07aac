import {
  basename,
  type ComposeProject,
  type Context,
  type Fix,
  lineTerminator,
  rule,
  type Setting,
} from "../../engine/index";
import { envFilesOf } from "../shared/compose/env-files";
import { isSecretConfig } from "../shared/compose/secret-names";
import { ignoreLineFor, isGitIgnored } from "../shared/git-ignored";
import { classify, isPlaceholder, isReference } from "../shared/secrets";

interface Named {
  readonly at: Setting;
  readonly file: string;
  readonly what: string;
}

/** Made to be shared: samples, public halves, what is encrypted, data of tests. */
const harmless =
  /[._-](?:example|sample|template|tmpl|dist)(?:[._-]|$)|\.(?:crt|cer|pub|enc|gpg|asc|age|md)$|(?:^|[._/-])sops[._]|(?:^|\/)(?:tests?|__tests__|fixtures?|testdata|mocks?)\//i;

/** The files that hold secrets by what the project says of them; of env files by what they say. */
function secretFiles(project: ComposeProject, context: Context): readonly Named[] {
  const files: Named[] = [];
  const add = (at: Setting | undefined, what: string): void => {
    const file = at?.scalar.path;
    if (at === undefined || file === undefined || files.some((f) => f.file === file)) return;
    if (!/^(?:\/|\.\.(?:\/|$))/.test(file)) files.push({ at, file, what });
  };
  for (const secret of project.secrets) {
    const at = secret.setting("file");
    if (!isBlank(at, context)) add(at, `the secret ${secret.name}`);
  }
  for (const config of project.configs) {
    const at = config.setting("file");
    if (isSecretConfig(config, project) && !isBlank(at, context)) add(at, `what the config ${config.name} keeps`);
  }
  for (const service of project.services) {
    for (const at of envFilesOf(service)) {
      const name = secretNameIn(context.project.text(at.scalar.path ?? ""), basename(at.scalar.path ?? ""));
      if (name !== undefined) add(at, name);
    }
  }
  return files;
}

/** A file that only holds the place of a secret; one that nobody has read holds it. */
function isBlank(at: Setting | undefined, context: Context): boolean {
  const text = context.project.text(at?.scalar.path ?? "")?.trim();
  return text !== undefined && (isPlaceholder(text) || isReference(text) || /^change-?_?(?:me|it)\W*$/i.test(text));
}

/** The first variable whose value is a secret of its own, and none that everybody knows. */
function secretNameIn(text: string | undefined, name: string): string | undefined {
  if (text === undefined || text.startsWith("sops_") || name === "") return undefined;
  for (const [, variable = "", written = ""] of text
    .replace(/^\ufeff/, "")
    .matchAll(/^[ \t]*(?:export[ \t]+)?([\w.-]{1,100})[ \t]*=(.*)$/gm)) {
    const value = written.trim().replace(/^(["'])(.*)\1$/, "$2");
    const found = classify({ name: variable, value });
    if (found !== undefined && found.kind !== "default-password") return variable;
  }
  return undefined;
}

function ignoring(file: string, context: Context): Fix {
  const { ignoreFile, line, text } = ignoreLineFor(file, context.project);
  const terminator = lineTerminator(text ?? "\n");
  const end = text?.length ?? 0;
  const isOpen = text !== undefined && text !== "" && !text.endsWith("\n");
  const edits = [{ span: { start: end, end }, text: `${isOpen ? terminator : ""}${line}${terminator}` }];
  return {
    title: `Add ${line} to ${ignoreFile}, which takes nothing out that git has already`,
    applicability: "safe",
    edits: [],
    others: [{ file: ignoreFile, edits, ...(text === undefined ? { create: true } : {}) }],
  };
}

export default rule({
  id: "compose/secret-file-tracked",
  kind: "compose",
  severity: "warning",
  principle: "secrets",
  summary: "A file with secrets is not left out by .gitignore",
  why: `One \`git add .\` puts the file into the history, and from there it goes to every clone, fork, build log and backup; taking
it out later does not take it back. Whoever reads the repository, or finds it published by mistake, has the password. Name the
file in \`.gitignore\`, take it out of the index by \`git rm --cached\`, and change the secret if it has been pushed.`,
  refs: ["CWE-538"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          db:
            image: acme/db:1.2.3
            secrets: [db-password]
        secrets:
          db-password:
            file: «db/password.txt»
        -- db/password.txt --
        k3-9fjWq
        -- .gitignore --
        node_modules
        `,
      fixed: `
        services:
          db:
            image: acme/db:1.2.3
            secrets: [db-password]
        secrets:
          db-password:
            file: db/password.txt
        -- .gitignore --
        node_modules
        /db/password.txt
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            env_file: [settings.env, «app.env»]
          worker: { image: "acme/worker:1.2.3", env_file: [{ path: app.env }] }
        -- settings.env --
        PORT=80
        -- app.env --
        PORT=80
        export API_TOKEN="f84hfKJdk93kfjd83jd"
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            env_file: [settings.env, app.env]
          worker: { image: "acme/worker:1.2.3", env_file: [{ path: app.env }] }
        -- .gitignore --
        /app.env
        `,
      note: "once for each file; there is no .gitignore yet",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            env_file: «./.env.prod»
        -- deploy/.env.prod --
        DB_PASSWORD=k3-9fjWq
        -- .gitignore --
        .env
        /.env.*
        *.env
        -- deploy/.gitignore --
        *.log
        !.env.prod
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            env_file: ./.env.prod
        -- deploy/.gitignore --
        *.log
        !.env.prod
        /.env.prod
        `,
      file: "deploy/compose.yaml",
      note: "patterns that do not reach it",
    },
    {
      good: `
        services:
          db: { image: "acme/db:1.2.3", secrets: [a, b, c, d, e] }
        secrets:
          a: { file: db/a.txt }
          b: { file: db/keep/b.txt }
          c: { file: c.pem }
          d: { file: secrets/d }
          e: { file: deep/er/e.key }
        -- db/a.txt --
        k3-9fjWq
        -- db/keep/b.txt --
        k3-9fjWq
        -- c.pem --
        k3-9fjWq
        -- secrets/d --
        k3-9fjWq
        -- deep/er/e.key --
        k3-9fjWq
        -- .gitignore --
        # secrets
        **/secrets/*
        /c.[op]em
        db/
        !db/keep/
        -- deep/.gitignore --
        *.key
        !other.key
        `,
      note: "left out; nothing comes back from a folder that is",
    },
    {
      good: `
        services:
          db: { image: "acme/db:1.2.3", secrets: [a, b, c, d, e] }
        secrets:
          a: { file: missing.txt }
          b: { file: placeholder.txt }
          c: { environment: PW }
          d: { file: ../outside.txt }
          e: { file: key.example.txt }
        -- placeholder.txt --
        <put the password here>
        -- key.example.txt --
        k3-9fjWq
        `,
      note: "no file, no secret",
    },
    {
      good: `
        services:
          app: { image: "acme/app:1.2.3", env_file: [app.env, sample.env] }
        -- app.env --
        PORT=80
        PASSWORD_FILE=/run/secrets/pw
        TOKEN=\${TOKEN}
        -- sample.env --
        API_TOKEN=your-token-here
        `,
      note: "no secret of its own",
    },
  ],
  check: {
    project(project, report, context) {
      for (const { at, file, what } of secretFiles(project, context)) {
        if (context.project.exists(file) !== true || harmless.test(file) || isGitIgnored(file, context.project))
          continue;
        report(at, `git does not leave ${file} out: ${what} goes into the repository with the next \`git add\``, {
          fix: () => ignoring(file, context),
        });
      }
    },
  },
});
