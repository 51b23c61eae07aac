/** Mocha's reporter of `npm test`: names failures, and a line a file of suites; leaves the counts in `out/`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Runner, reporters } from "mocha";

module.exports = class Brief extends reporters.Base {
  constructor(runner: Runner) {
    super(runner);
    let passed = 0;
    const failures: Mocha.Test[] = [];
    const perSuite = new Map<string, number>();
    runner.on("pass", (test) => {
      passed++;
      const top = test.titlePath()[0] ?? "";
      const group = /^[a-z]+\//.test(top) ? `rules: ${top.split("/")[0]}` : top;
      perSuite.set(group, (perSuite.get(group) ?? 0) + 1);
    });
    runner.on("fail", (test) => failures.push(test as Mocha.Test));
    runner.once("end", () => {
      for (const [name, count] of perSuite) console.log(`${String(count).padStart(6)}  ${name}`);
      if (failures.length > 0) reporters.Base.list(failures);
      writeFileSync(join(__dirname, "..", "mocha-results.json"), JSON.stringify({ passed, failed: failures.length }));
    });
  }
};
