import { type ComposeProject, choice, fixIn, rule, type Service } from "../../engine/index";
import { type Account, accountsOf, isMaintenance, standingAccounts } from "../shared/compose/accounts";

/** Accounts that may do everything as the servers come. */
const superusers: Readonly<Record<string, readonly string[]>> = {
  PostgreSQL: ["postgres", "root"],
  MySQL: ["root"],
  "SQL Server": ["sa"],
  MongoDB: ["root", "admin"],
  Elasticsearch: ["elastic", "admin"],
  Neo4j: ["neo4j"],
  Cassandra: ["cassandra"],
  RabbitMQ: ["guest", "admin"],
  ActiveMQ: ["admin"],
  "Oracle Database": ["system", "sys"],
  CouchDB: ["admin"],
  ArangoDB: ["root"],
  InfluxDB: ["admin"],
  MinIO: ["minioadmin", "admin", "root"],
};

/** Variables by which images name the account that may do everything. */
const superuserVariables = [
  "POSTGRES_USER",
  "MONGO_INITDB_ROOT_USERNAME",
  "MONGODB_ROOT_USER",
  "MINIO_ROOT_USER",
  "MINIO_ACCESS_KEY",
  "RABBITMQ_DEFAULT_USER",
];

/** The variable of the server that makes the account one that may do everything. */
function makerOf({ provider, user }: Account): string | undefined {
  return superuserVariables.find((name) => {
    const value = provider?.variable(name)?.value;
    if (value === undefined) return false;
    if (value.value.known) return value.value.value === user;
    const [only, ...more] = value.variables;
    return more.length === 0 && `\${${only?.variable}}` === user;
  });
}

/** By a name that everybody knows it is worse than by one that the project gave its only account. */
function verdictOf(account: Account): { readonly why: string; readonly severity: "hint" | "info" } | undefined {
  const { family, user, provider } = account;
  const maker = makerOf(account);
  const isKnown = family !== undefined && superusers[family]?.includes(user.toLowerCase()) === true;
  if (isKnown && maker !== "RABBITMQ_DEFAULT_USER")
    return { why: `which may do everything in ${family}`, severity: "info" };
  if (maker === undefined || provider === undefined) return undefined;
  return { why: `whom ${provider.name} makes its superuser by ${maker}`, severity: "hint" };
}

const isPlain = (service: Service, project: ComposeProject): boolean =>
  standingAccounts(service, project)?.every((a) => verdictOf(a) === undefined) === true;

const plain = (service: Service): string => service.name.toLowerCase().replace(/[^a-z0-9]+/g, "_");

export default rule({
  id: "compose/database-superuser",
  kind: "compose",
  severity: "info",
  principle: "least-privilege",
  summary: "A service logs in to its database as the superuser",
  why: `The superuser reads and drops every database of the server, makes other accounts and, in PostgreSQL and SQL Server, runs
programs on the database's machine (\`COPY … TO PROGRAM\`, \`xp_cmdshell\`). One injected query in the service then is enough for
all of that. Make an account in an init script that may only use the tables of this service, and keep the superuser for
migrations and backups.`,
  refs: ["CWE-250"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            environment:
              DATABASE_URL: postgres://«postgres»:\${PW:?set PW}@db:5432/shop
          db: { image: "postgres:18.1" }
        `,
      fixed: `
        services:
          api:
            image: acme/api:1.2.3
            environment:
              DATABASE_URL: postgres://api_app:\${PW:?set PW}@db:5432/shop
          db: { image: "postgres:18.1" }
        `,
    },
    {
      bad: `
        services:
          blog:
            image: wordpress:6.9
            environment: [WORDPRESS_DB_HOST=db:3306, WORDPRESS_DB_USER=«root»]
          stock:
            image: acme/stock:1.2.3
            environment:
              - ConnectionStrings__Stock=Server=sql,1433;Database=stock;User Id=«sa»;Password=\${PW:?set PW};Encrypt=True
          db: { image: "mariadb:12.1" }
          sql: { image: "mcr.microsoft.com/mssql/server:2022-CU21-ubuntu-22.04" }
        `,
      fixed: `
        services:
          blog:
            image: wordpress:6.9
            environment: [WORDPRESS_DB_HOST=db:3306, WORDPRESS_DB_USER=blog_app]
          stock:
            image: acme/stock:1.2.3
            environment:
              - ConnectionStrings__Stock=Server=sql,1433;Database=stock;User Id=stock_app;Password=\${PW:?set PW};Encrypt=True
          db: { image: "mariadb:12.1" }
          sql: { image: "mcr.microsoft.com/mssql/server:2022-CU21-ubuntu-22.04" }
        `,
      note: "variables beside each other; keys and values",
    },
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            environment:
              SPRING_DATASOURCE_URL: jdbc:postgresql://db:5432/shop
              SPRING_DATASOURCE_USERNAME: «\${DB_USER}»
          db:
            image: postgres:18.1
            environment:
              POSTGRES_USER: \${DB_USER}
        `,
      severity: "hint",
      note: "the account that the image makes, by one variable",
    },
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            env_file: «api.env»
          db: { image: "postgres:18.1" }
        -- api.env --
        DATABASE_URL=postgres://postgres:k3-9fjWq@db/shop
        -- .gitignore --
        *.env
        `,
      note: "out of a file of variables",
    },
    {
      good: `
        services:
          api:
            image: acme/api:1.2.3
            environment:
              DATABASE_URL: postgres://api:\${PW:?set PW}@db:5432/shop
              REDIS_URL: redis://default:\${PW:?set PW}@cache
              SMTP_HOST: mail
              SMTP_USER: root
          db: { image: "postgres:18.1" }
          cache: { image: "acme/cache:1.2.3" }
        `,
    },
    {
      good: `
        services:
          migrate:
            image: acme/api:1.2.3
            environment: { DATABASE_URL: "postgres://postgres:\${PW:?set PW}@db/shop" }
          console:
            image: dpage/pgadmin4:9.10
            environment: { DB_HOST: db, DB_USER: postgres }
          db:
            image: postgres:18.1
            environment: { POSTGRES_USER: postgres }
        `,
      note: "migrations and consoles need it; the database itself",
    },
    {
      good: `
        services:
          api:
            image: acme/api:1.2.3
            environment: { ADMIN_URL: "http://web/", ADMIN_USER: admin, WEB_URL: "https://admin:\${PW:?set PW}@web/", DB_HOST: "\${H}", DB_USER: root }
          web: { image: "acme/web:1.2.3" }
        `,
      note: "no database; an unknown host",
    },
  ],
  check: {
    service(service, report, context) {
      if (service.ask("logs in as no superuser", (project) => isPlain(service, project))) return;
      if (isMaintenance(service, context)) return;
      for (const account of accountsOf(service, context)) {
        const verdict = verdictOf(account);
        if (verdict === undefined) continue;
        const { at, user, host } = account;
        const other = `${plain(service)}_app`;
        report(at, `${service.name} logs in to ${host} as ${user}, ${verdict.why}`, {
          severity: verdict.severity,
          fix: () => {
            const edits = at.isLiteral && at.scalar.text === user ? at.rewrite(choice(1, other)) : undefined;
            const title = `Log in as ${other}, an account to be made`;
            return edits && fixIn(context.file, title, "guided", [{ file: at.file, edits }]);
          },
        });
      }
    },
  },
});
