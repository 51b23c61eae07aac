import { type Severity, severities } from "../../engine/index";

/** One level less; a hint stays one. */
export const softer = (severity: Severity): Severity => severities[severities.indexOf(severity) - 1] ?? severity;
