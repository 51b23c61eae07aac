import { fixIn, type Resource, rule, type Service } from "../../engine/index";
import { isInternal, openNetworks, uses } from "../shared/compose/networks";
import { isDataService } from "../shared/compose/roles";

/** A way out of the host stays when the network gives none any more. */
const hasOtherWay = (service: Service, network: Resource): boolean =>
  openNetworks(service)?.some((name) => name !== network.name) === true;

export default rule({
  id: "compose/data-network-not-internal",
  kind: "compose",
  severity: "hint",
  preset: "strict",
  principle: "isolation",
  summary: "A network that only carries data services has a way out to the internet",
  why: `A database talks to the services that use it and to nobody else. Where its network has a way out, whoever gets to run commands
in it, by an injection that reaches \`COPY … TO PROGRAM\` for instance, loads tools from outside and sends the tables there.
\`internal: true\` takes the way out; what uses the data keeps its own through its other network.`,
  refs: ["CIS 5.30", "CWE-668"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          proxy:
            image: acme/edge:1.2.3
            ports: ["443:8443"]
            networks: [front]
          api:
            image: acme/api:1.2.3
            depends_on: [db]
            networks: [front, data]
          db:
            image: postgres:18.1
            networks: [data]
        networks:
          front:
          «data»: # tables
        `,
      fixed: `
        services:
          proxy:
            image: acme/edge:1.2.3
            ports: ["443:8443"]
            networks: [front]
          api:
            image: acme/api:1.2.3
            depends_on: [db]
            networks: [front, data]
          db:
            image: postgres:18.1
            networks: [data]
        networks:
          front:
          data: # tables
            internal: true
        `,
    },
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            environment: { CACHE_URL: "rediss://cache:6380/0" }
            networks: { front: {}, data: {} }
          cache:
            image: redis:8.4
            networks: { data: { aliases: [sessions] } }
        networks: { front: {}, data: { internal: «false», driver: bridge } }
        `,
      fixed: `
        services:
          api:
            image: acme/api:1.2.3
            environment: { CACHE_URL: "rediss://cache:6380/0" }
            networks: { front: {}, data: {} }
          cache:
            image: redis:8.4
            networks: { data: { aliases: [sessions] } }
        networks: { front: {}, data: { internal: true, driver: bridge } }
        `,
      note: "an address tells who uses it",
    },
    {
      good: `
        services:
          api: { image: "acme/api:1.2.3", depends_on: [db], networks: [front, data] }
          db: { image: "postgres:18.1", networks: [data] }
        networks: { front: {}, data: { internal: true } }
        `,
    },
    {
      good: `
        services:
          api: { image: "acme/api:1.2.3", depends_on: [db], networks: [data] }
          db: { image: "postgres:18.1", networks: [data] }
        networks: { data: {} }
        `,
      note: "the api's only way out",
    },
    {
      good: `
        services:
          api: { image: "acme/api:1.2.3", depends_on: [db], networks: [front, data] }
          db: { image: "postgres:18.1", networks: [data] }
          backup: { image: "acme/backup:1.2.3", networks: [data] }
        networks: { front: {}, data: {} }
        `,
      note: "somebody else is there as well",
    },
    {
      good: `
        services:
          api: { image: "acme/api:1.2.3", depends_on: [db], networks: [front, data] }
          db: { image: "postgres:18.1", networks: [data] }
        networks: { front: {}, data: { external: true } }
        `,
      note: "made elsewhere",
    },
    {
      good: `
        services:
          api: { image: "acme/api:1.2.3", depends_on: [db], networks: [front, data] }
          db: { image: "postgres:18.1", networks: [data] }
        networks: { front: {}, data: { internal: "\${INTERNAL}" } }
        `,
      note: "nobody knows",
    },
  ],
  check: {
    network(network, project, report, context) {
      const { isExternal } = network;
      if (network.isImplied || !isExternal.known || isExternal.value || isInternal(network) !== false) return;
      const members = project.on(network.name);
      const data = members.filter((s) => isDataService(s, context));
      const users = members.filter((s) => !data.includes(s));
      const isUser = (s: Service): boolean => hasOtherWay(s, network) && data.some((d) => uses(s, d));
      if (project.isOpen || data.length === 0 || users.length === 0 || !users.every(isUser)) return;
      if (members.some((s) => s.ports.length > 0 || s.isOpenAt("ports"))) return;
      const names = data.map((s) => s.name).join(", ");
      report(network.setting("internal") ?? network, `${network.name} only serves ${names}, but has a way out`, {
        fix: () => fixIn(context.file, `Make ${network.name} internal`, "unsafe", [network.set(["internal"], true)]),
      });
    },
  },
});
