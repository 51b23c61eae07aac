/** The words of a `command` that is written as one text, as compose splits it. No shell reads such a text. */
import { type Piece, Scalar } from "./datum";
import { piecesOf, slice } from "./text";

/** The words with their places, quotes left out; undefined where compose refuses the text. */
export function wordsOf(command: Scalar): readonly Scalar[] | undefined {
  const splitter = new Splitter(command.text);
  return splitter.split() ? splitter.words.map((w) => wordOf(command, w)) : undefined;
}

/** Characters of a word that stand together in the command: as they are, or one for an escape. */
interface Run {
  text: string;
  readonly from: number;
  to: number;
}

interface Word {
  readonly text: string;
  readonly runs: readonly Run[];
}

function wordOf(command: Scalar, { text, runs }: Word): Scalar {
  return new Scalar(
    "string",
    text,
    command.source,
    runs.flatMap((run) => piecesIn(command, run)),
    command.replaced,
  );
}

function piecesIn(command: Scalar, { text, from, to }: Run): readonly Piece[] {
  const pieces = piecesOf(slice(command, from, to));
  const [first] = pieces;
  const isVerbatim = to - from === text.length;
  if (isVerbatim || first === undefined) return pieces;
  return [{ ...first, text, to: pieces.at(-1)?.to ?? first.to }];
}

class Splitter {
  readonly words: Word[] = [];
  private buffer = "";
  private runs: Run[] = [];
  private isQuoted = false;
  /** The open quote, or `(` inside of `$(`. */
  private open: string | undefined;

  constructor(private readonly text: string) {}

  /** False where something is not closed. What stands behind `;`, `&`, `|`, `<` or `>` is not read. */
  split(): boolean {
    let at = 0;
    for (; at < this.text.length; at++) {
      const c = this.text[at] ?? "";
      if (c === "\\" && this.open !== "'") {
        if (at + 1 >= this.text.length) return false;
        this.escape(at++);
      } else if (/[ \t\r\n]/.test(c) && this.open === undefined) this.flush(at);
      else if (this.open === undefined && /[;&|<>]/.test(c)) break;
      else if (!this.character(c, at)) return false;
    }
    // The number of a redirect (`2>`) is no word.
    if (this.text[at] === ">" && /^\d+$/.test(this.buffer) && !this.isQuoted) this.buffer = "";
    this.flush(at);
    return this.open === undefined;
  }

  private escape(at: number): void {
    const next = this.text[at + 1] ?? "";
    if (this.open === "`" || this.open === "(") this.add(`\\${next}`, at, at + 2);
    else if (next === "t" || next === "n") this.add(next === "t" ? "\t" : "\n", at, at + 2);
    else this.add(next, at + 1, at + 2);
  }

  private add(text: string, from: number, to: number): void {
    this.buffer += text;
    const last = this.runs.at(-1);
    const isVerbatim = text.length === to - from;
    if (last !== undefined && last.to === from && isVerbatim && last.text.length === last.to - last.from) {
      last.text += text;
      last.to = to;
    } else this.runs.push({ text, from, to });
  }

  private flush(at: number): void {
    // Quotes around nothing are a word as well.
    const runs = this.runs.length === 0 ? [{ text: "", from: at, to: at }] : this.runs;
    if (this.buffer !== "" || this.isQuoted) this.words.push({ text: this.buffer, runs });
    this.buffer = "";
    this.runs = [];
    this.isQuoted = false;
  }

  private character(c: string, at: number): boolean {
    const { open } = this;
    if ((c === '"' || c === "'") && (open === undefined || open === c)) {
      if (open === c) this.isQuoted = true;
      this.open = open === c ? undefined : c;
      return true;
    }
    if (c === "`" && (open === undefined || open === "`")) this.open = open === "`" ? undefined : "`";
    if (c === "(" && (open === undefined || open === "(")) {
      if (open === "(" || !this.buffer.endsWith("$")) return false;
      this.open = "(";
    }
    if (c === ")" && (open === undefined || open === "(")) {
      if (open === undefined) return false;
      this.open = undefined;
    }
    this.add(c, at, at + 1);
    return true;
  }
}
