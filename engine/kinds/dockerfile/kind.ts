import { parseSyntax } from "../../languages/dockerfile/syntax";
import type { Span } from "../../text/span";
import type { Context, Report } from "../../rule";
import type { BuiltService } from "../compose/built";
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
  circumstances: ({ file, project }) => shippedTargets(project.builds(file)),
  parse: (text, previous, languages, targets) =>
    new Dockerfile(parseSyntax(text, previous?.syntax), languages.shell, targets, previous),
  comments: (file) => file.comments.map((c) => commentOf(file, c)),
  insertComment(file, span, text) {
    const owner = file.instructions.find((i) => i.start <= span.start && span.start <= i.end);
    return insertLinesBefore(file.text, owner ?? span, `# ${text}`, file.comments);
  },
  removeComment: (file, span) => removeLines(file.text, span),
  summarise: summariseDockerfile,
  landmarks: userPlace,
  walk,
};

/** The stages that services ship, "" for the last one; none where nothing outside development builds the file. */
function shippedTargets(services: readonly BuiltService[]): readonly string[] {
  const shipping = services.filter((s) => !s.isDevelopment);
  const targets = shipping.map((s) => (s.target === undefined ? "" : s.target.value));
  return [...new Set(targets.filter((t) => t !== undefined))].sort();
}

/** Who decides about the user of what ships: its last USER, or else its FROM. */
function userPlace(file: Dockerfile): readonly Span[] {
  const stage = file.shippedStages.at(-1);
  const place = stage?.userAt()?.user ?? stage?.from.source;
  return place === undefined ? [] : [place];
}

/** A comment speaks of the instruction behind it; one inside an instruction of that whole instruction. */
function commentOf(file: Dockerfile, comment: { at: number; text: string }): Comment {
  const start = comment.at;
  return new DockerfileComment(file, start, start + comment.text.length, comment.text.replace(/^#+\s*/, "").trimEnd());
}

class DockerfileComment implements Comment {
  constructor(
    private readonly file: Dockerfile,
    readonly start: number,
    readonly end: number,
    readonly text: string,
  ) {}

  /** Looked for when somebody asks: most comments suppress nothing. */
  get governs(): Span {
    const { start, end, file } = this;
    const governed: Span = file.instructions.find((i) => i.start < start && start < i.end) ??
      file.instructions.find((i) => i.start >= end) ?? { start, end };
    return { start: governed.start, end: governed.end };
  }
}

/** Everything that rules may look at, by the word under which they do. */
interface Parts {
  readonly instructions: readonly Instruction[];
  /** Those that pull images, with the images. */
  readonly pulling: readonly Instruction[];
  readonly images: ReadonlyMap<Instruction, readonly ImageUse[]>;
  /** Those that run commands. */
  readonly running: readonly RunningInstruction[];
  of<T extends Instruction>(kind: new (...args: never[]) => T): readonly T[];
}

function partsOf(file: Dockerfile): Parts {
  const instructions = file.effective;
  const images = new Map<Instruction, readonly ImageUse[]>();
  const running: RunningInstruction[] = [];
  const byKind = new Map<unknown, Instruction[]>();
  for (const i of instructions) {
    const same = byKind.get(i.constructor);
    if (same === undefined) byKind.set(i.constructor, [i]);
    else same.push(i);
    const used = imagesOf(i);
    if (used.length > 0) images.set(i, used);
    if (i instanceof Run || i instanceof Cmd || i instanceof Entrypoint || i instanceof Healthcheck) {
      if (i.commands.length > 0) running.push(i);
    }
  }
  const of = <T>(kind: unknown): T[] => (byKind.get(kind) ?? []) as T[];
  return { instructions, pulling: [...images.keys()], images, running, of };
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

type Hooks = Required<DockerfileCheck>;

/** One look of a rule at one thing. */
interface Look {
  readonly file: Dockerfile;
  readonly parts: Parts;
  readonly run: RuleRun<DockerfileCheck>;
  readonly report: Report;
  readonly context: Context;
}

const looksOf = ({ file, run }: Look): number => file.looks + run.uses;

function each<T extends Instruction>(
  number: number,
  of: (parts: Parts) => readonly T[],
  call: (hook: never, instruction: T, look: Look) => void,
): (hook: never, look: Look) => void {
  return (hook, look) => {
    const key = look.run.index * 16 + number;
    for (const instruction of of(look.parts)) {
      if (instruction.quiet.has(key)) continue;
      const before = looksOf(look);
      call(hook, instruction, look);
      if (looksOf(look) === before) instruction.quiet.add(key);
    }
  };
}

const single = <T extends Instruction>(number: number, kind: new (...args: never[]) => T) =>
  each<T>(
    number,
    (parts) => parts.of(kind),
    (hook: (i: T, report: Report, context: Context) => void, i, { report, context }) => hook(i, report, context),
  );

/** What each word of a check is called for. */
const visits: { readonly [H in keyof Hooks]: (hook: never, look: Look) => void } = {
  dockerfile: (hook: Hooks["dockerfile"], { file, report, context }) => hook(file, report, context),
  stage(hook: Hooks["stage"], { file, report, context }) {
    for (const s of file.stages) hook(s, report, context);
  },
  shippedStage(hook: Hooks["shippedStage"], { file, report, context }) {
    for (const s of file.shippedStages) hook(s, report, context);
  },
  instruction: each(
    0,
    (parts) => parts.instructions,
    (hook: Hooks["instruction"], i, { report, context }) => hook(i, report, context),
  ),
  from: single(1, From),
  run: single(2, Run),
  copy: single(3, Copy),
  env: each(
    4,
    (parts) => parts.of(Env),
    (hook: Hooks["env"], i, { report, context }) => {
      for (const pair of i.pairs) hook(pair, i, report, context);
    },
  ),
  arg: each(
    5,
    (parts) => parts.of(Arg),
    (hook: Hooks["arg"], i, { report, context }) => {
      for (const pair of i.pairs) hook(pair, i, report, context);
    },
  ),
  label: each(
    6,
    (parts) => parts.of(Label),
    (hook: Hooks["label"], i, { report, context }) => {
      for (const pair of i.pairs) hook(pair, i, report, context);
    },
  ),
  user: single(7, User),
  workdir: single(8, Workdir),
  expose: single(9, Expose),
  volume: single(10, Volume),
  cmd: single(11, Cmd),
  entrypoint: single(12, Entrypoint),
  healthcheck: single(13, Healthcheck),
  image: each(
    14,
    (parts) => parts.pulling,
    (hook: Hooks["image"], i, { parts, report, context }) => {
      for (const image of parts.images.get(i) ?? []) hook(image, report, context);
    },
  ),
  command: each(
    15,
    (parts) => parts.running,
    (hook: Hooks["command"], i, { report, context }) => {
      for (const command of i.commands) hook(command, i, report, context);
    },
  ),
};

/** Only the words that the check has are looked at: most have one or two. */
function visit(file: Dockerfile, parts: Parts, run: RuleRun<DockerfileCheck>): void {
  const look: Look = { file, parts, run, report: run.report, context: run.context };
  for (const word in run.check) visits[word as keyof Hooks](run.check[word as keyof Hooks] as never, look);
}
