/** Values in TOML and HCL: `key = value` in tables and blocks. One pass without recursion; never fails. */
import type { Span } from "../../text/span";
import type { TextValue } from "./file";
import { deepest, textValue } from "./values";

interface Frame {
  readonly path: readonly string[];
  readonly beside: Map<string, string>;
  /** In a list a text has no name of its own. */
  readonly isList: boolean;
}

type Dialect = "toml" | "hcl";

export const readToml = (text: string): readonly TextValue[] => new Reader(text, "toml").read();
export const readHcl = (text: string): readonly TextValue[] => new Reader(text, "hcl").read();

class Reader {
  private readonly values: TextValue[] = [];
  private readonly frames: Frame[] = [{ path: [], beside: new Map(), isList: false }];
  /** Words that wait for what comes: a key with its place, or a block's type and labels. */
  private words: { readonly text: string; readonly span: Span }[] = [];
  private assigns = false;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly dialect: Dialect,
  ) {}

  read(): readonly TextValue[] {
    const { text } = this;
    for (let at = 0; at < text.length; ) at = this.step(at);
    return this.values;
  }

  /** Reads what stands at the offset; gives the offset behind it. */
  private step(at: number): number {
    const { text } = this;
    const c = text[at] ?? "";
    if (c === "\n") {
      if (!this.frame.isList) this.forget();
      return at + 1;
    }
    const isComment = c === "#" || (c === "/" && text[at + 1] === "/" && this.dialect === "hcl");
    if (isComment) return this.lineEnd(at);
    if (c === "/" && text[at + 1] === "*" && this.dialect === "hcl") return this.behind("*/", at + 2);
    if (c === "<" && this.dialect === "hcl" && text[at + 1] === "<") return this.heredoc(at);
    if (c === '"' || (c === "'" && this.dialect === "toml")) return this.quoted(at, c);
    if (c === "[" && this.dialect === "toml" && !this.assigns && this.words.length === 0 && this.depth === 0) {
      return this.heading(at);
    }
    if (c === "{" || c === "[") return this.open(at, c === "[");
    if (c === "}" || c === "]") return this.close(at);
    if (c === "=" || (c === ":" && this.dialect === "hcl")) {
      this.assigns = text[at + 1] !== "=" && this.words.length > 0;
      return text[at + 1] === "=" ? at + 2 : at + 1;
    }
    if (c === ",") {
      this.forget();
      return at + 1;
    }
    if (/[\w-]/.test(c)) return this.word(at);
    return at + 1;
  }

  private get frame(): Frame {
    return this.frames[this.frames.length - 1] as Frame;
  }

  private forget(): void {
    this.words = [];
    this.assigns = false;
  }

  private lineEnd(at: number): number {
    const end = this.text.indexOf("\n", at);
    return end < 0 ? this.text.length : end;
  }

  private behind(mark: string, at: number): number {
    const end = this.text.indexOf(mark, at);
    return end < 0 ? this.text.length : end + mark.length;
  }

  /** `[servers.alpha]`, `[[servers]]`. */
  private heading(at: number): number {
    const end = this.lineEnd(at);
    const path = (/^\[{1,2}([^\][]{1,300})\]/.exec(this.text.slice(at, Math.min(end, at + 310)))?.[1] ?? "").split(".");
    this.frames.length = 0;
    this.depth = 0;
    this.frames.push({ path: path.map((p) => p.trim().replaceAll('"', "")), beside: new Map(), isList: false });
    return end;
  }

  private open(at: number, isList: boolean): number {
    this.depth++;
    if (this.depth <= deepest) {
      const { path } = this.frame;
      const named = this.words.map((w) => w.text);
      this.frames.push({ path: [...path, ...named].slice(0, deepest), beside: new Map(), isList });
    }
    this.forget();
    return at + 1;
  }

  private close(at: number): number {
    if (this.depth > 0) {
      if (this.depth <= deepest && this.frames.length > 1) this.frames.pop();
      this.depth--;
    }
    this.forget();
    return at + 1;
  }

  private word(at: number): number {
    const word = /^[\w.-]{1,200}/.exec(this.text.slice(at, at + 200))?.[0] ?? "";
    const span = { start: at, end: at + word.length };
    if (!this.assigns) this.words.push({ text: word, span });
    else if (/^\d/.test(word)) this.take(word, span, span);
    else this.forget();
    return span.end;
  }

  private quoted(at: number, quote: string): number {
    const { text } = this;
    const isLong = this.dialect === "toml" && text.startsWith(quote.repeat(3), at);
    const size = isLong ? 3 : 1;
    let end = at + size;
    for (; end < text.length; end++) {
      const c = text[end];
      if (c === "\\" && quote === '"') end++;
      else if (isLong ? text.startsWith(quote.repeat(3), end) : c === quote || c === "\n") break;
    }
    const stop = Math.min(end, text.length);
    const behind = text[stop] === quote ? stop + size : stop;
    const span = { start: at + size, end: stop };
    const value = text.slice(span.start, span.end);
    if (this.assigns || this.frame.isList) this.take(value, span, { start: at, end: behind });
    else this.words.push({ text: value, span });
    return behind;
  }

  private take(value: string, span: Span, whole: Span): void {
    const { path, beside, isList } = this.frame;
    const key = isList ? undefined : this.words.map((w) => w.text);
    if (key !== undefined) beside.set(key.at(-1) ?? "", value);
    const steps = key === undefined ? path : [...path, ...key.flatMap((k) => k.split("."))];
    const nameSpan = this.words.at(-1)?.span;
    if (steps.length > 0) this.values.push(textValue(this.text, { path: steps, nameSpan, value, span, whole, beside }));
    this.forget();
  }

  /** `<<EOF`, `<<-EOF`: its lines are a text of another language. */
  private heredoc(at: number): number {
    const mark = /^<<-?([A-Za-z_]\w{0,60})/.exec(this.text.slice(at, at + 70))?.[1];
    if (mark === undefined) return at + 2;
    for (let line = this.lineEnd(at); line < this.text.length; line = this.lineEnd(line + 1)) {
      const next = this.text.slice(line + 1, line + 200);
      if (/^[ \t]{0,100}(\w{1,61})\s/.exec(`${next}\n`)?.[1] === mark) return this.lineEnd(line + 1);
    }
    return this.text.length;
  }
}
