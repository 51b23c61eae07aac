/** The words of a `command` that is written as one text, as compose splits it. No shell reads such a text. */
import { Scalar } from "./datum";
import { piecesOf, slice } from "./text";

/** The words with their places, quotes included; undefined where compose refuses the text. */
export function wordsOf(command: Scalar): readonly Scalar[] | undefined {
  const splitter = new Splitter(command.text);
  return splitter.split() ? splitter.words.map((w) => wordOf(command, w)) : undefined;
}

interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

function wordOf(command: Scalar, { text, from, to }: Word): Scalar {
  const part = slice(command, from, to);
  return new Scalar("string", text, command.source, piecesOf(part), command.replaced);
}

class Splitter {
  readonly words: Word[] = [];
  private buffer = "";
  private from = -1;
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
    if (this.open === "`" || this.open === "(") this.add(`\\${next}`, at);
    else this.add(next === "t" ? "\t" : next === "n" ? "\n" : next, at);
  }

  private add(text: string, at: number): void {
    if (this.from < 0) this.from = at;
    this.buffer += text;
  }

  private flush(at: number): void {
    if (this.buffer !== "" || this.isQuoted)
      this.words.push({ text: this.buffer, from: Math.max(0, this.from), to: at });
    this.buffer = "";
    this.from = -1;
    this.isQuoted = false;
  }

  private character(c: string, at: number): boolean {
    const { open } = this;
    if ((c === '"' || c === "'") && (open === undefined || open === c)) {
      if (open === c) this.isQuoted = true;
      if (this.from < 0) this.from = at;
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
    this.add(c, at);
    return true;
  }
}
