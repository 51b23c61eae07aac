import {
  Expose,
  Run,
  rule,
  type Fix,
  type Instruction,
  type Pair,
  type Related,
  type Report,
  type Span,
  type Word,
} from "../../engine/index";
import { debuggerCommand, debuggersIn, type OpenDebugger } from "../shared/debuggers";
import { writtenTexts } from "../shared/file-texts";
import { isFinalValue, purposeOf, startsContainer } from "../shared/final-values";

const ports = new Set([9229, 5005, 8000, 5678, 2345, 40000, 9003]);

/** The EXPOSE of the debugger's port. */
function exposed(instruction: Instruction, file: string): readonly Related[] {
  return (instruction.stage?.history ?? []).flatMap((i) =>
    i instanceof Expose
      ? i.ports
          .filter((p) => p.range !== undefined && p.range.first === p.range.last && ports.has(p.range.first))
          .map(({ word }) => ({ file, span: { start: word.start, end: word.end }, note: "and its port is exposed" }))
      : [],
  );
}

function speak(
  at: Span,
  what: string,
  fix: Fix | undefined,
  instruction: Instruction,
  report: Report,
  file: string,
): void {
  const purpose = purposeOf(instruction, file);
  if (purpose === "nothing") return;
  report(at, `The container opens ${what} to everybody who can reach it`, {
    severity: purpose === "product" ? "error" : "warning",
    related: exposed(instruction, file),
    fix: () => fix,
  });
}

const closing = (span: Span, { closed }: { readonly closed: string }): Fix => ({
  title: closed === "true" ? "Ask for a login" : "Listen on 127.0.0.1 only",
  applicability: "unsafe",
  edits: [{ span: { start: span.start, end: span.end }, text: closed }],
});

const placeIn = (word: Word, { from, to }: OpenDebugger): Span =>
  word.raw.length === word.to - word.from ? word.part(from, to) : word;

/** Xdebug connects to whoever asks for a page (`discover_client_host`), or to a fixed machine. */
const xdebug =
  /\bxdebug\.(?:remote_connect_back|discover_client_host) {0,9}= {0,9}"?(?:1|on|true|yes)\b|\bxdebug\.(?:client_host|remote_host) {0,9}= {0,9}"?(?!127\.|localhost|::1)[\w.-]+/i;
const xdebugVariable =
  /\b(?:remote_connect_back|discover_client_host)=(?:1|on|true|yes)\b|\b(?:client_host|remote_host)=(?!127\.|localhost)[\w.-]+/i;

function variable(pair: Pair, report: Report, file: string): void {
  const { value, instruction } = pair;
  if (value === undefined) return;
  const open = debuggersIn(value.raw, instruction.stage?.rootImage);
  const named = pair.name.text === "XDEBUG_CONFIG" || pair.name.text === "RUBY_DEBUG_HOST";
  if ((open.length === 0 && !named) || !isFinalValue(pair)) return;
  for (const found of open) {
    const at = placeIn(value, found);
    speak(at, found.what, at === value ? undefined : closing(at, found), instruction, report, file);
  }
  if (pair.name.text === "XDEBUG_CONFIG" && xdebugVariable.test(value.text))
    speak(value, "Xdebug", undefined, instruction, report, file);
  if (pair.name.text === "RUBY_DEBUG_HOST" && /^(?:0\.0\.0\.0|::)$/.test(value.text)) {
    speak(value, "Ruby's debugger", closing(value, { closed: "127.0.0.1" }), instruction, report, file);
  }
}

export default rule({
  id: "dockerfile/remote-debugger",
  kind: "dockerfile",
  severity: "error",
  principle: "exposure",
  summary: "A debugger waits for connections from other machines",
  why: `A debugger asks nobody for a password and runs whatever it is told: \`--inspect=0.0.0.0\` lets every container of the network
evaluate JavaScript in the service, with its database login and its files. Ship images without a debugger. To debug in a cluster,
open it on 127.0.0.1 and forward the port (\`kubectl port-forward\`), or build the stage for it under another target.`,
  refs: ["CWE-489", "CWE-306"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: 'FROM node:24-slim\nEXPOSE 9229\nCMD ["node", "--inspect=«0.0.0.0:9229»", "server.js"]\n',
      fixed: 'FROM node:24-slim\nEXPOSE 9229\nCMD ["node", "--inspect=127.0.0.1:9229", "server.js"]\n',
    },
    {
      bad: 'FROM eclipse-temurin:25-jre\nENV JAVA_TOOL_OPTIONS="-Xmx1g -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=«*:5005»"\n',
      fixed:
        'FROM eclipse-temurin:25-jre\nENV JAVA_TOOL_OPTIONS="-Xmx1g -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:5005"\n',
    },
    {
      bad: "FROM golang:1.27\nENTRYPOINT exec dlv exec --headless --listen «:2345» /shop\n",
      fixed: "FROM golang:1.27\nENTRYPOINT exec dlv exec --headless --listen 127.0.0.1:2345 /shop\n",
    },
    {
      bad: 'FROM eclipse-temurin:25-jre\nENTRYPOINT ["java", "-Dcom.sun.management.jmxremote.port=9010", "-Dcom.sun.management.jmxremote.authenticate=«false»", "-jar", "/a.jar"]\n',
      fixed:
        'FROM eclipse-temurin:25-jre\nENTRYPOINT ["java", "-Dcom.sun.management.jmxremote.port=9010", "-Dcom.sun.management.jmxremote.authenticate=true", "-jar", "/a.jar"]\n',
    },
    { bad: "FROM php:8.5-fpm\nRUN echo '«xdebug.discover_client_host=1»' >> $PHP_INI_DIR/conf.d/x.ini\n" },
    {
      bad: 'FROM python:3.14-slim\nCMD ["python", "-m", "debugpy", "--listen", "«0.0.0.0:5678»", "app.py"]\n',
      fixed: 'FROM python:3.14-slim\nCMD ["python", "-m", "debugpy", "--listen", "127.0.0.1:5678", "app.py"]\n',
      file: "Dockerfile.debug",
      severity: "warning",
      note: "a file for debugging",
    },
    {
      good: 'FROM node:24-slim\nCMD ["node", "--inspect", "--inspect-port=9229", "--inspect-brk=127.0.0.1", "a.js"]\n',
      note: "on this machine",
    },
    {
      good: "FROM eclipse-temurin:25-jre\nENV JAVA_OPTS=-agentlib:jdwp=transport=dt_socket,server=y,address=5005\n",
      note: "since Java 9 on this machine",
    },
    {
      good: 'FROM node:24-slim AS debug\nCMD ["node", "--inspect=0.0.0.0", "a.js"]\nFROM node:24-slim\nCMD ["node", "a.js"]\n',
      note: "not shipped",
    },
    {
      good: 'FROM node:24-slim\nENV NODE_OPTIONS=--inspect=0.0.0.0\nENV NODE_OPTIONS=""\nCMD node --inspect=0.0.0.0 a.js\nCMD ["node", "a.js"]\n',
      note: "taken back",
    },
    { good: "FROM node:24-slim\nEXPOSE 9229 5005\nRUN echo node --inspect=0.0.0.0\nCMD node --inspect=$HOST a.js\n" },
  ],
  check: {
    env: (pair, _env, report, context) => variable(pair, report, context.file),
    command(command, instruction, report, { file }) {
      if (instruction instanceof Run) {
        for (const written of writtenTexts(command)) {
          const found = xdebug.exec(written.text);
          if (found !== null)
            speak(
              written.span(found.index, found.index + found[0].length),
              "Xdebug",
              undefined,
              instruction,
              report,
              file,
            );
        }
        return;
      }
      if (!startsContainer(instruction)) return;
      for (const word of command.written) {
        for (const found of debuggersIn(word.raw, instruction.stage?.rootImage)) {
          const at = word.part(found.from, found.to);
          speak(at, found.what, closing(at, found), instruction, report, file);
        }
      }
      const own = debuggerCommand(command);
      if (own === undefined) return;
      const fix: Fix | undefined =
        own.edits.length === 0
          ? undefined
          : { title: "Listen on 127.0.0.1 only", applicability: "unsafe", edits: own.edits };
      speak(own.at, own.what, fix, instruction, report, file);
    },
  },
});
