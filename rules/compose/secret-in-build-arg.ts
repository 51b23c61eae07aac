import { rule, type ServiceVariable } from "../../engine/index";
import { isGiven, isSecretName } from "../shared/compose/credentials";
import { asBuildSecret } from "../shared/compose/secret-fixes";
import { isBuildSecret, isClientSide } from "../shared/written-credentials";

/** The value comes from outside of the file, and one of its names says that it is a secret. */
function isSecret({ name, value }: ServiceVariable): boolean {
  if (value === undefined) return isBuildSecret(name);
  if (!isGiven(value)) return false;
  return isBuildSecret(name) || (!isClientSide(name) && value.variables.some((v) => isSecretName(v.variable ?? "")));
}

/** The variable of the shell that makes up the value; undefined where it is only a part. */
function sourceOf({ name, value }: ServiceVariable): string | undefined {
  if (value === undefined) return name;
  return value.fragments.join("") === "" && value.variables.length === 1 ? value.variables[0]?.variable : undefined;
}

export default rule({
  id: "compose/secret-in-build-arg",
  kind: "compose",
  severity: "warning",
  principle: "secrets",
  summary: "A secret is given to a build as an argument",
  why: `The value of a build argument is recorded with every step that sees it: in the image's history, in the build cache and in
the provenance that registries keep. Whoever can pull the image reads the token with \`docker history --no-trunc\` and publishes
packages with it. Give it under \`build.secrets\`: one step of the Dockerfile mounts it, and nothing records it.`,
  refs: ["CIS 4.10", "CWE-522"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        services:
          shop:
            build:
              context: .
              args:
                # of the shop
                VERSION: "1.2.3"
                «FEED_TOKEN»: \${FEED}
        `,
      fixed: `
        services:
          shop:
            build:
              context: .
              args:
                # of the shop
                VERSION: "1.2.3"
              secrets:
                - feed_token
        secrets:
          feed_token:
            environment: FEED
        `,
    },
    {
      bad: `
        services:
          shop:
            build:
              context: .
              args:
                - «NPM_TOKEN»
              secrets:
                - ca
        secrets:
          ca: { file: ./ca.pem }
        `,
      fixed: `
        services:
          shop:
            build:
              context: .
              secrets:
                - ca
                - npm_token
        secrets:
          ca: { file: ./ca.pem }
          npm_token:
            environment: NPM_TOKEN
        `,
      note: "a name alone: the shell's value",
    },
    {
      bad: `
        services:
          web: { build: { context: web, args: { «DEPLOY_SECRET»: "\${X:-}", MODE: fast } } }
        `,
      fixed: `
        services:
          web: { build: { context: web, args: { MODE: fast }, secrets: [deploy_secret] } }
        secrets:
          deploy_secret:
            environment: X
        `,
      note: "in flow style, an empty default",
    },
    {
      bad: `
        services:
          shop:
            build:
              context: .
              args: &args
                «NPM_TOKEN»: \${NPM_TOKEN:?}
                «INDEX_URL»: https://ci:\${FEED_PASSWORD}@feed.shop.internal
          jobs:
            build: { context: jobs, args: *args }
        `,
      note: "shared: each service would need the secret; a part of a URL",
    },
    {
      good: `
        services:
          shop:
            build:
              context: .
              secrets: [npm_token]
              ssh: [default]
              args: { VERSION: "\${VERSION}", TOKEN_TTL: "\${TTL}", GITHUB_SHA: , HTTP_PROXY: , PASSWORD_FILE: "\${FILE}" }
        secrets:
          npm_token: { environment: NPM_TOKEN }
        `,
      note: "secrets of the build; no secrets by their names",
    },
    {
      good: `
        services:
          shop:
            build:
              context: .
              args:
                VITE_MAPS_API_KEY: \${MAPS_KEY}
                NEXT_PUBLIC_STRIPE_KEY:
        `,
      note: "made for browsers",
    },
    {
      good: `
        services:
          shop:
            build:
              context: .
              args: [FEED_TOKEN=, "DB_PASSWORD=\${PW:-tulip-Harbor-88}"]
        `,
      note: "empty; a literal, which compose/embedded-secret has",
    },
  ],
  check: {
    build(build, service, report, context) {
      for (const arg of build.args) {
        if (!isSecret(arg)) continue;
        const { name, nameSpan, file } = arg;
        const source = sourceOf(arg);
        const at = { start: nameSpan.start, end: nameSpan.end, file };
        report(at, `${name} comes in as a build argument: its value stays readable in the image's history`, {
          fix: () => (source === undefined ? undefined : asBuildSecret(arg, source, build, service, context)),
        });
      }
    },
  },
});
