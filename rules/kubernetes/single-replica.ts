import {
  type Context,
  type Field,
  fixIn,
  type Manifest,
  parseReference,
  rule,
  type UnitObject,
} from "../../engine/index";
import { serviceImage } from "../shared/images/services";
import { isDatastore } from "../shared/kubernetes/datastores";
import { unitOf } from "../shared/kubernetes/deployed";
import { overlaid } from "../shared/kubernetes/overlays";

/** Sources of volumes that any number of pods can have. */
const shared = new Set(["configMap", "secret", "emptyDir", "projected", "downwardAPI", "image", "ephemeral"]);

/** Programs of which one is meant to be at work. */
const alone = /(?:^|-)(?:operator|controller|controller-manager|manager|scheduler|cron|beat|leader|master|primary)$/;

const isKnown = (manifest: Manifest): boolean =>
  manifest.is("Deployment", "apps", "extensions") ||
  manifest.is("StatefulSet", "apps") ||
  manifest.is("Rollout", "argoproj.io");

/** A second pod would be in the way of the first, as far as can be seen. */
function standsAlone(manifest: Manifest, object: UnitObject): boolean {
  const { spec, name } = manifest;
  if (alone.test(name ?? "") || spec?.at("strategy", "type")?.string === "Recreate") return true;
  const pod = spec?.at("template", "spec");
  const sources = (pod?.get("volumes")?.items ?? []).flatMap((v) => v.entries.map(([key]) => key));
  const isBound = sources.some((key) => key !== "name" && !shared.has(key));
  if (isBound || spec?.get("volumeClaimTemplates") !== undefined || pod?.get("hostNetwork")?.boolean === true)
    return true;
  const words = (pod?.get("containers")?.items ?? []).flatMap((c) => [
    ...(c.get("command")?.items ?? []),
    ...(c.get("args")?.items ?? []),
  ]);
  if (words.some((word) => /leader-?elect/i.test(word.string ?? ""))) return true;
  return object.pods.some(({ summary }) => summary.containers.some(({ image }) => isStore(image ?? "")));
}

function isStore(image: string): boolean {
  const reference = parseReference(image);
  const server = reference && serviceImage(reference);
  return server !== undefined && isDatastore(server);
}

/** The number where it is written, else the place where it is missing; undefined where there are more, or may be. */
function onlyOne(manifest: Manifest, context: Context): Field | undefined {
  const unit = unitOf(context);
  const object = unit?.object(manifest);
  if (unit === undefined || object === undefined || manifest.isPartial || manifest.spec?.isOpen !== false)
    return undefined;
  const replicas = object.summary.workload?.replicas;
  if ((replicas !== undefined && replicas !== 1) || unit.scalersOf(object).answer !== "no") return undefined;
  if (standsAlone(manifest, object) || overlaid(manifest, context, [["spec", "replicas"]]).isCured) return undefined;
  return manifest.spec.get("replicas") ?? manifest.anchor;
}

function checkScaler(manifest: Manifest): Field | undefined {
  const { spec } = manifest;
  if (!manifest.is("HorizontalPodAutoscaler", "autoscaling") || manifest.isPartial || spec?.isOpen !== false)
    return undefined;
  const least = spec.written("minReplicas");
  const most = spec.get("maxReplicas")?.number ?? 0;
  if (most < 2 || spec.at("scaleTargetRef", "name") === undefined) return undefined;
  if (least === undefined) return manifest.anchor;
  return least.number === 1 ? least : undefined;
}

export default rule({
  id: "kubernetes/single-replica",
  kind: "kubernetes",
  severity: "hint",
  principle: "availability",
  summary: "A service with a single replica",
  why: `With one pod every crash, every update of the node and every request that brings the program down is an outage of the service: who
finds one such request keeps it down by sending it again. Run two or more replicas, on different nodes. Programs of which only one
may run say so with the strategy Recreate.`,
  refs: [],
  covers: [
    "kube-linter:minimum-three-replicas",
    "kube-linter:hpa-minimum-three-replicas",
    "kube-score:deployment-replicas",
    "kube-score:horizontalpodautoscaler-replicas",
    "polaris:deploymentMissingReplicas",
    "polaris:hpaMinAvailability",
    "kyverno:require-deployments-have-multiple-replicas",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          replicas: «1» # enough for now
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          replicas: 2 # enough for now
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: «orders»
          namespace: shop
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              volumes: [{ name: tmp, emptyDir: {} }]
              containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: { name: carts, namespace: shop }
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: carts }
          minReplicas: «1»
          maxReplicas: 5
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
          namespace: shop
        spec:
          replicas: 2
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec:
              volumes: [{ name: tmp, emptyDir: {} }]
              containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: { name: carts, namespace: shop }
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: carts }
          minReplicas: 2
          maxReplicas: 5
        `,
      note: "one where nothing is said; an autoscaler that goes down to one",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: { name: orders }
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: orders }
          minReplicas: 2
          maxReplicas: 5
        `,
      note: "an autoscaler decides",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: reports }
        spec:
          strategy: { type: Recreate }
          selector: { matchLabels: { app: reports } }
          template:
            metadata: { labels: { app: reports } }
            spec: { containers: [{ name: reports, image: "acme/reports:1.4.2" }] }
        `,
      note: "one at a time",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: files }
        spec:
          selector: { matchLabels: { app: files } }
          template:
            metadata: { labels: { app: files } }
            spec:
              volumes: [{ name: data, persistentVolumeClaim: { claimName: files } }]
              containers: [{ name: files, image: "acme/files:1.4.2" }]
        `,
      note: "one disk",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop-operator }
        spec:
          selector: { matchLabels: { app: shop-operator } }
          template:
            metadata: { labels: { app: shop-operator } }
            spec: { containers: [{ name: manager, image: "acme/shop-operator:1.4.2" }] }
        `,
      note: "one at work",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          serviceName: db
          replicas: 1
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec: { containers: [{ name: db, image: "postgres:18.1" }] }
        `,
      note: "a second database is no replica of the first",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          replicas: {{ .Values.replicas }}
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: carts }
        spec:
          replicas: 1
          selector: { matchLabels: { app: carts } }
          template:
            metadata: { labels: { app: carts } }
            spec: { containers: [{ name: carts, image: "acme/carts:1.4.2" }] }
        -- charts/shop/Chart.yaml --
        name: shop
        `,
      file: "charts/shop/templates/apps.yaml",
      note: "a template",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          replicas: 0
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2" }] }
        `,
      note: "switched off",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const scaler = checkScaler(manifest);
      const at = scaler ?? (isKnown(manifest) ? onlyOne(manifest, context) : undefined);
      if (at === undefined) return;
      const { title, spec } = manifest;
      const key = scaler === undefined ? "replicas" : "minReplicas";
      const message = scaler === undefined ? `${title} runs as one pod` : `${title} goes down to one pod`;
      report(at, `${message}: when it stops, so does the service`, {
        fix: () => {
          const before = scaler === undefined ? "selector" : "maxReplicas";
          const edits = spec?.get(key)?.replace(2) ?? spec?.set([key], 2, { before });
          return fixIn(context.file, `Set ${key} to 2`, "unsafe", [edits && { edits }]);
        },
      });
    },
  },
});
