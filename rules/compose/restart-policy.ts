import { type Fix, fixIn, rule, type Service, type Setting, type Span } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { canLack } from "../shared/compose/hardening";
import { isLongRunning } from "../shared/compose/roles";
import { isInSwarm } from "../shared/compose/swarm";

const onFailure = "on-failure:5";
const unlessStopped = "unless-stopped";

/** In the place of what is written, or new. */
function restartFix(service: Service, written: Setting | undefined, policy: string, file: string): Fix | undefined {
  const title = `Set restart: ${policy}`;
  if (written === undefined)
    return fixIn(file, title, "safe", [service.set(["restart"], policy, { file: service.file })]);
  const edits = written.replace(policy);
  return fixIn(file, title, "safe", [edits && { file: written.file, edits }]);
}

const offered = (all: readonly (Fix | undefined)[]): readonly Fix[] => all.filter((fix) => fix !== undefined);

/** Why a written policy is none that anybody would choose; undefined where it is good, or not known. */
function faultOf(name: string, { value }: Setting): string | undefined {
  if (!value.known) return undefined;
  if (/^on-failure(?::0+)?$/.test(value.value)) return `${name} is started again without end, however often it fails`;
  return value.value === "always" ? `${name} comes back with the daemon even after somebody stopped it` : undefined;
}

export default rule({
  id: "compose/restart-policy",
  kind: "compose",
  severity: "hint",
  preset: "strict",
  principle: "availability",
  summary: "A service that nothing starts again, or that is started again without end",
  why: `Without a policy a service that fails once stays down until somebody notices: one malformed request is enough for an outage. A
service that fails at every start and is restarted for ever burns the host's time and drowns the log in which the reason stands.
\`on-failure:5\` tries five times; \`unless-stopped\` brings the service back after a restart of the host, and leaves alone what
was stopped on purpose.`,
  refs: ["CIS 5.15"],
  covers: ["kics:restart_policy_on_failure_not_set_to_5"],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          «app»:
            image: acme/app:1.2.3
            mem_limit: 1g
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            mem_limit: 1g
            restart: on-failure:5
        `,
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", restart: «on-failure» }
          worker: { image: "acme/app:1.2.3", restart: "\${RESTART:-«always»}" }
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", restart: on-failure:5 }
          worker: { image: "acme/app:1.2.3", restart: "unless-stopped" }
        `,
      note: "without a count; even when stopped",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            deploy:
              «restart_policy»:
                condition: on-failure
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            deploy:
              restart_policy:
                condition: on-failure
                max_attempts: 5
        `,
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    restart: unless-stopped\n" },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    restart: on-failure:3\n" },
    { good: 'services:\n  migrate:\n    image: acme/app:1.2.3\n    restart: "no"\n', note: "a job" },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    restart: ${RESTART}\n", note: "nobody knows" },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    profiles: [dev]\n" },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    deploy: { mode: global }\n",
      note: "a swarm starts it again anyway",
    },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    deploy: { restart_policy: { condition: any, max_attempts: 3 } }\n",
    },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n-- compose.override.yaml --\nservices:\n  app:\n    restart: unless-stopped\n",
      note: "another file sets it",
    },
  ],
  check: {
    service(service, report, context) {
      if (isForDevelopment(service, service.file) || !isLongRunning(service)) return;
      const written = service.setting("restart");
      const policy = service.part("deploy", "restart_policy");
      const fix = (name: string): Fix | undefined => restartFix(service, written, name, context.file);
      if (written !== undefined) {
        const fault = faultOf(service.name, written);
        const best = written.scalar.text === "always" ? [unlessStopped, onFailure] : [onFailure];
        if (fault !== undefined) report(written, fault, { fix: () => offered(best.map(fix)) });
        return;
      }
      if (policy?.datum.kind === "mapping") {
        const { start, end } = policy.keySpan ?? policy;
        const key: Span & { file: string } = { start, end, file: policy.file };
        const condition = service.setting("deploy", "restart_policy", "condition")?.scalar.text;
        if (policy.datum.open || condition === "none" || policy.datum.entries.has("max_attempts")) return;
        report(key, `${service.name} is started again without end, however often it fails`, {
          fix: () =>
            fixIn(context.file, "Stop after five attempts", "safe", [
              service.set(["deploy", "restart_policy", "max_attempts"], 5, { file: policy.file }),
            ]),
        });
        return;
      }
      if (!canLack(service, context) || service.isOpenAt("deploy") || policy !== undefined) return;
      // A swarm starts everything again unless it is told otherwise.
      if (isInSwarm(service)) return;
      report(service, `Nothing starts ${service.name} again when it fails`, {
        fix: () => offered([onFailure, unlessStopped].map(fix)),
      });
    },
  },
});
