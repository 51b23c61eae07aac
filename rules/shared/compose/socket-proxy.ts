/** A proxy between a service and the engine's socket, which lets only some orders through. */
import { choice, type FileEdits, type Fix, type YamlData } from "../../../engine/index";
import { serviceImage } from "../images/services";
import { type VolumeUse, withoutMount } from "./host-paths";
import { fixTogether, setAtTop } from "./top-level";

const name = "docker-proxy";
const network = "docker-api";
const endpoint = `tcp://${name}:2375`;

/** Reading about containers is allowed, changing anything is not. */
const proxy = (socket: string): YamlData => ({
  image: "tecnativa/docker-socket-proxy:v0.4.2",
  environment: { CONTAINERS: choice(1, "1"), POST: choice(2, "0") },
  volumes: [`${socket}:/var/run/docker.sock:ro`],
  networks: [network],
});

/** Tells the program where the engine is; Traefik only knows its own option. */
function pointed({ service }: VolumeUse): FileEdits | undefined {
  const into = { snippet: true };
  const reference = service.image?.reference;
  if (reference !== undefined && serviceImage(reference)?.name === "Traefik") {
    const isList = service.get("command")?.kind === "sequence";
    return isList ? service.append(["command"], `--providers.docker.endpoint=${endpoint}`, into) : undefined;
  }
  if (service.get("environment") === undefined)
    return service.set(["environment"], { DOCKER_HOST: endpoint }, { ...into, before: "volumes" });
  return (
    service.set(["environment", "DOCKER_HOST"], endpoint, into) ??
    service.append(["environment"], `DOCKER_HOST=${endpoint}`, into)
  );
}

/** Puts the service on the proxy's network, beside those that it is on. */
function connected({ service }: VolumeUse): FileEdits | undefined {
  const into = { snippet: true };
  // The default network is written nowhere: its place is the service's own.
  const isDefault = service.part("networks")?.source === service.source;
  if (isDefault) return service.set(["networks"], ["default", network], into);
  return service.set(["networks", network], null, into) ?? service.append(["networks"], network, into);
}

/** Undefined where the service's own text does not allow it, or takes no network of the project. */
export function behindProxy(use: VolumeUse, socket: string, file: string): Fix | undefined {
  const { service } = use;
  const { project } = service;
  if (service.networkMode !== undefined || project.service(name) !== undefined) return undefined;
  const into = { snippet: true, file: use.mount.file };
  const all: readonly (FileEdits | undefined)[] = [
    ...withoutMount(use),
    pointed(use),
    connected(use),
    setAtTop(project, ["services", name], proxy(socket), { ...into, before: service.name }),
    setAtTop(project, ["networks", network], { internal: true }, into),
  ];
  return fixTogether(file, "Put a socket proxy between the service and the engine", "guided", all);
}
