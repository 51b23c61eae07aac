import type { ShellParser } from "../../languages/shell/syntax";
import type { Context, Report } from "../../rule";
import type { Edit } from "../../text/edit";
import type { Span } from "../../text/span";
import type { Comment, Languages, RuleRun } from "../kind";
import type { ComposeCheck } from "./check";
import { ComposeFile } from "./file";
import { loadProject, type ComposeFiles } from "./load";
import { ComposeProject } from "./project";
import { callsFor } from "./projects";
import { isCompose, mayBeCompose } from "./recognise";
import { summariseCompose, type ComposeSummary } from "./summarise";

/** What the frame tells of the files around. */
export interface ComposeSurroundings {
  readonly file: string;
  readonly files: ComposeFiles;
  readonly summaries: ReadonlyMap<string, ComposeSummary>;
}

export const composeKind = {
  id: "compose",
  recognises: isCompose,
  mayBe: mayBeCompose,
  parse: (text: string, previous: ComposeFile | undefined, languages: Languages): ComposeFile =>
    new ComposeFile(text, previous, languages.shell),
  comments: (file: ComposeFile): readonly Comment[] => file.comments,
  insertComment: (file: ComposeFile, span: Span, text: string): Edit => file.insertComment(span, text),
  removeComment: (file: ComposeFile, span: Span): Edit => file.removeComment(span),
  summarise: summariseCompose,
  walk(file: ComposeFile, runs: readonly RuleRun<ComposeCheck>[], around: ComposeSurroundings): void {
    const projects = projectsOf(around, file.parser);
    for (const project of projects) for (const run of runs) run.attempt(() => visit(project, run, around.file));
  },
} as const;

/** The projects that the file takes part in, as they would run. */
export function projectsOf(
  { file, files, summaries }: ComposeSurroundings,
  parser: ShellParser | undefined,
): readonly ComposeProject[] {
  return callsFor(file, { files, summaries }).flatMap((call) => {
    const loaded = loadProject(files, call);
    return loaded === undefined ? [] : [new ComposeProject(loaded, files, parser)];
  });
}

/** Only what is reported at a part of the file; a place without a file is one in the file. */
const reportIn =
  (file: string, report: Report): Report =>
  (at, message, extra) => {
    const home = "file" in at && typeof at.file === "string" ? at.file : file;
    if (home === file) report(at, message, extra);
  };

function visit(project: ComposeProject, run: RuleRun<ComposeCheck>, file: string): void {
  const { check, context } = run;
  const report = reportIn(file, run.report);
  check.project?.(project, report, context);
  for (const service of project.services) visitService(service, check, report, context);
  for (const network of project.networks) check.network?.(network, project, report, context);
  for (const volume of project.volumes) check.volume?.(volume, project, report, context);
  for (const secret of project.secrets) check.secret?.(secret, project, report, context);
  for (const config of project.configs) check.config?.(config, project, report, context);
}

function visitService(
  service: ComposeProject["services"][number],
  check: ComposeCheck,
  report: Report,
  context: Context,
): void {
  const { image, build } = service;
  check.service?.(service, report, context);
  if (image !== undefined) check.image?.(image, service, report, context);
  if (build !== undefined) check.build?.(build, service, report, context);
  for (const port of check.port === undefined ? [] : service.ports) check.port?.(port, service, report, context);
  for (const mount of check.mount === undefined ? [] : service.mounts) check.mount?.(mount, service, report, context);
  for (const variable of check.variable === undefined ? [] : service.environment)
    check.variable?.(variable, service, report, context);
  if (check.program === undefined && check.command === undefined) return;
  const own = [service.command, service.entrypoint, service.healthTest];
  for (const program of [...own, ...service.hooks.map((h) => h.program)]) {
    if (program === undefined) continue;
    check.program?.(program, service, report, context);
    if (check.command === undefined) continue;
    // A command's place says nothing of its file.
    for (const command of program.commands) check.command(command, service, inFileOf(program.file, report), context);
  }
}

const inFileOf =
  (file: string, report: Report): Report =>
  (at, message, extra) => {
    const place: Span & { readonly file: string } = { start: at.start, end: at.end, file };
    report("file" in at ? at : place, message, extra);
  };
