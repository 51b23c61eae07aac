import * as vscode from "vscode";
import { holds, same } from "./support/assert";
import { actionsAt, apply, closeAll, ours } from "./support/document";
import { screenshot, type, workspaceFolder } from "./support/driver";
import { answerPreview, seePreview } from "./support/preview";
import { eventually } from "./support/wait";

const command = "bulkhead.newService";
const at = (path: string): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), path);
const run = <T>(id: string, ...given: readonly unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(id, ...given);

const isThere = (path: string): Thenable<boolean> =>
  vscode.workspace.fs.stat(at(path)).then(
    () => true,
    () => false,
  );

const write = (path: string, text: string): Thenable<void> =>
  vscode.workspace.fs.writeFile(at(path), new TextEncoder().encode(text));

async function textOf(path: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(at(path)));
}

/** Names and texts of everything in the workspace. */
async function everything(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const look = async (folder: string): Promise<void> => {
    for (const [name, kind] of await vscode.workspace.fs.readDirectory(at(folder))) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (kind === vscode.FileType.Directory) await look(path);
      else texts.set(path, await textOf(path));
    }
  };
  await look("");
  return texts;
}

/** Waits for a message that holds a text. */
async function hear(name: string, text: string): Promise<void> {
  await run("notifications.showList");
  await screenshot(name, { sees: `.notifications-center .notification-list-item:has-text("${text}")` });
  await run("notifications.clearAll");
}

const step = (number: number, of: number): string => `.quick-input-title:has-text("(${number}/${of})")`;

/** What leaves nothing to ask. */
const orders = (folder = ""): Record<string, unknown> => ({
  folder: at(folder).toString(),
  name: "orders",
  language: "typescript",
});

describe("A new service in the editor", () => {
  let before: ReadonlyMap<string, string> = new Map();

  beforeEach(async () => {
    before = await everything();
  });

  afterEach(async () => {
    await closeAll();
    for (const [path, text] of await everything()) {
      const was = before.get(path);
      if (was === undefined) await vscode.workspace.fs.delete(at(path));
      else if (was !== text) await write(path, was);
    }
    for (const folder of ["orders", "order-intake", "shop/orders", "deploy"]) {
      if (await isThere(folder)) await vscode.workspace.fs.delete(at(folder), { recursive: true });
    }
  });

  const nothingIsWritten = async (besides: readonly string[] = []): Promise<void> => {
    const now = await everything();
    const others = [...now].filter(([path, text]) => !besides.includes(path) && before.get(path) !== text);
    same([others.map(([path]) => path), now.size], [[], before.size + besides.length], "what was written");
  };

  it("is chosen step by step, shown, and made", async function () {
    const made = run(command);
    if (!(await type("order-", step(1, 7)))) return this.skip();
    await screenshot("new-service-name", { sees: ".quick-input-message:has-text('is no name for a service')" });
    await type("intake\n", step(1, 7));
    await screenshot("new-service-language", { sees: step(2, 7) });
    await run("workbench.action.acceptSelectedQuickOpenItem");
    await type("Postgre", step(3, 7));
    await run("workbench.action.acceptSelectedQuickOpenItem");
    await type("", step(4, 7));
    await run("workbench.action.quickInputBack");
    await screenshot("new-service-back", { sees: `${step(3, 7)}, .monaco-list-row.focused:has-text("PostgreSQL")` });
    await run("workbench.action.acceptSelectedQuickOpenItem");
    for (const number of [4, 5]) await type("\n", step(number, 7));
    await type("Kubernetes\n", step(6, 7));
    await type("\n", step(7, 7));
    await seePreview("new-service-preview");
    await answerPreview(made, "apply");
    for (const file of ["Dockerfile", "README.md", ".dockerignore"]) holds(await isThere(`order-intake/${file}`), file);
    holds(await isThere("compose.yaml"), "compose.yaml");
    holds(await isThere("deploy/order-intake/kustomization.yaml"), "deploy/order-intake/kustomization.yaml");
    await eventually(
      "the README is shown",
      () => vscode.window.activeTextEditor?.document.fileName.endsWith("order-intake/README.md") || undefined,
    );
    same(
      vscode.workspace.textDocuments.filter((d) => d.isDirty).map((d) => d.fileName),
      [],
      "unsaved documents",
    );
    await hear("new-service-made", "order-intake: ");
  });

  it("is not made where the preview is discarded", async () => {
    const asked = run(command, orders());
    await seePreview("new-service-discard");
    await answerPreview(asked, "discard");
    await nothingIsWritten();
  });

  it("goes into an existing compose file, which is saved with its comments", async () => {
    const made = run(command, { ...orders("shop"), broker: "rabbitmq" });
    // Whoever works elsewhere meanwhile is in nobody's way.
    await write("notes.txt", "Meanwhile.\n");
    await seePreview("new-service-existing");
    await answerPreview(made, "apply");
    const compose = await textOf("shop/compose.yaml");
    holds(compose !== before.get("shop/compose.yaml") && /^ {2}orders:/m.test(compose), compose);
    holds(await isThere("shop/orders/Dockerfile"), "shop/orders/Dockerfile");
    await run("notifications.clearAll");
  });

  it("is refused by name where its folder is taken, and changes nothing", async () => {
    await write("orders/Dockerfile", "FROM scratch\n");
    const asked = run(command, orders());
    await asked;
    await hear("new-service-refused", "orders");
    await nothingIsWritten(["orders/Dockerfile"]);
  });

  it("is refused while the compose file has unsaved changes", async () => {
    const document = await vscode.workspace.openTextDocument(at("shop/compose.yaml"));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "# Unsaved.\n");
    await vscode.workspace.applyEdit(edit);
    const asked = run(command, orders("shop"));
    await asked;
    await hear("new-service-unsaved", "unsaved");
    await nothingIsWritten();
    holds(document.getText().startsWith("# Unsaved."), document.getText());
  });

  it("is not made where one of its files appears while it is shown", async () => {
    const asked = run(command, orders());
    await seePreview("new-service-preview-2");
    await write("orders/Dockerfile", "FROM scratch\n");
    await answerPreview(asked, "apply");
    await hear("new-service-appeared", "orders/Dockerfile exists now");
    await nothingIsWritten(["orders/Dockerfile"]);
  });

  it("leaves nothing behind where the editor cannot make every file", async () => {
    const asked = run(command, orders("shop"));
    await seePreview("new-service-preview-3");
    // A file where a folder must be: names are free, and making the files fails half-way.
    await write("shop/orders/src", "");
    await answerPreview(asked, "apply");
    await hear("new-service-undone", "removed again");
    await nothingIsWritten(["shop/orders/src"]);
  });

  const done = (id: string): string => `[data-step-id*="${id}"] .codicon-getting-started-step-checked`;
  const open = (): Thenable<void> => run("workbench.action.openWalkthrough", "bulkhead-security.bulkhead#start");
  const example = async (name: string): Promise<vscode.TextDocument> =>
    eventually(`${name} is open`, () =>
      vscode.workspace.textDocuments.find((d) => d.isUntitled && d.fileName.endsWith(name)),
    );

  it("is what the walkthrough leads to, from findings over fixes", async () => {
    await run("workbench.action.closeSidebar");
    await open();
    const enter = "internal:control=enter-frame";
    await screenshot("walkthrough-begin", { sees: `iframe.webview.ready >> ${enter} >> iframe >> ${enter} >> svg` });
    await run("bulkhead.openExample");
    const document = await example("Dockerfile");
    for (const name of ["Dockerfile", "compose.yaml", "orders.ts"]) {
      const one = await example(name);
      await eventually(`${name} has findings`, () => (ours(one).length > 2 ? true : undefined));
    }
    await screenshot("walkthrough-example", { sees: done("exampleOpened") });

    await run("bulkhead.openExample", "finding");
    await screenshot("walkthrough-finding", { sees: ".monaco-hover:not(.hidden) .hover-contents" });
    await screenshot("walkthrough-seen", { sees: done("findingSeen") });

    const menu = run("bulkhead.openExample", "fix");
    await screenshot("walkthrough-fix", { sees: ".action-widget .action", press: "Escape" });
    await menu;
    const position = vscode.window.activeTextEditor?.selection.active;
    holds(position !== undefined, "no cursor");
    const actions = await actionsAt(document, new vscode.Range(position, position), vscode.CodeActionKind.QuickFix);
    const [fix] = actions.filter((action) => action.isPreferred);
    holds(fix !== undefined, actions.map((a) => a.title).join(", "));
    await apply(fix);

    const safe = document.getText();
    await run("bulkhead.openExample", "fixAll");
    await eventually("all is fixed", () => document.getText() !== safe || undefined);
    await open();
    for (const id of ["fixApplied", "allFixed"]) await screenshot(`walkthrough-${id}`, { sees: done(id) });

    const made = run(command, orders());
    await seePreview("walkthrough-preview");
    await answerPreview(made, "apply");
    await open();
    await screenshot("walkthrough-end", { sees: done("serviceMade") });
  });
});
