import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "./fault";
import type { Editor } from "./install";
import { endGroup, ownEnvironment } from "./process";

/** A VS Code server of ours, reachable from this machine only. */
export interface Server {
  readonly port: number;
  /** Whoever opens the workbench must know it. */
  readonly token: string;
  /** Settles when the server ends, wanted or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The server's own files; created. */
  readonly data: string;
  /** `restricted` leaves every workspace in Restricted Mode until a person trusts it. */
  readonly trust: "trusted" | "restricted";
  readonly signal: AbortSignal;
}

/** The desktop's ways where the web's differ, and nothing in the way of a first look. */
const settings = {
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.openRepositoryInParentFolders": "never",
  "telemetry.telemetryLevel": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Starts a server on a free port. Throws a `Fault` with its output where it does not come up. */
export async function startServer(editor: Editor, options: ServerOptions): Promise<Server> {
  const token = randomBytes(16).toString("hex");
  const tokenFile = join(options.data, "token");
  await mkdir(join(options.data, "data", "Machine"), { recursive: true });
  await writeFile(tokenFile, token, { mode: 0o600 });
  await writeFile(join(options.data, "data", "Machine", "settings.json"), JSON.stringify(settings));

  const child = spawn(editor.node, [editor.server, ...serverArgs(options, tokenFile)], {
    stdio: ["ignore", "pipe", "pipe"],
    // Its sockets go where its other files go.
    env: { ...ownEnvironment(), TMPDIR: options.data, XDG_RUNTIME_DIR: options.data },
    // Its extension hosts are its children: all end together.
    detached: true,
  });
  const stop = () => endGroup(child);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  try {
    return { port: await listening(child, options.signal), token, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverArgs(options: ServerOptions, tokenFile: string): string[] {
  const args = ["--host", "127.0.0.1", "--port", "0", "--connection-token-file", tokenFile];
  args.push("--accept-server-license-terms", "--enable-smoke-test-driver", "--telemetry-level", "off");
  args.push("--server-data-dir", options.data);
  return options.trust === "trusted" ? [...args, "--disable-workspace-trust"] : args;
}

/** The port that the server says it listens on. */
function listening(child: ChildProcess, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (why: string) => reject(new Fault(`The VS Code server ${why}.\n${output}`));
    const onAbort = () => fail("did not come up in time");
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("error", (error) => fail(`cannot be started: ${error.message}`));
    child.once("close", (code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-10_000);
        const port = /host agent listening on (\d+)/.exec(output)?.[1];
        if (port === undefined) return;
        signal.removeEventListener("abort", onAbort);
        resolve(Number(port));
      });
    }
  });
}

export interface Opening {
  /** Absolute paths. */
  readonly folder: string;
  readonly extension: string;
  readonly tests?: string;
  /** `worker` is the host that web editors have. */
  readonly host: "node" | "worker";
}

/** The address of a workbench that runs the extension from its folder, and the tests in it where they are named. */
export function workbenchAddress(server: Server, opening: Opening): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [["extensionDevelopmentPath", remote(opening.extension)]];
  if (opening.tests !== undefined) payload.push(["extensionTestsPath", remote(opening.tests)]);
  if (opening.host === "worker") payload.push(["extensionDevelopmentKind", "web"]);
  const query = new URLSearchParams({
    tkn: server.token,
    folder: opening.folder,
    payload: JSON.stringify(payload),
  });
  return `http://127.0.0.1:${server.port}/?${query.toString().replaceAll("+", "%20")}`;
}
