import { connectionCredentials } from "./connections";
import { isDefaultPassword, isWeakAnywhere, isWeakWord } from "./defaults";
import { mask } from "./mask";
import { type CredentialKind, credentialName, nameWords } from "./names";
import { findTokens, headerValue, isSample, isWebToken, namedToken, withoutOverlaps } from "./tokens";
import { type Beside, type Classification, rank, type SecretKind } from "./types";
import { type Credentials, percentDecoded, type UrlCredentials, urlCredentials } from "./urls";
import {
  fallback,
  isMechanism,
  isPath,
  isPlaceholder,
  isPublic,
  isReference,
  isSetting,
  longestValue,
  looksGenerated,
} from "./values";

/** A name and the value that is written for it, quotes removed, references still to be seen. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
  readonly beside?: Beside;
}

/**
 * The one most specific credential in a value: what the value shows by itself (a token, a key, a URL with a password), or
 * what its name says. Undefined for references, paths, settings, placeholders, public values and names of other things.
 */
export function classify({ name, value, beside = {} }: NamedValue): Classification | undefined {
  if (value.trim() === "") return undefined;
  const header = byHeader(name, value);
  const byItself = classifyText(value, beside);
  const shown = mostSpecific(header === undefined ? byItself : [...byItself, header]);
  if (shown !== undefined) return shown;

  const literal = fallback(value);
  if (literal !== undefined) return inside(classify({ name, value: literal.text, beside }), literal.span.start);
  return namedToken(name, value) ?? byName(name, value, beside);
}

/**
 * Every credential that a text shows by itself, whatever it stands under: tokens, keys, headers, URLs and connection
 * strings. In the order of the text, without overlaps.
 */
export function classifyText(text: string, beside: Beside = {}): readonly Classification[] {
  const tokens = findTokens(text);
  const urls = urlCredentials(text);
  const connections = connectionCredentials(text);
  if (urls.length === 0 && connections.length === 0) return tokens;
  const found = [
    ...tokens,
    ...urls.map((url) => byUrl(url, beside)),
    ...connections.map((connection) => byConnection(connection, beside)),
  ];
  return withoutOverlaps(found.filter((next) => next !== undefined));
}

const mostSpecific = (found: readonly Classification[]): Classification | undefined =>
  found.length < 2 ? found[0] : found.toSorted((a, b) => rank(a.kind) - rank(b.kind) || a.span.start - b.span.start)[0];

function inside(found: Classification | undefined, offset: number): Classification | undefined {
  if (found === undefined) return undefined;
  const span = { start: found.span.start + offset, end: found.span.end + offset };
  return { ...found, span, fallback: true };
}

const byHeader = (name: string, value: string): Classification | undefined =>
  credentialName(name) === "authorization" ? headerValue(value) : undefined;

/** Hosts of manuals (RFC 2606). */
const isExampleHost = (host: string): boolean =>
  /(?:^|\.)example(?:\.(?:com|net|org|edu))?$|\.(?:test|invalid)$/i.test(host);

/** Stores and brokers, where a URL with `user:password` is in use rather than an illustration. */
const stores =
  /^(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqp|amqps|nats|kafka|mssql|sqlserver|clickhouse|cockroachdb|couchdb|cassandra|neo4j|bolt|ldap|ldaps|mqtt|mqtts|stomp|db2|oracle)(?:\+\w+)?$/;

function byUrl(url: UrlCredentials, beside: Beside): Classification | undefined {
  const password = percentDecoded(url.password);
  const isStore = stores.test(url.scheme);
  const isIllustration = isExampleHost(url.host) || /^(?:user|username|usr|name|login|me|foo|\w)$/i.test(url.user);
  if (!isStore && isIllustration && isDefaultPassword(password)) return undefined;
  return byCredentials("url-credentials", url, password, beside, url.scheme);
}

const byConnection = (connection: Credentials, beside: Beside): Classification | undefined =>
  byCredentials("connection-string", connection, connection.password, beside, undefined);

function byCredentials(
  kind: SecretKind,
  credentials: Credentials,
  password: string,
  beside: Beside,
  provider: string | undefined,
): Classification | undefined {
  const { database, host } = credentials;
  const user = fallback(credentials.user)?.text ?? credentials.user;
  const neighbours = [beside, { user, database, service: host }];
  const isDefault = neighbours.some((names) => isDefaultPassword(password, names));
  if (!isDefault && (isPlaceholder(password) || isReference(password))) return undefined;
  if (/^[x*.#_-]+$/i.test(password)) return undefined;
  return {
    kind: isDefault ? "default-password" : kind,
    grade: "live",
    masked: mask(credentials.password),
    span: credentials.span,
    ...(provider === undefined ? {} : { provider }),
    ...(user === "" ? {} : { user }),
    ...(credentials.fallback === undefined ? {} : { fallback: true as const }),
  };
}

/** The shortest text that can be a key or a token. */
const shortestToken = 6;

function byName(name: string, value: string, beside: Beside): Classification | undefined {
  const credential = credentialName(name);
  if (credential === undefined || value.length > longestValue) return undefined;
  if (credential === "login") return byLogin(value, beside);
  if (credential === "connection" || credential === "key-id" || credential === "authorization") return undefined;
  if (credential === "webhook") return byWebhook(value);

  const text = value.trim();
  const start = value.indexOf(text);
  if (isDefaultFor(credential, text, beside)) return ofName("default-password", text, start);
  if (isNoLiteral(name, text)) return undefined;
  if (credential === "password") return ofName("password", text, start);
  if (text.length < shortestToken || isMechanism(text) || /^\d{1,11}$/.test(text)) return undefined;
  return ofName("generic", text, start);
}

const ofName = (kind: SecretKind, text: string, start: number): Classification => ({
  kind,
  grade: "live",
  masked: mask(text),
  span: { start, end: start + text.length },
});

/**
 * A secret that its owner makes up is judged as a password is. Keys and tokens that a provider issues are not: short and
 * plain words under their names are settings and fillers.
 */
function isDefaultFor(credential: CredentialKind, text: string, beside: Beside): boolean {
  if (/^(?:\d{1,2}|[x*.?#_-]+|\[.*\]|__\w+__)$/i.test(text)) return false;
  if (isWeakAnywhere(text)) return true;
  if (credential === "key" || credential === "token" || credential === "salt") return false;
  if (isReference(text) || isPath(text) || isPublic(text) || isSettingWord(text)) return false;
  if (credential === "secret") return !isMechanism(text) && isWeakWord(text, beside);
  return isDefaultPassword(text, beside);
}

/** `isSetting`, but for numbers: a short number is a poor password. */
const isSettingWord = (text: string): boolean =>
  (isSetting(text) && !/^\d+$/.test(text)) || /^(?:none|null|nil|undefined|n\/a|empty|todo|tbd)$/i.test(text);

/** Whether the value is none that opens anything by itself. */
function isNoLiteral(name: string, text: string): boolean {
  if (isReference(text) || isPlaceholder(text) || isSetting(text) || isPath(text) || isPublic(text)) return true;
  if (isSample(text) && !looksGenerated(text.replace(/^.{0,12}_/, ""))) return true;
  if (isWebToken(text) || /^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(text)) return true;
  if (/^[[{]/.test(text) || /-----BEGIN /.test(text)) return true;
  if (nameWords(text).join("") === nameWords(name).join("")) return true;
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text) && credentialName(text) !== undefined) return true;
  return isProse(text);
}

/** Words with blanks between: a description, unless digits or signs show that it is a pass phrase. */
const isProse = (text: string): boolean =>
  /\s/.test(text) && (/^[\p{L}\s.,:;!?'’()-]+$/u.test(text) || (text.match(/\s+/g)?.length ?? 0) > 5);

/** `user/password` (neo4j) or `user:password`. */
function byLogin(value: string, beside: Beside): Classification | undefined {
  const parts = /^\s{0,9}([\w.@-]{1,64})[/:](\S{1,200})\s{0,9}$/.exec(value);
  const user = parts?.[1];
  const password = parts?.[2];
  if (user === undefined || password === undefined) return undefined;
  const start = value.lastIndexOf(password);
  const found = byName("password", password, {
    user,
    database: beside.database,
    service: beside.service,
    image: beside.image,
  });
  return found === undefined ? undefined : { ...found, user, span: { start, end: start + password.length } };
}

/** Who knows a web hook's address may post to it: the secret is the random part of the path. */
function byWebhook(value: string): Classification | undefined {
  const path = /^\s{0,9}https?:\/\/[\w.-]{1,200}(?::\d{1,5})?\/(\S{1,400})$/.exec(value)?.[1];
  if (path === undefined || isReference(value)) return undefined;
  const part = path.split(/[/?&=]/).find(looksGenerated);
  return part === undefined || isSample(part) ? undefined : ofName("generic", part, value.lastIndexOf(part));
}
