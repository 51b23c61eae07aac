import {
  choice,
  fixIn,
  overlaps,
  rule,
  type Command,
  type Context,
  type Edit,
  type Fix,
  type Program,
  type Report,
  type Service,
  type ServiceVariable,
  type Span,
} from "../../engine/index";
import { isUsed, isWritten, sayingsOf, type Saying } from "../shared/compose/endpoints";
import { urlHost } from "../shared/downloads";
import { serverOf } from "../shared/compose/images";
import {
  assignedIn,
  linkOf,
  linkTo,
  programsOf,
  uncheckedIn,
  nameOf,
  valueOf,
  weakOptions,
  withoutWord,
} from "../shared/compose/tls";
import { parametersIn } from "../shared/tls-parameters";
import { namedSwitch, sayingOf } from "../shared/tls-settings";

export default rule({
  id: "compose/tls-verification-disabled",
  kind: "compose",
  severity: "error",
  principle: "encrypt",
  summary: "A service that accepts any TLS certificate",
  why: `TLS without the check of the certificate encrypts for whoever answers. Another container that was broken into, or a false name
server, takes the place of the database or of the payment provider, and the service hands it passwords and tokens without a
word. Where a private certificate authority is the reason, mount its certificate and let the program trust that one.`,
  refs: ["CWE-295"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              NODE_TLS_REJECT_UNAUTHORIZED: "«0»"  # for the old proxy
              VAULT_SKIP_VERIFY: «true»
              A: "1"
          job: { image: "acme/job:1.2.3", environment: ["GIT_SSL_NO_VERIFY=«1»", "A=1"] }
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              A: "1"
          job: { image: "acme/job:1.2.3", environment: ["A=1"] }
        `,
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              - STORE=mongodb://store.acme.io/shop?tls=true&«tlsAllowInvalidCertificates=true»
              - "OPTIONS={\\"ssl\\": {\\"«rejectUnauthorized\\": false»}}"
              - ELASTICSEARCH_SSL_VERIFICATIONMODE=\${ES_VERIFY:-«none»}
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              - STORE=mongodb://store.acme.io/shop?tls=true&tlsAllowInvalidCertificates=false
              - "OPTIONS={\\"ssl\\": {\\"rejectUnauthorized\\": true}}"
        `,
      note: "parameters of addresses and options",
    },
    {
      bad: `
        services:
          edge:
            image: traefik:v3.6
            command:
              - --providers.docker.exposedbydefault=false
              - «--serversTransport.insecureSkipVerify=true»
          sync:
            image: acme/sync:1.2.3
            command: curl -fsS«k» https://files.acme.io/list -o /data/list
            pre_stop: [{ command: ["sh", "-c", "«NODE_TLS_REJECT_UNAUTHORIZED=0» node bye.js"] }]
        `,
      fixed: `
        services:
          edge:
            image: traefik:v3.6
            command:
              - --providers.docker.exposedbydefault=false
          sync:
            image: acme/sync:1.2.3
            command: curl -fsS https://files.acme.io/list -o /data/list
            pre_stop: [{ command: ["sh", "-c", "NODE_TLS_REJECT_UNAUTHORIZED=0 node bye.js"] }]
        `,
      remains: "an assignment in a script is left to its author",
      note: "options of commands",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            healthcheck:
              test: ["CMD", "curl", "-f", "«-k»", "https://localhost:8443/health"]
        `,
      severity: "hint",
      note: "nobody stands between a container and itself",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              DB: postgres://web@db.acme.io/web?«sslmode=require»
              REPORTS_SSL_MODE: «REQUIRED»
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              DB: postgres://web@db.acme.io/web?sslmode=verify-full
              REPORTS_SSL_MODE: VERIFY_IDENTITY
        `,
      severity: "info",
      note: "encrypted, for whoever answers",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              NODE_TLS_REJECT_UNAUTHORIZED: "1"
              NODE_EXTRA_CA_CERTS: /etc/ssl/ca.crt
              VAULT_SKIP_VERIFY: "false"
              APP_SSL_VERIFY: \${APP_SSL_VERIFY}
              REQUESTS_CA_BUNDLE: \${REQUESTS_CA_BUNDLE:-}
              DB: postgres://web@db.acme.io/web?sslmode=require&sslrootcert=/ca.crt
        `,
      note: "checked, unknown, passed on",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            command: ["sh", "-c", "# curl -k once\\ntar -xkf a.tar && curl -K cfg https://acme.io && echo curl -k"]
        `,
      note: "-k of other programs, comments, messages",
    },
    {
      good: `
        services:
          docker:
            image: acme/app:1.2.3
            environment: ["OTEL_EXPORTER_OTLP_INSECURE=true", "DB=postgres://web@db.acme.io/web?sslmode=disable"]
        `,
      note: "no TLS at all: compose/tls-disabled",
    },
    {
      good: `
        services:
          web: { image: "acme/web:1.2.3", environment: ["NODE_TLS_REJECT_UNAUTHORIZED=0"] }
        -- compose.override.yaml --
        services:
          web: { environment: { NODE_TLS_REJECT_UNAUTHORIZED: "1" } }
        `,
      note: "the override takes it back",
    },
  ],
  check: {
    service(service, report, context) {
      inVariables(service, report, context);
      const told = programsOf(service).flatMap((program) => inProgram(program, service, report, context));
      inTexts(service, told, report, context);
    },
  },
});

const accepted = "any certificate is accepted";
const unnamed = "what is sent is encrypted, but nobody checks for whom";

function inVariables(service: Service, report: Report, context: Context): void {
  const server = serverOf(service, context);
  for (const variable of service.environment) {
    const text = valueOf(variable);
    const found = text === undefined ? undefined : namedSwitch(variable.name, text, server);
    const at = variable.value;
    if (text === undefined || found === undefined || at === undefined) continue;
    if (found.weakness !== "unchecked" && found.weakness !== "unnamed") continue;
    const saying: Saying = { by: "variable", name: variable.name, at, program: undefined };
    if (found.weakness === "unnamed" && linkOf(saying, service, context) === "itself") continue;
    const severity = found.weakness === "unnamed" ? "info" : found.severity;
    const place = text === "" ? nameOf(variable) : at;
    const effect = found.effect ?? (found.weakness === "unnamed" ? unnamed : accepted);
    report(place, `${sayingOf(variable.name, text)}: ${effect}`, {
      ...(severity === undefined ? {} : { severity }),
      fix: () => fixesOf(variable, found.weakness === "unnamed" ? found.better : undefined, service, context),
    });
  }
}

/** Options of a whole program stand beside others that must stay. */
const holdsOptions = /OPTS|OPTIONS|ARGS|FLAGS/;

function fixesOf(
  variable: ServiceVariable,
  better: string | undefined,
  service: Service,
  context: Context,
): readonly Fix[] {
  const { value } = variable;
  if (value === undefined || holdsOptions.test(variable.name)) return [];
  const edits = better !== undefined && isWritten(value) ? value.rewrite(better) : undefined;
  const fix =
    edits === undefined
      ? fixIn(context.file, `Remove ${variable.name}`, "unsafe", variable.removeAll() ?? [])
      : fixIn(context.file, `Set ${variable.name} to ${better}`, "unsafe", [{ edits }]);
  return [fix, trusting(variable, service, context)].filter((f) => f !== undefined);
}

/** Mounts the certificate of an own authority, which Node.js then trusts as well. */
function trusting(variable: ServiceVariable, service: Service, { file }: Context): Fix | undefined {
  const { value, nameSpan } = variable;
  if (variable.name !== "NODE_TLS_REJECT_UNAUTHORIZED" || value === undefined || !value.isLiteral) return undefined;
  const path = "/usr/local/share/ca-certificates/ca.crt";
  const named: Edit = { span: { start: nameSpan.start, end: nameSpan.end }, text: "NODE_EXTRA_CA_CERTS" };
  const mounted = service.append(["volumes"], `${choice(1, "./ca.crt")}:${path}:ro`, {
    file: variable.file,
    snippet: true,
  });
  const written = value.rewrite(path);
  if (written === undefined) return undefined;
  const renamed = { file: variable.file, edits: [named, ...written] };
  return fixIn(file, "Trust your own certificate authority instead", "guided", [renamed, mounted]);
}

function inTexts(service: Service, told: readonly Told[], report: Report, context: Context): void {
  for (const saying of sayingsOf(service)) {
    if (saying.by === "label") {
      inLabel(saying, report, context);
      continue;
    }
    const all = parametersIn(saying.at);
    // Where nothing is encrypted there is no certificate to look at.
    if (all.some(({ weakness }) => weakness === "off")) continue;
    for (const found of all) {
      if (found.weakness !== "unchecked" && found.weakness !== "unnamed") continue;
      if (linkOf(saying, service, context) === "itself" || !isUsed(saying, found.at)) continue;
      if (told.some((t) => t.file === found.at.file && overlaps(t, found.at))) continue;
      const isNamed = found.weakness === "unchecked";
      report(found.at, `${found.key}=${found.value}: ${isNamed ? accepted : unnamed}`, {
        ...(isNamed ? {} : { severity: "info" as const }),
        fix: () => {
          const edits = isWritten(found.valueAt) ? found.valueAt.rewrite(found.better) : undefined;
          return edits && fixIn(context.file, `Set ${found.key} to ${found.better}`, "unsafe", [{ edits }]);
        },
      });
    }
  }
}

/** Traefik reads the certificates of servers that it calls after such a label. */
function inLabel({ name: label, at }: Saying, report: Report, context: Context): void {
  if (!/insecureskipverify$/i.test(label) || !at.value.known || !/^(?:true|1)$/i.test(at.value.value)) return;
  report(at, `${label}=${at.value.value}: ${accepted}`, {
    fix: () => {
      const edits = isWritten(at) ? at.rewrite("false") : undefined;
      return edits && fixIn(context.file, `Set ${label} to false`, "unsafe", [{ edits }]);
    },
  });
}

interface Told extends Span {
  readonly file: string;
}

/** One thing in a command that turns checks off. */
interface Fault extends Span {
  readonly effect: string;
  /** Where the command connects to, as far as it is written out. */
  readonly hosts: readonly string[];
  remove(): readonly Edit[] | undefined;
}

function inProgram(program: Program, service: Service, report: Report, context: Context): readonly Told[] {
  const told: Told[] = [];
  const faults = program.commands.flatMap((command) => faultsIn(command, program, service, context));
  for (const { start, end, effect, hosts, remove } of [...faults, ...assignmentsIn(program)]) {
    const at = { start, end, file: program.file };
    if (told.some((t) => overlaps(t, at))) continue;
    told.push(at);
    const isUnknownTest = program === service.healthTest && hosts.length === 0;
    const isOwn = isUnknownTest || linkTo(hosts, service, context) === "itself";
    report(at, effect, {
      ...(isOwn ? { severity: "hint" as const } : {}),
      fix: () => {
        const edits = isOwn ? undefined : remove();
        return edits && fixIn(context.file, "Check certificates again", "unsafe", [{ edits }]);
      },
    });
  }
  return told;
}

function faultsIn(command: Command, program: Program, service: Service, context: Context): readonly Fault[] {
  const unchecked = uncheckedIn(command).map((found) => ({
    ...found,
    hosts: found.from.flatMap((f) => urlHost(f) ?? (/[$:]/.test(f) ? [] : [f])),
    remove: () => withoutWord(program, command, found) ?? found.remove(),
  }));
  const options = weakOptions(command, "verification", serverOf(service, context)).map((found) => ({
    ...found,
    effect: `${found.text}: ${accepted}`,
    hosts: [],
    remove: () => withoutWord(program, command, found),
  }));
  return [...unchecked, ...options];
}

const assignmentsIn = (program: Program): readonly Fault[] =>
  assignedIn(program).flatMap(({ name, value, start, end }) => {
    const found = namedSwitch(name, value, undefined);
    if (found?.weakness !== "unchecked") return [];
    const effect = `${sayingOf(name, value)}: ${found.effect ?? accepted}`;
    return [{ start, end, effect, hosts: [], remove: () => undefined }];
  });
