import {
  choice,
  literal,
  readOptions,
  rule,
  type Command,
  type Fix,
  type Option,
  type Report,
} from "../../engine/index";
import { urlHost } from "../shared/downloads";
import { runs, settings, type Setting } from "../shared/environment";

export default rule({
  id: "dockerfile/extra-package-index",
  kind: "dockerfile",
  severity: "warning",
  principle: "supply-chain",
  summary: "Second package index beside the first",
  why: `With two indexes the tool takes the higher version, whichever of them offers it. Whoever registers the name of your
private package on the public index with version 99 has their code in the next build (dependency confusion). Use one index
that also passes public packages on.`,
  refs: ["CWE-427"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: "FROM python:3.14-slim\nRUN pip install «--extra-index-url https://pypi.example.com/simple» -r requirements.txt\n",
      fixed: "FROM python:3.14-slim\nRUN pip install --index-url https://pypi.example.com/simple -r requirements.txt\n",
    },
    {
      bad: "FROM python:3.14-slim\nENV «PIP_EXTRA_INDEX_URL=https://pypi.example.com/simple»\nRUN python3 -m pip install -i https://pypi.org/simple «--extra-index-url=https://pypi.example.com/simple» -r requirements.txt\n",
      fixed:
        "FROM python:3.14-slim\nENV PIP_INDEX_URL=https://pypi.example.com/simple\nRUN python3 -m pip install --index-url https://pypi.example.com/simple -r requirements.txt\n",
    },
    {
      bad: "FROM python:3.14-slim\nRUN uv pip install --extra-index-url https://pypi.example.com/simple «--index-strategy unsafe-best-match» -r requirements.txt\n",
      fixed:
        "FROM python:3.14-slim\nRUN uv pip install --extra-index-url https://pypi.example.com/simple --index-strategy first-index -r requirements.txt\n",
    },
    {
      bad: "FROM ruby:3.4-slim\nRUN gem install --source https://rubygems.org «--source https://gems.example.com» mine:1.0.0\n",
      note: "which of them has the package is not known here: no fix",
    },
    {
      bad: "FROM mcr.microsoft.com/dotnet/sdk:10.0\nRUN dotnet restore -s https://api.nuget.org/v3/index.json «-s https://nuget.example.com/index.json»\n",
    },
    {
      bad: "FROM python:3.14-slim\nRUN pip install torch==2.9.1+cpu «--extra-index-url https://download.pytorch.org/whl/cpu»\n",
      fixed:
        "FROM python:3.14-slim\nRUN pip install torch==2.9.1+cpu --index-url https://download.pytorch.org/whl/cpu\n",
      severity: "hint",
      note: "a version that only that index has",
    },
    {
      good: "FROM python:3.14-slim\nENV PIP_INDEX_URL=https://pypi.example.com/simple\nRUN pip install --index-url https://pypi.example.com/simple -r requirements.txt\n",
    },
    {
      good: "FROM python:3.14-slim\nRUN uv pip install --extra-index-url https://pypi.example.com/simple -r requirements.txt\n",
      note: "uv asks the first index that has the name",
    },
    {
      good: "FROM python:3.14-slim\nRUN pip install --require-hashes --extra-index-url https://pypi.example.com/simple -r requirements.txt\n",
      note: "the hashes decide",
    },
    {
      good: "FROM ruby:3.4-slim\nRUN gem install --source https://gems.example.com mine:1.0.0 && dotnet restore --source https://nuget.example.com/index.json\n",
    },
    {
      good: "FROM python:3.14-slim\nARG PIP_EXTRA_INDEX_URL\nENV UV_INDEX_STRATEGY=first-index\n",
      note: "nobody says that one is given",
    },
  ],
  check: {
    instruction(instruction, report) {
      for (const setting of settings(instruction, isAboutIndexes)) inSetting(setting, report);
      if (runs(instruction)) for (const command of instruction.commands) inCommand(command, report);
    },
  },
});

const isAboutIndexes = (name: string): boolean => name === "PIP_EXTRA_INDEX_URL" || name === "UV_INDEX_STRATEGY";

const mixed = "A package of one index can be replaced by one of the same name in the other";

function inSetting(setting: Setting, report: Report): void {
  if (!setting.value.known || setting.value.value === "") return;
  const { value } = setting.value;
  if (setting.name === "PIP_EXTRA_INDEX_URL") {
    report(setting, `${mixed}: pip gets PIP_EXTRA_INDEX_URL beside its index`, {
      ...(isPytorch(value) ? { severity: "hint" as const } : {}),
      fix: () =>
        guided(
          "Use one index that also has the public packages",
          { start: setting.start, end: setting.end },
          `PIP_INDEX_URL=${choice(1, value)}`,
        ),
    });
  }
  if (setting.name === "UV_INDEX_STRATEGY" && value.startsWith("unsafe-")) {
    report(setting, `${mixed}: UV_INDEX_STRATEGY is ${value}`, {
      fix: () =>
        guided(
          "Ask the indexes in their order",
          { start: setting.start, end: setting.end },
          `UV_INDEX_STRATEGY=${choice(1, "first-index")}`,
        ),
    });
  }
}

const guided = (title: string, span: { start: number; end: number }, text: string): Fix => ({
  title,
  applicability: "guided",
  edits: [{ span, text }],
});

const pipSyntax = {
  short: "rcitfe",
  long: [
    "--extra-index-url",
    "--index-url",
    "--index-strategy",
    "--requirement",
    "--constraint",
    "--find-links",
    "--target",
    "--trusted-host",
    "--index",
    "--default-index",
    "--prefix",
    "--root",
    "--python",
    "--platform",
  ],
};

function inCommand(command: Command, report: Report): void {
  const { name } = command;
  if (name.startsWith("p")) {
    const [first, second] = command.args;
    const isModule = /^python[\d.]*$/.test(name) && first?.text === "-m" && second?.text === "pip";
    return isModule || /^pip[\d.]*$/.test(name) ? ofPip(command, report) : undefined;
  }
  if (name === "uv") return ofUv(command, report);
  if (name === "gem")
    return furtherSources(command, ["-s", "--source"], { short: "svnjP", long: ["--source", "--version"] }, report);
  if (name === "dotnet" || name === "nuget") {
    return furtherSources(
      command,
      ["-s", "--source", "-Source"],
      { short: "scrovf", long: ["--source", "-Source", "--configuration", "--runtime"] },
      report,
    );
  }
}

const isPytorch = (url: string): boolean => urlHost(url) === "download.pytorch.org";
/** The value with its quotes. */
const written = (o: Option): string =>
  o.valueWord === undefined || o.valueWord === o.word ? (o.value ?? "") : o.valueWord.raw;
const whole = (o: Option): { start: number; end: number } => ({
  start: o.word.start,
  end: Math.max(o.word.end, o.valueWord?.end ?? 0),
});

function ofPip(command: Command, report: Report): void {
  const { all, find, operands } = readOptions(command, pipSyntax);
  if (find("--require-hashes") !== undefined) return;
  const key = operands[0]?.text === "config" ? operands.find((o) => /\.extra-index-url$/.test(o.source)) : undefined;
  if (key !== undefined) report(command, `${mixed}: pip gets ${key.source} beside its index`);
  const packages = operands.slice(operands.findIndex((o) => /^(?:install|download|wheel)$/.test(o.source)) + 1);
  const pinned = packages.length > 0 && packages.every((p) => /==[^,;+=]*\+/.test(p.source));
  for (const extra of all("--extra-index-url")) {
    const value = extra.value ?? "";
    if (/^(?:file:|\/|\.)/.test(value)) continue;
    report(whole(extra), `${mixed}: pip gets --extra-index-url beside its index`, {
      ...(isPytorch(value) && pinned ? { severity: "hint" as const } : {}),
      fix: () => {
        if (command.script.form === "exec" || all("--extra-index-url").length > 1) return undefined;
        const other = find("-i", "--index-url");
        const removed = other === undefined ? [] : [other.remove()].map((e) => ({ ...e, text: literal(e.text) }));
        const fix = guided(
          "Use one index that also has the public packages",
          whole(extra),
          `--index-url ${choice(1, written(extra))}`,
        );
        return { ...fix, edits: [...removed, ...fix.edits] };
      },
    });
  }
}

function ofUv(command: Command, report: Report): void {
  const strategy = readOptions(command, pipSyntax).find("--index-strategy");
  if (strategy?.value?.startsWith("unsafe-") !== true) return;
  report(whole(strategy), `${mixed}: uv is told ${strategy.value}`, {
    fix: () =>
      command.script.form === "exec"
        ? undefined
        : guided("Ask the indexes in their order", whole(strategy), `--index-strategy ${choice(1, "first-index")}`),
  });
}

function furtherSources(
  command: Command,
  names: readonly string[],
  syntax: Parameters<typeof readOptions>[1],
  report: Report,
): void {
  const [, ...others] = readOptions(command, syntax).all(...names);
  for (const other of others) report(whole(other), `${mixed}: ${command.name} gets a second source`);
}
