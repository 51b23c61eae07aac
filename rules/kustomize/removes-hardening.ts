import {
  type Changes,
  type Context,
  dirname,
  type Fix,
  fixIn,
  type InlinePatch,
  join,
  type ObjectPath,
  type Patch,
  type Report,
  rule,
  writtenByOperations,
  writtenIn,
} from "../../engine/index";
import { isProtection, protectionsIn, protects } from "../shared/kustomize/hardening";

const isSame = (a: ObjectPath, b: ObjectPath): boolean => JSON.stringify(a) === JSON.stringify(b);
const isWithin = (path: ObjectPath, around: ObjectPath): boolean => isSame(path.slice(0, around.length), around);

/** A path that is taken out and written anew is replaced. */
const isReplaced = (path: ObjectPath, writes: readonly ObjectPath[]): boolean => writes.some((w) => isWithin(w, path));

const titleOf = (changes: Changes, patch: Patch): string => {
  const kind = changes.object?.kind ?? patch.target?.get("kind")?.string ?? "every object";
  const name = changes.object?.name ?? patch.target?.get("name")?.string;
  return typeof name === "string" ? `${kind} ${name}` : kind;
};

const deletes = ({ deletes: isDeletion, object }: Changes): boolean =>
  isDeletion && object !== undefined && protects(object.kind);

/** Takes the whole patch out, with the list where nothing else is in it. */
function without(patch: Patch, { file }: Context): Fix | undefined {
  const root = patch.field.parent?.parent;
  const edits = root === undefined ? undefined : patch.field.removeUpTo(root);
  return fixIn(file, "Remove the patch", "unsafe", [patch.field.within(edits)]);
}

/** What a patch takes away that made objects safer, for a message; undefined where nothing can be seen to be lost. */
function lost(patch: Patch, part: number, path: ObjectPath, writes: readonly ObjectPath[], context: Context) {
  if (!isProtection(path) || isReplaced(path, writes)) return undefined;
  const protections = protectionsIn(context.project.beforePatch(context.file, patch.index, part, path));
  return protections.length === 0 ? undefined : protections.join(", ").replace(/, ([^,]*)$/, " and $1");
}

function inlineRemovals(patch: Patch, inline: InlinePatch, report: Report, context: Context): void {
  const { manifests, operations, content } = inline.patch;
  for (const [part, changes] of content.changes.entries()) {
    const root = operations === undefined ? manifests.manifests[part]?.root : undefined;
    const all =
      operations === undefined ? (root === undefined ? [] : writtenIn(root)) : writtenByOperations(operations);
    const mark = deletes(changes) ? root?.get("$patch") : undefined;
    if (mark !== undefined)
      report(inline.placeOf(mark), `This takes ${titleOf(changes, patch)} away`, {
        fix: () => (content.changes.length === 1 ? without(patch, context) : undefined),
      });
    for (const { path, how, field } of all) {
      const what = how === "remove" ? lost(patch, part, path, changes.writes, context) : undefined;
      if (what === undefined) continue;
      report(
        inline.placeOf(root === undefined ? field : field.anchor),
        `This takes ${what} away from ${titleOf(changes, patch)}`,
        {
          fix: () => {
            if (all.length === 1 && content.changes.length === 1) return without(patch, context);
            const edits = inline.editsOf(root === undefined ? field.parent?.remove() : field.removeUpTo(root));
            return edits && { title: "Remove it from the patch", applicability: "unsafe", edits };
          },
        },
      );
    }
  }
}

/** Of a patch in a file of its own, told at the file's name. */
function removalsInFile(patch: Patch, report: Report, context: Context): void {
  const { path } = patch;
  const content =
    path?.string === undefined ? undefined : context.project.patch(join(dirname(context.file), path.string));
  if (path === undefined || content === undefined) return;
  for (const [part, changes] of content.changes.entries()) {
    if (deletes(changes)) report(path, `${path.string} takes ${titleOf(changes, patch)} away`);
    for (const removed of changes.removes) {
      const what = lost(patch, part, removed, changes.writes, context);
      if (what !== undefined) report(path, `${path.string} takes ${what} away from ${titleOf(changes, patch)}`);
    }
  }
}

export default rule({
  id: "kustomize/removes-hardening",
  kind: "kustomize",
  severity: "warning",
  principle: "least-privilege",
  summary: "A patch takes hardening away that the base has",
  why: `Whoever reviewed the base saw a container that cannot become root, or pods that only the gateway reaches; what is deployed is
something else, and no manifest shows it. An intruder in that container has what the base was to keep from him. Let the overlay
weaken the one value that must be weaker, where a reader sees it, instead of taking the whole protection out.`,
  refs: ["CWE-693"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        resources: [shop.yaml]
        patches:
          - patch: |-
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: shop
              spec:
                replicas: 1 # enough here
                template:
                  spec:
                    containers:
                      - name: app
                        image: acme/shop:dev
                        «securityContext»: null
        -- shop.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers:
                - name: app
                  image: acme/shop:1.2.3
                  securityContext: { runAsNonRoot: true, capabilities: { drop: [ALL] } }
        `,
      fixed: `
        resources: [shop.yaml]
        patches:
          - patch: |-
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: shop
              spec:
                replicas: 1 # enough here
                template:
                  spec:
                    containers:
                      - name: app
                        image: acme/shop:dev
        `,
    },
    {
      bad: `
        resources: [base]
        patches:
          - target: { kind: Deployment, name: dev-sh.* }
            patch: |
              # for debugging
              - op: replace
                path: /spec/replicas
                value: 1
              - op: remove
                path: «/spec/template/spec/containers/0/securityContext/capabilities»
              - op: remove
                path: /spec/template/spec/containers/0/resources
        commonLabels: { stage: dev }
        -- base/kustomization.yaml --
        namePrefix: dev-
        resources: [shop.yaml]
        -- base/shop.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers:
                - name: app
                  resources: {}
                  securityContext: { capabilities: { drop: [ALL] } }
        `,
      fixed: `
        resources: [base]
        patches:
          - target: { kind: Deployment, name: dev-sh.* }
            patch: |
              # for debugging
              - op: replace
                path: /spec/replicas
                value: 1
              - op: remove
                path: /spec/template/spec/containers/0/resources
        commonLabels: { stage: dev }
        `,
      note: "an empty map protects from nothing",
    },
    {
      bad: `
        resources: [shop.yaml]
        patches:
          - patch: |
              apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata: { name: deny-all }
              $patch: «delete»
        `,
      fixed: `
        resources: [shop.yaml]
        `,
    },
    {
      bad: `
        resources: [shop.yaml]
        patches:
          - path: «open.yaml»
        -- open.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec: { template: { spec: { containers: [{ name: app, readinessProbe: null, securityContext: { $patch: delete } }] } } }
        -- shop.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec: { template: { spec: { containers: [{ name: app, securityContext: { readOnlyRootFilesystem: true } }] } } }
        `,
      note: "in a file of its own",
    },
    {
      bad: `
        resources: [shop.yaml]
        patches:
          - target: { kind: Namespace }
            patch: '[{ "op": "remove", "path": «"/metadata/labels/pod-security.kubernetes.io~1enforce"» }]'
        -- shop.yaml --
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: restricted } }
        `,
      fixed: "resources: [shop.yaml]\n",
      note: "in one line, with nothing else",
    },
    {
      good: `
        resources: [redis.yaml]
        patches:
          - patch: |-
              apiVersion: apps/v1
              kind: Deployment
              metadata: { name: redis }
              $patch: delete
        `,
      note: "a whole workload",
    },
    {
      good: `
        resources: [shop.yaml]
        patches:
          - patch: |-
              apiVersion: apps/v1
              kind: Deployment
              metadata: { name: shop }
              spec:
                template:
                  spec:
                    securityContext: { runAsUser: null }
                    containers:
                      - name: app
                        env: [{ name: OLD, $patch: delete }]
                        resources: { limits: { cpu: null } }
                        livenessProbe: { httpGet: null, tcpSocket: { port: 80 } }
        -- shop.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              securityContext: { runAsUser: 1000 }
              containers:
                - { name: app, resources: { limits: { cpu: 1 } }, livenessProbe: { httpGet: { port: 80 } } }
        `,
      note: "numbers of users that the cluster gives, limits of the processor, another kind of probe",
    },
    {
      good: `
        resources: [shop.yaml]
        patches:
          - target: { kind: Deployment }
            patch: |-
              - op: remove
                path: /spec/template/spec/containers/0/securityContext
              - op: add
                path: /spec/template/spec/containers/0/securityContext
                value: { runAsNonRoot: true }
              - { op: remove, path: /spec/template/spec/hostNetwork }
              - { op: remove, path: /spec/template/spec/containers/1/securityContext }
        -- shop.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              hostNetwork: true
              containers:
                - { name: app, securityContext: { runAsNonRoot: true, runAsUser: 1000 } }
                - { name: agent, securityContext: { privileged: true, runAsUser: 0 } }
        `,
      note: "replaced; what is taken away is no hardening",
    },
    {
      good: `
        resources: [https://github.com/acme/shop//base?ref=v1.2.3]
        patches:
          - path: missing.yaml
          - target: { kind: Deployment }
            patch: "[{ op: remove, path: /spec/template/spec/containers/0/securityContext }]"
        `,
      note: "nobody sees what it was",
    },
    { good: "patches: [{ patch: |- }, { path: }, x]\npatchesStrategicMerge: [a.yaml]\n", note: "half written" },
  ],
  check: {
    patch(patch, report, context) {
      if (patch.inline !== undefined) inlineRemovals(patch, patch.inline, report, context);
      else removalsInFile(patch, report, context);
    },
  },
});
