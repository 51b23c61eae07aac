/** What a service is for, as far as its image, its name and its settings tell. */
import type { ComposeProject, Context, Service } from "../../../engine/index";
import type { ServiceImage } from "../images/services";
import { imageOf, serverOf } from "./images";

const gatewayNames =
  /^(?:(?:reverse|edge|load)[-_]?(?:proxy|balancer)|(?:api[-_]?)?gateway|ingress|nginx|traefik|caddy|haproxy|envoy|kong|apisix|krakend)(?:[-_.]?\d*)$/i;
const gatewayImages =
  /(?:^|\/)(?:nginx|traefik|caddy|haproxy|envoy|kong|apisix|krakend|tyk-gateway|spring-cloud-gateway|ocelot|yarp)(?:$|[-_.:@])/i;

/** Requests from outside come in through it: a reverse proxy or an API gateway. */
export function isGateway(service: Service, context: Context): boolean {
  const server = serverOf(service, context);
  // A static site is built on nginx as well; only its name tells then.
  if (server?.kind === "gateway" && service.build === undefined) return true;
  if (server !== undefined && server.kind !== "gateway") return false;
  const reference = imageOf(service, context);
  if (service.build === undefined && reference !== undefined && gatewayImages.test(reference.repository)) return true;
  return gatewayNames.test(service.name);
}

const dataKinds = new Set([
  "relational",
  "document",
  "graph",
  "search",
  "vector",
  "object-store",
  "cache",
  "broker",
  "coordination",
  "secrets",
]);

/** It keeps data of others: databases, caches, brokers, stores. */
export const keepsData = (server: ServiceImage | undefined): boolean => dataKinds.has(server?.kind ?? "");

/** {@link keepsData}, by the image that a service runs or is built on. */
export const isDataService = (service: Service, context: Context): boolean => keepsData(serverOf(service, context));

/** People administer or watch other services with it. */
export const isAdminService = (service: Service, context: Context): boolean => {
  const kind = serverOf(service, context)?.kind;
  return kind === "admin-ui" || kind === "observability";
};

const jobNames =
  /(?:^|[-_])(?:init|setup|migrate|migrations?|migrator|seed|seeder|createbuckets?|bootstrap|provision|job|certs?[-_]?gen)(?:$|[-_])/i;
const jobPrograms = /^(?:chown|chmod|mkdir|cp|mv|rm|echo|true|exit)$/;

/** It runs once and ends: an initialisation, a migration. */
export const isJob = (service: Service): boolean =>
  service.once("is job", () => looksLikeJob(service)) || isAwaited(service);

/** Another service waits for its end. */
const isAwaited = (service: Service): boolean =>
  service.ask("is awaited", (project) => project.once("awaited", () => awaitedIn(project)).has(service.name));

function awaitedIn({ services }: ComposeProject): ReadonlySet<string> {
  const waiting = services.flatMap((s) => s.dependsOn);
  return new Set(waiting.flatMap((d) => (d.condition === "service_completed_successfully" ? [d.name] : [])));
}

function looksLikeJob(service: Service): boolean {
  const restart = service.setting("restart")?.value;
  if (restart?.known === true && restart.value === "no") return true;
  const mode = service.setting("deploy", "mode")?.value;
  if (mode?.known === true && mode.value.endsWith("-job")) return true;
  if (jobNames.test(service.name)) return true;
  const first = (service.command ?? service.entrypoint)?.commands[0]?.name;
  return first !== undefined && jobPrograms.test(first);
}

/** It runs until somebody stops it, as far as is known. */
export const isLongRunning = (service: Service): boolean => service.provider === undefined && !isJob(service);
