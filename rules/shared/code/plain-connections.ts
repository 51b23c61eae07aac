/** Connections that service code makes without TLS: by addresses of plain schemes, and by clients that know no other way. */
import {
  type CodeAssignment,
  type CodeCall,
  type CodeFile,
  type CodeValue,
  type Context,
  type Edit,
  overlaps,
  type Span,
} from "../../../engine/index";
import { withoutPort } from "../addresses";
import { type Endpoint, endpointsOf, type HostClass, hostClass } from "./endpoints";
import { isOff } from "./frameworks";
import { argumentOf, isOf, type Library } from "./origins";
import { firstFrom, spanOf } from "./values";
import { sendsCredentials } from "./sent-credentials";

export interface PlainConnection extends Span {
  /** For a message: `http`. */
  readonly protocol: string;
  readonly class: HostClass;
  /** In lower case; undefined where it is not known in whole. */
  readonly host: string | undefined;
  /** What tells the host where that is not known. */
  readonly from: string | undefined;
  readonly name: string | undefined;
  readonly guard: CodeCall["scope"]["guard"];
  hasLogin(): boolean;
  /** The encrypted one in its place. */
  encrypted(): readonly Edit[] | undefined;
}

interface Scheme {
  readonly secure?: string;
  readonly port?: string;
}
const schemes: ReadonlyMap<string, Scheme> = new Map([
  ["http", { secure: "https", port: "80" }],
  ["ws", { secure: "wss", port: "80" }],
  ["ftp", { secure: "ftps", port: "21" }],
  ["telnet", {}],
  ["tftp", {}],
  ["rsync", {}],
]);

/** Every one of the file, in the order of the text. */
export function plainConnections(code: CodeFile, context: Context): readonly PlainConnection[] {
  return context.once("plain connections of the code", () =>
    [...plainAddresses(code, context), ...plainClients(code)].sort((a, b) => a.start - b.start),
  );
}

function plainAddresses(code: CodeFile, context: Context): readonly PlainConnection[] {
  return endpointsOf(code, context).flatMap((endpoint) => {
    const scheme = schemes.get(endpoint.scheme);
    if (scheme === undefined || endpoint.portAt?.scalar.text === "443") return [];
    if (isChannel(endpoint) || hasSecureTwin(endpoint, scheme, code)) return [];
    const { at, host, from, name, literal } = endpoint;
    return [
      {
        start: at.start,
        end: at.end,
        protocol: endpoint.scheme,
        class: endpoint.class,
        host: /^[\w.:[\]-]+$/.test(host) ? host : undefined,
        from,
        name,
        guard: literal.scope.guard,
        hasLogin: () => sendsCredentials(endpoint, code, context),
        encrypted: () => encryptedAddress(endpoint, scheme),
      },
    ];
  });
}

/** gRPC's own way to say that a channel is not encrypted. */
const isChannel = ({ call }: Endpoint): boolean => call?.callee.last === "ForAddress";

function encryptedAddress({ schemeAt, portAt, at }: Endpoint, { secure, port }: Scheme): readonly Edit[] | undefined {
  if (secure === undefined) return undefined;
  const edits = schemeAt.rewrite(secure);
  if (edits === undefined || portAt === undefined || portAt.scalar.text !== port || !portAt.isPlaced) return edits;
  return at.end < portAt.end ? edits : [...edits, { span: { start: portAt.start - 1, end: portAt.end }, text: "" }];
}

const nearby = 240;

/** Whether the code beside it chooses between both schemes for the same host. */
function hasSecureTwin({ literal, scheme }: Endpoint, { secure }: Scheme, { facts }: CodeFile): boolean {
  if (secure === undefined) return false;
  const rest = beginOf(literal.text.parts[0], scheme);
  const { literals } = facts;
  for (let i = firstFrom(literals, literal.start - nearby); i < literals.length; i++) {
    const other = literals[i];
    if (other === undefined || other.start > literal.start + nearby) return false;
    if (other.scope.function === literal.scope.function && beginOf(other.text.parts[0], secure) === rest) return true;
  }
  return false;
}

/** The known part of the authority; undefined where the text has another scheme. */
function beginOf(part: unknown, scheme: string): string | undefined {
  if (typeof part !== "string" || !part.toLowerCase().startsWith(`${scheme}://`)) return undefined;
  return part.slice(scheme.length + 3).replace(/[/?#:].*/s, "");
}

/** Classes and functions that speak a plain protocol to the host they are given. */
interface PlainClient extends Library {
  readonly protocol: string;
  readonly host: readonly string[];
  /** Arguments that say that it encrypts after all. */
  readonly unless?: RegExp;
  /** The name that takes its place. */
  readonly secure?: string;
}

/** From the libraries' own documentation, 2026-11. */
const clients: readonly PlainClient[] = [
  { modules: /^ftplib$/, members: /^FTP$/, protocol: "ftp", host: ["host"], secure: "FTP_TLS" },
  { modules: /^telnetlib3?$/, members: /^(?:Telnet|open_connection)$/, protocol: "telnet", host: ["host"] },
  {
    modules: /^http\.client$/,
    members: /^HTTPConnection$/,
    protocol: "http",
    host: ["host"],
    secure: "HTTPSConnection",
  },
  { modules: /^org\.apache\.commons\.net\.ftp$/, members: /^FTPClient\.connect$/, protocol: "ftp", host: [] },
  { modules: /^org\.apache\.commons\.net\.telnet$/, members: /^TelnetClient\.connect$/, protocol: "telnet", host: [] },
  {
    modules: /^github\.com\/jlaffaye\/ftp$/,
    members: /^(?:Dial|DialTimeout|Connect)$/,
    protocol: "ftp",
    host: [],
    unless: /TLS/,
  },
];

function plainClients({ facts }: CodeFile): readonly PlainConnection[] {
  return facts.calls.flatMap((call) => {
    const client = clients.find((c) => isOf(call.callee, c));
    if (client === undefined || call.isOpen) return [];
    const { unless, secure, protocol } = client;
    const others = call.arguments.some((a) => a.value.kind === "call" && unless?.test(a.value.callee.last) === true);
    if (others) return [];
    const host = argumentOf(call, 0, ...client.host);
    const { callee } = call;
    const last = { start: callee.end - callee.last.length, end: callee.end };
    return [
      {
        start: callee.start,
        end: callee.end,
        protocol,
        ...hostOf(host),
        name: undefined,
        guard: call.scope.guard,
        hasLogin: () => protocol === "ftp" && call.arguments.length > 1 && unless === undefined,
        encrypted: () =>
          secure === undefined || !callee.text.includes(".")
            ? undefined
            : [{ span: last, text: secure }, ...otherPort(call)],
      },
    ];
  });
}

/** The usual port, where it is written. */
function otherPort(call: CodeCall): readonly Edit[] {
  const port = argumentOf(call, 1, "port");
  return port?.kind === "amount" && port.value === 80 ? [{ span: spanOf(port), text: "443" }] : [];
}

function hostOf(value: CodeValue | undefined): Pick<PlainConnection, "class" | "host" | "from"> {
  const whole = value?.kind === "text" ? value.whole : undefined;
  if (whole !== undefined) return { class: hostClass(withoutPort(whole)), host: withoutPort(whole), from: undefined };
  if (value?.kind === "text") {
    const [first] = value.parts;
    const host = typeof first === "string" && first.includes(":") ? withoutPort(first) : undefined;
    return { class: host === undefined ? "dynamic" : hostClass(host), host, from: undefined };
  }
  const from = value?.kind === "variable" ? value.name.last : value?.kind === "lookup" ? value.key : undefined;
  return { class: "dynamic", host: undefined, from };
}

/** A setting that turns TLS off for a client whose address is known to be public. */
export interface PlainSwitch extends Span {
  readonly message: string;
  readonly edits: readonly Edit[];
}

const aws = /^(?:boto3(?:\.session)?|botocore(?:\.session)?|aioboto3|aws-sdk(?:\/.*)?)$/;

/** `use_ssl=False` and its like of the clients of AWS; where an endpoint of one's own is named that one tells. */
export function switchesIn({ facts, language }: CodeFile): readonly PlainSwitch[] {
  const effect = "speaks to AWS over plain http";
  const found: PlainSwitch[] = [];
  const usesAws = facts.imports.some((i) => aws.test(i.module));
  for (const call of usesAws && language === "python" ? facts.calls : []) {
    const off = call.arguments.find((a) => a.name === "use_ssl" && a.value.kind === "flag" && !a.value.value);
    if (off === undefined || call.arguments.some((a) => a.name === "endpoint_url")) continue;
    found.push({ ...spanOf(off.span), message: `The client ${effect}`, edits: [{ span: off.value, text: "True" }] });
  }
  for (const { entries, type } of facts.options) {
    const isAmazon = /^Amazon\w+Config$/.test(type?.last ?? "");
    const off = entries.find(
      ({ name, value }) =>
        value.kind === "flag" &&
        ((usesAws && name === "sslEnabled" && !value.value) || (isAmazon && name === "UseHttp" && value.value)),
    );
    if (off === undefined || entries.some((e) => /^(?:endpoint|ServiceURL)$/.test(e.name))) continue;
    const text = off.name === "UseHttp" ? "false" : "true";
    found.push({ ...spanOf(off), message: `The client ${effect}`, edits: [{ span: off.value, text }] });
  }
  for (const { callee, arguments: given } of facts.calls) {
    const value = given[0]?.value;
    if (
      !/^(?:with|set)Protocol$/.test(callee.last) ||
      value?.kind !== "variable" ||
      value.name.text !== "Protocol.HTTP"
    )
      continue;
    if (!facts.imports.some((i) => /^com\.amazonaws\b/.test(i.module))) continue;
    found.push({ ...spanOf(value), message: `The client ${effect}`, edits: [{ span: value, text: "Protocol.HTTPS" }] });
  }
  return found;
}

const metadata = /^RequireHttpsMetadata$/;

/** `RequireHttpsMetadata = false` of ASP.NET: the keys that tokens are checked with are fetched over plain http. */
export function keySwitchesIn({
  facts,
  language,
}: CodeFile): readonly (PlainSwitch & { readonly guard: CodeCall["scope"]["guard"] })[] {
  if (language !== "csharp") return [];
  const found = facts.assignments.filter(({ target, value }) => metadata.test(target.last) && isOff(value));
  const entries = facts.options.flatMap((o) => o.entries.filter((e) => metadata.test(e.name) && isOff(e.value)));
  const message = "The keys that tokens are checked with may be fetched over plain http";
  return [
    ...found.map((a) => ({ ...spanOf(a), message, edits: turnedOn(a), guard: a.scope.guard })),
    ...entries
      .filter((e) => !found.some((a) => overlaps(a, e)))
      .map((e) => ({ ...spanOf(e), message, edits: turnedOn(e), guard: undefined })),
  ];
}

const turnedOn = ({ value }: Pick<CodeAssignment, "value">): readonly Edit[] => [{ span: spanOf(value), text: "true" }];
