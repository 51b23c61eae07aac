import { type Context, type PublishedPort, rule, type Service } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { isEntrance } from "../shared/compose/gateways";
import { bound, isEverywhere, publicationOf, titleOf } from "../shared/compose/ports";
import { isForOthers } from "../shared/compose/public-servers";
import { isPublished } from "../shared/compose/publishing";

/** The door of the project: 80 or 443 of the gateway, or of the one service that publishes anything. */
function isFrontDoor(port: PublishedPort, service: Service, context: Context): boolean {
  const { published, target } = port;
  const range = published?.known === false ? target : published;
  if (!range?.known || range.value.first !== range.value.last) return false;
  if (range.value.first !== 80 && range.value.first !== 443) return false;
  return isEntrance(service, context) || service.project.services.every((s) => s === service || !isPublished(s));
}

export default rule({
  id: "compose/all-interfaces-port",
  kind: "compose",
  severity: "hint",
  principle: "exposure",
  summary: "A port published on all addresses of the host",
  why: `Without an address, a port is published on every network that the host is on, the public one included, and Docker opens the
host's firewall for it. What was meant for the machine itself, or for a proxy on it, answers the whole network: a development server
on a laptop, for one, answers the café. Write the address that the port is meant for; 127.0.0.1 is the host itself.`,
  refs: ["CIS 5.14", "CIS 7.2", "CWE-668", "OWASP D5"],
  covers: ["kics:container_traffic_not_bound_to_host_interface"],
  fix: "safe",
  yieldsTo: [
    "compose/docker-api-over-tcp",
    "compose/published-database-port",
    "compose/published-admin-port",
    "compose/debug-port-published",
    "compose/published-remote-login",
    "compose/gateway-bypass",
    "compose/wide-port-range",
  ],
  examples: [
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            ports:
              - «"3000:3000"»
              - «0.0.0.0:80:8080»
              - «"[::]:3001:3000"»
              - target: 3002
                published: "«3002»"
              - «"3003"»
          db:
            image: postgres:18.1
            ports: [«"5432:80"», «"5432:5432/udp"»]
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            ports:
              - "127.0.0.1:3000:3000"
              - 127.0.0.1:80:8080
              - "127.0.0.1:3001:3000"
              - target: 3002
                published: "3002"
                host_ip: 127.0.0.1
              - "127.0.0.1::3003"
          db:
            image: postgres:18.1
            ports: ["127.0.0.1:5432:80", "127.0.0.1:5432:5432/udp"]
        `,
      note: "no port of the database is among them",
    },
    {
      bad: "services:\n  web:\n    ports: [«'3000:3000'»]\n-- compose.yaml --\nservices:\n  web:\n    image: acme/web:1.2.3\n",
      fixed: "services:\n  web:\n    ports: ['127.0.0.1:3000:3000']\n",
      file: "compose.override.yaml",
      note: "in a file of development only the strict preset says so, and the fix is safe",
    },
    {
      bad: "services:\n  proxy:\n    image: nginx:1.30\n    ports: ['80:80', «'8080:8080'»]\n",
      fixed: "services:\n  proxy:\n    image: nginx:1.30\n    ports: ['80:80', '127.0.0.1:8080:8080']\n",
    },
    {
      bad: "services:\n  web:\n    image: acme/web:1.2.3\n    ports: [«'3000:3000'»]\n    deploy:\n      placement:\n        constraints: [node.role == worker]\n",
      note: "a swarm knows no other way",
    },
    {
      good: `
        services:
          proxy:
            image: caddy:2.10
            ports: ["80:80", "443:443", "443:443/udp", "\${HTTP}:80"]
          web:
            image: acme/web:1.2.3
            ports: ["127.0.0.1:3000:3000", "[::1]:3000:3000", "10.0.0.5:3000:3000", "203.0.113.7:3000:3000", "\${BIND}:3000:3000"]
            expose: [3000]
        `,
      note: "the gateway's own ports; addresses that somebody chose",
    },
    {
      good: "services:\n  web:\n    image: acme/web:1.2.3\n    ports: ['80:8080', '443:8443']\n  db:\n    image: postgres:18.1\n",
      note: "the project's only door",
    },
    {
      good: "services:\n  names:\n    image: pihole/pihole:2025.11.0\n    ports: ['53:53/udp', '53:53']\n  vpn:\n    image: lscr.io/linuxserver/wireguard:1.0.20250521\n    ports: ['51820:51820/udp']\n",
      note: "made for other machines",
    },
    {
      good: "services:\n  web:\n    image: acme/web:1.2.3\n    network_mode: host\n    ports: ['3000:3000']\n",
      note: "dead text",
    },
  ],
  check: {
    port(port, service, report, context) {
      const publication = publicationOf(port, service);
      // That a swarm ignores an address which is written: a rule of its own.
      if (publication === undefined || !isEverywhere(port)) return;
      if (isFrontDoor(port, service, context) || isForOthers(port, service)) return;
      const isDevelopment = isForDevelopment(service, port.file);
      report(publication.at, `${service.name} publishes ${titleOf(port)} ${publication.where}`, {
        ...(isDevelopment ? { preset: "strict" } : {}),
        fix: () => bound(publication, isDevelopment ? "safe" : "unsafe"),
      });
    },
  },
});
