import { commands, type Disposable, type LogOutputChannel, window } from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest } from "vscode-languageclient";
import { commands as ids, methods, type RuleEntry } from "../server/protocol";
import { rulePageUri } from "./rulePages";
import { tried } from "./tried";

export function registerCommands(client: BaseLanguageClient, output: LogOutputChannel): Disposable[] {
  return [
    commands.registerCommand(ids.fixAll, () => fixAll(client)),
    commands.registerCommand(ids.explainRule, (id?: unknown) => explainRule(client, id)),
    commands.registerCommand(ids.checkWorkspace, () =>
      client.sendRequest(ExecuteCommandRequest.type, { command: ids.checkWorkspace, arguments: [] }),
    ),
    commands.registerCommand("bulkhead.restartServer", () => restart(client)),
    commands.registerCommand("bulkhead.showOutput", () => output.show()),
  ];
}

async function fixAll(client: BaseLanguageClient): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined) return;
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  const changed: unknown = await client.sendRequest(ExecuteCommandRequest.type, {
    command: ids.fixAll,
    arguments: [uri],
  });
  if (changed === true) tried("allFixed");
}

/** Without an id, as from the palette, the user chooses one. */
async function explainRule(client: BaseLanguageClient, id: unknown): Promise<void> {
  const rule = typeof id === "string" ? id : await chooseRule(client);
  if (rule !== undefined) await commands.executeCommand("markdown.showPreview", rulePageUri(rule));
}

async function chooseRule(client: BaseLanguageClient): Promise<string | undefined> {
  const items = client
    .sendRequest<readonly RuleEntry[]>(methods.rules)
    .then((rules) =>
      rules.map((r) => ({ label: r.id, description: `${r.severity} · ${r.preset}`, detail: r.summary })),
    );
  const chosen = await window.showQuickPick(items, {
    title: "Bulkhead rules",
    placeHolder: "Which rule?",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.label;
}

async function restart(client: BaseLanguageClient): Promise<void> {
  // A server that does not answer any more is ended by the client after a while, which then complains.
  if (client.needsStop()) await client.stop().catch(() => undefined);
  await client.start();
}
