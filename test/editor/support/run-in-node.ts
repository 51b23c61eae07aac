import Mocha from "mocha";
import { driverReporter } from "./reporter";
import { patience } from "./wait";

/** Runs compiled test files, by absolute paths. Rejects where a test fails: that makes the editor's exit code. */
export async function runInNode(files: readonly string[]): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 2 * patience, reporter: driverReporter(Mocha) });
  for (const file of files) mocha.addFile(file);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
