/** The grammars as bytes, from beside the bundled script or from the packages that bring them. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import {
  type CodeGrammar,
  codeGrammarOf,
  createCodeParsers,
  createShellParser,
  grammarFiles,
  type Languages,
  type ShellParser,
} from "../engine/index";

function wasm(packageName: string, name = `${packageName}.wasm`): Uint8Array {
  const bundled = join(__dirname, name);
  return readFileSync(existsSync(bundled) ? bundled : createRequire(__filename).resolve(`${packageName}/${name}`));
}

/** What the files of a project need to be read. */
export interface Needed {
  readonly shell: boolean;
  readonly code: ReadonlySet<CodeGrammar>;
}

export function neededFor(documents: Iterable<readonly [name: string, text: string]>): Needed {
  let shell = false;
  const code = new Set<CodeGrammar>();
  for (const [name, text] of documents) {
    const grammar = codeGrammarOf(name);
    if (grammar !== undefined) code.add(grammar);
    else shell ||= needsShell(text);
  }
  return { shell, code };
}

/** Whether a file with this text may hold a shell command. */
const needsShell = (text: string): boolean => /\b(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK|command)\b/i.test(text);

/** Loads grammars, each at most once; the shell's takes some 30 ms. */
export function grammarLoader(): (needed: Needed) => Promise<Languages> {
  let shell: Promise<ShellParser> | undefined;
  const code = createCodeParsers(
    () => Promise.resolve(wasm("web-tree-sitter")),
    (name) => Promise.resolve(wasm(grammarFiles[name].package, grammarFiles[name].file)),
  );
  return async (needed) => {
    if (!needed.shell && needed.code.size === 0) return { shell: undefined };
    // V8 starts to optimise the parser's largest function within the first file, and a process does not end before that
    // is done, some 450 ms later. What its quick compiler gives is fast enough for a run over a thousand files.
    setFlagsFromString("--liftoff-only");
    if (needed.shell) shell ??= createShellParser(wasm("web-tree-sitter"), wasm("tree-sitter-bash"));
    // One after the other: both start the same runtime.
    const loaded = await shell;
    for (const grammar of needed.code) await code.load(grammar);
    return { shell: loaded, code };
  };
}
