/** Which services run. */
import type { Mapping } from "./datum";

/** The names of the profiles that a service belongs to; none: it always runs. */
export function profilesOf(service: Mapping): readonly string[] {
  const profiles = service.get("profiles");
  return profiles?.kind === "sequence" ? profiles.items.flatMap((p) => (p.kind === "scalar" ? [p.text] : [])) : [];
}

/** Whether the service runs where these profiles are on; `*` are all. */
export function isRunning(service: Mapping, on: readonly string[]): boolean {
  const own = profilesOf(service);
  return own.length === 0 || on.includes("*") || own.some((profile) => on.includes(profile));
}
