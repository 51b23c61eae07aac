import ignore, { type Ignore } from "ignore";

/**
 * Whether git would leave a file out, judged by the `.gitignore` files of the project. `textOf` gives the text of a file
 * of the project, by its name. The inner files decide over the outer ones; in a folder that is left out, nothing counts.
 */
export function gitIgnores(textOf: (file: string) => string | undefined): (file: string) => boolean {
  const patterns = new Map<string, Ignore | undefined>();
  const known = new Map<string, boolean>();
  const patternsIn = (folder: string): Ignore | undefined => {
    if (!patterns.has(folder)) {
      const text = textOf(folder === "" ? ".gitignore" : `${folder}/.gitignore`);
      patterns.set(folder, text === undefined ? undefined : ignore().add(text.replace(/^\ufeff/, "")));
    }
    return patterns.get(folder);
  };
  const verdict = (path: string, isFolder: boolean): boolean => {
    const parts = path.split("/");
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const own = patternsIn(parts.slice(0, depth).join("/"))?.test(
        `${parts.slice(depth).join("/")}${isFolder ? "/" : ""}`,
      );
      if (own?.ignored === true) return true;
      if (own?.unignored === true) return false;
    }
    return false;
  };
  const leavesOutFolder = (folder: string): boolean => {
    if (folder === "") return false;
    const before = known.get(folder);
    if (before !== undefined) return before;
    const found = leavesOutFolder(parentOf(folder)) || verdict(folder, true);
    known.set(folder, found);
    return found;
  };
  return (file) => leavesOutFolder(parentOf(file)) || verdict(file, false);
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
