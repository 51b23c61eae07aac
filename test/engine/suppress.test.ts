import assert from "node:assert/strict";
import { applyEdits, type Finding } from "../../engine/index";
import { project } from "../support/engine";
import { dedent } from "../support/example";
import { testRules } from "../support/rules";

interface Case {
  readonly name: string;
  readonly text: string;
  /** `rule@line`, one-based; suppressed ones in brackets with their reason. */
  readonly findings: readonly string[];
  readonly config?: string;
  readonly file?: string;
}

async function run(c: Pick<Case, "text" | "config" | "file">): Promise<{ text: string; findings: readonly Finding[] }> {
  const text = dedent(c.text);
  const file = c.file ?? "Dockerfile";
  const analyser = await project([{ file, text }], { rules: testRules, preset: "all", config: c.config });
  return { text, findings: analyser.findings(file) };
}

const shown = (text: string, findings: readonly Finding[]): string[] =>
  findings.map((f) => {
    const line = text.slice(0, f.span.start).split("\n").length;
    const name = `${f.rule.replace("dockerfile/", "")}@${line}`;
    return f.suppressed === null ? name : `[${name} ${f.suppressed.reason}]`;
  });

const cases: readonly Case[] = [
  { name: "nothing suppressed", text: "FROM a\nUSER root\n", findings: ["root-user@2"] },
  {
    name: "the next instruction",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user -- legacy base\nUSER root\nUSER root\n",
    findings: ["[root-user@3 legacy base]", "root-user@4"],
  },
  {
    name: "through further comments and blank lines",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user -- why\n# more\n\nUSER root\n",
    findings: ["[root-user@5 why]"],
  },
  {
    name: "a comment inside an instruction speaks of the instruction",
    text: "FROM a\nEXPOSE 22 \\\n  # bulkhead-ignore dockerfile/specific -- bastion\n  80\n",
    findings: ["[specific@2 bastion]"],
  },
  {
    name: "several rules at once",
    text: "FROM a\n# bulkhead-ignore dockerfile/specific, dockerfile/root-user -- both\nEXPOSE 22\n",
    findings: ["[specific@3 both]"],
  },
  {
    name: "a whole domain",
    text: "FROM a\n# bulkhead-ignore dockerfile/* -- all of it\nUSER root\n",
    findings: ["[root-user@3 all of it]"],
  },
  {
    name: "the whole file",
    text: "# bulkhead-ignore-file dockerfile/root-user -- test image\nFROM a\nUSER root\nEXPOSE 22\n",
    findings: ["[root-user@3 test image]", "specific@4"],
  },
  {
    name: "the whole file, every rule",
    text: "# bulkhead-ignore-file -- generated\nFROM a\nUSER root\nEXPOSE 22\n",
    findings: ["[root-user@3 generated]", "[specific@4 generated]"],
  },
  {
    name: "no reason",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user\nUSER root\n",
    findings: ["suppression/missing-reason@2", "[root-user@3 ]"],
  },
  {
    name: "an empty reason",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user --\nUSER root\n",
    findings: ["suppression/missing-reason@2", "[root-user@3 ]"],
  },
  {
    name: "an unknown rule",
    text: "FROM a\n# bulkhead-ignore dockerfile/rot-user -- typo\nUSER root\n",
    findings: ["suppression/unknown-rule@2", "root-user@3"],
  },
  {
    name: "not yet over",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user until=2026-11-21 -- till today\nUSER root\n",
    findings: ["[root-user@3 till today]"],
  },
  {
    name: "over",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user until=2026-11-20 -- was fine\nUSER root\n",
    findings: ["suppression/expired@2", "root-user@3"],
  },
  {
    name: "no day",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user until=soon -- later\nUSER root\n",
    findings: ["suppression/expired@2", "root-user@3"],
  },
  {
    name: "unused",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user -- gone\nUSER app\n",
    findings: ["suppression/unused@2"],
  },
  {
    name: "not unused where the rule is off",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user -- gone\nUSER root\n",
    config: "rules: { dockerfile/root-user: off }",
    findings: [],
  },
  {
    name: "frame rules have levels too",
    text: "FROM a\n# bulkhead-ignore dockerfile/root-user -- gone\nUSER app\n",
    config: "rules: { suppression/unused: off }",
    findings: [],
  },
  {
    name: "text that only looks like it",
    text: "FROM a\n# bulkhead-ignored dockerfile/root-user -- no\nUSER root\n",
    findings: ["root-user@3"],
  },
  { name: "hadolint", text: "FROM a\n# hadolint ignore=DL3002,DL3001\nUSER root\n", findings: ["[root-user@3 ]"] },
  { name: "hadolint, another id", text: "FROM a\n# hadolint ignore=DL3001\nUSER root\n", findings: ["root-user@3"] },
  {
    name: "hadolint, whole file",
    text: "# hadolint global ignore=DL3002\nFROM a\nUSER root\n",
    findings: ["[root-user@3 ]"],
  },
  {
    name: "checkov, whole file, with a reason",
    text: "FROM a\nUSER root\n# checkov:skip=CKV_DOCKER_8:needs it\n",
    findings: ["[root-user@2 needs it]"],
  },
  { name: "trivy", text: "FROM a\n#trivy:ignore:DS-0002\nUSER root\n", findings: ["[root-user@3 ]"] },
  { name: "trivy, old spelling", text: "FROM a\n#trivy:ignore:AVD-DS-0002\nUSER root\n", findings: ["[root-user@3 ]"] },
  {
    name: "semgrep",
    text: "FROM a\n# nosemgrep: dockerfile.security.last-user-is-root\nUSER root\n",
    findings: ["[root-user@3 ]"],
  },
  { name: "semgrep without an id", text: "FROM a\n# nosemgrep\nUSER root\n", findings: ["[root-user@3 ]"] },
  ...["gitleaks:allow", "pragma: allowlist secret", "secretlint-disable-line", "found by hand, gitleaks:allow"].map(
    (comment) => ({
      name: `of scanners for secrets: ${comment}`,
      text: `FROM a\n# ${comment}\nENV TOKEN=abc\n`,
      findings: ["[embedded-secret@3 ]"],
    }),
  ),
  {
    name: "of scanners for secrets, beside no secret",
    text: "FROM a\n# gitleaks:allow\nUSER root\n",
    findings: ["root-user@3"],
  },
  {
    name: "bandit and gosec, which know nothing of it",
    text: "FROM a\n# nosec\nUSER root\n",
    findings: ["root-user@3"],
  },
  {
    name: "BuildKit",
    text: "# check=skip=ExposeInvalidFormat;error=true\nFROM a\nEXPOSE 80\n",
    findings: ["[general@3 ]"],
  },
  {
    name: "BuildKit's check of names says nothing about a secret's value",
    text: "# check=skip=SecretsUsedInArgOrEnv\nFROM a\nENV TOKEN=abc\n",
    findings: ["embedded-secret@3"],
  },
  {
    name: "other tools' comments switched off",
    text: "FROM a\n# hadolint ignore=DL3002\nUSER root\n",
    config: "foreignSuppressions: false",
    findings: ["root-user@3"],
  },
];

describe("suppression", () => {
  for (const c of cases) {
    it(c.name, async () => {
      const { text, findings } = await run(c);
      assert.deepEqual(shown(text, findings), c.findings);
    });
  }

  it("speaks of the next pattern in ignore files", async () => {
    const text = "# bulkhead-ignore dockerfile/root-user -- x\n.env\n";
    const { findings } = await run({ text, file: ".dockerignore" });
    assert.deepEqual(shown(text, findings), ["suppression/unused@1"]);
  });

  it("repairs what is wrong with it", async () => {
    const fixed = async (text: string): Promise<string> => {
      const { findings } = await run({ text });
      const fix = findings.find((f) => f.rule.startsWith("suppression/"))?.fixes()[0];
      assert.ok(fix);
      return applyEdits(text, fix.edits);
    };
    const line = "# bulkhead-ignore dockerfile/root-user";
    assert.equal(
      await fixed(`FROM a\n${line}\nUSER root\n`),
      `FROM a\n${line} -- \${1:why this is accepted}\nUSER root\n`,
    );
    assert.equal(await fixed(`FROM a\n${line} -- gone\nUSER a\n`), "FROM a\nUSER a\n");
    assert.equal(await fixed(`FROM a\n${line} until=2020-01-01 -- x\nUSER root\n`), "FROM a\nUSER root\n");
  });
});
