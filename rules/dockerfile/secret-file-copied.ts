import {
  basename,
  choice,
  conflict,
  literal,
  rule,
  Copy,
  Run,
  type Context,
  type Edit,
  type Extra,
  type Fix,
  type Related,
  type Report,
  type Stage,
  type Word,
} from "../../engine/index";
import { verdict } from "../shared/copied-secrets";
import { cleanPath } from "../shared/ignore-files";
import { isCarriedOn, landing, removes } from "../shared/image-files";
import { secretId } from "../shared/secret-mount";
import { findTokens, globMayMatchSecret } from "../shared/secrets";

function fileCopied(copy: Copy, word: Word, report: Report, context: Context): void {
  const { value } = copy.expand(word);
  if (!value.known || /^[a-z]+:\/\//i.test(value.value)) return;
  const secret = globMayMatchSecret(value.value);
  const sure = secret === undefined ? undefined : verdict(value.value, secret, context);
  if (secret === undefined || sure === undefined || (copy.fromFlag !== undefined && sure !== "surely")) return;
  const { stage } = copy;
  const isShipped = stage?.shipped !== false || isCarriedOn(stage, landing(copy, word));
  const rm = removal(copy, word, context);
  const name = value.value;
  const where = isShipped
    ? "the image: whoever can pull it can read it"
    : `the stage ${stage.title}: it stays in the build cache`;
  const after = rm === undefined ? "" : ", and the later rm does not take it out of the layer";
  const severity: Extra =
    sure === "perhaps"
      ? { severity: "info", preset: "strict" }
      : isShipped === (sure === "surely")
        ? { severity: isShipped ? "error" : "info" }
        : { severity: "warning" };
  const at = word.raw.startsWith('"') && word.raw.endsWith('"') ? word.part(1, word.raw.length - 1) : word;
  report(
    at,
    sure === "perhaps"
      ? `${name} may hold secrets, and is copied into ${where}`
      : `${name} is copied into ${where}${after}`,
    {
      ...severity,
      related: rm === undefined ? [] : [rm],
      fix: () => fixOf(copy, word, name),
    },
  );
}

/** Where the stage's own COPY instructions put secrets that they name. */
const secretsCopiedBy = (stage: Stage): readonly string[] =>
  stage.history.flatMap((i) => {
    const words = i instanceof Copy ? i.sources.filter((s) => globMayMatchSecret(s.text) !== undefined) : [];
    return words.flatMap((word) => cleanPath(landing(i as Copy, word) ?? ""));
  });

function removal(copy: Copy, word: Word, context: Context): Related | undefined {
  const path = landing(copy, word);
  if (path === undefined) return undefined;
  const runs = copy.file.effective.filter(
    (i): i is Run => i instanceof Run && i.stage === copy.stage && i.start > copy.start,
  );
  const command = runs.flatMap((run) => run.commands.filter((c) => removes(c, path, run)))[0];
  if (command === undefined) return undefined;
  return {
    file: context.file,
    span: { start: command.start, end: command.end },
    note: "hides the file, but the layer keeps it",
  };
}

/** The next step gets the file as a secret; where none follows, it is left to the run time. */
function fixOf(copy: Copy, word: Word, source: string): Fix | undefined {
  const whole = copy.onbuild ?? copy;
  const inComments = copy.node.text.includes("#");
  if (copy.fromFlag !== undefined || inComments || copy.heredocs.length > 0 || /[*?[]/.test(source)) return undefined;
  const others = copy.sources.length > 1;
  if (others && copy.json !== undefined) return undefined;
  const next = copy.words[copy.words.indexOf(word) + 1];
  const cut: Edit = { span: { start: word.start, end: next?.start ?? word.end }, text: "" };
  const name = basename(cleanPath(source));
  const run = copy.file.effective.find(
    (i): i is Run => i instanceof Run && i.stage === copy.stage && i.start > copy.start,
  );
  if (run === undefined) {
    const comment = `# ${name} is given at run time, ${choice(1, "from a secret")}`;
    const edits = others ? [copy.insertBefore(comment), cut] : [whole.replace(comment)];
    return { title: `Leave ${name} to the run time`, applicability: "guided", edits };
  }
  const path = landing(copy, word);
  const target = path === undefined ? choice(2, `/run/secrets/${name}`) : literal(path);
  const mount = `--mount=type=secret,id=${choice(1, secretId(name.replace(/^\./, "")))},target=${target}`;
  const edits = [others ? cut : whole.remove(), run.addFlag(mount)];
  return conflict(edits)
    ? undefined
    : { title: `Mount ${name} as a secret in the next step`, applicability: "guided", edits };
}

export default rule({
  id: "dockerfile/secret-file-copied",
  kind: "dockerfile",
  severity: "error",
  principle: "secrets",
  summary: "A file with secrets is copied into the image",
  why: `A file that \`COPY\` brings in is in a layer of the image for good: a later \`RUN rm\` only hides it. Whoever can pull the
image unpacks the layer and has the private key, the \`.env\` with the database password, or the login of the package registry.
Give build steps such files with \`RUN --mount=type=secret\`, and containers a secret of the orchestrator.`,
  refs: ["CIS 4.10", "CWE-538"],
  covers: ["trivy:DS-0031", "dockle:CIS-DI-0010", "kics:passwords_and_secrets"],
  fix: "guided",
  examples: [
    {
      bad: "FROM node:24-slim\nWORKDIR /app\nCOPY package.json «.npmrc» ./\nRUN npm run prepare && rm .npmrc\n",
      fixed:
        "FROM node:24-slim\nWORKDIR /app\nCOPY package.json ./\nRUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm run prepare && rm .npmrc\n",
      note: "removed later, which does not help",
    },
    {
      bad: "FROM alpine:3.23\n# settings\nCOPY «config/.env.production» /app/.env\n",
      fixed: "FROM alpine:3.23\n# settings\n# .env.production is given at run time, from a secret\n",
    },
    {
      bad: 'FROM alpine:3.23\nADD ["«id_ed25519»", "/root/.ssh/"]\nRUN ./clone\n',
      fixed: "FROM alpine:3.23\nRUN --mount=type=secret,id=id_ed25519,target=/root/.ssh/id_ed25519 ./clone\n",
      note: "the JSON form",
    },
    {
      bad: "FROM alpine:3.23 AS build\nCOPY «.netrc» /root/\nRUN ./fetch\nFROM alpine:3.23\nCOPY --from=build /app /app\n",
      fixed:
        "FROM alpine:3.23 AS build\nRUN --mount=type=secret,id=netrc,target=/root/.netrc ./fetch\nFROM alpine:3.23\nCOPY --from=build /app /app\n",
      severity: "warning",
      note: "stays in a build stage",
    },
    {
      bad: "FROM alpine:3.23\nCOPY <<EOF /etc/tls.key\n«-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----»\nEOF\n",
      also: ["secrets/private-key"],
      note: "a key in a heredoc",
    },
    {
      bad: "FROM alpine:3.23\nCOPY «certs/*.key» «.env*» /etc/tls/\n-- certs/server.key --\n-- .env --\n",
      note: "patterns",
    },
    {
      good: "FROM alpine:3.23\nCOPY .env.example .env\nCOPY id_rsa.pub ca.pem cacert.pem server.crt /etc/tls/\n",
      note: "made to be shared",
    },
    {
      good: "FROM node:24-slim\nCOPY .npmrc ./\n-- .npmrc --\nregistry=https://npm.example.com/\n//npm.example.com/:_authToken=${NPM_TOKEN}\n",
      note: "no login in it",
    },
    { good: "FROM node:24-slim\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\n" },
    {
      good: "FROM alpine:3.23\nRUN --mount=type=bind,source=.env,target=/tmp/.env ./build\n",
      note: "never in a layer",
    },
    {
      good: "FROM golang:1.27\nCOPY internal/credentials internal/credentials\n-- internal/credentials/parse.go --\n",
      note: "a package",
    },
    { good: "FROM alpine:3.23\nCOPY $FILES /app/\nCOPY *.json /app/\nCOPY ssl/rds-ca-bundle-root.crt /etc/ssl/\n" },
  ],
  check: {
    copy(copy, report, context) {
      for (const heredoc of copy.heredocs) {
        const body = copy.heredocBody(heredoc);
        for (const { kind, span } of findTokens(body.text)) {
          if (kind !== "private-key") continue;
          const at = { start: body.start + span.start, end: body.start + span.end };
          report(at, "A private key is written into the image: whoever can pull it can read it");
        }
      }
      const { fromFlag, fromStage, stage } = copy;
      // Of another stage only what ships; what that stage copied by name is reported there.
      if (fromFlag !== undefined && (fromStage === undefined || stage?.shipped !== true)) return;
      const named = fromStage === undefined ? [] : secretsCopiedBy(fromStage);
      for (const word of copy.sources)
        if (named.length === 0 || !named.includes(cleanPath(word.text))) fileCopied(copy, word, report, context);
    },
  },
});
