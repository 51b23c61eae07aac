/** Functions of clouds that are declared open to everybody; the words are those of the clouds' manuals (2026-11). */
import { type CodeFile, type CodeValue, contains, type Span } from "../../../engine/index";
import { type Found, innerOf, itemsOf, namesAround, replacing, speaksOf, wholeOf } from "./frameworks";

interface Declaration {
  /** The name of the constant, dots as written. */
  readonly constant?: RegExp;
  /** The text, under these names. */
  readonly text?: RegExp;
  readonly names?: RegExp;
  /** Modules of which the file imports one. */
  readonly modules?: RegExp;
  readonly instead: string;
  readonly title: string;
}

const iam = { instead: "AWS_IAM", title: "Let AWS check who calls" };
const declarations: readonly Declaration[] = [
  { constant: /(?:^|\.)FunctionUrlAuthType\.NONE$/, ...iam },
  { constant: /(?:^|\.)FunctionUrlAuthType_NONE$/, instead: "FunctionUrlAuthType_AWS_IAM", title: iam.title },
  { constant: /(?:^|\.)FunctionUrlAuthTypeNone$/, instead: "FunctionUrlAuthTypeAwsIam", title: iam.title },
  {
    text: /^NONE$/,
    names: /^(?:[aA]uthType|auth_type|functionUrlAuthType)$/,
    modules: /aws|cdk|boto3|serverless|pulumi/i,
    ...iam,
  },
  { constant: /(?:^|\.)AuthorizationType\.NONE$/, modules: /aws|cdk/i, instead: "IAM", title: iam.title },
  {
    constant: /(?:^|\.)(?:AuthorizationLevel\.Anonymous)$/,
    modules: /azure|microsoft/i,
    instead: "Function",
    title: "Ask for a key of the function",
  },
  {
    constant: /(?:^|\.)(?:AuthorizationLevel|AuthLevel)\.ANONYMOUS$/,
    modules: /azure|microsoft/i,
    instead: "FUNCTION",
    title: "Ask for a key of the function",
  },
  {
    text: /^anonymous$/,
    names: /^(?:authLevel|auth_level|http_auth_level)$/,
    modules: /azure/i,
    instead: "function",
    title: "Ask for a key of the function",
  },
  {
    text: /^public$/,
    names: /^invoker$/,
    modules: /^firebase-functions/,
    instead: "private",
    title: "Let Google check who calls",
  },
];

/** Functions that are to be open: probes, logins, calls from outside that carry their own proof. */
const meantOpen =
  /health|live(?:ness)?\b|ready|readiness|ping|status|login|sign_?in|sign_?up|register|token|callback|webhook|hook|well-known|openapi|swagger|options/i;

/** Every declaration of the file that opens a function. */
export function* publicFunctions(code: CodeFile): Generator<Found> {
  if (!speaksOf(code, /\bNONE\b|AuthType_?N|anonymous|Anonymous|ANONYMOUS|["']public["']/)) return;
  const { calls, options, assignments, decorators } = code.facts;
  for (const call of calls) {
    if (call.scope.guard !== undefined) continue;
    for (const { name, value } of call.arguments) yield* ofValue(code, name ?? "", value);
  }
  for (const { entries } of options) for (const { name, value } of entries) yield* ofValue(code, name, value);
  for (const { target, value, scope } of assignments) {
    if (scope.guard === undefined) yield* ofValue(code, target.last, value);
  }
  for (const decorator of decorators) {
    for (const { name, value } of decorator.arguments) yield* ofValue(code, name ?? "", value);
  }
}

function* ofValue(code: CodeFile, name: string, value: CodeValue): Generator<Found> {
  for (const item of itemsOf(value)) {
    const word = item.kind === "variable" ? item.name.text : (wholeOf(item) ?? "");
    const found = declarations.find((d) =>
      item.kind === "variable"
        ? d.constant?.test(word) === true
        : d.text?.test(word) === true && d.names?.test(name) === true,
    );
    if (found === undefined || !isOfItsCloud(code, found) || isMeantOpen(code, item)) continue;
    // A plain word says something only where somebody is told it.
    if (item.kind === "text" && !code.facts.calls.some((c) => contains(c, item))) continue;
    const place = item.kind === "text" ? innerOf(item) : item.kind === "variable" ? wordBehind(item, word) : undefined;
    const edit = replacing(place, found.instead);
    yield {
      at: item,
      message: "Everybody on the internet may call this function",
      fix: edit && { title: found.title, applicability: "unsafe", edits: [edit] },
    };
  }
}

const wordBehind = ({ start, end }: Span, word: string): Span => ({
  start: Math.max(start, end - (word.length - word.lastIndexOf(".") - 1)),
  end,
});

const isOfItsCloud = ({ facts }: CodeFile, { modules }: Declaration): boolean =>
  modules === undefined || facts.imports.some((i) => modules.test(i.module));

function isMeantOpen(code: CodeFile, at: Span): boolean {
  if (meantOpen.test(namesAround(code, at))) return true;
  const near = code.facts.decorators.filter((d) => contains(d, at) || d.on === undefined || contains(d.on, at));
  const called = near.flatMap((d) => d.arguments.map((a) => wholeOf(a.value) ?? ""));
  if (called.some((text) => meantOpen.test(text))) return true;
  const calls = code.facts.calls.filter((c) => contains(c, at));
  return calls.some((c) => c.arguments.some((a) => meantOpen.test(routeOf(a.value))));
}

const routeOf = (value: CodeValue): string =>
  value.kind === "options"
    ? value.entries.map((e) => (/^(?:route|name|path)$/i.test(e.name) ? (wholeOf(e.value) ?? "") : "")).join(" ")
    : (wholeOf(value) ?? "");
