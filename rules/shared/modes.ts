/** File modes: where build steps set them, and what they allow. */
import { readOptions, type Command, type Copy, type Edit, type Located, type ShellWord } from "../../engine/index";

/** One place that gives files a mode. */
export interface ModeChange {
  /** `755`, `u=rwX,go=rX`: quotes resolved. */
  readonly text: string;
  readonly at: Located;
  /** The files, as written, variables included. */
  readonly paths: readonly ShellWord[];
  /** Only directories get the mode. */
  readonly directories: boolean;
  /** Writes another mode in its place. */
  replace(mode: string): Edit;
}

/** The mode that `chmod`, `install -m`, `mkdir -m` or `find … -exec chmod` sets; undefined where it is not written out. */
export function modeOf(command: Command): ModeChange | undefined {
  if (command.name === "chmod") return chmod(command, command.args, false);
  if (command.name === "find") {
    const at = command.args.findIndex((a) => /^-(?:exec|execdir|ok)$/.test(a.source));
    if (at < 0 || command.args[at + 1]?.text?.replace(/^.*\//, "") !== "chmod") return undefined;
    const type = command.args.findIndex((a) => a.source === "-type");
    const [start] = command.args;
    const change = chmod(command, command.args.slice(at + 2), type >= 0 && command.args[type + 1]?.source === "d");
    return change === undefined ? undefined : { ...change, paths: start === undefined ? [] : [start] };
  }
  if (command.name !== "install" && command.name !== "mkdir") return undefined;
  const options = readOptions(command, {
    short: "mogtSZ",
    long: ["--mode", "--owner", "--group", "--target-directory", "--suffix"],
  });
  const mode = options.find("-m", "--mode");
  if (mode?.valueWord === undefined || mode.value === undefined) return undefined;
  const makes = command.name === "mkdir" || options.find("-d", "--directory") !== undefined;
  const target = options.find("-t", "--target-directory")?.valueWord;
  const last = options.operands.slice(-1);
  return change(mode.valueWord, mode.value, makes ? options.operands : target === undefined ? last : [target], makes);
}

function chmod(command: Command, args: readonly ShellWord[], directories: boolean): ModeChange | undefined {
  const [mode, ...paths] = readOptions(command, { long: ["--reference"] }, args).operands;
  if (mode?.text === undefined) return undefined;
  return change(
    mode,
    mode.text,
    paths.filter((p) => p.source !== "{}" && p.source !== "+" && p.source !== ";"),
    directories,
  );
}

function change(
  word: ShellWord,
  text: string,
  paths: readonly ShellWord[],
  directories: boolean,
): ModeChange | undefined {
  const at = word.find(text);
  if (at === undefined || word.text === undefined) return undefined;
  return { text, at, paths, directories, replace: (mode) => ({ span: { start: at.start, end: at.end }, text: mode }) };
}

/** The mode of COPY or ADD `--chmod`. */
export function copyMode(copy: Copy): Omit<ModeChange, "paths" | "directories"> | undefined {
  const word = copy.chmod?.value;
  const value = word === undefined ? undefined : copy.expand(word).value;
  if (word === undefined || value?.known !== true || word.raw !== value.value) return undefined;
  return {
    text: value.value,
    at: word,
    replace: (mode) => ({ span: { start: word.start, end: word.end }, text: mode }),
  };
}

/** The bits of an octal mode; undefined for a symbolic one. */
export const octal = (mode: string): number | undefined =>
  /^[0-7]{1,5}$/.test(mode) ? Number.parseInt(mode, 8) : undefined;

/** An octal mode, with a leading zero where `like` has one. */
export function writeOctal(bits: number, like: string): string {
  const digits = bits.toString(8).padStart(3, "0");
  return like.startsWith("0") ? `0${digits}` : digits;
}

/** One clause of a symbolic mode: `go+w`. */
export interface Clause {
  readonly who: string;
  readonly operator: "+" | "-" | "=";
  readonly permissions: string;
}

/** The clauses of a symbolic mode; undefined where it is none. */
export function clauses(mode: string): readonly Clause[] | undefined {
  const read: Clause[] = [];
  for (const part of mode.split(",")) {
    const match = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(part);
    if (match === null) return undefined;
    for (const action of (match[2] ?? "").match(/[-+=][rwxXstugo]*/g) ?? []) {
      read.push({ who: match[1] ?? "", operator: action[0] as Clause["operator"], permissions: action.slice(1) });
    }
  }
  return read;
}
export const writeClauses = (list: readonly Clause[]): string =>
  list.map((c) => c.who + c.operator + c.permissions).join(",");

/** Whether the mode lets a program run as its owner. */
export function setsUserId(mode: string): boolean {
  const bits = octal(mode);
  if (bits !== undefined) return (bits & 0o4000) !== 0;
  return (clauses(mode) ?? []).some((c) => c.operator !== "-" && c.permissions.includes("s") && /^$|[ua]/.test(c.who));
}

/** Whether the mode lets a program run with its group, or a directory hand its group on. */
export function setsGroupId(mode: string): boolean {
  const bits = octal(mode);
  if (bits !== undefined) return (bits & 0o2000) !== 0;
  return (clauses(mode) ?? []).some((c) => c.operator !== "-" && c.permissions.includes("s") && /^$|[ga]/.test(c.who));
}
