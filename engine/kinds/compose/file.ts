/** One compose file by itself: its text, its documents, its comments. */
import type { ShellParser } from "../../languages/shell/syntax";
import { subjectOf } from "../../languages/yaml/comments";
import { childAt, parseYaml, type YamlDocument, type YamlStream } from "../../languages/yaml/document";
import { startWithProps } from "../../languages/yaml/node";
import type { Edit } from "../../text/edit";
import type { Span } from "../../text/span";
import type { Comment } from "../kind";

export class ComposeFile {
  readonly stream: YamlStream;

  constructor(
    readonly text: string,
    previous: ComposeFile | undefined,
    readonly parser: ShellParser | undefined,
  ) {
    this.stream = parseYaml(text, previous?.stream);
  }

  get comments(): readonly Comment[] {
    return this.stream.documents.flatMap((document) =>
      document.comments.map((comment) => ({
        start: comment.start,
        end: comment.end,
        text: comment.text.replace(/^#+\s*/, "").trimEnd(),
        // Looked for when somebody asks: most comments suppress nothing.
        get governs() {
          return governed(document, subjectOf(document, comment)) ?? { start: comment.start, end: comment.end };
        },
      })),
    );
  }

  /** Writes a comment line above the entry or item around the place. */
  insertComment(at: Span, text: string): Edit {
    const start = this.text.lastIndexOf("\n", at.start - 1) + 1;
    const indent = /^[\uFEFF \t]*/.exec(this.text.slice(start))?.[0] ?? "";
    const mark = start === 0 && this.text.startsWith("\uFEFF") ? 1 : 0;
    const terminator = this.stream.documents[0]?.terminator ?? "\n";
    const place = { start: start + mark, end: start + mark };
    return { span: place, text: `${indent.slice(mark)}# ${text}${terminator}` };
  }

  /** Takes a comment, or a part of one, away; with its line where nothing else is left on it. */
  removeComment(at: Span): Edit {
    const lineStart = this.text.lastIndexOf("\n", at.start - 1) + 1;
    const newline = this.text.indexOf("\n", at.end);
    const lineEnd = newline < 0 ? this.text.length : newline;
    const left = this.text.slice(lineStart, at.start) + this.text.slice(at.end, lineEnd);
    if (/^[\s#]*$/.test(left))
      return { span: { start: lineStart, end: Math.min(lineEnd + 1, this.text.length) }, text: "" };
    let { start } = at;
    while (start > lineStart && /[ \t]/.test(this.text[start - 1] ?? "")) start--;
    return { span: { start, end: at.end }, text: "" };
  }
}

function governed(document: YamlDocument, path: readonly (string | number)[]): Span | undefined {
  const parent = document.at(path.slice(0, -1));
  const step = path.at(-1);
  const child = parent === undefined || step === undefined ? undefined : childAt(parent, step);
  return child === undefined
    ? undefined
    : { start: Math.min(child.start, startWithProps(child.value)), end: child.end };
}
