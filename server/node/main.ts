/** The language server as a process of its own: over stdio, or over Node's IPC where VS Code starts it. */
import { createConnection } from "vscode-languageserver/node";
import { startServer } from "../server";
import { nodeHost } from "./host";

/** Serves the transport that the command line names: `--stdio`, `--node-ipc`, `--socket=<port>` or `--pipe=<name>`. */
export function startNodeServer(): void {
  const connection = createConnection();
  startServer(
    connection,
    nodeHost((what) => connection.console.error(what)),
  );
  connection.listen();
}

if (require.main === module) startNodeServer();
