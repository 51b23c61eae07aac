import { fixIn, rule, type Setting } from "../../engine/index";

/** The switch is on, be it by a default; what a variable alone decides is not known. */
const isOn = (setting: Setting | undefined): setting is Setting =>
  setting?.value.known === true && setting.value.value === "true";

export default rule({
  id: "compose/privileged-service",
  kind: "compose",
  severity: "error",
  principle: "least-privilege",
  summary: "A service runs privileged",
  why: `A privileged container has every capability, sees every device of the host and runs without the system-call filter.
Whoever breaks into it mounts the host's disk with \`mount /dev/sda1 /mnt\` and is root on the host. Give the service the one
capability (\`cap_add\`) or the one device (\`devices\`) that it needs instead.`,
  refs: ["CIS 5.5", "CWE-250", "OWASP D3"],
  covers: ["kics:privileged_containers_enabled", "semgrep:privileged-service"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          agent:
            image: acme/agent:1.2.3
            privileged: «true»
        `,
      fixed: `
        services:
          agent:
            image: acme/agent:1.2.3
        `,
    },
    {
      bad: `
        x-base: &base
          privileged: «true»
        services:
          a: { <<: *base, image: "acme/app:1.2.3" }
          b: { <<: *base, image: "acme/app:1.2.3", privileged: false }
        `,
      fixed: `
        x-base: &base {}
        services:
          a: { <<: *base, image: "acme/app:1.2.3" }
          b: { <<: *base, image: "acme/app:1.2.3", privileged: false }
        `,
      note: "once, at the anchor",
    },
    {
      bad: `
        services:
          agent:
            image: acme/agent:1.2.3
            privileged: \${PRIVILEGED:-«true»}
        `,
      fixed: `
        services:
          agent:
            image: acme/agent:1.2.3
        `,
      note: "by default",
    },
    { good: "services:\n  agent:\n    image: acme/agent:1.2.3\n    privileged: false\n" },
    {
      bad: `
        services:
          db:
            image: acme/db:1.2.3
            post_start:
              - command: ["chown", "-R", "app", "/data"]
                user: root
                privileged: «true»
        `,
      fixed: `
        services:
          db:
            image: acme/db:1.2.3
            post_start:
              - command: ["chown", "-R", "app", "/data"]
                user: root
        `,
      note: "a hook",
    },
    {
      good: "services:\n  agent:\n    image: acme/agent:1.2.3\n    privileged: true\n-- compose.override.yaml --\nservices:\n  agent:\n    privileged: false\n",
      note: "the override takes it back",
    },
    {
      good: "services:\n  agent:\n    image: acme/agent:1.2.3\n    privileged: ${PRIVILEGED}\n",
      note: "nobody knows the variable",
    },
  ],
  check: {
    service(service, report, context) {
      const switches = [service.setting("privileged"), ...service.hooks.map((h) => h.privileged)];
      for (const at of switches) {
        if (!isOn(at)) continue;
        const what = at.path.length > 3 ? `A hook of ${service.name}` : service.name;
        report(at, `${what} runs privileged: it can do to the host what root can`, {
          fix: () => fixIn(context.file, "Remove privileged", "unsafe", at.removeAll() ?? []),
        });
      }
    },
  },
});
