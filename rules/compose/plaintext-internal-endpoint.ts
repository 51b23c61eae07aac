import { rule, type Context, type Service, type Setting } from "../../engine/index";
import { addressesIn, plaintextOf, type Address } from "../shared/addresses";
import { isEncryptedBeside, isEndpoint, isUsed, sayingsOf, standingOf } from "../shared/compose/endpoints";

export default rule({
  id: "compose/plaintext-internal-endpoint",
  kind: "compose",
  severity: "hint",
  principle: "encrypt",
  preset: "strict",
  summary: "Two services of a project that speak to each other without TLS",
  why: `A network of containers is a shared wire: whoever takes over one container on it can answer in the name of another one and
read passwords, tokens and customers' data that the others exchange in the clear. On one host with a network for each pair that
is a small risk, across hosts a large one. Give the services certificates of an authority of your own and use the encrypted
schemes, or let a mesh or an encrypted overlay do it.`,
  refs: ["CWE-319"],
  covers: [],
  fix: "none",
  examples: [
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              ORDERS_URL: «http://orders:8080»/v1
              ORDERS_ADMIN: http://orders:9090
              CACHE: «redis://cache:6379»/0
              QUEUE: «amqp»://web:\${QUEUE_PASSWORD}@mq:5672
            command: ["./web", "--stock=«http://stock.internal»"]
          orders: { image: "acme/orders:1.2.3" }
          cache: { image: "redis:8.4", command: ["redis-server", "/etc/redis.conf"] }
          mq: { image: "acme/mq:1.2.3" }
          stock: { image: "acme/stock:1.2.3", container_name: stock.internal }
        `,
      note: "each pair once",
    },
    {
      bad: `
        x-env: &env
          ORDERS: \${ORDERS:-«http://shop-orders»}
        services:
          web: { image: "acme/web:1.2.3", environment: { <<: *env } }
          admin: { image: "acme/admin:1.2.3", environment: { <<: *env } }
          orders:
            image: acme/orders:1.2.3
            networks: { default: { aliases: [shop-orders] } }
        `,
      note: "a shared environment, an alias",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment: ["DB=«postgresql»://web:\${DB_PASSWORD}@database/web"]
            links: ["db:database"]
            extra_hosts: ["legacy.acme.io:10.0.0.7"]
            entrypoint: ./web --legacy «http://legacy.acme.io»
          db: { image: "acme/db:1.2.3" }
        `,
      note: "links and extra hosts",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              ORDERS: https://orders:8443
              DB: postgres://web@db/web?sslmode=verify-full
              SELF: http://web:8080
              OTHER: http://elsewhere:8080
              PARTNER: http://partner.acme.io
              HOST: http://docker-host:8080
            extra_hosts: ["docker-host:host-gateway"]
            healthcheck: { test: ["CMD", "curl", "-f", "http://localhost:8080/"] }
          orders: { image: "acme/orders:1.2.3" }
          db: { image: "acme/db:1.2.3" }
        `,
      note: "encrypted, its own address, names that the project does not give",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment: ["ORDERS=http://\${ORDERS_HOST}:8080", "http_proxy=http://squid:3128"]
            command: ["sh", "-c", "echo waiting for http://orders:8080 && exec ./web"]
          orders: { image: "acme/orders:1.2.3" }
          squid: { image: "acme/squid:1.2.3" }
        `,
      note: "an unknown host, a proxy, a message",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment: ["DB=postgres://web@db/web?sslmode=disable"]
          db: { image: "acme/db:1.2.3" }
        `,
      note: "compose/tls-disabled speaks of it",
    },
  ],
  check: {
    service(service, report, context) {
      const seen = new Set<string>();
      for (const saying of sayingsOf(service)) {
        if (!saying.at.scalar.text.includes("://") || !isEndpoint(saying)) continue;
        for (const address of addressesIn(saying.at)) {
          const protocol = plaintextOf(address);
          const provider = protocol && providerOf(address, service, context);
          if (protocol === undefined || provider === undefined || seen.has(provider)) continue;
          if (!isUsed(saying, address.at) || isEncryptedBeside(saying.name, service)) continue;
          seen.add(provider);
          report(address.at, `${service.name} speaks to ${provider} over plain ${protocol.name}`);
        }
      }
    },
  },
});

/** The first of its hosts that the project names: the service behind it, or the name. */
function providerOf({ hosts }: Address<Setting>, service: Service, context: Context): string | undefined {
  for (const host of hosts) {
    const standing = standingOf(host, service, context);
    if (standing.at === "project") return standing.service?.name ?? host;
  }
  return undefined;
}
