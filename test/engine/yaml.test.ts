import assert from "node:assert/strict";
import fc from "fast-check";
import { parseYaml, type YamlDocument } from "../../engine/languages/yaml/document";
import { commentsOf, linesOf, subjectOf } from "../../engine/languages/yaml/comments";
import type { YamlComment, YamlEntry, YamlScalar } from "../../engine/languages/yaml/node";
import { splitDocuments } from "../../engine/languages/yaml/stream";
import { corpus, everything, fixtures, seen, written } from "../support/yaml";

function only(text: string): YamlDocument {
  const { documents } = parseYaml(text);
  assert.equal(documents.length, 1);
  return documents[0] as YamlDocument;
}

function scalar(text: string, ...path: (string | number)[]): YamlScalar {
  const node = only(text).at(path);
  assert.ok(node?.kind === "scalar");
  return node;
}

const plain = (value: unknown): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value;
const resolved = (text: string): unknown => plain(seen(only(text).resolved));
const codes = (text: string): string[] => parseYaml(text).documents.flatMap((d) => d.problems.map((p) => p.code));

describe("YAML: places", () => {
  const text = "a: 1 # one\n# two\nb:\n  - &x !t 'q' # three\n  - [c, {d: *x}]\n";
  const document = only(text);
  const at = (...path: (string | number)[]): string => {
    const node = document.at(path);
    return text.slice(node?.start, node?.end);
  };

  it("knows every value's text", () => {
    assert.deepEqual(
      [at("a"), at("b", 0), at("b", 1), at("b", 1, 1), at("b", 1, 1, "d")],
      ["1", "'q'", "[c, {d: *x}]", "{d: *x}", "*x"],
    );
    assert.equal(at("b"), "- &x !t 'q' # three\n  - [c, {d: *x}]");
    assert.equal(at(), text.trimEnd());
  });

  it("knows anchors, tags and comments", () => {
    const node = document.at(["b", 0]);
    assert.deepEqual([node?.props.anchor?.name, node?.props.tag?.text], ["x", "!t"]);
    assert.deepEqual(
      document.comments.map((c) => [c.text, c.ownLine]),
      [
        ["# one", false],
        ["# two", true],
        ["# three", false],
      ],
    );
  });

  it("finds the path of a place", () => {
    assert.deepEqual(document.pathAt(text.indexOf("*x") + 1), ["b", 1, 1, "d"]);
    assert.deepEqual(document.pathAt(text.indexOf("'q'")), ["b", 0]);
    assert.deepEqual(document.pathAt(0), ["a"]);
  });

  const parts: readonly [string, string, string][] = [
    ["plain", "a: http://user:pw@host", "pw"],
    ["single quotes", "a: 'it''s pw here'", "pw"],
    ["double quotes", 'a: "x\\t\\u263a pw"', "pw"],
    ["a literal block", "a: |\n  x\n\n  y pw z\n", "pw"],
    ["a folded block", "a: >-\n  x\n  y pw\n\n\n  z\n", "pw"],
    ["several lines", "a: x\n  y\n\n  pw z", "pw"],
    ["several quoted lines", 'a: "x \\\n  y\n\n  pw"', "pw"],
    ["Windows lines", "a: |-\r\n  x\r\n  pw\r\n", "pw"],
  ];
  for (const [name, source, part] of parts) {
    it(`finds a part of a scalar in ${name}`, () => {
      const node = scalar(source, "a");
      const from = node.text.indexOf(part);
      assert.ok(from >= 0, JSON.stringify(node.text));
      const place = node.part(from, from + part.length);
      assert.equal(source.slice(place.start, place.end), part);
      assert.equal(node.absolute().startOf(from), source.indexOf(part));
    });
  }
});

describe("YAML: values", () => {
  const value = (source: string, booleans?: "1.1"): unknown => {
    const node = parseYaml(`a: ${source}`, undefined, booleans && { booleans }).documents[0]?.at(["a"]);
    return node?.kind === "scalar" ? node.value : node;
  };

  it("types plain words as YAML 1.2 does", () => {
    const words = ["", "~", "true", "False", "12", "0o14", "0x1F", "1.5e3", "-.inf", "22:22", "yes", "'12'", "010"];
    assert.deepEqual(
      words.map((w) => value(w)),
      [null, null, true, false, 12, 12, 31, 1500, Number.NEGATIVE_INFINITY, "22:22", "yes", "12", 10],
    );
  });

  it("reads the booleans of YAML 1.1 where asked", () => {
    assert.deepEqual(
      ["yes", "Off", "n", '"yes"', "none"].map((w) => value(w, "1.1")),
      [true, false, false, "yes", "none"],
    );
  });

  it("obeys tags", () => {
    assert.deepEqual(
      [value("!!str 12"), value("!!int '12'"), value("!Ref 12"), value("!reset null")],
      ["12", 12, "12", "null"],
    );
    assert.deepEqual(codes("a: !reset []\nb: !override\n  - x\nc: !If [a, !Ref b]\nd: !foo!bar x\n"), []);
  });

  it("reads JSON", () => {
    assert.deepEqual(resolved('{"a": [1, {"b": null}], "c": "\\u00e9\\/"}'), { a: [1, { b: null }], c: "é/" });
  });
});

describe("YAML: aliases and merges", () => {
  const text = `
base: &base {privileged: true, env: &env {A: 1, B: 2}}
more: &more {privileged: false, user: x}
one: {<<: *base, image: a}
two: {<<: [*base, *more], env: {<<: *env, B: 3}}
three: *more
`;
  const root = only(text).resolved;

  it("lets explicit keys win, then the first of a list", () => {
    assert.deepEqual(plain(seen(root)), {
      base: { privileged: true, env: { A: 1, B: 2 } },
      more: { privileged: false, user: "x" },
      one: { image: "a", privileged: true, env: { A: 1, B: 2 } },
      two: { env: { B: 3, A: 1 }, privileged: true, user: "x" },
      three: { privileged: false, user: "x" },
    });
  });

  it("knows where a value is written, where it is seen and through what", () => {
    const value = root.at(["one", "env", "A"]);
    assert.deepEqual(value?.path, ["one", "env", "A"]);
    assert.equal(value?.node.start, text.indexOf("A: 1") + 3);
    assert.deepEqual(
      value?.via.map((v) => text.slice(v.start, v.end)),
      ["*base"],
    );
    assert.equal(value?.local, false);
    assert.equal(root.at(["one", "image"])?.local, true);
    assert.equal(root.at(["two"])?.entry("user")?.entry.start, text.indexOf("user"));
  });

  it("takes the last anchor of a name before the alias", () => {
    assert.deepEqual(resolved("a: &x 1\nb: *x\nc: &x 2\nd: *x\n"), { a: 1, b: 1, c: 2, d: 2 });
  });

  it("leaves unknown what it cannot follow", () => {
    const document = only("a: *none\nb: {<<: *none, c: 1}\nd: &d {e: *d}\n");
    assert.equal(document.resolved.get("a")?.kind, "unknown");
    assert.equal(document.resolved.get("b")?.open, true);
    assert.equal(document.resolved.at(["d", "e"])?.kind, "unknown");
    assert.deepEqual(
      document.problems.map((p) => p.code),
      ["UNRESOLVED_ALIAS", "UNRESOLVED_ALIAS", "RECURSIVE_ALIAS"],
    );
  });

  it("follows no bomb", () => {
    const lines = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`);
    const document = only(`a0: &a0 x\n${lines.join("\n")}\n`);
    let nodes = 0;
    const count = (node: typeof document.resolved): void => {
      nodes++;
      for (const item of node.items) count(item);
      for (const entry of node.entries) count(entry.value);
    };
    count(document.resolved);
    assert.ok(nodes < 400_000, String(nodes));
    assert.ok(document.problems.some((p) => p.code === "ALIAS_TOO_LARGE"));
  });
});

describe("YAML: broken texts", () => {
  it("tells equal keys with both places", () => {
    const text = "a:\n  b: 1\n  c: 2\n  b: 3\na: {d: 1, d: 2}\n";
    const document = only(text);
    assert.deepEqual(
      document.problems.map((p) => [p.code, p.start, p.related?.start]),
      [
        ["DUPLICATE_KEY", text.indexOf("b: 3"), text.indexOf("b: 1")],
        ["DUPLICATE_KEY", text.lastIndexOf("a:"), 0],
        ["DUPLICATE_KEY", text.indexOf("d: 2"), text.indexOf("d: 1")],
      ],
    );
    assert.deepEqual(plain(seen(document.resolved)), { a: { d: 2 } });
  });

  it("keeps the other documents", () => {
    const { documents } = parseYaml('a: "open\n---\nb: [1,\n---\nc: 1\n...\n%YAML 1.2\n---\nd: 2\n');
    assert.deepEqual(
      documents.map((d) => d.problems.length > 0),
      [true, true, false, false],
    );
    assert.deepEqual(plain(seen(documents[2]?.resolved as never)), { c: 1 });
    assert.deepEqual(plain(seen(documents[3]?.resolved as never)), { d: 2 });
  });

  const typed: readonly [string, string, unknown][] = [
    ["a key without colon", "a: 1\npriv\nb: 2\n", { a: 1, b: 2 }],
    ["a key without value or colon", "a:\n  b: 1\n  priv\nc: 2\n", { a: { b: 1, priv: null }, c: 2 }],
    ["a key without value", "a:\n  b:\nc: 2\n", { a: { b: null }, c: 2 }],
    ["an open list", "a: [1, 2\nb: 2\n", { a: [1, 2], b: 2 }],
    ["an open map in a list", "a:\n  - b: 1\n  -\nc: 2\n", { a: [{ b: 1 }, null], c: 2 }],
  ];
  for (const [name, text, expected] of typed) {
    it(`keeps what is around ${name}`, () => assert.deepEqual(resolved(text), expected));
  }

  it("reads no deeper than is sane", () => {
    for (const text of ["[".repeat(3000), "{a: ".repeat(2000), `${"- ".repeat(2000)}a`, `${"? ".repeat(500)}a`]) {
      assert.ok(codes(`${text}\n---\nb: 1\n`).includes("TOO_DEEP"));
      assert.deepEqual(plain(seen(parseYaml(`${text}\n---\nb: 1\n`).documents[1]?.resolved as never)), { b: 1 });
    }
  });

  it("never fails while a file is typed", () => {
    for (const { text } of fixtures()) {
      let stream = parseYaml("");
      for (let end = 0; end <= text.length; end += 7) {
        stream = parseYaml(text.slice(0, end), stream);
        for (const document of stream.documents) {
          assert.ok(document.problems.every((p) => p.start <= p.end));
          seen(document.resolved);
        }
      }
    }
  });
});

describe("YAML: comments", () => {
  const text = `# head

a: 1 # one
# two
# three
b: # four
  - c: 1 # five
    # six
    d: |
      x
  # seven

# eight
`;
  const document = only(text);
  const comment = (words: string): YamlComment => {
    const found = document.comments.find((c) => c.text === `# ${words}`);
    assert.ok(found);
    return found;
  };

  it("belong to entries", () => {
    const { root } = document;
    assert.ok(root.kind === "map");
    const all = root.entries.map((e) => commentsOf(document, e));
    assert.deepEqual(
      all.map((c) => [c.above.map((x) => x.text), c.behind?.text]),
      [
        [[], "# one"],
        [["# two", "# three"], "# four"],
      ],
    );
    const lines = linesOf(document, root.entries[1] as YamlEntry);
    assert.equal(text.slice(lines.start, lines.end), text.slice(text.indexOf("b:"), text.indexOf("  # seven")));
  });

  it("speak of paths", () => {
    const words = ["head", "one", "two", "three", "four", "five", "six", "eight"];
    assert.deepEqual(
      words.map((w) => subjectOf(document, comment(w))),
      [[], ["a"], ["b"], ["b"], ["b"], ["b", 0, "c"], ["b", 0, "d"], []],
    );
  });
});

describe("YAML: streams", () => {
  it("splits into documents", () => {
    const texts = (text: string): readonly string[] => splitDocuments(text);
    assert.deepEqual(texts(""), [""]);
    assert.deepEqual(texts("# c\n---\na\n---\nb"), ["# c\n---\na\n", "---\nb"]);
    assert.deepEqual(texts("a\n...\n# c\n---\nb\n...\n# end\n"), ["a\n...\n", "# c\n---\nb\n...\n# end\n"]);
    assert.deepEqual(texts("a: |\n  ---\n ---\n---x\n"), ["a: |\n  ---\n ---\n---x\n"]);
    assert.deepEqual(texts("\uFEFF%YAML 1.2\n---\r\na\r\n---\r\n"), ["%YAML 1.2\n---\r\na\r\n", "---\r\n"]);
  });

  const samples = [...fixtures(), ...corpus(12_000).filter((_, i) => i % 6 === 0)];
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        "\n",
        " ",
        "  ",
        "\t",
        "\r\n",
        "---\n",
        "...\n",
        "%",
        "- ",
        "- a\n",
        "a: b\n",
        "  a: b\n",
        "key:",
        ": ",
        "? ",
      ],
      ...[
        "'",
        '"',
        "[",
        "]",
        "{",
        "}",
        ",",
        "# c\n",
        " # c",
        "|\n",
        ">-\n",
        "|+\n",
        "&a ",
        "*a",
        "<<: *a\n",
        "!x ",
        "@",
        "`",
      ],
    ),
    fc.string({ maxLength: 4 }),
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 60 })),
    text: piece,
    undo: fc.boolean(),
  });

  it("is the same after edits as when parsed whole", function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(
        fc.nat({ max: samples.length - 1 }),
        fc.array(edit, { minLength: 1, maxLength: 8 }),
        (which, edits) => {
          let text = samples[which]?.text ?? "";
          let stream = parseYaml(text);
          for (const { at, length, text: inserted, undo } of edits) {
            const start = Math.floor(at * text.length);
            const before = text;
            text = text.slice(0, start) + inserted + text.slice(start + length);
            stream = parseYaml(text, stream);
            assert.deepEqual(everything(stream), everything(parseYaml(text)));
            if (!undo) continue;
            text = before;
            stream = parseYaml(text, stream);
            assert.deepEqual(everything(stream), everything(parseYaml(text)));
          }
        },
      ),
      { seed: 7, numRuns: 250, endOnFailure: true },
    );
  });

  it("keeps the nodes that the edit does not touch", () => {
    const text = fixtures().find((s) => s.file.endsWith("compose.yaml"))?.text ?? "";
    const before = parseYaml(text);
    const node = before.documents[0]?.at(["services", "db"]);
    const offset = node?.start ?? 0;
    const after = parseYaml(text.replace("image: nginx", "image: my-nginx"), before);
    assert.equal(after.documents[0]?.at(["services", "db"]), node);
    assert.equal(node?.start, offset + 3);
  });

  it("reads every file of the samples without a stray problem", () => {
    for (const { file, text } of fixtures()) assert.deepEqual(codes(text), [], file);
    for (const { documents } of samples.map((s) => parseYaml(s.text))) for (const d of documents) written(d.root);
  });
});
