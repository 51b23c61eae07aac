import { type PublishedPort, rule, type Service } from "../../engine/index";
import { imageOf } from "../shared/compose/images";
import {
  closings,
  falseCureIn,
  isNarrow,
  numberOf,
  publicationOf,
  severityOf,
  tcpTargets,
} from "../shared/compose/ports";
import { matchesImage } from "../shared/images/match";

const protocols: ReadonlyMap<number, string> = new Map([
  [21, "FTP"],
  [22, "SSH"],
  [23, "Telnet"],
  [512, "rexec"],
  [513, "rlogin"],
  [514, "rsh"],
  [873, "rsync"],
  [3389, "RDP"],
  [5900, "VNC"],
  [5901, "VNC"],
  [5902, "VNC"],
  [5903, "VNC"],
  [6080, "noVNC"],
]);

/** Their purpose is to be reached over SSH. */
const sshImages = [
  "atmoz/sftp",
  "*/*sftp*",
  "gitea/gitea",
  "forgejo/forgejo",
  "gogs/gogs",
  "gitlab/gitlab-ce",
  "gitlab/gitlab-ee",
  "linuxserver/openssh-server",
];

/** Log servers listen on the port of rsh, Apache Ranger on that of noVNC. */
const isOther = (words: string, target: number): boolean =>
  (target === 514 && /log|fluent|vector|splunk|siem/i.test(words)) || (target === 6080 && /ranger/i.test(words));

function loginTarget(port: PublishedPort, words: string): number | undefined {
  if (!isNarrow(port)) return undefined;
  return tcpTargets(port, (n) => protocols.has(n) && !isOther(words, n))[0];
}

export default rule({
  id: "compose/published-remote-login",
  kind: "compose",
  severity: "warning",
  principle: "exposure",
  summary: "A port for remote login or file transfer published to other machines",
  why: `SSH, VNC, RDP and their like give a shell or a screen to whoever guesses a password, and bots try passwords on these ports all
day; Telnet, FTP and rsh send theirs in clear. It is a second door into the container, past the program's own login and log. Use
\`docker compose exec\` for a shell, and bind a screen that a test needs to 127.0.0.1.`,
  refs: ["CIS 5.7", "CWE-668"],
  covers: [],
  fix: "safe",
  yieldsTo: [
    "compose/docker-api-over-tcp",
    "compose/published-database-port",
    "compose/published-admin-port",
    "compose/debug-port-published",
  ],
  examples: [
    {
      bad: `
        services:
          box:
            image: acme/box:1.2.3
            ports:
              - «"2222:22"»
              - "8080:8080"
              - «5900-5903:5900-5903»
              - { target: 3389, published: «3389» }
        `,
      fixed: `
        services:
          box:
            image: acme/box:1.2.3
            ports:
              - "127.0.0.1:2222:22"
              - "8080:8080"
              - 127.0.0.1:5900-5903:5900-5903
              - { target: 3389, published: 3389, host_ip: 127.0.0.1 }
        `,
    },
    {
      bad: "services:\n  box:\n    image: acme/box:1.2.3\n    ports:\n      - «22:22»\n",
      fixed: "services:\n  box:\n    image: acme/box:1.2.3\n    ports:\n      - 127.0.0.1:22:22\n",
      note: "no number to the base of 60",
    },
    {
      bad: "services:\n  git:\n    image: gitea/gitea:1.25.1\n    ports: [«'2222:22'»]\n  files:\n    image: atmoz/sftp:alpine-3.7\n    ports: [«'22'»]\n",
      fixed:
        "services:\n  git:\n    image: gitea/gitea:1.25.1\n    ports: ['127.0.0.1:2222:22']\n  files:\n    image: atmoz/sftp:alpine-3.7\n    ports: ['127.0.0.1::22']\n",
      severity: "info",
      note: "made to be reached over SSH",
    },
    {
      bad: "services:\n  box:\n    image: acme/box:1.2.3\n    profiles: [debug]\n    ports: [«'22:22'»]\n",
      fixed: "services:\n  box:\n    image: acme/box:1.2.3\n    profiles: [debug]\n    ports: ['127.0.0.1:22:22']\n",
      severity: "info",
      note: "where people develop",
    },
    {
      good: "services:\n  box:\n    image: acme/box:1.2.3\n    ports: ['127.0.0.1:2222:22', '22:8022', '22:22/udp', '21000-21100:21000-21100']\n    expose: ['22']\n",
    },
    {
      good: "services:\n  syslog:\n    image: acme/syslog:1.2.3\n    ports: ['514:514', '601:601']\n",
      note: "logs, not rsh",
    },
    {
      good: "services:\n  box:\n    image: acme/box:1.2.3\n    network_mode: service:vpn\n    ports: ['22:22']\n  vpn:\n    image: acme/vpn:1.2.3\n",
    },
  ],
  check: {
    port(port, service, report, context) {
      const publication = publicationOf(port, service);
      const reference = publication && imageOf(service, context);
      const target = loginTarget(port, wordsOf(service));
      if (publication === undefined || target === undefined) return;
      const isMade = target === 22 && reference !== undefined && matchesImage(reference, sshImages);
      const what = `${service.name} publishes port ${numberOf(port, target)}, that of ${protocols.get(target)}, ${publication.where}`;
      report(publication.at, what + falseCureIn(publication), {
        severity: severityOf(publication, isMade ? "info" : "warning"),
        fix: () => closings(publication, context),
      });
    },
  },
});

const wordsOf = ({ name, image }: Service): string => `${name} ${image?.scalar.text ?? ""}`;
