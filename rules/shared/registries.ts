/** Which registries images may come from. */
import { choice, type ImageReference, type Severity, withoutTrailing } from "../../engine/index";
import { matchesGlob } from "./images/match";

/** A pattern allows what lies below it: `ghcr.io`, `ghcr.io/acme`, `*.example.com/team-*`. */
function allows(pattern: string, { registry, repository }: ImageReference): boolean {
  const name = pattern.replace(/^(?:https?:\/\/)?(?:index\.|registry-1\.)?(?=docker\.io)|^https?:\/\//, "");
  const wanted = withoutTrailing(name, "/").split("/");
  const path = `${registry}/${repository}`.toLowerCase().split("/");
  return wanted.length <= path.length && wanted.every((part, i) => matchesGlob(path[i] ?? "", part.toLowerCase()));
}

/** What is wrong with a registry, whatever anybody allows. */
function doubt(registry: string): string | undefined {
  const host = registry.replace(/:\d+$/, "");
  if (/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])$/i.test(host))
    return "is an address without a name, so no certificate vouches for it";
  if (host === "localhost" || host.endsWith(".localhost")) return "is whatever listens on the machine that asks";
  if (host.endsWith(".local")) return "is a name of the local network, which anybody in it may answer to";
  if (host === "ttl.sh") return "takes images from anybody and forgets them after hours";
  return registry.endsWith(":5000") ? "is usually spoken to without TLS at this port" : undefined;
}

export interface RegistryFault {
  readonly message: string;
  readonly severity: Severity;
}

/** `trusted`: the configured patterns; where there are none, only registries that nobody should trust are a fault. */
export function registryFault(reference: ImageReference, trusted: readonly string[]): RegistryFault | undefined {
  const { registry } = reference;
  if (trusted.length > 0) {
    if (trusted.some((pattern) => allows(pattern, reference))) return undefined;
    const message = `Images of ${registry} are not allowed here: trusted are ${trusted.join(", ")}`;
    return { message, severity: "error" };
  }
  const why = doubt(registry);
  return why === undefined ? undefined : { message: `The registry ${registry} ${why}`, severity: "info" };
}

/** Characters of the registry that a reference is written with; 0 where it names none. */
export function registryLength(text: string): number {
  const [first = ""] = text.split("/");
  return text.includes("/") && /[.:]|^localhost$/.test(first) ? first.length : 0;
}

/** The first registry that can be named, and as the choice of a guided fix. */
export function trustedRegistry(
  trusted: readonly string[],
): { readonly name: string; readonly snippet: string } | undefined {
  const name = trusted.find((pattern) => !pattern.includes("*"));
  return name === undefined
    ? undefined
    : { name, snippet: choice(1, withoutTrailing(name.replace(/^https?:\/\//, ""), "/")) };
}
