/**
 * The instructions of a Dockerfile as texts with positions, over `dockerfile-ast` (the only file that imports it).
 * After an edit only the instructions around it are parsed again.
 */
import { DockerfileParser } from "dockerfile-ast";
import type { Instruction as AstInstruction } from "dockerfile-ast";
import { LineTable } from "../../text/lines";
import type { Origin } from "../../text/located";

export type Escape = "\\" | "`";

export interface Heredoc {
  readonly name: string;
  /** Offsets in the instruction's text. `opening` is the `<<NAME` word; `body` excludes the delimiter line. */
  readonly opening: { readonly from: number; readonly to: number };
  readonly body: { readonly from: number; readonly to: number };
  /** Quoted delimiter: the builder expands nothing in the body. */
  readonly quoted: boolean;
  /** `<<-`: leading tabs are stripped. */
  readonly stripsTabs: boolean;
}

/** One instruction. `at` is its offset in the newest text; everything else is relative to it. */
export interface InstructionNode extends Origin {
  at: number;
  /** Upper case. */
  readonly keyword: string;
  readonly keywordLength: number;
  readonly heredocs: readonly Heredoc[];
  /** Where the heredoc bodies begin; the text's length where there are none. */
  readonly headEnd: number;
  /** Room for the meaning that a kind makes of this text, made once. */
  meaning?: unknown;
}

export interface CommentNode {
  at: number;
  /** From `#` to the end of the line. */
  readonly text: string;
}

export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly line: { readonly start: number; readonly end: number };
  readonly valueSpan: { readonly start: number; readonly end: number };
}

export interface DockerfileSyntax {
  readonly text: string;
  readonly escape: Escape;
  readonly directives: readonly Directive[];
  readonly nodes: readonly InstructionNode[];
  readonly comments: readonly CommentNode[];
}

/** The syntax of `text`; nodes of `previous` (the syntax of an earlier text of the same file) are moved and reused. */
export function parseSyntax(text: string, previous?: DockerfileSyntax): DockerfileSyntax {
  return (previous && reparse(text, previous)) ?? parseWhole(text);
}

function parseWhole(text: string): DockerfileSyntax {
  const directives = readDirectives(text);
  const escape: Escape = directives.find((d) => d.name === "escape")?.value === "`" ? "`" : "\\";
  return { text, escape, directives, ...parsePart(text, 0, escape) };
}

/**
 * Parses the part of the text around the edit, through the first unchanged instruction behind it. If that instruction
 * comes out as it was, so does everything behind it. Undefined where this cannot be told.
 */
function reparse(text: string, previous: DockerfileSyntax): DockerfileSyntax | undefined {
  const old = previous.text;
  const { nodes } = previous;
  const most = Math.min(old.length, text.length);
  let prefix = 0;
  while (prefix < most && old.charCodeAt(prefix) === text.charCodeAt(prefix)) prefix++;
  let suffix = 0;
  while (
    suffix < most - prefix &&
    old.charCodeAt(old.length - 1 - suffix) === text.charCodeAt(text.length - 1 - suffix)
  ) {
    suffix++;
  }
  if (prefix === old.length && prefix === text.length) return previous;
  let first = nodes.length - 1;
  while (first >= 0 && (nodes[first]?.at ?? 0) >= prefix) first--;
  first--;
  const begin = nodes[first];
  if (begin === undefined) return undefined;
  const delta = text.length - old.length;
  const unchangedFrom = old.length - suffix;
  let last = first + 1;
  while (last < nodes.length && (nodes[last]?.at ?? 0) <= unchangedFrom) last++;
  const witness = nodes[last];
  const end = witness === undefined ? text.length : witness.at + delta + witness.text.length;
  const part = parsePart(text.slice(begin.at, end), begin.at, previous.escape);
  if (witness !== undefined) {
    const parsed = part.nodes[part.nodes.length - 1];
    if (parsed === undefined || parsed.at !== witness.at + delta || parsed.text !== witness.text) return undefined;
    part.nodes.pop();
  }
  const kept = nodes.slice(last);
  const oldEnd = witness === undefined ? old.length : witness.at + witness.text.length;
  const head = previous.comments.filter((c) => c.at < begin.at);
  const tail = previous.comments.filter((c) => c.at >= oldEnd).map((c) => ({ at: c.at + delta, text: c.text }));
  for (const node of kept) node.at += delta;
  return {
    text,
    escape: previous.escape,
    directives: previous.directives,
    nodes: [...nodes.slice(0, first), ...reuse(part.nodes, nodes.slice(first, last)), ...kept],
    comments: [...head, ...part.comments, ...tail],
  };
}

/** Nodes that came out with the same text keep their meaning. */
function reuse(parsed: InstructionNode[], before: readonly InstructionNode[]): InstructionNode[] {
  const free = [...before];
  return parsed.map((node) => {
    const index = free.findIndex((b) => b.text === node.text);
    const same = free[index];
    if (same === undefined) return node;
    free.splice(index, 1);
    same.at = node.at;
    return same;
  });
}

function parsePart(part: string, at: number, escape: Escape): { nodes: InstructionNode[]; comments: CommentNode[] } {
  const preamble = escape === "`" && at > 0 ? "# escape=`\n" : "";
  const text = preamble + part;
  const shift = at - preamble.length;
  const lines = new LineTable(text);
  const document = DockerfileParser.parse(text);
  const nodes: InstructionNode[] = [];
  for (const instruction of document.getInstructions()) {
    const range = instruction.getRange();
    const start = lines.offsetAt(range.start);
    let source = text.slice(start, lines.offsetAt(range.end));
    source = source.trimEnd() || source;
    const keyword = instruction.getInstruction();
    const heredocs = readHeredocs(instruction, lines, start, source);
    const headEnd = Math.min(source.length, ...heredocs.map((h) => h.body.from));
    nodes.push({
      at: start + shift,
      text: source,
      keyword: keyword.toUpperCase(),
      keywordLength: keyword.length,
      heredocs,
      headEnd,
    });
  }
  // The parser counts comments at the top that look like directives among those only.
  const comments = [...document.getDirectives(), ...document.getComments()]
    .map((c) => {
      const range = c.getRange();
      const start = lines.offsetAt(range.start);
      return { at: start + shift, text: text.slice(start, lines.offsetAt(range.end)) };
    })
    .filter((c) => c.at >= at);
  return { nodes, comments };
}

function readHeredocs(
  instruction: AstInstruction,
  lines: LineTable,
  start: number,
  source: string,
): readonly Heredoc[] {
  if (!source.includes("<<")) return [];
  // RUN, COPY and ADD have heredocs; the base class keeps the method to itself.
  const read = (instruction as unknown as { getHeredocs(): ReturnType<HeredocReader> }).getHeredocs();
  return read.flatMap((h) => {
    const opening = h.getStartRange();
    const content = h.getContentRange();
    const from = lines.offsetAt(opening.start) - start;
    const to = lines.offsetAt(opening.end) - start;
    const written = source.slice(from, to);
    const body =
      content === null
        ? { from: source.length, to: source.length }
        : { from: lines.offsetAt(content.start) - start, to: lines.offsetAt(content.end) - start };
    return [
      {
        name: h.getName(),
        opening: { from, to },
        body,
        quoted: /["']/.test(written),
        stripsTabs: /^\d*<<-/.test(written),
      },
    ];
  });
}
type HeredocReader = import("dockerfile-ast").Copy["getHeredocs"];

const directivePattern = /^\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(\S.*)$/;
const directiveNames = new Set(["syntax", "escape", "check"]);

/** Parser directives stand at the very top, before any other comment, blank line or instruction. */
function readDirectives(text: string): readonly Directive[] {
  const directives: Directive[] = [];
  const lines = new LineTable(text);
  for (let line = 0; line < lines.count; line++) {
    let start = lines.startOfLine(line);
    const end = lines.endOfLine(line);
    if (line === 0 && text.charCodeAt(0) === 0xfeff) start++;
    if (line === 0 && text.startsWith("#!", start)) continue;
    const match = directivePattern.exec(text.slice(start, end));
    const name = match?.[1]?.toLowerCase() ?? "";
    if (match === null || !directiveNames.has(name) || directives.some((d) => d.name === name)) break;
    const value = match[2]?.trimEnd() ?? "";
    const valueStart = start + text.slice(start, end).lastIndexOf(value);
    directives.push({
      name,
      value,
      line: { start, end },
      valueSpan: { start: valueStart, end: valueStart + value.length },
    });
  }
  return directives;
}
