import {
  fixIn,
  overlaps,
  rule,
  type Context,
  type Fix,
  type Report,
  type Service,
  type ServiceVariable,
  type Span,
} from "../../engine/index";
import { isEncryptedBeside, isUsed, isWritten, sayingsOf, type Saying } from "../shared/compose/endpoints";
import { serverOf } from "../shared/compose/images";
import { plaintextListeners } from "../shared/compose/kafka-listeners";
import { isGateway } from "../shared/compose/roles";
import { programsOf, nameOf, plainSeverity, valueOf, weakOptions, withoutWord } from "../shared/compose/tls";
import { parametersIn, type Weakness } from "../shared/tls-parameters";
import { namedSwitch, sayingOf } from "../shared/tls-settings";

export default rule({
  id: "compose/tls-disabled",
  kind: "compose",
  severity: "warning",
  principle: "encrypt",
  summary: "A connection or listener that is told to do without TLS",
  why: `With TLS switched off by hand the login and the data go over the network as plain text, also where both sides could do
better. Whoever sees one packet on the way (a provider, another container that was broken into, a mirrored switch port) has the
password of the database. Give the server a certificate, an own authority will do, and let clients insist on it.`,
  refs: ["CWE-319"],
  covers: [],
  yieldsTo: ["compose/docker-api-over-tcp"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              DATABASE_URL: postgres://web:\${DB_PASSWORD}@db.acme.io/web?«sslmode=disable»
              MAIL_HOST: smtp.acme.io
              MAIL_USE_TLS: "«false»"  # their relay
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              DATABASE_URL: postgres://web:\${DB_PASSWORD}@db.acme.io/web?sslmode=verify-full
              MAIL_HOST: smtp.acme.io
              MAIL_USE_TLS: "true"  # their relay
        `,
      note: "to other places",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              - REPORTS=jdbc:mysql://reports.acme.io/web?«useSSL=false»&tz=UTC
              - SQL=Server=sql.acme.io,1433;«Encrypt=False»;TrustServerCertificate=True
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              - REPORTS=jdbc:mysql://reports.acme.io/web?useSSL=true&tz=UTC
              - SQL=Server=sql.acme.io,1433;Encrypt=True;TrustServerCertificate=False
        `,
      note: "connection strings; a certificate that is not looked at is the next finding",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              - DB_HOST=db
              - DB_SSLMODE=\${DB_SSLMODE:-«disable»}
              - REPORTS=postgres://web@db/reports?«sslmode=prefer»
            command: ["./web", "--database=db", "«--tls=off»"]
          db: { image: "acme/db:1.2.3" }
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              - DB_HOST=db
              - DB_SSLMODE=\${DB_SSLMODE:-verify-full}
              - REPORTS=postgres://web@db/reports?sslmode=verify-full
            command: ["./web", "--database=db", "--tls=on"]
          db: { image: "acme/db:1.2.3" }
        `,
      severity: "info",
      note: "inside of the project",
    },
    {
      bad: `
        services:
          broker:
            image: apache/kafka:4.1.0
            ports: ["127.0.0.1:9092:9092", "9094:9094"]
            environment:
              KAFKA_LISTENERS: INSIDE://:9092,OUTSIDE://:9094,CONTROLLER://:9093
              KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: CONTROLLER:PLAINTEXT,INSIDE:SSL,«OUTSIDE:PLAINTEXT»
        `,
      fixed: `
        services:
          broker:
            image: apache/kafka:4.1.0
            ports: ["127.0.0.1:9092:9092", "9094:9094"]
            environment:
              KAFKA_LISTENERS: INSIDE://:9092,OUTSIDE://:9094,CONTROLLER://:9093
              KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: CONTROLLER:PLAINTEXT,INSIDE:SSL,OUTSIDE:SSL
        `,
      note: "a published listener of Kafka; compose/published-database-port speaks of the port",
    },
    {
      bad: `
        services:
          broker:
            image: apache/kafka:4.1.0
            environment:
              - KAFKA_LISTENERS=«PLAINTEXT»://broker:9092
        `,
      severity: "hint",
      note: "a listener of Kafka inside; no map that could be changed",
    },
    {
      bad: `
        services:
          search:
            image: elasticsearch:9.2.1
            environment:
              - xpack.security.http.ssl.enabled=«false»
          docker: { image: "acme/app:1.2.3", environment: { OTEL_EXPORTER_OTLP_INSECURE: «true», OTEL_EXPORTER_OTLP_ENDPOINT: "otel:4317" } }
        `,
      fixed: `
        services:
          search:
            image: elasticsearch:9.2.1
            environment:
              - xpack.security.http.ssl.enabled=true
          docker: { image: "acme/app:1.2.3", environment: { OTEL_EXPORTER_OTLP_INSECURE: false, OTEL_EXPORTER_OTLP_ENDPOINT: "otel:4317" } }
        `,
      severity: "info",
      note: "servers that nobody reaches from outside",
    },
    {
      bad: `
        services:
          db:
            image: mysql:9.7
            ports: ["3306:3306"]
            command: ["--skip-name-resolve", "«--skip-ssl»"]
        `,
      fixed: `
        services:
          db:
            image: mysql:9.7
            ports: ["3306:3306"]
            command: ["--skip-name-resolve"]
        `,
      note: "an option of a published server",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              DATABASE_URL: postgres://web@db.acme.io/web?sslmode=verify-full
              LOCAL: postgres://web@localhost/web?sslmode=disable
              MAIL_USE_SSL: "false"
              MAIL_USE_TLS: "true"
              CACHE_TLS: \${CACHE_TLS}
              SSL_CERT_PATH: "none"
              NO_SSL: "false"
        `,
      note: "with TLS, to itself, the other kind of TLS, unknown",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment: ["DB_SSL=false"]
            command: ["./web", "--no-tls=false"]
        -- compose.override.yaml --
        services:
          web:
            environment: { DB_SSL: "true" }
        `,
      note: "the override takes its place",
    },
    {
      good: `
        services:
          broker:
            image: apache/kafka:4.1.0
            environment:
              KAFKA_LISTENERS: SSL://:9092,CONTROLLER://:9093,LOCAL://localhost:9095
              KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER
              KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: SSL:SSL,CONTROLLER:PLAINTEXT,LOCAL:PLAINTEXT,OLD:PLAINTEXT
        `,
      note: "controllers, the host itself, listeners that are none",
    },
    {
      good: `
        services:
          id:
            image: quay.io/keycloak/keycloak:26.4
            environment: { KC_HTTP_ENABLED: "true", KC_PROXY_HEADERS: xforwarded }
        `,
      note: "behind a proxy",
    },
  ],
  check: {
    service(service, report, context) {
      inVariables(service, report, context);
      const told = inOptions(service, report, context);
      inTexts(service, told, report, context);
      inListeners(service, report, context);
    },
  },
});

const isOff = (weakness: Weakness): boolean => weakness === "off" || weakness === "optional" || weakness === "trusting";

function inVariables(service: Service, report: Report, context: Context): void {
  const server = serverOf(service, context);
  for (const variable of service.environment) {
    const text = valueOf(variable);
    const found = text === undefined ? undefined : namedSwitch(variable.name, text, server);
    const at = variable.value;
    if (text === undefined || found === undefined || at === undefined || !isOff(found.weakness)) continue;
    if (isAnswered(variable.name, service, context)) continue;
    const saying: Saying = { by: "variable", name: variable.name, at, program: undefined };
    const severity = plainSeverity(found.isOfServer ? undefined : saying, found.weakness, service, context);
    if (severity === undefined) continue;
    const effect = found.effect ?? (found.isOfServer ? takenPlain : effectOf(found.weakness));
    report(text === "" ? nameOf(variable) : at, `${sayingOf(variable.name, text)}: ${effect}`, {
      severity: found.severity ?? severity,
      fix: () => fixOf(variable, found.better, context),
    });
  }
}

function fixOf(variable: ServiceVariable, better: string | undefined, { file }: Context): Fix | undefined {
  const { name, value } = variable;
  if (better === undefined) return fixIn(file, `Remove ${name}`, "unsafe", variable.removeAll() ?? []);
  const edits = value !== undefined && isWritten(value) ? value.rewrite(better) : undefined;
  return edits && fixIn(file, `Set ${name} to ${better}`, "unsafe", [{ edits }]);
}

function effectOf(weakness: Weakness): string {
  if (weakness === "trusting") return "whoever answers is believed, whatever certificate it shows";
  if (weakness === "off") return "nothing is encrypted on the way";
  return "nothing is encrypted where the other side, or somebody in between, wants it so";
}

/** Of a server. */
const takenPlain = "connections are taken without TLS";

/** Something else encrypts: another variable, or a proxy before a server that says so. */
function isAnswered(name: string, service: Service, context: Context): boolean {
  if (name === "KC_HTTP_ENABLED") {
    const isBehind = service.environment.some((v) => /^KC_(?:PROXY|HTTPS_(?:CERT|KEY|TRUST))/.test(v.name));
    return isBehind || service.project.services.some((s) => isGateway(s, context));
  }
  return isEncryptedBeside(name, service) && !/INSECURE$/i.test(name);
}

function inTexts(service: Service, told: readonly Told[], report: Report, context: Context): void {
  for (const saying of sayingsOf(service)) {
    if (saying.by === "label") continue;
    const all = parametersIn(saying.at).filter(({ weakness }) => isOff(weakness));
    // Where nothing is encrypted nobody's certificate is looked at.
    const first = all.find(({ weakness }) => weakness === "off") ?? all[0];
    for (const found of all) {
      if (found.weakness === "trusting" && found !== first) continue;
      if (told.some((t) => t.file === found.at.file && overlaps(t, found.at))) continue;
      const severity = plainSeverity(saying, found.weakness, service, context);
      if (severity === undefined || !isUsed(saying, found.at)) continue;
      report(found.at, `${found.key}=${found.value}: ${effectOf(found.weakness)}`, {
        severity,
        fix: () => {
          const edits = isWritten(found.valueAt) ? found.valueAt.rewrite(found.better) : undefined;
          return edits && fixIn(context.file, `Set ${found.key} to ${found.better}`, "unsafe", [{ edits }]);
        },
      });
    }
  }
}

/** A place that is spoken of. */
interface Told extends Span {
  readonly file: string;
}

function inOptions(service: Service, report: Report, context: Context): readonly Told[] {
  const server = serverOf(service, context);
  const severity = plainSeverity(undefined, "off", service, context) ?? "warning";
  return programsOf(service).flatMap((program) =>
    program.commands.flatMap((command) =>
      weakOptions(command, "encryption", server).map((option) => {
        const place = { start: option.start, end: option.end, file: program.file };
        report(place, `${option.text}: ${takenPlain}`, {
          severity: option.found.severity === "info" ? "info" : severity,
          fix: () => {
            const edits = withoutWord(program, command, option);
            return edits && fixIn(context.file, `Remove ${option.text}`, "unsafe", [{ edits }]);
          },
        });
        return place;
      }),
    ),
  );
}

function inListeners(service: Service, report: Report, context: Context): void {
  const listeners = plaintextListeners(service);
  const [first] = listeners;
  if (first === undefined) return;
  const names = listeners.map((l) => l.name).join(", ");
  report(first.at, `${service.name} listens without TLS: ${names}`, {
    severity: first.isPublished ? "warning" : "hint",
    fix: () => {
      const edits = listeners.flatMap(({ protocolAt }) => {
        if (protocolAt === undefined || !isWritten(protocolAt)) return [];
        return protocolAt.rewrite(/^SASL/i.test(protocolAt.scalar.text) ? "SASL_SSL" : "SSL") ?? [];
      });
      return fixIn(context.file, `Let ${names} use TLS`, "unsafe", [{ edits }]);
    },
  });
}
