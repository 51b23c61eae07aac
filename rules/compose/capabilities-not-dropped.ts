import { fixIn, rule } from "../../engine/index";
import { capabilityOf, dangerousCapabilities, dropsAll, neededCapabilities } from "../shared/compose/capabilities";
import { additions, canLack, mayBePrivileged } from "../shared/compose/hardening";

export default rule({
  id: "compose/capabilities-not-dropped",
  kind: "compose",
  severity: "hint",
  preset: "strict",
  principle: "least-privilege",
  summary: "A service keeps the capabilities that the engine gives by default",
  why: `A container starts with more than a dozen of root's powers, among them changing the owner of any file, becoming any
user and writing raw packets. Most programs use none of them; an intruder uses \`NET_RAW\` to answer for the neighbours' addresses
on the network, and the others to make root of any fault in the kernel. Drop all of them, and add those that the program then asks
for.`,
  refs: ["CIS 5.4", "OWASP D3"],
  covers: ["kics:container_capabilities_unrestricted", "kics:check_cap_add_cap_drop"],
  fix: "unsafe",
  yieldsTo: ["compose/privileged-service", "compose/dangerous-capability"],
  examples: [
    {
      bad: `
        services:
          «migrate»:
            image: acme/shop:1.2.3
          «seed»: { image: "acme/seed:1.2.3", user: "1000" }
        `,
      fixed: `
        services:
          migrate:
            image: acme/shop:1.2.3
            cap_drop:
              - ALL
          seed: { image: "acme/seed:1.2.3", user: "1000", cap_drop: [ALL] }
        `,
    },
    {
      bad: `
        services:
          «db»:
            image: postgres:18.1
            mem_limit: 1g
            healthcheck: { test: [CMD, pg_isready] }
            # its data
            volumes: [ data:/var/lib/postgresql ]

        volumes:
          data:
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            mem_limit: 1g
            healthcheck: { test: [CMD, pg_isready] }
            # its data
            volumes: [ data:/var/lib/postgresql ]
            cap_drop:
              - ALL
            cap_add:
              - CHOWN
              - DAC_OVERRIDE
              - FOWNER
              - SETGID
              - SETUID

        volumes:
          data:
        `,
      note: "its entrypoint starts as root",
    },
    {
      bad: `
        services:
          «db»:
            image: postgres:18.1
            mem_limit: 1g
            healthcheck: { test: [CMD, pg_isready] }
            user: postgres
            cap_drop: [NET_RAW]
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            mem_limit: 1g
            healthcheck: { test: [CMD, pg_isready] }
            user: postgres
            cap_drop: [NET_RAW, ALL]
        `,
    },
    {
      bad: `
        services:
          «edge»:
            image: nginx:1.30
            mem_limit: 256m
            healthcheck: { test: [CMD, curl, -f, "http://127.0.0.1/"] }
            cap_add:
              - CHOWN
              - SETUID
        `,
      fixed: `
        services:
          edge:
            image: nginx:1.30
            mem_limit: 256m
            healthcheck: { test: [CMD, curl, -f, "http://127.0.0.1/"] }
            cap_add:
              - CHOWN
              - SETUID
              - NET_BIND_SERVICE
              - SETGID
            cap_drop:
              - ALL
        `,
    },
    {
      good: `
        services:
          a: { image: "acme/app:1.2.3", cap_drop: [all] }
          b: { image: "acme/app:1.2.3", cap_drop: ["CAP_ALL"], cap_add: [CHOWN] }
          c: { image: "acme/app:1.2.3", cap_drop: ["\${DROP:-ALL}"] }
          d: { image: "acme/app:1.2.3", cap_drop: ["\${DROP}"] }
        `,
    },
    {
      good: `
        services:
          web:
            extends: { file: common.yml, service: base }
            image: acme/web:1.2.3
          other:
            extends: { file: missing.yml, service: base }
        -- common.yml --
        services:
          base:
            cap_drop: [ALL]
        `,
      note: "what is extended drops them, or cannot be read",
    },
    {
      good: `
        services:
          agent: { image: "acme/agent:1.2.3", privileged: true }
          tool: { image: "acme/tool:1.2.3", cap_add: [SYS_ADMIN] }
        `,
      note: "other rules speak",
    },
    { good: "services:\n  ai:\n    provider:\n      type: model\n", note: "no container" },
    { good: "services:\n  app:\n    environment:\n      A: b\n", note: "a part of another file's service" },
  ],
  check: {
    service(service, report, context) {
      if (!canLack(service, context) || mayBePrivileged(service) || dropsAll(service) !== false) return;
      if (dangerousCapabilities(service, context).length > 0) return;
      const fix = () => {
        const added = service.settings("cap_add").map(capabilityOf);
        const missing = neededCapabilities(service, context).filter((name) => !added.includes(name));
        const edits = additions(service, [
          ...(added.length > 0 ? missing.map((item) => ({ list: "cap_add", item })) : []),
          { list: "cap_drop", item: "ALL" },
          ...(added.length > 0 || missing.length === 0 ? [] : [{ key: "cap_add", value: missing }]),
        ]);
        const but = missing.length === 0 ? "" : ` but ${missing.join(", ")}`;
        return fixIn(context.file, `Drop all capabilities${but}`, "unsafe", [edits]);
      };
      report(service, `${service.name} does not drop the capabilities that it does not need`, { fix });
    },
  },
});
