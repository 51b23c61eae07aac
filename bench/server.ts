/** Talks to the bundled server over stdio and measures what a person typing would wait for. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import { codeOf } from "./code";
import { composeProject, dockerfileOf, manifestsOf, spread, type Spread } from "./numbers";

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly unknown[];
}

interface Session {
  readonly connection: MessageConnection;
  readonly child: ChildProcess;
  next(uri: string, version: number): Promise<void>;
}

function open(server: string): Session {
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  if (child.stdout === null || child.stdin === null) throw new Error("no pipes");
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const waiting: { uri: string; version: number; done: () => void }[] = [];
  connection.onNotification("textDocument/publishDiagnostics", (published: Published) => {
    for (const w of waiting.filter((x) => x.uri === published.uri && (published.version ?? 0) >= x.version)) {
      waiting.splice(waiting.indexOf(w), 1);
      w.done();
    }
  });
  connection.onRequest((method: string) => (method === "workspace/configuration" ? [null] : null));
  connection.listen();
  return {
    connection,
    child,
    next: (uri, version) => new Promise((done) => waiting.push({ uri, version, done })),
  };
}

async function initialize(session: Session, folder: string | null): Promise<void> {
  const uri = folder === null ? null : pathToFileURL(folder).href;
  await session.connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: uri === null ? null : [{ uri, name: "bench" }],
    capabilities: {},
  });
  await session.connection.sendNotification("initialized", {});
}

async function close(session: Session): Promise<void> {
  await session.connection.sendRequest("shutdown");
  await session.connection.sendNotification("exit");
  session.connection.dispose();
}

async function openText(session: Session, uri: string, languageId: string, text: string): Promise<void> {
  const published = session.next(uri, 1);
  await session.connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId, version: 1, text },
  });
  await published;
}

const dockerfile = "untitled:Dockerfile";

/** Milliseconds from spawning the server to the first diagnostics, grammars loaded; the best and the median of `times`. */
export async function firstDiagnostics(server: string, times: number): Promise<Spread> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    const session = open(server);
    await initialize(session, null);
    await openText(session, dockerfile, "dockerfile", dockerfileOf(60));
    taken.push(performance.now() - start);
    await close(session);
  }
  return spread(taken);
}

export interface Typing {
  readonly latency: Spread;
  /** Megabytes of the server's resident memory at the end. */
  readonly memory: number;
}

/** Where a person types, character by character, and what. */
interface Place {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
  readonly typed: string;
}

/** Types into the middle of a Dockerfile. */
export async function typing(server: string, lines: number, edits: number): Promise<Typing> {
  const session = open(server);
  await initialize(session, null);
  const text = dockerfileOf(lines);
  await openText(session, dockerfile, "dockerfile", text);
  const rows = text.split("\n");
  let line = rows.findIndex((r, i) => i > rows.length / 2 && r.startsWith("RUN apt-get"));
  if (line < 0) line = rows.findIndex((r) => r.startsWith("RUN "));
  const typed = "curl -k http://example.com/install.sh | sh && chmod 777 /app && ";
  return measure(session, { uri: dockerfile, line, column: 4, typed }, edits);
}

/** Milliseconds between two keys of somebody who types very fast; other open files are renewed in between. */
const keyPause = 30;

/** Types into the middle of the first of a project's files, all of them open. */
export async function typingCompose(server: string, edits: number): Promise<Typing> {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  const files = composeProject();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const session = open(server);
  try {
    await initialize(session, folder);
    const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
    for (const [name, text] of Object.entries(files))
      if (name.endsWith(".yaml")) await openText(session, uriOf(name), "dockercompose", text);
    const main = "compose.yaml";
    const rows = (files[main] ?? "").split("\n");
    const line = rows.findIndex((r, i) => i > rows.length / 2 && r.includes("LOG_LEVEL"));
    const column = rows[line]?.indexOf("info") ?? 0;
    return await measure(session, { uri: uriOf(main), line, column, typed: "warning-of-everything" }, edits, keyPause);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Types into the middle of the only file of manifests. */
export async function typingManifests(server: string, lines: number, edits: number): Promise<Typing> {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  const text = manifestsOf(lines);
  const file = join(folder, "shop.yaml");
  writeFileSync(file, text);
  const session = open(server);
  try {
    await initialize(session, folder);
    const uri = pathToFileURL(file).href;
    await openText(session, uri, "yaml", text);
    const rows = text.split("\n");
    const line = rows.findIndex((r, i) => i > rows.length / 2 && r.includes("value: info"));
    const column = rows[line]?.indexOf("info") ?? 0;
    return await measure(session, { uri, line, column, typed: "warning-of-everything" }, edits);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Types into the middle of a file of service code. */
export async function typingCode(server: string, file: string, lines: number, edits: number): Promise<Typing> {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  const text = codeOf(file, lines);
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const session = open(server);
  try {
    await initialize(session, folder);
    const uri = pathToFileURL(path).href;
    await openText(session, uri, languageIds[extname(file)] ?? "plaintext", text);
    const rows = text.split("\n");
    const line = rows.findIndex((r, i) => i > rows.length / 2 && r.includes("/orders/"));
    const column = rows[line]?.indexOf("orders/") ?? 0;
    return await measure(session, { uri, line, column, typed: "customers-of-the-shop" }, edits);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const languageIds: Readonly<Record<string, string>> = {
  ".ts": "typescript",
  ".py": "python",
  ".go": "go",
  ".java": "java",
  ".cs": "csharp",
};

/** Every edit waits for its diagnostics. */
async function measure(
  session: Session,
  { uri, line, column, typed }: Place,
  edits: number,
  pause = 0,
): Promise<Typing> {
  const times: number[] = [];
  let version = 1;
  const change = async (start: number, end: number, inserted: string): Promise<void> => {
    version++;
    const published = session.next(uri, version);
    const from = performance.now();
    await session.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: { line, character: start }, end: { line, character: end } }, text: inserted }],
    });
    await published;
    times.push(performance.now() - from);
    if (pause > 0) await new Promise((resume) => setTimeout(resume, pause));
  };
  while (times.length < edits) {
    let at = column;
    for (const c of typed) {
      await change(at, at, c);
      at++;
    }
    await change(column, at, "");
  }
  const status = readFileSync(`/proc/${session.child.pid}/status`, "utf8");
  const memory = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  await close(session);
  // The first edits warm the compiler up, as the first keys of a day do; they are measured, but apart.
  return { latency: spread(times.slice(typed.length)), memory };
}
