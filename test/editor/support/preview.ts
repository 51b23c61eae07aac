import * as vscode from "vscode";
import { screenshot } from "./driver";
import { eventually } from "./wait";

/** Waits until the preview of an edit is there, where a driver sees it. */
export const seePreview = (name: string): Promise<void> =>
  screenshot(name, { sees: ".bulk-edit-panel .monaco-list-row" });

/** Presses a button of the preview until what asked for it has ended. */
export async function answerPreview(asked: Thenable<unknown>, button: "apply" | "discard"): Promise<void> {
  const state = { ended: false };
  const end = Promise.resolve(asked).finally(() => {
    state.ended = true;
  });
  await eventually(`the preview takes ${button}`, async () => {
    await vscode.commands.executeCommand(`refactorPreview.${button}`);
    return state.ended || undefined;
  });
  await end;
}
