import {
  Copy,
  rule,
  type Command,
  type Edit,
  type Fix,
  type Instruction,
  type Report,
  type RunningInstruction,
  type Span,
  type Word,
} from "../../engine/index";
import { download, isVerified, savedPath, servesHttps } from "../shared/downloads";
import { runs, settings, type Setting } from "../shared/environment";
import { plaintextHost, plaintextSources, sourceVariable } from "../shared/plaintext-sources";

export default rule({
  id: "dockerfile/plaintext-download",
  kind: "dockerfile",
  severity: "warning",
  principle: "encrypt",
  summary: "Download without TLS",
  why: `Over plain http anybody on the path reads what the build fetches and can put something else in its place: one shared
network, one false name server, and their archive is unpacked into your image. Fetch it over https; where the server knows
none, compare what came with a checksum and renew that server.`,
  refs: ["CWE-319"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: "FROM alpine:3.23\nRUN wget «http://www.python.org/ftp/python/README.txt» && curl -O «ftp://ftp.gnu.org/gnu/README»\n",
      fixed:
        "FROM alpine:3.23\nRUN wget https://www.python.org/ftp/python/README.txt && curl -O https://ftp.gnu.org/gnu/README\n",
    },
    {
      bad: "FROM alpine:3.23\nADD «http://files.example.com/app.conf» /etc/\n",
      fixed: "FROM alpine:3.23\nADD https://files.example.com/app.conf /etc/\n",
      note: "not known to answer over https: unsafe",
    },
    {
      bad: "FROM alpine:3.23\nRUN git clone -b v1.0 «git://github.com/example/app.git»\n",
      fixed: "FROM alpine:3.23\nRUN git clone -b v1.0 https://github.com/example/app.git\n",
    },
    {
      bad: "FROM python:3.14-slim\nENV PIP_INDEX_URL=«http://pypi.example.com/simple»\nRUN pip install -i «http://pypi.example.com/simple» -r requirements.txt && npm config set registry «http://npm.example.com/»\n",
      fixed:
        "FROM python:3.14-slim\nENV PIP_INDEX_URL=https://pypi.example.com/simple\nRUN pip install -i https://pypi.example.com/simple -r requirements.txt && npm config set registry https://npm.example.com/\n",
    },
    {
      bad: 'FROM alpine:3.23\nARG FROM=http://files.example.com\nRUN curl -o /a "«http://files.example.com/a»" && curl -o /b «"$FROM/b"»\n',
      fixed:
        'FROM alpine:3.23\nARG FROM=http://files.example.com\nRUN curl -o /a "https://files.example.com/a" && curl -o /b "$FROM/b"\n',
      remains: "the second address comes from the argument",
    },
    {
      bad: 'FROM alpine:3.23\nRUN wget -O a.tgz «http://www.example.com/a.tgz» && echo "$SUM  a.tgz" | sha256sum -c -\n',
      fixed:
        'FROM alpine:3.23\nRUN wget -O a.tgz https://www.example.com/a.tgz && echo "$SUM  a.tgz" | sha256sum -c -\n',
      severity: "info",
      note: "compared with a checksum: nobody can replace it",
    },
    {
      good: "FROM debian:13-slim\nRUN echo 'deb http://deb.debian.org/debian trixie main' > /etc/apt/sources.list && sed -i 's|http://deb.debian.org|http://mirror.example.com|' /etc/apt/sources.list\n",
      note: "apt checks signatures",
    },
    {
      good: "FROM alpine:3.23\nRUN apk add --no-cache -X http://dl-cdn.alpinelinux.org/alpine/v3.23/main curl=8.17.0-r1\n",
    },
    {
      good: "FROM alpine:3.23\nENV http_proxy=http://proxy.example.com:3128 XMLNS=http://www.w3.org/2000/svg\nRUN curl -x http://proxy.example.com:3128 -e http://example.com/ https://example.com/\n",
    },
    {
      good: "FROM alpine:3.23\nHEALTHCHECK CMD curl -f http://app.example.com:8080/health\nCMD curl http://config/app\n",
    },
    {
      good: "FROM alpine:3.23\nARG HOST\nRUN curl http://localhost:8080/ && curl http://$HOST/a\n",
      note: "this machine; nobody knows which",
    },
  ],
  check: {
    instruction(instruction, report) {
      if (instruction instanceof Copy && instruction.isAdd)
        for (const source of instruction.sources) added(source, instruction, report);
      for (const setting of settings(instruction, isSource)) inSetting(setting, instruction, report);
      if (!runs(instruction) || instruction.keyword === "HEALTHCHECK") return;
      for (const command of instruction.commands) {
        for (const { who, url, scheme, ...at } of plaintextSources(command, instruction)) {
          const host = plaintextHost(url);
          if (host === undefined || (instruction.keyword !== "RUN" && isInside(host))) continue;
          report(at, plaintext(who, url, host), {
            ...(isCompared(command, instruction) ? { severity: "info" as const } : {}),
            fix: () => (scheme === undefined ? undefined : encrypted(scheme, url, host)),
          });
        }
      }
    },
  },
});

const isSource = (name: string): boolean => sourceVariable.test(name);

const plaintext = (who: string, url: string, host: string): string =>
  `${who} fetches from ${host} over plain ${/^(?:git\+)?(\w+):/.exec(url)?.[1] ?? "http"}`;

/** What came is compared with a checksum or signature: it can be read on the way, but not be replaced. */
function isCompared(command: Command, instruction: RunningInstruction): boolean {
  const path = savedPathOf(command);
  if (path === undefined) return false;
  const commands = (instruction.stage?.instructions ?? [instruction]).flatMap((i) => (runs(i) ? i.commands : []));
  return isVerified(
    path,
    commands,
    commands.flatMap((c) => (c === command ? [] : (savedPathOf(c) ?? []))),
    command,
  );
}

function savedPathOf(command: Command): string | undefined {
  const found = download(command);
  return found === undefined ? undefined : savedPath(found);
}

/** Names that only a cluster or one network knows. */
const isInside = (host: string): boolean =>
  !host.includes(".") || /\.(?:svc|local|internal|lan|home)$|\.svc\./.test(host);

function added(source: Word, instruction: Instruction, report: Report): void {
  const { value } = instruction.expand(source);
  const host = value.known ? plaintextHost(value.value) : undefined;
  if (!value.known || host === undefined) return;
  const scheme = /^["']?(?:http|ftp|git|svn)(?=:)/i.exec(source.raw);
  report(source, plaintext("ADD", value.value, host), {
    fix: () =>
      scheme === null ? undefined : encrypted(source.part(scheme[0].search(/\w/), scheme[0].length), value.value, host),
  });
}

function inSetting(setting: Setting, instruction: Instruction, report: Report): void {
  if (!setting.value.known) return;
  const url = setting.value.value.split(/[\s,|]/).find((u) => plaintextHost(u) !== undefined);
  const host = url === undefined ? undefined : plaintextHost(url);
  if (url === undefined || host === undefined) return;
  const from = instruction.file.text.slice(setting.start, setting.end).indexOf(url);
  const start = setting.start + Math.max(from, 0);
  const at = from < 0 ? setting : { start, end: start + url.length };
  const scheme = from < 0 ? undefined : { start, end: start + url.indexOf(":") };
  report(at, `${setting.name} names ${host} over plain ${url.slice(0, url.indexOf(":"))}`, {
    fix: () => (scheme === undefined ? undefined : encrypted(scheme, url, host)),
  });
}

function encrypted(scheme: Span, url: string, host: string): Fix | undefined {
  if (/:\/\/[^/]*:(?:80|21|8080|9418)(?:\/|$)/.test(url)) return undefined;
  const edits: Edit[] = [{ span: { start: scheme.start, end: scheme.end }, text: "https" }];
  const hasPort = /:\/\/[^/]*:\d+(?:\/|$)/.test(url);
  return {
    title: `Fetch from ${host} over https`,
    applicability: servesHttps(host) && !hasPort ? "safe" : "unsafe",
    edits,
  };
}
