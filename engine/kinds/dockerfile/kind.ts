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
  parse: (text, previous, languages) => new Dockerfile(parseSyntax(text, previous?.syntax), languages.shell),
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
  readonly images: readonly ImageUse[];
  readonly commands: readonly { readonly command: Command; readonly instruction: RunningInstruction }[];
  of<T extends Instruction>(kind: new (...args: never[]) => T): readonly T[];
}

function partsOf(file: Dockerfile): Parts {
  const instructions = file.effective;
  const images: ImageUse[] = [];
  const commands: { command: Command; instruction: RunningInstruction }[] = [];
  const byKind = new Map<unknown, Instruction[]>();
  for (const i of instructions) {
    const same = byKind.get(i.constructor);
    if (same === undefined) byKind.set(i.constructor, [i]);
    else same.push(i);
    if (i instanceof From && i.base.kind === "image") images.push(i.base.image);
    if (i instanceof Run) for (const mount of i.mounts) if (mount.from !== undefined) images.push(mount.from);
    if (i instanceof Copy && i.fromImage !== undefined) images.push(i.fromImage);
    if (i instanceof Run || i instanceof Cmd || i instanceof Entrypoint || i instanceof Healthcheck) {
      for (const command of i.commands) commands.push({ command, instruction: i });
    }
  }
  return { instructions, images, commands, of: <T>(kind: unknown) => (byKind.get(kind) ?? []) as T[] };
}

function walk(file: Dockerfile, runs: readonly RuleRun<DockerfileCheck>[]): void {
  const parts = partsOf(file);
  for (const run of runs) run.attempt(() => visit(file, parts, run));
}

function visit(file: Dockerfile, parts: Parts, { check, report, context }: RuleRun<DockerfileCheck>): void {
  check.dockerfile?.(file, report, context);
  if (check.stage !== undefined) for (const s of file.stages) check.stage(s, report, context);
  if (check.shippedStage !== undefined) for (const s of file.shippedStages) check.shippedStage(s, report, context);
  if (check.instruction !== undefined) for (const i of parts.instructions) check.instruction(i, report, context);
  if (check.from !== undefined) for (const i of parts.of(From)) check.from(i, report, context);
  if (check.run !== undefined) for (const i of parts.of(Run)) check.run(i, report, context);
  if (check.copy !== undefined) for (const i of parts.of(Copy)) check.copy(i, report, context);
  if (check.env !== undefined) for (const i of parts.of(Env)) for (const p of i.pairs) check.env(p, i, report, context);
  if (check.arg !== undefined) for (const i of parts.of(Arg)) for (const p of i.pairs) check.arg(p, i, report, context);
  if (check.label !== undefined) {
    for (const i of parts.of(Label)) for (const p of i.pairs) check.label(p, i, report, context);
  }
  if (check.user !== undefined) for (const i of parts.of(User)) check.user(i, report, context);
  if (check.workdir !== undefined) for (const i of parts.of(Workdir)) check.workdir(i, report, context);
  if (check.expose !== undefined) for (const i of parts.of(Expose)) check.expose(i, report, context);
  if (check.volume !== undefined) for (const i of parts.of(Volume)) check.volume(i, report, context);
  if (check.cmd !== undefined) for (const i of parts.of(Cmd)) check.cmd(i, report, context);
  if (check.entrypoint !== undefined) for (const i of parts.of(Entrypoint)) check.entrypoint(i, report, context);
  if (check.healthcheck !== undefined) for (const i of parts.of(Healthcheck)) check.healthcheck(i, report, context);
  if (check.image !== undefined) for (const image of parts.images) check.image(image, report, context);
  if (check.command !== undefined) {
    for (const { command, instruction } of parts.commands) check.command(command, instruction, report, context);
  }
}
