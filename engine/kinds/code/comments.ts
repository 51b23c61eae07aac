/** Comments in code: what they speak of, where one goes, how one goes away. */
import { parts, pathTo, type SyntaxNode } from "../../languages/tree/node";
import type { Edit } from "../../text/edit";
import { lineTerminator } from "../../text/lines";
import type { Span } from "../../text/span";
import type { Comment } from "../kind";
import type { ParsedCode } from "./file";

export const commentsOf = (code: ParsedCode): readonly Comment[] =>
  code.facts.comments.map((comment) => new CodeComment(code, comment));

class CodeComment implements Comment {
  readonly start: number;
  readonly end: number;
  readonly text: string;

  constructor(
    private readonly code: ParsedCode,
    comment: Span & { readonly text: string },
  ) {
    this.start = comment.start;
    this.end = comment.end;
    this.text = comment.text;
  }

  /** Looked for when somebody asks: most comments suppress nothing. */
  get governs(): Span {
    const { code, start, end } = this;
    const { text } = code;
    const line = lineStart(text, start);
    if (text.slice(line, start).trim() !== "") return { start: line, end: lineEnd(text, end) };
    const next = nextWord(code, end);
    return next === undefined ? { start, end } : subjectAt(code, next);
  }
}

const lineStart = (text: string, at: number): number => (at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  return newline < 0 ? text.length : newline;
}

/** Where the next thing begins that is no comment. */
function nextWord({ text, facts }: ParsedCode, from: number): number | undefined {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? "")) at++;
    if (at >= text.length) return undefined;
    const comment = facts.comments.find((c) => c.start === at);
    if (comment === undefined) return at;
    at = comment.end;
  }
}

const bodies = new Set([
  "statement_block",
  "class_body",
  "block",
  "switch_body",
  "interface_body",
  "constructor_body",
  "declaration_list",
]);

/** The largest thing that begins there, up to its body where it has one; at least the rest of the line. */
function subjectAt({ text, syntax }: ParsedCode, start: number): Span {
  const line = { start, end: lineEnd(text, start) };
  if (syntax === undefined) return line;
  const path = pathTo(syntax.root, { start, end: start + 1 });
  const subject = path.find((node, i) => i > 0 && node.start === start && !bodies.has(node.type));
  if (subject === undefined) return line;
  return { start, end: Math.max(line.end, bodyIn(subject)?.start ?? subject.end) };
}

function bodyIn(node: SyntaxNode): SyntaxNode | undefined {
  for (const inner of parts(node)) {
    const body = bodies.has(inner.type) ? inner : bodyIn(inner);
    if (body !== undefined) return body;
  }
  return undefined;
}

/** What holds its lines as they are: a comment line inside would become part of it. */
const verbatim =
  /^(?:string|template_string|template_literal|jsx_\w+|raw_string_literal|interpreted_string_literal|string_literal|text_block|verbatim_string_literal|interpolated_string_expression|concatenated_string|comment|line_comment|block_comment|preproc_\w+)$/;

/** A comment line above the line of the place, at its indentation. */
export function commentBefore({ text, language, syntax }: ParsedCode, at: Span, words: string): Edit | undefined {
  if (syntax === undefined) return undefined;
  let start = lineStart(text, at.start);
  for (let rounds = 0; rounds < 8; rounds++) {
    const before = Math.max(0, start - 1);
    const around = pathTo(syntax.root, { start: before, end: start }).find((n) => verbatim.test(n.type));
    if (around === undefined || start === 0) break;
    start = lineStart(text, around.start);
  }
  if (start === 0 && /^(?:\uFEFF?#!|\uFEFF)/.test(text)) {
    if (text.startsWith("\uFEFF")) start = 1;
    else return undefined;
  }
  const indent = /^[ \t]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? "";
  const mark = language === "python" ? "#" : "//";
  return { span: { start, end: start }, text: `${indent}${mark} ${words}${lineTerminator(text)}` };
}

/** Takes a comment away, or a part of it; with its line where nothing else is left on it. */
export function withoutComment(text: string, at: Span): Edit {
  const line = lineStart(text, at.start);
  const end = lineEnd(text, at.end);
  const left = text.slice(line, at.start) + text.slice(at.end, end);
  if (/^[\s#/*]*$/.test(left)) return { span: { start: line, end: Math.min(end + 1, text.length) }, text: "" };
  let { start } = at;
  while (start > line && /[ \t]/.test(text[start - 1] ?? "")) start--;
  return { span: { start, end: at.end }, text: "" };
}
