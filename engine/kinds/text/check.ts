import type { Context, Report } from "../../rule";
import type { TextFile } from "./file";

/** What a rule may look at in any text file, whatever else it is. */
export interface TextCheck {
  file(text: TextFile, report: Report, context: Context): void;
}
