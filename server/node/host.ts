import { type Dirent, existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createCodeParsers, createShellParser, grammarFiles, type Languages } from "../../engine/index";
import type { Templates } from "../../scaffold/index";
import type { Files, Host } from "../host";
import { largestFile } from "../protocol";

/** More files than this in one folder are not looked through: what is there counts as unknown. */
const mostFiles = 200_000;
/** Directories that are read at the same time. */
const readers = 8;

/** `failed` is told what could not be loaded. */
export function nodeHost(failed: (what: string) => void): Host {
  return {
    languages: loadLanguages(failed),
    templates: () => loadTemplates(failed),
    filesOf: (uri) => (uri.startsWith("file:") ? files : undefined),
    today: () => new Date().toISOString().slice(0, 10),
    soon: (run) => void setImmediate(run),
    later: (run) => void setTimeout(run, 15),
    rest: youngCollector(),
  };
}

/**
 * Collects young garbage. V8 does so when there is much of it, and that is in the middle of an answer; what an edit
 * replaced by then has also grown old, and waits for the long collections. Between two keys it is little, and quick.
 */
function youngCollector(): () => void {
  // What an edit makes lives until the next one: long enough for V8 to take it for something that stays.
  setFlagsFromString("--no-allocation-site-pretenuring");
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  return typeof collect === "function" ? () => void collect({ type: "minor" }) : () => undefined;
}

async function loadLanguages(failed: (what: string) => void): Promise<Languages> {
  try {
    // V8 would start to optimise the parser's largest function with the first document, beside the rules' first run on it.
    // What its quick compiler gives parses a script well within a keystroke.
    setFlagsFromString("--liftoff-only");
    const [runtime, shell] = await Promise.all([
      readFile(grammar("web-tree-sitter", "web-tree-sitter.wasm")),
      readFile(grammar("tree-sitter-bash", "tree-sitter-bash.wasm")),
    ]);
    const code = createCodeParsers(
      () => Promise.resolve(runtime),
      (name) => readFile(grammar(grammarFiles[name].package, grammarFiles[name].file)),
    );
    return { shell: await createShellParser(runtime, shell), code };
  } catch (error) {
    failed(`The shell parser could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
    return { shell: undefined };
  }
}

async function loadTemplates(failed: (what: string) => void): Promise<Templates | undefined> {
  const name = "templates.json";
  const beside = join(__dirname, name);
  // Compiled without bundling, this file lies in `out/server/node`.
  const file = existsSync(beside) ? beside : join(__dirname, "..", "..", "..", "dist", name);
  try {
    return JSON.parse(await readFile(file, "utf8")) as Templates;
  } catch (error) {
    failed(`The templates could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Beside the bundle, or in its package where there is no bundle. */
function grammar(packageName: string, file: string): string {
  const beside = join(__dirname, file);
  return existsSync(beside) ? beside : createRequire(__filename).resolve(`${packageName}/${file}`);
}

const files: Files = {
  async list(uri) {
    const root = pathOf(uri);
    if (root === undefined) return undefined;
    const names: string[] = [];
    const folders = [""];
    const reader = async (): Promise<void> => {
      for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
        await readFolder(root, folder, names, folders);
        if (names.length > mostFiles) return;
      }
    };
    if (!(await isFolder(root))) return undefined;
    while (folders.length > 0 && names.length <= mostFiles) await Promise.all(Array.from({ length: readers }, reader));
    return names.length > mostFiles ? undefined : names.sort();
  },
  async read(uri) {
    const path = pathOf(uri);
    if (path === undefined) return undefined;
    try {
      const about = await stat(path);
      if (!about.isFile() || about.size > largestFile) return undefined;
      return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    } catch {
      return undefined;
    }
  },
};

async function readFolder(root: string, folder: string, names: string[], folders: string[]): Promise<void> {
  for (const entry of await entriesOf(join(root, folder))) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) names.push(name);
    else if (entry.name === ".git") names.push(`${name}/HEAD`);
    else if (entry.name !== "node_modules") folders.push(name);
  }
}

/** A folder that may not be read looks empty. */
const entriesOf = (path: string): Promise<Dirent[]> => readdir(path, { withFileTypes: true }).catch(() => []);

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );

function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
