/** Downloaded text that an interpreter runs without anybody having looked at it. */
import {
  choice,
  cover,
  expandChoices,
  literal,
  type Command,
  type Edit,
  type Fix,
  type Instruction,
  type RunningInstruction,
  type ShellWord,
  type Span,
} from "../../engine/index";
import { checksumEdit, download, isDownloader, isVerified, samePath, savedPath, type Download } from "./downloads";
import { interpreted } from "./interpreters";

export interface RemoteScript {
  /** The download together with what runs it; of a saved one the URL alone. */
  readonly at: Span;
  readonly source: Download;
  /** The command that runs it. */
  readonly runner: Command;
  readonly how: "piped" | "substituted" | "saved";
}

/** Every remote script that the commands of one instruction run. */
export function remoteScripts(commands: readonly Command[]): readonly RemoteScript[] {
  if (!commands.some(isDownloader)) return none;
  const files = commands.flatMap((command): SavedFile[] => {
    const source = download(command);
    const path = source === undefined ? undefined : savedPath(source);
    return source === undefined || path === undefined ? [] : [{ source, path }];
  });
  const found = commands.flatMap(
    (command) => piped(command) ?? substituted(command) ?? saved(command, files, commands) ?? [],
  );
  return found.filter((f, i) => found.findIndex((other) => other.at.start === f.at.start) === i);
}

const none: readonly RemoteScript[] = [];

function piped(runner: Command): RemoteScript | undefined {
  if (runner.upstream === undefined || runner.documents.length > 0) return undefined;
  if (interpreted(runner)?.from !== "input" || runner.redirects.some((r) => r.operator.startsWith("<")))
    return undefined;
  const before = runner.pipeline.slice(0, runner.pipeline.indexOf(runner));
  const source = before.map(download).find((d) => d?.output === "-");
  if (source === undefined) return undefined;
  return { at: cover(source.command, runner), source, runner, how: "piped" };
}

/** `bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`, `bash <<< "$(curl …)"`. */
function substituted(runner: Command): RemoteScript | undefined {
  const program = interpreted(runner);
  if (program === undefined) return undefined;
  const given =
    program.from === "input"
      ? runner.redirects.map((r) => r.target)
      : runner.name === "eval"
        ? runner.args
        : [program.word];
  for (const word of given) {
    if (word === undefined || !/^(?:\$\(|`|<\()/.test(word.source)) continue;
    const source = word.substitutions.map(download).find((d) => d?.output === "-");
    if (source === undefined) continue;
    return { at: cover(runner.program ?? runner, word), source, runner, how: "substituted" };
  }
  return undefined;
}

interface SavedFile {
  readonly source: Download;
  readonly path: string;
}

function saved(runner: Command, files: readonly SavedFile[], commands: readonly Command[]): RemoteScript | undefined {
  const path = files.length === 0 ? undefined : programPath(runner);
  if (path === undefined) return undefined;
  const before = files.filter((f) => f.source.command.start < runner.start);
  const source = before.filter((f) => samePath(f.path, path)).pop()?.source;
  const url = source?.urls[0];
  if (source === undefined || url === undefined) return undefined;
  const earlier = commands.filter((c) => c.start < runner.start);
  if (
    isVerified(
      path,
      earlier,
      before.map((f) => f.path),
      source.command,
    )
  )
    return undefined;
  return { at: url, source, runner, how: "saved" };
}

/** The file that a command runs: the interpreter's, or the program's own path. */
export function programPath(command: Command): string | undefined {
  const program = interpreted(command);
  if (program !== undefined)
    return program.from === "file" && !program.word.source.startsWith("<(") ? program.word.source : undefined;
  const source = command.program?.source ?? "";
  return source.includes("/") ? source : undefined;
}

const scriptFile = "/tmp/install.sh";

/** Saves the script, checks it, and only then runs it. Undefined where the text is too unlike a plain pipe. */
export function checkFirst(found: RemoteScript, instruction: RunningInstruction): Fix | undefined {
  const { runner, source } = found;
  const plain = runner.position === "script" && runner.parent === undefined && instruction.form === "shell";
  const text = instruction.file.text.slice(found.at.start, found.at.end);
  const isFallback = /\|\|\s*$/.test(instruction.file.text.slice(instruction.start, found.at.start));
  if (!plain || isFallback || /[\n\r][ \t]*#/.test(text)) return undefined;
  const edits =
    found.how === "piped"
      ? unpiped(found, text)
      : found.how === "saved"
        ? checked(source)
        : unfolded(found, instruction);
  if (edits === undefined) return undefined;
  return { title: "Save the script and check its checksum before it runs", applicability: "guided", edits };
}

const check = (path: string): string =>
  `${literal(' && echo "')}${choice(1, "<sha256>")}${literal(`  ${path}" | sha256sum -c - && `)}`;

function checked(source: Download): readonly Edit[] | undefined {
  const path = savedPath(source);
  const edit = path === undefined ? undefined : checksumEdit(source.command, path);
  return edit === undefined ? undefined : [edit];
}

function unpiped({ source, runner }: RemoteScript, text: string): readonly Edit[] | undefined {
  const first = source.command;
  if (first.downstream !== runner) return undefined;
  const save = saveTo(source);
  const give = giveFile(runner);
  const pipe = text.indexOf("|", first.end - first.start);
  if (save === undefined || give === undefined || pipe < 0) return undefined;
  // A closing bracket between them: the download is not alone at the left.
  if (!/^[\s\\]*$/.test(text.slice(first.end - first.start, pipe))) return undefined;
  const at = first.start + pipe;
  const blankBefore = /[ \t]$/.test(text.slice(0, pipe)) ? 1 : 0;
  const blankBehind = /^[ \t]*/.exec(text.slice(pipe + 1))?.[0].length ?? 0;
  const joined = check(scriptFile).slice(blankBefore);
  return [save, { span: { start: at, end: at + 1 + blankBehind }, text: joined }, ...give];
}

function unfolded(found: RemoteScript, instruction: RunningInstruction): readonly Edit[] | undefined {
  const { source, runner } = found;
  const { text } = instruction.file;
  const inner = source.command;
  const save = saveTo(source);
  const written = text.slice(inner.start, inner.end);
  if (save === undefined || inner.downstream !== undefined || inner.upstream !== undefined || /\\/.test(written))
    return undefined;
  const got = literal(
    written.slice(0, save.span.start - inner.start) +
      expandChoices(save.text) +
      written.slice(save.span.end - inner.start),
  );
  const after = runner.args.filter((a) => a.start >= found.at.end);
  const isText = runner.args.some((a) => /^-[a-z]*c$/.test(a.source));
  // The word behind the text of `sh -c` is the script's own name.
  const dropped = isText ? after[0] : undefined;
  const program = runner.name === "eval" ? "." : runner.name;
  const end = dropped?.end ?? found.at.end;
  return [
    { span: { start: found.at.start, end }, text: `${got}${check(scriptFile)}${literal(`${program} ${scriptFile}`)}` },
  ];
}

/** Lets the download write to the file instead of standard output. */
function saveTo({ command, options }: Download): Edit | undefined {
  const program = command.program;
  if (program === undefined) return undefined;
  const output = options.find(...(command.name === "curl" ? ["-o", "--output"] : ["-O", "--output-document"]));
  if (output?.valueWord === undefined) {
    return command.name === "curl"
      ? { span: { start: program.end, end: program.end }, text: ` -o ${scriptFile}` }
      : undefined;
  }
  const { end } = output.valueWord;
  const attached = output.valueWord === output.word && !output.name.startsWith("--");
  return { span: { start: end - 1, end }, text: `${attached ? " " : ""}${scriptFile}` };
}

/** Lets the interpreter read the file instead of standard input. */
function giveFile(runner: Command): readonly Edit[] | undefined {
  const program = interpreted(runner);
  if (program?.from !== "input") return undefined;
  const { word } = program;
  const replaced = (w: ShellWord): Edit => ({ span: { start: w.start, end: w.end }, text: scriptFile });
  if (word === undefined) {
    const last = runner.words[runner.words.length - 1];
    return last === undefined ? undefined : [{ span: { start: last.end, end: last.end }, text: ` ${scriptFile}` }];
  }
  if (word.source === "-s") {
    const next = runner.args[runner.args.indexOf(word) + 1];
    if (next?.source === "--" || next?.source === "-")
      return [{ span: { start: word.start, end: next.end }, text: scriptFile }];
    return [replaced(word)];
  }
  return word.source.startsWith("-") && word.source.length > 2 ? undefined : [replaced(word)];
}

const powerShell =
  /\b(?:iwr|irm|curl|wget|invoke-webrequest|invoke-restmethod|downloadstring)\b[^|;]{0,600}\|\s{0,20}(?:iex|invoke-expression)\b|(?:\biex|\binvoke-expression)\b[^|;]{0,60}\b(?:iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b[^;|]{0,300}/i;

/** The first `iwr … | iex`, or the like, of a PowerShell text: `[from, to)`. */
export function powerShellScript(text: string): { readonly from: number; readonly to: number } | undefined {
  const match = powerShell.exec(text);
  return match === null ? undefined : { from: match.index, to: match.index + match[0].trimEnd().length };
}

export const commandsBehind = (instructions: readonly Instruction[], place: Instruction): readonly Command[] =>
  instructions.flatMap((i) => (i.start > place.start && "commands" in i ? (i as RunningInstruction).commands : []));
