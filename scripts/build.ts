/** Bundles the programs into `dist/`, grammars and templates beside them. Types are checked by `tsc -b`, not here. */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, type BuildResult, build } from "esbuild";
import { grammarFiles } from "../engine/index";

const root = join(__dirname, "..", "..");
const dist = join(root, "dist");

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  sourcemap: false,
};

const node: BuildOptions = {
  ...common,
  platform: "node",
  format: "cjs",
  target: "node20",
  // web-tree-sitter asks for its own place as an ES module does.
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl=require("node:url").pathToFileURL(__filename).href;' },
};

const browser: BuildOptions = {
  ...common,
  platform: "browser",
  mainFields: ["browser", "module", "main"],
  conditions: ["browser"],
  // Never reached outside Node: web-tree-sitter imports them only there.
  external: ["module", "fs/promises", "fs", "path", "url"],
  define: { "import.meta.url": '"file:///"', global: "globalThis" },
};

export async function bundle(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const cliBanner = { js: `#!/usr/bin/env node\n${node.banner?.["js"] ?? ""}` };
  const results = await Promise.all([
    build({ ...node, banner: cliBanner, entryPoints: ["cli/main.ts"], outfile: "dist/cli.js" }),
    build({ ...node, entryPoints: ["server/node/main.ts"], outfile: "dist/server.js" }),
    build({ ...node, entryPoints: ["client/node/main.ts"], outfile: "dist/client.js", external: ["vscode"] }),
    build({ ...browser, format: "iife", entryPoints: ["server/browser/main.ts"], outfile: "dist/server.browser.js" }),
    build({
      ...browser,
      format: "cjs",
      entryPoints: ["client/browser/main.ts"],
      outfile: "dist/client.browser.js",
      external: ["vscode"],
    }),
  ]);
  chmodSync(join(dist, "cli.js"), 0o755);
  for (const [from, to] of grammars) copyFileSync(join(root, "node_modules", from), join(dist, to));
  writeFileSync(join(dist, "templates.json"), JSON.stringify(templates()));
  writeFileSync(join(dist, "THIRD-PARTY-NOTICES.txt"), notices(results));
}

/** What a service's own tools leave in its folder. */
const leftovers = new Set(["node_modules", "dist", "build", "target", ".venv", "__pycache__", ".pytest_cache"]);

/** The texts that new services are made of, by their path below `snippets/services`. */
export function templates(): Readonly<Record<string, string>> {
  const services = join(root, "snippets", "services");
  const pathsIn = (folder: string): readonly string[] =>
    readdirSync(join(services, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (!entry.isDirectory()) return [path];
      return leftovers.has(entry.name) ? [] : pathsIn(path);
    });
  return Object.fromEntries(
    [...pathsIn("")].sort().map((path) => [path, readFileSync(join(services, path), "utf8")] as const),
  );
}

/** The licences of everything that went into the bundles, and of the data of others. */
function notices(results: readonly BuildResult[]): string {
  const inputs = results.flatMap((r) => Object.keys(r.metafile?.inputs ?? {}));
  const names = inputs.flatMap((i) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(i)?.[1] ?? []);
  const packages = [
    ...new Set([...names, "tree-sitter-bash", ...Object.values(grammarFiles).map((g) => g.package)]),
  ].sort();
  const texts = packages.map((name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
      string,
      string
    >;
    const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
    const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}`;
  });
  const data = "Image end-of-life dates: endoflife.date, https://github.com/endoflife-date/endoflife.date (MIT)";
  return `${[...texts, data].join(`\n\n${"-".repeat(72)}\n\n`)}\n`;
}

const grammars = [
  ["web-tree-sitter/web-tree-sitter.wasm", "web-tree-sitter.wasm"],
  ["tree-sitter-bash/tree-sitter-bash.wasm", "tree-sitter-bash.wasm"],
  ...Object.values(grammarFiles).map((g) => [`${g.package}/${g.file}`, g.file] as const),
] as const;

if (require.main === module) {
  bundle().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
