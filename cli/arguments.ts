/** From words on the command line to what is asked for. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { configPresets, type Preset, type Severity, type Standard } from "../engine/index";
import { choices, defaultChoices, faultOfName, type ServiceChoices } from "../scaffold/index";
import { nearest } from "./nearest";

// The engine's own words, as types: `--help` and a misuse need not load the engine.
const presetNames: readonly (Preset | Standard)[] = configPresets;
const severityNames: readonly Severity[] = ["hint", "info", "warning", "error"];

export interface CheckRequest {
  readonly command: "check";
  /** As written; the current directory where none was given. */
  readonly paths: readonly string[];
  readonly format: "text" | "json" | "sarif";
  /** The boldest kind of fix to apply. */
  readonly fix: "safe" | "unsafe" | undefined;
  readonly preset: Preset | Standard | undefined;
  readonly config: string | undefined;
  /** Standard input is checked as this file, and no path is. */
  readonly stdinFilename: string | undefined;
  /** The softest severity that makes the run fail. */
  readonly failOn: Severity | "none";
  readonly output: "full" | "quiet";
  /** `YYYY-MM-DD`. */
  readonly today: string | undefined;
}

export interface NewServiceRequest {
  readonly command: "new";
  readonly choices: ServiceChoices;
  /** As written. */
  readonly into: string;
  /** `preview`: nothing is written. */
  readonly mode: "write" | "preview";
}

export const commandNames = ["check", "rules", "explain", "new", "lsp"] as const;
export type CommandName = (typeof commandNames)[number];

export type Request =
  | CheckRequest
  | { readonly command: "rules"; readonly format: "text" | "json" }
  | { readonly command: "explain"; readonly id: string }
  | NewServiceRequest
  | { readonly command: "lsp" }
  /** Not for people: waits for the end of a process that writes, see `write.ts`. `pid` is that process. */
  | { readonly command: "guard"; readonly folder: string; readonly pid: number }
  | { readonly command: "help"; readonly topic: CommandName | undefined }
  | { readonly command: "version" }
  | { readonly command: "misuse"; readonly message: string };

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values = Readonly<Record<string, unknown>>;

const common: Options = { help: { type: "boolean", short: "h" } };
const options: Readonly<Record<CommandName, Options>> = {
  check: {
    ...common,
    format: { type: "string" },
    fix: { type: "string" },
    preset: { type: "string" },
    config: { type: "string" },
    "stdin-filename": { type: "string" },
    "fail-on": { type: "string" },
    quiet: { type: "boolean", short: "q" },
    today: { type: "string" },
  },
  rules: { ...common, format: { type: "string" } },
  explain: common,
  new: {
    ...common,
    language: { type: "string" },
    database: { type: "string" },
    broker: { type: "string" },
    gateway: { type: "boolean" },
    manifests: { type: "string" },
    ci: { type: "string" },
    into: { type: "string" },
    "dry-run": { type: "boolean" },
  },
  lsp: { ...common, stdio: { type: "boolean" } },
};

/** The first word of the command line of a guard. */
export const guardWord = "--guard";

class Misuse extends Error {}

export function readArguments(words: readonly string[]): Request {
  const [first, ...rest] = words;
  if (first === undefined) return misuse("say what to do: try `bulkhead check` or `bulkhead --help`");
  if (first === "--version" || first === "-V") return { command: "version" };
  if (first === "--help" || first === "-h") return { command: "help", topic: undefined };
  if (first === guardWord) return { command: "guard", folder: rest[0] ?? "", pid: Number(rest[1]) };
  if (first === "help") return { command: "help", topic: commandNames.find((c) => c === rest[0]) };
  const command = commandNames.find((c) => c === first);
  if (command === undefined) return misuse(unknownCommand(first));
  try {
    return readCommand(command, rest);
  } catch (error) {
    if (error instanceof Misuse) return misuse(error.message);
    throw error;
  }
}

const misuse = (message: string): Request => ({ command: "misuse", message });

function unknownCommand(word: string): string {
  if (word.startsWith("-")) return `options come after a command: \`bulkhead check ${word}\`, or \`bulkhead --help\``;
  const [near] = nearest(word, commandNames);
  const hint =
    near === undefined ? `to check a path, say \`bulkhead check ${word}\`` : `did you mean \`bulkhead ${near}\`?`;
  return `there is no command \`${word}\`; ${hint}`;
}

function readCommand(command: CommandName, words: readonly string[]): Request {
  if (command === "lsp") return readLsp(words);
  const { values, positionals } = parse(command, words);
  if (values["help"] === true) return { command: "help", topic: command };
  if (command === "check") return readCheck(values, positionals);
  if (command === "rules") {
    if (positionals.length > 0)
      throw new Misuse("`bulkhead rules` takes no paths; see `bulkhead explain <id>` for one rule");
    return { command, format: oneOf(values, "format", ["text", "json"]) ?? "text" };
  }
  if (command === "new") return readNew(values, positionals);
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) throw new Misuse("name one rule: `bulkhead explain dockerfile/root-user`");
  return { command, id };
}

/** Editors add arguments of their own to a server's command line: those we do not know are let pass. */
function readLsp(words: readonly string[]): Request {
  if (words.includes("--help") || words.includes("-h")) return { command: "help", topic: "lsp" };
  if (!words.includes("--stdio"))
    throw new Misuse("the language server speaks over standard input and output: say `bulkhead lsp --stdio`");
  return { command: "lsp" };
}

function readCheck(values: Values, paths: readonly string[]): CheckRequest {
  const stdinFilename = text(values, "stdin-filename");
  const fix = oneOf(values, "fix", ["safe", "unsafe"]);
  if (stdinFilename !== undefined && paths.length > 0) {
    throw new Misuse("with --stdin-filename the text comes from standard input: give no paths");
  }
  if (stdinFilename !== undefined && fix !== undefined)
    throw new Misuse("--fix writes files: it does not go with --stdin-filename");
  const today = text(values, "today");
  if (today !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(today))
    throw new Misuse("--today is a day, written as YYYY-MM-DD");
  return {
    command: "check",
    paths: paths.length === 0 ? ["."] : paths,
    format: oneOf(values, "format", ["text", "json", "sarif"]) ?? "text",
    fix,
    preset: oneOf(values, "preset", presetNames),
    config: text(values, "config"),
    stdinFilename,
    failOn: oneOf(values, "fail-on", [...severityNames, "none"]) ?? "warning",
    output: values["quiet"] === true ? "quiet" : "full",
    today,
  };
}

function readNew(values: Values, [what, name, ...more]: readonly string[]): NewServiceRequest {
  if (what !== "service" || name === undefined || more.length > 0) {
    throw new Misuse("say what to begin: `bulkhead new service NAME --language go`");
  }
  const language = oneOf(values, "language", valuesOf("language"));
  if (language === undefined) throw new Misuse(`--language is one of ${valuesOf("language").join(", ")}`);
  const fault = faultOfName(name, language);
  if (fault !== undefined) throw new Misuse(fault);
  return {
    command: "new",
    choices: {
      name,
      language,
      database: oneOf(values, "database", valuesOf("database")) ?? defaultChoices.database,
      broker: oneOf(values, "broker", valuesOf("broker")) ?? defaultChoices.broker,
      gateway: values["gateway"] === true,
      manifests: oneOf(values, "manifests", valuesOf("manifests")) ?? defaultChoices.manifests,
      ci: oneOf(values, "ci", valuesOf("ci")) ?? defaultChoices.ci,
    },
    into: text(values, "into") ?? ".",
    mode: values["dry-run"] === true ? "preview" : "write",
  };
}

const valuesOf = <K extends keyof typeof choices>(key: K): readonly ServiceChoices[K][] =>
  (choices[key] as readonly { readonly value: ServiceChoices[K] }[]).map((c) => c.value);

function parse(command: CommandName, words: readonly string[]): { values: Values; positionals: readonly string[] } {
  const known = options[command];
  try {
    return parseArgs({ args: withFixLevel(words), options: known, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misuse(explained(error, command, known));
  }
}

/** `parseArgs` has no option with an optional value: a bare `--fix` is `--fix=safe`. */
function withFixLevel(words: readonly string[]): string[] {
  const end = words.indexOf("--");
  return words.map((word, i) => (word === "--fix" && (end < 0 || i < end) ? "--fix=safe" : word));
}

function explained(error: TypeError & { code?: string }, command: CommandName, known: Options): string {
  if (error.code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") return error.message;
  const name = /'(-{1,2}[^'\s]+)'/.exec(error.message)?.[1] ?? "";
  const [near] = nearest(
    name,
    Object.keys(known).map((option) => `--${option}`),
  );
  const hint = near === undefined ? `see \`bulkhead ${command} --help\`` : `did you mean \`${near}\`?`;
  return `\`bulkhead ${command}\` has no option \`${name}\`; ${hint}`;
}

const text = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
};

function oneOf<T extends string>(values: Values, name: string, allowed: readonly T[]): T | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const found = allowed.find((a) => a === value);
  if (found === undefined) throw new Misuse(`--${name} is one of ${allowed.join(", ")}, not \`${value}\``);
  return found;
}
