/** Whether git keeps a file, and how it would leave it out. */
import { basename, type Context, dirname, type Fix, type Project } from "../../../engine/index";
import { ignoreLineFor, isGitIgnored } from "../git-ignored";
import { lineAtEnd } from "./environment-fixes";

/** Whether the file goes into the repository; false where that cannot be known. */
export const isKept = (file: string, project: Project): boolean =>
  project.under("") !== undefined && !isGitIgnored(file, project);

/**
 * A line about the file in the ignore file next to it, or in a new one. Unsafe: a checkout without the file has none of
 * its values.
 */
export function ignoringInGit(file: string, context: Context): Fix | undefined {
  const { ignoreFile, line, text } = ignoreLineFor(file, context.project);
  // Of `.env` every one is meant.
  const written = basename(file) === ".env" && dirname(ignoreFile) === dirname(file) ? ".env" : line;
  const edit = lineAtEnd(text ?? "", written);
  return {
    title: `Leave ${basename(file)} out in ${ignoreFile}`,
    applicability: "unsafe",
    edits: [],
    others: [{ file: ignoreFile, edits: [edit], ...(text === undefined ? { create: true } : {}) }],
  };
}
