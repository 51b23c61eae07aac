/** How much a finding about encryption weighs by what it is for: production, development, tests. */
import { type CodeFile, type CodeScope, type Severity, severities } from "../../../engine/index";

const lower = (severity: Severity): Severity => severities[severities.indexOf(severity) - 1] ?? severity;

/** One level less for what is for development only, by its file or by a condition around; a hint in tests. */
export function weightOf(severity: Severity, { isTest, isDevelopment }: CodeFile, guard: CodeScope["guard"]): Severity {
  if (isTest) return "hint";
  return isDevelopment || guard === "development" ? lower(severity) : severity;
}
