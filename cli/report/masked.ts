import type { AnyRule, Principle, Span } from "../../engine/index";
import { frameRules } from "../../engine/index";
import type { CheckedFile } from "../outcome";

/** The principle that each rule serves, by id. */
export const principlesOf = (rules: readonly AnyRule[]): ReadonlyMap<string, Principle> =>
  new Map([...rules, ...frameRules].map((rule) => [rule.id, rule.principle]));

/** The rules whose findings mark secrets in clear. */
export const markingSecrets = (rules: readonly AnyRule[]): ReadonlySet<string> =>
  new Set(rules.filter((rule) => rule.marksSecrets === true).map((rule) => rule.id));

/**
 * Where a file holds secrets in clear: as findings mark them, suppressed or not, and whatever looks drawn at random behind
 * a name that promises a secret, because a frame also shows lines that no rule understands.
 */
export const secretsIn = (file: CheckedFile, marking: ReadonlySet<string>): readonly Span[] => [
  ...file.findings.filter(({ finding }) => marking.has(finding.rule)).map(({ finding }) => finding.span),
  ...namedIn(file.text),
];

const named = /(?:passw|passphrase|pwd|secret|token|api_?key|access_?key|credential)/gi;
const assigned = /^[\w.-]{0,60}["']?[ \t]{0,3}[:=][ \t]{0,3}["']?([\w+/=~!@#%^&*-]{12,200})/;

function namedIn(text: string): readonly Span[] {
  const found: Span[] = [];
  for (const { index, 0: word } of text.matchAll(named)) {
    const from = index + word.length;
    const [whole, value] = assigned.exec(text.slice(from, from + 300)) ?? [];
    if (whole === undefined || value === undefined || !/\d/.test(value) || !/[A-Za-z]/.test(value)) continue;
    if (value.includes("/") || /^[a-z]+(?:[-_][a-z\d]+)+$/.test(value)) continue;
    const end = from + whole.length;
    found.push({ start: end - value.length, end });
  }
  return found;
}
