import { fixIn, rule } from "../../engine/index";
import {
  type Deed,
  escalationIn,
  execIn,
  isOfKubernetes,
  secretsIn,
  wildcardIn,
} from "../shared/kubernetes/escalation";
import { itemIn, type Permission, permissionsOf } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

type Stock = "view" | "edit" | "admin";
const roles: readonly Stock[] = ["view", "edit", "admin"];

/** What the stock role does not have by itself. */
function news(role: Stock, permission: Permission, all: readonly Permission[]): Deed | undefined {
  const found = [escalationIn(permission, all), execIn(permission), secretsIn(permission)].find(
    (deed) => deed !== undefined && roles.indexOf(role) < rankOf(deed),
  );
  if (found !== undefined) return found;
  const wild = wildcardIn(permission);
  if (wild === undefined || wild.severity === "hint") return undefined;
  // An operator adds its own objects to the roles: that is what the label is for.
  const isTheirs = isOfKubernetes(permission) || (role === "view" && itemIn(permission.verbs, ["*"]) !== undefined);
  return isTheirs ? wild : undefined;
}

/** The first of the stock roles that has it anyway; one behind the last for what none has. */
const rankOf = ({ stock }: Deed): number => (stock === "none" ? roles.length : roles.indexOf(stock));

export default rule({
  id: "kubernetes/rbac-aggregation-widening",
  kind: "kubernetes",
  severity: "warning",
  principle: "least-privilege",
  summary: "A label that adds dangerous rights to the stock roles view, edit or admin",
  why: `The label copies the rules into a role that every cluster has and that people hand out without a second look: a \`view\` that reads
Secrets makes every onlooker of every namespace the owner of all passwords there, and no binding shows it. Keep such rules in a role
of their own, bound to those who need them; aggregate reading of your own kinds of objects only.`,
  refs: ["CIS 5.1.2"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-view
          labels:
            app: shop
            «rbac.authorization.k8s.io/aggregate-to-view»: "true"
        rules:
          - apiGroups: [""]
            resources: [secrets]
            verbs: [get]
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-view
          labels:
            app: shop
        rules:
          - apiGroups: [""]
            resources: [secrets]
            verbs: [get]
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-admin
          labels: { «rbac.authorization.k8s.io/aggregate-to-edit»: "true", «rbac.authorization.k8s.io/aggregate-to-admin»: "true" }
        rules:
          - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind] }
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-admin
        rules:
          - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind] }
        `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-view
          labels: { «rbac.authorization.k8s.io/aggregate-to-view»: "true" }
        rules:
          - { apiGroups: [shop.example.com], resources: ["*"], verbs: ["*"] }
        `,
      fixed: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-view
        rules:
          - { apiGroups: [shop.example.com], resources: ["*"], verbs: ["*"] }
        `,
      note: "onlookers who write",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-edit
          labels:
            rbac.authorization.k8s.io/aggregate-to-edit: "true"
            rbac.authorization.k8s.io/aggregate-to-admin: "true"
        rules:
          - { apiGroups: [shop.example.com], resources: ["*"], verbs: ["*"] }
          - { apiGroups: [""], resources: [secrets, pods/exec], verbs: [get, create] }
          - { apiGroups: [""], resources: [serviceaccounts], verbs: [impersonate] }
        `,
      note: "objects of its own; what those roles have anyway",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop-view
          labels:
            rbac.authorization.k8s.io/aggregate-to-view: "true"
        rules:
          - { apiGroups: [shop.example.com], resources: [carts, "*"], verbs: [get, list, watch] }
          - { apiGroups: [metrics.k8s.io], resources: [pods], verbs: [get] }
        `,
      note: "reading of its own",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: shop
          labels:
            rbac.authorization.k8s.io/aggregate-to-view: "false"
            rbac.example.com/aggregate-to-view: "true"
        rules:
          - { apiGroups: [""], resources: [secrets], verbs: [get] }
        `,
      note: "not added to anything that is known",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (manifest.kind !== "ClusterRole") return;
      const all = permissionsOf(manifest);
      for (const role of roles) {
        const label = manifest.label(`rbac.authorization.k8s.io/aggregate-to-${role}`);
        const { metadata } = manifest;
        if (label?.string !== "true" || metadata === undefined) continue;
        const [found] = all.flatMap((permission) => news(role, permission, all) ?? []);
        if (found === undefined) continue;
        report(label.anchor, `${manifest.title} adds to the stock role ${role} that it may ${found.deed}`, {
          severity: lowered("warning", label),
          related: [{ file: context.file, span: found.at, note: "What it adds" }],
          fix: () => {
            const edits = label.removeUpTo(metadata);
            return fixIn(context.file, `Take the label for ${role} away`, "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
