import { rule } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { gatewayBefore, isApplication, isForGrpc } from "../shared/compose/gateways";
import { bound, publicationOf, removed, titleOf } from "../shared/compose/ports";
import { protocolOf } from "../shared/compose/publishing";

export default rule({
  id: "compose/gateway-bypass",
  kind: "compose",
  severity: "info",
  principle: "exposure",
  summary: "A service behind a gateway published to other machines as well",
  why: `The gateway is where requests are authenticated, limited and logged. A service that publishes its own port beside it takes
requests that passed none of this: an attacker who finds port 8081 calls the API without the gateway's login, and may write the
headers by which the gateway tells the service who the user is. The gateway reaches the service by its name; it needs no published
port.`,
  refs: ["CWE-668", "OWASP D5"],
  covers: [],
  fix: "unsafe",
  yieldsTo: [
    "compose/docker-api-over-tcp",
    "compose/published-database-port",
    "compose/published-admin-port",
    "compose/debug-port-published",
    "compose/published-remote-login",
  ],
  examples: [
    {
      bad: `
        services:
          gateway:
            image: nginx:1.30
            ports: ["80:80", "443:443"]
            depends_on: [orders]
          orders:
            image: acme/orders:1.2.3
            expose: ["8080"]
            ports:
              - «"8081:8080"»
          users:
            image: acme/users:1.2.3
            ports:
              - "127.0.0.1:9001:9001"
              - «8082:8080»
        `,
      fixed: `
        services:
          gateway:
            image: nginx:1.30
            ports: ["80:80", "443:443"]
            depends_on: [orders]
          orders:
            image: acme/orders:1.2.3
            expose: ["8080"]
          users:
            image: acme/users:1.2.3
            ports:
              - "127.0.0.1:9001:9001"
        `,
    },
    {
      bad: `
        services:
          api-gateway: { build: gateway, ports: ["8080:8080"], networks: [edge, inner] }
          orders: { build: orders, ports: [{ target: 8080, published: «8081» }], networks: [inner] }
          users: { build: users, ports: ["8082:8080"], networks: [other] }
        networks: { edge: {}, inner: {}, other: {} }
        `,
      fixed: `
        services:
          api-gateway: { build: gateway, ports: ["8080:8080"], networks: [edge, inner] }
          orders: { build: orders, networks: [inner] }
          users: { build: users, ports: ["8082:8080"], networks: [other] }
        networks: { edge: {}, inner: {}, other: {} }
        `,
      note: "only where they meet on a network",
    },
    {
      good: `
        services:
          proxy: { image: "traefik:v3.6.2", ports: ["80:80"] }
          orders: { image: "acme/orders:1.2.3", ports: ["127.0.0.1:8080:8080"] }
          calls: { image: "acme/calls:1.2.3", ports: ["10000:10000/udp"] }
          db: { image: "postgres:18.1", ports: ["5432:5432"] }
          debug: { image: "acme/orders:1.2.3", profiles: [dev], ports: ["8081:8080"] }
        `,
      note: "the host alone, media, other rules' ports, development",
    },
    {
      good: `
        services:
          proxy: { image: "envoyproxy/envoy:v1.36.2", ports: ["80:80"] }
          orders:
            image: acme/orders:1.2.3
            ports:
              - { name: grpc, target: 50051, published: 50051 }
        `,
      note: "gRPC, and said so",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.30\n    ports: ['80:80']\n    volumes: ['./site:/usr/share/nginx/html:ro']\n  api:\n    image: acme/api:1.2.3\n    ports: ['8080:8080']\n",
      note: "a web server with pages of its own",
    },
    {
      good: "services:\n  gateway:\n    image: kong:3.9\n    expose: ['8000']\n  api:\n    image: acme/api:1.2.3\n    ports: ['8080:8080']\n",
      note: "a gateway that nobody reaches from outside",
    },
  ],
  check: {
    port(port, service, report, context) {
      const publication = publicationOf(port, service);
      if (publication === undefined || publication.reach === "unknown" || protocolOf(port) === "udp") return;
      if (isForDevelopment(service, port.file) || isForGrpc(port, service) || !isApplication(service, context)) return;
      const gateway = gatewayBefore(service, context);
      if (gateway === undefined) return;
      const { file, start, end } = gateway;
      report(
        publication.at,
        `${service.name} publishes ${titleOf(port)} ${publication.where}, past the gateway ${gateway.name}`,
        {
          related: [{ file, span: { start, end }, note: `${gateway.name} is the gateway` }],
          fix: () => [removed(publication), bound(publication, "unsafe")].filter((fix) => fix !== undefined),
        },
      );
    },
  },
});
