import type { ImagePattern } from "./match";
import type { VersionRange } from "./tag";

export type ServiceKind =
  | "relational"
  | "document"
  | "graph"
  | "search"
  | "vector"
  | "object-store"
  | "cache"
  | "broker"
  | "coordination"
  | "secrets"
  | "identity"
  | "gateway"
  | "admin-ui"
  | "observability"
  | "delivery"
  | "processing"
  | "tool"
  | "application"
  | "mail";

/** A container port, or a range of them with both ends. */
export type Port = number | readonly [first: number, last: number];

export interface Credential {
  readonly variable: string;
  readonly role: "secret" | "user" | "database";
  /** The variable that names a file with the value instead; undefined where the image reads none. */
  readonly fileVariable: string | undefined;
}

/** What a value must be to count: read without regard to case and surrounding blanks. */
export type SwitchValue =
  | "on"
  | "off"
  | "empty"
  | "any"
  | { readonly is: readonly string[] }
  | { readonly has: readonly string[] };

/** A setting that takes protection away. */
export interface Switch {
  /**
   * `environment`: a variable, `*` in its name allowed. `option`: a word of a command line. `setting`: a dotted name
   * that people write as variable, option (`-E name=value`) or line of a file. `config`: a line of a file.
   */
  readonly where: "environment" | "option" | "setting" | "config";
  readonly name: string;
  readonly value: SwitchValue;
  readonly weakens: "authentication" | "authorization" | "encryption" | "verification" | "exposure";
  readonly severity: "error" | "warning" | "info";
  /** The name says enough to be believed in every image; else only in its own. */
  readonly anywhere: boolean;
  /** The versions of its own image that know the switch; every one where left out. */
  readonly range?: VersionRange;
}

/** The login that works while nobody sets another. */
export interface FactoryLogin extends VersionRange {
  readonly user: string;
  readonly password: string;
  /** Setting one of these variables replaces it. */
  readonly replacedBy: readonly string[];
}

/** What turns authentication on in an image that is open without it. */
export interface AuthenticationSwitches {
  readonly variables: readonly string[];
  readonly options: readonly string[];
}

export interface Tls {
  /** Variables with the value that turns TLS on. */
  readonly variables: Readonly<Record<string, string>>;
  readonly options: readonly string[];
  /** What clients must write, or what stands in a file. */
  readonly note: string | undefined;
}

/** What is known about a server image, so that the container files that use it can be judged. */
export interface ServiceImage {
  readonly name: string;
  readonly kind: ServiceKind;
  readonly patterns: readonly ImagePattern[];
  /** Names of its server programs, for commands in images that carry it under another name. */
  readonly programs: readonly string[];
  /** Ports of the data plane; all of them TCP. */
  readonly dataPorts: readonly Port[];
  readonly adminPorts: readonly Port[];
  readonly ordinaryPorts: readonly Port[];
  /** Ports of data and admin plane that are spoken to over UDP (as well). */
  readonly udpPorts: readonly Port[];
  readonly credentials: readonly Credential[];
  readonly factoryLogins: readonly FactoryLogin[];
  /** Published example secrets that are in use as they are. */
  readonly knownSecrets: readonly string[];
  /** No authentication unless configured; a range where it depends on the version. */
  readonly openByDefault: boolean | VersionRange;
  readonly authenticatedBy: AuthenticationSwitches;
  readonly insecureSwitches: readonly Switch[];
  readonly tls: Tls | undefined;
  /** Checked against the project's own documentation at the table's date; else general knowledge. */
  readonly verified: boolean;
}

type Optional = Partial<Omit<ServiceImage, "name" | "kind" | "patterns">>;

export function service(
  name: string,
  kind: ServiceKind,
  patterns: readonly ImagePattern[],
  facts: Optional,
): ServiceImage {
  return {
    name,
    kind,
    patterns,
    programs: [],
    dataPorts: [],
    adminPorts: [],
    ordinaryPorts: [],
    udpPorts: [],
    credentials: [],
    factoryLogins: [],
    knownSecrets: [],
    openByDefault: false,
    authenticatedBy: { variables: [], options: [] },
    insecureSwitches: [],
    tls: undefined,
    verified: false,
    ...facts,
  };
}

function credentials(role: Credential["role"], suffix: string | undefined, variables: readonly string[]): Credential[] {
  return variables.map((variable) => ({
    variable,
    role,
    fileVariable: suffix === undefined ? undefined : `${variable}${suffix}`,
  }));
}

/** Secrets that the image reads from the variable only. */
export const secrets = (...variables: readonly string[]): Credential[] => credentials("secret", undefined, variables);
/** Secrets that the image also reads from the file named by `NAME_FILE`. */
export const fileSecrets = (...variables: readonly string[]): Credential[] => credentials("secret", "_FILE", variables);
/** Secrets that the image also reads from the file named by `NAME__FILE`. */
export const doubleFileSecrets = (...variables: readonly string[]): Credential[] =>
  credentials("secret", "__FILE", variables);
export const users = (...variables: readonly string[]): Credential[] => credentials("user", undefined, variables);
export const fileUsers = (...variables: readonly string[]): Credential[] => credentials("user", "_FILE", variables);
export const databases = (...variables: readonly string[]): Credential[] =>
  credentials("database", undefined, variables);

type SwitchTraits = Partial<Pick<Switch, "weakens" | "severity" | "anywhere" | "range">>;

export function variable(name: string, value: SwitchValue, traits: SwitchTraits = {}): Switch {
  return { where: "environment", name, value, weakens: "authentication", severity: "error", anywhere: true, ...traits };
}

/** An option whose value follows as next word or after `=`; `any` needs no value. */
export function option(name: string, value: SwitchValue = "any", traits: SwitchTraits = {}): Switch {
  return { where: "option", name, value, weakens: "authentication", severity: "error", anywhere: false, ...traits };
}

export function setting(name: string, value: SwitchValue, traits: SwitchTraits = {}): Switch {
  return { where: "setting", name, value, weakens: "authentication", severity: "error", anywhere: true, ...traits };
}

export function config(name: string, value: SwitchValue, traits: SwitchTraits = {}): Switch {
  return { where: "config", name, value, weakens: "authentication", severity: "error", anywhere: false, ...traits };
}

export function tls(variables: Readonly<Record<string, string>>, options: readonly string[] = [], note?: string): Tls {
  return { variables, options, note };
}

export function login(
  user: string,
  password: string,
  replacedBy: readonly string[] = [],
  range: VersionRange = {},
): FactoryLogin {
  return { user, password, replacedBy, ...range };
}

export function authenticated(variables: readonly string[], options: readonly string[] = []): AuthenticationSwitches {
  return { variables, options };
}
