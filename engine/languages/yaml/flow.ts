/** Changes of collections in flow style (`[a, b]`, `{ a: 1 }`), and so of JSON. */
import { childrenIn, hanging, type Change, type Child, type Container, type Place } from "./place";
import { likeSiblings } from "./block";
import { isJson } from "./habits";
import { YamlEntry } from "./node";
import { flowEntry, writeFlow, writeFlowLines, writeScalar, type Habits, type YamlData } from "./write";

/** The habits inside the collection: as JSON, where it is written so. */
const habitsIn = (place: Place, container: Container): Habits =>
  childrenIn(container).length > 0 && container.kind === "map" && isJson(container)
    ? { ...place.habits, json: true }
    : place.habits;

const spansLines = (place: Place, container: Container): boolean =>
  place.text.slice(place.start(container), place.end(container)).includes("\n");

function valueText(place: Place, container: Container, data: YamlData, column: number): string {
  const habits = habitsIn(place, container);
  if (!spansLines(place, container) || !habits.json) return writeFlow(data, habits, likeSiblings(container));
  return hanging(writeFlowLines(data, habits), column);
}

function childText(place: Place, container: Container, key: string | number, data: YamlData, column: number): string {
  if (container.kind === "list") return valueText(place, container, data, column);
  const habits = habitsIn(place, container);
  const name = writeScalar(
    String(key),
    "flow",
    habits,
    container.entries[0]?.key.kind === "scalar" ? container.entries[0].key.style : undefined,
  );
  return `${name}: ${valueText(place, container, data, column)}`;
}

/** Whether the closing bracket is there. */
export function isClosed(place: Place, container: Container): boolean {
  return place.text[place.end(container) - 1] === (container.kind === "map" ? "}" : "]");
}

/** Offset of the comma behind a child, or -1. */
function commaAfter(place: Place, offset: number, limit: number): number {
  for (let at = offset; at < limit; at++) {
    const c = place.text[at];
    if (c === ",") return at;
    if (c === "#") at = place.lineEnd(at);
    else if (c !== undefined && c.trim() !== "") return -1;
  }
  return -1;
}

export function insertFlow(
  place: Place,
  container: Container,
  index: number,
  key: string | number,
  data: YamlData,
): readonly Change[] | undefined {
  if (!isClosed(place, container)) return undefined;
  const children = childrenIn(container);
  const next = children[index];
  if (next !== undefined) {
    const start = place.start(next);
    const column = place.column(start);
    const text = childText(place, container, key, data, column);
    if (!place.startsLine(start)) return [{ from: start, to: start, text: `${text}, ` }];
    const from = place.above(next);
    return [{ from, to: from, text: `${" ".repeat(column)}${text},\n` }];
  }
  const last = children.at(-1);
  if (last === undefined) return fillFlow(place, container, key, data);
  return appendFlow(place, container, last, key, data);
}

function appendFlow(
  place: Place,
  container: Container,
  last: Child,
  key: string | number,
  data: YamlData,
): readonly Change[] {
  const close = place.end(container) - 1;
  const end = place.end(last);
  const column = place.column(place.start(last));
  const comma = commaAfter(place, end, close);
  const isOwnLine = place.startsLine(place.start(last));
  const text = childText(place, container, key, data, isOwnLine ? column : place.column(place.start(container)));
  if (!isOwnLine) {
    return comma < 0
      ? [{ from: end, to: end, text: `, ${text}` }]
      : [{ from: comma + 1, to: comma + 1, text: ` ${text}` }];
  }
  const line = place.lineEnd(Math.max(end, comma));
  const written = `\n${" ".repeat(column)}${text}${comma < 0 ? "" : ","}`;
  if (line > close) {
    const at = comma < 0 ? end : comma + 1;
    return [{ from: at, to: at, text: (comma < 0 ? "," : "") + written }];
  }
  if (comma >= 0) return [{ from: line, to: line, text: written }];
  if (line === end) return [{ from: end, to: end, text: `,${written}` }];
  return [
    { from: end, to: end, text: "," },
    { from: line, to: line, text: written },
  ];
}

/** The first child of an empty collection. */
function fillFlow(
  place: Place,
  container: Container,
  key: string | number,
  data: YamlData,
): readonly Change[] | undefined {
  const from = place.start(container) + 1;
  const to = place.end(container) - 1;
  if (place.text.slice(from, to).trim() !== "") return undefined;
  const { habits } = place;
  if (habits.json) {
    const start = place.start(container);
    const line = place.lineStart(start);
    const column = /^ */.exec(place.text.slice(line))?.[0].length ?? 0;
    const inner = column + habits.step;
    const value = hanging(writeFlowLines(data, habits), inner);
    const text = container.kind === "list" ? value : `${writeScalar(String(key), "flow", habits)}: ${value}`;
    return [{ from, to, text: `\n${" ".repeat(inner)}${text}\n${" ".repeat(column)}` }];
  }
  if (container.kind === "list") return [{ from, to, text: writeFlow(data, habits) }];
  const pad = habits.padded ? " " : "";
  return [{ from, to, text: `${pad}${flowEntry(String(key), data, habits)}${pad}` }];
}

export function removeFlow(place: Place, container: Container, child: Child): readonly Change[] | undefined {
  if (!isClosed(place, container)) return undefined;
  const children = childrenIn(container);
  const index = children.indexOf(child);
  const close = place.end(container) - 1;
  const start = place.start(child);
  const end = place.end(child);
  if (children.length === 1) return [{ from: place.start(container) + 1, to: close, text: "" }];
  const next = children[index + 1];
  const comma = commaAfter(place, end, next === undefined ? close : place.start(next));
  const before = children[index - 1];
  const ownsLines = place.startsLine(start) && place.endsLine(Math.max(end, comma + 1));
  const lines = { from: place.above(child), to: place.nextLine(Math.max(end, comma + 1)), text: "" };
  if (next !== undefined) {
    if (comma < 0) return undefined;
    return ownsLines && place.startsLine(place.start(next))
      ? [lines]
      : [{ from: start, to: place.start(next), text: "" }];
  }
  if (before === undefined) return undefined;
  const gap = commaAfter(place, place.end(before), start);
  if (gap < 0) return undefined;
  const keepsComma = comma >= 0;
  if (ownsLines && lines.to <= close) {
    return keepsComma ? [lines] : [{ from: gap, to: gap + 1, text: "" }, lines];
  }
  let from = start;
  while (/\s/.test(place.text[from - 1] ?? "")) from--;
  const rest = { from: Math.max(from, gap + 1), to: keepsComma ? comma + 1 : end, text: "" };
  if (keepsComma) return [rest];
  return rest.from === gap + 1 ? [{ ...rest, from: gap }] : [{ from: gap, to: gap + 1, text: "" }, rest];
}

export function replaceFlow(
  place: Place,
  container: Container,
  child: Child,
  data: YamlData,
): readonly Change[] | undefined {
  const { value } = child;
  const habits = habitsIn(place, container);
  const like = value.kind === "scalar" ? value.style : undefined;
  const isLong = habits.json && spansLines(place, container);
  const line = place.lineStart(place.start(child));
  const column = /^ */.exec(place.text.slice(line))?.[0].length ?? 0;
  const text = isLong ? hanging(writeFlowLines(data, habits), column) : writeFlow(data, habits, like);
  const from =
    value.props.tag === undefined ? place.start(value) : Math.min(place.start(value), place.start(value.props.tag));
  const anchor = value.props.anchor;
  const to = place.end(value);
  if (anchor !== undefined && place.start(anchor) >= from) return undefined;
  if (value.kind !== "scalar" || value.style !== "none") {
    // `a:[]` is a value, `a:b` would be a word.
    const joins = place.text[from - 1] === ":" && child instanceof YamlEntry && isPlainKey(child);
    return [{ from, to, text: joins ? ` ${text}` : text }];
  }
  if (child instanceof YamlEntry && child.colon.start === child.colon.end) return [{ from: to, to, text: `: ${text}` }];
  return [{ from, to, text: ` ${text}` }];
}

const isPlainKey = ({ key }: YamlEntry): boolean => key.kind !== "scalar" || key.style === "plain";
