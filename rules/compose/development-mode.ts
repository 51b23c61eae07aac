import {
  choice,
  type Command,
  type Context,
  dirname,
  type Fix,
  fixIn,
  join,
  type Program,
  type Report,
  rule,
  type Service,
  type ServiceMount,
  type ServiceVariable,
  type Setting,
  type Span,
} from "../../engine/index";
import { isWritten } from "../shared/compose/image-uses";
import { serverOf } from "../shared/compose/images";
import { isDevelopmentArrangement, isSourceMount, newOverride } from "../shared/compose/modes";
import { developmentMode, type DevelopmentMode } from "../shared/development-modes";
import { developmentServer, scriptsOf } from "../shared/development-servers";

/** `DEBUG` is a switch of programs of all kinds: one of the project's own is meant. */
function modeOf(
  { name }: ServiceVariable,
  value: string,
  service: Service,
  context: Context,
): DevelopmentMode | undefined {
  if (name !== "DEBUG") return developmentMode(name, value);
  if (!/^true$/i.test(value) || serverOf(service, context) !== undefined) return undefined;
  return { production: value === "True" ? "False" : "false" };
}

function variable(of: ServiceVariable, service: Service, report: Report, context: Context): void {
  const { value, name } = of;
  if (of.isFromFile || value === undefined || !isWritten(value)) return;
  const text = value.scalar.text;
  const mode = modeOf(of, text, service, context);
  if (mode === undefined || isDevelopmentArrangement(service, value.file, context)) return;
  report(value, `${name}=${text} runs ${service.name} in development mode`, {
    fix: () => production(of, value, mode, service, context),
  });
}

function production(
  of: ServiceVariable,
  value: Setting,
  { production }: DevelopmentMode,
  service: Service,
  context: Context,
): readonly Fix[] {
  if (production === undefined) {
    const edits = value.rewrite(choice(1, "prod")) ?? [];
    return [{ title: "Use a profile for production", applicability: "guided", edits }];
  }
  const edits = value.rewrite(production) ?? [];
  const plain: Fix = { title: `Set ${of.name} to ${production}`, applicability: "unsafe", edits };
  const override = newOverride(context.file, context);
  if (override === undefined || !/^[A-Za-z][\w-]*$/.test(service.name)) return [plain];
  const lines = [
    "services:",
    `  ${service.name}:`,
    "    environment:",
    `      ${of.name}: ${JSON.stringify(value.scalar.text)}`,
    "",
  ];
  const created = { file: override, create: true, edits: [{ span: { start: 0, end: 0 }, text: lines.join("\n") }] };
  const moved = fixIn(
    context.file,
    `Set ${of.name} to ${production}, and keep ${value.scalar.text} in an override file`,
    "unsafe",
    [{ edits }, created],
  );
  return moved === undefined ? [plain] : [moved, plain];
}

const developmentStage = /^(?:dev|devel|develop|development|debug|local)(?:$|[-_])|[-_](?:dev|development)$/i;
const productionStages = ["production", "prod", "release", "final", "runtime"];

function target(service: Service, report: Report, context: Context): void {
  const { build, name } = service;
  const at = build?.target;
  if (at === undefined || !isWritten(at) || !developmentStage.test(at.scalar.text)) return;
  if (isDevelopmentArrangement(service, at.file, context)) return;
  report(at, `${name} is built up to the stage ${at.scalar.text}, which is one to develop with`, {
    fix: () => {
      const stages = context.project.summaries("dockerfile").get(build?.dockerfilePath ?? "")?.stages ?? [];
      const others = stages.map((s) => s.name).filter((s) => !developmentStage.test(s) && !/^\d+$/.test(s));
      const wanted = productionStages.find((s) => others.includes(s)) ?? others.at(-1) ?? "production";
      return {
        title: "Build the stage for production",
        applicability: "guided",
        edits: at.rewrite(choice(1, wanted)) ?? [],
      };
    },
  });
}

function command(of: Command, program: Program, service: Service, report: Report, context: Context): void {
  const folder = service.build?.folder ?? dirname(service.file);
  const found = developmentServer(of, () => scriptsOf(context.project.text(join(folder, "package.json"))));
  if (found === undefined || isDevelopmentArrangement(service, program.file, context)) return;
  const { start, end } = found.at;
  const at: Span & { readonly file: string } = { start, end, file: program.file };
  report(at, `${service.name} runs ${found.what}, a development server that is not made to face others`, {
    fix: () => {
      const word = found.instead === "script" ? of.args.find((a) => a.end === end) : undefined;
      if (word === undefined) return undefined;
      const edit = { span: { start: word.start, end: word.end }, text: choice(1, "start") };
      return { title: "Run the script for production", applicability: "guided", edits: [edit] };
    },
  });
}

function mount(of: ServiceMount, service: Service, report: Report, context: Context): void {
  const restart = service.setting("restart")?.value;
  if (restart?.known !== true || !/^(?:always|unless-stopped)$/.test(restart.value)) return;
  if (!isSourceMount(of, service) || isDevelopmentArrangement(service, of.file, context)) return;
  const [from, to] = [of.from?.scalar.text, of.target?.scalar.text];
  report(of, `${service.name} runs the files of ${from} on the host, mounted at ${to}, and can change them`, {
    fix: () => {
      const removed = service.build === undefined ? undefined : of.remove();
      if (removed !== undefined)
        return { title: "Run the source that the image has", applicability: "unsafe", edits: removed };
      const edits = of.makeReadOnly();
      return edits && { title: "Mount the source read-only", applicability: "unsafe", edits };
    },
  });
}

export default rule({
  id: "compose/development-mode",
  kind: "compose",
  severity: "info",
  principle: "exposure",
  summary: "A service runs in development mode",
  why: `Development servers and modes show stack traces, settings and source to whoever causes an error; the debugger of Werkzeug
(\`FLASK_DEBUG=1\`) even runs Python that is typed into the page. A mounted source tree lets whoever breaks in change the program
for good. Keep what serves development in \`compose.override.yaml\`, which compose reads by itself on the developer's machine, and
let \`compose.yaml\` say how the product runs.`,
  refs: ["CWE-489"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          web:
            build: ./web
            environment:
              NODE_ENV: «development» # faster builds
              PORT: 80
        `,
      fixed: `
        services:
          web:
            build: ./web
            environment:
              NODE_ENV: production # faster builds
              PORT: 80
        -- compose.override.yaml --
        services:
          web:
            environment:
              NODE_ENV: "development"
        `,
    },
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            environment:
              - ASPNETCORE_ENVIRONMENT=\${ENVIRONMENT:-«Development»}
              - DEBUG=«True»
          jobs: { image: "acme/jobs:1.2.3", environment: { "SPRING_PROFILES_ACTIVE": "«dev,docker»" } }
        -- compose.override.yaml --
        services:
          api:
            init: true
        `,
      fixed: `
        services:
          api:
            image: acme/api:1.2.3
            environment:
              - ASPNETCORE_ENVIRONMENT=\${ENVIRONMENT:-Production}
              - DEBUG=False
          jobs: { image: "acme/jobs:1.2.3", environment: { "SPRING_PROFILES_ACTIVE": "prod" } }
        -- compose.override.yaml --
        services:
          api:
            init: true
        `,
    },
    {
      bad: `
        services:
          web:
            build:
              context: .
              target: «development»
            command: «npm run dev»
        -- Dockerfile --
        FROM node:24-slim AS development
        USER node
        FROM node:24-slim AS release
        USER node
        `,
      fixed: `
        services:
          web:
            build:
              context: .
              target: release
            command: npm run start
        -- Dockerfile --
        FROM node:24-slim AS development
        USER node
        FROM node:24-slim AS release
        USER node
        `,
    },
    {
      bad: `
        services:
          web:
            build: ./web
            restart: unless-stopped
            volumes:
              - «./web/src:/app/src»
              - uploads:/app/uploads
          site:
            image: php:8.5-apache
            restart: always
            volumes: [«".:/var/www/html"»]
        volumes: { uploads: {} }
        `,
      fixed: `
        services:
          web:
            build: ./web
            restart: unless-stopped
            volumes:
              - uploads:/app/uploads
          site:
            image: php:8.5-apache
            restart: always
            volumes: [".:/var/www/html:ro"]
        volumes: { uploads: {} }
        `,
      note: "the source tree of the host",
    },
    {
      bad: 'services:\n  api:\n    build: .\n    entrypoint: ["«flask", "run»", "--host", "0.0.0.0"]\n',
      note: "a development server",
    },
    {
      good: "services:\n  web:\n    build: .\n    environment: [NODE_ENV=development]\n    command: npm run dev\n",
      file: "compose.override.yaml",
    },
    {
      good: "services:\n  web:\n    build: { context: ., target: dev }\n    environment: { FLASK_DEBUG: 1 }\n    profiles: [dev]\n",
    },
    {
      good: `
        services:
          web:
            build: { context: ., target: development }
            develop: { watch: [{ action: sync, path: ./src, target: /app/src }] }
        `,
      note: "compose watches the source",
    },
    {
      good: "services:\n  web:\n    build: .\n    environment: { NODE_ENV: development }\n-- compose.prod.yaml --\nservices:\n  web:\n    environment: { NODE_ENV: production }\n",
      note: "another file is for production",
    },
    {
      good: "services:\n  web:\n    image: acme/web:1.2.3\n    environment:\n      - NODE_ENV\n      - FLASK_ENV=${MODE}\n      - DEBUG=app:*\n-- .env --\nMODE=development\n",
      note: "what the machine says",
    },
    {
      good: `
        services:
          db:
            image: postgres:18.1
            restart: always
            volumes: [./data:/var/lib/postgresql, ./init:/docker-entrypoint-initdb.d]
          web:
            build: .
            restart: always
            volumes: [".:/app:ro", ./config.json:/app/config.json, ./uploads:/app/uploads]
        `,
      note: "data, and source that nothing can change",
    },
  ],
  check: {
    variable,
    mount,
    service(service, report, context) {
      target(service, report, context);
      for (const program of [service.entrypoint, service.command]) {
        if (program === undefined) continue;
        for (const each of program.commands) command(each, program, service, report, context);
      }
    },
  },
});
