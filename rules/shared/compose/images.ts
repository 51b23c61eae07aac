import { type Context, type ImageReference, parseReference, type Service } from "../../../engine/index";
import { type ServiceImage, serviceImage } from "../images/services";

/**
 * The image whose programs a service runs: its own, or the one at the bottom of the Dockerfile that it builds.
 * Undefined where that is not known.
 */
export function imageOf(service: Service, context: Context): ImageReference | undefined {
  const { build, image } = service;
  if (build === undefined) return image?.reference;
  const { dockerfilePath } = build;
  if (dockerfilePath === undefined || build.inline !== undefined) return undefined;
  const base = context.project.summaries("dockerfile").get(dockerfilePath)?.base;
  return base === undefined ? undefined : parseReference(base);
}

/** What is known of the server that a service runs; undefined for a program of the project's own. */
export function serverOf(service: Service, context: Context): ServiceImage | undefined {
  // What a Dockerfile is built on is not the service's alone.
  return service.build === undefined ? pulledServer(service) : serverFor(imageOf(service, context));
}

/** The same of a service that is not built. */
export const pulledServer = (service: Service): ServiceImage | undefined =>
  service.once("server", () => serverFor(service.image?.reference));

const serverFor = (reference: ImageReference | undefined): ServiceImage | undefined =>
  reference === undefined ? undefined : serviceImage(reference);
