import { type Context, type Report, rule } from "../../engine/index";
import { type ComposeCredential, credentialsBeside, credentialsOf } from "../shared/compose/credentials";
import { fixesFor } from "../shared/compose/secret-fixes";

/** Says whose secret it is; shows no more of it than its mask. */
function message({ found, name, place }: ComposeCredential): string {
  const { title, kind, masked, fallback } = found;
  const token = title === undefined ? undefined : `${/^(?:[aeio]|npm)/i.test(title) ? "An" : "A"} ${title}`;
  const isNamed = name !== undefined && name !== "password";
  const inUrl = kind === "url-credentials" || kind === "connection-string";
  const value = fallback === true ? `The default of ${name}` : `The value of ${name}`;
  const password = inUrl ? `The password in ${name ?? "a URL"}` : isNamed ? value : "A password";
  const what = token === undefined ? password : isNamed ? `${token} (${name})` : token;
  const where = place === "command" ? "is in the process list, and in this file for" : "is in this file for";
  return `${what} ${where} everybody who can read it: ${masked}`;
}

function speak(credentials: readonly ComposeCredential[], report: Report, context: Context): void {
  for (const credential of credentials) {
    // A password that everybody knows is no secret: compose/default-password has it.
    if (credential.found.kind === "default-password") continue;
    report(credential.at, message(credential), { fix: () => fixesFor(credential, context) });
  }
}

export default rule({
  id: "compose/embedded-secret",
  kind: "compose",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A secret is written into the compose file",
  why: `A compose file lies in a repository, is sent around, and is kept in every clone for ever. Whoever reads a database password
there tries it against every server of the project, and \`docker inspect\` shows it to whoever reaches the engine. Take the value
out and change it where it is used (it is known by now): give it by a variable that must be set, or better as a secret, which the
container reads from a file under \`/run/secrets\`.`,
  refs: ["CIS 7.4", "CWE-798", "OWASP D12"],
  covers: ["kics:passwords_and_secrets"],
  fix: "guided",
  yieldsTo: [
    "compose/default-password",
    "secrets/provider-token",
    "secrets/private-key",
    "secrets/jwt",
    "secrets/authorization-header",
    "secrets/connection-string-password",
  ],
  examples: [
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_HOST: db
              DB_PASSWORD: «tulip-Harbor-88» # of the shop
              API_TOKEN: "\${API_TOKEN:-«k3Jx9QvT2mZb7Lw4»}"
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_HOST: db
              DB_PASSWORD: \${DB_PASSWORD:?set DB_PASSWORD} # of the shop
              API_TOKEN: "\${API_TOKEN:?set API_TOKEN}"
        `,
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            environment:
              - POSTGRES_USER=shop
              - POSTGRES_PASSWORD=«tulip-Harbor-88»
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            environment:
              - POSTGRES_USER=shop
              - POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password
            secrets:
              - postgres_password
        secrets:
          postgres_password:
            file: ./secrets/postgres_password.txt
        `,
      note: "the image reads it from a file",
    },
    {
      bad: `
        x-env: &env { DB_PASSWORD: «tulip-Harbor-88» }
        services:
          web: { image: acme/web:1.2.3, environment: *env }
          jobs: { image: acme/jobs:1.2.3, environment: { <<: *env, SMTP_PASSWORD: «river-Lantern-31» } }
        `,
      fixed: `
        x-env: &env { DB_PASSWORD: "\${DB_PASSWORD:?set DB_PASSWORD}" }
        services:
          web: { image: acme/web:1.2.3, environment: *env }
          jobs: { image: acme/jobs:1.2.3, environment: { <<: *env, SMTP_PASSWORD: "\${SMTP_PASSWORD:?set SMTP_PASSWORD}" } }
        `,
      note: "once, at the anchor; in flow style",
    },
    {
      bad: `
        services:
          loader:
            image: acme/loader:1.2.3
            command: ["sh", "-c", "./load --password «tulip-Harbor-88»"]
        `,
      fixed: `
        services:
          loader:
            image: acme/loader:1.2.3
            command: ["sh", "-c", "./load --password $$(cat /run/secrets/loader_password)"]
            secrets:
              - loader_password
        secrets:
          loader_password:
            file: ./secrets/loader_password.txt
        `,
      note: "a shell can read the secret",
    },
    {
      bad: `
        services:
          cache:
            image: acme/cache:1.2.3
            command: ["cache-server", "--requirepass", "«tulip-Harbor-88»"]
            labels:
              deploy.token: «k3Jx9QvT2mZb7Lw4»
        configs:
          app:
            content: |
              url = https://shop.internal
              password = «river-Lantern-31»
        `,
      fixed: `
        services:
          cache:
            image: acme/cache:1.2.3
            command: ["cache-server", "--requirepass", "tulip-Harbor-88"]
            labels:
              deploy.token: \${DEPLOY_TOKEN:?set DEPLOY_TOKEN}
        configs:
          app:
            content: |
              url = https://shop.internal
              password = \${APP_PASSWORD:?set APP_PASSWORD}
        `,
      remains: "A program without a shell cannot read a secret: its options must be changed by hand.",
    },
    {
      bad: `
        services:
          shop:
            build:
              context: .
              args:
                - FEED_TOKEN=«k3Jx9QvT2mZb7Lw4»
        `,
      fixed: `
        services:
          shop:
            build:
              context: .
              secrets:
                - feed_token
        secrets:
          feed_token:
            environment: FEED_TOKEN
        `,
    },
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: «tulip-Harbor-88»
        -- compose.override.yaml --
        services:
          shop:
            environment:
              DB_PASSWORD: \${DB_PASSWORD:?}
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: \${DB_PASSWORD:?set DB_PASSWORD}
        `,
      note: "written, though overridden",
    },
    {
      good: `
        services:
          db:
            image: mysql:8.4
            secrets: [db-password]
            environment:
              - MYSQL_ROOT_PASSWORD_FILE=/run/secrets/db-password
              - DATABASE_PASSWORD=/run/secrets/db-password
            healthcheck:
              test: mysqladmin ping --password="$$(cat /run/secrets/db-password)"
        secrets: { db-password: { file: db/password.txt } }
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
              DB_URL: postgres://shop:\${DB_PASSWORD}@db/shop
              PW: $$NOT_INTERPOLATED
              OLD_PASSWORD: ""
              CLUSTER_ID: MkU3OEVBNTcwNTJENDM2Qk
              PUBLIC_KEY: MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL
              TOKEN_TTL: 3600
              KEYCLOAK_URL: https://id.example.com
              API_TOKEN: <your token>
        `,
      note: "references, an empty value, what is public",
    },
    {
      good: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              DB_PASSWORD: \${DB_PASSWORD}
            env_file: shop.env
        -- .env --
        DB_PASSWORD=tulip-Harbor-88
        -- shop.env --
        API_TOKEN=k3Jx9QvT2mZb7Lw4
        `,
      note: "nobody wrote it into the compose file",
    },
    {
      good: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              - DB_PASSWORD: tulip-Harbor-88
              - DB_PASSWORD
        `,
      note: "no variable, and one of the shell",
    },
    {
      good: `
        services:
          db:
            image: postgres:18.1
            environment:
              POSTGRES_PASSWORD: postgres
        `,
      note: "compose/default-password has it",
    },
  ],
  check: {
    project: (project, report, context) => speak(credentialsBeside(project, context), report, context),
    service: (service, report, context) => speak(credentialsOf(service, context), report, context),
  },
});
