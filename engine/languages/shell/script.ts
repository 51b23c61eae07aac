/** What a shell text runs: its commands, wherever they stand, with their words. */
import type { Edit } from "../../text/edit";
import { type Excerpt, ExcerptBuilder, Located, type Origin } from "../../text/located";
import type { ShellNode, ShellParser } from "./syntax";
import { wrapperOperands } from "./wrappers";

/** One word of a command. */
export class ShellWord extends Located {
  constructor(
    origin: Origin,
    from: number,
    to: number,
    /** As written. */
    readonly raw: string,
    /** Quotes resolved; variables and substitutions as written. */
    readonly source: string,
    /** The value, where nothing in it is expanded when the script runs. */
    readonly text: string | undefined,
    /** Names of the variables that it expands. */
    readonly variables: readonly string[],
    /** Whether any part of it stands in quotes. */
    readonly quoted: boolean,
    /** The commands in its `$(…)`, backquotes and `<(…)`. */
    readonly substitutions: readonly Command[],
    private readonly excerpt: Excerpt,
    private readonly at: number,
  ) {
    super(origin, from, to);
  }

  /** The part `[from, to)` of the written word (offsets in `raw`). */
  part(from: number, to: number): Located {
    return new Located(this.origin, this.excerpt.startOf(this.at + from), this.excerpt.endOf(this.at + to));
  }

  /** The first place where `text` stands in the written word. */
  find(text: string): Located | undefined {
    const index = this.raw.indexOf(text);
    return index < 0 ? undefined : this.part(index, index + text.length);
  }

  /** The written text between the word's quotes, with its place; the whole where it is not one quoted string. */
  get inner(): Excerpt {
    const quote = this.raw[0];
    const closed = this.raw.length > 1 && this.raw.endsWith(quote ?? "");
    if ((quote !== "'" && quote !== '"') || !closed) return this.excerpt.slice(this.at, this.at + this.raw.length);
    const inside = this.excerpt.slice(this.at + 1, this.at + this.raw.length - 1);
    return quote === "'" ? inside : dropEscapes(inside);
  }
}

export interface Redirect extends Located {
  /** `>`, `>>`, `<`, `2>`, `&>`, `>&`, `<<<` … */
  readonly operator: string;
  readonly target: ShellWord | undefined;
}

/** A document given to a command's standard input. */
export interface HereDocument {
  readonly body: Excerpt;
  readonly quoted: boolean;
}

export interface Assignment extends Located {
  readonly name: string;
  readonly value: ShellWord | undefined;
  /** `export`ed, or in front of a command. */
  readonly exported: boolean;
}

/** A place in a chain `a && b; c`, to which a whole pipeline belongs. */
interface Statement {
  readonly from: number;
  /** Redirects behind a chain belong to its last statement. */
  to: number;
  readonly chain: Statement[];
  /** The operator behind it: `&&`, `||`, `;`, `&`, a newline, or none. */
  after: string;
}

/** Why a command stands where it stands. */
export type Position =
  | "script"
  /** In `$(…)` or backquotes. */
  | "substitution"
  /** In `<(…)` or `>(…)`. */
  | "process"
  /** In the text that `sh -c`, `eval` or a piped shell runs. */
  | "nested";

export class Command extends Located {
  readonly words: readonly ShellWord[];
  /** The last component of the program's path; empty where it is not known. */
  readonly name: string;
  /** The words behind the program. */
  readonly args: readonly ShellWord[];
  /** `sudo`, `env`, `exec` … in front of the program, outermost first, with their own words. */
  readonly wrappers: readonly { readonly name: string; readonly words: readonly ShellWord[] }[];
  /** The command that feeds this one through a pipe. */
  upstream: Command | undefined;
  /** The command that this one feeds through a pipe. */
  downstream: Command | undefined;
  /** Runs in the background (`&`). */
  background = false;
  readonly redirects: Redirect[] = [];
  readonly documents: HereDocument[] = [];

  constructor(
    readonly script: Script,
    from: number,
    to: number,
    /** Every written word, wrappers included. */
    readonly written: readonly ShellWord[],
    readonly assignments: readonly Assignment[],
    readonly position: Position,
    /** The command in whose words this one stands. */
    public parent: Command | undefined,
    readonly statement: Statement | undefined,
  ) {
    super(script.origin, from, to);
    const wrappers: { name: string; words: readonly ShellWord[] }[] = [];
    let rest = written;
    for (;;) {
      const name = programName(rest[0]);
      const skipped = wrapperOperands(name, rest);
      if (skipped === undefined || rest[skipped] === undefined) break;
      wrappers.push({ name, words: rest.slice(0, skipped) });
      rest = rest.slice(skipped);
    }
    this.wrappers = wrappers;
    this.words = rest;
    this.name = programName(rest[0]);
    this.args = rest.slice(1);
  }

  get program(): ShellWord | undefined {
    return this.words[0];
  }

  /** The first argument that is no option: `install` of `apt-get -y install`. */
  get subcommand(): string | undefined {
    return this.args.find((a) => !a.source.startsWith("-"))?.text;
  }

  /** Every pipeline member, first to last. */
  get pipeline(): readonly Command[] {
    let first: Command = this;
    while (first.upstream !== undefined) first = first.upstream;
    const all: Command[] = [];
    for (let c: Command | undefined = first; c !== undefined; c = c.downstream) all.push(c);
    return all;
  }

  /**
   * Takes the command's whole pipeline out of its chain, comments between the lines kept. Undefined where it is the only
   * one, or something hangs on it.
   */
  remove(): readonly Edit[] | undefined {
    const statement = this.statement;
    if (statement === undefined) return undefined;
    const { chain } = statement;
    const index = chain.indexOf(statement);
    const next = chain[index + 1];
    const before = chain[index - 1];
    const joined = (s: Statement): boolean => s.after === "&&" || s.after === ";" || s.after === "";
    if (before !== undefined && (joined(before) || (before.after === "||" && statement.after === ""))) {
      return this.script.cut(before.to, statement.to);
    }
    if (next !== undefined && joined(statement)) return this.script.cut(statement.from, next.from);
    return undefined;
  }

  /** Takes one word, and the white space before it, out of the command; a comment line between two words stays. */
  removeWord(word: Located): Edit {
    const index = this.written.findIndex((w) => w.start === word.start);
    const before = this.written[index - 1];
    const { at, text } = this.script.origin;
    const commented = before !== undefined && /^[ \t]*#/m.test(text.slice(before.end - at, word.start - at));
    const from = before === undefined || commented ? word.start : before.end;
    return { span: { start: from, end: word.end }, text: "" };
  }

  insertAfter(word: Located, text: string): Edit {
    const written = this.script.form === "exec" ? `, ${JSON.stringify(text)}` : ` ${text}`;
    return { span: { start: word.end, end: word.end }, text: written };
  }

  /** Writes `text` before the command itself, wrappers and assignments included. */
  insertBefore(text: string): Edit {
    return { span: { start: this.start, end: this.start }, text };
  }

  /** Where the command's whole pipeline ends, for another command to be chained on with `&&`. */
  get chainEnd(): number {
    const to = this.statement?.to;
    if (to !== undefined) return this.script.origin.at + this.script.excerpt.endOf(to);
    return Math.max(this.end, ...this.pipeline.flatMap((c) => [c.end, ...c.redirects.map((r) => r.end)]));
  }
}

function programName(word: ShellWord | undefined): string {
  const text = word?.text ?? "";
  return text.slice(text.lastIndexOf("/") + 1);
}

/** One shell text and everything it runs, in source order, nested scripts included. */
export class Script {
  readonly commands: Command[] = [];
  /** `X=1` alone, and `export X=1`; not those in front of a command. */
  readonly assignments: Assignment[] = [];
  /** The parser met something it could not read. */
  broken = false;

  constructor(
    readonly origin: Origin,
    readonly excerpt: Excerpt,
    /** `exec`: the words are the strings of a JSON array. */
    readonly form: "shell" | "exec" = "shell",
  ) {}

  get text(): string {
    return this.excerpt.text;
  }

  /** Deletes `[from, to)` of the text; comment lines that the file has in between stay. */
  cut(from: number, to: number): readonly Edit[] {
    const { at, text } = this.origin;
    const edits: Edit[] = [];
    let start = this.excerpt.endOf(from);
    const until = (end: number): void => {
      if (end > start) edits.push({ span: { start: at + start, end: at + end }, text: "" });
    };
    for (let i = from; i <= to; i++) {
      const before = this.excerpt.endOf(i);
      const here = i < this.text.length ? this.excerpt.startOf(i) : before;
      if (here !== before && /^[ \t]*#/m.test(text.slice(before, here))) {
        until(before);
        start = here;
      }
      if (i === to) until(here);
    }
    return edits;
  }
}

const shells = new Set(["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "rbash"]);
export const isShell = (name: string): boolean => shells.has(name);

/** How deep scripts in scripts are followed. */
const deepestNesting = 4;

/** Documents that the file itself gives a command (Dockerfile heredocs), by the place of their opening word. */
export interface GivenDocument extends HereDocument {
  /** Offset, in the excerpt's text, of the opening word; its characters must be blank. */
  readonly at: number;
}

/** Reads a shell text. Offsets of the excerpt are relative to `origin`. */
export function readScript(
  parser: ShellParser,
  excerpt: Excerpt,
  origin: Origin,
  documents: readonly GivenDocument[] = [],
): Script {
  const script = new Script(origin, excerpt);
  const reader = new Reader(parser, script, excerpt, 0, undefined, "script");
  reader.read();
  for (const document of documents) {
    const place = excerpt.startOf(document.at) + origin.at;
    const owner = script.commands.filter((c) => c.parent === undefined && c.start <= place).pop() ?? script.commands[0];
    owner?.documents.push(document);
  }
  for (const command of [...script.commands]) runDocuments(parser, script, command);
  script.commands.sort((a, b) => a.from - b.from);
  return script;
}

/** A shell that reads its program from a here-document runs that document. */
function runDocuments(parser: ShellParser, script: Script, command: Command): void {
  const runner = command.pipeline.find((c) => isShell(c.name) && c.args.every((a) => /^-/.test(a.source)));
  const feeds = command === runner || (runner !== undefined && command.name === "cat" && command.args.length === 0);
  if (!feeds) return;
  for (const document of command.documents) {
    new Reader(parser, script, document.body, 1, command, "nested").read();
  }
}

interface Scope {
  readonly statement: Statement | undefined;
  readonly parent: Command | undefined;
  readonly position: Position;
}

class Reader {
  constructor(
    private readonly parser: ShellParser,
    private readonly script: Script,
    private readonly excerpt: Excerpt,
    private readonly depth: number,
    private readonly parent: Command | undefined,
    private readonly position: Position,
  ) {}

  read(): void {
    const root = this.parser.parse(this.excerpt.text);
    this.visitChain(root.children, { statement: undefined, parent: this.parent, position: this.position });
  }

  /** The statements of a chain, nested `list` nodes flattened. */
  private visitChain(nodes: readonly ShellNode[], scope: Scope): Command[] {
    const chain: Statement[] = [];
    const entries: { node: ShellNode; statement: Statement }[] = [];
    const flatten = (children: readonly ShellNode[]): void => {
      for (const node of children) {
        if (node.type === "list") flatten(node.children);
        else if (node.named && node.type !== "comment") {
          const statement: Statement = { from: node.from, to: node.to, chain, after: "" };
          chain.push(statement);
          entries.push({ node, statement });
        } else {
          const last = chain[chain.length - 1];
          if (last !== undefined && !node.named) last.after = node.type;
        }
      }
    };
    flatten(nodes);
    const all: Command[] = [];
    for (const { node, statement } of entries) {
      const commands = this.visit(node, { ...scope, statement });
      if (statement.after === "&") for (const c of commands) c.background = true;
      all.push(...commands);
    }
    return all;
  }

  /** The commands that the node itself runs, in order, without those in their words. */
  private visit(node: ShellNode, scope: Scope): Command[] {
    switch (node.type) {
      case "command":
        return [this.command(node, scope)];
      case "declaration_command":
      case "unset_command":
        return this.declaration(node, scope);
      case "variable_assignment":
        this.script.assignments.push(this.assignment(node, scope, false));
        return [];
      case "variable_assignments":
        for (const child of node.children) if (child.named) this.visit(child, scope);
        return [];
      case "pipeline":
        return this.pipeline(node, scope);
      case "redirected_statement":
        return this.redirected(node, scope);
      case "program":
      case "list":
      case "do_group":
      case "compound_statement":
      case "subshell":
        return this.visitChain(node.children, { ...scope, statement: undefined });
      case "ERROR":
        this.script.broken = true;
        return node.children.flatMap((child) =>
          child.named ? this.visit(child, { ...scope, statement: undefined }) : [],
        );
      case "test_command":
      case "comment":
      case "word":
        this.substitutions(node, scope);
        return [];
      default:
        return node.children.flatMap((child) =>
          child.named ? this.visit(child, { ...scope, statement: undefined }) : [],
        );
    }
  }

  private pipeline(node: ShellNode, scope: Scope): Command[] {
    const all: Command[] = [];
    let feeding: Command | undefined;
    for (const child of node.children) {
      if (!child.named) continue;
      const commands = this.visit(child, scope);
      const first = commands[0];
      if (feeding !== undefined && first !== undefined && first.upstream === undefined) {
        feeding.downstream = first;
        first.upstream = feeding;
      }
      feeding = commands[commands.length - 1] ?? feeding;
      all.push(...commands);
    }
    this.runPiped(all);
    return all;
  }

  /** `echo '…' | sh` runs the quoted text. */
  private runPiped(commands: readonly Command[]): void {
    for (const command of commands) {
      const source = command.upstream;
      if (source === undefined || !isShell(command.name)) continue;
      if (source.name !== "echo" && source.name !== "printf") continue;
      for (const word of source.args) if (word.quoted) this.nested(word.inner, command);
    }
  }

  private redirected(node: ShellNode, scope: Scope): Command[] {
    const commands: Command[] = [];
    for (const child of node.children) {
      if (!child.named) continue;
      const last = commands[commands.length - 1];
      if (child.type === "file_redirect" || child.type === "herestring_redirect") {
        const redirect = this.redirect(child, scope);
        // A group's redirect is that of everything in it.
        if (grouping.has(node.children[0]?.type ?? "")) for (const c of commands) c.redirects.push(redirect);
        else last?.redirects.push(redirect);
      } else if (child.type === "heredoc_redirect") {
        commands.push(...this.heredoc(child, scope, last));
      } else commands.push(...this.visit(child, scope));
    }
    const { statement } = commands[commands.length - 1] ?? {};
    const hasDocument = node.children.some((child) => child.type === "heredoc_redirect");
    if (statement !== undefined && !hasDocument) statement.to = Math.max(statement.to, node.to);
    return commands;
  }

  /** The grammar hangs what follows `<<EOF` on its line (redirects, a pipe, `&& …`) into the redirect's node. */
  private heredoc(node: ShellNode, scope: Scope, owner: Command | undefined): Command[] {
    const commands: Command[] = [];
    let quoted = false;
    for (const child of node.children) {
      if (child.type === "heredoc_start") quoted = /["'\\]/.test(this.textOf(child));
      else if (child.type === "file_redirect") owner?.redirects.push(this.redirect(child, scope));
      else if (child.type === "heredoc_body") {
        owner?.documents.push({ body: this.excerpt.slice(child.from, child.to), quoted });
      } else if (child.type === "pipeline" && owner !== undefined) {
        const piped = this.pipeline(child, scope);
        const first = piped[0];
        if (first !== undefined) {
          owner.downstream = first;
          first.upstream = owner;
        }
        commands.push(...piped);
      } else if (child.named && child.type !== "heredoc_end") commands.push(...this.visit(child, scope));
    }
    return commands;
  }

  private declaration(node: ShellNode, scope: Scope): Command[] {
    const keyword = node.children[0];
    const exported = keyword?.type === "export";
    for (const child of node.children) {
      if (child.type === "variable_assignment") this.script.assignments.push(this.assignment(child, scope, exported));
    }
    const words = node.children.filter((c) => c.type !== "variable_assignment").map((c) => this.word(c, scope));
    const command = this.make(node, words, [], scope);
    return [command];
  }

  private command(node: ShellNode, scope: Scope): Command {
    const inner: Scope = { ...scope, statement: undefined };
    const words: ShellWord[] = [];
    const assignments: Assignment[] = [];
    const redirects: Redirect[] = [];
    const { from } = node;
    let to = node.to;
    for (const child of node.children) {
      if (child.type === "variable_assignment") assignments.push(this.assignment(child, inner, true));
      else if (child.type === "file_redirect" || child.type === "herestring_redirect") {
        redirects.push(this.redirect(child, inner));
      } else if (child.type === "heredoc_redirect") to = Math.min(to, child.from);
      else if (child.type === "command_name") words.push(this.word(child.children[0] ?? child, inner));
      else if (child.named || child.to > child.from) words.push(this.word(child, inner));
    }
    const command = this.make({ from, to: Math.max(from, to) }, words, assignments, scope);
    command.redirects.push(...redirects);
    this.runArgument(command);
    return command;
  }

  private make(
    node: { from: number; to: number },
    words: readonly ShellWord[],
    assignments: readonly Assignment[],
    scope: Scope,
  ): Command {
    const command = new Command(
      this.script,
      this.excerpt.startOf(node.from),
      this.excerpt.endOf(node.to),
      words,
      assignments,
      scope.position,
      scope.parent,
      this.depth === 0 && scope.position === "script" ? scope.statement : undefined,
    );
    for (const word of words) {
      for (const inner of word.substitutions) if (inner.parent === scope.parent) inner.parent = command;
    }
    this.script.commands.push(command);
    return command;
  }

  /** `sh -c '…'`, `su user -c '…'` and `eval '…'` run the text of their argument. */
  private runArgument(command: Command): void {
    if (command.name === "eval") {
      for (const word of command.args) if (word.quoted) this.nested(word.inner, command);
      return;
    }
    if (!isShell(command.name) && command.name !== "su" && command.name !== "runuser") return;
    const index = command.args.findIndex((a) => /^(?:-[a-z]*c|--command)$/.test(a.source));
    const text = index < 0 ? undefined : command.args.slice(index + 1).find((a) => !/^[-+]/.test(a.source));
    if (text?.quoted === true) this.nested(text.inner, command);
  }

  private nested(excerpt: Excerpt, parent: Command): void {
    if (this.depth >= deepestNesting) return;
    new Reader(this.parser, this.script, excerpt, this.depth + 1, parent, "nested").read();
  }

  private assignment(node: ShellNode, scope: Scope, exported: boolean): Assignment {
    const [name, , value] = node.children;
    return Object.assign(
      new Located(this.script.origin, this.excerpt.startOf(node.from), this.excerpt.endOf(node.to)),
      {
        name: name === undefined ? "" : this.textOf(name),
        value: value === undefined ? undefined : this.word(value, scope),
        exported,
      },
    );
  }

  private redirect(node: ShellNode, scope: Scope): Redirect {
    const target = node.children.find((c) => c.named && c.type !== "file_descriptor");
    const operator = this.excerpt.text.slice(node.from, target?.from ?? node.to).trim();
    return Object.assign(
      new Located(this.script.origin, this.excerpt.startOf(node.from), this.excerpt.endOf(target?.to ?? node.to)),
      { operator, target: target === undefined ? undefined : this.word(target, scope) },
    );
  }

  private word(node: ShellNode, scope: Scope): ShellWord {
    const raw = this.textOf(node);
    const parts: WordParts = { source: "", dynamic: false, quoted: false, variables: [] };
    this.readParts(node, parts);
    const before = this.script.commands.length;
    this.substitutions(node, scope);
    return new ShellWord(
      this.script.origin,
      this.excerpt.startOf(node.from),
      this.excerpt.endOf(node.to),
      raw,
      parts.source,
      parts.dynamic ? undefined : parts.source,
      parts.variables,
      parts.quoted,
      this.script.commands.slice(before),
      this.excerpt,
      node.from,
    );
  }

  private readParts(node: ShellNode, parts: WordParts): void {
    const text = this.textOf(node);
    switch (node.type) {
      case "raw_string":
        parts.quoted = true;
        parts.source += text.slice(1, -1);
        return;
      case "ansi_c_string":
        parts.quoted = true;
        parts.source += text.slice(2, -1);
        return;
      case "string":
      case "translated_string": {
        parts.quoted = true;
        const inside = node.children.filter((c) => c.named);
        let at = node.from + text.indexOf('"') + 1;
        for (const child of inside) {
          // Blanks between two expansions belong to no node.
          parts.source += unescapeQuoted(this.excerpt.text.slice(at, child.from));
          this.readParts(child, parts);
          at = child.to;
        }
        parts.source += unescapeQuoted(this.excerpt.text.slice(at, Math.max(at, node.to - 1)));
        return;
      }
      case "string_content":
        parts.source += unescapeQuoted(text);
        return;
      case "concatenation": {
        for (const child of node.children) this.readParts(child, parts);
        return;
      }
      case "simple_expansion":
      case "expansion":
      case "command_substitution":
      case "process_substitution":
      case "arithmetic_expansion":
      case "brace_expression":
        parts.dynamic = true;
        parts.source += text;
        this.collectVariables(node, parts.variables);
        return;
      case "word":
        parts.source += text.replace(/\\\n/g, "").replace(/\\(.)/g, "$1");
        if (node.children.length > 0) for (const c of node.children) this.collectVariables(c, parts.variables);
        return;
      default:
        if (node.children.length === 0) parts.source += text;
        else for (const child of node.children) this.readParts(child, parts);
    }
  }

  private collectVariables(node: ShellNode, into: string[]): void {
    if (node.type === "variable_name" || node.type === "special_variable_name") into.push(this.textOf(node));
    if (node.type === "command_substitution" || node.type === "process_substitution") return;
    for (const child of node.children) this.collectVariables(child, into);
  }

  private substitutions(node: ShellNode, scope: Scope): void {
    if (node.type === "command_substitution" || node.type === "process_substitution") {
      const position: Position = node.type === "command_substitution" ? "substitution" : "process";
      this.visitChain(node.children, { statement: undefined, parent: scope.parent, position });
      return;
    }
    for (const child of node.children) this.substitutions(child, scope);
  }

  private textOf(node: ShellNode): string {
    return this.excerpt.text.slice(node.from, node.to);
  }
}

const grouping = new Set([
  "compound_statement",
  "subshell",
  "for_statement",
  "while_statement",
  "if_statement",
  "case_statement",
]);

interface WordParts {
  source: string;
  dynamic: boolean;
  quoted: boolean;
  variables: string[];
}

const unescapeQuoted = (text: string): string => text.replace(/\\\n/g, "").replace(/\\(["\\$`])/g, "$1");

/** In double quotes a backslash hides itself before `" \ $` and backquote. */
function dropEscapes(excerpt: Excerpt): Excerpt {
  if (!excerpt.text.includes("\\")) return excerpt;
  const builder = new ExcerptBuilder(excerpt.startOf(0));
  for (let i = 0; i < excerpt.text.length; i++) {
    if (excerpt.text[i] === "\\" && /["\\$`]/.test(excerpt.text[i + 1] ?? "")) i++;
    builder.push(excerpt.text[i] ?? "", excerpt.startOf(i));
  }
  return builder.build();
}
