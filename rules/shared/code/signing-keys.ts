/**
 * Keys that sign tokens, sessions and messages where they are written into code. What takes a key, and where, is from the
 * manuals of the libraries (2026-11).
 */
import type {
  CodeCall,
  CodeFile,
  CodeLiteral,
  CodeLookup,
  CodeText,
  CodeValue,
  Edit,
  Span,
} from "../../../engine/index";
import { contains } from "../../../engine/index";
import { isPath, isPublic, isReference, nameWords } from "../secrets/index";
import {
  entryOf,
  type Found,
  type FoundFix,
  importsAny,
  innerOf,
  itemsOf,
  sourceOf,
  speaksOf,
  wholeOf,
} from "./frameworks";
import { importing } from "./insertions";
import { isOf, type Library } from "./origins";

interface Slot extends Library {
  /** What the key signs. */
  readonly signs: string;
  /** The usual name of the variable that holds such a key. */
  readonly variable: string;
  /** Place of the argument. */
  readonly place?: number;
  /** Names of the keyword argument or of the entry in an argument's options. */
  readonly names?: readonly string[];
}

const tokens = { signs: "tokens", variable: "JWT_SECRET" };
const sessions = { signs: "sessions", variable: "SESSION_SECRET" };
const cookies = { signs: "cookies", variable: "COOKIE_SECRET" };
const messages = { signs: "messages", variable: "HMAC_KEY" };

const javascript: readonly Slot[] = [
  { modules: /^jsonwebtoken$/, members: /^(?:sign|verify)$/, place: 1, names: ["key"], ...tokens },
  { modules: /^jwt-simple$/, members: /^(?:encode|decode)$/, place: 1, ...tokens },
  { modules: /^jose$/, members: /^(?:SignJWT\b.*\.sign|jwtVerify|compactVerify)$/, place: 0, ...tokens },
  { modules: /^jose$/, members: /^(?:jwtVerify|compactVerify|jwtDecrypt)$/, place: 1, ...tokens },
  { modules: /^jose$/, members: /^JW[TS]\.(?:sign|verify)$/, place: 1, ...tokens },
  { modules: /^hono\/jwt$/, members: /^(?:sign|verify)$/, place: 1, ...tokens },
  { modules: /^(?:hono\/jwt|express-jwt|koa-jwt|@fastify\/jwt|fastify-jwt)$/, names: ["secret"], ...tokens },
  { modules: /^@nestjs\/jwt$/, names: ["secret", "secretOrPrivateKey"], ...tokens },
  { modules: /^passport-jwt$/, members: /^Strategy$/, names: ["secretOrKey"], ...tokens },
  { modules: /^next-auth(?:\/.*)?$/, names: ["secret"], ...sessions },
  {
    modules: /^(?:express-session|cookie-session|@fastify\/(?:secure-)?session|fastify-session|iron-session)$/,
    names: ["secret", "keys", "password"],
    ...sessions,
  },
  { modules: /^cookie-parser$/, place: 0, ...cookies },
  { modules: /^(?:@fastify\/cookie|fastify-cookie)$/, names: ["secret"], ...cookies },
  { modules: /^crypto$/, members: /^createHmac$/, place: 1, ...messages },
];
const python: readonly Slot[] = [
  { modules: /^jwt(?:\.|$)/, members: /(?:^|\.)(?:encode|decode)$/, place: 1, names: ["key"], ...tokens },
  { modules: /^jose(?:\.|$)/, members: /(?:^|\.)(?:encode|decode|sign|verify)$/, place: 1, names: ["key"], ...tokens },
  { modules: /^authlib\.jose(?:\.|$)/, members: /(?:^|\.)encode$/, place: 2, names: ["key"], ...tokens },
  { modules: /^authlib\.jose(?:\.|$)/, members: /(?:^|\.)decode$/, place: 1, names: ["key"], ...tokens },
  { modules: /^hmac$/, members: /^(?:new|digest|HMAC)$/, place: 0, names: ["key"], ...messages },
  {
    modules: /^itsdangerous(?:\.|$)/,
    members: /(?:Serializer|Signer)$/,
    place: 0,
    names: ["secret_key"],
    signs: "signed values",
    variable: "SECRET_KEY",
  },
  {
    modules: /^(?:starlette|fastapi)\b/,
    members: /(?:SessionMiddleware|add_middleware|Middleware)$/,
    names: ["secret_key"],
    signs: "sessions",
    variable: "SESSION_SECRET",
  },
  {
    modules: /^flask$/,
    members: /config\.(?:update|from_mapping)$/,
    names: ["SECRET_KEY", "JWT_SECRET_KEY"],
    signs: "sessions",
    variable: "SECRET_KEY",
  },
];
const go: readonly Slot[] = [
  { modules: /(?:^|\/)jwt(?:-go)?$/, members: /SignedString$/, place: 0, ...tokens },
  { modules: /^crypto\/hmac$/, members: /^New$/, place: 1, ...messages },
  { modules: /^github\.com\/go-chi\/jwtauth$/, members: /^New$/, place: 1, ...tokens },
  { modules: /^github\.com\/gorilla\/sessions$/, members: /^New(?:Cookie|Filesystem)Store$/, place: 0, ...sessions },
  { modules: /^github\.com\/gorilla\/securecookie$/, members: /^New$/, place: 0, ...cookies },
  { modules: /^github\.com\/gorilla\/csrf$/, members: /^Protect$/, place: 0, ...cookies },
  {
    modules: /^github\.com\/gin-contrib\/sessions\/(?:cookie|memstore)$/,
    members: /^NewStore$/,
    place: 0,
    ...sessions,
  },
  { modules: /^github\.com\/labstack\/echo\/middleware$/, members: /^JWT$/, place: 0, ...tokens },
  { modules: /^github\.com\/labstack\/echo-jwt$/, members: /^JWT$/, place: 0, ...tokens },
];
const java: readonly Slot[] = [
  { modules: /^io\.jsonwebtoken$/, members: /(?:^|\.)signWith$/, place: 1, ...tokens },
  { modules: /^io\.jsonwebtoken$/, members: /(?:^|\.)(?:signWith|setSigningKey|verifyWith)$/, place: 0, ...tokens },
  { modules: /^io\.jsonwebtoken\.security$/, members: /^Keys\.hmacShaKeyFor$/, place: 0, ...tokens },
  { modules: /^com\.auth0\.jwt\.algorithms$/, members: /^Algorithm\.HMAC\d{3}$/, place: 0, ...tokens },
  { modules: /^com\.nimbusds\.jose\.crypto$/, members: /^MAC(?:Signer|Verifier)$/, place: 0, ...tokens },
  { modules: /^javax\.crypto\.spec$/, members: /^SecretKeySpec$/, place: 0, ...messages },
  {
    modules: /^org\.springframework\.security\.oauth2\b/,
    members: /JwtAccessTokenConverter\.setSigningKey$/,
    place: 0,
    ...tokens,
  },
];
const csharp: readonly Slot[] = [
  { modules: /^Microsoft\.IdentityModel\b/, members: /^SymmetricSecurityKey$/, place: 0, ...tokens },
  { modules: /^System\.Security\.Cryptography$/, members: /^HMAC\w+$/, place: 0, ...messages },
];
const slots: Readonly<Record<CodeFile["language"], readonly Slot[]>> = { javascript, python, go, java, csharp };

/** Classes and methods whose name alone says enough where a reader does not know the origin. */
const unmistakable: Readonly<Record<string, Slot>> = {
  SymmetricSecurityKey: { modules: /^$/, place: 0, ...tokens },
  SignedString: { modules: /^$/, place: 0, ...tokens },
};

/** Structs and options of Go whose entry is a key. */
const structs: readonly (Library & { readonly entry: string; readonly signs: string; readonly variable: string })[] = [
  { modules: /^github\.com\/appleboy\/gin-jwt$/, members: /^GinJWTMiddleware$/, entry: "Key", ...tokens },
  { modules: /^github\.com\/labstack\/echo(?:-jwt|\/middleware)$/, members: /Config$/, entry: "SigningKey", ...tokens },
  {
    modules: /^github\.com\/gofiber\/(?:contrib\/jwt|jwt)$/,
    members: /^(?:Config|SigningKey)$/,
    entry: "Key",
    ...tokens,
  },
];

interface Key {
  readonly text: CodeText;
  readonly fallbackOf: CodeLookup | undefined;
  readonly isSpare: boolean;
  /** One of several. */
  readonly isChosen?: true;
}

/** What turns a text into bytes or into a key of those bytes. */
const carrying =
  /^(?:encode|getBytes|GetBytes|from|from_bytes|bytes|bytearray|Buffer|fromhex|decode|b64decode|FromBase64String|createSecretKey|hmacShaKeyFor|SymmetricSecurityKey|SecretKeySpec|asKey|TextEncoder|require_bytes|to_bytes|force_bytes)$/;

/** The key that a value is made of, where it is written here; those of a list all. */
function keysOf(value: CodeValue | undefined, depth = 0): readonly Key[] {
  if (value === undefined || depth > 4) return [];
  switch (value.kind) {
    case "text":
      return [{ text: value, fallbackOf: undefined, isSpare: false }];
    case "list":
      return value.items.flatMap((item) => keysOf(item, depth + 1));
    case "lookup":
      return keysOf(value.fallback, depth + 1).map((key) => ({ ...key, fallbackOf: value, isSpare: true }));
    case "choice":
      return value.options.flatMap((option) =>
        keysOf(option, depth + 1).map((key) => ({ ...key, isSpare: true, isChosen: true })),
      );
    case "call": {
      if (!carrying.test(value.callee.last)) return [];
      const receiver =
        value.receiver?.kind === "call" && value.receiver.arguments.length === 0 ? undefined : value.receiver;
      const onReceiver = receiver?.kind === "text" || receiver?.kind === "lookup" ? keysOf(receiver, depth + 1) : [];
      return onReceiver.length > 0 ? onReceiver : keysOf(value.arguments[0]?.value, depth + 1);
    }
    default:
      return [];
  }
}

/**
 * What a variable holds that a reader does not fill in: bytes made of a text, or a literal that is set anew only to what
 * is made of itself, such as its Base64 form.
 */
function derived({ facts, text }: CodeFile, value: CodeValue | undefined): CodeValue | undefined {
  if (value?.kind !== "variable") return value;
  const { last } = value.name;
  const all = facts.assignments.filter((a) => a.target.last === last);
  const [only] = all;
  if (all.length === 1 && only?.value.kind === "call") return only.value;
  const first = all.find((a) => a.value.kind === "text" && a.value.isLiteral && a.how !== "parameter");
  const isOwn = all.every((a) => a === first || text.slice(a.value.start, a.value.end).includes(last));
  return first !== undefined && isOwn ? first.value : value;
}

/** Texts that a protocol fixes: they are no secret. */
const fixedByProtocol =
  /^(?:WebAppData|Client Key|Server Key|AWS4.*|aws4_request|Bitcoin seed|ed25519 seed|Symmetric key seed|TC3.*|tc3_request)$/;

function isKeyText(whole: string | undefined): whole is string {
  if (whole === undefined || whole.trim() === "" || fixedByProtocol.test(whole)) return false;
  if (whole.includes("-----BEGIN") || /^(?:LS0tLS1|https?:\/\/)/.test(whole)) return false;
  return !isReference(whole) && !isPublic(whole) && !isPath(whole);
}

/** Every hard-coded key of the file. */
export function* signingKeys(code: CodeFile): Generator<Found> {
  if (!speaksOf(code, /jwt|jose|secret|hmac|session|cookie|csrf|sign|SecurityKey|koa/i)) return;
  for (const call of code.facts.calls) {
    for (const { slot, value } of slotsOf(code, call)) {
      for (const key of keysOf(derived(code, value))) yield* foundKey(code, key, slot);
    }
    if (code.language === "go" && /(?:^|\.)Parse(?:WithClaims)?$/.test(call.callee.last))
      yield* ofKeyFunction(code, call);
  }
  if (code.language === "go") {
    for (const options of code.facts.options) {
      for (const struct of structs) {
        if (options.type === undefined || !isOf(options.type, struct)) continue;
        for (const key of keysOf(entryOf(options, struct.entry)?.value)) yield* foundKey(code, key, struct);
      }
    }
  }
  yield* ofAssignments(code);
  yield* ofNames(code);
}

function* slotsOf(code: CodeFile, call: CodeCall): Generator<{ slot: Slot; value: CodeValue | undefined }> {
  const { callee, arguments: given } = call;
  const own =
    callee.origin === undefined && Object.hasOwn(unmistakable, callee.last) ? unmistakable[callee.last] : undefined;
  if (own !== undefined) yield { slot: own, value: given[own.place ?? 0]?.value };
  // `app.register(plugin, options)`: the plugin says what the options are.
  const plugin = /^(?:register|add_middleware)$/.test(callee.last) ? sourceOf(given[0]?.value) : "";
  for (const slot of slots[code.language]) {
    const isPlugin = plugin !== "" && (slot.modules.test(plugin) || slot.modules.test(plugin.replace(/\.\w+$/, "")));
    if (!isPlugin && !isOf(callee, slot)) continue;
    if (slot.variable === "HMAC_KEY" && !isHmac(call)) continue;
    for (const { name, value } of given) {
      if (name !== undefined && slot.names?.includes(name)) yield { slot, value };
      if (value.kind === "options" && slot.names !== undefined)
        yield { slot, value: entryOf(value, ...slot.names)?.value };
    }
    if (slot.place !== undefined && !isPlugin && given[slot.place]?.name === undefined) {
      yield { slot, value: given[slot.place]?.value };
    }
  }
}

/** A key for another algorithm of the same class encrypts; that is not signing. */
function isHmac({ callee, arguments: given }: CodeCall): boolean {
  if (callee.last !== "SecretKeySpec") return true;
  const algorithm = given.at(-1)?.value;
  return algorithm?.kind === "text"
    ? /^Hmac/i.test(algorithm.whole ?? "")
    : /HS\d{3}|Hmac|HMAC/.test(sourceText(algorithm));
}

const sourceText = (value: CodeValue | undefined): string => (value?.kind === "variable" ? value.name.text : "");

/** `jwt.Parse(token, func(…) { return []byte("…"), nil })`. */
function* ofKeyFunction(code: CodeFile, { callee, arguments: given }: CodeCall): Generator<Found> {
  if (callee.origin !== undefined && !/(?:^|\/)jwt(?:-go)?$/.test(callee.origin.module)) return;
  for (const { value } of given) {
    if (value.kind !== "lambda") continue;
    for (const returned of value.function.returns) {
      for (const key of keysOf(returned)) yield* foundKey(code, key, tokens);
    }
  }
}

const webPackages = /^(?:django|flask|fastapi|starlette|jwt|jose|itsdangerous|authlib|passlib|quart|sanic)\b/;

/** `app.secret_key = …`, `SECRET_KEY = …` of Django and Flask, `app.keys = […]` of Koa. */
function* ofAssignments(code: CodeFile): Generator<Found> {
  for (const { target, value } of code.facts.assignments) {
    if (code.language === "javascript" && target.last === "keys" && target.origin?.module === "koa") {
      for (const key of keysOf(value)) yield* foundKey(code, key, cookies);
    }
    if (code.language !== "python") continue;
    const isSetting = /^(?:SECRET_KEY|JWT_SECRET_KEY|SESSION_SECRET_KEY)$/.test(target.last) && isWeb(code);
    const isFlask = target.last === "secret_key" && /^(?:flask|quart)$/.test(target.origin?.module ?? "");
    const isApplication = target.text === "app.secret_key" && importsAny(code, /^(?:flask|quart)\b/);
    const variable = target.last === "JWT_SECRET_KEY" ? "JWT_SECRET_KEY" : "SECRET_KEY";
    if (!isSetting && !isFlask && !isApplication) continue;
    for (const key of keysOf(value)) yield* foundKey(code, key, { signs: "sessions and tokens", variable });
  }
}

const isWeb = (code: CodeFile): boolean =>
  importsAny(code, webPackages) ||
  /(?:^|\/)(?:settings|config)(?:\/|\w*\.py$)/.test(code.file) ||
  code.facts.assignments.some((a) => /^(?:INSTALLED_APPS|ROOT_URLCONF)$/.test(a.target.last));

const signing = new Set(["jwt", "jws", "session", "cookie", "signing"]);

/** Whether a variable or a setting of that name holds a key that signs: `JWT_SECRET`, `jwt.secret-key`, `sessionSecret`. */
function namesSigningKey(name: string): boolean {
  if (!/secret|key/i.test(name)) return false;
  const words = nameWords(name);
  const last = words.at(-1);
  const isKey = last === "key" && /^(?:secret|signing|sign|private)$/.test(words.at(-2) ?? "");
  if (last !== "secret" && !isKey) return false;
  return words.some((word) => signing.has(word)) && !words.includes("public");
}

/** Whether a look at the environment asks for such a key; there a bare `JWT_KEY` is one as well. */
function asksForSigningKey(key: string): boolean {
  const words = nameWords(key);
  if (namesSigningKey(key) || key === "SECRET_KEY") return true;
  return words.at(-1) === "key" && /^(?:jwt|signing|hmac)$/.test(words.at(-2) ?? "");
}

/** Keys by the name that they stand under, or that the environment is asked for. */
function* ofNames(code: CodeFile): Generator<Found> {
  if (code.isFrontEnd) return;
  for (const literal of code.facts.literals) {
    const { text, use } = literal;
    const slot = { signs: "tokens", variable: "JWT_SECRET" };
    if (use.kind === "fallback" && use.lookup.key !== undefined && asksForSigningKey(use.lookup.key)) {
      yield* foundKey(code, { text, fallbackOf: use.lookup, isSpare: true }, slot);
    }
    if (use.kind !== "value" || !namesSigningKey(use.name) || isNameOf(literal, use.name)) continue;
    // `const { JWT_SECRET = "…" } = process.env`
    const isSpare = /^[^{};]*\}\s*=\s*process\.env\b/.test(code.text.slice(text.end, text.end + 400));
    yield* foundKey(code, { text, fallbackOf: undefined, isSpare }, slot);
  }
}

/** A constant that holds the name of a setting, not its value: `JWT_SECRET = "JWT_SECRET"`, `"jwt.secret"`. */
function isNameOf({ text }: CodeLiteral, name: string): boolean {
  const { whole } = text;
  if (whole === undefined || whole.length < 4) return true;
  return (
    namesSigningKey(whole) ||
    whole.toLowerCase() === name.toLowerCase() ||
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(whole)
  );
}

function* foundKey(code: CodeFile, key: Key, slot: { signs: string; variable: string }): Generator<Found> {
  const whole = wholeOf(key.text);
  if (!isKeyText(whole)) return;
  if (key.isChosen === true && !isBehindOr(code, key.text)) return;
  const written = whereWritten(code, key, whole);
  if (/public/i.test(written.name ?? "")) return;
  const { text, name } = written;
  const known = variableFor(name) ?? slot.variable;
  if (written.lookup !== undefined || key.isSpare) {
    const asked = written.lookup?.key;
    const when = asked === undefined ? "where nothing else is set" : `where ${asked} is not set`;
    const message = `${sentence(slot.signs)} are signed with a fallback key that everybody with the code knows ${when}`;
    yield { at: text, message, severity: "warning", fix: withoutFallback(code, text, written.lookup) };
    return;
  }
  const message = `The key that signs ${slot.signs} stands in the code: whoever reads it can forge them`;
  yield { at: text, message, fix: fromEnvironment(code, text, known, written.isConstant) };
}

/** The name of a variable like the name that the key has already. */
function variableFor(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (/^[A-Z][A-Z0-9_]*(?:SECRET|KEY)[A-Z0-9_]*$/.test(name)) return name;
  return namesSigningKey(name) ? nameWords(name).join("_").toUpperCase() : undefined;
}

/** `a || "key"`; what stands in a condition is for other cases. */
const isBehindOr = ({ text }: CodeFile, { start }: CodeText): boolean =>
  /(?:\|\||\?\?|\bor)\s*[([]?$/.test(text.slice(Math.max(0, start - 12), start));

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface Written {
  readonly text: CodeText;
  readonly name: string | undefined;
  readonly lookup: CodeLookup | undefined;
  /** Only a constant may stand there. */
  readonly isConstant: boolean;
}

/** A constant is changed where it is written, so that is where it is reported. */
function whereWritten(code: CodeFile, { text, fallbackOf }: Key, whole: string): Written {
  const { facts } = code;
  const places = facts.literals.filter((literal) => literal.text.whole === whole);
  const here = places.find((literal) => contains(literal.text, text) || literal.text.start === text.start);
  const at =
    here ?? (text.isLiteral ? undefined : places.find(({ use }) => use.kind === "value" || use.kind === "fallback"));
  if (at === undefined) return { text, name: undefined, lookup: fallbackOf, isConstant: !text.isLiteral };
  const { use } = at;
  const lookup = use.kind === "fallback" ? use.lookup : fallbackOf;
  const isConstant = use.kind === "decorator" || isDeclaredConstant(code, at);
  return { text: at.text, name: use.kind === "value" ? use.name : undefined, lookup, isConstant };
}

/** Go and C# know constants that only a literal can be the value of. */
function isDeclaredConstant({ facts, language, text }: CodeFile, at: Span): boolean {
  if (language !== "go" && language !== "csharp") return false;
  const line = text.slice(text.lastIndexOf("\n", at.start) + 1, at.start);
  return /\bconst\b/.test(line) || facts.assignments.some((a) => a.how === "constant" && contains(a, at));
}

/** A look at the environment in the place of the literal. */
export function fromEnvironment(
  code: CodeFile,
  text: CodeText,
  variable: string,
  isConstant: boolean,
): FoundFix | undefined {
  const quotes = /^[rRuU]{0,2}[bB]?[rR]?(["'`])/.exec(code.text.slice(text.start, text.end));
  if (!text.isLiteral || isConstant || quotes === null || itemsOf(text).length === 0) return undefined;
  const isBytes = /^[rR]?[bB]/.test(code.text.slice(text.start, text.end));
  const edits: (Edit | undefined)[] = [{ span: text, text: lookupOf(code, variable, isBytes) }];
  if (code.language === "python") edits.push(...importing(code, "os"));
  if (code.language === "go") edits.push(...importing(code, "os"));
  return { title: `Read the key from ${variable} and give it a new value`, applicability: "unsafe", edits };
}

/** How a file of C# writes the namespace: projects may have it in force without saying so. */
const systemIn = ({ facts }: CodeFile): string => (facts.imports.some((i) => i.module === "System") ? "" : "System.");

function lookupOf(code: CodeFile, variable: string, isBytes: boolean): string {
  const { language, file } = code;
  switch (language) {
    case "javascript":
      return /\.[cm]?tsx?$/.test(file) ? `process.env.${variable}!` : `process.env.${variable}`;
    case "python":
      return `os.environ["${variable}"]${isBytes ? ".encode()" : ""}`;
    case "go":
      return `os.Getenv("${variable}")`;
    case "java":
      return `System.getenv("${variable}")`;
    case "csharp":
      return `${systemIn(code)}Environment.GetEnvironmentVariable("${variable}")`;
  }
}

/** The look at the environment without what stands in for it. */
function withoutFallback(code: CodeFile, text: CodeText, lookup: CodeLookup | undefined): FoundFix | undefined {
  const edit = lookup?.key === undefined ? undefined : strict(code, text, lookup, lookup.key);
  if (edit === undefined || lookup?.key === undefined) return undefined;
  return { title: `Take the key from ${lookup.key} alone`, applicability: "unsafe", edits: [edit] };
}

function strict(code: CodeFile, text: CodeText, lookup: CodeLookup, key: string): Edit | undefined {
  const inner = innerOf(text);
  if (code.language === "java" && inner !== undefined && code.text[inner.start - 1] === ":") {
    return { span: { start: inner.start - 1, end: inner.end }, text: "" };
  }
  if (!contains(lookup, text)) return undefined;
  const before = code.text.slice(lookup.start, text.start);
  const operator = /(?<!\s)\s*(?:\|\||\?\?)\s*$/.exec(before);
  if (operator !== null && text.end === lookup.end) {
    const span = { start: text.start - operator[0].length, end: text.end };
    if (code.language === "csharp") {
      return { span, text: ` ?? throw new ${systemIn(code)}InvalidOperationException("${key} is not set")` };
    }
    return { span, text: /\.[cm]?tsx?$/.test(code.file) ? "!" : "" };
  }
  if (code.language === "python" && /^os\.(?:getenv|environ\.get)\(/.test(before)) {
    return { span: { start: lookup.start, end: lookup.end }, text: `os.environ["${key}"]` };
  }
  return undefined;
}
