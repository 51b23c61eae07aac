import { choice, type FileEdits, fixIn, type LimitName, rule, type Service, type YamlData } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { canLack } from "../shared/compose/hardening";
import { isLimited, limitNames, limitsOf } from "../shared/compose/limits";
import { isLongRunning } from "../shared/compose/roles";

const words: Readonly<Record<LimitName, string>> = { memory: "memory", cpus: "CPU time", pids: "processes" };
const amounts: Readonly<Record<LimitName, YamlData>> = {
  memory: choice(1, "512M"),
  cpus: choice(2, "0.50"),
  pids: 200,
};

function listed(texts: readonly string[]): string {
  const last = texts.at(-1) ?? "";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} and ${last}`;
}

/** Every limit that is not written yet, below the deepest mapping that is there. */
function addLimits(service: Service, missing: readonly LimitName[]): FileEdits | undefined {
  const free = limitNames.filter((name) => limitsOf(service, name).length === 0);
  const [wanted] = missing.filter((name) => free.includes(name));
  if (wanted === undefined) return undefined;
  const into = { snippet: true, file: service.file };
  if (service.part("deploy", "resources", "limits") !== undefined)
    return service.set(["deploy", "resources", "limits", wanted], amounts[wanted], into);
  const limits = Object.fromEntries(free.map((name) => [name, amounts[name]]));
  if (service.part("deploy", "resources") !== undefined)
    return service.set(["deploy", "resources", "limits"], limits, into);
  if (service.part("deploy") !== undefined) return service.set(["deploy", "resources"], { limits }, into);
  return service.set(["deploy"], { resources: { limits } }, into);
}

export default rule({
  id: "compose/missing-resource-limits",
  kind: "compose",
  severity: "hint",
  principle: "availability",
  summary: "A service may take as much of the host as it likes",
  why: `Containers share the memory of their host. One service that leaks, or that is fed a request which makes it allocate without end,
leaves nothing to the others: the kernel starts to kill processes, the database among them. With a limit only the service itself
is stopped, and started again. Which limits count can be chosen with the option \`limits\`.`,
  refs: ["CIS 5.11", "CIS 5.12", "CIS 5.29", "CWE-770", "OWASP D7"],
  covers: ["kics:memory_not_limited", "kics:cpus_not_limited", "kics:pids_limit_not_set"],
  fix: "guided",
  options: {
    limits: {
      type: "array",
      items: { type: "string" },
      description: "The limits that every service must have: `memory`, `cpus`, `pids`.",
      default: ["memory"],
    },
  },
  examples: [
    {
      bad: `
        services:
          «app»:
            image: acme/app:1.2.3
            restart: unless-stopped
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            restart: unless-stopped
            deploy:
              resources:
                limits:
                  memory: 512M
                  cpus: "0.50"
                  pids: 200
        `,
    },
    {
      bad: `
        services:
          «app»:
            image: acme/app:1.2.3
            pids_limit: 100
            deploy:
              replicas: 2
              resources:
                reservations: { memory: 100M }
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            pids_limit: 100
            deploy:
              replicas: 2
              resources:
                reservations: { memory: 100M }
                limits:
                  memory: 512M
                  cpus: "0.50"
        `,
      note: "a reservation is no limit",
    },
    {
      bad: `
        services:
          «app»:
            image: acme/app:1.2.3
            deploy: { resources: { limits: { cpus: "1", pids: 50 } } }
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            deploy: { resources: { limits: { cpus: "1", pids: 50, memory: 512M } } }
        `,
    },
    {
      bad: `
        services:
          «app»:
            image: acme/app:1.2.3
            mem_limit: 300m
            cpu_quota: 50000
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            mem_limit: 300m
            cpu_quota: 50000
            deploy:
              resources:
                limits:
                  pids: 200
        `,
      config: "rules:\n  compose/missing-resource-limits:\n    limits: [memory, cpus, pids]\n",
      note: "the processes count as well where that is configured",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    mem_limit: 512m\n" },
    {
      good: `
        x-limits: &limits
          deploy: { resources: { limits: { memory: 512M } } }
        services:
          app: { image: "acme/app:1.2.3", <<: *limits }
        `,
      note: "limits that an anchor brings",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    mem_limit: ${MEMORY}\n", note: "some limit" },
    {
      good: `
        services:
          app: { image: "acme/app:1.2.3", mem_limit: 1g, depends_on: { setup: { condition: service_completed_successfully } } }
          setup: { image: "acme/app:1.2.3", command: ["setup"] }
        `,
      note: "a job",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n", file: "compose.dev.yaml" },
    {
      good: "services:\n  app:\n    extends: { file: base.yaml, service: app }\n-- base.yaml --\nservices:\n  app:\n    image: acme/app:1.2.3\n    mem_limit: 1g\n",
      note: "what it extends has one",
    },
  ],
  check: {
    service(service, report, context) {
      if (isForDevelopment(service, service.file) || !isLongRunning(service) || !canLack(service, context)) return;
      const { limits } = context.options;
      const wanted = limitNames.filter((name) => (Array.isArray(limits) ? limits.includes(name) : name === "memory"));
      const missing = wanted.filter((name) => isLimited(service, name) === false);
      if (missing.length === 0) return;
      report(service, `Nothing limits how much ${service.name} takes: ${listed(missing.map((name) => words[name]))}`, {
        ...(missing.includes("memory") ? {} : { preset: "strict" as const }),
        fix: () =>
          fixIn(context.file, "Set limits of memory, CPU and processes", "guided", [addLimits(service, missing)]),
      });
    },
  },
});
