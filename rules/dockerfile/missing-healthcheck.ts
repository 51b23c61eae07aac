import {
  choice,
  Expose,
  type Fix,
  Healthcheck,
  type ImageReference,
  literal,
  Run,
  rule,
  type Stage,
} from "../../engine/index";
import { placeOf, servicesOf } from "../shared/deployments";
import { distribution } from "../shared/images/distribution";
import { healthTest } from "../shared/images/health";
import { imageSet, matchesImage } from "../shared/images/match";
import { hasHealthcheck } from "../shared/images/roles";
import { isDevelopmentStage, isServiceImage, startInstructions } from "../shared/stages";

/** The first TCP port that the image says it listens on. */
function portOf(stage: Stage): number | undefined {
  const ports = stage.history.filter((i) => i instanceof Expose).flatMap((i) => i.ports);
  return ports.find((port) => port.protocol === "tcp" && port.range !== undefined)?.range?.first;
}

const isRun = (i: unknown): i is Run => i instanceof Run;
const hasCurl = (stage: Stage): boolean =>
  stage.history.filter(isRun).some((run) => run.commands.some((c) => c.args.some((word) => word.text === "curl")));

const exec = (...words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;

/** Stands where the user chooses the path, until the rest is escaped for a snippet: a private character. */
const choiceMark = "\ue000";

/** A probe with a tool that the image surely has. */
function httpTest(stage: Stage, image: ImageReference): string | undefined {
  const port = portOf(stage);
  const url = `http://127.0.0.1${port === undefined ? "" : `:${port}`}${choiceMark}`;
  const script = `fetch('${url}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  if (matchesImage(image, ["library/node"])) return exec("node", "-e", script);
  if (matchesImage(image, ["distroless/nodejs*"])) return exec("/nodejs/bin/node", "-e", script);
  if (matchesImage(image, ["library/python"])) {
    return exec("python", "-c", `import urllib.request as r; r.urlopen('${url}', timeout=2)`);
  }
  if (hasCurl(stage)) return `curl -fsS -o /dev/null ${url} || exit 1`;
  return ["alpine", "busybox", "wolfi"].includes(distribution(image).family)
    ? `wget -q --spider ${url} || exit 1`
    : undefined;
}

/** A snippet: what to write behind HEALTHCHECK's CMD. */
function probe(stage: Stage, image: ImageReference): string {
  const known = startInstructions(stage).length === 0 ? healthTest(image) : undefined;
  const [form, ...words] = known ?? [];
  if (form === "CMD") return literal(exec(...words));
  if (form === "CMD-SHELL") return literal(`${words.join(" ").replaceAll("$$", "$")} || exit 1`);
  const test = httpTest(stage, image);
  const path = choice(1, portOf(stage) === undefined ? ":8080/" : "/");
  return test === undefined ? choice(1, "/app/healthcheck") : test.split(choiceMark).map(literal).join(path);
}

function addProbe(stage: Stage, image: ImageReference): Fix | undefined {
  if (stage.windows === true) return undefined;
  const line = `HEALTHCHECK --interval=30s --timeout=3s CMD ${probe(stage, image)}`;
  const starts = startInstructions(stage).filter((start) => start.stage === stage);
  const [first] = starts.sort((a, b) => a.start - b.start);
  const edit = first?.insertBefore(line) ?? (stage.instructions.at(-1) ?? stage.from).insertAfter(line);
  return { title: "Add a health check", applicability: "guided", edits: [edit] };
}

/** Nothing in it could run a probe but the program itself. */
const isBare = (image: ImageReference): boolean => distribution(image).shell === "none" && !holdsRuntime(image);
const holdsRuntime = imageSet(["distroless/nodejs*", "distroless/python*", "distroless/java*"]);

export default rule({
  id: "dockerfile/missing-healthcheck",
  kind: "dockerfile",
  severity: "hint",
  principle: "availability",
  summary: "Server image that nothing asks whether it still answers",
  why: `Docker takes a container for well as long as its process lives. A server that hangs, because a request of an attacker holds its
last worker or a dependency is gone, stays in service, and what waits for \`service_healthy\` starts too early. In a project with
Kubernetes manifests this rule is silent: probes belong there.`,
  refs: ["CIS 4.6"],
  covers: [
    "hadolint:DL3057",
    "checkov:CKV_DOCKER_2",
    "trivy:DS-0026",
    "kics:healthcheck_instruction_missing",
    "dockle:CIS-DI-0006",
  ],
  fix: "guided",
  examples: [
    {
      bad: 'FROM node:24-slim\nUSER node\n«EXPOSE» 3000\nCMD ["node", "app.js"]\n',
      fixed: `FROM node:24-slim
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "app.js"]
`,
    },
    {
      bad: 'FROM golang:1.27-alpine AS build\nHEALTHCHECK CMD ["/probe"]\nFROM alpine:3.23\nUSER 1000\n«EXPOSE» 8080/tcp 9090\nENTRYPOINT ["/app"]\n',
      fixed:
        'FROM golang:1.27-alpine AS build\nHEALTHCHECK CMD ["/probe"]\nFROM alpine:3.23\nUSER 1000\nEXPOSE 8080/tcp 9090\nHEALTHCHECK --interval=30s --timeout=3s CMD wget -q --spider http://127.0.0.1:8080/ || exit 1\nENTRYPOINT ["/app"]\n',
      note: "one in a build stage does not count",
    },
    {
      bad: "FROM «postgres:18»\nCOPY init.sql /docker-entrypoint-initdb.d/\n",
      fixed:
        "FROM postgres:18\nCOPY init.sql /docker-entrypoint-initdb.d/\nHEALTHCHECK --interval=30s --timeout=3s CMD pg_isready -U ${POSTGRES_USER:-postgres} || exit 1\n",
      also: ["dockerfile/root-user"],
    },
    { bad: "FROM node:24-slim\nUSER node\nHEALTHCHECK «NONE»\n", note: "switched off on purpose" },
    { good: 'FROM node:24-slim\nUSER node\nEXPOSE 3000\nHEALTHCHECK CMD ["node", "probe.js"]\n' },
    {
      good: `
        FROM node:24-slim
        USER node
        EXPOSE 3000

        -- compose.yaml --
        services:
          api:
            build: .
            healthcheck: { test: ["CMD", "node", "probe.js"] }
        `,
      note: "the service that runs it asks",
    },
    { good: 'FROM alpine:3.23 AS base\nHEALTHCHECK CMD ["/probe"]\nFROM base\nUSER 1000\nEXPOSE 80\n' },
    { good: 'FROM alpine:3.23\nUSER 1000\nENTRYPOINT ["/job"]\n', note: "a program that ends" },
    {
      good: 'FROM scratch\nUSER 1000\nEXPOSE 80\nCOPY app /\nENTRYPOINT ["/app"]\n',
      note: "nothing there to ask with",
    },
    { good: "ARG BASE\nFROM $BASE\nUSER 1000\nEXPOSE 80\n", note: "the base may have one" },
    { good: 'FROM postgres:18\nUSER postgres\nENTRYPOINT ["/backup.sh"]\n', note: "only the tools of a server" },
  ],
  check: {
    shippedStage(stage, report, context) {
      const { file, project } = context;
      if (project.hasKubernetes || isDevelopmentStage(stage, file)) return;
      const services = servicesOf(stage, context);
      const asking = services.filter((s) => s.health !== undefined || s.isOpen);
      if (services.length > 0 && asking.length === services.length) return;
      const own = stage.last(Healthcheck);
      if (own !== undefined) {
        const word = own.words.find(() => own.none);
        if (word !== undefined) report(word, "The health check of the base image is switched off");
        return;
      }
      const image = stage.rootImage;
      if (image === undefined || isBare(image) || hasHealthcheck(image) === true || !isServiceImage(stage)) return;
      const expose = stage.history.find((i) => i instanceof Expose);
      const at = expose?.keywordSpan ?? stage.from.source;
      if (at === undefined) return;
      const port = portOf(stage);
      const listener =
        expose === undefined ? "This server" : port === undefined ? "The server" : `The server on port ${port}`;
      report(at, `${listener} has no HEALTHCHECK: a hanging one stays in service`, {
        related: services
          .filter((s) => !asking.includes(s))
          .map((s) => placeOf(s, `${s.name} runs this image, and has no health check either`)),
        fix: () => addProbe(stage, image),
      });
    },
  },
});
