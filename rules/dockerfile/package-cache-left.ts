import { rule, Run, type Command, type Edit, type Fix, type Span } from "../../engine/index";
import { environment, languageCommand, type LanguageCommand } from "../shared/language-packages";
import { packageCommand, packageCommands, type PackageCommand } from "../shared/packages";

interface Left {
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
  run.mounts.some((m) => (m.type === "cache" || m.type === "tmpfs") && (m.target === undefined || files.test(m.target)));

function chained(command: Command, text: string, title: string, applicability: Fix["applicability"] = "safe"): Fix | undefined {
  if (command.script.form === "exec" || command.documents.length > 0) return undefined;
  const at = command.chainEnd;
  return { title, applicability, edits: [{ span: { start: at, end: at }, text: ` && ${text}` }] };
}

const withOption = (edit: Edit, option: string): Fix => ({ title: `Add ${option}`, applicability: "safe", edits: [edit] });

const aptLists = /^\/?(?:\/var(?:\/\*|\/lib(?:\/\*|\/apt(?:\/\*|\/lists.*)?)?)?|lists.*)\/?$/;
const apkCache = /^\/var(?:\/\*|\/cache(?:\/\*|\/apk.*)?)?\/?$|^\/etc\/apk\/cache/;
const rpmCache = /^\/var(?:\/\*|\/cache(?:\/\*|\/(?:dnf|yum|libdnf5|tdnf|zypp).*)?)?\/?$/;
const homeCache = /(?:^|\/)(?:\.cache|\.npm|\.yarn|\.config|pip|npm|yarn|_cacache)(?:\/|$|\*)|^\/tmp|^\/root\/?(?:\*|\.\*)?$|^\$/;

function systemCache(run: Run, found: PackageCommand): Left | undefined {
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
      fix: chained(last.command, "rm -rf /var/lib/apt/lists/*", "Remove the package lists", laterNeedsLists(run) ? "unsafe" : "safe"),
    };
  }
  if (manager === "apk") {
    const cleared = isCleared(run, command, apkCache, (c) => packageCommand(c)?.verb === "clean");
    if (verb !== "install" || options.find("--no-cache", "--root", "-p") !== undefined || cleared || isMounted(run, apkCache)) return undefined;
    const fix = withOption(command.insertAfter(word, "--no-cache"), "--no-cache");
    return { at: word, message: "apk add leaves the package index in the layer", fix };
  }
  if ((manager !== "dnf" && manager !== "zypper") || (verb !== "install" && verb !== "upgrade") || last.command !== command) return undefined;
  const cleared = isCleared(run, command, rpmCache, (c) => packageCommand(c)?.verb === "clean");
  if (cleared || isMounted(run, rpmCache) || options.find("--installroot", "--root", "-R") !== undefined) return undefined;
  const clean = manager === "dnf" ? `${command.name} clean all` : "zypper clean --all";
  const sudo = command.wrappers.some((w) => w.name === "sudo") ? "sudo " : "";
  return { at: word, message: `${command.name} ${word.source} leaves its cache in the layer`, fix: chained(command, sudo + clean, `Add ${clean}`) };
}

/** A later layer installs without refreshing, from the lists that this one leaves. */
const laterNeedsLists = (run: Run): boolean =>
  run.file.instructions.some((i) => {
    if (!(i instanceof Run) || i.start <= run.start) return false;
    const commands = packageCommands(i).filter((p) => p.manager === "apt");
    return commands.some((p) => p.verb === "install") && !commands.some((p) => p.verb === "refresh");
  });

function languageCache(run: Run, found: LanguageCommand): Left | undefined {
  const { tool, action, word, command, options } = found;
  const fetches = action === "add" || action === "restore";
  if (!fetches || options.find("--cache-dir", "--cache", "--cache-folder", "--no-cache-dir") !== undefined) return undefined;
  const set = (...names: readonly string[]): boolean => names.some((n) => environment(command, run, n) !== "unset");
  if (run.mounts.some((m) => m.type === "cache" || m.type === "tmpfs")) return undefined;
  if (isCleared(run, command, homeCache, (c) => c.args.some((a) => /^(?:cache)$/.test(a.source)))) return undefined;
  const message = `${tool} leaves its download cache in the layer`;
  if (tool === "pip" && !set("PIP_NO_CACHE_DIR", "PIP_CACHE_DIR")) {
    return { at: word, message, fix: withOption(command.insertAfter(word, "--no-cache-dir"), "--no-cache-dir") };
  }
  const clean = tool === "npm" ? "npm cache clean --force" : "yarn cache clean";
  if ((tool !== "npm" && tool !== "yarn") || set("npm_config_cache", "NPM_CONFIG_CACHE", "YARN_CACHE_FOLDER")) return undefined;
  return { at: word, message, fix: chained(command, clean, `Add ${clean}`) };
}

export default rule({
  id: "dockerfile/package-cache-left",
  kind: "dockerfile",
  severity: "hint",
  principle: "build",
  preset: "strict",
  summary: "Package lists or download caches left in the layer",
  why: `A cache that is not removed in the \`RUN\` that made it stays in the image for good. It makes the image larger, and an
intruder finds in it which packages at which versions to look up, and archives to install tools from without a network.`,
  refs: ["CWE-459"],
  covers: [
    "hadolint:DL3009",
    "hadolint:DL3019",
    "hadolint:DL3032",
    "hadolint:DL3036",
    "hadolint:DL3040",
    "hadolint:DL3042",
    "hadolint:DL3060",
    "trivy:DS-0015",
    "trivy:DS-0019",
    "trivy:DS-0020",
    "trivy:DS-0025",
    "trivy:DS-0027",
    "kics:apt_get_install_lists_were_not_deleted",
    "kics:apk_add_using_local_cache_path",
    "kics:missing_dnf_clean_all",
    "kics:missing_zypper_clean",
    "kics:yum_clean_all_missing",
    "kics:pip_install_keeping_cached_packages",
    "semgrep:missing-apk-no-cache",
    "semgrep:missing-dnf-clean-all",
    "semgrep:missing-zypper-clean",
    "semgrep:missing-pip-no-cache-dir",
    "semgrep:remove-package-cache",
    "semgrep:remove-package-lists",
    "dockle:DKL-DI-0004",
    "dockle:DKL-DI-0005",
  ],
  fix: "safe",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN apt-get «update» && apt-get install -y --no-install-recommends \\\n    curl \\\n    jq\n",
      fixed: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n    curl \\\n    jq && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      bad: "FROM python:3.14-alpine3.23\nRUN apk «add» libpq && pip «install» -r requirements.txt\n",
      fixed: "FROM python:3.14-alpine3.23\nRUN apk add --no-cache libpq && pip install --no-cache-dir -r requirements.txt\n",
    },
    {
      bad: "FROM rockylinux/rockylinux:10\nRUN <<EOF\ndnf «install» -y nginx > /dev/null\nEOF\n",
      fixed: "FROM rockylinux/rockylinux:10\nRUN <<EOF\ndnf install -y nginx > /dev/null && dnf clean all\nEOF\n",
    },
    {
      bad: "FROM node:24-slim\nRUN npm «ci» --omit=dev; yarn global «add» a@1.0.0\n",
      fixed: "FROM node:24-slim\nRUN npm ci --omit=dev && npm cache clean --force; yarn global add a@1.0.0 && yarn cache clean\n",
    },
    { good: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl && apt-get clean && rm -rf /var/lib/apt/lists/* /tmp/*\n" },
    { good: "FROM debian:13-slim\nRUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y jq\n" },
    { good: "FROM alpine:3.23\nRUN apk add --no-cache curl\nRUN apk update && apk add jq && rm -rf /var/cache/apk/*\n" },
    { good: "FROM python:3.14-slim\nENV PIP_NO_CACHE_DIR=1\nRUN pip install -r requirements.txt\n" },
    { good: "FROM node:24-slim\nRUN --mount=type=cache,target=/root/.npm npm ci --omit=dev\n" },
    { good: "FROM rockylinux/rockylinux:10\nRUN dnf install -y nginx && dnf install -y jq && dnf clean all\n" },
    { good: "FROM python:3.14-slim AS build\nRUN pip install -r requirements.txt\nFROM scratch\nCOPY --from=build /a /a\n", note: "a build stage" },
  ],
  check: {
    command(command, instruction, report) {
      if (!(instruction instanceof Run) || instruction.stage?.shipped !== true) return;
      const system = packageCommand(command);
      const language = system === undefined ? languageCommand(command) : undefined;
      const left = system === undefined ? language && languageCache(instruction, language) : systemCache(instruction, system);
      if (left !== undefined) report(left.at, left.message, { fix: () => left.fix });
    },
  },
});
