import { choice, rule, type Fix, type User } from "../../engine/index";
import { effectiveUser } from "../shared/effective-user";
import { uidOf } from "../shared/user-numbers";

function withNumber(user: User, name: string, uid: string | undefined): Fix | undefined {
  const word = user.user;
  const at = word === undefined ? -1 : word.raw.search(/[^"']/);
  if (word === undefined || at < 0 || !word.raw.startsWith(name, at)) return undefined;
  const { start, end } = word.part(at, at + name.length);
  const edits = [{ span: { start, end }, text: uid ?? choice(1, "10001") }];
  if (uid !== undefined) return { title: `Use ${uid}, the number of ${name}`, applicability: "safe", edits };
  return { title: `Use the number of ${name}`, applicability: "guided", edits };
}

export default rule({
  id: "dockerfile/user-not-numeric",
  kind: "dockerfile",
  severity: "hint",
  principle: "least-privilege",
  summary: "USER is a name: Kubernetes cannot tell that it is not root",
  why: `With \`runAsNonRoot: true\` the kubelet refuses a container whose image names its user by a word: the word may stand for
root in the image's own \`/etc/passwd\`. So the check is switched off to make the pod start, and an image that really runs as root
is then let through as well. A number can be checked.`,
  refs: ["PSS restricted"],
  covers: ["hadolint:DL3066"],
  fix: "safe",
  examples: [
    {
      bad: "FROM alpine:3.23\nRUN adduser -S -D -u 10001 app\nUSER «app»\n",
      fixed: "FROM alpine:3.23\nRUN adduser -S -D -u 10001 app\nUSER 10001\n",
    },
    {
      bad: "FROM node:24-slim\nUSER «node:root»\n",
      fixed: "FROM node:24-slim\nUSER 1000:root\n",
      note: "a group may stay a name",
    },
    {
      bad: "FROM debian:13-slim\nRUN useradd app\nUSER «app»\n",
      fixed: "FROM debian:13-slim\nRUN useradd app\nUSER 10001\n",
      note: "a number that nobody wrote down",
    },
    { good: "FROM alpine:3.23\nUSER 10001:10001\n" },
    { good: "FROM alpine:3.23\nARG APP_UID=10001\nUSER $APP_UID\n" },
    { good: "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nUSER $APP_UID\n", note: "set by the base image, to a number" },
    { good: "FROM jenkins/jenkins:2.541.3-lts-jdk21\n", note: "the base image's own USER" },
    { good: "FROM alpine:3.23 AS build\nUSER app\nFROM alpine:3.23\nUSER 10001\n", note: "the stage does not ship" },
    { good: "FROM alpine:3.23\nUSER root\n", note: "another rule's matter" },
  ],
  check: {
    shippedStage(stage, report, context) {
      const user = effectiveUser(stage);
      if (user.kind !== "nonroot" || user.by?.user === undefined || /^[\d$]/.test(user.name)) return;
      if (stage.windows === true || stage.file.escape === "`") return;
      const { by, name } = user;
      report(by.user ?? by, `USER ${name} is a name: runAsNonRoot of Kubernetes needs its number`, {
        ...(context.project.hasKubernetes ? {} : { preset: "strict" }),
        fix: () => withNumber(by, name, uidOf(stage, name)),
      });
    },
  },
});
