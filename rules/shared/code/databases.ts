/** Connections of service code to databases and caches that nobody encrypts. Clients after their manuals, 2026-11. */
import type {
  CodeCall,
  CodeFile,
  CodeLiteral,
  CodeOptions,
  CodeScope,
  CodeText,
  CodeValue,
  Context,
  Edit,
  Span,
} from "../../../engine/index";
import { type Address, addressesIn, encrypted, type Plaintext, plaintextOf, withoutPort } from "../addresses";
import { parametersIn, type Parameter } from "../tls-parameters";
import { hostClass } from "./endpoints";
import { importing, insertAt, withArgument, withEntry } from "./insertions";
import { type LiteralText, literalText, unknownPart } from "./literal-text";
import { argumentOf, isOf, type Library } from "./origins";
import { besides, isOff, placeOf, type Setting, settingsOf, textsOf } from "./settings";

/** A connection without TLS. */
export interface PlainStore {
  readonly at: Span;
  readonly message: string;
  readonly severity: "warning" | "info";
  readonly guard: CodeScope["guard"];
  /** The encrypted one in its place. */
  readonly edits: () => readonly Edit[] | undefined;
}

/** Connectors that encrypt below the driver, which is told not to. */
const connectors = /cloudsqlconn|cloud-sql|alloydb|cloud\.sql|cloudsqlproxy/i;

/** Every one of the file. */
export const plainDatabases = (code: CodeFile, context: Context): readonly PlainStore[] =>
  code.facts.imports.some((i) => connectors.test(i.module)) ? [] : plainStores(code, context);

const plainStores = (code: CodeFile, context: Context): readonly PlainStore[] => [
  ...code.facts.literals.flatMap((literal) => inLiteral(literal, code, context)),
  ...settingsOf(code, context).flatMap((setting) => inSetting(setting, code)),
  ...code.facts.calls.flatMap((call) => byClient(call, code)),
  ...code.facts.options.flatMap((options) => byStruct(options, code)),
];

// Addresses and connection strings

/** Texts that are compared, shown, or documentation say nothing about a connection. */
export function isConnectionText({ use, text }: CodeLiteral): boolean {
  if (use.kind === "comparison" || use.kind === "message" || use.kind === "markup") return false;
  const [first] = text.parts;
  return !(typeof first === "string" && first.trimEnd().includes("\n")) && !isPattern(use);
}

const isPattern = (use: CodeLiteral["use"]): boolean =>
  use.kind === "argument" &&
  /^(?:startsWith|endsWith|includes|indexOf|replace\w*|match|test|split|HasPrefix|HasSuffix|Contains|TrimPrefix|StartsWith|startswith|compile|sub|search)$/.test(
    use.call.callee.last,
  );

const schemes =
  /^(?:postgres(?:ql)?|mysqlx?|mariadb|mongodb|redis|rediss|sqlserver|mssql|cockroach(?:db)?|clickhouse|oracle|db2|timescaledb|crdb|pgx)$/;
const keysOfStrings =
  /(?:^|[\s;])(?:host|hostaddr|server|data source|dbname|database|initial catalog|user id|uid|user|username|port)\s?=/i;
const ownKeys = /^(?:ssl ?_?mode|use_?ssl)$/i;
const prose = /[a-z]{2} [a-z]{2,} [a-z]{2,} [a-z]{2}/i;

/** Most texts hold nothing of the kind. */
const worthALook = /:\/\/|(?:ssl|tls|encrypt|mode)["']?\s?[=:]/i;

function inLiteral(literal: CodeLiteral, code: CodeFile, context: Context): readonly PlainStore[] {
  const { text } = literal;
  if (!text.parts.some((part) => typeof part === "string" && worthALook.test(part))) return [];
  if (!isConnectionText(literal)) return [];
  const located = literalText(text);
  const switched = parametersIn(located).filter((p) => p.weakness === "off" && !/protocol/i.test(p.key));
  if (switched.length > 0) return switched.slice(0, 1).flatMap((p) => switchedOff(p, literal, located, code));
  return plainScheme(literal, located, code, context);
}

function switchedOff(
  found: Parameter<LiteralText>,
  { text, scope }: CodeLiteral,
  located: LiteralText,
  code: CodeFile,
): readonly PlainStore[] {
  const written = located.scalar.text;
  const [address] = addressesIn(located);
  if (address !== undefined && !schemes.test(address.scheme)) return [];
  const isString = address !== undefined || keysOfStrings.test(written) || /@(?:tcp|unix)\(/.test(written);
  const isRedis = /^[\w.-]+(?::\d+)?,/.test(written) && /^ssl$/i.test(found.key);
  if (!isString && !isRedis && !(ownKeys.test(found.key) && !prose.test(written))) return [];
  if (prose.test(written) && address === undefined) return [];
  const hosts = address?.hosts ?? hostsOfString(written);
  if (hosts.length > 0 && hosts.every(isHere)) return [];
  const at = placeIn(found.at, text, code);
  const valueAt = at && { start: at.end - found.value.length, end: at.end };
  const better = betterOf(found, written);
  return [
    {
      at: at ?? { start: text.start, end: text.end },
      message: `${found.key}=${found.value} leaves the connection to the database unencrypted`,
      severity: "warning",
      guard: scope.guard,
      edits: () => (valueAt === undefined ? undefined : [{ span: valueAt, text: better }]),
    },
  ];
}

function betterOf({ key, value, better }: Parameter<LiteralText>, written: string): string {
  if (/^sslmode$/i.test(key) && (written.includes(";") || /^[A-Z][a-z]/.test(value))) return "VerifyFull";
  // With `useSSL` alone Connector/J goes on without where the server has none.
  if (/^useSSL$/i.test(key) && !/requireSSL/i.test(written) && /[?&]useSSL=/i.test(written))
    return `${better}&requireSSL=true`;
  return better;
}

/** Where a part stands in the file: its own place, or the only one of its spelling within the text. */
export function placeIn(part: LiteralText, text: CodeText, code: CodeFile): Span | undefined {
  if (!text.isLiteral) return undefined;
  if (part.isPlaced) return { start: part.start, end: part.end };
  const written = code.text.slice(text.start, text.end);
  const wanted = part.scalar.text;
  const at = written.indexOf(wanted);
  if (at < 0 || written.includes(wanted, at + 1)) return undefined;
  return { start: text.start + at, end: text.start + at + wanted.length };
}

const serverKey = /(?:^|;)\s*(?:server|host|data source|address|addr|network address)\s*=\s*([^;]*)/i;

/** The hosts of a connection string: of .NET, of libpq, of go-sql-driver, of StackExchange.Redis. */
function hostsOfString(written: string): readonly string[] {
  const host =
    /@(?:tcp|unix)\(([^)]*)\)/.exec(written)?.[1] ??
    (written.includes(";") ? serverKey.exec(written)?.[1] : /(?:^|\s)host\s*=\s*'?([^\s']+)/.exec(written)?.[1]) ??
    /^([\w.-]+(?::\d+)?),/.exec(written)?.[1];
  if (host === undefined || host.includes(unknownPart)) return [];
  return [
    withoutPort(
      host
        .trim()
        .replace(/^tcp:/i, "")
        .replace(/[,\\].*/s, ""),
    ),
  ];
}

/** This machine, or no host at all. */
export const isHere = (host: string): boolean =>
  /^(?:\.|\(local\)|\(localdb\).*|\/.*)$/i.test(host) || !/^(?:internal|public|dynamic)$/.test(hostClass(host));

/** Schemes whose clients encrypt only when told to, besides those that files of all kinds know. */
const plainOnes: ReadonlyMap<string, Plaintext> = new Map([
  ["memcached", { name: "memcached" }],
  ["memcache", { name: "memcached" }],
  ["clickhouse", { name: "ClickHouse", query: "secure=true" }],
]);
const namesOfStores: Readonly<Record<string, string>> = { redis: "Redis", valkey: "Valkey", mongodb: "MongoDB" };

function plainScheme(
  { use, scope }: CodeLiteral,
  located: LiteralText,
  code: CodeFile,
  context: Context,
): readonly PlainStore[] {
  const [address] = addressesIn(located);
  const written = located.scalar.text;
  if (address === undefined || !written.toLowerCase().startsWith(`${address.scheme}:`)) return [];
  const known = address.scheme in namesOfStores ? plaintextOf(address) : undefined;
  const protocol =
    known ?? (/tls|ssl|secure/i.test(address.rest.scalar.text) ? undefined : plainOnes.get(address.scheme));
  const host = address.hosts.find((h) => !isHere(h));
  if (protocol === undefined || host === undefined) return [];
  if ((use.kind === "argument" && encryptsOtherwise(use.call)) || encryptsSomewhere(code, context)) return [];
  const { start, end } = address.at.isPlaced ? address.at : located;
  return [
    {
      at: { start, end },
      message: `${namesOfStores[address.scheme] ?? protocol.name} at ${host} is spoken to unencrypted`,
      severity: "info",
      guard: scope.guard,
      edits: () => encryptedAddress(address, protocol, located),
    },
  ];
}

function encryptedAddress(
  address: Address<LiteralText>,
  protocol: Plaintext,
  located: LiteralText,
): readonly Edit[] | undefined {
  const isPlaced = (text: LiteralText): boolean => text.isPlaced;
  if (protocol.query !== undefined && address.rest.scalar.text === "") {
    return located.isPlaced ? [insertAt(located.end, `/?${protocol.query}`)] : undefined;
  }
  return encrypted(address, protocol, isPlaced);
}

const tlsName =
  /^(?:use_?)?(?:tls|ssl)(?:_?(?:config|context|options?|ca(?:_?(?:file|certs?))?|cert\w*|key\w*|params))?$|_use_ssl$/i;

const encryptsOtherwise = ({ arguments: given, isOpen }: CodeCall): boolean =>
  isOpen ||
  given.some(
    ({ name, value }) =>
      (name !== undefined && tlsName.test(name) && !isOff(value)) ||
      (value.kind === "options" && value.entries.some((e) => tlsName.test(e.name) && !isOff(e.value))),
  );

/** Whether something in the file is told to encrypt: with an address that is set elsewhere nobody knows what. */
const encryptsSomewhere = (code: CodeFile, context: Context): boolean =>
  context.once("encrypts somewhere in the code", () =>
    settingsOf(code, context).some((s) => tlsName.test(s.name) && !isOff(s.value) && s.value.kind !== "nothing"),
  );

// Options and settings

const libraries: readonly Library[] = [
  {
    modules:
      /^(?:pg(?:-\w+)?|postgres|mysql2?(?:\/promise)?|mariadb|mongodb|mongoose|ioredis|redis|sequelize(?:-typescript)?|knex|typeorm|@nestjs\/(?:typeorm|sequelize|mongoose)|mssql|tedious|cassandra-driver|@clickhouse\/client)$/,
  },
  {
    modules:
      /^(?:redis|psycopg2?|psycopg_pool|asyncpg|aiopg|pymysql|MySQLdb|mysql\.connector|aiomysql|pymongo|motor|sqlalchemy|cassandra|clickhouse_driver|pymssql|databases|tortoise)(?:\.\w+)*$/,
  },
  {
    modules:
      /^io\.lettuce\.core$|^redis\.clients\.jedis$|^com\.mysql\.|^org\.postgresql\.|^org\.mariadb\.|^com\.mongodb/,
  },
  {
    modules:
      /^(?:StackExchange\.Redis|MongoDB\.Driver|Npgsql|MySqlConnector|MySql\.Data\.MySqlClient|(?:System|Microsoft)\.Data\.SqlClient)$/,
  },
];
const ofStores =
  /^(?:ConfigurationOptions|MongoClientSettings|Sql(?:Connection)?ConnectionStringBuilder|SqlConnectionStringBuilder|NpgsqlConnectionStringBuilder|MySqlConnectionStringBuilder)$/;
const neighbours = /^(?:database|dbname|db_?name|dialect|keyspace|authSource)$/i;
const nestedNames = /^(?:dialectOptions|connection|options|extra|driverOptions|connect_args|connectionOptions)$/;

function inSetting(setting: Setting, code: CodeFile): readonly PlainStore[] {
  const { name, value, at, guard } = setting;
  const better = betterSetting(setting, code);
  if (better === undefined) return [];
  const hosts = textsOf(besides(setting, /^(?:host(?:name)?|server|addr(?:ess)?|data_?source|endpoint)$/i));
  if (hosts.length > 0 && hosts.every((h) => isHere(withoutPort(h.whole ?? "")))) return [];
  const isDefault = value.kind === "lookup";
  const [text] = textsOf(value);
  const place = text === undefined ? { start: value.start, end: value.end } : placeOf(text);
  const isHeld = place.start >= at.start && place.end <= at.end;
  const isWritten = text === undefined || text.isLiteral;
  return [
    {
      at: isDefault ? place : { start: at.start, end: at.end },
      message: `${name} leaves the connection to the database unencrypted${isDefault ? " unless somebody sets another" : ""}`,
      severity: isDefault ? "info" : "warning",
      guard,
      edits: () => (isHeld && isWritten ? [{ span: place, text: better }] : undefined),
    },
  ];
}

/** What to write instead of a value that turns TLS off; undefined for all others. */
function betterSetting(setting: Setting, code: CodeFile): string | undefined {
  const { name, value } = setting;
  if (/^(?:pg)?_?ssl_?mode$/i.test(name)) return betterMode(value);
  if (/^ssl_?disabled$/i.test(name) && value.kind === "flag" && value.value)
    return code.language === "python" ? "False" : "false";
  if (/^useSSL$/i.test(name)) {
    const isProperty = setting.beside === undefined && value.kind === "text";
    const isSource = setting.of !== undefined && libraries.some((l) => isOf(setting.of!, l));
    return isOff(value) && (isProperty || isSource) ? "true" : undefined;
  }
  if (!/^(?:ssl|tls|use_?tls|encrypt)$/i.test(name) || value.kind !== "flag" || value.value) return undefined;
  if (!isOfStore(setting, code)) return undefined;
  return code.language === "python" ? "True" : "true";
}

function betterMode(value: CodeValue): string | undefined {
  if (value.kind === "variable") {
    const { text, last } = value.name;
    if (!/(?:^|\.)\w*ssl_?mode\.(?:disabled?|none|allow)$/i.test(text)) return undefined;
    const better = /^[A-Z]{2,}$/.test(last)
      ? /PG|Postgre/i.test(text)
        ? "VERIFY_FULL"
        : "VERIFY_IDENTITY"
      : "VerifyFull";
    return `${text.slice(0, -last.length)}${better}`;
  }
  const whole = textsOf(value)[0]?.whole;
  if (whole === undefined || !/^(?:disabled?|none|allow)$/i.test(whole)) return undefined;
  return /^[A-Z]+$/.test(whole) ? "VERIFY_IDENTITY" : "verify-full";
}

/** Whether a setting belongs to a client of a database. */
function isOfStore({ of, beside, at }: Setting, code: CodeFile): boolean {
  const isStore = (name: typeof of): boolean => name !== undefined && libraries.some((l) => isOf(name, l));
  if (isStore(of) || (of !== undefined && ofStores.test(of.text.split(".").at(-2) ?? of.last))) return true;
  if (beside === undefined) return false;
  if (beside.kind === "call")
    return beside.chain.some((c) => isStore(c.callee) || /(?:^|\.)RedisURI\b/.test(c.callee.text));
  if (beside.type !== undefined) return isStore(beside.type) || ofStores.test(beside.type.last);
  if (beside.entries.some((e) => neighbours.test(e.name))) return true;
  const owner = code.facts.options.find((o) =>
    o.entries.some(
      (e) => e.value === beside && nestedNames.test(e.name) && o.entries.some((x) => neighbours.test(x.name)),
    ),
  );
  if (owner !== undefined) return true;
  return code.facts.calls.some(
    (c) => isStore(c.callee) && c.argumentsSpan.start <= at.start && at.end <= c.argumentsSpan.end,
  );
}

// Clients that encrypt only when told to, given a host

interface StoreClient extends Library {
  readonly language: CodeFile["language"];
  readonly store: string;
  readonly host: (call: CodeCall) => CodeValue | undefined;
  /** Arguments and options that may tell it to encrypt. */
  readonly tls: RegExp;
  readonly edits: (call: CodeCall, code: CodeFile) => readonly (Edit | undefined)[];
}

const optionsOf = ({ arguments: given }: CodeCall): CodeOptions | undefined => {
  const value = given.find((a) => a.value.kind === "options")?.value;
  return value?.kind === "options" ? value : undefined;
};
const entryOf = (options: CodeOptions | undefined, name: string): CodeValue | undefined =>
  options?.entries.find((e) => e.name === name)?.value;
const socketOf = (call: CodeCall): CodeOptions | undefined => {
  const socket = entryOf(optionsOf(call), "socket");
  return socket?.kind === "options" ? socket : undefined;
};
const firstText = ({ arguments: given }: CodeCall): CodeValue | undefined =>
  given.find((a) => a.value.kind === "text" && !/^\d+$/.test(a.value.whole ?? "0"))?.value;

const storeClients: readonly StoreClient[] = [
  {
    language: "javascript",
    modules: /^ioredis$/,
    members: /^(?:Redis)?$/,
    store: "Redis",
    host: (call) => entryOf(optionsOf(call), "host") ?? firstText(call),
    tls: /^(?:tls|sentinels|path)$/,
    edits: (call, code) => {
      const options = optionsOf(call);
      return [options === undefined ? withArgument(call, "{ tls: {} }") : withEntry(code, options, "tls: {}")];
    },
  },
  {
    language: "javascript",
    modules: /^redis$/,
    members: /^createClient$/,
    store: "Redis",
    host: (call) => entryOf(socketOf(call), "host") ?? entryOf(optionsOf(call), "host"),
    tls: /^tls$/,
    edits: (call, code) => {
      const socket = socketOf(call);
      return [socket && withEntry(code, socket, "tls: true")];
    },
  },
  {
    language: "python",
    modules: /^redis(?:\.asyncio|\.client|\.cluster|\.asyncio\.client)?$/,
    members: /^(?:(?:Strict)?Redis|RedisCluster|ConnectionPool)$/,
    store: "Redis",
    host: (call) => argumentOf(call, 0, "host"),
    tls: /^(?:ssl\w*|connection_pool|connection_class|unix_socket_path)$/,
    edits: (call) => [/Pool$/.test(call.callee.last) ? undefined : withArgument(call, "ssl=True")],
  },
  {
    language: "python",
    modules: /^(?:pymongo|motor\.motor_asyncio)(?:\.\w+)*$/,
    members: /^(?:Async|AsyncIOMotor)?MongoClient$/,
    store: "MongoDB",
    host: (call) => argumentOf(call, 0, "host"),
    tls: /^(?:tls|ssl)\w*$/,
    edits: (call) => [withArgument(call, "tls=True")],
  },
  {
    language: "java",
    modules: /^(?:redis\.clients\.jedis|org\.springframework\.data\.redis\.connection)$/,
    members: /^(?:Jedis|JedisPool|JedisPooled|RedisStandaloneConfiguration)$/,
    store: "Redis",
    host: firstText,
    tls: /^$/,
    edits: () => [undefined],
  },
  {
    language: "csharp",
    modules: /^StackExchange\.Redis$/,
    members: /^ConnectionMultiplexer\.Connect(?:Async)?$/,
    store: "Redis",
    host: (call) => call.arguments[0]?.value,
    tls: /^$/,
    edits: ({ arguments: [first] }) => {
      const value = first?.value;
      return [value?.kind === "text" && value.inner !== undefined ? insertAt(value.inner.end, ",ssl=true") : undefined];
    },
  },
];

const hostAndPort = /^(?!.*:\/\/)([\w.-]+)(?::\d{1,5})?(?:,|$)/;

/** The host of `host`, `host:port` and the like that another machine has. */
function elsewhere(value: CodeValue | undefined): { readonly text: CodeText; readonly host: string } | undefined {
  for (const text of textsOf(value)) {
    const host = hostAndPort.exec(text.whole ?? "")?.[1];
    if (host !== undefined && !isHere(host)) return { text, host };
  }
  return undefined;
}

function byClient(call: CodeCall, code: CodeFile): readonly PlainStore[] {
  const row = storeClients.find((c) => c.language === code.language && isOf(call.callee, c));
  if (row === undefined || call.isOpen) return [];
  const found = elsewhere(row.host(call));
  if (found === undefined || /ssl\s*=/i.test(found.text.whole ?? "")) return [];
  const options = [optionsOf(call), socketOf(call)].filter((o) => o !== undefined);
  const isTold =
    call.arguments.some(
      (a) => (a.name !== undefined && row.tls.test(a.name)) || (a.value.kind === "flag" && a.value.value),
    ) ||
    options.some((o) => o.isOpen || o.entries.some((e) => row.tls.test(e.name))) ||
    // Options that somebody else made.
    call.arguments.some((a) => a.value.kind === "variable" && /opt|conf|setting/i.test(a.value.name.last));
  if (isTold || code.facts.calls.some((c) => /^(?:useSsl|ssl|withSsl|setSsl|SetSsl|setUseSsl)$/.test(c.callee.last)))
    return [];
  return [plainHost(found, row.store, call.scope.guard, () => row.edits(call, code))];
}

function plainHost(
  { text, host }: { readonly text: CodeText; readonly host: string },
  store: string,
  guard: CodeScope["guard"],
  edits: () => readonly (Edit | undefined)[],
): PlainStore {
  return {
    at: placeOf(text),
    message: `${store} at ${host} is spoken to unencrypted`,
    severity: "info",
    guard,
    edits: () => {
      const made = edits();
      return made.every((e) => e !== undefined) ? made : undefined;
    },
  };
}

const goRedis: Library = {
  modules: /^github\.com\/(?:redis\/go-redis|go-redis\/redis)$/,
  members: /^(?:Universal|Cluster|Ring)?Options$/,
};

/** go-redis: `redis.Options{Addr: "cache:6379"}`. */
function byStruct(options: CodeOptions, code: CodeFile): readonly PlainStore[] {
  const { type, entries, isOpen } = options;
  if (type === undefined || isOpen || !isOf(type, goRedis) || entries.some((e) => e.name === "TLSConfig")) return [];
  if (code.facts.assignments.some((a) => a.target.last === "TLSConfig")) return [];
  const found = elsewhere(entries.find((e) => /^Addrs?$/.test(e.name))?.value);
  if (found === undefined) return [];
  const edits = (): readonly (Edit | undefined)[] => [
    ...importing(code, "crypto/tls"),
    withEntry(code, options, "TLSConfig: &tls.Config{}"),
  ];
  return [plainHost(found, "Redis", undefined, edits)];
}
