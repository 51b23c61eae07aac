import { Expose, type Fix, Healthcheck, type ImageReference, rule, type Stage } from "../../engine/index";
import { placeOf, servicesOf } from "../shared/deployments";
import { distribution } from "../shared/images/distribution";
import { imageSet } from "../shared/images/match";
import { hasHealthcheck } from "../shared/images/roles";
import { healthcheckLine, portOf } from "../shared/stage-probe";
import { isDevelopmentStage, isServiceImage, startInstructions } from "../shared/stages";

function addProbe(stage: Stage, image: ImageReference): Fix | undefined {
  if (stage.windows === true) return undefined;
  const line = healthcheckLine(stage, image);
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
