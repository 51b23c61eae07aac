import { choice, Run, rule, type Command, type Fix, type RunningInstruction, type Span } from "../../engine/index";
import { accountCommand, groupsGiven, type AccountCommand } from "../shared/accounts";
import { writtenTexts } from "../shared/file-texts";
import { modeOf, setsUserId } from "../shared/modes";
import { removal } from "../shared/removal";
import { givenTexts } from "../shared/standard-input";
import { grantIn, isSudoersFile, type Grant } from "../shared/sudoers";

interface Found {
  readonly at: Span;
  readonly message: string;
  readonly soft?: boolean;
  readonly fix?: Fix | undefined;
}

const powerful = new Set(["sudo", "wheel", "docker", "disk", "shadow", "adm", "root"]);
/** Programs that run whatever they are given. */
const interpreter = /^(?:ba|da|a|z|k|c|tc)?sh$|^(?:python|perl|ruby|node|php|lua)[\d.]*$|^(?:env|find|vim?)$/;

const says = ({ who, what, everything, password }: Grant): string =>
  `${who} may run ${everything ? "everything" : what} as root${password ? "" : " without a password"}`;

/** Lines for sudo in what the command writes. */
function sudoers(command: Command): Found | undefined {
  const edited = command.name === "visudo" ? givenTexts(command) : [];
  for (const text of edited) {
    const grant = grantIn(text.text);
    if (grant !== undefined) return { at: text.locate(grant.line), soft: !grant.everything, message: says(grant) };
  }
  for (const written of writtenTexts(command)) {
    const grant = isSudoersFile(written.target ?? "") ? grantIn(written.text) : undefined;
    if (grant === undefined) continue;
    const at = written.span(grant.index, grant.index + grant.line.length);
    return { at, soft: !grant.everything, message: says(grant) };
  }
  return undefined;
}

function membership(account: AccountCommand, whole: () => Fix | undefined): Found | undefined {
  const user = account.name?.source ?? "an account";
  if (user === "root") return undefined;
  // busybox has `adduser -G` for the primary group, and the group root alone gives no rights.
  const usual = account.command.name === "adduser" && account.verb === "create";
  const group = groupsGiven(account).find((g) => powerful.has(g.name) && !(g.name === "root" && usual));
  if (group === undefined) return undefined;
  const { edits, name } = group;
  const fix =
    edits === undefined
      ? whole()
      : ({ title: `Leave ${user} out of ${name}`, applicability: "unsafe", edits } as const);
  return { at: group.at, message: `${user} gets the group ${name}, which is as good as root`, fix };
}

function secondRoot({ uid, name, options }: AccountCommand): Found | undefined {
  if (uid?.value === undefined || !/^0+$/.test(uid.value) || name?.text === "root") return undefined;
  const at = uid.valueWord?.find(uid.value) ?? uid;
  const double = options.find("-o", "--non-unique");
  const edits = [
    { span: { start: at.start, end: at.end }, text: choice(1, "10001") },
    ...(double === undefined ? [] : [double.remove()]),
  ];
  const fix: Fix = { title: "Give the account a number of its own", applicability: "guided", edits };
  return { at, message: `${name?.source ?? "The account"} gets the number 0: it is root under another name`, fix };
}

/** The setuid bit on a shell. */
function rootShell(command: Command): Found | undefined {
  const mode = modeOf(command);
  const file = mode?.paths.find((p) => interpreter.test(p.source.slice(p.source.lastIndexOf("/") + 1)));
  if (mode === undefined || file === undefined) return undefined;
  if (!setsUserId(mode.text)) return undefined;
  return { at: mode.at, message: `${file.source} becomes a root shell for every account: it gets the setuid bit` };
}

export default rule({
  id: "dockerfile/root-equivalent-account",
  kind: "dockerfile",
  severity: "warning",
  principle: "least-privilege",
  summary: "An account that is as good as root",
  why: `A \`USER\` that may use \`sudo\` without a password, is in a group like \`docker\` or \`sudo\`, or shares the number 0, only
looks like a precaution: whoever breaks in as that user types \`sudo sh\` and is root. Give the account the rights on the few files
it needs, and do what needs root in the build.`,
  refs: ["CIS 4.1", "CWE-269"],
  covers: ["dockle:DKL-LI-0002"],
  fix: "unsafe",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN useradd app && echo '«app ALL=(ALL) NOPASSWD: ALL»' >> /etc/sudoers\n",
      fixed: "FROM debian:13-slim\nRUN useradd app\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN useradd -m -G audio,«docker» app\nRUN usermod -aG «sudo» app\n",
      fixed: "FROM debian:13-slim\nRUN useradd -m -G audio app\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN useradd -o -u «0» app\n",
      fixed: "FROM debian:13-slim\nRUN useradd -u 10001 app\n",
    },
    { bad: "FROM debian:13-slim\nRUN chmod «u+s» /bin/bash\n", fixed: "FROM debian:13-slim\n" },
    {
      bad: "FROM debian:13-slim\nCOPY <<EOF /etc/sudoers.d/app\n«app ALL=(ALL) NOPASSWD: ALL»\nEOF\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN echo '«app ALL=NOPASSWD: /usr/bin/env» ' | tee /etc/sudoers.d/app\n",
      fixed: "FROM debian:13-slim\n",
      severity: "hint",
      note: "one command only",
    },
    {
      good: "FROM debian:13-slim\nRUN useradd -r -u 1001 -g 0 app\n",
      note: "group 0 for engines that choose the user's number",
    },
    { good: "FROM alpine:3.23\nRUN adduser -S -G app app && addgroup app audio\n" },
    { good: "FROM debian:13-slim\nRUN echo 'root ALL=(ALL) ALL' > /etc/sudoers\n" },
    {
      good: "FROM debian:13-slim\nRUN sed -i 's/NOPASSWD: ALL/ALL/; /%sudo/d' /etc/sudoers\n",
      note: "takes rights away",
    },
    { good: "FROM debian:13-slim\nRUN groupadd docker && chmod u-s /bin/su\n" },
  ],
  check: {
    copy(copy, report, context) {
      if (!isSudoersFile(copy.destination?.text ?? "")) return;
      for (const heredoc of copy.heredocs) {
        const body = copy.heredocBody(heredoc);
        const grant = grantIn(body.text);
        if (grant === undefined) continue;
        const start = body.start + grant.index;
        report({ start, end: start + grant.line.length }, says(grant), softened(grant.everything, context.file));
      }
    },
    command(command, instruction, report, context) {
      if (!(instruction instanceof Run)) return;
      const whole = (): Fix | undefined => deletion(command, instruction);
      const account = accountCommand(command);
      const found =
        sudoers(command) ??
        (account === undefined ? undefined : (secondRoot(account) ?? membership(account, whole))) ??
        rootShell(command);
      if (found === undefined) return;
      report(found.at, found.message, {
        ...softened(found.soft !== true, context.file),
        fix: () => found.fix ?? whole(),
      });
    },
  },
});

/** Development containers want `sudo`. */
const softened = (everything: boolean, file: string): { severity?: "hint" } =>
  !everything || /(?:^|\/)\.devcontainer\//.test(file) ? { severity: "hint" } : {};

function deletion(command: Command, instruction: RunningInstruction): Fix | undefined {
  const edits = removal(command, instruction);
  return edits === undefined ? undefined : { title: "Remove the command", applicability: "unsafe", edits };
}
