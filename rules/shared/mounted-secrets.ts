/** Secrets that the mounts of a RUN bring in, and what its commands make of them. */
import { readOptions, type Command, type Mount, type Redirect, type Run, type ShellWord } from "../../engine/index";
import { absoluteAt, isBelow } from "./container-paths";
import { removes } from "./image-files";

/** A path of root's home folder, written out. */
export const atHome = (path: string): string => path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, "/root");

/** What the mounts of one RUN give its commands. */
export interface Secrets {
  readonly mounts: readonly Mount[];
  readonly files: readonly string[];
  readonly variables: ReadonlySet<string>;
}

/** Where the mount brings its file; undefined where it fills a variable only. */
export const fileOf = ({ target, id, source, env }: Mount): string | undefined =>
  target ?? (env === undefined ? `/run/secrets/${id ?? source?.split("/").pop() ?? "secret"}` : undefined);

/** The variables are those that the mounts fill, and those that the script fills from them. */
export function secretsOf(run: Run): Secrets {
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
export function reads(command: Command, secrets: Secrets): boolean {
  if (
    command.args.some((a) => holds(a, secrets)) ||
    command.redirects.some((r) => isInput(r) && holds(r.target, secrets))
  )
    return true;
  const inText = (text: string): boolean =>
    [...secrets.variables].some((v) => text.includes(`$${v}`) || text.includes(`\${${v}`)) ||
    secrets.files.some((f) => text.includes(f));
  if (command.documents.some((d) => !d.quoted && inText(d.body.text))) return true;
  return command.upstream !== undefined && passesOn.has(command.upstream.name) && reads(command.upstream, secrets);
}

/** Programs whose output is their input, as it is or edited. */
const passesOn = new Set([
  "cat",
  "echo",
  "printf",
  "tee",
  "sed",
  "tr",
  "base64",
  "head",
  "tail",
  "cut",
  "awk",
  "grep",
  "jq",
  "yq",
]);

/** The files into which the command puts what it was given. */
export function outputs(command: Command): readonly ShellWord[] {
  if (command.name === "cp" || command.name === "install") {
    const { operands } = readOptions(command, { short: "mogtS", long: ["--mode", "--owner", "--group"] });
    return operands.length > 1 ? operands.slice(-1) : [];
  }
  if (!passesOn.has(command.name)) return [];
  const redirected = command.redirects
    .filter((r) => /^1?>>?\|?$|^&>>?$/.test(r.operator))
    .flatMap((r) => r.target ?? []);
  return command.name === "tee"
    ? [...redirected, ...command.args.filter((a) => !a.source.startsWith("-"))]
    : redirected;
}

/** Whether the file is left in the layer: not on another file system, and not deleted by the same RUN. */
export function stays(word: ShellWord, run: Run, secrets: Secrets): boolean {
  const path = word.source;
  if (/^\/(?:dev|proc|sys)\//.test(path) || secrets.files.includes(path)) return false;
  const absolute = absoluteAt(run, atHome(path));
  const elsewhere = run.mounts.filter((m) => m.type === "tmpfs" || m.type === "cache" || m.type === "secret");
  if (
    absolute !== undefined &&
    elsewhere.some((m) => m.target !== undefined && isBelow(absolute, m.target.replace(/\/$/, "")))
  )
    return false;
  return !run.commands.some((c) => removes(c, path, run));
}

/** Programs that keep what they are given in a file of the home folder, by the words that make them do so. */
const keepers: readonly {
  readonly program: RegExp;
  readonly words: RegExp;
  readonly undone: RegExp;
  readonly files: readonly string[];
}[] = [
  {
    program: /^(?:npm|pnpm)$/,
    words: /^config set|^set /,
    undone: /config (?:delete|rm|unset)/,
    files: ["~/.npmrc", ".npmrc"],
  },
  {
    program: /^yarn$/,
    words: /^config set|^npm login/,
    undone: /config (?:delete|unset)/,
    files: ["~/.yarnrc.yml", "~/.npmrc", ".yarnrc.yml"],
  },
  {
    program: /^git$/,
    words: /^config (?!.*--(?:unset|get|list|remove-section))/,
    undone: /config .*--(?:unset|remove-section)/,
    files: ["~/.gitconfig"],
  },
  {
    program: /^pip3?$/,
    words: /^config (?:.* )?set/,
    undone: /config (?:.* )?unset/,
    files: ["~/.config/pip/pip.conf", "/etc/pip.conf"],
  },
  {
    program: /^(?:docker|podman|buildah|skopeo|crane|helm)$/,
    words: /(?:^|\s)login/,
    undone: /(?:^|\s)logout/,
    files: ["~/.docker/config.json"],
  },
  {
    program: /^poetry$/,
    words: /^config (?!.*--unset)/,
    undone: /config .*--unset/,
    files: ["~/.config/pypoetry/auth.toml"],
  },
  {
    program: /^composer$/,
    words: /config (?!.*--unset)/,
    undone: /config .*--unset/,
    files: ["~/.composer/auth.json", "auth.json"],
  },
  { program: /^aws$/, words: /^configure set/, undone: /^$/, files: ["~/.aws/credentials"] },
  {
    program: /^dotnet$/,
    words: /^nuget (?:add|update) source/,
    undone: /nuget remove source/,
    files: ["~/.nuget/NuGet/NuGet.Config"],
  },
];

const textOf = (command: Command): string => command.args.map((a) => a.source).join(" ");

/** The word with which such a program is given the secret, where nothing in the RUN undoes it. */
export function kept(command: Command, run: Run, secrets: Secrets): ShellWord | undefined {
  const keeper = keepers.find((k) => k.program.test(command.name) && k.words.test(textOf(command)));
  if (keeper === undefined || !reads(command, secrets)) return undefined;
  const isUndone = run.commands.some(
    (c) => (c.name === command.name && keeper.undone.test(textOf(c))) || keeper.files.some((f) => removes(c, f, run)),
  );
  return isUndone ? undefined : (command.args.find((a) => holds(a, secrets)) ?? command.program);
}
