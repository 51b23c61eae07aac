import { rule, type ExposedPort, type Severity } from "../../engine/index";

interface Fault {
  readonly message: string;
  readonly severity?: Severity;
  /** What was meant. */
  readonly instead?: string;
}

/** `80:8080`, `127.0.0.1:80:8080/tcp`, `[::1]::8080`: how ports are published, which EXPOSE cannot. */
const mapping = /^(?:(?:\[[\da-fA-F:]*\]|[\w.-]*):)?(?:[\d-]*):(\d{1,5}(?:-\d{1,5})?)(\/\w+)?$/;

function fault({ text, range }: ExposedPort): Fault | undefined {
  if (!text.known || text.value === "") return undefined;
  const written = text.value;
  const mapped = mapping.exec(written);
  if (mapped !== null) {
    const instead = `${mapped[1]}${mapped[2] ?? ""}`;
    return { message: `EXPOSE maps no ports and binds no address: ${written} only means ${instead}`, instead };
  }
  if (range === undefined) return { message: `${written} is no port` };
  const high = Math.max(range.first, range.last);
  if (high > 65535) return { message: `${high} is no port: the highest is 65535` };
  if (range.first > range.last) return { message: `The range ${written} runs backwards` };
  const protocol = /\/(.*)/s.exec(written)?.[1] ?? "tcp";
  if (!/^(?:tcp|udp|sctp)$/i.test(protocol))
    return { message: `${protocol} is no protocol of ports: tcp, udp or sctp` };
  if (protocol === protocol.toLowerCase()) return undefined;
  return {
    message: `The protocol ${protocol} is written in lower case`,
    severity: "hint",
    instead: written.toLowerCase(),
  };
}

export default rule({
  id: "dockerfile/invalid-expose",
  kind: "dockerfile",
  severity: "warning",
  principle: "exposure",
  summary: "EXPOSE with something that is no port",
  why: `\`EXPOSE\` only notes a port of the container. \`EXPOSE 127.0.0.1:8080:80\` looks like a restriction to this machine and is none:
whoever runs the image with \`-P\` publishes the port to the whole network. A port above 65535, or a word, is an error of some engines
and nothing at all for others. Where to publish is said when the container starts.`,
  refs: ["CWE-682"],
  covers: [
    "hadolint:DL3011",
    "buildkit:ExposeInvalidFormat",
    "buildkit:ExposeProtoCasing",
    "trivy:DS-0008",
    "kics:unix_ports_out_of_range",
    "semgrep:invalid-port",
  ],
  fix: "safe",
  examples: [
    { bad: "FROM alpine:3.23\nEXPOSE «127.0.0.1:8080:80» 443\n", fixed: "FROM alpine:3.23\nEXPOSE 80 443\n" },
    { bad: "FROM alpine:3.23\nEXPOSE «8080:80/udp»\n", fixed: "FROM alpine:3.23\nEXPOSE 80/udp\n" },
    { bad: "FROM alpine:3.23\nEXPOSE «53/UDP»\n", fixed: "FROM alpine:3.23\nEXPOSE 53/udp\n", severity: "hint" },
    { bad: "FROM alpine:3.23\nARG PORT=80808\nEXPOSE «$PORT» «http» «90-80»\n" },
    { good: "FROM alpine:3.23\nARG PORT\nEXPOSE 80 8000-8010 53/udp $PORT ${PORT:-8080}/tcp 65535\n" },
    { good: "FROM alpine:3.23\nEXPOSE $FROM_BASE:80 ${A}-${B}\n", note: "not known" },
  ],
  check: {
    expose(expose, report) {
      const comment = expose.words.find((w) => w.raw.startsWith("#"));
      if (comment !== undefined) report(comment, "EXPOSE takes no comment: these words are read as ports");
      for (const port of expose.ports) {
        const found = comment !== undefined && port.word.start >= comment.start ? undefined : fault(port);
        if (found === undefined) continue;
        const { word } = port;
        const { instead, message, severity } = found;
        const literal = !word.raw.includes("$");
        report(word, message, {
          ...(severity === undefined ? {} : { severity }),
          fix: () =>
            instead === undefined || !literal
              ? undefined
              : {
                  title: `Write ${instead}`,
                  applicability: "safe",
                  edits: [{ span: { start: word.start, end: word.end }, text: instead }],
                },
        });
      }
    },
  },
});
