import { basename, rule, type Command, type Fix, type Span, type Stage } from "../../engine/index";
import { manifestText } from "../shared/build-context";
import { developmentInstall } from "../shared/development-packages";
import {
  isGlobal,
  isProjectScript,
  languageCommand,
  lockFiles,
  projectDirectory,
  type LanguageCommand,
} from "../shared/language-packages";
import { isDevelopmentStage, runsOf, startCommands } from "../shared/stages";

const requirements =
  /^(?:requirements[-_.])?(?:dev|devel|develop|development|tests?|testing|lint|ci)(?:[-_.]requirements)?\.txt$/i;

/** Dependency files for development that pip is given. */
function developmentFiles(language: LanguageCommand): readonly Span[] {
  if (language.tool !== "pip" && language.tool !== "uv") return [];
  return language.options.all("-r", "--requirement", "--requirements").flatMap(({ value = "", valueWord }) => {
    const named = requirements.test(basename(value)) && /requirement/i.test(value);
    return named && valueWord !== undefined ? [valueWord] : [];
  });
}

function fixOf({ command, word, tool }: LanguageCommand, option: string, stage: Stage): Fix {
  const later = [...runsOf(stage).flatMap((r) => r.commands), ...startCommands(stage)].filter(
    (c) => c.start > command.start,
  );
  const builds = later.some((c: Command) => isProjectScript(c) && c.name !== "node");
  const written = command.script.form === "exec" ? option.replace(" ", "=") : option;
  return {
    title: `Add ${written}`,
    applicability: builds || tool === "yarn" ? "unsafe" : "safe",
    edits: [command.insertAfter(word, written)],
  };
}

export default rule({
  id: "dockerfile/development-dependencies",
  kind: "dockerfile",
  severity: "info",
  principle: "supply-chain",
  summary: "Development dependencies in the shipped image",
  why: `Test frameworks, bundlers and debuggers make up most of a dependency tree. In the shipped image they are code that nobody
needs and an attacker can use: a flaw in a bundler's development server, a poisoned release of a linter's dependency with access to
the production secrets. Install without them, or build in one stage and copy the result into another.`,
  refs: [],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm «ci»\nCOPY . .\nCMD ["node", "server.js"]\n',
      fixed: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY . .\nCMD ["node", "server.js"]\n',
    },
    {
      bad: 'FROM node:24-slim\nRUN «yarn» --frozen-lockfile && yarn build\nCMD ["node", "dist/server.js"]\n',
      fixed:
        'FROM node:24-slim\nRUN yarn --production --frozen-lockfile && yarn build\nCMD ["node", "dist/server.js"]\n',
      note: "the build may need them: unsafe",
    },
    {
      bad: "FROM python:3.14-slim\nRUN pip install --no-cache-dir -r requirements.txt -r «requirements-dev.txt»\nRUN uv «sync» --locked\n",
      fixed:
        "FROM python:3.14-slim\nRUN pip install --no-cache-dir -r requirements.txt -r requirements-dev.txt\nRUN uv sync --no-dev --locked\n",
      remains: "what to do with the file of development requirements is the author's choice",
    },
    {
      bad: 'FROM php:8.4-apache\nRUN ["composer", «"install"»]\n',
      fixed: 'FROM php:8.4-apache\nRUN ["composer", "install", "--no-dev"]\n',
    },
    { bad: 'FROM ruby:4.0-slim\nRUN bundle «install» --jobs 4\nCMD ["puma"]\n' },
    { good: "FROM node:24-slim\nENV NODE_ENV=production\nRUN npm ci\nRUN npm install -g npm@11\n" },
    { good: "FROM node:24-slim\nRUN npm ci && npm run build && npm prune --omit=dev\n", note: "pruned" },
    {
      good: "FROM node:24-slim AS build\nRUN npm ci && npm run build\nFROM nginx:1.30-alpine\nCOPY --from=build /dist /srv\n",
      note: "a build stage",
    },
    {
      good: 'FROM node:24-slim\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n-- package.json --\n{ "dependencies": { "a": "1.0.0" } }\n',
      note: "has none",
    },
    { good: "FROM node:24-slim AS dev\nRUN npm ci\n" },
    {
      good: "FROM ruby:4.0-slim\nRUN bundle config set --local without 'development test' && bundle install\nRUN poetry install --only main && composer install --no-dev\n",
    },
    { good: "FROM node:24-slim\nARG NODE_ENV\nRUN npm ci\n", note: "the caller decides" },
  ],
  check: {
    shippedStage(stage, report, context) {
      if (isDevelopmentStage(stage, context.file)) return;
      for (const run of runsOf(stage)) {
        for (const language of run.commands.map(languageCommand)) {
          if (language === undefined || isGlobal(language)) continue;
          for (const file of developmentFiles(language)) {
            report(file, "What is listed for development is installed into the shipped image");
          }
          const install = developmentInstall(language, run, stage);
          if (install === undefined) continue;
          const { manifest } = lockFiles[language.tool] ?? { manifest: "" };
          const directory = projectDirectory(language, run);
          const text = directory === undefined ? undefined : manifestText(run, directory, manifest, context);
          if (text !== undefined && !text.includes("devDependencies")) continue;
          const { option } = install;
          report(language.word, `${language.tool} installs development dependencies into the shipped image`, {
            fix: () => (option === undefined ? undefined : fixOf(language, option, stage)),
          });
        }
      }
    },
  },
});
