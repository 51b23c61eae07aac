/** Comments in which suppressions stand, for formats that only have them by line. */
import type { Edit } from "../../text/edit";
import { lineTerminator } from "../../text/lines";
import type { Span } from "../../text/span";
import type { Comment } from "../kind";
import type { Format } from "./file";

/** What begins a comment line, what ends it. */
export interface Mark {
  readonly opening: string;
  readonly closing: string;
}

/** Undefined where the format has no comments. */
export function markOf(format: Format, extension: string): Mark | undefined {
  if (format === "json") return /^(?:jsonc|json5|code-workspace)$/.test(extension) ? slashes : undefined;
  if (format === "notebook" || format === "plain") return undefined;
  if (format === "xml" || format === "markdown") return { opening: "<!--", closing: "-->" };
  if (format === "code") return codeMark(extension);
  if (format === "shell" && /^(?:bat|cmd)$/.test(extension)) return { opening: "REM", closing: "" };
  return { opening: "#", closing: "" };
}

const slashes: Mark = { opening: "//", closing: "" };

function codeMark(extension: string): Mark {
  if (
    /^(?:pyi?|rb|rake|gemfile|rakefile|vagrantfile|brewfile|podfile|fastfile|pl|pm|r|exs?|jl|nim|cr)$/.test(extension)
  )
    return { opening: "#", closing: "" };
  if (/^(?:sql|lua|hs|elm)$/.test(extension)) return { opening: "--", closing: "" };
  if (/^(?:html?|vue|svelte|astro|cshtml|jsp|erb|hbs)$/.test(extension)) return { opening: "<!--", closing: "-->" };
  return slashes;
}

/** Words that suppressions of ours and of other tools begin with. */
const suppresses = /bulkhead-ignore|gitleaks|allowlist|secretlint|nosec|nosemgrep|NOSONAR|checkov|trivy|tfsec/i;

/** The comments that may suppress something; one at the end of a line speaks of its line, others of the next that says something. */
export function commentsOf(text: string, mark: Mark | undefined): readonly Comment[] {
  if (mark === undefined || !suppresses.test(text)) return [];
  const comments: Comment[] = [];
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, Math.min(end, at + 2000));
    const start = suppresses.test(line) ? openingIn(line, mark) : -1;
    if (start >= 0) comments.push(commentAt(text, { start: at + start, end }, at, mark));
    at = end + 1;
  }
  return comments;
}

/** The last opening mark at the line's beginning, or behind a blank. */
function openingIn(line: string, { opening }: Mark): number {
  const first = line.search(/\S/);
  if (line.startsWith(opening, first)) return first;
  for (let at = line.lastIndexOf(opening); at > 0; at = line.lastIndexOf(opening, at - 1)) {
    if (/[\s;,]/.test(line[at - 1] ?? "")) return at;
  }
  return -1;
}

function commentAt(text: string, { start, end }: Span, lineStart: number, { opening, closing }: Mark): Comment {
  const raw = text.slice(start, end).trimEnd();
  const close = closing === "" ? -1 : raw.indexOf(closing);
  const whole = close < 0 ? raw : raw.slice(0, close + closing.length);
  const body = (close < 0 ? raw : raw.slice(0, close))
    .slice(opening.length)
    .replace(/^[#/*\s]+/, "")
    .trimEnd();
  const isOwnLine = text.slice(lineStart, start).trim() === "";
  const governs = isOwnLine ? nextLine(text, end) : { start: lineStart, end };
  return { start, end: start + whole.length, text: body, governs };
}

function nextLine(text: string, from: number): Span {
  const match = /\S/.exec(text.slice(from, from + 2000));
  if (match === null) return { start: from, end: from };
  const at = from + match.index;
  const newline = text.indexOf("\n", at);
  return { start: text.lastIndexOf("\n", at) + 1, end: newline < 0 ? text.length : newline };
}

/** A comment line above the line of the place. */
export function commentLine(text: string, at: Span, comment: string, mark: Mark): Edit {
  const start = at.start === 0 ? 0 : text.lastIndexOf("\n", at.start - 1) + 1;
  const skip = start === 0 && text.startsWith("\ufeff") ? 1 : 0;
  const indent = /^[ \t]*/.exec(text.slice(start + skip, start + skip + 200))?.[0] ?? "";
  const closing = mark.closing === "" ? "" : ` ${mark.closing}`;
  return {
    span: { start: start + skip, end: start + skip },
    text: `${indent}${mark.opening} ${comment}${closing}${lineTerminator(text)}`,
  };
}
