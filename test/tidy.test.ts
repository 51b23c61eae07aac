/** The borders between the folders, and what no file may hold. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support/engine";
import { type Source, sources } from "./support/sources";

let all: readonly Source[] = [];
const inside = (folder: string): Source[] => all.filter((s) => s.file.startsWith(`${folder}/`));

before(async () => {
  all = await sources();
});

function refuse(files: readonly Source[], allowed: (path: string, source: Source) => boolean): void {
  const wrong = files.flatMap((s) => s.imports.filter((i) => !allowed(i, s)).map((i) => `${s.file} imports ${i}`));
  assert.deepEqual(wrong, []);
}

const isNode = (path: string): boolean => path.startsWith("node:");

describe("borders", () => {
  const parsers: Readonly<Record<string, readonly string[]>> = {
    "dockerfile-ast": ["engine/languages/dockerfile/syntax.ts"],
    "web-tree-sitter": ["engine/languages/shell/syntax.ts", "engine/languages/tree/parser.ts"],
    yaml: ["engine/languages/yaml/syntax.ts"],
  };

  it("the engine imports itself, and each parser from its own folder", () => {
    refuse(inside("engine"), (path, s) => path.startsWith("engine/") || parsers[path]?.includes(s.file) === true);
  });

  it("a rule imports the engine's door and shared tables, and no other rule", () => {
    refuse(
      inside("rules").filter((s) => s.file !== "rules/index.ts"),
      (path) => path === "engine/index" || path.startsWith("rules/shared/"),
    );
  });

  it("completions import the engine's door, shared tables and the snippets", () => {
    refuse(
      inside("completions"),
      (path) =>
        ["engine/index", "snippets/index"].includes(path) ||
        path.startsWith("rules/shared/") ||
        path.startsWith("completions/"),
    );
  });

  it("the scaffold imports the engine's door, and its templates' language in one file", () => {
    refuse(inside("scaffold"), (path, s) => {
      if (path === "mustache") return s.file === "scaffold/template.ts";
      return path === "engine/index" || path.startsWith("scaffold/");
    });
  });

  it("the server imports the doors and its protocol; Node and the worker stay in their folders", () => {
    refuse(inside("server"), (path, s) => {
      if (isNode(path)) return s.file.startsWith("server/node/");
      if (path === "vscode-languageserver/node") return s.file.startsWith("server/node/");
      if (path === "vscode-languageserver/browser") return s.file.startsWith("server/browser/");
      return (
        [
          "engine/index",
          "rules/index",
          "completions/index",
          "scaffold/index",
          "vscode-languageserver",
          "vscode-languageserver-textdocument",
          "ignore",
        ].includes(path) || path.startsWith("server/")
      );
    });
  });

  it("the command line imports the doors and Node, and no protocol", () => {
    refuse(
      inside("cli"),
      (path) =>
        isNode(path) ||
        ["engine/index", "rules/index", "scaffold/index", "ignore"].includes(path) ||
        path.startsWith("cli/"),
    );
  });

  it("the client imports the editor and its protocol, and no analysis", () => {
    refuse(inside("client"), (path, s) => {
      if (isNode(path) || path === "vscode-languageclient/node") return s.file.startsWith("client/node/");
      if (path === "vscode-languageclient/browser") return s.file.startsWith("client/browser/");
      return (
        ["vscode", "vscode-languageclient"].includes(path) || path.startsWith("client/") || path === "server/protocol"
      );
    });
  });

  it("the compiler gives engine, rules, completions and scaffold neither Node nor DOM", () => {
    for (const folder of ["engine", "rules", "completions", "scaffold"]) {
      const own = JSON.parse(readFileSync(join(root, folder, "tsconfig.json"), "utf8"));
      assert.equal(own.extends, "../tsconfig.base.json");
      assert.equal(own.compilerOptions.types, undefined);
      assert.equal(own.compilerOptions.lib, undefined);
    }
    const base = JSON.parse(readFileSync(join(root, "tsconfig.base.json"), "utf8"));
    assert.deepEqual([base.compilerOptions.types, base.compilerOptions.lib], [[], ["es2023"]]);
  });

  it("engine, rules, completions and scaffold have no clock, no chance, no state of their module", () => {
    const wrong = ["engine", "rules", "completions", "scaffold"].flatMap(inside).flatMap(({ file, code }) => {
      return [/\bDate\.now\b/, /\bnew Date\(\)/, /\bMath\.random\b/, /^let /m, /\bglobalThis\b/]
        .filter((p) => p.test(code))
        .map((p) => `${file}: ${p}`);
    });
    assert.deepEqual(wrong, []);
  });

  it("only one file of the server knows lines and columns", () => {
    const wrong = inside("server").filter((s) => s.file !== "server/convert.ts" && /\bLineTable\b/.test(s.text));
    assert.deepEqual(
      wrong.map((s) => s.file),
      [],
    );
  });
});

describe("the sources", () => {
  it("are formatted and pass the linter (npm run format)", () => {
    const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
    const run = spawnSync(process.execPath, [biome, "check", "--max-diagnostics=20"], { cwd: root, encoding: "utf8" });
    assert.equal(run.status, 0, run.stdout + run.stderr);
  });

  it("hold no leftovers", () => {
    const wrong = all.filter((s) => s.comments.some((c) => /\b(?:TODO|FIXME|XXX|HACK)\b(?!["'`/])/.test(c)));
    assert.deepEqual(
      wrong.map((s) => s.file),
      [],
    );
  });

  it("name no vague things", () => {
    const wrong = all.filter((s) => /(?:manager|helper|utils?)\.ts$/i.test(s.file));
    assert.deepEqual(
      wrong.map((s) => s.file),
      [],
    );
  });
});
