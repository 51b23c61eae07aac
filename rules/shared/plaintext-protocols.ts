/** Protocols that send logins and data unencrypted, and how to recognise their servers. */
import type { Command, ExposedPort, Span, Stage } from "../../engine/index";

export interface PlaintextProtocol {
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
const protocols: readonly PlaintextProtocol[] = [
  {
    name: "Telnet",
    ports: [23],
    transport: "tcp",
    packages: /^(?:telnetd(?:-ssl)?|inetutils-telnetd|telnet-server)$/,
    programs: /^(?:in\.)?telnetd$/,
  },
  {
    name: "FTP",
    ports: [20, 21],
    transport: "tcp",
    packages: /^(?:vsftpd|proftpd(?:-basic|-core)?|pure-ftpd(?:-common)?|ftpd|inetutils-ftpd)$/,
    programs: /^(?:vsftpd|proftpd|pure-ftpd|(?:in\.)?ftpd)$/,
  },
  {
    name: "TFTP",
    ports: [69],
    packages: /^(?:tftpd(?:-hpa)?|atftpd|tftp-server|tftp-hpa)$/,
    programs: /^(?:in\.tftpd|atftpd)$/,
  },
  {
    name: "rlogin",
    ports: [512, 513],
    transport: "tcp",
    packages: /^(?:rsh-server|rsh-redone-server)$/,
    programs: /^(?:in\.)?(?:rlogind|rshd|rexecd)$/,
  },
  {
    name: "rsh",
    ports: [514],
    transport: "tcp",
    ambiguous: /^(?!.*(?:syslog|fluent|logstash|vector|graylog|514\/udp))/is,
  },
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
export function protocolOfPort({ range, protocol, text }: ExposedPort, stage: Stage): PlaintextProtocol | undefined {
  if (range === undefined || !text.known) return undefined;
  const found = protocols.find((p) => {
    const fits = p.transport === undefined || p.transport === protocol;
    return fits && p.ports.includes(range.first) && p.ports.includes(range.last);
  });
  if (found?.ambiguous === undefined) return found;
  const around = `${stage.rootImage?.familiar ?? ""} ${stage.history.map((i) => i.node.text).join(" ")}`;
  return found.ambiguous.test(around) ? found : undefined;
}

export function protocolStarted(command: Command): { at: Span; name: string } | undefined {
  const { program } = command;
  if (program === undefined) return undefined;
  const service =
    command.name === "service" && /^(?:re)?start$/.test(command.args[1]?.source ?? "") ? command.args[0] : undefined;
  const named = service?.text ?? command.name;
  const found = protocols.find((p) => p.programs?.test(named) === true);
  if (found !== undefined) return { at: service ?? program, name: found.name };
  const daemon = command.name === "rsync" && command.args.some((a) => a.source === "--daemon");
  return daemon ? { at: program, name: "rsync" } : undefined;
}

/** The protocol that a package of a distribution brings a server of. */
export const protocolOfPackage = (name: string): PlaintextProtocol | undefined =>
  protocols.find((p) => p.packages?.test(name) === true);
