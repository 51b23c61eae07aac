import * as vscode from "vscode";
import { afterSafeFixes, inFixture, newService, withSafeFixes } from "./fixture";
import { holds, same } from "./support/assert";
import { closeAll, show, untilFound, untilText } from "./support/document";
import { workspaceFolder } from "./support/driver";
import { answerPreview, seePreview } from "./support/preview";

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

  it("makes a new service, once somebody agrees", async () => {
    const folder = workspaceFolder();
    const made = vscode.commands.executeCommand("bulkhead.newService", newService(folder.toString()));
    await seePreview("new-service-restricted");
    await answerPreview(made, "apply");
    for (const file of ["orders/Dockerfile", "orders/README.md", "compose.yaml"]) {
      const text = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, file));
      holds(text.length > 0, file);
    }
  });
});
