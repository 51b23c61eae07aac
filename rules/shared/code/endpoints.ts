/** Which texts of service code are endpoints that it speaks to, and who stands behind them. */
import type { CodeCall, CodeFile, CodeLiteral, CodeOptions, CodeText, CodeValue, Context } from "../../../engine/index";
import {
  isDocumentHost,
  isHost,
  isPrivateHost,
  isThisMachine,
  nameTokens,
  noEndpoint,
  withoutPort,
} from "../addresses";
import { clientCalls, endpointDecorators, speakingCalls } from "./client-calls";
import { type LiteralText, literalText, unknownPart } from "./literal-text";
import { isOf } from "./origins";

/**
 * `none`: no place that anybody speaks to, as namespaces, examples, the program's own address. `internal`: a name or
 * address of one private network. `dynamic`: the host is told elsewhere.
 */
export type HostClass = "none" | "loopback" | "internal" | "public" | "dynamic";

/** Names that stand for no host: bases against which paths are resolved, transports that ignore it. */
const nowhere =
  /^(?:[a-z]|unix|docker|bufnet|bufconn|dummy|fake|mock|unused|ignored?|placeholder|foo|bar|baz|test|base|example|host|hostname|domain|ip|invalid|none|null|undefined|something|anything|any|whatever|your\w*|my[-_]?(?:host|server|domain|url)|(?:host|server|service|domain)[-_]?name)$/;
const documents =
  /(?:^|\.)(?:gnu\.org|xml\.org|apache\.org|springframework\.org|openid\.net|ietf\.org|wikipedia\.org)$/;
const testNetworks = /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/;
/** Other names of two words are a service and its namespace. */
const publicEnding =
  /\.(?:com|org|net|edu|gov|mil|int|info|biz|dev|app|io|ai|co|me|cloud|online|site|tech|xyz|[a-z]{2}|xn--[a-z0-9-]+)$/;

/** The class of a host that is known in whole. */
export function hostClass(host: string): HostClass {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (!isHost(name) || nowhere.test(name) || testNetworks.test(name)) return "none";
  if (isThisMachine(name)) return "loopback";
  if (isDocumentHost(name) || documents.test(name)) return "none";
  if (isPrivateHost(name) || (!name.includes(".") && !name.startsWith("["))) return "internal";
  return /^[^.]+\.[^.]+$/.test(name) && !publicEnding.test(name) ? "internal" : "public";
}

/** An address `scheme://…` at the beginning of a text. */
export interface CodeAddress {
  /** In lower case. */
  readonly scheme: string;
  /** In lower case, with {@link unknownPart} for what is not known of it. */
  readonly host: string;
  readonly class: HostClass;
  /** What the host is taken from where it is not known, as a person would call it: `CATALOG_HOST`, `serviceName`. */
  readonly from: string | undefined;
  readonly hasLogin: boolean;
  /** From the scheme to the port; the scheme alone where a login stands in between, or what follows stands elsewhere. */
  readonly at: LiteralText;
  readonly schemeAt: LiteralText;
  readonly portAt: LiteralText | undefined;
}

const longestAuthority = 512;
/** Pictures, schemas and lists of revoked certificates: fetched by others, or signed. */
const documentPath = /\.(?:xsd|dtd|owl|rdf|crl|png|jpe?g|gif|svg|ico|webp|pdf)(?:$|[?#])/i;

export function addressOf(text: CodeText): CodeAddress | undefined {
  const [first] = text.parts;
  if (typeof first !== "string") return undefined;
  const scheme = /^([a-z][a-z0-9+.-]{1,30}):\/\//i.exec(first)?.[1];
  if (scheme === undefined) return undefined;
  const all = literalText(text);
  const written = all.scalar.text;
  const from = scheme.length + 3;
  const window = written.slice(from, from + longestAuthority);
  // Places of formats are no more known than holes are.
  const authority = /^(?:[^\s/?#"'`<>\\{}]|\{[^{}]{0,60}\})*/.exec(window)?.[0] ?? "";
  const login = authority.lastIndexOf("@") + 1;
  const port = /:(\d{1,5})$/.exec(authority)?.[1];
  const end = from + authority.length;
  const host = withoutPort(authority.slice(login).replace(/%[svdq]|[$#]?\{[^{}]{0,60}\}/g, unknownPart));
  const unknown = login > 0 ? undefined : firstHole(text, first, from);
  const schemeAt = all.part(0, scheme.length);
  const known = host.includes(unknownPart) ? Math.min(first.length, end) : end;
  const at = all.part(0, known);
  return {
    scheme: scheme.toLowerCase(),
    host,
    class: documentPath.test(written.slice(end)) ? "none" : classOf(host, unknown),
    from: unknown && calledFrom(unknown),
    hasLogin: login > 1,
    at: login > 0 || !at.isPlaced ? schemeAt : at,
    schemeAt,
    portAt: port === undefined ? undefined : all.part(end - port.length, end),
  };
}

/** What stands where the host begins, if that is not known. */
function firstHole({ parts }: CodeText, first: string, from: number): CodeValue | undefined {
  const next = first.length === from ? parts[1] : undefined;
  return typeof next === "object" ? next.value : undefined;
}

/** Parts of a request or of this machine: the program's own address. */
const ownHost =
  /(?:^|\.)(?:req|request|ctx|context|httpcontext|r|c|window|document|globalthis|location|self)\.(?:.*[._])?(?:host|hostname|authority|get|header|headers|get_?host)$|location\.(?:host|hostname)|local_?(?:ip|host|addr)|host_?name$|gethostname|getHostAddress|machineName|address$|(?:^|\.)(?:addr|listener|lis|ln|srv|server)\b.*(?:addr|string|url|host)|(?:^|[._])own_?(?:host|ip)/i;

function isOwn(value: CodeValue): boolean {
  if (value.kind === "variable") return /\./.test(value.name.text) && ownHost.test(value.name.text);
  return value.kind === "call" && ownHost.test(value.callee.text);
}

function classOf(host: string, unknown: CodeValue | undefined): HostClass {
  const at = host.indexOf(unknownPart);
  if (at < 0) return hostClass(host);
  if (unknown !== undefined && isOwn(unknown)) return "none";
  const before = host.slice(0, at);
  // `"http://localhost" + port`
  if (before !== "" && hostClass(before.replace(/:$/, "")) === "loopback") return "loopback";
  const after = host.slice(host.lastIndexOf(unknownPart) + 1);
  if (/\.[a-z]/.test(after)) return hostClass(`x${after}`);
  const fallback = unknown && host === unknownPart ? fallbackOf(unknown) : undefined;
  const byFallback = fallback === undefined ? "dynamic" : hostClass(withoutPort(fallback.replace(/[/?#].*/s, "")));
  return byFallback === "internal" || byFallback === "public" ? byFallback : "dynamic";
}

/** What is taken where nothing is set. */
function fallbackOf(value: CodeValue): string | undefined {
  if (value.kind === "text") return value.whole;
  if (value.kind === "lookup") return value.fallback && fallbackOf(value.fallback);
  if (value.kind !== "choice") return undefined;
  return value.options.map(fallbackOf).find((text) => text !== undefined);
}

function calledFrom(value: CodeValue): string | undefined {
  if (value.kind === "lookup") return value.key;
  if (value.kind === "variable") return value.name.last;
  return value.kind === "choice" ? value.options.map(calledFrom).find((name) => name !== undefined) : undefined;
}

const endpointName =
  /(?:url|uri|endpoint|host|hostname|addr(?:ess)?|base|server|broker|target|upstream|service|api|gateway|backend|authority|webhook)s?$/i;
const mapName =
  /(?:urls|uris|endpoints|hosts|servers|services|targets|upstreams|routes|backends|gateways|apis|(?:url|uri|service|endpoint|host)_?map)$/i;
const endOfName = /_?(?:prefix|root|template|format|string|default|local|v?\d{1,9})$/i;
/** Words of names for texts that others follow, that are compared, or that are pictures and documents. */
const otherWords = new Set(
  (
    "IMAGE IMAGES IMG ICON LOGO AVATAR PICTURE PHOTO THUMBNAIL POSTER BANNER FAVICON FONT LICENSE LICENCE CONTACT " +
    "HOMEPAGE TERMS DOCS DOCUMENTATION HELP SUPPORT ISSUE ISSUES BUG BUGS REPO REPOSITORY SCHEMA SITEMAP VOCAB ONTOLOGY " +
    "PROFILE REDIRECT CALLBACK RETURN SUCCESS CANCEL FAILURE SELF AUDIENCE SHARE SOCIAL CANONICAL BIND LISTEN LISTENER " +
    "ADVERTISE ADVERTISED TRUSTED ALLOWED EXAMPLE SAMPLE TEST MOCK DUMMY FAKE TYPE ID XML DTD XSD RDF NS"
  ).split(" "),
);

/** Whether a text under this name is a place that the service speaks to. */
export function isEndpointName(name: string): boolean {
  const plain = name.replace(endOfName, "");
  return endpointName.test(plain) && !isOtherName(name);
}

const isOtherName = (name: string): boolean => noEndpoint.test(name) || nameTokens(name).some((t) => otherWords.has(t));

/** Whether a call speaks to the text that it is given. */
export function isClientCall(call: CodeCall, place: number, name?: string): boolean {
  if (name !== undefined && isOtherName(name)) return false;
  const { callee } = call;
  if (clientCalls.some((row) => row.at.includes(place) && isOf(callee, row))) return true;
  if (callee.origin !== undefined && callee.origin.module !== "") return false;
  if (place > 1 || speakingCalls.no.test(callee.text)) return false;
  if (speakingCalls.unique.test(callee.last)) return true;
  const words = callee.text.split(".");
  return speakingCalls.verb.test(callee.last) && speakingCalls.speaker.test(words.at(-2) ?? "");
}

const lookUp =
  /^(?:get_?env(?:_?or\w*)?|env|env_?or\w*|lookup_?env\w*|must_?get_?env|get_?or_?default|get_?property|get_?value|get_?config|get_?setting)$/i;

/** What stands where, by the place of the value. */
interface Places {
  /** Of the values of its entries. */
  readonly owners: ReadonlyMap<number, CodeOptions>;
  /** Under which a value is given; those of a list are given under its name. */
  readonly names: ReadonlyMap<number, readonly string[]>;
  /** The file writes down what an API looks like. */
  readonly isSpecification: boolean;
}

function placesIn({ facts }: CodeFile): Places {
  const owners = new Map<number, CodeOptions>();
  const names = new Map<number, string[]>();
  const add = (value: CodeValue, name: string): void => {
    const before = names.get(value.start);
    if (before === undefined) names.set(value.start, [name]);
    else before.push(name);
    if (value.kind === "list") for (const item of value.items) if (item.start !== value.start) add(item, name);
  };
  for (const { target, value } of facts.assignments) add(value, target.last);
  for (const options of facts.options)
    for (const { name, value } of options.entries) {
      owners.set(value.start, options);
      add(value, name);
    }
  const isSpecification = facts.options.some((o) => o.entries.some(({ name }) => /^(?:openapi|swagger)$/.test(name)));
  return { owners, names, isSpecification };
}

/** Whether a literal is an endpoint, whatever its scheme. */
function isEndpoint({ use, text, scope }: CodeLiteral, places: Places): boolean {
  switch (use.kind) {
    case "argument":
      if (isClientCall(use.call, use.index, use.name)) return true;
      if (use.call.isNew && use.call.callee.text === "")
        return (places.names.get(use.call.start) ?? []).some(isEndpointName);
      if (isDefault(use.call, use.index, use.name)) return true;
      return use.name !== undefined && isEndpointName(use.name);
    case "value":
      if (isOtherName(use.name) || isDescribed(text, places)) return false;
      return isEndpointName(use.name) || isInMap(text, places);
    case "fallback":
      return !isOtherName(use.name ?? "") && !isOtherName(use.lookup.key ?? "");
    case "decorator":
      return endpointDecorators.test(use.decorator.name.last) && (use.name === undefined || isEndpointName(use.name));
    case "other": {
      const { function: around } = scope;
      if (around?.name === undefined || !isEndpointName(around.name)) return false;
      return around.returns.some((v) => v.start <= text.start && text.end <= v.end);
    }
    default:
      return false;
  }
}

/** What is taken where nobody set the variable, option or setting that is asked for. */
function isDefault({ callee, arguments: given }: CodeCall, place: number, name: string | undefined): boolean {
  const key = given[0]?.value;
  const asked = key?.kind === "text" ? (key.whole ?? "").replace(/^-+/, "") : undefined;
  if (name === "default" || (name === undefined && place === 1 && isFlag.test(callee.text)))
    return asked !== undefined && isEndpointName(asked);
  return name === undefined && place === 1 && lookUp.test(callee.last) && !isOtherName(asked ?? "");
}

const isFlag = /^(?:p?flag\.String|.*[fF]lags\(?\)?\.String)$/;

/** Whether it stands in a description: whom to write to, under which licence, where an API is published. */
function isDescribed(text: CodeText, { owners, names, isSpecification }: Places): boolean {
  const own = owners.get(text.start);
  if (own === undefined) return false;
  if (/OpenApi|Contact|License|^Info$/.test(own.type?.last ?? "")) return true;
  const around = names.get(own.start) ?? [];
  return around.some((name) => isOtherName(name) || name === "info" || (isSpecification && name === "servers"));
}

/** Whether it is one of several under a name such as `services`. */
function isInMap(text: CodeText, { owners, names }: Places): boolean {
  const map = owners.get(text.start);
  if (map === undefined) return false;
  return (names.get(map.start) ?? []).some((name) => mapName.test(name) && !isOtherName(name));
}

/** An address that the code speaks to. */
export interface Endpoint extends CodeAddress {
  readonly literal: CodeLiteral;
  /** The call that it is given to at this place. */
  readonly call: CodeCall | undefined;
  /** What it is given for: the name of a variable, field, argument or setting. */
  readonly name: string | undefined;
}

/** Every endpoint of the file, each where its scheme is written, in the order of the text. */
export function endpointsOf(code: CodeFile, context: Context): readonly Endpoint[] {
  return context.once("endpoints of the code", () => {
    const found = new Map<CodeLiteral, CodeCall | undefined>();
    const places = placesIn(code);
    for (const literal of code.facts.literals) {
      if (!isAddress(literal.text) || !isEndpoint(literal, places)) continue;
      found.set(placeOf(literal.text, code) ?? literal, literal.use.kind === "argument" ? literal.use.call : undefined);
    }
    for (const call of code.facts.calls)
      for (const [place, { value, name }] of call.arguments.entries()) {
        if (value.kind !== "text" || value.isLiteral || !isAddress(value) || !isClientCall(call, place, name)) continue;
        const literal = placeOf(value, code);
        if (literal !== undefined && found.get(literal) === undefined) found.set(literal, call);
      }
    return [...found]
      .flatMap(([literal, call]) => {
        const address = addressOf(literal.text);
        return address === undefined ? [] : [{ ...address, literal, call, name: nameOf(literal) }];
      })
      .sort((a, b) => a.at.start - b.at.start);
  });
}

const isAddress = ({ parts: [first] }: CodeText): boolean =>
  typeof first === "string" && /^[a-z][a-z0-9+.-]{1,30}:\/\//i.test(first);

/** The constant from which a text takes its beginning; undefined where that is written at the text's own place. */
function placeOf(text: CodeText, { facts }: CodeFile): CodeLiteral | undefined {
  if (text.inner !== undefined || text.head !== undefined) return undefined;
  const [first = ""] = text.parts;
  if (typeof first !== "string") return undefined;
  return facts.literals.find(({ text: other, use }) => {
    const [begin] = other.parts;
    if (use.kind !== "value" || other === text || other.inner === undefined || typeof begin !== "string") return false;
    return /:\/\/./.test(begin) && first.startsWith(begin);
  });
}

function nameOf({ use }: CodeLiteral): string | undefined {
  if (use.kind === "value" || use.kind === "argument") return use.name;
  return use.kind === "fallback" ? (use.name ?? use.lookup.key) : undefined;
}
