/** The extension beside Node: the server is a process of its own. */
import { type ExtensionContext, Uri } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientId, clientName, startClient } from "../client";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const module = Uri.joinPath(context.extensionUri, "dist", "server.js").fsPath;
  await startClient(context, "node", (options) => {
    client = new LanguageClient(clientId, clientName, { module, transport: TransportKind.ipc }, options);
    return client;
  });
}

export async function deactivate(): Promise<void> {
  if (client?.needsStop()) await client.stop();
}
