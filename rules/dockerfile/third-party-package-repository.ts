import {
  choice,
  Located,
  literal,
  rule,
  type Command,
  type Fix,
  type Report,
  type RunningInstruction,
  type Span,
} from "../../engine/index";
import { download, urlHost, verifies } from "../shared/downloads";
import { runs } from "../shared/environment";
import { type WrittenText, writtenTexts } from "../shared/file-texts";
import { packageCommand } from "../shared/packages";

export default rule({
  id: "dockerfile/third-party-package-repository",
  kind: "dockerfile",
  severity: "info",
  principle: "supply-chain",
  summary: "Package repository trusted for more than its own packages",
  why: `A key in apt's common keyring may sign every package, so whoever gets hold of one small vendor's key can replace libc.
Bind each repository to its own key with \`signed-by=\`, fetch the key over https and compare its fingerprint; take what the
distribution has where you can.`,
  refs: ["CIS 4.11", "CWE-829"],
  covers: [],
  fix: "guided",
  yieldsTo: ["dockerfile/plaintext-download", "dockerfile/package-signature-check-disabled"],
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN echo 'deb «https://deb.example.com/» stable main' > /etc/apt/sources.list.d/e.list\n",
      fixed:
        "FROM debian:13-slim\nRUN echo 'deb [signed-by=/usr/share/keyrings/example.gpg] https://deb.example.com/ stable main' > /etc/apt/sources.list.d/e.list\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN printf 'deb [arch=amd64] «https://deb.example.com/» stable main\\n' | tee /etc/apt/sources.list.d/e.list\n",
      fixed:
        "FROM debian:13-slim\nRUN printf 'deb [arch=amd64 signed-by=/usr/share/keyrings/example.gpg] https://deb.example.com/ stable main\\n' | tee /etc/apt/sources.list.d/e.list\n",
    },
    {
      bad: "FROM ubuntu:26.04\nRUN add-apt-repository -y «ppa:example/tools» && «apt-key adv» --keyserver keyserver.ubuntu.com --recv-keys ABCDEF01\n",
    },
    {
      bad: "FROM almalinux:10\nRUN rpm -Uvh «https://example.com/release.rpm» && dnf config-manager --add-repo «http://example.com/e.repo»\n",
    },
    {
      bad: "FROM alpine:3.23\nRUN apk add --no-cache -X «https://dl-cdn.alpinelinux.org/alpine/edge/testing» tool=1.0-r0 && echo '«@edge https://dl-cdn.alpinelinux.org/alpine/edge/main»' >> /etc/apk/repositories\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN wget -qO- https://example.com/key.asc | «gpg --dearmor» -o /usr/share/keyrings/e.gpg\n",
      severity: "hint",
      note: "a key that nobody compares with anything",
    },
    {
      good: "FROM debian:13-slim\nRUN wget -qO- https://example.com/key.asc | gpg --dearmor -o /usr/share/keyrings/e.gpg && echo 'deb [signed-by=/usr/share/keyrings/e.gpg] https://deb.example.com/ stable main' > /etc/apt/sources.list.d/e.list\n",
    },
    {
      good: "FROM debian:13-slim\nRUN echo 'deb http://deb.debian.org/debian trixie-backports main' > /etc/apt/sources.list.d/b.list && echo \"deb $MIRROR trixie main\" > /etc/apt/sources.list\n",
      note: "the distribution's own; unknown",
    },
    {
      good: "FROM ubuntu:26.04\nRUN add-apt-repository universe && add-apt-repository 'deb [signed-by=/k.gpg] https://deb.example.com/ stable main' && apt-key list\n",
    },
    {
      good: "FROM alpine:3.23\nRUN apk add --no-cache -X https://dl-cdn.alpinelinux.org/alpine/v3.23/community tool=1.0-r0\n",
    },
    {
      good: "FROM alpine:edge\nRUN echo https://dl-cdn.alpinelinux.org/alpine/edge/testing >> /etc/apk/repositories\n",
      note: "the image is of that branch",
    },
    {
      good: "FROM almalinux:10\nRUN dnf config-manager --add-repo https://download.docker.com/linux/centos/docker-ce.repo && echo 'deb https://example.com/ x main is an apt line'\n",
    },
  ],
  check: {
    instruction(instruction, report) {
      if (!runs(instruction) || instruction.keyword !== "RUN") return;
      const isEdge = instruction.stage?.rootImage?.tag?.startsWith("edge") === true;
      for (const command of instruction.commands) {
        for (const written of writtenTexts(command)) {
          aptLines(written, report);
          if (!isEdge) apkLines(written, report);
        }
        ofApt(command, instruction, report);
        ofRpm(command, report);
        if (!isEdge) ofApk(command, report);
        dearmored(command, instruction, report);
      }
    },
  },
});

const aptLine = /(?:^|\n)[ \t]*deb(?:-src)?[ \t]+(?:\[([^\]\n]*)\][ \t]*)?(https?:\/\/[^\s"']+)/g;
const ownHosts =
  /(?:^|\.)(?:debian\.org|debian\.net|ubuntu\.com|kali\.org|raspbian\.org|raspberrypi\.(?:org|com)|proxmox\.com|devuan\.org)$/;

/** The distribution's own archive, or a mirror of it: their packages are signed by keys that the image has. */
function isOwn(url: string): boolean {
  const host = urlHost(url);
  if (host === undefined) return true;
  if (ownHosts.test(host)) return true;
  return /^https?:\/\/[^/]+\/(?:debian|debian-security|ubuntu|ubuntu-ports|debian-archive\/debian)\/?$/.test(url);
}

function aptLines(written: WrittenText, report: Report): void {
  const text = written.replaces === undefined ? written.text : "";
  for (const match of text.matchAll(aptLine)) {
    const [whole, options, url = ""] = match;
    if (/signed-by=|trusted=yes/.test(options ?? "") || isOwn(url)) continue;
    const end = match.index + whole.length;
    const close = options === undefined ? end - url.length : match.index + whole.indexOf("]");
    const keyring = `signed-by=${choice(1, "/usr/share/keyrings/example.gpg")}`;
    report(
      written.span(end - url.length, end),
      `apt accepts packages of ${urlHost(url) ?? "this repository"} by any key that it knows: the line has no signed-by=`,
      {
        fix: () => bound(written.span(close, close), options === undefined ? `[${keyring}] ` : ` ${keyring}`),
      },
    );
  }
}

const bound = (at: Span, text: string): Fix => ({
  title: "Bind the repository to its own key",
  applicability: "guided",
  edits: [{ span: { start: at.start, end: at.start }, text }],
});

function apkLines(written: WrittenText, report: Report): void {
  if (!/\/apk\/repositories/.test(written.target ?? "")) return;
  const match = /(?:@\w+[ \t]+)?https?:\/\/[^\s"']{1,200}\/edge\/\w+/.exec(written.text);
  if (match === null) return;
  report(
    written.span(match.index, match.index + match[0].length),
    "Alpine's edge branch is mixed into a stable release",
  );
}

function ofApt(command: Command, instruction: RunningInstruction, report: Report): void {
  if (/^(?:add-apt|apt-add)-repository$/.test(command.name)) {
    if (command.args.some((a) => a.source === "-r" || a.source === "--remove")) return;
    const word = command.args.find((a) => /^ppa:|(?:^|\s)https?:\/\//.test(a.source));
    const url = /https?:\/\/\S+/.exec(word?.source ?? "")?.[0];
    if (word === undefined || word.source.includes("signed-by=") || (url !== undefined && isOwn(url))) return;
    report(
      word,
      `apt gets packages from ${word.source.startsWith("ppa:") ? word.source : (urlHost(url ?? "") ?? "elsewhere")}, signed by a key of its own`,
    );
  }
  const verb = command.args.find((a) => /^(?:add|adv)$/.test(a.source));
  if (command.name !== "apt-key" || verb === undefined || command.program === undefined) return;
  const lists = command.args.some((a) => /^--(?:list|fingerprint|delete|export)/.test(a.source));
  if (lists) return;
  const last = command.args[command.args.length - 1];
  const end = verb.end;
  report(
    { start: command.program.start, end },
    "apt-key trusts the key for every repository, and newer Debian has no apt-key",
    {
      fix: () => {
        const plain =
          verb.source === "add" &&
          last?.source === "-" &&
          command.upstream !== undefined &&
          instruction.form === "shell";
        if (!plain || command.program === undefined) return undefined;
        const text = `${literal("gpg --dearmor -o ")}${choice(1, "/usr/share/keyrings/example.gpg")}`;
        return {
          title: "Keep the key in a file of its own, for signed-by=",
          applicability: "guided",
          edits: [{ span: { start: command.program.start, end: last.end }, text }],
        };
      },
    },
  );
}

function ofRpm(command: Command, report: Report): void {
  const installs =
    command.name === "rpm" &&
    command.args.some((a) => /^-[a-zA-Z]*[iUF]|^--(?:install|upgrade)$/.test(a.source)) &&
    !command.args.some((a) => /^-q|^--query|^--import/.test(a.source));
  const managed = packageCommand(command);
  const isDnf = (managed?.manager === "dnf" || managed?.manager === "zypper") && managed.verb === "install";
  for (const word of installs ? command.args : isDnf ? managed.packages : []) {
    if (/^https?:\/\/.+\.rpm$/i.test(word.source)) {
      report(
        word,
        `${command.name} installs a package of ${urlHost(word.source) ?? "another server"} that no repository vouches for`,
      );
    }
  }
  const at = command.args.findIndex((a) => /^--add-?repo$/.test(a.source));
  const adds = /^(?:yum-config-manager|dnf5?|dnf-3|yum)$/.test(command.name);
  const repository = adds ? (command.args[at + 1] ?? undefined) : undefined;
  const word =
    at >= 0
      ? repository
      : adds
        ? command.args.find((a) => /^--(?:add-repo|from-repofile)=http:/.test(a.source))
        : undefined;
  if (word === undefined || !/(?:^|=)http:\/\//i.test(word.source)) return;
  report(
    word,
    `The repository's description comes over plain http from ${urlHost(word.source.replace(/^.*=/, "")) ?? "its server"}`,
  );
}

function ofApk(command: Command, report: Report): void {
  if (command.name !== "apk") return;
  for (const word of command.args) {
    const match = /https?:\/\/\S{1,200}\/edge\/(?:testing|community)/.exec(word.source);
    if (match !== null) report(word.find(match[0]) ?? word, "Alpine's edge branch is mixed into a stable release");
  }
}

/** `curl … | gpg --dearmor` where nothing compares the key, and no line of the stage is bound to it. */
function dearmored(command: Command, instruction: RunningInstruction, report: Report): void {
  if (command.name !== "gpg" || !command.args.some((a) => a.source === "--dearmor")) return;
  const fetched = command.pipeline.some((c) => c !== command && download(c) !== undefined);
  if (!fetched || command.program === undefined || command.pipeline.some((c) => c.name === "apt-key")) return;
  const stage = instruction.stage?.instructions ?? [instruction];
  const text = stage.map((i) => i.rest.text + i.heredocs.map((h) => i.heredocBody(h).text).join("\n")).join("\n");
  const compared = instruction.commands.some(
    (c) => verifies(c) || (c.name === "gpg" && c.args.some((a) => /fingerprint|show-keys|import-show/.test(a.source))),
  );
  if (/signed-by=/i.test(text) || /Signed-By:/i.test(text) || compared) return;
  const flag = command.args.find((a) => a.source === "--dearmor");
  const place = flag === undefined ? command.program : new Located(command.origin, command.program.from, flag.to);
  report(place, "The key is trusted as it came: nothing compares its fingerprint", { severity: "hint" });
}
