/** What comments speak of, and the lines of entries. */
import type { Span } from "../../text/span";
import type { YamlDocument } from "./document";
import type { YamlComment, YamlEntry, YamlItem, YamlPath } from "./node";
import { Place } from "./place";

export interface CommentsOf {
  /** On lines of their own right above, at the same column; not the comments at the document's top. */
  readonly above: readonly YamlComment[];
  /** Behind the entry's first line. */
  readonly behind: YamlComment | undefined;
}

export function commentsOf(document: YamlDocument, child: YamlEntry | YamlItem): CommentsOf {
  const place = new Place(document);
  const start = place.start(child);
  const top = place.above(child);
  const end = place.lineEnd(start);
  const within = (from: number, to: number): readonly YamlComment[] =>
    document.comments.filter((c) => place.start(c) >= from && place.start(c) < to);
  return { above: within(top, start), behind: within(start, end)[0] };
}

/** Whole lines from the first to the last of the entry, terminator included, without the comments around it. */
export function linesOf(document: YamlDocument, child: YamlEntry | YamlItem): Span {
  const place = new Place(document);
  const start = place.lineStart(place.start(child));
  const end = place.nextLine(place.contentEnd(child));
  return { start: start + document.start, end: end + document.start };
}

/**
 * The path of what a comment speaks of: the entry before it on its line or, where it has lines of its own, the entry
 * right below at its column; else what is around it.
 */
export function subjectOf(document: YamlDocument, comment: YamlComment): YamlPath {
  const place = new Place(document);
  const { text } = place;
  const at = place.start(comment);
  if (!comment.ownLine) {
    let before = at - 1;
    while (before > 0 && /[ \t]/.test(text[before] ?? "")) before--;
    return document.pathAt(before + document.start);
  }
  const column = place.column(at);
  let line = place.nextLine(at);
  while (line < text.length && place.lineKind(line) === "comment") line = place.nextLine(line);
  const below = line + column;
  const isBelow = text.slice(line, below).trim() === "" && below < place.lineEnd(line) && text[below] !== " ";
  return document.pathAt((isBelow ? below : at) + document.start);
}
