/** Writes a file so that nobody ever sees half of it. */
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

const modeOfNewFiles = 0o644;

/**
 * Puts the bytes beside the file and renames them into place; keeps the file's mode, and writes through a link. Makes
 * the file where it does not exist. Throws what the system says; the old file then is untouched.
 */
export function replaceFile(file: string, bytes: Buffer): void {
  const old = statSync(file, { throwIfNoEntry: false });
  const path = old === undefined ? file : realpathSync(file);
  const mode = old === undefined ? modeOfNewFiles & ~process.umask() : old.mode & 0o7777;
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const handle = openSync(beside, "wx", mode);
  try {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      fchmodSync(handle, mode);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
