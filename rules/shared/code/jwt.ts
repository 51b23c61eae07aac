/** JSON web tokens in code: how they are issued and checked. What the libraries do is from their manuals (2026-11). */
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
  guided,
  innerOf,
  isOff,
  isOn,
  itemsOf,
  namesAround,
  pathOf,
  replacing,
  speaksOf,
  textAround,
  wholeOf,
  wordOf,
} from "./frameworks";
import { importing, insertAt, withArgument, withEntry } from "./insertions";

const isJwtModule = (module: string): boolean =>
  /^(?:jsonwebtoken|jwt-simple|jose|express-jwt|koa-jwt|hono\/jwt|@nestjs\/jwt|jwt|jose\.jwt|authlib\.jose)\b|(?:^|\/)jwt(?:-go|\/)?|^io\.jsonwebtoken\b|^com\.auth0\.jwt\b/.test(
    module,
  );

const flipped = (value: CodeValue, to: string, title: string): FoundFix | undefined =>
  value.kind === "flag" ? { title, applicability: "unsafe", edits: [{ span: value, text: to }] } : undefined;

/** `true` as the language writes it. */
const yes = ({ language }: CodeFile): string => (language === "python" ? "True" : "true");
const no = ({ language }: CodeFile): string => (language === "python" ? "False" : "false");

// The signature

/** Every place where a token is taken, or made, without a signature. */
export function* unsignedTokens(code: CodeFile): Generator<Found> {
  if (!speaksOf(code, /jwt|jose|token/i)) return;
  for (const call of code.facts.calls) {
    yield* noneAmongAlgorithms(call);
    switch (code.language) {
      case "javascript":
        yield* ofJavascript(code, call);
        break;
      case "python":
        yield* ofPython(code, call);
        break;
      case "go":
        yield* ofGo(code, call);
        break;
      case "java":
        yield* ofJava(code, call);
        break;
    }
  }
  for (const options of code.facts.options) {
    yield* uncheckedPython(code, options);
    if (code.language === "csharp")
      for (const entry of options.entries) yield* ofDotnet(entry.name, entry.value, entry);
  }
  if (code.language === "go") {
    for (const made of code.facts.functions) {
      for (const value of made.returns) if (isUnsafeNone(value)) yield acceptsNone(value);
    }
  }
  if (code.language !== "csharp") return;
  for (const found of code.facts.assignments) yield* ofDotnet(found.target.last, found.value, found);
}

/** `algorithms: ["none"]`, `algorithm="none"`. */
function* noneAmongAlgorithms(call: CodeCall): Generator<Found> {
  if (!isJwtModule(call.callee.origin?.module ?? "")) return;
  const named = call.arguments.flatMap((a) => {
    if (a.value.kind === "options") return a.value.entries.map((e) => ({ name: e.name, value: e.value }));
    return a.name === undefined ? [] : [{ name: a.name, value: a.value }];
  });
  for (const { name, value } of named) {
    if (!/^alg(?:orithms?)?$/.test(name)) continue;
    for (const item of itemsOf(value)) {
      if (wholeOf(item)?.toLowerCase() !== "none" || item.kind !== "text") continue;
      const inner = innerOf(item);
      const fix: FoundFix = {
        title: "Use a signature",
        applicability: "guided",
        edits: [replacing(inner, guided("", "RS256", ""))],
      };
      const message = /sign|encode/i.test(call.callee.last)
        ? "The token is issued without a signature: anybody can change it"
        : "Tokens without a signature are accepted: anybody can make one";
      yield { at: item, message, fix };
    }
  }
}

const claims =
  "sub|role|roles|scope|scopes|permissions|user|userId|user_id|username|uid|id|_id|email|groups|isAdmin|is_admin|admin|tenant|tenantId";
const claimRead = new RegExp(`^\\s*(?:\\?\\.|!?\\.|\\[["'])(?:payload\\??\\.)?(?:${claims})\\b`);
const claimPattern = new RegExp(
  `\\{[^{}]{0,120}\\b(?:${claims})\\b[^{}]{0,120}\\}\\s*(?::\\s*\\w+\\s*)?=\\s*(?:await\\s+)?\\(?$`,
);
const identityTarget =
  /(?:req|request|ctx|c|context|socket|res|event|this)(?:\.(?:state|locals|data|handshake|requestContext))?\.(?:user|auth|userId|user_id|currentUser|identity|principal|session|account|username|role|roles)$/;

/** Whether what a token says is believed: someone's identity is taken from it. */
function isBelieved(code: CodeFile, call: Span): boolean {
  const behind = code.text.slice(call.end, call.end + 60).replace(/^\s*(?:as\s+\w+\s*|!\s*)?\)+/, "");
  if (claimRead.test(behind)) return true;
  const before = code.text.slice(Math.max(0, call.start - 260), call.start);
  if (claimPattern.test(before)) return true;
  const target = code.facts.assignments.find((a) => contains(a, call) && a.end - call.end < 60)?.target;
  if (target === undefined) return false;
  if (identityTarget.test(target.text)) return true;
  if (!/^[\w$]+$/.test(target.text)) return false;
  const around = textAround(code, call);
  const name = target.text.replace(/\$/g, "\\$");
  const reads = new RegExp(`\\b${name}(?:\\?\\.|!?\\.|\\[["']|\\.get\\(["'])(?:payload\\??\\.)?(?:${claims})\\b`);
  const asUser = new RegExp(
    `\\b(?:req|request|ctx|socket|c)\\.(?:state\\.)?(?:user|auth|userId|currentUser)\\s*=\\s*${name}\\b`,
  );
  return reads.test(around) || asUser.test(around);
}

const checking = /verif|introspect|validate|jwtverify|checktoken|authenticate\(/i;

/** Whether the function around has the token checked as well, here or by another service. */
function isCheckedAround(code: CodeFile, call: Span): boolean {
  const [around] = functionsAround(code, call);
  if (around === undefined) return false;
  const text = code.text.slice(around.body?.start ?? around.start, call.start) + code.text.slice(call.end, around.end);
  const names = text
    .replace(/(?:\/\/|#).*/g, "")
    .replace(/"[^"\n]*"|'[^'\n]*'/g, "")
    .replace(/(?<!\w)\w*unverified\w*|verify_(?:signature|exp|aud|iss)\b|\bverify\s*=\s*False/gi, "");
  return checking.test(names);
}

const unchecked = "What the token says is believed without its signature being checked: anybody can make one";

function* ofJavascript(code: CodeFile, call: CodeCall): Generator<Found> {
  const path = pathOf(call.callee);
  const [, , third] = call.arguments;
  // Whatever is true there turns the check off, the name of an algorithm as well.
  if (
    path === "jwt-simple.decode" &&
    third !== undefined &&
    (isOn(third.value) || (wholeOf(third.value) ?? "") !== "")
  ) {
    yield { at: third.span, message: unchecked, fix: flipped(third.value, "false", "Check the signature") };
  }
  for (const { value } of call.arguments) {
    if (value.kind === "variable" && pathOf(value.name) === "jose.JWK.None") yield acceptsNone(value);
  }
  if (/^jose\.UnsecuredJWT/.test(path) && (call.isNew || call.callee.last === "decode")) {
    yield { at: call.callee, message: "Tokens without a signature: anybody can make one" };
  }
  const isDecode = /^(?:jsonwebtoken\.decode|jose\.decodeJwt|jwt-decode(?:\.jwtDecode|\.jwt_decode)?)$/.test(path);
  if (!isDecode || code.isFrontEnd || !isBelieved(code, call) || isCheckedAround(code, call)) return;
  const [token] = call.arguments;
  const canVerify = path === "jsonwebtoken.decode" && token !== undefined && call.callee.text.endsWith(".decode");
  const edit = canVerify ? verifying(code, call, token.span) : undefined;
  yield {
    at: call.callee,
    message: unchecked,
    severity: "warning",
    fix: edit && { title: "Verify the token", applicability: "guided", edits: [edit] },
  };
}

function verifying(code: CodeFile, { callee, end }: CodeCall, token: Span): Edit {
  const before = code.text.slice(callee.start, callee.end - "decode".length);
  const given = code.text.slice(token.start, token.end);
  return {
    span: { start: callee.start, end },
    text: guided(`${before}verify(${given}, `, "publicKey", ', { algorithms: ["RS256"] })'),
  };
}

const pythonDecode = /^(?:jwt(?:\.api_jwt)?\.(?:decode|decode_complete|PyJWT\.decode)|jose\.jwt\.decode)$/;

function* ofPython(code: CodeFile, call: CodeCall): Generator<Found> {
  const path = pathOf(call.callee);
  const verify = call.arguments.find((a) => a.name === "verify");
  if (pythonDecode.test(path) && verify !== undefined && isOff(verify.value) && !isCheckedOtherwise(code, call)) {
    yield { at: verify.span, message: unchecked, fix: flipped(verify.value, "True", "Check the signature") };
  }
  if (path === "jose.jwt.get_unverified_claims" && isBelieved(code, call) && !isCheckedOtherwise(code, call)) {
    yield { at: call.callee, message: unchecked, severity: "warning" };
  }
}

/** Whether the function decodes a token another time: the first look then is for its issuer or its key. */
function isDecodedAgain(code: CodeFile, at: Span): boolean {
  const [around] = functionsAround(code, at);
  const calls = around?.calls ?? [];
  // The key that is handed to it is no second look.
  const own = calls.findLast((c) => c.callee.last.startsWith("decode") && contains(c, at));
  return calls.some(
    (c) =>
      !contains(c, at) &&
      (own === undefined || !contains(own, c)) &&
      /^(?:decode|decode_complete|verify|jwt_decode|get_signing_key_from_jwt|Parse|ParseWithClaims|Verify|Claims)$/.test(
        c.callee.last,
      ) &&
      !/["']verify_signature["']\s*:\s*False|\bverify\s*=\s*False/.test(code.text.slice(c.start, c.end)),
  );
}

const isCheckedOtherwise = (code: CodeFile, at: Span): boolean =>
  isDecodedAgain(code, at) || isCheckedAround(code, at) || readsTimesOnly(code, at);

const times = /(?:\[|\.get\()["'](?:exp|iat|nbf|iss|aud|azp|kid|jti)["']/;
const anyClaim = new RegExp(`(?:\\[|\\.get\\()["'](?:${claims})["']`);

/** What is read is when, by whom and for whom the token was issued; nobody is let in by that. */
function readsTimesOnly(code: CodeFile, at: Span): boolean {
  const around = functionsAround(code, at).length === 0 ? "" : textAround(code, at);
  return code.language === "python" && times.test(around) && !anyClaim.test(around);
}

/** `options={"verify_signature": False}`. */
function* uncheckedPython(code: CodeFile, options: CodeOptions): Generator<Found> {
  const entry = code.language === "python" ? entryOf(options, "verify_signature") : undefined;
  if (entry === undefined || !isOff(entry.value) || isCheckedOtherwise(code, entry)) return;
  yield { at: entry, message: unchecked, fix: flipped(entry.value, "True", "Check the signature") };
}

const isUnsafeNone = (value: CodeValue): boolean =>
  value.kind === "variable" && value.name.last === "UnsafeAllowNoneSignatureType";

const acceptsNone = (at: Span): Found => ({
  at,
  message: "Tokens without a signature are accepted: anybody can make one",
});

const takesRequests =
  /\*http\.Request\b|\bgin\.Context\b|\becho\.Context\b|\bfiber\.Ctx\b|FromIncomingContext|\bevents\.APIGateway|\bbeego\b/;
const namesLogin =
  /^(?:auth\w*|login\w*|(?:authenticate|authorize|validate|check|require|parse|decode|extract|get)\w*(?:Token|JWT|Jwt|User\w*|Claims|Subject|Identity|Principal))$/i;
const namesOwnToken = /ServiceAccount|Own|Local|Config|Display|Expir|Cache|Scope/i;

/**
 * How much it weighs that claims are read without a signature: a program may look into a token that it was given itself.
 * Undefined where nothing says that the token comes from a caller.
 */
function weightInGo(code: CodeFile, call: CodeCall): Severity | undefined {
  const functions = functionsAround(code, call);
  const outermost = functions.at(-1);
  if (outermost === undefined) return undefined;
  if (takesRequests.test(code.text.slice(outermost.start, outermost.end))) return "error";
  const name = outermost.name ?? "";
  return namesLogin.test(name) && !namesOwnToken.test(name) ? "warning" : undefined;
}

function* ofGo(code: CodeFile, call: CodeCall): Generator<Found> {
  const { callee } = call;
  const module = callee.origin?.module ?? "";
  const isUnverified =
    (callee.last === "ParseUnverified" && (module === "" || isJwtModule(module))) ||
    callee.last === "UnsafeClaimsWithoutVerification";
  if (isUnverified && !isCheckedOtherwise(code, call)) {
    const severity = weightInGo(code, call);
    if (severity !== undefined) yield { at: wordOf(callee), message: unchecked, severity };
  }
  for (const { value } of call.arguments) {
    if (isUnsafeNone(value)) yield acceptsNone(value);
    if (
      value.kind === "variable" &&
      value.name.last === "SigningMethodNone" &&
      isJwtModule(value.name.origin?.module ?? "")
    ) {
      yield { at: value, message: "The token is issued without a signature: anybody can change it" };
    }
  }
}

function* ofJava(code: CodeFile, call: CodeCall): Generator<Found> {
  const { callee } = call;
  const path = pathOf(callee);
  const at = wordOf(callee);
  if (path === "com.auth0.jwt.algorithms.Algorithm.none") {
    yield { at: call, message: "Tokens are signed with nothing: anybody can make one" };
  }
  if (path === "com.auth0.jwt.JWT.decode" && isBelievedInJava(code, call) && !isCheckedAround(code, call)) {
    yield { at: callee, message: unchecked, severity: "warning" };
  }
  const first = call.chain[0];
  if (first === undefined || !/^io\.jsonwebtoken\.Jwts\.parser(?:Builder)?$/.test(pathOf(first.callee))) return;
  const isOld = !call.chain.some((c) => c.callee.last === "build");
  const hasKey = call.chain.some((c) => /^(?:setSigningKey\w*|verifyWith|keyLocator)$/.test(c.callee.last));
  if (/^(?:parseClaimsJwt|parsePlaintextJwt|parseUnsecuredClaims|parseUnsecuredContent)$/.test(callee.last)) {
    yield { at, message: "Only tokens without a signature are accepted here: anybody can make one" };
  } else if (callee.last === "unsecured")
    yield { at, message: "Tokens without a signature are accepted: anybody can make one" };
  else if (callee.last === "parse" && isOld && hasKey) {
    const fix: FoundFix = {
      title: "Accept signed tokens only: parseClaimsJws",
      applicability: "unsafe",
      edits: [{ span: at, text: "parseClaimsJws" }],
    };
    yield { at, message: "parse() takes tokens without a signature as well, key or no key: anybody can make one", fix };
  }
}

const javaClaim = /\.(?:getSubject|getClaim|getClaims)\(/;
function isBelievedInJava(code: CodeFile, call: CodeCall): boolean {
  const chain = chainThrough(code, call);
  if (chain.some((c) => /^(?:getSubject|getClaim|getClaims)$/.test(c.callee.last))) return true;
  return javaClaim.test(textAround(code, call));
}

function* ofDotnet(name: string, value: CodeValue, at: Span): Generator<Found> {
  if (name === "RequireSignedTokens" && isOff(value)) {
    yield {
      at,
      message: "Tokens without a signature are accepted: anybody can make one",
      fix: flipped(value, "true", "Require signed tokens"),
    };
  }
  if (name === "SignatureValidator" && value.kind === "lambda") {
    const { returns, calls } = value.function;
    const made = returns[0]?.kind === "call" ? returns[0] : undefined;
    const isBlind =
      returns.length === 1 && made?.isNew === true && /^(?:JwtSecurityToken|JsonWebToken)$/.test(made.callee.last);
    if (isBlind && calls.length <= 1) yield { at, message: unchecked };
  }
}

// The claims

interface ClaimSwitch {
  readonly name: RegExp;
  /** What it must be set to for the claim to go unchecked. */
  readonly off: boolean;
  readonly message: string;
  readonly severity?: "info";
}

const anyTime = "Tokens that have expired are accepted: a stolen one works for ever";
const claimSwitches: Readonly<Record<CodeFile["language"], readonly ClaimSwitch[]>> = {
  javascript: [
    { name: /^ignoreExpiration$/, off: true, message: anyTime },
    { name: /^ignoreNotBefore$/, off: true, message: "Tokens are accepted before their time", severity: "info" },
  ],
  python: [
    { name: /^verify_exp$/, off: false, message: anyTime },
    { name: /^verify_aud$/, off: false, message: "Tokens for other services are accepted", severity: "info" },
    { name: /^verify_iss$/, off: false, message: "Tokens of other issuers are accepted", severity: "info" },
  ],
  go: [{ name: /^SkipClaimsValidation$/, off: true, message: anyTime }],
  java: [],
  csharp: [
    { name: /^ValidateLifetime$/, off: false, message: anyTime },
    { name: /^RequireExpirationTime$/, off: false, message: "Tokens that never expire are accepted" },
    { name: /^ValidateAudience$/, off: false, message: "Tokens for other services are accepted", severity: "info" },
    { name: /^ValidateIssuer$/, off: false, message: "Tokens of other issuers are accepted", severity: "info" },
    {
      name: /^ValidateIssuerSigningKey$/,
      off: false,
      message: "The key that signed a token is not checked itself, only the signature",
      severity: "info",
    },
  ],
};

/** Where an expired token is what is asked for: it is renewed, or its session is ended. */
const renews = /refresh|renew|expired|logout|log_out|signout|sign_out|revoke|introspect/i;

/** Whether the function looks at the times of the token itself. */
function comparesTimes(code: CodeFile, at: Span): boolean {
  const [around] = functionsAround(code, at);
  if (around === undefined) return false;
  const text = code.text.slice(around.start, at.start) + code.text.slice(at.end, around.end);
  return /\bIssuedAt\b|\bExpiresAt\b|GetExpirationTime|\.exp\b|["']exp["']|\bValidTo\b/.test(text);
}

/** Every place where claims of a token go unchecked. */
export function* uncheckedClaims(code: CodeFile): Generator<Found> {
  if (!speaksOf(code, /jwt|jose|token/i)) return;
  for (const options of code.facts.options) {
    if (isOff(entryOf(options, "verify_signature")?.value)) continue;
    for (const entry of options.entries) yield* ofSwitch(code, entry.name, entry.value, entry);
  }
  for (const found of code.facts.assignments) {
    if (found.how === "member") yield* ofSwitch(code, found.target.last, found.value, found);
  }
  for (const call of code.facts.calls) {
    const { callee } = call;
    if (
      code.language === "go" &&
      callee.last === "WithoutClaimsValidation" &&
      isJwtModule(callee.origin?.module ?? "")
    ) {
      const isPeek = /\bParseUnverified\(/.test(textAround(code, call));
      if (!isPeek && !comparesTimes(code, call) && !renews.test(namesAround(code, call)))
        yield { at: call, message: anyTime };
    }
    if (code.language === "java" && callee.last === "setJwtValidator") yield* ofValidator(call);
  }
}

function* ofSwitch(code: CodeFile, name: string, value: CodeValue, at: Span): Generator<Found> {
  for (const found of claimSwitches[code.language]) {
    if (value.kind !== "flag" || value.value !== found.off || !found.name.test(name)) continue;
    if (found.message === anyTime && (comparesTimes(code, at) || renews.test(namesAround(code, at)))) continue;
    const fix = flipped(value, found.off ? no(code) : yes(code), `Set ${name} to ${found.off ? no(code) : yes(code)}`);
    yield { at, message: found.message, severity: found.severity, fix };
  }
}

/** Spring's decoder with a validator that lets everything pass. */
function* ofValidator({ arguments: given }: CodeCall): Generator<Found> {
  const value = given[0]?.value;
  if (value?.kind !== "lambda") return;
  const { returns, calls } = value.function;
  const [only] = returns;
  if (returns.length !== 1 || calls.length !== 1 || only?.kind !== "call") return;
  if (only.callee.text === "OAuth2TokenValidatorResult.success") {
    yield { at: value, message: "Neither time nor issuer of a token is checked: a stolen one works for ever" };
  }
}

// The expiry

const endless = "The token never expires: whoever copies it once can use it for ever";
const expiryName = /^(?:exp|expires|expiresIn|expiresAt|ExpiresAt|expirationTime|exp_time)$/;

/** Every place where a token is issued that never expires. */
export function* endlessTokens(code: CodeFile): Generator<Found> {
  if (!speaksOf(code, /jwt|jose/i)) return;
  for (const call of code.facts.calls) {
    switch (code.language) {
      case "javascript":
        yield* endlessJavascript(code, call);
        break;
      case "python":
        yield* endlessPython(code, call);
        break;
      case "go":
        yield* endlessGo(code, call);
        break;
      case "java":
        yield* endlessJava(code, call);
        break;
      case "csharp":
        yield* endlessDotnet(code, call);
        break;
    }
  }
}

/** Whether it is certain that a payload has no time of expiry: all of it is known. */
function isEndless(code: CodeFile, payload: CodeValue | undefined, call: CodeCall): payload is CodeOptions {
  if (payload?.kind !== "options" || payload.isOpen) return false;
  if (payload.entries.some((entry) => expiryName.test(entry.name))) return false;
  // A payload that is written elsewhere may be given its time in between.
  return contains(call, payload) || !/\bexp\b|["']exp["']|expir/i.test(textAround(code, call));
}

function* endlessJavascript(code: CodeFile, call: CodeCall): Generator<Found> {
  const path = pathOf(call.callee);
  const [payload, , options] = call.arguments;
  if (call.isOpen) return;
  if (path === "jsonwebtoken.sign" && isEndless(code, payload?.value, call)) {
    const isBare = options === undefined || options.value.kind === "lambda" || options.value.kind === "nothing";
    const given = options?.value.kind === "options" && !options.value.isOpen ? options.value : undefined;
    if (!isBare && (given === undefined || entryOf(given, "expiresIn") !== undefined)) return;
    yield { at: call.callee, message: endless, fix: expiringIn(code, call, given, options?.span) };
  }
  if (path === "jwt-simple.encode" && isEndless(code, payload?.value, call))
    yield { at: call.callee, message: endless };
  const [first] = call.chain;
  if (call.callee.last !== "sign" || first?.isNew !== true || pathOf(first.callee) !== "jose.SignJWT") return;
  if (call.chain.some((c) => c.callee.last === "setExpirationTime")) return;
  if (!isEndless(code, first.arguments[0]?.value, call)) return;
  yield {
    at: first.callee,
    message: endless,
    fix: {
      title: "Let the token expire after 15 minutes",
      applicability: "unsafe",
      edits: [beforeLast(code, call, '.setExpirationTime("15m")')],
    },
  };
}

/** In front of the last link of a chain, in its way. */
function beforeLast(code: CodeFile, { callee }: CodeCall, text: string): Edit {
  const { start } = wordOf(callee);
  const lead = /(?:\r?\n[ \t]*)?\.$/.exec(code.text.slice(0, start))?.[0] ?? ".";
  return insertAt(start - lead.length, `${lead.slice(0, -1)}${text}`);
}

function expiringIn(
  code: CodeFile,
  call: CodeCall,
  given: CodeOptions | undefined,
  at: Span | undefined,
): FoundFix | undefined {
  const entry = 'expiresIn: "15m"';
  const quoted = /'/.test(code.text.slice(call.start, call.end)) ? entry.replaceAll('"', "'") : entry;
  const title = "Let the token expire after 15 minutes";
  if (given !== undefined) {
    const edit = contains(call, given) ? withEntry(code, given, quoted) : undefined;
    return edit && { title, applicability: "unsafe", edits: [edit] };
  }
  const edit = at === undefined ? withArgument(call, `{ ${quoted} }`) : insertAt(at.start, `{ ${quoted} }, `);
  return { title, applicability: "unsafe", edits: [edit] };
}

function* endlessPython(code: CodeFile, call: CodeCall): Generator<Found> {
  const path = pathOf(call.callee);
  const place = /^authlib\.jose\b/.test(path) ? 1 : 0;
  if (call.isOpen || !/^(?:jwt(?:\.api_jwt)?|jose\.jwt|authlib\.jose(?:\.\w+)?)\.encode$/.test(path)) return;
  const given = call.arguments.find((a) => a.name === "payload" || a.name === "claims") ?? call.arguments[place];
  const payload = given?.value;
  if (!isEndless(code, payload, call)) return;
  const last = payload.entries.at(-1);
  const isWritten = contains(call, payload) && code.text[payload.start] === "{";
  const edit = isWritten && last !== undefined ? insertAt(last.end, ', "exp": int(time.time()) + 900') : undefined;
  const edits = edit === undefined ? undefined : [edit, ...importing(code, "time")];
  const fix: FoundFix | undefined = edits && {
    title: "Let the token expire after 15 minutes",
    applicability: "unsafe",
    edits,
  };
  yield { at: call.callee, message: endless, fix };
}

function* endlessGo(code: CodeFile, call: CodeCall): Generator<Found> {
  if (!/(?:^|\/)jwt(?:-go)?\.NewWithClaims$/.test(pathOf(call.callee))) return;
  const given = call.arguments[1]?.value;
  if (given?.kind !== "options") return;
  const own =
    standardClaims(given) ??
    given.entries
      .map((e) => (e.value.kind === "options" ? standardClaims(e.value) : undefined))
      .find((c) => c !== undefined);
  if (own === undefined || !isEndless(code, own, call) || !isEndless(code, given, call)) return;
  const isMap = own.type === undefined || own.type.last === "MapClaims";
  const isRegistered = own.type?.last === "RegisteredClaims";
  const prefix = own.type?.text.replace(/\.?(?<!\w)\w+$/, "") ?? "";
  const text = isMap
    ? '"exp": time.Now().Add(15 * time.Minute).Unix()'
    : isRegistered && prefix !== ""
      ? `ExpiresAt: ${prefix}.NewNumericDate(time.Now().Add(15 * time.Minute))`
      : undefined;
  const edit = text === undefined || !contains(call, own) ? undefined : withEntry(code, own, text);
  const fix: FoundFix | undefined = edit && {
    title: "Let the token expire after 15 minutes",
    applicability: "unsafe",
    edits: [edit, ...importing(code, "time")],
  };
  yield { at: call.callee, message: endless, fix };
}

/** The claims, if the struct is one of the library's own. */
const standardClaims = (options: CodeOptions): CodeOptions | undefined =>
  options.type !== undefined &&
  /^(?:MapClaims|RegisteredClaims|StandardClaims)$/.test(options.type.last) &&
  isJwtModule(options.type.origin?.module ?? "")
    ? options
    : undefined;

const javaBuilders: readonly {
  readonly begin: RegExp;
  readonly end: RegExp;
  readonly expiry: RegExp;
  readonly open: RegExp;
}[] = [
  {
    begin: /^io\.jsonwebtoken\.Jwts\.builder$/,
    end: /^compact$/,
    expiry: /^(?:setExpiration|expiration)$/,
    open: /^(?:setClaims|addClaims|claims|setPayload|content|apply|and)$/,
  },
  {
    begin: /^com\.auth0\.jwt\.JWT\.create$/,
    end: /^sign$/,
    expiry: /^withExpiresAt$/,
    open: /^withPayload$/,
  },
];

function* endlessJava(code: CodeFile, call: CodeCall): Generator<Found> {
  const [first] = call.chain;
  if (first === undefined) return;
  const path = pathOf(first.callee);
  const builder = javaBuilders.find((b) => b.begin.test(path) && b.end.test(call.callee.last));
  if (builder === undefined) return;
  const isKnown = !call.chain.some((c) => builder.expiry.test(c.callee.last) || builder.open.test(c.callee.last));
  const isClaim = call.chain.some(
    (c) => /^(?:claim|withClaim)$/.test(c.callee.last) && isExpiryKey(c.arguments[0]?.value),
  );
  if (!isKnown || isClaim) return;
  const method = /auth0/.test(path)
    ? "withExpiresAt"
    : call.chain.some((c) => /^set[A-Z]/.test(c.callee.last))
      ? "setExpiration"
      : "expiration";
  const text = `.${method}(new java.util.Date(System.currentTimeMillis() + 900_000))`;
  const fix: FoundFix = {
    title: "Let the token expire after 15 minutes",
    applicability: "unsafe",
    edits: [beforeLast(code, call, text)],
  };
  yield { at: first.callee, message: endless, fix };
}

/** `"exp"`, or a constant that stands for it or is not known. */
const isExpiryKey = (value: CodeValue | undefined): boolean =>
  value?.kind !== "text" || value.whole === undefined || value.whole === "exp";

/** `new JwtSecurityToken(…)`; a descriptor gets an hour from its handler where nobody says more. */
function* endlessDotnet(code: CodeFile, call: CodeCall): Generator<Found> {
  if (!call.isNew || call.callee.last !== "JwtSecurityToken" || call.isOpen) return;
  const named = call.arguments.filter((a) => a.name !== undefined);
  const isIssued = named.some((a) => a.name === "signingCredentials") || call.arguments.length === 6;
  if (!isIssued) return;
  const expires = named.find((a) => a.name === "expires") ?? call.arguments[4];
  const isThere = expires !== undefined && (expires.name === "expires" || expires.name === undefined);
  if (isThere && expires.value.kind !== "nothing") return;
  if (/\bExp\b|"exp"/.test(textAround(code, call))) return;
  const isShort = code.facts.imports.some((i) => i.module === "System");
  const text = `${isShort ? "" : "System."}DateTime.UtcNow.AddMinutes(15)`;
  const edit = isThere
    ? { span: expires.value, text }
    : named.length > 0
      ? withArgument(call, `expires: ${text}`)
      : undefined;
  const fix: FoundFix | undefined = edit && {
    title: "Let the token expire after 15 minutes",
    applicability: "unsafe",
    edits: [edit],
  };
  yield { at: call.callee, message: endless, fix };
}
