/** Comments of YAML files in which suppressions stand, for kinds whose files are YAML as a whole. */
import { subjectOf } from "../languages/yaml/comments";
import { childAt, type YamlDocument, type YamlStream } from "../languages/yaml/document";
import { startWithProps, type YamlComment, type YamlPath } from "../languages/yaml/node";
import type { Edit } from "../text/edit";
import { cover, type Span } from "../text/span";
import type { Comment } from "./kind";

/** `placeOf`: where, in the file, the characters of the stream's text stand. */
export const commentsIn = (stream: YamlStream, placeOf = (at: Span): Span => at): readonly Comment[] =>
  stream.documents.flatMap((document) =>
    document.comments.map((comment) => new DocumentComment(document, comment, placeOf)),
  );

class DocumentComment implements Comment {
  readonly start: number;
  readonly end: number;
  readonly text: string;

  constructor(
    private readonly document: YamlDocument,
    private readonly comment: YamlComment,
    private readonly placeOf: (at: Span) => Span,
  ) {
    this.start = comment.start;
    this.end = comment.end;
    this.text = comment.text.replace(/^#+\s*/, "").trimEnd();
  }

  /** Found out when a suppression asks for it: a look at a line per line of the comment. */
  get governs(): Span {
    const { document, comment, start, end } = this;
    const subject = governed(document, subjectOf(document, comment));
    return subject === undefined ? { start, end } : cover(subject, this.placeOf(subject));
  }
}

function governed(document: YamlDocument, path: YamlPath): Span | undefined {
  const parent = document.at(path.slice(0, -1));
  const step = path.at(-1);
  const child = parent === undefined || step === undefined ? undefined : childAt(parent, step);
  return child === undefined
    ? undefined
    : { start: Math.min(child.start, startWithProps(child.value)), end: child.end };
}

/** Writes a comment line above the line of the place; a JSON file takes none. */
export function commentAbove(text: string, at: Span, comment: string, terminator = "\n"): Edit {
  const start = text.lastIndexOf("\n", at.start - 1) + 1;
  const indent = /^[\uFEFF \t]*/.exec(text.slice(start))?.[0] ?? "";
  const mark = start === 0 && text.startsWith("\uFEFF") ? 1 : 0;
  return { span: { start: start + mark, end: start + mark }, text: `${indent.slice(mark)}# ${comment}${terminator}` };
}

/** Takes a comment, or a part of one, away; with its line where nothing else is left on it. */
export function withoutComment(text: string, at: Span): Edit {
  const lineStart = text.lastIndexOf("\n", at.start - 1) + 1;
  const newline = text.indexOf("\n", at.end);
  const lineEnd = newline < 0 ? text.length : newline;
  const left = text.slice(lineStart, at.start) + text.slice(at.end, lineEnd);
  if (/^[\s#]*$/.test(left)) return { span: { start: lineStart, end: Math.min(lineEnd + 1, text.length) }, text: "" };
  let { start } = at;
  while (start > lineStart && /[ \t]/.test(text[start - 1] ?? "")) start--;
  return { span: { start, end: at.end }, text: "" };
}
