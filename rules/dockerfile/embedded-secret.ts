import {
  rule,
  Run,
  type Arg,
  type Copy,
  type Env,
  type Instruction,
  type Pair,
  type Report,
  type RunningInstruction,
} from "../../engine/index";
import { asSecretMount, declarations, mentions, setAtRunTime } from "../shared/secret-mount";
import { classifyText, type Classification } from "../shared/secrets";
import {
  credentialOfPair,
  credentialsInLines,
  credentialsOfCommand,
  ofAssignment,
  type WrittenCredential,
} from "../shared/written-credentials";

/** Says whose secret it is and how far it spreads; shows no more of it than its mask. */
function message({ found, name }: WrittenCredential, { stage }: Instruction): string {
  const title =
    found.title === undefined ? undefined : `${/^(?:[aeio]|npm)/i.test(found.title) ? "An" : "A"} ${found.title}`;
  const inUrl = found.kind === "url-credentials" || found.kind === "connection-string";
  const isNamed = name !== undefined && name !== "password";
  const password = inUrl ? `The password in ${name ?? "a URL"}` : isNamed ? `The value of ${name}` : "A password";
  const what = title === undefined ? password : name === undefined ? title : `${title} (${name})`;
  const where =
    stage !== undefined && !stage.shipped
      ? `stays in the build cache of ${stage.title}`
      : "is in the image for everybody who can pull it";
  return `${what} ${where}: ${found.masked}`;
}

function speak(credential: WrittenCredential, instruction: Instruction, report: Report, pair?: Pair): void {
  // A password that everybody knows is no secret: dockerfile/default-password has it.
  if (credential.found.kind === "default-password") return;
  const fix = pair === undefined ? {} : { fix: () => fixOf(pair) };
  report(credential.at, message(credential, instruction), fix);
}

function fixOf(pair: Pair): ReturnType<typeof setAtRunTime> {
  const { instruction, name } = pair;
  const { file, keyword } = instruction;
  const isUsed = file.effective.some((i) => i instanceof Run && mentions(i, name.text));
  if (keyword === "ENV") return isUsed ? asSecretMount(name.text, [pair]) : setAtRunTime(pair);
  return asSecretMount(name.text, declarations(file, "ARG", name.text));
}

function variable(pair: Pair, instruction: Env | Arg, report: Report): void {
  const credential = credentialOfPair(pair);
  if (credential !== undefined) speak(credential, instruction, report, pair);
}

/** Texts that no POSIX shell reads: PowerShell, Python in a heredoc. */
function unread(run: RunningInstruction, report: Report): void {
  const here = (found: Classification, start: number, end: number): void =>
    speak({ found, name: undefined, at: { start: run.node.at + start, end: run.node.at + end } }, run, report);
  const { rest } = run;
  for (const found of classifyText(rest.text)) here(found, rest.startOf(found.span.start), rest.endOf(found.span.end));
  inHeredocs(run, report);
}

function inHeredocs(instruction: RunningInstruction | Copy, report: Report): void {
  for (const heredoc of instruction.heredocs) {
    const body = instruction.heredocBody(heredoc);
    for (const { found, name } of credentialsInLines(body.text)) {
      if (found.kind === "private-key" && instruction.keyword !== "RUN") continue;
      const at = { start: body.start + found.span.start, end: body.start + found.span.end };
      speak({ found, name, at }, instruction, report);
    }
  }
}

export default rule({
  id: "dockerfile/embedded-secret",
  kind: "dockerfile",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A secret is written into the Dockerfile",
  why: `Every value of \`ENV\`, \`ARG\` and \`LABEL\`, and every word of a \`RUN\`, stays in the image's configuration and history:
\`docker history --no-trunc\` shows it to whoever can pull the image, and the repository shows it to whoever can read that. A
leaked database password is tried from inside the network within minutes. Take the value out, change it where it is used (it is
known by now), give builds a \`--mount=type=secret\` and containers a secret of the orchestrator.`,
  refs: ["CIS 4.10", "CWE-798", "OWASP D12"],
  covers: [
    "hadolint:DL3064",
    "buildkit:SecretsUsedInArgOrEnv",
    "trivy:DS-0031",
    "semgrep:secret-in-build-arg",
    "dockle:CIS-DI-0010",
    "kics:passwords_and_secrets",
  ],
  fix: "guided",
  yieldsTo: [
    "dockerfile/default-password",
    "secrets/provider-token",
    "secrets/private-key",
    "secrets/jwt",
    "secrets/authorization-header",
    "secrets/connection-string-password",
  ],
  examples: [
    {
      bad: "FROM alpine:3.23\n# the shop's database\nENV DB_HOST=db DB_PASSWORD=«tulip-Harbor-88»\n",
      fixed:
        "FROM alpine:3.23\n# DB_PASSWORD is set at run time, from a secret\n# the shop's database\nENV DB_HOST=db\n",
    },
    {
      bad: "FROM alpine:3.23\nARG FEED_TOKEN=«k3Jx9QvT2mZb7Lw4»\nRUN ./fetch --feed main $FEED_TOKEN\n",
      fixed: "FROM alpine:3.23\nRUN --mount=type=secret,id=feed_token,env=FEED_TOKEN ./fetch --feed main $FEED_TOKEN\n",
    },
    {
      good: 'FROM alpine:3.23\nENV DATABASE_URL="postgres://shop:tulip-Harbor-88@db/shop"\n',
      note: "secrets/connection-string-password has it",
    },
    {
      bad: "FROM alpine:3.23\nRUN ./load --password «tulip-Harbor-88» \\\n # then the rest\n && echo 'api_key=«k3Jx9QvT2mZb7Lw4»' > /etc/shop.conf\n",
    },
    { bad: 'FROM alpine:3.23\nCMD ["./shop", "--db-password=«tulip-Harbor-88»"]\n', note: "the JSON form" },
    { bad: "FROM alpine:3.23\nLABEL deploy.token=«k3Jx9QvT2mZb7Lw4»\n" },
    {
      bad: "FROM alpine:3.23 AS build\nONBUILD RUN ./load --password «tulip-Harbor-88»\nFROM alpine:3.23\n",
      note: "in a build stage and in a trigger",
    },
    {
      good: 'FROM alpine:3.23\nENV DB_PASSWORD="" API_KEY=$KEY TOKEN_FILE=/run/secrets/token\n',
      note: "empty, a reference, a path",
    },
    {
      good: "FROM alpine:3.23\nENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D PUBLIC_KEY_PATH=/k.pub TOKEN_TTL=3600 MONKEY=1\n",
      note: "names that only look like secrets",
    },
    {
      good: 'FROM alpine:3.23\nRUN --mount=type=secret,id=pw,env=PW ./load --password "$PW" --password-stdin < /dev/null\n',
    },
    {
      good: "FROM python:3.14-slim\nRUN SECRET_KEY=only-to-build python manage.py collectstatic\n",
      note: "made up for one step",
    },
    { good: "FROM alpine:3.23\nCOPY <<EOF /etc/app.conf\npassword = ${DB_PASSWORD}\ntoken = <your token>\nEOF\n" },
    {
      good: "FROM alpine:3.23\nRUN echo 'Usage: login --password SECRET, or https://user:password@example.com'\n",
      note: "a text",
    },
    { good: "FROM alpine:3.23\nENV POSTGRES_PASSWORD_FILE=/run/secrets/db KEYCLOAK_URL=https://id.example.com\n" },
  ],
  check: {
    env: variable,
    arg: variable,
    label(pair, label, report) {
      const credential = credentialOfPair(pair);
      if (credential !== undefined) speak(credential, label, report);
    },
    run(run, report) {
      const { script } = run;
      if (script === undefined) return unread(run, report);
      for (const assignment of script.assignments) {
        for (const credential of ofAssignment(assignment, run)) speak(credential, run, report);
      }
    },
    command(command, instruction, report) {
      for (const credential of credentialsOfCommand(command, instruction)) speak(credential, instruction, report);
    },
    copy(copy, report) {
      inHeredocs(copy, report);
      for (const source of copy.sources) {
        for (const found of classifyText(source.text)) {
          const at = source.raw === source.text ? source.part(found.span.start, found.span.end) : source;
          speak({ found, name: undefined, at }, copy, report);
        }
      }
    },
  },
});
