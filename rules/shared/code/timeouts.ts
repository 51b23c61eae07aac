/**
 * Calls to other services that wait as long as those please, language by language. Defaults are those of the libraries'
 * documentation, 2026-11: requests, urllib, axios, net/http, RestTemplate and java.net wait forever, httpx 5 s,
 * HttpClient of .NET 100 s.
 */
import type {
  CodeAssignment,
  CodeCall,
  CodeFile,
  CodeName,
  CodeOptions,
  CodeValue,
  Edit,
  Preset,
  Severity,
  Span,
} from "../../../engine/index";
import { importing, insertAt, withArgument, withEntry } from "./insertions";
import { argumentOf, isOf, type Library } from "./origins";
import { spanOf } from "./values";

/** A call that waits. */
export interface Waiting {
  readonly at: Span;
  readonly what: string;
  readonly severity?: Severity;
  readonly preset?: Preset;
  /** The limit that is put in. */
  readonly edits?: () => readonly Edit[] | undefined;
}

const calls = (code: CodeFile, last: RegExp): boolean => code.facts.calls.some((c) => last.test(c.callee.last));
const sets = (code: CodeFile, target: RegExp): boolean =>
  code.facts.assignments.some((a) => target.test(a.target.text));
const forever = "waits forever";
const quiet = { severity: "hint", preset: "strict" } as const;

// Python

const requests: Library = {
  modules: /^requests(?:\.(?:api|sessions))?$/,
  members: /^(?:(?:Session|session\(\)|Session\(\))\.)?(?:get|post|put|patch|delete|head|options|request)$/,
};
const urlopen: Library = { modules: /^(?:urllib\.request|urllib2|six\.moves\.urllib\.request)$/, members: /^urlopen$/ };
const clients: Library = { modules: /^(?:httpx|aiohttp)(?:\.client)?$/ };

function inPython(call: CodeCall, code: CodeFile): Waiting | undefined {
  const { callee } = call;
  const limit = call.arguments.find((a) => a.name === "timeout");
  const at = spanOf(callee);
  if (limit !== undefined) {
    const isEndless = limit.value.kind === "nothing" || (limit.value.kind === "amount" && limit.value.value === 0);
    if (!isEndless || !(isOf(callee, clients) || isOf(callee, requests) || isOf(callee, urlopen))) return undefined;
    // Zero is no time at all for requests, and none to urllib.
    if (limit.value.kind === "amount" && callee.origin?.module !== "aiohttp") return undefined;
    const edits = (): readonly Edit[] => [{ span: spanOf(limit.value), text: limitOf(callee, code) }];
    return { at: limit.span, what: `${callee.text} ${forever}`, edits };
  }
  if (isOf(callee, clients)) return ofClientTimeout(call);
  if (call.isOpen) return undefined;
  if (isOf(callee, requests)) {
    if (/session/i.test(callee.origin?.member ?? "") && hasAdapter(code)) return undefined;
    return { at, what: `${callee.text} ${forever}`, edits: () => [withArgument(call, "timeout=10")] };
  }
  if (
    !isOf(callee, urlopen) ||
    isLocal(call.arguments[0]?.value) ||
    call.arguments.length > 2 ||
    calls(code, /^setdefaulttimeout$/)
  )
    return undefined;
  return { at, what: `${callee.text} ${forever}`, edits: () => [withArgument(call, "timeout=10")] };
}

const isLocal = (value: CodeValue | undefined): boolean =>
  value?.kind === "text" && typeof value.parts[0] === "string" && /^(?:file|data):/i.test(value.parts[0]);

/** aiohttp takes a whole object in newer versions, and in all of them for a session. */
const limitOf = ({ origin }: CodeName, code: CodeFile): string => {
  if (origin?.module !== "aiohttp") return "10";
  const module = code.facts.imports.find((i) => i.module === "aiohttp" && i.member === "")?.local;
  return module === undefined ? "10" : `${module}.ClientTimeout(total=10)`;
};

function ofClientTimeout(call: CodeCall): Waiting | undefined {
  const { last } = call.callee;
  if (last !== "ClientTimeout" && last !== "Timeout") return undefined;
  const [only, ...others] = call.arguments;
  if (only === undefined || others.length > 0 || call.isOpen) return undefined;
  if (only.value.kind !== "nothing" || (only.name !== undefined && only.name !== "total")) return undefined;
  const edits = (): readonly Edit[] => [{ span: spanOf(only.value), text: "10" }];
  return { at: only.span, what: `${call.callee.text} without a limit ${forever}`, edits };
}

/** An adapter of their own may set a limit. */
const hasAdapter = (code: CodeFile): boolean =>
  code.facts.assignments.some((a) => a.how === "member" && /^(?:request|send)$/.test(a.target.last)) ||
  code.facts.calls.some((c) => {
    if (c.callee.last !== "mount") return false;
    const adapter = argumentOf(c, 1, "adapter");
    const own = { modules: /^requests\.adapters$/, members: /^HTTPAdapter$/ };
    return !(adapter?.kind === "call" && isOf(adapter.callee, own));
  });

// JavaScript

const axios: Library = { modules: /^axios$/ };
const configPlace: Readonly<Record<string, number>> = {
  "": 0,
  request: 0,
  create: 0,
  get: 1,
  delete: 1,
  head: 1,
  options: 1,
  post: 2,
  put: 2,
  patch: 2,
  postForm: 2,
  putForm: 2,
  patchForm: 2,
};
const anyFetch: readonly Library[] = [
  { modules: /^$/, members: /^fetch$/ },
  { modules: /^(?:node-fetch|cross-fetch|undici)$/, members: /^(?:fetch)?$/ },
];
const got: Library = { modules: /^got$/, members: /^(?:got)?\.?(?:get|post|put|patch|delete|head)?$/ };
const nodeHttp: Library = { modules: /^https?$/, members: /^(?:get|request)$/ };

/** Browsers give up with their user; what runs in Node says so. */
const isServer = ({ facts, text }: CodeFile): boolean =>
  /\bprocess\.env\b|\bmodule\.exports\b|\brequire\(/.test(text) ||
  facts.imports.some((i) => serverModules.test(i.module));
const serverModules =
  /^(?:fs|path|https?|crypto|os|util|stream|events|child_process|net|tls|worker_threads|express|fastify|koa|hono|got|undici|node-fetch|cross-fetch|pino|winston|pg|ioredis|redis|mongodb|mongoose|kafkajs|amqplib|next\/server|@nestjs\/.+|@grpc\/.+|@aws-sdk\/.+)(?:\/|$)/;

function inJavascript(call: CodeCall, code: CodeFile): Waiting | undefined {
  const { callee } = call;
  if (code.isFrontEnd || call.isOpen || call.isNew) return undefined;
  if (isOf(callee, axios)) return ofAxios(call, code);
  if (anyFetch.some((library) => isOf(callee, library))) {
    if (!isServer(code)) return undefined;
    const limit = "signal: AbortSignal.timeout(10_000)";
    return withoutOption(call, 1, /^(?:signal|timeout|dispatcher)$/, limit, code, `${callee.text} waits for minutes`);
  }
  if (isOf(callee, got)) {
    return withoutOption(
      call,
      1,
      /^(?:timeout|signal)$/,
      "timeout: { request: 10_000 }",
      code,
      `${callee.text} ${forever}`,
    );
  }
  if (!isOf(callee, nodeHttp) || calls(code, /^setTimeout$/)) return undefined;
  const isAwaited = code.facts.literals.some((l) => l.text.whole === "timeout" && l.use.kind === "argument");
  const options = call.arguments.find((a) => a.value.kind === "options")?.value;
  if (isAwaited || options?.kind !== "options" || options.isOpen) return undefined;
  if (options.entries.some((e) => /^(?:timeout|signal|agent)$/.test(e.name))) return undefined;
  return { ...quiet, at: spanOf(callee), what: `${callee.text} ${forever}` };
}

function ofAxios(call: CodeCall, code: CodeFile): Waiting | undefined {
  const { callee } = call;
  const member = callee.origin?.member ?? "";
  if (!Object.hasOwn(configPlace, member) || sets(code, /(?:^|\.)defaults\.timeout$/)) return undefined;
  const isLimited = code.facts.calls.some(
    (c) =>
      isOf(c.callee, { ...axios, members: /^create$/ }) &&
      c.arguments.some((a) => a.value.kind === "options" && a.value.entries.some((e) => e.name === "timeout")),
  );
  const [first] = call.arguments;
  const place = member === "" && first !== undefined && first.value.kind !== "options" ? 1 : (configPlace[member] ?? 0);
  const given = call.arguments[place]?.value;
  const zero = given?.kind === "options" ? given.entries.find((e) => e.name === "timeout") : undefined;
  if (zero?.value.kind === "amount" && zero.value.value === 0) {
    const edits = (): readonly Edit[] => [{ span: spanOf(zero.value), text: "10_000" }];
    return { at: spanOf(zero), what: `${callee.text} ${forever}`, edits };
  }
  if (isLimited && member !== "create") return undefined;
  if (member === "" && (first === undefined || (first.value.kind !== "options" && first.value.kind !== "text")))
    return undefined;
  const found = withoutOption(
    call,
    place,
    /^(?:timeout|signal)$/,
    "timeout: 10_000",
    code,
    `${callee.text} ${forever}`,
  );
  return found && { at: found.at, what: found.what, ...(found.edits && { edits: found.edits }) };
}

/** A call whose options are all known, and lack what limits it. */
function withoutOption(
  call: CodeCall,
  place: number,
  limits: RegExp,
  limit: string,
  code: CodeFile,
  what: string,
): Waiting | undefined {
  const given = call.arguments[place]?.value;
  if (given !== undefined && given.kind !== "options") return undefined;
  if (given !== undefined && (given.isOpen || given.entries.some((e) => limits.test(e.name)))) return undefined;
  const edits = (): readonly Edit[] | undefined => {
    if (given !== undefined) {
      const edit = withEntry(code, given, limit);
      return edit && [edit];
    }
    const missing = "undefined, ".repeat(place - call.arguments.length);
    return [withArgument(call, `${missing}{ ${limit} }`)];
  };
  return { ...quiet, at: spanOf(call.callee), what, edits };
}

// Go

const goShortcuts: Library = { modules: /^net\/http$/, members: /^(?:DefaultClient\.)?(?:Get|Post|Head|PostForm)$/ };
const goDefaultDo: Library = { modules: /^net\/http$/, members: /^DefaultClient\.Do$/ };
const resty: Library = { modules: /(?:^|\/)resty$/, members: /^New$/ };
const noDeadline: Library = { modules: /^context$/, members: /^(?:Background|TODO)$/ };

const isEndlessContext = (value: CodeValue | undefined): boolean =>
  value?.kind === "call" && isOf(value.callee, noDeadline);

/** Requests that carry a context, which may have a deadline. */
const hasContext = (code: CodeFile): boolean =>
  code.facts.calls.some(
    ({ callee, arguments: given }) =>
      (/^(?:NewRequestWithContext|WithContext)$/.test(callee.last) && !isEndlessContext(given[0]?.value)) ||
      /^(?:WithTimeout|WithDeadline)$/.test(callee.last),
  );

function inGo(call: CodeCall, code: CodeFile): Waiting | undefined {
  const { callee } = call;
  const at = spanOf(callee);
  if (isOf(callee, goShortcuts)) {
    if (sets(code, /^http\.DefaultClient(?:\.Timeout)?$/)) return undefined;
    const edits = (): readonly Edit[] => [
      ...importing(code, "time"),
      { span: at, text: `(&http.Client{Timeout: 10 * time.Second}).${callee.last}` },
    ];
    const isPlain = callee.text === `http.${callee.last}` || callee.text === `http.DefaultClient.${callee.last}`;
    return { at, what: `${callee.text} ${forever}`, ...(isPlain && { edits }) };
  }
  if (isOf(callee, goDefaultDo)) {
    if (hasContext(code) || sets(code, /^http\.DefaultClient(?:\.Timeout)?$/)) return undefined;
    return { at, what: `${callee.text} ${forever}` };
  }
  if (isOf(callee, resty)) {
    return calls(code, /^(?:SetTimeout|SetContext)$/)
      ? undefined
      : { at, what: `A client of ${callee.text} ${forever}` };
  }
  return ofGrpc(call, code);
}

/** A call through a stub of gRPC that is given no deadline, streams left out. */
function ofGrpc(call: CodeCall, code: CodeFile): Waiting | undefined {
  const { callee, scope } = call;
  const [first] = call.arguments;
  const stub = /^([A-Z]\w*Client)\.[A-Z]\w*$/.exec(callee.origin?.member ?? "")?.[1];
  if (stub === undefined || first === undefined || !isEndlessContext(first.value)) return undefined;
  if (!code.facts.imports.some((i) => i.module === "google.golang.org/grpc")) return undefined;
  const makers = code.facts.calls.filter(
    (c) => c.callee.last === `New${stub}` && c.callee.origin?.module === callee.origin?.module,
  );
  if (makers.length === 0 || makers.some((c) => c.arguments.length !== 1)) return undefined;
  const isStream = (scope.function?.calls ?? code.facts.calls).some((c) =>
    /^(?:Recv|Send|CloseAndRecv)$/.test(c.callee.last),
  );
  return isStream ? undefined : { at: spanOf(first.value), what: `${callee.text} has no deadline: it ${forever}` };
}

const clientCall: Library = { modules: /^net\/http$/, members: /^Client\.(?:Do|Get|Head|Post|PostForm)$/ };

/** Whether the file itself calls through clients; for one that is handed on nobody knows who sets which deadline. */
const isUsedHere = ({ start }: CodeOptions, { facts }: CodeFile): boolean =>
  facts.calls.some((c) => isOf(c.callee, clientCall)) &&
  !facts.calls.some((c) => c.arguments.some((a) => a.value.kind === "options" && a.value.start === start));

function inGoStruct(options: CodeOptions, code: CodeFile): Waiting | undefined {
  const { type, entries, isOpen } = options;
  if (type === undefined || isOpen || !isOf(type, { modules: /^net\/http$/, members: /^Client$/ })) return undefined;
  if (entries.some((e) => e.name === "Timeout") || sets(code, /\.Timeout$/) || hasContext(code)) return undefined;
  if (!isUsedHere(options, code)) return undefined;
  const transport = entries.find((e) => e.name === "Transport")?.value;
  if (transport?.kind === "options" && transport.entries.some((e) => e.name === "ResponseHeaderTimeout"))
    return undefined;
  const edits = (): readonly Edit[] | undefined => {
    const edit = withEntry(code, options, "Timeout: 10 * time.Second");
    return edit && [...importing(code, "time"), edit];
  };
  return { at: spanOf(type), what: `This client ${forever}`, edits };
}

// Java

const spring =
  /^org\.springframework\.(?:web\.client|boot\.web\.client|boot\.restclient|web\.reactive\.function\.client)$/;
const restTemplate: Library = { modules: spring, members: /^RestTemplate$/ };
const templateBuilder: Library = { modules: spring, members: /^RestTemplateBuilder$/ };
const webClient: Library = { modules: spring, members: /^WebClient\.create$/ };
const httpRequest: Library = { modules: /^java\.net\.http$/, members: /^HttpRequest\.newBuilder$/ };
const connection: Library = { modules: /^java\.net$/, members: /^(?:URL|URI\.toURL\(\))\.openConnection$/ };
const okhttp = /^okhttp3$/;

function inJava(call: CodeCall, code: CodeFile): Waiting | undefined {
  const { callee, chain, arguments: given } = call;
  const [first = call] = chain;
  const at = spanOf(callee);
  if (call.isNew && given.length === 0 && isOf(callee, restTemplate)) {
    return calls(code, /^setRequestFactory$/) ? undefined : { at: spanOf(call), what: `This RestTemplate ${forever}` };
  }
  if (callee.last === "build" && first.isNew && isOf(first.callee, templateBuilder)) {
    const isLimited = chain.some((c) =>
      /Timeout$|[rR]equestFactory|[sS]ettings|[cC]ustomizers|configure/.test(c.callee.last),
    );
    return isLimited ? undefined : { at: spanOf(first), what: `This RestTemplate ${forever}` };
  }
  if (callee.last === "build" && isOf(first.callee, httpRequest)) {
    if (chain.some((c) => c.callee.last === "timeout") || calls(code, /^(?:orTimeout|completeOnTimeout)$/))
      return undefined;
    return {
      at: spanOf(first.callee),
      what: `This request ${forever}`,
      edits: () => [...importing(code, "java.time", "Duration"), ...linkBefore(call, code)],
    };
  }
  if (isOf(callee, connection)) {
    return calls(code, /^setReadTimeout$/) ? undefined : { at, what: `This connection ${forever}` };
  }
  if (isOf(callee, webClient)) {
    const isLimited = calls(code, /^(?:responseTimeout|timeout|clientConnector|ReadTimeoutHandler)$/);
    return isLimited ? undefined : { ...quiet, at, what: `This WebClient ${forever}` };
  }
  return ofOkHttp(call, code);
}

/** `.timeout(…)` before `.build()`, on a line of its own where that has one. */
function linkBefore(build: CodeCall, code: CodeFile): readonly Edit[] {
  const dot = code.text.lastIndexOf(".", build.callee.end);
  const receiver = build.receiver?.end ?? dot;
  const between = code.text.slice(receiver, dot);
  if (dot < receiver || between.trim() !== "") return [];
  return [insertAt(receiver, `${between}.timeout(Duration.ofSeconds(10))`)];
}

function ofOkHttp(call: CodeCall, code: CodeFile): Waiting | undefined {
  const { callee, arguments: given, chain } = call;
  if (callee.last !== "readTimeout" || !code.facts.imports.some((i) => okhttp.test(i.module))) return undefined;
  const [limit] = given;
  const isZero =
    (limit?.value.kind === "amount" && limit.value.value === 0) ||
    (limit?.value.kind === "variable" && /^(?:java\.time\.)?Duration\.ZERO$/.test(limit.value.name.text));
  if (limit === undefined || !isZero || calls(code, /^callTimeout$/)) return undefined;
  const unit = given[1]?.value;
  const edits = (): readonly Edit[] | undefined =>
    unit?.kind === "variable" && unit.name.text.startsWith("TimeUnit.")
      ? [{ span: { start: limit.span.start, end: unit.end }, text: "10, TimeUnit.SECONDS" }]
      : undefined;
  return { at: limit.span, what: `${chain[0]?.isNew === true ? "This client" : callee.text} ${forever}`, edits };
}

// C#

const isInfinite = (value: CodeValue): boolean =>
  (value.kind === "variable" && /(?:^|\.)InfiniteTimeSpan$/.test(value.name.text)) ||
  (value.kind === "call" &&
    /^From(?:Milliseconds|Seconds)$/.test(value.callee.last) &&
    value.arguments[0]?.value.kind === "amount" &&
    value.arguments[0].value.value < 0);

function ofInfinite(at: Span, value: CodeValue, code: CodeFile): Waiting | undefined {
  if (!isInfinite(value) || calls(code, /^CancelAfter$/)) return undefined;
  const edits = (): readonly Edit[] => [{ span: spanOf(value), text: "TimeSpan.FromSeconds(30)" }];
  return { at: spanOf(at), what: `This HttpClient ${forever}`, edits };
}

function inCsharpAssignment({ target, value }: CodeAssignment, code: CodeFile): Waiting | undefined {
  if (target.last !== "Timeout") return undefined;
  const isClient =
    isOf(target, { modules: /^System\.Net\.Http$/, members: /^HttpClient\.Timeout$/ }) ||
    (target.origin === undefined &&
      code.facts.calls.some(
        (c) =>
          /^(?:AddHttpClient|ConfigureHttpClient)$/.test(c.callee.last) && c.start < target.start && target.end < c.end,
      ));
  return isClient ? ofInfinite(value, value, code) : undefined;
}

function inCsharpOptions({ type, entries }: CodeOptions, code: CodeFile): Waiting | undefined {
  if (type === undefined || !isOf(type, { modules: /^System\.Net\.Http$/, members: /^HttpClient$/ })) return undefined;
  const limit = entries.find((e) => e.name === "Timeout");
  return limit && ofInfinite(limit.value, limit.value, code);
}

// All of them

const byCall = { python: inPython, javascript: inJavascript, go: inGo, java: inJava } as const;

export const waitingCall = (call: CodeCall, code: CodeFile): Waiting | undefined =>
  code.language === "csharp" ? undefined : byCall[code.language](call, code);

export function waitingOptions(options: CodeOptions, code: CodeFile): Waiting | undefined {
  if (code.language === "go") return inGoStruct(options, code);
  return code.language === "csharp" ? inCsharpOptions(options, code) : undefined;
}

export const waitingAssignment = (assignment: CodeAssignment, code: CodeFile): Waiting | undefined =>
  code.language === "csharp" ? inCsharpAssignment(assignment, code) : undefined;
