/**
 * What the readers of Go, Java and C# have in common: they walk a tree once, in the order of the text, and this knows
 * where the walk stands (function, class, guard, names in force) and puts the facts down.
 */
import type { Span } from "../../../text/span";
import {
  type CallParts,
  type ClassDraft,
  Draft,
  type Filling,
  type FunctionDraft,
  callOf,
  classDraft,
  functionDraft,
} from "../draft";
import type {
  Amount,
  Argument,
  Assignment,
  Call,
  CodeFacts,
  CodeLanguage,
  Decorator,
  Entry,
  Flag,
  Lookup,
  Name,
  Nothing,
  Options,
  Origin,
  Scope,
  Text,
  Value,
  Variable,
} from "../facts";
import { concatenated, joinedText, partsOf, unknownAt } from "../fold";
import { type Guards, guardsOfEquality } from "./guards";
import type { SyntaxNode } from "./node";

export type DecoratorDraft = Filling<Decorator>;

/** The type of an expression: one of a library, or one that the file declares, by its name. */
export interface Type {
  readonly origin: Origin | undefined;
  readonly local: string | undefined;
}
export const noType: Type = Object.freeze({ origin: undefined, local: undefined });

/** What is known of a name. */
export interface Known {
  readonly type: Type;
  /** What it was set to where it was declared. */
  readonly value: Value | undefined;
}

/**
 * What is found out when somebody asks; what rests on itself is unknown. A class, because V8 keeps what the getters of
 * an object literal hold until its next long collection.
 */
export class LazyKnown implements Known {
  private found: Known | undefined;
  private isOpen = false;

  constructor(private readonly find: () => Known) {}

  get type(): Type {
    return this.known.type;
  }

  get value(): Value | undefined {
    return this.known.value;
  }

  private get known(): Known {
    if (this.found !== undefined) return this.found;
    if (this.isOpen) return { type: noType, value: undefined };
    this.isOpen = true;
    this.found = this.find();
    this.isOpen = false;
    return this.found;
  }
}

/** Constants that are made of others are followed so far. */
const farthest = 8;

const top: Scope = Object.freeze({ function: undefined, class: undefined, guard: undefined });

export class Walk {
  readonly draft = new Draft();
  scope: Scope = top;
  #frames: Map<string, Known>[] = [];
  /** Names around the frames, of the class in which something is read by itself. */
  #outer: ReadonlyMap<string, Known> | undefined;
  #quiet = 0;
  #away = 0;

  constructor(readonly text: string) {}

  of(node: Span | undefined): string {
    return node === undefined ? "" : this.text.slice(node.start, node.end);
  }

  /** The line break of the file. */
  get newline(): string {
    return this.text.includes("\r\n") ? "\r\n" : "\n";
  }

  /** Reads something for its value only: it gives no facts. */
  quietly<T>(read: () => T): T {
    this.#quiet++;
    try {
      return read();
    } finally {
      this.#quiet--;
    }
  }

  /**
   * Reads what stands elsewhere, for its value only: nothing but the given names are in force there. Undefined where it
   * was come to by way of too many others: constants of constants of constants.
   */
  elsewhere<T>(names: ReadonlyMap<string, Known> | undefined, read: () => T): T | undefined {
    if (this.#away >= farthest) return undefined;
    const before = this.#frames;
    const outer = this.#outer;
    this.#outer = names;
    this.#frames = [new Map()];
    this.#away++;
    try {
      return this.quietly(() => this.within(top, read));
    } finally {
      this.#away--;
      this.#outer = outer;
      this.#frames = before;
    }
  }

  /** Where a called name stands: all of it where it is on one line and has no calls in it, else its last word. */
  calleeSpan(whole: Span, last: Span, isLink: boolean): Span {
    return isLink || this.of(whole).includes("\n") ? last : whole;
  }

  // Where the walk stands

  within<T>(scope: Partial<Scope>, read: () => T): T {
    const before = this.scope;
    this.scope = { ...before, ...scope };
    try {
      return read();
    } finally {
      this.scope = before;
    }
  }

  /** Inside an outer guard `development` says more than `flag`. */
  guarded<T>(guard: Scope["guard"], read: () => T): T {
    if (guard === undefined || this.scope.guard === "development") return read();
    return this.within({ guard }, read);
  }

  block<T>(read: () => T): T {
    this.#frames.push(new Map());
    try {
      return read();
    } finally {
      this.#frames.pop();
    }
  }

  declare(called: string, known: Known): void {
    this.#frames.at(-1)?.set(called, known);
  }

  known(called: string): Known | undefined {
    for (let i = this.#frames.length - 1; i >= 0; i--) {
      const known = this.#frames[i]!.get(called);
      if (known !== undefined) return known;
    }
    return this.#outer?.get(called);
  }

  // Values

  literal(text: Text): Text {
    return this.#quiet > 0 ? text : this.draft.literal(text, this.scope);
  }

  /** `a + b`: a text where one of them is, a number where both are. */
  sum(at: Span, left: Value, right: Value): Value {
    if (left.kind !== "text" && right.kind !== "text") return reckoned(at, "+", left, right);
    return this.#whole(concatenated(at, left, right), [left, right]);
  }

  /** `a * b`, `a + b`. */
  reckoned(at: Span, operator: string, left: Value, right: Value): Value {
    return operator === "+" ? this.sum(at, left, right) : reckoned(at, operator, left, right);
  }

  /** A text of texts and values: those of a format, or of a template. `head` is the literal that it begins with. */
  joined(at: Span, pieces: readonly (string | Value)[], head: Value | undefined): Text {
    const values = pieces.filter((piece) => typeof piece !== "string");
    const parts = pieces.flatMap((piece) => (typeof piece === "string" ? [piece] : partsOf(piece)));
    const literals = head === undefined ? values : [head, ...values];
    const isLiteral = literals.some((value) => value.kind === "text" && value.isLiteral);
    const isFirst = typeof pieces[0] === "string" ? pieces[0] !== "" : pieces[0] === head;
    const place = isFirst && head?.kind === "text" && head.isLiteral ? head.head : undefined;
    return this.#whole({ ...joinedText(at, parts, { head: place }), isLiteral }, literals);
  }

  /** A literal with values in it. */
  template(
    at: Span,
    pieces: readonly (string | Value)[],
    places: { readonly head: Span | undefined; readonly inner: Span | undefined },
  ): Text {
    const parts = pieces.flatMap((piece) => (typeof piece === "string" ? [piece] : partsOf(piece)));
    const values = pieces.filter((piece) => typeof piece !== "string");
    return this.#whole(joinedText(at, parts, places), values);
  }

  /** Literals that became part of a text are none of their own any more. */
  #whole(text: Text, pieces: readonly Value[]): Text {
    if (this.#quiet > 0) return text;
    for (const piece of pieces) this.draft.absorb(piece);
    return text.isLiteral ? this.draft.literal(text, this.scope) : text;
  }

  lookup({ start, end }: Span, key: Value | undefined, fallback: Value | undefined): Lookup {
    return this.fallback({ kind: "lookup", start, end, key: key?.kind === "text" ? key.whole : undefined, fallback });
  }

  /** Says what the lookup's fallback is for. */
  fallback(lookup: Lookup): Lookup {
    if (this.#quiet === 0) this.draft.give(lookup.fallback, { kind: "fallback", lookup, name: undefined });
    return lookup;
  }

  /** What holds where both are the same. */
  compare(left: Value, right: Value): Guards {
    if (this.#quiet === 0) {
      this.draft.give(left, { kind: "comparison", other: right });
      this.draft.give(right, { kind: "comparison", other: left });
    }
    return guardsOfEquality(left, right);
  }

  // Facts

  /** A call, and the value that it has where that is known: a text, a look at the environment. */
  call(at: Span, given: CallParts, meaning: (call: Call) => Value | undefined = () => undefined): Value {
    const call = callOf(at, given, this.scope);
    const value = meaning(call);
    if (this.#quiet > 0) return value ?? call;
    // What gives a text or a list of texts on says nothing of what they are for.
    const isCarrier = value?.kind === "list" || call.arguments.some((argument) => argument.value === value);
    if (isCarrier) this.#carrier(call);
    else this.draft.call(call, this.scope);
    return value ?? call;
  }

  #carrier(call: Call): void {
    this.draft.calls.push(call);
    for (let inside = this.scope.function; inside !== undefined; inside = inside.scope.function) {
      (inside as FunctionDraft).calls.push(call);
    }
  }

  assign(at: Span, target: Name, value: Value, how: Assignment["how"]): void {
    if (this.#quiet > 0) return;
    this.draft.assignment({ start: at.start, end: at.end, target, value, scope: this.scope, how });
  }

  options(at: Span, type: Name | undefined, entries: readonly Entry[], isOpen: boolean): Options {
    const made: Options = { kind: "options", start: at.start, end: at.end, type, entries, isOpen };
    return this.#quiet > 0 ? made : this.draft.option(made);
  }

  decorator(at: Span, called: Name, args: readonly Argument[], subject?: string): DecoratorDraft {
    const made: DecoratorDraft = {
      start: at.start,
      end: at.end,
      name: called,
      arguments: [...args],
      on: undefined,
      scope: this.scope,
    };
    if (subject !== undefined) made.subject = subject;
    if (this.#quiet === 0) this.draft.decorator(made as Decorator);
    return made;
  }

  function(
    at: Span,
    about: {
      readonly name: SyntaxNode | undefined;
      readonly decorators?: readonly DecoratorDraft[];
      readonly body: SyntaxNode | undefined;
      readonly statements: number;
      readonly guard?: Scope["guard"];
      readonly parameters: readonly string[];
    },
    read: (fact: FunctionDraft) => void,
  ): FunctionDraft {
    const fact = functionDraft(at, this.scope);
    const { name: called, body, decorators = [] } = about;
    fact.name = called && this.of(called);
    fact.nameSpan = called && spanOf(called);
    fact.parameters.push(...about.parameters);
    fact.body = body && spanOf(body);
    fact.statements = about.statements;
    fact.decorators.push(...(decorators as readonly Decorator[]));
    for (const decorator of decorators) decorator.on = fact;
    const isMember = called !== undefined && this.scope.function?.scope.class !== this.scope.class;
    if (isMember) fact.owner = this.scope.class;
    if (this.#quiet === 0) {
      this.draft.functions.push(fact);
      if (isMember) (this.scope.class as ClassDraft | undefined)?.functions.push(fact);
    }
    this.within({ function: fact }, () => this.guarded(about.guard, () => this.block(() => read(fact))));
    return fact;
  }

  class(
    at: Span,
    about: {
      readonly name: string | undefined;
      readonly bases: readonly Name[];
      readonly decorators?: readonly DecoratorDraft[];
      readonly guard?: Scope["guard"];
    },
    read: () => void,
  ): void {
    const fact = classDraft(at, about.name, this.scope);
    fact.bases.push(...about.bases);
    const { decorators = [] } = about;
    fact.decorators.push(...(decorators as readonly Decorator[]));
    for (const decorator of decorators) decorator.on = fact;
    if (this.#quiet === 0) this.draft.classes.push(fact);
    this.within({ class: fact }, () => this.guarded(about.guard, () => this.block(read)));
  }

  returns(value: Value): void {
    (this.scope.function as FunctionDraft | undefined)?.returns.push(value);
  }

  throws(): void {
    const inside = this.scope.function as FunctionDraft | undefined;
    if (inside !== undefined) inside.throws = true;
  }

  comment(node: Span): void {
    const text = this.of(node)
      .replace(/^(?:\/\/+|\/\*+)/, "")
      .replace(/\*\/$/, "")
      .trim();
    this.draft.comments.push({ start: node.start, end: node.end, text });
  }

  facts(language: CodeLanguage, importOf: CodeFacts["importOf"]): CodeFacts {
    return this.draft.facts(language, importOf);
  }
}

export const spanOf = ({ start, end }: Span): Span => ({ start, end });

export const nothing = ({ start, end }: Span): Nothing => ({ kind: "nothing", start, end });

export const flag = ({ start, end }: Span, value: boolean): Flag => ({ kind: "flag", start, end, value });

export const amount = ({ start, end }: Span, value: number): Amount => ({ kind: "amount", start, end, value });

export const variable = (name: Name): Variable => ({ kind: "variable", start: name.start, end: name.end, name });

export const list = ({ start, end }: Span, items: readonly Value[], isOpen: boolean): Value => ({
  kind: "list",
  start,
  end,
  items,
  isOpen,
});

/** Options of options are options. */
export const choice = ({ start, end }: Span, options: readonly Value[]): Value => ({
  kind: "choice",
  start,
  end,
  options: options.flatMap((option) => (option.kind === "choice" ? option.options : [option])),
});

/** A number that two numbers make; unknown where one is none, and for other operators. */
export function reckoned(at: Span, operator: string, left: Value, right: Value): Value {
  if (left.kind !== "amount" || right.kind !== "amount") return unknownAt(at);
  switch (operator) {
    case "+":
      return amount(at, left.value + right.value);
    case "-":
      return amount(at, left.value - right.value);
    case "*":
      return amount(at, left.value * right.value);
    default:
      return unknownAt(at);
  }
}

export function nameAt({ start, end }: Span, text: string, origin: Origin | undefined): Name {
  return { start, end, text, last: text.slice(text.lastIndexOf(".") + 1), origin };
}

/** The pieces of a format of C with the values in their places. */
export function formatted(format: string, values: readonly Value[]): readonly (string | Value)[] {
  const pieces: (string | Value)[] = [];
  const verb = /%(?:(\d{1,3})\$|\[(\d{1,3})\])?[-+# 0,(]{0,8}\d{0,9}(?:\.\d{1,9})?([a-zA-Z%])/g;
  let next = 0;
  let from = 0;
  for (const match of format.matchAll(verb)) {
    pieces.push(format.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[3] === "%") {
      pieces.push("%");
      continue;
    }
    const given = match[1] ?? match[2];
    if (given !== undefined) next = Number(given) - 1;
    pieces.push(values[next++] ?? unknownAt({ start: 0, end: 0 }));
  }
  pieces.push(format.slice(from));
  return pieces;
}

/** The pieces of a format of .NET (`{0}`, `{1:N}`) or of loggers (`{}`) with the values in their places. */
export function filled(format: string, values: readonly Value[]): readonly (string | Value)[] {
  const pieces: (string | Value)[] = [];
  let from = 0;
  for (const match of format.matchAll(/\{\{|\}\}|\{(\d{1,3})(?:[,:][^{}]{0,40})?\}/g)) {
    pieces.push(format.slice(from, match.index));
    from = match.index + match[0].length;
    const index = match[1];
    pieces.push(index === undefined ? match[0][0]! : (values[Number(index)] ?? unknownAt({ start: 0, end: 0 })));
  }
  pieces.push(format.slice(from));
  return pieces;
}

const simpleEscapes: Readonly<Record<string, string>> = Object.freeze({
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\x07",
  s: " ",
  e: "\x1b",
});

/** The characters that an escape stands for. */
export function unescaped(escape: string): string {
  const hex = /^\\[xuU]\{?([0-9a-fA-F]{1,8})\}?$/.exec(escape)?.[1];
  const octal = /^\\([0-7]{1,3})$/.exec(escape)?.[1];
  const code =
    hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : undefined;
  if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  return simpleEscapes[escape.slice(1)] ?? escape.slice(1);
}
