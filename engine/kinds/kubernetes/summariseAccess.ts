/** What manifests tell of accounts and of what they may do. */
import type { Field } from "./field";
import type { Manifest } from "./manifest";
import { readSelector, told, toldBoolean } from "./selector";
import type { BindingSummary, ObjectSummary, PermissionRule, PermissionsSummary } from "./summary";

type Access = Pick<ObjectSummary, "binding" | "permissions" | "automount">;

const rbac = "rbac.authorization.k8s.io";

export function accessOf(manifest: Manifest, mayHide: boolean): Access {
  const { root, kind, group } = manifest;
  if (manifest.is("ServiceAccount", "")) {
    const automount = toldBoolean(root.get("automountServiceAccountToken"));
    return automount === undefined ? (mayHide ? { automount: null } : {}) : { automount };
  }
  if (group !== rbac) return {};
  if (kind === "Role" || kind === "ClusterRole") return { permissions: permissionsOf(root, mayHide) };
  if (kind === "RoleBinding" || kind === "ClusterRoleBinding") return { binding: bindingOf(root, mayHide) };
  return {};
}

function bindingOf(root: Field, mayHide: boolean): BindingSummary {
  const role = root.get("roleRef");
  const subjects = root.get("subjects");
  return {
    role: { kind: told(role?.get("kind")) ?? null, name: told(role?.get("name")) ?? null },
    subjects: (subjects?.items ?? []).map((subject) => ({
      kind: told(subject.get("kind")) ?? null,
      name: told(subject.get("name")) ?? null,
      namespace: told(subject.get("namespace")),
    })),
    isOpen: mayHide || subjects?.isOpen === true,
  };
}

function permissionsOf(root: Field, mayHide: boolean): PermissionsSummary {
  const rules = root.get("rules");
  const aggregation = root.get("aggregationRule");
  return {
    rules: (rules?.items ?? []).map(ruleOf),
    aggregates:
      aggregation && (aggregation.get("clusterRoleSelectors")?.items ?? []).map((s) => readSelector(s, mayHide)),
    isOpen: mayHide || rules?.isOpen === true,
  };
}

function ruleOf(rule: Field): PermissionRule {
  const texts = (key: string): readonly string[] => (rule.get(key)?.items ?? []).flatMap((item) => item.string ?? []);
  const names = rule.get("resourceNames")?.items;
  return {
    groups: texts("apiGroups"),
    resources: texts("resources"),
    verbs: texts("verbs"),
    names: names === undefined || names.length === 0 ? undefined : names.map((name) => told(name) ?? null),
    urls: texts("nonResourceURLs"),
  };
}
