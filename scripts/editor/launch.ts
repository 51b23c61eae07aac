import { format } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { Fault } from "./fault";
import type { Editor } from "./install";
import { type Opening, type Server, startServer, workbenchAddress } from "./server";

export interface Workbench {
  readonly page: Page;
  /** The exit code of the tests that run in it; rejects where the window or the server ends before them. */
  readonly exitCode: Promise<number>;
  stop(): Promise<void>;
}

export interface WorkbenchOptions extends Opening {
  readonly data: string;
  readonly trust: "trusted" | "restricted";
  readonly signal: AbortSignal;
  /** Device pixels for one CSS pixel of the 1280 × 800 window. */
  readonly scale: number;
  /** Called with every line that the window logs; the tests' console among them. */
  readonly onLine: (line: string) => void;
}

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a server and a browser without a window, and opens the workbench in it. */
export async function launchWorkbench(editor: Editor, options: WorkbenchOptions): Promise<Workbench> {
  const server = await startServer(editor, options);
  const browser = await launchBrowser(editor, "headless").catch(async (error) => {
    await server.stop();
    throw error;
  });
  const stop = async () => {
    await browser.close();
    await server.stop();
  };
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: options.scale,
      locale: "en-US",
    });
    const exitCode = await watchTests(page, server, options);
    await page.goto(workbenchAddress(server, options));
    return { page, exitCode: exitCode.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A browser whose end is ours to order: it does not listen to signals itself. */
export function launchBrowser(editor: Editor, display: "headless" | "headed"): Promise<Browser> {
  return chromium.launch({
    executablePath: editor.chromium,
    headless: display === "headless",
    // Chromium's sandbox refuses to run as root.
    chromiumSandbox: display === "headed" && process.getuid?.() !== 0,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: quiet,
  });
}

/** Must be called before the page goes anywhere. The promise is wrapped so that awaiting this call leaves it pending. */
async function watchTests(page: Page, server: Server, options: WorkbenchOptions) {
  const { signal, onLine } = options;
  let finish: (code: number) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const promise = new Promise<number>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  // A failure may come before anybody awaits it.
  promise.catch(() => {});
  const stopped = () => fail(new Fault(`The editor was stopped: ${signal.reason?.message ?? signal.reason}`));
  signal.addEventListener("abort", stopped, { once: true });
  page.once("crash", () => fail(new Fault("The browser's page crashed.")));
  page.once("close", () => fail(new Fault("The browser's page was closed before the tests ended.")));
  server.ended.then(() => fail(new Fault("The VS Code server ended before the tests.")));
  await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => onLine(format(...args)));
  await page.exposeFunction("codeAutomationExit", (code: number) => finish(code));
  return { promise };
}
