import type { Fix } from "./fix";
import type { Span } from "./text/span";

export type RuleId = string;

export const severities = ["hint", "info", "warning", "error"] as const;
export type Severity = (typeof severities)[number];

export interface Related {
  readonly file: string;
  readonly span: Span;
  readonly note: string;
}

/** What silenced a finding: our comment, or another tool's. */
export interface Suppressed {
  /** Empty where the comment gave none. */
  readonly reason: string;
  readonly span: Span;
}

export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What is wrong, in the user's own names; never a secret in full. */
  readonly message: string;
  readonly file: string;
  readonly span: Span;
  readonly related: readonly Related[];
  readonly tags: readonly ("unnecessary" | "deprecated")[];
  readonly suppressed: Suppressed | null;
  /** The same as long as rule, file and message stay, wherever the text moves; made from no secret. 16 hex digits. */
  readonly fingerprint: string;
  /** Computed when asked, from the text that the finding was made from. */
  readonly fixes: () => readonly Fix[];
}

/** Something that is no finding but that the user must know: a broken file, configuration, or rule of ours. */
export interface Problem {
  readonly file: string;
  readonly span: Span;
  readonly message: string;
  readonly severity: "error" | "warning";
  readonly source: "configuration" | "parser" | "rule" | "host";
}
