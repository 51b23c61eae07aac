import { fixIn, rule } from "../../engine/index";
import { additions, canLack, mayBePrivileged, withoutItem } from "../shared/compose/hardening";
import { imageOf } from "../shared/compose/images";
import {
  buildsSetuid,
  gainsPrivileges,
  hasUnknownOptions,
  isOn,
  securityOptions,
} from "../shared/compose/security-options";

const option = "no-new-privileges:true";

export default rule({
  id: "compose/privilege-escalation-allowed",
  kind: "compose",
  severity: "warning",
  principle: "least-privilege",
  summary: "Programs of a service may gain privileges that it did not start with",
  why: `A setuid program such as \`su\`, \`mount\` or a forgotten copy of \`bash\` runs as root whoever starts it. An intruder who got in
as an ordinary user needs one with a fault, such as CVE-2021-4034 in \`pkexec\`, to be root in the container. With
\`no-new-privileges\` the kernel ignores the setuid bit; entrypoints that start as root and step down with gosu or su-exec still
work.`,
  refs: ["CIS 5.26", "OWASP D4", "CWE-732"],
  covers: ["kics:no_new_privileges_not_set", "kics:security_opt_not_set", "semgrep:no-new-privileges"],
  fix: "safe",
  yieldsTo: ["compose/privileged-service"],
  examples: [
    {
      bad: `
        services:
          «migrate»:
            image: acme/shop:1.2.3
          «seed»: { image: "acme/seed:1.2.3", security_opt: [ "label:type:seed_t" ] }
          «setup»:
            image: acme/setup:1.2.3
            security_opt: []
        `,
      fixed: `
        services:
          migrate:
            image: acme/shop:1.2.3
            security_opt:
              - no-new-privileges:true
          seed: { image: "acme/seed:1.2.3", security_opt: [ "label:type:seed_t", "no-new-privileges:true" ] }
          setup:
            image: acme/setup:1.2.3
            security_opt:
              - no-new-privileges:true
        `,
      severity: "hint",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            security_opt:
              - «no-new-privileges:false» # for sudo
          api: { image: "acme/api:1.2.3", security_opt: ["«no-new-privileges=0»"] }
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            security_opt:
              - no-new-privileges:true # for sudo
          api: { image: "acme/api:1.2.3", security_opt: ["no-new-privileges:true"] }
        `,
    },
    {
      bad: `
        services:
          web:
            security_opt: [«no-new-privileges:false»]
        -- compose.yaml --
        services:
          web:
            image: acme/web:1.2.3
            security_opt: [no-new-privileges:true]
        `,
      fixed: `
        services:
          web: {}
        `,
      file: "compose.override.yaml",
      note: "the later one counts",
    },
    {
      good: `
        services:
          a: { image: "acme/a:1.2.3", security_opt: ["no-new-privileges:true"] }
          b: { image: "acme/a:1.2.3", security_opt: ["no-new-privileges=true"] }
          c: { image: "acme/a:1.2.3", security_opt: ["no-new-privileges"] }
          d: { image: "acme/a:1.2.3", security_opt: ["no-new-privileges:false", "no-new-privileges:true"] }
          e: { image: "acme/a:1.2.3", security_opt: ["\${SECURITY}"] }
        `,
    },
    {
      good: `
        x-hardened: &hardened
          security_opt: [no-new-privileges:true]
        services:
          a: { <<: *hardened, image: "acme/a:1.2.3" }
          b:
            extends: a
        `,
    },
    { good: "services:\n  agent: { image: 'acme/agent:1.2.3', privileged: true }\n", note: "another rule speaks" },
    { good: "services:\n  ide: { image: 'codercom/code-server:4.106.2' }\n", note: "people use sudo in it" },
  ],
  check: {
    service(service, report, context) {
      const options = securityOptions(service).filter((o) => o.name === "no-new-privileges");
      const last = options.at(-1);
      const image = imageOf(service, context);
      if (hasUnknownOptions(service) || mayBePrivileged(service)) return;
      if (image !== undefined && gainsPrivileges(image)) return;
      if (last !== undefined) {
        if (isOn(last) !== false) return;
        const repeats = options.some((o) => o !== last && isOn(o) === true);
        const fix = () => {
          const list = service.part("security_opt");
          const edits = repeats ? withoutItem(list, last.at, [last.at], context) : last.at.replace(option);
          return edits && fixIn(context.file, "Forbid new privileges", "unsafe", [{ edits }]);
        };
        report(last.at, `${service.name} allows its programs to gain privileges`, { fix });
      } else if (canLack(service, context)) {
        report(service, `${service.name} does not forbid its programs to gain privileges`, {
          severity: "hint",
          preset: "strict",
          fix: () =>
            fixIn(context.file, "Forbid new privileges", buildsSetuid(service, context) ? "unsafe" : "safe", [
              additions(service, [{ list: "security_opt", item: option }]),
            ]),
        });
      }
    },
  },
});
