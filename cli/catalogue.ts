/** `bulkhead rules` and `bulkhead explain`. */
import {
  frameRules,
  type AnyRule,
  type Applicability,
  type Example,
  type FrameRule,
  type Preset,
} from "../engine/index";
import { rules } from "../rules/index";
import { nearest } from "./nearest";
import { rulePage } from "./product";

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly preset: Preset;
  readonly principle: string;
  readonly summary: string;
  readonly fix: "none" | Applicability;
  readonly refs: readonly string[];
  readonly covers: readonly string[];
}

/** The fixes that the engine gives for findings about suppressions. */
const frameFixes: Readonly<Record<string, Applicability>> = {
  "suppression/missing-reason": "guided",
  "suppression/unknown-rule": "safe",
  "suppression/expired": "unsafe",
  "suppression/unused": "safe",
};

/** Every rule there is, those about suppressions (in files of every kind) last. */
const entries = (): readonly Entry[] => [
  ...rules.map(entryOf),
  ...frameRules.map(
    ({ id, severity, principle, summary }): Entry => ({
      id,
      kind: "suppression",
      severity,
      preset: "recommended",
      principle,
      summary,
      fix: frameFixes[id] ?? "none",
      refs: [],
      covers: [],
    }),
  ),
];

const entryOf = ({
  id,
  kind,
  severity,
  preset = "recommended",
  principle,
  summary,
  fix,
  refs,
  covers,
}: AnyRule): Entry => ({
  id,
  kind,
  severity,
  preset,
  principle,
  summary,
  fix,
  refs,
  covers,
});

export function listRules(format: "text" | "json"): string {
  const all = entries();
  if (format === "json") return `${JSON.stringify({ version: 1, rules: all })}\n`;
  const rows = all.map((e) => [e.id, e.severity, e.preset, e.fix === "none" ? "" : `${e.fix} fix`, e.summary]);
  const head = ["RULE", "SEVERITY", "PRESET", "FIX", "SUMMARY"];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return `${[head, ...rows].map(line).join("\n")}\n\n${all.length} rules. More on one: bulkhead explain <id>\n`;
}

/** The page of a rule, by its id or by the one that another tool gives the same check. */
export function explain(id: string): { readonly known: boolean; readonly text: string } {
  const found = [...rules, ...frameRules].find((rule) => rule.id === id);
  if (found !== undefined) return { known: true, text: pageOf(found) };
  const wanted = id.toLowerCase();
  const same = rules.filter((rule) =>
    rule.covers.some((c) => c.toLowerCase() === wanted || c.toLowerCase().endsWith(`:${wanted}`)),
  );
  if (same.length > 0) return { known: true, text: same.map(pageOf).join("\n") };
  const near = nearest(
    id,
    entries().map((e) => e.id),
  );
  const hint =
    near.length === 0 ? "`bulkhead rules` lists them all" : `did you mean ${near.map((n) => `\`${n}\``).join(" or ")}?`;
  return { known: false, text: `bulkhead: there is no rule \`${id}\`; ${hint}\n` };
}

function pageOf(rule: AnyRule | FrameRule): string {
  const entry = entries().find((e) => e.id === rule.id);
  const facts: readonly (readonly [string, string])[] = [
    ["Severity", rule.severity],
    ["Preset", entry?.preset ?? ""],
    ["Principle", rule.principle],
    ["Files", entry?.kind === "suppression" ? "all" : (entry?.kind ?? "")],
    ["Fix", entry?.fix ?? ""],
    ["References", entry?.refs.join(", ") ?? ""],
    ["Covers", entry?.covers.join(", ") ?? ""],
    ["Page", rulePage(rule.id)],
  ];
  const lines = facts.filter(([, value]) => value !== "").map(([name, value]) => `  ${name.padEnd(12)}${value}`);
  const examples = "examples" in rule ? rule.examples.map(exampleText) : [];
  const parts = [`${rule.id}: ${rule.summary}`, rule.why.trim(), lines.join("\n"), ...examples];
  return `${parts.join("\n\n")}\n`;
}

function exampleText(example: Example): string {
  const note = example.note === undefined ? "" : ` (${example.note})`;
  if ("good" in example) return `Right${note}:\n${indented(example.good)}`;
  const fixed = example.fixed === undefined ? "" : `\n\n  becomes:\n${indented(example.fixed)}`;
  return `Wrong, at «…»${note}:\n${indented(example.bad)}${fixed}`;
}

function indented(text: string): string {
  const lines = text.replace(/^\n/, "").trimEnd().split(/\r?\n/);
  const margins = lines.filter((l) => l.trim() !== "").map((l) => l.length - l.trimStart().length);
  const margin = Math.min(...margins, 80);
  return lines.map((l) => `    ${l.slice(margin)}`.trimEnd()).join("\n");
}
