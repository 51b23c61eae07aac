import { type Context, fixIn, hole, rule, type Service, type ServiceMount } from "../../engine/index";
import { openDoors } from "../shared/compose/authentication";
import { imageOf, serverOf } from "../shared/compose/images";
import { newLogin } from "../shared/compose/logins";
import { isPublished } from "../shared/compose/publishing";
import { isJob } from "../shared/compose/roles";
import { isOpenByDefault, type ServiceImage } from "../shared/images/services";

/** Folders that servers keep data in; what is mounted there configures nothing. */
const dataFolder =
  /\/(?:data|db|datadir|datalog|log|logs|backups?|dumps?|storage|store|snapshots?|tmp|certs|localtime|timezone)(?:\/|$)|^\/var\/(?:lib|log)\/|^\/bitnami\/[^/]+(?:\/data)?$/;
const configFolder = /conf|etc\/|acl|auth|secur|users?\.|\.(?:xml|ya?ml|json|ini|properties|toml|sh)$/;

/** Whether what is mounted may hold settings, or a program that writes them. */
function mayConfigure(mount: ServiceMount, server: ServiceImage): boolean {
  const target = mount.target?.value;
  if (target?.known !== true || !mount.type.known) return true;
  if (mount.type.value === "tmpfs") return false;
  // Scripts for the first start make users; nobody is asked to be one of them.
  if (server.name === "MongoDB" && target.value.startsWith("/docker-entrypoint-initdb.d")) return false;
  const isData = dataFolder.test(target.value) && !configFolder.test(target.value);
  return mount.type.value === "volume" ? configFolder.test(target.value) : !isData;
}

/** Words of a variable that may have to do with logins, or name a file that does. */
const hint =
  /PASS|SECRET|TOKEN|SASL|JAAS|(?:^|_)ACLS?(?:_|$)|LDAP|OIDC|AUTH|SECURITY_ENABLED|KEY_?FILE|CONF(?:IG|IGURATION)?(?:_FILE|_DIR|_PATH)?$/;
/** Of a console: its own logins, not those at what it shows. */
const ownLogin = /^(?:AUTH|LOGINS?$|O?AUTH|OIDC|LDAP|HTTP_|SPRING_|BASIC)|BASIC_?AUTH|CONFIG(?:URATION)?$/;
const saysSo = new RegExp(`sasl|jaas|auth|passw|config|${hole}`, "i");

function mayBeAsked(service: Service, server: ServiceImage): boolean {
  const { variables } = server.authenticatedBy;
  const asSetting = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  const known = new Set(variables.map(asSetting));
  const words = server.kind === "admin-ui" ? ownLogin : hint;
  return service.environment.some(({ name, value }) => {
    const written = asSetting(name);
    if (known.has(written) || words.test(written)) return true;
    return server.kind !== "admin-ui" && value !== undefined && saysSo.test(value.scalar.text);
  });
}

/** Programs that an image's entrypoint takes for the server's, beside the server's own name. */
const subcommands: Readonly<Record<string, readonly string[]>> = {
  Consul: ["agent"],
  Dragonfly: ["dragonfly"],
  Mailpit: ["mailpit"],
};

/** Whether the container starts the server, and with options that ask nobody. Unknown counts as no. */
function startsOpen(service: Service, server: ServiceImage): boolean {
  const { entrypoint, command } = service;
  const { programs, authenticatedBy } = server;
  const all = [entrypoint, command].filter((p) => p !== undefined);
  if (all.some((p) => p.isOpen || p.form !== "exec")) return false;
  const words = all.flatMap((p) => p.words.map((w) => w.scalar.text));
  const [first = "-"] = words;
  const program = first.slice(first.lastIndexOf("/") + 1);
  const isServer = programs.includes(program) || subcommands[server.name]?.includes(program) === true;
  if (!isServer && (entrypoint !== undefined || !first.startsWith("-"))) return false;
  return words.slice(isServer ? 1 : 0).every((word) => {
    const name = word.split("=", 1)[0] ?? "";
    if (authenticatedBy.options.includes(name) || /pass|auth|acl|secur|config|conf\b|user/i.test(word)) return false;
    return !/\.(?:conf|cfg|ya?ml|ini|xml|json|properties|toml)$/.test(word);
  });
}

/** The only ones who can reach it: those of small networks without a way out. */
function isSheltered(service: Service): boolean {
  const { networks, project } = service;
  if (isPublished(service) || networks.length === 0) return false;
  return networks.every(({ name }) => {
    const internal = project.resource("networks", name)?.setting("internal")?.value;
    return internal?.known === true && internal.value === "true" && project.on(name).length <= 2;
  });
}

function openServer(service: Service, context: Context): ServiceImage | undefined {
  if (service.build !== undefined || service.provider !== undefined || service.isOpen) return undefined;
  const image = imageOf(service, context);
  const server = serverOf(service, context);
  if (image === undefined || server === undefined || !isOpenByDefault(server, image)) return undefined;
  const mode = service.networkMode?.value;
  if (mode !== undefined && (!mode.known || mode.value === "none")) return undefined;
  if (service.isEnvironmentOpen || service.isOpenAt("volumes") || isJob(service)) return undefined;
  if (service.secrets.length > 0 || service.configs.length > 0) return undefined;
  if (service.mounts.some((m) => mayConfigure(m, server)) || mayBeAsked(service, server)) return undefined;
  if (!startsOpen(service, server) || openDoors(service, context).length > 0) return undefined;
  return server;
}

export default rule({
  id: "compose/missing-authentication",
  kind: "compose",
  severity: "warning",
  principle: "authenticate",
  summary: "A server that asks nobody for a login is left as it is",
  why: `Some servers let everybody in until they are told not to: Redis, MongoDB, etcd, registries and many consoles. In a compose
network every container reaches them, so one web service with a hole is enough to read and change all that they keep, and with
Redis or Kafka Connect to run programs. Set a password, from a secret; put a proxy with a login before a server that knows none,
or leave it alone with its users on an internal network.`,
  refs: ["CWE-306"],
  covers: [],
  fix: "guided",
  yieldsTo: ["compose/default-password"],
  examples: [
    {
      bad: `
        services:
          «cache»:
            image: redis:8.4
            command: redis-server --save 60 1
            volumes:
              - cache:/data
        volumes:
          cache: {}
        `,
      fixed: `
        services:
          cache:
            image: redis:8.4
            command:
              - sh
              - -c
              - exec redis-server --save 60 1 --requirepass "$$(cat /run/secrets/redis_password)"
            volumes:
              - cache:/data
            secrets:
              - redis_password
        volumes:
          cache: {}
        secrets:
          redis_password:
            environment: REDIS_PASSWORD
        `,
      also: ["compose/missing-healthcheck", "compose/missing-resource-limits"],
    },
    {
      bad: `
        services:
          «db»:
            image: mongo:8.2
            environment: [MONGO_INITDB_DATABASE=shop]
            volumes:
              - ./data:/data/db
              - ./seed.js:/docker-entrypoint-initdb.d/seed.js:ro
        `,
      fixed: `
        services:
          db:
            image: mongo:8.2
            environment: [MONGO_INITDB_DATABASE=shop, MONGO_INITDB_ROOT_USERNAME=root, MONGO_INITDB_ROOT_PASSWORD_FILE=/run/secrets/mongo_root_password]
            volumes:
              - ./data:/data/db
              - ./seed.js:/docker-entrypoint-initdb.d/seed.js:ro
            secrets:
              - mongo_root_password
        secrets:
          mongo_root_password:
            environment: MONGO_ROOT_PASSWORD
        `,
      also: ["compose/missing-healthcheck", "compose/missing-resource-limits"],
      note: "users that a script makes are not asked for",
    },
    {
      bad: `
        services:
          «vectors»: { image: "qdrant/qdrant:v1.16.0" }
          «queue»:
            image: apache/kafka:4.1.0
            environment:
              KAFKA_LISTENERS: CLIENTS://:9092
              KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: CLIENTS:PLAINTEXT
        `,
      fixed: `
        services:
          vectors: { image: "qdrant/qdrant:v1.16.0", environment: { QDRANT__SERVICE__API_KEY: "\${QDRANT__SERVICE__API_KEY:?set QDRANT__SERVICE__API_KEY}" } }
          queue:
            image: apache/kafka:4.1.0
            environment:
              KAFKA_LISTENERS: CLIENTS://:9092
              KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: CLIENTS:PLAINTEXT
        `,
      also: ["compose/missing-healthcheck", "compose/missing-resource-limits"],
      remains: "a broker needs more than a variable",
    },
    {
      bad: `
        services:
          «traces»: { image: "openzipkin/zipkin:3.5" }
        `,
      also: ["compose/missing-resource-limits"],
      severity: "info",
      note: "it knows no login",
    },
    {
      bad: `
        services:
          web: { image: "acme/web:1.2.3", networks: [edge, data] }
          «cache»: { image: "memcached:1.6-alpine", networks: [data] }
        networks:
          edge: {}
          data: { internal: true }
        `,
      also: ["compose/missing-healthcheck", "compose/missing-resource-limits"],
      severity: "hint",
      note: "alone with its user",
    },
    {
      good: `
        services:
          a: { image: "redis:8.4", command: "redis-server --requirepass \${PW:?set PW}" }
          b: { image: "redis:8.4", command: redis-server /etc/redis.conf }
        `,
      note: "it asks for a password, or a file may say so",
    },
    {
      good: `
        services:
          c: { image: "redis:8.4", volumes: ["./redis:/usr/local/etc/redis"] }
          d: { image: "redis:8.4", entrypoint: /start.sh }
          e: { image: "redis:8.4", env_file: cache.env }
          f: { image: "redis:8.4", configs: [acl] }
        configs: { acl: { file: ./users.acl } }
        `,
      note: "what it does is not known",
    },
    {
      good: `
        services:
          db:
            image: mongo:8.2
            environment:
              MONGO_INITDB_ROOT_USERNAME: shop
              MONGO_INITDB_ROOT_PASSWORD_FILE: /run/secrets/mongo
            secrets: [mongo]
          console: { image: "provectuslabs/kafka-ui:v0.7.2", environment: { AUTH_TYPE: LOGIN_FORM } }
        secrets: { mongo: { environment: MONGO_PASSWORD } }
        `,
    },
    {
      good: `
        services:
          cache: { image: "bitnami/redis:8.2", environment: [ALLOW_EMPTY_PASSWORD=yes] }
          client: { image: "redis:8.4", command: redis-cli -h cache ping }
          init: { image: "mongo:8.2", restart: "no", command: [mongosh, --host, db] }
        `,
      note: "another rule speaks; clients",
    },
    {
      good: `
        services:
          search: { image: "elasticsearch:9.2.1" }
          broker: { image: "eclipse-mosquitto:2.0" }
          own: { image: "redis:8.4", build: ./redis }
          unknown: { image: "redis:\${VERSION}" }
        `,
      note: "closed in these versions; built here; not known",
    },
    {
      good: `
        services:
          cache:
            image: redis:8.4
        -- compose.override.yaml --
        services:
          cache:
            command: [sh, -c, 'exec redis-server --requirepass "$$(cat /run/secrets/pw)"']
            secrets: [pw]
        secrets: { pw: { environment: PW } }
        `,
      note: "the override sets it",
    },
  ],
  check: {
    service(service, report, context) {
      const server = openServer(service, context);
      const image = imageOf(service, context);
      if (server === undefined || image === undefined) return;
      const { variables, options } = server.authenticatedBy;
      const knowsNone = variables.length === 0 && options.length === 0;
      const what = knowsNone ? "has no login of its own" : "lets everybody in without a login until it is told not to";
      report(service, `${service.name} is open to every container that reaches it: ${server.name} ${what}`, {
        ...(isSheltered(service) ? { severity: "hint" } : knowsNone ? { severity: "info" } : {}),
        fix: () => {
          const login = newLogin(service, server, image);
          return login && fixIn(context.file, login.title, "guided", login.edits);
        },
      });
    },
  },
});
