import * as vscode from "vscode";
import { holds, same } from "./support/assert";
import { closeAll, found, replace, select, show, untilFoundOf } from "./support/document";
import { screenshot, workspaceFolder } from "./support/driver";
import { eventually } from "./support/wait";

const escalation = "kubernetes/privilege-escalation-allowed";
const widget = ".suggest-widget.visible .monaco-list-row";

/** A file of the workspace with nothing in it. */
async function showEmpty(name: string): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(workspaceFolder(), name), new Uint8Array());
  return show(name);
}

const labelOf = ({ label }: vscode.CompletionItem): string => (typeof label === "string" ? label : label.label);

/** Everything that the editor offers at the cursor, the snippets that it brings along too, once ours is among it. */
async function offered(document: vscode.TextDocument, ours: string): Promise<readonly string[]> {
  const editor = vscode.window.activeTextEditor;
  holds(editor?.document === document, "the document is not the active one");
  const position = editor.selection.active;
  let last: readonly string[] = [];
  return eventually(
    `${ours} is offered`,
    async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        document.uri,
        position,
      );
      last = list.items.map(labelOf);
      return last.includes(ours) ? last : undefined;
    },
    () => `Offered is ${JSON.stringify(last)}`,
  );
}

/** Opens the list, has a picture taken of it, and takes what is chosen in it. */
async function choose(document: vscode.TextDocument, picture: string, sees = widget): Promise<void> {
  await vscode.commands.executeCommand("editor.action.triggerSuggest");
  await screenshot(picture, { sees });
  const before = document.getText();
  await eventually("the chosen one is inserted", async () => {
    await vscode.commands.executeCommand("acceptSelectedSuggestion");
    return document.getText() === before ? undefined : true;
  });
}

const type = (text: string): Thenable<unknown> => vscode.commands.executeCommand("type", { text });

describe("Completions in the editor", () => {
  before(async () => {
    const settings = vscode.workspace.getConfiguration("editor");
    await settings.update("suggest.showStatusBar", true, vscode.ConfigurationTarget.Workspace);
  });
  afterEach(closeAll);

  it("insert a snippet by its prefix, and offer it once", async () => {
    const document = await showEmpty("fresh.dockerfile");
    await type("bh-docker-go");
    const all = await offered(document, "bh-docker-go");
    same(all.filter((label) => label === "bh-docker-go").length, 1, "how often the snippet is offered");
    await choose(document, "completion-snippet");
    const text = document.getText();
    holds(text.startsWith("# syntax=docker/dockerfile:1") && text.includes("\nUSER "), text);
    holds(!text.includes("${1"), text);
    await screenshot("completion-snippet-inserted", { press: "Escape" });
    same(
      found(document).filter(([rule]) => rule !== "dockerfile/image-without-digest"),
      [],
      "what is found in the snippet",
    );
  });

  it("complete a container's security context, and the finding is gone", async () => {
    const document = await show("cluster/catalog.yaml");
    await untilFoundOf(document, escalation, ["server"]);
    const line = document
      .getText()
      .split("\n")
      .findIndex((text) => text.includes("image:"));
    const indentation = " ".repeat(document.lineAt(line).firstNonWhitespaceCharacterIndex);
    const end = document.lineAt(line).range.end;
    const inserted = `\n${indentation}securityContext:\n${indentation}  `;
    await replace(document, new vscode.Range(end, end), inserted);
    const cursor = new vscode.Position(line + 2, indentation.length + 2);
    select(document, new vscode.Range(cursor, cursor));
    await type("allow");
    await offered(document, "allowPrivilegeEscalation: false");
    await vscode.commands.executeCommand("editor.action.triggerSuggest");
    await screenshot("completion-list", { sees: widget });
    // The explanation beside the list stays open, or closed, as it was left last.
    await vscode.commands.executeCommand("toggleSuggestionDetails");
    await choose(document, "completion-security-context", ".suggest-details-container .body");
    await vscode.commands.executeCommand("toggleSuggestionDetails");
    same(document.lineAt(line + 2).text, `${indentation}  allowPrivilegeEscalation: false`, "the line");
    await untilFoundOf(document, escalation, []);
  });

  it("know the supported tags of an image, behind its colon", async () => {
    const document = await showEmpty("tags.dockerfile");
    await type("FROM node:");
    await offered(document, "node:24-slim");
    await type("24-s");
    await choose(document, "completion-tags");
    same(document.getText(), "FROM node:24-slim", "the text");
  });

  it("offer all that is missing in one, with the indentation of the place", async () => {
    const document = await show("cluster/catalog.yaml");
    const line = document
      .getText()
      .split("\n")
      .findIndex((text) => text.includes("image:"));
    const indentation = " ".repeat(document.lineAt(line).firstNonWhitespaceCharacterIndex);
    const end = document.lineAt(line).range.end;
    await replace(document, new vscode.Range(end, end), `\n${indentation}`);
    const cursor = new vscode.Position(line + 1, indentation.length);
    select(document, new vscode.Range(cursor, cursor));
    await type("secu");
    await offered(document, "securityContext");
    await choose(document, "completion-security-context-whole");
    holds(
      document
        .getText()
        .includes(`\n${indentation}securityContext:\n${indentation}  allowPrivilegeEscalation: false\n`),
      document.getText(),
    );
    await untilFoundOf(document, escalation, []);
  });
});
