import { choice, type Edit, type Fix, type PublishedPort, rule } from "../../engine/index";
import { publicationOf, settingOf, titleOf } from "../shared/compose/ports";
import { isMediaServer } from "../shared/compose/public-servers";

const widest = 20;

/** One port in the place of the range, on both sides; undefined where a variable is in it. */
function narrowed(port: PublishedPort): Fix | undefined {
  const edits: Edit[] = [];
  for (const [key, range] of [
    ["published", port.published],
    ["target", port.target],
  ] as const) {
    const setting = settingOf(port, key);
    if (setting === undefined || range === undefined) continue;
    if (!range.known || !setting.isLiteral) return undefined;
    const { first, last } = range.value;
    const { start } = setting;
    const length = `${first}-${last}`.length;
    edits.push({ span: { start, end: start + length }, text: choice(edits.length + 1, `${first}`) });
  }
  return { title: "Publish the one port that is used", applicability: "guided", edits };
}

export default rule({
  id: "compose/wide-port-range",
  kind: "compose",
  severity: "info",
  principle: "exposure",
  summary: "A range of more than twenty ports published to other machines",
  why: `Whatever ever listens in the range is open to other machines: a debugger that somebody starts, a metrics page that an update
brings, a shell that an intruder binds to a free port and reaches from outside without any tunnel. The engine also starts a proxy and
writes firewall rules for each port. Publish the ports that the service listens on.`,
  refs: ["CIS 5.9", "CWE-668"],
  covers: [],
  fix: "guided",
  yieldsTo: ["compose/docker-api-over-tcp", "compose/published-database-port"],
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            ports:
              - «"8000-8100:8000-8100"»
              - "9000:9000"
              - «7000-7020»
              - «0.0.0.0:3000-3999:13000-13999/udp»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            ports:
              - "8000:8000"
              - "9000:9000"
              - 7000
              - 0.0.0.0:3000:13000/udp
        `,
      note: "both sides, one, UDP",
    },
    {
      bad: "services:\n  app: { image: 'acme/app:1.2.3', ports: [ «'${FROM:-8000}-8100:8000-8100'», '9000:9000' ] }\n",
      note: "partly by a default",
    },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    ports: ['8000-8019:8000-8019', '127.0.0.1:8000-9000:8000-9000', '9000-9100:80']\n    expose: ['1-65535']\n",
      note: "few; the host alone; one port, whichever is free",
    },
    {
      good: "services:\n  turn:\n    image: coturn/coturn:4.7\n    ports: ['49160-49200:49160-49200/udp']\n  files:\n    image: acme/vsftpd:1.2.3\n    ports: ['21100-21200:21100-21200']\n",
      note: "a port for every call or transfer",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    ports: ['${RANGE}:8000']\n    network_mode: ${MODE}\n" },
  ],
  check: {
    port(port, service, report) {
      if (!port.target.known) return;
      // Of a wider range of the host, a single target takes one port.
      const count = port.target.value.last - port.target.value.first + 1;
      if (count <= widest || isMediaServer(service)) return;
      const publication = publicationOf(port, service);
      if (publication === undefined) return;
      report(publication.at, `${service.name} publishes ${count} ports at once, ${titleOf(port)}`, {
        fix: () => narrowed(port),
      });
    },
  },
});
