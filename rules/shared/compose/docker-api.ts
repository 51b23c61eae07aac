/** The Docker API over the network: who offers it, who asks for it. */
import type { Command, Context, Service, Setting, ShellWord } from "../../../engine/index";
import { serverOf } from "./images";
import { reachOf, targetsOf } from "./publishing";

/** It runs an engine of its own, or is the image of one. */
export const isEngine = (service: Service, context: Context): boolean => serverOf(service, context)?.name === "Docker";

/** TLS was taken from the engine's image: it then listens on 2375 and asks nobody. */
export function certificatesOff(service: Service): Setting | undefined {
  const value = service.variable("DOCKER_TLS_CERTDIR")?.value;
  return value?.value.known === true && value.value.value === "" ? value : undefined;
}

/** Whether other machines may reach what listens there. */
export function isReachable(service: Service, port: number): boolean {
  const mode = service.networkMode?.value;
  if (mode?.known === true && mode.value === "host") return true;
  return service.ports.some((p) => reachOf(p) !== "loopback" && targetsOf(p)?.includes(port) === true);
}

/** `host:port` of `tcp://host:port`; the port is 2375 where none is written. Undefined for other addresses. */
export function tcpAddress(text: string): { readonly host: string; readonly port: string } | undefined {
  const parts = /^tcp:\/\/(\[[0-9A-Fa-f:]*\]|[^:/?#]*)(?::([^/]*))?\/?$/.exec(text);
  return parts === null ? undefined : { host: parts[1] ?? "", port: parts[2] ?? "2375" };
}

export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(host);

export interface Listening {
  /** What says so, in the command. */
  readonly word: ShellWord;
  /** The address in the word, and its host, which may be empty; undefined where only TLS is switched off. */
  readonly address: string | undefined;
  readonly host: string | undefined;
}

/** Where an engine that the command starts takes orders from the network without asking who gives them. */
export function openlyListening(command: Command, service: Service, context: Context): Listening | undefined {
  // The image's entrypoint starts the engine with the options that are given to it.
  const isOptions = command.position === "script" && /^-/.test(command.written[0]?.source ?? "");
  const isByEntrypoint = isOptions && service.entrypoint === undefined && isEngine(service, context);
  if (command.name !== "dockerd" && !isByEntrypoint) return undefined;
  const words = isByEntrypoint ? command.written : command.args;
  const off = words.find((w) => /^--tls(?:verify)?=(?:false|0)$/.test(w.source));
  const isOff = off !== undefined || certificatesOff(service) !== undefined;
  if (!isOff && (isByEntrypoint || words.some((w) => /^--tls(?:verify|=true|=1|$)/.test(w.source)))) return undefined;
  for (const [i, word] of words.entries()) {
    const next = /^(?:-H|--host)$/.test(word.source) ? words[i + 1] : undefined;
    const text = next?.text ?? /^(?:--host=|-H=?)(.+)$/.exec(word.text ?? "")?.[1];
    const host = text === undefined ? undefined : tcpAddress(text)?.host;
    if (host !== undefined && !isLoopback(host) && !host.includes("$"))
      return { word: next ?? word, address: text, host };
  }
  return off !== undefined && isByEntrypoint ? { word: off, address: undefined, host: undefined } : undefined;
}

/** The service of the project that a host name means. */
export const serviceAt = (host: string, service: Service): Service | undefined =>
  service.project.services.find((s) => {
    const named = [s.name, s.setting("container_name")?.scalar.text, s.setting("hostname")?.scalar.text];
    const aliases = s.networks.flatMap(({ name }) => s.settings("networks", name, "aliases").map((a) => a.scalar.text));
    return named.includes(host) || aliases.includes(host);
  });
