import type { CodeFile } from "./file";
import type { CodeLanguage } from "./facts";

/** What a file of code tells others: plain data without offsets. */
export interface CodeSummary {
  readonly language: CodeLanguage;
  /** The modules that it imports, each once. */
  readonly imports: readonly string[];
}

export const summariseCode = ({ language, facts }: CodeFile): CodeSummary => ({
  language,
  imports: [...new Set(facts.imports.map((i) => i.module))].sort(),
});
