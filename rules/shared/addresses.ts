/** Addresses in texts, who stands behind them, and which protocols leave them unencrypted; whatever file they are in. */
import type { Edit } from "../../engine/index";
import { isLoopback } from "./downloads";
import type { LocatedText } from "./located-text";

/** An address `scheme://…` with what is known of it. */
export interface Address<T> {
  /** In lower case and without a driver: `postgresql` of `jdbc:postgresql://` and of `postgresql+psycopg://`. */
  readonly scheme: string;
  /** In lower case; those that are known. */
  readonly hosts: readonly string[];
  /** From the scheme to the port; the scheme alone where a login stands in between. */
  readonly at: T;
  readonly schemeAt: T;
  /** Of the first host. */
  readonly portAt: T | undefined;
  /** Path and query. */
  readonly rest: T;
}

const longestScheme = 32;
const longestAuthority = 512;
const longestRest = 2048;
const hostName = /^(?:\[[0-9a-f:.]{2,60}\]|[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?)$/;

/** Every address in a text. Time is linear: schemes and authorities are looked at within fixed windows. */
export function addressesIn<T extends LocatedText<T>>(text: T): readonly Address<T>[] {
  const all: Address<T>[] = [];
  const { text: written } = text.scalar;
  for (let at = written.indexOf("://"); at >= 0; at = written.indexOf("://", at + 3)) {
    const scheme = /[a-z][a-z0-9+.-]{0,31}$/i.exec(written.slice(Math.max(0, at - longestScheme), at))?.[0];
    if (scheme !== undefined) all.push(addressAt(text, scheme, at));
  }
  return all;
}

function addressAt<T extends LocatedText<T>>(text: T, scheme: string, colon: number): Address<T> {
  const { text: written } = text.scalar;
  const from = colon + 3;
  const window = written.slice(from, from + longestAuthority);
  const ahead = /^[^\s/?#"'`<>\\]*/.exec(window)?.[0] ?? "";
  // In `http://a,http://b` the next address is no port of this one's.
  const isList = window.startsWith("//", ahead.length);
  const authority = (isList ? ahead.replace(/,[a-z][a-z0-9+.-]*:$/i, "") : ahead).replace(/(?<![);,|.])[);,|.]+$/, "");
  const start = colon - scheme.length;
  const login = authority.lastIndexOf("@") + 1;
  const hosts = authority.slice(login).split(",");
  const end = from + authority.length;
  const rest =
    /^[^\s"'`<>\\]*/.exec(written.slice(end, end + longestRest))?.[0].replace(/,[a-z][a-z0-9+.-]*:\/\/.*$/i, "") ?? "";
  const port = /^(?:\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(hosts[0] ?? "")?.[1];
  const firstEnd = from + login + (hosts[0] ?? "").length;
  return {
    scheme: schemeWithoutDriver(scheme),
    hosts: hosts.map(withoutPort).filter((h) => hostName.test(h)),
    at: login > 0 ? text.part(start, colon) : text.part(start, end),
    schemeAt: text.part(start, colon),
    portAt: port === undefined ? undefined : text.part(firstEnd - port.length, firstEnd),
    rest: text.part(end, end + rest.length),
  };
}

/** `amqp+ssl` keeps its ending: that one says how it is carried. */
const schemeWithoutDriver = (scheme: string): string =>
  scheme.toLowerCase().replace(/\+(?!(?:ssl|tls|srv|unix)$)[a-z0-9.+-]{0,31}$/, "");

/** The host of `host:port`, of `[address]:port`, of a host alone. */
export function withoutPort(text: string): string {
  const lower = text.trim().toLowerCase();
  return lower.startsWith("[") ? lower.slice(0, lower.indexOf("]") + 1) : lower.replace(/:[^:]*$/, "");
}

/** Whether the text is the name or address of a host, without anything that nobody knows. */
export const isHost = (text: string): boolean => hostName.test(text);

/** A protocol that encrypts nothing unless it is told to. */
export interface Plaintext {
  readonly name: string;
  /** The scheme of the encrypted one, where that has one of its own. */
  readonly secure?: string;
  /** What is added to the query instead. */
  readonly query?: string;
  /** The usual port, and that of the encrypted one. */
  readonly ports?: readonly [plain: string, secure: string];
  /** Client and server may agree on TLS without being told to, and as well on none. */
  readonly negotiates?: true;
}

const postgres: Plaintext = { name: "PostgreSQL", query: "sslmode=verify-full", negotiates: true };
const mysql: Plaintext = { name: "MySQL", negotiates: true };

/** Schemes and ports after the IANA registry and the clients' manuals, 2026-08. */
const protocols: ReadonlyMap<string, Plaintext> = new Map([
  ["http", { name: "http", secure: "https", ports: ["80", "443"] }],
  ["ws", { name: "ws", secure: "wss", ports: ["80", "443"] }],
  ["ftp", { name: "ftp", secure: "ftps", ports: ["21", "990"] }],
  ["amqp", { name: "amqp", secure: "amqps", ports: ["5672", "5671"] }],
  ["redis", { name: "redis", secure: "rediss" }],
  ["valkey", { name: "valkey", secure: "valkeys" }],
  ["mqtt", { name: "mqtt", secure: "mqtts", ports: ["1883", "8883"] }],
  ["ldap", { name: "ldap", secure: "ldaps", ports: ["389", "636"] }],
  ["smtp", { name: "smtp", secure: "smtps", ports: ["25", "465"] }],
  ["mongodb", { name: "MongoDB", query: "tls=true" }],
  ["postgres", postgres],
  ["postgresql", postgres],
  ["mysql", mysql],
  ["mariadb", mysql],
  ["nats", { name: "nats", secure: "tls", negotiates: true }],
  ["kafka", { name: "Kafka" }],
  ["grpc", { name: "grpc", secure: "grpcs" }],
]);

/** Some setting of TLS in the query; what it says is tls-disabled's matter where it says no. */
const mentionsTls = /[?&;](?:[\w.-]*(?:ssl|tls|encrypt|secure)[\w.-]*|security\.protocol)=/i;
/** Those on which mail is encrypted from the start, or after a word of the client's. */
const mailPorts = new Set(["465", "587", "2525"]);

/** The protocol of an address that asks for no encryption; undefined where it does, or where the scheme says nothing. */
export function plaintextOf<T extends LocatedText<T>>({ scheme, portAt, rest }: Address<T>): Plaintext | undefined {
  const protocol = protocols.get(scheme);
  if (protocol === undefined || mentionsTls.test(rest.scalar.text)) return undefined;
  const port = portAt?.scalar.text ?? "";
  if (scheme === "smtp" && mailPorts.has(port)) return undefined;
  return port === "443" ? undefined : protocol;
}

/** Proxies are spoken to in plain text about encrypted requests; origins are compared and never called. */
export const noEndpoint =
  /prox(?:y|ies)(?:_?(?:url|uri|server|host|addr(?:ess)?))?$|origin|cors|csrf|csp|referr?er|whitelist|allow_?(?:list|ed)|xmlns|namespace|mirror/i;
/** A variable, and what it says as far as that is known. */
export interface NamedValue {
  readonly name: string;
  readonly value: string | undefined;
}

const yes = /^(?:1|true|yes|on|y|t|required?|always|starttls|tls|ssl|verify[-_]?(?:full|ca|identity)|enabled?)$/i;

/** Whether another variable of the same subject asks for TLS: `LDAP_STARTTLS=true` beside `LDAP_URL`. */
export function isEncryptedAmong(name: string, variables: readonly NamedValue[]): boolean {
  const tokens = nameTokens(name);
  const mode = tokens.findIndex((t) => /^(?:SSL|TLS|USE|ENABLE|WITH|DISABLE|NO|SKIP)/.test(t));
  const subject = mode > 0 ? tokens.slice(0, mode) : tokens.slice(0, 1);
  if (subject.length === 0) return false;
  return variables.some((v) => {
    if (v.name === name || !/ssl|tls|secure|encryption/i.test(v.name)) return false;
    if (/verif|reject|valid|insecure|skip|disable|cookie/i.test(v.name)) return false;
    const others = nameTokens(v.name);
    if (!subject.every((t, i) => t === others[i])) return false;
    return v.value === undefined || yes.test(v.value.trim());
  });
}

/** `DB_SSL_MODE`, `db.sslMode` and `dbSslMode` alike, in upper case. */
export const nameTokens = (name: string): readonly string[] =>
  name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .split(/[_.-]+/)
    .filter((t) => t !== "");

/** This machine, as containers and engines call it; and the metadata services of clouds, which know no TLS. */
export const isThisMachine = (host: string): boolean =>
  isLoopback(host) ||
  /^(?:host-gateway|(?:host|gateway|kubernetes)\.docker\.internal|host\.containers\.internal|docker\.for\.\w+\.(?:localhost|host\.internal)|10\.0\.2\.2|169\.254\.\d+\.\d+|metadata\.google\.internal|100\.100\.100\.200|\[fd00:ec2::254\]|\[::\])$/.test(
    host,
  );

export const isPrivateHost = (host: string): boolean =>
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[789]\d|1[01]\d|12[0-7])\.)[\d.]+$/.test(host) ||
  /^\[f(?:[cd]|e[89ab])/.test(host) ||
  /\.(?:svc|local|internal|intranet|lan|home|corp|home\.arpa|consul|mesh|localdomain|private)$|\.svc\./.test(host);

/** Hosts of namespaces, schemas, licences and examples, and of lists whose makers sign them (2026-08). */
const documents =
  /(?:^|\.)(?:w3\.org|xmlsoap\.org|openxmlformats\.org|java\.sun\.com|json-schema\.org|maven\.apache\.org|jakarta\.ee|purl\.org|ns\.adobe\.com|docs\.oasis-open\.org|opensource\.org|creativecommons\.org|swagger\.io|schema\.org|opengis\.net|xml\.org|relaxng\.org|dublincore\.org|ogp\.me|tools\.ietf\.org|rfc-editor\.org|example\.(?:com|org|net|edu)|(?:deb|security|archive|ports)\.(?:debian|ubuntu)\.(?:org|com))$/;
export const isDocumentHost = (host: string): boolean =>
  documents.test(host) ||
  /^(?:schemas|schema|xmlns|ocsp|crl)\d?\./.test(host) ||
  /(?:^|\.)(?:example|test|invalid|tld)$/.test(host) ||
  /(?:^|\.)(?:your|my[-_]?(?:own|domain|site|host|server|company|org|app|instance|service|website))[\w-]*\./.test(
    host,
  ) ||
  /(?:^|\.)(?:domain|site|hostname|host|foo|bar)\.(?:com|org|net|tld|io)$/.test(host);

/** The encrypted protocol in the place of the plain one; undefined where it takes more than another address. */
export function encrypted<T extends LocatedText<T>>(
  { schemeAt, portAt, rest }: Address<T>,
  protocol: Plaintext,
  isWritten: (text: T) => boolean,
): readonly Edit[] | undefined {
  const { secure, query, ports } = protocol;
  if (secure === undefined) return query === undefined || !isWritten(rest) ? undefined : withQuery(rest, query);
  if (!isWritten(schemeAt) || /[+:]/.test(schemeAt.scalar.text)) return undefined;
  const edits = schemeAt.rewrite(secure);
  if (ports === undefined || portAt?.scalar.text !== ports[0] || !isWritten(portAt)) return edits;
  const moved = portAt.rewrite(ports[1]);
  return edits && moved && [...edits, ...moved];
}

function withQuery<T extends LocatedText<T>>(rest: T, query: string): readonly Edit[] | undefined {
  const { text } = rest.scalar;
  if (text.includes("#") || text === "") return undefined;
  const at = text.indexOf("?");
  const last = rest.part(at < 0 ? text.length - 1 : at, at < 0 ? text.length : at + 1);
  const next = at < 0 ? `${last.scalar.text}?${query}` : `?${query}${at + 1 < text.length ? "&" : ""}`;
  return last.rewrite(next);
}
