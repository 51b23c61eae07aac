/** The report for people. */
import type { AnyRule, Applicability, Severity } from "../../engine/index";
import type { CheckedFile, FoundHere, Notice, Outcome } from "../outcome";
import { frame, type FrameLine, type FrameText } from "./frame";
import { markingSecrets, secretsIn } from "./masked";
import { visibleLine } from "./visible";

export type Colouring = "coloured" | "plain";

export interface TextOptions {
  readonly output: "full" | "quiet";
  /** Of the stream that the report goes to. */
  readonly report: Colouring;
  /** Of the stream that the notes go to. */
  readonly notes: Colouring;
}

type Paint = (text: string) => string;
interface Palette {
  readonly severity: Readonly<Record<Severity, Paint>>;
  readonly strong: Paint;
  readonly faint: Paint;
}

const sgr =
  (begin: number, end: number): Paint =>
  (text) =>
    text === "" ? "" : `\u001b[${begin}m${text}\u001b[${end}m`;
const asItIs: Paint = (text) => text;
const palettes: Readonly<Record<Colouring, Palette>> = {
  coloured: {
    severity: { error: sgr(31, 39), warning: sgr(33, 39), info: sgr(34, 39), hint: sgr(36, 39) },
    strong: sgr(1, 22),
    faint: sgr(2, 22),
  },
  plain: {
    severity: { error: asItIs, warning: asItIs, info: asItIs, hint: asItIs },
    strong: asItIs,
    faint: asItIs,
  },
};

/** `report` is for standard output; `notes`, on what was not or not well checked, for standard error. */
export function reportText(
  outcome: Outcome,
  rules: readonly AnyRule[],
  options: TextOptions,
): { report: string; notes: string } {
  const palette = palettes[options.report];
  if (options.output === "quiet") {
    const errors = outcome.notices.filter((n) => n.severity === "error");
    return {
      report: outcome.files.flatMap(briefly).join(""),
      notes: errors.map((n) => noteLine(n, palettes[options.notes])).join(""),
    };
  }
  const marking = markingSecrets(rules);
  const parts = [
    ...fixedParts(outcome, palette),
    ...outcome.files.flatMap((file) => filePart(file, marking, palette)),
    summary(outcome, palette),
  ];
  return { report: parts.join("\n"), notes: outcome.notices.map((n) => noteLine(n, palettes[options.notes])).join("") };
}

const open = (file: CheckedFile): readonly FoundHere[] =>
  file.findings.filter(({ finding }) => finding.suppressed === null);

const briefly = (file: CheckedFile): readonly string[] =>
  open(file).map(({ finding }) => {
    const at = place(file, finding.span.start);
    return `${visibleLine(file.shown)}:${at}: ${finding.severity}: ${visibleLine(finding.message)} [${finding.rule}]\n`;
  });

function place(file: CheckedFile, offset: number): string {
  const { line, character } = file.lines.positionAt(offset);
  return `${line + 1}:${character + 1}`;
}

function noteLine(notice: Notice, palette: Palette): string {
  const { severity, file, range, message } = notice;
  const at = range === null ? "" : `:${range.start.line + 1}:${range.start.character + 1}`;
  const where = file === null ? "" : `${visibleLine(file)}${at}: `;
  return `${palette.severity[severity](severity)}: ${where}${visibleLine(message)}\n`;
}

function filePart(file: CheckedFile, marking: ReadonlySet<string>, palette: Palette): readonly string[] {
  const found = open(file);
  if (found.length === 0) return [];
  const source: FrameText = { text: file.text, lines: file.lines, masked: secretsIn(file, marking) };
  const blocks = found.map((here) => findingBlock(here, file, source, palette));
  return [`${palette.strong(visibleLine(file.shown))}\n${blocks.join("\n")}`];
}

function findingBlock(here: FoundHere, file: CheckedFile, source: FrameText, palette: Palette): string {
  const { finding, fixes } = here;
  const lines = [
    `  ${place(file, finding.span.start)}  ${palette.severity[finding.severity](finding.severity)}  ` +
      `${palette.strong(visibleLine(finding.message))}  ${palette.faint(finding.rule)}`,
    ...frame(source, finding.span).map((line) => frameLine(line, palette.severity[finding.severity], palette)),
  ];
  for (const { file: name, span, note } of finding.related) {
    const { line, character } = file.linesOf(name).positionAt(span.start);
    const where = `${visibleLine(file.show(name))}:${line + 1}:${character + 1}`;
    lines.push(`    see ${where}: ${visibleLine(note)}`);
  }
  for (const { title, applicability } of fixes)
    lines.push(`    fix: ${visibleLine(title)} ${palette.faint(`(${how[applicability]})`)}`);
  return `${lines.join("\n")}\n`;
}

/** How each kind of fix is had. */
const how: Readonly<Record<Applicability, string>> = {
  safe: "safe, --fix",
  unsafe: "unsafe, --fix=unsafe",
  guided: "guided, in an editor",
};

function frameLine({ kind, gutter, text }: FrameLine, colour: Paint, palette: Palette): string {
  const shown = kind === "mark" ? colour(text) : kind === "marked" ? text : palette.faint(text);
  return `    ${palette.faint(gutter)}${shown}`.trimEnd();
}

function fixedParts(outcome: Outcome, palette: Palette): readonly string[] {
  const { fixed } = outcome;
  if (fixed === undefined || fixed.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { file, title, rule } of fixed) {
    const line = `${visibleLine(file)}: ${visibleLine(title)}  ${palette.faint(rule)}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts].map(([line, count]) => `  ${line}${count === 1 ? "" : ` (${count} times)`}\n`);
  return [`${palette.strong(`Fixed ${number(fixed.length, "problem")}`)}\n${lines.join("")}`];
}

const number = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function summary(outcome: Outcome, palette: Palette): string {
  const { files } = outcome;
  if (files.length === 0) return "No files to check: Bulkhead found none of a kind that it knows.\n";
  const found = files.flatMap(open);
  const suppressed = files.reduce((sum, file) => sum + file.findings.length - open(file).length, 0);
  const hidden = suppressed === 0 ? "" : `${number(suppressed, "problem")} suppressed.\n`;
  if (found.length === 0) return `${palette.strong("No problems")} in ${number(files.length, "file")}.\n${hidden}`;
  const bySeverity = (["error", "warning", "info", "hint"] as const)
    .map((severity) => ({ severity, count: found.filter(({ finding }) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) =>
      palette.severity[severity](severity === "info" ? `${count} info` : number(count, severity)),
    );
  const concerned = files.filter((file) => open(file).length > 0).length;
  const where = files.length === 1 ? "1 file" : `${concerned} of ${number(files.length, "file")}`;
  return `${palette.strong(`Found ${number(found.length, "problem")}`)} (${bySeverity.join(", ")}) in ${where}.\n${fixable(found)}${hidden}`;
}

function fixable(found: readonly FoundHere[]): string {
  const best = found.map(({ fixes }) =>
    (["safe", "unsafe"] as const).find((a) => fixes.some((f) => f.applicability === a)),
  );
  const safe = best.filter((a) => a === "safe").length;
  const unsafe = best.filter((a) => a === "unsafe").length;
  const parts = [];
  if (safe > 0) parts.push(`${safe} can be fixed with --fix`);
  if (unsafe > 0) parts.push(`${unsafe}${safe > 0 ? " more" : " can be fixed"} with --fix=unsafe`);
  return parts.length === 0 ? "" : `${parts.join(", ")}.\n`;
}
