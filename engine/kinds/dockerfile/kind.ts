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
  Onbuild,
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

type Hook = keyof DockerfileCheck;
type Runs = readonly RuleRun<DockerfileCheck>[];

function walk(file: Dockerfile, runs: Runs): void {
  const having = (hook: Hook): Runs => runs.filter((r) => r.check[hook] !== undefined);
  for (const run of having("dockerfile")) run.attempt(() => run.check.dockerfile?.(file, run.report, run.context));
  for (const stage of file.stages) {
    for (const run of having("stage")) run.attempt(() => run.check.stage?.(stage, run.report, run.context));
  }
  for (const stage of file.shippedStages) {
    for (const run of having("shippedStage"))
      run.attempt(() => run.check.shippedStage?.(stage, run.report, run.context));
  }
  const each = new Map<Hook, Runs>();
  const visit = (hook: Hook, call: (run: RuleRun<DockerfileCheck>) => void): void => {
    let wanted = each.get(hook);
    if (wanted === undefined) each.set(hook, (wanted = having(hook)));
    for (const run of wanted) run.attempt(() => call(run));
  };
  for (const instruction of file.effective) visitInstruction(instruction, visit);
}

type Visit = (hook: Hook, call: (run: RuleRun<DockerfileCheck>) => void) => void;

function visitInstruction(i: Instruction, visit: Visit): void {
  visit("instruction", (r) => r.check.instruction?.(i, r.report, r.context));
  if (i instanceof From) {
    visit("from", (r) => r.check.from?.(i, r.report, r.context));
    if (i.base.kind === "image") visitImage(i.base.image, visit);
  } else if (i instanceof Run) {
    visit("run", (r) => r.check.run?.(i, r.report, r.context));
    for (const mount of i.mounts) if (mount.from !== undefined) visitImage(mount.from, visit);
    visitCommands(i, visit);
  } else if (i instanceof Copy) {
    visit("copy", (r) => r.check.copy?.(i, r.report, r.context));
    if (i.fromImage !== undefined) visitImage(i.fromImage, visit);
  } else if (i instanceof Env) for (const p of i.pairs) visit("env", (r) => r.check.env?.(p, i, r.report, r.context));
  else if (i instanceof Arg) for (const p of i.pairs) visit("arg", (r) => r.check.arg?.(p, i, r.report, r.context));
  else if (i instanceof Label)
    for (const p of i.pairs) visit("label", (r) => r.check.label?.(p, i, r.report, r.context));
  else if (i instanceof User) visit("user", (r) => r.check.user?.(i, r.report, r.context));
  else if (i instanceof Workdir) visit("workdir", (r) => r.check.workdir?.(i, r.report, r.context));
  else if (i instanceof Expose) visit("expose", (r) => r.check.expose?.(i, r.report, r.context));
  else if (i instanceof Volume) visit("volume", (r) => r.check.volume?.(i, r.report, r.context));
  else if (i instanceof Cmd) {
    visit("cmd", (r) => r.check.cmd?.(i, r.report, r.context));
    visitCommands(i, visit);
  } else if (i instanceof Entrypoint) {
    visit("entrypoint", (r) => r.check.entrypoint?.(i, r.report, r.context));
    visitCommands(i, visit);
  } else if (i instanceof Healthcheck) {
    visit("healthcheck", (r) => r.check.healthcheck?.(i, r.report, r.context));
    visitCommands(i, visit);
  } else if (i instanceof Onbuild) return;
}

const visitImage = (image: ImageUse, visit: Visit): void =>
  visit("image", (r) => r.check.image?.(image, r.report, r.context));

function visitCommands(i: RunningInstruction, visit: Visit): void {
  for (const command of i.commands) visit("command", (r) => r.check.command?.(command, i, r.report, r.context));
}
