/**
 * `node out/scripts/editor.js <command> [--extension <folder>]`
 *
 *   install           installs the offline editor
 *   open [folder]     opens a folder, by default a copy of the example shop, in an editor with the extension, until
 *                     Ctrl-C: in a window where there is a display, else at the address that it prints
 *   test [name …]     runs all suites, or those whose names contain a word, and writes out/editor-results.json
 *   screenshot        takes media/screenshot.png
 *
 * Environment: BULKHEAD_VSCODE=desktop tests in a downloaded VS Code instead of the offline editor;
 * BULKHEAD_VSCODE_VERSION says which; BULKHEAD_EDITOR_CACHE is where editors are installed; BULKHEAD_EDITOR_LOG shows
 * all that the editor logs.
 *
 * Exit code 0: all is well; 1: a test failed; 2: something must be installed or the call is wrong.
 */
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { ensureDesktop, runDesktop } from "./editor/desktop";
import { Fault } from "./editor/fault";
import { type Editor, ensureEditor } from "./editor/install";
import { launchBrowser } from "./editor/launch";
import { type Pictures, runOffline } from "./editor/offline";
import { aborted } from "./editor/process";
import type { Results } from "./editor/protocol";
import { startServer, workbenchAddress } from "./editor/server";
import { prepareStage, projectFolder, type Stage } from "./editor/stage";
import { type Suite, suites, tour } from "./editor/suites";

/** The longest that one suite may take, the editor's start included; in milliseconds. */
const suiteLimit = 180_000;

type Run = (suite: Suite, stage: Stage, signal: AbortSignal) => Promise<Results>;

async function test(words: readonly string[], extension: string, signal: AbortSignal): Promise<number> {
  const chosen = suites.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (chosen.length === 0) throw new Fault(`No suite's name contains ${words.join(" or ")}.`, 2);
  const resultsFile = join(projectFolder, "out", "editor-results.json");
  await rm(resultsFile, { force: true });
  const run = await chooseEditor();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of chosen) {
    console.log(`\n${suite.name}`);
    const results = await runSuite(run, suite, extension, signal);
    total.passed += results.passed;
    total.failed += results.failed;
    total.skipped += results.skipped;
  }
  await writeFile(resultsFile, `${JSON.stringify(total)}\n`);
  console.log(`\nEditor: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}

async function chooseEditor(): Promise<Run> {
  if (process.env.BULKHEAD_VSCODE === "desktop") {
    const executable = await ensureDesktop();
    return (suite, stage, signal) => runDesktop(executable, suite, stage, signal);
  }
  const editor = await ensureEditor();
  const pictures: Pictures = { file: (name) => join(projectFolder, "out", "screenshots", `${name}.png`), scale: 1 };
  return (suite, stage, signal) => runOffline(editor, suite, stage, pictures, signal);
}

/** A suite that cannot run to its end counts as one failed test. */
async function runSuite(run: Run, suite: Suite, extension: string, signal: AbortSignal): Promise<Results> {
  try {
    return await runStaged(run, suite, extension, AbortSignal.any([signal, AbortSignal.timeout(suiteLimit)]));
  } catch (error) {
    if (signal.aborted) throw error;
    console.error(error instanceof Fault ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function runStaged(run: Run, suite: Suite, extension: string, signal: AbortSignal): Promise<Results> {
  const stage = await prepareStage(suite, extension);
  try {
    return await run(suite, stage, signal);
  } finally {
    await stage.remove();
  }
}

async function screenshot(extension: string, signal: AbortSignal): Promise<number> {
  const editor = await ensureEditor();
  const pictures: Pictures = { file: (name) => join(projectFolder, "media", `${name}.png`), scale: 2 };
  const run: Run = (suite, stage, limit) => runOffline(editor, suite, stage, pictures, limit);
  const { failed } = await runSuite(run, tour, extension, signal);
  return failed === 0 ? 0 : 1;
}

async function open(given: string | undefined, extension: string, signal: AbortSignal): Promise<number> {
  const editor = await ensureEditor();
  const temporary = await mkdtemp(join(tmpdir(), "bulkhead-editor-"));
  try {
    const folder = given === undefined ? await copyExample(temporary) : existing(given);
    await serve(editor, { folder, extension, data: join(temporary, "data"), signal });
    return 0;
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** The example is there to be changed, but not in the project itself. */
async function copyExample(into: string): Promise<string> {
  const copy = join(into, "shop");
  await cp(existing(join(projectFolder, "examples", "shop")), copy, { recursive: true });
  return copy;
}

function existing(folder: string): string {
  if (!existsSync(folder)) throw new Fault(`${folder} does not exist.`, 2);
  return resolve(folder);
}

interface Serving {
  readonly folder: string;
  readonly extension: string;
  readonly data: string;
  readonly signal: AbortSignal;
}

/** Until the signal. Throws a `Fault` where the server ends before. */
async function serve(editor: Editor, { folder, extension, data, signal }: Serving): Promise<void> {
  const server = await startServer(editor, { data, trust: "trusted", signal });
  try {
    const address = workbenchAddress(server, { folder, extension, host: "node" });
    console.log(`The editor shows ${folder} until Ctrl-C:\n\n${address}\n`);
    const browser = process.env.DISPLAY ? await showWindow(editor, address) : undefined;
    await Promise.race([aborted(signal), server.ended]);
    await browser?.close();
  } finally {
    await server.stop();
  }
  if (!signal.aborted) throw new Fault("The VS Code server ended by itself.");
}

/** Undefined where the display takes no window; then the address must do. */
async function showWindow(editor: Editor, address: string): Promise<Browser | undefined> {
  try {
    const browser = await launchBrowser(editor, "headed");
    const page = await browser.newPage({ viewport: null });
    await page.goto(address);
    return browser;
  } catch (error) {
    console.error(`No window could be opened: ${(error as Error).message}`);
    return undefined;
  }
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { extension: { type: "string" } } });
  } catch (error) {
    throw new Fault((error as Error).message, 2);
  }
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const [command, ...rest] = positionals;
  const extension = resolve(values.extension ?? projectFolder);
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => interrupt.abort(new Error(name)));
  }
  switch (command) {
    case "install":
      console.log(Object.values(await ensureEditor()).join("\n"));
      return 0;
    case "open":
      return open(rest[0], extension, interrupt.signal);
    case "test":
      return test(rest, extension, interrupt.signal);
    case "screenshot":
      return screenshot(extension, interrupt.signal);
    default:
      throw new Fault("Say one of: install, open [folder], test [name …], screenshot", 2);
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Fault ? error.message : error);
    process.exitCode = error instanceof Fault ? error.exitCode : 1;
  },
);
