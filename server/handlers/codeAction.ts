import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { choice, type Finding, type Fix, overlaps, type RuleId, severities, suppressionText } from "../../engine/index";
import type { Client } from "../client";
import { diagnosticsOf, spanOf } from "../convert";
import { appliedCommand, commands, fixAllKind } from "../protocol";
import { fixesOf, safeFix } from "../fixes";
import type { Session } from "../session";
import { settle } from "../settle";
import { turnOff } from "../turnOff";
import type { Buffer } from "../folder";
import { fixEdit, workspaceEdit } from "../workspaceEdit";
import type { Place, Workspace } from "../workspace";

/** What an action without an edit needs to get one: the edit is made from the newest text when it is asked for. */
interface Deferred {
  readonly uri: string;
  /** Every safe fix of this rule, or of all. */
  readonly rule?: RuleId;
}

/** A selection over more findings than this gets actions for the gravest of them. */
const mostFindings = 20;

export const codeActionKinds = [CodeActionKind.QuickFix, fixAllKind];

export function serveCodeActions(session: Session): void {
  session.connection.onCodeAction(async (params) => actionsFor(session, await session.workspace, params));
  session.connection.onCodeActionResolve(async (action) => {
    // Clients ask for every action that has no edit: one that only runs a command is whole already.
    const deferred = action.data as Deferred | undefined;
    if (deferred === undefined) return action;
    const edit = fixAllEdit(session, await session.workspace, deferred.uri, deferred.rule);
    return edit === undefined ? action : { ...action, edit };
  });
}

/** The edit that makes every safe fix of an open document, or those of one rule. */
export function fixAllEdit(
  session: Session,
  workspace: Workspace,
  uri: string,
  rule?: RuleId,
): WorkspaceEdit | undefined {
  const at = spokenOf(workspace, uri);
  if (at === undefined) return undefined;
  const { place, buffer } = at;
  const document = { file: place.file, languageId: buffer.languageId, text: buffer.text };
  const edits = settle(place.folder.analyser, document, (f) => rule === undefined || f.rule === rule);
  return edits.length === 0 ? undefined : workspaceEdit(place, [{ file: place.file, edits }], session.client);
}

function spokenOf(workspace: Workspace, uri: string): { place: Place; buffer: Buffer } | undefined {
  const place = workspace.placeOf(uri);
  const buffer = workspace.bufferOf(uri);
  if (place === undefined || buffer === undefined || !place.folder.speaksOf(place.file)) return undefined;
  return { place, buffer };
}

/** Kinds are names with dots: `source` asks for `source.fixAll` too. */
const asksFor = (only: readonly string[], kind: string): boolean =>
  only.some((asked) => asked === "" || kind === asked || kind.startsWith(`${asked}.`));

function actionsFor(
  session: Session,
  workspace: Workspace,
  { textDocument, range, context }: CodeActionParams,
): CodeAction[] {
  const at = spokenOf(workspace, textDocument.uri);
  if (at === undefined) return [];
  const { place, buffer } = at;
  const { only } = context;
  const all = place.folder.analyser.findings(place.file).filter((f) => f.suppressed === null);
  const actions: CodeAction[] = [];
  if (only === undefined || asksFor(only, CodeActionKind.QuickFix)) {
    const span = spanOf(buffer.text, range);
    const here = all
      .filter((f) => overlaps(f.span, span))
      .sort(byGravity)
      .slice(0, mostFindings);
    actions.push(...quickFixes(session, workspace, place, buffer, here, all));
  }
  if (only !== undefined && asksFor(only, fixAllKind) && all.some((f) => safeFix(f) !== undefined)) {
    actions.push(fixAllAction(session, workspace, buffer.uri, fixAllTitle, fixAllKind));
  }
  return actions;
}

const byGravity = (a: Finding, b: Finding): number =>
  severities.indexOf(b.severity) - severities.indexOf(a.severity) || a.span.start - b.span.start;

const fixAllTitle = "Fix all safe problems in this file";

function quickFixes(
  session: Session,
  workspace: Workspace,
  place: Place,
  buffer: Buffer,
  here: readonly Finding[],
  all: readonly Finding[],
): CodeAction[] {
  const { client } = session;
  const diagnostics = diagnosticsOf(here, buffer.text, place.folder, client);
  const shown = here.map((finding, i) => ({ finding, diagnostics: diagnostics.slice(i, i + 1) }));
  const actions: CodeAction[] = shown.flatMap((s) => fixActions(session, place, s.finding, s.diagnostics));
  const preferred = actions.find((a) => a.isPreferred);
  for (const action of actions) if (action !== preferred) delete action.isPreferred;

  const rules = [...new Set(here.map((f) => f.rule))];
  for (const rule of rules) {
    if (!several(all.filter((f) => f.rule === rule))) continue;
    const title = `Fix all: ${rule} in this file`;
    const concerned = shown.filter((s) => s.finding.rule === rule).flatMap((s) => s.diagnostics);
    const action = fixAllAction(session, workspace, buffer.uri, title, CodeActionKind.QuickFix, rule);
    actions.push({ ...action, diagnostics: concerned });
  }
  if (here.length > 0 && several(all)) {
    const action = fixAllAction(session, workspace, buffer.uri, fixAllTitle, CodeActionKind.QuickFix);
    // VS Code puts actions that speak of no diagnostic behind all others.
    actions.push({ ...action, diagnostics });
  }
  for (const rule of rules) {
    const first = shown.find((s) => s.finding.rule === rule);
    if (first !== undefined) actions.push(...lastingActions(session, place, first.finding, first.diagnostics));
  }
  return actions;
}

/** Two at least, so that it is no other word for a single fix. */
function several(findings: readonly Finding[]): boolean {
  let fixable = 0;
  return findings.some((f) => safeFix(f) !== undefined && ++fixable === 2);
}

function fixActions(session: Session, place: Place, finding: Finding, diagnostics: Diagnostic[]): CodeAction[] {
  const { client } = session;
  const isSafe = (fix: Fix): boolean => fix.applicability === "safe";
  const fixes = fixesOf(finding);
  return [...fixes.filter(isSafe), ...fixes.filter((f) => !isSafe(f))].flatMap((fix) => {
    const edit = fixEdit(place, fix, client);
    if (edit === undefined) return [];
    const warns = fix.applicability === "unsafe" && !client.confirmsEdits;
    return [
      {
        title: warns ? `${fix.title} (may change what the program does)` : fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics,
        edit,
        ...(isSafe(fix) ? { isPreferred: true } : {}),
        ...told(client, "fix"),
      },
    ];
  });
}

/** Our own client marks what somebody has tried in the walkthrough. */
const told = ({ ours }: Client, what: "fix" | "fixAll"): Pick<CodeAction, "command"> =>
  ours ? { command: { title: "", command: appliedCommand, arguments: [what] } } : {};

function fixAllAction(
  session: Session,
  workspace: Workspace,
  uri: string,
  title: string,
  kind: string,
  rule?: RuleId,
): CodeAction {
  if (session.client.resolvesEdits) {
    const data: Deferred = rule === undefined ? { uri } : { uri, rule };
    return { title, kind, data, ...told(session.client, rule === undefined ? "fixAll" : "fix") };
  }
  const edit = fixAllEdit(session, workspace, uri, rule);
  return edit === undefined ? { title, kind } : { title, kind, edit };
}

/** What there is to do about a finding besides fixing it. */
function lastingActions(session: Session, place: Place, finding: Finding, diagnostics: Diagnostic[]): CodeAction[] {
  const { rule } = finding;
  const kind = CodeActionKind.QuickFix;
  const actions: CodeAction[] = [];
  const ignored = rule.startsWith("suppression/") ? undefined : ignoreEdit(session, place, finding);
  if (ignored !== undefined)
    actions.push({ title: `Ignore ${rule} here, with a reason`, kind, diagnostics, edit: ignored });
  const off = turnOffEdit(session, place, rule);
  if (off !== undefined)
    actions.push({ title: `Turn off ${rule} in ${place.folder.configFile}`, kind, diagnostics, edit: off });
  const title = `Explain ${rule}`;
  actions.push({ title, kind, diagnostics, command: { title, command: commands.explainRule, arguments: [rule] } });
  return actions;
}

function ignoreEdit({ client }: Session, place: Place, finding: Finding): WorkspaceEdit | undefined {
  const reason = client.snippetEdits ? choice(1, "reason") : "reason";
  const { analyser } = place.folder;
  const edit = analyser.insertComment(place.file, finding.span, suppressionText(finding.rule, reason));
  if (edit === undefined) return undefined;
  return workspaceEdit(place, [{ file: place.file, edits: [edit] }], client, { snippets: client.snippetEdits });
}

function turnOffEdit({ client, rules }: Session, place: Place, rule: RuleId): WorkspaceEdit | undefined {
  const { folder } = place;
  if (!folder.isWhole) return undefined;
  const file = folder.configFile;
  const text = folder.textOf(file);
  const edit = turnOff(text ?? "", rule, rules);
  if (edit === undefined) return undefined;
  return workspaceEdit(place, [{ file, create: text === undefined, edits: [edit] }], client);
}
