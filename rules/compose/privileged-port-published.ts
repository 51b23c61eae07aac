import { choice, rule, type Setting } from "../../engine/index";
import { placeOf, publishesPorts, settingOf } from "../shared/compose/ports";
import { isItsOwnPort } from "../shared/compose/public-servers";
import { protocolOf } from "../shared/compose/publishing";

/** SSH is the matter of another rule; 80 and 443 are the usual doors of a site. */
const sshPort = 22;
const usual = ["80", "443"];
const firstFree = 1024;
const distance = 8000;
const highest = 65_535;

/** Written out, or one default as a whole. */
function isRewritable(setting: Setting | undefined): setting is Setting {
  const pieces = setting?.scalar.pieces ?? [];
  return setting !== undefined && (setting.isLiteral || (pieces.length === 1 && pieces[0]?.how === "default"));
}

export default rule({
  id: "compose/privileged-port-published",
  kind: "compose",
  severity: "hint",
  principle: "exposure",
  preset: "strict",
  summary: "A port of the host below 1024 other than the web's",
  why: `Ports below 1024 are the ones that the host's own services live on, and that clients trust to be them: a container on 88, 389 or
445 answers for the machine's Kerberos, LDAP or file shares, and takes the passwords sent there. Rootless engines cannot open such
ports until somebody lowers that border for every program of the host. Publish a higher port, and let a gateway hold the low one.`,
  refs: ["CIS 5.8", "CWE-668"],
  covers: ["kics:privileged_ports_mapped_in_container"],
  fix: "guided",
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Ports below 1024 that may be published.",
      default: usual,
    },
  },
  yieldsTo: ["compose/published-remote-login"],
  examples: [
    {
      bad: `
        services:
          files:
            image: acme/files:1.2.3
            ports:
              - «"445:445"»
              - 80:8080
              - "127.0.0.1:8443:443"
              - «127.0.0.1:\${PORT:-88}:8088/udp»
              - { target: 53, published: «53» }
        `,
      fixed: `
        services:
          files:
            image: acme/files:1.2.3
            ports:
              - "8445:445"
              - 80:8080
              - "127.0.0.1:8443:443"
              - 127.0.0.1:\${PORT:-8088}:8088/udp
              - { target: 53, published: 8053 }
        `,
      also: ["compose/all-interfaces-port"],
    },
    {
      bad: `
        services:
          old:
            image: acme/old:1.2.3
            ports: [«"80-90:8000-8010"», '1000-1023', "9000:9000"]
        `,
      fixed: `
        services:
          old:
            image: acme/old:1.2.3
            ports: ["8080-8090:8000-8010", '1000-1023', "9000:9000"]
        `,
      also: ["compose/all-interfaces-port"],
      note: "a range; the host's ports count",
    },
    {
      bad: "services:\n  web:\n    image: acme/web:1.2.3\n    ports: ['81:8080', «'80:80'»]\n",
      fixed: "services:\n  web:\n    image: acme/web:1.2.3\n    ports: ['81:8080', '8080:80']\n",
      config: "rules: {compose/privileged-port-published: {allowed: ['81']}}\n",
      note: "the team's own list",
    },
    {
      good: "services:\n  web:\n    image: acme/web:1.2.3\n    ports: ['80:80', '443:443/udp', '8022:22', '22', '1024:24']\n",
    },
    {
      good: `
        services:
          pihole: { image: "pihole/pihole:2025.11.0", ports: ["53:53/tcp", "53:53/udp", "67:67/udp"] }
          mail: { image: "mailserver/docker-mailserver:15.1", ports: ["25:25", "465:465", "587:587", "993:993"] }
        `,
      note: "names and mail live there",
    },
    { good: "services:\n  web:\n    image: acme/web:1.2.3\n    ports: ['${PORT}:80']\n", note: "nobody knows" },
    {
      good: "services:\n  web:\n    image: acme/web:1.2.3\n    network_mode: host\n    ports: ['88:88']\n",
      note: "dead text",
    },
  ],
  check: {
    port(port, service, report, context) {
      const { published } = port;
      if (!published?.known || published.value.first === sshPort || !publishesPorts(service)) return;
      const { first, last } = published.value;
      const isAllowed = (n: number): boolean =>
        (context.options["allowed"] as readonly string[]).includes(String(n)) || isItsOwnPort(n, service);
      const low = Array.from({ length: Math.max(0, Math.min(last + 1, firstFree) - first) }, (_, i) => first + i);
      const found = low.find((n) => n > 0 && !isAllowed(n));
      if (found === undefined) return;
      const text = first === last ? `port ${first}` : `ports ${first}–${last}`;
      const written = settingOf(port, "published");
      const higher = first === last ? `${first + distance}` : `${first + distance}-${last + distance}`;
      const isThere = last + distance <= highest;
      const protocol = protocolOf(port) === "udp" ? "UDP " : "";
      report(
        placeOf(port),
        `${service.name} takes ${protocol}${text} of the host, ${low.length === last - first + 1 ? "" : "some "}below 1024`,
        {
          fix: () => {
            const edits = isThere && isRewritable(written) ? written.rewrite(choice(1, higher)) : undefined;
            return edits && { title: `Publish a port above 1023 in place of ${text}`, applicability: "guided", edits };
          },
        },
      );
    },
  },
});
