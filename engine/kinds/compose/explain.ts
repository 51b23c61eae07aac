/** What of a service takes effect, and where that is written: for a person who points at one of its keys. */
import type { YamlDocument } from "../../languages/yaml/document";
import { childAt } from "../../languages/yaml/document";
import type { Project } from "../../project";
import type { Span } from "../../text/span";
import type { Around, Explanation } from "../kind";
import type { Datum, Scalar } from "./datum";
import type { ComposeFile } from "./file";
import type { Mount } from "./mount";
import { Part } from "./part";
import type { PublishedPort } from "./port";
import type { ComposeProject } from "./project";
import type { Service } from "./service";
import { piecesOf } from "./text";

/** Keys whose values hold no secrets, and whose origin matters. */
const told = new Set([
  ...["cap_add", "cap_drop", "devices", "dns", "env_file", "expose", "extra_hosts", "group_add", "hostname", "image"],
  ...["cgroup_parent", "ipc", "mem_limit", "network_mode", "networks", "pid", "pids_limit", "ports", "privileged"],
  ...["profiles", "read_only", "restart", "runtime", "secrets", "security_opt", "tmpfs", "user", "userns_mode", "uts"],
  ...["cpus", "depends_on", "volumes", "volumes_from", "configs", "stop_grace_period", "shm_size", "init", "platform"],
]);

/** Undefined where nothing is to be said that does not stand there already. */
export function explainAt(file: ComposeFile, offset: number, around: Around): Explanation | undefined {
  const document = file.stream.documents.find((d) => d.start <= offset && offset <= d.end);
  const [section, name, key] = document?.pathAt(offset) ?? [];
  if (document === undefined || section !== "services" || typeof name !== "string" || typeof key !== "string") return;
  if (!told.has(key)) return undefined;
  const span = keyAt(document, [section, name, key]);
  if (span === undefined || offset < span.start) return undefined;
  for (const project of around.compositions.projectsOf(around.file)) {
    const service = project.service(name);
    if (service === undefined) continue;
    const lines = linesOf(service, key, new Places(around.project, around.file));
    const removed = project.removedAt(["services", name, key]).filter((r) => r.by.file !== around.file);
    const files = filesOf(project);
    if (lines.length === 0 && removed.length === 0) return undefined;
    const places = new Places(around.project, around.file);
    const taken = removed.map((r) => `- taken away in ${places.name(r.by)}`);
    const heading = `**What takes effect: \`${key}\` of \`${name}\`**${files.length > 1 ? ` (${files.join(" + ")})` : ""}`;
    return { span, text: [heading, "", ...lines.map((line) => `- ${line}`), ...taken].join("\n") };
  }
  return undefined;
}

function keyAt(document: YamlDocument, path: readonly string[]): Span | undefined {
  const parent = document.at(path.slice(0, -1));
  const child = parent === undefined ? undefined : childAt(parent, path.at(-1) ?? "");
  return child && { start: child.start, end: child.end };
}

const filesOf = (project: ComposeProject): readonly string[] =>
  [...project.loaded.files.keys()].map((file) => `\`${file.slice(file.lastIndexOf("/") + 1)}\``);

/** Names places as people do: file and line, the line alone in the file itself. */
class Places {
  constructor(
    private readonly project: Project,
    private readonly own: string,
  ) {}

  name({ file, start }: Span & { readonly file: string }): string {
    const text = this.project.text(file) ?? "";
    const line = text.slice(0, start).split("\n").length;
    return file === this.own ? `line ${line}` : `${file}:${line}`;
  }
}

function linesOf(service: Service, key: string, places: Places): readonly string[] {
  if (key === "ports") return service.ports.map((port) => `${describePort(port)}, from ${places.name(port)}`);
  if (key === "volumes") return service.mounts.map((mount) => `${describeMount(mount)}, from ${places.name(mount)}`);
  return itemsOf(service.get(key)).map(([label, datum]) => {
    const part = new Part(datum, [...service.path, key]);
    const byDefault = part.routes.includes("default") ? " by default" : "";
    if (part.routes.includes("implied")) return `${label}, which nobody wrote`;
    const replaced = part.replaced.map((r) => `, instead of ${places.name(r.value.source)}`);
    return `${label}${byDefault}, from ${places.name(part)}${replaced.join("")}`;
  });
}

function itemsOf(datum: Datum | undefined): readonly (readonly [label: string, datum: Datum])[] {
  if (datum === undefined || datum.kind === "unclear") return [];
  if (datum.kind === "scalar") return [[quoted(datum), datum]];
  if (datum.kind === "sequence")
    return datum.items.flatMap((item) => (item.kind === "scalar" ? itemsOf(item) : named(item)));
  return [...datum.entries].map(([name, value]) => [`\`${name}\``, value]);
}

/** A secret or a device, under its name. */
function named(item: Datum): readonly (readonly [string, Datum])[] {
  const name = item.kind === "mapping" ? (item.get("source") ?? item.get("path")) : undefined;
  return name?.kind === "scalar" ? [[quoted(name), item]] : [];
}

const quoted = (scalar: Scalar): string => `\`${written(scalar)}\``;

/** The text, with `${NAME}` for what nobody knows. */
const written = (scalar: Scalar): string =>
  piecesOf(scalar)
    .map((piece) => (piece.how === "unknown" ? `\${${piece.variable ?? "…"}}` : piece.text))
    .join("");

function describePort(port: PublishedPort): string {
  const range = ({ first, last }: { first: number; last: number }): string =>
    first === last ? `${first}` : `${first}–${last}`;
  const target = port.target.known ? range(port.target.value) : "A port";
  const address = port.hostIp === undefined ? "all interfaces" : `\`${written(port.hostIp.scalar)}\``;
  const { published } = port;
  const outside = published === undefined ? "a free port" : published.known ? range(published.value) : "a port";
  return `${target} published on ${address} as ${outside}`;
}

function describeMount(mount: Mount): string {
  const from = mount.from === undefined ? "a volume without a name" : quoted(mount.from.scalar);
  const to = mount.target === undefined ? "" : ` at ${quoted(mount.target.scalar)}`;
  const { readOnly } = mount;
  const mode = readOnly.known ? (readOnly.value ? "read only" : "writable") : "perhaps writable";
  return `${from}${to}, ${mode}`;
}
