/** How much a finding in code weighs by what it is for: production, development, tests. */
import type { CodeFile, CodeScope, Severity } from "../../../engine/index";
import { softer } from "../severity";

/** One level less for what is for development only, by its file or by a condition around; a hint in tests. */
export function weightOf(
  severity: Severity,
  { isTest, isDevelopment }: CodeFile,
  guard?: CodeScope["guard"],
): Severity {
  if (isTest) return "hint";
  return isDevelopment || guard === "development" ? softer(severity) : severity;
}
