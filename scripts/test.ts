/** `npm test`: every suite, the real editor last; the closing line counts them all. `--no-editor` leaves that out. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const out = join(root, "out");

interface Count {
  passed: number;
  failed: number;
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "editor" ? [] : testFiles(path);
    return entry.name.endsWith(".test.js") ? [path] : [];
  });
}

/** The suites that need no editor, in a mocha of their own. */
function suites(): Count {
  const results = join(out, "mocha-results.json");
  rmSync(results, { force: true });
  const mocha = join(root, "node_modules", "mocha", "bin", "mocha.js");
  const reporter = join(__dirname, "reporter.js");
  const files = testFiles(join(out, "test")).sort();
  const run = spawnSync(process.execPath, [mocha, "--timeout", "120000", "--reporter", reporter, ...files], {
    cwd: root,
    stdio: "inherit",
  });
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const count = JSON.parse(readFileSync(results, "utf8")) as Count;
  return run.status === 0 || count.failed > 0 ? count : { ...count, failed: 1 };
}

function editor(): Count {
  const results = join(out, "editor-results.json");
  rmSync(results, { force: true });
  const run = spawnSync(process.execPath, [join(__dirname, "editor.js"), "test"], { cwd: root, stdio: "inherit" });
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const count = JSON.parse(readFileSync(results, "utf8")) as Count;
  return run.status === 0 || count.failed > 0 ? count : { ...count, failed: 1 };
}

mkdirSync(out, { recursive: true });
const counts = [suites()];
if (!process.argv.includes("--no-editor")) counts.push(editor());
const passed = counts.reduce((sum, c) => sum + c.passed, 0);
const failed = counts.reduce((sum, c) => sum + c.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
