/** What git leaves out. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import ignore, { type Ignore } from "ignore";

/** The patterns of one `.gitignore`, for what lies below its folder. */
export interface Patterns {
  /** Absolute. */
  readonly directory: string;
  readonly ignore: Ignore;
}

/** The patterns of a folder's own `.gitignore`; undefined where it has none that can be read. */
export const patternsOf = (directory: string): Patterns | undefined => read(directory, join(directory, ".gitignore"));

/** The patterns that reach into `root` from above it: those of the repository that it is part of. The outermost first. */
export function patternsAbove(root: string): readonly Patterns[] {
  const found: Patterns[] = [];
  for (let directory = root; ; directory = dirname(directory)) {
    const own = directory === root ? undefined : patternsOf(directory);
    if (own !== undefined) found.unshift(own);
    if (existsSync(join(directory, ".git"))) {
      const local = read(directory, join(directory, ".git", "info", "exclude"));
      return local === undefined ? found : [local, ...found];
    }
    // In no repository: patterns of unrelated folders above say nothing.
    if (dirname(directory) === directory) return [];
  }
}

/**
 * Whether git would leave the path out, if it tracks the folder that it is in. `path` is absolute; the inner patterns
 * (the last ones) decide over the outer.
 */
export function leavesOut(patterns: readonly Patterns[], path: string, type: "file" | "directory"): boolean {
  for (let i = patterns.length - 1; i >= 0; i--) {
    const { directory, ignore } = patterns[i] as Patterns;
    const start = directory.endsWith(sep) ? directory.length : directory.length + 1;
    const relative = path.slice(start).split(sep).join("/");
    const verdict = ignore.test(type === "directory" ? `${relative}/` : relative);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

function read(directory: string, file: string): Patterns | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  return { directory, ignore: ignore({ ignorecase: process.platform !== "linux" }).add(text.replace(/^\ufeff/, "")) };
}
