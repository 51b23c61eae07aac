/** Code as tests read it: facts in short words. */
import { codeKind } from "../../engine/kinds/code/kind";
import type { ParsedCode } from "../../engine/kinds/code/file";
import type { Call, CodeFacts, Literal, Name, Value } from "../../engine/kinds/code/facts";
import { languages } from "./engine";

export async function readCode(file: string, text: string, previous?: ParsedCode): Promise<ParsedCode> {
  return codeKind.parse(text, previous, await languages(), [file]);
}

export const factsOf = async (file: string, text: string): Promise<CodeFacts> => (await readCode(file, text)).facts;

/** `https:Agent`; "" where nobody knows. */
export const origin = ({ origin: from }: Name): string => (from === undefined ? "" : `${from.module}:${from.member}`);

/** The origins of the calls, in order; the text where there is none. */
export const callees = (facts: CodeFacts): readonly string[] =>
  facts.calls.map(({ callee }) => origin(callee) || `?${callee.text}`);

/** A value in short: texts with `<…>` for holes, `env(KEY|fallback)`, `{a: 1}`, `[…]`, `a | b`, `fn`, `?`. */
export function brief(value: Value | undefined): string {
  if (value === undefined) return "-";
  switch (value.kind) {
    case "text":
      return `"${value.parts.map((p) => (typeof p === "string" ? p : `<${brief(p.value)}>`)).join("")}"`;
    case "flag":
    case "amount":
      return String(value.value);
    case "nothing":
      return "null";
    case "variable":
      return value.name.text;
    case "lookup":
      return `env(${value.key ?? "?"}${value.fallback === undefined ? "" : `|${brief(value.fallback)}`})`;
    case "list":
      return `[${[...value.items.map(brief), ...(value.isOpen ? ["..."] : [])].join(", ")}]`;
    case "options": {
      const entries = value.entries.map((e) => `${e.name}: ${brief(e.value)}`);
      return `{${[...entries, ...(value.isOpen ? ["..."] : [])].join(", ")}}`;
    }
    case "call":
      return briefCall(value);
    case "lambda":
      return `fn(${value.function.parameters.join(", ")}) => ${value.function.returns.map(brief).join(" / ")}`;
    case "choice":
      return value.options.map(brief).join(" | ");
    default:
      return "?";
  }
}

export function briefCall(call: Call): string {
  const given = call.arguments.map((a) => (a.name === undefined ? "" : `${a.name}=`) + brief(a.value));
  return `${call.isNew ? "new " : ""}${call.callee.text}(${[...given, ...(call.isOpen ? ["..."] : [])].join(", ")})`;
}

export const callTo = (facts: CodeFacts, text: string): Call => {
  const found = facts.calls.find((c) => c.callee.text === text);
  if (found === undefined) throw new Error(`no call of ${text}`);
  return found;
};

/** What a name or member is set to. */
export const setTo = (facts: CodeFacts, target: string): string =>
  brief(facts.assignments.find((a) => a.target.text === target)?.value);

export function briefUse({ use }: Literal): string {
  if (use.kind === "argument") return `argument ${use.name ?? use.index} of ${use.call.callee.text}`;
  if (use.kind === "value") return `value of ${use.name}`;
  if (use.kind === "fallback")
    return `fallback of ${use.lookup.key ?? "?"}${use.name === undefined ? "" : ` for ${use.name}`}`;
  return use.kind;
}

/** What the literal with this beginning is for. */
export const useOf = (facts: CodeFacts, beginning: string): string => {
  const found = facts.literals.find(({ text }) => brief(text).startsWith(`"${beginning}`));
  return found === undefined ? "-" : briefUse(found);
};
