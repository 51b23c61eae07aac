/** Gateways of a project, and the programs that requests reach through them. */
import type { Context, PublishedPort, Service } from "../../../engine/index";
import { isForDevelopment } from "./development";
import { imageOf } from "./images";
import { listeningServer } from "./listening-server";
import { settingOf } from "./ports";
import { uses } from "./networks";
import { isPublished } from "./publishing";
import { isGateway } from "./roles";

/** They stand before one store or engine, not before the programs of a project. */
const frontsOnly: ReadonlySet<string> = new Set(["Hasura", "PostgREST", "Docker socket proxy"]);
const entranceNames = /proxy|gateway|ingress|balancer/i;
/** What their images are named after; other images of these names keep data too. */
const storeNames =
  /^(?:db|database|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|valkey|cache|rabbitmq|kafka|elasticsearch)(?:[-_.]?\d*)$/i;
const pages = /^(?:\/usr\/share\/(?:nginx|caddy)|\/usr\/local\/apache2\/htdocs|\/var\/www|\/srv)(?:\/|$)/;

/** A gateway that other machines reach and that shares a network with the service; undefined where there is none. */
export function gatewayBefore(service: Service, context: Context): Service | undefined {
  const networks = new Set(service.networks.map((n) => n.name));
  return service.project.services.find(
    (other) =>
      other !== service &&
      other.networks.some((n) => networks.has(n.name)) &&
      isPublished(other) &&
      isEntrance(other, context) &&
      !isForDevelopment(other, other.file) &&
      (!servesPages(other) || uses(other, service)),
  );
}

/** Requests from outside come in through it; a web server that the project builds upon is one where its name says so. */
export function isEntrance(service: Service, context: Context): boolean {
  const server = listeningServer(service, context);
  if (server !== undefined && frontsOnly.has(server.name)) return false;
  return isGateway(service, context) || (server?.kind === "gateway" && entranceNames.test(service.name));
}

const servesPages = (service: Service): boolean =>
  service.mounts.some(({ target }) => target !== undefined && pages.test(target.scalar.text));

/** A program of the project's own, or a site: no gateway, and nothing that keeps or shows data of others. */
export function isApplication(service: Service, context: Context): boolean {
  if (isEntrance(service, context) || storeNames.test(service.name)) return false;
  const kind = listeningServer(service, context)?.kind;
  // Pages that the project builds onto a web server.
  const isBuiltSite = kind === "gateway" && service.build !== undefined;
  const isKnown = service.build !== undefined || imageOf(service, context) !== undefined;
  return isKnown && (kind === undefined || kind === "application" || isBuiltSite);
}

/** The port, or a label, says that it speaks gRPC: not every gateway passes that on. */
export function isForGrpc(port: PublishedPort, service: Service): boolean {
  const words = ["name", "app_protocol"].map((key) => settingOf(port, key)?.scalar.text ?? "");
  const labels = service.labels.map((l) => `${l.name}=${l.value?.scalar.text ?? ""}`);
  return [...words, ...labels].some((text) => /grpc|h2c/i.test(text));
}
