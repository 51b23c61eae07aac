/** What there is to read about a rule: its page, its link, and what a hover says of a finding. */
import {
  type AnyRule,
  type Example,
  type Finding,
  type FrameRule,
  frameRules,
  type RuleId,
  suppressionText,
} from "../engine/index";
import { fixesOf } from "./fixes";

const pages = "https://github.com/bulkhead-security/bulkhead/blob/main/docs/rules";

export const ruleLink = (rule: RuleId): string => `${pages}/${rule}.md`;

type Described = AnyRule | FrameRule;

export const describedRules = (rules: readonly AnyRule[]): readonly Described[] =>
  [...rules, ...frameRules].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

export const presetOf = (rule: Described): string =>
  "preset" in rule ? (rule.preset ?? "recommended") : "recommended";

const fixWords = {
  none: "none",
  safe: "safe: keeps what the file means",
  unsafe: "unsafe: may change what the program does, so it asks first",
  guided: "guided: leaves a choice to you",
} as const;

/** A reference as Markdown; weakness numbers link to their entries. */
function reference(ref: string): string {
  const weakness = /^CWE-(\d+)$/.exec(ref);
  return weakness === null ? ref : `[${ref}](https://cwe.mitre.org/data/definitions/${weakness[1]}.html)`;
}

/** The page of a rule in Markdown; it needs no network. */
export function rulePage(rule: Described): string {
  const lines = [
    `# ${rule.summary}`,
    "",
    `\`${rule.id}\``,
    "",
    rule.why,
    "",
    "| | |",
    "|---|---|",
    `| Severity | ${rule.severity} |`,
    `| Preset | ${presetOf(rule)} |`,
    `| Principle | ${rule.principle} |`,
  ];
  if ("fix" in rule) lines.push(`| Fix | ${fixWords[rule.fix]} |`);
  if ("refs" in rule && rule.refs.length > 0) lines.push(`| References | ${rule.refs.map(reference).join(", ")} |`);
  if ("covers" in rule && rule.covers.length > 0) {
    lines.push(`| In other tools | ${rule.covers.map((c) => `\`${c}\``).join(", ")} |`);
  }
  lines.push("");
  if ("options" in rule && rule.options !== undefined) {
    lines.push("## Options", "");
    for (const [name, option] of Object.entries(rule.options)) {
      lines.push(
        `- \`${name}\` (${option.type}, default \`${JSON.stringify(option.default)}\`): ${option.description}`,
      );
    }
    lines.push("");
  }
  if ("examples" in rule) lines.push("## Examples", "", ...rule.examples.flatMap((e) => example(e, rule.kind)));
  lines.push("## Silencing it", "", "In one place, with a comment line before it:", "");
  lines.push("```", `# ${suppressionText(rule.id, "the reason")}`, "```", "");
  lines.push("Everywhere, in `bulkhead.yaml`:", "", "```yaml", "rules:", `  ${rule.id}: off`, "```", "");
  return lines.join("\n");
}

function example(shown: Example, language: string): string[] {
  const note = shown.note === undefined ? "" : ` (${shown.note})`;
  const config = shown.config === undefined ? [] : ["with `bulkhead.yaml`:", "", ...block(shown.config, "yaml")];
  if ("good" in shown) return [`Fine${note}:`, "", ...blocks(shown.good, language), ...config];
  const fixed = shown.fixed === undefined ? [] : ["After the fix:", "", ...blocks(shown.fixed, language)];
  return [`Reported${note}:`, "", ...blocks(shown.bad, language), ...config, ...fixed];
}

/** The files of an example, each in a block of its own. */
function blocks(source: string, language: string): string[] {
  const [own = "", ...others] = dedent(source).split(/^-- (.+) --\n/m);
  const lines = block(own, language);
  for (let i = 0; i + 1 < others.length; i += 2) {
    lines.push(`with \`${others[i]}\`:`, "", ...block(others[i + 1] ?? "", ""));
  }
  return lines;
}

function block(source: string, language: string): string[] {
  const text = dedent(source).replace(/[«»]/g, "").trimEnd();
  const fence = text.includes("```") ? "````" : "```";
  return [`${fence}${language}`, text, fence, ""];
}

/** Without the indentation that the source of a rule gives a template literal. */
function dedent(source: string): string {
  const lines = source.replace(/^\n/, "").split("\n");
  const indents = lines.filter((l) => l.trim() !== "").map((l) => l.length - l.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((l) => (l.trim() === "" ? "" : l.slice(indent))).join("\n");
}

/** What a hover says about a finding, in Markdown. */
export function findingPage(finding: Finding, rule: Described): string {
  const facts = [finding.severity, presetOf(rule), rule.principle];
  const refs = "refs" in rule ? rule.refs.map(reference) : [];
  const covers = "covers" in rule && rule.covers.length > 0 ? [`In other tools: ${rule.covers.join(", ")}`] : [];
  const fixes = fixesOf(finding).map((fix) => `- ${fix.title} (${fix.applicability})`);
  return [
    `**${rule.summary}** \`${rule.id}\``,
    rule.why,
    ...(fixes.length === 0 ? [] : [`Quick fixes:\n${fixes.join("\n")}`]),
    [facts.join(" · "), ...refs].join(" · "),
    ...covers,
    `[Rule page](${ruleLink(rule.id)}) · to accept it: \`# ${suppressionText(rule.id, "reason")}\` on a line before`,
  ].join("\n\n");
}

/** What a completion says: what it is for, and what is found where it is missing, in Markdown. */
export function purposePage(note: string, prevented: readonly Described[]): string {
  const [first, ...others] = prevented;
  const linked = ({ id }: Described): string => `[${id}](${ruleLink(id)})`;
  return [
    note,
    ...(first === undefined ? [] : [`**${first.summary}** ${linked(first)}\n\n${first.why}`]),
    ...(others.length === 0 ? [] : [`See also ${others.map(linked).join(", ")}`]),
  ].join("\n\n");
}

/** What a snippet is for, and how it reads with its defaults. */
export const snippetPage = (description: string, text: string, language: string): string =>
  [description, "", ...block(text, language)].join("\n").trimEnd();

/** Markdown as it reads without its marks, for clients that show plain text. */
export const withoutMarks = (markdown: string): string =>
  markdown.replace(/\[([^[\]]*)\]\([^()\s]*\)/g, "$1").replace(/\*\*|`/g, "");
