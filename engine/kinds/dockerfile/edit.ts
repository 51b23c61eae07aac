/** Edits of whole lines; they keep the file's line terminator and leave comments where they are. */
import type { Edit } from "../../text/edit";
import { lineTerminator } from "../../text/lines";
import type { Span } from "../../text/span";

/** A byte order mark stands before the first line, not in it. */
function lineStart(text: string, at: number): number {
  const start = at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
  return start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : start;
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  return newline < 0 ? text.length : newline + 1;
}

const withTerminators = (text: string, lines: string): string => {
  const terminator = lineTerminator(text);
  return terminator === "\n" ? lines : lines.replace(/\r?\n/g, terminator);
};

export function removeLines(text: string, span: Span): Edit {
  const start = lineStart(text, span.start);
  const end = lineEnd(text, span.end);
  if (text.slice(start, span.start).trim() !== "" || text.slice(span.end, end).trim() !== "") {
    return { span: { start: span.start, end: span.end }, text: "" };
  }
  const lastWithoutTerminator = end === text.length && !text.endsWith("\n") && start > 0;
  if (!lastWithoutTerminator) return { span: { start, end }, text: "" };
  const previous = text[start - 2] === "\r" ? start - 2 : start - 1;
  return { span: { start: previous, end }, text: "" };
}

/** Above the comment lines that stand directly over the span: they speak of it. */
export function insertLinesBefore(
  text: string,
  span: Span,
  lines: string,
  comments: readonly { readonly at: number; readonly text: string }[],
): Edit {
  let at = lineStart(text, span.start);
  for (;;) {
    const above = lineStart(text, at - 1);
    if (at === 0 || above === at) break;
    const comment = comments.find((c) => c.at >= above && c.at < at);
    if (comment === undefined || text.slice(above, comment.at).trim() !== "") break;
    if (isTopOfFile(text, above)) break;
    at = above;
  }
  return { span: { start: at, end: at }, text: withTerminators(text, `${lines}\n`) };
}

/** Comments at the very top may be parser directives, or speak of the whole file. */
const isTopOfFile = (text: string, at: number): boolean => text.slice(0, at).trim() === "";

export function insertLinesAfter(text: string, span: Span, lines: string): Edit {
  const end = lineEnd(text, span.end);
  if (end > 0 && text[end - 1] === "\n")
    return { span: { start: end, end }, text: withTerminators(text, `${lines}\n`) };
  return { span: { start: end, end }, text: withTerminators(text, `\n${lines}`) };
}
