import {
  choice,
  type Container,
  type Context,
  type Edit,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type Pod,
  rule,
} from "../../engine/index";
import { serviceOfProgram } from "../shared/images/services";
import { dataFolder, isCache } from "../shared/kubernetes/data-folders";
import { normalPath } from "../shared/kubernetes/host-paths";
import { overlaid } from "../shared/kubernetes/overlays";
import { joined } from "../shared/kubernetes/security-context";
import { lowered } from "../shared/kubernetes/weight";

/** Sources of volumes that go with the pod; none at all is an `emptyDir`. */
const passing = new Set(["emptyDir", "configMap", "secret", "projected", "downwardAPI", "image", "ephemeral"]);
const kinds = new Set(["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"]);
const trial = /(?:^|[/._-])(?:tests?|testing|dev|develop|development|ci|e2e|local|sandbox|preview)(?:[/._-]|$)/i;

/** What keeps its data in the container; undefined where that is not known, or meant. */
function folderOf(container: Container): string | undefined {
  const { reference, words, field } = container;
  if (reference === undefined || words.some(({ string }) => /type=mem|in-?mem/i.test(string ?? ""))) return undefined;
  const [program] = field.get("command")?.items ?? [];
  const isServer = program === undefined || /entrypoint/.test(program.string ?? "");
  if (!isServer && serviceOfProgram(program.string ?? "") === undefined) return undefined;
  if (!isCache(reference)) return dataFolder(reference);
  const text = words.map(({ string }) => string ?? "").join(" ");
  return /--appendonly\s+yes\b|--save\s+["']?\d/.test(text) ? "/data" : undefined;
}

const volumeOf = (mount: Field, pod: Pod): Field | undefined =>
  pod.volumes.find((v) => v.get("name")?.string !== undefined && v.get("name")?.string === mount.get("name")?.string);

/** Something of it outlives the pod, or may do so. */
function keeps({ field, mounts, pod }: Container): boolean {
  if (field.get("volumeDevices") !== undefined || field.get("volumeMounts")?.isOpen === true) return true;
  return mounts.some((mount) => {
    const volume = volumeOf(mount, pod);
    return volume === undefined || volume.isOpen || volume.entries.some(([key]) => key !== "name" && !passing.has(key));
  });
}

/** The volume that goes with the pod and that the data lies on. */
function emptyVolume({ mounts, pod }: Container, folder: string): Field | undefined {
  const mount = mounts.find((m) => normalPath(m.get("mountPath")?.string ?? "") === normalPath(folder));
  const volume = mount && volumeOf(mount, pod);
  return volume?.get("emptyDir") === undefined ? undefined : volume;
}

function claim(container: Container, folder: string, volume: Field | undefined, context: Context): Fix | undefined {
  const { pod, field } = container;
  const { spec, kind } = pod.manifest;
  if (kind !== "StatefulSet" || spec === undefined) return undefined;
  const name = volume?.get("name")?.string ?? "data";
  const template = {
    metadata: { name },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: choice(1, "10Gi") } } },
  };
  const place: readonly (readonly Edit[] | undefined)[] =
    volume === undefined
      ? [field.append(["volumeMounts"], { name, mountPath: folder })]
      : [volume.removeUpTo(pod.spec)];
  const edits = joined([...place, spec.append(["volumeClaimTemplates"], template, { snippet: true })]);
  return fixIn(context.file, "Claim a volume for the data", "guided", [edits && { edits }]);
}

/** Storage of Strimzi's Kafka that goes with its pod. */
function strimziStorage({ spec, group }: Manifest): readonly Field[] {
  if (group !== "kafka.strimzi.io") return [];
  const all = [spec?.get("storage"), spec?.at("kafka", "storage"), spec?.at("zookeeper", "storage")];
  const volumes = all.flatMap((storage) => [storage, ...(storage?.get("volumes")?.items ?? [])]);
  return volumes.flatMap((storage) => (storage?.get("type")?.string === "ephemeral" ? [storage] : []));
}

export default rule({
  id: "kubernetes/ephemeral-database",
  kind: "kubernetes",
  severity: "info",
  principle: "availability",
  summary: "A database whose data is lost with its pod",
  why: `Pods come and go: the next update of the node, or one request that makes the server run out of memory, deletes the pod and all that
it stored, and the other services start over with an empty database. Keep the data on a volume that a StatefulSet claims, one for
each pod, and back it up. A volume that several pods may write breaks most databases.`,
  refs: [],
  covers: ["kics:3878dc92", "kics:8cf4671a"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          serviceName: db
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec:
              containers:
                - name: postgres
                  image: postgres:17.6
                  volumeMounts:
                    - name: data
                      mountPath: /var/lib/postgresql/data
              volumes:
                - name: data
                  «emptyDir»: {}
        `,
      fixed: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          serviceName: db
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec:
              containers:
                - name: postgres
                  image: postgres:17.6
                  volumeMounts:
                    - name: data
                      mountPath: /var/lib/postgresql/data
          volumeClaimTemplates:
            - metadata:
                name: data
              spec:
                accessModes:
                  - ReadWriteOnce
                resources:
                  requests:
                    storage: 10Gi
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: db }
        spec:
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec:
              volumes: [{ name: scripts, configMap: { name: scripts } }, { name: tmp }]
              containers:
                - name: «mongo»
                  image: mongo:8.0
                  volumeMounts: [{ name: scripts, mountPath: /docker-entrypoint-initdb.d }, { name: tmp, mountPath: /tmp }]
                  livenessProbe: { tcpSocket: { port: 27017 } }
                  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
                  securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }
        `,
      note: "on no volume at all",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          serviceName: db
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec:
              containers: [{ name: mysql, image: "mysql:8.4", volumeMounts: [{ name: data, mountPath: /var/lib/mysql }] }]
          volumeClaimTemplates:
            - metadata: { name: data }
              spec:
                accessModes: [«ReadWriteMany»]
                resources: { requests: { storage: 10Gi } }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          serviceName: db
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec:
              containers: [{ name: mysql, image: "mysql:8.4", volumeMounts: [{ name: data, mountPath: /var/lib/mysql }] }]
          volumeClaimTemplates:
            - metadata: { name: data }
              spec:
                accessModes: [ReadWriteOnce]
                resources: { requests: { storage: 10Gi } }
        `,
      note: "several nodes could write it",
    },
    {
      bad: `
        apiVersion: kafka.strimzi.io/v1beta2
        kind: KafkaNodePool
        metadata: { name: brokers }
        spec:
          replicas: 3
          roles: [broker]
          storage:
            type: «ephemeral»
        `,
      fixed: `
        apiVersion: kafka.strimzi.io/v1beta2
        kind: KafkaNodePool
        metadata: { name: brokers }
        spec:
          replicas: 3
          roles: [broker]
          storage:
            type: persistent-claim
            size: 10Gi
        `,
    },
    {
      good: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          serviceName: db
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec:
              volumes: [{ name: run, emptyDir: {} }]
              containers:
                - name: postgres
                  image: postgres:18.1
                  volumeMounts: [{ name: data, mountPath: /pg }, { name: run, mountPath: /var/run/postgresql }]
          volumeClaimTemplates:
            - metadata: { name: data }
              spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Gi } } }
        `,
      note: "on a volume of its own, wherever that is mounted",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: cache }
        spec:
          selector: { matchLabels: { app: cache } }
          template:
            metadata: { labels: { app: cache } }
            spec:
              containers:
                - { name: cache, image: "redis:8.2", args: [--save, "", --appendonly, "no"] }
                - { name: dump, image: "postgres:18.1", command: [sleep, infinity] }
                - { name: metrics, image: "prometheuscommunity/postgres-exporter:v0.18.1" }
        `,
      note: "a cache; a client; an exporter",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: db, namespace: shop-dev }
        spec:
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec: { containers: [{ name: db, image: "postgres:18.1" }] }
        `,
      note: "for trying out",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          template:
            spec:
              containers: [{ name: db, image: "postgres:18.1" }]
              {{- if .Values.persistence }}
              volumes: {{- toYaml .Values.volumes | nindent 8 }}
              {{- end }}
        -- charts/shop/Chart.yaml --
        name: shop
        `,
      file: "charts/shop/templates/db.yaml",
      note: "only the values tell",
    },
    {
      good: `
        apiVersion: batch/v1
        kind: Job
        metadata: { name: migrate }
        spec:
          template:
            spec: { restartPolicy: Never, containers: [{ name: migrate, image: "postgres:18.1" }] }
        `,
      note: "a job",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      for (const storage of strimziStorage(manifest)) {
        const at = storage.get("type") ?? storage;
        report(at, `${manifest.title} loses its data with its pods`, {
          severity: lowered("info", at),
          fix: () => persist(storage, context),
        });
      }
    },
    container(container, report, context) {
      const { pod, name, role } = container;
      const { manifest } = pod;
      const folder = role === "container" && kinds.has(manifest.kind) ? folderOf(container) : undefined;
      if (folder === undefined || trial.test(`${context.file}/${manifest.namespace ?? ""}`)) return;
      for (const mode of sharedModes(manifest)) {
        const message = `Several nodes may write the volume of ${manifest.title}, which only one server may have`;
        report(mode, message, { severity: lowered("info", mode), fix: () => own(mode, context) });
      }
      if (pod.isPartial || container.field.isOpen || keeps(container)) return;
      const paths = [
        ["spec", "template", "spec", "volumes"],
        ["spec", "volumeClaimTemplates"],
      ];
      if (overlaid(manifest, context, paths).isCured) return;
      const volume = emptyVolume(container, folder);
      const where = volume === undefined ? "in its container" : "on an emptyDir";
      const at = volume?.get("emptyDir")?.anchor ?? container.anchor;
      report(at, `${name} of ${manifest.title} keeps its data ${where}: it is lost with the pod`, {
        fix: () => claim(container, folder, volume, context),
      });
    },
  },
});

function persist(storage: Field, context: Context): Fix | undefined {
  const type = storage.get("type")?.replace("persistent-claim");
  const size = storage.get("size") === undefined ? storage.set(["size"], choice(1, "10Gi"), { snippet: true }) : [];
  const limit = storage.get("sizeLimit")?.remove() ?? [];
  const edits = joined([type, size, limit]);
  return fixIn(context.file, "Claim volumes for the data", "guided", [edits && { edits }]);
}

const sharedModes = ({ spec }: Manifest): readonly Field[] =>
  (spec?.get("volumeClaimTemplates")?.items ?? []).flatMap((template) =>
    (template.at("spec", "accessModes")?.items ?? []).filter(({ string }) => string === "ReadWriteMany"),
  );

function own(mode: Field, context: Context): Fix | undefined {
  const edits = mode.replace("ReadWriteOnce");
  return fixIn(context.file, "Let one node write it", "unsafe", [edits && { edits }]);
}
