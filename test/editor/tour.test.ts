import * as vscode from "vscode";
import { holds } from "./support/assert";
import { ours, rangeOf, select, show } from "./support/document";
import { screenshot } from "./support/driver";
import { eventually } from "./support/wait";

describe("the picture of the README", () => {
  it("shows findings in the example shop and one of them explained", async () => {
    const [file] = await vscode.workspace.findFiles("**/Dockerfile");
    holds(file !== undefined, "the example shop has no Dockerfile");
    const document = await show(vscode.workspace.asRelativePath(file, false));
    const diagnostics = await eventually("something is found", () => {
      const all = ours(document);
      return all.length > 0 ? all : undefined;
    });
    await vscode.commands.executeCommand("workbench.actions.view.problems");
    await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
    const worst = diagnostics.sort((a, b) => a.severity - b.severity)[0];
    holds(worst !== undefined, "nothing is found");
    select(document, rangeOf(document, document.getText(worst.range)));
    await vscode.commands.executeCommand("editor.action.showHover");
    await screenshot("screenshot", { sees: ".monaco-hover:not(.hidden) .hover-contents" });
  });
});
