/** Numbers that are guessed from a few others of their kind, where somebody takes them for a secret. */
import type { CodeCall, CodeFile, CodeFunction, CodeName, CodeValue, Edit, Span } from "../../../engine/index";
import { nameWords } from "../secrets/index";
import { importing } from "./insertions";
import { isOf, type Library } from "./origins";

/** Generators whose next numbers follow from earlier ones; from the languages' documentation, 2026-11. */
const generators: readonly Library[] = [
  { modules: /^$/, members: /^Math\.random$/ },
  {
    modules: /^random$/,
    members:
      /^(?:Random\.)?(?:random|randint|randrange|choice|choices|sample|uniform|getrandbits|randbytes|shuffle|triangular)$/,
  },
  { modules: /^math\/rand$/, members: /^(?:Rand\.|New\(\)\.)?(?:Int|Uint|Float|Perm|Read|Shuffle|N$)\w*$/ },
  { modules: /^java\.util$/, members: /^Random\.(?:next\w+|ints|longs|doubles)$/ },
  {
    modules: /^java\.util\.concurrent$/,
    members: /^ThreadLocalRandom(?:\.current\(\))?\.(?:next\w+|ints|longs|doubles)$/,
  },
  { modules: /^java\.lang$|^$/, members: /^Math\.random$/ },
  { modules: /^org\.apache\.commons\.lang3?$/, members: /^RandomStringUtils\.(?:random|next)\w*$/ },
  { modules: /^System$/, members: /^Random(?:\.Shared)?\.(?:Next\w*|GetItems|Shuffle)$/ },
];

const isWeak = (call: CodeCall, code: CodeFile): boolean =>
  generators.some((g) => isOf(call.callee, g)) && !isSecure(call.receiver, code);

/** `Random r = new SecureRandom()`. */
const isSecure = (receiver: CodeValue | undefined, { facts }: CodeFile): boolean => {
  if (receiver?.kind === "call") return /secure/i.test(receiver.callee.text);
  if (receiver?.kind !== "variable") return false;
  return facts.assignments.some(
    ({ target, value }) =>
      target.last === receiver.name.last && value.kind === "call" && /secure|Crypto/i.test(value.callee.text),
  );
};

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

const secretWords = set(
  "token secret password passwd passcode passphrase pwd otp totp hotp nonce salt csrf xsrf apikey sid jti credential",
);
/** Words that make a code, a key or a link a secret. */
const secretPairs = set(
  "verification verify reset invite invitation confirm confirmation activation auth authorization authentication access otp " +
    "security recovery backup login sms mfa totp twofactor pairing redeem magic session api secret private signing encryption",
);
const pairEnds = set("code codes key keys link hash id");
/** Anywhere in the name: it is a measure, a moment, or somebody else's. */
const otherWords = set(
  "delay jitter backoff timeout interval retry retries attempt attempts ttl expiry expires expiration expired age count " +
    "counter index idx length len size num number max min limit probability rate ratio chance color colour weight price usage " +
    "used cost type status position sleep wait ms seconds time at cancel cancellation next page pad mask lexer parser test " +
    "fake dummy mock sample example demo public color bucket slot offset has is show",
);

/** Whether what is stored under the name must not be guessed. */
export function isUnguessable(name: string): boolean {
  const words = nameWords(name);
  if (words.some((w) => otherWords.has(w))) return false;
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  if (secretWords.has(last)) return true;
  if (last === "pin") return words.length > 1;
  if (last === "id") return before === "session";
  return pairEnds.has(last) && secretPairs.has(before);
}

const makes = /^_*(?:gen|create|make|new|rand|build|issue|get|next|produce|mint)/i;

/** Whether a function makes something that must not be guessed: `generateToken`. */
function isMaker({ name }: CodeFunction): boolean {
  if (name === undefined || !makes.test(name)) return false;
  const plain = name.replace(/(?:String|Value|Hex|Base64|Async|Suffix|For\w+|Of\w+|With\w+)$/, "");
  return isUnguessable(plain.replace(/^_+/, ""));
}

/** `func token() string { return … }`. */
const isNamedAfter = ({ name, returns }: CodeFunction, call: CodeCall): boolean =>
  name !== undefined && isUnguessable(name) && returns.some((v) => v.start <= call.start && call.end <= v.end);

/** Names on the way to the result. */
const onTheWay =
  /^(?:[a-z]|idx|index|pos|position|rand\w*|rnd|rng|ch|chars?|character|letter|res|result|ret|out|output|str|text|value|val|num|number|code|digits?|id|bytes?|buf|buffer|sb|builder|parts?|pool)$/i;

/** A random value that is taken for a secret. */
export interface Guessable {
  /** The generator's calls that make it, in the order of the text. */
  readonly calls: readonly CodeCall[];
  /** What it becomes: `resetToken`. */
  readonly name: string;
  /** The whole value, where it is one. */
  readonly value: CodeValue | undefined;
}

interface Carrier extends Span {
  readonly name: string;
  readonly value: CodeValue | undefined;
}

/** Every one of the file, in the order of the text. */
export function guessableSecrets(code: CodeFile): readonly Guessable[] {
  const weak = code.facts.calls.filter((call) => isWeak(call, code) && !isCompared(call, code));
  if (weak.length === 0) return [];
  const carriers = carriersOf(code);
  const found = new Map<string, { calls: CodeCall[]; carrier: Carrier }>();
  for (const call of weak) {
    const carrier = grownBy(call, code) ?? carrierOf(call, carriers);
    if (carrier === undefined || isPick(call, carrier, code)) continue;
    const key = `${carrier.start} ${carrier.end}`;
    const group = found.get(key);
    if (group === undefined) found.set(key, { calls: [call], carrier });
    else group.calls.push(call);
  }
  return [...found.values()].map(({ calls, carrier: { name, value } }) => ({ calls, name, value }));
}

/** `random.random() < 0.1`: it decides, and is not kept. */
const isCompared = ({ start, end }: CodeCall, { text }: CodeFile): boolean =>
  /^[\s)]*(?:[<>]|[=!]=)/.test(text.slice(end, end + 12)) ||
  /(?:^|[^=-])[<>]=?\s*$/.test(text.slice(Math.max(0, start - 6), start));

function carriersOf({ facts }: CodeFile): readonly Carrier[] {
  const all: Carrier[] = [];
  for (const { start, end, target, value, how } of facts.assignments)
    if (how !== "parameter") all.push({ start, end, name: target.last, value });
  for (const { entries } of facts.options)
    for (const { start, end, name, value } of entries) all.push({ start, end, name, value });
  for (const call of facts.calls) {
    const setter = /^(?:set|with|Set|With)([A-Z]\w*)$/.exec(call.callee.last)?.[1];
    const [first, ...others] = call.arguments;
    if (setter !== undefined && first !== undefined && others.length === 0)
      all.push({ start: first.span.start, end: first.span.end, name: setter, value: first.value });
    for (const { name, span, value } of call.arguments)
      if (name !== undefined) all.push({ start: span.start, end: span.end, name, value });
  }
  return all;
}

const growing =
  /([A-Za-z_]\w{0,60})(?:\s{0,3}\+=|\.(?:append|Append|push|add|Add|write\w{0,12}|Write\w{0,12})\()[^;\n{}]{0,100}$/;

/** `otp += …`, `token.append(…)`. */
function grownBy({ start, end }: CodeCall, { text }: CodeFile): Carrier | undefined {
  const name = growing.exec(text.slice(Math.max(0, start - 160), start))?.[1];
  return name !== undefined && isUnguessable(name) ? { start, end, name, value: undefined } : undefined;
}

/** The nearest name that the value gets; further out only past names that say nothing. */
function carrierOf(call: CodeCall, carriers: readonly Carrier[]): Carrier | undefined {
  const around = carriers
    .filter((c) => c.start <= call.start && call.end <= c.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  for (const carrier of around) {
    if (carrier.value?.kind === "lambda") break;
    if (isUnguessable(carrier.name)) return isNear(call, carrier) ? carrier : undefined;
    if (/^code$/i.test(carrier.name) && aboutCodes.test(functionName(call))) return carrier;
    if (!onTheWay.test(carrier.name)) return undefined;
  }
  for (let inside = call.scope.function; inside !== undefined; inside = inside.scope.function) {
    if (isMaker(inside) || isNamedAfter(inside, call)) {
      const { start, end, name = "", returns } = inside;
      const [only, ...others] = returns.filter((v) => v.start <= call.start && call.end <= v.end);
      return { start, end, name, value: others.length === 0 ? only : undefined };
    }
    if (inside.name !== undefined) return undefined;
  }
  return undefined;
}

/** Functions whose codes are secret: `sendOtp`. */
const aboutCodes = /otp|verif|reset|invit|activat|mfa|2fa|two_?factor|sign_?(?:in|up)|log_?in/i;

function functionName(call: CodeCall): string {
  for (let inside = call.scope.function; inside !== undefined; inside = inside.scope.function)
    if (inside.name !== undefined) return inside.name;
  return "";
}

/** Not in a long expression that the value happens to hold. */
const furthest = 400;
const isNear = (call: CodeCall, carrier: Carrier): boolean => call.start - carrier.start < furthest;

const alphabet = /char|letter|alpha|digit|symbol|ascii|punct|hex|pool|base\d|string\./i;

/** One is picked out of several that are there already: a user for a test, a colour. */
function isPick(call: CodeCall, carrier: Carrier, code: CodeFile): boolean {
  if (/^(?:choice|choices|sample|GetItems)$/.test(call.callee.last)) {
    const from = call.arguments[0]?.value;
    if (from === undefined || from.kind === "text") return false;
    if (from.kind === "list") return !from.items.every((i) => i.kind === "text" && (i.whole?.length ?? 9) < 2);
    const written = code.text.slice(from.start, from.end);
    // A passphrase is made of words.
    if (/word/i.test(written) && /pass/i.test(carrier.name)) return false;
    return !alphabet.test(written) && !/^range\b/.test(written);
  }
  if (carrier.value === undefined) return false;
  const { start, end } = carrier.value;
  const written = code.text.slice(start, Math.min(end, start + furthest));
  const list = pick.exec(written)?.[1];
  return list !== undefined && !alphabet.test(list);
}

/** `tokens[Math.floor(Math.random() * tokens.length)]`, `list.get(random.nextInt(list.size()))`. */
const pick = /^([\w.]{1,80})(?:\[|\.get\(|\.ElementAt\()[^;\n]{0,80}(?:\.length|len\(|\.size\(|\.Count|\.Length)/;

// Fixes

export interface StrongerRandom {
  readonly edits: readonly Edit[];
  readonly title: string;
  /** The same kind of value as before. */
  readonly isSame: boolean;
}

/** The same value from a generator that nobody can foretell; undefined where that takes more than another name. */
export function stronger(found: Guessable, code: CodeFile): StrongerRandom | undefined {
  switch (code.language) {
    case "python":
      return inPython(found, code);
    case "javascript":
      return inJavascript(found, code);
    case "java":
      return inJava(found, code);
    case "csharp":
      return inCsharp(found, code);
    default:
      return undefined;
  }
}

const ownSpan = ({ start, end }: Span): Span => ({ start, end });

function inPython({ calls }: Guessable, code: CodeFile): StrongerRandom | undefined {
  if (calls.some((c) => c.callee.origin?.member !== c.callee.last)) return undefined;
  const own = code.facts.imports.find((i) => i.module === "secrets" && i.member === "")?.local;
  const shadowed = own === undefined && code.facts.assignments.some((a) => a.target.text === "secrets");
  if (shadowed) return undefined;
  const secrets = own ?? "secrets";
  const edits = calls.map(({ callee }) => ({
    span: ownSpan(callee),
    text: callee.last === "choice" ? `${secrets}.choice` : `${secrets}.SystemRandom().${callee.last}`,
  }));
  return { edits: [...importing(code, "secrets"), ...edits], title: "Draw from the secrets module", isSame: true };
}

const floored = /^Math\.floor\(\s*Math\.random\(\)\s*\*\s*(.{1,60})\)$/s;

function inJavascript({ calls, value }: Guessable, code: CodeFile): StrongerRandom | undefined {
  const written = value === undefined ? "" : code.text.slice(value.start, value.end);
  if (
    value !== undefined &&
    /^(?:Math\.random\(\)\.toString\(\d*\)(?:\.(?:substr|substring|slice)\([\d, -]*\))?[\s+]*)+$/.test(written)
  ) {
    const uuid = fromCrypto("randomUUID", code);
    if (uuid === undefined) return undefined;
    const edits = [...uuid.imports, { span: ownSpan(value), text: `${uuid.name}()` }];
    return { edits, title: "Use a random UUID", isSame: false };
  }
  const integer = code.isFrontEnd ? undefined : fromCrypto("randomInt", code);
  if (integer === undefined) return undefined;
  const edits: Edit[] = [];
  let isSame = true;
  for (const call of calls) {
    const outer = code.facts.calls.find(
      (c) => c.callee.text === "Math.floor" && c.start < call.start && call.end < c.end && c.end - c.start < 90,
    );
    const limit = outer && floored.exec(code.text.slice(outer.start, outer.end))?.[1];
    if (outer === undefined || limit === undefined || !isOneFactor(limit)) return undefined;
    // Of other limits nobody knows whether they are whole and above zero.
    isSame &&= /^\s*(?:[1-9]\d{0,13}|[\w.]+\.length)\s*$/.test(limit);
    edits.push({ span: ownSpan(outer), text: `${integer.name}(${limit.trim()})` });
  }
  return { edits: [...integer.imports, ...edits], title: "Draw from node:crypto", isSame };
}

/** `chars.length`, `900000`, `(max - min)`: nothing that binds less than the product does. */
const isOneFactor = (text: string): boolean => /^\s*(?:[\w.]+|\([\w.\s+-]+\))\s*$/.test(text);

interface FromCrypto {
  readonly name: string;
  readonly imports: readonly Edit[];
}

function fromCrypto(member: string, code: CodeFile): FromCrypto | undefined {
  const { imports, assignments } = code.facts;
  const module = imports.find((i) => i.module === "crypto" && (i.member === "" || i.member === "*") && i.local !== "");
  if (module !== undefined) return { name: `${module.local}.${member}`, imports: [] };
  const own = imports.find((i) => i.module === "crypto" && i.member === member);
  if (own !== undefined) return { name: own.local, imports: [] };
  if (assignments.some((a) => a.target.text === member)) return undefined;
  return { name: member, imports: importing(code, "node:crypto", member) };
}

/** `SecureRandom` is a `Random`: it stands wherever that one did. */
function inJava({ calls }: Guessable, code: CodeFile): StrongerRandom | undefined {
  const made = new Set<CodeCall>();
  for (const { receiver } of calls) {
    const maker = receiver?.kind === "call" ? receiver : makerOf(receiver, code);
    if (maker?.isNew !== true || maker.callee.last !== "Random" || maker.arguments.length > 0) return undefined;
    made.add(maker);
  }
  const edits = [...made].map(({ callee }) => ({ span: ownSpan(callee), text: "SecureRandom" }));
  if (edits.length === 0) return undefined;
  return {
    edits: [...importing(code, "java.security", "SecureRandom"), ...edits],
    title: "Use SecureRandom",
    isSame: true,
  };
}

function makerOf(receiver: CodeValue | undefined, { facts }: CodeFile): CodeCall | undefined {
  if (receiver?.kind !== "variable") return undefined;
  const set = facts.assignments.filter((a) => a.target.last === receiver.name.last);
  const [only, ...others] = set;
  return only?.value.kind === "call" && others.length === 0 ? only.value : undefined;
}

function inCsharp({ calls }: Guessable, code: CodeFile): StrongerRandom | undefined {
  const isPlain = (c: CodeCall): boolean => c.callee.last === "Next" && c.arguments.length > 0;
  if (!calls.every(isPlain)) return undefined;
  const edits = calls.map((call) => ({
    span: { start: call.start, end: call.argumentsSpan.start },
    text: "RandomNumberGenerator.GetInt32(",
  }));
  const imports = importing(code, "System.Security.Cryptography");
  const isKnown = ({ value }: CodeCall["arguments"][number]): boolean =>
    value.kind === "amount" || (value.kind === "variable" && /^(?:Length|Count)$/.test(value.name.last));
  // Other limits may leave no number between them.
  const isSame = calls.every((c) => c.arguments.every(isKnown));
  return { edits: [...imports, ...edits], title: "Draw from RandomNumberGenerator", isSame };
}

/** What a person calls the generator: `Math.random`. */
export const generatorOf = ({ origin, text }: CodeName): string => {
  const member = origin?.member ?? text;
  return origin?.module === "random" ? `random.${member}` : origin?.module === "math/rand" ? "math/rand" : member;
};
