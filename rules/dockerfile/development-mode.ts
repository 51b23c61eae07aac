import {
  choice,
  dirname,
  join,
  rule,
  Run,
  type Command,
  type Context,
  type Fix,
  type Pair,
  type Report,
  type RunningInstruction,
} from "../../engine/index";
import { developmentMode } from "../shared/development-modes";
import { developmentServer, scriptsOf, type DevelopmentServer } from "../shared/development-servers";
import { isFinalValue, purposeOf, startsContainer } from "../shared/final-values";
import { buildAt } from "../shared/ignore-files";

function variable(pair: Pair, report: Report, context: Context): void {
  const { value, name, instruction } = pair;
  const mode = value && developmentMode(name.text, value.text);
  if (mode === undefined || value === undefined || !isFinalValue(pair)) return;
  const purpose = purposeOf(instruction, context.file);
  if (purpose === "nothing") return;
  report(value, `${name.text}=${value.text} runs the image in development mode`, {
    severity: purpose === "product" ? "warning" : "info",
    fix: () => production(pair, mode.production),
  });
}

function production(pair: Pair, text: string | undefined): Fix | undefined {
  const { value, instruction } = pair;
  if (value === undefined) return undefined;
  const span = { start: value.start, end: value.end };
  if (text === undefined) {
    return {
      title: "Use a profile for production",
      applicability: "guided",
      edits: [{ span, text: choice(1, "prod") }],
    };
  }
  // Steps behind it may install or build less in production.
  const isSeen = instruction.file.effective.some((i) => i instanceof Run && i.start > instruction.start);
  return {
    title: `Set ${pair.name.text} to ${text}`,
    applicability: isSeen ? "unsafe" : "safe",
    edits: [{ span, text }],
  };
}

function server(command: Command, instruction: RunningInstruction, report: Report, context: Context): void {
  if (!startsContainer(instruction)) return;
  const purpose = purposeOf(instruction, context.file);
  if (purpose === "nothing") return;
  const found = developmentServer(command, () => {
    const folder = buildAt(context)?.folder ?? dirname(context.file);
    return scriptsOf(context.project.text(join(folder, "package.json")));
  });
  if (found === undefined) return;
  const debug = instruction.stage?.variable("FLASK_DEBUG");
  const isOff =
    found.what.startsWith("flask") &&
    typeof debug === "object" &&
    debug.known &&
    /^(?:0|false|off|no)?$/i.test(debug.value);
  report(found.at, `${found.what} is a development server, and not made to face others`, {
    severity: isOff ? "hint" : purpose === "product" ? "warning" : "info",
    fix: () => better(found, command),
  });
}

function better({ instead, at }: DevelopmentServer, command: Command): Fix | undefined {
  const word = command.args.find((a) => a.end === at.end);
  const quoted = (text: string): string => (command.script.form === "exec" ? `"${text}"` : text);
  if (instead === "reload" && word !== undefined) {
    return { title: "Remove --reload", applicability: "unsafe", edits: [command.removeWord(word)] };
  }
  if (instead === "script" && word !== undefined) {
    const edits = [{ span: { start: word.start, end: word.end }, text: quoted(choice(1, "start")) }];
    return { title: "Run the script for production", applicability: "guided", edits };
  }
  if (instead !== "gunicorn") return undefined;
  const parts = ["gunicorn", "--bind", `0.0.0.0:${choice(1, "8000")}`, choice(2, "app:app")].map(quoted);
  const span = { start: command.words[0]?.start ?? command.start, end: command.words.at(-1)?.end ?? command.end };
  const text = parts.join(command.script.form === "exec" ? ", " : " ");
  return { title: "Serve it with Gunicorn", applicability: "guided", edits: [{ span, text }] };
}

export default rule({
  id: "dockerfile/development-mode",
  kind: "dockerfile",
  severity: "warning",
  principle: "exposure",
  summary: "The image runs in development mode",
  why: `Development servers and modes show stack traces, settings and source to whoever causes an error; the debugger of Werkzeug
(\`FLASK_DEBUG=1\`) even runs Python that is typed into the page. They take one request at a time and watch files, so they also fall
over first. Set the production mode in the image, and start the application with a server made for it.`,
  refs: ["CWE-489", "CWE-11"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: 'FROM node:24-slim\nENV PORT=80 NODE_ENV=«development»\nCMD ["node", "server.js"]\n',
      fixed: 'FROM node:24-slim\nENV PORT=80 NODE_ENV=production\nCMD ["node", "server.js"]\n',
    },
    {
      bad: 'FROM python:3.14-slim\nENV FLASK_DEBUG «1»\nEXPOSE 8000\nRUN ./setup\nCMD [«"flask", "run"», "--host", "0.0.0.0"]\n',
      fixed:
        'FROM python:3.14-slim\nENV FLASK_DEBUG 0\nEXPOSE 8000\nRUN ./setup\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n',
    },
    {
      bad: "FROM python:3.14-slim\nENTRYPOINT exec uvicorn app:app «--reload» --port 80\n",
      fixed: "FROM python:3.14-slim\nENTRYPOINT exec uvicorn app:app --port 80\n",
    },
    {
      bad: 'FROM node:24-slim\nCMD [«"npm", "start"»]\n-- package.json --\n{ "scripts": { "start": "react-scripts start" } }\n',
      note: "by the script of package.json",
    },
    {
      bad: 'FROM node:24-slim\nENTRYPOINT ["sh", "-c", "«npm run dev»"]\n',
      fixed: 'FROM node:24-slim\nENTRYPOINT ["sh", "-c", "npm run start"]\n',
    },
    {
      bad: "FROM eclipse-temurin:25-jre\nENV SPRING_PROFILES_ACTIVE=«dev,docker»\n",
      fixed: "FROM eclipse-temurin:25-jre\nENV SPRING_PROFILES_ACTIVE=prod\n",
      file: "Dockerfile.dev",
      severity: "info",
      note: "a file for development",
    },
    {
      good: 'FROM node:24-slim AS dev\nENV NODE_ENV=development\nCMD ["npm", "run", "dev"]\nFROM node:24-slim\nENV NODE_ENV=production\nCMD ["node", "a.js"]\n',
    },
    {
      good: "FROM node:24-slim AS base\nENV NODE_ENV=development\nFROM base\nENV NODE_ENV=production\n",
      note: "overwritten",
    },
    {
      good: "FROM node:24-slim\nARG NODE_ENV=development\nENV NODE_ENV=$NODE_ENV APP_ENV=$APP_ENV\n",
      note: "the caller says",
    },
    {
      good: 'FROM node:24-slim\nRUN npm run dev:codegen && vite build\nCMD ["vite", "preview"]\n',
      note: "while it is built",
    },
    {
      good: 'FROM node:24-slim\nCMD ["npm", "start"]\n-- package.json --\n{ "scripts": { "start": "node server.js" } }\n',
    },
    { good: "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCMD bin/rails server -b 0.0.0.0\n" },
    { good: 'FROM python:3.14-slim\nCMD ["gunicorn", "app:app", "--access-logfile", "-"]\n' },
  ],
  check: {
    env: (pair, _env, report, context) => variable(pair, report, context),
    command: server,
  },
});
