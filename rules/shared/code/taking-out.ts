/** Edits that take something out of code together with the comma or line that it needs. */
import {
  type CodeCall,
  type CodeEntry,
  type CodeFile,
  type CodeOptions,
  contains,
  type Edit,
  type Span,
} from "../../../engine/index";

/** One of several between commas; `inside` is what stands between the brackets. */
function oneOf(all: readonly Span[], one: Span, inside: Span, text: string): Edit {
  const index = all.findIndex((s) => s.start === one.start);
  const [before, after] = [all[index - 1], all[index + 1]];
  if (after !== undefined) return { span: { start: one.start, end: after.start }, text: "" };
  if (before !== undefined) return { span: { start: before.end, end: one.end }, text: "" };
  const around = text.slice(inside.start, one.start) + text.slice(one.end, inside.end);
  return { span: /^[\s,]*$/.test(around) ? inside : { start: one.start, end: one.end }, text: "" };
}

/** An argument of a call. */
export function withoutArgument(call: CodeCall, argument: Span, { text }: CodeFile): Edit {
  return oneOf(
    call.arguments.map((a) => a.span),
    argument,
    call.argumentsSpan,
    text,
  );
}

/** An entry of an object, struct or initialiser; undefined where its braces are not found, or something unknown stands beside it. */
export function withoutEntry(options: CodeOptions, entry: CodeEntry, { text }: CodeFile): Edit | undefined {
  if (options.isOpen) return undefined;
  const brace = text.indexOf("{", options.type?.end ?? options.start);
  if (brace < 0 || brace >= entry.start || text[options.end - 1] !== "}") return undefined;
  const inside = { start: brace + 1, end: options.end - 1 };
  // What is spread into it is written elsewhere.
  if (!options.entries.every((e) => contains(inside, e))) return undefined;
  return oneOf(options.entries, entry, inside, text);
}

/** A statement, and its line where it stands there alone. */
export function withoutStatement({ start, end }: Span, { text }: CodeFile): Edit {
  const after = /^[ \t]*;?/.exec(text.slice(end, end + 40))?.[0].length ?? 0;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const found = text.indexOf("\n", end);
  const lineEnd = found < 0 ? text.length : found + 1;
  const isAlone = /^\s*$/.test(text.slice(lineStart, start)) && /^\s*$/.test(text.slice(end + after, lineEnd));
  return { span: isAlone ? { start: lineStart, end: lineEnd } : { start, end: end + after }, text: "" };
}

/** An item of a list between brackets or braces. */
export function withoutItem(items: readonly Span[], item: Span, { text }: CodeFile): Edit {
  return oneOf(items, item, { start: item.start, end: item.end }, text);
}
