import { dirname, join } from "../../text/path";
import type { Kind, RuleRun } from "../kind";
import type { Project } from "../../project";
import type { HelmCheck } from "./check";
import { Chart, ChartTemplate, HelmFile } from "./model";
import { mayBeOfChart, partOf } from "./recognise";
import { summariseChart } from "./summarise";

export const helmKind: Kind<"helm", HelmFile> = {
  id: "helm",
  recognises: (file, text) => partOf(file, text) !== undefined,
  mayBe: mayBeOfChart,
  circumstances: ({ file, project }) => [file, ...(chartAround(file, project) ?? [])],
  parse: (text, previous, _, [file = "", directory]) =>
    new HelmFile(file, text, partOf(file, text) ?? "values", directory, previous),
  comments: (model) => model.comments,
  insertComment: (model, span, text) => model.insertComment(span, text),
  removeComment: (model, span) => model.removeComment(span),
  summarise: summariseChart,
  walk(model, runs) {
    for (const run of runs) run.attempt(() => visit(model, run));
  },
};

/** The nearest directory with a `Chart.yaml`; empty where none is known. */
function chartAround(file: string, project: Project): readonly [] | readonly [directory: string] {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (project.exists(join(directory, "Chart.yaml")) === true) return [directory];
    if (directory === "" || directory === dirname(directory)) return [];
  }
}

function visit(model: HelmFile, { check, context, report }: RuleRun<HelmCheck>): void {
  const { file, text, part, directory, root } = model;
  if (part === "chart" && root !== undefined) {
    check.chart?.(new Chart(root, dirname(file), part), report, context);
    return;
  }
  if (directory === undefined) return;
  if (part === "requirements" && root !== undefined) check.chart?.(new Chart(root, directory, part), report, context);
  if (part === "notes") check.notes?.(new ChartTemplate(file, text, directory, part), report, context);
  if (part === "partials") check.partials?.(new ChartTemplate(file, text, directory, part), report, context);
  const { values } = model;
  if (values === undefined) return;
  check.values?.(values, report, context);
  if (check.setting === undefined) return;
  for (const setting of values.settings) check.setting(setting, report, context);
}
