import { fixIn, rule, type Context, type Fix, type Service, type Setting } from "../../engine/index";
import { addressesIn, encrypted, plaintextOf, type Address, type Plaintext } from "../shared/addresses";
import { isEncryptedBeside, isEndpoint, isUsed, isWritten, sayingsOf, standingOf } from "../shared/compose/endpoints";

export default rule({
  id: "compose/plaintext-external-endpoint",
  kind: "compose",
  severity: "warning",
  principle: "encrypt",
  summary: "A service that speaks to another place without TLS",
  why: `What leaves this project without TLS can be read and changed by everybody on the way: a shared network, a false name
server, a provider. One hijacked answer, and the service sends its token, its mail or its customers' data to somebody else, or
believes what that one says. Use the encrypted scheme; where the other side knows none, put a tunnel in between.`,
  refs: ["CWE-319"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              PAYMENTS_URL: «http://api.payments.io»/v1
              FEED: wss://feed.acme.io,«ws://feed.acme.io:80»/live  # the old one
              QUEUE: «amqp»://shop:\${QUEUE_PASSWORD}@mq.acme.io:5672/shop
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              PAYMENTS_URL: https://api.payments.io/v1
              FEED: wss://feed.acme.io,wss://feed.acme.io:443/live  # the old one
              QUEUE: amqps://shop:\${QUEUE_PASSWORD}@mq.acme.io:5671/shop
        `,
    },
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              - CACHE=\${CACHE:-«redis://cache.acme.io:6379»/0}
              - "STORE=«mongodb://store.acme.io»/shop?retryWrites=true"
            command: ["./shop", "--directory", "«ldap://ldap.acme.io:389»"]
            labels:
              traefik.http.middlewares.login.forwardauth.address: "«http://login.acme.io»/check"
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              - CACHE=\${CACHE:-rediss://cache.acme.io:6379/0}
              - "STORE=mongodb://store.acme.io/shop?tls=true&retryWrites=true"
            command: ["./shop", "--directory", "ldaps://ldap.acme.io:636"]
            labels:
              traefik.http.middlewares.login.forwardauth.address: "https://login.acme.io/check"
        `,
      note: "lists, defaults, commands and labels",
    },
    {
      bad: `
        services:
          sync:
            image: acme/sync:1.2.3
            command: sh -c 'curl -f «http://files.acme.io»/list | ./sync && echo http://nobody.acme.io'
        `,
      fixed: `
        services:
          sync:
            image: acme/sync:1.2.3
            command: sh -c 'curl -f https://files.acme.io/list | ./sync && echo http://nobody.acme.io'
        `,
      note: "a script; what it prints is no address",
    },
    {
      bad: `
        services:
          web: { image: "acme/web:1.2.3", environment: ["PRINTER=«http://192.168.1.9:8631»/", "NAS=«http://nas.lan»"] }
        `,
      fixed: `
        services:
          web: { image: "acme/web:1.2.3", environment: ["PRINTER=https://192.168.1.9:8631/", "NAS=https://nas.lan"] }
        `,
      severity: "info",
      note: "one private network",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              EVENTS: «kafka://broker.acme.io:9092»/orders
        `,
      note: "no scheme of its own for TLS: no fix",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              STOCK: http://stock.acme.io:8080
              LEGACY: http://old-host:8080
              PARTNER: http://partner.acme.io
              HOST: http://host.docker.internal:9000
            extra_hosts: ["partner.acme.io:10.1.2.3"]
          stock:
            image: acme/stock:1.2.3
            networks: { default: { aliases: [stock.acme.io] } }
        `,
      note: "services, aliases, extra hosts, names that one network knows",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              HTTP_PROXY: http://proxy.acme.io:3128
              NAMESPACE: http://www.w3.org/2000/svg
              HOME_URL: http://www.example.com
              CORS_ORIGINS: http://app.acme.io
              META: http://169.254.169.254/latest/
            labels:
              org.opencontainers.image.url: http://www.acme.io
        `,
      note: "proxies, namespaces, examples, origins, metadata, descriptions",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              API: http://\${API_HOST}/v1
              LISTEN: http://0.0.0.0:8080
              URLS: http://+:8080
              DB: postgres://web@db.acme.io/web?sslmode=verify-full
              MAIL: smtp://mail.acme.io:587
              LDAP_URL: ldap://ldap.acme.io
              LDAP_START_TLS: "true"
            healthcheck:
              test: ["CMD", "curl", "-f", "http://localhost:8080/health"]
        `,
      note: "unknown hosts, own addresses, TLS that is asked for otherwise",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              API: http://api.acme.io
        -- compose.override.yaml --
        services:
          web:
            environment:
              - API=https://api.acme.io
        `,
      note: "the override takes its place",
    },
  ],
  check: {
    service(service, report, context) {
      if (service.ask("is in the open", (project) => project.isOpen)) return;
      for (const saying of sayingsOf(service)) {
        if (!saying.at.scalar.text.includes("://") || !isEndpoint(saying)) continue;
        for (const address of addressesIn(saying.at)) {
          const protocol = plaintextOf(address);
          const place = protocol && placeOf(address, service, context);
          if (protocol === undefined || place === undefined) continue;
          if (!isUsed(saying, address.at) || isEncryptedBeside(saying.name, service)) continue;
          const who = saying.name === "" ? `A command of ${service.name}` : saying.name;
          report(address.at, `${who} leads to ${place.host} ${how(protocol)}`, {
            ...(place.at === "private" ? { severity: "info" as const } : {}),
            fix: () => fixOf(address, protocol, place.host, context),
          });
        }
      }
    },
  },
});

const how = ({ name, negotiates }: Plaintext): string =>
  negotiates === true ? `by ${name} and does not insist on TLS` : `over plain ${name}`;

interface Place {
  readonly host: string;
  readonly at: "public" | "private";
}

/** The first of its hosts that lies outside of the project, one that all can reach before others. */
function placeOf({ hosts }: Address<Setting>, service: Service, context: Context): Place | undefined {
  const places = hosts.flatMap((host) => {
    const { at } = standingOf(host, service, context);
    return at === "public" || at === "private" ? [{ host, at }] : [];
  });
  return places.find((p) => p.at === "public") ?? places[0];
}

function fixOf(address: Address<Setting>, protocol: Plaintext, host: string, { file }: Context): Fix | undefined {
  const edits = encrypted(address, protocol, isWritten);
  return edits && fixIn(file, `Speak to ${host} over TLS`, "unsafe", [{ edits }]);
}
