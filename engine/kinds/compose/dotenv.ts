/** `.env` and `env_file` files as compose reads them. */
import { hole } from "./datum";
import { interpolate, type Variable, type Variables } from "./interpolate";

export interface Assigned extends Variable {
  readonly name: string;
  /** The place of the value in the file, quotes included. */
  readonly start: number;
  readonly end: number;
}

export interface Dotenv {
  /** In the order of the file; of equal names the last counts. */
  readonly assigned: readonly Assigned[];
  /** Why compose would refuse the file; what stands behind that place is not read. */
  readonly refusal: string | undefined;
}

const isBlank = (c: string | undefined): boolean => c !== undefined && /[\t\v\f\r \u0085\u00a0]/.test(c);
const isSpace = (c: string | undefined): boolean => c === "\n" || isBlank(c);
const isNameCharacter = (c: string): boolean => /[\p{L}\p{N}_.\-[\]]/u.test(c);

class Reader {
  readonly assigned: Assigned[] = [];
  private readonly values = new Map<string, string>();
  private at: number;

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly variables: Variables,
  ) {
    this.at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** Why it stopped; undefined at the end of the text. */
  read(): string | undefined {
    for (;;) {
      this.skipToStatement();
      if (this.at >= this.text.length) return undefined;
      const refusal = this.statement();
      if (refusal !== undefined) return refusal;
    }
  }

  private skipToStatement(): void {
    for (;;) {
      while (this.at < this.text.length && isSpace(this.text[this.at])) this.at++;
      if (this.text[this.at] !== "#") return;
      this.at = this.lineEnd();
    }
  }

  private lineEnd(): number {
    const newline = this.text.indexOf("\n", this.at);
    return newline < 0 ? this.text.length : newline;
  }

  private statement(): string | undefined {
    const exported = /^export[\t\v\f\r\n ]+/.exec(this.text.slice(this.at, this.at + 100));
    if (exported !== null) {
      this.at += "export".length;
      while (isBlank(this.text[this.at])) this.at++;
    }
    const start = this.at;
    let end = start;
    while (end < this.text.length && !/[=:\n]/.test(this.text[end] ?? "")) {
      const c = String.fromCodePoint(this.text.codePointAt(end) ?? 0);
      if (!isBlank(c) && !isNameCharacter(c)) return `\`${c}\` is not possible in the name of a variable`;
      end += c.length;
    }
    // A name at the very end of the text, without a line break, names nothing.
    if (end >= this.text.length) {
      this.at = this.text.length;
      return undefined;
    }
    const name = this.text.slice(start, end).trimEnd();
    if (name.includes(" ")) return `The name \`${name}\` has a space in it`;
    this.at = end + 1;
    if (this.text[end] === "\n") {
      const inherited = this.variables.lookup(name);
      if (inherited !== undefined) this.add(name, inherited.value, start, end);
      else if (this.variables.world === "open") this.add(name, hole, start, end);
      return undefined;
    }
    while (isBlank(this.text[this.at])) this.at++;
    const quote = this.text[this.at];
    return quote === '"' || quote === "'" ? this.quoted(name, quote) : this.plain(name);
  }

  private plain(name: string): string | undefined {
    const start = this.at;
    const end = this.lineEnd();
    this.at = Math.min(end + 1, this.text.length);
    const line = this.text.slice(start, end);
    const comment = line.indexOf(" #");
    const value = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
    return this.expanded(name, value, start, start + value.length);
  }

  private quoted(name: string, quote: string): string | undefined {
    const start = this.at;
    let value = "";
    for (let i = start + 1; i < this.text.length; i++) {
      const c = this.text[i] ?? "";
      if (c === quote) {
        this.at = i + 1;
        if (quote === '"') return this.expanded(name, unescape(value), start, i + 1);
        this.add(name, value, start, i + 1);
        return undefined;
      }
      if (c === "\\" && i + 1 < this.text.length) {
        i++;
        value += this.text[i] === quote ? quote : `\\${this.text[i]}`;
      } else value += c;
    }
    return `The value of \`${name}\` has no closing quote`;
  }

  private expanded(name: string, value: string, start: number, end: number): string | undefined {
    const { text, refusal } = interpolate(value, undefined, {
      world: this.variables.world,
      lookup: (n) => this.variables.lookup(n) ?? this.own(n),
    });
    if (refusal !== undefined) return refusal;
    this.add(name, text, start, end);
    return undefined;
  }

  private own(name: string): Variable | undefined {
    const value = this.values.get(name);
    return value === undefined ? undefined : { value };
  }

  private add(name: string, value: string, start: number, end: number): void {
    this.values.set(name, value);
    this.assigned.push({ name, value, start, end, source: { file: this.file, start, end } });
  }
}

const simple: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "\\": "\\",
};

/** `\$` becomes `$$`, which the expansion makes a plain `$`. */
function unescape(text: string): string {
  return text.replace(/\\(?:([abcfnrtv$"\\])|0(\d{0,3}))/g, (whole, letter?: string, octal?: string) => {
    if (letter === "$") return "$$";
    if (letter !== undefined) return simple[letter] ?? whole;
    return octal?.length === 3 && /^[0-7]+$/.test(octal) ? String.fromCodePoint(Number.parseInt(octal, 8)) : whole;
  });
}

/** Reads such a file; `variables` win over the file's own in its expansions. Never fails. */
export function readDotenv(file: string, text: string, variables: Variables): Dotenv {
  const reader = new Reader(file, text, variables);
  const refusal = reader.read();
  return { assigned: reader.assigned, refusal };
}

/** An `env_file` of `format: raw`: everything behind the first `=` of a line is the value. */
export function readRaw(file: string, text: string): Dotenv {
  const assigned: Assigned[] = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const bare = line.replace(/\r$/, "");
    const equals = bare.indexOf("=");
    const start = at + equals + 1;
    const end = at + bare.length;
    if (equals > 0 && !bare.trimStart().startsWith("#")) {
      const name = bare.slice(0, equals).trim();
      assigned.push({ name, value: bare.slice(equals + 1), start, end, source: { file, start, end } });
    }
    at += line.length + 1;
  }
  return { assigned, refusal: undefined };
}
