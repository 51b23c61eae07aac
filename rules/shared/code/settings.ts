/** Everything in a file of code that gives a name a value: options, named arguments, variables, members, setters. */
import type {
  CodeCall,
  CodeFile,
  CodeName,
  CodeOptions,
  CodeScope,
  CodeText,
  CodeValue,
  Context,
  Span,
} from "../../../engine/index";

export interface Setting {
  readonly name: string;
  readonly value: CodeValue;
  /** Name and value where they stand side by side, else the value. */
  readonly at: Span;
  /** What else is given together with it. */
  readonly beside: CodeOptions | CodeCall | undefined;
  /** What is set, called or made, as a whole: `builder.Encrypt`, `redis.Redis`, `ConfigurationOptions`. */
  readonly of: CodeName | undefined;
  readonly guard: CodeScope["guard"];
}

/** Every setting of the file, grouped by the way it is written. */
export function settingsOf(code: CodeFile, context: Context): readonly Setting[] {
  return context.once("settings of the code", () => [...optionsIn(code), ...argumentsIn(code), ...assignmentsIn(code)]);
}

function* optionsIn({ facts }: CodeFile): Iterable<Setting> {
  for (const beside of facts.options)
    for (const { name, value, start, end } of beside.entries)
      yield { name, value, at: { start, end }, beside, of: beside.type, guard: undefined };
}

/** Calls that give the name in their first argument the value in the second. */
const pairs = /^(?:put\w*|set\w*|add\w*|property|option|param\w*|append|with\w*|entry)$/i;

function* argumentsIn({ facts }: CodeFile): Iterable<Setting> {
  for (const beside of facts.calls) {
    const { arguments: given, callee, scope } = beside;
    const { guard } = scope;
    for (const { name, value, span } of given)
      if (name !== undefined) yield { name, value, at: span, beside, of: callee, guard };
    const [first, second] = given;
    if (first === undefined || first.name !== undefined) continue;
    if (second !== undefined && given.length === 2 && pairs.test(callee.last)) {
      const name = keyOf(first.value);
      if (name !== undefined)
        yield { name, value: second.value, at: second.span, beside: undefined, of: callee, guard };
    }
    const setter = given.length === 1 ? /^(?:set|with|use|Set|With|Use)([A-Z]\w*)$/.exec(callee.last)?.[1] : undefined;
    if (setter !== undefined) yield { name: setter, value: first.value, at: first.span, beside, of: callee, guard };
  }
}

function* assignmentsIn({ facts }: CodeFile): Iterable<Setting> {
  for (const { target, value, start, end, scope } of facts.assignments)
    yield { name: target.last, value, at: { start, end }, beside: undefined, of: target, guard: scope.guard };
}

/** `props.put("useSSL", …)`, `props.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, …)`. */
function keyOf(value: CodeValue): string | undefined {
  if (value.kind === "text") return value.whole;
  return value.kind === "variable" && value.name.last.endsWith("_CONFIG") ? value.name.last : undefined;
}

/** The value that is given beside under one of the names. */
export function besides({ beside }: Setting, names: RegExp): CodeValue | undefined {
  if (beside === undefined) return undefined;
  if (beside.kind === "options") return beside.entries.find((e) => names.test(e.name))?.value;
  return beside.arguments.find((a) => a.name !== undefined && names.test(a.name))?.value;
}

/** The texts of a value that are known in whole: of lists all, of a look at the environment the fallback. */
export function textsOf(value: CodeValue | undefined): readonly CodeText[] {
  switch (value?.kind) {
    case "text":
      return value.whole === undefined ? [] : [value];
    case "list":
      return value.items.flatMap(textsOf);
    case "lookup":
      return textsOf(value.fallback);
    case "choice":
      return value.options.flatMap(textsOf);
    default:
      return [];
  }
}

/** Whether a value says no. */
export const isOff = (value: CodeValue): boolean =>
  (value.kind === "flag" && !value.value) ||
  (value.kind === "text" && value.whole !== undefined && /^(?:false|no|off|0)$/i.test(value.whole));
export const isOn = (value: CodeValue): boolean =>
  (value.kind === "flag" && value.value) ||
  (value.kind === "text" && value.whole !== undefined && /^(?:true|yes|on|1)$/i.test(value.whole));

/** A text as the file has it: its characters without the quotes where it is written here. */
export const placeOf = (text: CodeText): Span => text.inner ?? { start: text.start, end: text.end };
