/** Switches that make a framework tell its secrets to whoever provokes an error; from the frameworks' manuals (2026-11). */
import type { CodeAssignment, CodeCall, CodeFile, CodeValue, Edit, Severity, Span } from "../../../engine/index";
import {
  entryOf,
  type Found,
  type FoundFix,
  functionsAround,
  guardAt,
  isFlag,
  isOn,
  pathOf,
  sourceOf,
  wholeOf,
  wordOf,
} from "./frameworks";
import { insertAt } from "./insertions";

/** Every switch of the file that is on where the program serves others. */
export function* debugSwitches(code: CodeFile): Generator<Found> {
  switch (code.language) {
    case "javascript":
      for (const call of code.facts.calls) yield* ofJavascript(code, call);
      break;
    case "python":
      yield* ofPython(code);
      break;
    case "go":
      yield* ofGo(code);
      break;
    case "java":
      yield* ofJava(code);
      break;
    case "csharp":
      yield* ofDotnet(code);
      break;
  }
}

const turned = (value: CodeValue, to: string): FoundFix | undefined =>
  value.kind === "flag"
    ? { title: "Turn debugging off", applicability: "unsafe", edits: [{ span: value, text: to }] }
    : undefined;

/** A condition in front of a statement that is a single call. */
function guarded(code: CodeFile, { start, end }: CodeCall, condition: string): FoundFix | undefined {
  const line = code.text.lastIndexOf("\n", start - 1) + 1;
  const isStatement = code.text.slice(line, start).trim() === "" && /^\s*(?:;|$)/m.test(code.text.slice(end, end + 2));
  if (!isStatement) return undefined;
  const edits: Edit[] = [insertAt(start, `if (${condition}) `)];
  return { title: "Do so in development only", applicability: "unsafe", edits };
}

// JavaScript

function* ofJavascript(code: CodeFile, call: CodeCall): Generator<Found> {
  if (call.scope.guard !== undefined) return;
  const handler = call.arguments.find(({ value }) => value.kind === "call" && /^errorhandler$/.test(sourceOf(value)));
  if (call.callee.last !== "use" || handler === undefined) return;
  yield {
    at: handler.span,
    message: "errorhandler shows every caller the stack of an error",
    fix: guarded(code, call, 'process.env.NODE_ENV === "development"'),
  };
}

// Python

const console_ = "the debugger runs any code that a visitor types into its console";
const shown = "errors show source, settings and variables to whoever provokes one";

const applications = /^(?:flask|quart|dash|sanic|bottle|flask_socketio|connexion)\b/;
/** Programs of these run something else. */
const otherRunners = /^(?:asyncio|trio|anyio|subprocess|unittest|pytest|invoke|fabric|uvloop|nox|tox|cherrypy)\b/;
/** What takes `debug=True` when it is made. */
const madeWith =
  /^(?:fastapi\.FastAPI|fastapi\.applications\.FastAPI|starlette\.applications\.Starlette|tornado\.web\.Application|litestar\.Litestar|falcon\.asgi\.App)$/;
const consoles = /^(?:flask|quart|dash|flask_socketio|connexion)\b/;

function* ofPython(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) if (call.scope.guard === undefined) yield* ofPythonCall(call);
  for (const found of code.facts.assignments) if (found.scope.guard === undefined) yield* ofSetting(code, found);
}

function* ofPythonCall(call: CodeCall): Generator<Found> {
  const { callee, arguments: given } = call;
  const path = pathOf(callee);
  const find = (name: string) => given.find((a) => a.name === name);
  const debug = find("debug") ?? (path.startsWith("flask.") && callee.last === "run" ? given[2] : undefined);
  if (
    /^(?:run|run_server)$/.test(callee.last) &&
    debug !== undefined &&
    isFlag(debug.value, true) &&
    isApplication(call)
  ) {
    const isOpen = isWideOpen(find("host")?.value ?? (applications.test(path) ? given[0]?.value : undefined));
    yield {
      at: debug.span,
      message: `Debug mode: ${consoles.test(path) || path === "" ? console_ : shown}${isOpen ? ", from any machine" : ""}`,
      severity: isOpen ? "error" : undefined,
      fix: turned(debug.value, "False"),
    };
  }
  if (madeWith.test(path) && debug !== undefined && isFlag(debug.value, true)) {
    yield { at: debug.span, message: `Debug mode: ${shown}`, fix: turned(debug.value, "False") };
  }
  const debugger_ = find("use_debugger");
  if (/^werkzeug(?:\.serving)?\.run_simple$/.test(path) && debugger_ !== undefined && isFlag(debugger_.value, true)) {
    const isOpen = isWideOpen(given[0]?.name === undefined ? given[0]?.value : find("hostname")?.value);
    yield {
      at: debugger_.span,
      message: `Debug mode: ${console_}`,
      severity: isOpen ? "error" : undefined,
      fix: turned(debugger_.value, "False"),
    };
  }
  if (path === "werkzeug.debug.DebuggedApplication" && !isFlag(find("evalex")?.value, false)) {
    yield { at: callee, message: `Debug mode: ${console_}` };
  }
  const reload = find("reload");
  if (path === "uvicorn.run" && reload !== undefined && isFlag(reload.value, true)) {
    yield {
      at: reload.span,
      message: "uvicorn watches the files and starts anew on every change: a mode for development",
      severity: "info",
      preset: "strict",
      fix: turned(reload.value, "False"),
    };
  }
  if (/(?:^|\.)config\.(?:update|from_mapping)$/.test(callee.text)) {
    const setting = find("DEBUG");
    if (setting !== undefined && isFlag(setting.value, true)) {
      yield { at: setting.span, message: `Debug mode: ${shown}`, fix: turned(setting.value, "False") };
    }
  }
}

/** Whether `run` starts a web application: one of a library, or a variable that is called like one. */
function isApplication({ callee }: CodeCall): boolean {
  const module = callee.origin?.module ?? "";
  if (applications.test(module) || module === "uvicorn") return true;
  return (
    !otherRunners.test(module) &&
    /(?:^|\.|_)(?:app|application|server|api|socketio)\.run(?:_server)?$/i.test(callee.text)
  );
}

const isWideOpen = (host: CodeValue | undefined): boolean => /^(?:0\.0\.0\.0|::|\[::\])$/.test(wholeOf(host) ?? "");

/** `DEBUG = True` of Django and Flask, `app.debug = True`, `app.config["DEBUG"] = True`, `os.environ["FLASK_DEBUG"] = "1"`. */
function* ofSetting(code: CodeFile, found: CodeAssignment): Generator<Found> {
  const { target, value } = found;
  if (
    /(?:^|\.)environ\b/.test(target.text) &&
    target.last === "FLASK_DEBUG" &&
    /^(?:1|true|True|on)$/.test(wholeOf(value) ?? "")
  ) {
    yield { at: found, message: `Debug mode: ${console_}` };
    return;
  }
  if (!isFlag(value, true) || !/^(?:DEBUG|debug)$/.test(target.last)) return;
  const isMember = found.how === "member" && (/(?:^|\.)config\.DEBUG$/.test(target.text) || isApplicationDebug(found));
  const isPlain =
    target.text === "DEBUG" && (found.scope.class === undefined ? isDjango(code) : isConfigClass(code, found));
  if (!isMember && !isPlain) return;
  if (isPlain && isChangedLater(code, found)) return;
  yield { at: found, message: `Debug mode: ${shown}`, fix: turned(value, "False") };
}

const isApplicationDebug = ({ target }: CodeAssignment): boolean =>
  /^(?:flask|quart|fastapi|starlette|bottle)\b/.test(target.origin?.module ?? "") ||
  (target.origin === undefined && target.text === "app.debug");

function isDjango(code: CodeFile): boolean {
  if (
    code.facts.assignments.some((a) =>
      /^(?:INSTALLED_APPS|ROOT_URLCONF|MIDDLEWARE|WSGI_APPLICATION)$/.test(a.target.text),
    )
  )
    return true;
  return (
    /(?:^|\/)settings(?:\/\w+)?\.py$/.test(code.file) &&
    code.facts.assignments.some((a) => /^(?:ALLOWED_HOSTS|SECRET_KEY|DATABASES)$/.test(a.target.text))
  );
}

/** A class of settings of Flask; those for development, and a base that another one corrects, are none. */
function isConfigClass({ facts }: CodeFile, { scope }: CodeAssignment): boolean {
  const name = scope.class?.name ?? "";
  if (!/config|settings/i.test(name) || /dev|local|test|debug/i.test(name)) return false;
  const isCorrected = facts.assignments.some((a) => a.target.text === "DEBUG" && isFlag(a.value, false));
  const isOfWeb = facts.assignments.some(
    (a) =>
      a.scope.class !== undefined &&
      /^(?:SECRET_KEY|SQLALCHEMY_\w+|SESSION_\w+|JWT_\w+|TESTING|MONGO[^\W_]*_\w+)$/.test(a.target.last),
  );
  return isOfWeb && !isCorrected;
}

const isChangedLater = ({ facts, text }: CodeFile, { start, target, scope }: CodeAssignment): boolean =>
  facts.assignments.some(
    (a) => a.start > start && a.target.text === target.text && a.scope.class === scope.class && !isFlag(a.value, true),
  ) ||
  /\n(?:try:[ \t\r]*\n\s{1,99})?from\s{1,20}\.?\w{0,50}local\w{0,50}\s{1,20}import\s{1,20}\*/.test(text.slice(start));

// Go

function* ofGo(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    const [mode] = call.arguments;
    if (
      pathOf(call.callee) !== "github.com/gin-gonic/gin.SetMode" ||
      call.scope.guard !== undefined ||
      mode === undefined
    )
      continue;
    const { value } = mode;
    const isConstant = value.kind === "variable" && pathOf(value.name) === "github.com/gin-gonic/gin.DebugMode";
    if (!isConstant && wholeOf(value) !== "debug") continue;
    const text = isConstant ? code.text.slice(value.start, value.end).replace("DebugMode", "ReleaseMode") : undefined;
    const fix: FoundFix | undefined =
      text === undefined
        ? undefined
        : { title: "Run in release mode", applicability: "unsafe", edits: [{ span: value, text }] };
    yield { at: mode.span, message: "Debug mode: gin prints every route and tells callers more of an error", fix };
  }
  for (const { target, value, scope } of code.facts.assignments) {
    if (pathOf(target) !== "github.com/labstack/echo.Echo.Debug" || !isOn(value) || scope.guard !== undefined) continue;
    const at = { start: target.start, end: value.end };
    yield { at, message: "Debug mode: echo sends the text of internal errors to callers", fix: turned(value, "false") };
  }
}

// Java

function* ofJava(code: CodeFile): Generator<Found> {
  const logged = "Spring Security writes every request into the log, with its headers and tokens";
  for (const { name, arguments: given, scope } of code.facts.decorators) {
    const debug = given.find((a) => a.name === "debug");
    const isSecurity = /^(?:EnableWebSecurity|EnableWebFluxSecurity)$/.test(name.last);
    if (!isSecurity || debug === undefined || !isFlag(debug.value, true) || scope.guard !== undefined) continue;
    yield { at: debug.span, message: `Debug mode: ${logged}`, fix: turned(debug.value, "false") };
  }
  for (const { callee, arguments: given, scope } of code.facts.calls) {
    const [debug] = given;
    if (!/^org\.springframework\.security\..*WebSecurity\.debug$/.test(pathOf(callee)) || scope.guard !== undefined)
      continue;
    if (debug === undefined || !isFlag(debug.value, true)) continue;
    const at = { start: wordOf(callee).start, end: debug.span.end + 1 };
    yield { at, message: `Debug mode: ${logged}`, fix: turned(debug.value, "false") };
  }
}

// C#

const pages: Readonly<Record<string, string>> = {
  UseDeveloperExceptionPage: "errors show source, headers and cookies to whoever provokes one",
  UseDatabaseErrorPage: "whoever meets a database error may change the schema",
  UseMigrationsEndPoint: "whoever meets a database error may change the schema",
};
interface Detail {
  readonly message: string;
  readonly severity?: Severity;
  readonly preset?: "strict";
}
const details: Readonly<Record<string, Detail>> = {
  EnableDetailedErrors: { message: "Callers are told the text of internal errors" },
  IncludeExceptionDetailInFaults: { message: "Callers are told the stack of internal errors" },
  IncludeErrorDetails: { message: "Callers are told why their token was refused", severity: "info", preset: "strict" },
};

function* ofDotnet(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    const effect = Object.hasOwn(pages, call.callee.last) ? pages[call.callee.last] : undefined;
    if (effect === undefined || call.scope.guard !== undefined || call.receiver === undefined) continue;
    const condition = developmentCondition(code, call);
    const fix = condition === undefined ? undefined : guarded(code, call, condition);
    yield { at: wordOf(call.callee), message: `Debug mode: ${effect}`, fix };
  }
  for (const found of code.facts.assignments) {
    if (found.scope.guard === undefined) yield* ofDetail(found.target.last, found.value, found);
  }
  for (const options of code.facts.options) {
    for (const name of Object.keys(details)) {
      const entry = entryOf(options, name);
      if (entry !== undefined && guardAt(code, entry) === undefined) yield* ofDetail(name, entry.value, entry);
    }
  }
}

function* ofDetail(name: string, value: CodeValue, at: Span): Generator<Found> {
  const detail = Object.hasOwn(details, name) ? details[name] : undefined;
  if (detail === undefined || !isFlag(value, true)) return;
  yield { at, message: detail.message, severity: detail.severity, preset: detail.preset, fix: turned(value, "false") };
}

/** How the file can ask for its environment; undefined where that is not clear. */
function developmentCondition(code: CodeFile, call: CodeCall): string | undefined {
  const receiver = call.callee.text.split(".")[0];
  const [around] = functionsAround(code, call);
  const environment = around?.parameters.find((name) =>
    /^(?:env|environment|hostingEnvironment|hostEnvironment)$/.test(name),
  );
  if (environment !== undefined) return `${environment}.IsDevelopment()`;
  return around === undefined && receiver === "app" ? "app.Environment.IsDevelopment()" : undefined;
}
