/** The command line: reads the arguments, runs one command, sets the exit status. */
import { readArguments } from "./arguments";

/**
 * Ends by emptying the streams, never by `process.exit`, which would cut off what a pipe has not yet taken.
 * The status is 0 (clean), 1 (findings at or above `--fail-on`) or 2 (could not run, wholly or in part).
 */
async function main(): Promise<void> {
  // A reader that has seen enough, such as `head`, closes the pipe: no fault of ours or the user's.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const request = readArguments(process.argv.slice(2));
  // Each command loads its own modules: starting is most of the time of a short run.
  switch (request.command) {
    case "misuse": {
      process.stderr.write(`bulkhead: ${request.message}\n`);
      process.exitCode = 2;
      return;
    }
    case "help": {
      const { helpOn } = require("./help") as typeof import("./help");
      process.stdout.write(helpOn(request.topic));
      return;
    }
    case "version": {
      const { version } = require("./product") as typeof import("./product");
      process.stdout.write(`bulkhead ${version()}\n`);
      return;
    }
    case "rules": {
      const { listRules } = require("./catalogue") as typeof import("./catalogue");
      process.stdout.write(listRules(request.format));
      return;
    }
    case "explain": {
      const { explain } = require("./catalogue") as typeof import("./catalogue");
      const answer = explain(request.id);
      if (answer.known) process.stdout.write(answer.text);
      else process.stderr.write(answer.text);
      process.exitCode = answer.known ? 0 : 2;
      return;
    }
    case "new": {
      const { newService } = require("./new") as typeof import("./new");
      process.exitCode = await newService(request);
      return;
    }
    case "guard": {
      const { guard } = require("./write") as typeof import("./write");
      await guard(request.folder, request.pid);
      return;
    }
    case "lsp": {
      const { startServer } = require("./lsp") as typeof import("./lsp");
      startServer();
      return;
    }
    case "check": {
      const { check } = require("./check") as typeof import("./check");
      process.exitCode = await check(request);
      return;
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `bulkhead: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 2;
});
