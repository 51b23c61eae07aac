import type { Command } from "../../languages/shell/script";
import { parseSyntax } from "../../languages/dockerfile/syntax";
import type { Span } from "../../text/span";
import type { Comment, Kind, RuleRun } from "../kind";
import type { DockerfileCheck, RunningInstruction } from "./check";
import { insertLinesBefore, removeLines } from "./edit";
import {
  Arg,
  Cmd,
  Copy,
  Dockerfile,
  Entrypoint,
  Env,
  Expose,
  From,
  Healthcheck,
  Label,
  Run,
  User,
  Volume,
  Workdir,
  type ImageUse,
  type Instruction,
} from "./model";
import { isDockerfile, mayBeDockerfile } from "./recognise";
import { summariseDockerfile } from "./summarise";

export const dockerfileKind: Kind<"dockerfile", Dockerfile> = {
  id: "dockerfile",
  recognises: isDockerfile,
  mayBe: mayBeDockerfile,
  parse: (text, previous, languages) =>
    new Dockerfile(parseSyntax(text, previous?.syntax), languages.shell, [], previous),
  comments: (file) => file.comments.map((c) => commentOf(file, c)),
  insertComment(file, span, text) {
    const owner = file.instructions.find((i) => i.start <= span.start && span.start <= i.end);
    return insertLinesBefore(file.text, owner ?? span, `# ${text}`, file.comments);
  },
  removeComment: (file, span) => removeLines(file.text, span),
  summarise: summariseDockerfile,
  walk,
};

/** A comment speaks of the instruction behind it; one inside an instruction of that whole instruction. */
function commentOf(file: Dockerfile, comment: { at: number; text: string }): Comment {
  const start = comment.at;
  const end = start + comment.text.length;
  const governed: Span = file.instructions.find((i) => i.start < start && start < i.end) ??
    file.instructions.find((i) => i.start >= end) ?? { start, end };
  return {
    start,
    end,
    text: comment.text.replace(/^#+\s*/, "").trimEnd(),
    governs: { start: governed.start, end: governed.end },
  };
}

/** Everything that rules may look at, by the word under which they do. */
interface Parts {
  readonly instructions: readonly Instruction[];
  readonly images: readonly { readonly instruction: Instruction; readonly images: readonly ImageUse[] }[];
  readonly running: readonly { readonly instruction: RunningInstruction; readonly commands: readonly Command[] }[];
  of<T extends Instruction>(kind: new (...args: never[]) => T): readonly T[];
}

function partsOf(file: Dockerfile): Parts {
  const instructions = file.effective;
  const images: { instruction: Instruction; images: ImageUse[] }[] = [];
  const running: { instruction: RunningInstruction; commands: readonly Command[] }[] = [];
  const byKind = new Map<unknown, Instruction[]>();
  for (const i of instructions) {
    const same = byKind.get(i.constructor);
    if (same === undefined) byKind.set(i.constructor, [i]);
    else same.push(i);
    const used = imagesOf(i);
    if (used.length > 0) images.push({ instruction: i, images: used });
    if (i instanceof Run || i instanceof Cmd || i instanceof Entrypoint || i instanceof Healthcheck) {
      if (i.commands.length > 0) running.push({ instruction: i, commands: i.commands });
    }
  }
  return { instructions, images, running, of: <T>(kind: unknown) => (byKind.get(kind) ?? []) as T[] };
}

function imagesOf(i: Instruction): ImageUse[] {
  if (i instanceof From) return i.base.kind === "image" ? [i.base.image] : [];
  if (i instanceof Run) {
    if (i.flags.length === 0) return [];
    return i.mounts.flatMap((m) => (m.from === undefined ? [] : [m.from]));
  }
  return i instanceof Copy && i.fromImage !== undefined ? [i.fromImage] : [];
}

function walk(file: Dockerfile, runs: readonly RuleRun<DockerfileCheck>[]): void {
  const parts = partsOf(file);
  const setting = runs[0]?.setting;
  if (setting !== undefined) for (const i of parts.instructions) i.freshen(setting);
  for (const run of runs) run.attempt(() => visit(file, parts, run));
}

/** The words of a check that look at one instruction at a time, and a number for each. */
const hooks = {
  instruction: 0,
  from: 1,
  run: 2,
  copy: 3,
  env: 4,
  arg: 5,
  label: 6,
  user: 7,
  workdir: 8,
  expose: 9,
  volume: 10,
  cmd: 11,
  entrypoint: 12,
  healthcheck: 13,
  image: 14,
  command: 15,
} as const;

function visit(file: Dockerfile, parts: Parts, run: RuleRun<DockerfileCheck>): void {
  const { check, report, context } = run;
  /** Calls for each instruction, but for those of which it is known that the rule has nothing to say. */
  const each = <T extends Instruction>(
    hook: keyof typeof hooks,
    list: readonly T[],
    call: (instruction: T) => void,
  ): void => {
    const key = run.index * 16 + hooks[hook];
    for (const instruction of list) {
      if (instruction.quiet.has(key)) continue;
      const before = file.looks + run.uses;
      call(instruction);
      if (file.looks + run.uses === before) instruction.quiet.add(key);
    }
  };
  check.dockerfile?.(file, report, context);
  if (check.stage !== undefined) for (const s of file.stages) check.stage(s, report, context);
  if (check.shippedStage !== undefined) for (const s of file.shippedStages) check.shippedStage(s, report, context);
  if (check.instruction !== undefined)
    each("instruction", parts.instructions, (i) => check.instruction?.(i, report, context));
  if (check.from !== undefined) each("from", parts.of(From), (i) => check.from?.(i, report, context));
  if (check.run !== undefined) each("run", parts.of(Run), (i) => check.run?.(i, report, context));
  if (check.copy !== undefined) each("copy", parts.of(Copy), (i) => check.copy?.(i, report, context));
  if (check.env !== undefined) {
    each("env", parts.of(Env), (i) => {
      for (const p of i.pairs) check.env?.(p, i, report, context);
    });
  }
  if (check.arg !== undefined) {
    each("arg", parts.of(Arg), (i) => {
      for (const p of i.pairs) check.arg?.(p, i, report, context);
    });
  }
  if (check.label !== undefined) {
    each("label", parts.of(Label), (i) => {
      for (const p of i.pairs) check.label?.(p, i, report, context);
    });
  }
  if (check.user !== undefined) each("user", parts.of(User), (i) => check.user?.(i, report, context));
  if (check.workdir !== undefined) each("workdir", parts.of(Workdir), (i) => check.workdir?.(i, report, context));
  if (check.expose !== undefined) each("expose", parts.of(Expose), (i) => check.expose?.(i, report, context));
  if (check.volume !== undefined) each("volume", parts.of(Volume), (i) => check.volume?.(i, report, context));
  if (check.cmd !== undefined) each("cmd", parts.of(Cmd), (i) => check.cmd?.(i, report, context));
  if (check.entrypoint !== undefined)
    each("entrypoint", parts.of(Entrypoint), (i) => check.entrypoint?.(i, report, context));
  if (check.healthcheck !== undefined)
    each("healthcheck", parts.of(Healthcheck), (i) => check.healthcheck?.(i, report, context));
  if (check.image !== undefined) {
    for (const { instruction, images } of parts.images) {
      each("image", [instruction], () => {
        for (const image of images) check.image?.(image, report, context);
      });
    }
  }
  if (check.command !== undefined) {
    for (const { instruction, commands } of parts.running) {
      each("command", [instruction], (i) => {
        for (const command of commands) check.command?.(command, i, report, context);
      });
    }
  }
}
