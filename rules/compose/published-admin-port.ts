import { type PublishedPort, rule, type Service } from "../../engine/index";
import { listeningServer } from "../shared/compose/listening-server";
import { closings, falseCureIn, numberOf, publicationOf, severityOf } from "../shared/compose/ports";
import { protocolOf, targetsOf } from "../shared/compose/publishing";
import { planeOf, type ServiceImage } from "../shared/images/services";

/** Made to be used by people who do not administer them; the console is a page of the same site. */
const sites: ReadonlySet<string> = new Set([
  "GitLab",
  "Gitea",
  "Harbor",
  "Nexus Repository",
  "Artifactory",
  "Metabase",
  "Superset",
  "Redash",
  "Sentry",
  "Uptime Kuma",
  "n8n",
  "Open WebUI",
  "LiteLLM",
  "Langfuse",
  "PostgREST",
  "Hasura",
  "Guacamole",
]);
/** The ports of login servers that are for administration alone; the other ones take logins. */
const managementPorts: readonly (readonly [name: string, port: number])[] = [
  ["Keycloak", 9000],
  ["Ory Hydra", 4445],
  ["Ory Kratos", 4434],
  ["Dex", 5558],
  ["LLDAP", 17170],
];

const isForUsers = ({ kind, name }: ServiceImage, target: number): boolean =>
  kind === "application" ||
  sites.has(name) ||
  (kind === "identity" && !managementPorts.some(([server, port]) => server === name && port === target));

/** Traefik's dashboard leaves its port to an entry point of another name that is given the same one. */
function isEntryPoint(service: Service, { name }: ServiceImage, target: number): boolean {
  if (name !== "Traefik") return false;
  const words = (service.command?.words ?? []).map((w) => w.scalar.text);
  const variables = service.environment.map((v) => `${v.name}=${v.value?.scalar.text ?? ""}`);
  const entryPoint = /^(?:--|traefik_)entry_?points?[._]([^=]+?)[._]address=[^:]*:(\d+)(?:\/\w+)?$/i;
  return [...words, ...variables].some((text) => {
    const [, entry, port] = entryPoint.exec(text) ?? [];
    return Number(port) === target && entry?.toLowerCase() !== "traefik";
  });
}

function adminTarget(port: PublishedPort, service: Service, server: ServiceImage): number | undefined {
  return targetsOf(port)?.find(
    (n) => planeOf(server, n, protocolOf(port)) === "admin" && !isEntryPoint(service, server, n),
  );
}

export default rule({
  id: "compose/published-admin-port",
  kind: "compose",
  severity: "warning",
  principle: "exposure",
  summary: "The console of an administration or monitoring tool published to other machines",
  why: `Such consoles are made for a few people on a safe network: many ask for no login, or start with a known one, and some run
commands by design. An open Jenkins or Jupyter is a shell for whoever finds it, Adminer a place to guess the database's passwords,
Prometheus a map of all that runs inside. Bind the port to 127.0.0.1 and come in through a tunnel, or put the console behind a
gateway that asks who is there.`,
  refs: ["CWE-749", "CWE-668"],
  covers: [],
  fix: "safe",
  yieldsTo: ["compose/docker-api-over-tcp", "compose/published-database-port"],
  examples: [
    {
      bad: `
        services:
          adminer:
            image: adminer:5.4.1
            ports:
              - «8080:8080»
          metrics:
            image: prom/prometheus:v3.8.0
            ports: [{ target: 9090, published: "«9090»" }]
        `,
      fixed: `
        services:
          adminer:
            image: adminer:5.4.1
            ports:
              - 127.0.0.1:8080:8080
          metrics:
            image: prom/prometheus:v3.8.0
            ports: [{ target: 9090, published: "9090", host_ip: 127.0.0.1 }]
        `,
    },
    {
      bad: `
        services:
          queue:
            image: rabbitmq:4.2-management
            ports:
              - "127.0.0.1:5672:5672"
              # the console
              - «"15672:15672"»
          adminer:
            image: adminer:5.4.1
            profiles: [dev, prod]
            ports: [«"8080:8080"»]
        `,
      fixed: `
        services:
          queue:
            image: rabbitmq:4.2-management
            ports:
              - "127.0.0.1:5672:5672"
              # the console
              - "127.0.0.1:15672:15672"
          adminer:
            image: adminer:5.4.1
            profiles: [dev, prod]
            ports: ["127.0.0.1:8080:8080"]
        `,
      note: "the console of a broker; a profile of production",
    },
    {
      bad: `
        services:
          adminer:
            image: adminer:5.4.1
            profiles: [dev]
            ports: [«"8080:8080"»]
        `,
      fixed: `
        services:
          adminer:
            image: adminer:5.4.1
            profiles: [dev]
            ports: ["127.0.0.1:8080:8080"]
        `,
      severity: "info",
      note: "where people develop",
    },
    {
      bad: `
        services:
          ci:
            build: { context: ci }
            ports:
              - «50000:50000»
        -- ci/Dockerfile --
        FROM jenkins/jenkins:2.528.2-lts
        `,
      fixed: `
        services:
          ci:
            build: { context: ci }
            ports:
              - 127.0.0.1:50000:50000
        `,
      note: "an image that the project builds",
    },
    {
      bad: `
        services:
          git:
            image: gitea/gitea:1.25.1
            ports:
              - «3000:3000»
          grafana:
            image: grafana/grafana:12.3.0
            ports:
              - «192.168.1.5:3001:3000»
        `,
      fixed: `
        services:
          git:
            image: gitea/gitea:1.25.1
            ports:
              - 127.0.0.1:3000:3000
          grafana:
            image: grafana/grafana:12.3.0
            ports:
              - 127.0.0.1:3001:3000
        `,
      severity: "info",
      note: "a site with users of its own, and one private network",
    },
    {
      good: `
        services:
          adminer:
            image: adminer:5.4.1
            ports: ["127.0.0.1:8080:8080", "[::1]:8080:8080"]
          grafana:
            image: grafana/grafana:12.3.0
            labels:
              traefik.http.routers.grafana.rule: Host(\`grafana.example.com\`)
            expose: ["3000"]
        `,
      note: "reached by the host alone, or through a gateway",
    },
    {
      good: `
        services:
          proxy:
            image: traefik:v3.6.2
            command: ["--entryPoints.web.address=:8080", "--providers.docker"]
            ports: ["80:8080", "443:443"]
        `,
      note: "Traefik's 8080 is an entry point here",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.30\n    ports: ['8080:8080']\n  app:\n    image: acme/app:1.2.3\n    ports: ['9090:9090']\n",
    },
  ],
  check: {
    port(port, service, report, context) {
      const publication = publicationOf(port, service);
      const server = publication && listeningServer(service, context);
      const target = server && adminTarget(port, service, server);
      if (publication === undefined || server === undefined || target === undefined) return;
      const number = numberOf(port, target);
      const isSite = isForUsers(server, target);
      const which = isSite
        ? `port ${number}, which serves its administration as well,`
        : `administrative port ${number}`;
      const what = `${service.name} publishes ${server.name}'s ${which} ${publication.where}`;
      report(publication.at, what + falseCureIn(publication), {
        severity: severityOf(publication, isSite ? "info" : "warning"),
        fix: () => closings(publication, context),
      });
    },
  },
});
