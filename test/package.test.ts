/** The packaged extension: what is in it, and how large it is. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { snippetFiles } from "../snippets/index";
import { root } from "./support/engine";

describe("the packaged extension", () => {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-package-"));
  const file = join(folder, "bulkhead.vsix");
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is built by vsce", () => {
    const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
    // The one private key that vsce sees is the text of a rule's example.
    const flags = ["package", "--no-dependencies", "--allow-package-secrets", "privatekey", "--out", file];
    const run = spawnSync(process.execPath, [vsce, ...flags], { cwd: root, encoding: "utf8" });
    assert.equal(run.status, 0, run.stdout + run.stderr);
  });

  it("is no larger than 5 MB", () => {
    assert.ok(statSync(file).size <= 5 * 1024 * 1024, `${statSync(file).size} bytes`);
  });

  it("holds the programs, the grammars and the texts, and nothing else", () => {
    const names = entries(readFileSync(file))
      .filter((n) => n.startsWith("extension/"))
      .map((n) => n.slice(10));
    const expected = [
      "CHANGELOG.md",
      "LICENSE.txt",
      "dist/THIRD-PARTY-NOTICES.txt",
      "dist/cli.js",
      "dist/client.browser.js",
      "dist/client.js",
      "dist/server.browser.js",
      "dist/server.js",
      "dist/templates.json",
      "dist/tree-sitter-bash.wasm",
      "dist/tree-sitter-c_sharp.wasm",
      "dist/tree-sitter-go.wasm",
      "dist/tree-sitter-java.wasm",
      "dist/tree-sitter-python.wasm",
      "dist/tree-sitter-tsx.wasm",
      "dist/tree-sitter-typescript.wasm",
      "dist/web-tree-sitter.wasm",
      "media/icon.png",
      "media/screenshot.png",
      ...["finding", "fix-all", "fix", "open", "service"].map((name) => `media/walkthrough/${name}.svg`),
      ...["Dockerfile", "compose.yaml", "orders.ts"].map((name) => `media/walkthrough/shop/${name}`),
      "package.json",
      "readme.md",
      "schemas/bulkhead.schema.json",
      ...snippetFiles.map(({ file }) => `snippets/${file}`),
    ];
    assert.deepEqual(
      names.sort(),
      expected.map((n) => names.find((x) => x.toLowerCase() === n.toLowerCase()) ?? n).sort(),
    );
  });
});

/** The names in a ZIP file's central directory. */
function entries(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  let at = zip.readUInt32LE(end + 16);
  const names: string[] = [];
  for (let i = zip.readUInt16LE(end + 10); i > 0; i--) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString("utf8", at + 46, at + 46 + length));
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}
