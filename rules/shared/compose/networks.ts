/** Which services meet on which networks, and the edits that part them. */
import type { FileEdits, Resource, Service } from "../../../engine/index";

/** Whether a network has no way out of the host; undefined where a variable decides. */
export function isInternal(network: Resource | undefined): boolean | undefined {
  const value = network?.setting("internal")?.value;
  if (value === undefined) return network?.isOpen === true ? undefined : false;
  return value.known ? value.value === "true" : undefined;
}

/** The networks of a service that are not internal, an external one included; undefined where that cannot be told. */
export function openNetworks(service: Service): readonly string[] | undefined {
  if (service.isOpenAt("networks")) return undefined;
  const open: string[] = [];
  for (const { name } of service.networks) {
    const internal = isInternal(service.project.resource("networks", name));
    if (internal === undefined) return undefined;
    if (!internal) open.push(name);
  }
  return open;
}

/** Whether one service has to reach the other: it waits for it, or its settings name it as a host. */
export function uses(service: Service, other: Service): boolean {
  if (service === other) return false;
  if (service.dependsOn.some((d) => d.name === other.name)) return true;
  const names = new Set([other.name]);
  for (const key of ["container_name", "hostname"]) {
    const value = other.setting(key)?.value;
    if (value?.known === true) names.add(value.value);
  }
  for (const { name } of other.networks)
    for (const alias of other.settings("networks", name, "aliases")) names.add(alias.scalar.text);
  const words = [...(service.command?.words ?? []), ...(service.entrypoint?.words ?? [])];
  const texts = [...service.environment.flatMap((v) => v.value ?? []), ...words];
  return texts.some(({ scalar }) => scalar.text.split(/[^\w.-]+/).some((word) => names.has(word)));
}

/** Puts a service on a network beside those that it is on; undefined where that cannot be written. */
export function joinNetwork(service: Service, name: string): FileEdits | undefined {
  const [first] = service.networks;
  if (first === undefined) return undefined;
  const into = { file: service.file };
  const names = [...service.networks.map((n) => n.name), name];
  if (isImplied(service)) return service.set(["networks"], names, into);
  if (isShared(service)) return isPlain(service) ? service.set(["networks"], names, into) : undefined;
  return first.part.keySpan === undefined
    ? service.append(["networks"], name, into)
    : service.set(["networks", name], {}, into);
}

/** Puts a service on one network only; undefined where it says more of its present ones than their names. */
export function moveToNetwork(service: Service, name: string): FileEdits | undefined {
  const [first, ...others] = service.networks;
  if (first === undefined || !isPlain(service)) return undefined;
  const { part } = first;
  if (others.length > 0 || isShared(service) || isImplied(service) || part.keySpan !== undefined)
    return service.set(["networks"], [name], { file: service.file });
  const edits = part.replace(name);
  return edits && { file: part.file, edits };
}

/** Its networks are only named. */
export const isPlain = (service: Service): boolean =>
  service.networks.every(({ part }) => part.datum.kind === "scalar");

/** Its networks are written for others as well. */
const isShared = (service: Service): boolean =>
  service.networks.some(({ part }) => part.file !== service.file) ||
  service.part("networks")?.routes.includes("anchor") === true;

/** Nobody wrote the networks of the service: it is on the default one. */
const isImplied = (service: Service): boolean => service.networks[0]?.part.source === service.mapping.source;
