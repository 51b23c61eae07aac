import assert from "node:assert/strict";
import { applyEdits, Dockerfile, readOptions, type Command, type Run } from "../../engine/index";
import { parseSyntax } from "../../engine/languages/dockerfile/syntax";
import { languages } from "../support/engine";

async function file(text: string): Promise<Dockerfile> {
  return new Dockerfile(parseSyntax(text), (await languages()).shell);
}

async function commands(text: string): Promise<readonly Command[]> {
  const { effective } = await file(text);
  return effective.flatMap((i) => ("commands" in i ? (i as Run).commands : []));
}

/** `name arg arg` of each command, where it stands in front. */
async function shown(text: string): Promise<string[]> {
  return (await commands(text)).map((c) => {
    const words = [c.name, ...c.args.map((a) => a.source)].join(" ");
    return c.position === "script" ? words : `${c.position}: ${words}`;
  });
}

describe("shell scripts", () => {
  const cases: readonly [string, string, string[]][] = [
    ["chains", "RUN a && b || c; d & e", ["a", "b", "c", "d", "e"]],
    ["pipes", "RUN a x | b | c", ["a x", "b", "c"]],
    ["wrappers", "RUN sudo -E -u x env A=1 nice -n 5 timeout -k 3 10 curl -k y", ["curl -k y"]],
    ["no wrapper where nothing runs", "RUN command -v curl", ["command -v curl"]],
    ["paths", "RUN /usr/bin/curl y", ["curl y"]],
    [
      "compound commands",
      "RUN if a; then b; else c; fi; for i in 1; do d; done; while e; do f; done",
      ["a", "b", "c", "d", "e", "f"],
    ],
    ["case and functions", "RUN case $x in a) b;; *) c;; esac; f() { g; }; ( h ); { i; }", ["b", "c", "g", "h", "i"]],
    [
      "substitutions",
      'RUN echo "$(a b)" `c` && X=$(d) e',
      ["echo $(a b) `c`", "substitution: a b", "substitution: c", "e", "substitution: d"],
    ],
    ["process substitutions", "RUN bash <(curl x)", ["bash <(curl x)", "process: curl x"]],
    [
      "sh -c",
      `RUN sh -c 'a | b' && bash -ec "c \\"d e\\""`,
      ["sh -c a | b", "nested: a", "nested: b", 'bash -ec c "d e"', "nested: c d e"],
    ],
    [
      "eval and a piped echo",
      "RUN eval 'a' && echo 'b c' | sh",
      ["eval a", "nested: a", "echo b c", "nested: b c", "sh"],
    ],
    ["quoted data is no command", `RUN echo "use sudo; chmod 777" > /x`, ["echo use sudo; chmod 777"]],
    ["exec form", 'CMD ["flask", "run", "--x"]', ["flask run --x"]],
    ["exec form of a shell", 'ENTRYPOINT ["/bin/sh", "-c", "a && b \\"c\\""]', ['sh -c a && b "c"', "a", "b c"]],
    ["continuations and comments", "RUN a \\\n  # curl -k x\n\n  && b\\\nc", ["a", "bc"]],
    ["heredoc as script", "RUN <<EOF\na\nb x\nEOF", ["a", "b x"]],
    ["heredoc for a shell", "RUN <<EOF bash -e\na\nEOF", ["bash -e", "nested: a"]],
    ["heredoc for a pipe to a shell", "RUN cat <<EOF | sh\na\nEOF", ["cat", "sh", "nested: a"]],
    ["heredoc as data", "RUN cat <<EOF > /x && b\ncurl -k\nEOF", ["cat", "b"]],
    ["heredoc in another language", "RUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF", []],
    ["heredoc with a shell's shebang", "RUN <<EOF\n#!/bin/bash\na\nEOF", ["a"]],
    ["other shells", 'SHELL ["pwsh", "-c"]\nRUN a | b', []],
    ["ONBUILD", "ONBUILD RUN a b", ["a b"]],
    ["HEALTHCHECK", "HEALTHCHECK --interval=3s CMD curl -f x || exit 1", ["curl -f x", "exit 1"]],
    ["arithmetic", "RUN echo $((1<<2)) && a", ["echo $((1<<2))", "a"]],
  ];
  for (const [name, text, expected] of cases) {
    it(name, async () => assert.deepEqual(await shown(`FROM x\n${text}\n`), expected));
  }

  it("knows words, variables and quotes", async () => {
    const [command] = await commands(`FROM x\nRUN a "b $C" 'd $E' f\${G:-h}i "j"k\n`);
    assert.deepEqual(
      command?.args.map((w) => w.source),
      ["b $C", "d $E", "f${G:-h}i", "jk"],
    );
    assert.deepEqual(
      command?.args.map((w) => w.text),
      [undefined, "d $E", undefined, "jk"],
    );
    assert.deepEqual(
      command?.args.map((w) => w.variables),
      [["C"], [], ["G"], []],
    );
  });

  it("gives exact places through continuations", async () => {
    const text = 'FROM x\nRUN a \\\n # c\n && curl -fsSLk \\\n   "https://x/y"\n';
    const curl = (await commands(text))[1];
    assert.ok(curl);
    assert.equal(text.slice(curl.start, curl.end), 'curl -fsSLk \\\n   "https://x/y"');
    const k = readOptions(curl).find("-k");
    assert.ok(k);
    assert.equal(k.start, text.indexOf("k", text.indexOf("-fsSL")));
    assert.equal(applyEdits(text, [k.remove()]), text.replace("-fsSLk", "-fsSL"));
  });

  it("reads options by convention", async () => {
    const [command] = await commands("FROM x\nRUN a -xvo f --long=v --out w -- -y z\n");
    assert.ok(command);
    const options = readOptions(command, { short: "o", long: ["--out"] });
    assert.deepEqual(
      options.options.map((o) => [o.name, o.value]),
      [
        ["-x", undefined],
        ["-v", undefined],
        ["-o", "f"],
        ["--long", "v"],
        ["--out", "w"],
      ],
    );
    assert.deepEqual(
      options.operands.map((o) => o.source),
      ["-y", "z"],
    );
  });

  const removals: readonly [string, string, string | undefined][] = [
    ["RUN a && b && c", "b", "RUN a && c"],
    ["RUN a && b", "a", "RUN b"],
    ["RUN a", "a", undefined],
    ["RUN a || b", "a", undefined],
    ["RUN a | b && c", "b", "RUN c"],
    ["RUN a; b; c", "c", "RUN a; b"],
    ["RUN if a; then b; fi", "b", undefined],
    ["RUN a \\\n # why\n && b \\\n && c", "b", "RUN a\\\n # why\n \\\n && c"],
  ];
  for (const [text, name, expected] of removals) {
    it(`removes ${name} from ${JSON.stringify(text)}`, async () => {
      const whole = `FROM x\n${text}\n`;
      const edits = (await commands(whole)).find((c) => c.name === name)?.remove();
      assert.equal(edits === undefined ? undefined : applyEdits(whole, edits).slice(7, -1), expected);
    });
  }

  it("ends a chain behind the pipe and its redirects, wherever it stands", async () => {
    for (const [text, end] of [
      ["RUN a && curl x > f && b", "curl x > f"],
      ["RUN if a; then curl x | tar y > f; fi", "curl x | tar y > f"],
      ["RUN a; curl x | tar y", "curl x | tar y"],
    ] as const) {
      const whole = `FROM x\n${text}\n`;
      const curl = (await commands(whole)).find((c) => c.name === "curl");
      assert.equal(whole.slice(curl?.start, curl?.chainEnd), end);
    }
  });

  it("survives scripts made to break it", async () => {
    for (const text of [
      `RUN ${"(".repeat(5000)}`,
      `RUN ${"$(".repeat(3000)}`,
      `RUN "${"a".repeat(100_000)}`,
      "RUN <<EOF\n",
      "RUN [",
    ]) {
      await commands(`FROM x\n${text}\n`);
    }
  });
});
