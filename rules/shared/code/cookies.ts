/** Cookies that carry logins, and how they are sent; defaults from the frameworks' manuals (2026-11). */
import {
  type CodeCall,
  type CodeFile,
  type CodeOptions,
  type CodeValue,
  contains,
  type Edit,
  type Severity,
  type Span,
} from "../../../engine/index";
import {
  chainThrough,
  entryOf,
  type Found,
  type FoundFix,
  functionsAround,
  guardAt,
  isFlag,
  isOff,
  pathOf,
  speaksOf,
  textAround,
  wholeOf,
  wordOf,
} from "./frameworks";
import { insertAt, withArgument, withEntry } from "./insertions";

/** Every cookie of a login that is sent in clear, or given to scripts. */
export function* insecureCookies(code: CodeFile): Generator<Found> {
  if (!speaksOf(code, /cookie|session/i)) return;
  switch (code.language) {
    case "javascript":
      if (!code.isFrontEnd) yield* ofJavascript(code);
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

const login = /sess|auth|token|jwt|(?:^|[_.-])sid$|^sid|remember/i;
const againstForgery = /csrf|xsrf|forgery/i;

/** What a cookie is for, by its name; `unknown` where that is not in the file. */
type Purpose = "login" | "forgery" | "other" | "unknown";

function purposeOf(name: CodeValue | undefined): Purpose {
  const text = name?.kind === "variable" ? name.name.last : wholeOf(name);
  if (text === undefined) return "unknown";
  if (againstForgery.test(text)) return "forgery";
  if (login.test(text)) return "login";
  return name?.kind === "variable" ? "unknown" : "other";
}

const inClear = "The cookie is sent without TLS as well, where everybody on the way can copy it";
const toScripts = "Scripts can read the cookie: one foreign script takes the login along";
const crossSite = "SameSite=None without Secure: the cookie goes along from every website, without TLS as well";

interface Names {
  readonly secure: readonly string[];
  readonly httpOnly: readonly string[];
  readonly sameSite: readonly string[];
  readonly yes: string;
}
const scriptNames: Names = {
  secure: ["secure"],
  httpOnly: ["httpOnly", "httponly"],
  sameSite: ["sameSite"],
  yes: "true",
};
const pythonNames: Names = { secure: ["secure"], httpOnly: ["httponly"], sameSite: ["samesite"], yes: "True" };
const structNames: Names = {
  secure: ["Secure"],
  httpOnly: ["HttpOnly", "HTTPOnly"],
  sameSite: ["SameSite"],
  yes: "true",
};

/** A switch of a cookie: named, with a value, at a place. */
interface Switch {
  readonly name: string;
  readonly value: CodeValue;
  readonly at: Span;
}

const turnOn = (value: CodeValue, yes: string): FoundFix | undefined =>
  value.kind === "flag"
    ? { title: "Turn it on", applicability: "unsafe", edits: [{ span: value, text: yes }] }
    : undefined;

/** Switches that someone turned off. */
function* turnedOff(code: CodeFile, purpose: Purpose, switches: readonly Switch[], names: Names): Generator<Found> {
  if (purpose === "other") return;
  for (const { name, value, at } of switches) {
    if (!isOff(value)) continue;
    if (names.secure.includes(name)) yield { at, message: inClear, fix: turnOn(value, names.yes) };
    const isForScripts = purpose === "forgery" || (purpose === "unknown" && againstForgery.test(textAround(code, at)));
    if (names.httpOnly.includes(name) && !isForScripts) yield { at, message: toScripts, fix: turnOn(value, names.yes) };
  }
  const site = switches.find((s) => names.sameSite.includes(s.name));
  const isNone = site !== undefined && isNoneSite(site.value);
  if (isNone && purpose !== "forgery" && !switches.some((s) => names.secure.includes(s.name)))
    yield { at: site.at, message: crossSite };
}

const isNoneSite = (value: CodeValue): boolean =>
  wholeOf(value)?.toLowerCase() === "none" ||
  (value.kind === "variable" && /(?:SameSiteMode\.None|SameSiteNoneMode|SameSiteNone)$/.test(value.name.text));

const isThere = (switches: readonly Switch[], names: readonly string[]): boolean =>
  switches.some((s) => names.includes(s.name));

const entriesOf = ({ entries }: CodeOptions): readonly Switch[] =>
  entries.map((entry) => ({ name: entry.name, value: entry.value, at: entry }));

const title = "Send it over TLS only, and keep it from scripts";
const bare = (name: string): string => `The cookie "${name}" is sent without TLS as well: nothing says Secure`;

/** A cookie that is taken away: nothing is left to protect. */
const isRemoval = (value: CodeValue | undefined, code: CodeFile, at: Span): boolean =>
  wholeOf(value) === "" ||
  /\b(?:maxAge|max_age|MaxAge)["']?\s*[:=]\s*(?:-1|0)\b|new Date\(0\)|\bExpires\s*[:=]\s*(?:time\.Unix\(0|DateTime\w*\.(?:Now|UtcNow)\.Add\w*\(-)/.test(
    code.text.slice(at.start, at.end),
  );

// JavaScript

const settersOfCookies = /^(?:cookie|setCookie|set)$/;
const cookieStores = /(?:^|\.)(?:res|response|reply|rep|ctx|context|c|event|cookies|cookieStore|jar|cookieJar)(?:\.|$)/;

function* ofJavascript(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    if (call.scope.guard !== undefined || call.isOpen) continue;
    yield* ofResponse(code, call);
    yield* ofSession(code, call);
  }
}

/** `res.cookie(name, value, options)`, `reply.setCookie(…)`, `ctx.cookies.set(…)`. */
function* ofResponse(code: CodeFile, call: CodeCall): Generator<Found> {
  const { callee, arguments: given } = call;
  const isSetter =
    settersOfCookies.test(callee.last) &&
    (callee.last !== "set" || /cookies?(?:Store|Jar)?(?:\(\))?\.set$/i.test(callee.text));
  if (!isSetter || !cookieStores.test(callee.text.replace(/\.\w+$/, "")) || given.length < 2) return;
  const purpose = purposeOf(given[0]?.value);
  const options = given[2]?.value;
  const name = wholeOf(given[0]?.value);
  if (isRemoval(given[1]?.value, code, call)) return;
  if (options?.kind === "options") {
    const switches = entriesOf(options);
    yield* turnedOff(code, purpose, switches, scriptNames);
    const isKnown =
      purpose === "login" && name !== undefined && !options.isOpen && !switches.some((s) => isOff(s.value));
    if (!isKnown || isThere(switches, ["secure"]) || isThere(switches, ["sameSite"])) return;
    const text = isThere(switches, ["httpOnly"]) ? "secure: true" : "secure: true, httpOnly: true";
    const edit = contains(call, options) ? withEntry(code, options, text) : undefined;
    yield { at: call.callee, message: bare(name), severity: "info", fix: adding(edit) };
  } else if (
    options === undefined &&
    purpose === "login" &&
    name !== undefined &&
    given.length === 2 &&
    callee.last !== "set"
  ) {
    const edit = withArgument(call, '{ secure: true, httpOnly: true, sameSite: "lax" }');
    yield { at: call.callee, message: bare(name), severity: "info", fix: adding(edit) };
  }
}

const adding = (edit: Edit | undefined): FoundFix | undefined =>
  edit && { title, applicability: "unsafe", edits: [edit] };

const sessionModules =
  /^(?:express-session|cookie-session|@fastify\/session|fastify-session|koa-session|next-session|iron-session)$/;

function* ofSession(code: CodeFile, call: CodeCall): Generator<Found> {
  const module = call.callee.origin?.module ?? "";
  if (!sessionModules.test(module)) return;
  for (const { value } of call.arguments) {
    if (value.kind !== "options") continue;
    const inner = entryOf(value, "cookie", "cookieOptions")?.value;
    const cookie =
      inner?.kind === "options" ? inner : module === "cookie-session" || module === "koa-session" ? value : undefined;
    if (cookie !== undefined) yield* turnedOff(code, "login", entriesOf(cookie), scriptNames);
    if (module !== "express-session" || value.isOpen || /\bcookie\.secure\s*=/.test(code.text)) continue;
    if (inner !== undefined && (cookie === undefined || cookie.isOpen || entryOf(cookie, "secure") !== undefined))
      continue;
    if (!contains(call, value)) continue;
    const text = inner === undefined ? 'cookie: { secure: true, sameSite: "lax" }' : "secure: true";
    const fix = adding(withEntry(code, cookie ?? value, text));
    yield {
      at: call.callee,
      message: "The session's cookie is sent without TLS as well: nothing says secure",
      severity: "info",
      fix,
    };
  }
}

// Python

const pythonSettings =
  /^(?:SESSION_COOKIE|REMEMBER_COOKIE|CSRF_COOKIE|JWT_COOKIE|LANGUAGE_COOKIE|JWT_AUTH)_(?:SECURE|HTTPONLY)$/;

function* ofPython(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    if (call.scope.guard !== undefined) continue;
    for (const { name, value, span } of call.arguments) {
      if (name !== undefined && /(?:^|\.)config\.(?:update|from_mapping)$/.test(call.callee.text))
        yield* ofSetting(name, value, span);
    }
    const https = call.arguments.find((a) => a.name === "https_only");
    if (https !== undefined && isOff(https.value))
      yield { at: https.span, message: inClear, fix: turnOn(https.value, "True") };
    if (call.callee.last !== "set_cookie" || call.arguments.length < 2) continue;
    const [name, value] = call.arguments;
    const key = call.arguments.find((a) => a.name === "key")?.value ?? name?.value;
    const switches = call.arguments.flatMap((a) =>
      a.name === undefined ? [] : [{ name: a.name, value: a.value, at: a.span }],
    );
    if (isRemoval(value?.value, code, call)) continue;
    const purpose = purposeOf(key);
    yield* turnedOff(code, purpose, switches, pythonNames);
    const text = wholeOf(key);
    const isAbsent =
      !isThere(switches, ["secure", "samesite"]) && !call.isOpen && call.arguments.length - switches.length <= 2;
    if (purpose !== "login" || text === undefined || !isAbsent) continue;
    const more = isThere(switches, ["httponly"]) ? "secure=True" : "secure=True, httponly=True";
    yield { at: call.callee, message: bare(text), severity: "info", fix: adding(withArgument(call, more)) };
  }
  for (const found of code.facts.assignments) {
    const { target, value, scope } = found;
    if (scope.guard !== undefined || /dev|local|test/i.test(scope.class?.name ?? "")) continue;
    yield* ofSetting(target.last, value, found);
  }
}

function* ofSetting(name: string, value: CodeValue, at: Span): Generator<Found> {
  if (!pythonSettings.test(name) || !isFlag(value, false)) return;
  const isHttpOnly = name.endsWith("HTTPONLY");
  // Scripts have to read the one against forgery.
  if (isHttpOnly && name.startsWith("CSRF")) return;
  yield { at, message: isHttpOnly ? toScripts : inClear, fix: turnOn(value, "True") };
}

// Go

const goCookies =
  /^(?:net\/http\.Cookie|github\.com\/gofiber\/fiber\.Cookie|github\.com\/gorilla\/sessions\.Options|github\.com\/gin-contrib\/sessions\.Options|github\.com\/valyala\/fasthttp\.Cookie)$/;

function* ofGo(code: CodeFile): Generator<Found> {
  for (const options of code.facts.options) {
    if (options.type === undefined || !goCookies.test(pathOf(options.type)) || guardAt(code, options) !== undefined)
      continue;
    const isSession = options.type.last === "Options";
    const name = entryOf(options, "Name")?.value;
    const purpose = isSession ? "login" : purposeOf(name);
    if (isRemoval(entryOf(options, "Value")?.value, code, options)) continue;
    const switches = entriesOf(options);
    yield* turnedOff(code, purpose, switches, structNames);
    const text = wholeOf(name) ?? (isSession ? "session" : undefined);
    if (
      purpose !== "login" ||
      text === undefined ||
      options.isOpen ||
      isThere(switches, ["Secure"]) ||
      isThere(switches, ["SameSite"])
    )
      continue;
    if (/\.Secure\s*=/.test(textAround(code, options))) continue;
    const missing = isThere(switches, ["HttpOnly", "HTTPOnly"]) ? "Secure: true" : undefined;
    const more =
      missing ??
      (pathOf(options.type).includes("fiber") ? "Secure: true, HTTPOnly: true" : "Secure: true, HttpOnly: true");
    yield { at: options.type, message: bare(text), severity: "info", fix: adding(withEntry(code, options, more)) };
  }
  for (const call of code.facts.calls) {
    // gin: name, value, age, path, domain, secure, httpOnly.
    if (call.callee.last !== "SetCookie" || call.arguments.length !== 7 || call.scope.guard !== undefined) continue;
    const [name, value, age] = call.arguments;
    const isGone = age?.value.kind === "amount" && age.value.value <= 0 && wholeOf(value?.value) === "";
    if (isGone || wholeOf(value?.value) === "") continue;
    const switches = ["Secure", "HttpOnly"].flatMap((switched, i) => {
      const given = call.arguments[5 + i];
      return given === undefined ? [] : [{ name: switched, value: given.value, at: given.span }];
    });
    yield* turnedOff(code, purposeOf(name?.value), switches, structNames);
  }
}

// Java

const javaSwitches: Readonly<Record<string, "secure" | "httpOnly">> = {
  setSecure: "secure",
  setHttpOnly: "httpOnly",
  setUseSecureCookie: "secure",
  setUseHttpOnlyCookie: "httpOnly",
  secure: "secure",
  httpOnly: "httpOnly",
};

function* ofJava(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    if (call.scope.guard !== undefined) continue;
    yield* ofJavaSwitch(code, call);
    yield* ofNewCookie(code, call);
  }
}

function* ofJavaSwitch(code: CodeFile, call: CodeCall): Generator<Found> {
  const { callee, arguments: given } = call;
  const kind = Object.hasOwn(javaSwitches, callee.last) ? javaSwitches[callee.last] : undefined;
  const [value] = given;
  if (kind === undefined || value === undefined || given.length !== 1 || !isFlag(value.value, false)) return;
  const first = call.chain[0];
  const isBuilder = /ResponseCookie\.from(?:ClientResponse)?$/.test(first?.callee.text ?? "");
  const isCookie =
    /(?:^|\.)(?:Cookie|SessionCookieConfig|DefaultCookieSerializer|CookieSerializer|ResponseCookie\w*)\./.test(
      pathOf(callee),
    );
  const isNamed = /cookie|serializer/i.test(callee.text.replace(/\.\w+$/, ""));
  if (/^(?:secure|httpOnly)$/.test(callee.last) ? !isBuilder : !isCookie && !isNamed) return;
  const purpose = isBuilder ? purposeOf(first?.arguments[0]?.value) : purposeAround(code, call);
  const around = textAround(code, call);
  if (/setMaxAge\(\s*0\s*\)|maxAge\(\s*0\s*\)/.test(around)) return;
  const at = { start: wordOf(callee).start, end: call.end };
  yield* turnedOff(code, purpose, [{ name: kind, value: value.value, at }], scriptNames);
}

/** Of `cookie.setSecure(false)`: the name that the function gives its cookie. */
function purposeAround(code: CodeFile, call: CodeCall): Purpose {
  const [around] = functionsAround(code, call);
  const made = (around?.calls ?? code.facts.calls).filter((c) => c.isNew && c.callee.last === "Cookie");
  return made.length === 1 ? purposeOf(made[0]?.arguments[0]?.value) : "unknown";
}

function* ofNewCookie(code: CodeFile, call: CodeCall): Generator<Found> {
  const { callee, arguments: given } = call;
  const name = wholeOf(given[0]?.value);
  if (name === undefined || purposeOf(given[0]?.value) !== "login" || isRemoval(given[1]?.value, code, call)) return;
  const around = textAround(code, call);
  if (/\bsetMaxAge\(\s*0\s*\)|\bmaxAge\(\s*0\s*\)/.test(around)) return;
  if (call.isNew && /^(?:javax|jakarta)\.servlet\.http\.Cookie$/.test(pathOf(callee))) {
    if (/\bsetSecure\(|\bsetAttribute\(/.test(around) || call.chain.length > 1) return;
    yield { at: callee, message: bare(name), severity: "info" };
  }
  if (callee.text !== "ResponseCookie.from" || given.length !== 2) return;
  const chain = chainThrough(code, call);
  if (!chain.some((c) => c.callee.last === "build") || chain.some((c) => /^(?:secure|sameSite)$/.test(c.callee.last)))
    return;
  const more = chain.some((c) => c.callee.last === "httpOnly") ? ".secure(true)" : ".secure(true).httpOnly(true)";
  yield { at: callee, message: bare(name), severity: "info", fix: adding(insertAt(call.end, more)) };
}

// C#

function* ofDotnet(code: CodeFile): Generator<Found> {
  for (const options of code.facts.options) {
    const isCookie = /^(?:CookieOptions|CookieBuilder|CookiePolicyOptions)$/.test(options.type?.last ?? "");
    if (guardAt(code, options) !== undefined) continue;
    for (const entry of options.entries) yield* ofPolicy(entry.name, entry.value, entry);
    if (!isCookie) continue;
    const call = code.facts.calls.find(
      (c) => /^(?:Append|Delete)$/.test(c.callee.last) && c.arguments.some((a) => isMadeOf(a.value, options)),
    );
    if (call?.callee.last === "Delete" || isRemoval(call?.arguments[1]?.value, code, options)) continue;
    const purpose = purposeOf(call?.arguments[0]?.value);
    const switches = entriesOf(options);
    yield* turnedOff(code, purpose, switches, structNames);
    const name = wholeOf(call?.arguments[0]?.value);
    if (purpose !== "login" || name === undefined || isThere(switches, ["Secure", "SameSite"])) continue;
    const more = isThere(switches, ["HttpOnly"]) ? "Secure = true" : "Secure = true, HttpOnly = true";
    yield {
      at: options.type ?? options,
      message: bare(name),
      severity: "info",
      fix: adding(withEntry(code, options, more)),
    };
  }
  for (const found of code.facts.assignments) {
    const { target, value, scope } = found;
    if (scope.guard !== undefined) continue;
    yield* ofPolicy(target.last, value, found);
    if (
      target.last === "HttpOnly" &&
      isFlag(value, false) &&
      /cookie/i.test(target.text) &&
      !againstForgery.test(textAround(code, found))
    ) {
      yield { at: found, message: toScripts, fix: turnOn(value, "true") };
    }
    if (target.last === "Secure" && isFlag(value, false) && /cookie/i.test(target.text)) {
      yield { at: found, message: inClear, fix: turnOn(value, "true") };
    }
  }
  for (const call of code.facts.calls) {
    if (!/Cookies\.Append$/.test(call.callee.text) || call.arguments.length !== 2 || call.scope.guard !== undefined)
      continue;
    const name = wholeOf(call.arguments[0]?.value);
    if (
      name === undefined ||
      purposeOf(call.arguments[0]?.value) !== "login" ||
      isRemoval(call.arguments[1]?.value, code, call)
    )
      continue;
    const edit = withArgument(
      call,
      "new CookieOptions { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax }",
    );
    yield { at: call.callee, message: bare(name), severity: "info", fix: adding(edit) };
  }
}

const isMadeOf = (value: CodeValue, options: CodeOptions): boolean =>
  value === options || (value.kind === "call" && value.initialiser === options);

/** `Cookie.SecurePolicy = CookieSecurePolicy.None`. */
function* ofPolicy(name: string, value: CodeValue, at: Span): Generator<Found> {
  if (!/^(?:SecurePolicy|Secure)$/.test(name) || value.kind !== "variable") return;
  if (!/(?:^|\.)CookieSecurePolicy\.None$/.test(value.name.text)) return;
  const text = value.name.text.replace(/None$/, "Always");
  const severity: Severity = "warning";
  yield {
    at,
    message: inClear,
    severity,
    fix: { title: "Send it over TLS only", applicability: "unsafe", edits: [{ span: value, text }] },
  };
}
