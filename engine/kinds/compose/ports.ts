/** The short spelling of published ports: `[[address:][published]:]target[/protocol]`, with ranges. */
import { hole, implied, Mapping, Scalar, Unclear, type Datum } from "./datum";
import { isAddress } from "./quantities";
import { isHole, slice } from "./text";

/** A list of ports, or why compose refuses the text. */
export type Ports = { readonly ports: readonly Datum[] } | { readonly refusal: string };

/** Wider ranges stay one entry: nobody asks for their ports one by one. */
const widest = 256;

interface Range {
  readonly first: number;
  readonly last: number;
}

interface Parts {
  readonly address: Scalar | undefined;
  readonly published: Scalar | undefined;
  readonly target: Scalar;
  readonly protocol: Scalar | undefined;
}

export function readPorts(item: Scalar): Ports {
  if (isHole(item.text)) return { ports: [new Unclear("variable", item.source)] };
  const parts = partsOf(item);
  if (typeof parts === "string") return { refusal: parts };
  const { address, published, target, protocol } = parts;
  if (target.text === "") return { refusal: `\`${item.text}\` names no port of the container` };
  if (address?.isKnown && !isAddress(address.text)) return { refusal: `\`${address.text}\` is no IP address` };
  if (protocol?.isKnown && !/^(?:tcp|udp|sctp)$/i.test(protocol.text)) {
    return { refusal: `\`${protocol.text}\` is no protocol` };
  }
  if (!target.isKnown || published?.isKnown === false) {
    return { ports: [portOf(item, parts, numberIn(target), published)] };
  }
  const inside = rangeOf(target.text);
  if (inside === undefined) return { refusal: `\`${target.text}\` is no port` };
  const outside = published === undefined || published.text === "" ? undefined : rangeOf(published.text);
  if (outside === undefined && published !== undefined && published.text !== "") {
    return { refusal: `\`${published.text}\` is no port` };
  }
  return unfold(item, parts, inside, outside);
}

function partsOf(item: Scalar): Parts | string {
  const slash = item.text.lastIndexOf("/");
  const protocol = slash < 0 ? undefined : slice(item, slash + 1);
  const bare = slash < 0 ? item : slice(item, 0, slash);
  const last = bare.text.lastIndexOf(":");
  if (last < 0) return { address: undefined, published: undefined, target: bare, protocol };
  const target = slice(bare, last + 1);
  const middle = bare.text.lastIndexOf(":", last - 1);
  if (last === 0 || middle < 0) return { address: undefined, published: slice(bare, 0, last), target, protocol };
  const published = slice(bare, middle + 1, last);
  if (!bare.text.startsWith("[")) return { address: notEmpty(slice(bare, 0, middle)), published, target, protocol };
  if (bare.text[middle - 1] !== "]") return `\`${bare.text}\` has an address without closing bracket`;
  return { address: slice(bare, 1, middle - 1), published, target, protocol };
}

const notEmpty = (scalar: Scalar): Scalar | undefined => (scalar.text === "" ? undefined : scalar);

function rangeOf(text: string): Range | undefined {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (first === undefined) return undefined;
  const range = { first: Number(first), last: Number(last ?? first) };
  return range.first <= range.last && range.last < 65_536 ? range : undefined;
}

function unfold(item: Scalar, parts: Parts, inside: Range, outside: Range | undefined): Ports {
  const count = inside.last - inside.first + 1;
  const isWhole = outside === undefined || outside.last - outside.first + 1 === count;
  if (!isWhole && count > 1) return { refusal: `The ranges in \`${item.text}\` have different lengths` };
  if (count > widest || !isWhole) {
    const target = numberOf(parts.target, isWhole ? parts.target.text : String(inside.first));
    return { ports: [portOf(item, parts, target, parts.published)] };
  }
  const ports = Array.from({ length: count }, (_, i): { key: string; port: Datum } => {
    const target = String(inside.first + i);
    const published = outside === undefined ? undefined : textOf(parts.published, String(outside.first + i));
    return { key: target, port: portOf(item, parts, numberOf(parts.target, target), published) };
  });
  ports.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { ports: ports.map((p) => p.port) };
}

const numberIn = (part: Scalar): Scalar => new Scalar("int", part.text, part.source, part.pieces);

/** One port of a range keeps the place of the range. */
const numberOf = (part: Scalar, text: string): Scalar => new Scalar("int", text, part.source, part.pieces);
const textOf = (part: Scalar | undefined, text: string): Scalar | undefined =>
  part && new Scalar("string", text, part.source, part.pieces);

function portOf(item: Scalar, parts: Parts, target: Scalar, published: Scalar | undefined): Mapping {
  const entries = new Map<string, Datum>();
  const { source } = item;
  // Glued to digits, a variable may bring its own address and colon (`${BIND}5432:5432`).
  const isGlued = published !== undefined && !published.isKnown && !isHole(published.text);
  const address = parts.address ?? (isGlued ? new Scalar("string", hole, source, published.pieces) : undefined);
  if (address !== undefined) entries.set("host_ip", address);
  entries.set("mode", implied("ingress", source));
  entries.set("target", target);
  if (published !== undefined && published.text !== "") entries.set("published", published);
  const { protocol } = parts;
  const lower = protocol && new Scalar("string", protocol.text.toLowerCase(), source, protocol.pieces);
  entries.set("protocol", lower ?? implied("tcp", source));
  return new Mapping(entries, [source], false, item.replaced);
}
