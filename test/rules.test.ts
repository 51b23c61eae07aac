/** Every example of every rule, executed: spans, fixes, and what a fix may never do. */
import assert from "node:assert/strict";
import {
  Analyser,
  applyEdits,
  conflict,
  expandChoices,
  presets,
  principles,
  severities,
  type AnyRule,
  type BadExample,
  type Edit,
  type Finding,
  type Fix,
  meet,
} from "../engine/index";
import { rules } from "../rules/index";
import { readExample, dedent, withMarks, type MarkedFile } from "./support/example";
import { languages, project, today } from "./support/engine";

const only = process.env["RULE"];
const chosen = only === undefined ? rules : rules.filter((r) => r.id.startsWith(only));

for (const rule of chosen) {
  describe(rule.id, () => {
    it("has sound metadata", () => checkMetadata(rule));
    rule.examples.forEach((example, i) => {
      const label = example.note ?? `${i + 1}`;
      if ("bad" in example) {
        it(`reports: ${label}`, () => checkBad(rule, example));
        it(`fixes: ${label}`, () => checkFix(rule, example));
        it(`stays silent on the fixed file with CRLF and BOM: ${label}`, () => checkLineEndings(rule, example));
      } else {
        it(`accepts: ${label}`, async () => {
          const files = readExample(example.good, rule.kind, example.file);
          assert.deepEqual(await spansOf(rule, files, example.config), []);
        });
      }
      it(`survives being typed: ${label}`, () =>
        checkPrefixes(rule, "bad" in example ? example.bad : example.good, example.file));
    });
  });
}

function checkMetadata(rule: AnyRule): void {
  assert.match(rule.id, /^[a-z]+(?:-[a-z]+)*\/[a-z0-9-]+$/);
  assert.ok(severities.includes(rule.severity));
  assert.ok(principles.includes(rule.principle));
  assert.ok(rule.preset === undefined || presets.includes(rule.preset));
  assert.ok(
    rule.summary.length > 8 && rule.summary.length <= 90 && !/[.!]$/.test(rule.summary),
    "summary: one short line",
  );
  assert.ok(rule.why.length > 40, "why: says why it matters");
  assert.ok(
    rule.examples.some((e) => "bad" in e),
    "at least one bad example",
  );
  assert.ok(
    rule.examples.some((e) => "good" in e),
    "at least one good example",
  );
  for (const ref of rule.refs)
    assert.match(
      ref,
      /^(?:CWE-\d+|CIS [\w. ]+|OWASP D\d+|CVE-\d{4}-\d+|SLSA|PSS \w+|BuildKit entitlements|NSA .+)$/,
      ref,
    );
  for (const id of rule.covers) {
    assert.match(
      id,
      /^(?:hadolint:DL\d{4}|buildkit:[A-Z]\w+|checkov:CKV2?_[A-Z0-9]+_\d+|trivy:[A-Z]+-\d{4,5}|kics:[\w]+|semgrep:[\w-]+|dockle:[\w-]+|kube-linter:[\w-]+|kube-score:[\w-]+|kubescape:C-\d{4}|polaris:\w+|kubesec:\w+|kyverno:[\w./-]+|gitleaks:[\w-]+|gosec:G\d+|bandit:B\d+|sonar:S\d+|zizmor:[\w-]+|spectral-owasp:[\w-]+)$/,
      id,
    );
  }
  for (const id of rule.yieldsTo ?? [])
    assert.ok(
      rules.some((r) => r.id === id),
      `yieldsTo names no rule: ${id}`,
    );
}

async function findingsOf(rule: AnyRule, files: readonly MarkedFile[], config?: string): Promise<readonly Finding[]> {
  const analyser = await project(files, { preset: "all", config });
  const [own] = files;
  assert.ok(own);
  assert.deepEqual(analyser.problems(own.file), []);
  // Rules about texts look at files of every kind.
  if (rule.kind !== "text")
    assert.equal(analyser.kindOf(own.file), rule.kind, `${own.file} is recognised as ${rule.kind}`);
  return analyser.findings(own.file).filter((f) => f.suppressed === null && f.rule === rule.id);
}

async function spansOf(rule: AnyRule, files: readonly MarkedFile[], config?: string): Promise<unknown[]> {
  return (await findingsOf(rule, files, config)).map((f) => f.message);
}

async function checkBad(rule: AnyRule, example: BadExample): Promise<void> {
  const files = readExample(example.bad, rule.kind, example.file);
  const [own] = files;
  assert.ok(own);
  assert.ok(own.marks.length > 0, "a bad example marks what is wrong");
  const findings = await findingsOf(rule, files, example.config);
  assert.equal(
    withMarks(
      own.text,
      findings.map((f) => f.span),
    ),
    withMarks(own.text, own.marks),
  );
  for (const finding of findings) {
    assert.equal(finding.severity, example.severity ?? rule.severity, "severity");
    assert.ok(finding.message.length > 0 && !finding.message.endsWith("."), "a message ends without a full stop");
    for (const related of finding.related) assert.ok(related.note.length > 0);
  }
  const recommended = await project(files, { config: example.config });
  const others = recommended
    .findings(own.file)
    .filter((f) => f.rule !== rule.id && own.marks.some((m) => f.span.start < m.end && m.start < f.span.end))
    .map((f) => f.rule);
  assert.deepEqual([...new Set(others)].sort(), [...(example.also ?? [])].sort(), "other rules at the marked spans");
}

interface Fixed {
  readonly files: readonly MarkedFile[];
  readonly used: readonly Fix[];
}

/** Applies the best fix of each finding, first to last, those that touch an earlier one left for the next round. */
async function applyFixes(rule: AnyRule, files: readonly MarkedFile[], config?: string): Promise<Fixed> {
  let current = files;
  const used: Fix[] = [];
  for (let round = 0; round < 10; round++) {
    const findings = await findingsOf(rule, current, config);
    const taken: Edit[] = [];
    const others: { file: string; edits: readonly Edit[] }[] = [];
    for (const finding of findings) {
      const [fix] = finding.fixes();
      if (fix === undefined) continue;
      assert.ok(!conflict(fix.edits), `the edits of "${fix.title}" overlap`);
      if (meet(taken, fix.edits)) continue;
      const written = fix.applicability === "guided" ? expanded(fix.edits) : fix.edits;
      if (round > 0 && fix.applicability === "guided") continue;
      taken.push(...written);
      for (const other of fix.others ?? []) {
        if (other.file === undefined || others.some((o) => o.file === other.file)) continue;
        others.push({ file: other.file, edits: fix.applicability === "guided" ? expanded(other.edits) : other.edits });
      }
      used.push(fix);
    }
    if (taken.length === 0 && others.length === 0) break;
    const [own, ...rest] = current;
    assert.ok(own);
    const next = [{ ...own, text: applyEdits(own.text, taken) }, ...rest];
    for (const other of others) {
      const index = next.findIndex((f) => f.file === other.file);
      const before = next[index];
      if (before === undefined) next.push({ file: other.file, text: applyEdits("", other.edits), marks: [] });
      else next[index] = { ...before, text: applyEdits(before.text, other.edits) };
    }
    current = next;
  }
  return { files: current, used };
}

const expanded = (edits: readonly Edit[]): Edit[] => edits.map((e) => ({ ...e, text: expandChoices(e.text) }));

async function recommendedRules(files: readonly MarkedFile[], config?: string): Promise<string[]> {
  const analyser = await project(files, { config });
  return files.flatMap((f) =>
    analyser
      .findings(f.file)
      .filter((x) => x.suppressed === null)
      .map((x) => x.rule),
  );
}

async function checkFix(rule: AnyRule, example: BadExample): Promise<void> {
  const files = readExample(example.bad, rule.kind, example.file);
  const { files: fixed, used } = await applyFixes(rule, files, example.config);
  const [before] = files;
  const [after] = fixed;
  assert.ok(before && after);
  if (example.fixed === undefined) {
    assert.deepEqual(
      used.map((f) => f.title),
      [],
      "a fix is offered, but the example shows no fixed text",
    );
    return;
  }
  const [expected, ...expectedOthers] = readExample(example.fixed, rule.kind, example.file);
  assert.equal(after.text, expected?.text);
  for (const other of expectedOthers)
    assert.equal(fixed.find((f) => f.file === other.file)?.text, other.text, other.file);
  assert.ok(used.length > 0, "the example shows a fixed text, but no fix is offered");
  for (const fix of used) assert.match(fix.title, /^[A-Z].*[^.]$/, "a fix title is a phrase that says the edit");
  if (example.remains === undefined) {
    assert.deepEqual(await spansOf(rule, fixed, example.config), [], "the finding is gone");
  }
  const had = await recommendedRules(files, example.config);
  const has = await recommendedRules(fixed, example.config);
  const added = has.filter((id) => !had.includes(id));
  assert.deepEqual(added, [], "the fix adds findings");
  for (const comment of commentsOf(before.text)) {
    assert.ok(after.text.includes(comment), `the comment "${comment}" is lost`);
  }
  const twice = await applyFixes(
    rule,
    fixed.map((f) => ({ ...f, marks: [] })),
    example.config,
  );
  if (example.remains === undefined) assert.equal(twice.files[0]?.text, after.text, "a second round changes nothing");
}

const commentsOf = (text: string): string[] =>
  text
    .split("\n")
    .map((l) => l.trim())
    .filter((l) => l.startsWith("#") && !/^# *(?:syntax|escape|check) *=/.test(l));

async function checkLineEndings(rule: AnyRule, example: BadExample): Promise<void> {
  const crlf = (files: readonly MarkedFile[]): MarkedFile[] =>
    files.map((f) => ({ ...f, text: `\ufeff${f.text.replace(/\n/g, "\r\n")}`, marks: [] }));
  const files = readExample(example.bad, rule.kind, example.file);
  const plain = await findingsOf(rule, files, example.config);
  const windows = await findingsOf(rule, crlf(files), example.config);
  assert.equal(windows.length, plain.length, "as many findings with CRLF and BOM");
  const { files: fixed } = await applyFixes(rule, crlf(files), example.config);
  const text = fixed[0]?.text ?? "";
  assert.ok(text.startsWith("\ufeff"), "the BOM stays");
  assert.ok(!/[^\r]\n/.test(text), "CRLF stays CRLF");
}

async function checkPrefixes(rule: AnyRule, source: string, file?: string): Promise<void> {
  const [own] = readExample(source, rule.kind, file);
  assert.ok(own);
  const analyser = new Analyser({ rules: [rule], languages: await languages(), today });
  for (let length = 0; length <= own.text.length; length++) {
    analyser.setFile(own.file, own.text.slice(0, length));
    assert.deepEqual(analyser.problems(own.file), []);
    for (const finding of analyser.findings(own.file)) finding.fixes();
  }
}

describe("the rules", () => {
  it("have their declared fix", async function () {
    this.timeout(60_000);
    const order = ["safe", "unsafe", "guided", "none"];
    for (const rule of rules) {
      const shown = new Set<string>();
      for (const example of rule.examples) {
        if (!("bad" in example)) continue;
        const findings = await findingsOf(rule, readExample(example.bad, rule.kind, example.file), example.config);
        for (const f of findings) for (const fix of f.fixes()) shown.add(fix.applicability);
      }
      const best = order.find((a) => shown.has(a)) ?? "none";
      assert.equal(rule.fix, best, rule.id);
    }
  });

  it("have ids of their own", () => {
    assert.equal(new Set(rules.map((r) => r.id)).size, rules.length);
  });

  it("keep template literals readable", () => {
    assert.equal(dedent("\n    a\n      b\n  "), "a\n  b\n");
  });
});
