import {
  Cmd,
  Entrypoint,
  rule,
  User,
  type BuiltService,
  type Extra,
  type ImageReference,
  type Span,
  type Stage,
} from "../../engine/index";
import { placeOf, servicesOf } from "../shared/deployments";
import { dropsPrivileges } from "../shared/dropped-privileges";
import { effectiveUser, onWindows, userOf } from "../shared/effective-user";
import { baseUser } from "../shared/images/users";
import { leaveRoot } from "../shared/nonroot-user";

type Found = Extra & { readonly at: Span; readonly message: string };

const nameOf = ({ familiar, tag }: ImageReference): string => (tag === undefined ? familiar : `${familiar}:${tag}`);

/** No USER on the whole chain. */
function neverLeft(stage: Stage): Found | undefined {
  const at = stage.from.source;
  const { root } = stage;
  if (at === undefined || root.kind === "none") return undefined;
  if (root.kind === "scratch") {
    const message = "The container runs as root: there is no USER, and scratch has no other";
    const onlyFiles = stage.last(Cmd) === undefined && stage.last(Entrypoint) === undefined;
    return onlyFiles ? { at, message, severity: "info" } : { at, message };
  }
  const image = stage.rootImage;
  // Whoever calls the build, or Windows, decides what the user is.
  if (image === undefined || onWindows(stage)) return undefined;
  const name = nameOf(image);
  if (baseUser(image).kind === "root")
    return { at, message: `The container runs as root: there is no USER, and ${name} is root` };
  const message = `There is no USER: the container runs as the user of ${name}, which is root unless that image sets another`;
  return { at, message, severity: "info" };
}

/** The last USER is root. */
function wentToRoot(stage: Stage, by: User, why: string, file: string): Found | undefined {
  const at = by.user;
  if (at === undefined) return undefined;
  const names = by
    .expand(at)
    .names.map((name) => `$${name}`)
    .join(" and ");
  if (why === "value") return { at, message: `The container runs as root: ${names} in the last USER stands for root` };
  if (why === "empty") {
    const settable = by.expand(at).undeclared.length === 0;
    const when = settable ? ` unless the build sets ${names}` : `: nothing sets ${names} here`;
    return { at, message: `The container runs as root${when}, and an empty USER is root` };
  }
  if (why === "number") return { at, message: `The container runs as root: the account ${at.raw} has the number 0` };
  if (onWindows(stage))
    return { at, message: "The container runs as ContainerAdministrator, who may do everything in it" };
  const left = stage.history.filter((i): i is User => i instanceof User && userOf(i).kind === "nonroot").pop()?.user;
  if (left !== undefined) {
    const related = [{ file, span: left, note: `USER ${left.raw} had left root` }];
    return { at, related, message: `The container runs as root again: USER ${at.raw} takes USER ${left.raw} back` };
  }
  const image = stage.rootImage;
  const base = image === undefined ? undefined : baseUser(image);
  if (image !== undefined && base?.kind === "nonroot") {
    return {
      at,
      message: `The container runs as root again: ${nameOf(image)} runs as ${base.user} until USER ${at.raw}`,
    };
  }
  return { at, message: `The container runs as root: the last USER is ${at.raw}` };
}

/** Every service that ships the image sets a user, be it one that only a variable knows. */
const isLeftElsewhere = (services: readonly BuiltService[]): boolean =>
  services.length > 0 && services.every((s) => setsUser(s) || s.isOpen);

const setsUser = ({ user }: BuiltService): boolean =>
  user !== undefined && (user.value === undefined || !isRootName(user.value));

const isRootName = (user: string): boolean => /^(?:root|0+)?(?::|$)/.test(user.trim());

export default rule({
  id: "dockerfile/root-user",
  kind: "dockerfile",
  severity: "warning",
  principle: "least-privilege",
  summary: "The container runs as root",
  why: `A program that runs as root in its container is root for the kernel as well. Whoever breaks in through it, say by a
deserialisation bug, can replace the program, install tools, read every mounted secret, and needs one kernel or runtime bug, or
one careless mount, to own the host. End the image with a \`USER\` that is not root, best a number: build steps that need root
stand above it.`,
  refs: ["CIS 4.1", "CWE-250", "OWASP D2"],
  covers: [
    "hadolint:DL3002",
    "checkov:CKV_DOCKER_3",
    "checkov:CKV_DOCKER_8",
    "trivy:DS-0002",
    "kics:missing_user_instruction",
    "kics:last_user_is_root",
    "semgrep:missing-user",
    "semgrep:missing-user-entrypoint",
    "semgrep:last-user-is-root",
    "dockle:CIS-DI-0001",
  ],
  fix: "safe",
  examples: [
    {
      bad: 'FROM «node:24-slim»\nCOPY app.js /app/\n# starts the shop\nCMD ["node", "/app/app.js"]\n',
      fixed: 'FROM node:24-slim\nCOPY app.js /app/\nUSER node\n# starts the shop\nCMD ["node", "/app/app.js"]\n',
    },
    {
      bad: "FROM jenkins/jenkins:2.541.3-lts-jdk21\nUSER «root»\nRUN jenkins-plugin-cli --plugins git:5.7.0\n",
      fixed:
        "FROM jenkins/jenkins:2.541.3-lts-jdk21\nUSER root\nRUN jenkins-plugin-cli --plugins git:5.7.0\nUSER jenkins\n",
      note: "switched to root for one step and never back",
    },
    {
      bad: 'FROM «alpine:3.23»\nCOPY app /app\nENTRYPOINT ["/app"]\n',
      fixed: `
        FROM alpine:3.23
        COPY app /app
        RUN addgroup -S -g 10001 app && adduser -S -D -H -u 10001 -G app app
        USER 10001:10001
        ENTRYPOINT ["/app"]
        `,
    },
    {
      bad: 'FROM golang:1.26 AS build\nUSER 1000\nFROM «gcr.io/distroless/static-debian13»\nCOPY --from=build /a /a\nCMD ["/a"]\n',
      fixed:
        'FROM golang:1.26 AS build\nUSER 1000\nFROM gcr.io/distroless/static-debian13\nCOPY --from=build /a /a\nUSER 65532:65532\nCMD ["/a"]\n',
      also: ["dockerfile/unpinned-image"],
      note: "the USER of a stage that does not ship does not count",
    },
    {
      bad: "FROM node:24-slim AS base\nARG APP_UID=1000\nUSER ${APP_UID}:0\nFROM base\nUSER «$RUNAS»\n",
      fixed: "FROM node:24-slim AS base\nARG APP_UID=1000\nUSER ${APP_UID}:0\nFROM base\nUSER ${APP_UID}:0\n",
      note: "nothing sets the variable",
    },
    {
      bad: "FROM «node:24-slim»\nCOPY app.js /app/\n\n-- compose.yaml --\nservices:\n  api: { build: ., user: node }\n  worker: { build: . }\n",
      fixed: "FROM node:24-slim\nCOPY app.js /app/\nUSER node\n\n",
      note: "one of two services leaves it root",
    },
    {
      bad: "FROM «golang:1.26» AS build\nRUN go build -o /app\nFROM scratch\nUSER 1000\nCOPY --from=build /app /app\n\n-- compose.yaml --\nservices:\n  api:\n    build: { context: ., target: build }\n",
      fixed: `
        FROM golang:1.26 AS build
        RUN go build -o /app
        RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
        USER 10001:10001
        FROM scratch
        USER 1000
        COPY --from=build /app /app

        `,
      note: "compose ships the build stage",
    },
    {
      bad: "FROM «postgres:18»\nCOPY init.sql /docker-entrypoint-initdb.d/\nHEALTHCHECK CMD pg_isready\n",
      severity: "hint",
      note: "the image's entrypoint gives root up",
    },
    {
      good: "FROM golang:1.26 AS build\nUSER root\nFROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=build /a /a\n",
    },
    {
      good: "FROM nginxinc/nginx-unprivileged:1.30-alpine\nCOPY site /usr/share/nginx/html\n",
      note: "the base image runs as 101",
    },
    { good: "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nUSER $APP_UID\n", note: "the base image sets the variable" },
    {
      good: 'FROM node:24-slim\nCOPY . .\n\n-- compose.yaml --\nservices:\n  api:\n    build: .\n    user: "1000:1000"\n',
      note: "the service that runs it sets a user",
    },
    { good: 'FROM node:24-slim AS base\nUSER node\nFROM base\nCMD ["node"]\n', note: "inherited from a stage" },
    { good: "FROM alpine:3.23\nUSER 10001:0\nONBUILD USER root\n", note: "ONBUILD does not speak of this image" },
    { good: "FROM alpine:3.23\nRUN cat <<EOF > /x\nUSER root\nEOF\nUSER 10001\n", note: "the text of a file" },
    { good: "FROM node:24-slim\nUSER root\n", file: ".devcontainer/Dockerfile", note: "a development container" },
    { good: 'ARG BASE\nFROM ${BASE}\nCMD ["a"]\n', note: "the caller of the build chooses the image" },
  ],
  check: {
    shippedStage(stage, report, context) {
      if (/(?:^|\/)\.devcontainer\//.test(context.file)) return;
      const user = effectiveUser(stage);
      if (user.kind === "nonroot" || (user.kind === "unknown" && user.by !== undefined)) return;
      const found =
        user.kind === "root" && user.by !== undefined
          ? wentToRoot(stage, user.by, user.why, context.file)
          : neverLeft(stage);
      if (found === undefined) return;
      const services = servicesOf(stage, context);
      if (isLeftElsewhere(services)) return;
      const { at, message, ...rest } = found;
      const running = services.filter((s) => s.user === undefined && !s.isOpen);
      const places = running.map((s) => placeOf(s, `${s.name} runs this image, and sets no user`));
      const extra = { ...rest, related: [...(rest.related ?? []), ...places] };
      const dropper = dropsPrivileges(stage);
      if (dropper !== undefined && extra.severity === undefined) {
        report(at, `The container starts as root: only ${dropper} gives that up`, { ...extra, severity: "hint" });
        return;
      }
      const called = context.project.hasKubernetes ? "number" : "name";
      report(at, message, { ...extra, fix: () => leaveRoot(stage, called) });
    },
  },
});
