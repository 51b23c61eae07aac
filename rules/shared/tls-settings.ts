/** Settings that take TLS away, or the check of certificates from it, by their names and values. */
import type { Severity } from "../../engine/index";
import { addressesIn, isHost, nameTokens, withoutPort } from "./addresses";
import { insecureEnvironment, type ServiceImage, type Switch } from "./images/services";
import type { LocatedText } from "./located-text";
import { off, on, opposite, type Weakness, weaknessOfMode } from "./tls-parameters";
import { tlsSwitch } from "./tls-switches";

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

/** What a variable says, for a message; a long value may hold secrets beside the setting. */
export function sayingOf(name: string, value: string): string {
  if (value === "") return `${name} is empty`;
  return value.length > 24 || /[\s:@]/.test(value) ? name : `${name}=${value}`;
}

const hostTokens =
  /^(?:HOST|HOSTS|HOSTNAME|URL|URLS|URI|URIS|ENDPOINT|ENDPOINTS|SERVER|SERVERS|ADDR|ADDRS|ADDRESS|ADDRESSES|BROKER|BROKERS|DSN|NODES|PGHOST|CONNECTION|TARGET)$/;
const hostKey =
  /(?:^|[;,\s"'])(?:server|data source|host|hostname|hostaddr|addr|address|network address)\s?=\s?(?:tcp:)?["']?([\w.-]{1,253})/i;

/** The hosts that a text names, in lower case; undefined where it names none. */
export function hostsIn<T extends LocatedText<T>>(text: T): readonly string[] | undefined {
  const addresses = addressesIn(text);
  if (addresses.length > 0) return addresses.flatMap((a) => a.hosts);
  const { text: written } = text.scalar;
  const host = hostKey.exec(written)?.[1] ?? /@(?:\w{1,8}\()?([\w.-]{1,253})[:/)]/.exec(written)?.[1];
  return host === undefined ? undefined : [host.toLowerCase()];
}

/** Hosts in a list of them. */
export const plainHosts = (text: string): readonly string[] =>
  text
    .split(/[,\s]+/)
    .map(withoutPort)
    .filter(isHost);

/** The hosts of the variable whose name begins most like this one's, of those that name a host. */
export function hostsAmong<T extends LocatedText<T>>(
  name: string,
  variables: readonly { readonly name: string; readonly value: T | undefined }[],
): readonly string[] | undefined {
  const tokens = nameTokens(name);
  const isPostgres = tokens.length === 1 && tokens[0] === "PGSSLMODE";
  let best: { readonly length: number; readonly value: T } | undefined;
  for (const variable of variables) {
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
