import assert from "node:assert/strict";
import Ajv from "ajv";
import { bulkhead, type Ended, folder, removeFolders } from "./support";

const texts = { type: "array", items: { type: "string" } };
const properties = {
  id: { type: "string", pattern: "^[a-z-]+/[a-z-]+$" },
  kind: {
    enum: ["dockerfile", "dockerignore", "compose", "kubernetes", "helm", "kustomize", "code", "text", "suppression"],
  },
  severity: { enum: ["hint", "info", "warning", "error"] },
  preset: { enum: ["recommended", "strict", "all"] },
  principle: { type: "string" },
  summary: { type: "string", pattern: "^[^\\n]+$" },
  fix: { enum: ["none", "safe", "unsafe", "guided"] },
  refs: texts,
  covers: texts,
};
/** The contract of `docs/json.md`. */
const schema = {
  type: "object",
  properties: {
    version: { const: 1 },
    rules: {
      type: "array",
      items: { type: "object", properties, required: Object.keys(properties), additionalProperties: false },
    },
  },
  required: ["version", "rules"],
  additionalProperties: false,
};

describe("bulkhead rules and bulkhead explain", () => {
  afterEach(removeFolders);
  const run = (...words: readonly string[]): Promise<Ended> => bulkhead(words, { cwd: folder({}) });

  it("rules --format json keeps its contract", async () => {
    const { status, stdout } = await run("rules", "--format", "json");
    const validate = new Ajv({ allErrors: true }).compile(schema);
    const list = JSON.parse(stdout);
    const isValid: boolean = validate(list);
    assert.ok(isValid, JSON.stringify(validate.errors, null, 2));
    const ids = list.rules.map((r: { id: string }) => r.id);
    for (const id of ["dockerfile/root-user", "dockerfile/unpinned-image", "suppression/unused"])
      assert.ok(ids.includes(id), id);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(status, 0);
  });

  it("rules lists them for people", async () => {
    const { status, stdout } = await run("rules");
    assert.match(stdout, /^dockerfile\/add-instead-of-copy +hint +recommended +safe fix +ADD/m);
    assert.equal(status, 0);
  });

  it("explain gives a rule's page with its examples", async () => {
    const { status, stdout } = await run("explain", "dockerfile/add-instead-of-copy");
    assert.match(stdout, /^dockerfile\/add-instead-of-copy: ADD where COPY would do\n/);
    for (const part of [
      /Severity +hint/,
      /References +.*CIS 4\.9/,
      /Covers +.*hadolint:DL3020/,
      /«ADD» \. \/app/,
      /becomes:/,
      /Right/,
    ]) {
      assert.match(stdout, part);
    }
    assert.equal(status, 0);
  });

  it("explain knows the rules about suppressions, and other tools' ids", async () => {
    assert.match((await run("explain", "suppression/unused")).stdout, /^suppression\/unused: /);
    assert.match((await run("explain", "DL3020")).stdout, /^dockerfile\/add-instead-of-copy: /);
    assert.match((await run("explain", "hadolint:dl3020")).stdout, /^dockerfile\/add-instead-of-copy: /);
  });

  it("explain guesses what an unknown id was meant to be, with status 2", async () => {
    for (const id of ["dockerfile/root-usr", "root-user", "Dockerfile/root-user"]) {
      const { status, stdout, stderr } = await run("explain", id);
      assert.match(stderr, /did you mean .*`dockerfile\/root-user`/);
      assert.equal(stdout, "");
      assert.equal(status, 2);
    }
    assert.match((await run("explain", "zzz/qqqqqqqqq")).stderr, /`bulkhead rules` lists them all/);
    assert.equal((await run("explain")).status, 2);
  });
});
