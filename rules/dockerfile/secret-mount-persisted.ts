import { choice, rule, type Command, type Fix, type Run, type ShellWord } from "../../engine/index";
import { absoluteAt } from "../shared/container-paths";
import { atHome, fileOf, kept, outputs, reads, secretsOf, stays, type Secrets } from "../shared/mounted-secrets";

/** The mount itself brings the file to where the command would have put it. */
function mountThere(command: Command, target: ShellWord, run: Run, { mounts }: Secrets): Fix | undefined {
  const mount = mounts.find((m) => command.args.some((a) => a.source === fileOf(m)));
  const edits = command.remove();
  const value = mount?.flag.value;
  if (mount === undefined || edits === undefined || value === undefined) return undefined;
  const path = absoluteAt(run, atHome(target.source)) ?? target.source;
  const old = mount.flag.options.find((o) => /^(?:target|dst|destination)$/.test(o.key))?.span;
  const span = old === undefined ? { start: value.end, end: value.end } : { start: old.start, end: old.end };
  const text = `${old === undefined ? "," : ""}target=${choice(1, path)}`;
  return { title: `Mount the secret as ${path}`, applicability: "guided", edits: [{ span, text }, ...edits] };
}

export default rule({
  id: "dockerfile/secret-mount-persisted",
  kind: "dockerfile",
  severity: "warning",
  principle: "secrets",
  summary: "A mounted secret is written into the layer",
  why: `A secret mount keeps a secret out of the image only as long as no step writes it down. \`cat /run/secrets/npm > ~/.npmrc\` or
\`npm config set …_authToken\` puts it into the layer, where whoever can pull the image finds it. Mount the secret as the file that
the program reads (\`target=/root/.npmrc\`), hand it over in a variable (\`env=NPM_TOKEN\`), or delete the file in the same \`RUN\`.`,
  refs: ["CIS 4.10", "CWE-312"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: "FROM node:24-slim\nRUN --mount=type=secret,id=t cat /run/secrets/t > «/root/.npmrc» && npm ci\n",
      fixed: "FROM node:24-slim\nRUN --mount=type=secret,id=t,target=/root/.npmrc npm ci\n",
    },
    {
      bad: "FROM alpine:3.23\nRUN --mount=type=secret,id=key,target=/tmp/key \\\n cp /tmp/key «~/.ssh/id_ed25519» && ./clone\n",
      fixed: "FROM alpine:3.23\nRUN --mount=type=secret,id=key,target=/root/.ssh/id_ed25519 \\\n ./clone\n",
    },
    {
      bad: 'FROM node:24-slim\nRUN --mount=type=secret,id=t,env=TOKEN npm config set //npm.example.com/:_authToken «"$TOKEN"»\n',
    },
    {
      bad: 'FROM alpine:3.23\nRUN --mount=type=secret,id=t <<EOF\nPW="$(cat /run/secrets/t)"\necho "export PW=$PW" >> «/etc/environment»\nEOF\n',
      note: "by way of a variable",
    },
    {
      bad: "FROM alpine:3.23\nRUN --mount=type=secret,id=t cat /run/secrets/t | «docker» login -u ci --password-stdin registry.example.com\n",
    },
    { good: "FROM node:24-slim\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\n" },
    {
      good: "FROM node:24-slim\nRUN --mount=type=secret,id=t cat /run/secrets/t > /root/.npmrc && npm ci && rm /root/.npmrc\n",
      note: "deleted in the same step",
    },
    {
      good: "FROM alpine:3.23\nRUN --mount=type=secret,id=t --mount=type=tmpfs,target=/work cp /run/secrets/t /work/t && ./build\n",
      note: "in memory",
    },
    {
      good: 'FROM alpine:3.23\nRUN --mount=type=secret,id=t ./build --token "$(cat /run/secrets/t)" > build.log\n',
      note: "the output of a program",
    },
    {
      good: "FROM alpine:3.23\nRUN --mount=type=secret,id=t,env=T git config --global url.https://$T@a.example.com/.insteadOf https://a.example.com/ && ./get && git config --global --unset-all url.https://$T@a.example.com/.insteadOf\n",
    },
    { good: "FROM alpine:3.23\nRUN cat /etc/hosts > /app/hosts\n", note: "no secret" },
  ],
  check: {
    run(run, report) {
      if (run.flags.length === 0) return;
      const secrets = secretsOf(run);
      if (secrets.mounts.length === 0) return;
      for (const command of run.commands) {
        const word = kept(command, run, secrets);
        if (word !== undefined) {
          report(word, `${command.name} keeps the mounted secret in its configuration, and that in the layer`);
        }
        if (!reads(command, secrets)) continue;
        for (const target of outputs(command)) {
          if (!stays(target, run, secrets)) continue;
          report(target, `The mounted secret is written to ${target.source}, and so into the layer`, {
            fix: () => mountThere(command, target, run, secrets),
          });
        }
      }
    },
  },
});
