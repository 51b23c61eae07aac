import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { principles, severities } from "../../engine/index";
import { root } from "../support/engine";
import { check, faulty, folder, type JsonReport, removeFolders } from "./support";

const closed = (properties: Record<string, object>, optional: readonly string[] = []): object => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const text = { type: "string" };
const name = { type: "string", pattern: "^[^/\\\\].*$" };
const rule = { type: "string", pattern: "^[a-z-]+/[a-z-]+$" };
const position = closed({ line: { type: "integer", minimum: 0 }, character: { type: "integer", minimum: 0 } });
const range = closed({ start: position, end: position });
const applicability = { enum: ["safe", "unsafe", "guided"] };
const edit = closed({ file: name, range, text, create: { const: true } }, ["create"]);

/** The contract of `docs/json.md`, more narrow than readers may take it: a new field must be added here, and there. */
const schema = closed(
  {
    version: { const: 1 },
    files: { type: "integer", minimum: 0 },
    findings: {
      type: "array",
      items: closed({
        rule,
        severity: { enum: severities },
        principle: { enum: principles },
        message: { type: "string", minLength: 1, pattern: "^[^\\n]*$" },
        file: name,
        range,
        related: { type: "array", items: closed({ file: name, range, note: text }) },
        fixes: {
          type: "array",
          items: closed({ title: text, applicability, edits: { type: "array", minItems: 1, items: edit } }),
        },
        suppressed: { anyOf: [{ type: "null" }, closed({ reason: text })] },
        fingerprint: { type: "string", pattern: "^[0-9a-f]{16}$" },
      }),
    },
    problems: {
      type: "array",
      items: closed({
        severity: { enum: ["error", "warning"] },
        source: { enum: ["configuration", "parser", "rule", "host"] },
        message: text,
        file: { anyOf: [{ type: "null" }, name] },
        range: { anyOf: [{ type: "null" }, range] },
      }),
    },
    fixed: { type: "array", items: closed({ file: name, rule, title: text, applicability }) },
  },
  ["fixed"],
);

describe("check --format json", () => {
  afterEach(removeFolders);
  const validate = new Ajv({ allErrors: true }).compile(schema);

  async function valid(cwd: string, ...words: readonly string[]): Promise<JsonReport> {
    const { stdout } = await check(cwd, "--format", "json", ...words);
    assert.match(stdout, /^\{[^\n]*\}\n$/);
    const report: unknown = JSON.parse(stdout);
    assert.ok(validate(report), JSON.stringify(validate.errors, null, 2));
    return report as JsonReport;
  }

  it("keeps its contract, whatever there is to say", async () => {
    const cwd = folder({
      Dockerfile: faulty,
      "b/Dockerfile": "# bulkhead-ignore-file -- later\nFROM node\n",
      "c.Dockerfile": Buffer.from([0]),
      ".env": "A=1\n",
      "bulkhead.yaml": "nonsense: 1\n",
    });
    const report = await valid(cwd, ".", "missing");
    assert.ok(report.findings.length > 3);
    assert.equal(report.problems.length, 3);
    assert.ok(report.findings.some((f) => f.suppressed !== null));
    assert.equal(report.fixed, undefined);
    assert.ok(((await valid(cwd, "--fix")).fixed ?? []).length > 0);
    assert.deepEqual(await valid(folder({})), { version: 1, files: 0, findings: [], problems: [] });
  });

  it("is in order: files, places, rules", async () => {
    const { findings } = await valid(folder({ "b/Dockerfile": faulty, "a/Dockerfile": faulty, Dockerfile: faulty }));
    const keys = findings.map((f) => [f.file, f.range.start.line, f.range.start.character] as const);
    const sorted = [...keys].sort((x, y) => (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : x[1] - y[1] || x[2] - y[2]));
    assert.deepEqual(keys, sorted);
  });

  it("has edits that apply: the text after them has no such finding", async () => {
    const cwd = folder({ Dockerfile: faulty });
    const report = JSON.parse((await check(cwd, "--format", "json")).stdout);
    const add = report.findings.find((f: { rule: string }) => f.rule === "dockerfile/add-instead-of-copy");
    const [{ range: at, text: replacement }] = add.fixes[0].edits;
    const lines = faulty.split("\n");
    const line = lines[at.start.line] ?? "";
    lines[at.start.line] = line.slice(0, at.start.character) + replacement + line.slice(at.end.character);
    const after = await valid(folder({ Dockerfile: lines.join("\n") }));
    assert.ok(!after.findings.some((f) => f.rule === "dockerfile/add-instead-of-copy"));
  });

  it("holds no secret", async () => {
    const cwd = folder({ Dockerfile: "FROM node\nENV DB_PASSWORD=hunter2Winter99x A=1\n" });
    const report = await valid(cwd);
    assert.ok(report.findings.some((f) => f.principle === "secrets"));
    assert.ok(!JSON.stringify(report).includes("nter2Winter99x"));
  });

  it("gives what the documentation shows", async () => {
    const page = readFileSync(join(root, "docs", "json.md"), "utf8");
    const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "") as JsonReport;
    assert.ok(validate(example), JSON.stringify(validate.errors, null, 2));
    const report = await valid(folder({ "svc/Dockerfile": "FROM scratch\nADD . /app\n" }));
    const [shown] = example.findings;
    assert.deepEqual(
      report.findings.find((f) => f.rule === shown?.rule),
      shown,
    );
  });
});
