/** How much a finding weighs by where it stands. */
import { type Field, type Severity, severities } from "../../../engine/index";

/** One level less for what stands in a branch of a template. */
export const lowered = (severity: Severity, at: Field): Severity => (at.isConditional ? lower(severity) : severity);

const lower = (severity: Severity): Severity => severities[Math.max(0, severities.indexOf(severity) - 1)] ?? "hint";
