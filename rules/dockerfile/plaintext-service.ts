import { Expose, rule, Run, type Command, type ExposedPort, type Span, type Stage } from "../../engine/index";
import { packageCommand, packageName, removePackages } from "../shared/packages";
import { startCommands } from "../shared/stages";

interface Protocol {
  readonly name: string;
  readonly ports: readonly number[];
  /** Both where left out. */
  readonly transport?: "tcp" | "udp";
  readonly packages?: RegExp;
  /** Server programs, by the last component of their path. */
  readonly programs?: RegExp;
  /** The port alone says little: other programs use it as well. */
  readonly ambiguous?: RegExp;
}

/** Ports after the IANA registry; packages of Debian, Alpine and Fedora. */
const protocols: readonly Protocol[] = [
  { name: "Telnet", ports: [23], transport: "tcp", packages: /^(?:telnetd(?:-ssl)?|inetutils-telnetd|telnet-server)$/, programs: /^(?:in\.)?telnetd$/ },
  {
    name: "FTP",
    ports: [20, 21],
    transport: "tcp",
    packages: /^(?:vsftpd|proftpd(?:-basic|-core)?|pure-ftpd(?:-common)?|ftpd|inetutils-ftpd)$/,
    programs: /^(?:vsftpd|proftpd|pure-ftpd|(?:in\.)?ftpd)$/,
  },
  { name: "TFTP", ports: [69], packages: /^(?:tftpd(?:-hpa)?|atftpd|tftp-server|tftp-hpa)$/, programs: /^(?:in\.tftpd|atftpd)$/ },
  { name: "rlogin", ports: [512, 513], transport: "tcp", packages: /^(?:rsh-server|rsh-redone-server)$/, programs: /^(?:in\.)?(?:rlogind|rshd|rexecd)$/ },
  { name: "rsh", ports: [514], transport: "tcp", ambiguous: /^(?!.*(?:syslog|fluent|logstash|vector|graylog|514\/udp))/is },
  { name: "finger", ports: [79], transport: "tcp" },
  { name: "POP3", ports: [110], transport: "tcp" },
  { name: "IMAP", ports: [143], transport: "tcp" },
  { name: "SNMP", ports: [161] },
  { name: "LDAP", ports: [389] },
  {
    name: "VNC",
    ports: [5900, 5901, 5902, 5903],
    transport: "tcp",
    packages: /^(?:x11vnc|tightvncserver|tigervnc-standalone-server|tigervnc-server)$/,
    programs: /^(?:x11vnc|vncserver|Xvnc|Xtightvnc)$/,
  },
  { name: "X11", ports: [6000], transport: "tcp", ambiguous: /\b(?:xvfb|xorg|xserver|Xephyr|x11)/i },
  { name: "rsync", ports: [873], transport: "tcp" },
  { name: "memcached over UDP", ports: [11211], transport: "udp" },
];

/** The protocol of a port, or of a short range of ports that belongs to one. */
function protocolOf({ range, protocol, text }: ExposedPort, stage: Stage): Protocol | undefined {
  if (range === undefined || !text.known) return undefined;
  const found = protocols.find((p) => {
    const fits = p.transport === undefined || p.transport === protocol;
    return fits && p.ports.includes(range.first) && p.ports.includes(range.last);
  });
  if (found?.ambiguous === undefined) return found;
  const around = `${stage.rootImage?.familiar ?? ""} ${stage.history.map((i) => i.node.text).join(" ")}`;
  return found.ambiguous.test(around) ? found : undefined;
}

function startedProtocol(command: Command): { at: Span; name: string } | undefined {
  const { program } = command;
  if (program === undefined) return undefined;
  const service = command.name === "service" && /^(?:re)?start$/.test(command.args[1]?.source ?? "") ? command.args[0] : undefined;
  const named = service?.text ?? command.name;
  const found = protocols.find((p) => p.programs?.test(named) === true);
  if (found !== undefined) return { at: service ?? program, name: found.name };
  const daemon = command.name === "rsync" && command.args.some((a) => a.source === "--daemon");
  return daemon ? { at: program, name: "rsync" } : undefined;
}

export default rule({
  id: "dockerfile/plaintext-service",
  kind: "dockerfile",
  severity: "warning",
  principle: "encrypt",
  summary: "Server of a protocol without encryption",
  why: `These protocols send logins and data as plain text. Whoever shares the network, another compromised container for one,
reads the passwords off the wire or changes what is transferred. Use the encrypted successor: SSH or SFTP for Telnet, FTP and the
r-commands, IMAPS and POP3S, LDAPS, SNMPv3, VNC inside a TLS tunnel.`,
  refs: ["CWE-319"],
  covers: [],
  fix: "safe",
  examples: [
    { bad: "FROM alpine:3.23\nEXPOSE «23» 8080\n", fixed: "FROM alpine:3.23\nEXPOSE 8080\n" },
    { bad: "FROM alpine:3.23\nARG LDAP=389\nEXPOSE 636 «${LDAP}/tcp» «20-21»\n", fixed: "FROM alpine:3.23\nARG LDAP=389\nEXPOSE 636\n" },
    { bad: 'FROM alpine:3.23\nUSER 10001\nCMD [«"/usr/sbin/vsftpd"», "/etc/vsftpd.conf"]\n' },
    {
      bad: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini «tftpd-hpa»\n",
      fixed: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini\n",
    },
    { good: "FROM alpine:3.23\nEXPOSE 80 8080 443 990 993 995 636 6000 11211 1-65535 514/udp 514\n", note: "TLS may end at the gateway; 6000 and 514 are used by others" },
    { good: "FROM alpine:3.23 AS build\nEXPOSE 23\nFROM scratch\nCOPY --from=build /a /a\n", note: "a build stage" },
    { good: 'FROM alpine:3.23\nRUN apk add --no-cache rsync lftp && rsync -a /a /b && echo "vsftpd"\nCMD ["rsync", "-a", "/a", "/b"]\n', note: "clients" },
    { good: "FROM alpine:3.23\nEXPOSE $PORT\n" },
  ],
  check: {
    shippedStage(stage, report) {
      for (const expose of stage.history) {
        if (!(expose instanceof Expose)) continue;
        for (const port of expose.ports) {
          const protocol = protocolOf(port, stage);
          if (protocol === undefined) continue;
          report(port.word, `Port ${port.text.known ? port.text.value : ""} is that of ${protocol.name}, which encrypts nothing`, {
            fix: () => ({ title: `Remove the port of ${protocol.name}`, applicability: "safe", edits: [expose.removePort(port)] }),
          });
        }
      }
      for (const run of stage.history) {
        if (!(run instanceof Run)) continue;
        for (const command of run.commands) {
          const installed = packageCommand(command);
          if (installed?.verb !== "install") continue;
          for (const word of installed.packages) {
            const name = packageName(installed.manager, word) ?? "";
            const protocol = protocols.find((p) => p.packages?.test(name) === true);
            if (protocol === undefined) continue;
            report(word, `${name} is a server of ${protocol.name}, which encrypts nothing`, {
              fix: () => {
                const edits = removePackages(installed, [word], run);
                return edits && { title: `Remove ${name}`, applicability: "unsafe", edits };
              },
            });
          }
        }
      }
      for (const command of startCommands(stage)) {
        const started = startedProtocol(command);
        if (started !== undefined) report(started.at, `The container starts a server of ${started.name}, which encrypts nothing`);
      }
    },
  },
});
