/** Offsets to lines and columns, and back: the only file of the server that knows both. */
import {
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type Position,
  type Range,
  type SnippetTextEdit,
  type TextDocumentContentChangeEvent,
  type TextEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import {
  type Edit,
  expandChoices,
  type Finding,
  LineTable,
  type Problem,
  type Severity,
  type Span,
} from "../engine/index";
import type { Client } from "./client";
import type { Buffer, Folder } from "./folder";
import { ruleLink } from "./page";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const tags = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

export const source = "bulkhead";

/** An open document: the protocol's own keeping of its text, and the engine's view of it. */
export interface Document extends Buffer {
  readonly document: TextDocument;
}

const view = (document: TextDocument): Document => ({
  document,
  uri: document.uri,
  languageId: document.languageId,
  version: document.version,
  text: document.getText(),
});

/** How the connection's documents are kept: every change makes a new value. */
export const documentKeeping = {
  create: (uri: string, languageId: string, version: number, text: string): Document =>
    view(TextDocument.create(uri, languageId, version, text)),
  update: ({ document }: Document, changes: TextDocumentContentChangeEvent[], version: number): Document =>
    view(TextDocument.update(document, changes, version)),
};

const rangeOf = (lines: LineTable, span: Span): Range => ({
  start: lines.positionAt(span.start),
  end: lines.positionAt(span.end),
});

export function spanOf(text: string, range: Range): Span {
  const lines = new LineTable(text);
  return { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
}

export const offsetOf = (text: string, position: Position): number => new LineTable(text).offsetAt(position);

export const rangeIn = (text: string, span: Span): Range => rangeOf(new LineTable(text), span);

/** The blanks that begin the line of an offset. */
export function indentationAt(text: string, offset: number): string {
  const lines = new LineTable(text);
  const start = lines.offsetAt({ line: lines.positionAt(offset).line, character: 0 });
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** The findings of one text as the client shows them. */
export function diagnosticsOf(
  findings: readonly Finding[],
  text: string,
  folder: Folder,
  client: Client,
): Diagnostic[] {
  const lines = new LineTable(text);
  return findings.map((finding) => ({
    range: rangeOf(lines, finding.span),
    severity: severities[finding.severity],
    source,
    code: finding.rule,
    message: finding.message,
    data: { fingerprint: finding.fingerprint },
    ...(client.codeDescription ? { codeDescription: { href: ruleLink(finding.rule) } } : {}),
    ...(client.tags && finding.tags.length > 0 ? { tags: finding.tags.map((t) => tags[t]) } : {}),
    ...(client.relatedInformation && finding.related.length > 0
      ? { relatedInformation: finding.related.flatMap((r) => relatedOf(r, finding.file, lines, folder)) }
      : {}),
  }));
}

function relatedOf(
  { file, span, note }: Finding["related"][number],
  here: string,
  lines: LineTable,
  folder: Folder,
): NonNullable<Diagnostic["relatedInformation"]> {
  const text = file === here ? undefined : folder.textOf(file);
  if (file !== here && text === undefined) return [];
  const table = text === undefined ? lines : new LineTable(text);
  return [{ location: { uri: folder.uriOf(file), range: rangeOf(table, span) }, message: note }];
}

/** What is wrong with a `bulkhead.yaml`. */
export function problemDiagnosticsOf(problems: readonly Problem[], text: string): Diagnostic[] {
  const lines = new LineTable(text);
  return problems.map((problem) => ({
    range: rangeOf(lines, problem.span),
    severity: severities[problem.severity],
    source,
    code: problem.source,
    message: problem.message,
  }));
}

export const textEditsOf = (edits: readonly Edit[], text: string): TextEdit[] => {
  const lines = new LineTable(text);
  return edits.map((edit) => ({ range: rangeOf(lines, edit.span), newText: edit.text }));
};

/** Edits whose texts are snippets: kept as such where there is something to choose, plain otherwise. */
export function snippetEditsOf(edits: readonly Edit[], text: string): (TextEdit | SnippetTextEdit)[] {
  const lines = new LineTable(text);
  return edits.map((edit) => {
    const range = rangeOf(lines, edit.span);
    if (!edit.text.includes("${")) return { range, newText: expandChoices(edit.text) };
    return { range, snippet: { kind: "snippet", value: edit.text } };
  });
}
