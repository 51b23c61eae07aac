/**
 * Go templates made readable as YAML: actions that give a value become a word that nobody knows, all others blanks, so
 * that every other character keeps its line, and nearly every one its place.
 */
import type { Span } from "../../text/span";

/** Stands for each character of a value that a template gives: a private character. */
export const hole = "\uE000";

export interface TemplateAction extends Span {
  /** What stands between the braces, without the marks that trim and the blanks around it. */
  readonly body: string;
  /** `value`: prints something. `control`: decides, repeats, defines or remembers. */
  readonly kind: "value" | "control" | "comment";
}

/** The body of `if`, `with`, `range` or `else`. */
export interface TemplateCondition extends Span {
  /** What it depends on: its own expression and those of the branches before it. */
  readonly on: readonly string[];
}

/** Text that was moved to the left on its line: what stands at `[start, end)` stands `by` characters further on. */
interface Moved extends Span {
  readonly by: number;
}

export class MaskedTemplate {
  constructor(
    readonly text: string,
    /** In the order of the text. */
    readonly actions: readonly TemplateAction[],
    readonly conditions: readonly TemplateCondition[],
    /** The bodies of `define` and `block`. */
    readonly definitions: readonly Span[],
    /** Actions have lines of their own, so that they decide which lines there are. */
    readonly isShaped: boolean,
    /** What prints lines of a map or list beside those that are written. */
    private readonly prints: readonly Span[],
    private readonly moved: readonly Moved[],
  ) {}

  /** Where, in the file, the characters of the masked text stand. */
  placeOf({ start, end }: Span): Span {
    const by = this.moved.find((m) => m.start <= start && end <= m.end)?.by ?? 0;
    return { start: start + by, end: end + by };
  }

  /** Whether lines are printed in the collection at the span, or below it where nothing else is written. */
  printsAt({ start, end }: Span): boolean {
    let stop = end;
    while (/\s/.test(this.text[stop] ?? "")) stop++;
    return this.prints.some((p) => p.start >= start && p.start < stop);
  }

  /** Whether edits of the masked text, taken to the file, leave every action there that they do not take away whole. */
  allows(edits: readonly { readonly span: Span; readonly text: string }[]): boolean {
    return edits.every(({ span, text }) => !text.includes(hole) && this.isFree(span));
  }

  /** Values may go with what they stand in; what opens or closes a block may not. */
  private isFree({ start, end }: Span): boolean {
    if (this.moved.some((m) => m.start < end && start < m.end)) return false;
    return this.actions.every(
      (a) => a.end <= start || end <= a.start || (a.kind !== "control" && start <= a.start && a.end <= end),
    );
  }
}

export const isTemplate = (text: string): boolean => text.includes("{{");

/** `{{`, strings and comments with `}}` in them, `}}`. One without an end takes the rest of its line. */
function actionEnd(text: string, from: number): number {
  let i = from + 2;
  if (/^-?\s*\/\*/.test(text.slice(i, i + 20))) {
    const end = text.indexOf("*/", i);
    i = end < 0 ? text.length : end + 2;
  }
  while (i < text.length) {
    const c = text[i];
    if (c === "}" && text[i + 1] === "}") return i + 2;
    if (c === "{" && text[i + 1] === "{") break;
    if (c === "`" || c === '"' || c === "'") {
      const closing = stringEnd(text, i, c);
      // A quote without an end in its line is damage, not a string.
      i = closing ?? i + 1;
      continue;
    }
    i++;
  }
  const newline = text.indexOf("\n", from);
  if (newline < 0) return text.length;
  return text[newline - 1] === "\r" ? newline - 1 : newline;
}

function stringEnd(text: string, from: number, quote: string): number | undefined {
  for (let i = from + 1; i < text.length; i++) {
    const c = text[i];
    if (c === quote) return i + 1;
    if (quote === "`") continue;
    if (c === "\\") i++;
    else if (c === "\n") return undefined;
  }
  return undefined;
}

const control = /^(?:if|else|with|range|end|define|block|break|continue)(?![\w.])|^\$[\w.]*\s{0,9}:?=(?!=)/;
const opening = /^(?:if|with|range|define|block)(?![\w.])/;

/** Every action of the text, in its order. */
export function readActions(text: string): readonly TemplateAction[] {
  const actions: TemplateAction[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("{{", at);
    if (start < 0) return actions;
    const end = actionEnd(text, start);
    const body = text
      .slice(start + 2, end)
      .replace(/\}\}$/, "")
      .replace(/^-(?=\s)/, "")
      .replace(/\s-$/, "")
      .trim();
    const kind = body.startsWith("/*") ? "comment" : control.test(body) ? "control" : "value";
    actions.push({ start, end, body, kind });
    at = end;
  }
}

interface Block {
  readonly isDefinition: boolean;
  readonly opens: TemplateAction;
  /** The `end`; undefined where it is missing. */
  closes: TemplateAction | undefined;
}

interface Blocks {
  readonly all: readonly Block[];
  readonly conditions: readonly TemplateCondition[];
  readonly definitions: readonly Span[];
}

function readBlocks(actions: readonly TemplateAction[], length: number): Blocks {
  const all: Block[] = [];
  const open: { readonly block: Block; from: number; on: readonly string[] }[] = [];
  const conditions: TemplateCondition[] = [];
  const definitions: Span[] = [];
  const close = ({ block, from, on }: (typeof open)[number], end: number): void => {
    if (block.isDefinition) definitions.push({ start: from, end });
    else conditions.push({ start: from, end, on });
  };
  for (const action of actions) {
    if (action.kind !== "control") continue;
    const word = /^\w*/.exec(action.body)?.[0] ?? "";
    const last = open.at(-1);
    if (opening.test(action.body)) {
      const block = { isDefinition: word === "define" || word === "block", opens: action, closes: undefined };
      all.push(block);
      open.push({ block, from: action.end, on: [action.body] });
    } else if (last !== undefined && (word === "else" || word === "end")) {
      close(last, action.start);
      last.from = action.end;
      last.on = [...last.on, action.body];
      if (word !== "end") continue;
      last.block.closes = action;
      open.pop();
    }
  }
  for (const left of open) close(left, length);
  return { all, conditions, definitions };
}

export function maskTemplate(text: string): MaskedTemplate {
  const actions = readActions(text);
  const blocks = readBlocks(actions, text.length);
  const mask = new Mask(text, actions, blocks);
  const masked = mask.run();
  const { conditions, definitions } = blocks;
  return new MaskedTemplate(masked, actions, conditions, definitions, mask.isShaped, mask.prints, mask.moved);
}

/** A line of the template, or several where an action goes over their ends. */
interface Line extends Span {
  readonly actions: readonly TemplateAction[];
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, " ");

/** Unknown where the first line of the text is; the others are blank. */
function unknownWord(text: string): string {
  const end = text.search(/\r?\n/);
  return end < 0 ? hole.repeat(text.length) : hole.repeat(end) + blank(text.slice(end));
}

const blockScalar = /^(?:.*:|\s*-)\s{1,9}(?:[&!]\S{1,60}\s{1,9})?[|>][-+\d]{0,2}[ \t]*(?:#.*)?\r?$/;

class Mask {
  isShaped = false;
  readonly prints: Span[] = [];
  readonly moved: Moved[] = [];
  /** Of the block scalar that the lines are in: the indentation of its parent, and its own once a line shows it. */
  private scalar: { readonly parent: number; own: number | undefined } | undefined;
  private lastWasControl = false;
  private readonly inLine: ReadonlyMap<TemplateAction, TemplateAction>;
  private readonly definers: ReadonlySet<TemplateAction>;
  private readonly lines: readonly Line[];

  constructor(
    private readonly text: string,
    actions: readonly TemplateAction[],
    blocks: Blocks,
  ) {
    this.lines = linesOf(text, actions);
    this.inLine = new Map(blocks.all.flatMap((b) => (b.closes === undefined ? [] : [[b.opens, b.closes] as const])));
    this.definers = new Set(
      blocks.all.flatMap((b) => (b.isDefinition ? [b.opens, ...(b.closes === undefined ? [] : [b.closes])] : [])),
    );
  }

  run(): string {
    return this.lines.map((line, i) => this.line(line, i)).join("");
  }

  private line(line: Line, index: number): string {
    const source = this.text.slice(line.start, line.end);
    const literal = this.literalOf(line);
    if (literal !== "") this.leaveScalar(source, line);
    const masked = this.maskedLine(line, index, source, literal);
    // A tab between actions means nothing to the template, but YAML refuses it.
    const spaced = line.actions.length > 0 ? masked.replaceAll("\t", " ") : masked;
    if (literal !== "") this.enterScalar(spaced);
    if (literal !== "" || line.actions.length > 0)
      this.lastWasControl = literal === "" && line.actions.some((a) => a.kind === "control");
    return spaced;
  }

  private maskedLine(line: Line, index: number, source: string, literal: string): string {
    const { actions } = line;
    if (actions.length === 0) {
      // A branch that is an empty collection cannot stand beside the entries of another.
      const isEmptyBranch = this.lastWasControl && this.scalar === undefined && /^(?:\{\}|\[\])$/.test(literal);
      return isEmptyBranch ? blank(source) : source;
    }
    if (literal === "") return this.scalar === undefined ? this.ownLine(line, source) : this.lineInScalar(line, source);
    if (this.scalar === undefined && this.leads(line)) return this.movedLine(line);
    return this.valuesIn(line, index);
  }

  private literalOf({ start, end, actions }: Line): string {
    let literal = "";
    let at = start;
    for (const action of actions) {
      literal += this.text.slice(at, action.start);
      at = action.end;
    }
    return (literal + this.text.slice(at, end)).trim();
  }

  private leaveScalar(source: string, line: Line): void {
    if (this.scalar === undefined) return;
    const column = indentOf(source);
    const isValueAtStart = line.actions[0]?.start === line.start + column && line.actions[0]?.kind === "value";
    if (column <= this.scalar.parent && !isValueAtStart) this.scalar = undefined;
    else this.scalar.own ??= column;
  }

  private enterScalar(masked: string): void {
    if (this.scalar !== undefined) return;
    const line = masked.replace(/\r?\n$/, "");
    if (blockScalar.test(line)) this.scalar = { parent: keyColumn(line), own: undefined };
  }

  /** Actions alone: nothing for YAML to read, but the border between two definitions. */
  private ownLine({ start, actions }: Line, source: string): string {
    this.isShaped = true;
    this.prints.push(...actions.filter((a) => a.kind === "value"));
    const isBorder = actions.some((a) => this.definers.has(a)) && actions[0]?.start === start;
    const text = blank(source);
    return isBorder && /^ {3}(?:\s|$)/.test(text) ? `---${text.slice(3)}` : text;
  }

  /** What a text in a block scalar is made of. */
  private lineInScalar(line: Line, source: string): string {
    const { scalar } = this;
    const value = line.actions.find((a) => a.kind === "value");
    if (scalar === undefined || value === undefined) return blank(source);
    const own = indentOf(source);
    const least = scalar.own ?? scalar.parent + 1;
    const column = Math.max(own, least);
    const first = source.search(/\r?\n/);
    const length = first < 0 ? source.length : first;
    if (column >= length) return blank(source);
    scalar.own ??= column;
    return " ".repeat(column) + hole.repeat(length - column) + blank(source.slice(length));
  }

  /** Whether the line begins with what decides about the text behind it. */
  private leads({ start, actions }: Line): boolean {
    const [first] = actions;
    return first?.kind === "control" && this.text.slice(start, first.start).trim() === "";
  }

  /** `{{ if .debug }}key: value{{ end }}` has its key where the condition begins. */
  private movedLine(line: Line): string {
    const { start, end, actions } = line;
    let next = 0;
    let from = start;
    while (next < actions.length) {
      const action = actions[next] as TemplateAction;
      if (action.kind === "value" || this.text.slice(from, action.start).trim() !== "") break;
      from = action.end;
      next++;
    }
    if (this.text.slice(from - 3, from) === "-}}") while (/[ \t]/.test(this.text[from] ?? "")) from++;
    const stop = actions.slice(next).find((a) => a.kind === "control")?.start ?? end;
    const column = (actions[0]?.start ?? start) - start;
    const source = this.text.slice(start, end);
    if (/[\r\n]/.test(source.replace(/\r?\n$/, ""))) return blank(source);
    this.isShaped = true;
    const kept = this.masked(from, stop, actions.slice(next)).trimEnd();
    const at = start + column;
    this.moved.push({ start: at, end: at + kept.length, by: from - at });
    const terminator = /\r?\n$/.exec(source)?.[0] ?? "";
    const rest = source.length - column - kept.length - terminator.length;
    return source.slice(0, column) + kept + " ".repeat(rest) + terminator;
  }

  /** Literal text with values in it, and whole conditions as values. */
  private valuesIn(line: Line, index: number): string {
    const { start, end, actions } = line;
    const spans: (Span & { readonly isValue: boolean })[] = [];
    for (const action of actions) {
      if (action.start < (spans.at(-1)?.end ?? 0)) continue;
      const closing = this.inLine.get(action);
      const isWhole = closing !== undefined && closing.end <= end;
      spans.push({
        start: action.start,
        end: isWhole ? closing.end : action.end,
        isValue: isWhole || action.kind === "value",
      });
    }
    const first = spans.find((s) => s.isValue);
    if (first !== undefined && this.scalar === undefined) {
      const before = this.text.slice(start, first.start);
      const isAll = /(?:^|:|-)\s{0,99}$/.test(before) && this.between(first.start, end, spans) === "";
      // More of the map, or of the list, follows below.
      if (isAll && this.goesOn(before, index)) {
        this.prints.push(first);
        return this.cover(line, spans, blank);
      }
      const header = /[|>][-+\d]{0,2}\s{0,99}$/.exec(before);
      // A block scalar that one action gives has no lines to read.
      if (header !== null && /[:-]\s{1,99}$/.test(before.slice(0, header.index)))
        return this.cover(line, [{ start: start + header.index, end: first.end, isValue: true }], unknownWord);
    }
    return this.cover(line, spans, unknownWord);
  }

  private between(from: number, to: number, spans: readonly Span[]): string {
    let text = "";
    let at = from;
    for (const s of spans) {
      if (s.start < from) continue;
      text += this.text.slice(at, s.start);
      at = s.end;
    }
    return (text + this.text.slice(at, to)).trim();
  }

  private goesOn(before: string, index: number): boolean {
    const column = /:\s{0,99}$/.test(before) ? keyColumn(before) : indentOf(before);
    const isItem = /^\s*-/.test(before);
    for (let i = index + 1; i < this.lines.length; i++) {
      const line = this.lines[i] as Line;
      const literal = this.literalOf(line);
      if (literal === "" || literal.startsWith("#")) continue;
      const source = this.text.slice(line.start, line.end);
      const own = indentOf(source);
      return own > column || (own === column && !isItem && /^\s*-(?:\s|$)/.test(source));
    }
    return false;
  }

  private cover(
    { start, end }: Span,
    spans: readonly (Span & { readonly isValue: boolean })[],
    value: (text: string) => string,
  ): string {
    let masked = "";
    let at = start;
    for (const s of spans) {
      const source = this.text.slice(s.start, s.end);
      masked += this.text.slice(at, s.start) + (s.isValue ? value(source) : blank(source));
      at = s.end;
    }
    return masked + this.text.slice(at, end);
  }

  private masked(from: number, to: number, actions: readonly TemplateAction[]): string {
    const inside = actions.filter((a) => a.start >= from && a.end <= to);
    return this.cover(
      { start: from, end: to },
      inside.map((a) => ({ start: a.start, end: a.end, isValue: a.kind === "value" })),
      unknownWord,
    );
  }
}

const indentOf = (line: string): number => /^[ \t\uFEFF]*/.exec(line)?.[0].length ?? 0;

/** Where the key of the line stands, behind the marks of items. */
const keyColumn = (line: string): number => /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? 0;

function linesOf(text: string, actions: readonly TemplateAction[]): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  let next = 0;
  while (start < text.length) {
    const own: TemplateAction[] = [];
    let end = lineEnd(text, start);
    for (let action = actions[next]; action !== undefined && action.start < end; action = actions[next]) {
      own.push(action);
      if (action.end > end) end = lineEnd(text, action.end);
      next++;
    }
    lines.push({ start, end, actions: own });
    start = end;
  }
  return lines;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline + 1;
}
