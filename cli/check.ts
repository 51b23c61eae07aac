/** `bulkhead check`: from paths to a report and an exit status. */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LineTable, severities } from "../engine/index";
import { rules } from "../rules/index";
import type { CheckRequest } from "./arguments";
import { findRoot, reasonOf, type Target } from "./discover";
import { fixesOf, fixProject } from "./fix";
import { grammarLoader } from "./grammar";
import { hostNotice, type CheckedFile, type Fixed, type Notice, type Outcome } from "./outcome";
import { progressTo, type Progress } from "./progress";
import { byCodeUnits, openProject, shownPath, type OpenProject } from "./project";
import { reportJson } from "./report/json";
import { reportSarif } from "./report/sarif";
import { reportText } from "./report/text";

/** Resolves to the exit status. */
export async function check(request: CheckRequest): Promise<number> {
  const cwd = process.cwd();
  const progress = progressTo(process.stderr, request.output);
  const notices: Notice[] = [];
  const standIn = await readStandIn(request, cwd);
  const targets =
    standIn === undefined ? findTargets(request.paths, cwd, notices) : [{ path: standIn.path, type: "file" as const }];
  const projects = await openAll(request, targets, cwd, standIn, progress);
  const outcome = reckon(request, projects, notices, progress);
  progress.done();
  print(request, outcome);
  return exitStatus(request, outcome);
}

/** Names of paths that are there; what is not becomes a notice. */
function findTargets(paths: readonly string[], cwd: string, notices: Notice[]): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const given of paths) {
    const path = resolve(cwd, given);
    try {
      targets.set(path, { path, type: statSync(path).isDirectory() ? "directory" : "file" });
    } catch (error) {
      notices.push(hostNotice("error", `not checked: ${reasonOf(error)}`, shownPath(cwd, path)));
    }
  }
  return [...targets.values()];
}

async function readStandIn(request: CheckRequest, cwd: string): Promise<{ path: string; bytes: Buffer } | undefined> {
  if (request.stdinFilename === undefined) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return { path: resolve(cwd, request.stdinFilename), bytes: Buffer.concat(chunks) };
}

/** The projects of the targets; the innermost first, so that a file that belongs to two is checked in its own. */
async function openAll(
  request: CheckRequest,
  targets: readonly Target[],
  cwd: string,
  standIn: { path: string; bytes: Buffer } | undefined,
  progress: Progress,
): Promise<readonly OpenProject[]> {
  const byRoot = new Map<string, Target[]>();
  for (const target of targets) {
    const root = findRoot(target.type === "directory" ? target.path : dirname(target.path), cwd);
    byRoot.set(root, [...(byRoot.get(root) ?? []), target]);
  }
  const languages = grammarLoader();
  const config = request.config === undefined ? undefined : resolve(cwd, request.config);
  const projects: OpenProject[] = [];
  const claimed = new Set<string>();
  for (const root of [...byRoot.keys()].sort((a, b) => b.length - a.length || byCodeUnits(a, b))) {
    const opening = { root, targets: byRoot.get(root) ?? [], cwd, rules, config, standIn, languages, progress };
    const project = await openProject({ ...opening, preset: request.preset, today: request.today });
    const checked = project.checked.filter((name) => !claimed.has(project.show(name)));
    for (const name of checked) claimed.add(project.show(name));
    projects.push({ ...project, checked });
  }
  return projects;
}

function reckon(
  request: CheckRequest,
  projects: readonly OpenProject[],
  before: readonly Notice[],
  progress: Progress,
): Outcome {
  const files = new Map<string, CheckedFile>();
  const notices = [...before];
  const fixed: Fixed[] = [];
  for (const project of projects) {
    notices.push(...project.notices);
    let { checked } = project;
    if (request.fix !== undefined) {
      progress("Fixing …");
      const run = fixProject(project, request.fix === "safe" ? ["safe"] : ["safe", "unsafe"]);
      notices.push(...run.notices);
      fixed.push(...run.fixed);
      ({ checked } = run);
    }
    for (const name of checked) {
      const shown = project.show(name);
      progress(`Checking … ${files.size}`);
      const file = checkedFile(project, name);
      files.set(shown, file);
      notices.push(...problemsOf(project, name, file));
    }
  }
  const once = new Map(notices.map((notice) => [JSON.stringify(notice), notice]));
  return {
    files: [...files.values()].sort((a, b) => byCodeUnits(a.shown, b.shown)),
    notices: [...once.values()],
    fixed: request.fix === undefined ? undefined : fixed,
  };
}

function checkedFile(project: OpenProject, name: string): CheckedFile {
  const { analyser, show } = project;
  const text = analyser.text(name) ?? "";
  return {
    shown: show(name),
    text,
    lines: new LineTable(text),
    findings: analyser.findings(name).map((finding) => ({ finding, fixes: fixesOf(finding) })),
    show,
    linesOf: (other) => new LineTable(analyser.text(other) ?? ""),
  };
}

const problemsOf = (project: OpenProject, name: string, file: CheckedFile): readonly Notice[] =>
  project.analyser.problems(name).map(({ severity, source, message, span }) => ({
    severity,
    source,
    message,
    file: file.shown,
    range: { start: file.lines.positionAt(span.start), end: file.lines.positionAt(span.end) },
  }));

function print(request: CheckRequest, outcome: Outcome): void {
  if (request.format === "json") {
    process.stdout.write(reportJson(outcome, rules));
    return;
  }
  if (request.format === "sarif") {
    process.stdout.write(reportSarif(outcome, rules));
    return;
  }
  const { report, notes } = reportText(outcome, rules, {
    output: request.output,
    report: coloursFor(process.stdout),
    notes: coloursFor(process.stderr),
  });
  process.stderr.write(notes);
  process.stdout.write(report);
}

/** Colours go to a terminal only, and not where https://no-color.org is asked for. */
function coloursFor(stream: NodeJS.WriteStream): "coloured" | "plain" {
  const unwanted = (process.env["NO_COLOR"] ?? "") !== "" || process.env["TERM"] === "dumb";
  return stream.isTTY && !unwanted ? "coloured" : "plain";
}

function exitStatus(request: CheckRequest, outcome: Outcome): number {
  if (outcome.notices.some((n) => n.severity === "error")) return 2;
  if (request.failOn === "none") return 0;
  const threshold = severities.indexOf(request.failOn);
  const counts = outcome.files.some((file) =>
    file.findings.some(
      ({ finding }) => finding.suppressed === null && severities.indexOf(finding.severity) >= threshold,
    ),
  );
  return counts ? 1 : 0;
}
