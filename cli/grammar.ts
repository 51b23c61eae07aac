/** The grammars as bytes, from beside the bundled script or from the packages that bring them. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { createShellParser, type Languages } from "../engine/index";

function wasm(packageName: string): Uint8Array {
  const name = `${packageName}.wasm`;
  const bundled = join(__dirname, name);
  return readFileSync(existsSync(bundled) ? bundled : createRequire(__filename).resolve(`${packageName}/${name}`));
}

export const withoutGrammars: Languages = { shell: undefined };

/** Takes some 30 ms; see {@link needsShell}. */
export async function loadGrammars(): Promise<Languages> {
  // V8 starts to optimise the parser's largest function within the first file, and a process does not end before that is
  // done, some 450 ms later. What its quick compiler gives is fast enough for a run over a thousand files.
  setFlagsFromString("--liftoff-only");
  return { shell: await createShellParser(wasm("web-tree-sitter"), wasm("tree-sitter-bash")) };
}

/** Whether a file with this text may hold a shell command. */
export const needsShell = (text: string): boolean => /\b(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK|command)\b/i.test(text);
