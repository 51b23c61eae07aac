/** The listeners of a Kafka broker that encrypt nothing. Names of variables from the images' own pages, 2026-08. */
import type { Service, ServiceVariable, Setting } from "../../../engine/index";
import { targetsOf, reachOf } from "./publishing";

export interface PlaintextListener {
  readonly name: string;
  /** `NAME:PLAINTEXT` of the map, or the name in an address where no map is given. */
  readonly at: Setting;
  readonly protocolAt: Setting | undefined;
  readonly isPublished: boolean;
}

const settingAt = (service: Service, pattern: RegExp): Setting | undefined =>
  service.environment.find((v: ServiceVariable) => pattern.test(v.name) && !v.isFromFile)?.value;

/** Those that clients or other brokers connect to, the published ones first. */
export function plaintextListeners(service: Service): readonly PlaintextListener[] {
  const map = settingAt(service, /^KAFKA_(?:CFG_)?LISTENER_SECURITY_PROTOCOL_MAP$/);
  const bound = settingAt(service, /^KAFKA_(?:CFG_)?LISTENERS$/);
  const advertised = settingAt(service, /^KAFKA_(?:CFG_)?ADVERTISED_LISTENERS$/);
  // What clients are told to connect to says nothing of the address that the broker listens on.
  const told = placesIn(advertised).map((p) => ({ ...p, isLoopback: false }));
  const places = new Map([...told, ...placesIn(bound)].map((p) => [p.name, p]));
  const controllers = settingAt(service, /^KAFKA_(?:CFG_)?CONTROLLER_LISTENER_NAMES$/)?.scalar.text.split(",") ?? [];
  const isController = (name: string): boolean =>
    name === "CONTROLLER" || controllers.some((c) => c.trim().toUpperCase() === name);
  const found = map === undefined ? [...places.values()].filter((p) => standard.test(p.name)) : entriesIn(map);
  const listeners = found.flatMap(({ name, at, protocolAt }) => {
    const place = places.get(name);
    if (isController(name) || place?.isLoopback === true) return [];
    // Maps name more listeners than a broker has.
    if (places.size > 0 && place === undefined) return [];
    return [{ name, at, protocolAt, isPublished: isPublishedAt(service, place?.port) }];
  });
  return [...listeners.filter((l) => l.isPublished), ...listeners.filter((l) => !l.isPublished)];
}

const standard = /^(?:SASL_)?PLAINTEXT$/;

interface Found {
  readonly name: string;
  readonly at: Setting;
  readonly protocolAt: Setting | undefined;
}

interface Place extends Found {
  readonly port: number | undefined;
  readonly isLoopback: boolean;
}

function entriesIn(map: Setting): readonly Found[] {
  return [...map.scalar.text.matchAll(/(\w{1,64})\s?:\s?((?:SASL_)?PLAINTEXT)\b/gi)].map((match) => {
    const [whole, name = "", protocol = ""] = match;
    const end = match.index + whole.length;
    return {
      name: name.toUpperCase(),
      at: map.part(match.index, end),
      protocolAt: map.part(end - protocol.length, end),
    };
  });
}

function placesIn(list: Setting | undefined): readonly Place[] {
  if (list === undefined) return [];
  return [...list.scalar.text.matchAll(/(\w{1,64}):\/\/(\[[0-9a-f:]*\]|[^,\s:]{0,253})(?::(\d{1,5}))?/gi)].map(
    (match) => {
      const [, name = "", host = "", port] = match;
      return {
        name: name.toUpperCase(),
        at: list.part(match.index, match.index + name.length),
        protocolAt: undefined,
        port: port === undefined ? undefined : Number(port),
        isLoopback: /^(?:localhost|127\.[\d.]+|\[::1\])$/i.test(host),
      };
    },
  );
}

/** Where the port of a listener is not known, any published port may be its own. */
function isPublishedAt(service: Service, port: number | undefined): boolean {
  const mode = service.networkMode?.value;
  if (mode !== undefined) return mode.known && mode.value === "host";
  return service.ports.some((p) => {
    const reach = reachOf(p);
    if (reach !== "all" && reach !== "private") return false;
    return port === undefined || targetsOf(p)?.includes(port) === true;
  });
}
