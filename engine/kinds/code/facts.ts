/**
 * What service code says, in the same words for every language: the reader of a language makes these facts, rules are
 * tables over them. Facts never guess: what cannot be told from the file alone is `unknown`.
 */
import type { Span } from "../../text/span";

export const codeLanguages = ["javascript", "python", "go", "java", "csharp"] as const;
/** JavaScript stands for TypeScript and JSX as well. */
export type CodeLanguage = (typeof codeLanguages)[number];

/**
 * A name as a dotted path from where it comes: `requests.get`, `https.Agent` (never `node:https`), `crypto/tls.Config`,
 * `org.springframework.web.client.RestTemplate`, `System.Net.Http.HttpClient`. For npm scopes and Go paths the module is
 * everything up to the member. A name that is imported from elsewhere, or made in the file, never looks like one of a library.
 */
export interface Name extends Span {
  /**
   * As written, without arguments and indexes: `jwt.sign`, `this.http.get`, `app.Use`, `axios.create.get`. An index that is
   * a literal text counts as a member: `process.env["X"]` is `process.env.X`.
   */
  readonly text: string;
  /** The last word: `sign`. */
  readonly last: string;
  /** Where it comes from, resolved through imports, one assignment (`client = new X()`) and declared types; undefined where that is not known. */
  readonly origin: Origin | undefined;
}

export interface Origin {
  /** `jsonwebtoken`, `ssl`, `crypto/tls`, `org.springframework.web.client`, `System.Net.Http`; "" for what every program of the language has (`process`, `open`). */
  readonly module: string;
  /**
   * `sign`, `Agent`; of an instance's method the class comes first: `RestTemplate.getForObject`, `Session.get`. "" for the
   * module itself, and for what it exports by default. What a function gives is written with `()`: `create().get` for
   * `axios.create().get`, `().use` for `express().use`; what `new`, or a class of Python, makes is written like the class.
   */
  readonly member: string;
}

export type Value =
  | Text
  | Flag
  | Amount
  | Nothing
  | Variable
  | Lookup
  | List
  | Options
  | Call
  | Lambda
  | Choice
  | Unknown;

/** A text: a literal, a template, or literals put together, constants of the file filled in. */
export interface Text extends Span {
  readonly kind: "text";
  /** What is known of it in order; `hole` is a part that is not known. Never two strings in a row. A whole text has one string and no hole. */
  readonly parts: readonly (string | Hole)[];
  /** The text where all of it is known. */
  readonly whole: string | undefined;
  /** The literal stands at this very place (so it can be rewritten), and is not a constant used here. */
  readonly isLiteral: boolean;
  /**
   * The characters between the quotes of a literal in one piece without escapes; undefined elsewhere. With holes only where
   * it begins with text: `parts[0]` then stands at its start.
   */
  readonly inner: Span | undefined;
  /** Where its first part stands as it is, without escapes, at the beginning of a literal here: `http://` of `"http://" + host`. A longer literal's `head` may hold more than `parts[0]`. */
  readonly head?: Span;
}
export interface Hole {
  /** The value in the hole as far as it can be told: a variable, a lookup. */
  readonly value: Value;
}
export interface Flag extends Span {
  readonly kind: "flag";
  readonly value: boolean;
}
export interface Amount extends Span {
  readonly kind: "amount";
  /** Products and sums of numbers are worked out; durations such as `10 * time.Second` are calls or unknown. */
  readonly value: number;
}
/** `null`, `undefined`, `None`, `nil`. */
export interface Nothing extends Span {
  readonly kind: "nothing";
}
/** A variable, member or constant that cannot be told further: `req.headers.origin`, `ssl.CERT_NONE`, `tls.VersionTLS10`. */
export interface Variable extends Span {
  readonly kind: "variable";
  readonly name: Name;
}
/** A look at the environment or configuration: `process.env.X ?? "y"`, `os.getenv("X", "y")`, `@Value("${x:y}")`. */
export interface Lookup extends Span {
  readonly kind: "lookup";
  readonly key: string | undefined;
  /** What is taken where nothing is set. */
  readonly fallback: Value | undefined;
}
/** Arrays, lists, tuples, slices, sets. */
export interface List extends Span {
  readonly kind: "list";
  readonly items: readonly Value[];
  /** Something is spread into it. */
  readonly isOpen: boolean;
}
/** Object literals, dicts, struct literals (`tls.Config{…}`), object initialisers: names with values. */
export interface Options extends Span {
  readonly kind: "options";
  /** The struct or class that is made: `crypto/tls.Config`; undefined for plain objects. */
  readonly type: Name | undefined;
  readonly entries: readonly Entry[];
  /** Something is spread into it, or a key is computed: an entry that is not there may be. */
  readonly isOpen: boolean;
}
export interface Entry extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Value;
}
/** A function as a value. */
export interface Lambda extends Span {
  readonly kind: "lambda";
  readonly function: FunctionFact;
}
/** `a || b`, `a ?? b`, `cond ? a : b`. */
export interface Choice extends Span {
  readonly kind: "choice";
  readonly options: readonly Value[];
}
export interface Unknown extends Span {
  readonly kind: "unknown";
}

/** A call, a constructor call, a link of a builder's chain. */
export interface Call extends Span {
  readonly kind: "call";
  readonly callee: Name;
  /** With `new`, or of a class. */
  readonly isNew: boolean;
  /** What the method is called on: `Jwts.builder().subject(x)` for `.compact()`. */
  readonly receiver: Value | undefined;
  readonly arguments: readonly Argument[];
  /** Arguments are spread: `...opts`, `**kwargs`, `opts...`. */
  readonly isOpen: boolean;
  /** An initialiser behind it: `new X { A = 1 }` of C#. */
  readonly initialiser: Options | undefined;
  /** Between the parentheses, both left out. */
  readonly argumentsSpan: Span;
  /** The calls of the chain that ends here, the first one first; only itself where there is no chain. */
  readonly chain: readonly Call[];
  readonly scope: Scope;
}
export interface Argument {
  /** Of a keyword argument. */
  readonly name: string | undefined;
  readonly value: Value;
  /** With its name and `=`. */
  readonly span: Span;
}

/** `x = v`, `const x = v`, `x.y = v`, `self.x = v`, fields and module constants, parameters with defaults. */
export interface Assignment extends Span {
  readonly target: Name;
  readonly value: Value;
  readonly scope: Scope;
  readonly how: "variable" | "member" | "constant" | "parameter";
  /** A literal text of it is compared, not set: `==`. Comparisons are not in `assignments`, only in `comparisons`. */
}

/** An annotation, attribute or decorator. */
export interface Decorator extends Span {
  readonly name: Name;
  readonly arguments: readonly Argument[];
  /** What it stands at. */
  readonly on: FunctionFact | ClassFact | undefined;
  /** The parameter or field that it stands at, by its name. */
  readonly subject?: string;
  readonly scope: Scope;
}

export interface FunctionFact extends Span {
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  readonly parameters: readonly string[];
  readonly decorators: readonly Decorator[];
  /** The class it belongs to. */
  readonly owner: ClassFact | undefined;
  readonly body: Span | undefined;
  /** The values that it returns; of a lambda of one expression that one. A path that returns nothing is not in it. */
  readonly returns: readonly Value[];
  readonly throws: boolean;
  /** Calls directly or further inside. */
  readonly calls: readonly Call[];
  /** Statements of its body; 0: empty. */
  readonly statements: number;
  readonly scope: Scope;
}

export interface ClassFact extends Span {
  readonly name: string | undefined;
  /** What it extends and implements. */
  readonly bases: readonly Name[];
  readonly decorators: readonly Decorator[];
  readonly functions: readonly FunctionFact[];
  readonly scope: Scope;
}

/** Where something stands. */
export interface Scope {
  /** The innermost function around; undefined at the top of the file. */
  readonly function: FunctionFact | undefined;
  readonly class: ClassFact | undefined;
  /** It runs only in development, or only where a flag is set: inside `if env.IsDevelopment()`, `NODE_ENV !== "production"`, `@Profile("dev")`, `#if DEBUG`, `if __name__ == "__main__"` is not one. */
  readonly guard: "development" | "flag" | undefined;
}

/** `import x`, `require`, `using`; local names and what they stand for. */
export interface Import extends Span {
  readonly module: string;
  /** "" for the module as a whole; "*" for everything in it. */
  readonly member: string;
  /** The name in this file; "" for one that is imported for its effect only (`_ "net/http/pprof"`). */
  readonly local: string;
}

/** A text literal, where it stands. */
export interface Literal extends Span {
  readonly text: Text;
  /** What it is given for, the nearest first known: an argument, the value of a name, an item of a list that is. */
  readonly use:
    | { readonly kind: "argument"; readonly call: Call; readonly index: number; readonly name: string | undefined }
    | { readonly kind: "value"; readonly name: string; readonly nameSpan: Span }
    | { readonly kind: "fallback"; readonly lookup: Lookup; readonly name: string | undefined }
    | { readonly kind: "comparison"; readonly other: Value }
    | { readonly kind: "decorator"; readonly decorator: Decorator; readonly name: string | undefined }
    | { readonly kind: "markup" | "message" | "other" };
  readonly scope: Scope;
}

/** Everything that rules may ask of a file of code. Lists are in the order of the text. */
export interface CodeFacts {
  readonly language: CodeLanguage;
  readonly imports: readonly Import[];
  /** Every call, nested ones too. */
  readonly calls: readonly Call[];
  readonly assignments: readonly Assignment[];
  /** Every `name: value` of every object literal, dict, struct literal and initialiser, nested ones too. */
  readonly options: readonly Options[];
  readonly literals: readonly Literal[];
  readonly decorators: readonly Decorator[];
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly comments: readonly (Span & { readonly text: string })[];
  /** Where a new import line goes, and how it is spelled: `import os`. Undefined where the language needs none. */
  importOf(module: string, member?: string): { readonly at: number; readonly text: string } | undefined;
}
