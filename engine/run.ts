/** Runs the rules of a kind over one model, and turns their reports into findings. */
import {
  frameRules,
  foreignCovers,
  foreignSuppression,
  ownSuppression,
  type FrameRule,
  type Suppression,
} from "./suppress";
import type { Config, Level } from "./config";
import { severities, type Finding, type Problem, type Related, type RuleId, type Severity } from "./finding";
import { choice, type Fix } from "./fix";
import type { Embedded } from "./kinds/embedded";
import type { PodSecurityLevel } from "./kinds/kubernetes/podSecurity";
import type { Around, Comment, Kind, RuleRun } from "./kinds/kind";
import type { Project } from "./project";
import {
  presets,
  type AnyRule,
  type Checks,
  type Context,
  type Extra,
  isOfStandard,
  isStandard,
  type KindId,
  type KubernetesSettings,
  type Preset,
  type Report,
} from "./rule";
import { hash } from "./text/hash";
import { overlaps, type Span } from "./text/span";

interface Reported {
  readonly rule: AnyRule | FrameRule;
  readonly at: Span;
  readonly message: string;
  readonly extra: Extra;
}

export interface FileRun {
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

/** What a configuration makes of the rules, worked out once for all files. */
export interface Plan {
  readonly config: Config;
  readonly levels: ReadonlyMap<RuleId, Level | undefined>;
  /** The rules of each kind that run, those among them that only others yield to. */
  readonly running: ReadonlyMap<KindId, readonly Planned[]>;
  readonly kubernetes: KubernetesSettings;
}

interface Planned {
  readonly rule: AnyRule;
  /** The preset shows none of its findings. */
  readonly isHidden: boolean;
  /** The rule's place in the analyser's list. */
  readonly index: number;
  readonly options: Readonly<Record<string, unknown>>;
}

export function planOf(rules: readonly AnyRule[], config: Config): Plan {
  const levels = new Map(rules.map((r) => [r.id, levelOf(config, r.id)]));
  const { preset } = config;
  if (isStandard(preset)) {
    for (const { id, refs } of rules) if (!isOfStandard(refs, preset) && !levels.get(id)) levels.set(id, "off");
  }
  const yielded = new Set(rules.filter((r) => levels.get(r.id) !== "off").flatMap((r) => r.yieldsTo ?? []));
  const running = new Map<KindId, Planned[]>();
  for (const [index, rule] of rules.entries()) {
    if (levels.get(rule.id) === "off" && !yielded.has(rule.id)) continue;
    const isHidden = levels.get(rule.id) === undefined && !isShown(rule.preset ?? "recommended", config);
    const planned = { rule, isHidden, index, options: { ...defaults(rule), ...optionsOf(config, rule.id) } };
    const same = running.get(rule.kind);
    if (same === undefined) running.set(rule.kind, [planned]);
    else same.push(planned);
  }
  const podSecurityLevel = levelOfPreset[preset];
  const kubernetes = { ...config.kubernetes, isExact: podSecurityLevel !== undefined, podSecurityLevel };
  return { config, levels, running, kubernetes };
}

export interface Surroundings {
  readonly world: Around;
  readonly text: string;
  readonly plan: Plan;
  readonly today: string;
  /** Every rule id there is, of whatever kind. */
  readonly ids: ReadonlySet<RuleId>;
}

/** What a kind makes of a file. */
export interface Layer<K extends KindId = KindId, M = unknown> {
  readonly kind: Kind<K, M>;
  readonly model: M;
}

/**
 * The findings of one file in their fixed order: by place, then rule. Suppressed ones are in it, marked. `beside` is what
 * a second kind makes of the same text.
 */
export function runRules<K extends KindId, M>(
  { kind, model }: Layer<K, M>,
  // biome-ignore lint/suspicious/noExplicitAny: of any kind
  beside: Layer<any, any> | undefined,
  around: Surroundings,
): FileRun {
  const { config, levels } = around.plan;
  const problems: Problem[] = [];
  const embedded = kind.embedded?.(model, around.world) ?? [];
  const comments = [...kind.comments(model), ...embedded.flatMap(commentsWithin)];
  const suppressions = readSuppressions(comments, around);
  // A suppression counts as used where it silences what only a wider preset shows.
  const hidden = suppressions.some((s) => s.foreign === undefined);
  const all = [
    ...reportsOf(kind, model, around, problems, hidden),
    ...(beside === undefined ? [] : reportsOf(beside.kind, beside.model, around, problems, hidden)),
    ...embedded.flatMap((inner) => reportsWithin(inner, around, problems, hidden)),
  ];
  const reports = yieldToSpecific(all, around.plan);
  const open = reports.filter((r) => levels.get(r.rule.id) !== "off");
  const used = new Set<Suppression>();
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  for (const report of open) {
    const suppression = suppressions.find((s) => silences(s, report, around.today));
    if (suppression !== undefined) used.add(suppression);
    const severity = severityOf(report, config, levels.get(report.rule.id));
    if (severity === undefined) continue;
    findings.push(findingOf(report, severity, suppression, around, counts));
  }
  for (const report of aboutSuppressions(kind, model, suppressions, used, levels, around)) {
    const level = levelOf(config, report.rule.id);
    if (level === "off") continue;
    findings.push(findingOf(report, level ?? report.rule.severity, undefined, around, counts));
  }
  findings.sort(byPlace);
  return { findings, problems };
}

/** What the rules of the kind report of the model; with `hidden`, what the preset does not show as well. */
function reportsOf<K extends KindId, M>(
  kind: Kind<K, M>,
  model: M,
  around: Surroundings,
  problems: Problem[],
  hidden: boolean,
): readonly Reported[] {
  const reports: Reported[] = [];
  const remembered = new Map<string, Remembered>();
  const runs = (around.plan.running.get(kind.id) ?? []).flatMap((planned) =>
    planned.isHidden && !hidden ? [] : [new AtWork<K>(planned, around, remembered, reports, problems)],
  );
  kind.walk(model, runs, around.world);
  return reports;
}

/** What is reported within an embedded file, at its place in the file around it. */
function reportsWithin(
  inner: Embedded,
  around: Surroundings,
  problems: Problem[],
  hidden: boolean,
): readonly Reported[] {
  const own: Problem[] = [];
  const reports = reportsOf(inner.kind, inner.model, { ...around, text: inner.text, world: inner.around }, own, hidden);
  problems.push(...own.map((p) => ({ ...p, file: around.world.file, span: inner.placeOf(p.span) })));
  const relatedOf = (all: readonly Related[]): readonly Related[] =>
    all.map((r) => (r.file === inner.around.file ? { ...r, file: around.world.file, span: inner.placeOf(r.span) } : r));
  const fixOf = (fix: Fix): Fix[] => {
    const edits = inner.editsOf(fix.edits);
    return edits === undefined ? [] : [{ ...fix, edits }];
  };
  return reports.map(({ rule, at, message, extra }) => ({
    rule,
    message,
    at: inner.placeOf(at),
    extra: {
      ...extra,
      related: relatedOf(extra.related ?? []),
      fix: () => listed(extra.fix?.()).flatMap(fixOf),
    },
  }));
}

const commentsWithin = (inner: Embedded): readonly Comment[] =>
  inner.kind.comments(inner.model).map(({ start, end, text, governs }) => ({
    ...inner.placeOf({ start, end }),
    text,
    governs: inner.placeOf(governs),
  }));

const listed = (fixes: Fix | readonly Fix[] | undefined): readonly Fix[] =>
  fixes === undefined ? [] : Array.isArray(fixes) ? (fixes as readonly Fix[]) : [fixes as Fix];

const byPlace = (a: Finding, b: Finding): number =>
  a.span.start - b.span.start ||
  a.span.end - b.span.end ||
  (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0) ||
  (a.message < b.message ? -1 : a.message > b.message ? 1 : 0);

/** What rules share, and whether the project was looked at for it. */
interface Remembered {
  readonly value: unknown;
  readonly looked: boolean;
}

/** One rule at work on one file. */
class AtWork<K extends KindId> implements RuleRun<Checks[K]> {
  readonly index: number;
  readonly setting: object;
  readonly check: Checks[K];
  readonly context: Context;
  readonly report: Report;
  uses = 0;
  needs = 0;
  private readonly mine: Reported[] = [];
  private failed = false;

  constructor(
    private readonly planned: Planned,
    private readonly around: Surroundings,
    remembered: Map<string, Remembered>,
    private readonly reports: Reported[],
    private readonly problems: Problem[],
  ) {
    this.index = planned.index;
    this.setting = around.plan.config;
    this.check = planned.rule.check as Checks[K];
    this.report = this.add.bind(this);
    this.context = new RuleContext(this, planned, around, remembered);
  }

  private add(at: Span, message: string, extra: Extra = {}): void {
    this.uses++;
    this.needs++;
    // A stage that two images are made from is looked at for both.
    const said = (e: Reported): boolean => e.at.start === at.start && e.at.end === at.end && e.message === message;
    if (this.mine.some(said)) return;
    const entry = { rule: this.planned.rule, at: { start: at.start, end: at.end }, message, extra };
    this.mine.push(entry);
    this.reports.push(entry);
  }

  attempt(piece: () => void): void {
    if (this.failed) return;
    try {
      piece();
    } catch (error) {
      this.failed = true;
      for (const entry of this.mine) this.reports.splice(this.reports.indexOf(entry), 1);
      const what = error instanceof Error ? error.message : String(error);
      this.problems.push({
        file: this.around.world.file,
        span: { start: 0, end: 0 },
        message: `rule ${this.planned.rule.id} failed on this file and was left out: ${what}`,
        severity: "error",
        source: "rule",
      });
    }
  }
}

const levelOfPreset: Readonly<Partial<Record<Config["preset"], PodSecurityLevel>>> = {
  "pss-baseline": "baseline",
  "pss-restricted": "restricted",
};

class RuleContext implements Context {
  readonly file: string;
  readonly today: string;
  readonly registries: readonly string[];
  readonly kubernetes: KubernetesSettings;
  readonly options: Readonly<Record<string, unknown>>;

  constructor(
    private readonly run: { uses: number; needs: number },
    planned: Planned,
    private readonly around: Surroundings,
    private readonly remembered: Map<string, Remembered>,
  ) {
    this.file = around.world.file;
    this.today = around.today;
    const { config, kubernetes } = around.plan;
    this.registries = config.registries;
    this.kubernetes = kubernetes;
    this.options = planned.options;
  }

  get project(): Project {
    this.run.uses++;
    this.run.needs++;
    return this.around.world.project;
  }

  once<T>(key: string, compute: () => T): T {
    this.run.uses++;
    const known = this.remembered.get(key);
    if (known !== undefined) {
      if (known.looked) this.run.needs++;
      return known.value as T;
    }
    const before = this.run.needs;
    const value = compute();
    this.remembered.set(key, { value, looked: this.run.needs !== before });
    return value;
  }
}

const defaults = (rule: AnyRule): Record<string, unknown> =>
  Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));

function entryOf(
  config: Config,
  id: RuleId,
): Config["rules"] extends ReadonlyMap<string, infer E> ? E | undefined : never {
  return config.rules.get(id) ?? config.rules.get(`${id.slice(0, id.indexOf("/"))}/*`);
}

export const levelOf = (config: Config, id: RuleId): Level | undefined => entryOf(config, id)?.level;
const optionsOf = (config: Config, id: RuleId): Readonly<Record<string, unknown>> => entryOf(config, id)?.options ?? {};

/** Undefined where the preset leaves the finding out and nobody asked for its rule by name. */
function severityOf(report: Reported, config: Config, level: Level | undefined): Severity | undefined {
  if (level === "off") return undefined;
  const own = report.extra.severity ?? report.rule.severity;
  const rulePreset = "preset" in report.rule ? (report.rule.preset ?? "recommended") : "recommended";
  if (level === undefined && isStandard(config.preset) && config.preset.startsWith("pss-")) return "error";
  if (level !== undefined) {
    // A level asks for the rule; its wider findings still want their preset.
    const isWider = presets.indexOf(report.extra.preset ?? "recommended") > presets.indexOf(rulePreset);
    if (isWider && !isShown(report.extra.preset ?? "recommended", config)) return undefined;
    return shifted(level, own, report.rule.severity);
  }
  return isShown(report.extra.preset ?? rulePreset, config) ? own : undefined;
}

/** Whether the configured preset has what belongs to another one; a standard has everything of its rules. */
const isShown = (preset: Preset, config: Config): boolean =>
  isStandard(config.preset) || presets.indexOf(preset) <= presets.indexOf(config.preset);

/** A configured level moves the rule's softer and harder findings along with it. */
function shifted(level: Severity, own: Severity, usual: Severity): Severity {
  const move = severities.indexOf(own) - severities.indexOf(usual);
  const index = Math.max(0, Math.min(severities.length - 1, severities.indexOf(level) + move));
  return severities[index] ?? level;
}

/**
 * The more general is silent beside the more specific, and may lend it its fix. A specific rule that somebody switched
 * off still speaks for the general one; what the preset leaves out does not.
 */
function yieldToSpecific(reports: readonly Reported[], { config, levels }: Plan): readonly Reported[] {
  const counts = (report: Reported): boolean =>
    levelOf(config, report.rule.id) === "off" || severityOf(report, config, levels.get(report.rule.id)) !== undefined;
  const lent = new Map<Reported, Extra["fix"]>();
  const kept = reports.filter((general) => {
    const rules = "yieldsTo" in general.rule ? general.rule.yieldsTo : undefined;
    if (rules === undefined) return true;
    const specific = reports.filter((r) => rules.includes(r.rule.id) && overlaps(r.at, general.at) && counts(r));
    if (general.extra.fix !== undefined)
      for (const r of specific) if ("takesFix" in r.rule && r.rule.takesFix === true) lent.set(r, general.extra.fix);
    return specific.length === 0;
  });
  return kept.map((report) => {
    const fix = lent.get(report);
    return fix === undefined || report.extra.fix !== undefined
      ? report
      : { ...report, extra: { ...report.extra, fix } };
  });
}

function readSuppressions(comments: readonly Comment[], around: Surroundings): readonly Suppression[] {
  const all: Suppression[] = [];
  for (const comment of comments) {
    const mine = ownSuppression(comment, around.text);
    const read = mine ?? (around.plan.config.foreignSuppressions ? foreignSuppression(comment) : undefined);
    if (read !== undefined) all.push(read);
  }
  return all;
}

const expired = (s: Suppression, today: string): boolean =>
  s.until !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(s.until.date) || s.until.date < today);

function silences(s: Suppression, report: Reported, today: string): boolean {
  if (s.governs !== undefined && !overlaps(s.governs, report.at)) return false;
  if (s.foreign !== undefined) {
    return "covers" in report.rule && foreignCovers(s.foreign, report.rule);
  }
  if (expired(s, today)) return false;
  return s.rules === undefined || s.rules.some((r) => named(r.id, report.rule.id));
}

const named = (pattern: string, id: RuleId): boolean =>
  pattern === id || (pattern.endsWith("/*") && id.startsWith(pattern.slice(0, -1)));

function aboutSuppressions<K extends KindId, M>(
  kind: Kind<K, M>,
  model: M,
  suppressions: readonly Suppression[],
  used: ReadonlySet<Suppression>,
  levels: ReadonlyMap<RuleId, Level | undefined>,
  around: Surroundings,
): Reported[] {
  const reports: Reported[] = [];
  const add = (id: string, at: Span, message: string, fix: Fix): void => {
    const rule = frameRules.find((r) => r.id === id);
    if (rule !== undefined)
      reports.push({
        rule,
        at,
        message,
        extra: { fix: () => fix, tags: id.endsWith("unused") ? ["unnecessary"] : [] },
      });
  };
  for (const s of suppressions) {
    if (s.foreign !== undefined) continue;
    const drop = (applicability: Fix["applicability"]): Fix => ({
      title: "Remove the suppression",
      applicability,
      edits: [kind.removeComment(model, s.span)],
    });
    if (s.reason === "") {
      const end = trimmedEnd(around.text, s.span);
      add("suppression/missing-reason", s.span, "This suppression gives no reason", {
        title: "Add a reason",
        applicability: "guided",
        edits: [{ span: { start: end, end: s.span.end }, text: ` -- ${choice(1, "why this is accepted")}` }],
      });
    }
    if (expired(s, around.today) && s.until !== undefined) {
      const valid = /^\d{4}-\d{2}-\d{2}$/.test(s.until.date);
      const message = valid
        ? `This suppression ended on ${s.until.date}`
        : `until=${s.until.date} is no day: write it as YYYY-MM-DD`;
      add("suppression/expired", s.until.span, message, drop("unsafe"));
      continue;
    }
    const unknown = (s.rules ?? []).filter((r) => !isKnown(r.id, around.ids));
    for (const r of unknown) {
      add("suppression/unknown-rule", r.span, `There is no rule ${r.id}`, drop("unsafe"));
    }
    const concerned = (s.rules ?? []).filter((r) => !unknown.includes(r));
    const active = s.rules === undefined || concerned.some((r) => levels.get(r.id) !== "off");
    if (!used.has(s) && unknown.length === 0 && active) {
      const what = s.rules === undefined ? "any finding" : (s.rules ?? []).map((r) => r.id).join(", ");
      add("suppression/unused", s.span, `Nothing is suppressed here: ${what} would not be reported`, drop("safe"));
    }
  }
  return reports;
}

const isKnown = (id: string, ids: ReadonlySet<RuleId>): boolean =>
  ids.has(id) || (id.endsWith("/*") && [...ids].some((known) => known.startsWith(id.slice(0, -1))));

function trimmedEnd(text: string, span: Span): number {
  let end = span.end;
  while (end > span.start && /[\s-]/.test(text[end - 1] ?? "")) end--;
  return end;
}

function findingOf(
  report: Reported,
  severity: Severity,
  suppression: Suppression | undefined,
  around: Surroundings,
  counts: Map<string, number>,
): Finding {
  const identity = `${report.rule.id}\n${around.world.file}\n${report.message}`;
  const count = counts.get(identity) ?? 0;
  counts.set(identity, count + 1);
  const length = around.text.length;
  return {
    rule: report.rule.id,
    severity,
    message: report.message,
    file: around.world.file,
    span: { start: Math.min(report.at.start, length), end: Math.min(report.at.end, length) },
    // Rules give nodes as spans, which move with the text and hold a whole model.
    related: (report.extra.related ?? []).map((r) => ({ ...r, span: { start: r.span.start, end: r.span.end } })),
    tags: report.extra.tags ?? [],
    suppressed: suppression === undefined ? null : { reason: suppression.reason, span: suppression.span },
    fingerprint: hash(`${identity}\n${count}`),
    fixes: () => listed(report.extra.fix?.()),
  };
}
