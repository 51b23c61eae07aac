import assert from "node:assert/strict";
import { applyEdits, Dockerfile, Copy, Env, Expose, From, recognise, type Instruction } from "../../engine/index";
import { parseSyntax } from "../../engine/languages/dockerfile/syntax";
import { dedent } from "../support/example";

const file = (text: string, targets?: string[]): Dockerfile =>
  new Dockerfile(parseSyntax(dedent(text)), undefined, targets);
const at = <T extends Instruction>(f: Dockerfile, kind: new (...a: never[]) => T, index = 0): T => {
  const found = f.effective.filter((i): i is T => i instanceof kind)[index];
  assert.ok(found);
  return found;
};
const image = (from: From): string | undefined =>
  from.base.kind === "image" && from.base.image.text.known ? from.base.image.text.value : undefined;

describe("the Dockerfile model", () => {
  it("expands arguments in FROM by their defaults", () => {
    const f = file(`
      ARG REG=docker.io/library
      ARG V
      FROM \${REG}/node:\${V:-20.11}-alpine AS a
      FROM node:\${TAG}
      ARG TAG=22
    `);
    assert.equal(image(at(f, From, 0)), "docker.io/library/node:20.11-alpine");
    const second = at(f, From, 1).base;
    assert.ok(second.kind === "image" && !second.image.text.known);
    assert.deepEqual(second.kind === "image" ? second.image.undeclared : [], ["TAG"]);
  });

  it("knows stages by name, number and letter case", () => {
    const f = file(
      "FROM a AS Build\nFROM build\nCOPY --from=0 x y\nCOPY --from=nope x y\nCOPY --from=nginx:1.30 x y\n",
    );
    assert.deepEqual(f.stages[1]?.parent, f.stages[0]);
    assert.equal(at(f, Copy, 0).fromStage, f.stages[0]);
    assert.equal(at(f, Copy, 1).fromStage, undefined);
    assert.equal(at(f, Copy, 2).fromImage?.reference?.familiar, "nginx");
  });

  it("ships the last stage and what it is made from", () => {
    const shipped = (f: Dockerfile): boolean[] => f.stages.map((s) => s.shipped);
    const text = "FROM a AS base\nFROM b AS build\nFROM base AS main\n";
    assert.deepEqual(shipped(file(text)), [true, false, true]);
    assert.deepEqual(shipped(file(text, ["build"])), [false, true, false]);
    assert.deepEqual(shipped(file(text, ["gone"])), [true, false, true]);
  });

  it("finds the user of a stage through its chain", () => {
    const f = file("FROM node:24-slim AS base\nARG APP_UID=1000\nUSER ${APP_UID}:0\nFROM base\nONBUILD USER root\n");
    const user = f.stages[1]?.userAt();
    assert.ok(user?.user);
    assert.deepEqual(user.expand(user.user).value, { known: true, value: "1000:0" });
  });

  it("lets ENV win over ARG, and ARG take the global default", () => {
    const f = file("ARG G=1\nFROM a\nARG G\nARG X=arg\nENV X=env Y=$X\nENV Z=$G$Y$W\nENV Q=${N:+a}${X:+b}${N-c}\n");
    const value = (name: string): unknown => f.stages[0]?.variable(name);
    assert.deepEqual(value("X"), { known: true, value: "env" });
    assert.deepEqual(value("Y"), { known: true, value: "arg" });
    assert.deepEqual(value("G"), { known: true, value: "1" });
    assert.deepEqual(value("Z"), { known: false, why: "variable" });
    assert.deepEqual(value("Q"), { known: true, value: "bc" });
    assert.equal(value("N"), "undeclared");
  });

  it("reads pairs in every spelling", () => {
    const pairs = (text: string): [string, string | undefined][] =>
      at(file(`FROM a\n${text}\n`), Env).pairs.map((p) => [p.name.text, p.value?.text]);
    assert.deepEqual(pairs("ENV A=b C=\"d e\" F='g h' I=j\\ k"), [
      ["A", "b"],
      ["C", "d e"],
      ["F", "g h"],
      ["I", "j k"],
    ]);
    assert.deepEqual(pairs("ENV OLD some value # x"), [["OLD", "some value # x"]]);
    assert.deepEqual(pairs("ENV A=1 \\\n  # c\n  B=2"), [
      ["A", "1"],
      ["B", "2"],
    ]);
    assert.deepEqual(pairs("ENV A="), [["A", ""]]);
  });

  it("takes pairs, ports and lines away", () => {
    const text = "FROM a\n# keep\nENV A=1 \\\n    B=2\nEXPOSE 22 80\nEXPOSE 1\n";
    const f = file(text);
    const env = at(f, Env);
    const edit = (edits: Parameters<typeof applyEdits>[1]): string => applyEdits(text, edits);
    assert.ok(env.pairs[0] && env.pairs[1]);
    assert.equal(edit([env.pairs[0].remove()]), text.replace("A=1 \\\n    B", "B"));
    assert.equal(edit([env.pairs[1].remove()]), text.replace(" \\\n    B=2", ""));
    const [first, second] = [at(f, Expose, 0), at(f, Expose, 1)];
    assert.equal(edit([first.removePort(first.ports[0]!)]), text.replace("22 ", ""));
    assert.equal(edit([second.removePort(second.ports[0]!)]), text.replace("EXPOSE 1\n", ""));
    assert.equal(edit([env.insertBefore("USER x")]), text.replace("# keep", "USER x\n# keep"));
    assert.equal(edit([second.insertAfter("USER x")]), `${text}USER x\n`);
  });

  it("keeps line ends", () => {
    const text = "FROM a\r\nENV A=1\r\nCMD x";
    const f = new Dockerfile(parseSyntax(text), undefined);
    const env = at(f, Env);
    assert.equal(applyEdits(text, [env.insertAfter("A b\nC d")]), "FROM a\r\nENV A=1\r\nA b\r\nC d\r\nCMD x");
    const last = f.instructions[2];
    assert.ok(last);
    assert.equal(applyEdits(text, [last.remove()]), "FROM a\r\nENV A=1");
    assert.equal(applyEdits(text, [last.insertAfter("USER b")]), `${text}\r\nUSER b`);
  });

  it("carries SHELL along the chain only", () => {
    const f = file('FROM a AS x\nSHELL ["/bin/bash","-o","pipefail","-c"]\nFROM x AS y\nRUN a\nFROM a\nRUN b\n');
    const shells = f.stages.map((s) => s.shellAt(s.instructions[s.instructions.length - 1] ?? s.from).program);
    assert.deepEqual(shells, ["sh", "bash", "sh"]);
  });
});

describe("recognition", () => {
  const docker = "FROM a\n";
  const cases: readonly [string, string, string | undefined][] = [
    ["Dockerfile", docker, "dockerfile"],
    ["svc/Dockerfile.dev", docker, "dockerfile"],
    ["api.dockerfile", docker, "dockerfile"],
    ["Containerfile", docker, "dockerfile"],
    ["x.Containerfile", docker, "dockerfile"],
    ["dockerfile", docker, "dockerfile"],
    ["Dockerfile_prod", docker, "dockerfile"],
    ["Dockerfile_prod", "nothing of the kind", undefined],
    ["api-Dockerfile", "# c\n\nARG X=1\nFROM $X\n", "dockerfile"],
    ["Dockerfile.md", docker, undefined],
    ["dockerfile.go", docker, "code"],
    ["Dockerfile.j2", "FROM {{ base }}\n", undefined],
    ["Dockerfile.template", "FROM alpine:3.23\n", "dockerfile"],
    ["Dockerfile.dockerignore", "*.pem\n", "dockerignore"],
    [".dockerignore", "", "dockerignore"],
    [".containerignore", "", "dockerignore"],
    [".gitignore", "", undefined],
    ["main.py", "FROM a", "code"],
  ];
  for (const [name, text, kind] of cases) it(`${name} → ${kind}`, () => assert.equal(recognise(name, text), kind));
  it("takes the editor's word for it", () => assert.equal(recognise("build", "FROM a", "dockerfile"), "dockerfile"));
});

describe("edits at the top of a file with a byte order mark", () => {
  it("stay behind the mark", () => {
    const text = "\ufeffFROM a\nUSER b\n";
    const f = new Dockerfile(parseSyntax(text), undefined);
    const [first] = f.instructions;
    assert.ok(first);
    assert.equal(applyEdits(text, [first.insertBefore("ARG X")]), "\ufeffARG X\nFROM a\nUSER b\n");
    assert.equal(applyEdits(text, [first.remove()]), "\ufeffUSER b\n");
  });
});
