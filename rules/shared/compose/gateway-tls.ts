/** Whether a gateway has TLS of its own, or somebody before it has. */
import type { Context, PublishedPort, Service } from "../../../engine/index";
import { imageOf } from "./images";
import { targetsOf } from "./publishing";
import { isGateway } from "./roles";

const tlsPorts: readonly number[] = [443, 4443, 8443, 9443, 10443];

/** The first and the last port of the host; none where compose takes any free one, or nobody knows. */
export const hostPorts = ({ published }: PublishedPort): readonly number[] =>
  published?.known === true ? [published.value.first, published.value.last] : [];

/** Ports, variables or words that could bring TLS along cannot be seen; or the ports are dead text. */
export function mayHaveMore(service: Service): boolean {
  const mode = service.networkMode?.value;
  if (mode !== undefined && (!mode.known || !/^(?:bridge|default)$/.test(mode.value))) return true;
  if (service.provider !== undefined || service.isOpen || service.isEnvironmentOpen || service.project.isOpen)
    return true;
  const ports = service.get("ports");
  if (ports?.kind === "sequence" && ports.items.some((i) => i.kind === "unclear")) return true;
  if (service.isOpenAt("ports") || service.isOpenAt("volumes") || service.ports.some((p) => !p.target.known))
    return true;
  return service.command?.isOpen === true || service.entrypoint?.isOpen === true;
}

const tlsWord =
  /(?:^|[^a-z])(?:tls|ssl|acme(?!\.(?:io|com|net|org|dev|corp|example))|lets-?encrypt|certbot|certs?|certificates?|cert-?resolver|certificatesresolvers|websecure|https(?!:))(?=[^a-z]|$)|\.(?:pem|crt|key|pfx|p12|jks)(?:$|[^a-z])/i;
const isOff = (text: string): boolean => /^(?:0|false|no|off|none|disabled?)?$/i.test(text.trim());

/** Whether anything about the service speaks of TLS; files that it mounts are not read. */
export function hasTls(service: Service, context: Context): boolean {
  const exposed = service.settings("expose").map((e) => Number.parseInt(e.scalar.text, 10));
  const numbers = service.ports.flatMap((p) => [...(targetsOf(p) ?? []), ...hostPorts(p)]);
  if ([...exposed, ...numbers].some((n) => tlsPorts.includes(n))) return true;
  const assigned = [...service.environment, ...service.labels];
  if (assigned.some(({ name, value }) => tlsWord.test(name) && !isOff(value?.scalar.text ?? ""))) return true;
  return textsOf(service).some((t) => tlsWord.test(t)) || tlsInDockerfile.test(dockerfileOf(service, context));
}

function textsOf(service: Service): readonly string[] {
  const words = [service.command, service.entrypoint].flatMap((p) => p?.words ?? []);
  const uses = [...service.secrets, ...service.configs];
  return [
    ...words.map((w) => w.scalar.text),
    ...[...service.environment, ...service.labels].map((v) => v.value?.scalar.text ?? ""),
    ...service.mounts.flatMap(({ from, target }) => [from?.scalar.text ?? "", target?.scalar.text ?? ""]),
    ...uses.flatMap((u) => [u.name, u.target ?? ""]),
  ];
}

const tlsInDockerfile = /\b8?443\b|\.(?:pem|crt|key|pfx|p12|jks)\b|ssl_certificate|certbot|letsencrypt|\bacme\.sh\b/i;

function dockerfileOf({ build }: Service, { project }: Context): string {
  if (build?.inline !== undefined) return build.inline.scalar.text;
  const path = build?.dockerfilePath;
  return path === undefined ? "" : (project.text(path) ?? "");
}

/** Tells the gateway to believe what somebody before it says of the client. */
const behindOther = /forwarded|proxy[-_]?protocol|trusted[-_]?(?:ips|prox)|real[-_]?ip|cloudflare/i;
const tunnels = /(?:^|\/)(?:cloudflared|ngrok|tailscale|frpc|inlets)(?:$|[-_.])/i;

/** Somebody before the gateway has the certificate, as far as its settings or the services around it tell. */
export function isBehindOther(service: Service, context: Context): boolean {
  const names = [...service.environment, ...service.labels].map((v) => v.name);
  if ([...names, ...textsOf(service)].some((t) => behindOther.test(t))) return true;
  return service.project.services.some((other) => {
    if (other === service) return false;
    if (tunnels.test(imageOf(other, context)?.repository ?? "")) return true;
    return other.ports.length > 0 && isGateway(other, context) && hasTls(other, context);
  });
}
