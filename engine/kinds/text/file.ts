/** Any text file: its characters, and what is written under names in it. */
import type { KindId } from "../../rule";
import type { Edit } from "../../text/edit";
import type { Span } from "../../text/span";
import type { Comment } from "../kind";

/** How a file is read; by its name, then by its first lines. `plain` has no structure: prose, logs, anything else. */
export const formats = [
  "yaml",
  "json",
  "properties",
  "env",
  "ini",
  "toml",
  "hcl",
  "xml",
  "code",
  "shell",
  "http",
  "markdown",
  "notebook",
  "plain",
] as const;
export type Format = (typeof formats)[number];

/** A value that stands under a name. */
export interface TextValue {
  /** From the outermost: `spring`, `datasource`, `password`; the last one is the name. */
  readonly path: readonly string[];
  readonly name: string;
  readonly nameSpan: Span | undefined;
  /** Without quotes, escapes resolved where the format has them. */
  readonly value: string;
  /** The characters between the quotes; where escapes make them differ from `value`, offsets in it cannot be mapped and the whole counts. */
  readonly span: Span;
  /** `value` is the file's text at `span`, character by character. */
  readonly isVerbatim: boolean;
  readonly isQuoted: boolean;
  /** With its quotes. */
  readonly whole: Span;
  /** The other values of the same mapping, by name: a user's name beside a password. */
  readonly beside: ReadonlyMap<string, string>;
  /** In code: what a fix may put in its place depends on it. */
  readonly use: "value" | "argument" | "fallback" | "comparison" | "default";
  /** What a look at the environment takes the place of, where that is known: the literal, or the lookup with its fallback. */
  readonly fix?: { readonly at: Span; readonly key?: string | undefined } | undefined;
}

export interface TextFile {
  readonly file: string;
  readonly text: string;
  readonly format: Format;
  /** The kind whose rules look at the file as well; undefined where nobody else does. */
  readonly kind: KindId | undefined;
  /** Values by name; empty where the rules of another kind judge names (Dockerfiles, compose files, manifests), and in prose. */
  readonly values: readonly TextValue[];
  readonly comments: readonly Comment[];
  /** By its path. */
  readonly isTest: boolean;
  readonly isDevelopment: boolean;
  /** `.env.example` and the like: only what is no placeholder counts there. */
  readonly isExample: boolean;
  /** Documentation: prose, and examples in it. */
  readonly isDocumentation: boolean;
  /** Generated, vendored, minified, lock files: only tokens of known formats count there. */
  readonly isForeign: boolean;
  /** By its name, lower-case: `py`, `java`, `tf`; of a file without one the whole name: `.npmrc`, `jenkinsfile`. */
  readonly extension: string;
  /** Whether it is code of a language that is read, so that its imports are known. */
  readonly knowsImports: boolean;
  /** The import line that a module of the code's language needs; undefined where it has it, or none is needed. */
  importOf(module: string, member?: string): { readonly at: number; readonly text: string } | undefined;
  insertComment(span: Span, text: string): Edit | undefined;
  removeComment(span: Span): Edit;
}
