import { Cmd, type Command, Entrypoint, type Extra, type Fix, type Report, rule } from "../../engine/index";
import { startInstructions } from "../shared/stages";

type Start = Cmd | Entrypoint;

/** What only a shell knows how to run. */
const builtins = new Set([
  ".",
  ":",
  "alias",
  "bg",
  "cd",
  "eval",
  "exit",
  "export",
  "fg",
  "jobs",
  "read",
  "return",
  "set",
  "shift",
  "source",
  "trap",
  "type",
  "ulimit",
  "umask",
  "unset",
  "wait",
]);

const topLevel = (start: Start): readonly Command[] =>
  start.commands.filter((c) => c.parent === undefined && c.position === "script");

/** The one command that the text is, with its redirects and nothing else; undefined for chains, pipes, assignments. */
function onlyCommand(start: Start): Command | undefined {
  const { script } = start;
  const [command, second] = topLevel(start);
  if (script === undefined || script.broken || command === undefined || second !== undefined) return undefined;
  const { assignments, redirects, documents, background } = command;
  if (script.assignments.length + assignments.length + documents.length > 0 || background) return undefined;
  const { text, excerpt, origin } = script;
  const from = origin.at + excerpt.startOf(text.length - text.trimStart().length);
  const to = origin.at + excerpt.endOf(text.trimEnd().length);
  const program = command.written[0]?.text;
  const isProgram = program !== undefined && program !== "" && !/\s/.test(program) && !builtins.has(program);
  const end = Math.max(command.end, ...redirects.map((redirect) => redirect.end));
  return isProgram && command.start === from && end === to ? command : undefined;
}

/** Nothing in the words is left for a shell to work out. */
const isPlain = ({ written, redirects }: Command): boolean =>
  redirects.length === 0 &&
  written.every((word) => word.text !== undefined && (word.quoted || !/[*?[\]{}~]/.test(word.raw)));

const array = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;

/** `['node', 'app.js']` as JSON; undefined where more than quotes and commas is wrong. */
function asJson(text: string): string | undefined {
  const isList =
    /^\[\s*(?:(?:'[^'"\\]*'|"[^'"\\]*"|[“”][^“”"'\\]*[“”]|[‘’][^‘’"'\\]*[‘’])(?:\s*,\s*|\s*(?=\])))+\]$/.test(text);
  return isList ? array([...text.matchAll(/['"“”‘’]([^'"“”‘’]*)['"“”‘’]/g)].map((match) => match[1] ?? "")) : undefined;
}

/** Writes the arguments anew; undefined where a comment between the lines would be lost. */
function rewrite(start: Start, title: string, applicability: Fix["applicability"], text: string): Fix | undefined {
  if (start.file.comments.some((comment) => start.start < comment.at && comment.at < start.end)) return undefined;
  const span = { start: start.node.at + start.rest.startOf(0), end: start.end };
  return { title, applicability, edits: [{ span, text }] };
}

/** CMD is no part of a shell-form ENTRYPOINT, but becomes its arguments in exec form. */
function execForm(start: Start, command: Command): Fix | undefined {
  const changes = start instanceof Entrypoint && start.stage?.last(Cmd) !== undefined;
  const words = command.written.map((word) => word.text ?? "");
  return rewrite(start, "Use the exec form", changes ? "unsafe" : "safe", array(words));
}

function reportStart(start: Start, report: Report): void {
  const { keyword, rest, file } = start;
  const isEffective =
    start.onbuild === undefined && file.shippedStages.some((stage) => startInstructions(stage).includes(start));
  if (!isEffective || start.form === "exec" || rest.text === "" || file.escape === "`") return;
  if (start.shell.family !== "posix" || start.shell.instruction !== undefined) return;
  const tell = (message: string, extra: Extra): void => report(start.keywordSpan, message, extra);
  if (/^\[\s*['"“”‘’]/.test(rest.text)) {
    const json = asJson(rest.text);
    const fix = (): Fix | undefined =>
      json === undefined ? undefined : rewrite(start, "Write it as JSON", "unsafe", json);
    tell(`The ${keyword} looks like a list but is no JSON: a shell runs it as text`, { fix });
    return;
  }
  const last = topLevel(start).at(-1);
  if (/^exec\s/.test(rest.text) || last?.wrappers.some(({ name }) => name === "exec") === true) return;
  const command = onlyCommand(start);
  const name = command?.name || "the program";
  const ignored = start instanceof Entrypoint ? ", and arguments of docker run are ignored" : "";
  const message = `${keyword} starts a shell around ${name}: the signal to stop may not reach it${ignored}`;
  if (command === undefined) tell(message, { severity: "hint" });
  else if (isPlain(command)) tell(message, { fix: () => execForm(start, command) });
  else {
    const edits = [command.insertBefore("exec ")];
    tell(message, {
      severity: "hint",
      fix: () => ({ title: "Let the shell make way with exec", applicability: "safe", edits }),
    });
  }
}

export default rule({
  id: "dockerfile/shell-form-command",
  kind: "dockerfile",
  severity: "info",
  principle: "availability",
  summary: "Program started through a shell instead of directly",
  why: `In shell form \`/bin/sh -c\` is the container's first process. The signal to stop reaches the shell, the program is killed after
the grace period in the middle of its requests, and every argument meets a shell that an attacker can play with and that a
hardened image could do without. Write a JSON array; where a shell is needed to expand something, let it \`exec\` the program.`,
  refs: ["CWE-573"],
  covers: [
    "hadolint:DL3025",
    "buildkit:JSONArgsRecommended",
    "kics:not_using_json_in_cmd_and_entrypoint_arguments",
    "semgrep:prefer-json-notation",
  ],
  fix: "safe",
  examples: [
    {
      bad: "FROM node:24-slim\nUSER node\n«CMD» node 'my app.js'\n",
      fixed: 'FROM node:24-slim\nUSER node\nCMD ["node", "my app.js"]\n',
    },
    {
      bad: 'FROM alpine:3.23\nUSER 1000\n«ENTRYPOINT» /app --serve \\\n  --quiet\nCMD ["--help"]\n',
      fixed: 'FROM alpine:3.23\nUSER 1000\nENTRYPOINT ["/app", "--serve", "--quiet"]\nCMD ["--help"]\n',
      note: "unsafe here: the CMD that was ignored becomes its arguments",
    },
    {
      bad: "FROM node:24-slim\nUSER node\n«CMD» node app.js --port $PORT\n",
      fixed: "FROM node:24-slim\nUSER node\nCMD exec node app.js --port $PORT\n",
      severity: "hint",
    },
    { bad: "FROM node:24-slim\nUSER node\n«CMD» node migrate.js && node app.js\n", severity: "hint" },
    {
      bad: "FROM node:24-slim\nUSER node\n«CMD» ['node', 'app.js']\n",
      fixed: 'FROM node:24-slim\nUSER node\nCMD ["node", "app.js"]\n',
      note: "no JSON",
    },
    { good: 'FROM node:24-slim\nUSER node\nENTRYPOINT ["node"]\nCMD ["app.js"]\n' },
    { good: "FROM node:24-slim\nUSER node\nCMD exec node app.js $PORT\n" },
    { good: "FROM node:24-slim\nUSER node\nCMD node migrate.js && exec node app.js\n" },
    { good: 'FROM debian:13-slim\nUSER 1000\nSHELL ["/bin/bash", "-c"]\nCMD /app\n', note: "the shell was chosen" },
    { good: "FROM node:24-slim AS build\nCMD npm test\nFROM scratch\nUSER 1000\n", note: "not shipped" },
    {
      good: "FROM alpine:3.23\nUSER 1000\nHEALTHCHECK CMD wget -q --spider http://127.0.0.1:8080/\nONBUILD CMD /app\n",
    },
    { good: "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2025\nUSER ContainerUser\nCMD app.exe\n" },
  ],
  check: {
    cmd: reportStart,
    entrypoint: reportStart,
  },
});
