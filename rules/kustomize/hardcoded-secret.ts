import {
  basename,
  choice,
  type Context,
  dirname,
  type Field,
  type Fix,
  fixIn,
  type Generator,
  join,
  lineTerminator,
  type Report,
  rule,
  type Span,
} from "../../engine/index";
import { ignoreLineFor, isGitIgnored } from "../shared/git-ignored";
import { type Classification, classify, classifyText, isPlaceholder, secretFileName } from "../shared/secrets";

interface Literal {
  readonly name: string;
  readonly found: Classification;
  readonly at: Span;
}

/** A credential in `NAME=value`; quotes around the value are no part of it. */
function literalOf(field: Field): Literal | undefined {
  const [, name = "", quote = "", written = ""] = /^([^=]+)=(["']?)([\s\S]*)$/.exec(field.string ?? "") ?? [];
  const value = quote !== "" && written.endsWith(quote) ? written.slice(0, -1) : written;
  const found = name === "" || name.startsWith("sops") ? undefined : classify({ name, value });
  if (found === undefined) return undefined;
  const from = name.length + 1 + quote.length;
  return { name, found, at: field.part(from + found.span.start, from + found.span.end) };
}

function message({ name, found }: Literal, { kind }: Generator): string {
  const object = kind === "Secret" ? "a Secret" : "a ConfigMap";
  if (found.kind === "default-password") return `${name} of ${object} is a password that everybody knows`;
  return `The value of ${name} is in this file for everybody who can read it: ${found.masked}`;
}

/** Takes the literal out, and reads the generator's variables from a file that git ignores. */
function intoFile(literal: Field, { field, kind, name, literals }: Generator, context: Context): Fix | undefined {
  if (kind !== "Secret") return undefined;
  const file = `${name?.string ?? "secret"}.env`;
  const path = join(dirname(context.file), file);
  const taken = literals.length === 1 ? literal.removeUpTo(field) : literal.remove();
  const added = field.append(["envs"], choice(1, file), { snippet: true });
  const ignored = isGitIgnored(path, context.project)
    ? []
    : [{ file: ignoreLineFor(path, context.project).ignoreFile, ...ignoring(path, context) }];
  return fixIn(context.file, `Read it from ${file}, which git leaves out`, "guided", [
    literal.within(taken),
    field.within(added),
    ...ignored,
  ]);
}

function ignoring(path: string, { project }: Context) {
  const { line, text } = ignoreLineFor(path, project);
  const terminator = lineTerminator(text ?? "\n");
  const end = text?.length ?? 0;
  const isOpen = text !== undefined && text !== "" && !text.endsWith("\n");
  const edits = [{ span: { start: end, end }, text: `${isOpen ? terminator : ""}${line}${terminator}` }];
  return { edits, ...(text === undefined ? { create: true } : {}) };
}

/** Made to be shared, or encrypted. */
const harmless =
  /[._-](?:example|sample|template|tmpl|dist|enc|sops)(?:[._-]|$)|(?:^|\/)(?:tests?|fixtures?|testdata|mocks?)\/|\.(?:gpg|asc|age|pub)$/i;

/** What makes a file secret: a variable of it, or what it is by its name. */
function secretIn(path: string, isEnv: boolean, { project }: Context): string | undefined {
  const text = project.text(path);
  if (text !== undefined && /^sops[_:]/m.test(text)) return undefined;
  if (isEnv) return text === undefined ? undefined : variableIn(text);
  if (text !== undefined && classifyText(text).some((c) => c.grade === "live")) return "a credential in it";
  const named = secretFileName(path);
  const isKey = named?.certain === true && (named.kind === "private-key" || named.kind === "key-store");
  const isBlank = text !== undefined && (text.trim() === "" || isPlaceholder(text.trim()));
  return isKey && !isBlank && project.exists(path) === true ? "the key" : undefined;
}

function variableIn(text: string): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    const [, name = "", written = ""] = /^[ \t]*([\w.-]{1,100})=(.*)$/.exec(line) ?? [];
    const value = written.trim().replace(/^(["'])(.*)\1$/, "$2");
    const found = name === "" ? undefined : classify({ name, value });
    if (found !== undefined && found.kind !== "default-password") return name;
  }
  return undefined;
}

function files({ envs, files: plain }: Generator, report: Report, context: Context): void {
  const named = [...envs.map((at) => ({ at, isEnv: true })), ...plain.map((at) => ({ at, isEnv: false }))];
  for (const { at, isEnv } of named) {
    const written = at.string?.replace(/^[\w.-]+=/, "");
    if (written === undefined || harmless.test(written) || /[${]/.test(written)) continue;
    const path = join(dirname(context.file), written);
    const secret = secretIn(path, isEnv, context);
    if (secret === undefined || isGitIgnored(path, context.project)) continue;
    const { ignoreFile } = ignoreLineFor(path, context.project);
    report(at, `git does not leave ${basename(path)} out: ${secret} goes into the repository with it`, {
      fix: () =>
        fixIn(context.file, `Add it to ${ignoreFile}, which takes nothing out that git has already`, "safe", [
          { file: ignoreFile, ...ignoring(path, context) },
        ]),
    });
  }
}

export default rule({
  id: "kustomize/hardcoded-secret",
  kind: "kustomize",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A Secret is generated from a value that lies in the repository",
  why: `A kustomization lies in a repository, and so does every file that it reads, in every clone and for ever. Whoever sees a password
there tries it against the cluster; that it ends up in a Secret protects it from nobody. Read the value from a file that git
leaves out, or have it brought by an ExternalSecret or a SealedSecret, and change it: it is known by now.`,
  refs: ["CWE-798"],
  covers: [],
  fix: "safe",
  yieldsTo: [
    "secrets/provider-token",
    "secrets/private-key",
    "secrets/jwt",
    "secrets/authorization-header",
    "secrets/connection-string-password",
  ],
  examples: [
    {
      bad: `
        resources: [deployment.yaml]
        secretGenerator:
          - name: shop-db
            literals:
              - username=shop
              - password=«tulip-Harbor-88» # of the shop
        `,
      fixed: `
        resources: [deployment.yaml]
        secretGenerator:
          - name: shop-db
            literals:
              - username=shop
            envs:
              - shop-db.env
        -- .gitignore --
        /shop-db.env
        `,
    },
    {
      bad: `
        secretGenerator:
          - name: shop-db
            envs: [«shop-db.env»]
        -- deploy/shop-db.env --
        DB_USER=shop
        DB_PASSWORD=tulip-Harbor-88
        -- .gitignore --
        node_modules
        `,
      file: "deploy/kustomization.yaml",
      fixed: `
        secretGenerator:
          - name: shop-db
            envs: [shop-db.env]
        -- .gitignore --
        node_modules
        /deploy/shop-db.env
        `,
      note: "a file that git keeps",
    },
    {
      bad: `
        secretGenerator:
          - name: shop-tls
            type: kubernetes.io/tls
            files: [tls.crt, «tls.key=certs/shop.key»]
        -- tls.crt --
        (public)
        -- certs/shop.key --
        (binary)
        `,
      fixed: `
        secretGenerator:
          - name: shop-tls
            type: kubernetes.io/tls
            files: [tls.crt, tls.key=certs/shop.key]
        -- .gitignore --
        /certs/shop.key
        `,
      note: "a private key",
    },
    {
      bad: `
        secretGenerator: [{ name: feed, literals: ['FEED=a', 'API_TOKEN="«k3Jx9QvT2mZb7Lw4»"'] }]
        -- .gitignore --
        *.env
        `,
      fixed: `
        secretGenerator: [{ name: feed, literals: ['FEED=a'], envs: [feed.env] }]
        -- .gitignore --
        *.env
        `,
      note: "in flow style; git leaves such files out already",
    },
    {
      bad: `
        configMapGenerator:
          - name: settings
            literals: [LOG_LEVEL=info, "DB_PASSWORD=«tulip-Harbor-88»"]
        `,
      note: "a ConfigMap hides even less",
    },
    {
      bad: `
        secretGenerator:
          - name: shop-db
            literals: [POSTGRES_PASSWORD=«postgres»]
        `,
      fixed: `
        secretGenerator:
          - name: shop-db
            envs:
              - shop-db.env
        -- .gitignore --
        /shop-db.env
        `,
      severity: "warning",
      note: "no secret at all",
    },
    {
      good: `
        secretGenerator:
          - name: shop-db
            envs: [shop-db.env]
            files: [tls.key=certs/shop.key]
            literals:
              - username=shop
              - password=
              - token=\${TOKEN}
              - api-key=<your key>
              - password-file=/run/secrets/db
        -- shop-db.env --
        DB_PASSWORD=tulip-Harbor-88
        -- certs/shop.key --
        (binary)
        -- .gitignore --
        *.env
        certs/
        `,
      note: "git leaves the files out; nothing else is a value",
    },
    {
      good: `
        secretGenerator:
          - { name: a, envs: [db.example.env, missing.env, settings.env] }
          - { name: b, envs: [secrets.enc.env], files: [tls.crt, missing.key] }
        -- db.example.env --
        DB_PASSWORD=tulip-Harbor-88
        -- settings.env --
        DB_HOST=db
        DB_PASSWORD=changeme
        -- secrets.enc.env --
        DB_PASSWORD=tulip-Harbor-88
        -- tls.crt --
        (public)
        `,
      note: "samples, settings, what is encrypted, what is not there",
    },
    { good: "configMapGenerator: [{ name: settings, literals: [LOG_LEVEL=debug, TOKEN_TTL=3600] }]\n" },
    { good: "secretGenerator: [{ name: a, literals: [password, =x, 12] }, b]\n", note: "half written" },
  ],
  check: {
    generator(generator, report, context) {
      for (const field of generator.literals) {
        const literal = literalOf(field);
        if (literal === undefined) continue;
        const extra = literal.found.kind === "default-password" ? ({ severity: "warning" } as const) : {};
        report(literal.at, message(literal, generator), { ...extra, fix: () => intoFile(field, generator, context) });
      }
      if (generator.kind === "Secret") files(generator, report, context);
    },
  },
});
