/** The options of a command, by the usual conventions: `-k`, `-fsSLk`, `-o file`, `-ofile`, `--long`, `--long=value`, `--`. */
import type { Edit } from "../../text/edit";
import type { Span } from "../../text/span";
import type { Command, ShellWord } from "./script";

/** Which options of a program take a value. */
export interface OptionSyntax {
  /** Letters of the short ones. */
  readonly short?: string;
  /** The long ones, with their dashes (`--output`); programs with one-dash long options list those too. */
  readonly long?: readonly string[];
  /** Those of one dash and several letters that take none: `-insecure`. */
  readonly plain?: readonly string[];
}

export interface Option extends Span {
  /** `-k` or `--insecure`. */
  readonly name: string;
  readonly word: ShellWord;
  readonly value: string | undefined;
  /** The word that is, or ends with, the value. */
  readonly valueWord: ShellWord | undefined;
  /** Takes the option, its value included, out of the command. */
  remove(): Edit;
}

export interface Options {
  readonly options: readonly Option[];
  /** Arguments that are no options and no options' values. */
  readonly operands: readonly ShellWord[];
  /** The first of the named options, spelled with their dashes. */
  find(...names: readonly string[]): Option | undefined;
  all(...names: readonly string[]): readonly Option[];
}

/** Reads the options of `args` (the command's own arguments by default). */
export function readOptions(command: Command, syntax: OptionSyntax = {}, args = command.args): Options {
  const options: Option[] = [];
  const operands: ShellWord[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    if (word === undefined) break;
    const { source } = word;
    if (source === "--") {
      operands.push(...args.slice(i + 1));
      break;
    }
    const equals = source.indexOf("=");
    const name = equals < 0 ? source : source.slice(0, equals);
    if (source.startsWith("--") || syntax.long?.includes(name) === true || syntax.plain?.includes(name) === true) {
      const takesNext = equals < 0 && syntax.long?.includes(name) === true;
      const valueWord = takesNext ? args[++i] : equals < 0 ? undefined : word;
      const value = takesNext ? valueWord?.source : equals < 0 ? undefined : source.slice(equals + 1);
      options.push(new WrittenOption(command, name, word, word, value, valueWord));
    } else if (source.startsWith("-") && source.length > 1) {
      for (let j = 1; j < source.length; j++) {
        const letter = source[j] ?? "";
        if (!/[A-Za-z0-9]/.test(letter)) break;
        const place = word.raw === source ? word.part(j, j + 1) : word;
        if (syntax.short?.includes(letter) !== true) {
          options.push(
            new WrittenOption(command, `-${letter}`, word, source.length === 2 ? word : place, undefined, undefined),
          );
          continue;
        }
        const rest = source.slice(j + 1);
        const valueWord = rest === "" ? args[++i] : word;
        options.push(
          new WrittenOption(command, `-${letter}`, word, word, rest === "" ? valueWord?.source : rest, valueWord),
        );
        break;
      }
    } else operands.push(word);
  }
  return {
    options,
    operands,
    find: (...names) => options.find((o) => names.includes(o.name)),
    all: (...names) => options.filter((o) => names.includes(o.name)),
  };
}

class WrittenOption implements Option {
  constructor(
    private readonly command: Command,
    readonly name: string,
    readonly word: ShellWord,
    private readonly place: Span,
    readonly value: string | undefined,
    readonly valueWord: ShellWord | undefined,
  ) {}

  get start(): number {
    return this.place.start;
  }

  get end(): number {
    return this.place.end;
  }

  remove(): Edit {
    const { place, word, valueWord } = this;
    if (place !== word) return { span: { start: place.start, end: place.end }, text: "" };
    const { span } = this.command.removeWord(word);
    const end = valueWord === undefined ? span.end : Math.max(span.end, valueWord.end);
    return { span: { start: span.start, end }, text: "" };
  }
}
