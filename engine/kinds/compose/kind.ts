import type { Related } from "../../finding";
import type { Context, Extra, Report } from "../../rule";
import type { Span } from "../../text/span";
import type { Kind, RuleRun } from "../kind";
import type { ComposeCheck } from "./check";
import { explainAt } from "./explain";
import { ComposeFile } from "./file";
import { inlineDockerfiles } from "./inline";
import { Part } from "./part";
import type { ComposeProject } from "./project";
import { isCompose, mayBeCompose } from "./recognise";
import type { Service } from "./service";
import { summariseCompose } from "./summarise";

export const composeKind: Kind<"compose", ComposeFile> = {
  id: "compose",
  recognises: isCompose,
  mayBe: mayBeCompose,
  parse: (text, previous, languages) => new ComposeFile(text, previous, languages.shell),
  comments: (file) => file.comments,
  insertComment: (file, span, text) => file.insertComment(span, text),
  removeComment: (file, span) => file.removeComment(span),
  summarise: summariseCompose,
  explain: explainAt,
  embedded: inlineDockerfiles,
  walk(_, runs, { file, compositions }) {
    const projects = compositions.projectsOf(file);
    for (const run of runs) {
      run.attempt(() => {
        const gathered = new Gathered(file);
        for (const project of projects) visit(project, run, gathered);
        gathered.tell(run.report);
      });
    }
  },
};

interface Entry {
  readonly at: Span;
  readonly message: string;
  readonly extra: Extra;
  readonly related: Related[];
  readonly project: ComposeProject;
  readonly owner: Service | undefined;
}

/** Places beside a finding; more would hide it. */
const mostRelated = 10;

/**
 * What one rule reports in one file. A place that several services or projects share is reported once; which services
 * get it from there, and what it took the place of, stands beside it.
 */
class Gathered {
  /** How much was reported, be it at parts of other files. */
  count = 0;
  private readonly entries = new Map<string, Entry[]>();

  constructor(private readonly file: string) {}

  /** Only what is reported at a part of the file counts; a place without a file is one in the file. */
  reportFor(project: ComposeProject, owner: Service | undefined): Report {
    return (at, message, extra = {}) => {
      this.count++;
      const home = "file" in at && typeof at.file === "string" ? at.file : this.file;
      if (home !== this.file) return;
      const key = `${at.start} ${at.end}`;
      const here = this.entries.get(key) ?? [];
      this.entries.set(key, here);
      let entry = here.find((e) => e.message === message || e.project !== project || e.owner !== owner);
      if (entry === undefined) {
        const { start, end } = at;
        entry = { at: { start, end }, message, extra, related: [...(extra.related ?? [])], project, owner };
        here.push(entry);
      }
      if (at instanceof Part) relate(entry.related, historyOf(at, owner));
    };
  }

  tell(report: Report): void {
    for (const { at, message, extra, related } of [...this.entries.values()].flat())
      report(at, message, related.length === 0 ? extra : { ...extra, related });
  }
}

function relate(all: Related[], more: readonly Related[]): void {
  for (const related of more) {
    const isKnown = all.some((r) => r.file === related.file && r.span.start === related.span.start);
    if (!isKnown && all.length < mostRelated) all.push(related);
  }
}

/** Where a part takes effect, and what it took the place of. */
function historyOf(part: Part, owner: Service | undefined): readonly Related[] {
  const related: Related[] = [];
  const { routes } = part;
  if (owner !== undefined && (routes.includes("anchor") || routes.includes("extends"))) {
    const span = { start: owner.start, end: owner.end };
    related.push({ file: owner.file, span, note: `${owner.name} gets it from here` });
  }
  for (const { value, why } of part.replaced) {
    if (why === "later") continue;
    const { file, start, end } = value.source;
    related.push({ file, span: { start, end }, note: "It takes the place of this" });
  }
  return related;
}

function visit(project: ComposeProject, run: RuleRun<ComposeCheck>, gathered: Gathered): void {
  const { check, context } = run;
  const report = gathered.reportFor(project, undefined);
  check.project?.(project, report, context);
  if (visitsServices(check)) {
    const looks = (): number => project.looks + run.uses + gathered.count;
    for (const service of project.unheard(run.index, run.setting)) {
      const visit = (): void => visitService(service, check, gathered.reportFor(project, service), context);
      service.hear(run.index, visit, looks);
    }
  }
  if (check.network !== undefined) for (const n of project.networks) check.network(n, project, report, context);
  if (check.volume !== undefined) for (const v of project.volumes) check.volume(v, project, report, context);
  if (check.secret !== undefined) for (const s of project.secrets) check.secret(s, project, report, context);
  if (check.config !== undefined) for (const c of project.configs) check.config(c, project, report, context);
}

const visitsServices = (check: ComposeCheck): boolean =>
  check.service !== undefined ||
  check.image !== undefined ||
  check.build !== undefined ||
  check.port !== undefined ||
  check.mount !== undefined ||
  check.variable !== undefined ||
  check.program !== undefined ||
  check.command !== undefined;

function visitService(service: Service, check: ComposeCheck, report: Report, context: Context): void {
  check.service?.(service, report, context);
  if (check.image !== undefined && service.image !== undefined) check.image(service.image, service, report, context);
  if (check.build !== undefined && service.build !== undefined) check.build(service.build, service, report, context);
  if (check.port !== undefined) for (const p of service.ports) check.port(p, service, report, context);
  if (check.mount !== undefined) for (const m of service.mounts) check.mount(m, service, report, context);
  if (check.variable !== undefined) for (const v of service.environment) check.variable(v, service, report, context);
  if (check.program === undefined && check.command === undefined) return;
  const own = [service.command, service.entrypoint, service.healthTest];
  for (const program of [...own, ...service.hooks.map((h) => h.program)]) {
    if (program === undefined) continue;
    check.program?.(program, service, report, context);
    if (check.command === undefined) continue;
    const inFile = inFileOf(program.file, report);
    for (const command of program.commands) check.command(command, service, inFile, context);
  }
}

/** A command's place says nothing of its file. */
const inFileOf =
  (file: string, report: Report): Report =>
  (at, message, extra) =>
    report("file" in at ? at : ({ start: at.start, end: at.end, file } as Span), message, extra);
