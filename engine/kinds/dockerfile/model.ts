/** What a Dockerfile says, in the words of its reference: stages, instructions, words, images, users, shells. */
import type {
  CommentNode,
  Directive,
  DockerfileSyntax,
  Escape,
  InstructionNode,
} from "../../languages/dockerfile/syntax";
import { Word } from "../../languages/dockerfile/words";
import type { ShellParser } from "../../languages/shell/syntax";
import { unknown, type Value } from "../../text/span";
import { ImageUse, Instruction } from "./instruction";
import { Arg, Copy, effective, Env, Expose, From, Label, Onbuild, User, Volume, Workdir } from "./instructions";
import { Cmd, Entrypoint, Healthcheck, Run, ShellInstruction } from "./running";
import { Stage } from "./stage";
import { predefinedArguments } from "./variables";

export * from "./instructions";
export { Flag, ImageUse, Instruction } from "./instruction";
export {
  Cmd,
  Entrypoint,
  type Form,
  Healthcheck,
  type Mount,
  Run,
  ShellInstruction,
  type ShellSetting,
} from "./running";
export { Stage } from "./stage";
export { Word };

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
  /** For its variables: how many are being resolved, each for the one before. */
  resolving = 0;
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
    /** Names of stages that something else ships (a compose `build.target`, a `--target`); "" is the last one. */
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
    const stageOf = (t: string): Stage | undefined => (t === "" ? stages.at(-1) : this.stageNamed(t, stages.length));
    const named = [...new Set(targets.map(stageOf))].filter((s) => s !== undefined);
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
      return pair.resolved;
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
    this.#effective ??= this.#instructions.map(effective);
    return this.#effective;
  }
}
