/** Which websites may call a service. What frameworks allow where nobody says more is from their manuals (2026-11). */
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
  guided,
  importsAny,
  innerOf,
  isOn,
  itemsOf,
  pathOf,
  saysYes,
  sourceOf,
  speaksOf,
  textAround,
  wholeOf,
  wordOf,
} from "./frameworks";
import { withArgument, withEntry } from "./insertions";

const site = "https://app.example.com";

/** What an origin that is given allows. */
interface Allowed {
  /** `any`: every website; `reflected`: every website, by its own name, so that browsers send cookies along. */
  readonly kind: "any" | "reflected";
  readonly at: Span;
  /** Where the name of a website can be put in; with quotes where the place has none. */
  readonly place: { readonly span: Span; readonly isQuoted: boolean } | undefined;
  /** It counts only where a setting is missing. */
  readonly unless?: string | undefined;
}

/** `null` is the origin of every page that hides its own. */
const anyPattern = /^(?:null|\*|\*:\*|\^?\.[*+]\$?|\^?https?\??:\/\/(?:\.[*+]|\*)\$?|https?:\/\/\*)$/;

/** What a value allows as an origin; undefined where it is not surely everybody. */
function allowedBy(value: CodeValue | undefined): Allowed | undefined {
  switch (value?.kind) {
    case "text": {
      if (value.whole === undefined || !anyPattern.test(value.whole)) return undefined;
      const inner = innerOf(value);
      return { kind: "any", at: value, place: inner && { span: inner, isQuoted: true } };
    }
    case "flag":
      return value.value ? { kind: "reflected", at: value, place: { span: value, isQuoted: false } } : undefined;
    case "lookup": {
      const fallback = allowedBy(value.fallback);
      return fallback && { ...fallback, unless: value.key ?? "the setting" };
    }
    case "choice": {
      const all = value.options.map(allowedBy);
      if (all.some((one) => one === undefined)) return undefined;
      return all.find((one) => one?.kind === "reflected") ?? all[0];
    }
    case "lambda":
      return saysYes(value) ? { kind: "reflected", at: value, place: undefined } : undefined;
    case "list":
    case "call": {
      if (isAskedOrigin(value)) return { kind: "reflected", at: value, place: undefined };
      const items = itemsOf(value);
      return items.includes(value) ? undefined : items.map(allowedBy).find((one) => one?.kind === "any");
    }
    case "variable":
      return isAskedOrigin(value) ? { kind: "reflected", at: value, place: undefined } : undefined;
    default:
      return undefined;
  }
}

/** The origin that the request itself names: `req.headers.origin`, `request.getHeader("Origin")`. */
function isAskedOrigin(value: CodeValue): boolean {
  if (value.kind === "variable") {
    return /(?:^|\.)headers?\.origin$|^(?:req|request|ctx)\.(?:query|params|body)\./i.test(value.name.text);
  }
  if (value.kind !== "call" || !/^(?:get|Get|header|getHeader|GetHeader|getFirst|Header)$/.test(value.callee.last))
    return false;
  return wholeOf(value.arguments[0]?.value)?.toLowerCase() === "origin";
}

const everyone = "Every website may call this service from its visitors' browsers";
const withCookies = "Every website may call this service in the name of its visitors, with their cookies";
const named = "Every website that calls is allowed by its own name, so that browsers answer it like the service's own";

interface Setting {
  readonly hasCredentials: boolean;
  /** What changes it, if not the value's own place. */
  readonly fix?: FoundFix | undefined;
  readonly severity?: Severity | undefined;
}

function foundAllowed(
  code: CodeFile,
  allowed: Allowed | undefined,
  { hasCredentials, fix, severity }: Setting,
): Found[] {
  if (allowed === undefined || guardAt(code, allowed.at) !== undefined) return [];
  const { kind, at, unless } = allowed;
  const isReflected = kind === "reflected";
  const message = hasCredentials ? withCookies : isReflected ? named : everyone;
  const weight = hasCredentials || isReflected ? "error" : "warning";
  const when = unless === undefined ? "" : ` where ${unless} is not set`;
  return [
    {
      at,
      message: message + when,
      severity: unless === undefined ? (severity ?? weight) : "info",
      fix: fix ?? naming(code, allowed),
    },
  ];
}

const title = "Name the website that may call";

/** The name of a website in the place of the asterisk. */
function naming({ language }: CodeFile, { place }: Allowed): FoundFix | undefined {
  if (place === undefined) return undefined;
  const quote = place.isQuoted ? "" : '"';
  // A list is expected where several are given; one name is understood everywhere a flag is.
  if (!place.isQuoted && language !== "javascript") return undefined;
  return { title, applicability: "guided", edits: [{ span: place.span, text: guided(quote, site, quote) }] };
}

const rewriting = (span: Span, before: string, after: string): FoundFix => ({
  title,
  applicability: "guided",
  edits: [{ span, text: guided(before, site, after) }],
});
const inserting = (edit: Edit | undefined, before: string, after: string): FoundFix | undefined =>
  edit && {
    title,
    applicability: "guided",
    edits: [{ span: edit.span, text: filledIn(edit.text, before, after) }],
  };
/** Stands for the website in an edit that is made elsewhere. */
const marker = "\uE001";

function filledIn(text: string, before: string, after: string): string {
  const [start = "", end = ""] = text.split(marker);
  return guided(start + before, site, after + end);
}

const credentials =
  /^(?:credentials|allow_credentials|supports_credentials|allowCredentials|AllowCredentials|cors_credentials)$/;
const hasCredentials = ({ entries }: CodeOptions): boolean =>
  entries.some((e) => credentials.test(e.name) && isOn(e.value));

/** Every place where any website is allowed. */
export function* openOrigins(code: CodeFile): Generator<Found> {
  if (!speaksOf(code, /cors|origin/i)) return;
  switch (code.language) {
    case "javascript":
      yield* ofJavascript(code);
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
  yield* ofHeaders(code);
}

// Headers

const headerName = (value: CodeValue | undefined): boolean =>
  value?.kind === "text"
    ? value.whole?.toLowerCase() === "access-control-allow-origin"
    : value?.kind === "variable" &&
      /^(?:ACCESS_CONTROL_ALLOW_ORIGIN|AccessControlAllowOrigin|HeaderAccessControlAllowOrigin)$/.test(value.name.last);
const setsHeader =
  /^(?:set|Set|add|Add|put|append|Append|header|Header|setHeader|addHeader|withHeader|set_header|add_header|writeHeader|TryAdd|setdefault|putHeader)$/;
const clients = /^(?:axios|node-fetch|got|ky|undici|superagent|request|requests|httpx|aiohttp)\b/;

/** `Access-Control-Allow-Origin`, however it is set. */
function* ofHeaders(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    if (!setsHeader.test(call.callee.last) || clients.test(call.callee.origin?.module ?? "") || code.isFrontEnd)
      continue;
    const index = call.arguments.findIndex((a) => headerName(a.value));
    if (index >= 0) yield* ofHeader(code, call.arguments[index + 1]?.value);
  }
  for (const { target, value } of code.facts.assignments) {
    const isHeader = /^Access-?Control-?Allow-?Origin$/i.test(target.last) && /headers?\b/i.test(target.text);
    if (isHeader && !code.isFrontEnd) yield* ofHeader(code, value);
  }
  for (const options of code.facts.options) {
    const entry = options.entries.find((e) => e.name.toLowerCase() === "access-control-allow-origin");
    if (entry === undefined || code.isFrontEnd || isSentToOthers(code, options)) continue;
    yield* ofHeader(code, entry.value);
  }
  for (const { name, arguments: given } of code.facts.decorators) {
    if (name.last === "Header" && headerName(given[0]?.value)) yield* ofHeader(code, given[1]?.value);
  }
}

/** Whether headers go into a request of this service. */
const isSentToOthers = ({ facts }: CodeFile, at: Span): boolean =>
  facts.calls.some(
    (c) => contains(c, at) && (clients.test(c.callee.origin?.module ?? c.callee.text) || c.callee.text === "fetch"),
  );

function* ofHeader(code: CodeFile, value: CodeValue | undefined): Generator<Found> {
  const allowed = value?.kind === "flag" ? undefined : (allowedBy(value) ?? keptOrigin(code, value));
  if (allowed === undefined || value === undefined) return;
  const around = textAround(code, value);
  if (allowed.kind === "reflected" && isChecked(around)) return;
  const near = around === code.text ? code.text.slice(Math.max(0, value.start - 300), value.end + 300) : around;
  const isSent = /access-?_?control-?_?allow-?_?credentials["'`\])]{0,3}\s{0,3}[,:=]\s{0,3}[bf]?["'`]?true/i.test(near);
  yield* foundAllowed(code, allowed, { hasCredentials: isSent });
}

/** `origin`, where the function took it from the request and gives it to nobody who could look at it. */
function keptOrigin(code: CodeFile, value: CodeValue | undefined): Allowed | undefined {
  if (value?.kind !== "variable" || !/^\w+$/.test(value.name.text)) return undefined;
  const [around] = functionsAround(code, value);
  if (around === undefined) return undefined;
  const name = value.name.text;
  const sets = code.facts.assignments.filter((a) => a.target.text === name && contains(around, a));
  const [only] = sets;
  if (sets.length !== 1 || only === undefined || !isAskedOrigin(only.value)) return undefined;
  const isGivenOn = around.calls.some(
    (c) =>
      !setsHeader.test(c.callee.last) &&
      c.arguments.some((a) => a.value.kind === "variable" && a.value.name.text === name),
  );
  const isKey = new RegExp(`\\[\\s*${name}\\s*\\]|\\b${name}\\s*(?:\\.|\\?\\.)\\w`).test(
    code.text.slice(around.start, around.end),
  );
  return isGivenOn || isKey ? undefined : { kind: "reflected", at: value, place: undefined };
}

/** Whether the function compares the origin with something before it sends it back. */
function isChecked(around: string): boolean {
  const text = around.replace(/access-control-\w{0,10}-?\w{0,10}-?\w{0,14}/gi, "");
  return (
    /\b(?:includes|indexOf|has|test|contains|Contains|match|matches|some|find|endsWith|startsWith|HasSuffix|HasPrefix|EqualFold|ContainsKey|MatchString|containsKey)\s*\(/.test(
      text,
    ) ||
    /allowed|whitelist|allowlist|trusted|permitted/i.test(text) ||
    /origin\w{0,20}["')\]]{0,3}\s?(?:[!=]==?|\bin\b|not in\b)|[!=]==?\s?\S{0,20}origin|switch\s*\(\s*\w*origin/i.test(
      text,
    )
  );
}

// JavaScript

const middleware =
  /^(?:cors|@koa\/cors|koa2?-cors|hono\/cors|@elysiajs\/cors|@fastify\/cors|fastify-cors|@hono\/cors)$/;
/** Of these `cors()` answers each website by its own name. */
const reflecting = /^(?:@koa\/cors|koa2?-cors|@elysiajs\/cors)$/;

function* ofJavascript(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    const { callee, arguments: given } = call;
    const { origin } = callee;
    if (call.scope.guard !== undefined || call.isOpen) continue;
    if (origin !== undefined && middleware.test(origin.module) && /^(?:cors)?$/.test(origin.member)) {
      yield* ofMiddleware(code, call, given[0]?.value, callee, origin.module);
    } else if (callee.last === "register" && middleware.test(sourceOf(given[0]?.value))) {
      yield* ofMiddleware(code, call, given[1]?.value, given[0]!.span, "");
    } else if (callee.last === "enableCors") yield* ofMiddleware(code, call, given[0]?.value, wordOf(callee), "");
    else if (pathOf(callee) === "@nestjs/core.NestFactory.create") {
      for (const { value } of given) {
        const entry = value.kind === "options" ? entryOf(value, "cors") : undefined;
        if (entry?.value.kind === "flag") yield* foundAllowed(code, switchedOn(entry.value), nestFlag(entry.value));
      }
    }
  }
  for (const options of code.facts.options) {
    const cors = entryOf(options, "cors")?.value;
    if (cors?.kind !== "options") continue;
    yield* foundAllowed(code, allowedBy(originOf(cors)), { hasCredentials: hasCredentials(cors) });
  }
  for (const { name, arguments: given } of code.facts.decorators) {
    const options = given.find((a) => a.value.kind === "options")?.value;
    if (name.last !== "WebSocketGateway" || options?.kind !== "options") continue;
    const cors = entryOf(options, "cors")?.value;
    if (cors?.kind === "flag") yield* foundAllowed(code, switchedOn(cors), nestFlag(cors));
  }
}

/** `cors: true`: the middleware without options. */
const switchedOn = (value: CodeValue): Allowed | undefined =>
  isOn(value) ? { kind: "any", at: value, place: undefined } : undefined;
const nestFlag = (value: Span): Setting => ({
  hasCredentials: false,
  fix: rewriting(value, '{ origin: "', '" }'),
});

const originOf = (options: CodeOptions): CodeValue | undefined => entryOf(options, "origin", "origins")?.value;

function* ofMiddleware(
  code: CodeFile,
  call: CodeCall,
  options: CodeValue | undefined,
  at: Span,
  module: string,
): Generator<Found> {
  const severity = reflecting.test(module) ? "error" : undefined;
  const message = severity === undefined ? everyone : named;
  if (options === undefined) {
    const isAlone = call.arguments.length === 0;
    const fix = isAlone
      ? rewriting(call.argumentsSpan, '{ origin: "', '" }')
      : inserting(withArgument(call, marker), '{ origin: "', '" }');
    yield { at, message, severity, fix };
    return;
  }
  if (options.kind === "flag" && options.value) yield* foundAllowed(code, switchedOn(options), nestFlag(options));
  if (options.kind !== "options") return;
  const origin = originOf(options);
  if (origin === undefined) {
    if (options.isOpen) return;
    const edit = contains(call, options) ? withEntry(code, options, marker) : undefined;
    const isSent = hasCredentials(options);
    yield {
      at,
      message: isSent ? withCookies : message,
      severity: isSent ? "error" : severity,
      fix: inserting(edit, 'origin: "', '"'),
    };
    return;
  }
  const allowed = origin.kind === "lambda" ? answeredYes(code, origin) : allowedBy(origin);
  yield* foundAllowed(code, allowed, { hasCredentials: hasCredentials(options) });
}

/** `(origin, callback) => callback(null, true)`, and nothing else. */
function answeredYes(code: CodeFile, value: CodeValue): Allowed | undefined {
  if (value.kind !== "lambda") return undefined;
  const { body, start, end } = value.function;
  const text =
    body === undefined
      ? code.text.slice(code.text.indexOf("=>", start) + 2, end)
      : code.text.slice(body.start, body.end);
  const isYes =
    text.length < 200 &&
    /^\{? ?(?:return )?(?:\w+\( ?null, ?true ?\)|true|origin(?: (?:\|\||\?\?) ["']\*["'])?);? ?\}?$/.test(
      text.trim().replace(/\s+/g, " "),
    );
  return isYes ? { kind: "reflected", at: value, place: { span: value, isQuoted: false } } : undefined;
}

// Python

function* ofPython(code: CodeFile): Generator<Found> {
  const { calls, assignments, decorators, functions } = code.facts;
  for (const call of calls) {
    if (call.scope.guard !== undefined) continue;
    for (const { name, value } of call.arguments) {
      const isOrigins = /^(?:allow_origins|allow_origin_regex|cors_allowed_origins)$/.test(name ?? "");
      if (!isOrigins) continue;
      const isSent = call.arguments.some((a) => credentials.test(a.name ?? "") && isOn(a.value));
      yield* foundAllowed(code, value.kind === "flag" ? undefined : allowedBy(value), { hasCredentials: isSent });
    }
    yield* ofFlask(code, call);
  }
  for (const { name, arguments: given, scope } of decorators) {
    if (pathOf(name) !== "flask_cors.cross_origin" || scope.guard !== undefined) continue;
    const origins = given.find((a) => a.name === "origins");
    const isSent = given.some((a) => a.name === "supports_credentials" && isOn(a.value));
    if (origins !== undefined) yield* foundAllowed(code, allowedBy(origins.value), { hasCredentials: isSent });
    else yield { at: name, message: isSent ? withCookies : everyone, severity: isSent ? "error" : undefined };
  }
  const isSent = assignments.some((a) => a.target.last === "CORS_ALLOW_CREDENTIALS" && isOn(a.value));
  for (const found of assignments) {
    const { target, value, scope } = found;
    if (scope.guard !== undefined) continue;
    if (/^(?:CORS_ALLOW_ALL_ORIGINS|CORS_ORIGIN_ALLOW_ALL)$/.test(target.last) && isOn(value)) {
      const isPlain = /^CORS_\w+$/.test(target.text);
      const fix = isPlain ? rewriting(found, 'CORS_ALLOWED_ORIGINS = ["', '"]') : undefined;
      const message = isSent ? withCookies : everyone;
      yield { at: found, message, severity: isSent ? "error" : undefined, fix };
    }
    if (/^(?:CORS_ALLOWED_ORIGIN_REGEXES|CORS_ORIGIN_REGEX_WHITELIST)$/.test(target.last)) {
      yield* foundAllowed(code, allowedBy(value), { hasCredentials: isSent, fix: undefined });
    }
  }
  for (const made of functions) {
    const isSocket = made.owner?.bases.some((base) => /WebSocketHandler$/.test(base.last)) === true;
    if (made.name !== "check_origin" || !isSocket || !saysYes({ ...made, kind: "lambda", function: made })) continue;
    yield { at: made.nameSpan ?? made, message: "Every website may open a socket here with its visitors' cookies" };
  }
}

function* ofFlask(code: CodeFile, call: CodeCall): Generator<Found> {
  if (pathOf(call.callee) !== "flask_cors.CORS" || call.arguments.length === 0) return;
  const find = (name: string): CodeValue | undefined => call.arguments.find((a) => a.name === name)?.value;
  const isSent = isOn(find("supports_credentials"));
  const origins = find("origins");
  if (origins !== undefined) {
    yield* foundAllowed(code, allowedBy(origins), { hasCredentials: isSent });
    return;
  }
  const resources = find("resources");
  if (resources?.kind === "options") {
    for (const { value } of resources.entries) {
      if (value.kind !== "options") continue;
      yield* foundAllowed(code, allowedBy(originOf(value)), { hasCredentials: isSent || hasCredentials(value) });
    }
    return;
  }
  const isSetElsewhere =
    call.isOpen || (resources !== undefined && resources.kind !== "text" && resources.kind !== "list");
  if (isSetElsewhere || code.text.includes("CORS_ORIGINS")) return;
  const edit = withArgument(call, `origins=["${marker}"]`);
  const fix = inserting(edit, "", "");
  yield { at: call.callee, message: isSent ? withCookies : everyone, severity: isSent ? "error" : undefined, fix };
}

// Go

const goModules =
  /(?:^|\/)cors(?:\/wrapper\/gin)?$|^github\.com\/labstack\/echo(?:\/middleware)?$|^github\.com\/gorilla\/handlers$|\/middleware\/cors$/;

function* ofGo(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    const path = pathOf(call.callee);
    if (call.scope.guard !== undefined) continue;
    const prefix = code.text.slice(call.callee.start, wordOf(call.callee).start);
    if (/^github\.com\/rs\/cors\.(?:AllowAll|Default)$|^github\.com\/go-chi\/cors\.AllowAll$/.test(path)) {
      const fix = rewriting(call, `${prefix}New(${prefix}Options{AllowedOrigins: []string{"`, '"}})');
      yield { at: call, message: everyone, fix };
    }
    if (path === "github.com/gin-contrib/cors.Default") yield { at: call, message: everyone };
    if (path === "github.com/labstack/echo/middleware.CORS" && call.arguments.length === 0) {
      const fix = rewriting(call, `${prefix}CORSWithConfig(${prefix}CORSConfig{AllowOrigins: []string{"`, '"}})');
      yield { at: call, message: everyone, fix };
    }
    if (
      /^github\.com\/gofiber\/fiber\/middleware\/cors\.New$/.test(path) &&
      call.arguments.length === 0 &&
      !call.isOpen
    ) {
      yield {
        at: call,
        message: everyone,
        fix: rewriting(call.argumentsSpan, `${prefix}Config{AllowOrigins: "`, '"}'),
      };
    }
    if (path === "github.com/gorilla/handlers.AllowedOrigins") {
      const isSent = code.text.includes("AllowCredentials()");
      yield* foundAllowed(code, allowedBy(call.arguments[0]?.value), { hasCredentials: isSent });
    }
  }
  for (const options of code.facts.options) yield* ofGoOptions(code, options);
  for (const { target, value, scope } of code.facts.assignments) {
    if (scope.guard !== undefined) continue;
    if (target.last === "AllowAllOrigins" && isOn(value))
      yield { at: { start: target.start, end: value.end }, message: everyone };
    if (target.last === "CheckOrigin" && saysYes(value)) yield openSocket(value);
    const isConfig = goModules.test(target.origin?.module ?? "") && /^Allow(?:ed)?Origins$/.test(target.last);
    if (isConfig) yield* foundAllowed(code, allowedBy(value), { hasCredentials: false });
  }
}

const openSocket = (at: Span): Found => ({
  at,
  message: "Every website may open a socket here with its visitors' cookies",
});

function* ofGoOptions(code: CodeFile, options: CodeOptions): Generator<Found> {
  const { type } = options;
  if (type === undefined || guardAt(code, options) !== undefined) return;
  const module = type.origin?.module ?? "";
  if (/^(?:nhooyr\.io\/websocket|github\.com\/coder\/websocket)$/.test(module) && type.last === "AcceptOptions") {
    const entry = entryOf(options, "InsecureSkipVerify");
    if (entry !== undefined && isOn(entry.value)) yield openSocket(entry);
    yield* foundAllowed(code, allowedBy(entryOf(options, "OriginPatterns")?.value), { hasCredentials: true });
  }
  const check = entryOf(options, "CheckOrigin");
  if (check !== undefined && type.last === "Upgrader" && saysYes(check.value)) yield openSocket(check);
  if (!goModules.test(module)) return;
  const isSent = hasCredentials(options);
  yield* foundAllowed(code, allowedBy(entryOf(options, "AllowedOrigins", "AllowOrigins")?.value), {
    hasCredentials: isSent,
  });
  const all = entryOf(options, "AllowAllOrigins");
  if (all !== undefined && isOn(all.value)) {
    const fix = rewriting(all, 'AllowOrigins: []string{"', '"}');
    yield { at: all, message: isSent ? withCookies : everyone, severity: isSent ? "error" : undefined, fix };
  }
  const asked = entryOf(options, "AllowOriginFunc", "AllowOriginsFunc", "AllowOriginRequestFunc");
  if (asked !== undefined && saysYes(asked.value)) {
    yield { at: asked, message: isSent ? withCookies : named, severity: "error" };
  }
}

// Java

const allowing =
  /^(?:allowedOrigins|allowedOriginPatterns|addAllowedOrigin|addAllowedOriginPattern|setAllowedOrigins|setAllowedOriginPatterns|setAllowedOriginsPatterns)$/;

function* ofJava(code: CodeFile): Generator<Found> {
  if (importsAny(code, /^org\.springframework\b|^javax?\b|^jakarta\b|^io\.vertx\b/)) {
    for (const call of code.facts.calls) {
      if (call.scope.guard !== undefined) continue;
      if (allowing.test(call.callee.last)) {
        const given = call.arguments.map((a) => allowedBy(a.value)).find((one) => one?.kind === "any");
        yield* foundAllowed(code, given, { hasCredentials: allowsCredentials(code, call) });
      }
      if (call.callee.last === "applyPermitDefaultValues" && /CorsConfiguration/.test(code.text)) {
        yield { at: wordOf(call.callee), message: everyone };
      }
      if (/CorsRegistry\.addMapping$/.test(pathOf(call.callee))) yield* ofMapping(code, call);
    }
  }
  yield* ofAnnotations(code);
}

/** In the same chain, or on the same configuration in the same function. */
function allowsCredentials(code: CodeFile, call: CodeCall): boolean {
  const inChain = chainThrough(code, call).some(
    (c) => c.callee.last === "allowCredentials" && isOn(c.arguments[0]?.value),
  );
  const [around] = functionsAround(code, call);
  return (
    inChain ||
    around?.calls.some((c) => c.callee.last === "setAllowCredentials" && isOn(c.arguments[0]?.value)) === true
  );
}

/** `registry.addMapping("/**")` alone lets every website in. */
function* ofMapping(code: CodeFile, call: CodeCall): Generator<Found> {
  const isLimited = (c: CodeCall): boolean => /^(?:allowedOrigins|allowedOriginPatterns|combine)$/.test(c.callee.last);
  if (chainThrough(code, call).some(isLimited)) return;
  if (code.facts.calls.some((c) => isLimited(c) && !c.chain.some((link) => link.callee.last === "addMapping"))) return;
  const isKept = code.facts.assignments.some((a) => contains(a, call));
  if (isKept) return;
  const edit = { start: call.end, end: call.end };
  yield { at: call, message: everyone, fix: rewriting(edit, '.allowedOrigins("', '")') };
}

/** All annotations of a file together: one finding at the first. */
function* ofAnnotations(code: CodeFile): Generator<Found> {
  const open = code.facts.decorators.filter((d) => {
    if (d.name.last !== "CrossOrigin" || d.scope.guard !== undefined) return false;
    if (d.name.origin !== undefined && !d.name.origin.module.startsWith("org.springframework.")) return false;
    const origins = d.arguments.filter(
      (a) => a.name === undefined || /^(?:value|origins|originPatterns)$/.test(a.name),
    );
    return origins.length === 0 || origins.some((a) => allowedBy(a.value)?.kind === "any");
  });
  const [first] = open;
  if (first === undefined) return;
  const isSent = open.some((d) => d.arguments.some((a) => a.name === "allowCredentials" && isOn(a.value)));
  const isReading = open.every(({ on }) => {
    if (on === undefined) return false;
    const functions = "functions" in on ? on.functions : [on];
    const routes = functions.flatMap((f) => f.decorators.filter((d) => /Mapping$/.test(d.name.last)));
    return routes.length > 0 && routes.every((d) => d.name.last === "GetMapping");
  });
  const more = open.length === 1 ? "" : `; ${open.length} times in this file`;
  const given = first.arguments.map((a) => allowedBy(a.value)).find((one) => one !== undefined);
  const fix =
    given !== undefined
      ? naming(code, given)
      : first.arguments.length === 0
        ? rewriting({ start: first.name.start, end: first.end }, 'CrossOrigin(origins = "', '")')
        : undefined;
  yield {
    at: first,
    message: (isSent ? withCookies : everyone) + more,
    severity: isSent ? "error" : isReading ? "info" : undefined,
    fix: open.length === 1 ? fix : undefined,
  };
}

// C#

function* ofDotnet(code: CodeFile): Generator<Found> {
  for (const call of code.facts.calls) {
    const { callee, arguments: given } = call;
    if (call.scope.guard !== undefined || !/^(?:AllowAnyOrigin|SetIsOriginAllowed|WithOrigins)$/.test(callee.last))
      continue;
    const at = { start: wordOf(callee).start, end: call.end };
    const isSent = chainThrough(code, call).some((c) => c.callee.last === "AllowCredentials");
    const fix = rewriting(at, 'WithOrigins("', '")');
    const severity = isSent ? "error" : undefined;
    if (callee.last === "AllowAnyOrigin" && given.length === 0) {
      yield { at, message: isSent ? withCookies : everyone, severity, fix };
    } else if (callee.last === "SetIsOriginAllowed" && saysYes(given[0]?.value)) {
      yield { at, message: isSent ? withCookies : named, severity: "error", fix };
    } else if (callee.last === "WithOrigins") {
      const any = given.map((a) => allowedBy(a.value)).find((one) => one?.kind === "any");
      yield* foundAllowed(code, any, { hasCredentials: isSent });
    }
  }
}
