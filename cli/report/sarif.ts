/**
 * The report for code scanning services: SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). It holds no text
 * of the checked files, and so no secret of theirs.
 */
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import {
  frameRules,
  type AnyRule,
  type Fix,
  type FrameRule,
  type LineTable,
  type Severity,
  type Span,
} from "../../engine/index";
import { homePage, rulePage, version } from "../product";
import type { CheckedFile, FoundHere, Notice, Outcome, Range } from "../outcome";

export function reportSarif(outcome: Outcome, rules: readonly AnyRule[]): string {
  const spoken = new Set(outcome.files.flatMap((file) => file.findings.map(({ finding }) => finding.rule)));
  const described = [...rules, ...frameRules]
    .filter((rule) => spoken.has(rule.id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const indexes = new Map(described.map((rule, index) => [rule.id, index]));
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Bulkhead",
            semanticVersion: version(),
            informationUri: homePage,
            rules: described.map(describe),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: !outcome.notices.some((n) => n.severity === "error"),
            toolExecutionNotifications: outcome.notices.map(notification),
          },
        ],
        results: outcome.files.flatMap((file) => file.findings.map((found) => result(found, file, indexes))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const levels = { hint: "note", info: "note", warning: "warning", error: "error" } as const;

/** GitHub sorts by this number, 0 to 10, as by a CVSS score. */
const scores: Readonly<Record<Severity, string>> = { hint: "1.0", info: "3.0", warning: "5.5", error: "8.0" };

function describe(rule: AnyRule | FrameRule): object {
  const refs = "refs" in rule ? rule.refs : [];
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.summary },
    help: { text: rule.why, markdown: rule.why },
    helpUri: rulePage(rule.id),
    defaultConfiguration: { level: levels[rule.severity] },
    properties: {
      tags: [...new Set(["security", rule.principle, ...refs])],
      "security-severity": scores[rule.severity],
    },
  };
}

function result({ finding, fixes }: FoundHere, file: CheckedFile, indexes: ReadonlyMap<string, number>): object {
  const { rule, severity, message, span, related, suppressed, fingerprint } = finding;
  const changes = fixes.flatMap((fix) => fixOf(fix, finding.file, file));
  return {
    ruleId: rule,
    ruleIndex: indexes.get(rule),
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: location(file.shown, span, file.lines) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((r, id) => ({
            id,
            message: { text: r.note },
            physicalLocation: location(file.show(r.file), r.span, file.linesOf(r.file)),
          })),
        }),
    partialFingerprints: { "bulkhead/v1": fingerprint },
    // An empty list says "not suppressed", where none would say "unknown".
    suppressions:
      suppressed === null
        ? []
        : [{ kind: "inSource", ...(suppressed.reason === "" ? {} : { justification: suppressed.reason }) }],
    ...(changes.length === 0 ? {} : { fixes: changes }),
  };
}

const location = (shown: string, span: Span, lines: LineTable): object => ({
  artifactLocation: { uri: uriOf(shown) },
  region: regionOf({ start: lines.positionAt(span.start), end: lines.positionAt(span.end) }),
});

/** One-based, the end behind the last character. */
const regionOf = ({ start, end }: Range): object => ({
  startLine: start.line + 1,
  startColumn: start.character + 1,
  endLine: end.line + 1,
  endColumn: end.character + 1,
});

/** Relative, so that a service finds the file in its own copy; a file outside of the current directory by its full path. */
function uriOf(shown: string): string {
  if (shown.startsWith("../")) return pathToFileURL(resolve(shown)).href;
  return shown.split("/").map(encodeURIComponent).join("/");
}

/** Guided fixes want a person, and SARIF has no word for a new file: both are left out. */
function fixOf(fix: Fix, own: string, file: CheckedFile): readonly object[] {
  const parts = [{ file: own, edits: fix.edits, create: false }, ...(fix.others ?? [])].filter(
    (p) => p.edits.length > 0,
  );
  if (fix.applicability === "guided" || parts.length === 0 || parts.some((p) => p.create === true)) return [];
  const artifactChanges = parts.map(({ file: name = own, edits }) => {
    const lines = name === own ? file.lines : file.linesOf(name);
    const replacements = edits.map(({ span, text }) => ({
      deletedRegion: regionOf({ start: lines.positionAt(span.start), end: lines.positionAt(span.end) }),
      insertedContent: { text },
    }));
    return { artifactLocation: { uri: uriOf(file.show(name)) }, replacements };
  });
  return [{ description: { text: `${fix.title} (${fix.applicability})` }, artifactChanges }];
}

const notification = ({ severity, message, file, range }: Notice): object => ({
  level: severity,
  message: { text: message },
  ...(file === null
    ? {}
    : {
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: uriOf(file) },
              ...(range === null ? {} : { region: regionOf(range) }),
            },
          },
        ],
      }),
});
