/** Fewest edits for texts that only grow. */
import { applyEdits, type Edit } from "../engine/index";

/**
 * The same edits as insertions of whole lines, where they insert nothing but lines; else as they were. An editor then
 * shows what comes, and not a whole file that is replaced.
 */
export function asInsertions(before: string, edits: readonly Edit[]): readonly Edit[] {
  const old = linesOf(before);
  const insertions: Edit[] = [];
  let at = 0;
  let next = 0;
  let pending = "";
  const flush = (): void => {
    if (pending !== "") insertions.push({ span: { start: at, end: at }, text: pending });
    pending = "";
  };
  for (const line of linesOf(applyEdits(before, edits))) {
    if (line !== old[next]) {
      pending += line;
      continue;
    }
    flush();
    at += line.length;
    next++;
  }
  flush();
  return next === old.length ? insertions : edits;
}

/** With their terminators. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
