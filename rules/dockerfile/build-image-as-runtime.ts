import { rule, type Command, type Span, type Stage } from "../../engine/index";
import { matchesImage } from "../shared/images/match";
import { buildImage } from "../shared/images/roles";
import { split } from "../shared/multi-stage";
import { isRemovedLater, packageCommand, packageName } from "../shared/packages";
import { isDevelopmentStage, isProgramImage, runsOf, startCommands } from "../shared/stages";

/** Compilers, what drives them, and headers. */
const compilers =
  /^(?:build-essential|build-base|alpine-sdk|gcc(?:-\d+)?|g\+\+(?:-\d+)?|gcc-c\+\+|clang(?:-\d+)?|make|cmake|musl-dev|.+-dev|.+-devel)$/;
const buildsJava = /^(?:javac|jar|jlink|jdeps|jpackage|mvn|mvnw|gradle|gradlew|sbt|ant|jcmd|jmap|jstack|jfr)$/;
/** What the runtime image does not hold: a container that starts one cannot simply move there. */
const buildTools = /^(?:go|cargo|mvn|mvnw|gradle|gradlew|sbt|swift|make|air|stack|cabal|runghc)$/;
const staticServer = /^(?:serve|http-server|live-server|sirv|superstatic)$/;

/** Only serves files that the same stage has built. */
function servesBuiltFiles(stage: Stage): boolean {
  if (stage.rootImage === undefined || !matchesImage(stage.rootImage, ["library/node"])) return false;
  const builds = runsOf(stage).some((r) =>
    r.commands.some((c) => /^(?:npm|yarn|pnpm|bun)$/.test(c.name) && c.args.some((a) => a.text === "build")),
  );
  const serves = (c: Command): boolean =>
    staticServer.test(c.name) || (c.name === "npx" && staticServer.test(c.subcommand ?? ""));
  return builds && startCommands(stage).some(serves);
}

/** The base's name and the image to ship on instead, if there is an obvious one; undefined where the base is right. */
function shippedBuildImage(stage: Stage): { name: string; runtime: string | undefined } | undefined {
  const reference = stage.rootImage;
  if (reference === undefined) return undefined;
  const name = reference.tag === undefined ? reference.familiar : `${reference.familiar}:${reference.tag}`;
  if (servesBuiltFiles(stage)) return { name, runtime: undefined };
  const found = buildImage(reference);
  const starts = startCommands(stage);
  if (found === undefined || starts.some((c) => c.args.some((a) => a.text === "test" || a.text === "verify")))
    return undefined;
  const startsTool = starts.some(
    (c) => buildTools.test(c.name) || (c.name === "dotnet" && /^(?:run|watch)$/.test(c.subcommand ?? "")),
  );
  if (found.kind !== "jdk") return { name, runtime: startsTool ? undefined : found.runtime };
  const all = [...runsOf(stage).flatMap((r) => r.commands), ...starts];
  const onlyRuns = starts.some((c) => c.name === "java") && !all.some((c) => buildsJava.test(c.name));
  return onlyRuns ? { name, runtime: found.runtime } : undefined;
}

export default rule({
  id: "dockerfile/build-image-as-runtime",
  kind: "dockerfile",
  severity: "info",
  principle: "supply-chain",
  summary: "Compiler or SDK in the shipped image",
  why: `A build image holds compilers, package managers, headers and their hundreds of packages, each with flaws of its own. An
intruder compiles an exploit on the spot and has every tool to go on. Build in one stage, and copy the result into an image that
holds only what the program needs to run (a web server's, for static files); packages that only the build needs can also be removed in the RUN that installs them.`,
  refs: ["CIS 4.3"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: 'FROM «mcr.microsoft.com/dotnet/sdk:10.0»\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o .\nEXPOSE 8443\nUSER 10001\nCMD ["/src/app"]\n',
      fixed: `
        FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
        WORKDIR /src
        COPY . .
        RUN dotnet publish -o .

        FROM mcr.microsoft.com/dotnet/aspnet:10.0
        WORKDIR /src
        COPY --from=build /src /src
        EXPOSE 8443
        USER 10001
        CMD ["/src/app"]
      `,
    },
    {
      bad: 'FROM «eclipse-temurin:21-jdk»\nCOPY app.jar /app/app.jar\nUSER 10001\nENTRYPOINT ["java", "-jar", "/app/app.jar"]\n',
      fixed: `
        FROM eclipse-temurin:21-jdk AS build
        COPY app.jar /app/app.jar

        FROM eclipse-temurin:21-jre
        WORKDIR /app
        COPY --from=build /app /app
        USER 10001
        ENTRYPOINT ["java", "-jar", "/app/app.jar"]
      `,
      note: "a JDK that only runs a jar",
    },
    {
      bad: 'FROM python:3.14-slim\nRUN apt-get update && apt-get install -y --no-install-recommends «build-essential» libpq-dev\nCMD ["gunicorn", "app"]\n',
      note: "a compiler beside the program",
    },
    {
      bad: 'FROM «node:24-slim»\nCOPY . .\nRUN npm ci && npm run build\nUSER node\nCMD ["npx", "serve", "-s", "build"]\n',
      note: "files that any web server can serve",
    },
    {
      good: 'FROM golang:1.26-alpine AS build\nRUN go build -o /app\nFROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    },
    {
      good: 'FROM python:3.14-alpine3.23\nRUN apk add --no-cache -t .build-deps gcc musl-dev && pip install -r requirements.txt && apk del .build-deps\nCMD ["python", "app.py"]\n',
    },
    {
      good: 'FROM eclipse-temurin:21-jdk\nRUN ./mvnw package\nCMD ["java", "-jar", "app.jar"]\n',
      note: "the build needs the JDK: not known how it could be split",
    },
    { good: 'FROM golang:1.26-alpine AS test\nCOPY . .\nCMD ["go", "test", "./..."]\n' },
    {
      good: "FROM maven:3.9-eclipse-temurin-21\nRUN mvn --version\n",
      note: "a base for builds: starts no program of its own",
    },
    {
      good: 'FROM debian:13-slim\nRUN apt-get install -y gcc && make && apt-get purge -y --auto-remove gcc\nCMD ["/app"]\n',
    },
  ],
  check: {
    shippedStage(stage, report, context) {
      if (isDevelopmentStage(stage, context.file) || !isProgramImage(stage)) return;
      const found = shippedBuildImage(stage);
      const place = stage.chain[stage.chain.length - 1]?.from.source;
      if (found !== undefined && place !== undefined) {
        const { name, runtime } = found;
        report(place, `${name} is an image to build with, and what it holds is shipped with the program`, {
          fix: () => (runtime === undefined ? undefined : split(stage, runtime)),
        });
        return;
      }
      for (const run of runsOf(stage)) {
        const left: { at: Span; name: string }[] = run.commands.flatMap((command) => {
          const installed = packageCommand(command);
          if (installed?.verb !== "install") return [];
          return installed.packages.flatMap((word) => {
            const name = packageName(installed.manager, word) ?? "";
            return compilers.test(name) && !isRemovedLater(installed, name, run.commands) ? [{ at: word, name }] : [];
          });
        });
        const [first, ...others] = left;
        if (first === undefined) continue;
        report(first.at, `What only a build needs stays in the shipped image: ${left.map((l) => l.name).join(", ")}`, {
          related: others.map((o) => ({
            file: context.file,
            span: o.at,
            note: `${o.name} stays in the image as well`,
          })),
        });
      }
    },
  },
});
