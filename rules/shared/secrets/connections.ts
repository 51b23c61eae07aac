import type { Credentials } from "./urls";
import { fallback, isReference } from "./values";

/** How far around a password the rest of its connection string is looked for. */
const reach = 300;
/** A text with more places to look at is data that somebody made. */
const mostLooked = 2000;

const passwordKey = /(?:^|[;,?&"'\s])(?:password|passwd|pwd)[ \t]{0,3}=[ \t]{0,3}/gi;
/** With its quotes, which are escaped where the string stands in code; what begins with a backslash is no value. */
const value = /^(?:(\\")[^"\\]{1,200}\\"|(")[^"]{1,200}"|(')[^']{1,200}'|[^;,&"'\s\\][^;,&"'\s]{0,199})/;
const companionKey =
  /(?:^|[;,?&"'\s])(?:server|data source|host|hostname|hostaddr|addr|address|uid|user id|user|username|userid|initial catalog|database|dbname|accountendpoint|network address)[ \t]{0,3}=[ \t]{0,3}(?:"([^"]{1,100})"|'([^']{1,100})'|([^;,&"'\s]{1,100}))/i;
const userKey =
  /(?:^|[;,?&"'\s])(?:uid|user id|user|username|userid)[ \t]{0,3}=[ \t]{0,3}\\?["']?([^;,&"'\s]{0,99}[^;,&"'\s\\])/i;
const hostKey =
  /(?:^|[;,?&"'\s])(?:server|data source|host|hostname|addr|address)[ \t]{0,3}=[ \t]{0,3}["']?([^;,&"'\s]{1,100})/i;
const databaseKey = /(?:^|[;,?&"'\s])(?:initial catalog|database|dbname)[ \t]{0,3}=[ \t]{0,3}["']?([^;,&"'\s]{1,100})/i;

/**
 * Literal passwords in connection strings of keys and values (ADO.NET and ODBC `Server=…;Password=…`, libpq `host=…
 * password=…`, JDBC `?user=…&password=…`, Redis `host:6379,password=…`, JAAS) and in Go's `user:password@tcp(host)`. A
 * password alone is no connection string: another part must stand within 300 characters, on the same line.
 */
export function connectionCredentials(text: string): readonly Credentials[] {
  const mayBeKeyed = text.includes("=");
  const mayBeNetwork = text.includes("@");
  if (!mayBeKeyed && !mayBeNetwork) return none;
  return [...keyedCredentials(text), ...networkCredentials(text)].sort((a, b) => a.span.start - b.span.start);
}

const none: readonly Credentials[] = [];

function keyedCredentials(text: string): Credentials[] {
  const found: Credentials[] = [];
  let looked = 0;
  for (const key of text.matchAll(passwordKey)) {
    if (looked++ > mostLooked) break;
    const from = key.index + key[0].length;
    const written = value.exec(text.slice(from, from + 204));
    if (written === null) continue;
    const before = lastLine(text.slice(Math.max(0, key.index - reach), key.index));
    const after = firstLine(text.slice(from + written[0].length, from + written[0].length + reach));
    if (!isConnection(before, after, key[0])) continue;

    const [all, opening = written[2] ?? written[3] ?? ""] = written;
    const inner = all.slice(opening.length, all.length - opening.length);
    const start = from + opening.length;
    const literal = fallback(inner);
    const password = literal?.text ?? inner;
    if (isReference(password)) continue;
    const whole = `${before}\n${after}`;
    const database = databaseKey.exec(whole)?.[1] ?? /\/([\w.-]{1,100})\?/.exec(before)?.[1];
    found.push({
      user: userKey.exec(whole)?.[1] ?? "",
      host: hostKey.exec(whole)?.[1] ?? "",
      ...(database === undefined ? {} : { database }),
      password,
      span:
        literal === undefined
          ? { start, end: start + inner.length }
          : { start: start + literal.span.start, end: start + literal.span.end },
      ...(literal === undefined ? {} : { fallback: true as const }),
    });
  }
  return found;
}

/**
 * A query of an ordinary web address is no connection string, nor is `password=` in a command line, nor an assignment
 * of program code, which has blanks around `=`.
 */
function isConnection(before: string, after: string, key: string): boolean {
  const separator = key.charAt(0);
  if (separator === "?" || separator === "&") {
    return /(?:jdbc:|postgres(?:ql)?:|mysql:|mariadb:|sqlserver:|oracle:|mongodb(?:\+srv)?:|redis:)/i.test(before);
  }
  if (separator === "," && /:\d{2,5}(?:,[^\s"',]{1,60}){0,8}$/.test(before)) return true;
  if (separator !== ";" && /\s=|=\s/.test(key)) return false;
  return companionKey.test(before) || companionKey.test(after);
}

const lastLine = (text: string): string => text.slice(text.lastIndexOf("\n") + 1);
const firstLine = (text: string): string => {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(0, end);
};

function networkCredentials(text: string): Credentials[] {
  const found: Credentials[] = [];
  for (const network of text.matchAll(/@(?:tcp|unix)\(/g)) {
    const window = text.slice(Math.max(0, network.index - 170), network.index);
    const parts = /(?:^|[\s"'`=])([\w.-]{1,64}):([^\s"'`/:@]{1,100})$/.exec(window);
    const password = parts?.[2];
    if (parts === null || password === undefined || isReference(password) || /^%[a-z]$/.test(password)) continue;
    const rest = text.slice(network.index + network[0].length, network.index + 300);
    const database = /^[^)\s]{0,200}\)\/([\w.-]{1,100})/.exec(rest)?.[1];
    found.push({
      user: parts[1] ?? "",
      password,
      host: /^[^):\s]{1,200}/.exec(rest)?.[0] ?? "",
      ...(database === undefined ? {} : { database }),
      span: { start: network.index - password.length, end: network.index },
    });
  }
  return found;
}
