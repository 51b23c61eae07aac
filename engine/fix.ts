import type { Edit } from "./text/edit";

/**
 * `safe`: keeps meaning and comments. `unsafe`: may change how the program behaves. `guided`: leaves a choice, written
 * as `${1:default}` in the edits' texts, which then are snippets (a literal `$`, `}` or `\` is escaped by `\`).
 */
export type Applicability = "safe" | "unsafe" | "guided";

/** Edits of one file; `create` is set where the file does not exist yet and `edits` make up its text. */
export interface FileEdits {
  /** The finding's own file where left out. */
  readonly file?: string;
  readonly create?: boolean;
  readonly edits: readonly Edit[];
}

export interface Fix {
  /** Says the edit, in the imperative: "Bind port 5432 to 127.0.0.1". */
  readonly title: string;
  readonly applicability: Applicability;
  /** Edits of the finding's own file. */
  readonly edits: readonly Edit[];
  /** Edits of other files. */
  readonly others?: readonly FileEdits[];
}

/** Escapes text for the literal parts of a guided fix. */
export const literal = (text: string): string => text.replace(/[\\$}]/g, "\\$&");

/** A numbered choice of a guided fix, with the text that stands there until the user types. */
export const choice = (number: number, label: string): string => `\${${number}:${literal(label)}}`;

/** The text of a guided edit with every choice replaced by its default. */
export function expandChoices(snippet: string): string {
  return snippet.replace(/\\([\\$}])|\$\{\d+:((?:\\[\\$}]|[^\\}])*)\}|\$\{?\d+\}?/g, (_, escaped, label) => {
    if (escaped !== undefined) return escaped as string;
    return label === undefined ? "" : (label as string).replace(/\\([\\$}])/g, "$1");
  });
}

/**
 * A fix out of edits of one or several files; `file` is the finding's own. Undefined where one of them cannot be had, or
 * nothing would be edited.
 */
export function fixIn(
  file: string,
  title: string,
  applicability: Applicability,
  all: readonly (FileEdits | undefined)[],
): Fix | undefined {
  const edits: Edit[] = [];
  const others: FileEdits[] = [];
  for (const part of all) {
    if (part === undefined) return undefined;
    if (part.file === undefined || part.file === file) edits.push(...part.edits);
    else others.push(part);
  }
  if (edits.length === 0 && others.length === 0) return undefined;
  return { title, applicability, edits, ...(others.length === 0 ? {} : { others }) };
}
