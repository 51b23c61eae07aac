import { isDevelopmentFile, type Service, severities, type Severity } from "../../../engine/index";

/** Whether what a file says of a service only holds where people develop. */
export const isForDevelopment = (service: Service, file: string): boolean =>
  service.isDevelopment || isDevelopmentFile(file);

/** One severity lower where the file, or the service, only serves development. */
export function softened(severity: Severity, service: Service, file: string): Severity {
  if (!isForDevelopment(service, file)) return severity;
  return severities[Math.max(0, severities.indexOf(severity) - 1)] ?? severity;
}
