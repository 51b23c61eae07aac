/** Cases on which scanners go wrong, each with the right verdict. */
import assert from "node:assert/strict";
import type { Finding } from "../engine/index";
import { check, project } from "./support/engine";
import { dedent } from "./support/example";

interface Case {
  readonly name: string;
  readonly text: string;
  /** `rule@line severity?`, without the domain: must be there. */
  readonly reports?: readonly string[];
  /** Rules that must say nothing at all, or nothing on a line (`rule@line`). */
  readonly silent?: readonly string[];
  readonly others?: readonly string[];
}

const lineOf = (text: string, finding: Finding): number => text.slice(0, finding.span.start).split("\n").length;

async function verdict(c: Case): Promise<void> {
  const text = dedent(c.text);
  const findings = await check(text, { preset: "all", others: c.others ?? [] });
  const shown = findings.map((f) => `${f.rule.replace(/^\w+\//, "")}@${lineOf(text, f)} ${f.severity}`);
  for (const expected of c.reports ?? []) {
    assert.ok(
      shown.some((s) => s === expected || s.startsWith(`${expected} `)),
      `expected ${expected}, got:\n${shown.join("\n")}`,
    );
  }
  for (const quiet of c.silent ?? []) {
    const loud = shown.filter((s) => s.startsWith(quiet.includes("@") ? `${quiet} ` : `${quiet}@`));
    assert.deepEqual(loud, [], `${quiet} must be silent`);
  }
}

const cases: readonly Case[] = [
  {
    name: "T1: arguments in FROM",
    text: `
      ARG REG=docker.io/library
      ARG V
      FROM \${REG}/node:\${V:-20.11}-alpine AS a
      FROM node:\${TAG}
      ARG TAG=22
    `,
    reports: ["end-of-life-image@3", "undefined-base-image-arg@4"],
    silent: ["unpinned-image", "undefined-base-image-arg@3"],
  },
  {
    name: "T2: root only in a build stage",
    text: `
      FROM golang:1.27 AS b
      USER root
      RUN go build -o /app .
      FROM gcr.io/distroless/static-debian13:nonroot
      COPY --from=b /app /app
    `,
    silent: ["root-user"],
  },
  {
    name: "T2: distroless without nonroot",
    text: `
      FROM golang:1.27 AS b
      RUN go build -o /app .
      FROM gcr.io/distroless/static-debian13:latest
      COPY --from=b /app /app
      ENTRYPOINT ["/app"]
    `,
    reports: ["root-user@3"],
  },
  {
    name: "T3: the user by argument, undefined in the last stage",
    text: `
      FROM node:24-slim AS base
      ARG APP_UID=1000
      USER \${APP_UID}:0
      FROM base
      USER $RUNAS
    `,
    reports: ["root-user@5"],
  },
  {
    name: "T3: the user by inheritance",
    text: "FROM node:24-slim AS base\nARG APP_UID=1000\nUSER ${APP_UID}:0\nFROM base\n",
    silent: ["root-user"],
  },
  ...["00", '"root"', "root:app", "0:1000"].map((user) => ({
    name: `T3: USER ${user} is root`,
    text: `FROM debian:13-slim\nUSER ${user}\n`,
    reports: ["root-user@2"],
  })),
  ...["1000", "app:root", "65532"].map((user) => ({
    name: `T3: USER ${user} is not root`,
    text: `FROM debian:13-slim\nUSER ${user}\n`,
    silent: ["root-user"],
  })),
  {
    name: "T3: an argument that is 0",
    text: "FROM debian:13-slim\nARG APP_UID=0\nUSER $APP_UID\n",
    reports: ["root-user@3"],
  },
  {
    name: "T4: a base that is not root",
    text: "FROM nginxinc/nginx-unprivileged:1.30-alpine\n",
    silent: ["root-user"],
  },
  {
    name: "T4: back to root",
    text: "FROM jenkins/jenkins:lts-jdk21\nUSER root\nRUN apt-get update && apt-get install -y git\n",
    reports: ["root-user@2"],
  },
  {
    name: "T4: dotnet is root",
    text: "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY . .\n",
    reports: ["root-user@1"],
  },
  {
    name: "T4: chiseled dotnet is not",
    text: "FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled\n",
    silent: ["root-user"],
  },
  {
    name: "T4: postgres drops root by itself",
    text: "FROM postgres:18\nCOPY init.sql /docker-entrypoint-initdb.d/\n",
    reports: ["root-user@1 hint"],
  },
  {
    name: "T5: heredocs",
    text: `
      # syntax=docker/dockerfile:1
      FROM debian:13-slim
      RUN <<EOT bash
        set -euo pipefail
        curl -fsSL https://example.com/i.sh | bash
      EOT
      COPY <<"EOF" /etc/app.conf
      password = \${DB_PASSWORD}
      RUN curl -k https://x
      EOF
      RUN cat <<EOF > /x && echo done
      USER root
      EOF
      USER 10001
    `,
    reports: ["remote-script-execution@5"],
    silent: ["pipefail-missing", "tls-verification-disabled", "embedded-secret", "root-user"],
  },
  {
    name: "T6: ONBUILD is looked into",
    text: "FROM debian:13\nONBUILD RUN curl -k https://x -o y\n",
    reports: ["tls-verification-disabled@2"],
  },
  {
    name: "T6: ONBUILD USER root is not this image's",
    text: "FROM debian:13\nUSER 1000\nONBUILD USER root\n",
    silent: ["root-user"],
  },
  {
    name: "T6: ONBUILD USER app makes nothing better",
    text: "FROM debian:13\nONBUILD USER app\n",
    reports: ["root-user@1"],
  },
  {
    name: "T7: the escape directive and Windows",
    text: `
      # escape=\`
      FROM mcr.microsoft.com/windows/servercore:ltsc2025
      RUN powershell -Command \`
        iwr https://x/i.ps1 -UseBasicParsing | iex
      COPY a c:\\
      RUN dir
    `,
    reports: ["remote-script-execution@4"],
    silent: ["pipefail-missing", "root-user", "update-without-install"],
  },
  {
    name: "T7: a dead escape directive",
    text: "# c\n# escape=`\nFROM debian:13\nRUN apt-get update \\\n && apt-get install -y x\nUSER 1\n",
    silent: ["update-without-install"],
  },
  {
    name: "T8: a syntax comment that is no directive",
    text: "# my file\n# syntax=evil/frontend:1\nFROM a:1\n",
    silent: ["untrusted-syntax-frontend"],
  },
  {
    name: "T8: a directive with blanks",
    text: "#syntax = evil/frontend\nFROM a:1\n",
    reports: ["untrusted-syntax-frontend@1 warning"],
  },
  {
    name: "T8: a pinned frontend",
    text: `# syntax=docker/dockerfile:1.10@sha256:${"0a".repeat(32)}\nFROM a:1\n`,
    silent: ["untrusted-syntax-frontend"],
  },
  {
    name: "T8: BuildKit's skip does not hide a secret",
    text: "# check=skip=SecretsUsedInArgOrEnv\nFROM a:1\nENV DB_PASSWORD=s3cr3t-Value-9\n",
    reports: ["embedded-secret@3"],
  },
  {
    name: "T9: comments and blank lines in continuations, words in quotes",
    text: `
      FROM debian:13-slim
      RUN apt-get update \\
          # curl -k was needed once: curl -k https://old
       && apt-get install -y --no-install-recommends ca-certificates \\

       && echo "use sudo to run; chmod 777 is bad" > /etc/motd
    `,
    silent: ["tls-verification-disabled", "sudo", "world-writable", "update-without-install"],
  },
  {
    name: "T10: SHELL with pipefail",
    text: 'FROM debian:13\nSHELL ["/bin/bash","-o","pipefail","-c"]\nRUN curl -fsS https://x | tar x\nCMD a b\n',
    silent: ["pipefail-missing", "shell-form-command"],
  },
  {
    name: "T10: SHELL is carried along the chain, and into no other stage",
    text: 'FROM debian:13 AS one\nSHELL ["/bin/bash","-o","pipefail","-c"]\nFROM debian:13 AS two\nRUN curl -fsS https://x | tar x\nFROM one\nRUN curl -fsS https://x | tar x\n',
    reports: ["pipefail-missing@4"],
    silent: ["pipefail-missing@6"],
  },
  {
    name: "T10: dash knows no pipefail",
    text: 'FROM debian:13\nSHELL ["/bin/sh","-o","pipefail","-c"]\nRUN curl -fsS https://x | tar x\n',
    reports: ["pipefail-missing@3"],
  },
  {
    name: "T10: ash on Alpine does",
    text: 'FROM alpine:3.23\nSHELL ["/bin/ash","-eo","pipefail","-c"]\nRUN curl -fsS https://x | tar x\n',
    silent: ["pipefail-missing"],
  },
  {
    name: "T11: --chown and --chmod",
    text: "FROM node:24-slim\nUSER node\nCOPY --chmod=755 app /app\nCOPY --chmod=4755 app /app\nCOPY --chmod=777 app /app\nCOPY --chmod=u+x app /app\n",
    reports: ["setuid-binary@4", "world-writable@5"],
    silent: ["setuid-binary@3", "world-writable@3", "world-writable@6", "setuid-binary@6"],
  },
  {
    name: "T11: secrets by mount",
    text: `
      FROM node:24-slim
      RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
      RUN --mount=type=secret,id=t cat /run/secrets/t > /root/.npmrc && npm ci
      RUN --mount=type=secret,id=t cat /run/secrets/t > /root/.npmrc && npm ci && rm /root/.npmrc
      COPY .env.example .env
      COPY .npmrc .
      RUN rm .npmrc
    `,
    reports: ["secret-mount-persisted@3", "secret-file-copied@6"],
    silent: ["secret-mount-persisted@2", "secret-mount-persisted@4", "secret-file-copied@5"],
  },
  {
    name: "T12: names that only look secret",
    text: `
      FROM a:1
      ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D
      ENV PASSWORD_FILE=/run/secrets/p
      ARG TOKEN_TTL=3600
      ENV KEYCLOAK_URL=https://id.example.com
      ENV PUBLIC_KEY_PATH=/k.pub
      ENV MONKEY=1
      ENV DB_PASSWORD=""
      ARG GITHUB_SHA
    `,
    silent: ["embedded-secret", "secret-in-build-arg", "default-password"],
  },
  {
    name: "T12: names and values that are",
    text: `
      FROM a:1
      ENV DATABASE_URL=postgres://app:s3cr3tpw@db/x
      ENV DATABASE_URL=postgres://app:postgres@db/x
      ARG NPM_TOKEN
      RUN echo //registry.npmjs.org/:_authToken=$NPM_TOKEN > .npmrc
      LABEL token=${"ghp_"}${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}
    `,
    reports: ["connection-string-password@2", "default-password@3", "secret-in-build-arg@4", "embedded-secret@6"],
    silent: ["embedded-secret@3", "embedded-secret@5", "secret-in-build-arg@5"],
  },
  {
    name: "T13: HEALTHCHECK NONE",
    text: "FROM nginx:1.30\nEXPOSE 80\nHEALTHCHECK NONE\n",
    reports: ["missing-healthcheck@3"],
  },
  {
    name: "T13: two of them",
    text: "FROM nginx:1.30\nHEALTHCHECK CMD a\nHEALTHCHECK CMD b\n",
    reports: ["overridden-instruction@2"],
    silent: ["missing-healthcheck"],
  },
  {
    name: "T13: only in a build stage",
    text: "FROM nginx:1.30 AS b\nHEALTHCHECK CMD a\nFROM nginx:1.30\nEXPOSE 80\nCOPY --from=b /x /x\n",
    reports: ["missing-healthcheck@4"],
  },
  {
    name: "T13: curl -k on loopback",
    text: "FROM debian:13\nHEALTHCHECK CMD curl -fk https://localhost/health\n",
    reports: ["tls-verification-disabled@2 hint"],
  },
  ...["curl -sSkL https://x", "curl --insecure https://x", "curl -fsS -k https://x"].map((command) => ({
    name: `T14: ${command}`,
    text: `FROM debian:13\nRUN ${command} -o /f\n`,
    reports: ["tls-verification-disabled@2"],
  })),
  ...[
    "curl -K cfg https://x",
    "curl --keepalive-time 5 https://x",
    "curl https://x -o kubectl",
    "tar -xkf a.tar",
    "wget -k https://page",
    'curl "https://x/?a=-k"',
  ].map((command) => ({
    name: `T14: ${command}`,
    text: `FROM debian:13\nRUN ${command}\n`,
    silent: ["tls-verification-disabled"],
  })),
  {
    name: "T14: a download into tar",
    text: "FROM debian:13\nRUN curl -fsSL https://example.com/a.tgz | tar xz\n",
    reports: ["unverified-download@2 info", "pipefail-missing@2"],
    silent: ["remote-script-execution"],
  },
  {
    name: "T14: a key into a keyring",
    text: "FROM debian:13\nRUN curl -fsSL https://example.com/k.asc | gpg --dearmor -o /usr/share/keyrings/x.gpg\n",
    silent: ["remote-script-execution", "unverified-download"],
  },
  {
    name: "T15: names in COPY --from",
    text: `
      FROM debian:13 AS build
      FROM debian:13
      COPY --from=Build a b
      COPY --from=0 a b
      COPY --from=builder a b
      COPY --from=3 a b
      COPY --from=nginx:1.30 a b
    `,
    reports: ["copy-from-undefined-stage@5", "copy-from-undefined-stage@6"],
    silent: [
      "copy-from-undefined-stage@3",
      "copy-from-undefined-stage@4",
      "copy-from-undefined-stage@7",
      "unpinned-image",
    ],
  },
];

describe("tricky cases", () => {
  for (const c of cases) it(c.name, () => verdict(c));

  it("T26: an ignore file of a context is no .gitignore", async () => {
    const files = [
      { file: ".dockerignore", text: ".env\n" },
      { file: "Dockerfile", text: "FROM debian:13\nCOPY services/ .\n" },
    ];
    const analyser = await project(files, { preset: "all", others: ["services/a/.env", "services/a/main.py"] });
    assert.ok(analyser.findings(".dockerignore").some((f) => f.rule === "dockerignore/root-only-pattern"));
    const second = await project([{ file: ".dockerignore", text: "*\n!src/\n!.env\n" }], { preset: "all" });
    assert.ok(
      second.findings(".dockerignore").some((f) => f.rule === "dockerignore/secret-re-included" && f.span.start === 8),
    );
  });
});
