/** Service code in the languages that have a reader. */
import type { Kind, Languages, RuleRun } from "../kind";
import type { CodeCheck } from "./check";
import { commentBefore, commentsOf, withoutComment } from "./comments";
import { noFacts } from "./draft";
import type { CodeFacts, CodeLanguage } from "./facts";
import type { ParsedCode } from "./file";
import { readers } from "./languages/index";
import {
  codeGrammarOf,
  isDevelopmentPath,
  isForeignCode,
  isFrontEndCode,
  isTestPath,
  languageOfGrammar,
} from "./paths";
import { summariseCode } from "./summarise";
import type { Syntax } from "../../languages/tree/parser";

export const codeKind: Kind<"code", ParsedCode> = {
  id: "code",
  recognises: (file, _text, languageId) => codeGrammarOf(file, languageId) !== undefined,
  mayBe: () => false,
  circumstances: ({ file, languageId = "" }) => [file, languageId],
  parse: (text, previous, languages, [file = "", languageId]) => parse(text, previous, languages, file, languageId),
  comments: commentsOf,
  insertComment: commentBefore,
  removeComment: (code, span) => withoutComment(code.text, span),
  summarise: summariseCode,
  walk,
};

function parse(
  text: string,
  previous: ParsedCode | undefined,
  languages: Languages,
  file: string,
  languageId = "",
): ParsedCode {
  const grammar = codeGrammarOf(file, languageId) ?? "tsx";
  const language = languageOfGrammar(grammar);
  const isForeign = isForeignCode(file, text);
  const parser = isForeign ? undefined : languages.code?.get(grammar);
  const syntax = parser?.parse(text, previous?.syntax);
  return {
    file,
    text,
    language,
    syntax,
    facts: read(language, syntax),
    isForeign,
    isTest: isTestPath(file),
    isDevelopment: isDevelopmentPath(file),
    isFrontEnd: isFrontEndCode(file, text),
  };
}

function read(language: CodeLanguage, syntax: Syntax | undefined): CodeFacts {
  const reader = readers[language];
  if (syntax === undefined || reader === undefined) return noFacts(language);
  try {
    return reader(syntax.root, syntax.text);
  } catch (error) {
    // Code that nobody writes by hand can be nested deeper than a stack is.
    if (error instanceof RangeError) return noFacts(language);
    throw error;
  }
}

function walk(code: ParsedCode, runs: readonly RuleRun<CodeCheck>[]): void {
  if (code.isForeign || code.syntax === undefined) return;
  for (const run of runs) {
    const { inTests, mentions } = run.check;
    if (code.isTest && inTests !== true) continue;
    if (mentions?.test(code.text) === false) continue;
    run.attempt(() => visit(code, run));
  }
}

function visit(code: ParsedCode, { check, report, context }: RuleRun<CodeCheck>): void {
  const { facts } = code;
  check.file?.(code, report, context);
  if (check.import) for (const found of facts.imports) check.import(found, code, report, context);
  if (check.call) for (const call of facts.calls) check.call(call, code, report, context);
  if (check.options) for (const options of facts.options) check.options(options, code, report, context);
  if (check.assignment) for (const found of facts.assignments) check.assignment(found, code, report, context);
  if (check.literal) for (const literal of facts.literals) check.literal(literal, code, report, context);
  if (check.decorator) for (const decorator of facts.decorators) check.decorator(decorator, code, report, context);
  if (check.function) for (const fact of facts.functions) check.function(fact, code, report, context);
  if (check.class) for (const fact of facts.classes) check.class(fact, code, report, context);
}
