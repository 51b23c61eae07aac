import { Expose, rule, type Report, type Run } from "../../engine/index";
import { publishing } from "../shared/deployments";
import { packageCommand, packageName, removePackages } from "../shared/packages";
import { protocolOfPackage, protocolOfPort, protocolStarted } from "../shared/plaintext-protocols";
import { runsOf, startCommands } from "../shared/stages";

function reportPackages(run: Run, report: Report): void {
  for (const command of run.commands) {
    const installed = packageCommand(command);
    if (installed?.verb !== "install") continue;
    for (const word of installed.packages) {
      const name = packageName(installed.manager, word) ?? "";
      const protocol = protocolOfPackage(name);
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
    {
      bad: "FROM alpine:3.23\nARG LDAP=389\nEXPOSE 636 «${LDAP}/tcp» «20-21»\n",
      fixed: "FROM alpine:3.23\nARG LDAP=389\nEXPOSE 636\n",
    },
    { bad: 'FROM alpine:3.23\nUSER 10001\nCMD [«"/usr/sbin/vsftpd"», "/etc/vsftpd.conf"]\n' },
    {
      bad: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini «tftpd-hpa»\n",
      fixed: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini\n",
    },
    {
      good: "FROM alpine:3.23\nEXPOSE 80 8080 443 990 993 995 636 6000 11211 1-65535 514/udp 514\n",
      note: "TLS may end at the gateway; 6000 and 514 are used by others",
    },
    { good: "FROM alpine:3.23 AS build\nEXPOSE 23\nFROM scratch\nCOPY --from=build /a /a\n", note: "a build stage" },
    {
      good: 'FROM alpine:3.23\nRUN apk add --no-cache rsync lftp && rsync -a /a /b && echo "vsftpd"\nCMD ["rsync", "-a", "/a", "/b"]\n',
      note: "clients",
    },
    { good: "FROM alpine:3.23\nEXPOSE $PORT\n" },
  ],
  check: {
    shippedStage(stage, report, context) {
      for (const expose of stage.history) {
        if (!(expose instanceof Expose)) continue;
        for (const port of expose.ports) {
          const protocol = protocolOfPort(port, stage);
          if (protocol === undefined) continue;
          report(
            port.word,
            `Port ${port.text.known ? port.text.value : ""} is that of ${protocol.name}, which encrypts nothing`,
            {
              related: port.range === undefined ? [] : publishing(stage, port.range.first, context),
              fix: () => ({
                title: `Remove the port of ${protocol.name}`,
                applicability: "safe",
                edits: [expose.removePort(port)],
              }),
            },
          );
        }
      }
      for (const run of runsOf(stage)) reportPackages(run, report);
      for (const command of startCommands(stage)) {
        const started = protocolStarted(command);
        if (started !== undefined)
          report(started.at, `The container starts a server of ${started.name}, which encrypts nothing`);
      }
    },
  },
});
