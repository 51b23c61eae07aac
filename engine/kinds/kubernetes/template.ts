/**
 * Go templates made readable as YAML: actions that give a value become a word that nobody knows, all others blanks, so
 * that every other character keeps its place.
 */
import type { Span } from "../../text/span";

/** Stands for each character of a value that a template gives: a private character. */
export const hole = "\uE000";

export interface MaskedTemplate {
  readonly text: string;
  /** The bodies of `if`, `with`, `range` and `else`. */
  readonly conditions: readonly Span[];
  /** The bodies of `define`. */
  readonly definitions: readonly Span[];
}

export const isTemplate = (text: string): boolean => text.includes("{{");

/** `{{`, strings and comments with `}}` in them, `}}`. */
function actionEnd(text: string, from: number): number {
  let i = from + 2;
  if (/^-?\s*\/\*/.test(text.slice(i, i + 20))) {
    const end = text.indexOf("*/", i);
    i = end < 0 ? text.length : end + 2;
  }
  while (i < text.length) {
    const c = text[i];
    if (c === "}" && text[i + 1] === "}") return i + 2;
    if (c === "`" || c === '"') {
      const closing = stringEnd(text, i, c);
      // A quote without an end in its line is damage, not a string.
      i = closing ?? i + 1;
      continue;
    }
    i++;
  }
  return -1;
}

function stringEnd(text: string, from: number, quote: string): number | undefined {
  for (let i = from + 1; i < text.length; i++) {
    const c = text[i];
    if (c === quote) return i + 1;
    if (quote === '"' && c === "\\") i++;
    else if (quote === '"' && c === "\n") return undefined;
  }
  return undefined;
}

const control =
  /^(?:if|else|with|range|end|define|block|template|break|continue|return|\/\*|\$[\w.]*\s*:?=)(?![\w.])|^\/\*|^\$[\w.]*\s*:?=/;
const opening = /^(?:if|with|range|define|block)\b/;
const printsLines = /\b(?:toYaml|toYamlPretty|n?indent|tpl|include|template|fromYaml)\b/;

export function maskTemplate(text: string): MaskedTemplate {
  const conditions: Span[] = [];
  const definitions: Span[] = [];
  const open: { readonly word: string; start: number }[] = [];
  let masked = "";
  let at = 0;
  for (;;) {
    const start = text.indexOf("{{", at);
    const end = start < 0 ? -1 : actionEnd(text, start);
    if (end < 0) break;
    masked += text.slice(at, start);
    const body = text
      .slice(start + 2, end - 2)
      .replace(/^-/, "")
      .trim();
    masked += covered(text, start, end, body);
    trackBlocks(body, { start, end }, open, conditions, definitions);
    at = end;
  }
  masked += text.slice(at);
  for (const { word, start } of open) {
    if (word === "if") conditions.push({ start, end: text.length });
  }
  return { text: untabbed(masked, text), conditions, definitions };
}

function trackBlocks(
  body: string,
  { start, end }: Span,
  open: { readonly word: string; start: number }[],
  conditions: Span[],
  definitions: Span[],
): void {
  const word = /^\w+/.exec(body)?.[0] ?? "";
  if (opening.test(body)) {
    open.push({ word: word === "define" || word === "block" ? "define" : "if", start: end });
  } else if (word === "else" || word === "end") {
    const last = open.at(-1);
    if (last === undefined) return;
    (last.word === "define" ? definitions : conditions).push({ start: last.start, end: start });
    if (word === "end") open.pop();
    else last.start = end;
  }
}

/** The action's characters as something that YAML can read. */
function covered(text: string, start: number, end: number, body: string): string {
  const source = text.slice(start, end);
  const blank = source.replace(/[^\r\n]/g, " ");
  if (control.test(body)) return blank;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const before = text.slice(lineStart, start);
  const after = text.slice(end, newline < 0 ? text.length : newline);
  const isAlone = before.trim() === "" && after.replace(/\{\{.*?\}\}/g, "").trim() === "";
  if (isAlone || (printsLines.test(body) && /(?:^|[\s:-])$/.test(before) && /\bn?indent\b/.test(body))) return blank;
  if (/[\r\n]/.test(source)) return blank;
  return hole.repeat(source.length);
}

/** Tabs that stood between actions mean nothing to the template, but YAML refuses them. */
function untabbed(masked: string, text: string): string {
  if (!masked.includes("\t")) return masked;
  const originals = text.split("\n");
  return masked
    .split("\n")
    .map((line, i) => (line !== originals[i] ? line.replaceAll("\t", " ") : line))
    .join("\n");
}
