import { type Field, severities, type Severity } from "../../../engine/index";

/** One step softer for what stands in a branch of a template. */
export const lowerWhere = (at: Field, severity: Severity): Severity =>
  at.isConditional ? (severities[Math.max(0, severities.indexOf(severity) - 1)] ?? severity) : severity;
