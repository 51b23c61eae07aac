import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parseSyntax, type DockerfileSyntax } from "../../engine/languages/dockerfile/syntax";
import { root } from "../support/engine";

/** What can be compared: everything but what is cached. */
const plain = (s: DockerfileSyntax): unknown => ({
  escape: s.escape,
  directives: s.directives,
  nodes: s.nodes.map(({ at, text, keyword, heredocs, headEnd }) => ({ at, text, keyword, heredocs, headEnd })),
  comments: s.comments.map(({ at, text }) => ({ at, text })),
});

const keywords = (text: string): string[] => parseSyntax(text).nodes.map((n) => `${n.keyword}@${n.at}`);

describe("the Dockerfile's syntax", () => {
  it("finds instructions through continuations, comments and blank lines", () => {
    const text = "FROM a\nRUN x \\\n  # c\n\n  && y\nUSER z\n";
    assert.deepEqual(keywords(text), ["FROM@0", "RUN@7", `USER@${text.indexOf("USER")}`]);
  });

  it("keeps heredoc bodies in their instruction", () => {
    const text = 'RUN <<A <<-"B" cat\nUSER a\nA\n\tUSER b\n\tB\nUSER c\n';
    const { nodes } = parseSyntax(text);
    assert.deepEqual(
      nodes.map((n) => n.keyword),
      ["RUN", "USER"],
    );
    const bodies = nodes[0]?.heredocs.map((h) => nodes[0]?.text.slice(h.body.from, h.body.to));
    assert.deepEqual(
      nodes[0]?.heredocs.map((h) => [h.name, h.quoted, h.stripsTabs]),
      [
        ["A", false, false],
        ["B", true, true],
      ],
    );
    assert.deepEqual(
      bodies?.map((b) => b?.trim()),
      ["USER a", "USER b"],
    );
  });

  it("takes a shift for no heredoc", () => {
    assert.deepEqual(keywords("RUN echo $((1<<2))\nUSER a\n"), ["RUN@0", "USER@19"]);
    assert.deepEqual(keywords('RUN cat <<< "x"\nUSER a\n'), ["RUN@0", "USER@16"]);
  });

  it("reads directives only at the very top", () => {
    const names = (text: string): string[] => parseSyntax(text).directives.map((d) => `${d.name}=${d.value}`);
    assert.deepEqual(names("# syntax = evil/frontend\n# escape=`\nFROM a\n"), ["syntax=evil/frontend", "escape=`"]);
    assert.deepEqual(names("# my file\n# syntax=evil/frontend:1\nFROM a\n"), []);
    assert.deepEqual(names("\n# escape=`\nFROM a\n"), []);
    assert.deepEqual(names("FROM a\n# escape=`\n"), []);
    assert.equal(parseSyntax("# comment\n# escape=`\nFROM a\n").escape, "\\");
  });

  it("continues lines with the escape character of the file", () => {
    assert.deepEqual(keywords("# escape=`\nFROM a\nRUN x `\n  y\nCOPY a c:\\\nUSER b\n").length, 4);
  });

  it("is the same after edits as when parsed whole", () => {
    const source = readFileSync(join(root, "test", "workspaces", "syntax", "Dockerfile"), "utf8");
    const piece = fc.oneof(
      fc.constantFrom(
        "\n",
        "\\\n",
        "RUN x\n",
        "<<EOF\n",
        "EOF\n",
        "# c\n",
        "USER a",
        '"',
        "'",
        " ",
        "`",
        "# escape=`\n",
        "\r\n",
      ),
      fc.string({ maxLength: 4 }),
    );
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat({ max: 30 }),
      text: piece,
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        let text = source;
        let syntax = parseSyntax(text);
        for (const { at, length, text: inserted } of edits) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + inserted + text.slice(start + length);
          syntax = parseSyntax(text, syntax);
          assert.deepEqual(plain(syntax), plain(parseSyntax(text)));
        }
      }),
      { seed: 7, numRuns: 400 },
    );
  });
});
