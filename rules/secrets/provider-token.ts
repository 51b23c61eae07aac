import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";
import { namedAs, revocationPage, withArticle } from "../shared/secrets/words";

export default rule({
  id: "secrets/provider-token",
  kind: "text",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "Token of a known provider in a file",
  why: `The form of the text says who issued it, and where there is a checksum it is right: this is a real key, not a word that looks
like one. Programs search public repositories for exactly these forms and use what they find within minutes; a private repository
only delays it until a laptop, a log or a backup leaks. Take the token back at its provider first, since every clone and the history
keep it, then give the new one by the environment or a secret store. Tokens for test systems, and keys that browsers are meant to
see, are reported a step softer.`,
  refs: ["CWE-798"],
  covers: [
    "gitleaks:github-pat",
    "gitleaks:aws-access-token",
    "gitleaks:gcp-api-key",
    "gitleaks:gitlab-pat",
    "gitleaks:slack-bot-token",
    "gitleaks:stripe-access-token",
    "gitleaks:npm-access-token",
    "sonar:S6290",
    "sonar:S6418",
  ],
  fix: "unsafe",
  takesFix: true,
  examples: [
    {
      bad: `
        # joins the swarm
        JOIN_TOKEN="«SWMTKN-1-7mm01fjt8xwzww5anjgnsxbimdwnzgkf36tslu4dk03h4b4dxn-h7me5wq6g1l30zwbn1ck15g7w»"
        docker swarm join --token "$JOIN_TOKEN" manager:2377
        `,
      fixed: `
        # joins the swarm
        JOIN_TOKEN="\${JOIN_TOKEN:?set JOIN_TOKEN}"
        docker swarm join --token "$JOIN_TOKEN" manager:2377
        `,
      file: "deploy/join.sh",
    },
    {
      bad: `
        cluster:
          url: https://api.cluster.internal:6443
          token: «sha256~vhQKPvboYvsAzC4MRJcwT3W9AmbhBpoP5sPN9VcCB9i»
        `,
      file: "config/cluster.yaml",
      note: "in YAML that nobody fills in",
    },
    {
      bad: `
        const client = connect({ token: "«sha256~vhQKPvboYvsAzC4MRJcwT3W9AmbhBpoP5sPN9VcCB9i»" });
        `,
      fixed: `
        const client = connect({ token: process.env.TOKEN });
        `,
      file: "src/cluster.js",
    },
    {
      bad: `
        ## Joining

        Run \`docker swarm join --token «SWMTKN-1-7mm01fjt8xwzww5anjgnsxbimdwnzgkf36tslu4dk03h4b4dxn-h7me5wq6g1l30zwbn1ck15g7w»\`.
        `,
      file: "README.md",
      note: "in prose",
    },
    {
      bad: `
        cluster.token=«sha256~vhQKPvboYvsAzC4MRJcwT3W9AmbhBpoP5sPN9VcCB9i»
        `,
      file: "src/test/resources/cluster.properties",
      severity: "warning",
      note: "in a test",
    },
    {
      bad: `
        FROM alpine:3.23
        # docker swarm join --token «SWMTKN-1-7mm01fjt8xwzww5anjgnsxbimdwnzgkf36tslu4dk03h4b4dxn-h7me5wq6g1l30zwbn1ck15g7w»
        `,
      file: "Dockerfile",
      note: "in a comment of a file of another kind",
    },
    {
      good: `
        aws_access_key_id = AKIAIOSFODNN7EXAMPLE
        github = ghp_${"x".repeat(36)}
        openshift = sha256~<your token>
        `,
      file: "settings.ini",
      note: "examples of manuals, and fillers",
    },
    {
      good: `
        image: acme/shop@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
        commit: 9a038989604e8da62ecddbe2094b16ce1b778be1
        token: \${CLUSTER_TOKEN}
        `,
      file: "deploy/values.prod.yml",
      note: "hashes, references",
    },
    {
      good: `
        SWMTKN-1-7mm01fjt8xwzww5anjgnsxbimdwnzgkf36tslu4dk03h4b4dxn-h7me5wq6g1l30zwbn1ck15g7w
        -- .gitignore --
        join.token
        `,
      file: "join.token",
      note: "git leaves the file out",
    },
  ],
  options: {
    off: {
      type: "array",
      items: { type: "string" },
      description: "Providers whose tokens are not reported, such as `google`.",
      default: [],
    },
  },
  check: reporting("provider-token", (credential) => {
    const { found } = credential;
    const name = namedAs(credential);
    const what = `${withArticle(found.title ?? "provider's token")}${name === undefined ? "" : ` (${name})`}`;
    const page = revocationPage(found.provider);
    const where = page === undefined ? "" : ` at ${page}`;
    return `${what} is in this file for everybody who can read it: ${found.masked}; rotate it${where}`;
  }),
});
