import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { build } from "esbuild";
import { Fault } from "./fault";
import { answersFolder } from "./protocol";
import type { Suite } from "./suites";

/** The folders of one run, all temporary but the extension's where that is used as it is. Absolute paths. */
export interface Stage {
  /** A fresh copy that tests may change. */
  readonly workspace: string;
  readonly answers: string;
  /** The editor's own files. */
  readonly data: string;
  readonly extension: string;
  /** The module that exports `run()`. */
  readonly tests: string;
  remove(): Promise<void>;
}

/** The compiled script lies in `out/scripts/editor/`. */
export const projectFolder = resolve(__dirname, "..", "..", "..");

export async function prepareStage(suite: Suite, extension: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "bulkhead-editor-"));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  try {
    const workspace = join(folder, basename(suite.workspace));
    const answers = join(folder, answersFolder);
    await cp(join(projectFolder, suite.workspace), workspace, { recursive: true });
    await mkdir(answers);
    const roles = suite.host === "worker" ? await asWebExtension(suite, extension, folder) : asIs(suite, extension);
    return { workspace, answers, data: join(folder, "data"), ...roles, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function asIs(suite: Suite, extension: string): Pick<Stage, "extension" | "tests"> {
  return { extension, tests: join(projectFolder, "out", "test", "editor", `${suite.entry}.js`) };
}

/**
 * An editor prefers the Node host for whatever has `main`, so the web extension is a copy of the manifest without it,
 * with links to the rest. Tests run in the host of the extension in whose folder they lie, so they lie in the copy.
 */
async function asWebExtension(suite: Suite, from: string, folder: string): Promise<Pick<Stage, "extension" | "tests">> {
  const extension = join(folder, "extension");
  await mkdir(extension);
  const { main: _, ...manifest } = JSON.parse(await readFile(join(from, "package.json"), "utf8"));
  if (manifest.browser === undefined) throw new Fault(`${from}: package.json has no "browser"`);
  await writeFile(join(extension, "package.json"), JSON.stringify(manifest));
  const left = new Set(["package.json", "node_modules", "out", ".git", "web-tests"]);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (left.has(entry.name)) continue;
    if (entry.isDirectory()) await symlink(join(from, entry.name), join(extension, entry.name), "junction");
    if (entry.isFile()) await cp(join(from, entry.name), join(extension, entry.name));
  }
  const tests = join(extension, "web-tests", `${suite.entry}.js`);
  await bundleTests(join(projectFolder, "test", "editor", `${suite.entry}.ts`), tests);
  return { extension, tests };
}

async function bundleTests(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "browser",
    format: "cjs",
    target: "es2022",
    external: ["vscode"],
    // Mocha's browser build, an old-style script in an ES module package, would replace the bundle's exports by its own.
    define: { global: "globalThis", module: "undefined" },
    logLevel: "warning",
  });
}
