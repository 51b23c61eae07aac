/** The instructions that run nothing, each in the words of the Dockerfile reference. */
import { type Word, wordOf, wordRanges } from "../../languages/dockerfile/words";
import type { Edit } from "../../text/edit";
import { Located } from "../../text/located";
import { unknown, type Value } from "../../text/span";
import { type Flag, ImageUse, Instruction } from "./instruction";
import type { Dockerfile } from "./model";
import type { Stage } from "./stage";
import { expand } from "./variables";

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

/** Variables made of variables: more than any file has, fewer than fit on the stack. */
const mostInTurn = 500;

/** One `NAME=value` of ENV, LABEL or ARG. */
export class Pair extends Located {
  constructor(
    readonly instruction: Instruction,
    readonly name: Word,
    readonly value: Word | undefined,
  ) {
    super(name.origin, name.from, value?.to ?? name.to);
  }

  #resolved: { readonly file: object; readonly value: Value } | undefined;

  /** The value with variables expanded; unknown where there is none, or where it is made of too many others in turn. */
  get resolved(): Value {
    const { file } = this.instruction;
    if (this.#resolved?.file === file) return this.#resolved.value;
    if (this.value === undefined || file.resolving >= mostInTurn) return unknown("variable");
    file.resolving++;
    const { value } = this.instruction.expand(this.value);
    file.resolving--;
    this.#resolved = { file, value };
    return value;
  }

  /** Takes the pair away, with its instruction where it is the only one; a comment line beside it stays. */
  remove(): Edit {
    const { pairs } = this.instruction as Pairs;
    if (pairs.length === 1) return this.instruction.remove();
    const index = pairs.indexOf(this);
    const next = pairs[index + 1];
    const before = pairs[index - 1];
    const { at, text } = this.origin;
    const commented = (start: number, end: number): boolean => /^[ \t]*#/m.test(text.slice(start - at, end - at));
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

export class Onbuild extends Instruction {
  trigger: Instruction | undefined;
}

/** The instruction itself, or what an ONBUILD triggers. */
export const effective = (instruction: Instruction): Instruction =>
  instruction instanceof Onbuild ? (instruction.trigger ?? instruction) : instruction;
