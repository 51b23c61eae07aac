/** Programs that run a text as a program, and where they take the text from. */
import { isShell, type Command, type ShellWord, withoutTrailing } from "../../engine/index";

export type Source =
  /** Standard input; `word` is the `-`, `-s` or `--` that says so. */
  | { readonly from: "input"; readonly word: ShellWord | undefined }
  /** A file, a process substitution among them. */
  | { readonly from: "file"; readonly word: ShellWord }
  /** An argument: `-c`, `-e`, `eval`. */
  | { readonly from: "text"; readonly word: ShellWord };

interface Interpreter {
  /** Short options whose value is the program. */
  readonly text: string;
  /** Short options whose value is something else. */
  readonly valued: string;
  readonly longText?: readonly string[];
  /** Short options with which it runs nothing from its input. */
  readonly other?: string;
}

const shell: Interpreter = { text: "c", valued: "oO" };
const interpreters: Readonly<Record<string, Interpreter>> = {
  python: { text: "c", valued: "WX", other: "mV" },
  perl: { text: "eE", valued: "IMm", other: "npv" },
  ruby: { text: "e", valued: "IrCE", other: "npv" },
  node: { text: "ep", valued: "rC", longText: ["--eval", "--print"], other: "v" },
  php: { text: "r", valued: "cdzBREF", other: "vim" },
  lua: { text: "e", valued: "l", other: "v" },
};

function interpreterOf(name: string): Interpreter | undefined {
  if (isShell(name) || name === "fish") return shell;
  // Most commands are refused here: no program of the table begins with another letter.
  if (!/^[plrn]/.test(name)) return undefined;
  const plain = withoutTrailing(name, ".0123456789");
  return Object.hasOwn(interpreters, plain) ? interpreters[plain] : undefined;
}

/** What the command interprets; undefined where it is no interpreter, or runs something else. */
export function interpreted(command: Command): Source | undefined {
  const { name, args } = command;
  if (name === "source" || name === ".") return args[0] === undefined ? undefined : fileOrInput(args[0]);
  if (name === "eval") return args[0] === undefined ? undefined : { from: "text", word: args[0] };
  const interpreter = interpreterOf(name);
  // What xargs runs has no input of its own.
  if (interpreter === undefined || command.wrappers.some((w) => w.name === "xargs")) return undefined;
  const posix = interpreter === shell;
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    if (word === undefined) break;
    const { source } = word;
    if (source === "--" && !posix) return { from: "input", word };
    if (source === "--") continue;
    if (source === "-" || !/^[-+]/.test(source)) return fileOrInput(word);
    if (interpreter.longText?.includes(source.split("=")[0] ?? "") === true)
      return textAt(source.includes("=") ? word : args[i + 1]);
    if (source.startsWith("--")) continue;
    const letters = source.slice(1);
    const valued = [...letters].findIndex((l) => interpreter.valued.includes(l));
    const before = valued < 0 ? letters : letters.slice(0, valued);
    const text = [...before].findIndex((l) => interpreter.text.includes(l));
    if (text >= 0)
      return textAt(
        posix || text === before.length - 1 ? args.slice(i + 1).find((a) => !posix || !/^[-+]/.test(a.source)) : word,
      );
    if (posix && before.includes("s") && source.startsWith("-")) return { from: "input", word };
    if ([...before].some((l) => interpreter.other?.includes(l) === true)) return undefined;
    if (valued >= 0 && valued === letters.length - 1) i++;
  }
  return { from: "input", word: undefined };
}

const textAt = (word: ShellWord | undefined): Source | undefined =>
  word === undefined ? undefined : { from: "text", word };

const fileOrInput = (word: ShellWord): Source =>
  /^(?:-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/.test(word.source)
    ? { from: "input", word }
    : { from: "file", word };
