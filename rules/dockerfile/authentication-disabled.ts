import {
  choice,
  cover,
  Env,
  rule,
  Run,
  type Command,
  type Copy,
  type Fix,
  type Instruction,
  type Pair,
  type Report,
  type RunningInstruction,
  type Span,
} from "../../engine/index";
import { writtenTexts } from "../shared/file-texts";
import { isFinalValue, purposeOf, startsContainer } from "../shared/final-values";
import { insecureConfigLine, insecureEnvironment, insecureOptions, type Switch } from "../shared/images/services";
import { removePair, secretId } from "../shared/secret-mount";
import { serviceOf } from "../shared/written-credentials";

/** Encryption and the like are other rules' matter. */
const opens = (found: Switch | undefined): found is Switch =>
  found !== undefined && (found.weakens === "authentication" || found.weakens === "authorization");

const what = ({ weakens }: Switch): string =>
  weakens === "authorization" ? "lets everybody do everything" : "lets everybody in without a login";

/** pg_hba.conf: whoever comes from another machine is taken for the user that they name. */
const trusted =
  /^\s*host(?:no)?(?:ssl|gssenc)?\s+\S+\s+\S+\s+(?!127\.|::1|localhost|samehost)\S+\s+(?:[\d.]+\s+)?trust\b/;

function variable(pair: Pair, report: Report, file: string): void {
  const { value, name, instruction } = pair;
  const text = pair.resolved.known && value !== undefined ? pair.resolved.value : undefined;
  const found = text === undefined ? undefined : insecureEnvironment(name.text, text, serviceOf(instruction.stage));
  if (!opens(found) || !isFinalValue(pair) || purposeOf(instruction, file) === "nothing") return;
  report(pair, `${name.text}=${text} ${what(found)}`, { severity: found.severity, fix: () => fixOf(pair) });
}

/** The image's own password takes its place, from a file; where it has none that is known, the switch goes. */
function fixOf(pair: Pair): Fix | undefined {
  const name = pair.name.text;
  const { stage } = pair.instruction;
  const secret = serviceOf(stage)?.credentials.find((c) => c.role === "secret" && c.fileVariable !== undefined);
  const isSet = stage?.history.some(
    (i) => i instanceof Env && i.pairs.some((p) => p.name.text === secret?.fileVariable),
  );
  if (secret?.fileVariable !== undefined && isSet !== true) {
    const text = `${secret.fileVariable}=/run/secrets/${choice(1, secretId(secret.variable))}`;
    const edits = [{ span: { start: pair.start, end: pair.end }, text }];
    return { title: `Set a password by ${secret.fileVariable} instead`, applicability: "guided", edits };
  }
  const edit = removePair(pair);
  return edit === undefined ? undefined : { title: `Remove ${name}`, applicability: "unsafe", edits: [edit] };
}

function options(command: Command, instruction: RunningInstruction, report: Report): void {
  const { words } = command;
  const service = serviceOf(instruction.stage);
  for (const { found, from, to } of insecureOptions(
    words.map((w) => w.source),
    service,
  )) {
    const first = words[from];
    const last = words[to - 1];
    if (!opens(found) || first === undefined || last === undefined) continue;
    const text = words
      .slice(from, to)
      .map((w) => w.source)
      .join(" ");
    report(first === last ? first.part(0, first.raw.length) : cover(first, last), `${text} ${what(found)}`, {
      severity: found.severity,
      fix: () =>
        from === 0
          ? undefined
          : { title: `Remove ${text}`, applicability: "unsafe", edits: removal(command, from, to) },
    });
  }
  for (const assignment of command.assignments) {
    const found = insecureEnvironment(assignment.name, assignment.value?.text ?? "$", service);
    if (opens(found)) report(assignment, `${assignment.name} ${what(found)}`, { severity: found.severity });
  }
}

function removal({ words }: Command, from: number, to: number): Fix["edits"] {
  const start = words[from - 1]?.end ?? words[from]?.start ?? 0;
  return [{ span: { start, end: words[to - 1]?.end ?? start }, text: "" }];
}

/** Lines of a configuration file that the build writes into the image. */
function lines(text: string, at: (from: number, to: number) => Span, instruction: Instruction, report: Report): void {
  let start = 0;
  for (const line of text.split("\n")) {
    const found = insecureConfigLine(line, serviceOf(instruction.stage));
    const written = line.trim();
    const from = start + line.indexOf(written);
    if (opens(found))
      report(at(from, from + written.length), `${written} ${what(found)}`, { severity: found.severity });
    else if (trusted.test(line))
      report(at(from, from + written.length), "trust lets everybody in as whoever they say they are");
    start += line.length + 1;
  }
}

function heredocs(copy: Copy, report: Report): void {
  for (const heredoc of copy.heredocs) {
    const body = copy.heredocBody(heredoc);
    lines(body.text, (from, to) => ({ start: body.start + from, end: body.start + to }), copy, report);
  }
}

export default rule({
  id: "dockerfile/authentication-disabled",
  kind: "dockerfile",
  severity: "error",
  principle: "authenticate",
  summary: "A server lets everybody in without a login",
  why: `A switch such as \`POSTGRES_HOST_AUTH_METHOD=trust\` or \`--protected-mode no\` turns the login off in every container of the
image. One container that is broken into, or one port that is published by mistake, and a stranger reads, changes or deletes the
data; open Redis and Mongo servers are found within hours. Remove the switch, and give the server its password from a secret.`,
  refs: ["CWE-306", "CWE-862"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: "FROM postgres:18\nENV POSTGRES_DB=shop «POSTGRES_HOST_AUTH_METHOD=trust»\n",
      fixed: "FROM postgres:18\nENV POSTGRES_DB=shop POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password\n",
    },
    {
      bad: 'FROM redis:8-alpine\nCMD ["redis-server", «"--protected-mode", "no"», "--save", ""]\n',
      fixed: 'FROM redis:8-alpine\nCMD ["redis-server", "--save", ""]\n',
    },
    {
      bad: "FROM alpine:3.23\n# for the workshop\nENV «SEARCH_AUTH_ENABLED=false» PORT=80\n",
      fixed: "FROM alpine:3.23\n# for the workshop\nENV PORT=80\n",
      note: "a name that says it in any image",
    },
    { bad: "FROM debian:13-slim\nRUN echo '«host all all 0.0.0.0/0 trust»' >> /etc/postgresql/pg_hba.conf\n" },
    {
      bad: "FROM eclipse-mosquitto:2\nCOPY <<EOF /mosquitto/config/mosquitto.conf\nlistener 1883\n«allow_anonymous true»\nEOF\n",
      note: "a heredoc",
    },
    {
      good: "FROM postgres:18\nENV POSTGRES_HOST_AUTH_METHOD=scram-sha-256 ALLOW_EMPTY_PASSWORD=no AUTH_ENABLED=true\n",
    },
    {
      good: "FROM postgres:18 AS seed\nENV POSTGRES_HOST_AUTH_METHOD=trust\nRUN ./seed\nFROM postgres:18\nCOPY --from=seed /data /data\n",
      note: "only while it is built",
    },
    {
      good: "FROM alpine:3.23\nENV AUTH_ENABLED=false\nENV AUTH_ENABLED=true LDAP_AUTH_ENABLED=false\n",
      note: "overwritten; one login of several",
    },
    {
      good: "FROM debian:13-slim\nRUN echo 'host all all 127.0.0.1/32 trust' >> /pg_hba.conf && echo 'local all all trust' >> /pg_hba.conf\n",
      note: "from this machine",
    },
    { good: 'FROM alpine:3.23\nCMD ["./server", "--dev", "--auth", "oidc"]\n', note: "another program's options" },
    { good: 'FROM redis:8-alpine\nRUN echo "run with --protected-mode no"\nCMD redis-server --protected-mode $MODE\n' },
  ],
  check: {
    env: (pair, _env, report, context) => variable(pair, report, context.file),
    command(command, instruction, report, { file }) {
      if (startsContainer(instruction)) {
        if (purposeOf(instruction, file) !== "nothing") options(command, instruction, report);
        return;
      }
      if (!(instruction instanceof Run)) return;
      const texts = writtenTexts(command);
      if (texts.length === 0 || purposeOf(instruction, file) === "nothing") return;
      for (const written of texts) lines(written.text, (from, to) => written.span(from, to), instruction, report);
    },
    copy(copy, report, { file }) {
      if (copy.heredocs.length > 0 && purposeOf(copy, file) !== "nothing") heredocs(copy, report);
    },
  },
});
