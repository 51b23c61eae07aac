import { fixIn, rule, type Severity } from "../../engine/index";
import { isHostAgent } from "../shared/compose/agents";
import { serverOf } from "../shared/compose/images";

/** The keys whose value `host` shares something of the host. */
const namespaces: readonly { readonly key: string; readonly severity: Severity; readonly shares: string }[] = [
  { key: "pid", severity: "error", shares: "sees and may stop every process of the host" },
  { key: "ipc", severity: "error", shares: "shares memory and semaphores with every program of the host" },
  { key: "uts", severity: "warning", shares: "shares the host's name and may change it" },
  { key: "userns_mode", severity: "warning", shares: "keeps the host's user numbers: its root is the host's root" },
  { key: "cgroup", severity: "warning", shares: "sees the control groups of the whole host" },
];

export default rule({
  id: "compose/host-namespace",
  kind: "compose",
  severity: "error",
  principle: "isolation",
  summary: "A service shares a namespace with the host",
  why: `Namespaces are what makes a container out of a process. With \`pid: host\` an intruder reads the environment, and so the
passwords, of every process of his user under \`/proc/*/environ\` and stops the host's own services; with \`ipc: host\` he reads and
writes what databases keep in shared memory. Leave the key out: programs that want more shared memory get it with \`shm_size\`, and a
debugger joins one other service with \`pid: "service:app"\`.`,
  refs: ["CIS 5.16", "CIS 5.17", "CIS 5.21", "CIS 5.31"],
  covers: [
    "kics:host_namespace_is_shared",
    "kics:shared_host_ipc_namespace",
    "kics:ipc_set_to_host",
    "kics:shared_host_user_namespace",
  ],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            pid: «host»
            ipc: "«host»"
            shm_size: 1gb
          app: { image: "acme/app:1.2.3", pid: «host», restart: always }
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            shm_size: 1gb
          app: { image: "acme/app:1.2.3", restart: always }
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            uts: «host»
            userns_mode: \${USERNS:-«host»}
            cgroup: «host»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
        `,
      severity: "warning",
    },
    {
      bad: `
        services:
          metrics:
            image: quay.io/prometheus/node-exporter:v1.10.2
            pid: «host» # to count its processes
        `,
      fixed: `
        services:
          metrics:
            image: quay.io/prometheus/node-exporter:v1.10.2
        `,
      severity: "warning",
      note: "it is there to watch the host",
    },
    {
      bad: `
        x-debug: &debug { pid: «host» }
        services:
          a: { <<: *debug, image: "acme/a:1.2.3" }
          b: { <<: *debug, image: "acme/b:1.2.3" }
        `,
      fixed: `
        x-debug: &debug {}
        services:
          a: { <<: *debug, image: "acme/a:1.2.3" }
          b: { <<: *debug, image: "acme/b:1.2.3" }
        `,
      note: "once, at the anchor",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            pid: service:main
            ipc: private
            cgroup: private
            uts: ""
          main: { image: "acme/main:1.2.3", ipc: shareable, pid: "\${PID_MODE}" }
        `,
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            pid: host
        -- compose.override.yaml --
        services:
          app:
            pid: !reset null
        `,
      note: "the override takes it away",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    hostname: host\n    container_name: host\n" },
  ],
  check: {
    service(service, report, context) {
      for (const { key, severity, shares } of namespaces) {
        const at = service.setting(key);
        if (at?.value.known !== true || at.value.value !== "host") continue;
        const isAgent = isHostAgent(service, context);
        // A known server does without; who knows what a program of the project's own does.
        const applicability = serverOf(service, context) === undefined || isAgent ? "unsafe" : "safe";
        report(at, `With ${key}: host ${service.name} ${shares}`, {
          severity: key === "pid" && isAgent ? "warning" : severity,
          fix: () => fixIn(context.file, `Remove ${key}: host`, applicability, at.removeAll() ?? []),
        });
      }
    },
  },
});
