import {
  type Command,
  fixIn,
  type Part,
  type Program,
  type Redirect,
  rule,
  type Service,
  type Setting,
  type Span,
} from "../../engine/index";
import { withoutPart } from "../shared/compose/removal";
import { isLongRunning } from "../shared/compose/roles";

/** Programs that set something up or ask for something, and are over at once. */
const brief = new Set(["cat", "cp", "echo", "mkdir", "nc", "ping", "sleep", "tail", "tee", "test", "which", "["]);

/** Commands that stay: what a shell makes way for, those in the background, and the last of the text. */
function stays(command: Command, all: readonly Command[]): boolean {
  if (brief.has(command.name)) return false;
  const exec = command.wrappers.some(({ name }) => name === "exec" || name === "nohup");
  const last = all.filter((c) => c.position === command.position && c.position !== "substitution").at(-1);
  return command.background || exec || last?.pipeline.includes(command) === true;
}

const isThrownAway = ({ operator, target }: Redirect): boolean =>
  /^(?:1?>>?\|?|&>>?|>&)$/.test(operator) && target?.text === "/dev/null";

function redirectsIn(program: Program): readonly { readonly command: Command; readonly redirect: Redirect }[] {
  const { commands } = program;
  return commands
    .filter((command) => command.redirects.length > 0 && stays(command, commands))
    .flatMap((command) => command.redirects.filter(isThrownAway).map((redirect) => ({ command, redirect })));
}

function withBlanksBefore({ origin, from, end }: Redirect): Span {
  let at = from;
  while (/[ \t]/.test(origin.text[at - 1] ?? "")) at--;
  return { start: origin.at + at, end };
}

/** The `logging` that says so, or the driver alone where other files or services share the rest. */
function silencer(service: Service, driver: Setting): Part {
  const logging = service.part("logging");
  const isOwn = logging?.datum.kind === "mapping" && logging.datum.sources.length === 1;
  return isOwn && logging.file === driver.file && !logging.routes.includes("anchor") ? logging : driver;
}

export default rule({
  id: "compose/logging-disabled",
  kind: "compose",
  severity: "warning",
  principle: "observability",
  summary: "A service's log is thrown away",
  why: `With the driver \`none\`, or with its output in \`/dev/null\`, a service leaves no trace: no failed logins, no errors, no requests.
Whoever breaks in can try as often as they like, and afterwards nobody can say what they did or took. Keep the log, with a limit
on its size, and pass it on to where it is watched.`,
  refs: ["CIS 2.13", "CWE-778"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            logging:
              driver: "«none»"
            mem_limit: 1g
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            mem_limit: 1g
        `,
    },
    {
      bad: `
        x-quiet: &quiet { driver: «none» }
        services:
          app: { image: "acme/app:1.2.3", logging: *quiet }
          worker: { image: "acme/app:1.2.3", logging: *quiet }
        `,
      fixed: `
        x-quiet: &quiet {}
        services:
          app: { image: "acme/app:1.2.3", logging: *quiet }
          worker: { image: "acme/app:1.2.3", logging: *quiet }
        `,
      note: "once, at the anchor",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            command: ["sh", "-c", "mkdir -p /data && exec app --port 8080 «> /dev/null» 2>&1"]
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            command: ["sh", "-c", "mkdir -p /data && exec app --port 8080 2>&1"]
        `,
      note: "a redirect",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            entrypoint:
              - /bin/sh
              - -c
              - |
                until nc -z db 5432 > /dev/null; do sleep 1; done
                app «&>/dev/null»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            entrypoint:
              - /bin/sh
              - -c
              - |
                until nc -z db 5432 > /dev/null; do sleep 1; done
                app
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            logging: { driver: «none», options: {} }
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
        `,
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    logging: { driver: local }\n" },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    command: app --log-file /dev/null > /dev/null\n",
      note: "no shell reads it: the words are arguments",
    },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    command: [sh, -c, 'which app > /dev/null && exec app 2>/dev/stdout']\n",
      note: "only the question's answer",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    logging: { driver: '${LOG_DRIVER}' }\n" },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    logging: { driver: none }\n-- compose.override.yaml --\nservices:\n  app:\n    logging: { driver: json-file }\n",
      note: "the override logs",
    },
  ],
  check: {
    service(service, report, context) {
      const driver = service.setting("logging", "driver");
      if (driver?.value.known === true && driver.value.value === "none") {
        report(driver, `Nobody keeps what ${service.name} logs: its log driver is none`, {
          fix: () => {
            const at = silencer(service, driver);
            const title = at === driver ? "Remove the driver none" : "Remove logging";
            return fixIn(context.file, title, "safe", [withoutPart(service, at)]);
          },
        });
      }
      if (!isLongRunning(service)) return;
      for (const program of [service.command, service.entrypoint]) {
        for (const { command, redirect } of program === undefined ? [] : redirectsIn(program)) {
          const { start, end } = redirect;
          const at: Span & { file: string } = { start, end, file: program?.file ?? service.file };
          report(at, `Nobody sees what ${command.name} of ${service.name} logs: its output goes to /dev/null`, {
            fix: () => ({
              title: "Remove the redirect",
              applicability: "safe",
              edits: [{ span: withBlanksBefore(redirect), text: "" }],
            }),
          });
        }
      }
    },
  },
});
