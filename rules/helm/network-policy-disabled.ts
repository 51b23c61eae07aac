import { fixIn, rule } from "../../engine/index";

export default rule({
  id: "helm/network-policy-disabled",
  kind: "helm",
  severity: "hint",
  preset: "strict",
  principle: "isolation",
  summary: "A chart brings network policies, but leaves them off",
  why: `Without a policy every pod of the cluster may connect to every other. Whoever breaks into a forgotten web frontend then talks to
the database of this chart directly. The chart has the policies already; they only must be switched on.`,
  refs: ["CIS 5.3.2"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        networkPolicy:
          enabled: «false»
          allowExternal: true
        worker: { networkPolicies: { create: «no» } }
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        networkPolicy:
          enabled: true
          allowExternal: true
        worker: { networkPolicies: { create: true } }
        `,
    },
    {
      good: `
        networkPolicy: { enabled: true }
        worker: { enabled: false, networkPolicy: { enabled: false } }
        networkPolicies: { egress: { enabled: false } }
        -- Chart.yaml --
        name: shop
        `,
      note: "on; off with all of the worker; a part of one",
    },
    { good: "networkPolicy: { enabled: false }", note: "the values of no chart" },
  ],
  check: {
    setting({ name, field, above, around, values }, report, context) {
      if (values.role === "trial" || (name !== "enabled" && name !== "create") || field.boolean !== false) return;
      if (!/^network-?polic(?:y|ies)$|NetworkPolic(?:y|ies)$/i.test(above.at(-1) ?? "")) return;
      for (let map = around.parent; map !== undefined; map = map.parent)
        if (map.get("enabled")?.boolean === false) return;
      report(field, "The chart leaves its network policies off: every pod of the cluster may connect to it", {
        fix: () => {
          const edits = field.replace(true);
          return fixIn(context.file, "Switch the network policies on", "unsafe", [edits && { edits }]);
        },
      });
    },
  },
});
