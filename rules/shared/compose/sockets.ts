/** Sockets and pipes over which a container engine takes its orders, and the programs that are made to use them. */
import {
  type Context,
  hole,
  parseReference,
  type Service,
  type ServiceMount,
  type Setting,
} from "../../../engine/index";
import { imageSet } from "../images/match";
import { imageOf } from "./images";
import { hostPathOf } from "./host-paths";

export interface EngineSocket {
  readonly engine: "docker" | "other";
  /** The socket itself, or a folder in which it lies. */
  readonly form: "socket" | "folder";
}

const socketFile = /^(?:docker|podman|containerd|crio|cri-dockerd|dockershim|buildkitd)(?:\.raw)?\.sock$/;
const pipe = /^(?:npipe:)?(?:\/\/|\\\\)+[.?][\\/]pipe[\\/](?:docker_engine\w*|containerd-containerd|podman-\S+)$/i;
const folders =
  /^\/run(?:\/(?:containerd|crio|podman|docker|docker\/containerd|k3s|k3s\/containerd|user\/\d+\/podman))?$/;
const variables = /(?:DOCKER|PODMAN|CONTAINERD?|ENGINE)_?(?:HOST_?)?SOCK(?:ET)?(?:_?(?:PATH|FILE|LOCATION))?$/i;

const engineOf = (name: string): EngineSocket["engine"] => (/docker/.test(name) ? "docker" : "other");

/** What of an engine lies at a path of the host. */
function socketAt(path: string): EngineSocket | undefined {
  const place = path.replace(/^\/var\/run(?=\/|$)/, "/run");
  if (folders.test(place)) return { engine: place === "/run" ? "docker" : engineOf(place), form: "folder" };
  const name = place.slice(place.lastIndexOf("/") + 1);
  const isOutside = /^[/~]/.test(place) || /^(?:\.\.\/)+(?:var\/)?run\//.test(place);
  // What a proxy offers is another socket of the same name.
  if (!isOutside || !socketFile.test(name) || /proxy/i.test(place)) return undefined;
  return { engine: engineOf(name), form: "socket" };
}

/** What of an engine a path of the host leads to, be it written in part. */
export function engineSocket(source: Setting): EngineSocket | undefined {
  const { text } = source.scalar;
  if (pipe.test(text)) return { engine: engineOf(text), form: "socket" };
  const path = hostPathOf(source);
  if (path !== undefined) return path.includes(hole) ? undefined : socketAt(path);
  if (!text.startsWith(hole)) return undefined;
  if (text.includes("/")) return text.lastIndexOf(hole) < text.lastIndexOf("/") ? socketAt(`/${text}`) : undefined;
  return variables.test(source.variables.at(-1)?.variable ?? "") ? { engine: "docker", form: "socket" } : undefined;
}

/** As `engineSocket`; where nothing is known of the source, the place in the container tells. */
export function mountedSocket(source: Setting, mount: ServiceMount): EngineSocket | undefined {
  const found = engineSocket(source);
  if (found !== undefined || source.scalar.text.replaceAll(hole, "") !== "") return found;
  const target = mount.target?.scalar.text ?? "";
  const socket = socketAt(target);
  return socket?.form === "socket" ? socket : undefined;
}

/** Programs that only work with the engine's socket. General knowledge, 2026-08. */
const isEngineClient = imageSet([
  "traefik",
  "portainer*",
  "portainer/agent",
  "watchtower",
  "promtail",
  "alloy",
  "grafana/agent",
  "cadvisor*",
  "dozzle",
  "*autoheal",
  "diun",
  "ouroboros",
  "ofelia",
  "dockge",
  "yacht",
  "lazydocker",
  "logspout",
  "swarmpit*",
  "docker-gen",
  "docker-volume-backup",
  "nginx-proxy",
  "acme-companion",
  "docker-letsencrypt-nginx-proxy-companion",
  "caddy-docker-proxy",
  "homepage",
  "homarr",
  "beszel-agent",
  "glances",
  "netdata",
  "telegraf",
  "filebeat",
  "metricbeat",
  "elastic-agent",
  "vector",
  "datadog/agent",
  "opentelemetry-collector*",
  "crowdsec",
  "falco*",
  "newrelic/infrastructure*",
  "zabbix-agent*",
  "gitlab-runner",
  "github-runner",
  "github-actions-runner",
  "act_runner",
  "forgejo/runner",
  "drone-runner-docker",
  "drone/agent",
  "woodpecker-agent",
  "buildkite/agent",
  "teamcity-agent",
  "concourse",
  "library/docker",
]);
const isProxyImage = imageSet(["docker-socket-proxy*", "socket-proxy", "dockerproxy"]);

/** It lets through only some of the orders. */
export function isSocketProxy(service: Service, context: Context): boolean {
  const reference = service.image?.reference ?? imageOf(service, context);
  if (reference !== undefined && service.build === undefined) return isProxyImage(reference);
  return /(?:docker|socket)[-_]?(?:socket[-_]?)?proxy/i.test(service.name);
}

/** It is made to give orders to the engine, or to watch it; its name tells where its image is not known. */
export function isMadeForSocket(service: Service, context: Context): boolean {
  const reference = imageOf(service, context) ?? parseReference(service.name.toLowerCase());
  return reference !== undefined && isEngineClient(reference);
}
