import { fixIn, rule } from "../../engine/index";
import { dangerousCapabilities } from "../shared/compose/capabilities";
import { withoutItem } from "../shared/compose/hardening";

export default rule({
  id: "compose/dangerous-capability",
  kind: "compose",
  severity: "error",
  principle: "least-privilege",
  summary: "A service gets a capability that endangers the host",
  why: `Capabilities are root's powers one by one, and some of them are enough to leave the container. With \`SYS_ADMIN\` an
intruder mounts a control group and lets the host's kernel run his script as root; with \`SYS_MODULE\` he loads a module of his
own; with \`DAC_READ_SEARCH\` he reads the host's \`/etc/shadow\` by its inode number. Take the capability away; give single
devices, single sysctls or a read-only mount instead, or run what needs it outside of the project.`,
  refs: ["CIS 5.4", "CWE-250"],
  covers: ["kics:container_capabilities_unrestricted"],
  fix: "unsafe",
  yieldsTo: ["compose/privileged-service"],
  examples: [
    {
      bad: `
        services:
          backup:
            image: acme/backup:1.2.3
            cap_add:
              - «SYS_ADMIN»
              - CHOWN
        `,
      fixed: `
        services:
          backup:
            image: acme/backup:1.2.3
            cap_add:
              - CHOWN
        `,
    },
    {
      bad: `
        services:
          probe:
            image: acme/probe:1.2.3
            cap_add: ["«CAP_SYS_RAWIO»", '«bpf»', "\${EXTRA:-«ALL»}"]
          plain: { image: acme/plain:1.2.3 }
        `,
      fixed: `
        services:
          probe:
            image: acme/probe:1.2.3
          plain: { image: acme/plain:1.2.3 }
        `,
      note: "any spelling; the key goes with the last",
    },
    {
      bad: `
        x-caps: &caps [«NET_ADMIN», NET_BIND_SERVICE]
        services:
          a: { image: "acme/app:1.2.3", cap_add: *caps }
          b: { image: "acme/app:1.2.3", cap_add: *caps, privileged: true }
        `,
      fixed: `
        x-caps: &caps [NET_BIND_SERVICE]
        services:
          a: { image: "acme/app:1.2.3", cap_add: *caps }
          b: { image: "acme/app:1.2.3", cap_add: *caps, privileged: true }
        `,
      severity: "warning",
      note: "once, at the anchor",
    },
    {
      bad: `
        services:
          vpn:
            image: linuxserver/wireguard:1.0.20250521
            cap_add:
              - «NET_ADMIN»
          ping:
            image: acme/ping:1.2.3
            cap_drop: [ALL]
            cap_add: [«NET_RAW»]
        `,
      fixed: `
        services:
          vpn:
            image: linuxserver/wireguard:1.0.20250521
          ping:
            image: acme/ping:1.2.3
            cap_drop: [ALL]
        `,
      severity: "info",
      note: "a VPN is there for that, and NET_RAW is what others have by default",
    },
    {
      bad: `
        services:
          app:
            cap_add:
              - «SYS_PTRACE»
        -- compose.yaml --
        services:
          app:
            image: acme/app:1.2.3
            cap_add:
              - NET_BIND_SERVICE
        `,
      file: "compose.override.yaml",
      fixed: `
        services:
          app: {}
        `,
      severity: "warning",
      note: "an override adds to the list",
    },
    {
      good: `
        services:
          db:
            image: acme/db:1.2.3
            cap_drop: [ALL]
            cap_add: [CHOWN, CAP_SETUID, setgid, NET_BIND_SERVICE, IPC_LOCK, SYS_NICE, SYS_RESOURCE]
        `,
      note: "what the engine gives anyway, and what only touches the service itself",
    },
    {
      good: `
        services:
          ping:
            image: acme/ping:1.2.3
            cap_add: [NET_RAW]
        `,
      note: "given by default",
    },
    {
      good: `
        services:
          agent:
            image: acme/agent:1.2.3
            privileged: true
            cap_add: [SYS_ADMIN]
        `,
      note: "compose/privileged-service says it",
    },
    { good: 'services:\n  app:\n    image: acme/app:1.2.3\n    cap_add: [ "${CAPABILITY}" ]\n', note: "unknown" },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            cap_add: [SYS_ADMIN]
        -- compose.override.yaml --
        services:
          app:
            cap_add: !override [CHOWN]
        `,
      note: "the override takes it back",
    },
  ],
  check: {
    service(service, report, context) {
      const dangerous = dangerousCapabilities(service, context);
      for (const { at, name, severity, allows } of dangerous) {
        const fix = () => {
          const edits = withoutItem(
            service.part("cap_add"),
            at,
            dangerous.map((d) => d.at),
            context,
          );
          return edits && fixIn(context.file, `Remove ${name}`, "unsafe", [{ edits }]);
        };
        report(at, `${name} lets ${service.name} ${allows}`, { severity, fix });
      }
    },
  },
});
