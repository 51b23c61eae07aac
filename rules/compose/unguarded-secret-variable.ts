import {
  type ComposeProject,
  type Context,
  type Fix,
  rule,
  type Service,
  type ServiceVariable,
  type Span,
} from "../../engine/index";
import { type Reference, secretExpansions, textOf } from "../shared/compose/credentials";
import { serverOf } from "../shared/compose/images";
import { fileFromVariable, fileVariableOf, requireName, requireSet } from "../shared/compose/secret-fixes";
import { credentialOf } from "../shared/images/services";
import { credentialName, nameWords } from "../shared/secrets";

/** What a service does without where nobody sets it up: mail, logins of other sites, payments, reports. */
const optional = new Set(
  `smtp mail mailer email mailgun mailjet sendgrid postmark ses slack discord telegram teams twilio sms push fcm apns vapid
  sentry datadog newrelic rollbar analytics oauth oauth2 oidc saml sso ldap google github gitlab facebook twitter linkedin
  microsoft azure apple captcha recaptcha hcaptcha turnstile stripe paypal webhook proxy backup s3 aws license licence
  optional test`.split(/\s+/),
);

const isOptional = (name: string): boolean => nameWords(name).some((word) => optional.has(word));

/** The program itself cannot do without it: a password, or a key that its owner makes up. */
function isNeeded(name: string, service: Service, context: Context): boolean {
  if (isOptional(name)) return false;
  const server = serverOf(service, context);
  if (server !== undefined && credentialOf(server, name)?.role === "secret") return true;
  const kind = credentialName(name);
  return kind === "password" || kind === "secret";
}

/** Nothing refuses an empty value: `$NAME`, `${NAME}`, `${NAME:-}`, where no file of the project gives one. */
function isUnguarded({ how, node, from, to, text }: Reference): boolean {
  if (node === undefined || (how !== "unknown" && (how !== "default" || text !== ""))) return false;
  return /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*(?::?-)?\})$/.test(node.text.slice(from, to));
}

/** A file that the service reads gives it, which people take to be enough. */
function isInEnvFile(name: string, service: Service, context: Context): boolean {
  const files = service.part("env_file")?.datum;
  return (files?.kind === "sequence" ? files.items : []).some((item) => {
    const path = item.kind === "mapping" ? item.get("path") : undefined;
    const text = path?.kind === "scalar" && path.path !== undefined ? context.project.text(path.path) : undefined;
    return text?.split("\n").some((line) => line.replace(/^\s*(?:export\s+)?/, "").startsWith(`${name}=`)) === true;
  });
}

/** A place where the project takes a secret from a variable, or only names one. */
interface Use {
  /** Of the shell. */
  readonly name: string;
  /** A guard here is one for every place that takes the variable. */
  readonly isReference: boolean;
  readonly at: Span & { readonly file: string };
  readonly message: string;
  readonly fix: () => Fix | undefined;
}

function inVariable(variable: ServiceVariable, service: Service, context: Context): readonly Use[] {
  const { name, file, isFromFile } = variable;
  const setting = textOf(variable, service);
  if (isFromFile) return [];
  if (setting === undefined) return passedOn(variable, service, context);
  const literal = setting.fragments.join("");
  const isWhole = setting.variables.length === 1 && (literal === "" || literal === `${name}=`);
  return setting.variables.filter(isUnguarded).flatMap((reference): Use[] => {
    const { node, from, to, variable: given = "" } = reference;
    const isSecret = isNeeded(given, service, context) || (isWhole && isNeeded(name, service, context));
    const span = node?.part(from, to);
    if (span === undefined || !isSecret || isOptional(given)) return [];
    const message = `${name} is empty where nobody sets ${given}`;
    const at = { start: span.start, end: span.end, file };
    return [{ name: given, isReference: true, at, message, fix: () => requireSet(setting, reference, context) }];
  });
}

/** Only the name is there: the container has no such variable where the shell has none. */
function passedOn(variable: ServiceVariable, service: Service, context: Context): readonly Use[] {
  const { name, nameSpan, file } = variable;
  if (service.has("env_file") !== false || !isNeeded(name, service, context)) return [];
  const at = { start: nameSpan.start, end: nameSpan.end, file };
  const fix = (): Fix | undefined =>
    fileVariableOf(name, service, context) === undefined
      ? requireName(variable, context)
      : fileFromVariable(variable, name, service, context);
  return [
    { name, isReference: false, at, message: `${service.name} starts without ${name} where nobody sets it`, fix },
  ];
}

/** What a service is started with; health tests fail without a password, and nothing worse. */
function inPrograms(service: Service, context: Context): readonly Use[] {
  const hooks = service.hooks.flatMap((h) => h.program ?? []);
  return [service.command, service.entrypoint, ...hooks].flatMap((program) =>
    (program === undefined ? [] : secretExpansions(program)).flatMap(({ name, span, word }): Use[] => {
      const reference = word.variables.find((v) => v.variable === name && isUnguarded(v));
      if (reference === undefined || isOptional(name) || credentialName(name) === "token") return [];
      const message = `${name} is empty where nobody sets it, and ${service.name} starts with it`;
      const at = { start: span.start, end: span.end, file: program?.file ?? service.file };
      return [{ name, isReference: true, at, message, fix: () => requireSet(word, reference, context) }];
    }),
  );
}

/** Most services have none, and have none as long as they stay the same. */
function usesIn(service: Service, context: Context): readonly Use[] {
  const find = (): readonly Use[] => [
    ...service.environment.flatMap((v) => inVariable(v, service, context)),
    ...inPrograms(service, context),
  ];
  const isBare = service.build === undefined && service.once("takes no secret", () => find().length === 0);
  return isBare ? [] : find();
}

/** Variables that compose refuses to go on without: one place is enough for all of them. */
const guarded = ({ loaded }: ComposeProject, context: Context): ReadonlySet<string> =>
  new Set(
    [...loaded.files.keys()].flatMap((file) =>
      [...(context.project.text(file) ?? "").matchAll(/(?<!\$)\$\{([A-Za-z_]\w{0,200}):?\?/g)].map((m) => m[1] ?? ""),
    ),
  );

export default rule({
  id: "compose/unguarded-secret-variable",
  kind: "compose",
  severity: "hint",
  principle: "secrets",
  summary: "A secret is taken from a variable that may be empty",
  why: `Compose replaces a variable that nobody set by nothing, says so in a line that scrolls by, and starts the service. Many
servers take an empty password for none: on the one machine where the \`.env\` was forgotten, everybody on the network gets into the
database, and tokens are signed with an empty key. With \`\${NAME:?NAME is not set}\` nothing starts there.`,
  refs: ["CWE-258"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: «\${PW}» # of the shop
              DB_URL: "postgres://shop:«\${DB_PASSWORD}»@db/shop"
              SESSION_SECRET: «$SESSION_SECRET»
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: \${PW:?PW is not set} # of the shop
              DB_URL: "postgres://shop:\${DB_PASSWORD:?DB_PASSWORD is not set}@db/shop"
              SESSION_SECRET: \${SESSION_SECRET:?SESSION_SECRET is not set}
        `,
    },
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment: [DB_PASSWORD=«$DB_PASSWORD», "ADMIN_PASSWORD=«\${ADMIN_PASSWORD:-}»", «JWT_SECRET»]
          jobs:
            image: acme/jobs:1.2.3
            environment:
              «JOBS_PASSWORD»:
              DB_PASSWORD: $DB_PASSWORD
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment: ["DB_PASSWORD=\${DB_PASSWORD:?DB_PASSWORD is not set}", "ADMIN_PASSWORD=\${ADMIN_PASSWORD:?ADMIN_PASSWORD is not set}", "JWT_SECRET=\${JWT_SECRET:?JWT_SECRET is not set}"]
          jobs:
            image: acme/jobs:1.2.3
            environment:
              JOBS_PASSWORD: \${JOBS_PASSWORD:?JOBS_PASSWORD is not set}
              DB_PASSWORD: $DB_PASSWORD
        `,
      note: "a list in flow style; names alone; each variable once",
    },
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: \${PW:-«\${DB_PASSWORD:-}»}
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: \${PW:-\${DB_PASSWORD:?DB_PASSWORD is not set}}
        `,
      note: "an empty default",
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            environment:
              - «POSTGRES_PASSWORD»
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            environment:
              - POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password
            secrets:
              - postgres_password
        secrets:
          postgres_password:
            environment: POSTGRES_PASSWORD
        `,
      note: "the image reads it from a file",
    },
    {
      bad: `
        services:
          cache:
            image: acme/cache:1.2.3
            command: ["cache-server", "--requirepass", "«\${CACHE_PW}»"]
        `,
      fixed: `
        services:
          cache:
            image: acme/cache:1.2.3
            command: ["cache-server", "--requirepass", "\${CACHE_PW:?CACHE_PW is not set}"]
        `,
      also: ["compose/secret-in-container-metadata"],
    },
    {
      good: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: \${DB_PASSWORD:?set it}
              OTHER_PASSWORD: \${OTHER_PASSWORD?}
              JWT_SECRET: \${JWT_SECRET:-\${OTHER_PASSWORD:?}}
              LEGACY_PASSWORD: \${LEGACY_PASSWORD:+x}
              DB_URL: postgres://shop:\${DB_PASSWORD}@db/shop
        `,
      note: "guarded: one place is enough",
    },
    {
      good: `
        services:
          shop:
            image: acme/shop:1.2.3
            env_file: shop.env
            environment:
              DB_PASSWORD: \${DB_PASSWORD}
              JWT_SECRET: \${JWT_SECRET}
        -- .env --
        DB_PASSWORD=tulip-Harbor-88
        -- shop.env --
        JWT_SECRET=k3Jx9QvT2mZb7Lw4
        `,
      note: "files set them",
    },
    {
      good: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              SMTP_PASSWORD: \${SMTP_PASSWORD}
              OPENAI_API_KEY: \${OPENAI_API_KEY:-}
              GITHUB_CLIENT_SECRET: \${GITHUB_CLIENT_SECRET}
              PASSWORD_FILE: \${PASSWORD_FILE}
              TAG: \${TAG}
        `,
      note: "what it can do without; no secrets",
    },
  ],
  check: {
    project(project, report, context) {
      const done = new Set(guarded(project, context));
      for (const service of project.services) {
        for (const { name, isReference, at, message, fix } of usesIn(service, context)) {
          if (done.has(name) || isInEnvFile(name, service, context)) continue;
          if (isReference) done.add(name);
          report(at, message, { fix });
        }
      }
    },
  },
});
