/** Lines, comments and neighbours of what is edited. All offsets count from the document's start. */
import type { Edit } from "../../text/edit";
import type { YamlDocument } from "./document";
import { habitsOf } from "./habits";
import type { YamlEntry, YamlItem, YamlList, YamlMap, YamlNode } from "./node";
import { toSnippet, type Habits } from "./write";

export type Child = YamlEntry | YamlItem;
export type Container = YamlMap | YamlList;

/** A replacement of `[from, to)`; its lines are parted by `\n`, whatever the file uses. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A document about to be edited. */
export class Place {
  readonly text: string;
  private readonly at: number;
  private known: Habits | undefined;

  constructor(readonly document: YamlDocument) {
    this.text = document.origin.text;
    this.at = document.origin.at;
  }

  get habits(): Habits {
    this.known ??= habitsOf(this.document);
    return this.known;
  }

  start(child: { readonly start: number }): number {
    return child.start - this.at;
  }

  end(child: { readonly end: number }): number {
    return child.end - this.at;
  }

  lineStart(offset: number): number {
    return offset <= 0 ? 0 : this.text.lastIndexOf("\n", offset - 1) + 1;
  }

  /** Before the line's terminator. */
  lineEnd(offset: number): number {
    const newline = this.text.indexOf("\n", offset);
    if (newline < 0) return this.text.length;
    return newline > offset && this.text[newline - 1] === "\r" ? newline - 1 : newline;
  }

  nextLine(offset: number): number {
    const newline = this.text.indexOf("\n", offset);
    return newline < 0 ? this.text.length : newline + 1;
  }

  column(offset: number): number {
    return offset - this.lineStart(offset);
  }

  /** Nothing but spaces stands before the offset on its line. */
  startsLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === "";
  }

  /** Nothing but a comment stands behind the offset on its line. */
  endsLine(offset: number): boolean {
    return /^[ \t]*(?:$|#)/.test(this.text.slice(offset, this.lineEnd(offset)));
  }

  /** What a line is, apart from its indentation. */
  lineKind(offset: number): "blank" | "comment" | "text" {
    const line = this.text.slice(this.lineStart(offset), this.lineEnd(offset)).trim();
    return line === "" ? "blank" : line.startsWith("#") ? "comment" : "text";
  }

  /**
   * Start of the comment lines right above the child, at its column; its own line's start where there are none.
   * Comments at the document's top speak of the whole document.
   */
  above(child: Child): number {
    const start = this.start(child);
    const own = this.lineStart(start);
    let top = own;
    while (top > 0) {
      const line = this.lineStart(top - 1);
      const isComment = this.lineKind(line) === "comment" && /^ *#/.test(this.text.slice(line, top));
      if (!isComment || this.text.indexOf("#", line) - line !== this.column(start)) break;
      top = line;
    }
    const isTop = /^\s*(?:---[ \t]*\r?\n\s*)?$/.test(this.text.slice(0, top));
    return top < own && isTop ? own : top;
  }

  /** End of the child's last line with its terminator, and of the deeper comment lines right behind it. */
  below(child: Child): number {
    let end = this.nextLine(this.contentEnd(child));
    const column = this.column(this.start(child));
    while (end < this.text.length && this.lineKind(end) === "comment") {
      const deeper = this.text.indexOf("#", end) - end > column;
      if (!deeper) break;
      end = this.nextLine(end);
    }
    return end;
  }

  /** End of the last character that belongs to the value: blank lines too, where a block scalar keeps them. */
  contentEnd(child: { readonly value: YamlNode; readonly end: number }): number {
    const last = lastScalar(child.value);
    if (last.kind !== "scalar" || last.body === undefined || !keepsBlanks(last)) return this.end(child);
    const end = last.start - this.at - last.from + last.body.to;
    const newline = this.text[end - 1] === "\n" ? (this.text[end - 2] === "\r" ? 2 : 1) : 0;
    return Math.max(this.end(child), end - newline);
  }

  /** Finished edits of the file. */
  edits(changes: readonly Change[], options: { readonly snippet?: boolean }): readonly Edit[] {
    return changes.map((c) => {
      const text = this.document.terminator === "\n" ? c.text : c.text.replace(/\r?\n/g, "\r\n");
      const { from, to, text: least } = trim(this.text, { ...c, text });
      return { span: { start: from + this.at, end: to + this.at }, text: options.snippet ? toSnippet(least) : least };
    });
  }
}

/** The node whose text ends last. */
function lastScalar(node: YamlNode): YamlNode {
  const last = node.kind === "map" ? node.entries.at(-1) : node.kind === "list" ? node.items.at(-1) : undefined;
  return last === undefined ? node : lastScalar(last.value);
}

export function keepsBlanks(node: YamlNode): boolean {
  const last = lastScalar(node);
  if (last.kind !== "scalar" || last.body === undefined) return false;
  return /^[|>][1-9]?\+/.test(last.source);
}

/** Leaves out what the change does not change; never parts a `\r\n`. */
function trim(text: string, { from, to, text: written }: Change): Change {
  const most = Math.min(to - from, written.length);
  let head = 0;
  while (head < most && text.charCodeAt(from + head) === written.charCodeAt(head)) head++;
  let tail = 0;
  while (tail < most - head && text.charCodeAt(to - 1 - tail) === written.charCodeAt(written.length - 1 - tail)) tail++;
  if (head > 0 && (parts(text, from + head) || parts(written, head))) head--;
  if (tail > 0 && (parts(text, to - tail) || parts(written, written.length - tail))) tail--;
  return { from: from + head, to: to - tail, text: written.slice(head, written.length - tail) };
}

/** Whether the offset lies within a `\r\n` or a surrogate pair. */
const parts = (text: string, at: number): boolean =>
  at > 0 && /^(?:\r\n|[\ud800-\udbff][\udc00-\udfff])/.test(text.slice(at - 1, at + 1));

/** The text with all its lines but the first indented. */
export const hanging = (lines: readonly string[], spaces: number): string =>
  lines.map((l, i) => (i === 0 || l === "" ? l : " ".repeat(spaces) + l)).join("\n");

/** The text with all its lines indented. */
export const indentLines = (lines: readonly string[], spaces: number): string =>
  lines.map((l) => (l === "" ? l : " ".repeat(spaces) + l)).join("\n");

export const childrenIn = (container: Container): readonly Child[] =>
  container.kind === "map" ? container.entries : container.items;
