import { type Context, type Program, type Report, rule, type Service, type ServiceVariable } from "../../engine/index";
import { isGiven, secretExpansions, textOf, writtenValue } from "../shared/compose/credentials";
import { fileFromVariable, fileVariableOf, readInShell } from "../shared/compose/secret-fixes";
import { credentialOf } from "../shared/images/services";
import { serverOf } from "../shared/compose/images";

/** What is written behind the name; undefined where nobody wrote a reference there. */
function handedOn(variable: ServiceVariable, service: Service): string | undefined {
  const setting = variable.isFromFile ? undefined : textOf(variable, service);
  const written = setting && writtenValue(setting, variable.name);
  const text = written?.whole.slice(written.start);
  return setting !== undefined && isGiven(setting) && text?.includes("$") === true ? text : undefined;
}

/** The one variable that a text consists of. */
const variableIn = (text: string): string | undefined =>
  /^\$(?:\{([A-Za-z_]\w*)(?::?[?-][^{}]*)?\}|([A-Za-z_]\w*))$/
    .exec(text)
    ?.slice(1)
    .find((n) => n !== undefined);

const nameOf = (program: Program, service: Service): string =>
  program === service.healthTest ? "health check" : program.path.includes("command") ? "command" : "entrypoint";

function inProgram(program: Program, service: Service, report: Report, context: Context): void {
  const told = new Set<string>();
  for (const expanded of secretExpansions(program)) {
    const { name, span } = expanded;
    if (told.has(name)) continue;
    told.add(name);
    const at = { start: span.start, end: span.end, file: program.file };
    const what = `The value of ${name} shows in the process list and in docker inspect`;
    report(at, `${what}: it is an argument in the ${nameOf(program, service)} of ${service.name}`, {
      severity: "info",
      fix: () => readInShell(expanded, program, service, context),
    });
  }
}

export default rule({
  id: "compose/secret-in-container-metadata",
  kind: "compose",
  severity: "hint",
  principle: "secrets",
  summary: "A secret is handed over where the engine and the process list show it",
  why: `What a variable or an argument holds is a part of the container: \`docker inspect\` shows it to whoever reaches the engine,
\`ps\` shows arguments to every user of the host, and error reports and child processes carry the environment further. A monitoring
agent with the engine's socket reads every password that way. Give it as a secret: a file in memory that only this service has.`,
  refs: ["CIS 7.4", "CWE-214", "OWASP D12"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            environment:
              «POSTGRES_PASSWORD»: \${PW:?set it}
              POSTGRES_DB: shop
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            environment:
              POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password
              POSTGRES_DB: shop
            secrets:
              - postgres_password
        secrets:
          postgres_password:
            environment: PW
        `,
    },
    {
      bad: '{ "services": { "db": { "image": "mysql:8.4", "environment": ["«MYSQL_ROOT_PASSWORD»=${PW:?}", "MYSQL_DATABASE=shop"] } } }',
      fixed:
        '{ "services": { "db": { "image": "mysql:8.4", "environment": ["MYSQL_ROOT_PASSWORD_FILE=/run/secrets/mysql_root_password", "MYSQL_DATABASE=shop"], "secrets": ["mysql_root_password"] } }, "secrets": { "mysql_root_password": { "environment": "PW" } } }',
      note: "a list, in JSON",
    },
    {
      bad: `
        services:
          cache:
            image: redis:8.4
            command: redis-server --requirepass «\${CACHE_PW:?}»
        `,
      severity: "info",
      note: "no shell reads it: there is no file to name",
    },
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            command: ["./shop", "--port", "\${PORT:-80}"]
            healthcheck:
              test: mysqladmin ping -uroot -p«\${PW:?}» && mysqladmin status -p\${PW:?} --host=\${DB_HOST}
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            command: ["./shop", "--port", "\${PORT:-80}"]
            healthcheck:
              test: mysqladmin ping -uroot -p$$(cat /run/secrets/pw) && mysqladmin status -p$$(cat /run/secrets/pw) --host=\${DB_HOST}
            secrets:
              - pw
        secrets:
          pw:
            environment: PW
        `,
      severity: "info",
    },
    {
      bad: `
        x-db: &db
          POSTGRES_USER: shop
          «POSTGRES_PASSWORD»: \${PW:?}
        services:
          a: { image: "postgres:18.1", environment: *db }
          b: { image: "postgres:18.1", environment: { <<: *db } }
        `,
      note: "shared: each service would need the secret",
    },
    {
      good: `
        services:
          db:
            image: mysql:8.4
            secrets: [db-password]
            environment:
              - MYSQL_ROOT_PASSWORD_FILE=/run/secrets/db-password
              - MYSQL_USER=\${DB_USER}
            healthcheck:
              test: mysqladmin ping --password="$$(cat /run/secrets/db-password)"
        secrets: { db-password: { environment: PW } }
        `,
      note: "secrets done right",
    },
    {
      good: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: \${DB_PASSWORD:?}
            command: ["./shop", "--db-password-file=\${PASSWORD_FILE:?}", "--token-ttl", "\${TOKEN_TTL:-60}"]
        `,
      note: "nobody knows whether the program reads files",
    },
    {
      good: `
        services:
          db:
            image: postgres:18.1
            environment:
              POSTGRES_PASSWORD: kept-Elsewhere-41
          other:
            image: postgres:18.1
            environment:
              - POSTGRES_PASSWORD
            healthcheck:
              test: psql postgres://postgres:$$POSTGRES_PASSWORD@localhost
        `,
      note: "a literal, and what is only passed on: other rules have them; a variable of the container",
    },
  ],
  check: {
    variable(variable, service, report, context) {
      const { name, nameSpan, file } = variable;
      const server = serverOf(service, context);
      const fileVariable = fileVariableOf(name, service, context);
      if (server === undefined || fileVariable === undefined) return;
      const text = handedOn(variable, service);
      if (text === undefined || credentialOf(server, name)?.role !== "secret") return;
      const from = variableIn(text);
      const at = { start: nameSpan.start, end: nameSpan.end, file };
      report(at, `The value of ${name} shows in docker inspect; ${server.name} also reads it from ${fileVariable}`, {
        fix: () => (from === undefined ? undefined : fileFromVariable(variable, from, service, context)),
      });
    },
    program: inProgram,
  },
});
