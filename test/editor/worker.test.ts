import * as vscode from "vscode";
import { afterSafeFixes, inFixture, newService, withSafeFixes } from "./fixture";
import { holds } from "./support/assert";
import { actionsAt, apply, closeAll, rangeOf, show, untilFound, untilText } from "./support/document";
import { workspaceFolder } from "./support/driver";
import { answerPreview, seePreview } from "./support/preview";

describe("in the web worker host", () => {
  afterEach(closeAll);

  it("is a host without Node", () => {
    holds(typeof process === "undefined", "the test runs in a Node host");
  });

  it("finds what it finds elsewhere", async () => {
    await untilFound(await show("Dockerfile"), inFixture);
  });

  it("makes a quick fix", async () => {
    const document = await show("Dockerfile");
    const before = document.getText();
    await untilFound(document, inFixture);
    const actions = await actionsAt(document, rangeOf(document, "ADD"), vscode.CodeActionKind.QuickFix);
    const preferred = actions.find((action) => action.isPreferred);
    holds(preferred !== undefined, "no preferred quick fix");
    await apply(preferred);
    await untilText(document, before.replace("ADD", "COPY"));
  });

  it("makes all safe fixes", async () => {
    const document = await show("Dockerfile");
    const before = document.getText();
    await untilFound(document, inFixture);
    await vscode.commands.executeCommand("bulkhead.fixAll");
    await untilText(document, withSafeFixes(before));
    await untilFound(document, afterSafeFixes);
  });

  it("makes a new service, once somebody agrees", async () => {
    const folder = workspaceFolder();
    const made = vscode.commands.executeCommand("bulkhead.newService", newService(folder.toString()));
    await seePreview("new-service-worker");
    await answerPreview(made, "apply");
    for (const file of ["orders/Dockerfile", "orders/README.md", "compose.yaml"]) {
      const text = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, file));
      holds(text.length > 0, file);
    }
  });
});
