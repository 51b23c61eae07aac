import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { check, faulty, folder, removeFolders } from "./support";

/** The standard's own schema. It is of draft 4, of which it uses nothing that later ones lack. */
function sarifSchema(): object {
  const main = require.resolve("@microsoft/jest-sarif/package.json");
  const text = readFileSync(join(main, "..", "lib", "schemas", "sarif-2.1.0-rtm.5.json"), "utf8");
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(text) as Record<string, unknown>;
  return schema;
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly locations: readonly {
    physicalLocation: { artifactLocation: { uri: string }; region: Record<string, number> };
  }[];
  readonly partialFingerprints: Record<string, string>;
  readonly suppressions: readonly { kind: string; justification?: string }[];
  readonly fixes?: readonly { description: { text: string } }[];
}

describe("check --format sarif", () => {
  afterEach(removeFolders);

  async function run(cwd: string, ...words: readonly string[]) {
    const { stdout, status } = await check(cwd, "--format", "sarif", ...words);
    const log = JSON.parse(stdout);
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats(ajv);
    const validate = ajv.compile(sarifSchema());
    const isValid: boolean = validate(log);
    assert.ok(isValid, JSON.stringify(validate.errors, null, 2));
    const [only] = log.runs;
    return { status, stdout, run: only, results: only.results as readonly Result[] };
  }

  it("is valid, whatever there is to say", async () => {
    const files = {
      Dockerfile: faulty,
      "a b/Dockerfile": "FROM node\n",
      "c.Dockerfile": Buffer.from([0]),
      ".env": "A=1\n",
      "bulkhead.yaml": "nonsense: 1\n",
    };
    const cwd = folder(files);
    const broken = await run(cwd, ".", "missing");
    assert.equal(broken.status, 2);
    assert.equal(broken.run.invocations[0].executionSuccessful, false);
    assert.equal(broken.run.invocations[0].toolExecutionNotifications.length, 3);
    assert.ok(broken.results.some((r) => r.locations[0]?.physicalLocation.artifactLocation.uri === "a%20b/Dockerfile"));
    assert.deepEqual((await run(folder({}))).results, []);
    const outside = await run(join(cwd, "a b"), "..");
    assert.ok(
      outside.results.some((r) => r.locations[0]?.physicalLocation.artifactLocation.uri.startsWith("file:///")),
    );
  });

  it("counts from one in UTF-16 units, and describes each rule that speaks", async () => {
    const { run: only, results } = await run(folder({ Dockerfile: "FROM node\n# 😀\nADD . /app\n" }));
    assert.equal(only.columnKind, "utf16CodeUnits");
    const add = results.find((r) => r.ruleId === "dockerfile/add-instead-of-copy");
    assert.deepEqual(add?.locations[0]?.physicalLocation.region, {
      startLine: 3,
      startColumn: 1,
      endLine: 3,
      endColumn: 4,
    });
    assert.match(add?.partialFingerprints["bulkhead/v1"] ?? "", /^[0-9a-f]{16}$/);
    for (const result of results) {
      const rule = only.tool.driver.rules[result.ruleIndex];
      assert.equal(rule.id, result.ruleId);
      assert.ok(rule.help.text.length > 10 && rule.help.markdown.length > 10);
    }
  });

  it("has safe and unsafe fixes, never guided ones", async () => {
    const { results } = await run(folder({ Dockerfile: faulty }));
    const fixes = results.flatMap((r) => r.fixes ?? []).map((f) => f.description.text);
    assert.ok(fixes.includes("Use COPY (safe)"));
    assert.deepEqual(
      fixes.filter((title) => title.includes("(guided)")),
      [],
    );
  });

  it("says what is suppressed, and why", async () => {
    const { status, results } = await run(
      folder({ Dockerfile: "# bulkhead-ignore-file -- a fixture\nFROM node\nADD . /app\n" }),
    );
    assert.ok(results.length > 0);
    for (const r of results) assert.deepEqual(r.suppressions, [{ kind: "inSource", justification: "a fixture" }]);
    assert.equal(status, 0);
    const open = await run(folder({ Dockerfile: faulty }));
    for (const r of open.results) assert.deepEqual(r.suppressions, []);
  });

  it("holds no secret", async () => {
    const { stdout } = await run(folder({ Dockerfile: "FROM node\nENV DB_PASSWORD=hunter2Winter99x A=1\n" }));
    assert.ok(!stdout.includes("nter2Winter99x"));
  });
});
