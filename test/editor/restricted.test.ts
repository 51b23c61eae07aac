import * as vscode from "vscode";
import { afterSafeFixes, inFixture, withSafeFixes } from "./fixture";
import { same } from "./support/assert";
import { closeAll, show, untilFound, untilText } from "./support/document";

describe("in Restricted Mode", () => {
  afterEach(closeAll);

  it("is not trusted", () => {
    same(vscode.workspace.isTrusted, false, "vscode.workspace.isTrusted");
  });

  it("finds what it finds in a trusted workspace", async () => {
    await untilFound(await show("Dockerfile"), inFixture);
  });

  it("makes all safe fixes", async () => {
    const document = await show("Dockerfile");
    const before = document.getText();
    await untilFound(document, inFixture);
    await vscode.commands.executeCommand("bulkhead.fixAll");
    await untilText(document, withSafeFixes(before));
    await untilFound(document, afterSafeFixes);
  });
});
