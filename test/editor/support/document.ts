import * as vscode from "vscode";
import { workspaceFolder } from "./driver";
import { eventually } from "./wait";

/** A diagnostic of ours, in words that a test can compare: the rule, the line from 1, the marked text. */
export type Found = readonly [rule: string, line: number, text: string];

/** Opens and shows a file of the workspace. */
export async function show(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(workspaceFolder(), name));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

export const ours = (document: vscode.TextDocument): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(document.uri).filter((diagnostic) => diagnostic.source === "bulkhead");

export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

/** In the order of the text. */
export function found(document: vscode.TextDocument): Found[] {
  return ours(document)
    .sort((a, b) => a.range.start.compareTo(b.range.start) || ruleOf(a).localeCompare(ruleOf(b)))
    .map((diagnostic) => [ruleOf(diagnostic), diagnostic.range.start.line + 1, document.getText(diagnostic.range)]);
}

/** Waits until exactly these are found. Throws with what is found instead. */
export async function untilFound(document: vscode.TextDocument, expected: readonly Found[]): Promise<void> {
  const wanted = JSON.stringify(expected);
  await eventually(
    `${wanted} is found`,
    () => JSON.stringify(found(document)) === wanted || undefined,
    () => `Found is ${JSON.stringify(found(document))}`,
  );
}

/** Waits until one rule has found exactly these texts. */
export async function untilFoundOf(
  document: vscode.TextDocument,
  rule: string,
  texts: readonly string[],
): Promise<void> {
  const now = (): string => JSON.stringify(found(document).flatMap(([id, , text]) => (id === rule ? [text] : [])));
  await eventually(
    `${rule} finds ${JSON.stringify(texts)}`,
    () => now() === JSON.stringify(texts) || undefined,
    () => `It finds ${now()}; all found is ${JSON.stringify(found(document))}`,
  );
}

export async function untilText(document: vscode.TextDocument, expected: string): Promise<void> {
  await eventually(
    `the text is ${JSON.stringify(expected)}`,
    () => document.getText() === expected || undefined,
    () => `It is ${JSON.stringify(document.getText())}`,
  );
}

/** Where a text stands first. Throws where it does not. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const start = document.getText().indexOf(text);
  if (start < 0) throw new Error(`${document.fileName} has no ${JSON.stringify(text)}`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

/** Types over a range, as a user's edit. */
export async function replace(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error("the editor refused the edit");
}

/** Puts the cursor somewhere in the shown document. */
export function select(document: vscode.TextDocument, range: vscode.Range): void {
  const editor = vscode.window.visibleTextEditors.find((candidate) => candidate.document === document);
  if (editor === undefined) throw new Error(`${document.fileName} is not shown`);
  editor.selection = new vscode.Selection(range.start, range.start);
}

/** The quick fixes and refactorings that the editor offers at a range, with their edits. */
export async function actionsAt(
  document: vscode.TextDocument,
  range: vscode.Range,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  const resolved = 20;
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    range,
    kind.value,
    resolved,
  );
}

/** Does what choosing the action in the menu does. */
export async function apply({ edit, command }: vscode.CodeAction): Promise<void> {
  if (edit !== undefined && !(await vscode.workspace.applyEdit(edit))) throw new Error("the editor refused the edit");
  if (command !== undefined) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}

/** The text of all hovers at a position. */
export async function hoverAt(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  const texts = hovers.flatMap((hover) => hover.contents);
  return texts.map((content) => (typeof content === "string" ? content : content.value)).join("\n");
}

/** Forgets all unsaved changes. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
