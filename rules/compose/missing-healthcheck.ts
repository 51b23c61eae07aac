import { type Fix, fixIn, type Part, rule, type Service, type Context } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { canLack } from "../shared/compose/hardening";
import { healthCheck, imageHasHealthcheck, isBare, listens } from "../shared/compose/health-checks";
import { isLongRunning } from "../shared/compose/roles";

/** What switches the health check off; undefined where nothing does. */
function switchOf(service: Service): Part | undefined {
  const disabled = service.setting("healthcheck", "disable");
  if (disabled?.value.known === true && disabled.value.value === "true") return disabled;
  const [first] = service.settings("healthcheck", "test");
  return first?.value.known === true && first.value.value === "NONE" ? first : undefined;
}

function addCheck(service: Service, context: Context): Fix | undefined {
  const check = service.set(["healthcheck"], healthCheck(service, context), { snippet: true, file: service.file });
  return fixIn(context.file, "Add a health check", "guided", [check]);
}

function replaceCheck(service: Service, context: Context): Fix | undefined {
  const written = service.part("healthcheck");
  const edits = written?.replace(healthCheck(service, context), { snippet: true });
  return fixIn(context.file, "Write a health check", "guided", [edits && { file: written?.file ?? "", edits }]);
}

export default rule({
  id: "compose/missing-healthcheck",
  kind: "compose",
  severity: "hint",
  principle: "availability",
  summary: "A server that nothing asks whether it still answers",
  why: `Docker takes a service for well as long as its process lives. A server that hangs, because the requests of an attacker hold its
last worker or a dependency is gone, stays in service, and what waits for \`service_healthy\` starts too early or not at all.
Give it a test of its own, here or in its Dockerfile. Images that nobody knows are only reported in the strict preset: they may
bring a test.`,
  refs: ["CIS 5.27"],
  covers: ["kics:healthcheck_not_set"],
  fix: "guided",
  examples: [
    {
      bad: `
        services:
          «cache»:
            image: redis:8.4
            mem_limit: 1g
            command: ["redis-server", "--requirepass", "\${CACHE_PASSWORD:?}"]
        `,
      fixed: `
        services:
          cache:
            image: redis:8.4
            mem_limit: 1g
            command: ["redis-server", "--requirepass", "\${CACHE_PASSWORD:?}"]
            healthcheck:
              test:
                - CMD
                - redis-cli
                - ping
              interval: 30s
              timeout: 5s
              retries: 3
              start_period: 30s
        `,
    },
    {
      bad: `
        services:
          «db»: { image: "postgres:18.1", mem_limit: 1g }
        `,
      fixed: `
        services:
          db: { image: "postgres:18.1", mem_limit: 1g, healthcheck: { test: [CMD-SHELL, "pg_isready -U $\${POSTGRES_USER:-postgres}"], interval: 30s, timeout: 5s, retries: 3, start_period: 30s } }
        `,
      note: "flow style; a dollar for the container is doubled",
    },
    {
      bad: `
        services:
          «web»:
            build: .
            mem_limit: 1g
        -- Dockerfile --
        FROM node:24-slim
        USER node
        EXPOSE 3000
        CMD ["node", "app.js"]
        `,
      fixed: `
        services:
          web:
            build: .
            mem_limit: 1g
            healthcheck:
              test:
                - CMD
                - node
                - -e
                - "fetch('http://127.0.0.1:3000/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
              interval: 30s
              timeout: 5s
              retries: 3
              start_period: 30s
        `,
      note: "its Dockerfile has none",
    },
    {
      bad: `
        services:
          «web»:
            image: acme/web:1.2.3
            mem_limit: 1g
            ports: ["127.0.0.1:8080:80"]
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            mem_limit: 1g
            ports: ["127.0.0.1:8080:80"]
            healthcheck:
              test:
                - CMD
                - curl
                - -f
                - http://127.0.0.1:80/health
              interval: 30s
              timeout: 5s
              retries: 3
              start_period: 30s
        `,
      note: "in the strict preset: the image may bring one",
    },
    {
      bad: `
        services:
          db:
            image: valkey/valkey:9.1
            healthcheck:
              disable: «true»
        `,
      fixed: `
        services:
          db:
            image: valkey/valkey:9.1
            healthcheck:
              test:
                - CMD
                - valkey-cli
                - ping
              interval: 30s
              timeout: 5s
              retries: 3
              start_period: 30s
        `,
      severity: "info",
      note: "switched off",
    },
    {
      bad: `
        services:
          db: { image: "valkey/valkey:9.1", healthcheck: { test: [«NONE»] } }
        `,
      fixed: `
        services:
          db: { image: "valkey/valkey:9.1", healthcheck: { test: [CMD, valkey-cli, ping], interval: 30s, timeout: 5s, retries: 3, start_period: 30s } }
        `,
      severity: "info",
    },
    {
      good: "services:\n  db:\n    image: postgres:18.1\n    healthcheck: { test: [CMD, pg_isready] }\n",
    },
    {
      good: 'services:\n  web:\n    build: .\n    ports: ["127.0.0.1:8080:80"]\n-- Dockerfile --\nFROM node:24-slim\nUSER node\nEXPOSE 80\nHEALTHCHECK CMD ["node", "probe.js"]\nCMD ["node", "app.js"]\n',
      note: "the Dockerfile has one",
    },
    {
      good: 'services:\n  sync:\n    image: acme/sync:1.2.3\n    command: ["sync", "--every", "5m"]\n',
      note: "no port, nothing to ask",
    },
    {
      good: 'services:\n  dump:\n    image: postgres:18.1\n    entrypoint: ["pg_dump", "-h", "db"]\n',
      note: "only the tools of a server",
    },
    {
      good: 'services:\n  db-init:\n    image: postgres:18.1\n    restart: "no"\n',
      note: "a job",
    },
    {
      good: "services:\n  db:\n    extends: { file: gone.yaml, service: db }\n    image: postgres:18.1\n",
      note: "what it extends may have one",
    },
    {
      good: 'services:\n  web:\n    ports: ["127.0.0.1:8080:80"]\n',
      file: "compose.prod.yaml",
      note: "the rest of the service stands in a file that is not at hand",
    },
    {
      good: "x-check: &check\n  healthcheck: { interval: 10s }\nservices:\n  db: { <<: *check, image: postgres:18.1 }\n",
      note: "somebody set how often the image's own test runs",
    },
  ],
  check: {
    service(service, report, context) {
      if (!isLongRunning(service) || !listens(service, context)) return;
      const off = switchOf(service);
      if (off !== undefined) {
        if (isForDevelopment(service, off.file)) return;
        report(off, `The health check of ${service.name} is switched off`, {
          severity: "info",
          fix: () => replaceCheck(service, context),
        });
        return;
      }
      if (isForDevelopment(service, service.file) || !canLack(service, context) || service.has("healthcheck")) return;
      const known = imageHasHealthcheck(service, context);
      if (known === true || isBare(service, context)) return;
      const unless = known === false ? "" : ", unless its image brings one";
      report(service, `${service.name} has no health check${unless}: a hanging server stays in service`, {
        ...(known === false ? {} : { preset: "strict" as const }),
        fix: () => addCheck(service, context),
      });
    },
  },
});
