/** Which containers answer for a service. */
import type {
  ContainerSummary,
  DeploymentUnit,
  PortSummary,
  ServicePortSummary,
  UnitObject,
  UnitPod,
} from "../../../engine/index";

/** Containers that run as long as the pod does. */
export const runningIn = ({ summary }: UnitPod): readonly ContainerSummary[] =>
  summary.containers.filter((c) => c.role === "container" || c.role === "sidecar");

/** The port of the pod that a service's port sends to, by number or by name; null where that is not known. */
export function targetOf({ target, port }: ServicePortSummary): number | string | null {
  if (target === undefined) return port ?? null;
  if (target === null) return null;
  return /^\d+$/.test(target) ? Number(target) : target;
}

export const isPort = (declared: PortSummary, target: number | string): boolean =>
  typeof target === "number" ? declared.number === target : declared.name === target;

/** Whether a container declares a port whose name or number is not told. */
export const hasUntold = ({ ports }: ContainerSummary): boolean =>
  ports.some((p) => p.number === null || p.name === null);

/** Whether a service sends to the container of a name: it declares the port, or there is no other. */
export function answersFor(service: UnitObject, pod: UnitPod, container: string): boolean {
  const running = runningIn(pod);
  if (running.length === 1) return true;
  const mine = running.find((c) => c.name === container);
  const targets = (service.summary.service?.ports ?? []).flatMap((port) => targetOf(port) ?? []);
  return mine?.ports.some((declared) => targets.some((target) => isPort(declared, target))) === true;
}

/** Whether there is any service in the workspace. */
export const hasServices = (unit: DeploymentUnit): boolean => unit.everywhere("Service", "").length > 0;
