import { choice, rule, type Fix, type Pair, type Report } from "../../engine/index";
import { startsContainer } from "../shared/final-values";
import { credentialOf } from "../shared/images/services";
import { asSecretMount, declarations, secretId, setAtRunTime } from "../shared/secret-mount";
import { isDevelopmentStage } from "../shared/stages";
import { credentialOfPair, credentialsOfCommand, serviceOf } from "../shared/written-credentials";

function variable(pair: Pair, report: Report, file: string): void {
  const { stage } = pair.instruction;
  const credential = credentialOfPair(pair);
  if (credential?.found.kind !== "default-password") return;
  const name = pair.name.text;
  if (stage !== undefined && !stage.shipped) {
    if (isDevelopmentStage(stage, file)) return;
    report(credential.at, `${name} is set to a default that everybody knows, in the stage ${stage.title}`, {
      severity: "info",
      fix: () => fixOf(pair),
    });
    return;
  }
  const { user } = credential.found;
  const what = user === undefined || user === "" ? name : `The password of ${user} in ${name}`;
  report(credential.at, `${what} is set to a default that everybody knows`, { fix: () => fixOf(pair) });
}

function fixOf(pair: Pair): Fix | undefined {
  const { instruction, name } = pair;
  if (instruction.keyword === "ARG") return asSecretMount(name.text, declarations(instruction.file, "ARG", name.text));
  const service = serviceOf(instruction.stage);
  const fileVariable = service === undefined ? undefined : credentialOf(service, name.text)?.fileVariable;
  if (fileVariable === undefined) return setAtRunTime(pair);
  const text = `${fileVariable}=/run/secrets/${choice(1, secretId(name.text))}`;
  return {
    title: `Read it from the file in ${fileVariable}`,
    applicability: "guided",
    edits: [{ span: { start: pair.start, end: pair.end }, text }],
  };
}

export default rule({
  id: "dockerfile/default-password",
  kind: "dockerfile",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A default password is set",
  why: `Scanners try \`postgres\`, \`changeme\` and the user's own name before anything else, so a default password is as good as none.
Set in the image, it is also the password of every container that nobody configures: one published port, and a stranger owns the
database. Let the image have no password, so that it does not start without one, and set it where the container runs.`,
  refs: ["CWE-1392", "CWE-521"],
  covers: ["hadolint:DL3064"],
  fix: "guided",
  examples: [
    {
      bad: "FROM postgres:18\nENV POSTGRES_USER=shop POSTGRES_PASSWORD=«postgres»\n",
      fixed: "FROM postgres:18\nENV POSTGRES_USER=shop POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password\n",
      note: "the image reads the password from a file",
    },
    {
      bad: "FROM alpine:3.23\nENV CATALOG_USER=catalog\nENV CATALOG_PASSWORD «catalog»\nRUN ./build\n",
      fixed:
        "FROM alpine:3.23\nENV CATALOG_USER=catalog\n# CATALOG_PASSWORD is set at run time, from a secret\nRUN ./build\n",
      note: "the name of the user beside it",
    },
    {
      bad: "FROM alpine:3.23\nENV DATABASE_URL=postgres://app:«postgres»@db/x\n",
      fixed: "FROM alpine:3.23\n# DATABASE_URL is set at run time, from a secret\n",
    },
    {
      bad: "FROM alpine:3.23\nARG ADMIN_PASSWORD=«changeme»\nRUN ./seed $ADMIN_PASSWORD\n",
      fixed: "FROM alpine:3.23\nRUN --mount=type=secret,id=admin_password,env=ADMIN_PASSWORD ./seed $ADMIN_PASSWORD\n",
    },
    {
      bad: 'FROM alpine:3.23\nENV ADMIN_PASSWORD="${PW:-«admin»}"\n',
      fixed: "FROM alpine:3.23\n# ADMIN_PASSWORD is set at run time, from a secret\n",
    },
    { bad: 'FROM redis:8-alpine\nCMD ["redis-server", "--requirepass=«changeme»"]\n' },
    { good: "FROM postgres:18\nENV POSTGRES_PASSWORD_FILE=/run/secrets/db POSTGRES_USER=postgres\n" },
    { good: 'FROM alpine:3.23\nENV DB_PASSWORD=""\nARG REDIS_PASSWORD\n', note: "given when it runs" },
    {
      good: "FROM alpine:3.23 AS test\nENV DB_PASSWORD=test\nRUN ./test\nFROM alpine:3.23\n",
      note: "of a stage for tests",
    },
    {
      good: "FROM alpine:3.23\nENV ADMIN_EMAIL=admin API_KEY_HEADER=secret TOKEN_TYPE=password\n",
      note: "no passwords",
    },
    { good: "FROM eclipse-temurin:25-jre\nENV TRUSTSTORE_PASSWORD=changeit\n", note: "what it protects is public" },
    { good: "FROM alpine:3.23\nENV DB_PASSWORD=kept-Elsewhere-41\n", note: "dockerfile/embedded-secret has it" },
  ],
  check: {
    env: (pair, _env, report, context) => variable(pair, report, context.file),
    arg: (pair, _arg, report, context) => variable(pair, report, context.file),
    command(command, instruction, report) {
      if (!startsContainer(instruction)) return;
      for (const { found, at, name } of credentialsOfCommand(command, instruction)) {
        if (found.kind === "default-password")
          report(at, `The container starts with a default that everybody knows as its ${name ?? "password"}`);
      }
    },
  },
});
