/** Ports of a container that the host publishes. */
import type { Edit } from "../../text/edit";
import type { Span, Value } from "../../text/span";
import { known, unknown } from "../../text/span";
import { type Mapping, YamlSource, type Datum, type Scalar } from "./datum";
import { Part, setIn, settingAt, type Setting } from "./part";

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** One item of `ports`, in either spelling; a range is one. */
export class PublishedPort extends Part {
  constructor(
    readonly first: Mapping,
    private readonly last: Mapping,
    path: readonly string[],
  ) {
    super(first, path);
  }

  /** Written as a text or number, not as a mapping. */
  get isShort(): boolean {
    return this.first.source instanceof YamlSource && this.first.source.node.kind === "scalar";
  }

  /** Undefined where none is written: every address of the host. */
  get hostIp(): Setting | undefined {
    return settingAt(this.first.get("host_ip"), [...this.path, "host_ip"]);
  }

  /** The ports of the container. */
  get target(): Value<PortRange> {
    return rangeOf(this.first.get("target"), this.last.get("target"));
  }

  get targetSpan(): Span {
    return settingAt(this.first.get("target"), this.path) ?? this;
  }

  /** The ports of the host; undefined where compose takes any free one. */
  get published(): Value<PortRange> | undefined {
    const first = this.first.get("published");
    return first === undefined ? undefined : rangeOf(first, this.last.get("published"));
  }

  get publishedSpan(): Span | undefined {
    return settingAt(this.first.get("published"), this.path);
  }

  get protocol(): Value {
    return settingAt(this.first.get("protocol"), this.path)?.value ?? known("tcp");
  }

  /** `ingress`, or `host`: past the load balancer of a swarm. */
  get mode(): Value {
    return settingAt(this.first.get("mode"), this.path)?.value ?? known("ingress");
  }

  /** Publishes it on that address only. */
  bindTo(address: string): readonly Edit[] | undefined {
    const written = this.hostIp;
    const text = address.includes(":") ? `[${address}]` : address;
    if (!this.isShort) {
      if (written !== undefined) return written.replace(address);
      return setIn(this.first, ["host_ip"], address, { file: this.file })?.edits;
    }
    if (written !== undefined) return rewritten(written, text);
    const { source } = this;
    if (!(source instanceof YamlSource) || source.node.kind !== "scalar") return undefined;
    const { start } = source.node.part(0, 0);
    return [{ span: { start, end: start }, text: this.published === undefined ? `${text}::` : `${text}:` }];
  }
}

/** Another address in the place of a written one, and of the brackets around it. */
function rewritten(written: Setting, text: string): readonly Edit[] | undefined {
  const [piece, ...others] = written.scalar.pieces ?? [];
  if (!written.value.known || piece?.node === undefined || others.length > 0) return undefined;
  if (piece.how === "variable") return undefined;
  const isBracketed = piece.node.text[piece.from - 1] === "[" && piece.node.text[piece.to] === "]";
  const margin = isBracketed ? 1 : 0;
  const { start, end } = piece.node.part(piece.from - margin, piece.to + margin);
  return [{ span: { start, end }, text }];
}

function rangeOf(first: Datum | undefined, last: Datum | undefined): Value<PortRange> {
  const [from, to] = [numbersIn(first), numbersIn(last)];
  return from === undefined || to === undefined ? unknown("variable") : known({ first: from.first, last: to.last });
}

function numbersIn(datum: Datum | undefined): PortRange | undefined {
  const [, first, last] = datum?.kind === "scalar" ? (/^(\d+)(?:-(\d+))?$/.exec(datum.text) ?? []) : [];
  return first === undefined ? undefined : { first: Number(first), last: Number(last ?? first) };
}

const targetOf = (port: Mapping): number => Number((port.get("target") as Scalar | undefined)?.text ?? 0);

/** The items of `ports`; the unfolded ports of a range are one again. */
export function portsAt(datum: Datum | undefined, path: readonly string[]): readonly PublishedPort[] {
  const groups = new Map<unknown, Mapping[]>();
  for (const item of datum?.kind === "sequence" ? datum.items : []) {
    if (item.kind !== "mapping") continue;
    const key = item.source instanceof YamlSource ? item.source.node : item;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()].map((group, i) => {
    const sorted = group.toSorted((a, b) => targetOf(a) - targetOf(b));
    return new PublishedPort(sorted[0] as Mapping, sorted.at(-1) as Mapping, [...path, String(i)]);
  });
}
