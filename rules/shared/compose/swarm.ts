/** Whether a project is made for a swarm: `docker stack deploy` reads its files otherwise than compose does. */
import { basename, type ComposeProject, type Service, type Setting } from "../../../engine/index";

/** Keys of `deploy` that only a swarm heeds. */
const swarmKeys = ["placement", "endpoint_mode", "update_config", "rollback_config"] as const;
const swarmName = /(?:^|[-_.])swarm[-_.]|^docker-stack[-_.]|(?:^|[-_.])compose[-_.]stack\./i;

/** Files of compose's own use are called stacks as well, and compose heeds `replicas`. */
const stackName = /(?:^|[-_.])stack[-_.]/i;
const composeKeys = [
  "build",
  "container_name",
  "cpus",
  "depends_on",
  "develop",
  "links",
  "mem_limit",
  "network_mode",
  "profiles",
  "provider",
  "pull_policy",
  "restart",
  "scale",
];

/** Whether the service's project is one, as far as its files clearly say so. */
export const isInSwarm = (service: Service): boolean =>
  service.ask("is in swarm", (project) => project.once("is swarm", () => findsSwarm(project)));

function findsSwarm(project: ComposeProject): boolean {
  const { services, networks, secrets, configs } = project;
  const names = [...project.loaded.files.keys()].map(basename);
  if (names.some((name) => swarmName.test(name))) return true;
  // Only a swarm has overlays, unless other containers may join them, and secrets of its own.
  if (networks.some((n) => textOf(n.driver) === "overlay" && textOf(n.setting("attachable")) !== "true")) return true;
  if ([...secrets, ...configs].some((r) => r.isExternal.known && r.isExternal.value)) return true;
  if (services.some(isForSwarm)) return true;
  const mayBe = names.some((name) => stackName.test(name)) || services.some(isReplicated);
  return mayBe && !project.isOpen && !services.some((s) => composeKeys.some((key) => s.has(key) !== false));
}

const textOf = (setting: Setting | undefined): string | undefined =>
  setting?.value.known === true ? setting.value.value : undefined;

function isForSwarm(service: Service): boolean {
  const mode = textOf(service.setting("deploy", "mode"));
  if (mode !== undefined && mode !== "replicated") return true;
  return swarmKeys.some((key) => service.part("deploy", key) !== undefined);
}

function isReplicated(service: Service): boolean {
  const replicas = textOf(service.setting("deploy", "replicas"));
  return (replicas !== undefined && replicas !== "0") || service.setting("deploy", "mode") !== undefined;
}
