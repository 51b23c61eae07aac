/** The language server in a web worker. Its first message brings the parsers; all others are the protocol's. */
import "./buffer";
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { createCodeParsers, createShellParser, grammarFiles, type Languages } from "../../engine/index";
import type { Templates } from "../../scaffold/index";
import { type GrammarParams, methods, type WorkerStart } from "../protocol";
import { startServer } from "../server";

declare const self: DedicatedWorkerGlobalScope;

function start({ runtime, shell }: WorkerStart): void {
  const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));
  const bytes = new Uint8Array(runtime);
  const code = createCodeParsers(
    () => Promise.resolve(bytes),
    async (name) => {
      const params: GrammarParams = { file: grammarFiles[name].file };
      return await connection.sendRequest<Uint8Array>(methods.grammar, params);
    },
  );
  const languages = createShellParser(bytes, new Uint8Array(shell)).then(
    (parser): Languages => ({ shell: parser, code }),
    (error: unknown): Languages => {
      connection.console.error(`The shell parser could not be loaded: ${String(error)}`);
      return { shell: undefined };
    },
  );
  const templates = async (): Promise<Templates | undefined> => {
    try {
      const text = await connection.sendRequest<string | null>(methods.templates);
      return text === null ? undefined : (JSON.parse(text) as Templates);
    } catch (error) {
      connection.console.error(`The templates could not be loaded: ${String(error)}`);
      return undefined;
    }
  };
  startServer(connection, {
    languages,
    templates,
    filesOf: () => undefined,
    today: () => new Date().toISOString().slice(0, 10),
    soon: (run) => void setTimeout(run, 0),
    later: (run) => void setTimeout(run, 15),
    rest: () => undefined,
  });
  connection.listen();
}

self.onmessage = (event: MessageEvent<WorkerStart>) => start(event.data);
