/** The engine beside the bare parsers on the same input. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { Language, Parser } from "web-tree-sitter";
import { parseDocument } from "yaml";
import { Analyser, createShellParser, Dockerfile, type Run } from "../engine/index";
import { rules } from "../rules/index";
import { manifestWorkspace, spread, type Spread } from "./numbers";
import { parseSyntax } from "../engine/languages/dockerfile/syntax";

export interface Floor {
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds for all files: the parsers alone, and the whole analysis. */
  readonly parse: number;
  readonly analysis: number;
  readonly ratio: number;
}

/** The best of as many rounds as fit, so that both are warm. Parses with `dockerfile-ast` and each script with the bash grammar, and nothing else; then analyses from scratch. */
export async function floor(root: string, texts: readonly string[], seconds: number): Promise<Floor> {
  const modules = join(root, "node_modules");
  const runtime = readFileSync(join(modules, "web-tree-sitter", "web-tree-sitter.wasm"));
  const grammar = readFileSync(join(modules, "tree-sitter-bash", "tree-sitter-bash.wasm"));
  const shell = await createShellParser(runtime, grammar);
  await Parser.init({ wasmBinary: runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  const scripts = texts.map((text) =>
    new Dockerfile(parseSyntax(text), shell).effective.flatMap((i) =>
      "script" in i ? [(i as Run).script?.text ?? ""] : [],
    ),
  );
  const bare = (): number => {
    const start = performance.now();
    texts.forEach((text, i) => {
      for (const instruction of DockerfileParser.parse(text).getInstructions()) instruction.getArguments();
      for (const script of scripts[i] ?? []) parser.parse(script)?.delete();
    });
    return performance.now() - start;
  };
  const whole = (): number => {
    const start = performance.now();
    const analyser = new Analyser({ rules, languages: { shell }, today: "2026-11-21" });
    texts.forEach((text, i) => {
      const file = `${i}/Dockerfile`;
      analyser.setFile(file, text);
      analyser.findings(file);
      analyser.removeFile(file);
    });
    return performance.now() - start;
  };
  let parse = Number.POSITIVE_INFINITY;
  let analysis = Number.POSITIVE_INFINITY;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    parse = Math.min(parse, bare());
    analysis = Math.min(analysis, whole());
  }
  return { files: texts.length, bytes: texts.join("").length, parse, analysis, ratio: analysis / parse };
}

/** Milliseconds that the `yaml` package alone takes for the whole text: the best of as many rounds as fit. */
export function yamlFloor(text: string, seconds: number): { readonly whole: number; readonly lines: number } {
  let whole = Number.POSITIVE_INFINITY;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const start = performance.now();
    parseDocument(text, { merge: true }).toJS();
    whole = Math.min(whole, performance.now() - start);
  }
  return { whole, lines: text.split("\n").length };
}

export interface Workspace {
  readonly files: number;
  /** Seconds until everything is read and the findings of one open file are there. */
  readonly index: number;
  /** Milliseconds from an edit of a service to the findings of it and of its workload, both open. */
  readonly join: Spread;
}

/** A workspace of manifests: all of them read, then the labels edited by which a service finds its pods. */
export function workspaceOfManifests(count: number, edits: number): Workspace {
  const files = manifestWorkspace(count);
  const start = performance.now();
  const analyser = new Analyser({ rules, languages: { shell: undefined }, today: "2026-11-21" });
  for (const [file, text] of files) analyser.setFile(file, text);
  analyser.setListing([...files.keys()]);
  const workload = [...files.keys()].filter((f) => f.endsWith("/deployment.yaml"))[Math.floor(count / 10)] ?? "";
  analyser.findings(workload);
  const index = (performance.now() - start) / 1000;
  const service = workload.replace("deployment", "service");
  const text = files.get(service) ?? "";
  const times: number[] = [];
  for (let i = 0; i < edits; i++) {
    const edited = text.replace(/selector: \{ app: ([\w-]+)/, `selector: { app: $1${"-canary".slice(0, i % 8)}`);
    const from = performance.now();
    analyser.setFile(service, edited);
    analyser.findings(service);
    analyser.findings(workload);
    times.push(performance.now() - from);
  }
  // The first edits warm the compiler up.
  return { files: files.size, index, join: spread(times.slice(Math.floor(edits / 4))) };
}
