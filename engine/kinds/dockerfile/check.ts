import type { Command } from "../../languages/shell/script";
import type { Context, Report } from "../../rule";
import type {
  Arg,
  Cmd,
  Copy,
  Dockerfile,
  Entrypoint,
  Env,
  Expose,
  From,
  Healthcheck,
  ImageUse,
  Instruction,
  Label,
  Pair,
  Run,
  Stage,
  User,
  Volume,
  Workdir,
} from "./model";

/** An instruction that runs commands. */
export type RunningInstruction = Run | Cmd | Entrypoint | Healthcheck;

/**
 * What a Dockerfile rule may look at; each is called for everything of its kind, ONBUILD triggers included (their
 * `onbuild` is set). Rules that only mean the image that ships ask `stage.shipped`.
 */
export interface DockerfileCheck {
  dockerfile?(file: Dockerfile, report: Report, context: Context): void;
  /** Every stage; `file.shippedStages` are the ones that become images. */
  stage?(stage: Stage, report: Report, context: Context): void;
  /** Every stage that becomes an image: look at `stage.history` for the whole chain. */
  shippedStage?(stage: Stage, report: Report, context: Context): void;
  instruction?(instruction: Instruction, report: Report, context: Context): void;
  from?(from: From, report: Report, context: Context): void;
  run?(run: Run, report: Report, context: Context): void;
  /** COPY and ADD. */
  copy?(copy: Copy, report: Report, context: Context): void;
  /** One pair of an ENV. */
  env?(pair: Pair, env: Env, report: Report, context: Context): void;
  /** One argument of an ARG, those before the first FROM included. */
  arg?(pair: Pair, arg: Arg, report: Report, context: Context): void;
  label?(pair: Pair, label: Label, report: Report, context: Context): void;
  user?(user: User, report: Report, context: Context): void;
  workdir?(workdir: Workdir, report: Report, context: Context): void;
  expose?(expose: Expose, report: Report, context: Context): void;
  volume?(volume: Volume, report: Report, context: Context): void;
  cmd?(cmd: Cmd, report: Report, context: Context): void;
  entrypoint?(entrypoint: Entrypoint, report: Report, context: Context): void;
  healthcheck?(healthcheck: Healthcheck, report: Report, context: Context): void;
  /** Every image that the build pulls: FROM, COPY --from, RUN --mount from. Stages and scratch are none. */
  image?(image: ImageUse, report: Report, context: Context): void;
  /** Every command that a POSIX shell, or a JSON form, runs in RUN, CMD, ENTRYPOINT or HEALTHCHECK. */
  command?(command: Command, instruction: RunningInstruction, report: Report, context: Context): void;
}
