import {
  choice,
  literal,
  Run,
  rule,
  type Command,
  type Edit,
  type Fix,
  type RunningInstruction,
  type ShellWord,
} from "../../engine/index";
import { effectiveUser } from "../shared/effective-user";

type Wrapper = Command["wrappers"][number];

const elevates = (name: string): boolean => name === "sudo" || name === "doas";

/** Takes `sudo` with its own options away; undefined where these mean more than root. */
function withoutSudo(command: Command, sudo: Wrapper): Edit | undefined {
  const [program, ...own] = sudo.words;
  const kept = own.findIndex((w) => !w.source.startsWith("-"));
  const options = kept < 0 ? own : own.slice(0, kept);
  if (
    program === undefined ||
    !options.every((o) => /^-(?:[EHnS]+|-|-preserve-env|-set-home|-non-interactive)$/.test(o.source))
  ) {
    return undefined;
  }
  if (kept >= 0 && command.script.form === "exec") return undefined;
  const next = kept < 0 ? following(command, sudo) : own[kept];
  return next === undefined ? undefined : { span: { start: program.start, end: next.start }, text: "" };
}

function following(command: Command, sudo: Wrapper): ShellWord | undefined {
  const last = sudo.words[sudo.words.length - 1];
  return command.written.find((w) => last !== undefined && w.start >= last.end);
}

function fix(command: Command, sudo: Wrapper, instruction: RunningInstruction): Fix | undefined {
  const { stage } = instruction;
  if (stage === undefined || instruction.onbuild !== undefined) return undefined;
  const user = effectiveUser(stage, instruction);
  const own = withoutSudo(command, sudo);
  if (own === undefined || user.kind === "unknown") return undefined;
  if (user.kind === "root") return { title: `Drop ${sudo.name}: root runs this`, applicability: "safe", edits: [own] };
  if (!(instruction instanceof Run)) return undefined;
  const all = instruction.commands.flatMap((c) =>
    c.wrappers.filter((w) => elevates(w.name)).map((w) => withoutSudo(c, w)),
  );
  const edits = all.filter((e) => e !== undefined);
  if (edits.length < all.length) return undefined;
  const back = user.by?.user?.raw ?? user.name;
  return {
    title: "Run this as USER root, and switch back",
    applicability: "guided",
    edits: [
      instruction.insertBefore("USER root"),
      ...edits,
      instruction.insertAfter(`USER ${back === "" ? choice(1, "10001") : literal(back)}`),
    ],
  };
}

/** `su -c` as root; stepping down to another user is what `su` may rightly be there for. */
function substitutes(command: Command): boolean {
  if (command.name !== "su") return false;
  const at = command.args.findIndex((a) => /^(?:-c|--command(?:=.*)?)$/.test(a.source));
  if (at < 0) return false;
  const operands = command.args.filter((a, i) => i !== at + 1 && !a.source.startsWith("-"));
  return operands.length === 0 || operands[0]?.text === "root";
}

export default rule({
  id: "dockerfile/sudo",
  kind: "dockerfile",
  severity: "warning",
  principle: "least-privilege",
  summary: "sudo in a build step or at the start of the container",
  why: `\`sudo\` in an image means that the image holds \`sudo\` and an account that may use it. Whoever breaks into the running
program then becomes root with the same word the Dockerfile uses. Build steps that need root stand before the last \`USER\`; a
container that must change its user does so once, downwards, with \`gosu\`, \`su-exec\` or \`setpriv\`.`,
  refs: ["CWE-250"],
  covers: [
    "hadolint:DL3004",
    "checkov:CKV2_DOCKER_1",
    "trivy:DS-0010",
    "kics:run_using_sudo",
    "semgrep:no-sudo-in-dockerfile",
    "dockle:DKL-DI-0001",
  ],
  fix: "safe",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN mkdir /a && «sudo» -E chown 1 /a\n",
      fixed: "FROM debian:13-slim\nRUN mkdir /a && chown 1 /a\n",
    },
    {
      bad: "FROM debian:13-slim\nUSER 10001\n# for the socket\nRUN «sudo» mkdir /a \\\n && «sudo» chown 10001 /a\n",
      fixed:
        "FROM debian:13-slim\nUSER 10001\nUSER root\n# for the socket\nRUN mkdir /a \\\n && chown 10001 /a\nUSER 10001\n",
    },
    { bad: 'FROM debian:13-slim\nCMD [«"sudo"», "-u", "app", "/srv/app"]\n' },
    { bad: 'FROM debian:13-slim\nRUN «su» -c "mkdir /a"\n' },
    { good: "FROM debian:13-slim\nRUN echo 'app may use sudo here' > /etc/motd\n", note: "a word in a text" },
    { good: "FROM debian:13-slim\nRUN apt-get install -y sudo\n", note: "it is not run" },
    { good: 'FROM debian:13-slim\nENTRYPOINT ["gosu", "app", "/srv/app"]\n' },
    { good: 'FROM postgres:18\nRUN su postgres -c "initdb /data"\n', note: "away from root" },
    { good: "FROM debian:13-slim\nRUN command -v sudo || true\n" },
  ],
  check: {
    command(command, instruction, report) {
      for (const wrapper of command.wrappers) {
        const [word] = wrapper.words;
        if (!elevates(wrapper.name) || word === undefined) continue;
        report(word, `${wrapper.name} in ${instruction.keyword}: let USER say who runs this`, {
          fix: () => fix(command, wrapper, instruction),
        });
      }
      if (command.program === undefined) return;
      const bare = elevates(command.name) && command.position !== "substitution" && command.args.length > 0;
      if (bare || substitutes(command))
        report(
          command.program,
          `${command.name} in ${instruction.keyword} makes this run as root: let USER say who runs it`,
        );
    },
  },
});
