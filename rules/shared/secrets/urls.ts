import type { Span } from "./types";
import { fallback, isReference } from "./values";

/** A user and a password in an address. */
export interface Credentials {
  /** Empty where only a password stands there: `redis://:password@host`. */
  readonly user: string;
  /** As written: percent-encoding is kept. */
  readonly password: string;
  readonly span: Span;
  /** The password is what a reference falls back to: `${PASSWORD:-text}`. */
  readonly fallback?: true;
  readonly host: string;
  /** The first component of the path, which names the database in most addresses. */
  readonly database?: string;
}

export interface UrlCredentials extends Credentials {
  /** Lower-case, without `jdbc:`. */
  readonly scheme: string;
  /** `user:password`, without the `@`. */
  readonly userinfo: Span;
}

const longestScheme = 32;
const longestUserinfo = 512;
/** A text with more of them is data that somebody made. */
const most = 2000;

/** Schemes of image stores: `docker://image:tag@sha256:…` has no userinfo. */
const imageSchemes: ReadonlySet<string> = new Set([
  "docker",
  "docker-image",
  "docker-daemon",
  "docker-archive",
  "oci",
  "oci-archive",
  "containers-storage",
  "target",
  "dir",
]);

/**
 * Every literal `scheme://user:password@host`. Passwords that are references are left out; of a reference with a default,
 * the default is given. Time is linear: schemes and userinfo are looked at within fixed windows.
 */
export function urlCredentials(text: string): readonly UrlCredentials[] {
  let at = text.indexOf("://");
  if (at < 0) return none;
  const found: UrlCredentials[] = [];
  for (; at >= 0; at = text.indexOf("://", at + 3)) {
    const credentials = credentialsAt(text, at);
    if (credentials !== undefined && found.push(credentials) >= most) break;
  }
  return found;
}

const none: readonly UrlCredentials[] = [];

function credentialsAt(text: string, at: number): UrlCredentials | undefined {
  const scheme = /[a-z][a-z0-9+.-]{0,31}$/i.exec(text.slice(Math.max(0, at - longestScheme), at))?.[0].toLowerCase();
  if (scheme === undefined || imageSchemes.has(scheme)) return undefined;
  const start = at + 3;
  const info = userinfo(text.slice(start, start + longestUserinfo));
  if (info === undefined) return undefined;

  const after = text.slice(start + info.at + 1, start + info.at + 256);
  const host = /^(?:\[[0-9A-Fa-f:.]{2,60}\]|[\w.-]{1,200}|[$%{<][^\s"'/?#@]{1,120})/.exec(after)?.[0];
  if (host === undefined || /^sha\d{3}$/.test(host)) return undefined;
  const database = /^[^\s"'/?#]{1,200}\/([\w.-]{1,100})(?=$|[\s"'?#;&,)])/.exec(after)?.[1];

  const user = text.slice(start, start + info.colon);
  const from = start + info.colon + 1;
  const written = text.slice(from, start + info.at);
  const literal = fallback(written);
  const password = literal?.text ?? written;
  if (password === "" || isReference(password)) return undefined;
  return {
    scheme,
    user,
    password,
    host,
    ...(database === undefined ? {} : { database }),
    userinfo: { start, end: start + info.at },
    span:
      literal === undefined
        ? { start: from, end: start + info.at }
        : { start: from + literal.span.start, end: from + literal.span.end },
    ...(literal === undefined ? {} : { fallback: true as const }),
  };
}

/** Offsets of the first `:` and the last `@` before the authority ends; references are passed over as a whole. */
function userinfo(text: string): { readonly colon: number; readonly at: number } | undefined {
  let colon = -1;
  let at = -1;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const closing =
      character === "$" ? closingOf(text.charAt(i + 1)) : character === "{" && text[i + 1] === "{" ? "}}" : undefined;
    if (closing !== undefined) {
      const end = closeReference(text, i, closing);
      if (end < 0) return undefined;
      i = end;
    } else if (character === ":" && colon < 0) colon = i;
    else if (character === "@") at = i;
    else if (/[\s"'`/?#<>\\|]/.test(character)) break;
  }
  return colon >= 0 && at > colon ? { colon, at } : undefined;
}

const closingOf = (opening: string): string | undefined => (opening === "{" ? "}" : opening === "(" ? ")" : undefined);

/** The offset of the last character of the reference at `from`; references may nest. -1 where it does not end. */
function closeReference(text: string, from: number, closing: string): number {
  if (closing === "}}") {
    const end = text.slice(from, from + 128).indexOf("}}");
    return end < 0 ? -1 : from + end + 1;
  }
  const opening = closing === "}" ? "{" : "(";
  let depth = 0;
  for (let i = from; i < Math.min(text.length, from + 128); i++) {
    if (text[i] === opening) depth++;
    if (text[i] === closing && --depth === 0) return i;
  }
  return -1;
}

/** The text behind percent-encoding; the text itself where that is broken. */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
