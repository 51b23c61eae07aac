import { isDevelopmentFile, type Service, type Severity } from "../../../engine/index";
import { softer } from "../severity";

/** Whether what a file says of a service only holds where people develop. */
export const isForDevelopment = (service: Service, file: string): boolean =>
  service.isDevelopment || isDevelopmentFile(file);

/** One severity lower where the file, or the service, only serves development. */
export function softened(severity: Severity, service: Service, file: string): Severity {
  return isForDevelopment(service, file) ? softer(severity) : severity;
}
