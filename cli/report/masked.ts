import type { AnyRule, Principle, Span } from "../../engine/index";
import { frameRules } from "../../engine/index";
import type { CheckedFile } from "../outcome";

/** The principle that each rule serves, by id. */
export const principlesOf = (rules: readonly AnyRule[]): ReadonlyMap<string, Principle> =>
  new Map([...rules, ...frameRules].map((rule) => [rule.id, rule.principle]));

/** The rules whose findings mark secrets in clear. */
export const markingSecrets = (rules: readonly AnyRule[]): ReadonlySet<string> =>
  new Set(rules.filter((rule) => rule.marksSecrets === true).map((rule) => rule.id));

/** Where a file holds secrets in clear, as far as findings mark them, suppressed or not. */
export const secretsIn = (file: CheckedFile, marking: ReadonlySet<string>): readonly Span[] =>
  file.findings.filter(({ finding }) => marking.has(finding.rule)).map(({ finding }) => finding.span);
