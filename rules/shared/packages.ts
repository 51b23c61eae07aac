/** Commands that install packages of a distribution. Option letters from each tool's manual. */
import { readOptions, type Command, type Options, type OptionSyntax, type ShellWord } from "../../engine/index";

export type PackageManager = "apt" | "apk" | "dnf" | "zypper" | "pacman";

interface Tool {
  readonly manager: PackageManager;
  readonly syntax: OptionSyntax;
  readonly install: readonly string[];
  /** Fetches the list of packages and installs nothing. */
  readonly refresh: readonly string[];
  /** Installs newer versions of what is there. */
  readonly upgrade: readonly string[];
}

const apt: Tool = {
  manager: "apt",
  syntax: { short: "octaq", long: ["--option", "--target-release", "--default-release", "--config-file", "--host-architecture"] },
  install: ["install", "reinstall"],
  refresh: ["update"],
  upgrade: ["upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade"],
};
const dnf: Tool = {
  manager: "dnf",
  syntax: { short: "cdeRx", long: ["--setopt", "--repo", "--repoid", "--enablerepo", "--disablerepo", "--exclude", "--releasever", "--installroot", "--config", "--disableplugin", "--enableplugin"] },
  install: ["install", "reinstall", "localinstall", "groupinstall", "group", "install-n", "install-na", "install-nevra"],
  refresh: ["makecache", "check-update"],
  upgrade: ["update", "upgrade", "distro-sync", "update-minimal", "upgrade-minimal"],
};
const tools: Readonly<Record<string, Tool>> = {
  "apt-get": { ...apt, syntax: { ...apt.syntax, short: "octa" } },
  apt: { ...apt, syntax: { ...apt.syntax, short: "octa" } },
  aptitude: { ...apt, syntax: { ...apt.syntax, short: "ot" } },
  apk: {
    manager: "apk",
    syntax: { short: "ptX", long: ["--repository", "--virtual", "--root", "--keys-dir", "--repositories-file", "--wait", "--arch", "--cache-dir"] },
    install: ["add"],
    refresh: ["update"],
    upgrade: ["upgrade"],
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
  },
  pacman: { manager: "pacman", syntax: { short: "br", long: ["--root", "--dbpath", "--config"] }, install: [], refresh: [], upgrade: [] },
};

/** What a command does with a package manager. */
export interface PackageCommand {
  readonly manager: PackageManager;
  readonly verb: "install" | "refresh" | "upgrade" | "other";
  /** The verb as written: `install`, `add`, `dist-upgrade`; of pacman its `-S…` word. */
  readonly word: ShellWord | undefined;
  /** What is installed: package words, local files and group names as written. */
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
  const verb = tool.install.includes(name)
    ? "install"
    : tool.refresh.includes(name)
      ? "refresh"
      : tool.upgrade.includes(name)
        ? "upgrade"
        : "other";
  return { manager: tool.manager, verb, word, packages: verb === "install" ? packages : [], options };
}

function pacman(command: Command, tool: Tool): PackageCommand {
  const options = readOptions(command, tool.syntax);
  const word = command.args.find((a) => /^-[A-Z]/.test(a.source));
  const letters = word?.source ?? "";
  const sync = letters.startsWith("-S") || command.args.some((a) => a.source === "--sync");
  const installs = sync && options.operands.length > 0;
  const verb = installs ? "install" : !sync ? "other" : letters.includes("u") ? "upgrade" : letters.includes("y") ? "refresh" : "other";
  return { manager: "pacman", verb, word, packages: installs ? options.operands : [], options };
}

/** The package that a word names, without a version: `curl` of `curl=8.5.0-2`, `gcc~=13`, `nmap-ncat`. Undefined for files, groups, variables. */
export function packageName(manager: PackageManager, word: ShellWord): string | undefined {
  const text = word.text ?? "";
  if (text === "" || text.includes("/") || text.startsWith("@") || text.startsWith(".") || /\.(?:deb|rpm|apk)$/.test(text)) return undefined;
  if (manager === "apt") return text.replace(/[=/].*$/, "").replace(/:(?:amd64|i386|arm64|armhf|any|native)$/, "").replace(/[-+]$/, "");
  if (manager === "apk") return text.replace(/[=<>~@].*$/, "").replace(/^!/, "");
  if (manager === "pacman") return text.replace(/[=<>].*$/, "");
  if (manager === "zypper") return text.replace(/[=<>].*$/, "");
  return text.replace(/-\d[\w.:~^+-]*$/, "");
}
