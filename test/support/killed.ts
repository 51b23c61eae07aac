/**
 * Writes what standard input says and kills itself before the step of that number, as nothing can be told in advance of
 * a real end. `node killed.js STEP`; prints the steps.
 */
import { readFileSync, writeSync } from "node:fs";
import { writeAll, type Writing } from "../../cli/write";

interface Told {
  readonly folder: string;
  readonly creates: readonly { readonly path: string; readonly text: string }[];
  readonly changes: readonly { readonly path: string; readonly before: string; readonly after: string }[];
}

const { folder, creates, changes } = JSON.parse(readFileSync(0, "utf8")) as Told;
const writing: Writing = {
  folder,
  creates: creates.map(({ path, text }) => ({ path, bytes: Buffer.from(text), executable: path.endsWith(".sh") })),
  changes: changes.map(({ path, before, after }) => ({ path, before: Buffer.from(before), after: Buffer.from(after) })),
};

let left = Number(process.argv[2]);
void writeAll(writing, (step) => {
  writeSync(1, `${step}\n`);
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
});
