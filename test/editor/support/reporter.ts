import type Mocha from "mocha";
import { say } from "./driver";

/**
 * Mocha's spec reporter, speaking to the driver; at the end it tells the counts. Mocha comes as an argument because
 * the web worker host has another build of it.
 */
export function driverReporter(mocha: typeof Mocha): Mocha.ReporterConstructor {
  const { Base, Spec } = mocha.reporters;
  Base.useColors = false;
  Base.consoleLog = (template = "", ...values: unknown[]) => {
    for (const text of fill(String(template), values).split("\n")) say({ kind: "line", text });
  };
  return class DriverReporter extends Spec {
    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
      super(runner, options);
      runner.once("end", () => {
        const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
        say({ kind: "results", passed: passes, failed: failures, skipped: pending });
      });
    }
  };
}

/** The `%s` and `%d` that mocha's reporters use. */
function fill(template: string, values: readonly unknown[]): string {
  const rest = [...values];
  const filled = template.replace(/%[sd%]/g, (hole) => (hole === "%%" ? "%" : String(rest.shift())));
  return [filled, ...rest.map(String)].join(" ");
}
