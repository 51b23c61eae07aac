/** The lines around a finding, with its characters underlined. */
import type { LineTable, Span } from "../../engine/index";
import { columnsOf, visible } from "./visible";

const width = 120;
const tabStop = 4;
/** Columns of a long line that are shown before the finding. */
const lead = 40;
/** Lines of a long finding that are shown. */
const mostMarked = 4;

export interface FrameText {
  readonly text: string;
  readonly lines: LineTable;
  /** Secrets: shown by their first two characters only. */
  readonly masked: readonly Span[];
}

export interface FrameLine {
  /** Without colours; `mark` lines hold the carets. */
  readonly kind: "marked" | "around" | "mark" | "gap";
  readonly gutter: string;
  readonly text: string;
}

/** Something that is shown as a whole. */
interface Cell {
  readonly from: number;
  readonly to: number;
  readonly shown: string;
  readonly columns: number;
}

export function frame(source: FrameText, span: Span): readonly FrameLine[] {
  const { lines } = source;
  const first = lines.positionAt(span.start).line;
  const last = lastLine(lines, span);
  const shownLast = Math.min(last, first + mostMarked - 1);
  const from = Math.max(0, first - 1);
  const to = last > shownLast ? shownLast : Math.min(lines.count - 1, last + 1);
  const digits = String(to + 1).length;
  const result: FrameLine[] = [];
  for (let line = from; line <= to; line++) {
    const marked = first <= line && line <= shownLast;
    // An empty last line is only the end of the line before it.
    if (!marked && line === lines.count - 1 && lines.startOfLine(line) === lines.endOfLine(line)) continue;
    const cells = cellsOf(source, line, marked ? span : undefined, width - digits - 6);
    const gutter = `${marked ? ">" : " "} ${String(line + 1).padStart(digits)} │ `;
    result.push({
      kind: marked ? "marked" : "around",
      gutter,
      text: cells
        .map((c) => c.shown)
        .join("")
        .trimEnd(),
    });
    if (marked) result.push({ kind: "mark", gutter: `  ${" ".repeat(digits)} │ `, text: caretsUnder(cells, span) });
  }
  if (last > shownLast) {
    const more = last - shownLast;
    result.push({
      kind: "gap",
      gutter: `  ${" ".repeat(digits)} │ `,
      text: `… ${more} more line${more === 1 ? "" : "s"}`,
    });
  }
  return result;
}

/** The last line that has a character of the span. */
function lastLine(lines: LineTable, span: Span): number {
  const end = lines.positionAt(span.end);
  const first = lines.positionAt(span.start).line;
  return end.character === 0 && end.line > first ? end.line - 1 : end.line;
}

/** What is shown of a line: all of it, or, where it is too long, a piece in which the span begins. */
function cellsOf(source: FrameText, line: number, span: Span | undefined, budget: number): readonly Cell[] {
  const start = source.lines.startOfLine(line);
  const end = source.lines.endOfLine(line);
  const anchor = Math.max(start, span?.start ?? start);
  const from = isNear(source.text.slice(start, anchor), budget) ? start : beginsAt(source.text, anchor - lead);
  const cells: Cell[] = [];
  let column = 0;
  if (from > start) {
    cells.push({ from: start, to: from, shown: "…", columns: 1 });
    column = 1;
  }
  for (let at = from; at < end; ) {
    const cell = cellAt(source, at, end, column);
    if (column + cell.columns > budget) {
      cells.push({ from: at, to: end, shown: "…", columns: 1 });
      break;
    }
    cells.push(cell);
    column += cell.columns;
    at = cell.to;
  }
  return cells;
}

/** Whether so much text leaves room for what comes behind it. */
function isNear(before: string, budget: number): boolean {
  if (before.length > budget) return false;
  const columns = Array.from(before, (c) => (c === "\t" ? tabStop : columnsOf(c))).reduce((a, b) => a + b, 0);
  return columns + lead <= budget;
}

/** Not between the halves of a pair. */
const beginsAt = (text: string, offset: number): number => {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
};

function cellAt(source: FrameText, at: number, end: number, column: number): Cell {
  const mask = source.masked.find((m) => m.start <= at && at < m.end);
  if (mask !== undefined && at - mask.start >= kept(mask)) {
    return { from: at, to: Math.min(mask.end, end), shown: "***", columns: 3 };
  }
  const character = String.fromCodePoint(source.text.codePointAt(at) ?? 0);
  const to = at + character.length;
  if (character !== "\t") return { from: at, to, shown: visible(character), columns: columnsOf(visible(character)) };
  const columns = tabStop - (column % tabStop);
  return { from: at, to, shown: " ".repeat(columns), columns };
}

/** How many characters of a secret may be seen: two, but nothing of one that two would give away. */
const kept = (secret: Span): number => (secret.end - secret.start < 6 ? 0 : 2);

function caretsUnder(cells: readonly Cell[], span: Span): string {
  const start = cells[0]?.from ?? 0;
  const end = cells[cells.length - 1]?.to ?? 0;
  const empty = span.start === span.end;
  if (empty && span.start >= end) return `${" ".repeat(cells.reduce((sum, c) => sum + c.columns, 0))}^`;
  const inside = (cell: Cell): boolean =>
    empty ? cell.from <= span.start && span.start < cell.to : cell.from < span.end && span.start < cell.to;
  let carets = "";
  let begun = span.start > start;
  for (const cell of cells) {
    // The indentation of a line in the midst of a finding is no part of it to the eye.
    if (inside(cell) && (begun || cell.shown.trim() !== "" || cell.from === span.start)) {
      begun = true;
      carets += "^".repeat(cell.columns);
    } else carets += " ".repeat(cell.columns);
  }
  return carets.trimEnd() === "" ? "^" : carets.trimEnd();
}
