import { basename, rule, Run, type Command, type Fix, type Span, type Stage } from "../../engine/index";
import { manifestText } from "../shared/build-context";
import {
  environment, isGlobal, isProjectScript, isSwitchedOn, languageCommand, languageCommands, lockFiles, projectDirectory,
  type LanguageCommand, type LanguageTool,
} from "../shared/language-packages";
import { isDevelopmentStage, runsOf, startCommands } from "../shared/stages";

interface Way {
  /** Options with which the tool leaves development packages out, or says itself what to install. */
  readonly options: readonly string[];
  /** Variables that do the same when they are on. */
  readonly variables: readonly string[];
  /** In an earlier command. */
  readonly setting: RegExp;
  readonly option: string | undefined;
}

const node = /(?:npm|yarn|pnpm) (?:config )?set (?:-g |--global |--location=\w+ )?(?:production[ =]+true|omit[ =]+dev|only[ =]+prod)/;
const ways: Readonly<Partial<Record<LanguageTool, Way>>> = {
  npm: {
    options: ["--omit", "--production", "--prod", "--only", "--global", "-g", "--package-lock-only"],
    variables: ["NPM_CONFIG_PRODUCTION", "npm_config_production", "NPM_CONFIG_OMIT", "npm_config_omit", "NPM_CONFIG_ONLY"],
    setting: node,
    option: "--omit=dev",
  },
  yarn: { options: ["--production", "--prod"], variables: ["YARN_PRODUCTION", "NPM_CONFIG_PRODUCTION"], setting: node, option: "--production" },
  pnpm: { options: ["--prod", "-P", "--production"], variables: ["NPM_CONFIG_PRODUCTION"], setting: node, option: "--prod" },
  bun: { options: ["--production", "-p", "--omit"], variables: [], setting: node, option: "--production" },
  composer: { options: ["--no-dev"], variables: ["COMPOSER_NO_DEV"], setting: /composer config\b.*no-dev/, option: "--no-dev" },
  bundler: {
    options: ["--without"],
    variables: ["BUNDLE_WITHOUT", "BUNDLE_ONLY"],
    setting: /bundler? (?:config|install)\b[^&;]*\b(?:without|only)\b/,
    option: undefined,
  },
  poetry: { options: ["--only", "--without", "--no-dev", "--only-root"], variables: ["POETRY_WITHOUT"], setting: /poetry config\b.*without/, option: "--only main" },
  uv: {
    options: ["--no-dev", "--no-default-groups", "--only-group", "--no-group"],
    variables: ["UV_NO_DEV", "UV_NO_DEFAULT_GROUPS"],
    setting: /default-groups/,
    option: "--no-dev",
  },
};

const requirements = /^(?:requirements[-_.])?(?:dev|devel|develop|development|tests?|testing|lint|ci)(?:[-_.]requirements)?\.txt$/i;

/** It leaves development packages out, or nobody can tell. */
function isProduction(language: LanguageCommand, run: Run, way: Way): boolean {
  const { options, command, tool } = language;
  const given = options.all(...way.options);
  if (given.some((o) => o.value !== "false" && !(o.name === "--omit" && !/dev/.test(o.value ?? "dev")))) return true;
  if (isSwitchedOn(command, run, ...way.variables)) return true;
  const mode = lockFiles[tool]?.manifest === "package.json" ? environment(command, run, "NODE_ENV") : "unset";
  if (mode === "unknown" || (mode !== "unset" && mode.value === "production")) return options.find("--include", "--production") === undefined;
  const before = (run.stage?.history ?? []).filter((i) => i instanceof Run && i.start <= run.start);
  return before.some((i) => way.setting.test(i.rest.text));
}

/** What is installed stays out of the image, or is thinned out behind. */
function isThinnedOut(language: LanguageCommand, stage: Stage): boolean {
  const later = runsOf(stage).flatMap((run) => languageCommands(run).map((other) => ({ run, other })));
  const drops = runsOf(stage).some((run) =>
    run.commands.some((c) => c.start > language.command.start && c.name === "rm" && c.args.some((a) => /node_modules|vendor/.test(a.source))),
  );
  return drops || later.some(({ run, other }) => {
    if (other.tool !== language.tool || other.command.start <= language.command.start) return false;
    const way = ways[other.tool];
    return other.action === "prune" || (other.action === "restore" && way !== undefined && isProduction(other, run, way));
  });
}

/** Dependency files for development that pip is given. */
function developmentFiles(language: LanguageCommand): readonly Span[] {
  if (language.tool !== "pip" && language.tool !== "uv") return [];
  return language.options.all("-r", "--requirement", "--requirements").flatMap(({ value = "", valueWord }) => {
    const named = requirements.test(basename(value)) && /requirement/i.test(value);
    return named && valueWord !== undefined ? [valueWord] : [];
  });
}

function fixOf({ command, word, tool }: LanguageCommand, option: string, stage: Stage): Fix {
  const later = [...runsOf(stage).flatMap((r) => r.commands), ...startCommands(stage)].filter((c) => c.start > command.start);
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
      fixed: 'FROM node:24-slim\nRUN yarn --production --frozen-lockfile && yarn build\nCMD ["node", "dist/server.js"]\n',
      note: "the build may need them: unsafe",
    },
    {
      bad: 'FROM python:3.14-slim\nRUN pip install --no-cache-dir -r requirements.txt -r «requirements-dev.txt»\nRUN uv «sync» --locked\n',
      fixed: 'FROM python:3.14-slim\nRUN pip install --no-cache-dir -r requirements.txt -r requirements-dev.txt\nRUN uv sync --no-dev --locked\n',
      remains: "what to do with the file of development requirements is the author's choice",
    },
    {
      bad: 'FROM php:8.4-apache\nRUN ["composer", «"install"»]\n',
      fixed: 'FROM php:8.4-apache\nRUN ["composer", "install", "--no-dev"]\n',
    },
    { bad: 'FROM ruby:4.0-slim\nRUN bundle «install» --jobs 4\nCMD ["puma"]\n' },
    { good: "FROM node:24-slim\nENV NODE_ENV=production\nRUN npm ci\nRUN npm install -g npm@11\n" },
    { good: "FROM node:24-slim\nRUN npm ci && npm run build && npm prune --omit=dev\n", note: "pruned" },
    { good: "FROM node:24-slim AS build\nRUN npm ci && npm run build\nFROM nginx:1.30-alpine\nCOPY --from=build /dist /srv\n", note: "a build stage" },
    { good: 'FROM node:24-slim\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n-- package.json --\n{ "dependencies": { "a": "1.0.0" } }\n', note: "has none" },
    { good: "FROM node:24-slim AS dev\nRUN npm ci\n" },
    { good: "FROM ruby:4.0-slim\nRUN bundle config set --local without 'development test' && bundle install\nRUN poetry install --only main && composer install --no-dev\n" },
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
          const way = ways[language.tool];
          if (language.action !== "restore" || language.word.source === "focus" || way === undefined) continue;
          if (isProduction(language, run, way) || isThinnedOut(language, stage)) continue;
          const { manifest } = lockFiles[language.tool] ?? { manifest: "" };
          const directory = projectDirectory(language, run);
          const text = directory === undefined ? undefined : manifestText(run, directory, manifest, context);
          if (text !== undefined && !text.includes("devDependencies")) continue;
          const { option } = way;
          report(language.word, `${language.tool} installs development dependencies into the shipped image`, {
            fix: () => (option === undefined ? undefined : fixOf(language, option, stage)),
          });
        }
      }
    },
  },
});
