import { type Context, type Report, rule, type Service } from "../../engine/index";
import { type ComposeCredential, credentialsBeside, credentialsOf } from "../shared/compose/credentials";
import { softened } from "../shared/compose/development";
import { keptLogin, replaceLogin } from "../shared/compose/factory-logins";
import { fixesFor } from "../shared/compose/secret-fixes";

function message({ found, name, place, at, service }: ComposeCredential): string {
  const what = name === undefined || name === "password" ? "A password" : name;
  const whose =
    found.user === undefined || !/^[\w.@-]+$/.test(found.user) ? what : `The password of ${found.user} in ${what}`;
  if (place === "command" && service !== undefined)
    return `A command of ${service.name} has a default that everybody knows as its ${name ?? "password"}`;
  const isFallback = found.fallback === true || ("routes" in at && (at.routes as string[]).includes("default"));
  return `${whose} ${isFallback ? "falls back" : "is set"} to a default that everybody knows`;
}

function speak(credentials: readonly ComposeCredential[], report: Report, context: Context): void {
  for (const credential of credentials) {
    const { found, place, service, at } = credential;
    if (found.kind !== "default-password" || place === "unused") continue;
    const severity = service === undefined ? "error" : softened("error", service, at.file);
    report(at, message(credential), { severity, fix: () => fixesFor(credential, context) });
  }
}

/** The login that the image has as long as nobody sets another. */
function factory(service: Service, report: Report, context: Context): void {
  const kept = keptLogin(service, context);
  if (kept === undefined) return;
  const { server, login } = kept;
  const [variable] = login.replacedBy;
  if (variable === undefined) {
    report(service, `${service.name} has the factory login of ${server.name} until somebody changes it there`, {
      severity: softened("warning", service, service.file),
      preset: "strict",
    });
    return;
  }
  report(service, `${service.name} keeps the factory login of ${server.name}: ${variable} is not set`, {
    severity: softened("error", service, service.file),
    fix: () => replaceLogin(kept, service, context),
  });
}

export default rule({
  id: "compose/default-password",
  kind: "compose",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A service has a default password",
  why: `Scanners try \`postgres\`, \`guest\`, \`changeme\` and the user's own name before anything else, so a default password is as good
as none. One published port, or one broken service on the same network, and a stranger reads and deletes what the database holds.
Default values such as \`\${PASSWORD:-admin}\` are what production gets when somebody forgets to set the variable. Give the password
by a secret, or by a variable that must be set.`,
  refs: ["CWE-1392", "CWE-521"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            environment:
              POSTGRES_PASSWORD: «postgres»
              POSTGRES_DB: shop
            secrets:
              - ca
        secrets:
          ca: { file: ./ca.pem }
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            environment:
              POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password
              POSTGRES_DB: shop
            secrets:
              - ca
              - postgres_password
        secrets:
          ca: { file: ./ca.pem }
          postgres_password:
            file: ./secrets/postgres_password.txt
        `,
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            environment:
              - "POSTGRES_PASSWORD=\${PW:-«postgres»}"
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            environment:
              - "POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password"
            secrets:
              - postgres_password
        secrets:
          postgres_password:
            file: ./secrets/postgres_password.txt
        `,
      note: "a list, quoted, by default",
    },
    {
      bad: '{ "services": { "shop": { "image": "acme/shop:1.2.3", "environment": { "DB_USER": "shop", "DB_PASSWORD": "«shop123»", "DB_URL": "mysql://shop:${PW-«secret»}@db/shop" } } } }',
      fixed:
        '{ "services": { "shop": { "image": "acme/shop:1.2.3", "environment": { "DB_USER": "shop", "DB_PASSWORD": "${DB_PASSWORD:?set DB_PASSWORD}", "DB_URL": "mysql://shop:${PW:?set PW}@db/shop" } } } }',
      note: "JSON; the name of the user beside it; in a URL",
    },
    {
      bad: `
        services:
          «mq»:
            image: rabbitmq:4.2-management
            mem_limit: 1g
            healthcheck: { test: ["CMD", "rabbitmq-diagnostics", "-q", "ping"] }
          web:
            image: acme/web:1.2.3
        `,
      fixed: `
        services:
          mq:
            image: rabbitmq:4.2-management
            mem_limit: 1g
            healthcheck: { test: ["CMD", "rabbitmq-diagnostics", "-q", "ping"] }
            environment:
              RABBITMQ_DEFAULT_USER: admin
              RABBITMQ_DEFAULT_PASS: \${RABBITMQ_DEFAULT_PASS:?set RABBITMQ_DEFAULT_PASS}
          web:
            image: acme/web:1.2.3
        `,
      note: "the login of the factory, for everybody on the network",
    },
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            profiles: [dev]
            environment: { ADMIN_PASSWORD: «admin» }
            healthcheck:
              test: ["CMD", "./check", "--password=«admin»"]
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            profiles: [dev]
            environment: { ADMIN_PASSWORD: "\${ADMIN_PASSWORD:?set ADMIN_PASSWORD}" }
            healthcheck:
              test: ["CMD", "./check", "--password=admin"]
        `,
      severity: "warning",
      remains: "A program without a shell cannot read a secret: its options must be changed by hand.",
      note: "where people develop",
    },
    {
      good: `
        services:
          db:
            image: postgres:18.1
            environment:
              POSTGRES_PASSWORD: \${PW:-postgres}
        -- .env --
        PW=tulip-Harbor-88
        `,
      note: "the default is not in effect",
    },
    {
      good: `
        services:
          db:
            image: postgres:18.1
            environment:
              POSTGRES_PASSWORD_FILE: /run/secrets/db
              POSTGRES_USER: postgres
              ADMIN_EMAIL: admin
              API_KEY_HEADER: secret
            secrets: [db]
        secrets: { db: { file: ./db.txt } }
        `,
      note: "no passwords",
    },
    {
      good: `
        services:
          kafka:
            image: apache/kafka:4.2.0
            environment:
              KAFKA_SSL_KEYSTORE_CREDENTIALS: kafka_password
              KAFKA_SSL_KEY_CREDENTIALS: kafka_password
        `,
      note: "names of files",
    },
    {
      good: `
        services:
          db:
            image: postgres:18.1
            environment:
              - POSTGRES_PASSWORD=\${POSTGRES_PASSWORD:?}
              - REPLICATION_PASSWORD=
              - DB_PASSWORD
        `,
      note: "set elsewhere, empty, of the shell",
    },
    {
      good: `
        services:
          mq:
            image: rabbitmq:4.2
            volumes: ["./rabbitmq.conf:/etc/rabbitmq/rabbitmq.conf:ro"]
          other-mq:
            image: rabbitmq:4.2
            env_file: mq.env
          web:
            image: acme/web:1.2.3
        `,
      note: "a file may say otherwise",
    },
    {
      good: `
        x-unused: { DB_PASSWORD: postgres }
        services:
          mq:
            image: rabbitmq:4.2
            environment: { RABBITMQ_DEFAULT_PASS_FILE: /run/secrets/mq }
            secrets: [mq]
          web:
            image: acme/web:1.2.3
            environment: { TRUSTSTORE_PASSWORD: changeit }
        secrets: { mq: { file: ./mq.txt } }
        `,
      note: "nothing uses it; what it protects is public",
    },
  ],
  check: {
    project: (project, report, context) => speak(credentialsBeside(project, context), report, context),
    service(service, report, context) {
      speak(credentialsOf(service, context), report, context);
      factory(service, report, context);
    },
  },
});
