/** Words that the rules about web frameworks have in common. */
import {
  type Applicability,
  choice,
  type CodeCall,
  type CodeEntry,
  type CodeFile,
  type CodeFunction,
  type CodeName,
  type CodeOptions,
  type CodeScope,
  type CodeText,
  type CodeValue,
  contains,
  type Context,
  type Edit,
  fixIn,
  literal,
  type Preset,
  type Report,
  type Severity,
  type Span,
} from "../../../engine/index";
import { weightOf } from "./weight";

/** Whether the file speaks of something at all; most do not, and then nothing needs to be looked for. */
export const speaksOf = ({ text }: CodeFile, words: RegExp): boolean => words.test(text);

/** What a table found. */
export interface Found {
  readonly at: Span;
  readonly message: string;
  /** The rule's own where left out; softened in development files either way. */
  readonly severity?: Severity | undefined;
  readonly preset?: Preset | undefined;
  readonly fix?: FoundFix | undefined;
}
export interface FoundFix {
  readonly title: string;
  readonly applicability: Applicability;
  readonly edits: readonly (Edit | undefined)[];
}

/** Reports each place once, by the first that speaks of it. */
export function reportAll(
  all: Iterable<Found>,
  severity: Severity,
  code: CodeFile,
  report: Report,
  context: Context,
): void {
  const places = new Set<string>();
  for (const { at, message, fix, preset, severity: own = severity } of all) {
    const place = `${at.start}-${at.end}`;
    if (places.has(place)) continue;
    places.add(place);
    report(at, message, {
      severity: weightOf(own, code),
      ...(preset === undefined ? {} : { preset }),
      fix: () => made(fix, context.file),
    });
  }
}

function made(fix: FoundFix | undefined, file: string) {
  const edits = fix?.edits.filter((edit) => edit !== undefined);
  if (fix === undefined || edits === undefined || edits.length < fix.edits.length) return undefined;
  return fixIn(file, fix.title, fix.applicability, [{ edits }]);
}

/** Puts a value in the place of another one; nothing where the place is only a name for it. */
export const replacing = (at: Span | undefined, text: string): Edit | undefined =>
  at === undefined ? undefined : { span: at, text };

/** A guided edit's text: what is to be typed stands between two texts that stay. */
export const guided = (before: string, label: string, after: string): string =>
  `${literal(before)}${choice(1, label)}${literal(after)}`;

/** Module and member with a dot: `jsonwebtoken.sign`, `net/http.Cookie`; empty where the origin is not known. */
export function pathOf({ origin }: CodeName): string {
  if (origin === undefined) return "";
  return origin.member === "" ? origin.module : `${origin.module}.${origin.member}`;
}

/** Where a value that is a name, or the call of a name, comes from. */
export function sourceOf(value: CodeValue | undefined): string {
  if (value?.kind === "variable") return pathOf(value.name);
  if (value?.kind !== "call") return "";
  const [first] = value.arguments;
  if (value.callee.text === "require" && first?.value.kind === "text") return first.value.whole ?? "";
  return pathOf(value.callee);
}

export const entryOf = ({ entries }: CodeOptions, ...names: readonly string[]): CodeEntry | undefined =>
  entries.findLast((entry) => names.includes(entry.name));

/** An entry by its name or, in calls with keyword arguments, that argument. */
export function namedIn(call: CodeCall, name: string): { readonly at: Span; readonly value: CodeValue } | undefined {
  const argument = call.arguments.find((a) => a.name === name);
  return argument && { at: argument.span, value: argument.value };
}

export const isFlag = (value: CodeValue | undefined, wanted: boolean): boolean =>
  value?.kind === "flag" && value.value === wanted;
export const isOn = (value: CodeValue | undefined): boolean => isFlag(value, true) || wholeOf(value) === "true";
export const isOff = (value: CodeValue | undefined): boolean => isFlag(value, false);

/** The whole of a text that is known. */
export const wholeOf = (value: CodeValue | undefined): string | undefined =>
  value?.kind === "text" ? value.whole : undefined;

const gathering = /^(?:of|asList|singletonList|singleton|newArrayList|newHashSet|copyOf|Array|Set|list|set|tuple)$/;

/** What stands in a list, in whatever way it is made; a single value is a list of one. */
export function itemsOf(value: CodeValue | undefined): readonly CodeValue[] {
  if (value === undefined) return [];
  if (value.kind === "list") return value.items.flatMap(itemsOf);
  if (value.kind === "call" && gathering.test(value.callee.last))
    return value.arguments.flatMap((a) => itemsOf(a.value));
  return [value];
}

/** The place of a literal's characters between its quotes, where it is written right here. */
export const innerOf = (text: CodeText): Span | undefined => (text.isLiteral ? text.inner : undefined);

/** Functions around a place, the innermost first. */
export const functionsAround = ({ facts }: CodeFile, at: Span): readonly CodeFunction[] =>
  facts.functions.filter((f) => contains(f, at)).sort((a, b) => a.end - a.start - (b.end - b.start));

/**
 * The text of the innermost function around that is longer than a line, else of the outermost one; of the whole file
 * where there is none.
 */
export function textAround(code: CodeFile, at: Span): string {
  const texts = functionsAround(code, at).map(({ start, end }) => code.text.slice(start, end));
  return texts.find((text) => text.includes("\n")) ?? texts.at(-1) ?? code.text;
}

/** What the code around is called: its functions, its class, the route that it is registered for. */
export function namesAround(code: CodeFile, at: Span): string {
  const functions = functionsAround(code, at);
  const names = functions.flatMap((f) => [f.name ?? "", f.owner?.name ?? ""]);
  const decorators = functions.flatMap((f) =>
    f.decorators.flatMap((d) => d.arguments.map((a) => wholeOf(a.value) ?? "")),
  );
  const routes = code.facts.calls.filter((c) => contains(c, at)).map((c) => wholeOf(c.arguments[0]?.value) ?? "");
  return [...names, ...decorators, ...routes].join(" ");
}

/** The guard at a place that has no scope of its own. */
export function guardAt({ facts }: CodeFile, at: Span): CodeScope["guard"] {
  const around = [...facts.calls, ...facts.assignments].filter((f) => contains(f, at));
  return around.sort((a, b) => a.end - a.start - (b.end - b.start))[0]?.scope.guard;
}

/** The longest chain that goes through the call: `a().b()` of `a()`. */
export function chainThrough({ facts }: CodeFile, call: CodeCall): readonly CodeCall[] {
  let longest = call.chain;
  for (const { chain } of facts.calls) if (chain.length > longest.length && chain.includes(call)) longest = chain;
  return longest;
}

/** The last word of a name alone: `permitAll` of `a.b().permitAll`. */
export function wordOf({ start, end, last }: CodeName): Span {
  return { start: Math.max(start, end - last.length), end };
}

/** A lambda that says yes to everything. */
export function saysYes(value: CodeValue | undefined): boolean {
  if (value?.kind !== "lambda") return false;
  const { returns, calls, throws, statements } = value.function;
  return returns.length === 1 && isFlag(returns[0], true) && calls.length === 0 && !throws && statements <= 1;
}

/** Whether the file imports something whose module matches. */
export const importsAny = ({ facts }: CodeFile, modules: RegExp): boolean =>
  facts.imports.some((i) => modules.test(i.module));

/** Whether a place is between the braces, the parentheses of which belong to a call that matches. */
export const isWithinCall = ({ facts }: CodeFile, at: Span, callee: (call: CodeCall) => boolean): boolean =>
  facts.calls.some((call) => contains(call, at) && callee(call));
