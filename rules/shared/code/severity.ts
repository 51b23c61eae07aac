/** How much a finding in code weighs by where it stands. */
import { type CodeFile, type Severity, severities } from "../../../engine/index";

/** One level less in files of development. */
export function severityIn({ isDevelopment }: CodeFile, severity: Severity): Severity {
  if (!isDevelopment) return severity;
  return severities[severities.indexOf(severity) - 1] ?? severity;
}
