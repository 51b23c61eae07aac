import { rule, Run, type Command, type Fix, type Option, type RunningInstruction, type Span } from "../../engine/index";
import { accountCommand } from "../shared/accounts";
import { writtenTexts } from "../shared/file-texts";
import { removal } from "../shared/removal";
import { givenTexts } from "../shared/standard-input";

/** What stands for a password in /etc/shadow and cannot be one. */
const locked = /^(?:[!*]+|x|LK)$/;
/** `user:password`, the lines of chpasswd; the password may be a variable. */
const account = /^[ \t]*([A-Za-z_$][\w.${}-]*):(\S*)/m;
/** A password field in /etc/shadow that lets somebody in: empty, or a hash. */
const openField = /^([\w.-]+):(?=:|\$\w+\$)/m;

interface Found {
  readonly at: Span;
  readonly message: string;
  readonly fix?: () => Fix | undefined;
}

function drop(command: Command, instruction: RunningInstruction): Fix | undefined {
  const edits = removal(command, instruction);
  return edits === undefined
    ? undefined
    : { title: "Remove the command that sets the password", applicability: "unsafe", edits };
}

/** `chpasswd`, and `passwd` that reads from a pipe. */
function piped(command: Command, instruction: RunningInstruction): Found | undefined {
  const reads =
    command.upstream !== undefined || command.documents.length > 0 || command.args.some((a) => a.source === "--stdin");
  const passwd = command.name === "passwd" && reads && !command.args.some((a) => /^-[a-z]*[dlSue]/.test(a.source));
  if (command.name !== "chpasswd" && !passwd) return undefined;
  const texts = givenTexts(command);
  const entry = texts.map((text) => ({ text, match: account.exec(text.text) })).find((e) => e.match !== null);
  const user = passwd ? command.args.find((a) => !a.source.startsWith("-"))?.source : entry?.match?.[1];
  if (!passwd && entry?.match != null && locked.test(entry.match[2] ?? "")) return undefined;
  const last = texts[texts.length - 1];
  const literal = entry?.match != null ? entry.text.locate(entry.match[0].trim()) : undefined;
  const at = literal ?? (passwd && last !== undefined ? last.locate(last.text) : command.program);
  if (at === undefined) return undefined;
  const message = `The image sets a password for ${user ?? "an account"}: every container has it`;
  return { at, message, fix: () => drop(command, instruction) };
}

function emptied(command: Command): Found | undefined {
  if (command.name !== "passwd") return undefined;
  const at = command.args.find((a) => /^-(?:[a-ce-z]*d[a-z]*|-delete)$/.test(a.source));
  const user = command.args.find((a) => !a.source.startsWith("-"))?.source ?? "root";
  if (at === undefined) return undefined;
  const lock = {
    title: `Lock the password of ${user}`,
    applicability: "unsafe",
    edits: [{ span: { start: at.start, end: at.end }, text: "-l" }],
  } as const;
  return { at, message: `The image leaves ${user} with an empty password`, fix: () => lock };
}

function option(command: Command, password: Option, user: string | undefined): Found | undefined {
  if (password.value === undefined || locked.test(password.value)) return undefined;
  const what = password.value === "" ? "an empty password" : "a password";
  const word = password.valueWord;
  const separate = word !== undefined && word.start > password.start;
  const span = { start: word?.start ?? password.start, end: word?.end ?? password.end };
  // usermod with no option at all would fail.
  const edit = command.name === "usermod" && separate ? { span, text: "'!'" } : password.remove();
  const fix: Fix = { title: "Leave the password locked", applicability: "unsafe", edits: [edit] };
  return {
    at: (password.value === "" ? undefined : word?.find(password.value)) ?? word ?? password,
    message: `The image sets ${what} for ${user ?? "an account"}: every container has it`,
    fix: () => fix,
  };
}

/** A line of /etc/shadow, added or put there by `sed`. */
function shadow(command: Command): Found | undefined {
  for (const written of writtenTexts(command)) {
    const match = /^\/etc\/shadow-?$/.test(written.target ?? "") ? openField.exec(written.text) : null;
    if (match === null) continue;
    const at = written.span(match.index, match.index + match[0].length);
    return { at, message: `A password field of ${match[1]} is written into /etc/shadow` };
  }
  return undefined;
}

export default rule({
  id: "dockerfile/account-password-set",
  kind: "dockerfile",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A password for an account is set in the image",
  why: `A password that the build sets is the same in every container, and everybody who can pull the image reads it, or its hash,
in the layer. With any login that asks for it (sshd, \`su\`, a console) it opens an account, mostly root. An account in a container
needs no password: leave it locked, and let whoever must come in use keys or \`exec\` of the engine.`,
  refs: ["CWE-798", "CWE-521"],
  covers: ["checkov:CKV2_DOCKER_17", "dockle:DKL-LI-0001"],
  fix: "unsafe",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN mkdir /a && echo '«root:Tr0ub4dor»' | chpasswd\n",
      fixed: "FROM debian:13-slim\nRUN mkdir /a\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN useradd -m -p «$(openssl passwd -6 hunter22)» app\n",
      fixed: "FROM debian:13-slim\nRUN useradd -m app\n",
    },
    { bad: "FROM debian:13-slim\nRUN passwd «-d» root\n", fixed: "FROM debian:13-slim\nRUN passwd -l root\n" },
    {
      bad: "FROM debian:13-slim\nRUN <<EOF\nchpasswd <<END\n«app:Tr0ub4dor»\nEND\nEOF\n",
      fixed: "FROM debian:13-slim\n",
      note: "a heredoc in a heredoc",
    },
    { bad: "FROM alpine:3.23\nRUN sed -i 's/^root:!:/«root:»:/' /etc/shadow\n" },
    {
      good: "FROM debian:13-slim\nRUN useradd -p '!' app && usermod -p '*' daemon && passwd -l root\n",
      note: "locked",
    },
    { good: 'FROM debian:13-slim\nRUN adduser --disabled-password --gecos "" app\n' },
    { good: "FROM alpine:3.23\nRUN sed -i 's/^root::/root:!:/' /etc/shadow\n", note: "locks an open account" },
    {
      good: "FROM debian:13-slim\nRUN mkdir -p /srv/app && useradd -m -s /bin/sh app\n",
      note: "-p of another command",
    },
    { good: "FROM debian:13-slim\nRUN echo 'root:x' > /docs/chpasswd.txt\n", note: "a text" },
  ],
  check: {
    command(command, instruction, report) {
      // What the start of a container sets is a matter of its variables.
      if (!(instruction instanceof Run)) return;
      const user = accountCommand(command);
      const found =
        piped(command, instruction) ??
        emptied(command) ??
        (user?.password === undefined ? undefined : option(command, user.password, user.name?.source)) ??
        shadow(command);
      if (found === undefined) return;
      report(found.at, found.message, found.fix === undefined ? {} : { fix: found.fix });
    },
  },
});
