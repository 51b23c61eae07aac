/** The engine as tests use it: real grammar, fixed day. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  Analyser,
  codeGrammars,
  createCodeParsers,
  createShellParser,
  defaultConfig,
  grammarFiles,
  parseConfig,
  type AnyRule,
  type Config,
  type Finding,
  type Languages,
  type Preset,
} from "../../engine/index";
import { rules } from "../../rules/index";

export const today = "2026-11-21";
/** The project's root folder (compiled tests lie in `out/test/…`). */
export const root = join(__dirname, "..", "..", "..");

let loading: Promise<Languages> | undefined;

/** The grammars, loaded once for the whole run of the tests. */
export function languages(): Promise<Languages> {
  loading ??= (async () => {
    const modules = join(root, "node_modules");
    const [runtime, grammar] = await Promise.all([
      readFile(join(modules, "web-tree-sitter", "web-tree-sitter.wasm")),
      readFile(join(modules, "tree-sitter-bash", "tree-sitter-bash.wasm")),
    ]);
    const shell = await createShellParser(runtime, grammar);
    const code = createCodeParsers(
      () => Promise.resolve(runtime),
      (name) => readFile(join(modules, grammarFiles[name].package, grammarFiles[name].file)),
    );
    await Promise.all(codeGrammars.map((name) => code.load(name)));
    return { shell, code };
  })();
  return loading;
}

export interface ProjectOptions {
  readonly config?: string | undefined;
  readonly preset?: Preset;
  readonly rules?: readonly AnyRule[];
  /** Files that exist beside those with a text. */
  readonly others?: readonly string[];
}

/** An analyser over the given files; their names, and `others`, are the whole listing. */
export async function project(
  files: readonly { readonly file: string; readonly text: string }[],
  options: ProjectOptions = {},
): Promise<Analyser> {
  const used = options.rules ?? rules;
  const analyser = new Analyser({ rules: used, languages: await languages(), today });
  analyser.configure(configOf(options, used));
  for (const { file, text } of files) analyser.setFile(file, text);
  analyser.setListing([...files.map((f) => f.file), ...(options.others ?? [])]);
  return analyser;
}

function configOf(options: ProjectOptions, used: readonly AnyRule[]): Config {
  const base: Config = { ...defaultConfig, preset: options.preset ?? "recommended" };
  if (options.config === undefined) return base;
  const { config, problems } = parseConfig("bulkhead.yaml", options.config, used, base);
  if (problems.length > 0) throw new Error(problems.map((p) => p.message).join("; "));
  return config;
}

/** The findings of one Dockerfile text, suppressed ones left out. */
export async function check(
  text: string,
  options: ProjectOptions & { readonly file?: string } = {},
): Promise<readonly Finding[]> {
  const file = options.file ?? "Dockerfile";
  const analyser = await project([{ file, text }], options);
  const problem = analyser.problems(file)[0];
  if (problem !== undefined) throw new Error(problem.message);
  return analyser.findings(file).filter((f) => f.suppressed === null);
}
