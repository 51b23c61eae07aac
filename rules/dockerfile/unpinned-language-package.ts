import { rule } from "../../engine/index";
import { unpinnedPackages } from "../shared/package-pins";

/** What builds packages rather than being part of the program. */
const bootstrap = new Set(["pip", "setuptools", "wheel"]);

export default rule({
  id: "dockerfile/unpinned-language-package",
  kind: "dockerfile",
  severity: "info",
  principle: "supply-chain",
  summary: "Package of a language installed without a version",
  why: `Whatever is newest when the image is built gets into it. When an attacker takes over a maintainer's account and publishes a
poisoned release, the next build installs and runs it, and two builds of one commit are not the same image. Name the version, or
install from a lock file.`,
  refs: ["CWE-1357"],
  covers: [
    "hadolint:DL3013",
    "hadolint:DL3016",
    "hadolint:DL3028",
    "hadolint:DL3062",
    "kics:unpinned_package_version_in_pip_install",
    "kics:npm_install_without_pinned_version",
    "kics:gem_install_without_version",
  ],
  fix: "guided",
  yieldsTo: ["dockerfile/unpinned-git-source"],
  examples: [
    {
      bad: "FROM python:3.14-slim\nRUN pip install --no-cache-dir «flask» 'gunicorn==23.0.0' «\"uvicorn[standard]>=0.30\"»\n",
      fixed:
        "FROM python:3.14-slim\nRUN pip install --no-cache-dir flask==VERSION 'gunicorn==23.0.0' \"uvicorn[standard]==VERSION\"\n",
    },
    {
      bad: "FROM python:3.14-slim\nRUN python -m pip install --upgrade «pip»\n",
      fixed: "FROM python:3.14-slim\nRUN python -m pip install --upgrade pip==VERSION\n",
      severity: "hint",
      note: "the installer itself",
    },
    {
      bad: `
        FROM node:24-slim
        RUN npm install -g «@angular/cli» «serve@latest» && \\
            corepack prepare «pnpm@latest» --activate
        RUN ["yarn", "global", "add", «"typescript"»]`,
      fixed: `
        FROM node:24-slim
        RUN npm install -g @angular/cli@VERSION serve@VERSION && \\
            corepack prepare pnpm@VERSION --activate
        RUN ["yarn", "global", "add", "typescript@VERSION"]`,
    },
    {
      bad: `
        FROM golang:1.26-alpine AS tools
        RUN go install «github.com/go-delve/delve/cmd/dlv@latest»
        FROM ruby:4.0-slim
        RUN gem install «rails»`,
      fixed: `
        FROM golang:1.26-alpine AS tools
        RUN go install github.com/go-delve/delve/cmd/dlv@VERSION
        FROM ruby:4.0-slim
        RUN gem install rails:VERSION`,
    },
    {
      bad: "FROM mcr.microsoft.com/dotnet/sdk:10.0\nRUN dotnet tool install -g «dotnet-ef»\n",
      fixed: "FROM mcr.microsoft.com/dotnet/sdk:10.0\nRUN dotnet tool install -g dotnet-ef --version VERSION\n",
    },
    {
      good: `
        FROM python:3.14-slim
        ARG EXTRA
        RUN pip install -r requirements.txt . ./app.whl git+https://github.com/a/b@v1 "django~=5.2" "celery>=5,<6" $EXTRA`,
      note: "files, bounds and variables",
    },
    { good: "FROM python:3.14-slim\nRUN pip install -c constraints.txt flask\n", note: "a constraints file" },
    { good: "FROM node:24-slim\nRUN npm ci && npx prisma generate\n", note: "the project's own program" },
    { good: "FROM node:24-slim\nRUN npm install -g npm@11 ./local.tgz && npm install\n" },
    {
      good: "FROM golang:1.26-alpine\nCOPY . .\nRUN go install github.com/me/app/cmd/server && go get ./...\n",
      note: "the own module",
    },
    { good: "FROM rust:1.91\nRUN cargo install --locked sqlx-cli\n" },
    { good: "FROM composer:2.9\nRUN composer require monolog/monolog 3.* && composer global require a/b:^1\n" },
    { good: 'FROM ruby:4.0-slim\nRUN gem install bundler -v 2.7.2 && echo "pip install flask"\n', note: "data" },
  ],
  check: {
    command(command, instruction, report) {
      if (instruction.keyword !== "RUN") return;
      for (const { tool, name, at, pin } of unpinnedPackages(command, instruction)) {
        const soft = bootstrap.has(name);
        report(at, `${tool} installs whatever version of ${name} is the newest at build time`, {
          ...(soft ? { severity: "hint" } : {}),
          fix: () => pin && { title: `Pin ${name} to a version`, applicability: "guided", edits: pin },
        });
      }
    },
  },
});
