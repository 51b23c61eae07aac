/** One document read again after an edit: only the segments around the edit are parsed. */
import { DocumentOrigin, type Segment } from "./segment";
import { parseTree, type Tree } from "./tree";

/**
 * The tree of `text`, out of the tree of the origin's text; the origin then holds `text`. Undefined, and nothing
 * changed, where the whole has to be read.
 *
 * The changed segments are parsed together with a clean one before them (the lead) and one behind them (the witness),
 * below their header. If both come out as they were, the parser stood before and behind the change where it stood
 * before, so that all other segments are as they were.
 */
export function reparse(origin: DocumentOrigin, tree: Tree, text: string): Tree | undefined {
  const { segments } = tree;
  if (segments.length === 0 || tree.hasDirectives || tree.found.problems.length > 0) return undefined;
  const change = difference(origin.text, text);
  // What stands before the first segment is not read again.
  const first = lastAtOrBefore(segments, change.start - 1);
  if (first < 0) return undefined;
  const lead = cleanBefore(segments, first - 1);
  const witness = cleanAfter(segments, lastAtOrBefore(segments, change.oldEnd) + 1);
  const delta = text.length - origin.text.length;
  const header = lead < 0 ? undefined : headerOf(segments, lead);
  if (header !== undefined && !isClean(header)) return undefined;
  const from = lead < 0 ? 0 : (segments[lead]?.offset ?? 0);
  const behind = segments[witness];
  const to = behind === undefined ? text.length : behind.offset + behind.text.length + delta;
  const shift = from - (header?.text.length ?? 0);
  const part = parseTree(new DocumentOrigin(0, (header?.text ?? "") + text.slice(from, to), origin.booleans));
  const middle = part.segments.slice(lead < 0 ? 0 : header === undefined ? 1 : 2);
  if (part.root.kind !== tree.root.kind || part.segments.length === 0 || part.hasDirectives) return undefined;
  const before = lead < 0 ? undefined : segments[lead];
  if (before === undefined ? !beginsAt(part, segments[0]) : !startsWith(part, header, before)) return undefined;
  if (behind !== undefined) {
    const parsed = middle.pop();
    if (parsed === undefined || parsed.offset + shift !== behind.offset + delta || !isSame(parsed, behind)) {
      return undefined;
    }
  }
  const old = segments.slice(lead + 1, witness);
  const read = middle.map((segment) => settle(segment, origin, shift, old));
  for (const segment of segments.slice(witness)) segment.offset += delta;
  origin.text = text;
  return { ...tree, segments: [...segments.slice(0, lead + 1), ...read, ...segments.slice(witness)] };
}

/** Index of the last segment that begins at or before the offset, or -1. */
function lastAtOrBefore(segments: readonly Segment[], offset: number): number {
  let low = -1;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const isClean = (segment: Segment | undefined): boolean => segment?.found.problems.length === 0;

/** -1 where there is none. */
function cleanBefore(segments: readonly Segment[], from: number): number {
  let i = from;
  while (i >= 0 && !isClean(segments[i])) i--;
  return i;
}

/** A header without its entries is none, so it is no witness. The number of segments where there is none. */
function cleanAfter(segments: readonly Segment[], from: number): number {
  let i = from;
  while (i < segments.length && (segments[i]?.header || !isClean(segments[i]))) i++;
  return i;
}

function headerOf(segments: readonly Segment[], index: number): Segment | undefined {
  if (segments[index]?.level !== 1) return undefined;
  let i = index;
  while (i >= 0 && segments[i]?.level === 1) i--;
  return segments[i];
}

const isSame = (parsed: Segment | undefined, old: Segment): boolean =>
  parsed !== undefined &&
  parsed.text === old.text &&
  parsed.level === old.level &&
  parsed.header === old.header &&
  parsed.child.value.kind === old.child.value.kind &&
  isClean(parsed);

/** Whether the part begins where the first segment does, at the same column. */
function beginsAt(part: Tree, first: Segment | undefined): boolean {
  const [parsed] = part.segments;
  if (part.found.problems.length > 0 || parsed === undefined || first === undefined) return false;
  return parsed.offset === first.offset && indentation(parsed) === indentation(first);
}

const indentation = ({ text }: Segment): number => text.length - text.trimStart().length;

/** Whether the part begins with the header (where there is one) and the lead, as they were, and nothing before. */
function startsWith(part: Tree, header: Segment | undefined, lead: Segment): boolean {
  if (part.found.problems.length > 0 || part.segments[0]?.offset !== 0) return false;
  if (header === undefined) return isSame(part.segments[0], lead);
  return isSame(part.segments[0], header) && isSame(part.segments[1], lead);
}

/** Moves a segment to its place in the document; one of `old` with the same clean text is taken instead, once. */
function settle(segment: Segment, origin: DocumentOrigin, shift: number, old: Segment[]): Segment {
  const index = old.findIndex((o) => isSame(segment, o) && isClean(o));
  const settled = old.splice(index, index < 0 ? 0 : 1)[0] ?? segment;
  settled.document = origin;
  settled.offset = segment.offset + shift;
  return settled;
}

interface Difference {
  readonly start: number;
  readonly oldEnd: number;
}

function difference(old: string, text: string): Difference {
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < most - start && old.charCodeAt(old.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)) {
    tail++;
  }
  return { start, oldEnd: old.length - tail };
}
