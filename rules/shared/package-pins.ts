/** Packages that a command fetches in whatever version is newest. */
import {
  choice,
  Copy,
  Run,
  type Command,
  type Edit,
  type RunningInstruction,
  type ShellWord,
  type Span,
} from "../../engine/index";
import { environment, languageCommand, lockFiles, type LanguageCommand, type LanguageTool } from "./language-packages";

export interface Unpinned {
  readonly tool: string;
  readonly name: string;
  /** The characters that name the package, its floating tag included. */
  readonly at: Span;
  /** Writes a version for the user to choose; undefined where the word is not simply written. */
  readonly pin: readonly Edit[] | undefined;
}

/** What stands for the version until the user types one: no registry has it, so the build says so. */
const placeholder = "VERSION";

/** How one word of a tool is read: the package, and the end of the word that a version takes the place of. */
interface Reading {
  readonly name: string;
  readonly replaced: string;
  readonly operator: string;
}

type Reader = (text: string) => Reading | undefined;

const file = /\.(?:whl|zip|tgz|tar|tar\.(?:gz|bz2|xz)|gem|jar|go|phar|git)$/;

/** PEP 508: an upper bound, `~=` and `==` hold the version; `>=` and `!=` alone do not. */
const python: Reader = (text) => {
  const match = /^([A-Za-z0-9][\w.-]*)(?:\[[\w\s,.-]*\])?\s*((?:>=?|!=)[^;@=<~]*(?:=[^;@=<~]*)?|@latest|)$/.exec(text);
  if (match === null || file.test(text)) return undefined;
  return { name: match[1] ?? "", replaced: match[2] ?? "", operator: match[2] === "@latest" ? "@" : "==" };
};

/** A version or range has a digit; what follows `@` without one is a tag that moves. */
const npm: Reader = (text) => {
  const match = /^((?:@[\w.~-]+\/)?[A-Za-z0-9][\w.~-]*)(@(?:[a-z][a-z-]*|\*)?)?$/.exec(text);
  if (match === null || file.test(text)) return undefined;
  return { name: match[1] ?? "", replaced: match[2] ?? "", operator: "@" };
};

const gem: Reader = (text) =>
  /^[A-Za-z][\w.-]*$/.test(text) && !file.test(text) ? { name: text, replaced: "", operator: ":" } : undefined;

const movingGoVersions = "latest|upgrade|patch|master|main|HEAD|develop|dev|trunk";
const goPattern = new RegExp(`^([\\w-]+(?:\\.[\\w-]+)+\\/[\\w./~-]+?)(@(?:${movingGoVersions}))?$`);
const go: Reader = (text) => {
  const match = goPattern.exec(text);
  if (match === null || file.test(text) || text.includes("...")) return undefined;
  return { name: match[1] ?? "", replaced: match[2] ?? "", operator: "@" };
};

const cargo: Reader = (text) =>
  /^[A-Za-z][\w-]*$/.test(text) ? { name: text, replaced: "", operator: "@" } : undefined;

const composer: Reader = (text) =>
  /^[a-z0-9][\w.-]*\/[\w.-]+$/.test(text) ? { name: text, replaced: "", operator: ":" } : undefined;

const readers: Readonly<Partial<Record<LanguageTool, Reader>>> = {
  pip: python,
  pipx: python,
  uv: python,
  npm,
  yarn: npm,
  pnpm: npm,
  bun: npm,
  gem,
  go,
  cargo,
  composer,
};

/** Options with which the command does not take the newest version. */
const holding: Readonly<Partial<Record<LanguageTool, readonly string[]>>> = {
  pip: ["-c", "--constraint", "--no-index", "--require-hashes"],
  pipx: ["--spec"],
  uv: ["-c", "--constraint", "--constraints", "--no-index", "--require-hashes", "--exclude-newer", "--from"],
  npm: ["--no-install", "--no", "--offline", "--before"],
  yarn: ["--offline"],
  pnpm: ["--offline"],
  gem: ["-v", "--version", "-g", "--file", "--local", "-l"],
  cargo: ["--version", "--vers", "--locked", "--git", "--path", "--offline", "--list"],
};

/** Every package of the command that nothing holds to a version. Empty where that is not known. */
export function unpinnedPackages(command: Command, instruction: RunningInstruction): readonly Unpinned[] {
  if (command.name === "corepack") return corepack(command);
  const language = languageCommand(command);
  if (language === undefined || (language.action !== "add" && language.action !== "run")) return [];
  const { tool, options } = language;
  if (tool === "dotnet") return dotnetTool(language);
  const reader = readers[tool];
  if (reader === undefined || options.find(...(holding[tool] ?? [])) !== undefined) return [];
  if (isHeldElsewhere(language, instruction)) return [];
  const words = language.action === "run" ? programsOf(language) : language.packages;
  return words.flatMap((word, i) => {
    if (tool === "composer" && isConstraint(words[i + 1])) return [];
    const reading = word.text === undefined ? undefined : reader(word.text);
    if (reading === undefined) return [];
    const found = unpinned(tool, word, reading);
    // `foo>=1` without quotes is a redirect: the word cannot simply be continued.
    return /[<>]/.test(instruction.file.text[word.end] ?? "") ? [{ ...found, pin: undefined }] : [found];
  });
}

function unpinned(tool: string, word: ShellWord, { name, replaced, operator }: Reading): Unpinned {
  const pinned = `${operator}${choice(1, placeholder)}`;
  const from = replaced === "" ? -1 : word.raw.lastIndexOf(replaced);
  const place = from < 0 ? undefined : word.part(from, from + replaced.length);
  const end = /["']$/.test(word.raw) ? word.raw.length - 1 : word.raw.length;
  const behind = word.part(end - 1, end).end;
  const span = place === undefined ? { start: behind, end: behind } : { start: place.start, end: place.end };
  const simple = word.raw.includes(name) && (replaced === "" || place !== undefined);
  return { tool, name, at: word, pin: simple ? [{ span, text: pinned }] : undefined };
}

/** What `npx` and its like fetch: `-p` names it, else the program itself. */
function programsOf({ options, packages }: LanguageCommand): readonly ShellWord[] {
  const named = options.all("-p", "--package").flatMap((o) => o.valueWord ?? []);
  return named.length > 0 ? named : packages;
}

const isConstraint = (word: ShellWord | undefined): boolean =>
  word !== undefined && /^[\d^~*<>=v]|^dev-/.test(word.source);

function isHeldElsewhere(language: LanguageCommand, instruction: RunningInstruction): boolean {
  const { tool, action, word, packages, command } = language;
  const set = (name: string): boolean => environment(command, instruction, name) !== "unset";
  if (tool === "pip" || tool === "uv")
    return ["PIP_CONSTRAINT", "PIP_NO_INDEX", "UV_CONSTRAINT", "UV_NO_INDEX"].some(set);
  if (tool === "go")
    return word.source !== "get" && packages.every((p) => !p.source.includes("@")) && hasModule(instruction);
  if (action !== "run" || lockFiles[tool]?.manifest !== "package.json") return false;
  if (packages.some((p) => browserTools.has(p.source.replace(/(?!^)@.*/s, "")))) return true;
  return word.source !== "dlx" && hasNodeModules(instruction);
}

/** They fetch browsers that fit themselves, in images made for that. */
const browserTools = new Set(["playwright", "playwright-core", "cypress", "puppeteer", "@puppeteer/browsers"]);

/** Files of the project are there, so that its `go.mod` may name the version. */
const hasModule = (instruction: RunningInstruction): boolean =>
  (instruction.stage?.history ?? []).some((i) => {
    if (i.start >= instruction.end) return false;
    if (i instanceof Copy) return true;
    return (
      i instanceof Run &&
      (i.mounts.some((m) => m.type === "bind") || i.commands.some((c) => c.name === "go" && c.subcommand === "mod"))
    );
  });

/** `npx` takes the project's own copy where there is one. */
const hasNodeModules = (instruction: RunningInstruction): boolean =>
  (instruction.stage?.history ?? []).some((i) => {
    if (i.start > instruction.start) return false;
    if (i instanceof Copy)
      return (
        i.fromFlag !== undefined || i.sources.some((s) => /node_modules|package(?:-lock|\*)?\S*\.json/.test(s.text))
      );
    return i instanceof Run && i.commands.some((c) => installsNode(c));
  });

function installsNode(command: Command): boolean {
  const language = languageCommand(command);
  return (
    language !== undefined &&
    lockFiles[language.tool]?.manifest === "package.json" &&
    /^(?:restore|add|update)$/.test(language.action)
  );
}

/** `dotnet tool install` takes the newest version unless `--version` or a manifest says otherwise. */
function dotnetTool({ command, word, packages, options }: LanguageCommand): readonly Unpinned[] {
  const [tool] = packages;
  if (word.source !== "install" || tool?.text === undefined) return [];
  if (options.find("--version", "--tool-manifest", "--local", "--create-manifest-if-needed") !== undefined) return [];
  if (!/^[\w.-]+$/.test(tool.text)) return [];
  const { span, text } = command.insertAfter(tool, `--version ${placeholder}`);
  const pin =
    command.script.form === "exec" ? undefined : [{ span, text: text.replace(placeholder, choice(1, placeholder)) }];
  return [{ tool: "dotnet", name: tool.text, at: tool, pin }];
}

const corepackPattern = /^(?:npm|yarn|pnpm)(@(?:latest|next|stable|\*))$/;
function corepack(command: Command): readonly Unpinned[] {
  if (!/^(?:prepare|use|install|up)$/.test(command.subcommand ?? "")) return [];
  return command.args.flatMap((word) => {
    const tag = corepackPattern.exec(word.text ?? "")?.[1];
    if (tag === undefined) return [];
    return [unpinned("corepack", word, { name: word.source.slice(0, -tag.length), replaced: tag, operator: "@" })];
  });
}
