import { rule, type Run, type Preset, type Stage } from "../../engine/index";
import { isRemovedLater, packageCommand, packageName, removePackages } from "../shared/packages";
import {
  isDevelopmentStage,
  isProgramImage,
  mentionsProgram,
  runsOf,
  startCommands,
  startsScript,
} from "../shared/stages";

interface Tool {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
  readonly use: string;
  readonly preset?: Preset;
}

const tool = (use: string, programs: readonly string[], packages = programs): Tool => ({ use, programs, packages });
const usual = (use: string, programs: readonly string[], packages = programs): Tool => ({
  use,
  programs,
  packages,
  preset: "strict",
});

/** Names of the packages in Debian, Alpine, Fedora and openSUSE. */
const tools: readonly Tool[] = [
  tool("scans networks", ["nmap"]),
  tool("scans networks", ["masscan"]),
  tool(
    "opens connections and shells",
    ["nc", "ncat", "netcat"],
    ["netcat", "netcat-openbsd", "netcat-traditional", "nmap-ncat", "ncat", "gnu-netcat"],
  ),
  tool("opens connections and shells", ["socat"]),
  tool("records network traffic", ["tcpdump"]),
  tool("speaks to other hosts", ["telnet"], ["telnet", "inetutils-telnet", "busybox-extras"]),
  tool("moves files to other hosts", ["ftp"], ["ftp", "tnftp", "inetutils-ftp"]),
  tool("logs in to other hosts", ["rsh", "rlogin"], ["rsh-client", "rsh-redone-client"]),
  tool("guesses passwords", ["hydra"]),
  tool("looks into other processes", ["strace"]),
  tool("looks into other processes", ["gdb"]),
  tool("hands out root rights", ["sudo"]),
  usual("looks into other processes", ["lsof"]),
  usual("logs in to other hosts", ["ssh", "scp", "sftp", "git"], ["openssh-client", "openssh-clients"]),
  usual("edits files", ["vim", "vi"], ["vim", "vim-tiny", "vim-nox", "vim-enhanced", "vim-minimal"]),
  usual("edits files", ["nano"]),
  usual("edits files", ["emacs"], ["emacs", "emacs-nox"]),
  usual("shows manuals", ["man"], ["man-db"]),
  usual("explores the network", ["ifconfig", "netstat"], ["net-tools"]),
  usual(
    "explores the network",
    ["dig", "nslookup", "host"],
    ["dnsutils", "bind9-dnsutils", "bind-utils", "bind-tools", "bind9-host"],
  ),
  usual("explores the network", ["ping"], ["iputils", "iputils-ping"]),
];

const toolboxName = /(?:^|[^a-z])(?:tools?|toolbox|toolkit|debug|netshoot)(?:[^a-z]|$)/i;

function isToolbox(stage: Stage, file: string): boolean {
  const names = [stage.name?.text, stage.rootImage?.familiar, file].join(" ");
  return isDevelopmentStage(stage, file) || (!isProgramImage(stage) && toolboxName.test(names));
}

export default rule({
  id: "dockerfile/unneeded-tools",
  kind: "dockerfile",
  severity: "info",
  principle: "least-privilege",
  summary: "Tools in the shipped image that serve an intruder",
  why: `Who breaks into the program looks for what is at hand. With \`nmap\`, \`netcat\` or \`socat\` in the image, a single flaw becomes a
scan of the internal network and a shell that calls home; without them every step has to be carried in first. For debugging, attach
an ephemeral container that brings the tools.`,
  refs: ["CIS 4.3"],
  covers: ["dockle:CIS-DI-0003"],
  fix: "safe",
  examples: [
    {
      bad: 'FROM alpine:3.23\nRUN apk add --no-cache curl «nmap» «socat»\nCMD ["/srv/app"]\n',
      fixed: 'FROM alpine:3.23\nRUN apk add --no-cache curl\nCMD ["/srv/app"]\n',
    },
    {
      bad: `
        FROM debian:13-slim AS base
        RUN apt-get update && apt-get install -y --no-install-recommends «netcat-openbsd» && rm -rf /var/lib/apt/lists/*
        FROM base
        ENTRYPOINT ["/entrypoint.sh"]`,
      fixed: `
        FROM debian:13-slim AS base
        FROM base
        ENTRYPOINT ["/entrypoint.sh"]`,
      note: "a script that is not known may want it: unsafe",
    },
    {
      bad: 'FROM rockylinux/rockylinux:10\nRUN dnf install -y nginx «vim-enhanced» && dnf clean all\nCMD ["nginx"]\n',
      fixed: 'FROM rockylinux/rockylinux:10\nRUN dnf install -y nginx && dnf clean all\nCMD ["nginx"]\n',
      note: "an editor, in the strict preset",
    },
    {
      bad: 'FROM debian:13-slim\nRUN apt-get install -y «sudo» && sudo -u app make && echo ok > /log\nCMD ["/srv/app"]\n',
      note: "the build uses it",
    },
    {
      good: 'FROM alpine:3.23\nRUN apk add --no-cache netcat-openbsd\nHEALTHCHECK CMD nc -z localhost 80\nCMD ["/srv/app"]\n',
    },
    {
      good: "FROM debian:13-slim AS build\nRUN apt-get install -y gdb strace\nFROM scratch\nCOPY --from=build /a /a\n",
      note: "a build stage",
    },
    { good: "FROM alpine:3.23 AS debug\nRUN apk add --no-cache strace tcpdump\n", note: "made for that" },
    { good: 'FROM alpine:3.23\nRUN apk add --no-cache -t .deps socat && apk del .deps\nCMD ["/srv/app"]\n' },
    {
      good: "FROM alpine:3.23\nRUN apk add --no-cache socat-doc && echo nmap\nCOPY <<EOF /go.sh\nexec socat a b\nEOF\nRUN apk add --no-cache socat\n",
    },
  ],
  check: {
    shippedStage(stage, report, context) {
      if (isToolbox(stage, context.file)) return;
      const runs = runsOf(stage);
      const commands = runs.flatMap((r) => r.commands);
      const unknownStart = startCommands(stage).length === 0 || startsScript(stage);
      for (const run of runs) {
        for (const command of run.commands) {
          const installed = packageCommand(command);
          if (installed?.verb !== "install") continue;
          const found = installed.packages.flatMap((word) => {
            const name = packageName(installed.manager, word) ?? "";
            const known = tools.find((t) => t.packages.includes(name));
            if (
              known === undefined ||
              mentionsProgram(stage, known.programs) ||
              isRemovedLater(installed, name, commands)
            )
              return [];
            return [{ word, name, known, used: commands.some((c) => uses(c, known)) }];
          });
          const removable = found.filter((f) => !f.used);
          for (const { word, name, known, used } of found) {
            report(word, `${name} ${known.use}: it is of more use to an intruder than to the program`, {
              ...(known.preset === undefined ? {} : { preset: known.preset }),
              fix: () => {
                const gone = removable
                  .filter((f) => known.preset !== undefined || f.known.preset === undefined)
                  .map((f) => f.word);
                const others = installed.packages.some((p) => !gone.includes(p));
                const edits = used ? undefined : removePackages(installed, others ? [word] : gone, run);
                return edits && { title: `Remove ${name}`, applicability: unknownStart ? "unsafe" : "safe", edits };
              },
            });
          }
        }
      }
    },
  },
});

const uses = (command: Run["commands"][number], { programs }: Tool): boolean =>
  programs.includes(command.name) || command.wrappers.some((w) => programs.includes(w.name));
