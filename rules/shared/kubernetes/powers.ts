/** What permissions of RBAC amount to. */
import type { Granted, PermissionRule } from "../../../engine/index";

const has = (list: readonly string[], ...wanted: readonly string[]): boolean =>
  list.includes("*") || wanted.some((w) => list.includes(w));

const rbac = "rbac.authorization.k8s.io";

/** Who may do this can make himself whatever he likes. */
function escalates({ groups, resources, verbs, names }: PermissionRule): boolean {
  if (names !== undefined) return false;
  const isRbac = has(groups, rbac);
  if (isRbac && has(resources, "roles", "clusterroles") && has(verbs, "bind", "escalate")) return true;
  if (isRbac && has(resources, "rolebindings", "clusterrolebindings") && has(verbs, "create", "update", "patch"))
    return true;
  if (
    has(groups, "", "authentication.k8s.io") &&
    has(resources, "users", "groups", "serviceaccounts") &&
    has(verbs, "impersonate")
  )
    return true;
  return has(groups, "") && has(resources, "serviceaccounts/token") && has(verbs, "create");
}

const isEverything = ({ groups, resources, verbs, names }: PermissionRule): boolean =>
  names === undefined && resources.includes("*") && verbs.includes("*") && has(groups, "");

const readsSecrets = ({ groups, resources, verbs, names }: PermissionRule): boolean =>
  names === undefined && has(groups, "") && has(resources, "secrets") && has(verbs, "get", "list", "watch");

/** What a binding hands out that amounts to the whole cluster, in words for a message; undefined where it is less. */
export function clusterPowerOf({ isClusterWide, stock, rules }: Granted): string | undefined {
  if (!isClusterWide) return undefined;
  if (stock === "cluster-admin") return "everything in the cluster";
  if (stock === "admin" || stock === "edit") return "the Secrets and pods of every namespace";
  if (rules.some(isEverything)) return "everything in the cluster";
  if (rules.some(escalates)) return "its own rights, up to everything in the cluster";
  return rules.some(readsSecrets) ? "the Secrets of every namespace" : undefined;
}
