import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { downloadAndUnzipVSCode } from "@vscode/test-electron";
import { Fault } from "./fault";
import { cacheFolder } from "./install";
import { listenTo } from "./listener";
import { ended, endGroup, ownEnvironment } from "./process";
import type { Results } from "./protocol";
import type { Stage } from "./stage";
import type { Suite } from "./suites";

/** Downloads VS Code where the cache has none; `$BULKHEAD_VSCODE_VERSION` is `stable`, `insiders` or a version. */
export function ensureDesktop(): Promise<string> {
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    throw new Fault("The desktop editor needs a display; run it under xvfb-run.", 2);
  }
  const version = process.env.BULKHEAD_VSCODE_VERSION ?? "stable";
  return downloadAndUnzipVSCode({ version, cachePath: join(cacheFolder(), "desktop") });
}

/** Runs one suite in a desktop VS Code. Nobody takes pictures there. */
export async function runDesktop(
  executable: string,
  suite: Suite,
  stage: Stage,
  signal: AbortSignal,
): Promise<Results> {
  // Without this folder the suite asks for nothing.
  await rm(stage.answers, { recursive: true });
  const listener = listenTo(stage, async () => {});
  const child = spawn(executable, desktopArgs(suite, stage), {
    stdio: ["ignore", "pipe", "pipe"],
    env: ownEnvironment(),
    detached: process.platform !== "win32",
  });
  createInterface({ input: child.stdout }).on("line", listener.hear);
  createInterface({ input: child.stderr }).on("line", listener.hear);
  const stop = () => void endGroup(child);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await ended(child);
    if (signal.aborted) throw new Fault(`The editor was stopped: ${signal.reason?.message ?? signal.reason}`);
    return listener.results(code);
  } finally {
    signal.removeEventListener("abort", stop);
    await endGroup(child);
  }
}

function desktopArgs(suite: Suite, stage: Stage): string[] {
  const args = [stage.workspace, "--no-sandbox", "--disable-gpu-sandbox", "--disable-updates"];
  args.push("--skip-welcome", "--skip-release-notes", "--disable-telemetry", "--new-window");
  args.push(`--user-data-dir=${stage.data}`, `--extensions-dir=${join(stage.data, "extensions")}`);
  args.push(`--extensionDevelopmentPath=${stage.extension}`, `--extensionTestsPath=${stage.tests}`);
  if (suite.trust === "trusted") args.push("--disable-workspace-trust");
  if (suite.host === "worker") args.push("--extensionDevelopmentKind=web");
  return args;
}
