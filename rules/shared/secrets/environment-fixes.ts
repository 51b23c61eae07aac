/** Moves a literal out of a file: what reads it from the environment instead, in the words of the format. */
import {
  basename,
  type Context,
  contains,
  dirname,
  type Edit,
  type FileEdits,
  type Fix,
  fixIn,
  join,
  lineTerminator,
  type Span,
  type TextFile,
  type TextValue,
} from "../../../engine/index";
import { isGitIgnored } from "../git-ignored";
import { nameWords } from "./names";
import { type Credential, isInComment } from "./scan";

/** The fix that takes the credential out; undefined where nobody would read a variable there. */
export function movedOut(credential: Credential, file: TextFile, context: Context): Fix | undefined {
  if (isInComment(file, credential.at)) return undefined;
  const place = { ...credential, value: credential.value ?? around(credential, file) };
  const name = environmentName(place, file);
  const way = wayOf(place, file, name);
  if (way === undefined) return undefined;
  const own: FileEdits = { edits: way.edits };
  const others = way.isEnvironment ? noted(way.name ?? name, file, context) : [];
  return fixIn(context.file, `${way.title} and rotate it`, "unsafe", [own, ...others]);
}

interface Way {
  /** In the imperative, without "and rotate it". */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Whether a `.env` file may hold it from now on. */
  readonly isEnvironment: boolean;
  /** The variable, where it is not the proposed one. */
  readonly name?: string;
}

/** The value that it is a part of; of code, the literal that it stands in. */
const around = ({ at }: Credential, file: TextFile): TextValue | undefined =>
  file.values.find((value) => contains(value.span, at)) ??
  (file.format === "code" ? literalAround(file.text, at) : undefined);

/** A literal on one line, without escapes. */
function literalAround(text: string, at: Span): TextValue | undefined {
  const lineStart = text.lastIndexOf("\n", at.start - 1) + 1;
  const before = text.slice(lineStart, at.start);
  const open = quoteAt(before);
  if (open === undefined || before.length > 1000) return undefined;
  const quote = before.charAt(open);
  const start = lineStart + open + 1;
  const end = text.indexOf(quote, at.end);
  const value = text.slice(start, end);
  if (end < 0 || /[\n\\]/.test(value)) return undefined;
  const whole = { start: start - 1, end: end + 1 };
  return {
    path: [],
    name: "",
    nameSpan: undefined,
    value,
    span: { start, end },
    whole,
    isVerbatim: true,
    isQuoted: true,
    beside: new Map(),
    use: "value",
    fix: { at: whole },
  };
}

const upperSnake = (words: readonly string[]): string => words.join("_").toUpperCase();

/** The variable that holds it from now on: after the name that it stands under, or after what it is. */
function environmentName({ name, value, found }: Credential, file: TextFile): string {
  const isPart = found.kind === "url-credentials" || found.kind === "connection-string" || found.user !== undefined;
  if (isSpring(file) && value !== undefined) {
    return upperSnake([...nameWords(value.path.join("_")), ...(isPart ? ["password"] : [])]);
  }
  const words = nameWords(name ?? (isPart ? "" : (value?.name ?? "")));
  if (words.length > 0 && !isPart) return upperSnake(words).slice(0, 60);
  if (found.kind === "provider-token" && found.provider !== undefined) {
    return `${upperSnake(nameWords(found.provider))}_TOKEN`;
  }
  if (found.kind === "jwt" || found.kind === "authorization-header") return "API_TOKEN";
  return "DB_PASSWORD";
}

const isSpring = ({ file }: TextFile): boolean =>
  /^(?:application|bootstrap)(?:[-.][\w-]{1,60})?\.(?:ya?ml|properties)$/.test(basename(file));

function wayOf(credential: Credential, file: TextFile, name: string): Way | undefined {
  const { kind, format } = file;
  if (kind !== undefined && format !== "code") return undefined;
  if (isSpring(file)) return springWay(credential, name);
  if (format === "code") return codeWay(credential, file, name);
  if (format === "shell") return shellWay(credential, file, name);
  return templateWay(credential, file, name);
}

/** Spring fills in `${NAME}` from the environment. */
function springWay({ at, found, value }: Credential, name: string): Way | undefined {
  const title = (variable: string): string => `Read ${variable} from the environment`;
  const reference = /^\s*\$\{([\w.-]+):/.exec(value?.value ?? "")?.[1];
  if (found.fallback === true && value !== undefined && reference !== undefined) {
    const edits = [{ span: value.span, text: `\${${reference}}` }];
    return { title: `Let ${reference} be set, without a default,`, edits, isEnvironment: true, name: reference };
  }
  return { title: title(name), edits: [{ span: at, text: `\${${name}}` }], isEnvironment: true };
}

/** Formats whose program fills something in, and how it is spelled there. */
function templateWay({ at }: Credential, { file, format }: TextFile, name: string): Way | undefined {
  const base = basename(file).toLowerCase();
  const way = (title: string, text: string): Way => ({ title, edits: [{ span: at, text }], isEnvironment: false });
  if (/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(file)) {
    return way(`Take ${name} from the repository's secrets`, `\${{ secrets.${name} }}`);
  }
  if (base === ".npmrc" || base === ".yarnrc.yml") return way("Read NPM_TOKEN from the environment", `\${NPM_TOKEN}`);
  if (base === "settings.xml") return way(`Read ${name} from the environment`, `\${env.${name}}`);
  if (base === "nuget.config") return way(`Read ${name} from the environment`, `%${name}%`);
  if (format === "http") return way(`Read ${name} from the environment`, `{{$processEnv ${name}}}`);
  return undefined;
}

/** How each language reads a variable, and what it must import for it; constants cannot be read. */
interface Lookup {
  readonly read: (name: string) => string;
  readonly imports?: readonly [module: string, written: RegExp];
  readonly constant?: RegExp;
}

const lookups: readonly (readonly [RegExp, Lookup])[] = [
  [/^(?:[cm]?[jt]sx?)$/, { read: (name) => `process.env.${name}` }],
  [/^pyi?$/, { read: (name) => `os.environ["${name}"]`, imports: ["os", /^import os\b/m] }],
  [
    /^go$/,
    { read: (name) => `os.Getenv("${name}")`, imports: ["os", /^[ \t]*(?:import[ \t]+)?"os"/m], constant: /\bconst\b/ },
  ],
  [/^(?:java|scala|groovy|gradle)$/, { read: (name) => `System.getenv("${name}")`, constant: /@\w+\(/ }],
  [/^kts?$/, { read: (name) => `System.getenv("${name}")`, constant: /\bconst\b|@\w+\(/ }],
  [
    /^cs$/,
    {
      read: (name) => `Environment.GetEnvironmentVariable("${name}")`,
      imports: ["System", /^using System;/m],
      constant: /\bconst\b|^\s*\[\w+\(/,
    },
  ],
  [/^(?:rb|rake|gemspec|ru|gemfile|rakefile|vagrantfile)$/, { read: (name) => `ENV.fetch("${name}")` }],
  [/^php$/, { read: (name) => `getenv('${name}')`, constant: /\bconst\b|\bstatic\b/ }],
  [/^exs?$/, { read: (name) => `System.fetch_env!("${name}")` }],
];

function codeWay({ at, value }: Credential, file: TextFile, proposed: string): Way | undefined {
  const lookup = lookups.find(([extension]) => extension.test(file.extension))?.[1];
  if (lookup === undefined || value?.fix === undefined || value.use === "default" || value.use === "comparison")
    return undefined;
  const { fix, whole, span } = value;
  const { text } = file;
  const line = text.slice(text.lastIndexOf("\n", at.start - 1) + 1, at.start);
  if (lookup.constant?.test(line) === true || isInConstants(file, at.start)) return undefined;
  const imported = importEdits(file, lookup);
  if (imported === undefined) return undefined;

  if (value.use === "fallback") {
    if (fix.key === undefined) return undefined;
    const edits = [{ span: fix.at, text: lookup.read(fix.key) }, ...imported];
    return { title: `Let ${fix.key} be set, without a default,`, edits, isEnvironment: true, name: fix.key };
  }
  // A prefix such as `f`, `$` or `@` gives the text another meaning.
  const quote = text.charAt(whole.start);
  if (/[\w$@]/.test(text.charAt(whole.start - 1)) || !/["'`]/.test(quote) || !value.isVerbatim) return undefined;
  const title = `Read ${proposed} from the environment`;
  const read = lookup.read(proposed);
  if (at.start === span.start && at.end === span.end) {
    return { title, edits: [{ span: whole, text: read }, ...imported], isEnvironment: true };
  }
  if (quote === "`") {
    const edits = file.extension === "go" ? undefined : [{ span: at, text: `\${${read}}` }];
    return edits && { title, edits: [...edits, ...imported], isEnvironment: true };
  }
  if (!/^\s{0,6}[,;)}\]\r\n]/.test(text.slice(whole.end, whole.end + 8))) return undefined;
  const start = at.start === span.start ? { from: whole.start, text: "" } : { from: at.start, text: `${quote} + ` };
  const end = at.end === span.end ? { to: whole.end, text: "" } : { to: at.end, text: ` + ${quote}` };
  const edits = [{ span: { start: start.from, end: end.to }, text: `${start.text}${read}${end.text}` }, ...imported];
  return { title, edits, isEnvironment: true };
}

/** Inside `const ( … )` of Go. */
function isInConstants({ text, extension }: TextFile, at: number): boolean {
  if (extension !== "go") return false;
  const open = text.lastIndexOf("\nconst (", at);
  return open >= 0 && text.lastIndexOf("\n)", at) < open;
}

/** The import that the lookup needs; undefined where it cannot be written. */
function importEdits(file: TextFile, { imports }: Lookup): readonly Edit[] | undefined {
  if (imports === undefined) return [];
  const [module, written] = imports;
  if (written.test(file.text)) return [];
  if (!file.knowsImports) return undefined;
  const line = file.importOf(module);
  return line === undefined ? [] : [{ span: { start: line.at, end: line.at }, text: line.text }];
}

function shellWay({ at, value }: Credential, file: TextFile, name: string): Way | undefined {
  if (!/^(?:sh|bash|zsh|ksh|bashrc|profile|envrc|\.[a-z]+rc|\.profile|\.envrc|[\w-]+)$/.test(file.extension))
    return undefined;
  if (/^(?:ps1|psm1|bat|cmd|mk|makefile|gnumakefile|justfile|fish)$/.test(file.extension)) return undefined;
  const title = `Read ${name} from the environment`;
  const isWhole = value !== undefined && at.start === value.span.start && at.end === value.span.end;
  if (isWhole && value.use === "value") {
    const edits = [{ span: value.whole, text: `"\${${value.name}:?set ${value.name}}"` }];
    return { title: `Read ${value.name} from the environment`, edits, isEnvironment: true, name: value.name };
  }
  const lineStart = file.text.lastIndexOf("\n", at.start - 1) + 1;
  const before = file.text.slice(lineStart, at.start);
  const open = quoteAt(before);
  const quotes = open === undefined ? "" : before.charAt(open);
  if (isWhole && value.isQuoted) {
    return { title, edits: [{ span: value.whole, text: `"$${name}"` }], isEnvironment: true };
  }
  if (quotes === "'") return undefined;
  const text = quotes === '"' ? `\${${name}}` : `"$${name}"`;
  return { title, edits: [{ span: at, text }], isEnvironment: true };
}

/** Where the quote stands that is open behind the text. */
function quoteAt(before: string): number | undefined {
  let open: number | undefined;
  for (let i = 0; i < before.length; i++) {
    const c = before.charAt(i);
    const quote = open === undefined ? undefined : before.charAt(open);
    if (c === "\\" && quote !== "'") i++;
    else if (open === undefined && /["'`]/.test(c)) open = i;
    else if (c === quote) open = undefined;
  }
  return open;
}

const exampleNames = [".env.example", ".env.sample", ".env.template"] as const;

/** Tells whoever sets the project up of the variable, where there is a place for it, and keeps the real values out of git. */
function noted(name: string, { file }: TextFile, { project }: Context): readonly FileEdits[] {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    for (const example of exampleNames) {
      const path = join(folder, example);
      const text = project.text(path);
      if (text === undefined || path === file) continue;
      const hasLine = new RegExp(`^(?:export[ \\t]+)?${name}=`, "m").test(text);
      const added = hasLine ? [] : [{ file: path, edits: [lineAtEnd(text, `${name}=`)] }];
      return [...added, ...keptOut(folder, project)];
    }
    if (folder === "") return [];
  }
}

function keptOut(folder: string, project: Context["project"]): readonly FileEdits[] {
  const ignoreFile = join(folder, ".gitignore");
  const text = project.text(ignoreFile);
  if (text === undefined || isGitIgnored(join(folder, ".env"), project)) return [];
  return [{ file: ignoreFile, edits: [lineAtEnd(text, ".env")] }];
}

/** A line behind the last one. */
export function lineAtEnd(text: string, line: string): Edit {
  const terminator = lineTerminator(text);
  const isOpen = text !== "" && !text.endsWith("\n");
  return { span: { start: text.length, end: text.length }, text: `${isOpen ? terminator : ""}${line}${terminator}` };
}
