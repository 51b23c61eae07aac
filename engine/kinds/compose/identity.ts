/** Items of lists that take each other's place. */
import { type Mapping, replacing, withItems, type Datum, type Sequence } from "./datum";
import { readMount } from "./mounts";
import type { Refuse } from "./read";
import type { Identity } from "./shape";

const textOf = (datum: Datum | undefined): string | undefined => (datum?.kind === "scalar" ? datum.text : undefined);

/** What the item must not share with another one; undefined where it shares nothing, `refusal` where it lacks it. */
function identityOf(item: Datum, identity: Identity): string | undefined | { readonly refusal: string } {
  if (item.kind === "scalar") {
    if (!item.isKnown) return undefined;
    if (identity === "name") {
      const equals = item.text.indexOf("=");
      return equals < 0 ? item.text : item.text.slice(0, equals);
    }
    if (identity === "mount") {
      const read = readMount(item);
      return "refusal" in read ? undefined : identityOf(read.mount, identity);
    }
    if (identity === "device") return item.text.split(":")[1] ?? item.text;
    if (identity === "secret") return `/run/secrets/${item.text}`;
    return identity === "config" ? `/${item.text}` : item.text;
  }
  return item.kind === "mapping" ? mappingIdentity(item, identity) : undefined;
}

function mappingIdentity(item: Mapping, identity: Identity): string | undefined | { readonly refusal: string } {
  const target = item.get("target");
  if (target?.kind === "scalar" && !target.isKnown) return undefined;
  const refusal = { refusal: "A `target` is missing here" };
  switch (identity) {
    case "mount":
    case "device":
      return textOf(target) ?? refusal;
    case "secret":
      return textOf(target) ?? `/run/secrets/${textOf(item.get("source")) ?? ""}`;
    case "config":
      return textOf(target) ?? `/${textOf(item.get("source")) ?? ""}`;
    case "envFile":
      return textOf(item.get("path")) ?? { refusal: "A `path` is missing here" };
    case "port":
      return target === undefined ? refusal : portIdentity(item);
    default:
      return undefined;
  }
}

/** A published port written as a number is another one than the same as a text. */
function portIdentity(item: Mapping): string | undefined {
  const published = item.get("published");
  const parts = [item.get("host_ip"), published, item.get("target"), item.get("protocol")];
  if (parts.some((p) => p !== undefined && (p.kind !== "scalar" || !p.isKnown))) return undefined;
  const type = published?.kind === "scalar" ? published.type : "none";
  const address = textOf(parts[0]) ?? "0.0.0.0";
  return [address, type, textOf(published) ?? "", textOf(parts[2]), textOf(parts[3]) ?? "tcp"].join(" ");
}

/** The list with each later item in the place of the earlier one that it replaces. */
export function distinct(sequence: Sequence, identity: Identity, refuse: Refuse): Sequence {
  const items: Datum[] = [];
  const places = new Map<string, number>();
  for (const item of sequence.items) {
    const key = identityOf(item, identity);
    if (typeof key === "object") refuse(item.source, key.refusal);
    const place = typeof key === "string" ? places.get(key) : undefined;
    const old = place === undefined ? undefined : items[place];
    if (place !== undefined && old !== undefined) items[place] = replacing(item, { value: old, why: "later" });
    else if (typeof key === "string") places.set(key, items.push(item) - 1);
    else items.push(item);
  }
  return items.length === sequence.items.length ? sequence : withItems(sequence, items);
}
