/** One stage of a build: what it is made from, and what holds at each of its places. */
import type { Word } from "../../languages/dockerfile/words";
import type { ImageReference } from "../../oci/reference";
import { unknown, type Value } from "../../text/span";
import type { Instruction } from "./instruction";
import { Arg, type Base, Env, type From, User } from "./instructions";
import type { Dockerfile } from "./model";
import { defaultShell, ShellInstruction, type ShellSetting, windowsShell } from "./running";

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
