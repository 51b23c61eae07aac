import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { Fault } from "./fault";

/** The first of these programs that PATH has. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Our environment without what an editor sets for its own terminal: an editor that is started from it is another one. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_RUN_AS_NODE$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Settles when the signal is given, at once where it has been. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Runs a program to its end with our own output. Throws a `Fault` where it does not end with 0. */
export async function runProgram(program: string, args: readonly string[], options: SpawnOptions): Promise<void> {
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  const code = await ended(child);
  if (code !== 0) throw new Fault(`${program} ${args.join(" ")}: ended with ${code}`);
}

/** The exit code or the signal's name. Throws where the program cannot be started. */
export async function ended(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null) return child.exitCode;
  if (child.signalCode !== null) return child.signalCode;
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? "no exit code"));
  });
}

const patience = 5000;

/** Ends a program that was started with `detached: true`, and all that it started; forcibly after 5 s. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : ended(child);
  signalGroup(child.pid, "SIGTERM");
  const late = setTimeout(signalGroup, patience, child.pid, "SIGKILL");
  await gone;
  clearTimeout(late);
  signalGroup(child.pid, "SIGKILL");
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    // Windows has no process groups to signal.
    process.kill(process.platform === "win32" ? leader : -leader, signal);
  } catch {
    // All of it has ended already.
  }
}
