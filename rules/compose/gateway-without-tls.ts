import { choice, fixIn, rule, type Context, type Fix, type PublishedPort, type Service } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { hasTls, hostPorts, isBehindOther, mayHaveMore } from "../shared/compose/gateway-tls";
import { serverOf } from "../shared/compose/images";
import { protocolOf, reachOf, targetsOf } from "../shared/compose/publishing";
import { isGateway } from "../shared/compose/roles";
import { planeOf } from "../shared/images/services";

export default rule({
  id: "compose/gateway-without-tls",
  kind: "compose",
  severity: "warning",
  principle: "encrypt",
  summary: "A gateway that takes requests from other machines only without TLS",
  why: `All that comes in from outside passes the gateway: logins, session cookies, customers' data. Over plain http everybody on
the way reads them, and whoever copies one session cookie out of a hotel's wireless network is logged in as that customer. Let
the gateway listen on 443 with a certificate, and keep port 80 for the redirect to it.`,
  refs: ["CWE-319"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        services:
          proxy:
            image: nginx:1.30
            volumes:
              - ./nginx.conf:/etc/nginx/nginx.conf:ro
            ports:
              - «80:80»  # the shop
          shop: { image: "acme/shop:1.2.3" }
        `,
      fixed: `
        services:
          proxy:
            image: nginx:1.30
            volumes:
              - ./nginx.conf:/etc/nginx/nginx.conf:ro
              - ./certs:/etc/nginx/certs:ro
            ports:
              - 80:80  # the shop
              - 443:443
          shop: { image: "acme/shop:1.2.3" }
        `,
    },
    {
      bad: `
        services:
          api-gateway: { build: ./gateway, ports: [{ target: «8080», published: 80 }] }
          orders: { image: "acme/orders:1.2.3" }
        -- gateway/Dockerfile --
        FROM eclipse-temurin:25-jre
        USER 10001
        `,
      fixed: `
        services:
          api-gateway: { build: ./gateway, volumes: [./certs:/certs:ro], ports: [{ target: 8080, published: 80 }, 443:8443] }
          orders: { image: "acme/orders:1.2.3" }
        `,
      note: "a gateway of the project's own, the long spelling",
    },
    {
      bad: `
        services:
          edge:
            image: traefik:v3.6
            command: ["--entrypoints.web.address=:80", "--entrypoints.web.forwardedHeaders.trustedIPs=10.0.0.0/8"]
            ports: [«"80:80"»]
        `,
      fixed: `
        services:
          edge:
            image: traefik:v3.6
            command: ["--entrypoints.web.address=:80", "--entrypoints.web.forwardedHeaders.trustedIPs=10.0.0.0/8"]
            volumes:
              - ./certs:/certs:ro
            ports: ["80:80", "443:443"]
        `,
      severity: "hint",
      note: "behind a load balancer, which has the certificate",
    },
    {
      good: `
        services:
          proxy:
            image: nginx:1.30
            ports: ["80:80", "443:443"]
          edge:
            image: traefik:v3.6
            command: ["--entrypoints.websecure.address=:8000", "--entrypoints.websecure.http.tls=true"]
            ports: ["8000:8000"]
          front:
            image: haproxy:3.3
            ports: ["8080:8080"]
            volumes: ["./certs:/usr/local/etc/haproxy/certs:ro"]
        `,
      note: "443, an entry point with TLS, certificates",
    },
    {
      good: `
        services:
          proxy: { image: "nginx:1.30", ports: ["127.0.0.1:80:80"] }
          inner: { image: "nginx:1.30", expose: ["80"] }
          host: { image: "nginx:1.30", network_mode: host, ports: ["80:80"] }
          web: { image: "acme/web:1.2.3", ports: ["127.0.0.1:8080:80"] }
        `,
      note: "reached from this machine only; no gateway",
    },
    {
      good: `
        services:
          proxy: { image: "nginx:1.30", ports: ["80:80", "\${MORE}"] }
          other: { image: "nginx:1.30", ports: ["\${BIND}:80:80"] }
          third: { image: "nginx:1.30", ports: ["80:80"], profiles: [dev] }
          fourth: { image: "nginx:1.30", ports: ["8090:80"] }
        `,
      note: "ports and addresses that nobody knows, development, some other port",
    },
    {
      file: "compose.dev.yaml",
      good: 'services:\n  proxy: { image: "nginx:1.30", ports: ["80:80"] }\n',
      note: "a file for development",
    },
    {
      good: `
        services:
          proxy: { image: "nginx:1.30", ports: ["80:80"] }
        -- compose.override.yaml --
        services:
          proxy: { ports: ["443:443"] }
        `,
      note: "the override publishes 443",
    },
  ],
  check: {
    service(service, report, context) {
      if (!isGateway(service, context) || mayHaveMore(service)) return;
      const port = service.ports.find((p) => isPlain(p, service, context));
      if (port === undefined || isForDevelopment(service, port.file) || hasTls(service, context)) return;
      const { start, end } = port.isShort ? port : port.targetSpan;
      const at = { start, end, file: port.file };
      report(
        port.isShort ? port : at,
        `${service.name} takes requests from other machines on port ${numberOf(port)}, and none with TLS`,
        {
          severity: isBehindOther(service, context) ? "hint" : reachOf(port) === "private" ? "info" : "warning",
          fix: () => withTls(port, service, context),
        },
      );
    },
  },
});

const plainPorts: readonly number[] = [80, 8080, 8000];

/** One of the usual ports for http, as those outside see it. */
function isPlain(port: PublishedPort, service: Service, context: Context): boolean {
  const reach = reachOf(port);
  if ((reach !== "all" && reach !== "private") || protocolOf(port) !== "tcp" || port.published === undefined)
    return false;
  const server = serverOf(service, context);
  const targets = targetsOf(port) ?? [];
  if (targets.every((t) => server !== undefined && planeOf(server, t, "tcp") === "admin")) return false;
  return (port.published.known ? hostPorts(port) : targets).some((n) => plainPorts.includes(n));
}

const numberOf = (port: PublishedPort): string => `${hostPorts(port)[0] ?? targetsOf(port)?.[0] ?? ""}`;

/** Where the images' own pages have the certificates of their examples. */
const certificateFolders: readonly (readonly [image: RegExp, folder: string])[] = [
  [/(?:^|\/)nginx/, "/etc/nginx/certs"],
  [/(?:^|\/)haproxy$/, "/usr/local/etc/haproxy/certs"],
];

/** Publishes 443 and mounts certificates beside it; its configuration has to name them. */
function withTls(port: PublishedPort, service: Service, context: Context): Fix | undefined {
  const { file } = port;
  const repository = (service.build === undefined && service.image?.reference?.repository) || "";
  const folder = certificateFolders.find(([image]) => image.test(repository))?.[1] ?? "/certs";
  const target = (targetsOf(port)?.[0] ?? 80) < 1024 ? 443 : 8443;
  const mount = `${choice(1, "./certs")}:${folder}:ro`;
  const published = service.append(["ports"], `443:${target}`, { file, snippet: true });
  const mounted =
    service.get("volumes") === undefined
      ? service.set(["volumes"], [mount], { file, before: "ports", snippet: true })
      : service.append(["volumes"], mount, { file, snippet: true });
  return fixIn(context.file, `Publish 443 and mount a certificate for ${service.name}`, "guided", [mounted, published]);
}
