/** Tokens of service accounts in pods. */
import type { Answer, Context, DeploymentUnit, Pod, UnitPod } from "../../../engine/index";
import { talksToApi } from "./api-clients";
import { unitOf } from "./deployed";
import { podOverlaid } from "./overlays";

export interface Tokened {
  readonly unit: DeploymentUnit;
  readonly pod: UnitPod;
}

/** The pod, where it surely gets the token of its account; undefined too for one that is not whole. */
export function tokened(pod: Pod, context: Context): Tokened | undefined {
  const unit = unitOf(context);
  const deployed = unit?.pod(pod);
  if (unit === undefined || deployed === undefined || pod.isPartial || pod.certainty !== "exact") return undefined;
  const own = deployed.summary.automount;
  if (own === true) return { unit, pod: deployed };
  if (own !== undefined || podOverlaid(pod, context, ["automountServiceAccountToken"]).isCured) return undefined;
  const accounts = unit.accountOf(deployed);
  const mayRefuse = [...accounts.sure, ...accounts.possible].some(
    (a) => a.summary.automount !== undefined && a.summary.automount !== true,
  );
  return mayRefuse ? undefined : { unit, pod: deployed };
}

/** Whether the pod needs the token: something is granted to its account, or its program is known to ask the API. */
export function needsToken({ unit, pod: deployed }: Tokened, pod: Pod): Answer {
  if (talksToApi(deployed.summary.containers) || hasOwnToken(pod)) return "yes";
  const { serviceAccount } = deployed.summary;
  // What is granted to an account that stands elsewhere stands elsewhere as well.
  const isElsewhere =
    serviceAccount !== undefined && serviceAccount !== "default" && unit.accountOf(deployed).answer !== "yes";
  const { answer } = unit.bindingsOf(deployed);
  return answer === "no" && isElsewhere ? "unknown" : answer;
}

const hasOwnToken = (pod: Pod): boolean =>
  pod.volumes.some((volume) =>
    (volume.at("projected", "sources")?.items ?? []).some((source) => source.get("serviceAccountToken") !== undefined),
  );
