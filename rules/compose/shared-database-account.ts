import { type ComposeProject, type Context, rule } from "../../engine/index";
import { type Account, accountsOf, isMaintenance, programKey } from "../shared/compose/accounts";

/** The logins of one account to one server, each by another program. */
function sharedAccounts(project: ComposeProject, context: Context): readonly (readonly Account[])[] {
  const groups = new Map<string, Account[]>();
  const programs = new Map<string, Set<string>>();
  for (const service of project.services) {
    if (isMaintenance(service, context)) continue;
    for (const account of accountsOf(service, context)) {
      const key = `${account.user}\n${account.provider?.name ?? account.host}`;
      const seen = programs.get(key) ?? new Set();
      const program = programKey(service, context);
      if (!seen.has(program)) groups.set(key, [...(groups.get(key) ?? []), account]);
      programs.set(key, seen.add(program));
    }
  }
  return [...groups.values()].filter((g) => g.length >= 2);
}

const listed = (names: readonly string[]): string =>
  names.length === 2 ? names.join(" and ") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

export default rule({
  id: "compose/shared-database-account",
  kind: "compose",
  severity: "info",
  principle: "isolation",
  summary: "Several services log in to a database with one account",
  why: `With one account for all, every service can read and change what belongs to the others: a hole in the smallest of them opens
the tables of all, the log of the database cannot tell who did what, and the password cannot be changed for one alone. Give each
service an account of its own, with rights to its own schema or database.`,
  refs: ["CWE-250"],
  covers: [],
  fix: "none",
  examples: [
    {
      bad: `
        services:
          orders:
            image: acme/orders:1.2.3
            environment: { DATABASE_URL: "postgres://«app»:\${PW:?set PW}@db:5432/orders" }
          billing:
            image: acme/billing:1.2.3
            environment:
              - DB_HOST=db
              - DB_USER=app
          db: { image: "postgres:18.1" }
        `,
    },
    {
      bad: `
        x-store: &store
          MONGO_URL: mongodb://«\${STORE_USER}»:\${PW:?set PW}@mongo/shop
        services:
          orders: { build: ./orders, environment: *store }
          billing: { build: ./billing, environment: *store }
          mongo: { image: "mongo:8.2" }
        `,
      note: "one variable, through an anchor",
    },
    {
      good: `
        services:
          orders: { image: "acme/orders:1.2.3", environment: { DATABASE_URL: "postgres://orders:\${PW:?set PW}@db/shop" } }
          billing: { image: "acme/billing:1.2.3", environment: { DATABASE_URL: "postgres://billing:\${PW:?set PW}@db/shop" } }
          db: { image: "postgres:18.1" }
        `,
    },
    {
      good: `
        x-env: &env { DATABASE_URL: "postgres://app:\${PW:?set PW}@db/shop" }
        services:
          web: { build: ., environment: *env }
          worker: { build: ., command: celery, environment: *env }
          migrate: { build: ./migrations, environment: *env }
          db: { image: "postgres:18.1" }
        `,
      note: "one program, and its migrations",
    },
    {
      good: `
        services:
          orders: { image: "acme/orders:1.2.3", environment: { DB_HOST: db1, DB_USER: app } }
          billing: { image: "acme/billing:1.2.3", environment: { DB_HOST: db2, DB_USER: app } }
          db1: { image: "postgres:18.1" }
          db2: { image: "postgres:18.1" }
        `,
      note: "two servers",
    },
  ],
  check: {
    project(project, report, context) {
      for (const group of sharedAccounts(project, context)) {
        const [first, ...others] = group;
        if (first === undefined) continue;
        const names = listed(group.map((a) => a.service.name));
        report(
          first.at,
          `${names} share the account ${first.user} of ${first.host}: each can do to the data what the others can`,
          {
            related: others.map(({ service: { name, file, start, end } }) => ({
              file,
              span: { start, end },
              note: `${name} logs in with it as well`,
            })),
          },
        );
      }
    },
  },
});
