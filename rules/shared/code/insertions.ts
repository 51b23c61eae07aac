/** Edits that put something into calls, structs and imports, in the way of their neighbours. */
import type { CodeCall, CodeFile, CodeOptions, Edit } from "../../../engine/index";

export const insertAt = (at: number, text: string): Edit => ({ span: { start: at, end: at }, text });

/** One more argument behind the others. */
export function withArgument({ arguments: given, argumentsSpan }: CodeCall, text: string): Edit {
  const last = given.at(-1);
  return last === undefined ? insertAt(argumentsSpan.start, text) : insertAt(last.span.end, `, ${text}`);
}

/** One more entry before the others; `text` without a comma. Undefined where the braces are not where they are expected. */
export function withEntry(code: CodeFile, options: CodeOptions, text: string): Edit | undefined {
  const brace = code.text.indexOf("{", options.type?.end ?? options.start);
  if (brace < 0 || brace >= options.end) return undefined;
  const [first] = options.entries;
  if (first === undefined) {
    const inside = code.text.slice(brace + 1, options.end - 1);
    if (inside.trim() !== "") return undefined;
    const isSpaced = code.language === "javascript" || code.language === "csharp";
    const replaced = { start: brace + 1, end: options.end - 1 };
    return { span: replaced, text: isSpaced ? ` ${text} ` : text };
  }
  const between = code.text.slice(brace + 1, first.start);
  if (between.trim() !== "") return undefined;
  return insertAt(first.start, `${text},${between.includes("\n") ? between : " "}`);
}

/** The import that makes a name known; nothing where it is known already. */
export function importing(code: CodeFile, module: string, member?: string): readonly Edit[] {
  const isThere = code.facts.imports.some(
    (i) => i.module === module && i.local !== "" && (i.member === (member ?? "") || i.member === "*"),
  );
  const made = isThere ? undefined : code.facts.importOf(module, member);
  return made === undefined ? [] : [insertAt(made.at, made.text)];
}
