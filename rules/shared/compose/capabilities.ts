/** What a service may do beyond an ordinary process: Linux capabilities. */
import type { Context, Service, Setting, Severity } from "../../../engine/index";
import { type ImagePattern, imageSet, imageTable } from "../images/match";
import { baseUser } from "../images/users";
import { imageOf } from "./images";

/** What a capability opens, and how bad that is. */
interface Danger {
  readonly severity: Severity;
  /** Continues "… lets <service>". */
  readonly allows: string;
}

export interface DangerousCapability extends Danger {
  readonly at: Setting;
  /** In capitals, without `CAP_`. */
  readonly name: string;
}

const danger = (severity: Severity, allows: string): Danger => ({ severity, allows });

/** After capabilities(7). What the engine gives every container is not here. */
const dangers: ReadonlyMap<string, Danger> = new Map([
  ["ALL", danger("error", "do to the host nearly all that root can")],
  ["SYS_ADMIN", danger("error", "mount file systems and enter other namespaces, which is nearly as good as root")],
  ["SYS_MODULE", danger("error", "load code into the host's kernel")],
  ["SYS_RAWIO", danger("error", "read and write the host's memory and raw disks")],
  ["DAC_READ_SEARCH", danger("error", "read every file of the host")],
  ["BPF", danger("error", "load programs into the host's kernel")],
  ["SYS_PTRACE", danger("warning", "read and change the memory of other processes")],
  ["SYS_BOOT", danger("warning", "restart the host or load another kernel")],
  ["SYS_TIME", danger("warning", "set the host's clock")],
  ["PERFMON", danger("warning", "watch the host's kernel and all its processes")],
  ["MAC_ADMIN", danger("warning", "change the host's mandatory access control")],
  ["MAC_OVERRIDE", danger("warning", "go past the host's mandatory access control")],
  ["SYSLOG", danger("warning", "read the kernel's log and addresses")],
  ["NET_ADMIN", danger("warning", "change addresses, routes and firewall rules, and listen to traffic")],
  ["LINUX_IMMUTABLE", danger("warning", "make files that nobody can change or delete")],
  ["CHECKPOINT_RESTORE", danger("warning", "look into other processes and take their numbers")],
  ["AUDIT_CONTROL", danger("warning", "switch off the kernel's audit log")],
]);

const forgesPackets = danger("info", "forge packets of its neighbours");

/** Images whose work is to run a network, or to set the clock. General knowledge, 2026-08. */
const routers: readonly ImagePattern[] = [
  "*wireguard*",
  "wg-easy",
  "wg-easy*",
  "*vpn*",
  "gluetun*",
  "tailscale*",
  "zerotier*",
  "netbird*",
  "netbirdio/*",
  "nebulaoss/nebula",
  "pihole*",
  "*adguard*",
  "dnsmasq*",
  "*-dnsmasq",
  "*dhcp*",
  "dns-server",
  "keepalived*",
  "frr",
  "frrouting/*",
  "fail2ban",
  "*home-assistant*",
];
const runsNetwork = imageSet(routers);
const setsClock = imageSet(["*chrony*", "*ntpd*", "ntp", "docker-ntp", "cturra/ntp"]);

/** Undefined where a variable decides. */
export function capabilityOf({ value }: Setting): string | undefined {
  return value.known ? value.value.trim().toUpperCase().replace(/^CAP_/, "") : undefined;
}

/** Whether the service gives up what the engine gives every container; undefined where that is not known. */
export function dropsAll(service: Service): boolean | undefined {
  const dropped = service.settings("cap_drop").map(capabilityOf);
  if (dropped.includes("ALL")) return true;
  return service.isOpenAt("cap_drop") || dropped.includes(undefined) ? undefined : false;
}

/** The capabilities added to a service that endanger the host or other services; a privileged one has them anyway. */
export function dangerousCapabilities(service: Service, context: Context): readonly DangerousCapability[] {
  const privileged = service.flag("privileged");
  if (privileged.known && privileged.value) return [];
  return service.settings("cap_add").flatMap((at): DangerousCapability[] => {
    const name = capabilityOf(at);
    if (name === undefined) return [];
    const known = name === "NET_RAW" && dropsAll(service) === true ? forgesPackets : dangers.get(name);
    if (known === undefined) return [];
    return [{ at, name, ...known, ...(isItsWork(name, service, context) ? { severity: "info" } : {}) }];
  });
}

function isItsWork(capability: string, service: Service, context: Context): boolean {
  const fits = { NET_ADMIN: runsNetwork, SYS_TIME: setsClock }[capability];
  if (fits === undefined) return false;
  const references = [imageOf(service, context), service.image?.reference];
  return references.some((reference) => reference !== undefined && fits(reference));
}

/** What an entrypoint needs to give files and itself to another user. */
const toChangeUser = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];

/** General knowledge of the projects' entrypoints, 2026-08; users beside it as in the table of users. */
const needs: readonly { readonly images: readonly ImagePattern[]; readonly capabilities: readonly string[] }[] = [
  { images: ["library/nginx"], capabilities: ["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"] },
  { images: ["library/httpd"], capabilities: ["NET_BIND_SERVICE", "SETGID", "SETUID"] },
  { images: ["library/caddy", "library/traefik", "traefik/traefik"], capabilities: ["NET_BIND_SERVICE"] },
];
const needsFor = imageTable(needs, ({ images }) => images);

/** The capabilities without which the service's image does not start, as far as is known. */
export function neededCapabilities(service: Service, context: Context): readonly string[] {
  const user = service.user?.value;
  if (user?.known === true && !/^(?:0+|root)?(?::|$)/.test(user.value)) return [];
  const reference = imageOf(service, context);
  if (reference === undefined) return [];
  const row = needsFor(reference)[0];
  if (row !== undefined) return row.capabilities;
  const base = baseUser(reference);
  return base.kind === "root" && base.dropsItself ? toChangeUser : [];
}
