/** Doors for operators that programs open: profilers, consoles, dashboards; from their manuals (2026-11). */
import {
  type CodeCall,
  type CodeFile,
  type CodeImport,
  type CodeValue,
  contains,
  type Span,
} from "../../../engine/index";
import {
  entryOf,
  type Found,
  importsAny,
  innerOf,
  isFlag,
  pathOf,
  replacing,
  sourceOf,
  wholeOf,
  wordOf,
} from "./frameworks";
import { type Library, isOf } from "./origins";

/** Every such door of the file that is open to all who reach the service. */
export function* openManagement(code: CodeFile): Generator<Found> {
  switch (code.language) {
    case "go":
      yield* ofGo(code);
      break;
    case "java":
      yield* ofJava(code);
      break;
    case "csharp":
      yield* ofDotnet(code);
      break;
    default:
      yield* ofMiddleware(code);
  }
  if (code.language === "java") yield* ofSettings(code);
}

// Go

const listening = /^(?:ListenAndServe|ListenAndServeTLS|Serve|ServeTLS)$/;
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\]):/;

/** Where the file serves what every package may have registered. */
function* defaultServers(code: CodeFile): Generator<CodeCall> {
  for (const call of code.facts.calls) {
    if (
      call.callee.origin?.module !== "net/http" ||
      !listening.test(call.callee.last) ||
      call.callee.origin.member !== call.callee.last
    )
      continue;
    const handler = call.arguments.at(-1)?.value;
    const isDefault =
      handler?.kind === "nothing" || (handler?.kind === "variable" && handler.name.last === "DefaultServeMux");
    if (isDefault && call.arguments.length >= 2) yield call;
  }
}

function* ofGo(code: CodeFile): Generator<Found> {
  const open = [...defaultServers(code)].filter(
    ({ arguments: given, scope }) => scope.guard === undefined && !loopback.test(wholeOf(given[0]?.value) ?? ""),
  );
  const effects: Readonly<Record<string, string>> = {
    "net/http/pprof": "memory, stacks and the command line of the program",
    expvar: "the command line and the figures of the program",
  };
  for (const found of code.facts.imports) {
    const shown = Object.hasOwn(effects, found.module) ? effects[found.module] : undefined;
    const [server] = open;
    if (shown === undefined || server === undefined || !isRegistering(found)) continue;
    const address = wholeOf(server.arguments[0]?.value);
    yield {
      at: found,
      message: `Whoever reaches ${address ?? "the server"} gets ${shown}: ${found.module} registers itself there`,
      severity: found.module === "expvar" ? "info" : undefined,
    };
  }
  for (const call of code.facts.calls) {
    if (pathOf(call.callee) !== "github.com/gin-contrib/pprof.Register" || call.scope.guard !== undefined) continue;
    yield { at: call, message: "Whoever reaches the router gets memory, stacks and the command line of the program" };
  }
}

/** The package is there for what it does when it is loaded, or is used besides. */
const isRegistering = ({ module, local }: CodeImport): boolean =>
  local === "" || module === "expvar" || module === "net/http/pprof";

// JavaScript and Python

const doors: Readonly<Record<"javascript" | "python", readonly (Library & { readonly message: string })[]>> = {
  javascript: [
    {
      modules: /^express-status-monitor$/,
      members: /^$/,
      message: "Whoever reaches the service sees its load, memory and answers",
    },
  ],
  python: [
    {
      modules: /^flask_debugtoolbar$/,
      members: /^DebugToolbarExtension$/,
      message: "Every page shows settings, queries and templates of the program",
    },
  ],
};

function* ofMiddleware(code: CodeFile): Generator<Found> {
  if (code.language !== "javascript" && code.language !== "python") return;
  for (const call of code.facts.calls) {
    if (call.scope.guard !== undefined) continue;
    const door = doors[code.language].find((d) => isOf(call.callee, d));
    if (door !== undefined) yield { at: call.callee, message: door.message };
  }
}

// Java

const consoles = /^org\.h2\.server\.web\.(?:Jakarta)?WebServlet$/;

function* ofJava(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    if (call.scope.guard !== undefined) continue;
    if (call.isNew && consoles.test(pathOf(call.callee))) {
      yield {
        at: call.callee,
        message: "The console of H2 runs any SQL, and with it any program, for whoever logs in there",
      };
    }
    if (call.callee.last !== "permitAll" || !importsAny(code, /^org\.springframework\./)) continue;
    const matcher = call.chain.at(-2);
    if (
      matcher === undefined ||
      !/^(?:requestMatchers|antMatchers|mvcMatchers|pathMatchers|requestMatcher|matchers)$/.test(matcher.callee.last)
    )
      continue;
    for (const { value, span } of matcher.arguments) yield* ofMatcher(value, span);
  }
}

function* ofMatcher(value: CodeValue, at: Span): Generator<Found> {
  const inner = value.kind === "call" && value.isNew ? value.arguments[0]?.value : value;
  const text = wholeOf(inner) ?? "";
  const called = value.kind === "call" ? sourceOf(value) || value.callee.text : "";
  if (/^\/h2(?:-console)?(?:\/\*{0,2})?$/.test(text) || /PathRequest\.toH2Console$/.test(called)) {
    yield { at, message: "The console of H2 is open: it runs any SQL, and with it any program" };
  }
  if (/^\/(?:actuator|manage|management)\/\*\*$/.test(text) || /EndpointRequest\.toAnyEndpoint$/.test(called)) {
    yield {
      at,
      message: "Every endpoint of the actuator that is exposed is open, heap dumps and settings among them",
      severity: "info",
    };
  }
}

const telling =
  /(?:^|,)\s*(?:\*|env|heapdump|threaddump|shutdown|loggers|configprops|mappings|jolokia|logfile|beans|gateway)\s*(?:,|$)/;

/** Settings of Spring that the program gives itself. */
function* ofSettings(code: CodeFile): Generator<Found> {
  for (const { text, use, scope } of code.facts.literals) {
    if (use.kind !== "argument" || scope.guard !== undefined || text.whole === undefined) continue;
    const before = use.call.arguments[use.index - 1]?.value;
    if (wholeOf(before) !== "management.endpoints.web.exposure.include" || !telling.test(text.whole)) continue;
    const edit = replacing(innerOf(text), "health,info,prometheus");
    yield {
      at: text,
      message: "The actuator shows memory, settings and more to whoever reaches the service",
      fix: edit && { title: "Expose health, info and prometheus only", applicability: "unsafe", edits: [edit] },
    };
  }
}

// C#

function* ofDotnet(code: CodeFile): Generator<Found> {
  const { calls, options, functions } = code.facts;
  for (const given of options) {
    const entry =
      given.type?.last === "DashboardOptions" ? entryOf(given, "Authorization", "AsyncAuthorization") : undefined;
    if (entry === undefined || !isEmpty(entry.value) || isGuarded(code, entry)) continue;
    yield { at: entry, message: "Hangfire's dashboard is open: whoever reaches it starts and deletes jobs" };
  }
  for (const made of functions) {
    const isFilter =
      made.owner?.bases.some((base) => /^IDashboard(?:Async)?AuthorizationFilter$/.test(base.last)) === true;
    const isBlind =
      made.returns.length === 1 && isFlag(made.returns[0], true) && made.calls.length === 0 && made.statements <= 1;
    if (!isFilter || !isBlind || !/^Authorize(?:Async)?$/.test(made.name ?? "")) continue;
    yield {
      at: made.nameSpan ?? made,
      message: "Hangfire's dashboard lets everybody in: whoever reaches it starts and deletes jobs",
    };
  }
  for (const call of calls) {
    if (call.callee.last !== "UseCrystalQuartz" || call.scope.guard !== undefined) continue;
    yield {
      at: wordOf(call.callee),
      message: "The dashboard of Quartz asks for no login: whoever reaches it starts and stops jobs",
    };
  }
}

function isEmpty(value: CodeValue): boolean {
  if (value.kind === "list") return value.items.length === 0 && !value.isOpen;
  return value.kind === "call" && value.callee.last === "Empty" && value.arguments.length === 0;
}

const isGuarded = ({ facts }: CodeFile, at: Span): boolean =>
  facts.calls.some((c) => contains(c, at) && c.scope.guard !== undefined);
