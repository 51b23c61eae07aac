import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "./fault";
import { type Answer, answerFile, type Request, type Results, readMessage } from "./protocol";
import type { Stage } from "./stage";

/** Hears the console of a run: prints the suite's lines, answers its requests, keeps its results. */
export interface Listener {
  hear(line: string): void;
  /** What the suite counted. Throws a `Fault` with the last lines of the log where that cannot be all. */
  results(exitCode: number | string): Results;
}

const kept = 40;

/** `meet` does what a request asks for, and rejects with the reason where it cannot. */
export function listenTo(stage: Stage, meet: (request: Request) => Promise<void>): Listener {
  const noise: string[] = [];
  let results: Results | undefined;

  const answer = async (request: Request) => {
    const reply: Answer = await meet(request).then(
      () => ({}),
      (error: Error) => ({ error: error.message }),
    );
    // Where the run has ended meanwhile nobody waits for the answer.
    await writeFile(join(stage.answers, answerFile(request)), JSON.stringify(reply)).catch(() => {});
  };

  return {
    hear(line) {
      const message = readMessage(line);
      if (message === undefined) {
        noise.push(line);
        if (noise.length > kept) noise.shift();
        if (process.env.BULKHEAD_EDITOR_LOG !== undefined) console.error(line);
        return;
      }
      if (message.kind === "line") console.log(message.text);
      if (message.kind === "results") results = message;
      if (message.kind === "screenshot" || message.kind === "typing") void answer(message);
    },
    results(exitCode) {
      if (results === undefined || results.passed + results.failed === 0) {
        throw new Fault(
          `The suite ended with ${exitCode} and without a test. The editor's last lines:\n${noise.join("\n")}`,
        );
      }
      if (exitCode !== 0 && results.failed === 0) {
        throw new Fault(`All tests passed, but the suite ended with ${exitCode}:\n${noise.join("\n")}`);
      }
      return results;
    },
  };
}
