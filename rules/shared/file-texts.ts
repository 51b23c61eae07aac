/** Texts that a shell command puts into a file: echo, printf, here-documents, the replacements of sed. */
import { Located, cover, readOptions, type Command, type ShellWord, type Span } from "../../engine/index";
import { redirected } from "./downloads";

export interface WrittenText {
  /** Line ends that `echo -e` and `printf` make of `\n` stand as real ones, behind a blank: offsets stay true. */
  readonly text: string;
  /** The file, as written; undefined where it is not known. */
  readonly target: string | undefined;
  /** What sed replaces by the text. */
  readonly replaces: string | undefined;
  /** The place of `[from, to)` of the text. */
  span(from: number, to: number): Span;
}

/** Nothing for a command that only prints: what goes to the log is data. */
export function writtenTexts(command: Command): readonly WrittenText[] {
  const { name } = command;
  if (name === "sed") return sedTexts(command);
  const prints = name === "echo" || name === "printf";
  if (!prints && ((name !== "cat" && name !== "tee") || command.documents.length === 0)) return none;
  const target = targetOf(command);
  if (target === undefined) return none;
  if (prints) return [joined(command.args, target)];
  return command.documents.map(({ body }) => ({
    text: body.text,
    target,
    replaces: undefined,
    span: (from, to) => new Located(command.origin, body.startOf(from), body.endOf(to)),
  }));
}

const none: readonly WrittenText[] = [];

/** The file in which a command's output ends up. */
function targetOf(command: Command): string | undefined {
  for (let c: Command | undefined = command; c !== undefined; c = c.downstream) {
    const file = c.name === "tee" ? c.args.find((a) => !a.source.startsWith("-"))?.source : redirected(c);
    if (file !== undefined && !/^\/dev\/(?:null|stdout|stderr|fd)/.test(file)) return file;
  }
  return undefined;
}

function joined(words: readonly ShellWord[], target: string): WrittenText {
  let text = "";
  const pieces = words.map((word) => {
    const { inner } = word;
    const from = text === "" ? 0 : text.length + 1;
    text = text === "" ? inner.text : `${text} ${inner.text}`;
    return { from, to: text.length, word, inner };
  });
  const place = (at: number, last: boolean): Span => {
    const piece = pieces.find((p) => (last ? at <= p.to : at < p.to)) ?? pieces[pieces.length - 1];
    if (piece === undefined) return { start: 0, end: 0 };
    const index = Math.max(0, at - piece.from);
    const offset = piece.word.origin.at + (last ? piece.inner.endOf(index) : piece.inner.startOf(index));
    return { start: offset, end: offset };
  };
  return {
    text: text.replace(/\\n/g, " \n"),
    target,
    replaces: undefined,
    span: (from, to) => cover(place(from, false), place(to, true)),
  };
}

function sedTexts(command: Command): WrittenText[] {
  const { options, operands } = readOptions(command, {
    short: "efl",
    long: ["--expression", "--file", "--line-length"],
  });
  const scripts = options.filter((o) => o.name === "-e" || o.name === "--expression").flatMap((o) => o.valueWord ?? []);
  const files = scripts.length > 0 ? operands : operands.slice(1);
  const words = scripts.length > 0 ? scripts : operands.slice(0, 1);
  const target = files[files.length - 1]?.source;
  return words.flatMap((word) => {
    const { inner } = word;
    return substitutions(inner.text).map(({ pattern, from, to }) => ({
      text: inner.text.slice(from, to),
      target,
      replaces: pattern,
      span: (a: number, b: number): Span => new Located(word.origin, inner.startOf(from + a), inner.endOf(from + b)),
    }));
  });
}

/** The `s/pattern/replacement/` commands of a sed script, and the texts of its `a`, `i` and `c`. */
function substitutions(script: string): { pattern: string | undefined; from: number; to: number }[] {
  const found: { pattern: string | undefined; from: number; to: number }[] = [];
  const starts = /(?:^|[\s;{}/\d$!'"])s([/|#,@!~:+%])/g;
  for (let match = starts.exec(script); match !== null; match = starts.exec(script)) {
    const delimiter = match[1] ?? "/";
    const begin = starts.lastIndex;
    const middle = closing(script, begin, delimiter);
    const end = middle === undefined ? undefined : closing(script, middle + 1, delimiter);
    if (middle === undefined || end === undefined) continue;
    found.push({ pattern: script.slice(begin, middle), from: middle + 1, to: end });
    starts.lastIndex = end;
  }
  const added = /^(?:\d+|\$|\/[^/]*\/)?\s*[aic]\\?\s+(?=\S)/.exec(script);
  if (added !== null) found.push({ pattern: undefined, from: added[0].length, to: script.length });
  return found;
}

function closing(script: string, from: number, delimiter: string): number | undefined {
  for (let i = from; i < script.length; i++) {
    if (script[i] === "\\") i++;
    else if (script[i] === delimiter) return i;
  }
  return undefined;
}
