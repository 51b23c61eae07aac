import { rule, type Severity } from "../../engine/index";
import { listeningServer } from "../shared/compose/listening-server";
import { closings, falseCureIn, numberOf, publicationOf, severityOf } from "../shared/compose/ports";
import { protocolOf, targetsOf } from "../shared/compose/publishing";
import { planeOf, type ServiceImage } from "../shared/images/services";

/** They take in logs, traces and test mail, and hand no data out on that port. */
const isIntake = ({ kind, name }: ServiceImage): boolean =>
  kind === "observability" || kind === "mail" || name === "Logstash";

export default rule({
  id: "compose/published-database-port",
  kind: "compose",
  severity: "error",
  principle: "exposure",
  summary: "A port of a database, cache or broker published to other machines",
  why: `A published port is open to every machine that reaches the host: Docker writes its own firewall rules, past \`ufw\` and the like.
Scanners find an open PostgreSQL or Redis within hours, try the usual passwords, and write a cron job through \`COPY … TO PROGRAM\`
or \`CONFIG SET dir\`. Other services of the project need no published port: they reach the database by its name. For tools on the
host bind the port to 127.0.0.1.`,
  refs: ["CIS 5.9", "CIS 5.14", "CWE-668", "OWASP D5"],
  covers: [],
  fix: "safe",
  yieldsTo: ["compose/docker-api-over-tcp"],
  examples: [
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            ports:
              - «"5432:5432"»
              - «15432:5432/tcp»  # for the tools
              - «5432»
              - «"0.0.0.0:5434:5432"»
              - «"[::]:5435:5432"»
              - «":::5436:5432"»
              - «5440-5445:5430-5435»
              - «"\${PORT:-5437}:5432"»
              - «\${BIND:-0.0.0.0}:5438:5432»
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            ports:
              - "127.0.0.1:5432:5432"
              - 127.0.0.1:15432:5432/tcp  # for the tools
              - 127.0.0.1::5432
              - "127.0.0.1:5434:5432"
              - "127.0.0.1:5435:5432"
              - "127.0.0.1:5436:5432"
              - 127.0.0.1:5440-5445:5430-5435
              - "127.0.0.1:\${PORT:-5437}:5432"
              - \${BIND:-127.0.0.1}:5438:5432
        `,
      note: "the short spellings; the container's port counts",
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            ports:
              - target: «5432»
                mode: host
              - target: 5432
                published: "«5433»"
          cache: { image: "valkey/valkey:9.0", ports: [{ target: 6379, published: 6379, host_ip: «0.0.0.0» }] }
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            ports:
              - target: 5432
                mode: host
                host_ip: 127.0.0.1
              - target: 5432
                published: "5433"
                host_ip: 127.0.0.1
          cache: { image: "valkey/valkey:9.0", ports: [{ target: 6379, published: 6379, host_ip: 127.0.0.1 }] }
        `,
      note: "the long spelling",
    },
    {
      bad: `
        services:
          queue:
            build: ./queue
            ports: [«"5672:5672"»]
        -- queue/Dockerfile --
        FROM rabbitmq:4.2-management
        USER rabbitmq
        `,
      fixed: `
        services:
          queue:
            build: ./queue
            ports: ["127.0.0.1:5672:5672"]
        `,
      note: "an image that the project builds on a database's",
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            ports:
              - «"5432:5432"»
        -- compose.override.yaml --
        services:
          db:
            ports:
              - "127.0.0.1:5432:5432"
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            ports:
              - "127.0.0.1:5432:5432"
        -- compose.override.yaml --
        services:
          db:
            ports:
              - "127.0.0.1:5432:5432"
        `,
      note: "the override adds an entry and leaves this one as it is",
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            ports:
              - «"10.0.0.5:5432:5432"»
              - «"\${BIND}:5433:5432"»
          cache:
            image: \${REGISTRY}/valkey/valkey:\${VALKEY}
            ports: [«"\${BIND}:6379:6379"»]
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            ports:
              - "127.0.0.1:5432:5432"
              - "\${BIND:-127.0.0.1}:5433:5432"
          cache:
            image: \${REGISTRY}/valkey/valkey:\${VALKEY}
            ports: ["\${BIND:-127.0.0.1}:6379:6379"]
        `,
      severity: "info",
      note: "one private network, and an address that nobody knows",
    },
    {
      bad: `
        services:
          db:
            ports: [«"5432:5432"»]
        -- compose.yaml --
        services:
          db:
            image: postgres:18.1
            volumes: ["data:/var/lib/postgresql"]
        volumes:
          data:
        `,
      fixed: `
        services:
          db:
            ports: ["127.0.0.1:5432:5432"]
        `,
      file: "compose.override.yaml",
      severity: "warning",
      note: "a file of development",
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            ports:
              - «"127.0.0.1:5432:5432"»
            deploy:
              placement:
                constraints: ["node.labels.disk == ssd"]
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            deploy:
              placement:
                constraints: ["node.labels.disk == ssd"]
        `,
      also: ["compose/ignored-by-swarm"],
      note: "a swarm listens on all addresses, whatever is written",
    },
    {
      good: `
        services:
          db:
            image: postgres:18.1
            ports:
              - "127.0.0.1:5432:5432"
              - "[::1]:5433:5432"
              - "::1:5434:5432"
              - "127.0.0.1::5432"
              - { target: 5432, published: 5435, host_ip: 127.0.0.1 }
              - "127.0.0.2:5436:5432"
              - "\${BIND:-127.0.0.1}:5437:5432"
              - "5432:80"
              - "5432:5432/udp"
            expose: [5432]
        `,
      note: "reached by the host alone; or no port of the database",
    },
    {
      good: "services:\n  db:\n    image: postgres:18.1\n    ports: ['5432:5432']\n-- compose.override.yaml --\nservices:\n  db:\n    ports: !override ['127.0.0.1:5432:5432']\n",
      note: "the override takes the list's place",
    },
    {
      good: "services:\n  db:\n    image: postgres:18.1\n    ports: ['5432:5432']\n-- compose.override.yaml --\nservices:\n  db:\n    ports: !reset []\n",
      note: "the override takes the list away",
    },
    {
      good: "services:\n  db:\n    image: postgres:18.1\n    network_mode: host\n    ports: ['5432:5432']\n",
      note: "dead text: the container has no network of its own",
    },
    {
      good: "services:\n  db:\n    image: ${DB_IMAGE}:18\n    ports: ['5432:5432', '${MAPPING}']\n  web:\n    image: acme/web:1.2.3\n    ports: ['5432:5432']\n",
      note: "nobody knows that it is a database",
    },
  ],
  check: {
    port(port, service, report, context) {
      const publication = publicationOf(port, service);
      const server = publication && listeningServer(service, context);
      if (publication === undefined || server === undefined) return;
      const target = targetsOf(port)?.find((n) => planeOf(server, n, protocolOf(port)) === "data");
      if (target === undefined) return;
      const severity: Severity = isIntake(server) ? "warning" : "error";
      const what = `${service.name} publishes ${server.name}'s port ${numberOf(port, target)} ${publication.where}`;
      report(publication.at, what + falseCureIn(publication), {
        severity: severityOf(publication, severity),
        fix: () => closings(publication, context),
      });
    },
  },
});
