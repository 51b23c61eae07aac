import type { AnyRule, Principle, Span } from "../../engine/index";
import { frameRules } from "../../engine/index";
import type { CheckedFile } from "../outcome";

/** The principle that each rule serves, by id. */
export const principlesOf = (rules: readonly AnyRule[]): ReadonlyMap<string, Principle> =>
  new Map([...rules, ...frameRules].map((rule) => [rule.id, rule.principle]));

/** Where a file may hold secrets: whatever a rule about secrets speaks of, suppressed or not. */
export const secretsIn = (file: CheckedFile, principles: ReadonlyMap<string, Principle>): readonly Span[] =>
  file.findings.filter(({ finding }) => principles.get(finding.rule) === "secrets").map(({ finding }) => finding.span);
