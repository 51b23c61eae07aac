import type { Context, Report } from "../../rule";
import type { Assignment, Call, ClassFact, Decorator, FunctionFact, Import, Literal, Options } from "./facts";
import type { CodeFile } from "./file";

/** What a rule may look at in a file of service code. Every hook sees each fact of the file once, in the order of the text. */
export interface CodeCheck {
  /** A piece of everything that the check can report: files without it are not looked at. Without `g` and `y`. */
  readonly mentions?: RegExp;
  /** The rule looks at tests as well. */
  readonly inTests?: true;
  file?(code: CodeFile, report: Report, context: Context): void;
  import?(found: Import, code: CodeFile, report: Report, context: Context): void;
  call?(call: Call, code: CodeFile, report: Report, context: Context): void;
  options?(options: Options, code: CodeFile, report: Report, context: Context): void;
  assignment?(assignment: Assignment, code: CodeFile, report: Report, context: Context): void;
  literal?(literal: Literal, code: CodeFile, report: Report, context: Context): void;
  decorator?(decorator: Decorator, code: CodeFile, report: Report, context: Context): void;
  function?(fact: FunctionFact, code: CodeFile, report: Report, context: Context): void;
  class?(fact: ClassFact, code: CodeFile, report: Report, context: Context): void;
}
