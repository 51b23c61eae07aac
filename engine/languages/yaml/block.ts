/** Changes of collections in block style, as lines. */
import { YamlEntry, type YamlNode } from "./node";
import {
  childrenIn,
  hanging,
  indentLines,
  keepsBlanks,
  type Change,
  type Child,
  type Container,
  type Place,
} from "./place";
import { entryLines, itemLines, writeBlock, type Written, type YamlData } from "./write";

/** Where a new entry goes: before `at`, or behind it. */
export interface Spot {
  readonly at: Child;
  readonly side: "before" | "after";
}

/** Puts lines (relative to the container's column) beside a child. */
export function insertLines(place: Place, lines: readonly string[], { at, side }: Spot): readonly Change[] | undefined {
  const { text } = place;
  const start = place.start(at);
  const column = place.column(start);
  if (side === "before") {
    if (!place.startsLine(start))
      return [{ from: start, to: start, text: `${hanging(lines, column)}\n${" ".repeat(column)}` }];
    const from = place.above(at);
    return [{ from, to: from, text: `${indentLines(lines, column)}\n` }];
  }
  if (!place.endsLine(place.contentEnd(at))) return undefined;
  const from = place.below(at);
  const written = indentLines(lines, column);
  const isOpen = from === text.length && !text.endsWith("\n");
  return [{ from, to: from, text: isOpen ? `\n${written}` : `${written}\n` }];
}

/** Removes one of several children with its comments. */
export function removeLines(place: Place, container: Container, child: Child): readonly Change[] | undefined {
  const { text } = place;
  const children = childrenIn(container);
  const index = children.indexOf(child);
  const next = children[index + 1];
  const start = place.start(child);
  if (!place.endsLine(place.contentEnd(child))) return undefined;
  if (!place.startsLine(start)) {
    if (next === undefined) return undefined;
    const to = place.start(next);
    const comment = place.document.comments.find((c) => {
      const at = place.start(c);
      return c.ownLine && at > place.end(child) && at < to;
    });
    return [{ from: start, to: comment === undefined ? to : place.start(comment), text: "" }];
  }
  const from = place.above(child);
  let to = place.below(child);
  const before = children[index - 1];
  // What the removal leaves behind must not become part of a block scalar that keeps its blank lines.
  if (before !== undefined && keepsBlanks(before.value)) {
    while (to < text.length && place.lineKind(to) === "blank") to = place.nextLine(to);
  }
  const isOpen = to === text.length && !text.endsWith("\n") && from > 0;
  return [{ from: isOpen ? place.lineEnd(Math.max(0, from - (text[from - 2] === "\r" ? 2 : 1))) : from, to, text: "" }];
}

export interface Replacement {
  /** Whether the old value's tag stays: the value is filled, not replaced. */
  readonly tag: "keep" | "drop";
}

/** Puts a value in the place of a child's value; an anchor stays. */
export function replaceValue(
  place: Place,
  child: Child,
  data: YamlData,
  replacement: Replacement,
): readonly Change[] | undefined {
  const { value } = child;
  const { text } = place;
  const head = child instanceof YamlEntry ? child.colon : child.dash;
  if (head === undefined || head.start === head.end) return undefined;
  const like = value.kind === "scalar" ? value.style : undefined;
  const written = writeBlock(data, place.habits, like);
  const keepsTag = replacement.tag === "keep" || value.props.tag === undefined;
  const isShort = written.below.length === 0 && written.behind === undefined && written.above.length === 0;
  if (isShort && keepsTag && isInline(value)) {
    return [{ from: place.start(value), to: place.end(value), text: written.inline }];
  }
  const from = place.end(head);
  const end = place.contentEnd(child);
  if (!place.endsLine(end)) return undefined;
  const to = place.lineEnd(end);
  const props = propsText(value, replacement);
  const tail = written.behind === undefined ? commentOf(place, child, from) : ` ${written.behind}`;
  const column = place.column(place.start(child));
  return [{ from, to, text: child instanceof YamlEntry ? entryText() : itemText() }];

  function entryText(): string {
    const line = `${props}${written.inline === "" ? "" : ` ${written.inline}`}${tail}`;
    const spaces = column + (written.kind === "list" ? place.habits.listStep : place.habits.step);
    return below(line, written, spaces);
  }

  function itemText(): string {
    if (written.inline !== "" || props !== "" || (tail !== "" && written.below.length > 0)) {
      return below(`${props}${written.inline === "" ? "" : ` ${written.inline}`}${tail}`, written, column + 2);
    }
    // A map or list that begins on the line of its dash.
    const gap = /^ +/.exec(text.slice(from))?.[0] ?? " ";
    return `${gap}${hanging(written.below, column + 1 + gap.length)}`;
  }
}

const below = (line: string, { below: lines }: Written, spaces: number): string =>
  lines.length === 0 ? line : `${line}\n${indentLines(lines, spaces)}`;

/** Written on the lines of its key, and ending as it says (no block scalar, no collection in block style). */
function isInline(value: YamlNode): boolean {
  if (value.kind === "alias") return true;
  if (value.kind === "scalar") return value.style !== "none" && value.body === undefined;
  return (value.kind === "map" || value.kind === "list") && value.style === "flow";
}

function propsText(value: YamlNode, { tag }: Replacement): string {
  const { props } = value;
  const kept = [props.anchor, tag === "keep" ? props.tag : undefined].filter((p) => p !== undefined);
  return kept.map((p) => ` ${p.origin.text.slice(p.from, p.to)}`).join("");
}

/** The comment, with the white space before it, on the line of the key, or behind a value that ends there. */
function commentOf(place: Place, child: Child, from: number): string {
  const { text } = place;
  const { value } = child;
  const isBelow = (value.kind === "map" || value.kind === "list") && value.style === "block";
  const end = isBelow || (value.kind === "scalar" && value.body !== undefined) ? from : place.end(child);
  const line = place.lineEnd(end);
  const comment = place.document.comments.find((c) => place.start(c) >= end && place.start(c) < line);
  if (comment === undefined) return "";
  let at = place.start(comment);
  while (at > end && /[ \t]/.test(text[at - 1] ?? "")) at--;
  return text.slice(at, place.end(comment));
}

/** The lines of a new child. */
export function childLines(
  place: Place,
  container: Container,
  key: string | number,
  data: YamlData,
): readonly string[] {
  if (container.kind === "list") return itemLines(data, place.habits, likeSiblings(container));
  const keys = container.entries.map((e) => (e.key.kind === "scalar" ? e.key.style : undefined));
  const like = keys.length > 0 && keys.every((k) => k === keys[0]) ? keys[0] : undefined;
  return entryLines(String(key), data, place.habits, like === "single" || like === "double" ? like : undefined);
}

/** The quotes of a list's texts where they all have the same. */
export function likeSiblings(container: Container): "single" | "double" | undefined {
  if (container.kind !== "list") return undefined;
  const styles = container.items.flatMap(({ value: v }) => (v.kind === "scalar" ? [v.style] : []));
  const [first] = styles;
  if (first !== "single" && first !== "double") return undefined;
  return styles.every((s) => s === first) ? first : undefined;
}
