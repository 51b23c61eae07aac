import { fixIn, rule, type Severity, type TextFile, type TextValue } from "../../engine/index";

/** Endpoints of Spring Boot's actuator that change the program or tell its secrets; then those that tell how it is built. */
const dangerous = new Set(["*", "env", "heapdump", "shutdown"]);
const telling = new Set(
  "threaddump loggers jolokia gateway configprops beans mappings logfile sessions httpexchanges conditions".split(" "),
);

/** Spring takes `show-values`, `showValues` and `SHOW_VALUES` for one name. */
const keyOf = ({ path }: TextValue): string => path.join(".").toLowerCase().replace(/[-_]/g, "");

const wordsOf = (value: TextValue): readonly string[] =>
  value.value
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");

const exposure = "management.endpoints.web.exposure.";
const shows = /^management\.endpoint\.(?:env|configprops|quartz)\.showvalues$/;
const shutdown = /^management\.endpoint\.shutdown\.(?:enabled|access)$/;

interface Exposed {
  readonly value: TextValue;
  readonly message: string;
  readonly severity: Severity;
  readonly put: string;
}

function exposedIn(text: TextFile): readonly Exposed[] {
  const keyed = text.values.map((value) => ({ key: keyOf(value), value }));
  const excluded = new Set(keyed.flatMap((k) => (k.key === `${exposure}exclude` ? wordsOf(k.value) : [])));
  if (excluded.has("*") || keyed.some(isLocal)) return [];
  return keyed.flatMap(({ key, value }): readonly Exposed[] => {
    if (key === `${exposure}include`) return ofList(value, excluded);
    if (shows.test(key) && value.value.toLowerCase() === "always") {
      const message = "Every setting is shown with its value, passwords among them";
      return [{ value, message, severity: "warning", put: "when-authorized" }];
    }
    if (shutdown.test(key) && /^(?:true|unrestricted)$/i.test(value.value)) {
      const message = "Whoever reaches the endpoint can stop the program";
      return [{ value, message, severity: "error", put: /true/i.test(value.value) ? "false" : "none" }];
    }
    return [];
  });
}

/** The endpoints answer on the machine itself only. */
const isLocal = ({ key, value }: { readonly key: string; readonly value: TextValue }): boolean =>
  key === "management.server.address" && /^(?:127\.|localhost$|::1$)/.test(value.value);

function ofList(value: TextValue, excluded: ReadonlySet<string>): readonly Exposed[] {
  const words = wordsOf(value).filter((word) => !excluded.has(word));
  const [worst] = [...words.filter((w) => dangerous.has(w)), ...words.filter((w) => telling.has(w))];
  if (worst === undefined) return [];
  const what = worst === "*" ? "All management endpoints are" : `The management endpoint ${worst} is`;
  const left = words.filter((word) => !dangerous.has(word) && !telling.has(word));
  const put = words.length > left.length && left.length > 0 ? left.join(",") : "health,info,prometheus";
  const severity = worst !== "*" && dangerous.has(worst) ? "error" : "warning";
  return [{ value, message: `${what} open to whoever reaches the service`, severity, put }];
}

export default rule({
  id: "framework-config/management-endpoints-exposed",
  kind: "text",
  severity: "warning",
  principle: "exposure",
  summary: "Management endpoints of a Spring service are open over HTTP",
  why: `The actuator's endpoints were made for those who run the service: \`env\` lists its settings, \`heapdump\` hands out its memory
with every password and session in it, \`loggers\` and \`gateway\` change how it works. With \`include: "*"\` they answer whoever
reaches the port. Name the few that monitoring needs, or bind them to an address of their own with \`management.server.address\`.`,
  refs: ["CWE-749"],
  covers: ["semgrep:spring-actuator-fully-enabled", "semgrep:spring-actuator-dangerous-endpoints-enabled"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        server.port=8080
        management.endpoints.web.exposure.include=«*»
        `,
      fixed: `
        server.port=8080
        management.endpoints.web.exposure.include=health,info,prometheus
        `,
      file: "src/main/resources/application.properties",
    },
    {
      bad: `
        management:
          endpoints:
            web:
              exposure:
                include: «health,env»
        `,
      fixed: `
        management:
          endpoints:
            web:
              exposure:
                include: health
        `,
      file: "src/main/resources/application.yml",
      severity: "error",
    },
    {
      bad: `
        management:
          endpoints:
            web:
              exposure:
                include: "«*»"
        `,
      fixed: `
        management:
          endpoints:
            web:
              exposure:
                include: "health,info,prometheus"
        `,
      file: "src/main/resources/application-dev.yml",
      severity: "info",
      note: "for development",
    },
    {
      bad: `
        management.endpoint.env.show-values=«always»
        `,
      fixed: `
        management.endpoint.env.show-values=when-authorized
        `,
      file: "application.properties",
      note: "values shown",
    },
    {
      good: `
        management.endpoints.web.exposure.include=health,info,prometheus
        `,
      file: "application.properties",
    },
    {
      good: `
        management:
          endpoints: { web: { exposure: { include: "*", exclude: "*" } } }
        `,
      file: "application.yml",
    },
    {
      good: `
        management.server.address=127.0.0.1
        management.endpoints.web.exposure.include=*
        `,
      file: "application.properties",
      note: "only the machine itself reaches them",
    },
  ],
  check: {
    file(text, report, context) {
      if (text.kind !== undefined || (text.format !== "properties" && text.format !== "yaml")) return;
      if (text.isTest || text.isExample || text.isDocumentation || text.isForeign) return;
      for (const { value, message, severity, put } of exposedIn(text)) {
        const fix = (): ReturnType<typeof fixIn> =>
          value.isVerbatim
            ? fixIn(context.file, `Set it to ${put}`, "unsafe", [{ edits: [{ span: value.span, text: put }] }])
            : undefined;
        report(value.span, message, { severity: text.isDevelopment ? "info" : severity, fix });
      }
    },
  },
});
