import {
  Cmd,
  type Command,
  Entrypoint,
  readOptions,
  type Redirect,
  Run,
  rule,
  type RunningInstruction,
  type Span,
  type Stage,
} from "../../engine/index";
import { isDevelopmentStage, startInstructions } from "../shared/stages";

/** Where the container's own output is, under its many names. */
const standardOutput =
  /^(?:-|\/dev\/(?:stdout|stderr|tty|console|fd\/[12])|\/proc\/(?:1|self)\/fd\/[12]|(?:std|sys\.std)(?:out|err)|syslog|)$/i;

/** Options whose value is the file that a server logs to (gunicorn, celery, supervisord, mongod, glog and others). */
const logOptions = ["--logfile", "--log-file", "--access-logfile", "--error-logfile", "--logpath"];

/** Programs that set something up or print something, and are over at once. */
const brief = new Set([
  "cat",
  "cp",
  "date",
  "echo",
  "env",
  "envsubst",
  "export",
  "ln",
  "mkdir",
  "mv",
  "openssl",
  "printenv",
  "printf",
  "rm",
  "sed",
  "sleep",
  "ssh-keygen",
  "tail",
  "tee",
  "touch",
  "which",
]);

/** Commands that stay: the last of the text, those in the background, and what a shell makes way for. */
function stays(command: Command, all: readonly Command[]): boolean {
  if (brief.has(command.name)) return false;
  const exec = command.wrappers.some(({ name }) => name === "exec" || name === "nohup");
  const last = all.filter((c) => c.position === command.position && c.position !== "substitution").at(-1);
  return command.background || exec || last?.pipeline.includes(command) === true;
}

const isOutput = ({ operator }: Redirect): boolean => /^(?:[12]?>>?\|?|&>>?|>&)$/.test(operator);

/** The log files that lead to the container's output all the same: linked to it, or printed by a `tail -f`. */
function shownFiles(stage: Stage, start: RunningInstruction): readonly string[] {
  const running = stage.history.filter((i) => i instanceof Run).flatMap((i) => i.commands);
  const links = running.filter(
    (c) => c.name === "ln" && c.args.some((a) => a.source.startsWith("/") && standardOutput.test(a.source)),
  );
  const tails = start.commands.filter(
    (c) => c.name === "tail" && c.args.some((a) => /^(?:-[^\WfF]*[fF]\w*|--follow.*)$/.test(a.source)),
  );
  return [...links, ...tails].flatMap((c) => c.args.map((a) => a.source));
}

/** The whole redirect with the blanks before it. */
const withoutRedirect = (redirect: Redirect, text: string): Span => {
  let { start } = redirect;
  while (text[start - 1] === " " || text[start - 1] === "\t") start--;
  return { start, end: redirect.end };
};

export default rule({
  id: "dockerfile/log-redirected-to-file",
  kind: "dockerfile",
  severity: "info",
  principle: "observability",
  summary: "Program's output kept from the container's log",
  why: `What goes to a file inside the container, or to \`/dev/null\`, is seen by no log driver and no SIEM, fills the writable layer and
is gone with the container. Whoever breaks in leaves no trace that outlives a restart. Write to standard output and standard
error; the platform collects both.`,
  refs: ["CIS 2.13", "CWE-778"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: "FROM node:24-slim\nUSER node\nCMD exec node app.js «>> /var/log/app.log» 2>&1\n",
      fixed: "FROM node:24-slim\nUSER node\nCMD exec node app.js 2>&1\n",
    },
    {
      bad: 'FROM node:24-slim\nUSER node\nCMD ["sh", "-c", "node app.js «2>/dev/null»"]\n',
      fixed: 'FROM node:24-slim\nUSER node\nCMD ["sh", "-c", "node app.js"]\n',
    },
    {
      bad: 'FROM python:3.14-slim\nUSER 1000\nENTRYPOINT ["celery", "worker", «"--logfile=/var/log/celery.log"», "-l", "info"]\n',
      fixed: 'FROM python:3.14-slim\nUSER 1000\nENTRYPOINT ["celery", "worker", "-l", "info"]\n',
    },
    {
      bad: 'FROM python:3.14-slim\nUSER 1000\nCMD ["gunicorn", «"--access-logfile", "/var/log/access.log"», "app:app"]\n',
      fixed: 'FROM python:3.14-slim\nUSER 1000\nCMD ["gunicorn", "app:app"]\n',
    },
    { good: "FROM node:24-slim\nUSER node\nCMD exec node app.js > /dev/stdout 2> /proc/1/fd/2\n" },
    {
      good: 'FROM python:3.14-slim\nUSER 1000\nCMD ["gunicorn", "--access-logfile", "-", "--error-logfile=-", "app:app"]\n',
    },
    {
      good: "FROM node:24-slim\nUSER node\nRUN ln -sf /dev/stdout /var/log/app.log\nCMD exec node app.js > /var/log/app.log\n",
      note: "the file is a link to the output",
    },
    {
      good: "FROM node:24-slim\nUSER node\nCMD node app.js > /tmp/app.log & exec tail -F /tmp/app.log\n",
      note: "the file is printed",
    },
    {
      good: "FROM node:24-slim\nUSER node\nCMD echo $KEY > /tmp/key && which node > /dev/null && exec node app.js\n",
      note: "setup",
    },
    {
      good: "FROM node:24-slim AS test\nUSER node\nCMD exec node test.js > /out.txt\nFROM scratch\nUSER 1000\n",
      note: "not shipped",
    },
    { good: "FROM node:24-slim\nUSER node\nRUN node build.js > /dev/null\nCMD exec node app.js > $LOG\n" },
  ],
  check: {
    command(command, start, report, context) {
      const mayLog = command.redirects.length > 0 || command.args.some((a) => a.source.startsWith("--"));
      if (!mayLog || !(start instanceof Cmd || start instanceof Entrypoint)) return;
      const stage = start.file.shippedStages.find((s) => startInstructions(s).includes(start));
      if (stage === undefined || start.onbuild !== undefined || isDevelopmentStage(stage, context.file)) return;
      let shown: readonly string[] | undefined;
      const isShown = (file: string): boolean => {
        shown ??= shownFiles(stage, start);
        return shown.includes(file);
      };
      const isLost = (file: string | undefined): file is string =>
        file !== undefined &&
        !file.includes("$") &&
        !/^\/dev\/(?!null$)/.test(file) &&
        !/^\d+$/.test(file) &&
        !standardOutput.test(file) &&
        !isShown(file);
      const tell = (at: Span, file: string, title: string, edit: Span): void =>
        report(at, `The log driver does not see what ${command.name} writes to ${file}`, {
          fix: () => ({ title, applicability: "unsafe", edits: [{ span: edit, text: "" }] }),
        });
      for (const redirect of stays(command, start.commands) ? command.redirects.filter(isOutput) : []) {
        const file = redirect.target?.text;
        if (isLost(file)) tell(redirect, file, "Remove the redirect", withoutRedirect(redirect, start.file.text));
      }
      const options = readOptions(command, { long: logOptions });
      for (const option of options.all(...logOptions)) {
        const { value, valueWord } = option;
        // supervisord's own log repeats what its programs print.
        if (!isLost(value) || valueWord === undefined || (value === "/dev/null" && command.name === "supervisord"))
          continue;
        tell(
          { start: option.start, end: Math.max(option.end, valueWord.end) },
          value,
          `Remove ${option.name}`,
          option.remove().span,
        );
      }
    },
  },
});
