import { rule, Run } from "../../engine/index";
import { cacheLeft } from "../shared/package-caches";

export default rule({
  id: "dockerfile/package-cache-left",
  kind: "dockerfile",
  severity: "hint",
  principle: "build",
  preset: "strict",
  summary: "Package lists or download caches left in the layer",
  why: `A cache that is not removed in the \`RUN\` that made it stays in the image for good. It makes the image larger, and an
intruder finds in it which packages at which versions to look up, and archives to install tools from without a network.`,
  refs: ["CWE-459"],
  covers: [
    "hadolint:DL3009",
    "hadolint:DL3019",
    "hadolint:DL3032",
    "hadolint:DL3036",
    "hadolint:DL3040",
    "hadolint:DL3042",
    "hadolint:DL3060",
    "trivy:DS-0015",
    "trivy:DS-0019",
    "trivy:DS-0020",
    "trivy:DS-0025",
    "trivy:DS-0027",
    "kics:apt_get_install_lists_were_not_deleted",
    "kics:apk_add_using_local_cache_path",
    "kics:missing_dnf_clean_all",
    "kics:missing_zypper_clean",
    "kics:yum_clean_all_missing",
    "kics:pip_install_keeping_cached_packages",
    "semgrep:missing-apk-no-cache",
    "semgrep:missing-dnf-clean-all",
    "semgrep:missing-zypper-clean",
    "semgrep:missing-pip-no-cache-dir",
    "semgrep:remove-package-cache",
    "semgrep:remove-package-lists",
    "dockle:DKL-DI-0004",
    "dockle:DKL-DI-0005",
  ],
  fix: "safe",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN apt-get «update» && apt-get install -y --no-install-recommends \\\n    curl \\\n    jq\n",
      fixed:
        "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n    curl \\\n    jq && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      bad: "FROM python:3.14-alpine3.23\nRUN apk «add» libpq && pip «install» -r requirements.txt\n",
      fixed:
        "FROM python:3.14-alpine3.23\nRUN apk add --no-cache libpq && pip install --no-cache-dir -r requirements.txt\n",
    },
    {
      bad: "FROM rockylinux/rockylinux:10\nRUN <<EOF\ndnf «install» -y nginx > /dev/null\nEOF\n",
      fixed: "FROM rockylinux/rockylinux:10\nRUN <<EOF\ndnf install -y nginx > /dev/null && dnf clean all\nEOF\n",
    },
    {
      bad: "FROM node:24-slim\nRUN npm «ci» --omit=dev; yarn global «add» a@1.0.0\n",
      fixed:
        "FROM node:24-slim\nRUN npm ci --omit=dev && npm cache clean --force; yarn global add a@1.0.0 && yarn cache clean\n",
    },
    {
      good: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl && apt-get clean && rm -rf /var/lib/apt/lists/* /tmp/*\n",
    },
    {
      good: "FROM debian:13-slim\nRUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y jq\n",
    },
    {
      good: "FROM alpine:3.23\nRUN apk add --no-cache curl\nRUN apk update && apk add jq && rm -rf /var/cache/apk/*\n",
    },
    { good: "FROM python:3.14-slim\nENV PIP_NO_CACHE_DIR=1\nRUN pip install -r requirements.txt\n" },
    { good: "FROM node:24-slim\nRUN --mount=type=cache,target=/root/.npm npm ci --omit=dev\n" },
    { good: "FROM rockylinux/rockylinux:10\nRUN dnf install -y nginx && dnf install -y jq && dnf clean all\n" },
    {
      good: "FROM python:3.14-slim AS build\nRUN pip install -r requirements.txt\nFROM scratch\nCOPY --from=build /a /a\n",
      note: "a build stage",
    },
  ],
  check: {
    command(command, instruction, report) {
      if (!(instruction instanceof Run) || instruction.stage?.shipped !== true) return;
      const left = cacheLeft(command, instruction);
      if (left !== undefined) report(left.at, left.message, { fix: () => left.fix });
    },
  },
});
