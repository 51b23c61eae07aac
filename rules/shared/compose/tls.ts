/** Settings that take TLS away from a service's connections, or the check of certificates from its TLS. */
import {
  contains,
  type Command,
  type Context,
  type Edit,
  type Program,
  type RunningInstruction,
  type Service,
  type ServiceVariable,
  type Setting,
  type Severity,
  type Span,
} from "../../../engine/index";
import { insecureEnvironment, insecureOptions, type ServiceImage, type Switch } from "../images/services";
import { tlsSwitch } from "../tls-switches";
import { unverifiedTls, type UnverifiedTls } from "../unverified-tls";
import { off, on, opposite, weaknessOfMode, type Weakness } from "./tls-parameters";
import { isPublished } from "./publishing";
import { serverOf } from "./images";
import { addressesIn, isHost, nameTokens, standingOf, withoutPort, type Saying } from "./endpoints";

/** What a variable of its name and value takes away. */
export interface NamedSwitch {
  readonly weakness: Weakness;
  /** For a message; undefined where name and value say it. */
  readonly effect?: string;
  /** Softer than the rule's own. */
  readonly severity?: Severity;
  /** What to write for the value instead; undefined where the variable had better go. */
  readonly better?: string;
  /** It is a setting of the server itself, not of its calls. */
  readonly isOfServer: boolean;
}

/** Variables that only say that TLS is off stand in the list of switches as well; here they are a matter of their own. */
const saysOff = /^(?:OTEL_EXPORTER_OTLP\w*_INSECURE|DOCKER_TLS_CERTDIR)$/;
/**
 * The docker client verifies as soon as its variable holds anything. The others are about names, passwords, and what
 * PgBouncer asks of its clients.
 */
const saysNothing = /^(?:DOCKER_TLS_VERIFY|KC_HOSTNAME_STRICT|POSTGRES_HOST_AUTH_METHOD|.*CLIENT_TLS_SSLMODE)$/;
const offNames = [
  /(?:^|[_.])(?:SSL|TLS)(?:[_.]?(?:ENABLED?|ON|MODE))?$/i,
  /(?:^|[_.])(?:USE|ENABLE|WITH)[_.]?(?:SSL|TLS)$/i,
  /(?:^|[_.])PG?SSLMODE$/i,
];
const onNames = [/(?:^|[_.])(?:DISABLE|NO|SKIP|WITHOUT)[_.](?:SSL|TLS)$/i, /(?:^|[_.])(?:SSL|TLS)[_.]DISABLED?$/i];

/** Undefined where the variable weakens nothing. */
export function namedSwitch(name: string, value: string, server: ServiceImage | undefined): NamedSwitch | undefined {
  if (saysNothing.test(name) || server?.tls?.variables[name] === value) return undefined;
  const table = insecureEnvironment(name, value, server);
  if (table !== undefined) return fromTable(table, name, value);
  const check = saysOff.test(name) ? undefined : tlsSwitch(name, value);
  if (check !== undefined) {
    const severity = check.severity === undefined ? {} : { severity: check.severity };
    return { weakness: "unchecked", effect: check.effect, ...severity, isOfServer: false };
  }
  return value === "" ? undefined : byName(name, value);
}

function fromTable({ weakens, severity: own }: Switch, name: string, value: string): NamedSwitch | undefined {
  if (weakens !== "encryption" && weakens !== "verification") return undefined;
  // Listeners of Kafka are looked at one by one.
  if (/LISTENER_SECURITY_PROTOCOL_MAP$/.test(name)) return undefined;
  const softer = own === "info" ? { severity: own } : {};
  if (weakens === "verification") return { weakness: "unchecked", ...softer, isOfServer: false };
  const better = on.test(value) || off.test(value) ? { better: opposite("", value) } : {};
  if (/COOKIE/.test(name)) {
    const effect = "the cookie that stands for a login is sent over plain http as well";
    return { weakness: "off", effect, ...softer, ...better, isOfServer: true };
  }
  // Nobody publishes what the nodes of a cluster tell each other.
  const severity = /transport/i.test(name) ? { severity: "info" as const } : softer;
  return { weakness: "off", ...severity, ...better, isOfServer: !/^OTEL_/.test(name) };
}

function byName(name: string, value: string): NamedSwitch | undefined {
  const better = opposite(/mode$/i.test(name) ? "mode" : "", value);
  const own = { better, isOfServer: false };
  if (/ssl[_.]?mode$/i.test(name)) {
    const weakness = weaknessOfMode(value);
    return weakness === undefined ? undefined : { weakness, ...own };
  }
  if (offNames.some((n) => n.test(name)) && off.test(value) && !/(?:^|[_.])(?:NO|DISABLE|SKIP|WITHOUT)[_.]/i.test(name))
    return { weakness: "off", ...own };
  if (onNames.some((n) => n.test(name)) && on.test(value)) return { weakness: "off", ...own };
  if (/[_.]INSECURE$/i.test(name) && on.test(value) && !/COOKIE|API[_.]INSECURE|ALLOW/i.test(name))
    return { weakness: "off", ...own };
  if (/SECURITY[_.]PROTOCOL$/i.test(name) && /^(?:SASL_)?PLAINTEXT$/i.test(value))
    return { weakness: "off", better: /^SASL/i.test(value) ? "SASL_SSL" : "SSL", isOfServer: false };
  if (/REJECT_?UNAUTHORIZED$/i.test(name) && off.test(value)) return { weakness: "unchecked", ...own };
  if (/VERIFICATION_?MODE$/i.test(name) && /ssl|tls/i.test(name) && /^none$/i.test(value))
    return { weakness: "unchecked", better: "full", isOfServer: false };
  if (/(?:INSECURE_?SKIP_?VERIFY|TLS_ALLOW_(?:INVALID_)?CERT(?:IFICATE)?S)$/i.test(name) && on.test(value))
    return { weakness: "unchecked", ...own };
  return undefined;
}

/** The known value of a variable that somebody set; an empty one that is only passed on sets nothing. */
export function valueOf({ value, isFromFile }: ServiceVariable): string | undefined {
  if (value === undefined || isFromFile || !value.value.known) return undefined;
  return value.value.value === "" && value.variables.length > 0 ? undefined : value.value.value.trim();
}

/** What a variable says, for a message; a long value may hold secrets beside the setting. */
export function sayingOf(name: string, value: string): string {
  if (value === "") return `${name} is empty`;
  return value.length > 24 || /[\s:@]/.test(value) ? name : `${name}=${value}`;
}

/** The place of the name, for a value that is empty. */
export function nameOf({ nameSpan, file }: ServiceVariable): Span & { readonly file: string } {
  return { start: nameSpan.start, end: nameSpan.end, file };
}

const hostTokens =
  /^(?:HOST|HOSTS|HOSTNAME|URL|URLS|URI|URIS|ENDPOINT|ENDPOINTS|SERVER|SERVERS|ADDR|ADDRS|ADDRESS|ADDRESSES|BROKER|BROKERS|DSN|NODES|PGHOST|CONNECTION|TARGET)$/;
const hostKey =
  /(?:^|[;,\s"'])(?:server|data source|host|hostname|hostaddr|addr|address|network address)\s?=\s?(?:tcp:)?["']?([\w.-]{1,253})/i;

/**
 * The hosts that a setting is about, as far as the text around it or the variables beside it tell: in lower case. Empty
 * where they are named but not known, undefined where nothing names them.
 */
function hostsAround(saying: Saying, service: Service): readonly string[] | undefined {
  const own = hostsIn(saying.at);
  if (own !== undefined) return own;
  if (saying.program !== undefined) return hostsOfCommand(saying.program.words);
  return saying.by === "variable" ? hostsBeside(saying.name, service) : undefined;
}

function hostsIn(text: Setting): readonly string[] | undefined {
  const addresses = addressesIn(text);
  if (addresses.length > 0) return addresses.flatMap((a) => a.hosts);
  const { text: written } = text.scalar;
  const host = hostKey.exec(written)?.[1] ?? /@(?:\w{1,8}\()?([\w.-]{1,253})[:/)]/.exec(written)?.[1];
  return host === undefined ? undefined : [host.toLowerCase()];
}

function hostsOfCommand(words: readonly Setting[]): readonly string[] | undefined {
  const named = words.flatMap((word, i) => {
    const { text } = word.scalar;
    const option = /^(?:--?(?:host|hostname|server|addr|address|endpoint|url))(?:=(.*))?$|^-h$/.exec(text);
    const value = option?.[1] ?? (option === null ? undefined : words[i + 1]?.scalar.text);
    return value === undefined ? (hostsIn(word) ?? []) : plainHosts(value);
  });
  return named.length === 0 ? undefined : named;
}

const plainHosts = (text: string): readonly string[] =>
  text
    .split(/[,\s]+/)
    .map(withoutPort)
    .filter(isHost);

/** Of the variables whose names begin alike, the one that begins most alike and names a host. */
function hostsBeside(name: string, service: Service): readonly string[] | undefined {
  const tokens = nameTokens(name);
  const isPostgres = tokens.length === 1 && tokens[0] === "PGSSLMODE";
  let best: { readonly length: number; readonly value: Setting } | undefined;
  for (const variable of service.environment) {
    const { value } = variable;
    const other = nameTokens(variable.name);
    if (value === undefined || variable.name === name || !hostTokens.test(other.at(-1) ?? "")) continue;
    const differs = tokens.findIndex((t, i) => t !== other[i]);
    const length = isPostgres && other[0] === "PGHOST" ? 1 : differs < 0 ? tokens.length : differs;
    if (length > (best?.length ?? 0)) best = { length, value };
  }
  if (best === undefined) return undefined;
  const { value } = best;
  return hostsIn(value) ?? plainHosts(value.scalar.text);
}

/** Where the connections go that a setting is about; `unknown` where nobody can tell. */
export type Link = "itself" | "inside" | "outside" | "unknown";

export const linkOf = (saying: Saying, service: Service, context: Context): Link =>
  linkTo(hostsAround(saying, service), service, context);

export function linkTo(hosts: readonly string[] | undefined, service: Service, context: Context): Link {
  if (hosts === undefined || hosts.length === 0) return "unknown";
  const standings = hosts.map((h) => standingOf(h, service, context).at);
  if (standings.some((s) => s === "public" || s === "document")) return "outside";
  return standings.every((s) => s === "itself") ? "itself" : "inside";
}

/**
 * A setting of a connection (`saying`), or of the service's own listeners: info where nothing leaves the project, or
 * nobody knows whether it does. Undefined where nothing leaves the container.
 */
export function plainSeverity(
  saying: Saying | undefined,
  weakness: Weakness,
  service: Service,
  context: Context,
): Severity | undefined {
  const link = saying === undefined ? "unknown" : linkOf(saying, service, context);
  if (link === "itself") return undefined;
  if (link === "inside" || weakness === "optional") return "info";
  if (link === "outside") return "warning";
  if (saying === undefined || serverOf(service, context) !== undefined) return isReached(service) ? "warning" : "info";
  // A service that is alone in its project speaks to somebody outside of it.
  return service.project.services.length > 1 || service.project.isOpen ? "info" : "warning";
}

function isReached(service: Service): boolean {
  const mode = service.networkMode?.value;
  return isPublished(service) || (mode?.known === true && mode.value === "host");
}

/** `NODE_TLS_REJECT_UNAUTHORIZED=0` of `NODE_TLS_REJECT_UNAUTHORIZED=0 node app.js`. */
export interface CommandAssignment extends Span {
  readonly name: string;
  readonly value: string;
}

/** The assignments of a program's scripts: before a command, behind `env` and `export`, and alone. */
export function assignedIn(program: Program): readonly CommandAssignment[] {
  const { commands } = program;
  const alone = [...new Set(commands.map((c) => c.script))].flatMap((s) => s.assignments);
  const before = [...alone, ...commands.flatMap((c) => c.assignments)].flatMap(({ name, value, start, end }) => {
    const text = value === undefined ? "" : value.text;
    return text === undefined ? [] : [{ name, value: text, start, end }];
  });
  const behind = commands
    .flatMap((c) => c.wrappers.flatMap((w) => w.words))
    .flatMap(({ text, start, end }) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/.exec(text ?? "") ?? [];
      return name === undefined || value === undefined ? [] : [{ name, value, start, end }];
    });
  return [...before, ...behind];
}

/** An option that weakens TLS, after the table of server images. */
export interface WeakOption extends Span {
  readonly found: Switch;
  /** As written, without quotes. */
  readonly text: string;
}

export function weakOptions(
  command: Command,
  weakens: "encryption" | "verification",
  server: ServiceImage | undefined,
): readonly WeakOption[] {
  const { words } = command;
  return insecureOptions(
    words.map((w) => w.source),
    server,
  ).flatMap(({ found, from, to }) => {
    const [first, last] = [words[from], words[to - 1]];
    if (found.weakens !== weakens || first === undefined || last === undefined) return [];
    const text = words
      .slice(from, to)
      .map((w) => w.source)
      .join(" ");
    return [{ found, text, start: first.start, end: last.end }];
  });
}

/** A Dockerfile's command is taken out together with its instruction; here none is there, and none is asked for. */
const noInstruction = undefined as unknown as RunningInstruction;

/** What a command does that turns checks off, after the manuals of the program that it runs. */
export const uncheckedIn = (command: Command): readonly UnverifiedTls[] =>
  unverifiedTls(command, noInstruction).map((found) =>
    found.start === command.start && found.end === command.end ? { ...found, remove: () => command.remove() } : found,
  );

/** Takes one word out of a command; undefined where more than one stands at the place. */
export function withoutWord(program: Program, command: Command, at: Span): readonly Edit[] | undefined {
  if (command.script.form === "exec" && program.datum.kind === "sequence") {
    const [item, ...others] = program.words.filter((w) => contains(at, w));
    return others.length > 0 ? undefined : item?.remove();
  }
  const [word, ...others] = command.written.filter((w) => contains(at, w));
  return word === undefined || others.length > 0 ? undefined : [command.removeWord(word)];
}

/** Everything that a service runs. */
export const programsOf = ({ command, entrypoint, healthTest, hooks }: Service): readonly Program[] =>
  [command, entrypoint, healthTest, ...hooks.map((h) => h.program)].filter((p) => p !== undefined);
