import "mocha/mocha.js";
import type Mocha from "mocha";
import { driverReporter } from "./support/reporter";
import { patience } from "./support/wait";

/** What mocha's browser build puts on the global object. */
interface BrowserGlobals {
  readonly Mocha: typeof Mocha;
  readonly mocha: {
    setup(options: { ui: "bdd"; timeout: number; reporter: Mocha.ReporterConstructor }): void;
    run(done: (failures: number) => void): void;
  };
}

/** Bundled for the web worker host; rejects where a test fails. */
export async function run(): Promise<void> {
  const { Mocha, mocha } = globalThis as unknown as BrowserGlobals;
  mocha.setup({ ui: "bdd", timeout: 2 * patience, reporter: driverReporter(Mocha) });
  // The tests need the globals that setup makes.
  await import("./worker.test.js");
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
