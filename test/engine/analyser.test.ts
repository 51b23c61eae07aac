import assert from "node:assert/strict";
import { Analyser, defaultConfig } from "../../engine/index";
import { languages, project, today } from "../support/engine";
import { general, rootUser, secretRule, specific, testRules, throwing } from "../support/rules";

describe("the analyser", () => {
  it("gives findings in a fixed order, whatever the order of the rules", async () => {
    const text = "FROM a\nEXPOSE 80 22\nUSER root\nENV A=b\n";
    const ids = async (rules: typeof testRules): Promise<string[]> => {
      const analyser = await project([{ file: "Dockerfile", text }], { rules, preset: "all" });
      return analyser.findings("Dockerfile").map((f) => f.rule);
    };
    const one = await ids([rootUser, general, specific, secretRule]);
    assert.deepEqual(one, await ids([secretRule, specific, general, rootUser]));
    assert.deepEqual(one, ["dockerfile/specific", "dockerfile/root-user", "dockerfile/embedded-secret"]);
  });

  it("loses only the findings of a rule that throws, and says so", async () => {
    const analyser = await project([{ file: "Dockerfile", text: "FROM a\nUSER root\n" }], {
      rules: [throwing, rootUser],
    });
    assert.deepEqual(
      analyser.findings("Dockerfile").map((f) => f.rule),
      ["dockerfile/root-user"],
    );
    assert.deepEqual(
      analyser.problems("Dockerfile").map((p) => p.message),
      ["rule dockerfile/throwing failed on this file and was left out: broken on purpose"],
    );
  });

  it("gives the same array until something changes", async () => {
    const analyser = await project([{ file: "Dockerfile", text: "FROM a\nUSER root\n" }], { rules: testRules });
    const first = analyser.findings("Dockerfile");
    assert.equal(analyser.findings("Dockerfile"), first);
    analyser.setFile("b/Dockerfile", "FROM x\n");
    assert.equal(analyser.findings("Dockerfile"), first, "a rule that asks nothing of the project is not run again");
    analyser.setFile("Dockerfile", "FROM a\nUSER root\n\n");
    assert.notEqual(analyser.findings("Dockerfile"), first);
  });

  it("keeps fingerprints while text moves, and tells equal findings apart", async () => {
    const prints = async (text: string): Promise<string[]> =>
      (await project([{ file: "Dockerfile", text }], { rules: testRules }))
        .findings("Dockerfile")
        .map((f) => f.fingerprint);
    const before = await prints("FROM a\nUSER root\nUSER root\n");
    assert.equal(new Set(before).size, 2);
    assert.deepEqual(await prints("# c\nFROM a\n\n\nUSER   root\nRUN x\nUSER root\n"), before);
  });

  it("says nothing about files it does not know", async () => {
    const analyser = new Analyser({ rules: testRules, languages: await languages(), today });
    analyser.configure(defaultConfig);
    analyser.setFile("notes.txt", "USER root");
    assert.deepEqual(analyser.findings("notes.txt"), []);
    assert.deepEqual(analyser.findings("nowhere"), []);
    assert.equal(analyser.kindOf("notes.txt"), "text");
    assert.deepEqual(analyser.files, ["notes.txt"]);
  });

  it("does without a shell parser", async () => {
    const analyser = new Analyser({ rules: testRules, languages: { shell: undefined }, today });
    analyser.setFile("Dockerfile", "FROM a\nRUN x | y\nUSER root\n");
    assert.equal(analyser.findings("Dockerfile").length, 1);
  });

  it("forgets models but not findings when a file is released", async () => {
    const analyser = await project([{ file: "Dockerfile", text: "FROM a\nUSER root\n" }], { rules: testRules });
    analyser.release("Dockerfile");
    assert.equal(analyser.findings("Dockerfile").length, 1);
    analyser.removeFile("Dockerfile");
    assert.equal(analyser.findings("Dockerfile").length, 0);
  });
});
