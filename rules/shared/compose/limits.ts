/** How much a service may take of its host. */
import { type LimitName, readBytes, type Service, type Setting } from "../../../engine/index";

export const limitNames: readonly LimitName[] = ["memory", "cpus", "pids"];

/** Where a limit is written, in the swarm's words and in the service's own. */
const places: Readonly<Record<LimitName, readonly (readonly string[])[]>> = {
  memory: [["deploy", "resources", "limits", "memory"], ["mem_limit"]],
  cpus: [["deploy", "resources", "limits", "cpus"], ["cpus"], ["cpu_quota"], ["cpu_count"], ["cpu_percent"]],
  pids: [["deploy", "resources", "limits", "pids"], ["pids_limit"]],
};

export const limitsOf = (service: Service, name: LimitName): readonly Setting[] =>
  places[name].flatMap((path) => service.setting(...path) ?? []);

/** The value stands for "no limit": zero, or less. False for one that a variable decides. */
export function isUnlimited(name: LimitName, { value }: Setting): boolean {
  if (!value.known) return false;
  const amount = name === "memory" ? readBytes(value.value) : Number(value.value);
  return amount !== undefined && amount <= 0;
}

/** Whether the service has a limit that limits; undefined where that cannot be told. */
export function isLimited(service: Service, name: LimitName): boolean | undefined {
  const limits = limitsOf(service, name);
  if (limits.length > 0) return limits.some((limit) => !isUnlimited(name, limit));
  const above = [["deploy"], ["deploy", "resources"], ["deploy", "resources", "limits"]];
  return above.some((path) => service.isOpenAt(...path)) ? undefined : false;
}
