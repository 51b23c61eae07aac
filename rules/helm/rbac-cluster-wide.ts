import { type Field, type Fix, fixIn, rule, type ValueSetting } from "../../engine/index";
import { severityWhereOn } from "../shared/helm/severity";

interface Power {
  readonly at: Field;
  readonly message: string;
  readonly fix: () => Fix | undefined;
}

/** `clusterAdmin: true`, `clusterAdminAccess.enabled: true`. */
function bySwitch({ name, field, above, values, title }: ValueSetting): Power | undefined {
  const named = name === "enabled" || name === "create" ? (above.at(-1) ?? "") : name;
  if (!/^(?:is|use|grant|bind|as)?cluster-?admin(?:access|role|rights|binding)?$/i.test(named)) return undefined;
  if (field.boolean !== true) return undefined;
  const fix = (): Fix | undefined => {
    const edits = field.replace(false);
    return fixIn(values.file, `Set ${title} to false`, "unsafe", [edits && { edits }]);
  };
  return {
    at: field,
    message: `${title} makes the chart's service account an administrator of the whole cluster`,
    fix,
  };
}

/** `clusterRole: cluster-admin`. */
function byName({ name, field, above, values, title }: ValueSetting): Power | undefined {
  const isRole =
    /(?:^|cluster)-?roles?(?:name|ref)?$/i.test(name) || (name === "name" && /role(?:ref)?$/i.test(above.at(-1) ?? ""));
  if (!isRole || field.string !== "cluster-admin") return undefined;
  const fix = (): Fix | undefined => {
    const edits = field.replace("view");
    return fixIn(values.file, "Name a role that can only look", "unsafe", [edits && { edits }]);
  };
  return { at: field, message: `${title} binds the chart to cluster-admin: it may do everything in the cluster`, fix };
}

const hasAll = (rule: Field, key: string): boolean => rule.get(key)?.items.some((item) => item.string === "*") === true;

/** Rules of a cluster role that allow everything. */
function byRules({ name, field, above, title }: ValueSetting): readonly Power[] {
  const path = [...above, name].join(".");
  if (field.kind !== "list" || !/rules?$/i.test(name) || !/cluster/i.test(path)) return [];
  return field.items.flatMap((rule) => {
    const verbs = rule.get("verbs");
    if (verbs === undefined || !["apiGroups", "resources", "verbs"].every((key) => hasAll(rule, key))) return [];
    const all = verbs.items.find((item) => item.string === "*") ?? verbs;
    return [{ at: all, message: `${title} lets the chart do everything in the cluster`, fix: () => undefined }];
  });
}

export default rule({
  id: "helm/rbac-cluster-wide",
  kind: "helm",
  severity: "warning",
  principle: "least-privilege",
  summary: "A chart makes itself an administrator of the cluster by default",
  why: `The token of the chart's service account lies in its pods. If it may do everything, whoever breaks into one of them reads every
Secret and starts privileged pods on every node, and nobody who installed the chart was asked. Ship a role with the verbs and
resources that the program needs, in its own namespace where that is enough.`,
  refs: ["CIS 5.1.1", "CWE-250"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        rbac:
          create: true
          clusterAdmin: «true»
        agent: { clusterRole: «cluster-admin» }
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        rbac:
          create: true
          clusterAdmin: false
        agent: { clusterRole: view }
        `,
    },
    {
      bad: `
        rbac:
          clusterRole:
            rules:
              - apiGroups: ["*"]
                resources: ["*"]
                verbs: [«"*"»]
        -- Chart.yaml --
        name: shop
        `,
      note: "rules that allow everything: which of them it needs must be found out",
    },
    {
      good: `
        rbac:
          create: true
          clusterAdmin: false
          clusterWideAccess: true
          clusterRole: view
          rules: [{ apiGroups: ["*"], resources: ["*"], verbs: [get, list] }]
        user: { name: cluster-admin }
        -- Chart.yaml --
        name: shop
        `,
      note: "less, or none",
    },
    { good: "rbac: { clusterAdmin: true }", note: "the values of no chart" },
  ],
  check: {
    setting(setting, report) {
      if (setting.values.role === "trial") return;
      for (const power of [bySwitch(setting) ?? byName(setting) ?? [], byRules(setting)].flat()) {
        report(power.at, power.message, { severity: severityWhereOn("warning", setting), fix: power.fix });
      }
    },
  },
});
