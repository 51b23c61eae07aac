import { entropy, fromBase64 } from "./bytes";
import { type NamedFormat, namedFormats, type TokenFormat, tokenFormats } from "./formats";
import { mask } from "./mask";
import { credentialName } from "./names";
import { type Classification, rank, type Span } from "./types";
import { isMechanism, isPlaceholder, isReference, isSequence } from "./values";

/** What is read from a mark on, unless its format asks for more: every find costs a bounded time. */
const usualReach = 320;
/** The longest private key that is taken whole; a 16,384-bit RSA key has 12,700 characters. */
const longestKey = 16_384;

type Detector = (text: string, at: number) => Classification | undefined;

/**
 * Credentials that tell by their form what they are: tokens of known providers, private keys, JSON web tokens and
 * authorization headers, in the order of the text and without overlaps (the more specific wins). One pass looks for the
 * marks of all formats, then a bounded window at each mark is read: the time is linear in the text.
 */
export function findTokens(text: string): readonly Classification[] {
  let found: Classification[] | undefined;
  let end = 0;
  for (let at = 0; at < text.length - 1; at++) {
    const mark = markAt(text, at);
    if (mark === undefined) continue;
    if (at >= end) {
      for (const detector of mark.detectors) {
        const token = detector(text, at);
        if (token === undefined) continue;
        found ??= [];
        found.push(token);
        if (token.kind !== "authorization-header") end = Math.max(end, token.span.end);
      }
    }
    at += mark.text.length - 1;
  }
  return found === undefined ? none : withoutOverlaps(found);
}

const none: readonly Classification[] = [];

/** A value that is a provider's token by the name it stands under. */
export function namedToken(name: string, value: string): Classification | undefined {
  if (!namesCredential(name)) return undefined;
  const plain = name.toLowerCase().replaceAll(/[-_.]/g, "");
  const format = namedFormats.find(
    (candidate) => candidate.names.some((part) => plain.includes(part.replaceAll("_", ""))) && fits(candidate, value),
  );
  if (format === undefined) return undefined;
  return provided(format, value, 0);
}

/** Keeps, of finds that overlap, the one whose kind comes first in `precedence`; of one kind, the earlier and longer. */
export function withoutOverlaps(found: readonly Classification[]): readonly Classification[] {
  if (found.length < 2) return found;
  const kept: Classification[] = [];
  const ordered = [...found].sort(
    (a, b) => a.span.start - b.span.start || rank(a.kind) - rank(b.kind) || b.span.end - a.span.end,
  );
  for (const next of ordered) {
    const last = kept.at(-1);
    if (last === undefined || last.span.end <= next.span.start) kept.push(next);
    else if (rank(next.kind) < rank(last.kind)) kept[kept.length - 1] = next;
  }
  return kept;
}

function provided(format: TokenFormat | NamedFormat, token: string, start: number): Classification {
  const mark = "marks" in format ? (format.marks.find((text) => token.startsWith(text)) ?? "") : "";
  return {
    kind: "provider-token",
    provider: format.provider,
    title: format.title,
    grade: ("grade" in format ? format.grade?.(token) : undefined) ?? "live",
    masked: mask(token, mark),
    ...("names" in format ? { byName: true as const } : {}),
    span: { start, end: start + token.length },
  };
}

/** A provider's name alone (`HEROKU_APP`) promises no credential. */
const namesCredential = (name: string): boolean => credentialName(name) !== undefined || /(?:key|token)$/i.test(name);

const fits = (format: NamedFormat, value: string): boolean =>
  format.value.test(value) && entropy(value) >= (format.entropy ?? 3) && !isSample(value);

/** The examples of manuals and the fillers of tests. */
export function isSample(token: string): boolean {
  if (/example|x{5}|\*{4}|\.\.\.|(.)\1{6}/i.test(token)) return true;
  if (/0123456789|1234567890|abcdefghij|qwertyuiop/i.test(token)) return true;
  const body = token.replace(/^.{0,12}[_-]/, "");
  return body.length >= 12 && isSequence(body);
}

const detect =
  (format: TokenFormat): Detector =>
  (text, at) => {
    const { lead, pattern, reach = usualReach } = format;
    if (lead === undefined && !isWordStart(text, at)) return undefined;
    const from = Math.max(0, at - (lead ?? 0));
    const match = pattern.exec(text.slice(from, at + reach));
    if (match === null) return undefined;
    const token = lead === undefined ? match[0] : (match[1] ?? "");
    if (isSample(token)) return undefined;
    if (format.check === undefined ? entropy(token) < (format.entropy ?? 3) : !format.check(token)) return undefined;
    return provided(format, token, from + match.index + match[0].indexOf(token));
  };

/** Not inside a longer word; escapes (`\n`) and percent-encoding (`%3D`) before the token are no part of it. */
function isWordStart(text: string, at: number): boolean {
  if (at === 0 || !/\w/.test(text.charAt(at - 1))) return true;
  if (/[nrt]/.test(text.charAt(at - 1)) && text[at - 2] === "\\") return true;
  return /^%[0-9A-F]{2}$/i.test(text.slice(Math.max(0, at - 3), at));
}

/** `NAME = value` in plain text, for the formats that need the name. */
const detectNamed =
  (format: NamedFormat): Detector =>
  (text, at) => {
    const match =
      /^([\w.-]{2,60}?)["'\]]{0,2}[ \t]{0,4}(?::=|=>|=|:|,|[ \t])[ \t]{0,4}["'`]?([^\s"'`,;]{16,2100})/.exec(
        text.slice(at, at + 2200),
      );
    const value = match?.[2];
    if (match === null || value === undefined || !namesCredential(match[1] ?? "") || !fits(format, value))
      return undefined;
    return provided(format, value, at + match[0].length - value.length);
  };

const armour = /^-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/;

const privateKey: Detector = (text, at) => {
  const header = armour.exec(text.slice(at, at + 100))?.[0];
  if (header === undefined) return undefined;
  const [body = ""] = text.slice(at + header.length, at + header.length + 400).split("-----", 1);
  if (body.length < 64 || !holdsKey(body)) return undefined;
  const block = text.slice(at, at + longestKey);
  const closing = block.indexOf("-----END ", header.length);
  const end = closing < 0 ? -1 : block.indexOf("-----", closing + 9);
  const encrypted = header.includes("ENCRYPTED") || /Proc-Type:[ ]?4,[ ]?ENCRYPTED/.test(body);
  return keyFind({ start: at, end: end < 0 ? at + header.length : at + end + 5 }, encrypted);
};

/** 64 characters of base64 at least, past header lines and escaped line ends; no fillers. */
function holdsKey(body: string): boolean {
  if (/\.\.\.|…|x{8}|\*{4}|<[a-z]|your[-_ ]|\$\{|\{\{/i.test(body)) return false;
  const lines = body.replaceAll(/\\{1,2}[nr]/g, "\n").split(/[\s"'\\,;]+/);
  const plain = lines.filter((line) => line.length >= 16 && /^[A-Za-z0-9+/=]+$/.test(line)).join("");
  return plain.length >= 64 && !/(.)\1{15}/.test(plain.slice(0, 64)) && entropy(plain) >= 3.5;
}

const puttyKey: Detector = (text, at) => {
  const header = /^PuTTY-User-Key-File-\d: [\w-]{3,40}\r?\nEncryption: ([\w-]{3,30})/.exec(text.slice(at, at + 160));
  return header === null ? undefined : keyFind({ start: at, end: at + header[0].length }, header[1] !== "none");
};

/** `-----BEGIN` in base64, as Kubernetes, compose and CI variables carry keys. */
const encodedKey: Detector = (text, at) => {
  if (!isWordStart(text, at)) return undefined;
  const blob = /^[A-Za-z0-9+/]{100,}={0,2}/.exec(text.slice(at, at + longestKey * 2))?.[0];
  if (blob === undefined) return undefined;
  const decoded = fromBase64(blob.slice(0, 400)) ?? "";
  const header = armour.exec(decoded)?.[0];
  if (header === undefined || !holdsKey(decoded.slice(header.length))) return undefined;
  return keyFind({ start: at, end: at + blob.length }, header.includes("ENCRYPTED"));
};

const keyFind = (span: Span, encrypted: boolean): Classification => ({
  kind: "private-key",
  title: encrypted ? "encrypted private key" : "private key",
  grade: encrypted ? "encrypted" : "live",
  masked: mask(""),
  span,
});

interface Claims {
  readonly exp?: unknown;
  readonly role?: unknown;
  readonly iss?: unknown;
  readonly sub?: unknown;
  readonly name?: unknown;
}

const jwtPattern = /^eyJ[\w-]{8,1000}\.eyJ[\w-]{4,3000}\.[\w-]{20,1400}(?![\w.-])/;

/** Three parts, of which the first two are JSON objects, the first with an `alg` that signs. */
const webToken: Detector = (text, at) => {
  if (!isWordStart(text, at)) return undefined;
  const token = jwtPattern.exec(text.slice(at, at + 5500))?.[0];
  if (token === undefined) return undefined;
  const [first = "", second = ""] = token.split(".");
  const header = json(first) as { readonly alg?: unknown } | undefined;
  const claims = json(second) as Claims | undefined;
  if (typeof header?.alg !== "string" || header.alg.toLowerCase() === "none" || claims === undefined) return undefined;
  if (claims.sub === "1234567890" || claims.name === "John Doe") return undefined;
  return {
    kind: "jwt",
    title: "JSON web token",
    grade: claims.role === "anon" ? "client-side" : "live",
    masked: mask(token, "eyJ"),
    ...(claims.iss === "supabase" || claims.role === "service_role" ? { provider: "supabase" } : {}),
    ...(typeof claims.exp === "number" ? { expires: claims.exp } : {}),
    span: { start: at, end: at + token.length },
  };
};

/** Whether the text has the form of a JSON web token, an example of a manual included. */
export const isWebToken = (text: string): boolean => jwtPattern.test(text);

function json(part: string): object | undefined {
  const text = fromBase64(part);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const authorization: Detector = (text, at) => {
  const match =
    /^authorization["']?[ \t]{0,3}(?:=>|[:=,])[ \t]{0,3}["']?(basic|bearer|token|apikey)[ \t]{1,3}([^\s"'`,;]{4,1000})/i.exec(
      text.slice(at, at + 1100),
    );
  const scheme = match?.[1];
  const credential = match?.[2];
  if (match === null || scheme === undefined || credential === undefined) return undefined;
  const start = at + match[0].length - credential.length;
  return headerFind(scheme, credential, start);
};

/** The find of an authorization header's value, such as `Basic dXNlcjpwYXNz`; undefined where it holds no literal one. */
export function headerValue(value: string): Classification | undefined {
  const match = /^\s{0,9}(basic|bearer|token|apikey)[ \t]{1,3}(\S{4,2000})\s{0,9}$/i.exec(value);
  const scheme = match?.[1];
  const credential = match?.[2];
  if (match === null || scheme === undefined || credential === undefined) return undefined;
  return headerFind(scheme, credential, match[0].trimEnd().length - credential.length);
}

function headerFind(scheme: string, credential: string, start: number): Classification | undefined {
  if (isReference(credential) || isPlaceholder(credential) || isMechanism(credential) || isWebToken(credential)) {
    return undefined;
  }
  const isBasic = scheme.toLowerCase() === "basic";
  const login = isBasic ? /^([ -~]{0,100}):([ -~]{1,200})$/.exec(fromBase64(credential) ?? "") : null;
  if (isBasic && (login === null || isPlaceholder(login[2] ?? ""))) return undefined;
  if (
    !isBasic &&
    (credential.length < 16 || isSample(credential) || entropy(credential) < 3 || !/\d/.test(credential))
  ) {
    return undefined;
  }
  return {
    kind: "authorization-header",
    title: `${isBasic ? "Basic" : "Bearer"} authorization header`,
    grade: "live",
    masked: mask(credential),
    ...(login === null ? {} : { user: login[1] ?? "" }),
    span: { start, end: start + credential.length },
  };
}

/** By lower-case mark; a mark has the detectors of each shorter mark that it begins with, too. */
const detectors: ReadonlyMap<string, readonly Detector[]> = (() => {
  const table = new Map<string, Detector[]>();
  const add = (mark: string, detector: Detector): void => {
    table.set(mark.toLowerCase(), [...(table.get(mark.toLowerCase()) ?? []), detector]);
  };
  for (const format of tokenFormats) for (const mark of format.marks) add(mark, detect(format));
  for (const format of namedFormats) for (const name of format.names) add(name, detectNamed(format));
  add("-----BEGIN ", privateKey);
  add("PuTTY-User-Key-File-", puttyKey);
  add("LS0tLS1CRUdJTi", encodedKey);
  add("eyJ", webToken);
  add("authorization", authorization);
  const whole = [...table.keys()].map((mark) => {
    const shorter = [...table].filter(([other]) => mark.startsWith(other));
    return [mark, shorter.flatMap(([, own]) => own)] as const;
  });
  return new Map(whole);
})();

interface Mark {
  /** Lower-case ASCII, two characters at least. */
  readonly text: string;
  readonly detectors: readonly Detector[];
}

/** Longer marks first, so that `sk-ant-` is not taken for a shorter one. */
const marks: readonly Mark[] = [...detectors]
  .map(([text, own]) => ({ text, detectors: own }))
  .sort((a, b) => b.text.length - a.text.length);

/** ASCII letters in lower case; two characters of ASCII make one key. */
const lowered = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);
const pairOf = (first: number, second: number): number => lowered(first) * 128 + lowered(second);

/** The marks that begin with each pair of characters: most places of a text are refused by the first look. */
const marksOfPair: readonly (readonly Mark[] | undefined)[] = (() => {
  const table = new Array<Mark[] | undefined>(128 * 128).fill(undefined);
  for (const mark of marks) {
    const pair = pairOf(mark.text.charCodeAt(0), mark.text.charCodeAt(1));
    table[pair] = [...(table[pair] ?? []), mark];
  }
  return table;
})();

/** The longest mark that begins at `at`; case does not count. */
function markAt(text: string, at: number): Mark | undefined {
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  if (first > 127 || second > 127) return undefined;
  const candidates = marksOfPair[pairOf(first, second)];
  if (candidates === undefined) return undefined;
  for (const mark of candidates) if (beginsWith(text, at, mark.text)) return mark;
  return undefined;
}

function beginsWith(text: string, at: number, mark: string): boolean {
  for (let i = 2; i < mark.length; i++) {
    if (lowered(text.charCodeAt(at + i)) !== mark.charCodeAt(i)) return false;
  }
  return true;
}
