import { rule, type Command, type Edit, type Fix, type Run } from "../../engine/index";
import { download, samePath, savedPath, verifies } from "../shared/downloads";
import { distribution } from "../shared/images/users";

export default rule({
  id: "dockerfile/pipefail-missing",
  kind: "dockerfile",
  severity: "info",
  principle: "supply-chain",
  summary: "Failure at the left of a pipe goes unnoticed",
  why: `A pipe has the exit status of its last command. Where \`curl\` breaks off half-way, or a signature check fails, the build
goes on with what came through: a cut-off script still runs the part that arrived, and an empty list of keys is installed
without a word. With \`pipefail\` the build stops.`,
  refs: ["CWE-252"],
  covers: ["hadolint:DL4006", "kics:shell_running_a_pipe_without_pipefail_flag", "semgrep:set-pipefail"],
  fix: "safe",
  examples: [
    {
      bad: "FROM alpine:3.23\nRUN apk add tar && «wget» -qO- https://example.com/a.txt | gpg --import\n",
      fixed:
        "FROM alpine:3.23\nRUN set -o pipefail && apk add tar && wget -qO- https://example.com/a.txt | gpg --import\n",
      note: "Alpine's ash knows pipefail",
    },
    {
      bad: 'FROM debian:13-slim\n\nRUN «curl» -fsSL https://example.com/a.txt | gpg --import\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.com/a.txt | gpg --import\n',
      fixed:
        'FROM debian:13-slim\n\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.com/a.txt | gpg --import\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.com/a.txt | gpg --import\n',
      note: "dash does not know it",
    },
    {
      bad: 'FROM debian:13-slim\nSHELL ["/bin/bash", "-c"]\nRUN <<EOF\n  V=$(«curl» -s https://example.com/v | head -n 1)\nEOF\n',
      fixed:
        'FROM debian:13-slim\nSHELL ["/bin/bash", "-c"]\nRUN <<EOF\nset -o pipefail\n  V=$(curl -s https://example.com/v | head -n 1)\nEOF\n',
    },
    {
      bad: 'FROM debian:13-slim\nSHELL ["/bin/sh", "-o", "pipefail", "-c"]\nRUN «git» log -1 | tee /v\n',
      note: "dash takes the option for nothing",
    },
    { good: 'FROM alpine:3.23\nSHELL ["/bin/sh", "-o", "pipefail", "-c"]\nRUN git log -1 | tee /v\n' },
    { good: "FROM alpine:3.23\nRUN set -eux -o pipefail; wget -qO- https://example.com/a.txt | gpg --import\n" },
    {
      good: "FROM debian:13-slim\nRUN <<EOT bash\nset -euo pipefail\ncurl -fsSL https://example.com/a.txt | gpg --import\nEOT\n",
      note: "set in the heredoc",
    },
    { good: "FROM debian:13-slim\nRUN bash -o pipefail -c 'curl -fsSL https://example.com/a.txt | gpg --import'\n" },
    {
      good: 'FROM alpine:3.23\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nRUN wget -qO- https://example.com/a.txt | gpg --import\n',
    },
    {
      good: 'FROM debian:13-slim AS a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM a\nRUN curl -fsSL https://example.com/a.txt | gpg --import\n',
      note: "a stage inherits its base's shell",
    },
    { good: "FROM alpine:3.23\nRUN set -o pipefail; curl -fs https://example.com/ | grep -q ok\n" },
    { good: "FROM alpine:3.23\nRUN [[ a =~ a|b ]] || echo 'curl x | tar x'\n" },
    { good: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN curl.exe https://example.com/a | findstr a\n" },
  ],
  check: {
    run(run, report) {
      const open = run.commands.filter(
        (c) => c.downstream !== undefined && c.upstream === undefined && !failsWhole(c, run),
      );
      const hiding = open.filter((c) => !answers(c.pipeline[c.pipeline.length - 1]));
      const wanted = hiding.flatMap((c) => c.pipeline.slice(0, -1)).find((c) => fetches(c, run.commands));
      const first = wanted ?? open.find((c) => c.name !== "echo" && c.name !== "printf");
      if (first?.program === undefined) return;
      report(
        first.program,
        `The build does not notice when ${first.name} fails: the pipe behind it hides its exit status`,
        {
          ...(wanted === undefined ? { preset: "strict" as const } : {}),
          fix: () => pipefail(run, first),
        },
      );
    },
  },
});

const sources = /^(?:curl|wget|gpg2?|openssl|git|sha(?:1|224|256|384|512)sum|shasum)$/;

/** Brings something in from outside, or checks it. */
function fetches(command: Command, all: readonly Command[]): boolean {
  if (sources.test(command.name)) return true;
  if (command.name !== "cat" && command.name !== "tar") return false;
  const files = all.map(download).flatMap((d) => (d === undefined ? [] : (savedPath(d) ?? [])));
  return command.args.some((a) => files.some((f) => samePath(f, a.source)));
}

/** Fails on its own where nothing, or something else, comes through the pipe. */
const answers = (last: Command | undefined): boolean =>
  last !== undefined &&
  ((/^[ef]?grep$/.test(last.name) && !last.args.some((a) => /^-[a-zA-Z]*[vcL]/.test(a.source))) ||
    (/^(?:sha\d+sum|shasum|md5sum)$/.test(last.name) && verifies(last)));

const hasPipefail = (words: readonly { readonly source: string }[]): boolean =>
  words.some((w) => w.source === "pipefail");

/** Whether a failure anywhere in the command's pipeline fails it, or nobody can tell. */
function failsWhole(command: Command, run: Run): boolean {
  for (let c: Command | undefined = command; c !== undefined; c = c.parent) {
    if (c.parent !== undefined && hasPipefail(c.parent.args)) return true;
  }
  if (run.commands.some((s) => s.name === "set" && s.start < command.start && hasPipefail(s.args))) return true;
  if (/^#!.*\bpipefail\b/.test(run.heredocs[0] === undefined ? "" : run.heredocBody(run.heredocs[0]).text.trimStart()))
    return true;
  if (run.form === "exec") return hasPipefail(run.words.map((w) => ({ source: w.text })));
  const knows = knowsPipefail(run);
  return run.shell.options.some((o) => o === "pipefail") && knows !== false;
}

/** Whether the shell of the RUN has the option; undefined where the image does not tell. */
function knowsPipefail(run: Run): boolean | undefined {
  const { program } = run.shell;
  if (program !== "sh") return program !== "dash";
  const image = run.stage?.rootImage;
  const shell = image === undefined ? "unknown" : distribution(image).shell;
  return shell === "unknown" || shell === "none" ? undefined : shell !== "dash";
}

/** Commands that stop reading early, or whose failure is an answer: with pipefail they fail the build. */
const early = /^(?:head|[ef]?grep|yes|awk|gawk|mawk|sed|diff|cmp)$/;

function pipefail(run: Run, first: Command): Fix | undefined {
  if (run.form === "exec" || first.position === "nested") return undefined;
  const knows = knowsPipefail(run);
  if (knows === undefined) return undefined;
  if (!knows) return withBash(run);
  const calm = run.commands.every(
    (c) => (c.upstream === undefined && c.downstream === undefined) || !early.test(c.name),
  );
  const edit = inFront(run);
  return edit === undefined
    ? undefined
    : { title: "Fail when any part of the pipe fails", applicability: calm ? "safe" : "unsafe", edits: [edit] };
}

function inFront(run: Run): Edit | undefined {
  const [document] = run.heredocs;
  const [command] = run.commands;
  if (document === undefined) {
    const at = run.origin.at + run.rest.startOf(0);
    return { span: { start: at, end: at }, text: "set -o pipefail && " };
  }
  const body = run.heredocBody(document);
  if (command === undefined || command.start < body.start || body.text.trimStart().startsWith("#!")) return undefined;
  const terminator = run.file.text.slice(0, body.start).endsWith("\r\n") ? "\r\n" : "\n";
  return { span: { start: body.start, end: body.start }, text: `set -o pipefail${terminator}` };
}

/** Images on Debian and Ubuntu have bash, but `/bin/sh` is dash. */
function withBash(run: Run): Fix | undefined {
  const first = run.stage?.instructions.find((i) => i.keyword === "RUN");
  if (first === undefined || run.shell.instruction !== undefined || run.onbuild !== undefined) return undefined;
  return {
    title: "Run the stage's commands by bash with pipefail",
    applicability: "unsafe",
    edits: [first.insertBefore('SHELL ["/bin/bash", "-o", "pipefail", "-c"]')],
  };
}
