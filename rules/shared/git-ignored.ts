/** What git leaves out, by the `.gitignore` files of a project; after gitignore(5). */
import { below, dirname, ignoreGlobMatches, join, type Project } from "../../engine/index";

interface GitPattern {
  readonly glob: string;
  readonly negated: boolean;
  /** It ended with `/`. */
  readonly foldersOnly: boolean;
}

/** Whether git leaves an untracked file out. Ignore files outside of the project are not seen. */
export function isGitIgnored(file: string, project: Pick<Project, "text">): boolean {
  const steps = file.split("/");
  // What lies in a folder that is left out cannot come in again.
  for (let length = 1; length <= steps.length; length++) {
    const path = steps.slice(0, length).join("/");
    if (verdictOn(path, length < steps.length, project)) return true;
  }
  return false;
}

/** The innermost ignore file that speaks of the path decides, and of its patterns the last one. */
function verdictOn(path: string, isFolder: boolean, project: Pick<Project, "text">): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const relative = below(folder, path);
    const text = project.text(join(folder, ".gitignore"));
    const patterns = text === undefined || relative === undefined ? [] : patternsOf(text);
    const last = patterns.findLast((p) => (isFolder || !p.foldersOnly) && isExactly(p.glob, relative ?? ""));
    if (last !== undefined) return !last.negated;
    if (folder === "") return false;
  }
}

/** The builders' globs also match what lies in a folder that they match; a name that no file has tells the two apart. */
const isExactly = (glob: string, path: string): boolean => ignoreGlobMatches(`${glob}/\0`, `${path}/\0`);

const patternsOf = (text: string): readonly GitPattern[] =>
  text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .flatMap((line) => patternOf(line) ?? []);

function patternOf(line: string): GitPattern | undefined {
  if (line.startsWith("#")) return undefined;
  const negated = line.startsWith("!");
  const written = withoutFinalBlanks(negated ? line.slice(1) : line);
  const foldersOnly = written.endsWith("/");
  const body = foldersOnly ? written.slice(0, -1) : written;
  if (body === "") return undefined;
  // A slash at the beginning or in the middle ties the pattern to the ignore file's own folder.
  const tied = body.includes("/") ? body.replace(/^\//, "") : `**/${body}`;
  // Behind a folder, `**` stands for everything in it but not for the folder itself.
  const glob = tied.replace(/(^|\/)\*\*$/, "$1**/*").replaceAll("[!", "[^");
  return { glob, negated, foldersOnly };
}

/** Blanks at the end count only behind a backslash. */
function withoutFinalBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === " " && text[end - 2] !== "\\") end--;
  return text.slice(0, end);
}

/** The ignore file to which a line about the file is best added, and the line; the file may not exist yet. */
export function ignoreLineFor(
  file: string,
  project: Pick<Project, "text">,
): { readonly ignoreFile: string; readonly line: string; readonly text: string | undefined } {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const ignoreFile = join(folder, ".gitignore");
    const text = project.text(ignoreFile);
    if (text === undefined && folder !== "") continue;
    const path = below(folder, file) ?? file;
    return { ignoreFile, line: `/${path.replace(/[\\*?[]/g, "\\$&").replace(/ $/, "\\ ")}`, text };
  }
}
