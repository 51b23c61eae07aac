/** Policies that let everybody in: Spring Security, ASP.NET Core, Django REST framework (their manuals, 2026-11). */
import type { CodeCall, CodeFile, CodeValue } from "../../../engine/index";
import {
  chainThrough,
  type Found,
  functionsAround,
  importsAny,
  innerOf,
  isFlag,
  itemsOf,
  replacing,
  saysYes,
  wholeOf,
  wordOf,
} from "./frameworks";

/** Every policy of the file that opens the whole service. */
export function* openPolicies(code: CodeFile): Generator<Found> {
  if (code.language === "java" && importsAny(code, /^org\.springframework\./)) yield* ofSpring(code);
  if (code.language === "csharp") yield* ofDotnet(code);
  if (code.language === "python") yield* ofDjango(code);
}

const open = "Every request is let in, logged in or not";
const everything = /^\/?\*\*$/;
const matchers = /^(?:requestMatchers|antMatchers|mvcMatchers|pathMatchers|regexMatchers)$/;

function* ofSpring(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    if (call.scope.guard !== undefined) continue;
    if (call.callee.last === "permitAll") yield* ofPermission(code, call);
    if (call.callee.last === "access" && grants(call) && opensAll(call)) yield* ofPermission(code, call);
    const isIgnoring = call.chain.some((c) => c.callee.last === "ignoring") && call !== call.chain[0];
    if (isIgnoring && (matchers.test(call.callee.last) || call.callee.last === "anyRequest") && namesAll(call)) {
      yield { at: wordOf(call.callee), message: "Spring Security looks at no request at all" };
    }
  }
  const bootstraps = /^(?:SpringBootApplication|EnableAutoConfiguration)$/;
  for (const { name, arguments: given, scope } of code.facts.decorators) {
    if (!bootstraps.test(name.last) || scope.guard !== undefined) continue;
    for (const { name: key, value } of given) {
      if (!/^exclude(?:Name)?$/.test(key ?? "")) continue;
      const off = itemsOf(value).find(isSecurity);
      if (off !== undefined)
        yield { at: off, message: "Spring Security's own protection of every path is switched off" };
    }
  }
}

const isSecurity = (value: CodeValue): boolean =>
  /(?:^|\.)(?:Reactive)?SecurityAutoConfiguration(?:\.class)?$/.test(
    value.kind === "variable" ? value.name.text : (wholeOf(value) ?? ""),
  );

/** `(authentication, context) -> new AuthorizationDecision(true)`. */
function grants({ arguments: given }: CodeCall): boolean {
  const value = given[0]?.value;
  if (value?.kind !== "lambda") return wholeOf(value) === "permitAll" || wholeOf(value) === "permitAll()";
  const [made] = value.function.returns;
  const isOnly = value.function.returns.length === 1 && made?.kind === "call" && value.function.calls.length === 1;
  return isOnly && made.callee.last === "AuthorizationDecision" && isFlag(made.arguments[0]?.value, true);
}

/** Whether the link before is for every path. */
function opensAll(call: CodeCall): boolean {
  const matcher = call.chain.at(-2);
  return matcher !== undefined && namesAll(matcher);
}

function namesAll({ callee, arguments: given }: CodeCall): boolean {
  if (/^(?:anyRequest|anyExchange)$/.test(callee.last)) return true;
  // A method in front limits it: requests of browsers before the real one have to pass.
  return (
    matchers.test(callee.last) &&
    given.length > 0 &&
    given.some((a) => everything.test(wholeOf(a.value) ?? "")) &&
    !hasMethod(given[0]?.value)
  );
}

const hasMethod = (value: CodeValue | undefined): boolean =>
  value?.kind === "variable" && /HttpMethod\.\w+$|^(?:GET|OPTIONS|HEAD)$/.test(value.name.text);

function* ofPermission(code: CodeFile, call: CodeCall): Generator<Found> {
  if (!opensAll(call) || isOfSomePaths(code, call)) return;
  const isPartly = isProtectedElsewhere(code, call);
  const at = wordOf(call.callee);
  const end = call.callee.last === "permitAll" ? at.end : call.end;
  const text = call.callee.last === "permitAll" ? "authenticated" : "authenticated()";
  yield {
    at,
    message: isPartly ? "Every path that is not named is open: a new one is, unless somebody thinks of it" : open,
    severity: isPartly ? "info" : undefined,
    fix: { title: "Require a login", applicability: "unsafe", edits: [{ span: { start: at.start, end }, text }] },
  };
}

const protecting =
  /^(?:authenticated|fullyAuthenticated|hasRole|hasAnyRole|hasAuthority|hasAnyAuthority|denyAll|hasIpAddress|access|hasScope)$/;

/** Other paths of the same chain, or of the same function, ask for more. */
function isProtectedElsewhere(code: CodeFile, call: CodeCall): boolean {
  if (chainThrough(code, call).some((c) => c !== call && protecting.test(c.callee.last))) return true;
  const [around] = functionsAround(code, call);
  return around?.calls.some((c) => c !== call && protecting.test(c.callee.last)) === true;
}

/** The chain of filters is for some paths only; others have their own. */
function isOfSomePaths(code: CodeFile, call: CodeCall): boolean {
  const functions = functionsAround(code, call);
  const calls = functions.at(-1)?.calls ?? [];
  return calls.some(
    (c) =>
      /^(?:securityMatcher|securityMatchers|antMatcher|mvcMatcher|requestMatcher|regexMatcher)$/.test(c.callee.last) &&
      !c.arguments.some((a) => everything.test(wholeOf(a.value) ?? "")) &&
      !/^(?:AntPathRequestMatcher|RegexRequestMatcher|PathPatternRequestMatcher)\b/.test(c.callee.text),
  );
}

function* ofDotnet(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    if (call.scope.guard !== undefined) continue;
    const [first] = call.arguments;
    if (call.callee.last === "RequireAssertion" && first !== undefined && saysYes(first.value)) {
      const at = { start: wordOf(call.callee).start, end: call.end };
      yield {
        at,
        message: "The policy is met by everybody, logged in or not",
        fix: {
          title: "Require a login",
          applicability: "unsafe",
          edits: [{ span: at, text: "RequireAuthenticatedUser()" }],
        },
      };
    }
    const before = call.chain.at(-2)?.callee.last;
    if (call.callee.last === "AllowAnonymous" && before === "MapControllers") {
      const at = wordOf(call.callee);
      const fix = {
        title: "Require a login",
        applicability: "unsafe",
        edits: [{ span: at, text: "RequireAuthorization" }],
      } as const;
      yield { at, message: "Every controller is open, whatever it asks for", fix };
    }
  }
  for (const found of code.facts.assignments) {
    if (found.target.last !== "FallbackPolicy" || found.value.kind !== "nothing" || found.scope.guard !== undefined)
      continue;
    if (/RequireAuthorization|AuthorizeFilter|RequireAuthenticatedUser/.test(code.text)) continue;
    yield { at: found, message: "Whatever asks for no login itself is open", severity: "info" };
  }
}

/** `DEFAULT_PERMISSION_CLASSES` of Django REST framework. */
function* ofDjango(code: CodeFile): Generator<Found> {
  for (const { entries } of code.facts.options) {
    for (const entry of entries) {
      if (entry.name !== "DEFAULT_PERMISSION_CLASSES" || entry.value.kind !== "list") continue;
      const { items, isOpen } = entry.value;
      if (items.length === 0 && !isOpen) yield { at: entry, message: open };
      for (const item of items) {
        const text = item.kind === "variable" ? item.name.text : wholeOf(item);
        if (text === undefined || !/(?:^|\.)AllowAny$/.test(text)) continue;
        const inner = item.kind === "text" ? innerOf(item) : item;
        const edit = replacing(inner, text.replace(/AllowAny$/, "IsAuthenticated"));
        const isNamed = item.kind === "variable" && !text.includes(".");
        yield {
          at: item,
          message: open,
          fix: edit && !isNamed ? { title: "Require a login", applicability: "unsafe", edits: [edit] } : undefined,
        };
      }
    }
  }
}
