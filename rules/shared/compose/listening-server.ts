/** The server behind a port, for rules to which its version means nothing. */
import { type Context, hole, parseReference, type Service } from "../../../engine/index";
import { type ServiceImage, serviceImage } from "../images/services";
import { serverOf } from "./images";

const tagHole = new RegExp(`:[^/@]*${hole}.*$`);
const registryHole = new RegExp(`^${hole}/`);

/** As `serverOf`; a registry and a tag that a variable decides do not hide it. */
export function listeningServer(service: Service, context: Context): ServiceImage | undefined {
  const { image } = service;
  if (image === undefined || image.value.known || service.build !== undefined) return serverOf(service, context);
  const text = image.scalar.text.replace(tagHole, "").replace(registryHole, "registry.invalid/");
  const reference = text.includes(hole) ? undefined : parseReference(text);
  return reference && serviceImage(reference);
}
