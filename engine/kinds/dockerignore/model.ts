/** What an ignore file of a build context says (moby/patternmatcher: patterns match from the context's root). */
import type { Edit } from "../../text/edit";
import { Located } from "../../text/located";
import { lineTerminator } from "../../text/lines";
import { matches } from "./match";

export class Pattern extends Located {
  constructor(
    readonly file: Dockerignore,
    from: number,
    to: number,
    /** As written, without the white space around it. */
    readonly raw: string,
    /** `!`: lets in again what an earlier pattern kept out. */
    readonly negated: boolean,
    /** Cleaned as the builder does: no `!`, no leading or final `/`, no `./`. */
    readonly glob: string,
  ) {
    super({ at: 0, text: file.text }, from, to);
  }

  /** Whether it speaks of the path (relative to the context's root) or of a folder above it. */
  matches(path: string): boolean {
    return matches(this.glob, path);
  }

  /** Takes the line away. */
  remove(): Edit {
    const { text } = this.file;
    const newline = text.indexOf("\n", this.end);
    const start =
      this.start === 0 ? 0 : Math.max(text.lastIndexOf("\n", this.start - 1) + 1, text.startsWith("\ufeff") ? 1 : 0);
    return { span: { start, end: newline < 0 ? text.length : newline + 1 }, text: "" };
  }

  insertAfter(line: string): Edit {
    const terminator = lineTerminator(this.file.text);
    return { span: { start: this.end, end: this.end }, text: `${terminator}${line}` };
  }
}

export class Dockerignore {
  readonly patterns: readonly Pattern[];
  readonly comments: readonly { readonly at: number; readonly text: string }[];

  constructor(readonly text: string) {
    const patterns: Pattern[] = [];
    const comments: { at: number; text: string }[] = [];
    let at = text.startsWith("\ufeff") ? 1 : 0;
    while (at < text.length) {
      const newline = text.indexOf("\n", at);
      const lineEnd = newline < 0 ? text.length : newline;
      const line = text.slice(at, lineEnd);
      const trimmed = line.trim();
      const from = at + line.indexOf(trimmed);
      if (line.startsWith("#")) comments.push({ at, text: trimmed });
      else if (trimmed !== "") {
        const negated = trimmed.startsWith("!");
        patterns.push(
          new Pattern(this, from, from + trimmed.length, trimmed, negated, clean(negated ? trimmed.slice(1) : trimmed)),
        );
      }
      at = lineEnd + 1;
    }
    this.patterns = patterns;
    this.comments = comments;
  }

  /** Whether the path (relative to the context's root) stays out of the context: the last pattern that matches decides. */
  ignores(path: string): boolean {
    let ignored = false;
    for (const pattern of this.patterns) if (pattern.matches(path)) ignored = !pattern.negated;
    return ignored;
  }

  /** Adds a line at the end. */
  append(line: string): Edit {
    const terminator = lineTerminator(this.text);
    const end = this.text.length;
    const open = this.text !== "" && !this.text.endsWith("\n");
    return { span: { start: end, end }, text: `${open ? terminator : ""}${line}${terminator}` };
  }
}

function clean(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.trim().split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0) parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
