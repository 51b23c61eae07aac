/** What every instruction of a Dockerfile has: words, flags, edits, and the images that it names. */
import { Numbers } from "../numbers";
import type { Escape, Heredoc, InstructionNode } from "../../languages/dockerfile/syntax";
import { joinLines, jsonStrings, type Word, wordOf, wordRanges } from "../../languages/dockerfile/words";
import { type ImageReference, parseReference } from "../../oci/reference";
import type { Edit } from "../../text/edit";
import { type Excerpt, Located } from "../../text/located";
import { known, type Value } from "../../text/span";
import { insertLinesAfter, insertLinesBefore, removeLines } from "./edit";
import type { Onbuild } from "./instructions";
import type { Dockerfile } from "./model";
import type { Stage } from "./stage";
import { type Expansion, expand } from "./variables";

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
