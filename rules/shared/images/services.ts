import { type ImageReference, once } from "../../../engine/index";
import { imageTable, matchesGlob } from "./match";
import {
  type Credential,
  type FactoryLogin,
  option,
  type Port,
  type ServiceImage,
  type Switch,
  setting,
} from "./service";
import { consoles } from "./service-table/consoles";
import { messaging } from "./service-table/messaging";
import { platform } from "./service-table/platform";
import { relational } from "./service-table/relational";
import { stores } from "./service-table/stores";
import { tools } from "./service-table/tools";
import { inRange } from "./tag";

export type { Credential, FactoryLogin, Port, ServiceImage, ServiceKind, Switch, Tls } from "./service";

/** Every server image that is known, the more special patterns first. */
export const serviceImages: readonly ServiceImage[] = [
  ...relational,
  ...stores,
  ...messaging,
  ...platform,
  ...consoles,
  ...tools,
];

/** In any namespace and from any mirror; undefined for an image that the tables do not know. */
export const serviceImage = (reference: ImageReference): ServiceImage | undefined =>
  once(reference, "service", () => findService(reference));

const servicesFor = imageTable(serviceImages, ({ patterns }) => patterns);

function findService(reference: ImageReference): ServiceImage | undefined {
  return servicesFor(reference)[0];
}

/** The service that a server program belongs to: `redis-server`, `/usr/local/bin/mongod`. */
export function serviceOfProgram(word: string): ServiceImage | undefined {
  const program = word.slice(word.lastIndexOf("/") + 1);
  return byProgram.get(program);
}

const byProgram: ReadonlyMap<string, ServiceImage> = new Map(
  serviceImages.flatMap((image) => image.programs.map((program) => [program, image] as const)).reverse(),
);

export function includesPort(ports: readonly Port[], port: number): boolean {
  return ports.some((entry) => (typeof entry === "number" ? entry === port : entry[0] <= port && port <= entry[1]));
}

/** The plane that a container port belongs to; `admin` where it serves both. Undefined for a port not listed. */
export function planeOf(
  service: ServiceImage,
  port: number,
  protocol: "tcp" | "udp",
): "data" | "admin" | "ordinary" | undefined {
  if (protocol === "udp") return includesPort(service.udpPorts, port) ? "data" : undefined;
  if (includesPort(service.dataPorts, port)) return "data";
  if (includesPort(service.adminPorts, port)) return "admin";
  return includesPort(service.ordinaryPorts, port) ? "ordinary" : undefined;
}

/** The credential of the service that a variable holds; undefined also for its `_FILE` variant. */
export function credentialOf(service: ServiceImage, variable: string): Credential | undefined {
  return service.credentials.find((credential) => credential.variable === variable);
}

/** Whether the image asks nobody who they are unless it is told to; false where the version is not known. */
export function isOpenByDefault(service: ServiceImage, reference: ImageReference): boolean {
  if (typeof service.openByDefault === "boolean") return service.openByDefault;
  return inRange(reference, service.openByDefault) === true;
}

/** The logins that work in this version as long as none of their `replacedBy` variables is set. */
export function factoryLogins(service: ServiceImage, reference: ImageReference): readonly FactoryLogin[] {
  return service.factoryLogins.filter((factory) => inRange(reference, factory) === true);
}

/** How people write a switch in variables, options and files. */
const on: ReadonlySet<string> = new Set(["1", "true", "yes", "on", "y", "enabled", "enable"]);
const off: ReadonlySet<string> = new Set(["0", "false", "no", "off", "n", "disabled", "disable"]);

function fits(wanted: Switch["value"], text: string): boolean {
  const value = text.trim().toLowerCase();
  if (wanted === "any") return true;
  if (wanted === "on") return on.has(value);
  if (wanted === "off") return off.has(value);
  if (wanted === "empty") return value === "" || value === "''" || value === '""';
  if ("is" in wanted) return wanted.is.some((word) => word.toLowerCase() === value);
  return wanted.has.some((part) => value.includes(part.toLowerCase()));
}

/** Switches of frameworks and of no image in particular (general knowledge, 2026-08). */
const everywhere: readonly Switch[] = [
  setting("management.endpoints.web.exposure.include", { is: ["*"] }, { weakens: "exposure", severity: "warning" }),
  setting("spring.h2.console.enabled", "on", { weakens: "exposure", severity: "warning" }),
  option("--no-auth", "any", { anywhere: true }),
  option("--noauth", "any", { anywhere: true }),
  option("--auth", { is: ["none"] }, { anywhere: true }),
];

/** Switches whose names say enough by themselves. */
const telling: readonly Switch[] = [
  ...serviceImages.flatMap(({ insecureSwitches }) => insecureSwitches.filter(({ anywhere }) => anywhere)),
  ...everywhere,
];

const settingName = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9*]/g, "_");

/** Switches by the place that they are read in and the name they have there, in the table's order. */
interface SwitchTable {
  /** Variables whose names hold no `*`. */
  readonly variables: SwitchNames;
  readonly openVariables: readonly Switch[];
  /** Settings by the name of their variable. */
  readonly variableSettings: SwitchNames;
  /** Options, long ones in lower case. */
  readonly options: SwitchNames;
  readonly settings: SwitchNames;
  /** Lines of files: config switches and settings. */
  readonly lines: SwitchNames;
  readonly order: ReadonlyMap<Switch, number>;
}
type SwitchNames = ReadonlyMap<string, readonly Switch[]>;

function switchTable(switches: readonly Switch[]): SwitchTable {
  const by = (places: readonly Switch["where"][], nameOf: (name: string) => string): SwitchNames => {
    const names = new Map<string, Switch[]>();
    for (const entry of switches) {
      if (!places.includes(entry.where)) continue;
      const name = nameOf(entry.name);
      names.set(name, [...(names.get(name) ?? []), entry]);
    }
    return names;
  };
  const asIs = (name: string): string => name;
  return {
    variables: by(["environment"], asIs),
    openVariables: switches.filter(({ where, name }) => where === "environment" && name.includes("*")),
    variableSettings: by(["setting"], settingName),
    options: by(["option"], optionKey),
    settings: by(["setting"], asIs),
    lines: by(["config", "setting"], asIs),
    order: new Map(switches.map((entry, at) => [entry, at] as const).reverse()),
  };
}

/** Long options are written in any case (Traefik, MongoDB); `-H` and `-h` are two options. */
const optionKey = (name: string): string => (name.startsWith("--") ? name.toLowerCase() : name);
const tellingTable = switchTable(telling);
const ownTables: ReadonlyMap<ServiceImage, SwitchTable> = new Map(
  serviceImages
    .filter(({ insecureSwitches }) => insecureSwitches.length > 0)
    .map((image) => [image, switchTable(image.insecureSwitches)]),
);

/** The first, in the order of the tables, that `find` finds in the services' own tables or in that of all images. */
function firstSwitch<T>(
  services: readonly (ServiceImage | undefined)[],
  find: (table: SwitchTable) => T | undefined,
): T | undefined {
  for (const service of services) {
    const own = service === undefined ? undefined : ownTables.get(service);
    const found = own === undefined ? undefined : find(own);
    if (found !== undefined) return found;
  }
  return find(tellingTable);
}

/**
 * The protection that a variable takes away. `service` is the image's, where it is known: some names say enough in
 * their own image only. Undefined for a value that switches nothing off, and for every unknown name.
 */
export function insecureEnvironment(name: string, value: string, service?: ServiceImage): Switch | undefined {
  const asSetting = settingName(name);
  const found = firstSwitch([service], ({ variables, openVariables, variableSettings, order }) => {
    const candidates = [
      ...(variables.get(name) ?? []),
      ...openVariables.filter((open) => matchesGlob(name, open.name)),
      ...(variableSettings.get(asSetting) ?? []),
    ];
    return first(candidates, order, ({ value: bad }) => fits(bad, value));
  });
  return found ?? anyImage(name, value);
}

function first(
  candidates: readonly Switch[],
  order: SwitchTable["order"],
  counts: (candidate: Switch) => boolean,
): Switch | undefined {
  if (candidates.length === 0) return undefined;
  const counting = candidates.filter(counts);
  return counting.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))[0];
}

/** Names that end with a switch for one way of logging in, among others that stay. */
const oneOfSeveral: ReadonlySet<string> = new Set([
  "LDAP",
  "SAML",
  "OIDC",
  "OAUTH",
  "OAUTH2",
  "KERBEROS",
  "GOOGLE",
  "GITHUB",
  "GITLAB",
  "AZURE",
  "AZUREAD",
  "FACEBOOK",
  "TWITTER",
  "SOCIAL",
  "PROXY",
  "HEADER",
  "JWT",
  "CERT",
  "TWO",
  "FACTOR",
  "2FA",
  "MFA",
  "SMTP",
  "MAIL",
  "EMAIL",
  "LOCAL",
]);
/** "Anonymous" as in numbers about the users, not as in people without a login. */
const statistics = /TELEMETRY|USAGE|STAT|ANALYTIC|METRIC|REPORT|TRACK|DATA/;

const bitnamiSwitches: ReadonlySet<string> = new Set([
  "ALLOW_EMPTY_PASSWORD",
  "ALLOW_ANONYMOUS_LOGIN",
  "ALLOW_PLAINTEXT_LISTENER",
  "ALLOW_NONE_AUTHENTICATION",
]);

/** The names that mean the same in whatever image they stand (general knowledge, 2026-08). */
function anyImage(name: string, value: string): Switch | undefined {
  if (!/AUTH|ALLOW_|ANONYMOUS_|SECURITY_ENABLED/.test(name)) return undefined;
  const words = name.split("_");
  const text = value.trim().toLowerCase();
  const isOn = on.has(text);
  const isOff = off.has(text);
  const before = (last: string): string => words[words.lastIndexOf(last) - 1] ?? "";
  const known =
    (bitnamiSwitches.has(name) && isOn) ||
    (/(?:^|_)AUTH_ENABLED$/.test(name) && isOff && !oneOfSeveral.has(before("AUTH"))) ||
    (/(?:^|_)DISABLE_AUTH(?:ENTICATION|ORIZATION)?$/.test(name) && isOn) ||
    (/(?:^|_)AUTH_DISABLED$/.test(name) && isOn && !oneOfSeveral.has(before("AUTH"))) ||
    (name === "AUTH_TYPE" && (text === "none" || text === "disabled")) ||
    (/(?:^|_)ANONYMOUS(?:_[A-Z]+)*_ENABLED$/.test(name) && isOn && !statistics.test(name)) ||
    (name === "SECURITY_ENABLED" && isOff) ||
    (/(?:^|_)NO_AUTH$/.test(name) && isOn && !oneOfSeveral.has(before("NO")));
  if (!known) return undefined;
  const weakens = name === "ALLOW_PLAINTEXT_LISTENER" ? "encryption" : "authentication";
  return { where: "environment", name, value: "any", weakens, severity: "error", anywhere: true };
}

export interface InsecureOption {
  readonly found: Switch;
  /** The words of the option and its value: from this one … */
  readonly from: number;
  /** … to before this one. */
  readonly to: number;
}

/**
 * The options in the words of one command (quotes already removed) that take protection away. The command's own
 * program, `redis-server`, tells the service where the image does not.
 */
export function insecureOptions(words: readonly string[], service?: ServiceImage): readonly InsecureOption[] {
  const firstOption = words.findIndex((word) => word.startsWith("-") && word !== "--");
  const leading = firstOption < 0 ? words : words.slice(0, firstOption);
  const ofProgram = leading.map(serviceOfProgram).find((known) => known !== undefined);
  const services = [service, ofProgram];
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    const found = firstSwitch(services, (table) => optionAt(table, word, next));
    return found === undefined ? [] : [{ found, from: at, to: at + optionLength(found, word, next) }];
  });
}

function optionAt(
  { options, settings, order }: SwitchTable,
  word: string,
  next: string | undefined,
): Switch | undefined {
  const candidates = options.get(optionKey(keyOf(word))) ?? none;
  const named = settings.get(keyOf(settingWord(word))) ?? none;
  const all = named === none ? candidates : [...candidates, ...named];
  return first(all, order, (candidate) => optionLength(candidate, word, next) > 0);
}

const none: readonly Switch[] = [];
const settingWord = (word: string): string => word.replace(/^(?:-E|-D|--)/, "");

function keyOf(word: string): string {
  const equals = word.indexOf("=");
  return equals < 0 ? word : word.slice(0, equals);
}

/** How many words the switch takes from here; 0 where it does not stand here. */
function optionLength({ where, name, value }: Switch, word: string, next: string | undefined): number {
  if (where !== "option" && where !== "setting") return 0;
  const written = where === "setting" ? settingWord(word) : word;
  const equals = written.indexOf("=");
  const key = keyOf(written);
  const same = where === "setting" ? key === name : optionKey(key) === optionKey(name);
  if (!same) return 0;
  if (equals >= 0) return fits(value, written.slice(equals + 1)) ? 1 : 0;
  if (value === "any") return 1;
  if (where === "setting") return 0;
  if (next !== undefined && !next.startsWith("-") && fits(value, next)) return 2;
  return value === "on" && (next === undefined || !off.has(next.toLowerCase())) ? 1 : 0;
}

/** The protection that a line of a configuration file takes away: `name value`, `name = value`, `name: value`. */
export function insecureConfigLine(line: string, service?: ServiceImage): Switch | undefined {
  const match = /^\s*(?:-\s+)?["']?([\w.*-]+)["']?(?:\s*[:=]|\s)(.*)$/.exec(line);
  if (match === null) return undefined;
  const [, key = "", rest = ""] = match;
  const value = rest
    .trimStart()
    .replace(/\s#.*$/, "")
    .trim()
    .replace(/[;,]$/, "")
    .replace(/^["'](.*)["']$/, "$1");
  return firstSwitch([service], ({ lines }) => lines.get(key)?.find(({ value: bad }) => fits(bad, value)));
}
