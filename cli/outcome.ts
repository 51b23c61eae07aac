/** What a check came to, as the reports read it. */
import type { Applicability, Finding, Fix, LineTable, Position, Problem } from "../engine/index";

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Something besides the findings that the user must know. An `error` means that not all was checked as asked. */
export interface Notice {
  readonly severity: "error" | "warning";
  readonly source: Problem["source"];
  readonly message: string;
  /** As shown; null where it is about no single file. */
  readonly file: string | null;
  readonly range: Range | null;
}

export interface FoundHere {
  readonly finding: Finding;
  /** The best first. */
  readonly fixes: readonly Fix[];
}

export interface CheckedFile {
  /** Relative to the current directory, with `/`. */
  readonly shown: string;
  readonly text: string;
  readonly lines: LineTable;
  /** In the order of their places; suppressed ones are marked. */
  readonly findings: readonly FoundHere[];
  /** How another file of the same project, as the engine names it, is shown. */
  readonly show: (name: string) => string;
  /** The lines of a file of the same project; of an empty text where it was not read. */
  readonly linesOf: (name: string) => LineTable;
}

/** A finding that `--fix` dealt with. */
export interface Fixed {
  readonly file: string;
  readonly rule: string;
  readonly title: string;
  readonly applicability: Applicability;
}

export interface Outcome {
  /** By name. */
  readonly files: readonly CheckedFile[];
  readonly notices: readonly Notice[];
  /** Undefined where nothing was to be fixed. */
  readonly fixed: readonly Fixed[] | undefined;
}

export const hostNotice = (severity: Notice["severity"], message: string, file: string | null = null): Notice => ({
  severity,
  source: "host",
  message,
  file,
  range: null,
});
