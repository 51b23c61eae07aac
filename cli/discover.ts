/** Finds a project's root, and walks its folders. */
import { existsSync, readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { configNames, isTextName, isWanted, recognise } from "../engine/index";
import { leavesOut, patternsAbove, patternsOf, type Patterns } from "./ignored";

/** A path that the user named, made absolute. */
export interface Target {
  readonly path: string;
  readonly type: "file" | "directory";
}

/** What a walk found below a root. Names are relative to the root, with `/`; each list is in a fixed order. */
export interface Tree {
  /** Every file, whatever it is; undefined where there are more than {@link mostFiles}. */
  readonly listing: readonly string[] | undefined;
  /** Files to check. */
  readonly candidates: readonly string[];
  /** Files whose texts tell something about the others. */
  readonly context: readonly string[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/** A root with more files is no project (a home folder, a whole disk): which files it has then counts as unknown. */
export const mostFiles = 300_000;

/**
 * The nearest folder, from `start` upwards, that holds a configuration or a repository. Without one: `cwd` if `start`
 * is in it, unless that is the root of the file system; else `start` itself. All are absolute.
 */
export function findRoot(start: string, cwd: string): string {
  for (let directory = start; ; directory = dirname(directory)) {
    if ([...configNames, ".git"].some((name) => existsSync(join(directory, name)))) return directory;
    if (dirname(directory) === directory) return isBelow(cwd, start) && cwd !== directory ? cwd : start;
  }
}

/** Whether `path` is `directory` or lies in it. */
export const isBelow = (directory: string, path: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);

/** The name of `path` below `root`, with `/`. */
export const nameBelow = (root: string, path: string): string =>
  path
    .slice(root.endsWith(sep) ? root.length : root.length + 1)
    .split(sep)
    .join("/");

/**
 * Walks everything below the root but `.git` and `node_modules`. Linked folders are not entered, so no cycle is: what
 * they hold is checked where it lies. `seen` is told of each folder, for progress.
 */
export function walk(root: string, targets: readonly Target[], seen: (files: number) => void): Tree {
  const listing = new Set<string>();
  const candidates = new Set<string>();
  const context = new Set<string>();
  const unreadable: { path: string; reason: string }[] = [];
  const entered = new Set<string>();
  const directories = targets.filter((t) => t.type === "directory").map((t) => t.path);
  const isAsked = (path: string): boolean => directories.some((directory) => isBelow(directory, path));

  const take = (path: string, entry: Dirent, patterns: readonly Patterns[] | undefined): void => {
    const name = nameBelow(root, path);
    listing.add(name);
    const isContext = isWanted(name);
    if (!isContext && !(isTextName(name) && isAsked(path))) return;
    const ignored = patterns === undefined || leavesOut(patterns, path, "file");
    // Builders read their ignore files whether git tracks them or not.
    if (ignored && recognise(name, "") !== "dockerignore") return;
    if (entry.isSymbolicLink() && !leadsToUnwanted(root, path)) return;
    if (isContext) context.add(name);
    if (!ignored && isAsked(path)) candidates.add(name);
  };

  /** `inherited` is undefined below a folder that git leaves out. */
  const enter = (directory: string, inherited: readonly Patterns[] | undefined): void => {
    let entries: Dirent[];
    try {
      entries = readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      unreadable.push({ path: directory, reason: reasonOf(error) });
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (inherited !== undefined) entered.add(directory);
    const own =
      inherited !== undefined && entries.some((e) => e.name === ".gitignore") ? patternsOf(directory) : undefined;
    const patterns = own === undefined ? inherited : [...(inherited ?? []), own];
    seen(listing.size);
    for (const entry of entries) {
      const path = join(directory, entry.name);
      // That there is a repository matters to rules; what it holds does not.
      if (entry.name === ".git") listing.add(nameBelow(root, entry.isDirectory() ? join(path, "HEAD") : path));
      else if (entry.isFile() || entry.isSymbolicLink()) take(path, entry, patterns);
      else if (entry.isDirectory() && entry.name !== "node_modules") {
        if (listing.size > mostFiles && !targets.some((t) => isBelow(path, t.path) || isBelow(t.path, path))) continue;
        enter(path, patterns === undefined || leavesOut(patterns, path, "directory") ? undefined : patterns);
      }
    }
  };

  enter(root, patternsAbove(root));
  // A folder that was named is looked into, though it be ignored, linked, or in node_modules.
  for (const directory of directories) if (!entered.has(directory)) enter(directory, []);
  return {
    listing: listing.size > mostFiles ? undefined : [...listing],
    candidates: [...candidates],
    context: [...context],
    unreadable,
  };
}

/** A linked file is checked under its own name only where its target is a file of the project that is not checked itself. */
function leadsToUnwanted(root: string, path: string): boolean {
  try {
    const target = realpathSync(path);
    return isBelow(realpathSync(root), target) && statSync(target).isFile() && !isWanted(basename(target));
  } catch {
    return false;
  }
}

/** Why the system refused, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ENOENT") return "no such file or directory";
  if (code === "EROFS") return "the file system is read-only";
  if (code === "ENOSPC") return "no space left";
  return code ?? message;
}
