/** Bundles the four programs into `dist/`, the grammars beside them. Types are checked by `tsc -b`, not here. */
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";

const root = join(__dirname, "..", "..");
const dist = join(root, "dist");

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
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
  define: { "import.meta.url": '""', global: "globalThis" },
};

export async function bundle(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const cliBanner = { js: `#!/usr/bin/env node\n${node.banner?.["js"] ?? ""}` };
  await Promise.all([
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
}

const grammars = [
  ["web-tree-sitter/web-tree-sitter.wasm", "web-tree-sitter.wasm"],
  ["tree-sitter-bash/tree-sitter-bash.wasm", "tree-sitter-bash.wasm"],
] as const;

if (require.main === module) {
  bundle().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
