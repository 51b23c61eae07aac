/** Hands over to the language server, which is a file of its own. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface ServerModule {
  startNodeServer(): void;
}

/** The server's script: beside the bundled command line, or where the compiler puts it. */
function serverScript(): string {
  const bundled = join(__dirname, "server.js");
  return existsSync(bundled) ? bundled : join(__dirname, "..", "server", "node", "main.js");
}

export function startServer(): void {
  const server = createRequire(__filename)(serverScript()) as ServerModule;
  server.startNodeServer();
}
