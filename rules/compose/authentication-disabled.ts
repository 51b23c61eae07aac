import { type Context, type Fix, fixIn, literal, rule, type Service } from "../../engine/index";
import { consequenceOf, doorsOfLines } from "../shared/authentication";
import { type OpenDoor, openDoors } from "../shared/compose/authentication";
import { softened } from "../shared/compose/development";
import { together, withoutQuotes } from "../shared/compose/joint-edits";
import { imageOf, serverOf } from "../shared/compose/images";
import { fromShell, newLogin, wordsOf } from "../shared/compose/logins";
import { isOpenByDefault, type Switch } from "../shared/images/services";
import { secretId } from "../shared/secret-mount";

const trusted = "lets everybody in as whoever they say they are";
const whatFollows = (found: Switch | undefined): string => (found === undefined ? trusted : consequenceOf(found));

const worth = (found: Switch | undefined, service: Service, file: string) => ({
  severity: softened(found?.severity ?? "error", service, file),
  ...(found?.severity === "info" ? { preset: "strict" as const } : {}),
});

function fixesOf(door: OpenDoor, service: Service, context: Context): readonly Fix[] {
  const { found, variable, words } = door;
  const image = imageOf(service, context);
  const server = serverOf(service, context);
  const guided = withPassword(door, service, context);
  if (guided !== undefined) return [guided, ...removal(door, context)];
  const flipped = turnedOn(door, context);
  if (flipped !== undefined) return [flipped];
  const isOpen = image !== undefined && server !== undefined && isOpenByDefault(server, image);
  // Without the switch it would be as open as with it.
  if (!isOpen || found?.weakens !== "authentication") return removal(door, context);
  const rest = words && wordsOf(service)?.filter((_, i) => !words.some((w) => w.path.at(-1) === String(i)));
  const login = variable === undefined ? newLogin(service, server, image, rest) : undefined;
  const fix = login && fixIn(context.file, `${login.title} instead`, "guided", login.edits);
  return fix === undefined ? [] : [fix];
}

function removal(door: OpenDoor, context: Context): readonly Fix[] {
  const edits = together(door.remove() ?? [undefined]);
  const { text, variable } = door;
  const name = variable?.name;
  const isPart = name !== undefined && text !== `${name}=${variable?.value?.scalar.text}`;
  const setting = isPart ? `${text.slice(name.length + 1)} from ${name}` : (name ?? text);
  const title = text === "start-dev" ? "Start it by start" : `Remove ${setting}`;
  const fix = edits && fixIn(context.file, title, "unsafe", edits);
  return fix === undefined ? [] : [fix];
}

const opposites: ReadonlyMap<string, string> = new Map([
  ["false", "true"],
  ["no", "yes"],
  ["off", "on"],
  ["0", "1"],
]);

/** A login that is switched off is switched on. */
function turnedOn({ variable }: OpenDoor, context: Context): Fix | undefined {
  const value = variable?.value;
  if (variable === undefined || value?.isLiteral !== true || !/(?:^|[._])ENABLED?$/i.test(variable.name))
    return undefined;
  const opposite = opposites.get(value.scalar.text.toLowerCase());
  const edits = opposite === undefined || variable.isFromFile ? undefined : value.rewrite(opposite);
  return (
    edits && fixIn(context.file, `Set ${variable.name} to ${opposite}`, "unsafe", [{ file: variable.file, edits }])
  );
}

/** Names of variables that say: without a password. */
const passwordless = /ALLOW_EMPTY|ALLOW_NONE|NO_AUTH$|AUTH_METHOD$|^NEO4J_AUTH$|SKIP_USER_SETUP$/;

/** The image's own password takes the place of a variable that let everybody in without one. */
function withPassword({ variable }: OpenDoor, service: Service, context: Context): Fix | undefined {
  if (variable?.value === undefined || variable.isFromFile || !passwordless.test(variable.name)) return undefined;
  const credentials = serverOf(service, context)?.credentials ?? [];
  const secrets = credentials.filter((c) => c.role === "secret" && c.fileVariable !== undefined);
  const [secret] = secrets;
  const isSet = secrets.some((c) => service.variable(c.variable) ?? service.variable(c.fileVariable ?? ""));
  const isOwn = variable.replaced.length === 0 && !variable.routes.some((r) => r === "anchor" || r === "extends");
  if (secret?.fileVariable === undefined || isSet || !isOwn || variable.file !== service.file) return undefined;
  const id = secretId(secret.variable);
  const path = `/run/secrets/${id}`;
  const { keySpan, file } = variable;
  const replacing = variable.replace(keySpan === undefined ? `${secret.fileVariable}=${path}` : path, {
    snippet: true,
  });
  const renaming =
    keySpan === undefined ? [] : [{ span: withoutQuotes(keySpan, variable.name), text: literal(secret.fileVariable) }];
  const edits = together([
    replacing && { file, edits: [...renaming, ...replacing] },
    ...fromShell(service, id, secret.variable),
  ]);
  return edits && fixIn(context.file, `Set a password by ${secret.fileVariable} instead`, "guided", edits);
}

export default rule({
  id: "compose/authentication-disabled",
  kind: "compose",
  severity: "error",
  principle: "authenticate",
  summary: "A server lets everybody in without a login",
  why: `A switch such as \`POSTGRES_HOST_AUTH_METHOD: trust\` or \`--protected-mode no\` turns the login off. Whoever breaks into
one container of the network, or finds a port that was published by mistake, reads, changes and deletes the data without being
asked for anything; open Redis and MongoDB servers are found and held to ransom within hours. Remove the switch, and give the
server its password from a secret.`,
  refs: ["CWE-306", "CWE-862"],
  covers: [],
  fix: "unsafe",
  yieldsTo: ["compose/docker-api-over-tcp"],
  examples: [
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            environment:
              # for the workshop
              POSTGRES_DB: shop
              POSTGRES_HOST_AUTH_METHOD: «trust»
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            environment:
              # for the workshop
              POSTGRES_DB: shop
              POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password
            secrets:
              - postgres_password
        secrets:
          postgres_password:
            environment: POSTGRES_PASSWORD
        `,
    },
    {
      bad: `
        services:
          db: { image: "mysql:8.4", environment: ["MYSQL_ALLOW_EMPTY_PASSWORD=«yes»", MYSQL_DATABASE=shop] }
          search:
            image: docker.elastic.co/elasticsearch/elasticsearch:9.2.1
            environment:
              - discovery.type=single-node
              - xpack.security.enabled=«false»
        `,
      fixed: `
        services:
          db: { image: "mysql:8.4", environment: ["MYSQL_ROOT_PASSWORD_FILE=/run/secrets/mysql_root_password", MYSQL_DATABASE=shop], secrets: [mysql_root_password] }
          search:
            image: docker.elastic.co/elasticsearch/elasticsearch:9.2.1
            environment:
              - discovery.type=single-node
              - xpack.security.enabled=true
        secrets:
          mysql_root_password:
            environment: MYSQL_ROOT_PASSWORD
        `,
      note: "lists, in block and flow style",
    },
    {
      bad: `
        services:
          cache:
            image: redis:8.4
            command:
              - redis-server
              - --protected-mode
              - "«no»"
              - --save
              - ""
        `,
      fixed: `
        services:
          cache:
            image: redis:8.4
            command:
              - sh
              - -c
              - exec redis-server --save '' --requirepass "$$(cat /run/secrets/redis_password)"
            secrets:
              - redis_password
        secrets:
          redis_password:
            environment: REDIS_PASSWORD
        `,
      note: "open without the option as well: it asks for a password instead",
    },
    {
      bad: `
        x-open: &open
          AUTH_ENABLED: \${AUTH:-«off»}
        services:
          a: { image: "acme/a:1.2.3", environment: *open }
          b:
            image: acme/b:1.2.3
            environment:
              <<: *open
              PORT: 80
        `,
      fixed: `
        x-open: &open {}
        services:
          a: { image: "acme/a:1.2.3", environment: *open }
          b:
            image: acme/b:1.2.3
            environment:
              <<: *open
              PORT: 80
        `,
      note: "by default, once at the anchor",
    },
    {
      bad: `
        services:
          id:
            image: quay.io/keycloak/keycloak:26.4
            command: «start-dev» --import-realm
          board:
            image: grafana/grafana:12.3.0
            environment:
              GF_AUTH_ANONYMOUS_ENABLED: «true»
        `,
      fixed: `
        services:
          id:
            image: quay.io/keycloak/keycloak:26.4
            command: start --import-realm
          board:
            image: grafana/grafana:12.3.0
            environment: {}
        `,
      severity: "warning",
      note: "a development server; visitors who may only look",
    },
    {
      bad: `
        services:
          broker:
            image: eclipse-mosquitto:2.0
            configs:
              - source: broker
                target: /mosquitto/config/mosquitto.conf
          db:
            image: postgres:18.1
            env_file:
              - path: «db.env»
        configs:
          broker:
            content: |
              listener 1883
              «allow_anonymous true»
        -- db.env --
        POSTGRES_HOST_AUTH_METHOD=trust
        `,
      note: "the content of a config, a file of variables",
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            profiles: [dev]
            environment: { POSTGRES_HOST_AUTH_METHOD: «trust», POSTGRES_PASSWORD: "\${PW:?set PW}" }
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            profiles: [dev]
            environment: { POSTGRES_PASSWORD: "\${PW:?set PW}" }
        `,
      severity: "warning",
      note: "only for development",
    },
    {
      good: `
        services:
          cache: { image: "bitnami/redis:8.2", environment: [ALLOW_EMPTY_PASSWORD=no, "REDIS_PASSWORD_FILE=/run/secrets/pw"], secrets: [pw] }
          db: { image: "postgres:18.1", environment: { POSTGRES_HOST_AUTH_METHOD: scram-sha-256, AUTH_ENABLED: true } }
        secrets: { pw: { environment: PW } }
        `,
      note: "the opposite values",
    },
    {
      good: `
        services:
          db:
            image: mysql:8.4
            environment:
              MYSQL_ALLOW_EMPTY_PASSWORD: "yes"
              MYSQL_ROOT_PASSWORD_FILE: /run/secrets/root
            secrets: [root]
          cache:
            image: redis:8.4
            command: redis-server --protected-mode no --requirepass \${PW:?set PW}
        secrets:
          root: { environment: ROOT_PASSWORD }
        `,
      note: "there is a password all the same",
    },
    {
      good: `
        services:
          db:
            image: postgres:18.1
            environment:
              POSTGRES_HOST_AUTH_METHOD: trust
        -- compose.override.yaml --
        services:
          db:
            environment:
              - POSTGRES_HOST_AUTH_METHOD=scram-sha-256
        `,
      note: "the override takes it back",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            command: ["./server", "--dev", "--auth", "oidc"]
            environment: { LDAP_AUTH_ENABLED: "false", KAFKA_AUTH_ENABLED: "false", AUTH_ENABLED: "\${AUTH}" }
          init:
            image: cockroachdb/cockroach:v25.4.0
            command: sql --insecure --host=db --execute "create database shop"
        `,
      note: "one login of several, a client, an unknown value; another program's options",
    },
  ],
  check: {
    service(service, report, context) {
      for (const door of openDoors(service, context)) {
        const { at, text, found } = door;
        report(at, `${service.name}: ${text} ${whatFollows(found)}`, {
          ...worth(found, service, at.file),
          fix: () => fixesOf(door, service, context),
        });
      }
    },
    config(config, project, report, context) {
      const setting = config.setting("content");
      const users = project.services.filter((s) => s.configs.some((c) => c.name === config.name));
      const [user] = users;
      if (setting === undefined || user === undefined) return;
      const servers = users.map((s) => serverOf(s, context));
      for (const { from, to, text, found } of doorsOfLines(setting.scalar.text, servers))
        report(
          setting.part(from, to),
          `${config.name}: ${text} ${whatFollows(found)}`,
          worth(found, user, setting.file),
        );
    },
  },
});
