/** What somebody has tried already: the steps of the walkthrough are done by it, whichever way it was tried. */
import {
  commands,
  type Diagnostic,
  type Disposable,
  languages,
  type Position,
  type TextDocument,
  window,
} from "vscode";
import { appliedCommand } from "../server/protocol";

/** Context keys, without their prefix; `scripts/walkthrough.ts` names them too. */
export type Tried = "exampleOpened" | "findingSeen" | "fixApplied" | "allFixed" | "serviceMade";

/** How long one try is told, in milliseconds; a second one meanwhile says nothing new. */
const pulse = 2000;
const told = new Set<Tried>();

/**
 * The key is set for a moment only: the walkthrough hears of changes from when it is first shown in a window, and what
 * is so already then would never count.
 */
export function tried(what: Tried): void {
  if (told.has(what)) return;
  told.add(what);
  const key = `bulkhead.${what}`;
  void commands.executeCommand("setContext", key, true);
  setTimeout(() => {
    told.delete(what);
    void commands.executeCommand("setContext", key, undefined);
  }, pulse);
}

export const isFinding = ({ source }: Diagnostic): boolean => source === "bulkhead";

/** A finding counts as seen where the cursor is on it, or somebody points at it. */
export function watchWhatIsTried(): Disposable[] {
  return [
    window.onDidChangeTextEditorSelection(({ textEditor }) => seen(textEditor.document, textEditor.selection.active)),
    commands.registerCommand(appliedCommand, (what: unknown) => tried(what === "fixAll" ? "allFixed" : "fixApplied")),
  ];
}

export function seen({ uri }: TextDocument, position: Position): void {
  const here = languages.getDiagnostics(uri).some((d) => isFinding(d) && d.range.contains(position));
  if (here) tried("findingSeen");
}
