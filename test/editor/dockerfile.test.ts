import * as vscode from "vscode";
import { afterSafeFixes, inFixture, withSafeFixes } from "./fixture";
import { holds, same } from "./support/assert";
import {
  actionsAt,
  apply,
  closeAll,
  hoverAt,
  rangeOf,
  replace,
  select,
  show,
  untilFound,
  untilText,
} from "./support/document";
import { screenshot } from "./support/driver";

const fixAll = vscode.CodeActionKind.SourceFixAll.append("bulkhead");

describe("a Dockerfile in the editor", () => {
  let document: vscode.TextDocument;
  let before: string;

  beforeEach(async () => {
    document = await show("Dockerfile");
    before = document.getText();
    await untilFound(document, inFixture);
  });
  afterEach(closeAll);

  it("has the editor's own language id", () => {
    same(document.languageId, "dockerfile", "languageId");
  });

  it("shows squiggles", async () => {
    await screenshot("squiggles", { sees: ".squiggly-warning, .squiggly-error" });
  });

  it("follows the text as it is edited", async () => {
    await replace(document, rangeOf(document, "USER root"), "USER 10001");
    await untilFound(document, inFixture.slice(0, 2));
    await replace(document, rangeOf(document, "WORKDIR"), "\n\nWORKDIR");
    await untilFound(
      document,
      inFixture.slice(0, 2).map(([rule, line, text]) => [rule, line + 2, text]),
    );
    await vscode.commands.executeCommand("undo");
    await vscode.commands.executeCommand("undo");
    await untilFound(document, inFixture);
  });

  it("explains a finding under the pointer", async () => {
    const at = rangeOf(document, "root");
    const text = await hoverAt(document, at.start);
    holds(text.includes("dockerfile/root-user"), `the hover does not name the rule: ${text}`);
    select(document, at);
    await vscode.commands.executeCommand("editor.action.showHover");
    await screenshot("hover", { sees: ".monaco-hover:not(.hidden) .hover-contents", press: "Escape" });
  });

  it("offers quick fixes, one of them preferred", async () => {
    const at = rangeOf(document, "ADD");
    const actions = await actionsAt(document, at, vscode.CodeActionKind.QuickFix);
    same(actions.filter((action) => action.isPreferred).length, 1, "number of preferred quick fixes");
    select(document, at);
    const menu = vscode.commands.executeCommand("editor.action.quickFix");
    await screenshot("quick-fix", { sees: ".action-widget .action", press: "Escape" });
    await menu;
  });

  it("offers no quick fix where nothing is found", async () => {
    same(await actionsAt(document, rangeOf(document, "EXPOSE"), vscode.CodeActionKind.QuickFix), [], "quick fixes");
  });

  it("makes the preferred quick fix", async () => {
    const actions = await actionsAt(document, rangeOf(document, "ADD"), vscode.CodeActionKind.QuickFix);
    const preferred = actions.find((action) => action.isPreferred);
    holds(preferred !== undefined, "no preferred quick fix");
    await apply(preferred);
    await untilText(document, before.replace("ADD", "COPY"));
    await untilFound(document, inFixture.slice(1));
  });

  it("makes the preferred quick fix from the keyboard", async () => {
    select(document, rangeOf(document, "ADD"));
    await vscode.commands.executeCommand("editor.action.autoFix");
    await untilText(document, before.replace("ADD", "COPY"));
  });

  const ways: readonly (readonly [command: string, argument?: object])[] = [
    ["editor.action.fixAll"],
    ["editor.action.sourceAction", { kind: fixAll.value, apply: "first" }],
    ["bulkhead.fixAll"],
  ];
  for (const [command, ...argument] of ways) {
    it(`makes all safe fixes through ${command}`, async () => {
      await vscode.commands.executeCommand(command, ...argument);
      await untilText(document, withSafeFixes(before));
      await untilFound(document, afterSafeFixes);
    });
  }

  it("finds what is saved when changes are thrown away", async () => {
    await replace(document, rangeOf(document, "USER root"), "USER 10001");
    await untilFound(document, inFixture.slice(0, 2));
    await closeAll();
    await untilFound(await show("Dockerfile"), inFixture);
  });
});
