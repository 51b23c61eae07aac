import type { Syntax } from "../../languages/tree/parser";
import type { CodeFacts, CodeLanguage } from "./facts";

/** A file of service code as rules see it. */
export interface CodeFile {
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly text: string;
  readonly language: CodeLanguage;
  readonly facts: CodeFacts;
  /** By its path: tests, fixtures, mocks, end-to-end tests. */
  readonly isTest: boolean;
  /** By its path: examples of configuration, local and development settings. */
  readonly isDevelopment: boolean;
  /** Generated or vendored, by its path or by its first lines, or minified: rules do not run there at all. */
  readonly isForeign: boolean;
  /** It runs in a browser: `.jsx`, `.tsx` with markup, folders of front ends. */
  readonly isFrontEnd: boolean;
}

/** With what only the kind itself needs. */
export interface ParsedCode extends CodeFile {
  /** Undefined where the parser has not arrived, or the file is foreign. */
  readonly syntax: Syntax | undefined;
}
