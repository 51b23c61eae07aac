import type { PublishedPort, Service } from "../../../engine/index";

/**
 * Who can reach a published port: `all` who reach any address of the host; only those of one private network; the host
 * itself (`loopback`); or nobody knows.
 */
export type Reach = "all" | "private" | "loopback" | "unknown";

/** The service publishes nothing where it uses another network namespace: the list is dead text there. */
export function reachOf(port: PublishedPort): Reach {
  const { hostIp } = port;
  if (hostIp === undefined) return "all";
  if (!hostIp.value.known) return "unknown";
  return reachOfAddress(hostIp.value.value.replace(/^\[|\]$/g, ""));
}

export function reachOfAddress(address: string): Reach {
  if (address === "" || address === "0.0.0.0" || /^[0:]+$/.test(address)) return "all";
  if (/^127\./.test(address) || address === "localhost" || /^(?:0*:)*0*1$/.test(address)) return "loopback";
  const isPrivate =
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[789]\d|1[01]\d|12[0-7])\.|f[cd]|fe[89ab])/i;
  return isPrivate.test(address) ? "private" : "all";
}

/** The ports of the container, at most a thousand of a range; undefined where they are not known. */
export function targetsOf(port: PublishedPort): readonly number[] | undefined {
  if (!port.target.known) return undefined;
  const { first, last } = port.target.value;
  return Array.from({ length: Math.min(1000, last - first + 1) }, (_, i) => first + i);
}

/** `udp` where that is said, and `tcp` where nothing is. */
export const protocolOf = (port: PublishedPort): "tcp" | "udp" =>
  port.protocol.known && port.protocol.value.toLowerCase() === "udp" ? "udp" : "tcp";

/** Whether anything of it can be reached from other machines, as far as is known. */
export const isPublished = (service: Service): boolean =>
  service.networkMode === undefined && service.ports.some((p) => reachOf(p) === "all" || reachOf(p) === "private");

/** `5432`, or `5432–5440`, as the container knows it. */
export function nameOfPort(port: PublishedPort): string {
  if (!port.target.known) return "a port";
  const { first, last } = port.target.value;
  return first === last ? `${first}` : `${first}–${last}`;
}
