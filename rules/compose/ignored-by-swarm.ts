import {
  conflict,
  fixIn,
  type FileEdits,
  type Fix,
  type PublishedPort,
  type Part,
  rule,
  type Service,
  type Severity,
  type Span,
  type YamlData,
} from "../../engine/index";
import { nameOfPort, reachOf } from "../shared/compose/publishing";
import { isInSwarm } from "../shared/compose/swarm";

interface Ignored {
  readonly key: string;
  readonly what: string;
  /** Values that protect nothing, or what a swarm does anyway. */
  readonly harmless?: RegExp;
}

/** `UnsupportedProperties` of docker/cli, as far as they shield a service or keep it running (2026-08). */
const ignored: readonly Ignored[] = [
  { key: "security_opt", what: "the containers run without these restrictions", harmless: /unconfined|disable|false/ },
  { key: "userns_mode", what: "the daemon's own setting counts", harmless: /^host$/ },
  { key: "restart", what: "a swarm restarts whatever ends", harmless: /^(?:always|unless-stopped)$/ },
  { key: "network_mode", what: "the containers join the stack's networks", harmless: /^(?!none$)/ },
  { key: "ipc", what: "the daemon's default counts", harmless: /^(?!private$|none$)/ },
  { key: "pid", what: "the containers get a namespace of their own", harmless: /^/ },
  { key: "cgroup_parent", what: "the limits of that group do not hold" },
  { key: "devices", what: "the containers get none of them", harmless: /^/ },
];

/** What `docker stack deploy` refuses, and where it looks instead. */
const limits = [
  { key: "mem_limit", name: "memory" },
  { key: "cpus", name: "cpus" },
  { key: "pids_limit", name: "pids" },
] as const;

function keyOf(part: Part): Span {
  const { start, end } = part.keySpan ?? part;
  const place: Span & { readonly file: string } = { start, end, file: part.file };
  return place;
}

function texts(service: Service, key: string): readonly string[] {
  const written = service.setting(key);
  const all = written === undefined ? service.settings(key) : [written];
  return all.map(({ scalar }) => scalar.text);
}

function severityOf(service: Service, { key, harmless }: Ignored): Severity {
  return harmless !== undefined && texts(service, key).every((text) => harmless.test(text)) ? "info" : "warning";
}

/** `deploy.restart_policy` for what `restart` says. */
function restartPolicy(service: Service, file: string): Fix | undefined {
  const restart = service.setting("restart");
  if (restart?.value.known !== true) return undefined;
  const [word = "", attempts] = restart.value.value.split(":");
  const condition = { no: "none", "on-failure": "on-failure" }[word] ?? "any";
  const policy: YamlData = attempts === undefined ? { condition } : { condition, max_attempts: Number(attempts) };
  return fixIn(file, `Set deploy.restart_policy to ${condition}`, "unsafe", [
    service.set(["deploy", "restart_policy"], policy, { file }),
  ]);
}

function moved(service: Service, key: string, name: string, file: string): Fix | undefined {
  const limit = service.setting(key);
  if (limit?.value.known !== true || !limit.isLiteral) return undefined;
  const { value } = limit.value;
  const added = service.set(["deploy", "resources", "limits", name], name === "pids" ? Number(value) : value, { file });
  const removed = limit.remove();
  if (added === undefined || removed === undefined || conflict([...added.edits, ...removed])) return undefined;
  const all: readonly FileEdits[] = [added, { file: limit.file, edits: removed }];
  return fixIn(file, `Move ${key} to deploy.resources.limits.${name}`, "unsafe", all);
}

const unpublish = (port: PublishedPort): Fix | undefined => {
  const edits = port.remove();
  return edits && { title: `Stop publishing port ${nameOfPort(port)}`, applicability: "unsafe", edits };
};

export default rule({
  id: "compose/ignored-by-swarm",
  kind: "compose",
  severity: "warning",
  principle: "isolation",
  summary: "Protection that a swarm ignores",
  why: `\`docker stack deploy\` knows only a part of compose's keys and passes over the rest with a line in its output. A stack file
that hardens its services with \`security_opt\`, or publishes a database on 127.0.0.1 only, looks safe in review, while the swarm
runs it unhardened and listens on every address of every node. Write what a swarm heeds (\`deploy.restart_policy\`,
\`deploy.resources\`, the daemon's \`no-new-privileges\`), take ports away that only the node may use, and put a firewall before the
others.`,
  refs: ["CIS 7.2"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          db:
            image: acme/db:1.2.3
            ports:
              - "«127.0.0.1»:7000:7000" # for the node only
              - target: 7001
                published: 7001
                host_ip: «10.0.0.5»
              - "8443:8443"
            deploy:
              placement: { constraints: [node.role == manager] }
        `,
      fixed: `
        services:
          db:
            image: acme/db:1.2.3
            ports:
              - "8443:8443"
            deploy:
              placement: { constraints: [node.role == manager] }
        `,
    },
    {
      bad: `
        services:
          job:
            image: acme/job:1.2.3
            «restart»: on-failure:3
            «mem_limit»: 256m
            deploy:
              mode: global
        `,
      fixed: `
        services:
          job:
            image: acme/job:1.2.3
            restart: on-failure:3
            deploy:
              mode: global
              restart_policy:
                condition: on-failure
                max_attempts: 3
              resources:
                limits:
                  memory: 256m
        `,
    },
    {
      bad: `
        x-hardened: &hardened
          «security_opt»: [no-new-privileges:true]
        services:
          web: { <<: *hardened, image: acme/web:1.2.3, networks: [mesh] }
          api: { <<: *hardened, image: acme/api:1.2.3, networks: [mesh] }
        networks:
          mesh: { driver: overlay }
        `,
      note: "once, at the anchor",
    },
    {
      bad: "services:\n  web:\n    image: acme/web:1.2.3\n    «userns_mode»: host\n    deploy: { update_config: { order: start-first } }\n",
      severity: "info",
    },
    {
      bad: 'services:\n  web:\n    image: acme/web:1.2.3\n    «"network_mode"»: none\n',
      file: "docker-compose.swarm.yml",
      note: "the file's name says it",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            restart: on-failure
            security_opt: [no-new-privileges:true]
            ports: ["127.0.0.1:8080:8080"]
            deploy: { replicas: 2, resources: { limits: { memory: 64m } } }
        `,
      note: "compose heeds replicas and resources",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            restart: on-failure
            ports: ["8080:8080", "0.0.0.0:8081:8081", "\${BIND}:8082:8082"]
            deploy:
              endpoint_mode: vip
              restart_policy: { condition: on-failure }
        `,
      note: "said in the swarm's words as well",
    },
    {
      good: "services:\n  web:\n    build: .\n    security_opt: [no-new-privileges:true]\n",
      file: "elk-stack.yml",
      note: "what is built here runs here",
    },
  ],
  check: {
    service(service, report, { file }) {
      if (!isInSwarm(service)) return;
      for (const row of ignored) {
        const part = service.part(row.key);
        const isSaid = row.key === "restart" && service.part("deploy", "restart_policy") !== undefined;
        if (part === undefined || isSaid) continue;
        report(keyOf(part), `A swarm ignores ${row.key} of ${service.name}: ${row.what}`, {
          severity: severityOf(service, row),
          fix: () => (row.key === "restart" ? restartPolicy(service, file) : undefined),
        });
      }
      for (const { key, name } of limits) {
        const limit = service.setting(key);
        if (limit === undefined || service.setting("deploy", "resources", "limits", name) !== undefined) continue;
        report(keyOf(limit), `docker stack deploy does not take ${key} of ${service.name}, only limits under deploy`, {
          fix: () => moved(service, key, name, file),
        });
      }
      for (const port of service.ports) {
        const { hostIp } = port;
        if (hostIp === undefined || !["loopback", "private"].includes(reachOf(port))) continue;
        const message = `A swarm ignores the address ${hostIp.scalar.text}: port ${nameOfPort(port)} of ${service.name} is open on every address of every node`;
        report(hostIp, message, { fix: () => unpublish(port) });
      }
    },
  },
});
