import { type ComposeProject, type Context, type Fix, rule, type Service } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { isInternal, isPlain, joinNetwork, moveToNetwork, openNetworks, uses } from "../shared/compose/networks";
import { isPublished, nameOfPort, reachOf } from "../shared/compose/publishing";
import { isDataService, isGateway, isLongRunning } from "../shared/compose/roles";
import { fixTogether, setAtTop } from "../shared/compose/top-level";

/** The one network over which a service can be reached from outside; internal ones beside it do not count. */
function onlyNetwork(service: Service): string | undefined {
  const open = openNetworks(service);
  return open?.length === 1 ? open[0] : undefined;
}

const isAtEdge = (service: Service, context: Context): boolean =>
  isLongRunning(service) &&
  !service.isDevelopment &&
  !isDataService(service, context) &&
  (isPublished(service) || isGateway(service, context));

/** Who takes requests from outside, and meets the data service on all of its networks. */
function neighbour(service: Service, members: readonly Service[], context: Context): Service | undefined {
  const network = onlyNetwork(service);
  const near = members.filter((other) => {
    if (other === service || onlyNetwork(other) !== network || !isAtEdge(other, context)) return false;
    return service.networks.every(({ name }) => other.networks.some((n) => n.name === name));
  });
  const strangers = near.filter((other) => !uses(other, service));
  return strangers.find((other) => isGateway(other, context)) ?? strangers[0] ?? near[0];
}

const isFlat = (service: Service, members: readonly Service[], context: Context): boolean =>
  !isForDevelopment(service, service.file) &&
  isDataService(service, context) &&
  neighbour(service, members, context) !== undefined;

/** A name for the new network, or an internal one that is there; undefined where the usual names mean something else. */
function dataNetwork(project: ComposeProject): { readonly name: string; readonly isNew: boolean } | undefined {
  for (const name of ["data", "internal"]) {
    const network = project.resource("networks", name);
    if (network === undefined) return { name, isNew: true };
    const { isExternal } = network;
    if (isInternal(network) === true && isExternal.known && !isExternal.value) return { name, isNew: false };
  }
  return undefined;
}

/** Ports of a service that is only on an internal network are not published. */
const isMovable = (service: Service): boolean => service.ports.length === 0 && isPlain(service);

/** Moves the service and its like to a network of their own, on which those that use them are as well. */
function separate(service: Service, members: readonly Service[], context: Context): Fix | undefined {
  const { project, file } = service;
  const network = dataNetwork(project);
  if (network === undefined || !isMovable(service)) return undefined;
  const moving = members.filter(
    (s) => s === service || (s.file === file && isMovable(s) && isFlat(s, members, context)),
  );
  const users = members.filter((s) => !moving.includes(s) && moving.some((data) => uses(s, data)));
  const joining = users.filter((s) => s.networks.every((n) => n.name !== network.name));
  const all = [
    ...moving.map((data) => moveToNetwork(data, network.name)),
    ...joining.map((user) => joinNetwork(user, network.name)),
    ...(network.isNew ? [setAtTop(project, ["networks", network.name], { internal: true }, { file })] : []),
  ];
  const title = `Move ${moving.map((s) => s.name).join(", ")} to the internal network ${network.name}`;
  return fixTogether(context.file, title, "unsafe", all);
}

function reasonOf(service: Service): string {
  const port = service.ports.find((p) => reachOf(p) === "all" || reachOf(p) === "private");
  return port === undefined ? "is a gateway" : `publishes port ${nameOfPort(port)}`;
}

export default rule({
  id: "compose/flat-network",
  kind: "compose",
  severity: "info",
  principle: "isolation",
  summary: "Data and what is reachable from outside share one network",
  why: `On one network every service reaches every port of every other one. Whoever takes over the proxy that faces the internet, by a
hole in it that was known since yesterday, talks to the database next, tries its passwords and its own holes, though the proxy
has no business there. With a second, internal network only the services that use the data meet it.`,
  refs: ["CIS 5.30", "CWE-653", "OWASP D5"],
  covers: ["kics:networks_not_set"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          proxy:
            image: acme/edge:1.2.3
            ports: ["443:8443"]
            depends_on: [api]
          api:
            image: acme/api:1.2.3
            depends_on: [db]
          «db»:
            image: postgres:18.1
            mem_limit: 1g
            healthcheck: { test: [CMD, pg_isready] }
        `,
      fixed: `
        services:
          proxy:
            image: acme/edge:1.2.3
            ports: ["443:8443"]
            depends_on: [api]
          api:
            image: acme/api:1.2.3
            depends_on: [db]
            networks:
              - default
              - data
          db:
            image: postgres:18.1
            mem_limit: 1g
            healthcheck: { test: [CMD, pg_isready] }
            networks:
              - data
        networks:
          data:
            internal: true
        `,
    },
    {
      bad: `
        services:
          «sql»:
            image: mysql:8.4
            mem_limit: 1g
            healthcheck: { test: [CMD, mysqladmin, ping] }
            networks: [app]
          gateway:
            image: acme/edge:1.2.3
            networks: [app]
          api:
            image: acme/api:1.2.3
            environment: { DB_ADDRESS: "sql:3306" }
            networks: { app: { aliases: [orders] } }
        networks: { app: {} }
        `,
      fixed: `
        services:
          sql:
            image: mysql:8.4
            mem_limit: 1g
            healthcheck: { test: [CMD, mysqladmin, ping] }
            networks: [data]
          gateway:
            image: acme/edge:1.2.3
            networks: [app]
          api:
            image: acme/api:1.2.3
            environment: { DB_ADDRESS: "sql:3306" }
            networks: { app: { aliases: [orders] }, data: {} }
        networks: { app: {}, data: { internal: true } }
        `,
      note: "a single named network, and a gateway by its name",
    },
    {
      bad: `
        services:
          web: { image: "acme/web:1.2.3", ports: ["80:8080"], depends_on: [db, sql] }
          «db»: { image: "postgres:18.1", mem_limit: 1g, healthcheck: { test: [CMD, pg_isready] } }
          «sql»: { image: "mysql:8.4", mem_limit: 1g, healthcheck: { test: [CMD, mysqladmin, ping] } }
        `,
      fixed: `
        services:
          web: { image: "acme/web:1.2.3", ports: ["80:8080"], depends_on: [db, sql], networks: [default, data] }
          db: { image: "postgres:18.1", mem_limit: 1g, healthcheck: { test: [CMD, pg_isready] }, networks: [data] }
          sql: { image: "mysql:8.4", mem_limit: 1g, healthcheck: { test: [CMD, mysqladmin, ping] }, networks: [data] }
        networks:
          data:
            internal: true
        `,
      note: "both at once",
    },
    {
      bad: `
        services:
          proxy: { image: "acme/edge:1.2.3", ports: ["443:8443"] }
          api: { image: "acme/api:1.2.3" }
          «db»:
            image: postgres:18.1
            mem_limit: 1g
            healthcheck: { test: [CMD, pg_isready] }
            networks:
              default:
                aliases: [sql]
        `,
      note: "its settings on the network cannot be moved by themselves",
    },
    {
      good: `
        services:
          proxy: { image: "acme/edge:1.2.3", ports: ["443:8443"], networks: [front] }
          api: { image: "acme/api:1.2.3", networks: [front, back] }
          db: { image: "postgres:18.1", networks: [back] }
        networks: { front: {}, back: {} }
        `,
    },
    {
      good: `
        services:
          web: { image: "acme/web:1.2.3", ports: ["80:8080"], networks: [front, back] }
          worker: { image: "acme/web:1.2.3", networks: [back] }
          db: { image: "postgres:18.1", networks: [back] }
        networks: { front: {}, back: {} }
        `,
      note: "the published service has a network of its own besides",
    },
    {
      good: `
        services:
          web: { image: "acme/web:1.2.3", ports: ["80:8080"] }
          db: { image: "postgres:18.1" }
        `,
      note: "two services",
    },
    {
      good: `
        services:
          web: { image: "acme/web:1.2.3", ports: ["127.0.0.1:80:8080"] }
          worker: { image: "acme/web:1.2.3" }
          db: { image: "postgres:18.1" }
        `,
      note: "reachable from the host only",
    },
    {
      good: `
        services:
          web: { image: "acme/web:1.2.3", ports: ["80:8080"] }
          worker: { image: "acme/web:1.2.3" }
          db: { image: "postgres:18.1" }
        `,
      file: "compose.dev.yaml",
    },
    {
      good: `
        include: [db/compose.yaml]
        services:
          web: { image: "acme/web:1.2.3", ports: ["80:8080"] }
          worker: { image: "acme/web:1.2.3" }
        -- db/compose.yaml --
        services:
          db: { image: "postgres:18.1" }
        `,
      note: "reported in the file of the data service",
    },
  ],
  check: {
    service(service, report, context) {
      if (isForDevelopment(service, service.file) || !isDataService(service, context)) return;
      const network = onlyNetwork(service);
      if (network === undefined) return;
      const members = service.project.on(network);
      const other = neighbour(service, members, context);
      if (other === undefined || members.filter((s) => !s.isDevelopment).length < 3) return;
      report(service, `${service.name} shares its only network with ${other.name}, which ${reasonOf(other)}`, {
        related: [{ file: other.file, span: { start: other.start, end: other.end }, note: `${other.name} is here` }],
        fix: () => separate(service, members, context),
      });
    },
  },
});
