/** The code cells of a Jupyter notebook: their lines put together, and found again in the JSON around them. */
import type { Span } from "../../text/span";
import type { TextValue } from "./file";
import { readString } from "./json";
import { readSketch } from "./sketch";

/** Lines of one cell, decoded, with the place of each in the notebook. */
interface Cell {
  text: string;
  readonly lines: { readonly from: number; readonly to: number; readonly at: number; readonly raw: string }[];
}

export function readNotebook(text: string): readonly TextValue[] {
  const values: TextValue[] = [];
  const sources = /"source"\s{0,20}:\s{0,20}(?=[["])/g;
  for (let match = sources.exec(text); match !== null; match = sources.exec(text)) {
    const { cell, end } = cellAt(text, match.index + match[0].length);
    sources.lastIndex = end;
    for (const value of readSketch(cell.text, "py")) {
      const span = placed(cell, value.span);
      const whole = placed(cell, value.whole);
      const isVerbatim = text.slice(span.start, span.end) === value.value;
      values.push({ ...value, nameSpan: undefined, span, whole, isVerbatim, fix: undefined });
    }
  }
  return values;
}

function cellAt(text: string, from: number): { readonly cell: Cell; readonly end: number } {
  const cell: Cell = { text: "", lines: [] };
  const isList = text[from] === "[";
  let at = isList ? from + 1 : from;
  for (; at < text.length; at++) {
    const c = text[at];
    if (c === '"') {
      const { value, whole } = readString(text, at);
      const raw = text.slice(whole.start + 1, whole.end - 1);
      cell.lines.push({ from: cell.text.length, to: cell.text.length + value.length, at: whole.start + 1, raw });
      cell.text += value;
      at = whole.end - 1;
      if (!isList) return { cell, end: whole.end };
    } else if (c === "]") break;
  }
  return { cell, end: at };
}

const placed = (cell: Cell, { start, end }: Span): Span => ({ start: place(cell, start), end: place(cell, end) });

/** Where a character of the cell stands in the notebook. */
function place({ lines }: Cell, offset: number): number {
  const line =
    lines.find((l) => offset >= l.from && offset <= l.to && (offset < l.to || l === lines.at(-1))) ?? lines.at(-1);
  if (line === undefined) return 0;
  let left = offset - line.from;
  let at = 0;
  for (; left > 0 && at < line.raw.length; left--) {
    at += line.raw[at] === "\\" ? (line.raw[at + 1] === "u" ? 6 : 2) : 1;
  }
  return line.at + at;
}
