/** Published ports as the port rules see them: who reaches a port, where a finding stands, and how a port is closed. */
import {
  type Context,
  type Edit,
  type Fix,
  fixIn,
  type FileEdits,
  Part,
  type PublishedPort,
  type Service,
  type Severity,
  Setting,
  severities,
} from "../../../engine/index";
import { softened } from "./development";
import { withoutListItem } from "./list-items";
import { protocolOf, type Reach, reachOf, targetsOf } from "./publishing";
import { isInSwarm } from "./swarm";

/** A port that other machines may reach. */
export interface Publication {
  readonly port: PublishedPort;
  readonly service: Service;
  readonly reach: Exclude<Reach, "loopback">;
  /** The whole short item; of the long one the address, or else the number. All port rules mark the same. */
  readonly at: Part;
  /** For a message: `on all addresses of the host`. */
  readonly where: string;
}

const loopback = "127.0.0.1";

/** Undefined for a port that only the host itself reaches, and where nothing is published at all. */
export function publicationOf(port: PublishedPort, service: Service): Publication | undefined {
  if (!publishesPorts(service)) return undefined;
  const own = reachOf(port);
  const isIgnored = own !== "all" && isInSwarm(service);
  const reach = isIgnored ? "all" : own;
  if (reach === "loopback") return undefined;
  return { port, service, reach, at: placeOf(port), where: whereOf(port, reach, isIgnored) };
}

/** In the network namespace of the host or of another container, and without an image, `ports` is dead text. */
export function publishesPorts(service: Service): boolean {
  const mode = service.networkMode?.value;
  if (mode === undefined) return service.provider === undefined;
  return mode.known && !/^(?:host|none|service:.*|container:.*)$/.test(mode.value);
}

/** Where findings on a port stand. */
export function placeOf(port: PublishedPort): Part {
  if (port.isShort) return port;
  const numbers = ["published", "target"].flatMap((key) => settingOf(port, key) ?? []);
  return port.hostIp ?? numbers[0] ?? port;
}

/** `host_ip`, `published`, `target`, `protocol`; undefined where it is not written. */
export function settingOf(port: PublishedPort, key: string): Setting | undefined {
  const datum = port.first.get(key);
  return datum?.kind === "scalar" && datum.type !== "null" && !datum.implied
    ? new Setting(datum, [...port.path, key])
    : undefined;
}

function whereOf(port: PublishedPort, reach: Publication["reach"], isIgnored: boolean): string {
  const address = port.hostIp;
  if (isIgnored) return "on all addresses of the host: a swarm ignores the one that is written";
  if (reach === "private") return `on ${address?.scalar.text}, to all of that network`;
  if (reach === "all") return isEverywhere(port) ? "on all addresses of the host" : `on ${address?.scalar.text}`;
  const [piece, ...others] = address?.scalar.pieces ?? [];
  if (piece?.variable === undefined || others.length > 0) return "on an address that is not known";
  return `on the address in ${piece.variable}, which is not known`;
}

/** No address is written for it, or the one that stands for all. */
export function isEverywhere({ hostIp }: PublishedPort): boolean {
  return hostIp === undefined || (hostIp.value.known && /^(?:0\.0\.0\.0|\[?[0:]*\]?)$/.test(hostIp.value.value));
}

/** Info where only one network, or perhaps nobody, gets there; one lower than that in files of development. */
export function severityOf({ port, service, reach }: Publication, severity: Severity): Severity {
  const milder = reach === "all" ? severity : lower(severity, "info");
  return softened(milder, service, port.file);
}

const lower = (a: Severity, b: Severity): Severity => (severities.indexOf(a) < severities.indexOf(b) ? a : b);

/** The ports of the container over TCP that it publishes and that are wanted; none where they are not known. */
export function tcpTargets(port: PublishedPort, isWanted: (target: number) => boolean): readonly number[] {
  return protocolOf(port) === "tcp" ? (targetsOf(port) ?? []).filter(isWanted) : [];
}

/** Not one of those ranges that hold a certain port by chance. */
export const isNarrow = (port: PublishedPort): boolean =>
  port.target.known && port.target.value.last - port.target.value.first < 10;

/** What the user calls it: the number, and the range around it where it is one of many. */
export function numberOf(port: PublishedPort, target: number): string {
  if (!port.target.known || port.target.value.first === port.target.value.last) return `${target}`;
  return `${target} (of ${port.target.value.first}–${port.target.value.last})`;
}

/** `port 5432`, or `ports 5432–5435`: of the host where they are known, else of the container. */
export function titleOf({ published, target }: PublishedPort): string {
  const range = published?.known ? published : target;
  if (!range.known) return "the port";
  const { first, last } = range.value;
  return first === last ? `port ${first}` : `ports ${first}–${last}`;
}

/**
 * A later file gives the same port a loopback address, as if that took the place of this entry: compose joins lists of
 * ports, and both are published.
 */
function falseCureOf({ port, service, reach }: Publication): PublishedPort | undefined {
  if (reach !== "all" || !port.target.known) return undefined;
  const { first, last } = port.target.value;
  return service.ports.find(
    (other) =>
      other.file !== port.file &&
      reachOf(other) === "loopback" &&
      other.target.known &&
      other.target.value.first === first &&
      other.target.value.last === last &&
      protocolOf(other) === protocolOf(port),
  );
}

/** For the end of a message: that another file does not cure what it seems to. */
export function falseCureIn(publication: Publication): string {
  const cure = falseCureOf(publication);
  return cure === undefined ? "" : `; the entry in ${cure.file} is added to it and does not replace it`;
}

/** Every way to close the port to other machines, the one that leaves most as it is first. */
export function closings(publication: Publication, context: Context): readonly Fix[] {
  return [bound(publication, "safe"), overriding(publication, context), removed(publication)].filter(
    (fix) => fix !== undefined,
  );
}

/** Publishes it on the host's own address only; undefined where that is not written here, or has no effect. */
export function bound({ port, service }: Publication, applicability: "safe" | "unsafe"): Fix | undefined {
  if (isInSwarm(service)) return undefined;
  const edits = boundEdits(port);
  return edits && { title: `Bind ${titleOf(port)} to ${loopback}`, applicability, edits };
}

function boundEdits(port: PublishedPort): readonly Edit[] | undefined {
  const address = port.hostIp;
  const empty = port.isShort && address === undefined ? emptyDefaultOf(port) : undefined;
  if (empty !== undefined) return empty.edits;
  const [piece, ...others] = address?.scalar.pieces ?? [];
  if (address === undefined || piece === undefined || others.length > 0) return port.bindTo(loopback);
  if (piece.how === "variable") return undefined;
  if (piece.how !== "unknown") return port.isShort ? port.bindTo(loopback) : address.rewrite(loopback);
  const written = piece.node?.text.slice(piece.from, piece.to);
  const isPlain = written === `$${piece.variable}` || written === `\${${piece.variable}}`;
  return isPlain ? address.rewrite(`\${${piece.variable}:-${loopback}}`) : undefined;
}

/**
 * `${BIND:-}:5432:5432`: an address that is empty by default. Without edits where the variable may as well be the
 * beginning of a number.
 */
function emptyDefaultOf(port: PublishedPort): { readonly edits: readonly Edit[] | undefined } | undefined {
  const { node } = settingOf(port, "target")?.scalar.pieces?.[0] ?? {};
  const [written, name, colon] = /^\$\{(\w+):?-\}(:?)/.exec(node?.text ?? "") ?? [];
  if (node === undefined || written === undefined) return undefined;
  const rest = node.text.slice(written.length).replace(/\$\{[^}]*\}/g, "");
  if (colon === "" || !rest.includes(":")) return { edits: undefined };
  const { start, end } = node.part(0, written.length - 1);
  return { edits: [{ span: { start, end }, text: `\${${name}:-${loopback}}` }] };
}

/** Publishes it no longer; the list goes with its last item. */
export function removed({ port, service }: Publication): Fix | undefined {
  const list = service.part("ports");
  const items = list?.datum.kind === "sequence" ? list.datum.items : [];
  // A range is one item in the file, and one port each in the model.
  const same = items.filter(({ source }) => source.file === port.file && source.start === port.source.start);
  const condemned = same.map((datum) => new Part(datum, port.path));
  const edits = withoutListItem(list, port, condemned);
  return edits && { title: `Stop publishing ${titleOf(port)}`, applicability: "unsafe", edits };
}

/** Makes the list of the file that seems to cure it take the place of all lists before. */
function overriding(publication: Publication, context: Context): Fix | undefined {
  const cure = falseCureOf(publication);
  const list = publication.service.part("ports");
  const key = list?.keySpan;
  if (cure === undefined || list === undefined || key === undefined) return undefined;
  if (list.file !== cure.file || list.routes.includes("anchor")) return undefined;
  const behind = /^["']?\s*:(?=\s)(?!\s*!)/.exec((context.project.text(list.file) ?? "").slice(key.end, list.start));
  if (behind === null) return undefined;
  const at = key.end + behind[0].length;
  const edits: FileEdits = { file: list.file, edits: [{ span: { start: at, end: at }, text: " !override" }] };
  return fixIn(context.file, `Let the ports in ${list.file} replace those of other files`, "unsafe", [edits]);
}
