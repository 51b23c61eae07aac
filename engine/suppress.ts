/** Comments that silence findings: our own, checked for what is wrong with them, and those of other tools. */
import type { Comment } from "./kinds/kind";
import type { Severity } from "./finding";
import type { AnyRule, Principle } from "./rule";
import type { Span } from "./text/span";

export interface Suppression {
  readonly span: Span;
  /** What it speaks of; undefined for the whole file. */
  readonly governs: Span | undefined;
  /** Rule ids, or `undefined` for every rule. */
  readonly rules: readonly { readonly id: string; readonly span: Span }[] | undefined;
  readonly reason: string;
  /** `YYYY-MM-DD`: the last day on which it counts. */
  readonly until: { readonly date: string; readonly span: Span } | undefined;
  /** Ids of another tool; such a comment is never reported as unused. */
  readonly foreign: readonly string[] | undefined;
}

/** What the frame itself reports about suppressions. */
export interface FrameRule {
  readonly id: string;
  readonly severity: Severity;
  readonly principle: Principle;
  readonly summary: string;
  readonly why: string;
}

export const frameRules: readonly FrameRule[] = [
  {
    id: "suppression/missing-reason",
    severity: "info",
    principle: "build",
    summary: "Suppression without a reason",
    why: "Whoever reads the file next cannot tell an accepted risk from a hidden one. Write the reason behind ` -- `.",
  },
  {
    id: "suppression/unknown-rule",
    severity: "warning",
    principle: "build",
    summary: "Suppression of a rule that does not exist",
    why: "The comment silences nothing: its rule id is misspelt or gone. The finding that it was meant for stays open.",
  },
  {
    id: "suppression/expired",
    severity: "warning",
    principle: "build",
    summary: "Suppression past its `until=` day",
    why: "The risk was accepted for a time, and that time is over: the finding counts again. Fix it, or decide anew.",
  },
  {
    id: "suppression/unused",
    severity: "info",
    principle: "build",
    summary: "Suppression that silences nothing",
    why: "The problem is gone, but the comment would hide it without a word if it came back. Remove the comment.",
  },
];

const own = /^bulkhead-ignore(-file)?(?![\w-])[ \t:]*/;

/** Reads our suppression out of a comment. */
export function ownSuppression(comment: Comment, source: string): Suppression | undefined {
  const match = own.exec(comment.text);
  if (match === null) return undefined;
  const offset = source.indexOf(comment.text, comment.start);
  const wholeFile = match[1] !== undefined;
  let rest = comment.text.slice(match[0].length);
  const base = offset + match[0].length;
  const dash = /(?:^|[ \t])--(?:[ \t]|$)/.exec(rest);
  const reason = dash === null ? "" : rest.slice(dash.index + dash[0].length).trim();
  if (dash !== null) rest = rest.slice(0, dash.index);
  const rules: { id: string; span: Span }[] = [];
  let until: Suppression["until"];
  for (const word of rest.matchAll(/[^\s,]+/g)) {
    const span = { start: base + word.index, end: base + word.index + word[0].length };
    const date = /^until=(.*)$/.exec(word[0]);
    if (date !== null) until = { date: date[1] ?? "", span };
    else rules.push({ id: word[0], span });
  }
  return {
    span: { start: comment.start, end: comment.end },
    governs: wholeFile ? undefined : comment.governs,
    rules: rules.length === 0 ? undefined : rules,
    reason,
    until,
    foreign: undefined,
  };
}

interface ForeignSyntax {
  /**
   * `nosec` is a word of bandit and of gosec. `secret` stands for the scanners that look for secrets only: their comments
   * speak of whatever secret is there.
   */
  readonly tool: string;
  readonly pattern: RegExp;
  readonly scope: "next" | "file";
}

/** How other tools write it; the first group holds ids, the second a reason. From each tool's own documentation. */
const foreignSyntaxes: readonly ForeignSyntax[] = [
  { tool: "hadolint", pattern: /^hadolint[ \t]+ignore=([\w, \t-]+)/, scope: "next" },
  { tool: "hadolint", pattern: /^hadolint[ \t]+global[ \t]+ignore=([\w, \t-]+)/, scope: "file" },
  { tool: "checkov", pattern: /^(?:checkov|bridgecrew|cortex):skip=([\w, ]+?)(?::(.*))?$/, scope: "file" },
  { tool: "trivy", pattern: /^(?:trivy|tfsec):ignore:([\w-]+)/, scope: "next" },
  { tool: "buildkit", pattern: /^check[ \t]*=[ \t]*skip=([\w, ]+)/, scope: "file" },
  { tool: "semgrep", pattern: /^nosemgrep(?::[ \t]*([\w., -]+))?/, scope: "next" },
  { tool: "nosec", pattern: /^#?nosec(?![\w-])[ \t:]{0,4}([BG]\d{3}(?:[, ]{1,2}[BG]\d{3}){0,20})?/, scope: "next" },
  { tool: "sonar", pattern: /^NOSONAR(?![\w-])/, scope: "next" },
  { tool: "secret", pattern: /(?:^|[^\w-])gitleaks:allow(?![\w-])/, scope: "next" },
  { tool: "secret", pattern: /(?:^|[^\w-])pragma: ?(?:allow|white)list (?:nextline )?secret/, scope: "next" },
  { tool: "secret", pattern: /^secretlint-disable-(?:next-)?line/, scope: "next" },
  { tool: "secret", pattern: /^secretlint-disable(?![\w-])/, scope: "file" },
];

/** Reads another tool's suppression out of a comment; `tool:id` as rules spell it in `covers`. */
export function foreignSuppression(comment: Comment): Suppression | undefined {
  for (const { tool, pattern, scope } of foreignSyntaxes) {
    const match = pattern.exec(comment.text);
    if (match === null) continue;
    const ids = (match[1] ?? "")
      .split(/[\s,]+/)
      .filter((id) => id !== "")
      .map((id) => `${tool === "nosec" ? ofNosec(id) : tool}:${normalise(tool, id)}`);
    return {
      span: { start: comment.start, end: comment.end },
      governs: scope === "file" ? undefined : comment.governs,
      rules: undefined,
      reason: match[2]?.trim() ?? "",
      until: undefined,
      // Without an id it speaks of all that the tool finds there.
      foreign: ids.length > 0 ? ids : (tool === "nosec" ? ["bandit", "gosec"] : [tool]).map((t) => `${t}:*`),
    };
  }
  return undefined;
}

const ofNosec = (id: string): string => (id.startsWith("B") ? "bandit" : "gosec");

/** Trivy knows `DS002`, `DS-0002` and `AVD-DS-0002` for one check; semgrep ids end in the rule's name. */
function normalise(tool: string, id: string): string {
  if (tool === "semgrep") return id.split(".").pop() ?? id;
  if (tool !== "trivy") return id;
  const match = /^(?:AVD-)?([A-Z]+)-?0*([1-9]\d*|0)$/i.exec(id);
  return match === null ? id : `${(match[1] ?? "").toUpperCase()}-${(match[2] ?? "").padStart(4, "0")}`;
}

/**
 * Whether a comment of another tool stands for a finding of this rule. BuildKit's secret check sees names only, so its
 * skip says nothing about the values that our rules see.
 */
export function foreignCovers(foreign: readonly string[], rule: Pick<AnyRule, "covers" | "principle">): boolean {
  return foreign.some((id) => {
    if (id.startsWith("buildkit:") && rule.principle === "secrets") return false;
    if (id === "secret:*") return rule.principle === "secrets";
    if (id.endsWith(":*")) return rule.covers.some((c) => c.startsWith(id.slice(0, -1)));
    if (id === "buildkit:all") return rule.covers.some((c) => c.startsWith("buildkit:"));
    return rule.covers.includes(id);
  });
}

/** The line that suppresses a rule for what follows; `reason` may be a choice of a guided fix. */
export const suppressionText = (rule: string, reason: string): string => `bulkhead-ignore ${rule} -- ${reason}`;
