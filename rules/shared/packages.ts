/** Commands that install packages of a distribution. Option letters from each tool's manual. */
import {
  readOptions,
  type Command,
  type Edit,
  type Options,
  type OptionSyntax,
  type RunningInstruction,
  type ShellWord,
} from "../../engine/index";

export type PackageManager = "apt" | "apk" | "dnf" | "zypper" | "pacman";

interface Tool {
  readonly manager: PackageManager;
  readonly syntax: OptionSyntax;
  readonly install: readonly string[];
  /** Fetches the list of packages and installs nothing. */
  readonly refresh: readonly string[];
  /** Installs newer versions of what is there. */
  readonly upgrade: readonly string[];
  readonly remove: readonly string[];
  /** Empties caches. */
  readonly clean: readonly string[];
}

const apt: Tool = {
  manager: "apt",
  syntax: {
    short: "octa",
    long: ["--option", "--target-release", "--default-release", "--config-file", "--host-architecture"],
  },
  install: ["install", "reinstall"],
  refresh: ["update"],
  upgrade: ["upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade"],
  remove: ["remove", "purge", "autoremove", "autopurge"],
  clean: ["clean", "autoclean", "distclean"],
};
const dnf: Tool = {
  manager: "dnf",
  syntax: {
    short: "cdeRx",
    long: [
      "--setopt",
      "--repo",
      "--repoid",
      "--enablerepo",
      "--disablerepo",
      "--exclude",
      "--releasever",
      "--installroot",
      "--config",
      "--disableplugin",
      "--enableplugin",
    ],
  },
  install: [
    "install",
    "reinstall",
    "localinstall",
    "groupinstall",
    "group",
    "install-n",
    "install-na",
    "install-nevra",
  ],
  refresh: ["makecache", "check-update"],
  upgrade: ["update", "upgrade", "distro-sync", "update-minimal", "upgrade-minimal"],
  remove: ["remove", "erase", "autoremove"],
  clean: ["clean"],
};
const tools: Readonly<Record<string, Tool>> = {
  "apt-get": apt,
  apt,
  aptitude: { ...apt, syntax: { ...apt.syntax, short: "ot" } },
  apk: {
    manager: "apk",
    syntax: {
      short: "ptX",
      long: [
        "--repository",
        "--virtual",
        "--root",
        "--keys-dir",
        "--repositories-file",
        "--wait",
        "--arch",
        "--cache-dir",
      ],
    },
    install: ["add"],
    refresh: ["update"],
    upgrade: ["upgrade"],
    remove: ["del"],
    clean: ["cache"],
  },
  dnf,
  dnf5: dnf,
  yum: dnf,
  microdnf: dnf,
  tdnf: dnf,
  zypper: {
    manager: "zypper",
    syntax: { short: "cDRprt", long: ["--root", "--repo", "--from", "--type", "--config"] },
    install: ["install", "in"],
    refresh: ["refresh", "ref"],
    upgrade: ["update", "up", "patch", "dup", "dist-upgrade"],
    remove: ["remove", "rm"],
    clean: ["clean", "cc"],
  },
  pacman: {
    manager: "pacman",
    syntax: { short: "br", long: ["--root", "--dbpath", "--config"] },
    install: [],
    refresh: [],
    upgrade: [],
    remove: [],
    clean: [],
  },
};

const verbs = ["install", "refresh", "upgrade", "remove", "clean"] as const;
export type PackageVerb = (typeof verbs)[number] | "other";

/** What a command does with a package manager. */
export interface PackageCommand {
  readonly command: Command;
  readonly manager: PackageManager;
  readonly verb: PackageVerb;
  /** The verb as written: `install`, `add`, `dist-upgrade`; of pacman its `-S…` word. */
  readonly word: ShellWord | undefined;
  /** What is installed or removed: package words, local files and group names as written. */
  readonly packages: readonly ShellWord[];
  readonly options: Options;
}

/** Undefined where the command is no package manager. */
export function packageCommand(command: Command): PackageCommand | undefined {
  const tool = Object.hasOwn(tools, command.name) ? tools[command.name] : undefined;
  if (tool === undefined) return undefined;
  if (tool.manager === "pacman") return pacman(command, tool);
  const options = readOptions(command, tool.syntax);
  const [word, ...packages] = options.operands;
  const name = word?.text ?? "";
  const verb = verbs.find((v) => tool[v].includes(name)) ?? "other";
  const named = verb === "install" || verb === "remove";
  return { command, manager: tool.manager, verb, word, packages: named ? packages : [], options };
}

function pacman(command: Command, tool: Tool): PackageCommand {
  const options = readOptions(command, tool.syntax);
  const word = command.args.find((a) => /^-[A-Z]/.test(a.source));
  const letters = word?.source ?? "";
  const sync = letters.startsWith("-S") || command.args.some((a) => a.source === "--sync");
  const clears = sync && letters.includes("c");
  const installs = sync && !clears && options.operands.length > 0;
  const removes = letters.startsWith("-R");
  const verb = installs ? "install" : removes ? "remove" : clears ? "clean" : sync ? syncVerb(letters) : "other";
  return { command, manager: "pacman", verb, word, packages: installs || removes ? options.operands : [], options };
}

const syncVerb = (letters: string): PackageVerb =>
  letters.includes("u") ? "upgrade" : letters.includes("y") ? "refresh" : "other";

/** Every package command that an instruction runs, in order. */
export const packageCommands = (instruction: RunningInstruction): readonly PackageCommand[] =>
  instruction.commands.map(packageCommand).filter((c) => c !== undefined);

/**
 * The package that a word names, without a version: `curl` of `curl=8.5.0-2`, `gcc` of `gcc~=13`, `nmap-ncat`.
 * Undefined for files, groups, patterns, variables and apt's `name-`, which removes.
 */
export function packageName(manager: PackageManager, word: ShellWord): string | undefined {
  const text = word.text ?? "";
  if (!isName(text) || (manager === "apt" && text.endsWith("-"))) return undefined;
  if (manager === "apt") {
    return text
      .replace(/[=/].*/s, "")
      .replace(/:(?:amd64|i386|arm64|armhf|any|native)$/, "")
      .replace(/(?<!\+)\+$/, "");
  }
  if (manager === "apk") return text.replace(/[=<>~@].*/s, "").replace(/^!/, "");
  if (manager === "pacman" || manager === "zypper") return text.replace(/[=<>].*/s, "");
  return text.replace(rpmVersion, "");
}

const isName = (text: string): boolean =>
  text !== "" && !/^[@./-]|[*?[\]{}]|\.(?:deb|rpm|apk)$|:\/\//.test(text) && !/^[^=]*\/.*\//.test(text);

/** The `-version[-release]` of an rpm, as far as it cannot be part of a name: `-8.5`, `-1:2.3-4.el9`, but not `-21-openjdk`. */
const rpmVersion = /-(?:\d+:)?\d[\w~^+]*(?:\.[\w.~^+]*(?:-\d[\w.~^+]*)?|-\d[\w.~^+]*)$/;

/** Whether the word names one version of its package, or a range of them. Text that may be a version counts as one. */
export function hasVersion(manager: PackageManager, word: ShellWord): boolean {
  const text = word.text ?? "";
  if (manager === "apt") return text.includes("=");
  if (manager === "apk") return /[=<>~]/.test(text);
  if (manager === "dnf") return /-\d/.test(text) && (rpmVersion.test(text) || /-\d[\w.]*$/.test(text));
  return /[=<>]/.test(text);
}

/**
 * Whether one of the later `commands` takes a package, or the virtual package that `installed` put it in, away again.
 * True as well where a later removal names what only the running shell knows.
 */
export function isRemovedLater(installed: PackageCommand, name: string, commands: readonly Command[]): boolean {
  const virtual = installed.options.find("-t", "--virtual")?.value;
  return commands.some((command) => {
    if (command.start <= installed.command.start) return false;
    const later = packageCommand(command);
    if (later === undefined || later.verb !== "remove" || later.manager !== installed.manager) return false;
    return later.packages.some((word) => {
      if (word.text === undefined) return true;
      if (word.text === virtual || packageName(later.manager, word) === name) return true;
      const star = word.text.indexOf("*");
      return star >= 0 && name.startsWith(word.text.slice(0, star));
    });
  });
}

/**
 * Takes package words out of the command that installs them: the words alone where others stay; the whole instruction
 * where it does nothing else. Undefined where neither is possible.
 */
export function removePackages(
  installed: PackageCommand,
  gone: readonly ShellWord[],
  instruction: RunningInstruction,
): readonly Edit[] | undefined {
  const { command } = installed;
  const { comments } = instruction.file;
  if (installed.packages.some((word) => !gone.includes(word))) {
    const edits = gone.map((word) => command.removeWord(word));
    // A comment between two words of a continued line would go with the white space.
    return comments.some((c) => edits.some(({ span }) => span.start <= c.at && c.at < span.end)) ? undefined : edits;
  }
  const all = packageCommands(instruction);
  const installs = all.filter((c) => c.verb === "install");
  const onlyPackages = instruction.commands.every((c) => c.name === "rm" || all.some((p) => p.command === c));
  const hasComment = comments.some((c) => instruction.start < c.at && c.at < instruction.end);
  if (
    instruction.keyword === "RUN" &&
    installs.length === 1 &&
    onlyPackages &&
    !hasComment &&
    instruction.onbuild === undefined
  ) {
    return [instruction.remove()];
  }
  return installs.length > 1 ? command.remove() : undefined;
}
