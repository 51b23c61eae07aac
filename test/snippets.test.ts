/** Every snippet, as it is inserted and with every choice: whole, readable, and nothing for our own rules to say. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { Language, Parser } from "web-tree-sitter";
import { parseAllDocuments } from "yaml";
import { expanded } from "../completions/index";
import type { Analyser, Finding } from "../engine/index";
import { type Place, type Snippet, type SnippetFile, snippetFiles } from "../snippets/index";
import { isIgnored } from "../rules/shared/ignore-files";
import { accepted, acceptedAt } from "./support/accepted";
import { languages, project, root } from "./support/engine";
import { type CodePlace, isCode, type Placed, placed, unwanted } from "./support/places";
import { expand, tabStops } from "./support/snippet";

interface Variant {
  /** The choice that differs from what is there first; empty for none. */
  readonly title: string;
  readonly text: string;
}

const used = new Set<object>();

/**
 * The snippet as it is, and once with every other value of every choice. Code also with hosts that somebody could own:
 * of those that are made for examples many rules are silent.
 */
function variants({ body }: Snippet, place: Place): readonly Variant[] {
  const plain = expand(body);
  const owned = { title: " with real hosts", text: plain.replaceAll("example.com", "acme.io") };
  const others = tabStops(body).flatMap(({ number, choices }) =>
    choices.slice(1).map((value) => ({ title: ` with ${value}`, text: expand(body, new Map([[number, value]])) })),
  );
  const isOwned = isCode(place) && owned.text !== plain;
  return [{ title: "", text: plain }, ...(isOwned ? [owned] : []), ...others];
}

const all: readonly (readonly [SnippetFile, string, Snippet])[] = snippetFiles.flatMap((file) =>
  Object.entries(file.snippets).map(([title, snippet]) => [file, title, snippet] as const),
);

describe("the files of snippets", () => {
  it("are all in the list", () => {
    const there = readdirSync(join(root, "snippets")).filter((f) => f.endsWith(".json") && f !== "tsconfig.json");
    assert.deepEqual(snippetFiles.map((s) => s.file).sort(), there.sort());
  });

  it("hold what the list gives", () => {
    for (const { file, snippets } of snippetFiles) {
      assert.deepEqual(JSON.parse(readFileSync(join(root, "snippets", file), "utf8")), snippets, file);
      assert.notDeepEqual(Object.keys(snippets), [], `${file} is empty`);
    }
  });

  it("use a prefix once in a language", () => {
    const prefixes = all.flatMap(([{ languages: ids }, , { prefix }]) => ids.map((id) => `${prefix} of ${id}`));
    assert.deepEqual(
      prefixes.filter((name, i) => prefixes.indexOf(name) !== i),
      [],
    );
  });

  it("are for languages that somebody names once a place", () => {
    for (const { file, languages: ids } of snippetFiles) {
      assert.ok(ids.length > 0 && new Set(ids).size === ids.length, file);
    }
  });
});

for (const [{ file, place }, title, snippet] of all) {
  describe(`snippet ${snippet.prefix} of ${file}`, () => {
    it("has the form that editors read", () => {
      assert.deepEqual(Object.keys(snippet).sort(), ["body", "description", "prefix"]);
      assert.match(snippet.prefix, /^bh-[a-z0-9]+(?:-[a-z0-9]+)*$/);
      assert.match(title, /^\S[^\n]{3,60}$/);
      assert.match(snippet.description, /^[A-Z][^\n]{20,140}\.$/);
      assert.ok(snippet.body.length > 0);
      assert.ok(snippet.body.every((line) => !/[\n\r]|[ \t]$/.test(line)));
    });

    it("has its stops in order, and one place for each value", () => {
      const stops = tabStops(snippet.body);
      const numbers = [...new Set(stops.map((s) => s.number))].filter((n) => n > 0).sort((a, b) => a - b);
      assert.deepEqual(
        numbers,
        numbers.map((_, i) => i + 1),
      );
      for (const number of numbers) {
        const defined = stops.filter((s) => s.number === number && s.isDefined);
        assert.equal(defined.length, 1, `stop ${number}`);
      }
      assert.ok(stops.filter((s) => s.number === 0).length <= 1);
      for (const { choices } of stops) assert.equal(new Set(choices).size, choices.length);
    });

    it("reads the same to the language server", () => {
      assert.equal(expanded(snippet.body.join("\n")), expand(snippet.body));
    });

    it("fits on a screen", () => {
      for (const { text } of variants(snippet, place)) {
        assert.deepEqual(
          text.split("\n").filter((line) => line.length > 120),
          [],
        );
      }
    });

    it("is clean where it belongs", async function () {
      this.timeout(30_000);
      for (const { title: choice, text } of variants(snippet, place)) {
        const read = await readable(place, text);
        const left = (await complaints(read)).filter(({ rule }) => {
          const entry = acceptedAt(snippet.prefix, rule);
          if (entry !== undefined) used.add(entry);
          return entry === undefined;
        });
        assert.deepEqual(
          left.map((f) => `${f.rule}: ${f.message}`),
          [],
          `${snippet.prefix}${choice}\n${read.where.files[0]?.text}`,
        );
      }
    });
  });
}

describe("the ignore files among the snippets", () => {
  for (const [{ place }, , snippet] of all) {
    if (place !== "dockerignore") continue;
    it(`${snippet.prefix} leaves out what is secret`, () => {
      const globs = expand(snippet.body)
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line) => ({ glob: line.replace(/^!/, ""), negated: line.startsWith("!") }));
      assert.deepEqual(
        unwanted.filter((file) => !isIgnored(globs, file)),
        [],
      );
      assert.equal(isIgnored(globs, "src/main.ts"), false);
    });
  }
});

describe("what is accepted of snippets", () => {
  it("is needed, each entry", () => {
    const idle = accepted.filter((entry) => entry.where.startsWith("bh-") && !used.has(entry));
    assert.deepEqual(idle, []);
  });
});

interface Read {
  readonly where: Placed;
  readonly analyser: Analyser;
}

/** The first way to place the text in which everything can be read. */
async function readable(place: Place, text: string): Promise<Read> {
  const faults: string[] = [];
  for (const where of placed(place, text)) {
    const analyser = await project(where.files, { preset: "all", others: where.others ?? [] });
    const [problem] = where.files.flatMap((f) => analyser.problems(f.file));
    const fault = problem?.message ?? (await syntaxFault(place, where));
    if (fault === undefined) return { where, analyser };
    faults.push(fault);
  }
  throw new Error(`${faults.join("\n")}\n${text}`);
}

/** What the parsers themselves say, which the engine does without. */
async function syntaxFault(place: Place, { files }: Placed): Promise<string | undefined> {
  const [{ file, text } = { file: "", text: "" }] = files;
  if (isCode(place)) return codeFault(text, place);
  if (place === "daemon-json") JSON.parse(text);
  if (place.startsWith("dockerfile")) {
    const keywords = DockerfileParser.parse(text)
      .getInstructions()
      .map((i) => i.getKeyword());
    const unknown = keywords.find((keyword) => !instructions.has(keyword));
    if (unknown !== undefined) return `${unknown} is no instruction`;
  }
  if (!/\.ya?ml$/.test(file)) return undefined;
  return parseAllDocuments(text).flatMap(({ errors, warnings }) => [...errors, ...warnings])[0]?.message;
}

const instructions = new Set(
  "FROM RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL".split(
    " ",
  ),
);

/** What is found in the files, and is not there without the snippet. */
async function complaints({ where: { files, around, others }, analyser }: Read): Promise<readonly Finding[]> {
  const found = files.flatMap(({ file }) => analyser.findings(file));
  if (around === undefined || found.length === 0) return found;
  const without = await project(around, { preset: "all", others: others ?? [] });
  const known = new Set(around.flatMap(({ file }) => without.findings(file)).map((f) => `${f.rule} ${f.message}`));
  return found.filter((f) => !known.has(`${f.rule} ${f.message}`));
}

const grammars: Readonly<Record<CodePlace, string>> = {
  typescript: "tree-sitter-typescript/tree-sitter-typescript.wasm",
  javascript: "tree-sitter-javascript/tree-sitter-javascript.wasm",
  python: "tree-sitter-python/tree-sitter-python.wasm",
  go: "tree-sitter-go/tree-sitter-go.wasm",
  java: "tree-sitter-java/tree-sitter-java.wasm",
  csharp: "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm",
};
const loaded = new Map<string, Promise<Language>>();

/** The first thing that the grammar cannot read, or misses. */
async function codeFault(text: string, name: CodePlace): Promise<string | undefined> {
  await languages();
  const loading = loaded.get(name) ?? Language.load(readFileSync(join(root, "node_modules", grammars[name])));
  loaded.set(name, loading);
  const parser = new Parser();
  parser.setLanguage(await loading);
  const tree = parser.parse(text);
  const wrong = tree?.rootNode.descendantsOfType("ERROR")[0];
  const fault =
    tree?.rootNode.hasError === false
      ? undefined
      : `${name} cannot be read${wrong === undefined || wrong === null ? "" : ` at line ${wrong.startPosition.row + 1}`}`;
  tree?.delete();
  parser.delete();
  return fault;
}
