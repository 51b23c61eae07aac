import type { Hover } from "vscode-languageserver";
import { offsetOf, rangeIn } from "../convert";
import { findingPage, withoutMarks } from "../page";
import { describedRule, type Session } from "../session";
import type { Workspace } from "../workspace";

export function serveHover(session: Session): void {
  session.connection.onHover(async ({ textDocument, position }) => {
    const workspace = await session.workspace;
    const offset = offsetOf(workspace.bufferOf(textDocument.uri)?.text ?? "", position);
    return hoverAt(session, workspace, textDocument.uri, offset);
  });
}

function hoverAt(session: Session, workspace: Workspace, uri: string, offset: number): Hover | null {
  const place = workspace.placeOf(uri);
  const text = workspace.bufferOf(uri)?.text;
  if (place === undefined || text === undefined || !place.folder.speaksOf(place.file)) return null;
  const here = place.folder.analyser
    .findings(place.file)
    .filter((f) => f.suppressed === null && f.span.start <= offset && offset <= f.span.end);
  const pages = here.flatMap((finding) => {
    const rule = describedRule(session, finding.rule);
    return rule === undefined ? [] : [findingPage(finding, rule)];
  });
  const explained = place.folder.analyser.explain(place.file, offset);
  if (pages.length === 0 && explained === undefined) return null;
  const value = [...new Set([...pages, ...(explained === undefined ? [] : [explained.text])])].join("\n\n---\n\n");
  const spans = pages.length === 0 && explained !== undefined ? [explained.span] : here.map((f) => f.span);
  const span = { start: Math.min(...spans.map((s) => s.start)), end: Math.max(...spans.map((s) => s.end)) };
  const contents = session.client.markdownHover
    ? { kind: "markdown" as const, value }
    : { kind: "plaintext" as const, value: withoutMarks(value) };
  return { contents, range: rangeIn(text, span) };
}
