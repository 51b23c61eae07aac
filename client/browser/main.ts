/** The extension in a web worker: the server is another one, and is handed its parsers. */
import { type ExtensionContext, Uri, workspace } from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { type GrammarParams, methods, type WorkerStart } from "../../server/protocol";
import { clientId, clientName, startClient } from "../client";

let client: LanguageClient | undefined;
let worker: Worker | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const inDist = (name: string): Uri => Uri.joinPath(context.extensionUri, "dist", name);
  await startClient(context, "browser", (options) => {
    client = new LanguageClient(clientId, clientName, () => startWorker(inDist), options);
    client.onRequest(methods.grammar, ({ file }: GrammarParams) =>
      /^tree-sitter-\w+\.wasm$/.test(file) ? workspace.fs.readFile(inDist(file)) : null,
    );
    client.onRequest(methods.templates, async () =>
      new TextDecoder().decode(await workspace.fs.readFile(inDist("templates.json"))),
    );
    return client;
  });
}

export async function deactivate(): Promise<void> {
  if (client?.needsStop()) await client.stop();
  worker?.terminate();
}

async function startWorker(inDist: (name: string) => Uri): Promise<MessageTransports> {
  const bytes = async (name: string): Promise<ArrayBuffer> => {
    const read = await workspace.fs.readFile(inDist(name));
    return read.slice().buffer as ArrayBuffer;
  };
  const [script, runtime, shell] = await Promise.all([
    bytes("server.browser.js"),
    bytes("web-tree-sitter.wasm"),
    bytes("tree-sitter-bash.wasm"),
  ]);
  // A server that was stopped leaves its worker behind.
  worker?.terminate();
  // From a copy: the editor makes no workers from the URIs of extensions that lie on another machine.
  const copy = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  worker = new Worker(copy);
  const start: WorkerStart = { runtime, shell };
  worker.postMessage(start, [runtime, shell]);
  // Not the worker itself: the language client does not know the editor's own kind of workers as such.
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}
