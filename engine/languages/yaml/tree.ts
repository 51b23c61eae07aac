/** Documents cut into segments: every entry of the root, and of the collections right below it, is read by itself. */
import { YamlComment, type YamlNode } from "./node";
import { type LocatedProblem, problemAt } from "./problem";
import { firstOffset, isBlock, realItems, Reader, type Block, type Item } from "./reader";
import { Findings, Segment, type DocumentOrigin } from "./segment";
import { parseSyntax, type DocumentSyntax, type SourceToken } from "./syntax";

export interface Tree {
  /** Whole where there are no segments; else a collection without children, to be filled from the segments. */
  readonly root: YamlNode;
  readonly segments: readonly Segment[];
  /** What stands outside the segments. */
  readonly found: Findings;
  readonly hasDirectives: boolean;
}

/** Parses the text of `origin`. Never fails. */
export function parseTree(origin: DocumentOrigin): Tree {
  const syntax = parseSyntax(origin.text);
  const { token } = syntax;
  const found = new Findings();
  const value = token?.value;
  const layout = isBlock(value) ? layOut(value, origin) : undefined;
  const reader = new Reader(origin, found, syntax);
  const props = reader.props(token?.start ?? []);
  let root: YamlNode;
  let segments: readonly Segment[] = [];
  if (layout !== undefined && isBlock(value)) {
    root = reader.emptyCollection(value, props);
    segments = layout;
    readSegments(value, layout, syntax, found);
  } else root = reader.node(value, props, token?.start ?? []);
  reader.comments(token?.end);
  for (const t of syntax.around) {
    if (t.type === "comment") reader.comments([t as SourceToken]);
    if ("end" in t) reader.comments(t.end as SourceToken[] | undefined);
  }
  for (const p of syntax.problems) {
    const { code, message, start, end } = p;
    found.problems.push(problemAt(origin, code, message, start, end));
  }
  distribute(found, segments, origin);
  return { root, segments, found, hasDirectives: syntax.around.some((t) => t.type === "directive") };
}

/** Hands comments and problems, read relative to the document, to the segments that they stand in. */
function distribute(found: Findings, segments: readonly Segment[], origin: DocumentOrigin): void {
  const comments = found.comments.splice(0).sort((a, b) => a.start - b.start);
  const problems = found.problems.splice(0).sort((a, b) => a.start - b.start) as LocatedProblem[];
  let i = -1;
  const segmentAt = (offset: number): Segment | undefined => {
    while ((segments[i + 1]?.offset ?? Number.POSITIVE_INFINITY) <= offset) i++;
    return segments[i];
  };
  for (const c of comments) {
    const at = c.start - origin.at;
    const s = segmentAt(at);
    if (s === undefined) found.comments.push(c);
    else s.found.comments.push(new YamlComment(s, at - s.offset, c.end - origin.at - s.offset));
  }
  i = -1;
  for (const p of problems) {
    const at = p.start - origin.at;
    const s = segmentAt(at);
    if (s === undefined) found.problems.push(p);
    else s.found.problems.push(problemAt(s, p.code, p.message, at - s.offset, p.end - origin.at - s.offset));
  }
}

/** Offset of the line's start where nothing but spaces stands between it and `offset`. */
function ownLine(text: string, offset: number): number | undefined {
  let at = offset;
  while (at > 0 && text[at - 1] === " ") at--;
  return at === 0 || text[at - 1] === "\n" ? at : undefined;
}

/** Offsets of the lines on which the block's entries begin; undefined where they do not begin lines of their own. */
function lineOffsets(block: Block, text: string, after: number): number[] | undefined {
  const offsets: number[] = [];
  for (const item of realItems(block)) {
    const line = ownLine(text, firstOffset(item) ?? 0);
    if (line === undefined || line < (offsets.at(-1) ?? after) || line === offsets.at(-1)) return undefined;
    offsets.push(line);
  }
  return offsets.length > 0 ? offsets : undefined;
}

/** Cuts the document into segments; undefined where its root's entries do not begin lines of their own. */
function layOut(root: Block, origin: DocumentOrigin): Segment[] | undefined {
  const { text } = origin;
  const outer = lineOffsets(root, text, 0);
  if (outer === undefined) return undefined;
  const cuts: { offset: number; level: 0 | 1; header: boolean }[] = [];
  realItems(root).forEach((item, i) => {
    const offset = outer[i] ?? 0;
    const { value } = item;
    const lineEnd = text.indexOf("\n", firstOffset(item) ?? 0);
    const inner = isBlock(value) && lineEnd >= 0 ? lineOffsets(value, text, lineEnd + 1) : undefined;
    cuts.push({ offset, level: 0, header: inner !== undefined });
    for (const o of inner ?? []) cuts.push({ offset: o, level: 1, header: false });
  });
  return cuts.map(({ offset, level, header }, i) => {
    const end = cuts[i + 1]?.offset ?? text.length;
    const segment = new Segment(origin, offset, text.slice(offset, end), level);
    segment.header = header;
    return segment;
  });
}

function readSegments(root: Block, segments: readonly Segment[], syntax: DocumentSyntax, outer: Findings): void {
  let i = 0;
  for (const item of realItems(root)) {
    const segment = segments[i++];
    if (segment === undefined) return;
    const reader = new Reader(segment, segment.found, syntax, segment.offset, outer);
    segment.child = reader.child(root, item, segment.header);
    if (!segment.header || !isBlock(item.value)) continue;
    for (const inner of realItems(item.value)) {
      const part = segments[i++];
      if (part === undefined) return;
      part.child = new Reader(part, part.found, syntax, part.offset, outer).child(item.value, inner, false);
    }
    for (const t of item.value.items as Item[]) if (firstOffset(t) === undefined) reader.comments(t.start);
  }
  const last = new Reader(segments[0]?.document as DocumentOrigin, outer, syntax);
  for (const t of root.items as Item[]) if (firstOffset(t) === undefined) last.comments(t.start);
}
