/** The client, wherever the extension runs: how the server is started is given. No analysis happens here. */
import { type ExtensionContext, type LogOutputChannel, window, workspace } from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { RevealOutputChannelOn, Trace } from "vscode-languageclient";
import type { InitializationOptions } from "../server/protocol";
import { registerCommands } from "./commands";
import { registerExample } from "./example";
import { answerFileRequests } from "./files";
import { registerNewService } from "./newService";
import { registerRulePages } from "./rulePages";
import { documentSelector, type Place } from "./selector";
import { showStatus } from "./status";
import { seen, watchWhatIsTried } from "./tried";

export const clientId = "bulkhead";
export const clientName = "Bulkhead";

/** Makes a client that starts the server when it is started. */
export type MakeClient = (options: LanguageClientOptions) => BaseLanguageClient;

/** Starts everything that the extension does; the client to stop afterwards. */
export async function startClient(
  context: ExtensionContext,
  place: Place,
  make: MakeClient,
): Promise<BaseLanguageClient> {
  const output = window.createOutputChannel(clientName, { log: true });
  const initializationOptions: InitializationOptions = { bulkheadClient: true, offersSnippets: true };
  const client = make({
    documentSelector: documentSelector(place),
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions,
    diagnosticCollectionName: clientId,
    middleware: {
      provideHover: async (document, position, token, next) => {
        const hover = await next(document, position, token);
        if (hover != null) seen(document, position);
        return hover;
      },
    },
  });
  context.subscriptions.push(
    output,
    ...answerFileRequests(client),
    ...registerCommands(client, output),
    registerRulePages(client),
    registerNewService(client),
    registerExample(context.extensionUri),
    ...watchWhatIsTried(),
    ...showStatus(client, place),
    ...limitTrace(client, output),
  );
  try {
    await client.start();
  } catch (error) {
    output.error(error instanceof Error ? error.message : String(error));
  }
  return client;
}

/**
 * Keeps the texts of documents, and any secret in them, out of the log: of messages only the names are ever traced,
 * whatever the settings ask for.
 */
function limitTrace(client: BaseLanguageClient, output: LogOutputChannel): { dispose(): void }[] {
  const limit = (): void => {
    const wanted = workspace.getConfiguration(clientId).get<string>("trace.server", "off");
    // The client reads the settings on the same events: what is set here must come after it.
    void Promise.resolve().then(() => client.setTrace(wanted === "off" ? Trace.Off : Trace.Messages));
  };
  return [client.onDidChangeState(limit), workspace.onDidChangeConfiguration(limit), output.onDidChangeLogLevel(limit)];
}
