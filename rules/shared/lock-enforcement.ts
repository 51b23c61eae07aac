/** Whether a restore of packages keeps to its lock file, and how to write that it does. */
import type { Edit, Fix, RunningInstruction } from "../../engine/index";
import { isSwitchedOn, type LanguageCommand, type LanguageTool } from "./language-packages";

export interface Loose {
  /** Goes on "… than package-lock.json names". */
  readonly what: string;
  /** Undefined where nothing can simply be written. */
  readonly fix:
    | { readonly title: string; readonly applicability: Fix["applicability"]; readonly edits: readonly Edit[] }
    | undefined;
  /** A lock that is there still keeps most versions. */
  readonly minor: boolean;
}

interface Test {
  readonly language: LanguageCommand;
  readonly instruction: RunningInstruction;
  readonly has: (...options: readonly string[]) => boolean;
  readonly on: (...variables: readonly string[]) => boolean;
  /** An earlier command of the chain, or of this instruction, changed the tool's settings so. */
  readonly configured: (pattern: RegExp) => boolean;
}

type Judge = (test: Test) => Loose | undefined;

const replaced = (language: LanguageCommand, text: string, applicability: Fix["applicability"]): Loose["fix"] => {
  const { word } = language;
  if (word.raw !== word.text) return undefined;
  const place = word.part(0, word.raw.length);
  return {
    title: `Use ${language.tool} ${text}`,
    applicability,
    edits: [{ span: { start: place.start, end: place.end }, text }],
  };
};

const flag = ({ language }: Test, text: string, applicability: Fix["applicability"]): Loose["fix"] => ({
  title: `Add ${text}`,
  applicability,
  edits: [language.command.insertAfter(language.word, text)],
});

const installs = (tool: string): string => `${tool} may install other versions`;

const judges: Readonly<Partial<Record<LanguageTool, Judge>>> = {
  npm: ({ language, has }) => {
    if (language.action !== "restore" || has("-g", "--global", "--package-lock-only")) return undefined;
    if (/^(?:ci|clean-install|ic|install-clean|isntall-clean)$/.test(language.word.source)) return undefined;
    // `npm ci` takes no such options.
    const fits = !has("--no-package-lock", "--package-lock", "--no-save", "--save");
    return { what: installs("npm install"), minor: false, fix: fits ? replaced(language, "ci", "safe") : undefined };
  },
  yarn: (test) => {
    const { language, has, on, configured } = test;
    if (language.action !== "restore" || language.word.source === "focus") return undefined;
    if (has("--frozen-lockfile", "--immutable", "--pure-lockfile") || on("YARN_ENABLE_IMMUTABLE_INSTALLS", "CI"))
      return undefined;
    if (configured(/enableImmutableInstalls["']?\s+["']?true/)) return undefined;
    const modern =
      has("--immutable-cache", "--inline-builds", "--mode") ||
      configured(/yarn set version (?:[2-9]|berry|stable)|yarn@(?:[2-9]|stable|berry)/);
    const option = modern ? "--immutable" : "--frozen-lockfile";
    return { what: installs("yarn install"), minor: false, fix: flag(test, option, "unsafe") };
  },
  pnpm: (test) => {
    const { language, has, on, configured } = test;
    if (language.action !== "restore") return undefined;
    if (
      language.options.find("--frozen-lockfile")?.value === "false" ||
      has("--no-frozen-lockfile", "--fix-lockfile")
    ) {
      return { what: installs("pnpm install"), minor: false, fix: undefined };
    }
    if (has("--frozen-lockfile", "--offline") || on("CI") || configured(/frozen-lockfile[\s=]+["']?true/))
      return undefined;
    return { what: installs("pnpm install"), minor: false, fix: flag(test, "--frozen-lockfile", "unsafe") };
  },
  bun: (test) => {
    if (test.language.action !== "restore" || test.language.word.source === "ci" || test.has("--frozen-lockfile"))
      return undefined;
    return { what: installs("bun install"), minor: false, fix: flag(test, "--frozen-lockfile", "unsafe") };
  },
  bundler: ({ language, has, on, configured }) => {
    if (language.action === "update")
      return { what: "bundle update takes newer versions", minor: false, fix: undefined };
    if (language.action !== "restore" || has("--frozen", "--deployment") || on("BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT"))
      return undefined;
    if (configured(/(?:frozen|deployment)["']?\s+["']?(?:true|1)/)) return undefined;
    const { command } = language;
    const shell = command.script.form === "shell";
    const title = "Set BUNDLE_FROZEN for the installation";
    const at = command.wrappers.length > 0 ? undefined : command.insertBefore("BUNDLE_FROZEN=true ");
    return {
      what: installs("bundle install"),
      minor: false,
      fix: shell && at !== undefined ? { title, applicability: "unsafe", edits: [at] } : undefined,
    };
  },
  composer: ({ language, has }) => {
    if (language.action !== "update" || language.packages.length > 0 || has("--lock", "--no-install")) return undefined;
    return { what: "composer update takes newer versions", minor: false, fix: replaced(language, "install", "unsafe") };
  },
  poetry: ({ language }) =>
    language.action === "update"
      ? { what: "poetry update takes newer versions", minor: false, fix: undefined }
      : undefined,
  pipenv: (test) => {
    const { language, has, on } = test;
    if (language.action === "update")
      return { what: "pipenv update takes newer versions", minor: false, fix: undefined };
    if (
      language.word.source !== "install" ||
      has("--deploy", "--ignore-pipfile") ||
      on("PIPENV_DEPLOY", "PIPENV_IGNORE_PIPFILE")
    )
      return undefined;
    return language.action === "restore"
      ? { what: installs("pipenv install"), minor: false, fix: flag(test, "--deploy", "unsafe") }
      : undefined;
  },
  uv: (test) => {
    const { language, has, on } = test;
    if (language.action !== "restore" || has("--locked", "--frozen") || on("UV_LOCKED", "UV_FROZEN")) return undefined;
    return { what: installs("uv sync"), minor: false, fix: flag(test, "--locked", "safe") };
  },
  go: ({ language }) => {
    if (
      language.word.source !== "get" ||
      !language.command.args.some((a) => a.source === "-u" || a.source === "-u=patch")
    )
      return undefined;
    return language.packages.every((p) => /^\.(?:\/\.\.\.)?$/.test(p.source))
      ? { what: "go get -u takes newer versions", minor: false, fix: undefined }
      : undefined;
  },
  cargo: (test) => {
    const { language, has } = test;
    const { action, packages } = language;
    if (has("--locked", "--frozen", "--offline", "--list") || (action !== "build" && action !== "add"))
      return undefined;
    if (action === "add" && packages.length > 0) return undefined;
    return { what: installs(`cargo ${language.word.source}`), minor: true, fix: flag(test, "--locked", "safe") };
  },
  dotnet: (test) => {
    if (test.language.action !== "restore" || test.has("--locked-mode", "-p", "--force-evaluate")) return undefined;
    if (test.language.command.args.some((a) => /RestoreLockedMode/i.test(a.source))) return undefined;
    return { what: installs("dotnet restore"), minor: true, fix: flag(test, "--locked-mode", "safe") };
  },
};

/** Why the command may fetch something else than its lock file names; undefined where it may not, or fetches nothing. */
export function looseInstall(language: LanguageCommand, instruction: RunningInstruction): Loose | undefined {
  const history = instruction.stage?.history ?? [];
  return judges[language.tool]?.({
    language,
    instruction,
    has: (...options) => language.options.find(...options) !== undefined,
    on: (...variables) => isSwitchedOn(language.command, instruction, ...variables),
    configured: (pattern) =>
      pattern.test(instruction.rest.text) ||
      history.some((i) => i.start < instruction.start && pattern.test(i.rest.text)),
  });
}

/** Restores what the manifest wishes, and reads the lock file where there is one. */
export const readsManifest = ({ action, tool, packages }: LanguageCommand): boolean =>
  action === "restore" && tool !== "dotnet" && packages.length === 0;
