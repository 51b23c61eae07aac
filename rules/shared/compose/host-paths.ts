/** What of the host a service sees: paths in the spellings of Linux and Windows, also behind named volumes. */
import {
  type ComposeProject,
  type FileEdits,
  hole,
  type Resource,
  type Service,
  type ServiceMount,
  type Setting,
} from "../../../engine/index";
import { normalised } from "../container-paths";
import { withoutListItem } from "./list-items";

const homes = new Set(["HOME", "USERPROFILE", "HOMEPATH"]);

/** The text with `~` for the variables at its front that name the user's home. */
function withHome(source: Setting): string {
  let { text } = source.scalar;
  const leading = source.scalar.pieces ?? [];
  let isHome = false;
  for (const { how, variable } of leading) {
    if (how !== "unknown" || !homes.has(variable ?? "")) break;
    isHome = true;
    text = text.slice(hole.length);
  }
  return isHome ? `~${text.replaceAll("\\", "/")}` : text;
}

/**
 * The path of the host that a source names, without `.`, `..` and a final `/`: `/etc`, `~/.ssh` in somebody's home,
 * `c:/windows`, and `certs/key.pem` or `../x` for a file of the project by its full name. The engine's `hole` stands in it
 * for what is not known; undefined where that is its beginning.
 */
export function hostPathOf(source: Setting): string | undefined {
  const text = withHome(source);
  if (text.startsWith(hole)) return undefined;
  if (/^[A-Za-z]:(?:[\\/]|$)/.test(text)) {
    const path = text.slice(2).replaceAll("\\", "/");
    return `${text.slice(0, 2)}${normalised(path === "" ? "/" : path)}`.toLowerCase();
  }
  if (text.startsWith("/")) return normalised(text);
  if (/^~(?:\/|$)/.test(text)) return `~${normalised(`${text.slice(1)}/`)}`.replace(/\/$/, "");
  return text.startsWith("~") || text.startsWith("\\") ? undefined : source.scalar.path;
}

/** The source as a reader knows it: unknown variables by their names. */
export const writtenPath = (source: Setting): string =>
  (source.scalar.pieces ?? [{ text: source.scalar.text, how: "written", variable: undefined }])
    .map(({ text, how, variable }) => (how === "unknown" ? `\${${variable ?? ""}}` : text))
    .join("");

/** The path or pipe of the host that a mount shows; undefined for volumes, images and memory. */
export function hostSource(mount: ServiceMount): Setting | undefined {
  const { type, from } = mount;
  if (!type.known) return from;
  return type.value === "bind" || type.value === "npipe" ? from : undefined;
}

const option = (volume: Resource, name: string): Setting | undefined =>
  volume.driverOptions.find((o) => o.name === name)?.value;

/** The folder of the host that a named volume is bound to. */
export function boundDevice(volume: Resource): Setting | undefined {
  const flags = option(volume, "o")?.value;
  const isBound = flags?.known === true && flags.value.split(",").some((f) => f === "bind" || f === "rbind");
  return isBound ? option(volume, "device") : undefined;
}

/** Whether the volume itself keeps everybody from writing. */
export function isReadOnlyVolume(volume: Resource): boolean {
  const flags = option(volume, "o")?.value;
  return flags?.known === true && flags.value.split(",").includes("ro");
}

export interface VolumeUse {
  readonly service: Service;
  readonly mount: ServiceMount;
}

/** Who mounts a named volume. */
export const usesOf = (volume: string, project: ComposeProject): readonly VolumeUse[] =>
  project.once("uses of volumes", () => volumeUses(project)).get(volume) ?? [];

function volumeUses(project: ComposeProject): ReadonlyMap<string, readonly VolumeUse[]> {
  const uses = new Map<string, VolumeUse[]>();
  for (const service of project.services) {
    for (const mount of service.mounts) {
      const name = mount.type.known && mount.type.value === "volume" ? mount.from?.scalar.text : undefined;
      if (name === undefined) continue;
      const same = uses.get(name);
      if (same === undefined) uses.set(name, [{ service, mount }]);
      else same.push({ service, mount });
    }
  }
  return uses;
}

/** `a`, `a and b`, `a, b and c`. */
export function namesOf(services: readonly Service[]): string {
  const names = [...new Set(services.map((s) => s.name))];
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}

/**
 * Takes a mount away, the same one of overridden files included; where every one beside it is `condemned` too, the list
 * goes with its key. For `fixIn`.
 */
export function withoutMount(
  { service, mount }: VolumeUse,
  condemned: readonly ServiceMount[] = [mount],
): readonly (FileEdits | undefined)[] {
  const source = mount.from?.scalar.text;
  const isRepeated = mount.replaced.some(({ value }) => {
    const other = value.kind === "mapping" ? value.get("source") : undefined;
    return other?.kind === "scalar" && other.text === source;
  });
  if (isRepeated) return mount.removeAll() ?? [undefined];
  const edits = withoutListItem(service.part("volumes"), mount, condemned);
  return [edits && { file: mount.file, edits }];
}
