import { choice, Copy, Located, rule, type Report, type RunningInstruction, type ShellWord } from "../../engine/index";
import { isVerified, samePath, urlFileName, urlHost } from "../shared/downloads";
import { runs } from "../shared/environment";
import { checkFirst, commandsBehind, powerShellScript, programPath, remoteScripts } from "../shared/remote-scripts";

export default rule({
  id: "dockerfile/remote-script-execution",
  kind: "dockerfile",
  severity: "warning",
  principle: "supply-chain",
  summary: "Downloaded script run without a check",
  why: `Whoever controls the address, or takes it over for an hour, runs commands of their choice in the build: with its network,
its cached credentials and, mostly, as root. The script can tell a pipe from a browser and show reviewers something else.
Save the script, compare it with a checksum that you reviewed, and only then run it; or install a package.`,
  refs: ["CIS 4.12", "CWE-494", "OWASP D9"],
  covers: [],
  fix: "guided",
  yieldsTo: ["dockerfile/suspicious-command"],
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN «curl -fsSL https://example.com/i.sh | bash -» && echo done\n",
      fixed:
        'FROM debian:13-slim\nRUN curl -o /tmp/install.sh -fsSL https://example.com/i.sh && echo "<sha256>  /tmp/install.sh" | sha256sum -c - && bash /tmp/install.sh && echo done\n',
      also: ["dockerfile/pipefail-missing"],
    },
    {
      bad: "FROM alpine:3.23\nRUN «wget -qO- https://example.com/i.sh \\\n  | sh -s -- --version 1.2»\n",
      fixed:
        'FROM alpine:3.23\nRUN wget -qO /tmp/install.sh https://example.com/i.sh \\\n  && echo "<sha256>  /tmp/install.sh" | sha256sum -c - && sh /tmp/install.sh --version 1.2\n',
      also: ["dockerfile/pipefail-missing"],
      note: "arguments of the script stay",
    },
    {
      bad: 'FROM alpine:3.23\nRUN «sh -c "$(curl -fsSL https://example.com/i.sh)"» "" --unattended\nRUN «bash <(curl -s https://example.com/i.sh)» -y\n',
      fixed:
        'FROM alpine:3.23\nRUN curl -o /tmp/install.sh -fsSL https://example.com/i.sh && echo "<sha256>  /tmp/install.sh" | sha256sum -c - && sh /tmp/install.sh --unattended\nRUN curl -o /tmp/install.sh -s https://example.com/i.sh && echo "<sha256>  /tmp/install.sh" | sha256sum -c - && bash /tmp/install.sh -y\n',
      note: "substitutions",
    },
    {
      bad: "FROM alpine:3.23\nRUN wget «https://example.com/get.py» && python3 get.py\n",
      fixed:
        'FROM alpine:3.23\nRUN wget https://example.com/get.py && echo "<sha256>  get.py" | sha256sum -c - && python3 get.py\n',
      note: "saved, and run in the same RUN",
    },
    {
      bad: "FROM alpine:3.23\nADD «https://example.com/i.sh» /tmp/\nRUN sh /tmp/i.sh\n",
      fixed: "FROM alpine:3.23\nADD --checksum=sha256:<sha256> https://example.com/i.sh /tmp/\nRUN sh /tmp/i.sh\n",
      note: "added, and run later",
    },
    {
      bad: "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell -Command `\n  «iwr https://example.com/i.ps1 -UseBasicParsing | iex»\n",
      note: "PowerShell",
    },
    {
      bad: "FROM debian:13-slim\nRUN <<EOT bash\n  set -euo pipefail\n  «curl -fsSL https://example.com/i.sh | bash»\nEOT\n",
      note: "inside a heredoc",
    },
    { good: "FROM alpine:3.23\nRUN curl -fsSL https://example.com/a.tgz | tar xz\n", note: "tar runs nothing" },
    {
      good: "FROM alpine:3.23\nRUN curl -s https://example.com/v.json | python3 -c 'import json,sys; print(json.load(sys.stdin))'\n",
      note: "the input is data",
    },
    {
      good: "FROM alpine:3.23\nRUN curl -s https://example.com/k.asc | gpg --dearmor -o /k.gpg && curl -s https://example.com/v.json | jq -r .v\n",
    },
    {
      good: 'FROM alpine:3.23\nRUN curl -o i.sh https://example.com/i.sh && echo "$SUM  i.sh" | sha256sum -c - && sh i.sh\n',
      note: "checked before it runs",
    },
    {
      good: "FROM alpine:3.23\nRUN echo 'install with: curl https://example.com/i.sh | sh' > /etc/motd\n",
      note: "words, no command",
    },
    {
      good: "FROM alpine:3.23\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/i.sh /i.sh\nRUN sh /i.sh\n",
    },
    { good: "FROM alpine:3.23\nCOPY <<EOF /notes\ncurl https://example.com/i.sh | sh\nEOF\n", note: "a file's text" },
  ],
  check: {
    instruction(instruction, report, { file }) {
      if (instruction instanceof Copy) return added(instruction, report, file);
      if (!runs(instruction)) return;
      if (instruction.script === undefined) return inPowerShell(instruction, report);
      for (const found of remoteScripts(instruction.commands)) {
        const program = found.runner.program?.source ?? "";
        report(
          found.at,
          `${program} runs what ${got(found.source.command.name, found.source.urls[0])} without a check`,
          {
            related: found.how === "saved" ? [{ file, span: found.runner, note: "run here" }] : [],
            fix: () => checkFirst(found, instruction),
          },
        );
      }
      for (const command of instruction.commands) {
        if (!/^(?:pwsh|powershell)(?:\.exe)?$/i.test(command.name)) continue;
        const word = command.args.find((a) => powerShellScript(a.source) !== undefined);
        if (word !== undefined) report(word, remoteText);
      }
    },
  },
});

const remoteText = "PowerShell runs downloaded text without a check";

function got(program: string, url: ShellWord | undefined): string {
  const host = urlHost(url?.source ?? "");
  return `${program} gets${host === undefined ? "" : ` from ${host}`}`;
}

/** `ADD https://…` of a file that a later RUN of the stage runs. */
function added(add: Copy, report: Report, file: string): void {
  if (!add.isAdd || add.flag("checksum") !== undefined) return;
  const commands = commandsBehind(add.stage?.instructions ?? [], add);
  for (const url of add.sources) {
    if (!/^(?:https?|ftp):\/\//i.test(url.text)) continue;
    const destination = add.destination?.text ?? "";
    const paths = [destination, `${destination.replace(/\/?\.?$/, "")}/${urlFileName(url.text)}`];
    const runner = commands.find((c) => paths.some((p) => samePath(programPath(c) ?? "", p)));
    if (
      runner === undefined ||
      isVerified(
        programPath(runner) ?? "",
        commands.filter((c) => c.start < runner.start),
        [],
      )
    )
      continue;
    const host = urlHost(url.text);
    report(
      url,
      `${runner.program?.source ?? ""} runs what ADD gets${host === undefined ? "" : ` from ${host}`} without a check`,
      {
        related: [{ file, span: runner, note: "run here" }],
        fix: () => ({
          title: "Check the download's checksum",
          applicability: "guided",
          edits: [add.addFlag(`--checksum=sha256:${choice(1, "<sha256>")}`)],
        }),
      },
    );
  }
}

function inPowerShell(instruction: RunningInstruction, report: Report): void {
  const found = powerShellScript(instruction.rest.text);
  if (found === undefined) return;
  const { rest, origin } = instruction;
  report(new Located(origin, rest.startOf(found.from), rest.endOf(found.to)), remoteText);
}
