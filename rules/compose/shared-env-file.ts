import { type ComposeProject, type Context, rule, type Service, type Setting } from "../../engine/index";
import { accountsOf, isMaintenance, programKey } from "../shared/compose/accounts";
import { envFilesOf, variablesFrom } from "../shared/compose/env-files";
import { serverOf } from "../shared/compose/images";
import { isDataService } from "../shared/compose/roles";
import { credentialName } from "../shared/secrets";

interface Given {
  readonly service: Service;
  /** The name of the file, where the service asks for it. */
  readonly at: Setting;
  /** Its variables that hold secrets. */
  readonly names: readonly string[];
}

/** Every file of variables with the services that get secrets from it. */
function givenFiles(project: ComposeProject): ReadonlyMap<string, readonly Given[]> {
  const all = new Map<string, Given[]>();
  for (const service of project.services) {
    for (const at of envFilesOf(service)) {
      const file = at.scalar.path;
      if (file === undefined) continue;
      const names = variablesFrom(service, file)
        .filter((v) => isSecret(v.name, v.value?.scalar.text))
        .map((v) => v.name);
      if (names.length > 0) all.set(file, [...(all.get(file) ?? []), { service, at, names }]);
    }
  }
  return all;
}

function isSecret(name: string, value: string | undefined): boolean {
  const kind = credentialName(name);
  return value !== undefined && value !== "" && kind !== undefined && kind !== "connection" && kind !== "key-id";
}

/** The prefix by which the variables of one program are known: `POSTGRES_`. */
const prefixOf = (name: string): string => name.slice(0, name.indexOf("_") + 1 || name.length);

/** Passwords that only the server itself needs. */
const rootPassword = /^(?:MYSQL|MARIADB)_ROOT_PASSWORD$|^MONGO(?:DB)?(?:_INITDB)?_ROOT_PASSWORD$/;

/** The service gets the value under another name as well: compose read it from the same file. */
function isGivenAnyway(service: Service, name: string): boolean {
  const text = service.variable(name)?.value?.scalar.text;
  return service.environment.some((v) => !v.isFromFile && v.value?.scalar.text === text);
}

/** The secrets that the service has certainly no use for. */
function useless({ service, names }: Given, given: readonly Given[], context: Context): readonly string[] {
  const server = service.build === undefined ? serverOf(service, context) : undefined;
  if (server !== undefined) {
    const known = new Set(server.credentials.map((c) => prefixOf(c.variable)));
    if (!server.verified || names.some((n) => known.has(prefixOf(n)))) return [];
    return names.filter((n) => !isGivenAnyway(service, n));
  }
  const hasServer = given.some((g) => isDataService(g.service, context));
  const isRoot = accountsOf(service, context).some((a) => a.user === "root");
  return hasServer && !isRoot && !isMaintenance(service, context) ? names.filter((n) => rootPassword.test(n)) : [];
}

const listed = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

export default rule({
  id: "compose/shared-env-file",
  kind: "compose",
  severity: "info",
  principle: "least-privilege",
  summary: "Services get each other's secrets out of one file of variables",
  why: `Every variable of an \`env_file\` goes to every service that names the file. A hole in the smallest service, a debug page that
prints its environment, and the passwords of all the others are known. Give each service a file of its own with what it needs, or
hand secrets over one by one by \`secrets\`.`,
  refs: ["CWE-250"],
  covers: [],
  fix: "none",
  examples: [
    {
      bad: `
        services:
          orders: { image: "acme/orders:1.2.3", env_file: «all.env» }
          billing: { image: "acme/billing:1.2.3", env_file: [all.env] }
          stock:
            image: acme/stock:1.2.3
            env_file:
              - path: all.env
                required: true
        -- all.env --
        STRIPE_SECRET_KEY=\${STRIPE}
        DB_PASSWORD=\${PW}
        `,
    },
    {
      bad: `
        services:
          shop: { build: ./shop, env_file: «db.env» }
          db: { image: "mysql:8.4", env_file: db.env }
        -- db.env --
        MYSQL_ROOT_PASSWORD=\${ROOT}
        MYSQL_PASSWORD=\${PW}
        `,
      note: "the root password of the database",
    },
    {
      bad: `
        services:
          shop: { build: ./shop, env_file: shop.env }
          cache: { image: "redis:8.4", env_file: «shop.env» }
        -- shop.env --
        STRIPE_SECRET_KEY=\${STRIPE}
        `,
      note: "a server that reads no such variable",
    },
    {
      good: `
        services:
          web: { build: ., env_file: app.env }
          worker: { build: ., command: celery worker, env_file: app.env }
          beat: { build: ., command: celery beat, env_file: app.env }
        -- app.env --
        SECRET_KEY=\${KEY}
        `,
      note: "one program",
    },
    {
      good: `
        services:
          orders: { image: "acme/orders:1.2.3", env_file: all.env }
          billing: { image: "acme/billing:1.2.3", env_file: all.env }
          stock: { image: "acme/stock:1.2.3", env_file: all.env }
        -- all.env --
        TZ=Europe/Berlin
        PASSWORD_FILE=/run/secrets/pw
        `,
      note: "no secrets",
    },
    {
      good: `
        services:
          shop: { build: ./shop, env_file: shop.env }
          db: { image: "postgres:18.1", env_file: shop.env }
          other: { image: "acme/other:1.2.3", env_file: "\${ENV_FILE}" }
        -- shop.env --
        POSTGRES_PASSWORD=\${PW}
        `,
      note: "the database and its user",
    },
  ],
  check: {
    project(project, report, context) {
      for (const [file, given] of givenFiles(project)) {
        const [first] = given;
        const programs = new Set(given.map((g) => programKey(g.service, context)));
        if (first !== undefined && programs.size >= 3) {
          const names = [...new Set(given.flatMap((g) => g.names))];
          report(first.at, `${listed(given.map((g) => g.service.name))} all get ${listed(names)} from ${file}`, {
            related: given.slice(1).map(({ at, service }) => ({
              file: at.file,
              span: { start: at.start, end: at.end },
              note: `${service.name} gets them as well`,
            })),
          });
          continue;
        }
        for (const one of given) {
          const extra = useless(one, given, context);
          if (extra.length === 0) continue;
          report(one.at, `${one.service.name} gets ${listed(extra)} from ${file}, and has no use for that`);
        }
      }
    },
  },
});
