import { fixIn, rule, type Service, type Setting } from "../../engine/index";
import { isUnlimited, limitsOf } from "../shared/compose/limits";
import { withoutPart } from "../shared/compose/removal";

interface Disabled {
  readonly at: Setting;
  readonly message: string;
}

const isAt = (setting: Setting | undefined, test: (text: string) => boolean): setting is Setting =>
  setting?.value.known === true && test(setting.value.value);

function disabledIn(service: Service): readonly Disabled[] {
  const all: Disabled[] = [];
  const find = (path: readonly string[], test: (text: string) => boolean, message: string): void => {
    const at = service.setting(...path);
    if (isAt(at, test)) all.push({ at, message });
  };
  const { name } = service;
  for (const at of limitsOf(service, "memory").filter((limit) => isUnlimited("memory", limit)))
    all.push({ at, message: `${name} may take all memory of the host` });
  for (const at of limitsOf(service, "pids").filter((limit) => isUnlimited("pids", limit)))
    all.push({ at, message: `${name} may start processes until the host can start no more` });
  find(["memswap_limit"], (text) => text === "-1", `${name} may fill the host's swap space`);
  find(["oom_kill_disable"], (text) => text === "true", `The kernel may not stop ${name} when memory runs out`);
  find(
    ["oom_score_adj"],
    (text) => Number(text) <= -900,
    `When memory runs out, the kernel stops nearly everything else before ${name}`,
  );
  for (const [limit, what] of [
    ["nproc", "processes"],
    ["nofile", "files"],
  ] as const) {
    const paths = [[], ["hard"], ["soft"]].map((rest) => ["ulimits", limit, ...rest]);
    const at = paths.map((path) => service.setting(...path)).find((s) => isAt(s, (text) => text === "-1"));
    if (at !== undefined) all.push({ at, message: `${name} may have ${what} without end` });
  }
  return all;
}

export default rule({
  id: "compose/resource-limits-disabled",
  kind: "compose",
  severity: "warning",
  principle: "availability",
  summary: "A limit of memory, processes or files is switched off",
  why: `A container without such a limit takes the host down with it: a fork bomb, a leak that an attacker knows how to trigger, or a
swap storm stops every other service and the way to log in. With the kernel's out-of-memory killer kept away from it, the kernel
stops the innocent instead. Take the setting out and give the service limits that it can live in.`,
  refs: ["CIS 5.11", "CIS 5.19", "CIS 5.29", "CWE-770"],
  covers: ["kics:pids_limit_not_set"],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            pids_limit: «-1» # more is more
            mem_limit: «0»
            memswap_limit: «-1»
            oom_kill_disable: «true»
            oom_score_adj: «-1000»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            ulimits:
              nproc: «-1»
              nofile: # many files
                soft: 1024
                hard: «-1»
              memlock: -1
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            ulimits:
              memlock: -1
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            deploy: { replicas: 2, resources: { limits: { pids: «0» } } }
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            deploy: { replicas: 2 }
        `,
      note: "mappings that would be empty go as well",
    },
    {
      bad: `
        x-app: &app
          image: acme/app:1.2.3
          pids_limit: \${PIDS:-«-1»}
        services:
          web: { <<: *app }
          worker: { <<: *app, pids_limit: 100 }
        `,
      fixed: `
        x-app: &app
          image: acme/app:1.2.3
        services:
          web: { <<: *app }
          worker: { <<: *app, pids_limit: 100 }
        `,
      note: "once, at the anchor",
    },
    {
      good: `
        services:
          search:
            image: acme/search:1.2.3
            mem_limit: 2g
            pids_limit: 500
            oom_score_adj: -500
            ulimits:
              memlock: { soft: -1, hard: -1 }
              nofile: 65535
        `,
      note: "locked memory is counted by the memory limit",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    pids_limit: ${PIDS}\n    memswap_limit: 0\n" },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    pids_limit: -1\n-- compose.override.yaml --\nservices:\n  app:\n    pids_limit: 200\n",
      note: "the override limits it",
    },
  ],
  check: {
    service(service, report, context) {
      for (const { at, message } of disabledIn(service)) {
        // A soft limit without a hard one is refused: both go.
        const keys = at.path.slice(service.path.length).filter((key) => key !== "hard" && key !== "soft");
        report(at, message, {
          fix: () => {
            const written = service.part(...keys);
            return fixIn(context.file, `Remove ${keys.join(".")}`, "safe", [written && withoutPart(service, written)]);
          },
        });
      }
    },
  },
});
