/** Texts: what stands under names in each format, and texts that nobody writes. */
import assert from "node:assert/strict";
import { readText } from "../../engine/kinds/text/read";
import type { TextFile } from "../../engine/kinds/text/file";
import { rules } from "../../rules/index";
import { project } from "../support/engine";

const read = (file: string, text: string, previous?: TextFile): TextFile =>
  readText(text, previous, { shell: undefined } as never, { file });

/** `path = value`, and whether the place in the text holds exactly that. */
const values = (file: string, text: string): string[] =>
  read(file, text).values.map((v) => {
    const isExact = text.slice(v.span.start, v.span.end) === v.value;
    return `${v.path.join("/")} = ${v.value}${isExact === v.isVerbatim ? "" : " (misplaced)"}`;
  });

describe("text values", () => {
  it("of JSON, with comments, escapes and pairs", () => {
    const text = `{
      // of the shop
      "a": { "b": "x\\ny", "n": 12, "off": false }, /* more */
      "env": [{ "name": "K", "value": "v" }, "NAME=w", "--opt=z"],
    }`;
    assert.deepEqual(values("a.json", text), [
      "a/b = x\ny",
      "a/n = 12",
      "env/name = K",
      "env/K = v",
      "env/NAME = w",
      "env/opt = z",
    ]);
  });

  it("of YAML, without tags of other programs and encrypted documents", () => {
    const text = "a:\n  b: 'x'\n  c: !vault y\n  env: [{name: K, value: v}, NN=w]\n---\nsops: {x: y}\nd: z\n";
    assert.deepEqual(values("a.yml", text), ["a/b = x", "a/env/name = K", "a/env/K = v", "a/env/NN = w"]);
  });

  it("of lines", () => {
    assert.deepEqual(values("a.properties", "# c\na.b=x y\nc: z\n"), ["a/b = x y", "c = z"]);
    assert.deepEqual(values(".env", 'export A="x y" # c\nB=z # c\nC=\n'), ["A = x y", "B = z", "C = "]);
    assert.deepEqual(values("a.ini", "[s]\nk = v ; c\n# x = y\nq: 'w'\n"), ["s/k = v", "s/q = w"]);
    assert.deepEqual(values("a.http", "@t = x\nGET http://a\nToken: y\n"), ["t = x", "Token = y"]);
  });

  it("of TOML and HCL", () => {
    const toml = 'a = "x"\n[s.t]\nb = \'y\' # "c"\nd = { e = "z", f = 1 }\ng = """\nlong"""\n';
    assert.deepEqual(values("a.toml", toml), ["a = x", "s/t/b = y", "s/t/d/e = z", "s/t/d/f = 1", "s/t/g = \nlong"]);
    const hcl =
      'resource "db" "x" {\n  p = "y" // c\n  t = { q = "z" }\n  u = var.q\n  r = <<EOF\na = "b"\nEOF\n  s = "w"\n}\n';
    assert.deepEqual(values("a.tf", hcl), ["resource/db/x/p = y", "resource/db/x/t/q = z", "resource/db/x/s = w"]);
  });

  it("of XML", () => {
    const text = '<a><!-- <p>no</p> --><add key="K" value="v&amp;w"/><p> x </p><property name="q">y</property></a>';
    assert.deepEqual(values("a.xml", text), [
      "a/add/key = K",
      "a/K = v&w",
      "a/p = x",
      "a/property/name = q",
      "a/property/q = y",
    ]);
  });

  it("of shell scripts", () => {
    const text = "export A='x' # b=c\nB=y run --opt=z --other w\n# C=no\nmysql -pq\nF=\"$(cat f)\"\n";
    assert.deepEqual(values("a.sh", text), ["A = x", "B = y", "opt = z", "other = w", "password = q", "F = $(cat f)"]);
  });

  it("of code without a reader of its own", () => {
    const text = [
      'val aa: String = "x" // bb = "c"',
      'call(bb = "y")',
      'if (cc == "z") {}',
      'val dd = "p" + q',
      'val ee = get("EE", "w")',
      "",
    ].join("\n");
    assert.deepEqual(values("a.kt", text), ["aa = x", "bb = y", "cc = z", "EE = w"]);
  });

  it("of blocks in Markdown and cells of notebooks", () => {
    assert.deepEqual(values("a.md", 'a = "no"\n```yaml\nb: x\n```\n~~~sh\nC=y\n~~~\n'), ["b = x", "C = y"]);
    const notebook = '{"cells":[{"source":["aa = \\"x\\"\\n","bb = \'y\'\\n"]},{"source":"cc = \'z\'"}]}';
    assert.deepEqual(values("a.ipynb", notebook), ["aa = x", "bb = y", "cc = z"]);
  });

  it("are not read in generated files, lock files and translations", () => {
    for (const file of ["package-lock.json", "vendor/a.json", "a.min.js", "src/i18n/en.json"]) {
      assert.deepEqual(values(file, '{ "a": "x" }'), [], file);
    }
  });

  it("follow the text of YAML from one edit to the next", () => {
    const before = read("a.yaml", "a: x\nb: y\n");
    assert.equal(before.values.length, 2);
    const after = read("a.yaml", "a: x\nc: 1\nb: yz\n", before);
    assert.deepEqual(
      after.values.map((v) => [v.name, v.value, v.span.start]),
      [
        ["a", "x", 3],
        ["c", "1", 8],
        ["b", "yz", 13],
      ],
    );
  });
});

describe("texts that nobody writes", () => {
  const texts: Readonly<Record<string, string>> = {
    "a minified line": "function a(b){return b.token+':'+b.password+'=x'};".repeat(6000),
    "base64 in one line": "QUJDRGVmZ2hJSktM".repeat(20_000),
    "names without values": "api_key=token:secret=".repeat(15_000),
    "names without values, in lines": "api_key=token:secret=\n".repeat(15_000),
    "passwords in one line": "password=x1y2;user=a,".repeat(15_000),
    "open brackets": "[".repeat(100_000),
    "nested objects": '{"a":'.repeat(60_000),
    "nested elements": "<a>".repeat(100_000),
    "open attributes": "<a b=".repeat(60_000),
    quotes: '"'.repeat(300_000),
    "addresses with logins": "a://b:c@".repeat(40_000),
    "begun keys": "-----BEGIN PRIVATE KEY-----\n".repeat(10_000),
    "begun web tokens": "eyJhbGciOiJIUzI1NiJ9.".repeat(15_000),
    "begun Secrets": "apiVersion: v1\nkind: Secret\ndata:\n a: b\n".repeat(5000),
    "open fences": "```yaml\n".repeat(30_000),
    "curl without end": "curl -u a:b ".repeat(25_000),
    "words with dots": 'a.b.c.d.e.f : T<a> = "x" '.repeat(12_000),
  };
  const files = [
    "a.js",
    "a.kt",
    "a.json",
    "a.env",
    "a.sh",
    "a.toml",
    "a.tf",
    "a.xml",
    "a.md",
    "a.ipynb",
    "a.txt",
    "a.properties",
  ];
  for (const [name, text] of Object.entries(texts)) {
    it(`are read to their end: ${name}`, async function () {
      this.timeout(60_000);
      const secrets = rules.filter((r) => r.id.startsWith("secrets/"));
      const analyser = await project(
        files.map((file) => ({ file, text })),
        { rules: secrets },
      );
      for (const file of files) {
        analyser.findings(file);
        assert.deepEqual(analyser.problems(file), [], file);
      }
    });
  }
});
