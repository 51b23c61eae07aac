/** How each package manager of a language is told to leave development packages out. */
import { Run, type Stage } from "../../engine/index";
import {
  environment,
  isSwitchedOn,
  languageCommands,
  lockFiles,
  type LanguageCommand,
  type LanguageTool,
} from "./language-packages";
import { runsOf } from "./stages";

interface Way {
  /** Options with which the tool leaves development packages out, or says itself what to install. */
  readonly options: readonly string[];
  /** Variables that do the same when they are on. */
  readonly variables: readonly string[];
  /** In an earlier command. */
  readonly setting: RegExp;
  readonly option: string | undefined;
}

const node =
  /(?:npm|yarn|pnpm) (?:config )?set (?:-g |--global |--location=\w+ )?(?:production[ =]+true|omit[ =]+dev|only[ =]+prod)/;
const ways: Readonly<Partial<Record<LanguageTool, Way>>> = {
  npm: {
    options: ["--omit", "--production", "--prod", "--only", "--global", "-g", "--package-lock-only"],
    variables: [
      "NPM_CONFIG_PRODUCTION",
      "npm_config_production",
      "NPM_CONFIG_OMIT",
      "npm_config_omit",
      "NPM_CONFIG_ONLY",
    ],
    setting: node,
    option: "--omit=dev",
  },
  yarn: {
    options: ["--production", "--prod"],
    variables: ["YARN_PRODUCTION", "NPM_CONFIG_PRODUCTION"],
    setting: node,
    option: "--production",
  },
  pnpm: {
    options: ["--prod", "-P", "--production"],
    variables: ["NPM_CONFIG_PRODUCTION"],
    setting: node,
    option: "--prod",
  },
  bun: { options: ["--production", "-p", "--omit"], variables: [], setting: node, option: "--production" },
  composer: {
    options: ["--no-dev"],
    variables: ["COMPOSER_NO_DEV"],
    setting: /composer config\b.*no-dev/,
    option: "--no-dev",
  },
  bundler: {
    options: ["--without"],
    variables: ["BUNDLE_WITHOUT", "BUNDLE_ONLY"],
    setting: /bundler? (?:config|install)\b[^&;]*\b(?:without|only)\b/,
    option: undefined,
  },
  poetry: {
    options: ["--only", "--without", "--no-dev", "--only-root"],
    variables: ["POETRY_WITHOUT"],
    setting: /poetry config\b.*without/,
    option: "--only main",
  },
  uv: {
    options: ["--no-dev", "--no-default-groups", "--only-group", "--no-group"],
    variables: ["UV_NO_DEV", "UV_NO_DEFAULT_GROUPS"],
    setting: /default-groups/,
    option: "--no-dev",
  },
};

/** It leaves development packages out, or nobody can tell. */
function isProduction(language: LanguageCommand, run: Run, way: Way): boolean {
  const { options, command, tool } = language;
  const given = options.all(...way.options);
  if (given.some((o) => o.value !== "false" && !(o.name === "--omit" && !/dev/.test(o.value ?? "dev")))) return true;
  if (isSwitchedOn(command, run, ...way.variables)) return true;
  const mode = lockFiles[tool]?.manifest === "package.json" ? environment(command, run, "NODE_ENV") : "unset";
  if (mode === "unknown" || (mode !== "unset" && mode.value === "production"))
    return options.find("--include", "--production") === undefined;
  const before = (run.stage?.history ?? []).filter((i) => i instanceof Run && i.start <= run.start);
  return before.some((i) => way.setting.test(i.rest.text));
}

/** What is installed stays out of the image, or is thinned out behind. */
function isThinnedOut(language: LanguageCommand, stage: Stage): boolean {
  const later = runsOf(stage).flatMap((run) => languageCommands(run).map((other) => ({ run, other })));
  const drops = runsOf(stage).some((run) =>
    run.commands.some(
      (c) =>
        c.start > language.command.start && c.name === "rm" && c.args.some((a) => /node_modules|vendor/.test(a.source)),
    ),
  );
  return (
    drops ||
    later.some(({ run, other }) => {
      if (other.tool !== language.tool || other.command.start <= language.command.start) return false;
      const way = ways[other.tool];
      return (
        other.action === "prune" || (other.action === "restore" && way !== undefined && isProduction(other, run, way))
      );
    })
  );
}

/** A restore that brings development packages into the stage for good, with the option that would leave them out. */
export function developmentInstall(
  language: LanguageCommand,
  run: Run,
  stage: Stage,
): { option: string | undefined } | undefined {
  const way = ways[language.tool];
  if (language.action !== "restore" || language.word.source === "focus" || way === undefined) return undefined;
  if (isProduction(language, run, way) || isThinnedOut(language, stage)) return undefined;
  // `yarn install` of Yarn 2 and later, which knows `--immutable`, has no such option.
  const isModernYarn = language.tool === "yarn" && language.options.find("--immutable") !== undefined;
  return { option: isModernYarn ? undefined : way.option };
}
