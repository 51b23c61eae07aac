/** Whether a statement, or a declaration, may begin at a place of a program. */
import type { CodeLanguage } from "../engine/index";

interface Quotes {
  /** Marks that begin a text, the longest first, with what ends it. */
  readonly texts: readonly {
    readonly open: string;
    readonly close: string;
    readonly lines: "one" | "many";
    readonly escape: "\\" | '""' | "";
  }[];
  readonly line: string;
  readonly block: boolean;
}

const double = { open: '"', close: '"', lines: "one", escape: "\\" } as const;
const single = { open: "'", close: "'", lines: "one", escape: "\\" } as const;
const tripleDouble = { open: '"""', close: '"""', lines: "many", escape: "\\" } as const;

const quotes: Readonly<Record<CodeLanguage, Quotes>> = {
  javascript: {
    texts: [double, single, { open: "`", close: "`", lines: "many", escape: "\\" }],
    line: "//",
    block: true,
  },
  python: {
    texts: [tripleDouble, { open: "'''", close: "'''", lines: "many", escape: "\\" }, double, single],
    line: "#",
    block: false,
  },
  go: { texts: [{ open: "`", close: "`", lines: "many", escape: "" }, double, single], line: "//", block: true },
  java: { texts: [tripleDouble, double, single], line: "//", block: true },
  csharp: {
    texts: [
      { open: '"""', close: '"""', lines: "many", escape: "" },
      { open: '$@"', close: '"', lines: "many", escape: '""' },
      { open: '@"', close: '"', lines: "many", escape: '""' },
      double,
      single,
    ],
    line: "//",
    block: true,
  },
};

/** What a brace opens that holds entries, not statements: behind these stands a value. */
const beforeValue = /(?:[=([,:?&|]|\b(?:return|default|yield|in|of))$/;

/**
 * Whether nothing but blanks stands before the place on its line, and it is in no comment, text, argument list or list
 * of values. A heuristic that looks at marks, not at the grammar: the program is about to change.
 */
export function beginsStatement(text: string, at: number, language: CodeLanguage): boolean {
  const line = at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
  if (text.slice(line, at).trim() !== "") return false;
  const open = openAt(text, at, language);
  return open !== undefined && (open === "" || open === "{");
}

/** The bracket that is open at the place, "" for none; undefined in texts and comments. */
function openAt(text: string, end: number, language: CodeLanguage): "" | "{" | "[" | "(" | undefined {
  const { texts, line, block } = quotes[language];
  const open: ("{" | "[" | "(")[] = [];
  let at = 0;
  while (at < end) {
    const c = text.charAt(at);
    if (text.startsWith(line, at)) {
      const newline = text.indexOf("\n", at);
      if (newline < 0 || newline >= end) return undefined;
      at = newline + 1;
    } else if (block && text.startsWith("/*", at)) {
      const close = text.indexOf("*/", at + 2);
      if (close < 0 || close + 2 > end) return undefined;
      at = close + 2;
    } else if (language === "javascript" && c === "/" && beginsExpression(text, at)) {
      at = pastExpression(text, at);
    } else {
      const quote = texts.find((q) => text.startsWith(q.open, at));
      if (quote !== undefined) {
        const past = pastText(text, at, quote);
        if (past > end || past < 0) return undefined;
        at = past;
        continue;
      }
      if (c === "(" || c === "[") open.push(c);
      else if (c === "{") open.push(isBlock(text, at, language) ? "{" : "[");
      else if (c === ")" || c === "]" || c === "}") open.pop();
      at++;
    }
  }
  return open.at(-1) ?? "";
}

function isBlock(text: string, at: number, language: CodeLanguage): boolean {
  if (language === "python") return false;
  const before = text.slice(Math.max(0, at - 120), at);
  // As gofmt writes it: a composite literal's brace touches its type, a block's does not.
  if (language === "go") return !/[\w\]}]$/.test(before);
  const trimmed = before.trimEnd();
  if (trimmed.endsWith("=>")) return true;
  const made = trimmed.lastIndexOf("new ");
  const isObject = made >= 0 && /^[^;{}()]*(?:\(\))?$/.test(trimmed.slice(made));
  return !isObject && !beforeValue.test(trimmed);
}

/** Behind the closing mark; behind the line where it ends there; -1 where it never ends. */
function pastText(text: string, from: number, { open, close, lines, escape }: Quotes["texts"][number]): number {
  for (let at = from + open.length; at < text.length; at++) {
    const c = text[at];
    if (c === "\n" && lines === "one") return at + 1;
    if (escape === "\\" && c === "\\") at++;
    else if (escape === '""' && text.startsWith('""', at)) at++;
    else if (text.startsWith(close, at)) return at + close.length;
  }
  return -1;
}

/** Whether a slash begins a regular expression: a value cannot end right before it. */
function beginsExpression(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 20), at).trimEnd();
  return before === "" || /(?:[=([{},;:!&|?+]|\b(?:return|typeof|case))$/.test(before);
}

function pastExpression(text: string, from: number): number {
  let isClass = false;
  for (let at = from + 1; at < text.length; at++) {
    const c = text[at];
    if (c === "\n") return from + 1;
    if (c === "\\") at++;
    else if (c === "[") isClass = true;
    else if (c === "]") isClass = false;
    else if (c === "/" && !isClass) return at + 1;
  }
  return from + 1;
}
