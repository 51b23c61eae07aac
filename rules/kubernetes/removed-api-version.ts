import {
  type Context,
  type Edit,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  newestPolicy,
  rule,
} from "../../engine/index";
import { type RemovedApi, removedApi } from "../shared/kubernetes/removed-apis";
import { joined } from "../shared/kubernetes/security-context";

/** The minor version of the cluster; where nobody said, the oldest that gets fixes. */
function clusterOf({ kubernetes }: Context): number {
  const minor = /^1\.(\d+)/.exec(kubernetes.version ?? "")?.[1];
  return minor === undefined ? newestPolicy - 3 : Number(minor);
}

const renamed = (at: Field, successor: string): readonly Edit[] | undefined =>
  at.isShared ? undefined : at.replace(successor);

/** Workloads had the labels of their template as their selector where they said none. */
function withSelector(manifest: Manifest): readonly Edit[] | undefined {
  const labels = manifest.spec?.at("template", "metadata", "labels")?.entries ?? [];
  const pairs = labels.map(([name, value]) => [name, value.string] as const);
  if (pairs.length === 0 || pairs.some(([, value]) => value === undefined) || manifest.isPartial) return undefined;
  const matchLabels = Object.fromEntries(pairs.map(([name, value]) => [name, value ?? ""]));
  return manifest.spec?.set(["selector"], { matchLabels }, { before: "template" });
}

const workloads = new Set(["Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"]);

function rename(manifest: Manifest, at: Field, { successor }: RemovedApi, context: Context): Fix | undefined {
  if (successor === undefined) return undefined;
  const title = `Write ${successor}`;
  const own = renamed(at, successor);
  const { spec, kind } = manifest;
  if (workloads.has(kind) && spec?.get("selector") === undefined) {
    const edits = joined([own, withSelector(manifest)]);
    return fixIn(context.file, `${title}, with the labels as selector`, "unsafe", [edits && { edits }]);
  }
  // These fields have another meaning, or are gone.
  const isOther = spec?.get("rollbackTo") !== undefined || spec?.get("templateGeneration") !== undefined;
  // An empty selector meant no pods before, and means all of them now.
  const meansMore = kind === "PodDisruptionBudget" && (spec?.get("selector")?.entries.length ?? 0) === 0;
  return fixIn(context.file, title, isOther || meansMore ? "unsafe" : "safe", [own && { edits: own }]);
}

const port = (field: Field): { number: number } | { name: string } | undefined =>
  field.number !== undefined
    ? { number: field.number }
    : field.string === undefined
      ? undefined
      : { name: field.string };

/** A backend as version 1 writes it; undefined where not all of it is known. */
function backendEdits(backend: Field | undefined): readonly Edit[] | undefined {
  const name = backend?.get("serviceName")?.string;
  const number = backend?.get("servicePort");
  const known = number && port(number);
  if (backend === undefined || name === undefined || known === undefined || backend.entries.length !== 2)
    return undefined;
  return backend.isShared ? undefined : backend.replace({ service: { name, port: known } });
}

/** The routes of an Ingress as version 1 writes them. */
function rewrite(manifest: Manifest, at: Field, successor: string, context: Context): Fix | undefined {
  const { spec } = manifest;
  const rules = spec?.get("rules")?.items ?? [];
  const paths = rules.flatMap((r) => r.at("http", "paths")?.items ?? []);
  if (paths.length === 0 || spec?.get("backend") !== undefined || manifest.isPartial) return undefined;
  const routes = paths.flatMap((path) => [
    backendEdits(path.get("backend")),
    path.get("pathType") === undefined
      ? path.set(["pathType"], "ImplementationSpecific", { before: "backend" })
      : ([] as const),
  ]);
  const edits = joined([renamed(at, successor), ...routes]);
  return fixIn(context.file, `Write ${successor}, with backends as it has them`, "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/removed-api-version",
  kind: "kubernetes",
  severity: "info",
  principle: "supply-chain",
  summary: "An API version that clusters do not serve any more",
  why: `The API server refuses the object, mostly on the day when the cluster is upgraded because of a hole: what was to be deployed then,
a network policy among it, is missing, or the upgrade waits. Write the version that serves the same object now. The setting
\`kubernetes.version\` in \`bulkhead.yaml\` says which cluster is meant.`,
  refs: ["NSA upg"],
  covers: [
    "kube-linter:no-extensions-v1beta",
    "trivy:KSV-0107",
    "kube-score:stable-version",
    "kics:94b76ea5",
    "kubescape:C-0294",
    "kyverno:check-deprecated-apis",
  ],
  fix: "safe",
  examples: [
    {
      bad: `
        apiVersion: «batch/v1beta1» # since 1.8
        kind: CronJob
        metadata: { name: report }
        spec:
          schedule: "0 3 * * *"
          jobTemplate: { spec: { template: { spec: { containers: [{ name: report, image: "acme/report:1.2.3" }] } } } }
        ---
        apiVersion: «"rbac.authorization.k8s.io/v1beta1"»
        kind: Role
        metadata: { name: report }
        `,
      fixed: `
        apiVersion: batch/v1 # since 1.8
        kind: CronJob
        metadata: { name: report }
        spec:
          schedule: "0 3 * * *"
          jobTemplate: { spec: { template: { spec: { containers: [{ name: report, image: "acme/report:1.2.3" }] } } } }
        ---
        apiVersion: "rbac.authorization.k8s.io/v1"
        kind: Role
        metadata: { name: report }
        `,
    },
    {
      bad: `
        apiVersion: «extensions/v1beta1»
        kind: Deployment
        metadata: { name: web }
        spec:
          replicas: 2
          template:
            metadata:
              labels: { app: web }
            spec: { containers: [{ name: web, image: "acme/web:1.2.3" }] }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          replicas: 2
          selector:
            matchLabels:
              app: web
          template:
            metadata:
              labels: { app: web }
            spec: { containers: [{ name: web, image: "acme/web:1.2.3" }] }
        `,
      note: "it must have a selector now",
    },
    {
      bad: `
        apiVersion: «networking.k8s.io/v1beta1»
        kind: Ingress
        metadata: { name: web }
        spec:
          tls: [{ hosts: [shop.example.com], secretName: web-tls }]
          rules:
            - host: shop.example.com
              http:
                paths:
                  - path: /
                    backend:
                      serviceName: web
                      servicePort: 80
                  - path: /api
                    pathType: Prefix
                    backend: { serviceName: api, servicePort: http }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          tls: [{ hosts: [shop.example.com], secretName: web-tls }]
          rules:
            - host: shop.example.com
              http:
                paths:
                  - path: /
                    pathType: ImplementationSpecific
                    backend:
                      service:
                        name: web
                        port:
                          number: 80
                  - path: /api
                    pathType: Prefix
                    backend:
                      service:
                        name: api
                        port:
                          name: http
        `,
    },
    {
      bad: `
        apiVersion: «autoscaling/v2beta1»
        kind: HorizontalPodAutoscaler
        metadata: { name: web }
        `,
      note: "its metrics are written in another way now",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          «serviceAccount»: web
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          serviceAccountName: web
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
      severity: "hint",
      note: "a name that is only kept for old clients",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        ---
        apiVersion: acme.example/v1beta1
        kind: Deployment
        metadata: { name: web }
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: Gateway
        metadata: { name: web }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { serviceAccount: web, serviceAccountName: web }
        `,
      note: "served, or of other projects",
    },
    {
      good: `
        apiVersion: autoscaling/v2beta2
        kind: HorizontalPodAutoscaler
        metadata: { name: web }
        `,
      config: 'kubernetes: { version: "1.25" }\n',
      note: "the cluster still has it",
    },
    {
      good: `
        {{- if .Capabilities.APIVersions.Has "policy/v1" }}
        apiVersion: policy/v1
        {{- else }}
        apiVersion: policy/v1beta1
        {{- end }}
        kind: PodDisruptionBudget
        metadata: { name: web }
        `,
      file: "chart/templates/budget.yaml",
      note: "for old clusters only",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const at = manifest.root.get("apiVersion");
      const removed = removedApi(manifest.apiVersion, manifest.kind);
      if (
        at === undefined ||
        removed === undefined ||
        at.isConditional ||
        at.isForSomeClusters ||
        removed.since > clusterOf(context)
      )
        return;
      const { since, successor, isSame } = removed;
      const instead = successor === undefined ? "" : `: write ${successor}`;
      report(at, `Kubernetes has no ${manifest.kind} of ${manifest.apiVersion} since 1.${since}${instead}`, {
        tags: ["deprecated"],
        fix: () => {
          if (isSame) return rename(manifest, at, removed, context);
          return manifest.kind === "Ingress" && successor !== undefined
            ? rewrite(manifest, at, successor, context)
            : undefined;
        },
      });
    },
    pod(pod, report, context) {
      const old = pod.spec.get("serviceAccount");
      const key = old?.key;
      if (old === undefined || key === undefined || pod.spec.has("serviceAccountName")) return;
      if (pod.certainty !== "exact" || pod.spec.get("containers") === undefined) return;
      report(key, "serviceAccount is the old name of serviceAccountName", {
        severity: "hint",
        tags: ["deprecated"],
        fix: () => {
          const { end } = key.end - key.start === "serviceAccount".length ? key : { end: key.end - 1 };
          const edits = [{ span: { start: end, end }, text: "Name" }];
          return fixIn(context.file, "Write serviceAccountName", "safe", [{ edits }]);
        },
      });
    },
  },
});
