import {
  choice,
  rule,
  type Command,
  type Edit,
  type Fix,
  type Report,
  type ShellWord,
  type Span,
} from "../../engine/index";
import { runs, settings, type Setting } from "../shared/environment";
import { writtenTexts } from "../shared/file-texts";

export default rule({
  id: "dockerfile/weak-crypto-policy",
  kind: "dockerfile",
  severity: "warning",
  principle: "encrypt",
  summary: "TLS or cryptography lowered below today's standards",
  why: `Every program of the image that follows the system's policy then speaks protocols and ciphers that are broken: somebody
on the path who can force an old version reads what was meant to be secret. Mostly one old server is the reason. Renew that
server, or lower the setting for that one connection only.`,
  refs: ["CWE-326", "CWE-327"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: "FROM almalinux:9\nRUN update-crypto-policies --set «LEGACY»\n",
      fixed: "FROM almalinux:9\nRUN update-crypto-policies --set DEFAULT\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN sed -i 's/SECLEVEL=2/«SECLEVEL=1»/' /etc/ssl/openssl.cnf && printf '[s]\\n«MinProtocol = TLSv1.0»\\n' >> /etc/ssl/openssl.cnf\n",
      fixed:
        "FROM debian:13-slim\nRUN sed -i 's/SECLEVEL=2/SECLEVEL=2/' /etc/ssl/openssl.cnf && printf '[s]\\nMinProtocol = TLSv1.2\\n' >> /etc/ssl/openssl.cnf\n",
    },
    {
      bad: "FROM node:24-slim\nENV A=1 «NODE_OPTIONS=--openssl-legacy-provider»\n",
      fixed: "FROM node:24-slim\nENV A=1\n",
    },
    {
      bad: 'FROM node:24-slim\nRUN NODE_OPTIONS="--max-old-space-size=4096 «--openssl-legacy-provider»" npm run build\nCMD ["node", «"--tls-min-v1.0"», "app.js"]\n',
      fixed: 'FROM node:24-slim\nRUN NODE_OPTIONS="--max-old-space-size=4096" npm run build\nCMD ["node", "app.js"]\n',
    },
    {
      bad: "FROM almalinux:10\nRUN ssh -o «KexAlgorithms=+diffie-hellman-group1-sha1» git@example.com && java «-Dhttps.protocols=TLSv1,TLSv1.1» -jar /a.jar\n",
      fixed: "FROM almalinux:10\nRUN ssh git@example.com && java -jar /a.jar\n",
    },
    { good: "FROM almalinux:9\nRUN update-crypto-policies --set FUTURE && update-crypto-policies --show\n" },
    {
      good: "FROM debian:13-slim\nRUN sed -i 's/SECLEVEL=1/SECLEVEL=2/; s/MinProtocol = TLSv1$/MinProtocol = TLSv1.2/' /etc/ssl/openssl.cnf\n",
      note: "raises it",
    },
    {
      good: 'FROM node:24-slim\nENV NODE_OPTIONS="--tls-min-v1.2 --max-old-space-size=4096" JAVA_OPTS="-Dhttps.protocols=TLSv1.2,TLSv1.3"\n',
    },
    {
      good: "FROM debian:13-slim\nRUN echo 'SECLEVEL=1 is weak' && ssh -o KexAlgorithms=-diffie-hellman-group1-sha1 git@example.com\n",
      note: "only printed; taken out",
    },
  ],
  check: {
    instruction(instruction, report) {
      for (const setting of settings(instruction, holdsOptions)) inSetting(setting, instruction.file.text, report);
      if (!runs(instruction)) return;
      for (const command of instruction.commands) {
        policy(command, report);
        for (const word of printers.has(command.name) ? [] : command.args) {
          if (!/^[-Kk]/.test(word.source)) continue;
          if (!weakOption.test(word.source) && !weakKex.test(word.source)) continue;
          report(word, `${command.program?.source ?? ""} may use broken cryptography: ${word.source}`, {
            fix: () => removed(command, word),
          });
        }
        inWrittenText(command, report);
      }
    },
  },
});

const holdsOptions = (name: string): boolean => /OPTIONS|OPTS|ARGS|FLAGS/.test(name);
const printers = new Set(["echo", "printf", "sed", "grep", "cat"]);

/** Options of node and java. */
const weakOption =
  /^(?:--openssl-legacy-provider|--tls-(?:min|max)-v1\.[01]|-D(?:https\.protocols|jdk\.tls\.client\.protocols)=(?:[^,]*,)*(?:SSLv3|TLSv1(?:\.1)?)(?:,.*)?)$/;
const weakOptions =
  /(?:^|[\s"'=])(--openssl-legacy-provider|--tls-(?:min|max)-v1\.[01](?!\d)|-D(?:https\.protocols|jdk\.tls\.client\.protocols)=(?:[^,\s"']*,)?(?:SSLv3|TLSv1(?:\.1)?)(?![.\w])[^\s"']*)/;
const weakKex = /^(?:-o)?KexAlgorithms[ =]\+?(?:[^,-][^,]*,)*diffie-hellman-group1-sha1/i;

function inSetting(setting: Setting, text: string, report: Report): void {
  if (!setting.value.known) return;
  const written = text.slice(setting.start, setting.end);
  const match = weakOptions.exec(written);
  const option = match?.[1];
  if (match === null || option === undefined) return;
  const start = setting.start + match.index + match[0].length - option.length;
  const alone = setting.value.value.trim() === option;
  const blank = /\s$/.test(text.slice(0, start)) ? 1 : 0;
  const edit: Edit = { span: { start: start - blank, end: start + option.length }, text: "" };
  report(
    alone ? setting : { start, end: start + option.length },
    `${setting.name} lowers cryptography for every program that reads it: ${option}`,
    {
      fix: () => {
        const edits = alone ? setting.remove() : [edit];
        return edits === undefined ? undefined : { title: `Remove ${option}`, applicability: "unsafe", edits };
      },
    },
  );
}

function removed(command: Command, word: ShellWord): Fix {
  const index = command.args.findIndex((a) => a.start === word.start);
  const before = command.args[index - 1];
  const edit = command.removeWord(word);
  const span =
    before?.source === "-o" ? { start: command.removeWord(before).span.start, end: edit.span.end } : edit.span;
  return { title: `Remove ${word.source}`, applicability: "unsafe", edits: [{ span, text: "" }] };
}

function policy(command: Command, report: Report): void {
  if (command.name !== "update-crypto-policies" || !command.args.some((a) => a.source === "--set")) return;
  const word = command.args.find((a) => /(?:^|:)(?:LEGACY|SHA1|AD-SUPPORT-LEGACY)(?:$|:)/i.test(a.source));
  if (word !== undefined)
    report(word, `The system's crypto policy is set to ${word.source}`, { fix: () => better(word, "DEFAULT") });
}

const better = (at: Span, value: string): Fix => ({
  title: `Use ${value}`,
  applicability: "guided",
  edits: [{ span: { start: at.start, end: at.end }, text: choice(1, value) }],
});

const oldProtocols: readonly { readonly name: string; readonly written: RegExp }[] = [
  { name: "SSLv3", written: /\bSSLv3\b/ },
  { name: "TLSv1", written: /\bTLSv1\b(?!\\?\.\d)/ },
  { name: "TLSv1.1", written: /\bTLSv1\\?\.1\b/ },
];

interface Line {
  readonly line: RegExp;
  readonly better?: (text: string) => string;
}

const lines: readonly Line[] = [
  { line: /(SECLEVEL\s?=\s?[01])(?!\d)/, better: (t) => t.replace(/[01]$/, "2") },
  {
    line: /(MinProtocol\s?=\s?(?:TLSv1(?:\.[01])?|SSLv3|None))(?![.\d])/i,
    better: (t) => t.replace(/\s?=.*/s, " = TLSv1.2"),
  },
  { line: /(Unsafe(?:Legacy(?:Server)?(?:Renegotiation|Connect)))/ },
  { line: /(jdk\.(?:tls|certpath)\.disabledAlgorithms=)\s*$/ },
  { line: /((?:KexAlgorithms)[ =]\+?(?:[^,\s-][^,\s]*,){0,60}diffie-hellman-group1-sha1)/i },
];

function inWrittenText(command: Command, report: Report): void {
  for (const written of writtenTexts(command)) {
    for (const { line, better: improve } of lines) {
      const match = line.exec(written.text);
      const setting = match?.[1];
      if (match === null || setting === undefined) continue;
      const place = written.span(match.index, match.index + setting.length);
      report(place, `${setting} lowers cryptography for every program that reads ${written.target ?? "the file"}`, {
        fix: () =>
          improve === undefined
            ? undefined
            : {
                title: `Write ${improve(setting)}`,
                applicability: "unsafe",
                edits: [{ span: place, text: improve(setting) }],
              },
      });
    }
    if (written.replaces === undefined) continue;
    const version = /MinProtocol|TLSv1\\?\.[23]/.test(written.replaces)
      ? /(?:TLSv1(?:\.[01])?|SSLv3)(?![.\d])/.exec(written.text)
      : null;
    if (version !== null && !written.text.includes("MinProtocol")) {
      const place = written.span(version.index, version.index + version[0].length);
      report(place, `${version[0]} lowers cryptography for every program that reads ${written.target ?? "the file"}`, {
        fix: () => ({ title: "Write TLSv1.2", applicability: "unsafe", edits: [{ span: place, text: "TLSv1.2" }] }),
      });
    }
    if (!/java\.security$/.test(written.target ?? "") || /disabledAlgorithms=\s*$/.test(written.text)) continue;
    const dropped = oldProtocols.filter((p) => p.written.test(written.replaces ?? "") && !p.written.test(written.text));
    if (dropped.length === 0) continue;
    const place = written.text === "" ? command : written.span(0, written.text.length);
    report(place, `${dropped.map((p) => p.name).join(" and ")} taken off Java's list of disabled protocols`);
  }
}
