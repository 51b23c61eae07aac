import assert from "node:assert/strict";
import fc from "fast-check";
import { choice, expandChoices } from "../../engine/fix";
import { parseYaml, type YamlDocument, type YamlStream } from "../../engine/languages/yaml/document";
import {
  append,
  commented,
  inTurn,
  insert,
  raw,
  remove,
  rename,
  set,
  type YamlData,
} from "../../engine/languages/yaml/edit";
import { childrenOf, type YamlNode, type YamlPath } from "../../engine/languages/yaml/node";
import { applyEdits, conflict, type Edit } from "../../engine/text/edit";
import { LineTable } from "../../engine/text/lines";
import { corpus, fixtures, seen, Tagged, written } from "../support/yaml";

type Change = (document: YamlDocument) => readonly Edit[] | undefined;

function edited(text: string, change: Change): string | undefined {
  const document = parseYaml(text).documents[0] as YamlDocument;
  const edits = change(document);
  return edits && applyEdits(text, edits);
}

const cases = (name: string, all: readonly [string, string, Change, string | undefined][]): Mocha.Suite =>
  describe(`YAML edits: ${name}`, () => {
    for (const [title, text, change, expected] of all) {
      it(title, () => {
        assert.equal(edited(text, change), expected);
        const windows = edited(text.replace(/\n/g, "\r\n"), change);
        if (text.includes("\n")) assert.equal(windows, expected?.replace(/\n/g, "\r\n"));
        assert.equal(edited(`\uFEFF${text}`, change), expected === undefined ? undefined : `\uFEFF${expected}`);
      });
    }
  });

cases("set", [
  ["a plain value", "a: 1 # c\nb: 2\n", (d) => set(d, ["a"], "x"), "a: x # c\nb: 2\n"],
  ["keeps quotes", "a: 'x'\nb: \"y\"\n", (d) => set(d, ["b"], "no"), "a: 'x'\nb: \"no\"\n"],
  ["quotes what needs it", "a: x\n", (d) => set(d, ["a"], "yes"), 'a: "yes"\n'],
  ["quotes as the file does", "a: x\nb: 'c'\n", (d) => set(d, ["a"], "22:22"), "a: '22:22'\nb: 'c'\n"],
  ["nothing", "a: # c\nb: 1\n", (d) => set(d, ["a"], "x"), "a: x # c\nb: 1\n"],
  ["a map by a text", "a: # c\n  b: 1\n  d: 2 # e\nf: 1\n", (d) => set(d, ["a"], "x"), "a: x # c\nf: 1\n"],
  [
    "a text by a map",
    "a: x # c\nf: 1\n",
    (d) => set(d, ["a"], { b: [1, { c: 2 }] }),
    "a: # c\n  b:\n    - 1\n    - c: 2\nf: 1\n",
  ],
  ["a block scalar", "a: |\n  x\n  y\nb: 1\n", (d) => set(d, ["a"], "z"), "a: z\nb: 1\n"],
  ["lines as a block scalar", "a:\n  b: 1\n", (d) => set(d, ["a", "b"], "x\ny\n"), "a:\n  b: |\n    x\n    y\n"],
  [
    "an item by a map",
    "a:\n  - x # c\n  - y\n",
    (d) => set(d, ["a", 0], { b: 1, c: 2 }),
    "a:\n  - # c\n    b: 1\n    c: 2\n  - y\n",
  ],
  ["an item in flow style", "a: [x, y]\n", (d) => set(d, ["a", 1], "b, c"), 'a: [x, "b, c"]\n'],
  ["makes the maps on the way", "a:\n    b: 1\n", (d) => set(d, ["c", "d"], true), "a:\n    b: 1\nc:\n    d: true\n"],
  ["replaces an alias only there", "a: &x 1\nb: *x\n", (d) => set(d, ["b"], 2), "a: &x 1\nb: 2\n"],
  ["keeps an anchor, drops a tag", "a: &x !t v\nb: *x\n", (d) => set(d, ["a"], { c: 1 }), "a: &x\n  c: 1\nb: *x\n"],
  [
    "a merged key, explicitly",
    "a: &x {k: 1}\nb:\n  <<: *x\n",
    (d) => set(d, ["b", "k"], 2),
    "a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n",
  ],
  ["below an alias", "a: &x\n  k: 1\nb: *x\n", (d) => set(d, ["b", "l"], 2), "a: &x\n  k: 1\nb:\n  <<: *x\n  l: 2\n"],
  [
    "below a merged map",
    "a: &a\n  e: &e\n    k: 1\nb:\n  <<: *a\n",
    (d) => set(d, ["b", "e", "k"], 2),
    "a: &a\n  e: &e\n    k: 1\nb:\n  <<: *a\n  e:\n    <<: *e\n    k: 2\n",
  ],
  [
    "refuses below a merged map without anchor",
    "a: &a {e: {k: 1}}\nb: {<<: *a}\n",
    (d) => set(d, ["b", "e", "k"], 2),
    undefined,
  ],
  ["refuses to lose an anchor", "a:\n  b: &x 1\nc: *x\n", (d) => set(d, ["a"], 2), undefined],
  [
    "JSON",
    '{\n  "a": {"b": 1},\n  "c": 2\n}\n',
    (d) => set(d, ["c"], { d: ["x"] }),
    '{\n  "a": {"b": 1},\n  "c": {\n    "d": [\n      "x"\n    ]\n  }\n}\n',
  ],
  ["an empty file", "", (d) => set(d, ["a", "b"], 1), "a:\n  b: 1\n"],
  ["a file of comments", "# c\n", (d) => set(d, ["a"], 1), "# c\na: 1\n"],
]);

cases("insert and append", [
  ["at the end", "a:\n  b: 1\n\n# c\nd: 2\n", (d) => insert(d, ["a", "c"], 2), "a:\n  b: 1\n  c: 2\n\n# c\nd: 2\n"],
  [
    "before, above its comments",
    "x: 0\n# b\nb: 1\n",
    (d) => insert(d, ["a"], 1, { before: "b" }),
    "x: 0\na: 1\n# b\nb: 1\n",
  ],
  [
    "after, behind its comments",
    "a: # c\n  b: 1\n  # d\ne: 1\n",
    (d) => insert(d, ["x"], 1, { after: "a" }),
    "a: # c\n  b: 1\n  # d\nx: 1\ne: 1\n",
  ],
  [
    "before the first in a list's map",
    "- a: 1\n  b: 2\n",
    (d) => insert(d, [0, "x"], 1, { before: "a" }),
    "- x: 1\n  a: 1\n  b: 2\n",
  ],
  ["without a line end", "a: 1", (d) => insert(d, ["b"], [1]), "a: 1\nb:\n  - 1"],
  ["in flow style", "a: { b: 1 }\n", (d) => insert(d, ["a", "c"], [1, "x"]), "a: { b: 1, c: [1, x] }\n"],
  [
    "in flow style over lines",
    "a: [\n  b, # c\n  d # e\n]\n",
    (d) => append(d, ["a"], "f"),
    "a: [\n  b, # c\n  d, # e\n  f\n]\n",
  ],
  ["behind a last comma", "a: [b,]\n", (d) => append(d, ["a"], "c"), "a: [b, c]\n"],
  [
    "an item like its siblings",
    'a:\n- "x"\n# c\n- "y"\nb: 1\n',
    (d) => append(d, ["a"], "z"),
    'a:\n- "x"\n# c\n- "y"\n- "z"\nb: 1\n',
  ],
  ["an item between", "a:\n- x\n- y\n", (d) => insert(d, ["a", 1], { b: 1, c: 2 }), "a:\n- x\n- b: 1\n  c: 2\n- y\n"],
  ["into an empty list", "a:\n  b: [] # c\n", (d) => append(d, ["a", "b"], "ALL"), "a:\n  b: # c\n    - ALL\n"],
  ["into an empty tagged list", "a: !reset []\n", (d) => append(d, ["a"], 1), "a: !reset\n  - 1\n"],
  ["into nothing", "a:\nb: 1\n", (d) => insert(d, ["a", "c"], 1), "a:\n  c: 1\nb: 1\n"],
  ["into nothing, as lists are here", "x:\n- 1\na:\n", (d) => append(d, ["a"], 1), "x:\n- 1\na:\n- 1\n"],
  ["into a missing list", "a: 1\n", (d) => append(d, ["b"], "x"), "a: 1\nb:\n  - x\n"],
  [
    "into JSON",
    '{\n  "a": 1\n}\n',
    (d) => insert(d, ["b"], { c: "d" }),
    '{\n  "a": 1,\n  "b": {\n    "c": "d"\n  }\n}\n',
  ],
  [
    "into an empty JSON map",
    '{\n  "a": {}\n}\n',
    (d) => insert(d, ["a", "b"], "c"),
    '{\n  "a": {\n    "b": "c"\n  }\n}\n',
  ],
  ["refuses a taken key", "a: 1\n", (d) => insert(d, ["a"], 2), undefined],
  ["refuses an alias' list", "a: &a [1]\nb: *a\n", (d) => append(d, ["b"], 2), undefined],
  [
    "comments",
    "a: 1\n",
    (d) => insert(d, ["b"], commented({ c: commented(1, { behind: "one" }) }, { above: ["two", "three"] })),
    "a: 1\n# two\n# three\nb:\n  c: 1 # one\n",
  ],
  ["raw text", "a: 1\n", (d) => insert(d, ["b"], raw("!reset []")), "a: 1\nb: !reset []\n"],
]);

cases("remove and rename", [
  [
    "an entry with its comments",
    "a: 1\n\n# b\n# bb\nb: 2 # bbb\n# c\nc: 3\n",
    (d) => remove(d, ["b"]),
    "a: 1\n\n# c\nc: 3\n",
  ],
  ["leaves the file's head", "# head\na: 1\nb: 2\n", (d) => remove(d, ["a"]), "# head\nb: 2\n"],
  ["a block with what is commented out in it", "a:\n  b: 1\n  # c: 2\nd: 1\n", (d) => remove(d, ["a"]), "d: 1\n"],
  [
    "leaves comments of the block before",
    "a:\n  b: 1\n  # c: 2\nd: 1\n",
    (d) => remove(d, ["d"]),
    "a:\n  b: 1\n  # c: 2\n",
  ],
  ["the last entry leaves a map", "a: # c\n  b: 1\nd: 1\n", (d) => remove(d, ["a", "b"]), "a: {} # c\nd: 1\n"],
  ["the last item leaves a list", "a:\n- b\nd: 1\n", (d) => remove(d, ["a", 0]), "a: []\nd: 1\n"],
  ["the last of all", "a: 1\n", (d) => remove(d, ["a"]), "{}\n"],
  ["the first in a list's map", "- a: 1 # c\n  # d\n  b: 2\n", (d) => remove(d, [0, "a"]), "- # d\n  b: 2\n"],
  ["at the end without a line end", "a: 1\nb: 2", (d) => remove(d, ["b"]), "a: 1"],
  ["the first in flow style", "a: [b, c, d]\n", (d) => remove(d, ["a", 0]), "a: [c, d]\n"],
  ["the last in flow style", "a: { b: 1, c: 2 }\n", (d) => remove(d, ["a", "c"]), "a: { b: 1 }\n"],
  ["all in flow style", "a: [b]\n", (d) => remove(d, ["a", 0]), "a: []\n"],
  [
    "a line in flow style",
    "a: [\n  b, # b\n  # c\n  c, # cc\n  d # d\n]\n",
    (d) => remove(d, ["a", 1]),
    "a: [\n  b, # b\n  d # d\n]\n",
  ],
  ["the last line in flow style", "a: [\n  b, # b\n  c # c\n]\n", (d) => remove(d, ["a", 1]), "a: [\n  b # b\n]\n"],
  ["an anchor that nobody uses", "a: &x 1\nb: 2\n", (d) => remove(d, ["a"]), "b: 2\n"],
  ["refuses an anchor in use", "a: {b: &x 1}\nb: *x\n", (d) => remove(d, ["a"]), undefined],
  ["an anchor with its only use", "a: {b: &x 1, c: *x}\nb: 1\n", (d) => remove(d, ["a"]), "b: 1\n"],
  ["refuses what is merged in", "a: &x {b: 1}\nc: {<<: *x}\n", (d) => remove(d, ["c", "b"]), undefined],
  ["renames", "a: 1\n'b': 2 # c\n", (d) => rename(d, ["b"], "on"), "a: 1\n'on': 2 # c\n"],
  ["refuses a taken name", "a: 1\nb: 2\n", (d) => rename(d, ["b"], "a"), undefined],
]);

cases("several in turn", [
  [
    "far from each other",
    "a: [x, y, z]\nb: 1\nc: 2\n",
    (d) => inTurn(d, [(e) => remove(e, ["a", 2]), (e) => remove(e, ["a", 0]), (e) => set(e, ["c"], 3)]),
    "a: [y]\nb: 1\nc: 3\n",
  ],
  [
    "all items of a list",
    "a:\n  - x\n  - y\nb: 1\n",
    (d) => inTurn(d, [(e) => remove(e, ["a", 1]), (e) => remove(e, ["a", 0])]),
    "a: []\nb: 1\n",
  ],
  [
    "neighbours in flow style",
    "a: [x, y, z]\n",
    (d) => inTurn(d, [(e) => remove(e, ["a", 2]), (e) => remove(e, ["a", 1])]),
    "a: [x]\n",
  ],
  ["refuses where one does", "a: 1\n", (d) => inTurn(d, [(e) => set(e, ["a"], 2), (e) => remove(e, ["b"])]), undefined],
]);

describe("YAML edits: guided", () => {
  it("keeps choices through quoting, and escapes the rest", () => {
    const text = "a: x\nb: { c: 1 }\n";
    const document = parseYaml(text).documents[0] as YamlDocument;
    const edits = insert(
      document,
      ["d"],
      { e: `${choice(1, "yes")}`, f: `\${2:app}-$\\{X\\}`, "}": 1 },
      { snippet: true },
    );
    const snippet = edits?.[0]?.text ?? "";
    assert.ok(snippet.includes('e: "${1:yes}"'), snippet);
    assert.ok(snippet.includes("${2:app}"), snippet);
    const applied = applyEdits(
      text,
      (edits ?? []).map((e) => ({ ...e, text: expandChoices(e.text) })),
    );
    const root = parseYaml(applied).documents[0]?.resolved;
    assert.equal(root?.at(["d", "e"])?.value, "yes");
    assert.equal(root?.at(["d", "f"])?.text?.startsWith("app-$"), true);
  });
});

/* Random edits, against a model of what is written. */

const nasty = fc.constantFrom(
  ...[
    "yes",
    "no",
    "22:22",
    "*a",
    "&b",
    "!c",
    "%d",
    "@e",
    "a: b",
    "a #b",
    "",
    " ",
    "null",
    "~",
    "12",
    "1e3",
    "- x",
    "?",
    "x:",
  ],
  ...[
    "'",
    '"',
    "it's",
    '"q"',
    "[a",
    "}b",
    "a, b",
    "# c",
    "back\\slash",
    "Ünïcode ☃",
    "two\nlines",
    "end\n",
    " lead\nx",
    "tab\tx",
  ],
  ...[
    "2020-01-01",
    "0x1f",
    "0o7",
    ".5",
    "<<",
    "=",
    "---",
    "|",
    ">",
    "`x`",
    "127.0.0.1:5432:5432",
    "${A:-b}",
    "a\r\nb",
    "\u0085",
  ],
);
const scalarData = fc.oneof(nasty, fc.string({ maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant(null));
const key = fc.oneof(
  fc.constantFrom("k", "new_key", "on", "1", "a b", "x: y", "#h", "", "é"),
  fc.string({ maxLength: 6 }),
);
const data: fc.Arbitrary<YamlData> = fc.letrec<{ data: YamlData }>((tie) => ({
  data: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalarData,
    fc.array(tie("data"), { maxLength: 3 }),
    fc.dictionary(
      key.filter((k) => k !== "__proto__" && k !== "<<"),
      tie("data"),
      { maxKeys: 3 },
    ),
  ),
})).data as fc.Arbitrary<YamlData>;

function model(value: YamlData): unknown {
  if (Array.isArray(value)) return value.map(model);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  return new Map(Object.entries(value as Record<string, YamlData>).map(([k, v]) => [k, model(v)]));
}

function pathsOf(node: YamlNode, path: YamlPath = []): readonly YamlPath[] {
  const own: YamlPath[] = path.length === 0 ? [] : [path];
  if (node.kind === "list") return [...own, ...node.items.flatMap((i, n) => pathsOf(i.value, [...path, n]))];
  if (node.kind !== "map") return own;
  return [...own, ...node.entries.flatMap((e) => (e.key.kind === "scalar" ? pathsOf(e.value, [...path, e.name]) : []))];
}

/** The tree with `change` made in the collection above the path's end; tags are looked through. */
function changed(tree: unknown, path: YamlPath, change: (parent: unknown, step: string | number) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return tree;
  if (tree instanceof Tagged) return new Tagged(tree.tag, changed(tree.value, path, change));
  if (rest.length === 0) return change(tree, step);
  if (Array.isArray(tree)) return tree.map((t, i) => (i === step ? changed(t, rest, change) : t));
  return new Map([...(tree as Map<string, unknown>)].map(([k, v]) => [k, k === step ? changed(v, rest, change) : v]));
}

const put = (value: unknown) => (parent: unknown, step: string | number) =>
  Array.isArray(parent)
    ? parent.map((v, i) => (i === step ? value : v))
    : new Map([...(parent as Map<string, unknown>)].map(([k, v]) => [k, k === step ? value : v]));
const drop = (parent: unknown, step: string | number): unknown =>
  Array.isArray(parent)
    ? parent.filter((_, i) => i !== step)
    : new Map([...(parent as Map<string, unknown>)].filter(([k]) => k !== step));
const added = (name: string | number, value: unknown) => (parent: unknown) => {
  if (Array.isArray(parent)) return [...parent.slice(0, name as number), value, ...parent.slice(name as number)];
  return new Map([...(parent as Map<string, unknown>), [String(name), value]]);
};
const named = (name: string) => (parent: unknown, step: string | number) =>
  new Map([...(parent as Map<string, unknown>)].map(([k, v]) => [k === step ? name : k, v]));

const problems = (stream: YamlStream): number => stream.documents.reduce((sum, d) => sum + d.problems.length, 0);
const comments = (stream: YamlStream): string[] =>
  stream.documents.flatMap((d) => d.comments.map((c) => c.text)).sort();
const trees = (stream: YamlStream): unknown[] => stream.documents.map((d) => written(d.root));
const sorted = (tree: unknown): unknown => {
  if (Array.isArray(tree)) return tree.map(sorted);
  if (tree instanceof Tagged) return new Tagged(tree.tag, sorted(tree.value));
  if (!(tree instanceof Map)) return tree;
  return [...tree].map(([k, v]) => [k, sorted(v)] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
};

const hasProps = (node: YamlNode): boolean =>
  node.props.anchor !== undefined ||
  node.props.tag !== undefined ||
  node.kind === "alias" ||
  childrenOf(node).some(hasProps);

/** What must hold of every edit; gives the new text. */
function check(
  text: string,
  which: number,
  edits: readonly Edit[],
  expected: unknown,
  note: string,
  keeps: "comments" | "what is outside" = "what is outside",
): string {
  assert.ok(!conflict(edits), note);
  const changedText = applyEdits(text, edits);
  const before = parseYaml(text);
  const now = parseYaml(changedText);
  const told = `${note}\n${edits.map((e) => `${JSON.stringify(text.slice(e.span.start, e.span.end))} => ${JSON.stringify(e.text)}`).join("\n")}`;
  assert.ok(
    problems(now) <= problems(before),
    `${told}\n${now.documents.flatMap((d) => d.problems.map((p) => p.message)).join("\n")}`,
  );
  const wanted = trees(before);
  wanted[which] = expected;
  assert.deepEqual(trees(now).map(sorted), wanted.map(sorted), told);
  if (text.includes("\r\n") && !/[^\r]\n/.test(text)) assert.ok(!/[^\r]\n/.test(changedText), told);
  assert.equal(changedText.startsWith("\uFEFF"), text.startsWith("\uFEFF"), told);
  const lines = new LineTable(text);
  const first = Math.min(...edits.map((e) => lines.startOfLine(lines.positionAt(e.span.start).line)));
  assert.equal(changedText.slice(0, first), text.slice(0, first), told);
  const tail = text.slice(lines.endOfLine(lines.positionAt(Math.max(...edits.map((e) => e.span.end))).line));
  assert.ok(changedText.endsWith(tail), told);
  if (keeps === "comments") assert.deepEqual(comments(now), comments(before), told);
  return changedText;
}

type Act = "set" | "remove" | "insert" | "append" | "rename";

interface Tally {
  done: number;
  refused: number;
}

function act(
  text: string,
  pick: { act: Act; path: number; document: number; data: YamlData; key: string; index: number },
  tally: Tally,
): string {
  const stream = parseYaml(text);
  const which = pick.document % stream.documents.length;
  const document = stream.documents[which] as YamlDocument;
  const paths = pathsOf(document.root);
  const path = paths[pick.path % Math.max(1, paths.length)];
  if (path === undefined) return text;
  const note = `${pick.act} ${JSON.stringify(path)} ${JSON.stringify(pick.data)} ${JSON.stringify(pick.key)}`;
  const tree = written(document.root);
  const node = document.at(path) as YamlNode;
  const done = (edits: readonly Edit[] | undefined, expected: () => unknown): string => {
    if (edits === undefined) {
      tally.refused++;
      return text;
    }
    tally.done++;
    // The comment in a block scalar's header is the scalar's own.
    const isLine = node.kind === "scalar" && node.body === undefined;
    const keeps = pick.act === "remove" || (pick.act === "set" && !isLine) ? "what is outside" : "comments";
    return check(text, which, edits, expected(), note, keeps);
  };
  const value = model(pick.data);
  if (pick.act === "set") {
    const result = done(set(document, path, pick.data), () => changed(tree, path, put(value)));
    if (result !== text && !hasProps(node)) undo(result, which, path, node, tree, note);
    return result;
  }
  if (pick.act === "remove") return done(remove(document, path), () => changed(tree, path, drop));
  if (pick.act === "rename") return done(rename(document, path, pick.key), () => changed(tree, path, named(pick.key)));
  if (node.kind !== "map" && node.kind !== "list" && !(node.kind === "scalar" && node.value === null)) return text;
  if (pick.act === "append" && node.kind !== "map") {
    const length = node.kind === "list" ? node.items.length : 0;
    return done(append(document, path, pick.data), () => changedEmpty(tree, [...path, length], value, []));
  }
  const step = node.kind === "list" ? pick.index % (node.items.length + 1) : pick.key;
  const spot =
    node.kind === "map" && node.entries.length > 0 ? node.entries[pick.index % node.entries.length]?.name : undefined;
  const position =
    spot === undefined || pick.index % 3 === 0 ? {} : pick.index % 3 === 1 ? { before: spot } : { after: spot };
  return done(insert(document, [...path, step], pick.data, position), () =>
    changedEmpty(tree, [...path, step], value, new Map()),
  );
}

/** Adds a child; what is null becomes `empty` first. */
function changedEmpty(tree: unknown, path: YamlPath, value: unknown, empty: unknown): unknown {
  const step = path.at(-1) ?? "";
  return changed(tree, path, (parent) =>
    added(step, value)(Array.isArray(parent) || parent instanceof Map ? parent : empty),
  );
}

/** Setting what was there before gives the tree that was there before. */
function undo(text: string, which: number, path: YamlPath, before: YamlNode, tree: unknown, note: string): void {
  const document = parseYaml(text).documents[which] as YamlDocument;
  const edits = set(document, path, plain(written(before)));
  assert.ok(edits !== undefined, `cannot undo ${note}`);
  check(text, which, edits, tree, `undo ${note}`);
}

function plain(value: unknown): YamlData {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]));
  return value as YamlData;
}

const pick = fc.record({
  act: fc.constantFrom<Act[]>("set", "remove", "insert", "append", "rename"),
  path: fc.nat({ max: 100_000 }),
  document: fc.nat({ max: 40 }),
  data,
  key,
  index: fc.nat({ max: 50 }),
});

describe("YAML edits: any path of any file", () => {
  const own = fixtures().flatMap(({ file, text }) => [
    { file, text },
    { file: `${file} (Windows)`, text: text.replace(/\n/g, "\r\n") },
    { file: `${file} (mark)`, text: `\uFEFF${text}` },
    { file: `${file} (no end)`, text: text.trimEnd() },
  ]);
  const clean = ({ text }: { text: string }): boolean =>
    parseYaml(text).documents.every((d) => d.problems.length === 0) && !text.includes("\t");
  const all = [...own, ...own, ...corpus(8000).filter((s, i) => i % 5 === 0 && clean(s))];

  it("changes what is at the path and nothing else", function () {
    this.timeout(120_000);
    const tally: Tally = { done: 0, refused: 0 };
    fc.assert(
      fc.property(fc.nat({ max: all.length - 1 }), fc.array(pick, { minLength: 1, maxLength: 4 }), (which, picks) => {
        let text = all[which]?.text ?? "";
        for (const p of picks) text = act(text, p, tally);
      }),
      { seed: 11, numRuns: 800, endOnFailure: true },
    );
    assert.ok(tally.refused < tally.done * 0.15, JSON.stringify(tally));
  });

  it("leaves what aliases elsewhere give, where the path is not below an anchor", () => {
    const sample = fixtures().find((s) => s.file.endsWith("compose.yaml"))?.text ?? "";
    const before = parseYaml(sample).documents[0] as YamlDocument;
    const text = applyEdits(sample, set(before, ["services", "web", "environment", "TZ"], "UTC") ?? []);
    const now = parseYaml(text).documents[0] as YamlDocument;
    const environment = (d: YamlDocument, service: string): unknown =>
      seen(d.resolved.at(["services", service, "environment"]) as never);
    assert.deepEqual(
      environment(now, "web"),
      new Map([
        ["LOG_LEVEL", "info"],
        ["TZ", "UTC"],
      ]),
    );
    assert.deepEqual(environment(now, "api"), environment(before, "api"));
  });
});
