/**
 * Makes files and changes others: all of it or nothing, whatever ends the process.
 *
 * Everything is first written to a folder of our own beside its place, in the same file system. A journal there then says
 * what is about to happen, and what is ready is renamed into place. Taking the journal away is the end of it. Where an
 * error stops this, the journal is undone. Where the process itself ends, its guard undoes it: a second process, started
 * before the first byte is written, that waits for nothing but the end of the first. Where both end at once (the machine
 * stops), the next run undoes it.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { guardWord } from "./arguments";

/** Paths are relative to the folder, with `/`. */
export interface Writing {
  /** Absolute; it exists. */
  readonly folder: string;
  readonly creates: readonly { readonly path: string; readonly bytes: Buffer; readonly executable: boolean }[];
  readonly changes: readonly { readonly path: string; readonly before: Buffer; readonly after: Buffer }[];
}

interface Journal {
  /** What is renamed into place, with all that is in it; as long as it is in `new`, it was not. */
  readonly tops: readonly string[];
  readonly creates: readonly { readonly path: string; readonly hash: string }[];
  /** Folders that come with the files, the outer ones first. */
  readonly folders: readonly string[];
  /** The `i`th old file is kept as `old/i`. */
  readonly changes: readonly { readonly path: string; readonly after: string }[];
}

/** Told of each step before it is made; tests end the process there. */
export type Watch = (step: string) => void;

const mark = ".bulkhead-new-";
const journalName = "journal.json";

const stagingOf = (folder: string, pid: number): string => join(folder, `${mark}${pid}`);

const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Throws what the system says, or what is in the way; the folder is then as it was. */
export async function writeAll(writing: Writing, watch: Watch = () => {}): Promise<void> {
  const { folder } = writing;
  for (const left of leftovers(folder)) undo(folder, left);
  const release = await startGuard(folder);
  const staging = stagingOf(folder, process.pid);
  try {
    prepare(writing, staging, watch);
    move(writing, staging, watch);
    watch("commit");
    rmSync(join(staging, journalName));
  } catch (error) {
    undo(folder, staging);
    release();
    throw error;
  }
  watch("tidy");
  rmSync(staging, { recursive: true, force: true });
  release();
}

function prepare({ creates, changes }: Writing, staging: string, watch: Watch): void {
  watch("staging");
  mkdirSync(staging);
  for (const { path, bytes, executable } of creates) {
    watch(`write ${path}`);
    const file = join(staging, "new", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes, { mode: executable ? 0o777 : 0o666, flag: "wx" });
  }
  mkdirSync(join(staging, "old"));
  mkdirSync(join(staging, "changed"));
  for (const [i, { path, before, after }] of changes.entries()) {
    watch(`write ${path}`);
    const { mode } = statSync(join(dirname(staging), path));
    for (const [kept, bytes] of [
      ["old", before],
      ["changed", after],
    ] as const) {
      const file = join(staging, kept, String(i));
      writeFileSync(file, bytes, { flag: "wx" });
      flush(file);
      chmodSync(file, mode & 0o7777);
    }
  }
}

function flush(file: string): void {
  const handle = openSync(file, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function move({ folder, creates, changes }: Writing, staging: string, watch: Watch): void {
  const tops = [...new Set(creates.map(({ path }) => topOf(folder, path)))];
  const journal: Journal = {
    tops,
    creates: creates.map(({ path, bytes }) => ({ path, hash: hashOf(bytes) })),
    folders: [...new Set(creates.flatMap(({ path }) => foldersFrom(topOf(folder, path), path)))],
    changes: changes.map(({ path, after }) => ({ path, after: hashOf(after) })),
  };
  watch("journal");
  const draft = join(staging, "draft.json");
  writeFileSync(draft, JSON.stringify(journal));
  flush(draft);
  renameSync(draft, join(staging, journalName));
  for (const top of tops) {
    watch(`move ${top}`);
    if (lstatSync(join(folder, top), { throwIfNoEntry: false }) !== undefined)
      throw new Error(`\`${top}\` is there now`);
    renameSync(join(staging, "new", top), join(folder, top));
  }
  for (const [i, { path, before }] of changes.entries()) {
    watch(`change ${path}`);
    if (!readFileSync(join(folder, path)).equals(before)) throw new Error(`\`${path}\` was changed meanwhile`);
    renameSync(join(staging, "changed", String(i)), join(folder, path));
  }
}

/** The outermost part of the path that is not there yet: it comes by one renaming, with everything in it. */
function topOf(folder: string, path: string): string {
  const words = path.split("/");
  const count = words.findIndex((_, i) => {
    return lstatSync(join(folder, ...words.slice(0, i + 1)), { throwIfNoEntry: false }) === undefined;
  });
  return words.slice(0, count < 0 ? words.length : count + 1).join("/");
}

/** The folders from `top`, which is one, to the file. */
function foldersFrom(top: string, path: string): readonly string[] {
  const words = path.split("/");
  const first = top.split("/").length;
  return words.slice(first).map((_, i) => words.slice(0, first + i).join("/"));
}

/** Of runs in the folder that ended without an end, guards included. */
function leftovers(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(mark) && !isRunning(Number(name.slice(mark.length))))
    .map((name) => join(folder, name));
}

/** In a folder that others write to, a folder of theirs could tell us to undo what was never done. */
function isOurs(staging: string): boolean {
  const stat = lstatSync(staging, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === (process.getuid?.() ?? stat.uid);
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Takes back what the journal says, and then everything of that run. What somebody has changed since stays. May be
 * called again where it was stopped.
 */
function undo(folder: string, staging: string): void {
  if (!isOurs(staging)) return;
  const journal = readJournal(join(staging, journalName));
  for (const [i, { path, after }] of (journal?.changes ?? []).entries()) {
    if (isAs(join(folder, path), after)) renameSync(join(staging, "old", String(i)), join(folder, path));
  }
  const moved = (journal?.tops ?? []).filter((top) => !existsSync(join(staging, "new", top)));
  const isMoved = (path: string): boolean => moved.some((top) => path === top || path.startsWith(`${top}/`));
  for (const { path, hash } of journal?.creates ?? []) {
    if (isMoved(path) && isAs(join(folder, path), hash)) rmSync(join(folder, path), { force: true });
  }
  for (const made of [...(journal?.folders ?? [])].filter(isMoved).sort((a, b) => b.length - a.length)) {
    try {
      rmdirSync(join(folder, made));
    } catch {
      // It never came, or something of others is in it.
    }
  }
  rmSync(staging, { recursive: true, force: true });
}

function readJournal(file: string): Journal | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Journal;
  } catch {
    return undefined;
  }
}

function isAs(file: string, hash: string): boolean {
  try {
    return hashOf(readFileSync(file)) === hash;
  } catch {
    return false;
  }
}

/** This program as a script: the bundle, or `main.js` beside this file. */
const program = basename(__filename).startsWith("write.") ? join(__dirname, "main.js") : __filename;

const readyWithin = 10_000;
const over = "over";

/**
 * Starts the guard, and gives what tells it that all is well. Where no process can be started, there is none: only a
 * process that is killed then leaves its work to the next run.
 */
function startGuard(folder: string): Promise<() => void> {
  return new Promise((resolve) => {
    const guardian = spawn(process.execPath, [program, guardWord, folder, String(process.pid)], {
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const release = (): void => {
      guardian.stdin.end(over);
      guardian.stdout.destroy();
      guardian.unref();
    };
    const timer = setTimeout(() => resolve(release), readyWithin);
    const go = (): void => {
      clearTimeout(timer);
      resolve(release);
    };
    guardian.stdin.on("error", () => {});
    guardian.on("error", go);
    guardian.on("exit", go);
    guardian.stdout.once("data", go);
  });
}

/** The guard: ends when the process `pid` does, and undoes what that one did not finish. */
export async function guard(folder: string, pid: number): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  process.stdout.on("error", () => {});
  process.stdout.write("ready\n");
  let said = "";
  for await (const chunk of process.stdin) said += String(chunk);
  if (said !== over) undo(folder, stagingOf(folder, pid));
}
