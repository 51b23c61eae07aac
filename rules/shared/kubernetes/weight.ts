/** How much a finding weighs by where it stands. */
import type { Field, Severity } from "../../../engine/index";
import { softer } from "../severity";

/** One level less for what stands in a branch of a template. */
export const lowered = (severity: Severity, at: Field): Severity => (at.isConditional ? softer(severity) : severity);
