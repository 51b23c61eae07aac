import { type Field, rule } from "../../engine/index";
import { inWords, itemIn, type Permission, permissionsOf, resourcesIn } from "../shared/kubernetes/permissions";
import { lowered } from "../shared/kubernetes/weight";

const removing = ["delete", "deletecollection"];

function erased(permission: Permission): { readonly at: Field; readonly what: string } | undefined {
  const { verbs, resources, names } = permission;
  if (names !== undefined || itemIn(verbs, removing) === undefined) return undefined;
  const traces = [
    ...resourcesIn(permission, { groups: ["", "events.k8s.io"], resources: ["events"], verbs: removing }),
    ...resourcesIn(permission, { groups: [""], resources: ["pods/log"], verbs: removing }),
  ];
  const [first] = traces;
  if (first !== undefined) return { at: first, what: inWords(traces.map(({ string }) => string ?? "")) };
  const all = itemIn(resources, ["*"]) && itemIn(verbs, ["deletecollection"]);
  return all && { at: all, what: "all objects of a kind at once, events among them" };
}

export default rule({
  id: "kubernetes/rbac-tamper-logs",
  kind: "kubernetes",
  severity: "info",
  principle: "observability",
  summary: "A role that deletes events",
  why: `Events tell what was started, refused and killed; whoever broke in deletes them first, with
\`kubectl delete events --all\`, and takes the trace of his pods away. Programs write events and never need to delete any: they go by
themselves after an hour. Leave \`delete\` and \`deletecollection\` out, and keep a copy of events and audit log outside of the cluster.`,
  refs: ["NSA log"],
  covers: ["trivy:KSV-0042", "kubescape:C-0007", "kubescape:C-0031"],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: operator }
        rules:
          - apiGroups: ["", events.k8s.io]
            resources: [«events»]
            verbs: [create, patch, delete]
          - apiGroups: [apps]
            resources: ["*"]
            verbs: [get, «deletecollection»]
        `,
    },
    {
      bad: `
        kind: Role
        apiVersion: rbac.authorization.k8s.io/v1
        metadata:
          name: cleaner
          namespace: shop
        rules:
          - apiGroups:
              - ""
            resources:
              - pods
              - «events»
            verbs:
              - deletecollection
        `,
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: operator }
        rules:
          - { apiGroups: [""], resources: [events], verbs: [create, patch, update] }
          - { apiGroups: [""], resources: [pods], verbs: [delete, deletecollection] }
          - { apiGroups: [""], resources: [pods/log], verbs: [get] }
        `,
      note: "writes events, deletes pods",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: tickets }
        rules: [{ apiGroups: [tickets.example.com], resources: [events], verbs: [delete] }]
        `,
      note: "another kind of events",
    },
    {
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: operator }
        rules: [{ apiGroups: [""], resources: [events], verbs: ["*"] }]
        `,
      note: "the `*` has its own rule",
    },
  ],
  check: {
    manifest(manifest, report) {
      for (const permission of permissionsOf(manifest)) {
        const found = erased(permission);
        if (found === undefined) continue;
        report(found.at, `${manifest.title} may delete ${found.what}: the traces of an attack`, {
          severity: lowered("info", found.at),
        });
      }
    },
  },
});
