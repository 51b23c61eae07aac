import {
  choice, readOptions, rule, type Command, type Fix, type Mount, type Redirect, type Run, type ShellWord,
} from "../../engine/index";
import { absoluteAt, isBelow } from "../shared/container-paths";
import { removes } from "../shared/image-files";

/** What the mounts of one RUN give its commands. */
interface Secrets {
  readonly mounts: readonly Mount[];
  readonly files: readonly string[];
  readonly variables: ReadonlySet<string>;
}

const fileOf = ({ target, id, source, env }: Mount): string | undefined =>
  target ?? (env === undefined ? `/run/secrets/${id ?? source?.split("/").pop() ?? "secret"}` : undefined);

/** The variables are those that the mounts fill, and those that the script fills from them. */
function secretsOf(run: Run): Secrets {
  const mounts = run.mounts.filter((m) => m.type === "secret");
  const files = mounts.map(fileOf).filter((f) => f !== undefined);
  const variables = new Set(mounts.flatMap((m) => m.env ?? []));
  const secrets = { mounts, files, variables };
  for (const command of run.commands) {
    const reads = command.name === "read" && command.redirects.some((r) => isInput(r) && holds(r.target, secrets));
    if (reads) for (const word of command.args) variables.add(word.source);
  }
  for (const { name, value } of run.script?.assignments ?? []) if (holds(value, secrets)) variables.add(name);
  return secrets;
}

const isInput = (redirect: Redirect): boolean => redirect.operator === "<" || redirect.operator === "<<<";

const holds = (word: ShellWord | undefined, { files, variables }: Secrets): boolean =>
  word !== undefined && (files.some((f) => word.source.includes(f)) || word.variables.some((v) => variables.has(v)));

/** Whether the command gets the secret: by a word, its input or a here-document. */
function reads(command: Command, secrets: Secrets): boolean {
  if (command.args.some((a) => holds(a, secrets)) || command.redirects.some((r) => isInput(r) && holds(r.target, secrets))) return true;
  const inText = (text: string): boolean =>
    [...secrets.variables].some((v) => text.includes(`$${v}`) || text.includes(`\${${v}`)) || secrets.files.some((f) => text.includes(f));
  if (command.documents.some((d) => !d.quoted && inText(d.body.text))) return true;
  return command.upstream !== undefined && passesOn.has(command.upstream.name) && reads(command.upstream, secrets);
}

/** Programs whose output is their input, as it is or edited. */
const passesOn = new Set(["cat", "echo", "printf", "tee", "sed", "tr", "base64", "head", "tail", "cut", "awk", "grep", "jq", "yq"]);

/** The files into which the command puts what it was given. */
function outputs(command: Command): readonly ShellWord[] {
  if (command.name === "cp" || command.name === "install") {
    const { operands } = readOptions(command, { short: "mogtS", long: ["--mode", "--owner", "--group"] });
    return operands.length > 1 ? operands.slice(-1) : [];
  }
  if (!passesOn.has(command.name)) return [];
  const redirected = command.redirects.filter((r) => /^1?>>?\|?$|^&>>?$/.test(r.operator)).flatMap((r) => r.target ?? []);
  return command.name === "tee" ? [...redirected, ...command.args.filter((a) => !a.source.startsWith("-"))] : redirected;
}

/** Whether the file is left in the layer: not on another file system, and not deleted by the same RUN. */
function stays(word: ShellWord, run: Run, secrets: Secrets): boolean {
  const path = word.source;
  if (/^\/(?:dev|proc|sys)\//.test(path) || secrets.files.includes(path)) return false;
  const absolute = absoluteAt(run, path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, "/root"));
  const elsewhere = run.mounts.filter((m) => m.type === "tmpfs" || m.type === "cache" || m.type === "secret");
  if (absolute !== undefined && elsewhere.some((m) => m.target !== undefined && isBelow(absolute, m.target.replace(/\/$/, "")))) return false;
  return !run.commands.some((c) => removes(c, path, run));
}

/** Programs that keep what they are given in a file of the home folder, by the words that make them do so. */
const keepers: readonly { readonly program: RegExp; readonly words: RegExp; readonly undone: RegExp; readonly files: readonly string[] }[] = [
  { program: /^(?:npm|pnpm)$/, words: /^config set|^set /, undone: /config (?:delete|rm|unset)/, files: ["~/.npmrc", ".npmrc"] },
  { program: /^yarn$/, words: /^config set|^npm login/, undone: /config (?:delete|unset)/, files: ["~/.yarnrc.yml", "~/.npmrc", ".yarnrc.yml"] },
  { program: /^git$/, words: /^config (?!.*--(?:unset|get|list|remove-section))/, undone: /config .*--(?:unset|remove-section)/, files: ["~/.gitconfig"] },
  { program: /^pip3?$/, words: /^config (?:.* )?set/, undone: /config (?:.* )?unset/, files: ["~/.config/pip/pip.conf", "/etc/pip.conf"] },
  { program: /^(?:docker|podman|buildah|skopeo|crane|helm)$/, words: /(?:^|\s)login/, undone: /(?:^|\s)logout/, files: ["~/.docker/config.json"] },
  { program: /^poetry$/, words: /^config (?!.*--unset)/, undone: /config .*--unset/, files: ["~/.config/pypoetry/auth.toml"] },
  { program: /^composer$/, words: /config (?!.*--unset)/, undone: /config .*--unset/, files: ["~/.composer/auth.json", "auth.json"] },
  { program: /^aws$/, words: /^configure set/, undone: /^$/, files: ["~/.aws/credentials"] },
  { program: /^dotnet$/, words: /^nuget (?:add|update) source/, undone: /nuget remove source/, files: ["~/.nuget/NuGet/NuGet.Config"] },
];

const textOf = (command: Command): string => command.args.map((a) => a.source).join(" ");

/** The word with which such a program is given the secret, where nothing in the RUN undoes it. */
function kept(command: Command, run: Run, secrets: Secrets): ShellWord | undefined {
  const keeper = keepers.find((k) => k.program.test(command.name) && k.words.test(textOf(command)));
  if (keeper === undefined || !reads(command, secrets)) return undefined;
  const isUndone = run.commands.some(
    (c) => (c.name === command.name && keeper.undone.test(textOf(c))) || keeper.files.some((f) => removes(c, f, run)),
  );
  return isUndone ? undefined : (command.args.find((a) => holds(a, secrets)) ?? command.program);
}

/** The mount itself brings the file to where the command would have put it. */
function mountThere(command: Command, target: ShellWord, run: Run, { mounts }: Secrets): Fix | undefined {
  const mount = mounts.find((m) => command.args.some((a) => a.source === fileOf(m)));
  const edits = command.remove();
  const value = mount?.flag.value;
  if (mount === undefined || edits === undefined || value === undefined) return undefined;
  const path = absoluteAt(run, target.source.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, "/root")) ?? target.source;
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
    { bad: 'FROM node:24-slim\nRUN --mount=type=secret,id=t,env=TOKEN npm config set //npm.example.com/:_authToken «"$TOKEN"»\n' },
    {
      bad: 'FROM alpine:3.23\nRUN --mount=type=secret,id=t <<EOF\nPW="$(cat /run/secrets/t)"\necho "export PW=$PW" >> «/etc/environment»\nEOF\n',
      note: "by way of a variable",
    },
    { bad: "FROM alpine:3.23\nRUN --mount=type=secret,id=t cat /run/secrets/t | «docker» login -u ci --password-stdin registry.example.com\n" },
    { good: "FROM node:24-slim\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\n" },
    { good: "FROM node:24-slim\nRUN --mount=type=secret,id=t cat /run/secrets/t > /root/.npmrc && npm ci && rm /root/.npmrc\n", note: "deleted in the same step" },
    { good: "FROM alpine:3.23\nRUN --mount=type=secret,id=t --mount=type=tmpfs,target=/work cp /run/secrets/t /work/t && ./build\n", note: "in memory" },
    { good: "FROM alpine:3.23\nRUN --mount=type=secret,id=t ./build --token \"$(cat /run/secrets/t)\" > build.log\n", note: "the output of a program" },
    { good: "FROM alpine:3.23\nRUN --mount=type=secret,id=t,env=T git config --global url.https://$T@a.example.com/.insteadOf https://a.example.com/ && ./get && git config --global --unset-all url.https://$T@a.example.com/.insteadOf\n" },
    { good: "FROM alpine:3.23\nRUN cat /etc/hosts > /app/hosts\n", note: "no secret" },
  ],
  check: {
    run(run, report) {
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
