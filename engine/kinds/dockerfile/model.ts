/** What a Dockerfile says, in the words of its reference: stages, instructions, words, images, users, shells. */
import type {
  Escape,
  InstructionNode,
  Heredoc,
  DockerfileSyntax,
  Directive,
  CommentNode,
} from "../../languages/dockerfile/syntax";
import { joinLines, jsonStrings, wordOf, wordRanges, Word } from "../../languages/dockerfile/words";
import { isShell, readScript, type Script, type Command, type GivenDocument } from "../../languages/shell/script";
import type { ShellParser } from "../../languages/shell/syntax";
import { execScript } from "../../languages/shell/exec";
import { parseReference, type ImageReference } from "../../oci/reference";
import type { Edit } from "../../text/edit";
import { Excerpt, Located } from "../../text/located";
import { known, unknown, type Span, type Value } from "../../text/span";
import { insertLinesAfter, insertLinesBefore, removeLines } from "./edit";
import { expand, predefinedArguments, type Expansion } from "./variables";

export { Word };

/** `--name=value` between the keyword and the arguments. */
export class Flag extends Located {
  constructor(
    readonly instruction: Instruction,
    word: Word,
    readonly name: string,
    /** Undefined for `--name` alone. */
    readonly value: Word | undefined,
  ) {
    super(word.origin, word.from, word.to);
  }

  #options: readonly { key: string; value: string; span: Located }[] | undefined;

  /** `type=secret,id=x` as words; a key without `=` has the value "true". */
  get options(): readonly { key: string; value: string; span: Located }[] {
    this.#options ??= this.readOptions();
    return this.#options;
  }

  private readOptions(): readonly { key: string; value: string; span: Located }[] {
    if (this.value === undefined) return [];
    const options: { key: string; value: string; span: Located }[] = [];
    let at = 0;
    for (const piece of this.value.raw.split(",")) {
      const text = piece.replace(/^["']|["']$/g, "");
      const equals = text.indexOf("=");
      options.push({
        key: (equals < 0 ? text : text.slice(0, equals)).trim().toLowerCase(),
        value: equals < 0 ? "true" : text.slice(equals + 1),
        span: this.value.part(at, at + piece.length),
      });
      at += piece.length + 1;
    }
    return options;
  }

  option(key: string): string | undefined {
    return this.options.find((o) => o.key === key)?.value;
  }

  /** Takes the flag and the white space behind it away. */
  remove(): Edit {
    const { text } = this.instruction.file;
    let end = this.end;
    while (text[end] === " " || text[end] === "\t") end++;
    return { span: { start: this.start, end }, text: "" };
  }
}

/** `RUN --mount=…`. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` where none is written. */
  readonly type: string;
  readonly id: string | undefined;
  readonly target: string | undefined;
  readonly source: string | undefined;
  readonly env: string | undefined;
  readonly from: ImageUse | undefined;
}

/** `exec`: a JSON array; `shell`: a text that the stage's shell runs. */
export type Form = "exec" | "shell";

/** A set of small numbers: each instruction keeps one of some dozens, and asks it for every rule. */
class Numbers {
  #bits = new Uint32Array(48);

  has(number: number): boolean {
    return ((this.#bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  add(number: number): void {
    const at = number >>> 5;
    if (at >= this.#bits.length) {
      const wider = new Uint32Array(at + 16);
      wider.set(this.#bits);
      this.#bits = wider;
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (number & 31));
  }
}

export class Instruction extends Located {
  /** Set by the model that holds the instruction. */
  file!: Dockerfile;
  /** Undefined before the first FROM. */
  stage: Stage | undefined;
  /** Set for what an ONBUILD triggers: it runs in the builds of images made from this one. */
  onbuild: Onbuild | undefined;
  readonly keyword: string;
  readonly keywordSpan: Located;
  readonly flags: readonly Flag[];
  /** The arguments behind the flags, continuations dropped, heredoc bodies left out. */
  readonly rest: Excerpt;

  constructor(
    readonly node: InstructionNode,
    readonly escape: Escape,
  ) {
    super(node, 0, node.text.length);
    this.keyword = node.keyword;
    this.keywordSpan = new Located(node, 0, node.keywordLength);
    const head = joinLines(node.text, node.keywordLength, node.headEnd, escape);
    const flags: Flag[] = [];
    let from = 0;
    if (hasFlags.has(node.keyword)) {
      for (const range of wordRanges(head, escape)) {
        if (!head.text.startsWith("--", range.from)) break;
        const word = wordOf(head, node, range.from, range.to, escape);
        const equals = word.raw.indexOf("=");
        const name = equals < 0 ? word.raw.slice(2) : word.raw.slice(2, equals);
        const value = equals < 0 ? undefined : wordOf(head, node, range.from + equals + 1, range.to, escape);
        flags.push(new Flag(this, word, name.toLowerCase(), value));
        from = range.to;
      }
    }
    this.flags = flags;
    while (/\s/.test(head.text[from] ?? "")) from++;
    let to = head.text.length;
    while (to > from && /\s/.test(head.text[to - 1] ?? "")) to--;
    this.rest = head.slice(from, to);
  }

  #place = -1;
  #seen: { readonly skeleton: object; readonly setting: object } | undefined;
  /** Numbers of what had nothing to say about this instruction when it was last asked; see {@link freshen}. */
  quiet = new Numbers();

  /** For the file: how many instructions of the skeleton stand before this one. */
  settle(place: number): void {
    if (this.#place !== place) this.#seen = undefined;
    this.#place = place;
  }

  /** Forgets what was {@link quiet} where the skeleton or the configuration is another than it was then. */
  freshen(setting: object): void {
    const { skeleton } = this.file;
    if (this.#seen?.skeleton === skeleton && this.#seen.setting === setting) return;
    this.#seen = { skeleton, setting };
    this.quiet = new Numbers();
  }

  #words: readonly Word[] | undefined;

  /** The arguments as words; of a JSON array its strings. */
  get words(): readonly Word[] {
    this.#words ??=
      this.json?.map((j) => j.word) ??
      wordRanges(this.rest, this.escape).map((r) => wordOf(this.rest, this.node, r.from, r.to, this.escape));
    return this.#words;
  }

  #json: { word: Word; value: Excerpt }[] | undefined | null = null;

  /** The arguments' strings where they are a JSON array and the instruction knows that form. */
  get json(): readonly { word: Word; value: Excerpt }[] | undefined {
    if (this.#json === null) this.#json = hasJson.has(this.keyword) ? jsonStrings(this.rest, this.node) : undefined;
    return this.#json;
  }

  get heredocs(): readonly Heredoc[] {
    return this.node.heredocs;
  }

  /** The body of one of the instruction's heredocs, with its place. */
  heredocBody(heredoc: Heredoc): Located & { readonly text: string } {
    const place = new Located(this.node, heredoc.body.from, heredoc.body.to);
    return Object.assign(place, { text: this.node.text.slice(heredoc.body.from, heredoc.body.to) });
  }

  flag(name: string): Flag | undefined {
    return this.flags.find((f) => f.name === name);
  }

  /** Adds a flag in front of the others. */
  addFlag(text: string): Edit {
    const at = this.keywordSpan.end;
    return { span: { start: at, end: at }, text: ` ${text}` };
  }

  /** Expands ARG and ENV variables as they stand just before this instruction. */
  expand(word: Word | string): Expansion {
    if (typeof word !== "string" && word.verbatim) {
      return { value: known(word.text), empty: known(word.text), names: [], undeclared: [] };
    }
    const source = typeof word === "string" ? word : word.text;
    return expand(source, (name) => this.variable(name));
  }

  /** What ARG and ENV make of a variable just before this instruction. */
  variable(name: string): Value | "undeclared" {
    return this.stage === undefined ? this.file.globalVariable(name, this) : this.stage.variable(name, this);
  }

  readonly #references = new Map<string, ImageReference | undefined>();

  /** The reference that a text of this instruction stands for; the same one as long as the instruction's text stays. */
  referenceOf(text: string): ImageReference | undefined {
    if (!this.#references.has(text)) this.#references.set(text, parseReference(text));
    return this.#references.get(text);
  }

  /** Takes the instruction with its lines away, its ONBUILD too. */
  remove(): Edit {
    return removeLines(this.file.text, this.onbuild ?? this);
  }

  /** Writes whole lines (joined by `\n`, without the last terminator) above the instruction and its own comments. */
  insertBefore(lines: string): Edit {
    return insertLinesBefore(this.file.text, this.onbuild ?? this, lines, this.file.comments);
  }

  insertAfter(lines: string): Edit {
    return insertLinesAfter(this.file.text, this.onbuild ?? this, lines);
  }

  replace(text: string): Edit {
    return { span: { start: this.start, end: this.end }, text };
  }
}

const hasFlags = new Set(["FROM", "RUN", "COPY", "ADD", "HEALTHCHECK"]);
const hasJson = new Set(["RUN", "CMD", "ENTRYPOINT", "SHELL", "COPY", "ADD", "VOLUME"]);

/** An image that the build pulls, at one place. */
export class ImageUse extends Located {
  constructor(
    readonly instruction: Instruction,
    readonly word: Word,
    readonly where: "from" | "copy-from" | "mount-from",
    /** The reference with its arguments' defaults; unknown where one has none. */
    readonly text: Value,
    readonly undeclared: readonly string[],
  ) {
    super(word.origin, word.from, word.to);
  }

  #reference: ImageReference | undefined | null = null;

  /** Undefined where it is not known, or no valid reference. */
  get reference(): ImageReference | undefined {
    if (this.#reference === null) {
      this.#reference = this.text.known ? this.instruction.referenceOf(this.text.value) : undefined;
    }
    return this.#reference;
  }

  /** Written out, without variables: its parts have places. */
  get literal(): boolean {
    return !this.word.raw.includes("$") && this.word.raw === this.word.text;
  }

  /** The `tag` of `repository:tag@digest`, where it is written out. */
  get tagSpan(): Located | undefined {
    const tag = this.reference?.tag;
    if (tag === undefined) return undefined;
    const written = this.word.raw;
    const at = written.indexOf(`:${tag}`, written.lastIndexOf("/") + 1);
    return at < 0 ? undefined : this.word.part(at + 1, at + 1 + tag.length);
  }

  /** The repository with its registry, where it is written out. */
  get nameSpan(): Located | undefined {
    if (!this.literal) return undefined;
    const written = this.word.raw;
    const slash = written.lastIndexOf("/");
    const end = [written.indexOf(":", slash + 1), written.indexOf("@")].filter((i) => i >= 0);
    return this.word.part(0, end.length === 0 ? written.length : Math.min(...end));
  }
}

export type Base =
  | { readonly kind: "scratch" }
  | { readonly kind: "stage"; readonly stage: Stage }
  | { readonly kind: "image"; readonly image: ImageUse }
  | { readonly kind: "none" };

export class From extends Instruction {
  get platform(): Flag | undefined {
    return this.flag("platform");
  }

  /** The reference as written. */
  get source(): Word | undefined {
    return this.words[0];
  }

  /** The name behind AS. */
  get alias(): Word | undefined {
    const [, as, name] = this.words;
    return as !== undefined && as.text.toUpperCase() === "AS" ? name : undefined;
  }

  #base: { file: Dockerfile; base: Base } | undefined;

  get base(): Base {
    if (this.#base?.file !== this.file) this.#base = { file: this.file, base: this.readBase() };
    return this.#base.base;
  }

  private readBase(): Base {
    const word = this.source;
    if (word === undefined) return { kind: "none" };
    const { value, undeclared } = expand(word.text, (name) => this.file.globalVariable(name, this));
    if (value.known && value.value.toLowerCase() === "scratch") return { kind: "scratch" };
    if (value.known) {
      const stage = this.file.stageNamed(value.value, this.stage?.index ?? 0);
      if (stage !== undefined) return { kind: "stage", stage };
    }
    return { kind: "image", image: new ImageUse(this, word, "from", value, undeclared) };
  }
}

/** An instruction that runs something: RUN, CMD, ENTRYPOINT, HEALTHCHECK. */
abstract class Running extends Instruction {
  get form(): Form {
    return this.json === undefined ? "shell" : "exec";
  }

  /** The arguments that are run. */
  protected get running(): Excerpt {
    return this.rest;
  }

  protected get execWords(): readonly { word: Word; value: Excerpt }[] | undefined {
    return this.json;
  }

  /** The shell that runs a shell form here. */
  get shell(): ShellSetting {
    return this.stage?.shellAt(this) ?? defaultShell;
  }

  #read: { parser: ShellParser; script: Script | undefined } | undefined;
  #script: { file: Dockerfile; script: Script | undefined } | undefined;

  /** What it runs; undefined where no POSIX shell reads it, or no parser is at hand. */
  get script(): Script | undefined {
    const { file } = this;
    if (this.#script?.file !== file) this.#script = { file, script: this.scriptIn(file) };
    return this.#script.script;
  }

  /** The text stays while other lines of the file change; which shell reads it may not. */
  private scriptIn({ shellParser: parser }: Dockerfile): Script | undefined {
    if (parser === undefined) return undefined;
    if (this.execWords === undefined && this.shell.family !== "posix") return undefined;
    if (this.#read?.parser !== parser) this.#read = { parser, script: this.readScript(parser) };
    return this.#read.script;
  }

  /** Every command that it runs, nested ones included. */
  get commands(): readonly Command[] {
    return this.script?.commands ?? [];
  }

  private readScript(parser: ShellParser): Script | undefined {
    const exec = this.execWords;
    if (exec !== undefined) return execScript(parser, exec, this.node);
    let { running } = this;
    const documents = this.heredocs.map((heredoc): { heredoc: Heredoc; body: Excerpt } => ({
      heredoc,
      body: new Excerpt(this.node.text.slice(heredoc.body.from, heredoc.body.to), heredoc.body.from),
    }));
    for (const { heredoc } of documents) running = running.blank(heredoc.opening.from, heredoc.opening.to);
    const [first] = documents;
    if (first !== undefined && running.text.trim() === "") {
      const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(first.body.text.trimStart());
      const program = (interpreter?.[1] ?? "sh").split("/").pop() ?? "";
      if (!isShell(program === "env" ? (interpreter?.[2] ?? "") : program)) return undefined;
      return readScript(parser, first.body, this.node);
    }
    const given = documents.map(({ heredoc, body }): GivenDocument => {
      let at = 0;
      while (at < running.text.length && running.startOf(at) < heredoc.opening.from) at++;
      return { at, body, quoted: heredoc.quoted };
    });
    return readScript(parser, running, this.node, given);
  }
}

export class Run extends Running {
  #mounts: { file: Dockerfile; mounts: readonly Mount[] } | undefined;

  get mounts(): readonly Mount[] {
    const { file } = this;
    if (this.#mounts?.file !== file) this.#mounts = { file, mounts: this.readMounts() };
    return this.#mounts.mounts;
  }

  private readMounts(): readonly Mount[] {
    return this.flags
      .filter((f) => f.name === "mount")
      .map((flag) => {
        const from = flag.option("from");
        const span = flag.options.find((o) => o.key === "from")?.span;
        const word =
          span === undefined ? undefined : new Word(span.origin, span.from + 5, span.to, from ?? "", from ?? "");
        return {
          flag,
          type: flag.option("type") ?? "bind",
          id: flag.option("id"),
          target: flag.option("target") ?? flag.option("dst") ?? flag.option("destination"),
          source: flag.option("source") ?? flag.option("src"),
          env: flag.option("env"),
          from: word === undefined ? undefined : this.file.imageUse(this, word, "mount-from"),
        };
      });
  }
}

export class Cmd extends Running {}
export class Entrypoint extends Running {}

export class Healthcheck extends Running {
  /** `HEALTHCHECK NONE`. */
  get none(): boolean {
    return /^none$/i.test(this.rest.text);
  }

  protected override get running(): Excerpt {
    const match = /^CMD\s+/i.exec(this.rest.text);
    return match === null ? this.rest.slice(0, 0) : this.rest.slice(match[0].length, this.rest.text.length);
  }

  #exec: readonly { word: Word; value: Excerpt }[] | undefined | null = null;

  protected override get execWords(): readonly { word: Word; value: Excerpt }[] | undefined {
    if (this.#exec === null) this.#exec = jsonStrings(this.running, this.node);
    return this.#exec;
  }

  override get form(): Form {
    return this.execWords === undefined ? "shell" : "exec";
  }
}

/** COPY and ADD. */
export class Copy extends Instruction {
  get isAdd(): boolean {
    return this.keyword === "ADD";
  }

  /** The sources that are files, directories or URLs (heredocs are in `heredocs`). */
  get sources(): readonly Word[] {
    this.#sources ??= this.words.slice(0, -1).filter((w) => !/^<<-?["']?\w/.test(w.raw));
    return this.#sources;
  }

  #sources: readonly Word[] | undefined;

  get destination(): Word | undefined {
    return this.words.length > 1 ? this.words[this.words.length - 1] : undefined;
  }

  get fromFlag(): Flag | undefined {
    return this.flag("from");
  }

  /** The stage that `--from` names. */
  get fromStage(): Stage | undefined {
    const name = this.fromFlag?.value === undefined ? undefined : this.expand(this.fromFlag.value).value;
    return name?.known === true ? this.file.stageNamed(name.value, this.stage?.index ?? 0) : undefined;
  }

  /** The image that `--from` names, where it names no stage. */
  get fromImage(): ImageUse | undefined {
    const name = this.fromFlag?.value;
    return name === undefined ? undefined : this.file.imageUse(this, name, "copy-from");
  }

  get chown(): Flag | undefined {
    return this.flag("chown");
  }

  get chmod(): Flag | undefined {
    return this.flag("chmod");
  }
}

/** One `NAME=value` of ENV, LABEL or ARG. */
export class Pair extends Located {
  constructor(
    readonly instruction: Instruction,
    readonly name: Word,
    readonly value: Word | undefined,
  ) {
    super(name.origin, name.from, value?.to ?? name.to);
  }

  /** The value with variables expanded; unknown where there is none. */
  get resolved(): Value {
    return this.value === undefined ? unknown("variable") : this.instruction.expand(this.value).value;
  }

  /** Takes the pair away, with its instruction where it is the only one; a comment line beside it stays. */
  remove(): Edit {
    const { pairs } = this.instruction as Pairs;
    if (pairs.length === 1) return this.instruction.remove();
    const index = pairs.indexOf(this);
    const next = pairs[index + 1];
    const before = pairs[index - 1];
    const { at, text } = this.origin;
    const commented = (start: number, end: number): boolean => /^\s*#/m.test(text.slice(start - at, end - at));
    if (before !== undefined && !commented(before.end, this.start)) {
      return { span: { start: before.end, end: this.end }, text: "" };
    }
    if (next !== undefined && !commented(this.end, next.start)) {
      return { span: { start: this.start, end: next.start }, text: "" };
    }
    return { span: { start: this.start, end: this.end }, text: "" };
  }
}

/** ENV, LABEL, ARG. */
export abstract class Pairs extends Instruction {
  #pairs: readonly Pair[] | undefined;

  get pairs(): readonly Pair[] {
    this.#pairs ??= this.readPairs();
    return this.#pairs;
  }

  private readPairs(): readonly Pair[] {
    const ranges = wordRanges(this.rest, this.escape);
    const word = (from: number, to: number): Word => wordOf(this.rest, this.node, from, to, this.escape);
    const [first] = ranges;
    if (first === undefined) return [];
    const equalsOf = (range: { from: number; to: number }): number => {
      const at = this.rest.text.slice(range.from, range.to).indexOf("=");
      return at < 0 ? -1 : range.from + at;
    };
    const legacy = this.keyword !== "ARG" && equalsOf(first) < 0;
    if (legacy) {
      const value = ranges[1];
      const to = this.rest.text.length;
      return [new Pair(this, word(first.from, first.to), value === undefined ? undefined : word(value.from, to))];
    }
    return ranges.map((range) => {
      const equals = equalsOf(range);
      if (equals < 0) return new Pair(this, word(range.from, range.to), undefined);
      return new Pair(this, word(range.from, equals), word(equals + 1, range.to));
    });
  }
}
export class Env extends Pairs {}
export class Label extends Pairs {}
export class Arg extends Pairs {}

export class User extends Instruction {
  get user(): Word | undefined {
    return this.words[0];
  }
}

export class Workdir extends Instruction {
  /** The whole argument: a path may hold blanks. */
  get path(): Word | undefined {
    return this.rest.text === "" ? undefined : wordOf(this.rest, this.node, 0, this.rest.text.length, this.escape);
  }
}

/** One argument of EXPOSE. */
export interface ExposedPort {
  readonly word: Word;
  /** As written, variables expanded. */
  readonly text: Value;
  /** Inclusive; undefined where it is not known or not well written. */
  readonly range: { readonly first: number; readonly last: number } | undefined;
  /** `tcp` where none is written; lower case. */
  readonly protocol: string;
}

export class Expose extends Instruction {
  get ports(): readonly ExposedPort[] {
    return this.words.map((word) => {
      const { value } = this.expand(word);
      const match = value.known ? /^(\d{1,6})(?:-(\d{1,6}))?(?:\/([A-Za-z]+))?$/.exec(value.value) : null;
      const first = Number(match?.[1]);
      return {
        word,
        text: value,
        range: match === null ? undefined : { first, last: match[2] === undefined ? first : Number(match[2]) },
        protocol: match?.[3]?.toLowerCase() ?? "tcp",
      };
    });
  }

  /** Takes one port away, with the instruction where it is the only one. */
  removePort(port: ExposedPort): Edit {
    const index = this.words.indexOf(port.word);
    const before = this.words[index - 1];
    const next = this.words[index + 1];
    if (before !== undefined) return { span: { start: before.end, end: port.word.end }, text: "" };
    if (next !== undefined) return { span: { start: port.word.start, end: next.start }, text: "" };
    return this.remove();
  }
}

export class Volume extends Instruction {
  get paths(): readonly Word[] {
    return this.words;
  }

  /** Takes one path away, with the instruction where it is the only one. */
  removePath(path: Word): Edit {
    const index = this.words.indexOf(path);
    const before = this.words[index - 1];
    const next = this.words[index + 1];
    if (before !== undefined) return { span: { start: before.end, end: path.end }, text: "" };
    if (next !== undefined) return { span: { start: path.start, end: next.start }, text: "" };
    return this.remove();
  }
}

export class ShellInstruction extends Instruction {
  #setting: ShellSetting | undefined;

  /** What it makes of the shell forms behind it. */
  get setting(): ShellSetting {
    this.#setting ??= shellSetting(this);
    return this.#setting;
  }
}

export class Onbuild extends Instruction {
  trigger: Instruction | undefined;
}

/** The shell of shell forms at one place. */
export interface ShellSetting {
  readonly family: "posix" | "powershell" | "cmd" | "unknown";
  /** `sh`, `bash`, `ash` …: the program's name. */
  readonly program: string;
  /** Set by a SHELL instruction. */
  readonly instruction: ShellInstruction | undefined;
  readonly options: readonly string[];
}

const defaultShell: ShellSetting = { family: "posix", program: "sh", instruction: undefined, options: ["-c"] };
const windowsShell: ShellSetting = { family: "cmd", program: "cmd", instruction: undefined, options: ["/S", "/C"] };

function shellSetting(instruction: ShellInstruction): ShellSetting {
  const [program, ...options] = instruction.words.map((w) => w.text);
  const name =
    (program ?? "")
      .replace(/\\/g, "/")
      .split("/")
      .pop()
      ?.toLowerCase()
      .replace(/\.exe$/, "") ?? "";
  const family = isShell(name)
    ? "posix"
    : /^(?:pwsh|powershell)$/.test(name)
      ? "powershell"
      : name === "cmd"
        ? "cmd"
        : "unknown";
  return { family, program: name, instruction, options };
}

export class Stage {
  readonly #instructions: Instruction[] = [];
  readonly #shells: ShellInstruction[] = [];
  readonly #users: User[] = [];
  readonly #setters: (Env | Arg)[] = [];
  /** The image that the file makes, or a stage that it is made from. */
  shipped = false;

  constructor(
    readonly file: Dockerfile,
    readonly index: number,
    readonly from: From,
  ) {}

  /** The instructions behind FROM, in order; what ONBUILD triggers stands in its `trigger`. */
  get instructions(): readonly Instruction[] {
    this.file.looks++;
    return this.#instructions;
  }

  /** For the file that builds the stage. */
  add(instruction: Instruction): void {
    this.#instructions.push(instruction);
    if (instruction instanceof ShellInstruction) this.#shells.push(instruction);
    else if (instruction instanceof User) this.#users.push(instruction);
    else if (instruction instanceof Env || instruction instanceof Arg) this.#setters.push(instruction);
  }

  get name(): Word | undefined {
    return this.from.alias;
  }

  /** How to call it in a message. */
  get title(): string {
    return this.name?.text ?? `stage ${this.index}`;
  }

  get base(): Base {
    return this.from.base;
  }

  /** The stage that this one is made from. */
  get parent(): Stage | undefined {
    return this.base.kind === "stage" ? this.base.stage : undefined;
  }

  #chain: readonly Stage[] | undefined;

  /** This stage and those it is made from, nearest first. */
  get chain(): readonly Stage[] {
    this.#chain ??= this.readChain();
    return this.#chain;
  }

  private readChain(): readonly Stage[] {
    const chain: Stage[] = [];
    for (let stage: Stage | undefined = this; stage !== undefined && !chain.includes(stage); stage = stage.parent) {
      chain.push(stage);
    }
    return chain;
  }

  /** What the chain is made from in the end. */
  get root(): Base {
    return this.chain[this.chain.length - 1]?.base ?? this.base;
  }

  /** The image at the chain's end, where its name is known. */
  get rootImage(): ImageReference | undefined {
    return this.root.kind === "image" ? this.root.image.reference : undefined;
  }

  #history: readonly Instruction[] | undefined;

  /** The chain's instructions in the order in which they take effect. Asked for when the whole file is read. */
  get history(): readonly Instruction[] {
    this.file.looks++;
    this.#history ??= [...this.chain].reverse().flatMap((s) => s.instructions);
    return this.#history;
  }

  /** The last instruction of a kind on the chain. */
  last<T extends Instruction>(kind: abstract new (...args: never[]) => T): T | undefined {
    for (const { instructions } of this.chain) {
      for (let i = instructions.length - 1; i >= 0; i--) {
        const instruction = instructions[i];
        if (instruction instanceof kind) return instruction;
      }
    }
    return undefined;
  }

  #windows: boolean | undefined | null = null;

  /** Runs on Windows; undefined where the base does not tell. */
  get windows(): boolean | undefined {
    if (this.#windows === null) this.#windows = this.isForWindows();
    return this.#windows;
  }

  private isForWindows(): boolean | undefined {
    const { root } = this;
    if (root.kind === "scratch") return this.file.escape === "`";
    const platform = this.chain[this.chain.length - 1]?.from.platform?.value?.text;
    if (platform?.startsWith("windows") === true) return true;
    if (platform?.startsWith("linux") === true) return false;
    const reference = this.rootImage;
    if (reference === undefined) return this.file.escape === "`" ? true : undefined;
    const name = `${reference.familiar}:${reference.tag ?? ""}`;
    return this.file.escape === "`" || /nanoserver|servercore|windows|dotnet\/framework/i.test(name);
  }

  shellAt(place: Instruction): ShellSetting {
    for (const stage of this.chain) {
      const last = stage.#shells.findLast((s) => stage !== this || s.start < place.start);
      if (last !== undefined) return last.setting;
    }
    return this.windows === true ? windowsShell : defaultShell;
  }

  /** The last USER that takes effect before `place` (at the end of the stage where left out). */
  userAt(place?: Instruction): User | undefined {
    for (const stage of this.chain) {
      const last = stage.#users.findLast((u) => stage !== this || place === undefined || u.start < place.start);
      if (last !== undefined) return last;
    }
    return undefined;
  }

  /** What ARG and ENV make of a variable just before `place` (at the end of the stage where left out). */
  variable(name: string, place?: Instruction): Value | "undeclared" {
    let argument: Value | "undeclared" = "undeclared";
    for (const stage of this.chain) {
      for (let i = stage.#setters.length - 1; i >= 0; i--) {
        const instruction = stage.#setters[i];
        if (instruction === undefined) continue;
        if (stage === this && place !== undefined && instruction.start >= place.start) continue;
        const pair = instruction.pairs.find((p) => p.name.text === name);
        if (pair === undefined) continue;
        if (instruction instanceof Env) return pair.resolved;
        if (argument !== "undeclared") continue;
        if (pair.value !== undefined) argument = pair.resolved;
        else {
          const global = this.file.globalVariable(name, undefined);
          argument = global === "undeclared" ? unknown("variable") : global;
        }
      }
    }
    return argument;
  }
}

const classes: Readonly<Record<string, new (node: InstructionNode, escape: Escape) => Instruction>> = {
  FROM: From,
  RUN: Run,
  CMD: Cmd,
  ENTRYPOINT: Entrypoint,
  HEALTHCHECK: Healthcheck,
  COPY: Copy,
  ADD: Copy,
  ENV: Env,
  ARG: Arg,
  LABEL: Label,
  USER: User,
  WORKDIR: Workdir,
  EXPOSE: Expose,
  VOLUME: Volume,
  SHELL: ShellInstruction,
  ONBUILD: Onbuild,
};

/** The instruction of a node, made once as long as its text stays. */
function instructionOf(node: InstructionNode, escape: Escape): Instruction {
  if (node.meaning instanceof Instruction) return node.meaning;
  const instruction = new (classes[node.keyword] ?? Instruction)(node, escape);
  if (instruction instanceof Onbuild) instruction.trigger = triggerOf(instruction, escape);
  node.meaning = instruction;
  return instruction;
}

function triggerOf(onbuild: Onbuild, escape: Escape): Instruction | undefined {
  const keyword = /^[A-Za-z]+/.exec(onbuild.rest.text)?.[0];
  if (keyword === undefined) return undefined;
  const outer = onbuild.node;
  const offset = onbuild.rest.startOf(0);
  const shifted = (h: { from: number; to: number }): { from: number; to: number } => ({
    from: h.from - offset,
    to: h.to - offset,
  });
  const node: InstructionNode = {
    get at() {
      return outer.at + offset;
    },
    set at(_: number) {},
    text: outer.text.slice(offset),
    keyword: keyword.toUpperCase(),
    keywordLength: keyword.length,
    heredocs: outer.heredocs.map((h) => ({ ...h, opening: shifted(h.opening), body: shifted(h.body) })),
    headEnd: outer.headEnd - offset,
  };
  const trigger = instructionOf(node, escape);
  trigger.onbuild = onbuild;
  return trigger;
}

/** Instructions that decide what others mean. */
const inSkeleton = new Set(["FROM", "ARG", "ENV", "USER", "WORKDIR", "SHELL", "ONBUILD"]);

export class Dockerfile {
  readonly escape: Escape;
  readonly directives: readonly Directive[];
  readonly #instructions: readonly Instruction[];
  readonly #stages: readonly Stage[];
  /** Grows whenever somebody looks at instructions beside the one in hand, or at the whole text. */
  looks = 0;
  /**
   * The same object as in the model before, as long as everything stayed that decides about stages, variables, users,
   * folders and shells. Whoever looks at one instruction and at these alone sees what was seen before.
   */
  readonly skeleton: { readonly text: string };
  /** ARG before the first FROM. */
  readonly globalArguments: readonly Arg[];

  constructor(
    readonly syntax: DockerfileSyntax,
    readonly shellParser: ShellParser | undefined,
    /** Names of stages that something else ships (a compose `build.target`, a `--target`). */
    targets: readonly string[] = [],
    previous?: Dockerfile,
  ) {
    this.escape = syntax.escape;
    this.directives = syntax.directives;
    this.#instructions = syntax.nodes.map((n) => instructionOf(n, syntax.escape));
    const stages: Stage[] = [];
    const globals: Arg[] = [];
    const skeleton = syntax.directives.map((d) => d.value);
    for (const instruction of this.#instructions) {
      if (inSkeleton.has(instruction.keyword)) skeleton.push(instruction.node.text);
      instruction.settle(skeleton.length);
      instruction.file = this;
      if (instruction instanceof From) stages.push(new Stage(this, stages.length, instruction));
      const stage = stages[stages.length - 1];
      instruction.stage = stage;
      if (!(instruction instanceof From)) stage?.add(instruction);
      if (stage === undefined && instruction instanceof Arg) globals.push(instruction);
      if (instruction instanceof Onbuild && instruction.trigger !== undefined) {
        instruction.trigger.settle(skeleton.length);
        instruction.trigger.file = this;
        instruction.trigger.stage = stage;
      }
    }
    this.#stages = stages;
    const text = [...skeleton, ...targets].join("\n");
    this.skeleton = previous?.skeleton.text === text ? previous.skeleton : { text };
    this.globalArguments = globals;
    const named = targets.map((t) => this.stageNamed(t, stages.length)).filter((s) => s !== undefined);
    const shipped = named.length > 0 ? named : stages.slice(-1);
    for (const stage of shipped) for (const link of stage.chain) link.shipped = true;
    this.shippedStages = shipped;
  }

  get text(): string {
    this.looks++;
    return this.syntax.text;
  }

  get comments(): readonly CommentNode[] {
    this.looks++;
    return this.syntax.comments;
  }

  /** Every instruction in order; an ONBUILD's trigger stands in the ONBUILD. */
  get instructions(): readonly Instruction[] {
    this.looks++;
    return this.#instructions;
  }

  get stages(): readonly Stage[] {
    this.looks++;
    return this.#stages;
  }

  /** The stages that become images: the last one, or those that the project names as targets. */
  readonly shippedStages: readonly Stage[];

  /** The stage of that name (case does not count) or number among the first `before` ones. */
  stageNamed(name: string, before: number): Stage | undefined {
    const earlier = this.#stages.slice(0, before);
    const lower = name.toLowerCase();
    const found = earlier.filter((s) => s.name?.text.toLowerCase() === lower).pop();
    if (found !== undefined) return found;
    return /^\d{1,4}$/.test(name) ? earlier[Number(name)] : undefined;
  }

  /** ARG before the first FROM, as FROM sees it; `before` limits it to those above that place. */
  globalVariable(name: string, before: Instruction | undefined): Value | "undeclared" {
    for (const instruction of [...this.globalArguments].reverse()) {
      if (before !== undefined && instruction.start >= before.start) continue;
      const pair = instruction.pairs.filter((p) => p.name.text === name).pop();
      if (pair === undefined) continue;
      if (pair.value === undefined) return unknown("variable");
      return instruction.expand(pair.value).value;
    }
    return predefinedArguments.has(name) ? unknown("variable") : "undeclared";
  }

  /** The image that `--from` names; undefined where it names a stage. */
  imageUse(instruction: Instruction, word: Word, where: "copy-from" | "mount-from"): ImageUse | undefined {
    const { value, undeclared } = instruction.expand(word);
    if (value.known && this.stageNamed(value.value, instruction.stage?.index ?? 0) !== undefined) return undefined;
    return new ImageUse(instruction, word, where, value, undeclared);
  }

  #effective: readonly Instruction[] | undefined;

  /** Every instruction that runs or is triggered, ONBUILD triggers in the place of their ONBUILD. */
  get effective(): readonly Instruction[] {
    this.looks++;
    this.#effective ??= this.#instructions.map((i) => (i instanceof Onbuild ? (i.trigger ?? i) : i));
    return this.#effective;
  }
}

export const isSpanOf = (span: Span, instruction: Instruction): boolean =>
  instruction.start <= span.start && span.end <= instruction.end;
