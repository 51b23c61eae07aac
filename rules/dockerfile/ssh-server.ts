import {
  Expose,
  rule,
  Run,
  type Applicability,
  type Command,
  type Edit,
  type Severity,
  type Span,
  type Stage,
} from "../../engine/index";
import { matchesImage } from "../shared/images/match";
import { packageCommand, packageName, removePackages } from "../shared/packages";
import { isDevelopmentStage, startCommands } from "../shared/stages";

interface Evidence {
  readonly at: Span;
  readonly message: string;
  readonly note: string;
  readonly title?: string;
  readonly applicability?: Applicability;
  readonly edits?: () => readonly Edit[] | undefined;
}

const servers = /^(?:openssh-server(?:-\S+)?|openssh-sshd|dropbear(?:-bin|-initramfs)?|tinysshd|sshd)$/;
/** Their purpose is to be reached over SSH. */
const sshImages = [
  "atmoz/sftp",
  "gitea/gitea",
  "forgejo/forgejo",
  "gitlab/gitlab-ce",
  "gitlab/gitlab-ee",
  "linuxserver/openssh-server",
  "*/*sftp*",
];

/** EXPOSE names the port: `22`, `22/tcp`, `20-25`. */
function exposed(expose: Expose): readonly Evidence[] {
  return expose.ports.flatMap((port) => {
    const { range, protocol, word } = port;
    if (
      range === undefined ||
      protocol !== "tcp" ||
      range.first > 22 ||
      range.last < 22 ||
      range.last - range.first > 100
    )
      return [];
    const single = range.first === range.last;
    return [
      {
        at: word,
        message: `EXPOSE ${word.raw} offers port 22, the port of SSH`,
        note: "port 22 is exposed here",
        title: "Remove port 22",
        applicability: "safe" as const,
        ...(single ? { edits: () => [expose.removePort(port)] } : {}),
      },
    ];
  });
}

function installed(run: Run): readonly Evidence[] {
  return run.commands.flatMap((command) => {
    const found = packageCommand(command);
    if (found?.verb !== "install") return [];
    return found.packages.flatMap((word) => {
      const name = packageName(found.manager, word) ?? "";
      if (!servers.test(name)) return [];
      return [
        {
          at: word,
          message: `${name} puts an SSH server into the image`,
          note: `${name} is installed here`,
          title: `Remove ${name}`,
          applicability: "unsafe" as const,
          edits: () => removePackages(found, [word], run),
        },
      ];
    });
  });
}

function startWord(command: Command): Span | undefined {
  if (command.name === "sshd" || command.name === "dropbear") return command.program;
  const [first, second] = command.args;
  const starts =
    command.name === "service" &&
    /^(?:ssh|sshd|dropbear)$/.test(first?.source ?? "") &&
    /^(?:re)?start$/.test(second?.source ?? "");
  const script = /\/init\.d\/(?:ssh|sshd|dropbear)$/.test(command.program?.source ?? "") && first?.source === "start";
  return starts ? first : script ? command.program : undefined;
}

function started(stage: Stage): readonly Evidence[] {
  return startCommands(stage).flatMap((command) => {
    const at = startWord(command);
    return at === undefined
      ? []
      : [{ at, message: "The container starts an SSH server", note: "the SSH server starts here" }];
  });
}

export default rule({
  id: "dockerfile/ssh-server",
  kind: "dockerfile",
  severity: "warning",
  principle: "exposure",
  summary: "SSH server in the image",
  why: `An SSH server is a second door beside the program's own: passwords to guess, keys to rotate and host keys that every
container of the image shares, so that an attacker who has one container can pose as all of them. \`docker exec\` and
\`kubectl exec\` give a shell without any of it, with the platform's own authentication and log.`,
  refs: ["CIS 5.7"],
  covers: ["checkov:CKV_DOCKER_1", "trivy:DS-0004", "kics:exposing_port_22"],
  fix: "safe",
  examples: [
    { bad: "FROM alpine:3.23\nEXPOSE 8080 «22/tcp»\n", fixed: "FROM alpine:3.23\nEXPOSE 8080\n" },
    {
      bad: "FROM alpine:3.23\nENV SSH_PORT=22\nEXPOSE «$SSH_PORT»\n",
      fixed: "FROM alpine:3.23\nENV SSH_PORT=22\n",
      note: "by a variable",
    },
    {
      bad: 'FROM alpine:3.23\nRUN apk add --no-cache curl «dropbear»\nCOPY app /app\nENTRYPOINT ["/app"]\n',
      fixed: 'FROM alpine:3.23\nRUN apk add --no-cache curl\nCOPY app /app\nENTRYPOINT ["/app"]\n',
    },
    {
      bad: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends «openssh-server» && mkdir /run/sshd\nEXPOSE 20-25\nCMD ["/usr/sbin/sshd", "-D"]\n',
      note: "one finding a stage",
    },
    { bad: "FROM debian:13-slim\nUSER 10001\nCMD service «ssh» start && exec /app\n" },
    {
      bad: "FROM atmoz/sftp:alpine-3.7\nEXPOSE «22»\n",
      fixed: "FROM atmoz/sftp:alpine-3.7\n",
      severity: "info",
      note: "made to be reached over SSH",
    },
    {
      good: "FROM alpine:3.23\nRUN apk add --no-cache openssh-client git && ssh-keyscan github.com\nEXPOSE 2222 22/udp\n",
    },
    {
      good: "FROM debian:13-slim AS build\nRUN apt-get install -y openssh-server\nEXPOSE 22\nFROM scratch\nCOPY --from=build /a /a\n",
      note: "a build stage",
    },
    {
      good: 'FROM alpine:3.23\nRUN echo "EXPOSE 22, openssh-server" > /readme\nCMD ["ssh", "host"]\n',
      note: "data, and a client",
    },
    { good: "FROM debian:13-slim\nRUN apt-get install -y openssh-server\n", file: ".devcontainer/Dockerfile" },
  ],
  check: {
    shippedStage(stage, report, context) {
      if (isDevelopmentStage(stage, context.file)) return;
      const evidence = stage.history.flatMap((i): readonly Evidence[] =>
        i instanceof Expose ? exposed(i) : i instanceof Run ? installed(i) : [],
      );
      const all = [...evidence, ...started(stage)].sort((a, b) => a.at.start - b.at.start);
      const [first, ...others] = all;
      if (first === undefined) return;
      const reference = stage.rootImage;
      const severity: Severity = reference !== undefined && matchesImage(reference, sshImages) ? "info" : "warning";
      report(first.at, first.message, {
        severity,
        related: others.map((o) => ({ file: context.file, span: o.at, note: o.note })),
        fix: () => {
          const { title, applicability, edits } = first;
          const made = edits?.();
          return made && title && applicability ? { title, applicability, edits: made } : undefined;
        },
      });
    },
  },
});
