/** What package managers keep for themselves: lists, indexes, downloads; where it lies and what removes it. */
import { Run, type Command, type Edit, type Fix, type Span } from "../../engine/index";
import { environment, languageCommand, type LanguageCommand } from "./language-packages";
import { packageCommand, packageCommands, type PackageCommand } from "./packages";

export interface CacheLeft {
  readonly at: Span;
  readonly message: string;
  readonly fix: Fix | undefined;
}

/** A later command of the RUN takes the files away, or may well do so. */
function isCleared(run: Run, after: Command, files: RegExp, clears: (command: Command) => boolean): boolean {
  return run.commands.some((c) => {
    if (c.start < after.start) return false;
    if (clears(c) || /clean|purge/i.test(c.program?.text?.includes("/") === true ? c.name : "")) return true;
    return /^(?:rm|find|unlink)$/.test(c.name) && c.args.some((a) => files.test(a.source));
  });
}

/** The cache lies outside the layer. */
const isMounted = (run: Run, files: RegExp): boolean =>
  run.mounts.some(
    (m) => (m.type === "cache" || m.type === "tmpfs") && (m.target === undefined || files.test(m.target)),
  );

function chained(
  command: Command,
  text: string,
  title: string,
  applicability: Fix["applicability"] = "safe",
): Fix | undefined {
  if (command.script.form === "exec" || command.documents.length > 0) return undefined;
  const at = command.chainEnd;
  return { title, applicability, edits: [{ span: { start: at, end: at }, text: ` && ${text}` }] };
}

const withOption = (edit: Edit, option: string): Fix => ({
  title: `Add ${option}`,
  applicability: "safe",
  edits: [edit],
});

const aptLists = /^\/?(?:\/var(?:\/\*|\/lib(?:\/\*|\/apt(?:\/\*|\/lists.*)?)?)?|lists.*)\/?$/;
const apkCache = /^\/var(?:\/\*|\/cache(?:\/\*|\/apk.*)?)?\/?$|^\/etc\/apk\/cache/;
const rpmCache = /^\/var(?:\/\*|\/cache(?:\/\*|\/(?:dnf|yum|libdnf5|tdnf|zypp).*)?)?\/?$/;
const homeCache =
  /(?:^|\/)(?:\.cache|\.npm|\.yarn|\.config|pip|npm|yarn|_cacache)(?:\/|$|\*)|^\/tmp|^\/root\/?(?:\*|\.\*)?$|^\$/;

function systemCache(run: Run, found: PackageCommand): CacheLeft | undefined {
  const { manager, verb, word, command, options } = found;
  if (word === undefined) return undefined;
  const all = packageCommands(run).filter((p) => p.manager === manager);
  const last = all.filter((p) => p.verb === "install" || p.verb === "upgrade").pop();
  // A refresh alone is the matter of dockerfile/update-without-install.
  if (last === undefined) return undefined;
  if (manager === "apt") {
    if (verb !== "refresh" || all.find((p) => p.verb === "refresh")?.command !== command) return undefined;
    const cleared = isCleared(run, command, aptLists, (c) => packageCommand(c)?.word?.text === "distclean");
    if (cleared || isMounted(run, aptLists)) return undefined;
    return {
      at: word,
      message: `${command.name} ${word.source} leaves the package lists in the layer`,
      fix: chained(
        last.command,
        "rm -rf /var/lib/apt/lists/*",
        "Remove the package lists",
        laterNeedsLists(run) ? "unsafe" : "safe",
      ),
    };
  }
  if (manager === "apk") {
    const cleared = isCleared(run, command, apkCache, (c) => packageCommand(c)?.verb === "clean");
    if (
      verb !== "install" ||
      options.find("--no-cache", "--root", "-p") !== undefined ||
      cleared ||
      isMounted(run, apkCache)
    )
      return undefined;
    const fix = withOption(command.insertAfter(word, "--no-cache"), "--no-cache");
    return { at: word, message: "apk add leaves the package index in the layer", fix };
  }
  if (
    (manager !== "dnf" && manager !== "zypper") ||
    (verb !== "install" && verb !== "upgrade") ||
    last.command !== command
  )
    return undefined;
  const cleared = isCleared(run, command, rpmCache, (c) => packageCommand(c)?.verb === "clean");
  if (cleared || isMounted(run, rpmCache) || options.find("--installroot", "--root", "-R") !== undefined)
    return undefined;
  const clean = manager === "dnf" ? `${command.name} clean all` : "zypper clean --all";
  const sudo = command.wrappers.some((w) => w.name === "sudo") ? "sudo " : "";
  return {
    at: word,
    message: `${command.name} ${word.source} leaves its cache in the layer`,
    fix: chained(command, sudo + clean, `Add ${clean}`),
  };
}

/** A later layer installs without refreshing, from the lists that this one leaves. */
const laterNeedsLists = (run: Run): boolean =>
  run.file.instructions.some((i) => {
    if (!(i instanceof Run) || i.start <= run.start) return false;
    const commands = packageCommands(i).filter((p) => p.manager === "apt");
    return commands.some((p) => p.verb === "install") && !commands.some((p) => p.verb === "refresh");
  });

function languageCache(run: Run, found: LanguageCommand): CacheLeft | undefined {
  const { tool, action, word, command, options } = found;
  const fetches = action === "add" || action === "restore";
  if (!fetches || options.find("--cache-dir", "--cache", "--cache-folder", "--no-cache-dir") !== undefined)
    return undefined;
  const set = (...names: readonly string[]): boolean => names.some((n) => environment(command, run, n) !== "unset");
  if (run.mounts.some((m) => m.type === "cache" || m.type === "tmpfs")) return undefined;
  if (isCleared(run, command, homeCache, (c) => c.args.some((a) => /^(?:cache)$/.test(a.source)))) return undefined;
  const message = `${tool} leaves its download cache in the layer`;
  if (tool === "pip" && !set("PIP_NO_CACHE_DIR", "PIP_CACHE_DIR")) {
    return { at: word, message, fix: withOption(command.insertAfter(word, "--no-cache-dir"), "--no-cache-dir") };
  }
  const clean = tool === "npm" ? "npm cache clean --force" : "yarn cache clean";
  if ((tool !== "npm" && tool !== "yarn") || set("npm_config_cache", "NPM_CONFIG_CACHE", "YARN_CACHE_FOLDER"))
    return undefined;
  return { at: word, message, fix: chained(command, clean, `Add ${clean}`) };
}

/** The lists or downloads that a command leaves in the layer of its RUN; undefined where it leaves none, or nobody can tell. */
export function cacheLeft(command: Command, run: Run): CacheLeft | undefined {
  const system = packageCommand(command);
  if (system !== undefined) return systemCache(run, system);
  const language = languageCommand(command);
  return language === undefined ? undefined : languageCache(run, language);
}
