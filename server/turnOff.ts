import { type AnyRule, applyEdits, type Edit, lineTerminator, parseConfig, type RuleId } from "../engine/index";

/**
 * The edit of a `bulkhead.yaml` (or of the empty text of a new one) that turns a rule off and keeps everything else as it
 * is. Undefined where the text is written in a way that cannot be edited line by line.
 */
export function turnOff(text: string, rule: RuleId, rules: readonly AnyRule[]): Edit | undefined {
  const edit = editFor(text, rule);
  const before = parseConfig("", text, rules);
  const after = parseConfig("", applyEdits(text, [edit]), rules);
  const isOff = after.config.rules.get(rule)?.level === "off";
  const keeps = [...before.config.rules].every(
    ([id, said]) => id === rule || JSON.stringify(after.config.rules.get(id)) === JSON.stringify(said),
  );
  return isOff && keeps && after.problems.length <= before.problems.length ? edit : undefined;
}

interface Line {
  readonly start: number;
  /** Before the terminator. */
  readonly end: number;
  readonly text: string;
  /** Undefined for lines that are empty or a comment. */
  readonly indent: string | undefined;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const content = line.endsWith("\r") ? line.slice(0, -1) : line;
    const indent = /^[ \t]*(?=[^ \t#])/.exec(content)?.[0];
    lines.push({ start, end: start + content.length, text: content, indent });
    start += line.length + 1;
  }
  return lines;
}

function editFor(text: string, rule: RuleId): Edit {
  const lines = linesOf(text);
  const eol = lineTerminator(text);
  const top = lines.findIndex((l) => /^(?:rules|"rules"|'rules')[ \t]*:(?:[ \t]|$)/.test(l.text));
  const head = lines[top];
  if (head === undefined) {
    const gap = text === "" || text.endsWith("\n") ? "" : eol;
    return insert(text.length, `${gap}rules:${eol}  ${rule}: off${eol}`);
  }
  const brace = /^[^{#]*:[ \t]+\{/.exec(head.text);
  if (brace !== null) return insertInBraces(head, brace[0].length, `${rule}: off`);
  const body = bodyOf(lines, top, "");
  const indent = body.find((l) => l.indent !== undefined)?.indent ?? "  ";
  const entry = body.find((l) => l.indent === indent && keyOf(l) === rule);
  if (entry !== undefined) return turnOffEntry(lines, entry, eol);
  const last = body.filter((l) => l.indent !== undefined).at(-1) ?? head;
  return insert(last.end, `${eol}${indent}${rule}: off`);
}

/** The lines that belong to the key on line `index`, which is indented by `indent`. */
function bodyOf(lines: readonly Line[], index: number, indent: string): readonly Line[] {
  const rest = lines.slice(index + 1);
  const end = rest.findIndex((l) => l.indent !== undefined && l.indent.length <= indent.length);
  return end < 0 ? rest : rest.slice(0, end);
}

const keyOf = (line: Line): string | undefined => /^[ \t]*(["']?)([^"':\s]+)\1[ \t]*:(?:[ \t]|$)/.exec(line.text)?.[2];

function turnOffEntry(lines: readonly Line[], entry: Line, eol: string): Edit {
  const colon = /^[^:]*:/.exec(entry.text)?.[0].length ?? 0;
  const value = /^[ \t]*([^\s#]\S*)/.exec(entry.text.slice(colon));
  if (value?.[1]?.startsWith("{") === true) {
    const level = /\blevel[ \t]*:[ \t]*([^\s,}]+)/.exec(entry.text);
    if (level?.[1] === undefined) return insertInBraces(entry, entry.text.indexOf("{") + 1, "level: off");
    return replaceLast(entry, level, level[1]);
  }
  if (value?.[1] !== undefined) return replaceLast(entry, value, value[1], colon);
  const body = bodyOf(lines, lines.indexOf(entry), entry.indent ?? "");
  const level = body.find((l) => keyOf(l) === "level");
  const said = level === undefined ? null : /^[^:]*:[ \t]*([^\s#]\S*)/.exec(level.text);
  if (level !== undefined && said?.[1] !== undefined) return replaceLast(level, said, said[1]);
  const inner = body.find((l) => l.indent !== undefined)?.indent;
  if (inner === undefined) return insert(entry.start + colon, " off");
  return insert(entry.end, `${eol}${inner}level: off`);
}

const insert = (at: number, text: string): Edit => ({ span: { start: at, end: at }, text });

/** Replaces the word that a match on the line, or on its part from `offset`, ends with. */
function replaceLast(line: Line, match: RegExpExecArray, word: string, offset = 0): Edit {
  const end = line.start + offset + match.index + match[0].length;
  return { span: { start: end - word.length, end }, text: "off" };
}

function insertInBraces(line: Line, from: number, entry: string): Edit {
  const isEmpty = /^[ \t]*\}/.test(line.text.slice(from));
  return insert(line.start + from, isEmpty ? ` ${entry} ` : ` ${entry},`);
}
