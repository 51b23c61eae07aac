/** The accounts with which services log in to databases and brokers. */
import {
  type ComposeProject,
  type Context,
  hole,
  type Service,
  type ServiceVariable,
  type Setting,
  type Span,
  withoutTrailing,
} from "../../../engine/index";
import { envFilesOf, writtenBy } from "./env-files";
import type { ServiceImage } from "../images/services";
import { pulledServer, serverOf } from "./images";
import { isAdminService, isDataService, isJob, keepsData } from "./roles";

/** A service's own login to a server. */
export interface Account {
  readonly service: Service;
  /** The user's name, where the compose file says it. */
  readonly at: Setting;
  /** The name, or `${VARIABLE}` where one decides that nobody knows. */
  readonly user: string;
  /** The host that it logs in to, as the service knows it. */
  readonly host: string;
  /** The service of the project behind that host. */
  readonly provider: Service | undefined;
  /** The kind of server, as `families` names it; undefined where nothing tells. */
  readonly family: string | undefined;
}

/** What servers are called in addresses and names of variables, and in the table of images. */
const families: readonly (readonly [family: string, words: RegExp])[] = [
  [
    "PostgreSQL",
    /^(?:postgres(?:ql)?|pg|pgsql|psql|postgis|timescale(?:db)?|cockroach(?:db)?|pgbouncer|yugabyte(?:db)?)$/,
  ],
  ["MySQL", /^(?:mysql2?|mysqli|mariadb|percona|aurora|tidb)$/],
  ["SQL Server", /^(?:mssql|sqlserver|sql server)$/],
  ["MongoDB", /^(?:mongo|mongodb)$/],
  ["Elasticsearch", /^(?:elastic|elasticsearch|opensearch)$/],
  ["Neo4j", /^(?:neo4j|neo4js|bolt)$/],
  ["Cassandra", /^(?:cassandra|scylla(?:db)?)$/],
  ["RabbitMQ", /^(?:rabbitmq|rabbit|amqps?)$/],
  ["ActiveMQ", /^(?:activemq(?: artemis)?|artemis)$/],
  ["Oracle Database", /^(?:oracle(?: database)?)$/],
  ["CouchDB", /^(?:couchdb)$/],
  ["ArangoDB", /^(?:arango(?:db)?)$/],
  ["ClickHouse", /^(?:clickhouse)$/],
  ["InfluxDB", /^(?:influx(?:db)?)$/],
  ["MinIO", /^(?:minio)$/],
];
const familyOf = (word: string): string | undefined =>
  families.find(([, words]) => words.test(word.toLowerCase().replace(/\+.*/s, "")))?.[0];

/** The accounts in the variables of a service; none of a server that keeps data itself. */
export function accountsOf(service: Service, context: Context): readonly Account[] {
  if (loginsOf(service).length === 0 || isDataService(service, context)) return [];
  const standing = standingAccounts(service, service.project);
  if (standing !== undefined) return standing;
  const all = context.once("accounts", () => new Map<Service, readonly Account[]>());
  const known = all.get(service);
  if (known !== undefined) return known;
  const found = findAccounts(service, (provider) => serverOf(provider, context));
  all.set(service, found);
  return found;
}

/**
 * The logins that the variables of a service say, be it a server itself or not, kept as long as it and those that it
 * logs in to stay the same. Undefined where a Dockerfile or a file with variables has a say.
 */
export function standingAccounts(service: Service, project: ComposeProject): readonly Account[] | undefined {
  const logins = loginsOf(service);
  if (logins.length === 0) return [];
  const grounds: object[] = [service];
  for (const { variable, host } of logins) {
    const provider = hostsIn(project).get(host);
    if (variable.isFromFile || provider?.build !== undefined) return undefined;
    grounds.push(provider ?? nobody);
  }
  return project.keep(`accounts of ${service.name}`, grounds, () => findAccounts(service, pulledServer));
}
const nobody = Object.freeze({});

type ServerOf = (provider: Service) => ServiceImage | undefined;

function findAccounts(service: Service, serverOf: ServerOf): readonly Account[] {
  const accounts = loginsOf(service).flatMap((login) => accountOf(login, service, serverOf));
  return accounts.filter((a, i) => accounts.findIndex((b) => b.user === a.user && b.host === a.host) === i);
}

const loginsOf = (service: Service): readonly Login[] =>
  service.once("logins", () =>
    service.environment.flatMap((variable) => {
      const found = inAddress(variable) ?? inKeys(variable) ?? beside(variable, service);
      return found === undefined ? [] : [{ ...found, variable }];
    }),
  );

interface Login extends Written {
  readonly variable: ServiceVariable;
}

/** What a variable's value says of a login. */
interface Written {
  /** The place of the user in the variable's value. */
  readonly span: Span;
  readonly host: string;
  readonly word: string | undefined;
}

function accountOf(login: Login, service: Service, serverOf: ServerOf): readonly Account[] {
  const { variable } = login;
  const setting = variable.value;
  const whole = writtenBy(variable, service);
  // A file that others get as well says little of what this one does.
  if (variable.isFromFile && isSharedFile(variable.source.file, service)) return [];
  if (setting === undefined || whole === undefined) return [];
  const part = setting.part(login.span.start, login.span.end);
  const user = nameOf(part);
  if (user === undefined) return [];
  const provider = hostsIn(service.project).get(login.host);
  const server = provider && serverOf(provider);
  if (server !== undefined && !keepsData(server)) return [];
  const family = (server && familyOf(server.name)) ?? (login.word === undefined ? undefined : familyOf(login.word));
  if (provider === undefined && family === undefined) return [];
  if (provider !== undefined && server === undefined && family === undefined) return [];
  return [{ service, at: variable.isFromFile ? whole : part, user, host: login.host, provider, family }];
}

const isSharedFile = (file: string, { project }: Service): boolean =>
  project.services.filter((s) => envFilesOf(s).some((f) => f.scalar.path === file)).length > 1;

/** The text; where it is not known, the one variable that it is. */
function nameOf(part: Setting): string | undefined {
  const { text } = part.scalar;
  if (!text.includes(hole)) return /^[\w.@%+-]+$/.test(text) ? text : undefined;
  const [variable, ...more] = part.variables;
  return text === hole && more.length === 0 && variable?.variable !== undefined
    ? `\${${variable.variable}}`
    : undefined;
}

/** The services of the project by the names under which others reach them. */
const hostsIn = (project: ComposeProject): ReadonlyMap<string, Service> =>
  project.once("services by host", () => byHost(project));

/** The first service that has a name keeps it. */
function byHost({ services }: ComposeProject): ReadonlyMap<string, Service> {
  const all = new Map<string, Service>();
  for (const service of services) for (const name of hostsOf(service)) if (!all.has(name)) all.set(name, service);
  return all;
}

const hostsOf = (service: Service): readonly string[] =>
  service.once("hosts", () => [
    service.name,
    ...["container_name", "hostname"].flatMap((key) => service.setting(key)?.scalar.text ?? []),
    ...service.networks.flatMap(({ name }) => service.settings("networks", name, "aliases").map((a) => a.scalar.text)),
  ]);

const address = /^(?:jdbc:)?([a-z][a-z0-9+.-]{1,30}):\/\/([^:@/?#\s{}]{1,100})(?::[^@/\s]{0,200})?@([\w.-]{1,200})/i;

/** `postgres://orders:…@db:5432/shop` */
function inAddress({ value }: ServiceVariable): Written | undefined {
  const match = value === undefined ? null : address.exec(value.scalar.text);
  if (match === null) return undefined;
  const [, scheme = "", user = "", host = ""] = match;
  if (familyOf(scheme) === undefined) return undefined;
  const start = (match[0] ?? "").indexOf("://") + 3;
  return { span: { start, end: start + user.length }, host, word: scheme };
}

const userKey = /(?:^|[;?&\s])(?:user id|uid|user|username|userid)[ \t]{0,3}=[ \t]{0,3}([^;&\s"']{1,100})/i;
const hostKey =
  /(?:^|[;?&\s])(?:server|data source|host|hostname|addr|address)[ \t]{0,3}=[ \t]{0,3}(?:tcp:)?([\w.-]{1,100})/i;
const javaHost = /^jdbc:([a-z0-9]{2,30}):\/\/([\w.-]{1,200})/i;

/** `Server=db;User Id=sa;…`, `host=db user=orders …`, `jdbc:mysql://db/shop?user=orders` */
function inKeys({ value, name }: ServiceVariable): Written | undefined {
  const text = value?.scalar.text ?? "";
  const user = text.includes("=") ? userKey.exec(text) : null;
  if (user === null) return undefined;
  const [, scheme, javaName] = javaHost.exec(text) ?? [];
  const host = javaName ?? hostKey.exec(text)?.[1];
  if (host === undefined) return undefined;
  const end = user.index + user[0].length;
  const isMicrosoft = /user id\s*=|initial catalog\s*=|trustservercertificate/i.test(text);
  const word = scheme ?? wordIn(name) ?? (isMicrosoft && user[1] === "sa" ? "mssql" : undefined);
  return { span: { start: end - (user[1] ?? "").length, end }, host, word };
}

const wordIn = (name: string): string | undefined =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .find((word) => familyOf(word) !== undefined);

const userName = /(?:USER|USERNAME|USER_NAME|UID|LOGIN)$/i;
const hostNames = [
  "HOST",
  "HOSTNAME",
  "SERVER",
  "ADDR",
  "ADDRESS",
  "URL",
  "URI",
  "ENDPOINT",
  "SERVICE",
  "SERVICE_HOST",
];

const plainHost = /^(?:jdbc:)?(?:([a-z][a-z0-9+.-]{1,30}):\/\/)?([\w.-]{1,200})(?=$|[:/;,?])/i;

/** `DB_USER` with `DB_HOST`, `SPRING_DATASOURCE_USERNAME` with `SPRING_DATASOURCE_URL`. */
function beside({ name, value }: ServiceVariable, service: Service): Written | undefined {
  const ending = userName.exec(name);
  if (ending === null || value === undefined || value.scalar.text === "") return undefined;
  const stem = withoutTrailing(name.slice(0, ending.index), "_");
  const hosts = hostNames.flatMap((word) => [
    `${stem}_${word}`,
    `${stem}${word}`,
    `${stem}__${word}`,
    `${stem}_URL_${word}`,
  ]);
  const wanted = new Set(hosts.map((h) => h.toUpperCase()));
  const found = service.environment.find((v) => wanted.has(v.name.toUpperCase()))?.value?.scalar.text;
  if (found === undefined) return undefined;
  const match = plainHost.exec(found);
  const host = match?.[2];
  if (host === undefined) return undefined;
  const isScheme = match?.[1] !== undefined && familyOf(match[1]) !== undefined;
  return { span: { start: 0, end: value.scalar.text.length }, host, word: isScheme ? match?.[1] : wordIn(name) };
}

/** Of two services with one key, the same program runs in both: as a worker, a scheduler, a replica. */
export function programKey(service: Service, context: Context): string {
  const { build, image } = service;
  if (build !== undefined) return `build ${build.dockerfilePath ?? build.folder ?? service.name}`;
  const repository = image?.reference?.repository ?? image?.scalar.text ?? service.name;
  return `image ${serverOf(service, context)?.name ?? repository.replace(helper, "")}`;
}
const helper = /[-_](?:workers?|web|server|api|app|scheduler|beat|cron|celery|queue|consumer|proxy)$/i;

/** It serves those who run the project, not those who use it: consoles, backups, migrations, what measures. */
export function isMaintenance(service: Service, context: Context): boolean {
  const image = service.image?.reference?.repository ?? "";
  const isUpkeep = (): boolean => upkeep.test(service.name) || upkeep.test(image);
  return isAdminService(service, context) || isJob(service) || service.once("is upkeep", isUpkeep);
}
const upkeep =
  /(?:^|[-_/])(?:backups?|dump|restore|migrat\w*|seed\w*|init|setup|flyway|liquibase|exporter|pgadmin\d?|adminer|phpmyadmin|dbadmin)(?:$|[-_/])/i;
