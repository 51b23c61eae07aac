import * as vscode from "vscode";
import { holds } from "./support/assert";
import { actionsAt, apply, closeAll, hoverAt, rangeOf, replace, select, show, untilFoundOf } from "./support/document";
import { screenshot } from "./support/driver";

const unchecked = "code/tls-verification-disabled";
const password = "secrets/hardcoded-password";

describe("Service code and secrets in the editor", () => {
  afterEach(closeAll);

  it("show a squiggle at a switched-off check, and take it away", async () => {
    const document = await show("services/main.py");
    await untilFoundOf(document, unchecked, ["verify=False"]);
    const at = rangeOf(document, "verify=False");
    select(document, at);
    await screenshot("code-squiggle", { sees: ".squiggly-error" });
    const hover = await hoverAt(document, at.start);
    holds(hover.includes(unchecked), hover);
    const [fix] = await actionsAt(document, at, vscode.CodeActionKind.QuickFix);
    holds(fix?.title === "Check the certificate", `the first fix is ${fix?.title}`);
    await apply(fix);
    await untilFoundOf(document, unchecked, []);
    holds(document.getText().includes("timeout=10)"), document.getText());
  });

  it("move a password into the environment, with the import that it needs", async () => {
    const document = await show("services/main.py");
    await untilFoundOf(document, password, ["orders-pw-2026"]);
    const at = rangeOf(document, "orders-pw-2026");
    select(document, at);
    const menu = vscode.commands.executeCommand("editor.action.quickFix");
    await screenshot("secret-quick-fix", { sees: ".action-widget .action", press: "Escape" });
    await menu;
    const actions = await actionsAt(document, at, vscode.CodeActionKind.QuickFix);
    const move = actions.find((action) => action.title.endsWith("and rotate it"));
    holds(move !== undefined, `nothing moves it: ${actions.map((a) => a.title).join(", ")}`);
    await apply(move);
    await untilFoundOf(document, password, []);
    const text = document.getText();
    holds(text.includes("import os") && text.includes('os.environ["PASSWORD"]'), text);
  });

  it("find what is typed, and never show it", async () => {
    const document = await show("services/settings.properties");
    await untilFoundOf(document, password, ["orders-pw-2026"]);
    const hover = await hoverAt(document, rangeOf(document, "orders-pw-2026").start);
    holds(!hover.includes("orders-pw-2026"), hover);
    await replace(document, rangeOf(document, "orders-pw-2026"), "$" + "{DB_PASSWORD}");
    await untilFoundOf(document, password, []);
  });
});
