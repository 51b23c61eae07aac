import type { Finding, Fix } from "../engine/index";

/**
 * The fixes of a finding. A rule that fails to make them has none here: one rule's fault must not take the other
 * actions along, and its words, which may hold text of the file, must not reach the log.
 */
export function fixesOf(finding: Finding): readonly Fix[] {
  try {
    return finding.fixes();
  } catch {
    return [];
  }
}

/** A fix that may be made without asking, and in this file alone. */
export const safeFix = (finding: Finding): Fix | undefined =>
  finding.suppressed !== null
    ? undefined
    : fixesOf(finding).find((fix) => fix.applicability === "safe" && (fix.others ?? []).length === 0);
