/** A small shop with faults, as new documents that nobody has to save. */
import {
  type CodeAction,
  CodeActionKind,
  commands,
  type Disposable,
  languages,
  Position,
  type Range,
  Selection,
  TabInputText,
  type TextDocument,
  Uri,
  ViewColumn,
  window,
  workspace,
  WorkspaceEdit,
} from "vscode";
import { commands as ids } from "../server/protocol";
import { isFinding, tried } from "./tried";

/** Those in `media/walkthrough/shop`, the one to begin with first. */
const files = ["Dockerfile", "compose.yaml", "orders.ts"] as const;

/** What to do once it is shown; the walkthrough's links name it. */
type Next = "finding" | "fix" | "fixAll";

/** The longest that anybody waits for the first finding, in milliseconds. */
const patience = 15_000;

export function registerExample(extension: Uri): Disposable {
  return commands.registerCommand("bulkhead.openExample", (next?: Next) => openExample(extension, next));
}

async function openExample(extension: Uri, next: Next | undefined): Promise<void> {
  const [first, ...others] = await Promise.all(files.map((name) => open(extension, name)));
  if (first === undefined) return;
  // Beside what tells about it, unless it has a place already; all in the same.
  const column = columnOf(first) ?? ViewColumn.Beside;
  const { viewColumn = ViewColumn.Active } = await window.showTextDocument(first, {
    viewColumn: column,
    preview: false,
  });
  for (const document of others.filter((d) => columnOf(d) === undefined))
    await window.showTextDocument(document, { viewColumn, preview: false });
  await window.showTextDocument(first, { viewColumn, preview: false });
  tried("exampleOpened");
  if (next === "fixAll") await commands.executeCommand(ids.fixAll);
  else if (next !== undefined) await lookAtFinding(first, next);
}

/** Puts the cursor on a finding, and shows what there is to it. */
async function lookAtFinding(document: TextDocument, next: "finding" | "fix"): Promise<void> {
  const all = await findings(document);
  const [first] = all;
  const editor = window.activeTextEditor;
  if (first === undefined || editor?.document !== document) return;
  const at = next === "finding" ? first : ((await firstFixable(document, all)) ?? first);
  editor.selection = new Selection(at.start, at.start);
  editor.revealRange(at);
  tried("findingSeen");
  await commands.executeCommand(next === "finding" ? "editor.action.showHover" : "editor.action.quickFix");
}

/** With a fix that keeps the meaning. */
async function firstFixable({ uri }: TextDocument, all: readonly Range[]): Promise<Range | undefined> {
  for (const range of all) {
    const kind = CodeActionKind.QuickFix.value;
    const actions = await commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", uri, range, kind);
    if (actions.some((action) => action.isPreferred)) return range;
  }
  return undefined;
}

/** The document as it was left, or with the extension's text where it is empty. */
async function open(extension: Uri, name: string): Promise<TextDocument> {
  const document = await workspace.openTextDocument(Uri.from({ scheme: "untitled", path: `insecure-shop/${name}` }));
  if (document.getText() !== "") return document;
  const bytes = await workspace.fs.readFile(Uri.joinPath(extension, "media", "walkthrough", "shop", name));
  const edit = new WorkspaceEdit();
  edit.insert(document.uri, new Position(0, 0), new TextDecoder().decode(bytes));
  await workspace.applyEdit(edit);
  return document;
}

/** Of the tab that shows the document. */
function columnOf({ uri }: TextDocument): ViewColumn | undefined {
  const shows = (input: unknown): boolean => input instanceof TabInputText && input.uri.toString() === uri.toString();
  return window.tabGroups.all.find(({ tabs }) => tabs.some((tab) => shows(tab.input)))?.viewColumn;
}

/** Of the first findings that there are, in the order of the text; none where nothing is found in time. */
async function findings({ uri }: TextDocument): Promise<readonly Range[]> {
  const now = (): Range[] =>
    languages
      .getDiagnostics(uri)
      .filter(isFinding)
      .map(({ range }) => range)
      .sort((a, b) => a.start.compareTo(b.start));
  if (now().length > 0) return now();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(late);
      listener.dispose();
      resolve(now());
    };
    const late = setTimeout(end, patience);
    const listener = languages.onDidChangeDiagnostics(() => {
      if (now().length > 0) end();
    });
  });
}
