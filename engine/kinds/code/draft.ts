/** The facts of a file while a reader collects them; shared by the readers of all languages. */
import type { Span } from "../../text/span";
import type {
  Argument,
  Assignment,
  Call,
  ClassFact,
  CodeFacts,
  CodeLanguage,
  Decorator,
  FunctionFact,
  Import,
  Literal,
  Name,
  Options,
  Scope,
  Text,
  Value,
} from "./facts";
import { isMessage } from "./languages/messages";

/** Facts that are filled while their inside is read. */
export type Filling<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
export type FunctionDraft = Filling<FunctionFact>;
export type ClassDraft = Filling<ClassFact>;
type Use = Literal["use"];
type LiteralDraft = { -readonly [K in keyof Literal]: Literal[K] };

const other: Use = { kind: "other" };
const message: Use = { kind: "message" };

const byPlace = (a: Span, b: Span): number => a.start - b.start || a.end - b.end;

export class Draft {
  readonly imports: Import[] = [];
  readonly calls: Call[] = [];
  readonly assignments: Assignment[] = [];
  readonly options: Options[] = [];
  readonly decorators: Decorator[] = [];
  readonly functions: FunctionDraft[] = [];
  readonly classes: ClassDraft[] = [];
  readonly comments: (Span & { readonly text: string })[] = [];
  private readonly literals = new Map<Text, LiteralDraft>();

  /** A text literal; what it is given for is told later, by {@link give}. */
  literal(text: Text, scope: Scope): Text {
    this.literals.set(text, { start: text.start, end: text.end, text, use: other, scope });
    return text;
  }

  /** The text became part of a larger one. */
  absorb(value: Value): void {
    if (value.kind === "text") this.literals.delete(value);
  }

  /** Says what a value is given for; texts in lists and choices are given for the same. What was said first stays. */
  give(value: Value | undefined, use: Use): void {
    if (value === undefined) return;
    if (value.kind === "text") {
      const literal = this.literals.get(value);
      if (literal?.use.kind === "other") literal.use = use;
    } else if (value.kind === "list") for (const item of value.items) this.give(item, use);
    else if (value.kind === "choice") for (const option of value.options) this.give(option, use);
    else if (value.kind === "lookup") {
      const name = use.kind === "value" || use.kind === "argument" ? use.name : undefined;
      const literal = value.fallback?.kind === "text" ? this.literals.get(value.fallback) : undefined;
      if (literal?.use.kind === "fallback" && literal.use.name === undefined) literal.use = { ...literal.use, name };
      else this.give(value.fallback, { kind: "fallback", lookup: value, name });
    }
  }

  call(call: Call, scope: Scope): Call {
    this.calls.push(call);
    for (let inside = scope.function as FunctionDraft | undefined; inside !== undefined; ) {
      inside.calls.push(call);
      inside = inside.scope.function as FunctionDraft | undefined;
    }
    const isRead = isMessage(call) || call.callee.text === "print";
    for (const [index, { name, value }] of call.arguments.entries())
      this.give(value, isRead && value.kind === "text" ? message : { kind: "argument", call, index, name });
    return call;
  }

  option(options: Options): Options {
    this.options.push(options);
    for (const { name, nameSpan, value } of options.entries) this.give(value, { kind: "value", name, nameSpan });
    return options;
  }

  assignment(assignment: Assignment): void {
    this.assignments.push(assignment);
    const { target, value } = assignment;
    this.give(value, { kind: "value", name: target.last, nameSpan: { start: target.start, end: target.end } });
  }

  decorator(decorator: Decorator): Decorator {
    this.decorators.push(decorator);
    for (const { name, value } of decorator.arguments) this.give(value, { kind: "decorator", decorator, name });
    return decorator;
  }

  /** Everything in the order of the text. */
  facts(language: CodeLanguage, importOf: CodeFacts["importOf"]): CodeFacts {
    const inner = [...this.functions, ...this.classes];
    for (const fact of inner) if ("calls" in fact) fact.calls.sort(byPlace);
    return {
      language,
      imports: this.imports.sort(byPlace),
      calls: this.calls.sort(byPlace),
      assignments: this.assignments.sort(byPlace),
      options: this.options.sort(byPlace),
      literals: [...this.literals.values()].sort(byPlace),
      decorators: this.decorators.sort(byPlace),
      functions: this.functions.sort(byPlace),
      classes: this.classes.sort(byPlace),
      comments: this.comments.sort(byPlace),
      importOf,
    };
  }
}

/** Facts of a text that nobody could read. */
export const noFacts = (language: CodeLanguage): CodeFacts => new Draft().facts(language, () => undefined);

/** A function that nothing is known of yet. */
export const functionDraft = (at: Span, scope: Scope): FunctionDraft => ({
  start: at.start,
  end: at.end,
  name: undefined,
  nameSpan: undefined,
  parameters: [],
  decorators: [],
  owner: undefined,
  body: undefined,
  returns: [],
  throws: false,
  calls: [],
  statements: 0,
  scope,
});

export const classDraft = (at: Span, name: string | undefined, scope: Scope): ClassDraft => ({
  start: at.start,
  end: at.end,
  name,
  bases: [],
  decorators: [],
  functions: [],
  scope,
});

export interface CallParts {
  readonly callee: Name;
  readonly isNew?: boolean;
  readonly receiver: Value | undefined;
  readonly arguments: readonly Argument[];
  readonly isOpen: boolean;
  readonly initialiser?: Options | undefined;
  readonly argumentsSpan: Span;
}

export function callOf(at: Span, given: CallParts, scope: Scope): Call {
  const { callee, isNew = false, receiver, isOpen, initialiser, argumentsSpan } = given;
  const before = receiver?.kind === "call" ? receiver.chain : [];
  const chain: Call[] = [];
  const call: Call = {
    kind: "call",
    start: at.start,
    end: at.end,
    callee,
    isNew,
    receiver,
    arguments: given.arguments,
    isOpen,
    initialiser,
    argumentsSpan,
    chain,
    scope,
  };
  chain.push(...before, call);
  return call;
}
