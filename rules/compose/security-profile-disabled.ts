import { fixIn, rule, type Severity } from "../../engine/index";
import { withoutItem } from "../shared/compose/hardening";
import { isOn, securityOptions, type SecurityOption } from "../shared/compose/security-options";

interface Lost {
  /** Continues "<service> runs …". */
  readonly how: string;
  readonly severity?: Severity;
}

function lostWith(option: SecurityOption): Lost | undefined {
  const { name, value } = option;
  if (name === "seccomp" && value === "unconfined") return { how: "without the filter for system calls" };
  if (name === "apparmor" && value === "unconfined") return { how: "without its AppArmor profile" };
  if (name === "systempaths" && value === "unconfined")
    return { how: "with the kernel's files in /proc and /sys open" };
  if (name === "writable-cgroups" && isOn(option) === true) return { how: "with writable control groups" };
  if (name === "label" && value === "disable") return { how: "outside of SELinux's separation", severity: "warning" };
  return undefined;
}

/** Of several the last counts. */
const isSingle = new Set(["seccomp", "apparmor", "writable-cgroups"]);

export default rule({
  id: "compose/security-profile-disabled",
  kind: "compose",
  severity: "error",
  principle: "isolation",
  summary: "A service runs without the engine's security profile",
  why: `The engine forbids containers some sixty system calls, hides the kernel's own files and confines what root may do. With the
filter off, a fault of the kernel that the default profile kept out of reach, as \`unshare\` in CVE-2022-0185, takes an intruder
from the container to the host. Leave the default profile on, or write one that allows the one call that the program needs:
\`seccomp:./profile.json\`.`,
  refs: ["CIS 5.2", "CIS 5.3", "CIS 5.22", "OWASP D6"],
  covers: [
    "kics:default_seccomp_profile_disabled",
    "semgrep:seccomp-confinement-disabled",
    "semgrep:selinux-separation-disabled",
  ],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            security_opt:
              - no-new-privileges:true
              - «seccomp:unconfined»
              - «apparmor=unconfined»
          tool: { image: "acme/tool:1.2.3", security_opt: ["«systempaths=unconfined»", '«writable-cgroups=true»'] }
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            security_opt:
              - no-new-privileges:true
          tool: { image: "acme/tool:1.2.3" }
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            security_opt: [«label:disable»]
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
        x-open: &open
          security_opt:
            - \${SECCOMP:-«seccomp=unconfined»}
        services:
          a: { <<: *open, image: "acme/a:1.2.3" }
          b: { <<: *open, image: "acme/b:1.2.3" }
        `,
      fixed: `
        x-open: &open {}
        services:
          a: { <<: *open, image: "acme/a:1.2.3" }
          b: { <<: *open, image: "acme/b:1.2.3" }
        `,
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            security_opt:
              - seccomp:./profile.json
              - apparmor:docker-default
              - label:type:svirt_apache_t
              - no-new-privileges
              - writable-cgroups=false
              - \${MORE}
        `,
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            security_opt: [seccomp:unconfined]
        -- compose.override.yaml --
        services:
          app:
            security_opt: [seccomp:./profile.json]
        `,
      note: "the later one counts",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            environment:
              SECCOMP: "seccomp:unconfined"
            labels: ["seccomp=unconfined"]
        `,
    },
  ],
  check: {
    service(service, report, context) {
      const options = securityOptions(service);
      const counting = options.filter(
        (o, i) => !isSingle.has(o.name) || !options.slice(i + 1).some((later) => later.name === o.name),
      );
      const found = counting.flatMap((option) => {
        const lost = lostWith(option);
        return lost === undefined ? [] : [{ at: option.at, ...lost }];
      });
      for (const { at, how, severity } of found) {
        const fix = () => {
          const edits = withoutItem(
            service.part("security_opt"),
            at,
            found.map((f) => f.at),
            context,
          );
          return edits && fixIn(context.file, `Remove ${at.scalar.text}`, "safe", [{ edits }]);
        };
        report(at, `${service.name} runs ${how}`, { ...(severity && { severity }), fix });
      }
    },
  },
});
