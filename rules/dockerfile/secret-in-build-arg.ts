import { Arg, Env, Run, rule, type Dockerfile, type Pair, type Related } from "../../engine/index";
import { asSecretMount, mentions } from "../shared/secret-mount";
import { credentialName } from "../shared/secrets";
import { credentialOfPair } from "../shared/written-credentials";

/** Compiled into what browsers load: the value is public in any case. */
const isClientSide = (name: string): boolean =>
  /^(?:VITE|REACT_APP|NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP|NG_APP|STORYBOOK)_/.test(name);

function isSecret(name: string): boolean {
  const kind = credentialName(name);
  if (kind === undefined || kind === "connection") return false;
  return !(isClientSide(name) && /^(?:key|key-id|token)$/.test(kind));
}

/** Declared without a value of its own: the caller of the build gives it. */
const isGiven = ({ value, instruction }: Pair): boolean =>
  value === undefined || value.text === "" || (value.text.includes("$") && !instruction.expand(value).value.known);

const pairsOf = (file: Dockerfile, kind: typeof Arg | typeof Env): readonly Pair[] =>
  file.effective.flatMap((i) => (i instanceof kind ? i.pairs : []));

const isMounted = (file: Dockerfile, name: string): boolean =>
  file.effective.some((i) => i instanceof Run && i.mounts.some((m) => m.type === "secret" && m.env === name));

const usesName = ({ value, instruction }: Pair, name: string): boolean =>
  value !== undefined && instruction.expand(value).names.includes(name);

/** Where else the value goes. */
function uses(file: Dockerfile, name: string, context: string): readonly Related[] {
  return file.effective.flatMap((instruction): Related[] => {
    if (instruction instanceof Run && mentions(instruction, name)) {
      const word = instruction.commands.flatMap((c) => c.written).find((w) => w.variables.includes(name));
      const { start, end } = word ?? instruction.keywordSpan;
      return [{ file: context, span: { start, end }, note: `${name} is used here` }];
    }
    if (!(instruction instanceof Env)) return [];
    const pairs = instruction.pairs.filter((p) => usesName(p, name));
    return pairs.map((p) => ({
      file: context,
      span: { start: p.start, end: p.end },
      note: `kept in the image as ${p.name.text}`,
    }));
  });
}

export default rule({
  id: "dockerfile/secret-in-build-arg",
  kind: "dockerfile",
  severity: "warning",
  principle: "secrets",
  summary: "A secret comes in as a build argument",
  why: `The value of a build argument is recorded with the steps that see it: in the image's history, in the build cache and in the
provenance that registries keep. Whoever can pull an image built with \`--build-arg NPM_TOKEN=…\` can read the token there and
publish packages with it. A secret mount shows the value to one step and is recorded nowhere.`,
  refs: ["CIS 4.10", "CWE-522"],
  covers: [
    "hadolint:DL3064",
    "buildkit:SecretsUsedInArgOrEnv",
    "trivy:DS-0031",
    "semgrep:secret-in-build-arg",
    "kics:env_instruction_has_secret",
  ],
  fix: "guided",
  examples: [
    {
      bad: "FROM alpine:3.23\nARG «NPM_TOKEN»\nRUN ./fetch --as $NPM_TOKEN\nRUN ./build\n",
      fixed:
        "FROM alpine:3.23\nRUN --mount=type=secret,id=npm_token,env=NPM_TOKEN ./fetch --as $NPM_TOKEN\nRUN ./build\n",
    },
    {
      bad: "FROM alpine:3.23 AS build\n# from the vault\nARG «FEED_PASSWORD»\nENV FEED_PASSWORD=$FEED_PASSWORD\nRUN ./build\nFROM alpine:3.23\nARG FEED_PASSWORD\n",
      fixed:
        "FROM alpine:3.23 AS build\n# from the vault\nRUN --mount=type=secret,id=feed_password,env=FEED_PASSWORD ./build\nFROM alpine:3.23\n",
      note: "once for each name; a tool reads it from the environment",
    },
    {
      bad: 'FROM alpine:3.23\nARG VERSION «AWS_SECRET_ACCESS_KEY=""»\nRUN ./sync "${AWS_SECRET_ACCESS_KEY}"\n',
      fixed:
        'FROM alpine:3.23\nARG VERSION\nRUN --mount=type=secret,id=aws_secret_access_key,env=AWS_SECRET_ACCESS_KEY ./sync "${AWS_SECRET_ACCESS_KEY}"\n',
    },
    { bad: "FROM alpine:3.23\nARG MAIL_SETTING\nENV «MAIL_PASSWORD=$MAIL_SETTING»\n", note: "the image keeps it" },
    {
      good: "FROM alpine:3.23\nARG GITHUB_SHA TOKEN_TTL KEYCLOAK_URL PASSWORD_FILE HTTP_PROXY\n",
      note: "no secrets by their names",
    },
    { good: "FROM alpine:3.23\nRUN --mount=type=secret,id=t,env=NPM_TOKEN ./fetch $NPM_TOKEN\n" },
    {
      good: "FROM alpine:3.23\nARG NPM_TOKEN\nRUN --mount=type=secret,id=t,env=NPM_TOKEN ./fetch $NPM_TOKEN\n",
      note: "the mount stands in front of the argument",
    },
    { good: "FROM node:24-slim\nARG VITE_MAPS_API_KEY\nARG NEXT_PUBLIC_STRIPE_KEY\n", note: "made for browsers" },
    { good: 'FROM alpine:3.23\nENV DB_PASSWORD="" API_TOKEN=$TOKEN_OF_THE_BASE\n', note: "no argument gives them" },
  ],
  check: {
    dockerfile(file, report, context) {
      const args = pairsOf(file, Arg);
      if (args.length === 0) return;
      const envs = pairsOf(file, Env);
      const written = new Set(args.filter((p) => credentialOfPair(p) !== undefined).map((p) => p.name.text));
      const given = args.filter((p) => isGiven(p) && !written.has(p.name.text));
      const names = new Set(given.map((p) => p.name.text).filter((n) => isSecret(n) && !isMounted(file, n)));
      for (const name of names) {
        const [first, ...others] = args.filter((p) => p.name.text === name);
        if (first === undefined) continue;
        const again = others.map((p) => ({
          file: context.file,
          span: { start: p.start, end: p.end },
          note: "declared again",
        }));
        const kept = envs.filter((p) => usesName(p, name));
        const samePairs = [first, ...others, ...kept];
        const isBuiltOnly = [first, ...others].every(
          (p) => p.instruction.stage !== undefined && !p.instruction.stage.shipped,
        );
        const where = isBuiltOnly ? "the build's cache and provenance" : "the image's history";
        report(first, `${name} comes in as a build argument: its value stays readable in ${where}`, {
          related: [...again, ...uses(file, name, context.file)],
          fix: () => (kept.every((p) => p.name.text === name) ? asSecretMount(name, samePairs) : undefined),
        });
      }
      for (const pair of envs) {
        const name = pair.name.text;
        const source = given.find((p) => usesName(pair, p.name.text));
        if (source === undefined || !isSecret(name) || names.has(source.name.text) || isSecret(source.name.text))
          continue;
        const related = [
          { file: context.file, span: { start: source.start, end: source.end }, note: "the value comes in here" },
        ];
        report(pair, `${name} keeps the build argument ${source.name.text} in the image's configuration`, { related });
      }
    },
  },
});
