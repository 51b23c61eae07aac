import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionParams,
  CompletionTriggerKind,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
} from "vscode-languageserver";
import { type About, expanded, type Offer, offersAt, snippetOf } from "../../completions/index";
import { lineTerminator } from "../../engine/index";
import type { Client } from "../client";
import { indentationAt, offsetOf, rangeIn } from "../convert";
import type { Buffer } from "../folder";
import { purposePage, snippetPage, withoutMarks } from "../page";
import { describedRule, type Session } from "../session";
import type { Workspace } from "../workspace";

export function serveCompletion(session: Session): void {
  session.connection.onCompletion(async (params) => {
    const workspace = await session.workspace;
    try {
      return completionsAt(session, workspace, params);
    } catch (error) {
      // The error's own words may hold text of the file.
      session.connection.console.error(`completion: ${error instanceof Error ? error.name : "failed"}`);
      return [];
    }
  });
  session.connection.onCompletionResolve((item) => {
    const about = item.data as About | undefined;
    const value = about === undefined ? undefined : pageOf(session, about);
    if (value === undefined) return item;
    const documentation = session.client.markdownCompletions
      ? { kind: MarkupKind.Markdown, value }
      : { kind: MarkupKind.PlainText, value: withoutMarks(value).replace(/^```\w*\n|^```$/gm, "") };
    return { ...item, documentation };
  });
}

function completionsAt(
  { client, host }: Session,
  workspace: Workspace,
  { textDocument, position, context }: CompletionParams,
): CompletionItem[] {
  const place = workspace.placeOf(textDocument.uri);
  const buffer = workspace.bufferOf(textDocument.uri);
  if (place === undefined || buffer === undefined || !place.folder.speaksOf(place.file)) return [];
  const { text, languageId } = buffer;
  const typed = context?.triggerKind === CompletionTriggerKind.TriggerCharacter ? context.triggerCharacter : undefined;
  const offers = offersAt({
    file: place.file,
    text,
    languageId,
    offset: offsetOf(text, position),
    kind: place.folder.analyser.kindOf(place.file),
    trigger: typed,
    today: host.today(),
  });
  return offers
    .filter((offer) => offer.kind !== "snippet" || !client.offersSnippets)
    .map((offer, index) => itemOf(offer, index, buffer, client));
}

const kinds: Readonly<Record<Offer["kind"], CompletionItemKind>> = {
  snippet: CompletionItemKind.Snippet,
  property: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
};

/** Values and entries go before what others offer, snippets behind it. */
const orderOf = (kind: Offer["kind"], index: number): string =>
  `${kind === "snippet" ? "~" : "!"}${String(index).padStart(3, "0")}`;

function itemOf(offer: Offer, index: number, buffer: Buffer, client: Client): CompletionItem {
  const { label, kind, detail, aside = "Bulkhead", span, filter, about } = offer;
  const hasStops = client.snippetCompletions && /[\\$}]/.test(offer.text);
  // Clients that do not say leave plain texts as they are, and expand snippets by engines that indent.
  const adjusts = client.adjustsIndentation ?? hasStops;
  const newText = layOut(hasStops ? offer.text : expanded(offer.text), offer.span.start, buffer, { adjusts });
  return {
    label,
    kind: kinds[kind],
    detail,
    ...(client.labelDetails ? { labelDetails: { description: aside } } : {}),
    sortText: orderOf(kind, index),
    filterText: filter ?? label,
    insertTextFormat: hasStops ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    ...(client.adjustsIndentation ? { insertTextMode: InsertTextMode.adjustIndentation } : {}),
    textEdit: { range: rangeIn(buffer.text, span), newText },
    data: about satisfies About,
  };
}

/** With the document's line ends, and with the indentation of the place where the client does not add it. */
function layOut(text: string, at: number, buffer: Buffer, { adjusts }: { readonly adjusts: boolean }): string {
  if (!text.includes("\n")) return text;
  const { text: document, languageId } = buffer;
  const unit = languageId === "go" || /^\t/m.test(document) ? "\t" : fourSpaces.has(languageId) ? "    " : "  ";
  const lines = text.replace(/^\t+/gm, (tabs) => unit.repeat(tabs.length)).split("\n");
  const terminator = lineTerminator(document);
  if (adjusts) return lines.join(terminator);
  const indentation = indentationAt(document, at);
  return lines.map((line, i) => (i === 0 || line === "" ? line : indentation + line)).join(terminator);
}

const fourSpaces: ReadonlySet<string> = new Set(["python", "java", "csharp"]);

function pageOf(session: Session, about: About): string | undefined {
  if (!("snippet" in about)) {
    const rules = about.rules.flatMap((id) => describedRule(session, id) ?? []);
    return purposePage(about.note, rules);
  }
  const found = snippetOf(about.snippet, about.place);
  if (found === undefined) return undefined;
  return snippetPage(found.snippet.description, expanded(found.snippet.body.join("\n")), found.language);
}
