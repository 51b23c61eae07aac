import {
  choice,
  type Container,
  type Context,
  type Field,
  type Fix,
  fixIn,
  literal,
  rule,
  type Severity,
} from "../../engine/index";
import { consequenceOf } from "../shared/authentication";
import { isOpenByDefault, type Switch } from "../shared/images/services";
import { doorsOfConfig, type OpenDoor, openDoors } from "../shared/kubernetes/authentication";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { serverOf } from "../shared/kubernetes/sayings";
import { joined } from "../shared/kubernetes/security-context";
import { lowered } from "../shared/kubernetes/weight";

const trusted = "lets everybody in as whoever they say they are";
const whatFollows = (found: Switch | undefined): string => (found === undefined ? trusted : consequenceOf(found));
const weightOf = (found: Switch | undefined): Severity => found?.severity ?? "error";
const rarely = (found: Switch | undefined) => (found?.severity === "info" ? { preset: "strict" as const } : {});

function fixesOf(door: OpenDoor, container: Container, context: Context): readonly Fix[] {
  const guided = withPassword(door, container, context);
  const { found, words } = door;
  const server = serverOf(container);
  const { reference } = container;
  const isOpen = server !== undefined && reference !== undefined && isOpenByDefault(server, reference);
  // Without the switch it would be as open as with it.
  const isOfUse = !isOpen || found?.weakens !== "authentication";
  const simple =
    turnedOn(door, context) ??
    (isOfUse ? (words ? withoutWords(words, context) : withoutVariable(door, container, context)) : undefined);
  return [guided, simple].filter((fix) => fix !== undefined);
}

/** Names of variables that say: without a password. */
const passwordless = /ALLOW_EMPTY|ALLOW_NONE|NO_AUTH$|AUTH_METHOD$|^NEO4J_AUTH$|SKIP_USER_SETUP$/;

/** The image's own password, out of a Secret, takes the place of a variable that let everybody in without one. */
function withPassword({ field, name }: OpenDoor, container: Container, context: Context): Fix | undefined {
  const item = field.parent;
  const secret = serverOf(container)?.credentials.find((c) => c.role === "secret");
  if (name === undefined || item === undefined || secret === undefined || !passwordless.test(name)) return undefined;
  const isSet = container.env.some((v) => v.name === secret.variable || v.name === secret.fileVariable);
  if (isSet || item.isShared) return undefined;
  const workload = container.pod.manifest.name ?? container.name;
  const data = {
    name: literal(secret.variable),
    valueFrom: { secretKeyRef: { name: choice(1, `${workload}-secrets`), key: choice(2, secret.variable) } },
  };
  const edits = item.replace(data, { snippet: true });
  return fixIn(context.file, `Set ${secret.variable} from a Secret instead`, "guided", [edits && { edits }]);
}

function withoutVariable({ field, name, text }: OpenDoor, container: Container, context: Context): Fix | undefined {
  const item = field.parent;
  // Of a value that says more than that, the rest is needed.
  if (name === undefined || item === undefined || text !== `${name}=${field.string}`) return undefined;
  const edits = item.removeUpTo(container.field);
  return fixIn(context.file, `Remove ${name}`, "unsafe", [edits && { edits }]);
}

function withoutWords(words: readonly Field[], context: Context): Fix | undefined {
  const [first] = words;
  const isStart = first?.string === "start-dev";
  const edits = isStart ? first?.replace("start") : joined(words.map((w) => w.remove()));
  const title = isStart ? "Start it by start" : `Remove ${words.map((w) => w.string).join(" ")}`;
  return fixIn(context.file, title, "unsafe", [edits && { edits }]);
}

const opposites: ReadonlyMap<string, string> = new Map([
  ["false", "true"],
  ["no", "yes"],
  ["off", "on"],
  ["0", "1"],
]);

/** A login that is switched off is switched on. */
function turnedOn({ field, name }: OpenDoor, context: Context): Fix | undefined {
  if (name === undefined || !/(?:^|[._])ENABLED?$/i.test(name)) return undefined;
  const opposite = opposites.get(field.string?.toLowerCase() ?? "");
  const edits = opposite === undefined ? undefined : field.replace(opposite);
  return fixIn(context.file, `Set ${name} to ${opposite}`, "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/authentication-disabled",
  kind: "kubernetes",
  severity: "error",
  principle: "authenticate",
  summary: "A server lets everybody in without a login",
  why: `A switch such as \`POSTGRES_HOST_AUTH_METHOD: trust\` or \`--protected-mode no\` turns the login off. In a cluster every pod
can reach every other unless a policy forbids it: whoever breaks into any one of them reads, changes and deletes the data without
being asked for anything. Remove the switch, and give the server its password from a Secret.`,
  refs: ["CWE-306", "CWE-862"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: db
        spec:
          serviceName: db
          template:
            spec:
              containers:
                - name: db
                  image: postgres:18.1
                  env:
                    - name: POSTGRES_DB
                      value: shop
                    - name: POSTGRES_HOST_AUTH_METHOD
                      value: «trust»
        `,
      fixed: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: db
        spec:
          serviceName: db
          template:
            spec:
              containers:
                - name: db
                  image: postgres:18.1
                  env:
                    - name: POSTGRES_DB
                      value: shop
                    - name: POSTGRES_PASSWORD
                      valueFrom:
                        secretKeyRef:
                          name: db-secrets
                          key: POSTGRES_PASSWORD
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: search }
        spec:
          containers:
            - name: search
              image: docker.elastic.co/elasticsearch/elasticsearch:9.2.1
              env: [{ name: xpack.security.enabled, value: «"false"» }, { name: discovery.type, value: single-node }]
            - name: cache
              image: redis:8.4
              args: ["--save", "", "--protected-mode", «"no"»]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: search }
        spec:
          containers:
            - name: search
              image: docker.elastic.co/elasticsearch/elasticsearch:9.2.1
              env: [{ name: xpack.security.enabled, value: "true" }, { name: discovery.type, value: single-node }]
            - name: cache
              image: redis:8.4
              args: ["--save", "", "--protected-mode", "no"]
        `,
      remains: "without the option it would be as open",
      note: "variables and options",
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: broker }
        data:
          mosquitto.conf: |
            listener 1883
            «allow_anonymous true»
          pg_hba.conf: |
            local all all trust
            «host all all 0.0.0.0/0 trust»
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: broker }
        spec:
          containers: [{ name: broker, image: "eclipse-mosquitto:2.0", volumeMounts: [{ name: config, mountPath: /mosquitto/config }] }]
          volumes: [{ name: config, configMap: { name: broker } }]
        `,
      note: "files of a config map",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: board }
        spec:
          template:
            spec:
              containers:
                - { name: board, image: "grafana/grafana:12.3.0", env: [{ name: GF_AUTH_ANONYMOUS_ENABLED, value: «"true"» }] }
                - { name: id, image: "quay.io/keycloak/keycloak:26.4", args: [«start-dev», --import-realm] }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: board }
        spec:
          template:
            spec:
              containers:
                - { name: board, image: "grafana/grafana:12.3.0" }
                - { name: id, image: "quay.io/keycloak/keycloak:26.4", args: [start, --import-realm] }
        `,
      severity: "warning",
      note: "visitors who may only look, a development server",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: db }
        spec:
          containers:
            - name: db
              image: mysql:8.4
              env:
                - { name: MYSQL_ALLOW_EMPTY_PASSWORD, value: "yes" }
                - { name: MYSQL_ROOT_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
            - name: cache
              image: redis:8.4
              args: [--protected-mode, "no", --requirepass, $(REDIS_PASSWORD)]
            - name: other
              image: mariadb:12.1
              envFrom: [{ secretRef: { name: db } }]
              env: [{ name: MARIADB_ALLOW_EMPTY_ROOT_PASSWORD, value: "1" }]
        `,
      note: "there is a password all the same, or may be",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: db }
        spec:
          containers:
            - name: db
              image: postgres:18.1
              env: [{ name: POSTGRES_HOST_AUTH_METHOD, value: scram-sha-256 }, { name: LDAP_AUTH_ENABLED, value: "false" }]
            - name: init
              image: cockroachdb/cockroach:v25.4.0
              args: [sql, --insecure, --host=db]
        `,
      note: "the opposite, one login of several, a client",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: db }
        spec:
          containers:
            - name: db
              image: postgres:18.1
              env: [{ name: POSTGRES_HOST_AUTH_METHOD, value: {{ .Values.method }} }]
        `,
      file: "chart/templates/db.yaml",
      note: "a value decides",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      for (const { at, field, text, found } of doorsOfConfig(manifest, context))
        report(at, `${manifest.title}: ${text} ${whatFollows(found)}${ifConditional(field)}`, {
          severity: lowered(weightOf(found), field),
          ...rarely(found),
        });
    },
    container(container, report, context) {
      for (const door of openDoors(container)) {
        const { at, field, text, found } = door;
        report(at, `${container.name}: ${text} ${whatFollows(found)}${ifConditional(field)}`, {
          severity: severityAt(weightOf(found), field, container.pod),
          ...rarely(found),
          fix: () => fixesOf(door, container, context),
        });
      }
    },
  },
});
