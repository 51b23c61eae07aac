/** The report for programs; its contract is `docs/json.md`. */
import {
  applyEdits,
  type AnyRule,
  type FileEdits,
  type Fix,
  type LineTable,
  type Principle,
  type Span,
} from "../../engine/index";
import type { CheckedFile, FoundHere, Outcome, Range } from "../outcome";
import { principlesOf } from "./masked";

export function reportJson(outcome: Outcome, rules: readonly AnyRule[]): string {
  const principles = principlesOf(rules);
  const report = {
    version: 1,
    files: outcome.files.length,
    findings: outcome.files.flatMap((file) => file.findings.map((found) => findingJson(found, file, principles))),
    problems: outcome.notices,
    ...(outcome.fixed === undefined ? {} : { fixed: outcome.fixed }),
  };
  return `${JSON.stringify(report)}\n`;
}

const rangeOf = (span: Span, lines: LineTable): Range => ({
  start: lines.positionAt(span.start),
  end: lines.positionAt(span.end),
});

function findingJson(
  { finding, fixes }: FoundHere,
  file: CheckedFile,
  principles: ReadonlyMap<string, Principle>,
): object {
  return {
    rule: finding.rule,
    severity: finding.severity,
    principle: principles.get(finding.rule),
    message: finding.message,
    file: file.shown,
    range: rangeOf(finding.span, file.lines),
    related: finding.related.map(({ file: name, span, note }) => ({
      file: file.show(name),
      range: rangeOf(span, file.linesOf(name)),
      note,
    })),
    fixes: fixes.map((fix) => fixJson(fix, finding.file, file)),
    suppressed: finding.suppressed === null ? null : { reason: finding.suppressed.reason },
    fingerprint: finding.fingerprint,
  };
}

const fixJson = ({ title, applicability, edits, others = [] }: Fix, own: string, file: CheckedFile): object => ({
  title,
  applicability,
  edits: [{ file: own, edits }, ...others].flatMap((part) => editsJson(part, own, file)),
});

const fileStart: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function editsJson(part: FileEdits, own: string, file: CheckedFile): readonly object[] {
  const name = part.file ?? own;
  const shown = file.show(name);
  if (part.create === true) return [{ file: shown, range: fileStart, text: applyEdits("", part.edits), create: true }];
  const lines = name === own ? file.lines : file.linesOf(name);
  return part.edits.map(({ span, text }) => ({ file: shown, range: rangeOf(span, lines), text }));
}
