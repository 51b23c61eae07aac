/** Commands of language package managers: what they fetch, and what holds them to it. Options from each tool's manual. */
import {
  isShell,
  readOptions,
  type Command,
  type Options,
  type OptionSyntax,
  type RunningInstruction,
  type ShellWord,
} from "../../engine/index";
import { resolve, workdirAt } from "./build-context";

export type LanguageTool =
  | "pip"
  | "pipx"
  | "pipenv"
  | "poetry"
  | "uv"
  | "npm"
  | "yarn"
  | "pnpm"
  | "bun"
  | "gem"
  | "bundler"
  | "go"
  | "cargo"
  | "composer"
  | "dotnet";

/**
 * `add`: fetches the packages that the command names. `restore`: fetches what the project's manifest and lock file name.
 * `update`: makes the lock file anew. `run`: fetches a package and runs it. `build`: builds the project and fetches what
 * it needs. `prune`: removes what is not needed to run. `other`: anything else.
 */
export type LanguageAction = "add" | "restore" | "update" | "run" | "build" | "prune" | "other";

export interface LanguageCommand {
  readonly command: Command;
  readonly tool: LanguageTool;
  readonly action: LanguageAction;
  /** The verb as written: `install`, `ci`, `sync`; the program itself where it needs none (`yarn`, `npx`). */
  readonly word: ShellWord;
  /** What is named behind the verb; of pip without what `-e` and `-r` name. */
  readonly packages: readonly ShellWord[];
  /** Without those in front of a nested program (`python -m`). */
  readonly options: Options;
}

const pipSyntax: OptionSyntax = {
  short: "rceitfC",
  long: [
    "--requirement",
    "--constraint",
    "--editable",
    "--index-url",
    "--extra-index-url",
    "--find-links",
    "--target",
    "--platform",
    "--python-version",
    "--implementation",
    "--abi",
    "--root",
    "--prefix",
    "--src",
    "--upgrade-strategy",
    "--config-settings",
    "--global-option",
    "--no-binary",
    "--only-binary",
    "--progress-bar",
    "--root-user-action",
    "--report",
    "--group",
    "--python",
    "--log",
    "--proxy",
    "--retries",
    "--timeout",
    "--exists-action",
    "--trusted-host",
    "--cert",
    "--client-cert",
    "--cache-dir",
    "--use-feature",
    "--use-deprecated",
    "--keyring-provider",
    "--build-constraint",
  ],
};
const npmSyntax: OptionSyntax = {
  short: "wCc",
  long: [
    "--prefix",
    "--registry",
    "--loglevel",
    "--omit",
    "--include",
    "--only",
    "--workspace",
    "--cache",
    "--userconfig",
    "--globalconfig",
    "--fetch-retries",
    "--fetch-timeout",
    "--fetch-retry-mintimeout",
    "--fetch-retry-maxtimeout",
    "--network-timeout",
    "--network-concurrency",
    "--tag",
    "--os",
    "--cpu",
    "--libc",
    "--arch",
    "--platform",
    "--install-strategy",
    "--script-shell",
    "--before",
    "--cwd",
    "--modules-folder",
    "--cache-folder",
    "--mutex",
    "--package",
    "--call",
    "--filter",
    "--dir",
    "--store-dir",
    "--virtual-store-dir",
    "--reporter",
    "--child-concurrency",
    "--maxsockets",
  ],
};
const pnpmSyntax: OptionSyntax = { ...npmSyntax, short: "FC" };
const yarnSyntax: OptionSyntax = { ...npmSyntax, short: "" };
const gemSyntax: OptionSyntax = {
  short: "vinPspg",
  long: [
    "--version",
    "--install-dir",
    "--bindir",
    "--trust-policy",
    "--source",
    "--http-proxy",
    "--platform",
    "--file",
    "--jobs",
    "--retry",
    "--path",
    "--gemfile",
    "--without",
    "--with",
    "--binstubs",
    "--shebang",
  ],
};
const bundlerSyntax: OptionSyntax = { ...gemSyntax, short: "jr" };
/** Go writes its long options with one dash. */
const goSyntax: OptionSyntax = {
  long: [
    "-C",
    "-p",
    "-o",
    "-mod",
    "-modfile",
    "-tags",
    "-ldflags",
    "-gcflags",
    "-asmflags",
    "-overlay",
    "-pkgdir",
    "-toolexec",
    "-buildmode",
    "-compiler",
    "-exec",
  ],
};
const cargoSyntax: OptionSyntax = {
  short: "jFpZC",
  long: [
    "--version",
    "--vers",
    "--git",
    "--branch",
    "--tag",
    "--rev",
    "--path",
    "--registry",
    "--index",
    "--root",
    "--target",
    "--target-dir",
    "--profile",
    "--features",
    "--jobs",
    "--bin",
    "--example",
    "--package",
    "--manifest-path",
    "--config",
    "--color",
    "--message-format",
    "--out-dir",
    "--exclude",
  ],
};
const composerSyntax: OptionSyntax = {
  short: "d",
  long: ["--working-dir", "--prefer-install", "--ignore-platform-req", "--audit-format", "--fixed"],
};
const dotnetSyntax: OptionSyntax = {
  short: "rsvpfoc",
  long: [
    "--version",
    "--add-source",
    "--source",
    "--configfile",
    "--framework",
    "--tool-path",
    "--verbosity",
    "--runtime",
    "--arch",
    "--packages",
    "--lock-file-path",
    "--output",
    "--configuration",
    "--tool-manifest",
    "--os",
    "--package-directory",
  ],
};
const poetrySyntax: OptionSyntax = {
  short: "CPEG",
  long: ["--without", "--with", "--only", "--extras", "--group", "--directory", "--project", "--python", "--source"],
};
const uvSyntax: OptionSyntax = {
  short: "rceifpPC",
  long: [
    ...(pipSyntax.long ?? []),
    "--extra",
    "--no-extra",
    "--no-group",
    "--only-group",
    "--package",
    "--no-install-package",
    "--directory",
    "--project",
    "--index",
    "--default-index",
    "--with",
    "--with-requirements",
    "--from",
    "--link-mode",
    "--index-strategy",
    "--resolution",
    "--prerelease",
    "--exclude-newer",
    "--config-file",
    "--cache-dir",
    "--requirements",
    "--constraints",
    "--overrides",
    "--override",
    "--torch-backend",
    "--color",
    "--upgrade-package",
    "--reinstall-package",
    "--refresh-package",
    "--python-platform",
    "--rev",
    "--tag",
    "--branch",
  ],
};

type Verbs = Readonly<Record<string, LanguageAction>>;

const each = (action: LanguageAction, ...names: readonly string[]): Verbs =>
  Object.fromEntries(names.map((n) => [n, action]));

/** npm's own spellings of install, ci and update (npm-install(1), npm-ci(1), npm-update(1)). */
const npmInstall = [
  "install",
  "i",
  "in",
  "ins",
  "inst",
  "insta",
  "instal",
  "isnt",
  "isnta",
  "isntal",
  "isntall",
  "add",
];
const npmCi = ["ci", "clean-install", "ic", "install-clean", "isntall-clean"];

interface Spec {
  readonly tool: LanguageTool;
  readonly syntax: OptionSyntax;
  readonly verbs: Verbs;
  /** What the program does without a verb. */
  readonly bare?: LanguageAction;
  /** Verbs that stand in front of the verb: `global` of `yarn global add`. */
  readonly before?: readonly string[];
}

const pip: Spec = { tool: "pip", syntax: pipSyntax, verbs: { install: "add" } };
const specs: Readonly<Record<string, Spec>> = {
  pip,
  pipx: { tool: "pipx", syntax: pipSyntax, verbs: { install: "add", run: "run", inject: "add" } },
  pipenv: { tool: "pipenv", syntax: pipSyntax, verbs: { install: "restore", sync: "restore", update: "update" } },
  poetry: {
    tool: "poetry",
    syntax: poetrySyntax,
    verbs: { install: "restore", sync: "restore", update: "update", add: "add" },
  },
  uv: {
    tool: "uv",
    syntax: uvSyntax,
    verbs: { sync: "restore", install: "add", run: "run" },
    before: ["pip", "tool"],
  },
  uvx: { tool: "uv", syntax: uvSyntax, verbs: {}, bare: "run" },
  npm: {
    tool: "npm",
    syntax: npmSyntax,
    verbs: {
      ...each("restore", ...npmInstall, ...npmCi),
      ...each("update", "update", "up", "upgrade"),
      ...each("run", "exec", "x"),
      prune: "prune",
    },
  },
  npx: { tool: "npm", syntax: { ...npmSyntax, short: "pc" }, verbs: {}, bare: "run" },
  yarn: {
    tool: "yarn",
    syntax: yarnSyntax,
    verbs: { install: "restore", add: "add", dlx: "run", upgrade: "update", up: "update", focus: "restore" },
    bare: "restore",
    before: ["global", "workspaces"],
  },
  pnpm: {
    tool: "pnpm",
    syntax: pnpmSyntax,
    verbs: {
      install: "restore",
      i: "restore",
      add: "add",
      dlx: "run",
      update: "update",
      up: "update",
      upgrade: "update",
      prune: "prune",
      deploy: "prune",
    },
  },
  pnpx: { tool: "pnpm", syntax: pnpmSyntax, verbs: {}, bare: "run" },
  bun: {
    tool: "bun",
    syntax: npmSyntax,
    verbs: { install: "restore", i: "restore", ci: "restore", add: "add", a: "add", x: "run", update: "update" },
  },
  bunx: { tool: "bun", syntax: npmSyntax, verbs: {}, bare: "run" },
  gem: { tool: "gem", syntax: gemSyntax, verbs: { install: "add", i: "add" } },
  bundle: { tool: "bundler", syntax: bundlerSyntax, verbs: { install: "restore", update: "update" }, bare: "restore" },
  bundler: { tool: "bundler", syntax: bundlerSyntax, verbs: { install: "restore", update: "update" }, bare: "restore" },
  go: { tool: "go", syntax: goSyntax, verbs: { install: "add", get: "add", run: "run", build: "build" } },
  cargo: {
    tool: "cargo",
    syntax: cargoSyntax,
    verbs: { install: "add", build: "build", b: "build", update: "update" },
  },
  composer: {
    tool: "composer",
    syntax: composerSyntax,
    verbs: {
      install: "restore",
      i: "restore",
      update: "update",
      u: "update",
      upgrade: "update",
      require: "add",
      r: "add",
    },
    before: ["global"],
  },
  dotnet: { tool: "dotnet", syntax: dotnetSyntax, verbs: { restore: "restore", install: "add" }, before: ["tool"] },
};

function specOf(command: Command): { spec: Spec; args: readonly ShellWord[] } | undefined {
  const { name, args } = command;
  if (name === "composer.phar") return specs["composer"] && { spec: specs["composer"], args };
  // Every other program of many names begins with a p: pip3.12, python3, pypy, php.
  if (name.startsWith("p") && /^pip[\d.]*$/.test(name)) return { spec: pip, args };
  if (name.startsWith("p") && (/^(?:python|pypy)[\d.]*$/.test(name) || name === "php")) {
    const at = name === "php" ? 0 : args.findIndex((a) => a.source === "-m") + 1;
    if (name !== "php" && at === 0) return undefined;
    const module = args[at]?.text?.replace(/^.*\//, "").replace(/\.phar$/, "");
    const spec = module === undefined || !Object.hasOwn(specs, module) ? undefined : specs[module];
    if (spec === undefined || (name === "php") !== (spec.tool === "composer")) return undefined;
    return { spec, args: args.slice(at + 1) };
  }
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) return undefined;
  // `cargo +nightly build` chooses a toolchain first.
  return { spec, args: spec.tool === "cargo" ? args.filter((a) => !a.source.startsWith("+")) : args };
}

/** Undefined where the command is no package manager of a language. */
export function languageCommand(command: Command): LanguageCommand | undefined {
  const found = specOf(command);
  const program = command.program;
  if (found === undefined || program === undefined) return undefined;
  const { spec, args } = found;
  const options = readOptions(command, spec.syntax, args);
  const [first, second] = options.operands;
  const prefixed = first !== undefined && spec.before?.includes(first.source) === true;
  const word = prefixed ? second : first;
  const skipped = prefixed ? 2 : 1;
  // `uv run` and `uv pip sync` take what the project or a file says; only `uv tool run` fetches what it names.
  if (spec.tool === "uv" && word?.source === (prefixed && first.source === "pip" ? "sync" : prefixed ? "" : "run"))
    return undefined;
  const base = { command, tool: spec.tool, options };
  if (spec.tool === "dotnet" && word?.source === "install" && !prefixed) return undefined;
  if (Object.keys(spec.verbs).length === 0)
    return { ...base, action: "run", word: program, packages: options.operands.slice(0, 1) };
  if (word === undefined) {
    const helps = options.find("--version", "--help", "-v", "-V", "-h") !== undefined;
    return { ...base, action: helps ? "other" : (spec.bare ?? "other"), word: program, packages: [] };
  }
  const action = Object.hasOwn(spec.verbs, word.source) ? (spec.verbs[word.source] ?? "other") : "other";
  const packages = options.operands.slice(skipped);
  if (action === "run") return { ...base, action, word, packages: packages.slice(0, 1) };
  const named = packages.length > 0;
  if (action === "restore" && named && word.source !== "focus" && spec.tool !== "dotnet")
    return { ...base, action: "add", word, packages };
  return { ...base, action, word, packages };
}

/** Every command of a language package manager that an instruction runs, in order. */
export const languageCommands = (instruction: RunningInstruction): readonly LanguageCommand[] =>
  instruction.commands.map(languageCommand).filter((c) => c !== undefined);

/** Installed for every project of the machine. */
export function isGlobal({ tool, command, options }: LanguageCommand): boolean {
  if (command.args.some((a) => a.source === "global")) return true;
  return (
    (tool === "npm" || tool === "pnpm" || tool === "bun") && options.find("-g", "--global", "--location") !== undefined
  );
}

/** What an environment variable holds when the command runs: what stands in front of it, ARG and ENV. Upper or lower case. */
export function environment(
  command: Command,
  instruction: RunningInstruction,
  name: string,
): "unset" | "unknown" | { value: string } {
  const written = [
    ...command.assignments.map(setting),
    ...wrapperAssignments(command),
    ...exported(command, instruction),
  ];
  const own = written.find((a) => a.name === name);
  if (own !== undefined) return own.value === undefined ? "unknown" : { value: own.value };
  const found = instruction.variable(name);
  if (found === "undeclared") return "unset";
  return found.known ? { value: found.value } : "unknown";
}

interface Setting {
  readonly name: string;
  readonly value: string | undefined;
}

const setting = (a: { name: string; value: ShellWord | undefined }): Setting => ({
  name: a.name,
  value: a.value === undefined ? "" : a.value.text,
});

const wrapperAssignments = (command: Command): readonly Setting[] =>
  command.wrappers.flatMap((w) =>
    w.words.flatMap((word) => {
      const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word.source);
      return match === null ? [] : [{ name: match[1] ?? "", value: word.text === undefined ? undefined : match[2] }];
    }),
  );

const exported = (command: Command, instruction: RunningInstruction): readonly Setting[] =>
  (instruction.script?.assignments ?? []).filter((a) => a.exported && a.start < command.start).map(setting);

/** Whether an environment variable switches something on: any value but `0`, `false`, `no`, `off` and the empty one. */
export function isSwitchedOn(command: Command, instruction: RunningInstruction, ...names: readonly string[]): boolean {
  return names.some((name) => {
    const found = environment(command, instruction, name);
    if (found === "unknown") return true;
    return found !== "unset" && !/^(?:0|false|no|off|)$/i.test(found.value);
  });
}

/** The directory of the project that the command works in; undefined where that is not known. */
export function projectDirectory(language: LanguageCommand, instruction: RunningInstruction): string | undefined {
  const { command, options, tool } = language;
  let directory = workdirAt(instruction);
  for (const earlier of instruction.commands) {
    if (earlier.start >= command.start) break;
    if (earlier.name === "pushd" || earlier.name === "popd") return undefined;
    if (earlier.name !== "cd") continue;
    const [to] = earlier.args;
    directory = to?.text === undefined || to.text.startsWith("~") ? undefined : resolve(directory, to.text);
  }
  const own = options.find(...(directoryOptions[tool] ?? []));
  if (own === undefined) return directory;
  return own.valueWord?.text === undefined || own.value === undefined ? undefined : resolve(directory, own.value);
}

const directoryOptions: Readonly<Partial<Record<LanguageTool, readonly string[]>>> = {
  npm: ["--prefix", "-C"],
  yarn: ["--cwd"],
  pnpm: ["--dir", "-C"],
  bun: ["--cwd"],
  composer: ["-d", "--working-dir"],
  poetry: ["-C", "--directory", "--project"],
  uv: ["--directory", "--project"],
  go: ["-C"],
};

/** The files that hold a tool to exact versions, and the file that names the wishes. */
export const lockFiles: Readonly<
  Partial<Record<LanguageTool, { readonly locks: readonly string[]; readonly manifest: string }>>
> = {
  npm: { locks: ["package-lock.json", "npm-shrinkwrap.json"], manifest: "package.json" },
  yarn: { locks: ["yarn.lock"], manifest: "package.json" },
  pnpm: { locks: ["pnpm-lock.yaml"], manifest: "package.json" },
  bun: { locks: ["bun.lock", "bun.lockb"], manifest: "package.json" },
  bundler: { locks: ["Gemfile.lock"], manifest: "Gemfile" },
  composer: { locks: ["composer.lock"], manifest: "composer.json" },
  poetry: { locks: ["poetry.lock"], manifest: "pyproject.toml" },
  pipenv: { locks: ["Pipfile.lock"], manifest: "Pipfile" },
  uv: { locks: ["uv.lock"], manifest: "pyproject.toml" },
  go: { locks: ["go.sum"], manifest: "go.mod" },
  cargo: { locks: ["Cargo.lock"], manifest: "Cargo.toml" },
  dotnet: { locks: ["packages.lock.json"], manifest: "packages.config" },
};

/** Runs a program that a project brings itself: its build scripts, its own commands. */
export function isProjectScript(command: Command): boolean {
  if (
    isShell(command.name) ||
    /^(?:make|npx|tsc|vite|webpack|ng|next|nuxt|gulp|grunt|nx|turbo|rollup|esbuild)$/.test(command.name)
  )
    return true;
  if (!/^(?:npm|yarn|pnpm|bun|composer|node)$/.test(command.name)) return false;
  const verb = command.subcommand;
  if (command.name === "node") return true;
  return (
    verb !== undefined &&
    /^(?:run|run-script|build|test|exec|start|x|dlx|generate|lint|compile|dump-autoload)$/.test(verb)
  );
}
