import { rule, type Context, type RunningInstruction } from "../../engine/index";
import { lockState, type LockState } from "../shared/build-context";
import {
  isGlobal,
  languageCommand,
  lockFiles,
  projectDirectory,
  type LanguageCommand,
} from "../shared/language-packages";
import { looseInstall, readsManifest } from "../shared/lock-enforcement";

function stateOf(language: LanguageCommand, instruction: RunningInstruction, context: Context): LockState {
  const files = lockFiles[language.tool];
  const directory = projectDirectory(language, instruction);
  if (files === undefined || directory === undefined) return "unknown";
  return lockState(instruction, directory, files, context);
}

export default rule({
  id: "dockerfile/lockfile-not-enforced",
  kind: "dockerfile",
  severity: "info",
  principle: "supply-chain",
  summary: "Dependencies installed without keeping to the lock file",
  why: `A lock file names the version and the hash of every dependency, those of dependencies too. An installation that may
rewrite it takes what the registry offers today: a poisoned patch release of some dependency's dependency is in the image before
anybody has reviewed it. Install in the mode that fails when manifest and lock differ, and copy the lock beside the manifest.`,
  refs: ["CWE-1357", "SLSA"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: "FROM node:24-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm «install» --omit=dev\n",
      fixed: "FROM node:24-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\n",
    },
    {
      bad: "FROM node:24-slim AS build\nCOPY . .\nRUN «yarn» && yarn build\nFROM scratch\n-- yarn.lock --\n",
      fixed: "FROM node:24-slim AS build\nCOPY . .\nRUN yarn --frozen-lockfile && yarn build\nFROM scratch\n",
      note: "the context holds the lock file",
    },
    {
      bad: "FROM node:24-slim\nWORKDIR /app\nCOPY package.json ./\nRUN pnpm «install» --frozen-lockfile --prod\n-- package.json --\n-- pnpm-lock.yaml --\n",
      note: "the lock file is not copied",
    },
    {
      bad: "FROM rust:1.91 AS build\nCOPY Cargo.toml Cargo.lock ./\nRUN cargo «build» --release\nFROM scratch\n",
      fixed:
        "FROM rust:1.91 AS build\nCOPY Cargo.toml Cargo.lock ./\nRUN cargo build --locked --release\nFROM scratch\n",
      severity: "hint",
    },
    {
      bad: 'FROM python:3.14-slim\nCOPY pyproject.toml uv.lock ./\nRUN ["uv", «"sync"», "--no-dev"]\n',
      fixed: 'FROM python:3.14-slim\nCOPY pyproject.toml uv.lock ./\nRUN ["uv", "sync", "--locked", "--no-dev"]\n',
    },
    {
      bad: "FROM composer:2.9 AS vendor\nCOPY composer.* ./\nRUN composer «update» --no-dev\nFROM scratch\n-- composer.json --\n-- composer.lock --\n",
      fixed: "FROM composer:2.9 AS vendor\nCOPY composer.* ./\nRUN composer install --no-dev\nFROM scratch\n",
    },
    { good: "FROM node:24-slim\nCOPY . .\nRUN npm install\n", note: "the context has no lock file" },
    {
      good: "FROM node:24-slim\nCOPY package*.json yarn.lock ./\nRUN npm ci && yarn install --immutable && npm install -g npm@11\n-- package-lock.json --\n",
    },
    {
      good: "FROM node:24-slim\nENV CI=true\nCOPY package.json pnpm-lock.yaml ./\nRUN pnpm install\n",
      note: "frozen by default in CI",
    },
    {
      good: "FROM ruby:4.0-slim\nCOPY Gemfile Gemfile.lock ./\nRUN bundle config set --local deployment true && bundle install\n",
    },
    {
      good: "FROM node:24-slim\nCOPY . .\nRUN cd client && npm install\n-- package-lock.json --\n-- client/package.json --\n",
      note: "a lock file of another folder",
    },
    {
      good: "FROM node:24-slim\nCOPY . .\nRUN npm install\n-- package-lock.json --\n-- .dockerignore --\npackage-lock.json\n",
    },
  ],
  check: {
    command(command, instruction, report, context) {
      if (instruction.keyword !== "RUN") return;
      const language = languageCommand(command);
      if (language === undefined || isGlobal(language)) return;
      const loose = looseInstall(language, instruction);
      if (loose === undefined && !readsManifest(language)) return;
      const state = stateOf(language, instruction, context);
      const lock = lockFiles[language.tool]?.locks[0] ?? "";
      if (state === "left" && readsManifest(language)) {
        report(language.word, `${language.tool} installs without ${lock}, which the build does not copy`);
        return;
      }
      if (loose === undefined || (state !== "copied" && state !== "likely")) return;
      const { fix } = loose;
      report(language.word, `${loose.what} than ${lock} names`, {
        ...(loose.minor ? { severity: "hint" } : {}),
        fix: () => fix && { ...fix, applicability: state === "copied" ? fix.applicability : "unsafe" },
      });
    },
  },
});
