/** What policies of the network let in. */
import type { PolicyRule, UnitObject, UnitPod } from "../../../engine/index";

/** Whether a policy lets everybody reach one of the pod's ports. */
export function opensPort({ summary }: UnitObject, pod: UnitPod, isWanted: (port: number) => boolean): boolean {
  return (summary.policy?.ingress ?? []).some((rule) => rule.peers === undefined && opens(rule, pod, isWanted));
}

function opens({ ports }: PolicyRule, pod: UnitPod, isWanted: (port: number) => boolean): boolean {
  if (ports === undefined) return true;
  return ports.some((port) => {
    if (port === null) return false;
    if (/^\d+$/.test(port)) return isWanted(Number(port));
    const named = pod.summary.containers.flatMap((c) => c.ports).find((p) => p.name === port)?.number;
    return typeof named === "number" && isWanted(named);
  });
}
