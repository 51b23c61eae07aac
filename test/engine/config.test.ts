import assert from "node:assert/strict";
import { configSchema, defaultConfig, parseConfig, type Finding } from "../../engine/index";
import { project } from "../support/engine";
import { testRules } from "../support/rules";

const problems = (text: string): string[] =>
  parseConfig("bulkhead.yaml", text, testRules).problems.map(
    (p) => `${text.slice(p.span.start, p.span.end)}: ${p.message}`,
  );

async function findings(text: string, config: string): Promise<string[]> {
  const analyser = await project([{ file: "Dockerfile", text }], { rules: testRules, config });
  return analyser.findings("Dockerfile").map((f: Finding) => `${f.severity} ${f.rule}`);
}

describe("configuration", () => {
  it("is empty by default", () => {
    for (const text of ["", "\n# nothing yet\n", "---\n"]) {
      assert.deepEqual(parseConfig("bulkhead.yaml", text, testRules), { config: defaultConfig, problems: [] });
    }
  });

  const broken: readonly [string, string, RegExp][] = [
    [
      "a wrong preset",
      "preset: strickt",
      /^strickt: `preset` is one of recommended, strict, all, pss-baseline, pss-restricted, nsa, cis$/,
    ],
    ["an unknown setting", "presets: all", /^presets: there is no setting `presets`/],
    ["an unknown rule", "rules:\n  dockerfile/rot-user: off", /^dockerfile\/rot-user: there is no rule/],
    ["a wrong level", "rules:\n  dockerfile/root-user: fatal", /^fatal: `dockerfile\/root-user` is one of off, hint/],
    [
      "an unknown option",
      "rules:\n  dockerfile/specific: { prts: [] }",
      /^prts: this rule has no option `prts`: known are level, ports/,
    ],
    ["an option of the wrong type", "rules:\n  dockerfile/specific: { ports: yes }", /`ports` is a list of texts/],
    ["a list where settings belong", "- a\n", /expected settings/],
    ["rules that are no map", "rules: [a]", /maps rule ids to levels/],
    ["ignore that is no list", "ignore: x", /^x: `ignore` is a list of texts$/],
    ["no day", "today: tomorrow", /written as YYYY-MM-DD/],
    ["broken YAML", "preset: [all\n", /./],
    ["a key given twice", "preset: all\npreset: strict\n", /unique/i],
  ];
  for (const [name, text, expected] of broken) {
    it(`complains about ${name} at its place`, () => {
      const found = problems(text);
      assert.ok(found.length > 0 && found.some((p) => expected.test(p)), found.join("\n"));
    });
  }

  it("keeps what is right beside what is wrong", () => {
    const { config } = parseConfig(
      "bulkhead.yaml",
      "preset: strict\nrules: { nope: off }\nregistries: [ghcr.io]\n",
      testRules,
    );
    assert.equal(config.preset, "strict");
    assert.deepEqual(config.registries, ["ghcr.io"]);
  });

  it("chooses rules by preset", async () => {
    const text = "FROM a\nEXPOSE 80\n";
    assert.deepEqual(await findings(text, ""), []);
    assert.deepEqual(await findings(text, "preset: strict"), ["info dockerfile/general"]);
  });

  it("chooses levels by rule and by domain", async () => {
    const text = "FROM a\nUSER root\nEXPOSE 80\n";
    assert.deepEqual(await findings(text, "rules: { dockerfile/general: error }"), [
      "warning dockerfile/root-user",
      "error dockerfile/general",
    ]);
    assert.deepEqual(await findings(text, "rules: { dockerfile/*: off, dockerfile/root-user: hint }"), [
      "hint dockerfile/root-user",
    ]);
  });

  it("gives a rule its options", async () => {
    const text = "FROM a\nEXPOSE 22 80\n";
    assert.deepEqual(await findings(text, "rules: { dockerfile/specific: { ports: ['80', '22'] } }"), [
      "error dockerfile/specific",
      "error dockerfile/specific",
    ]);
  });

  it("lets the specific rule speak, even where it is off", async () => {
    const text = "FROM a\nEXPOSE 22\n";
    assert.deepEqual(await findings(text, "preset: strict"), ["error dockerfile/specific"]);
    assert.deepEqual(await findings(text, "preset: strict\nrules: { dockerfile/specific: off }"), []);
  });

  it("has a schema that knows every rule", () => {
    const schema = JSON.stringify(configSchema(testRules));
    for (const rule of testRules) assert.ok(schema.includes(rule.id));
    assert.ok(schema.includes("suppression/unused"));
  });
});
