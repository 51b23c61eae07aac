/** What a container sees of the host, of volumes and of memory. */
import type { Edit } from "../../text/edit";
import { known, type Value } from "../../text/span";
import { YamlSource, type Datum, type Mapping } from "./datum";
import { Part, setIn, settingAt, type Setting } from "./part";
import { spanOf } from "./text";

export type MountType = "bind" | "volume" | "tmpfs" | "npipe" | "image" | "cluster";

/** One item of `volumes`, in either spelling. */
export class Mount extends Part {
  constructor(
    readonly mapping: Mapping,
    path: readonly string[],
  ) {
    super(mapping, path);
  }

  /** Written as a text, not as a mapping. */
  get isShort(): boolean {
    return this.source instanceof YamlSource && this.source.node.kind === "scalar";
  }

  /** Unknown where a variable decides whether the source is a path. */
  get type(): Value<MountType> {
    const value = this.setting("type")?.value ?? known("volume");
    return value.known ? known(value.value as MountType) : value;
  }

  /** A path of the host, or the name of a volume or image; undefined for a volume without a name. */
  get from(): Setting | undefined {
    return this.setting("source");
  }

  /** The file or folder of the project that the source means, or the path of the host. */
  get hostPath(): string | undefined {
    return this.from?.scalar.path;
  }

  get target(): Setting | undefined {
    return this.setting("target");
  }

  get readOnly(): Value<boolean> {
    const value = this.setting("read_only")?.value ?? known("false");
    return value.known ? known(value.value === "true") : value;
  }

  /** `shared`, `rslave` … of a bind. */
  get propagation(): Setting | undefined {
    return this.inner("bind", "propagation");
  }

  get selinux(): Setting | undefined {
    return this.inner("bind", "selinux");
  }

  /** Keeps the container from writing to it. */
  makeReadOnly(): readonly Edit[] | undefined {
    if (!this.isShort) return setIn(this.mapping, ["read_only"], true, { file: this.file })?.edits;
    const written = this.setting("read_only");
    const place = written && spanOf(written.scalar);
    if (place !== undefined) return [{ span: place, text: "ro" }];
    const { source } = this;
    if (!(source instanceof YamlSource) || source.node.kind !== "scalar") return undefined;
    const { end } = source.node.part(0, source.node.text.length);
    const hasOptions =
      this.propagation !== undefined || this.selinux !== undefined || this.inner("volume", "nocopy") !== undefined;
    const hasSource = this.from !== undefined;
    return hasSource ? [{ span: { start: end, end }, text: hasOptions ? ",ro" : ":ro" }] : undefined;
  }

  /** Takes the propagation away. */
  removePropagation(): readonly Edit[] | undefined {
    const { propagation, source } = this;
    if (propagation === undefined || !this.isShort) return propagation?.remove();
    if (!(source instanceof YamlSource) || source.node.kind !== "scalar" || !propagation.isLiteral) return undefined;
    const { text } = source.node;
    const colon = text.lastIndexOf(":");
    const options = text.slice(colon + 1).split(",");
    const left = options.filter((o) => o !== propagation.scalar.text);
    if (left.length === options.length) return undefined;
    const place = source.node.part(left.length === 0 ? colon : colon + 1, text.length);
    return [{ span: { start: place.start, end: place.end }, text: left.join(",") }];
  }

  private setting(key: string): Setting | undefined {
    return settingAt(this.mapping.get(key), [...this.path, key]);
  }

  private inner(group: string, key: string): Setting | undefined {
    const datum = this.mapping.get(group);
    return datum?.kind === "mapping" ? settingAt(datum.get(key), [...this.path, group, key]) : undefined;
  }
}

/** The items of `volumes`. */
export function mountsAt(datum: Datum | undefined, path: readonly string[]): readonly Mount[] {
  const items = datum?.kind === "sequence" ? datum.items : [];
  return items.flatMap((item, i) => (item.kind === "mapping" ? [new Mount(item, [...path, String(i)])] : []));
}

/** One item of `devices`. */
export class Device extends Part {
  constructor(
    readonly mapping: Mapping,
    path: readonly string[],
  ) {
    super(mapping, path);
  }

  get from(): Setting | undefined {
    return settingAt(this.mapping.get("source"), [...this.path, "source"]);
  }

  get target(): Setting | undefined {
    return settingAt(this.mapping.get("target"), [...this.path, "target"]);
  }

  get permissions(): Setting | undefined {
    return settingAt(this.mapping.get("permissions"), [...this.path, "permissions"]);
  }
}

export function devicesAt(datum: Datum | undefined, path: readonly string[]): readonly Device[] {
  const items = datum?.kind === "sequence" ? datum.items : [];
  return items.flatMap((item, i) => (item.kind === "mapping" ? [new Device(item, [...path, String(i)])] : []));
}
