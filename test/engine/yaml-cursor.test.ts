import { deepEqual, equal } from "node:assert/strict";
import { type YamlCursor, yamlCursor } from "../../engine/index";

/** The place of `|`, which is taken out of the text. */
function at(marked: string): YamlCursor | undefined {
  const offset = marked.indexOf("|");
  return yamlCursor(marked.slice(0, offset) + marked.slice(offset + 1), offset);
}

const seen = (marked: string): unknown => {
  const cursor = at(marked);
  return cursor && [cursor.kind, cursor.path.join("."), cursor.typed, [...cursor.siblings].join(",")];
};

describe("YAML: the place where somebody types", () => {
  it("is a key on an empty line, by its column", () => {
    const text = "services:\n  web:\n    image: x\n    |\n  db:\n    image: y\n";
    deepEqual(seen(text), ["key", "services.web", "", "image"]);
    deepEqual(seen(text.replace("    |", "  |")), ["key", "services", "", "web,db"]);
    deepEqual(seen("a:\n  b:\n    c: 1\n|"), ["key", "", "", "a"]);
  });

  it("is a key below one that has nothing yet", () => {
    deepEqual(seen("a:\n  b:\n    |\n  c: 1\n"), ["key", "a.b", "", ""]);
    deepEqual(seen("a:\n  b:\n    |"), ["key", "a.b", "", ""]);
  });

  it("is a key that has no colon yet", () => {
    deepEqual(seen("a:\n  b: 1\n  read_|\n  c: 2\n"), ["key", "a", "read_", "b,c"]);
    deepEqual(seen("a:\n  - name: x\n    se|\n    image: y\n"), ["key", "a.0", "se", "name,image"]);
    deepEqual(seen("a:\n  - se|\n    image: y\n"), ["key", "a.0", "se", "image"]);
  });

  it("is an item behind a dash", () => {
    deepEqual(seen("a:\n  - |"), ["item", "a.0", "", ""]);
    deepEqual(seen("a:\n  - x\n  - na|\n"), ["item", "a.1", "na", ""]);
    deepEqual(seen("a:\n- 127.0.0.1:80|\n"), ["item", "a.0", "127.0.0.1:80", ""]);
    deepEqual(seen('a:\n- "127.|"\n'), ["item", "a.0", "127.", ""]);
    deepEqual(seen("a:\n- '|\n"), ["item", "a.0", "", ""]);
  });

  it("is a value behind a key", () => {
    deepEqual(seen("a:\n  image: node:|\n  b: 1\n"), ["value", "a.image", "node:", ""]);
    deepEqual(seen('a:\n  - image: "node:|"\n'), ["value", "a.0.image", "node:", ""]);
    deepEqual(seen("a: |"), ["value", "a", "", ""]);
    deepEqual(seen("a: | # why\n"), ["value", "a", "", ""]);
  });

  it("knows the document that it is in, and whether that is empty", () => {
    for (const text of ["|", "# why\n|\n", "---\n|", "a: 1\n---\nbh-|", "a: 1\n---\n\n|\n---\nb: 2\n", "\ufeff|"]) {
      equal(at(text)?.alone, true, text);
    }
    equal(at("a: 1\n|\n")?.alone, false);
    equal(at("|\na: 1\n")?.alone, false);
    deepEqual(seen("a: 1\n---\nb:\n  c: 2\n  |"), ["key", "b", "", "c"]);
  });

  it("sees keys that are merged, and says where some may hide", () => {
    deepEqual(seen("x: &x { init: true }\na:\n  <<: *x\n  |\n"), ["key", "a", "", "init"]);
    equal(at("a:\n  <<: *nowhere\n  |\n")?.open, true);
    equal(at("a:\n  b: 1\n  |\n")?.open, false);
  });

  it("says what is replaced, and where that stands", () => {
    const cursor = at('\ufeffa:\r\n    - b: "x:|"\r\n      c: 1\r\n');
    deepEqual([cursor?.span, cursor?.column, cursor?.indent, cursor?.quote], [{ start: 15, end: 17 }, 9, 4, '"']);
    deepEqual(at("a:\n  b:\n    |\n  c: 1\n")?.around, { start: 7, end: 12 });
  });

  it("is unknown where the line would fit nothing, or nothing can be told", () => {
    for (const text of [
      "a: 1 # b|\n",
      "a: 1\n# b|\n",
      "a: >\n  b\n  |\n  c\n",
      "a: [b, |]\n",
      "a:\n  [\n    b,\n    |\n  ]\n",
      'a: "b\n  |\n  c"\n',
      "a:\n\t|\n",
      "a: 1\n  |\n",
      "a:\n    b: 1\n  |\n",
      "a:\n  - b\n  |\n",
      "a:\n  |\n    b: 1\n",
      "a:\n  |b: 1\n",
      "a: |b\n",
      "a: {|\n",
      "a: *x|\n",
      "a: &x |\n",
      "a:|\n",
      "---|\n",
    ]) {
      deepEqual(seen(text), undefined, text);
    }
  });

  it("holds in every prefix of a text, whatever is damaged before", () => {
    const text = 'a: [1,\n  {b: "c\n- d: *e\n  <<: &f\n\t- g: >\n ? h\n: !t |-\n  i\n...\n---\n%j\n';
    for (let to = 0; to <= text.length; to++) yamlCursor(text.slice(0, to), to);
    for (let to = 0; to <= text.length; to++) yamlCursor(text, to);
  });
});
