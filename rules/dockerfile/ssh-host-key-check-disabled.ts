import {
  choice,
  literal,
  rule,
  type Command,
  type Fix,
  type Instruction,
  type Report,
  type RunningInstruction,
  type Span,
} from "../../engine/index";
import { verifies } from "../shared/downloads";
import { runs, settings } from "../shared/environment";
import { writtenTexts } from "../shared/file-texts";

export default rule({
  id: "dockerfile/ssh-host-key-check-disabled",
  kind: "dockerfile",
  severity: "warning",
  principle: "authenticate",
  summary: "SSH without a check of the host's key",
  why: `SSH knows a server by its key alone. Without the check the first one that answers is taken for the server: it gets what
is pushed, decides what is cloned, and sits between both ends with a forwarded agent's keys in reach. Copy the host's key,
read over a channel that you trust, into the image.`,
  refs: ["CWE-322"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: "FROM alpine:3.23\nRUN ssh -o «StrictHostKeyChecking=no» git@example.com\n",
      fixed:
        "FROM alpine:3.23\nCOPY known_hosts /etc/ssh/ssh_known_hosts\nRUN ssh -o StrictHostKeyChecking=yes git@example.com\n",
    },
    {
      bad: 'FROM alpine:3.23\nRUN mkdir -p /root/.ssh && printf "Host *\\n\\t«StrictHostKeyChecking no»\\n\\tUserKnownHostsFile /dev/null\\n" > /root/.ssh/config\n',
      fixed:
        'FROM alpine:3.23\nCOPY known_hosts /etc/ssh/ssh_known_hosts\nRUN mkdir -p /root/.ssh && printf "Host *\\n\\tStrictHostKeyChecking yes\\n\\tUserKnownHostsFile /dev/null\\n" > /root/.ssh/config\n',
      remains: "the known hosts are still thrown away: that line stays to be looked at",
    },
    {
      bad: "FROM alpine:3.23\nENV GIT_SSH_COMMAND=\"ssh -o «UserKnownHostsFile=/dev/null»\"\nRUN GIT_SSH_COMMAND='ssh -o «StrictHostKeyChecking=off»' git fetch\n",
      fixed:
        "FROM alpine:3.23\nCOPY known_hosts /etc/ssh/ssh_known_hosts\nENV GIT_SSH_COMMAND=\"ssh -o UserKnownHostsFile=/etc/ssh/ssh_known_hosts\"\nCOPY known_hosts /etc/ssh/ssh_known_hosts\nRUN GIT_SSH_COMMAND='ssh -o StrictHostKeyChecking=yes' git fetch\n",
    },
    {
      bad: "FROM alpine:3.23\nRUN ssh -o «StrictHostKeyChecking=accept-new» git@example.com\nRUN «ssh-keyscan -t ed25519 example.com» >> /root/.ssh/known_hosts\n",
      fixed:
        'FROM alpine:3.23\nCOPY known_hosts /etc/ssh/ssh_known_hosts\nRUN ssh -o StrictHostKeyChecking=yes git@example.com\nRUN echo "example.com ssh-ed25519 AAAA" >> /root/.ssh/known_hosts\n',
      severity: "info",
      note: "trust on first use",
    },
    {
      good: 'FROM alpine:3.23\nRUN echo "example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0" >> /root/.ssh/known_hosts && ssh git@example.com\n',
      note: "a pinned key",
    },
    {
      good: "FROM alpine:3.23\nCOPY known_hosts /root/.ssh/known_hosts\nRUN ssh -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/root/.ssh/known_hosts git@example.com\n",
    },
    {
      good: "FROM alpine:3.23\nRUN echo 'StrictHostKeyChecking no is bad' && ssh-keyscan example.com | ssh-keygen -lf -\n",
      note: "only printed",
    },
    {
      good: 'FROM alpine:3.23\nRUN ssh-keyscan example.com > /k && echo "$SUM  /k" | sha256sum -c - && cat /k >> /etc/ssh/ssh_known_hosts\n',
    },
    {
      good: "FROM alpine:3.23\nRUN sed -i 's/StrictHostKeyChecking no/StrictHostKeyChecking yes/' /etc/ssh/ssh_config\n",
    },
  ],
  check: {
    instruction(instruction, report) {
      for (const setting of settings(instruction, isAbout)) {
        const text = instruction.file.text.slice(setting.start, setting.end);
        if (/SSH/i.test(setting.name)) {
          inText(text, (from, to) => ({ start: setting.start + from, end: setting.start + to }), instruction, report);
        }
        if (
          setting.name !== "ANSIBLE_HOST_KEY_CHECKING" ||
          !setting.value.known ||
          !/^(?:false|0|no)$/i.test(setting.value.value)
        )
          continue;
        report(setting, "Ansible believes any host to be the one it asked for");
      }
      if (runs(instruction)) for (const command of instruction.commands) inCommand(command, instruction, report);
    },
  },
});

const isAbout = (name: string): boolean => name === "ANSIBLE_HOST_KEY_CHECKING" || /SSH/i.test(name);
const mayAsk = /StrictHostKeyChecking|UserKnownHostsFile/i;

/** `no` and `off` mean the same; `accept-new` still trusts whoever answers first. */
const option = /StrictHostKeyChecking[ =]{1,3}"?(no|off|accept-new)\b/i;
const noMemory = /UserKnownHostsFile[ =]{1,3}"?(\/dev\/null)\b/i;

function inText(
  text: string,
  place: (from: number, to: number) => Span,
  instruction: Instruction,
  report: Report,
): void {
  const asks = option.exec(text);
  const forgets = noMemory.exec(text);
  const softer = asks?.[1]?.toLowerCase() === "accept-new";
  const found = forgets !== null && (asks === null || softer) ? forgets : asks;
  if (found === null) return;
  const value = found[1] ?? "";
  const end = found.index + found[0].length;
  const value2 = found === forgets ? "/etc/ssh/ssh_known_hosts" : "yes";
  const message =
    found === forgets
      ? "SSH forgets every host key at once: UserKnownHostsFile is /dev/null"
      : softer
        ? "SSH believes whoever answers first: StrictHostKeyChecking is accept-new"
        : `SSH believes any host to be the one it asked for: StrictHostKeyChecking is ${value}`;
  report(place(found.index, end), message, {
    ...(softer && found === asks ? { severity: "info" as const } : {}),
    fix: () => pinned(instruction, place(end - value.length, end), value2),
  });
}

function pinned(instruction: Instruction, at: Span, value: string): Fix {
  const lines = instruction.insertBefore(`COPY ${choice(1, "known_hosts")} /etc/ssh/ssh_known_hosts`);
  return {
    title: "Copy the hosts' keys into the image, and check them",
    applicability: "guided",
    edits: [lines, { span: { start: at.start, end: at.end }, text: literal(value) }],
  };
}

function inCommand(command: Command, instruction: RunningInstruction, report: Report): void {
  for (const written of writtenTexts(command))
    inText(written.text, (from, to) => written.span(from, to), instruction, report);
  if (command.name === "ssh-keyscan") return scanned(command, instruction, report);
  if (command.name === "echo" || command.name === "printf" || command.name === "sed") return;
  if (!command.args.some((a) => mayAsk.test(a.raw))) return;
  // The text of `sh -c` is read as the commands that it holds.
  const text = command.name === "git" ? -1 : command.args.findIndex((a) => /^-[a-z]*c$/.test(a.source));
  const words = command.args.filter((a, i) => a.substitutions.length === 0 && (text < 0 || i <= text));
  const strongest = [/StrictHostKeyChecking[ =]{1,3}"?(?:no|off)\b/i, noMemory, option];
  const word = strongest.map((s) => words.find((w) => s.test(w.raw))).find((w) => w !== undefined);
  if (word !== undefined) inText(word.raw, (from, to) => word.part(from, to), instruction, report);
}

function scanned(command: Command, instruction: RunningInstruction, report: Report): void {
  const targets = command.pipeline.flatMap((c) => [
    ...c.redirects.map((r) => r.target?.source),
    ...(c.name === "tee" ? c.args.map((a) => a.source) : []),
  ]);
  if (!targets.some((t) => t !== undefined && /known_hosts/.test(t))) return;
  const checked = instruction.commands.some((c) => verifies(c) || c.name === "ssh-keygen" || c.name === "diff");
  if (checked) return;
  const host = command.args.filter((a) => !a.source.startsWith("-")).pop()?.source ?? "";
  report(command, `ssh-keyscan takes the key of whoever answers for ${host}`, {
    severity: "info",
    fix: () =>
      command.downstream !== undefined || command.position !== "script" || command.script.form === "exec"
        ? undefined
        : {
            title: "Write the key that you know to be the host's",
            applicability: "guided",
            edits: [
              {
                span: { start: command.start, end: command.end },
                text: `echo "${choice(1, `${host} ssh-ed25519 AAAA`)}"`,
              },
            ],
          },
  });
}
