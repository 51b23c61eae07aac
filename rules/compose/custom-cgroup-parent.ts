import { fixIn, rule } from "../../engine/index";

export default rule({
  id: "compose/custom-cgroup-parent",
  kind: "compose",
  severity: "info",
  preset: "strict",
  principle: "isolation",
  summary: "A service stands under another control group than the engine's",
  why: `Control groups hold the limits of memory, processor and processes. A service under a parent of its own escapes the limits
that were set for all containers together, and shares those of whatever else stands there: a process that goes wild then starves
the host's own services. Set limits on the service itself (\`mem_limit\`, \`cpus\`, \`pids_limit\`) and leave the parent to the
engine.`,
  refs: ["CIS 5.25"],
  covers: ["kics:cgroup_not_default"],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          worker:
            image: acme/worker:1.2.3
            cgroup_parent: «/system.slice» # as before
            restart: always
          other: { image: "acme/other:1.2.3", cgroup_parent: "\${PARENT:-«m-executor»}" }
        `,
      fixed: `
        services:
          worker:
            image: acme/worker:1.2.3
            restart: always
          other: { image: "acme/other:1.2.3" }
        `,
    },
    {
      bad: `
        services:
          worker:
            cgroup_parent: «night.slice»
        -- compose.yaml --
        services:
          worker:
            image: acme/worker:1.2.3
            cgroup_parent: batch.slice
        `,
      fixed: `
        services:
          worker: {}
        -- compose.yaml --
        services:
          worker:
            image: acme/worker:1.2.3
        `,
      file: "compose.override.yaml",
      note: "with the value that would show then",
    },
    { good: "services:\n  a:\n    image: acme/a:1.2.3\n    cgroup: private\n" },
    {
      good: 'services:\n  a:\n    image: acme/a:1.2.3\n    cgroup_parent: ""\n  b:\n    image: acme/b:1.2.3\n    cgroup_parent: ${PARENT}\n',
    },
    {
      good: `
        services:
          a:
            image: acme/a:1.2.3
            cgroup_parent: batch.slice
        -- compose.override.yaml --
        services:
          a:
            cgroup_parent: !reset null
        `,
      note: "the override takes it away",
    },
  ],
  check: {
    service(service, report, context) {
      const parent = service.setting("cgroup_parent");
      if (parent?.value.known !== true || parent.value.value === "") return;
      report(parent, `${service.name} stands under the control group ${parent.value.value}, not under the engine's`, {
        fix: () => fixIn(context.file, "Remove cgroup_parent", "safe", parent.removeAll() ?? []),
      });
    },
  },
});
