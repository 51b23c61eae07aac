/** `$NAME`, `${NAME}`, `${NAME:-default}` and their like, as compose expands them. */
import type { YamlScalar } from "../../languages/yaml/node";
import { hole, type Piece, type Source } from "./datum";

/** A variable's value and, where a file gives it, the file and the place. */
export interface Variable {
  readonly value: string;
  readonly source?: Source;
}

/** What variables mean. */
export interface Variables {
  /**
   * `closed`: a variable that is not set is empty, as for a compose that runs now. `open`: nobody knows the shell, so
   * that it is unknown.
   */
  readonly world: "closed" | "open";
  lookup(name: string): Variable | undefined;
}

export interface Expansion {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Why compose would refuse the text. */
  readonly refusal: string | undefined;
}

/** Defaults in defaults are followed so deep, and no text grows by more characters. */
const deepest = 40;
const longest = 20_000;

class Expander {
  private depth = 0;
  private room = longest;
  private readonly name = /[A-Za-z_][A-Za-z0-9_]*/y;
  readonly pieces: Piece[] = [];
  refusal: string | undefined;
  /** The variable whose default is being expanded. */
  private standsFor: string | undefined;

  constructor(
    private readonly source: string,
    private readonly node: YamlScalar | undefined,
    private readonly variables: Variables,
  ) {}

  /** Expands the characters `[from, to)` of the source. */
  expand(from: number, to: number, how: "written" | "default"): void {
    if (this.depth > deepest) {
      this.refuse("Defaults stand in defaults too often here", to);
      this.push("unknown", from, to, hole);
      return;
    }
    this.depth++;
    let at = from;
    let done = from;
    while (at < to) {
      const dollar = this.source.indexOf("$", at);
      if (dollar < 0 || dollar >= to) break;
      const end = this.reference(dollar, to, how, done);
      if (end !== undefined) done = end;
      at = end ?? dollar + 1;
    }
    this.push(how, done, to);
    this.depth--;
  }

  /** Expands what begins with the `$` at `at`; gives its end, undefined where the `$` is only a character. */
  private reference(at: number, to: number, how: "written" | "default", done: number): number | undefined {
    const next = this.source[at + 1];
    if (at + 1 >= to) return undefined;
    if (next === "$") {
      this.push(how, done, at);
      this.pieces.push({ text: "$", how, node: this.node, from: at, to: at + 2 });
      return at + 2;
    }
    if (next === "{") {
      this.push(how, done, at);
      return this.braced(at, to);
    }
    const plain = this.nameAt(at + 1, to);
    if (plain === undefined) return undefined;
    this.push(how, done, at);
    this.variable(plain, at, at + 1 + plain.length);
    return at + 1 + plain.length;
  }

  private nameAt(at: number, to: number): string | undefined {
    this.name.lastIndex = at;
    return this.name.exec(this.source)?.[0].slice(0, to - at);
  }

  private braced(at: number, to: number): number {
    const variable = this.nameAt(at + 2, to);
    if (variable === undefined) return this.refuse(`\`${this.source}\` has a \`\${\` without a name`, to);
    const behind = at + 2 + variable.length;
    if (this.source[behind] === "}") {
      this.variable(variable, at, behind + 1);
      return behind + 1;
    }
    const operator = /^:?[-+?]/.exec(this.source.slice(behind, Math.min(behind + 2, to)))?.[0];
    const close = operator === undefined ? -1 : this.closing(at, to);
    if (operator === undefined || close < 0) {
      return this.refuse(`\`\${${variable}\` is not closed, or followed by something else than an operator`, to);
    }
    this.operate(variable, operator, at, behind + operator.length, close);
    return close + 1;
  }

  /** The brace that closes the one at `at + 1`: on the same line; the last one where they do not pair. */
  private closing(at: number, to: number): number {
    const newline = this.source.indexOf("\n", at);
    const limit = newline < 0 ? to : Math.min(newline, to);
    let open = 0;
    for (let i = at; i < limit; i++) {
      if (this.source[i] === "{") {
        open++;
        i++;
      } else if (this.source[i] === "}") {
        open--;
        if (open === 0) return i;
      }
    }
    return this.source.lastIndexOf("}", limit - 1) > at ? this.source.lastIndexOf("}", limit - 1) : -1;
  }

  private operate(variable: string, operator: string, at: number, from: number, close: number): void {
    const { value } = this.variables.lookup(variable) ?? {};
    const isUnsure = value === undefined && this.variables.world === "open";
    const isThere = operator.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
    if (operator.endsWith("-")) {
      if (isThere) this.variable(variable, at, close + 1);
      else this.alternative(variable, at, from, close);
    } else if (isUnsure) this.push("unknown", at, close + 1, hole, variable);
    else if (operator.endsWith("+")) {
      if (isThere) this.expand(from, close, "default");
      else this.variable(variable, at, close + 1);
    } else if (isThere) this.variable(variable, at, close + 1);
    else this.refuse(`\`${variable}\` must have a value`, close + 1);
  }

  /** The default; an empty one keeps its place. */
  private alternative(variable: string, at: number, from: number, close: number): void {
    if (from === close) return this.push("default", at, close + 1, "", variable);
    const outer = this.standsFor;
    this.standsFor = variable;
    this.expand(from, close, "default");
    this.standsFor = outer;
  }

  private variable(variable: string, from: number, to: number): void {
    const found = this.variables.lookup(variable);
    if (found === undefined && this.variables.world === "open") this.push("unknown", from, to, hole, variable);
    else this.push("variable", from, to, found?.value ?? "", variable);
  }

  private push(how: Piece["how"], from: number, to: number, text?: string, variable?: string): void {
    if (text === undefined && from >= to) return;
    this.room -= text?.length ?? 0;
    if (this.room < 0) {
      this.refuse("This expands to a text that is too long", to);
      this.pieces.push({ text: hole, how: "unknown", node: this.node, from, to });
      return;
    }
    const piece = { text: text ?? this.source.slice(from, to), how, node: this.node, from, to };
    const name = variable ?? (how === "default" ? this.standsFor : undefined);
    this.pieces.push(name === undefined ? piece : { ...piece, variable: name });
  }

  private refuse(why: string, to: number): number {
    this.refusal ??= why;
    return to;
  }
}

/** Expands the decoded text of `node`. */
export function interpolate(text: string, node: YamlScalar | undefined, variables: Variables): Expansion {
  const expander = new Expander(text, node, variables);
  expander.expand(0, text.length, "written");
  return {
    text: expander.pieces.map((p) => p.text).join(""),
    pieces: expander.pieces,
    refusal: expander.refusal,
  };
}
