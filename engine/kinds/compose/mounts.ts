/** The short spellings of mounts and devices: `[source:]target[:options]`. */
import { hole, implied, Mapping, Scalar, Unclear, type Datum } from "./datum";
import { isHole, slice, split } from "./text";

/** A mount or device, or why compose refuses the text. */
export type Mounted = { readonly mount: Datum } | { readonly refusal: string };

const propagations = new Set(["rprivate", "private", "rshared", "shared", "rslave", "slave"]);

export function readMount(item: Scalar): Mounted {
  const { text, source } = item;
  if (text === "") return { refusal: "An empty volume" };
  if (isHole(text)) return { mount: new Unclear("variable", source) };
  if (text.length <= 2)
    return {
      mount: mountOf(item, [
        ["type", implied("volume", source)],
        ["target", item],
      ]),
    };
  const sections = sectionsOf(item);
  if (sections.some((s) => s.text === "")) return { refusal: `\`${text}\` has nothing between two colons` };
  if (sections.length > 3) return { refusal: `\`${text}\` has too many colons` };
  const [first, second, options] = sections as [Scalar, Scalar?, Scalar?];
  const entries: [string, Datum][] = [];
  if (second === undefined) entries.push(["type", implied("volume", source)], ["target", cleaned(first)]);
  else entries.push(["type", typeOf(first)], ["source", first], ["target", cleaned(second)]);
  const type = entries[0]?.[1] as Scalar;
  entries.push(...optionsOf(item, options, type));
  return { mount: mountOf(item, entries) };
}

const mountOf = (item: Scalar, entries: Iterable<readonly [string, Datum]>): Mapping =>
  new Mapping(new Map(entries), [item.source], false, item.replaced);

/** Splits at colons, but for the one behind a drive letter. */
function sectionsOf(item: Scalar): readonly Scalar[] {
  const sections: Scalar[] = [];
  let from = 0;
  for (let at = 0; at <= item.text.length; at++) {
    if (at < item.text.length && item.text[at] !== ":") continue;
    const isDrive = at < item.text.length && at - from === 1 && /\p{L}/u.test(item.text[from] ?? "");
    if (isDrive) continue;
    sections.push(slice(item, from, at));
    from = at + 1;
  }
  return sections;
}

/** Whether a source is a path of the host rather than a volume's name. */
export const isHostPath = (source: string): boolean => /^(?:[./~]|\\\\|\p{L}:)/u.test(source);

function typeOf(source: Scalar): Scalar {
  if (source.text.startsWith(hole)) return new Scalar("string", hole, source.source, source.pieces);
  return implied(isHostPath(source.text) ? "bind" : "volume", source.source);
}

/** As `path.Clean` of Go. */
export function cleanPath(path: string): string {
  const isRooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isRooted) parts.push(part);
  }
  return `${isRooted ? "/" : ""}${parts.join("/")}` || ".";
}

/** A target without `//`, `/./` and a final `/`. */
export function cleaned(target: Scalar): Scalar {
  const clean = cleanPath(target.text);
  if (clean === target.text) return target;
  const end = target.text.startsWith(clean) ? clean.length : target.text.length;
  return new Scalar("string", clean, target.source, slice(target, 0, end).pieces, target.replaced);
}

function optionsOf(item: Scalar, options: Scalar | undefined, type: Scalar): [string, Datum][] {
  const { source } = item;
  const entries: [string, Datum][] = [];
  const bind: [string, Datum][] = [];
  const volume: [string, Datum][] = [];
  for (const option of options === undefined ? [] : split(options, ",")) {
    const { text } = option;
    if (text === "ro" || text === "rw")
      set(entries, "read_only", new Scalar("boolean", String(text === "ro"), source, option.pieces));
    else if (!option.isKnown) set(entries, "read_only", new Scalar("boolean", hole, source, option.pieces));
    else if (text === "nocopy") set(volume, "nocopy", new Scalar("boolean", "true", source, option.pieces));
    else if (propagations.has(text)) set(bind, "propagation", option);
    else if (text === "z" || text === "Z") set(bind, "selinux", option);
  }
  const part = (parts: [string, Datum][]): Mapping => new Mapping(new Map(parts), [source], false);
  if (type.text === "bind") set(bind, "create_host_path", implied("true", source, "boolean"));
  if (bind.length > 0) entries.push(["bind", part(bind)]);
  if (type.text === "volume" || volume.length > 0) entries.push(["volume", part(volume)]);
  return entries;
}

function set(entries: [string, Datum][], name: string, value: Datum): void {
  const index = entries.findIndex(([n]) => n === name);
  entries.splice(index < 0 ? entries.length : index, index < 0 ? 0 : 1, [name, value]);
}

export function readDevice(item: Scalar): Mounted {
  if (isHole(item.text)) return { mount: new Unclear("variable", item.source) };
  const parts = split(item, ":");
  if (parts.length > 3) return { refusal: `\`${item.text}\` has too many colons` };
  const [source, target, permissions] = parts as [Scalar, Scalar?, Scalar?];
  return {
    mount: mountOf(item, [
      ["source", source],
      ["target", target === undefined || target.text === "" ? source : target],
      ["permissions", permissions ?? implied("rwm", item.source)],
    ]),
  };
}
