import * as vscode from "vscode";
import { holds } from "./support/assert";
import { actionsAt, apply, closeAll, hoverAt, rangeOf, replace, select, show, untilFoundOf } from "./support/document";
import { screenshot } from "./support/driver";

const published = "compose/published-database-port";
const root = "dockerfile/root-user";
const port = '"5432:5432"';

describe("a compose project in the editor", () => {
  afterEach(closeAll);

  it("shows a squiggle at a published database, and binds it to the loopback address", async () => {
    const document = await show("shop/compose.yaml");
    await untilFoundOf(document, published, [port]);
    const at = rangeOf(document, port);
    select(document, at);
    await screenshot("compose-squiggle", { sees: ".squiggly-error" });
    const actions = await actionsAt(document, at, vscode.CodeActionKind.QuickFix);
    const menu = vscode.commands.executeCommand("editor.action.quickFix");
    await screenshot("compose-quick-fix", { sees: ".action-widget .action", press: "Escape" });
    await menu;
    const bind = actions.find((action) => action.title.includes("127.0.0.1"));
    holds(bind !== undefined, `no fix binds the port: ${actions.map((a) => a.title).join(", ")}`);
    await apply(bind);
    await untilFoundOf(document, published, []);
    holds(document.getText().includes('- "127.0.0.1:5432:5432"'), document.getText());
  });

  it("forgets a finding of the base that an unsaved override cures, and finds it again", async () => {
    const base = await show("shop/compose.yaml");
    await untilFoundOf(base, published, [port]);
    const override = await show("shop/compose.override.yaml");
    const end = override.positionAt(override.getText().length);
    await replace(override, new vscode.Range(end, end), "  db:\n    ports: !reset []\n");
    await untilFoundOf(base, published, []);
    await vscode.commands.executeCommand("undo");
    await untilFoundOf(base, published, [port]);
  });

  it("cures a Dockerfile by the user that compose sets", async () => {
    const dockerfile = await show("shop/api/Dockerfile");
    await untilFoundOf(dockerfile, root, ["node:24-slim"]);
    const compose = await show("shop/compose.yaml");
    await replace(compose, rangeOf(compose, "build: api"), 'build: api\n    user: "1000:1000"');
    await untilFoundOf(dockerfile, root, []);
    await vscode.commands.executeCommand("undo");
    await untilFoundOf(dockerfile, root, ["node:24-slim"]);
  });

  it("says under the pointer what takes effect", async () => {
    const override = await show("shop/compose.override.yaml");
    const end = override.positionAt(override.getText().length);
    await replace(override, new vscode.Range(end, end), '  db:\n    ports:\n      - "127.0.0.1:15432:5432"\n');
    const base = await show("shop/compose.yaml");
    const at = rangeOf(base, "ports:");
    const text = await hoverAt(base, at.start);
    holds(text.includes("5432 published on all interfaces as 5432, from line 10"), text);
    holds(text.includes("shop/compose.override.yaml:7"), text);
    select(base, at);
    await vscode.commands.executeCommand("editor.action.showHover");
    await screenshot("compose-hover", { sees: ".monaco-hover:not(.hidden) .hover-contents", press: "Escape" });
  });
});
