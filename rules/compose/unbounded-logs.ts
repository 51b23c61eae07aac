import { type Fix, fixIn, rule, type Service, type Setting } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { canLack } from "../shared/compose/hardening";
import { isLongRunning } from "../shared/compose/roles";

const limits = { "max-size": "10m", "max-file": "3" };
const title = "Keep three logs of 10 MB";

/** Writes the limits beside the options that are there. */
function limitFix(service: Service, driver: Setting, file: string): Fix | undefined {
  const into = { file: driver.file };
  const hasOptions = service.part("logging", "options") !== undefined;
  const path = hasOptions ? ["logging", "options", "max-size"] : ["logging", "options"];
  return fixIn(file, title, "safe", [service.set(path, hasOptions ? limits["max-size"] : limits, into)]);
}

/** The driver is the daemon's choice until now, and may be one that knows no such options. */
function driverFix(service: Service, file: string): Fix | undefined {
  const into = { file: service.file };
  const isThere = service.part("logging") !== undefined;
  const path = isThere ? ["logging", "driver"] : ["logging"];
  return fixIn(file, isThere ? "Set the driver local, which rotates its logs" : title, "unsafe", [
    service.set(path, isThere ? "local" : { driver: "json-file", options: limits }, into),
  ]);
}

export default rule({
  id: "compose/unbounded-logs",
  kind: "compose",
  severity: "hint",
  preset: "strict",
  principle: "availability",
  summary: "A service's log grows until the disk is full",
  why: `Docker's usual log driver, \`json-file\`, writes to one file without end. Whoever makes a service log much, with requests that
fail for instance, fills the host's disk, and then databases stop and nothing can be written, not even the traces of the attack.
\`max-size\` and \`max-file\` bound it; the driver \`local\` is bounded by itself. A limit in the daemon's own configuration is not
seen here.`,
  refs: ["CIS 2.13", "CWE-770"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            logging:
              driver: «json-file»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            logging:
              driver: json-file
              options:
                max-size: 10m
                max-file: "3"
        `,
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", logging: { driver: «json-file», options: { max-file: "5" } } }
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", logging: { driver: json-file, options: { max-file: "5", max-size: 10m } } }
        `,
      note: "a number of files without a size",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            logging:
              driver: json-file
              options:
                max-size: "«-1»"
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            logging:
              driver: json-file
              options:
                max-size: "10m"
        `,
      note: "unlimited on purpose",
    },
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
            logging:
              driver: json-file
              options:
                max-size: 10m
                max-file: "3"
        `,
      note: "nothing said",
    },
    {
      good: `
        x-logging: &logging
          driver: json-file
          options: { max-size: 10m }
        services:
          app: { image: "acme/app:1.2.3", logging: *logging }
        `,
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    logging: { driver: local }\n" },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    logging: { driver: '${LOG_DRIVER}' }\n" },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    logging: { driver: json-file }\n-- compose.override.yaml --\nservices:\n  app:\n    logging: { options: { max-size: 5m } }\n",
      note: "another file bounds it",
    },
    { good: 'services:\n  migrate:\n    image: acme/app:1.2.3\n    restart: "no"\n', note: "a job" },
  ],
  check: {
    service(service, report, context) {
      const driver = service.setting("logging", "driver");
      const size = service.setting("logging", "options", "max-size");
      if (size !== undefined) {
        if (!size.value.known || size.value.value !== "-1") return;
        report(size, `The log of ${service.name} grows without end`, {
          fix: () => {
            const edits = size.replace(limits["max-size"]);
            return fixIn(context.file, "Limit it to 10 MB", "safe", [edits && { file: size.file, edits }]);
          },
        });
        return;
      }
      if (service.isOpenAt("logging") || service.isOpenAt("logging", "options")) return;
      if (driver !== undefined) {
        if (!driver.value.known || driver.value.value !== "json-file") return;
        report(driver, `The log of ${service.name} grows without end: json-file has no max-size`, {
          fix: () => limitFix(service, driver, context.file),
        });
        return;
      }
      if (isForDevelopment(service, service.file) || !isLongRunning(service) || !canLack(service, context)) return;
      report(service, `Nothing limits the log of ${service.name}, unless the daemon does`, {
        fix: () => driverFix(service, context.file),
      });
    },
  },
});
