/** The language server in a web worker. Its first message brings the parsers; all others are the protocol's. */
import "./buffer";
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { createShellParser, type Languages } from "../../engine/index";
import type { WorkerStart } from "../protocol";
import { startServer } from "../server";

declare const self: DedicatedWorkerGlobalScope;

function start({ runtime, shell }: WorkerStart): void {
  const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));
  const languages = createShellParser(new Uint8Array(runtime), new Uint8Array(shell)).then(
    (parser): Languages => ({ shell: parser }),
    (error: unknown): Languages => {
      connection.console.error(`The shell parser could not be loaded: ${String(error)}`);
      return { shell: undefined };
    },
  );
  startServer(connection, {
    languages,
    filesOf: () => undefined,
    today: () => new Date().toISOString().slice(0, 10),
    soon: (run) => void setTimeout(run, 0),
    later: (run) => void setTimeout(run, 15),
  });
  connection.listen();
}

self.onmessage = (event: MessageEvent<WorkerStart>) => start(event.data);
