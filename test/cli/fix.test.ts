import assert from "node:assert/strict";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { check, checkJson, faulty, folder, removeFolders } from "./support";

/** Only the rules of these tests speak, whatever others there are. */
const configuration = `rules:
  dockerfile/*: off
  dockerfile/add-instead-of-copy: hint
  dockerfile/tls-verification-disabled: error
`;

describe("bulkhead check --fix", () => {
  afterEach(removeFolders);

  it("applies safe fixes, says which, and leaves nothing to do for a second run", async () => {
    const cwd = folder({
      "bulkhead.yaml": configuration,
      "a/Dockerfile": "FROM node\nADD a /a\nADD b /b\n",
      "b/Dockerfile": faulty,
    });
    const first = await check(cwd, "--fix", "a");
    assert.match(first.stdout, /^Fixed 2 problems\n {2}a\/Dockerfile: Use COPY .*\(2 times\)\n/);
    assert.match(first.stdout, /No problems in 1 file\./);
    assert.equal(first.status, 0);
    const fixed = readFileSync(join(cwd, "a/Dockerfile"), "utf8");
    assert.equal(fixed, "FROM node\nCOPY a /a\nCOPY b /b\n");
    assert.equal(readFileSync(join(cwd, "b/Dockerfile"), "utf8"), faulty, "a file that was not to be checked");
    const second = await check(cwd, "--fix", "a");
    assert.ok(!second.stdout.includes("Fixed"));
    assert.equal(readFileSync(join(cwd, "a/Dockerfile"), "utf8"), fixed);
  });

  it("leaves unsafe fixes to --fix=unsafe", async () => {
    const cwd = folder({ "bulkhead.yaml": configuration, Dockerfile: faulty });
    const safe = await checkJson(cwd, "--fix");
    assert.deepEqual(safe.fixed, [
      { file: "Dockerfile", rule: "dockerfile/add-instead-of-copy", title: "Use COPY", applicability: "safe" },
    ]);
    assert.match(readFileSync(join(cwd, "Dockerfile"), "utf8"), /curl -k/);
    const unsafe = await checkJson(cwd, "--fix=unsafe");
    assert.deepEqual(
      unsafe.fixed?.map((f) => [f.rule, f.applicability]),
      [["dockerfile/tls-verification-disabled", "unsafe"]],
    );
    assert.ok(!readFileSync(join(cwd, "Dockerfile"), "utf8").includes("curl -k"));
    assert.deepEqual([unsafe.findings, unsafe.status], [[], 0]);
  });

  it("makes fixes that meet one after the other", async () => {
    const rules = [
      "privileged-container",
      "non-default-capability",
      "capabilities-not-dropped",
      "writable-root-filesystem",
    ];
    const cwd = folder({
      "bulkhead.yaml": `rules:\n  kubernetes/*: off\n${rules.map((r) => `  kubernetes/${r}: error\n`).join("")}`,
      "pod.yaml": `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: a
      image: acme/a:1.0.0
      securityContext:
        privileged: true
    - name: b
      securityContext:
        capabilities:
          add:
            - IPC_LOCK
      image: acme/b:1.0.0
`,
    });
    const { findings } = await checkJson(cwd, "--fix=unsafe");
    assert.deepEqual(findings, []);
    const fixed = readFileSync(join(cwd, "pod.yaml"), "utf8");
    assert.deepEqual(parseDocument(fixed).errors, []);
    assert.equal((await checkJson(cwd)).findings.length, 0, fixed);
    await check(cwd, "--fix=unsafe");
    assert.equal(readFileSync(join(cwd, "pod.yaml"), "utf8"), fixed);
  });

  it("says afterwards what a new check says", async () => {
    const pod = (name: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  labels: { app: ${name} }\nspec:\n` +
      `  containers:\n    - name: ${name}\n      image: acme/${name}:1.0.0\n      ports: [{ containerPort: 80 }]\n`;
    const cwd = folder({
      "bulkhead.yaml":
        "rules:\n  kubernetes/*: off\n  kubernetes/network-policy-missing: error\n  kubernetes/removed-api-version: error\n",
      "a/a.yaml": `${pod("a")}---\n${pod("b")}`,
      "b/class.yaml":
        "apiVersion: storage.k8s.io/v1beta1\nkind: StorageClass\nmetadata:\n  name: slow\nprovisioner: acme\n",
    });
    const rulesOf = ({ findings }: { findings: readonly { rule: string }[] }): string[] => findings.map((f) => f.rule);
    const first = rulesOf(await checkJson(cwd, "--fix"));
    assert.deepEqual(first, ["kubernetes/network-policy-missing"]);
    assert.deepEqual(first, rulesOf(await checkJson(cwd)));
  });

  it("keeps CRLF, byte order mark, encoding and mode", async () => {
    const text = "\ufeffFROM node\r\n# why\r\nADD a /a\r\n";
    const wide = Buffer.from(text, "utf16le").swap16();
    const cwd = folder({ "bulkhead.yaml": configuration, Dockerfile: text, "wide.Dockerfile": wide });
    chmodSync(join(cwd, "Dockerfile"), 0o750);
    await check(cwd, "--fix");
    const expected = text.replace("ADD", "COPY");
    assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), expected);
    assert.deepEqual(readFileSync(join(cwd, "wide.Dockerfile")), Buffer.from(expected, "utf16le").swap16());
    if (process.platform !== "win32") assert.equal(statSync(join(cwd, "Dockerfile")).mode & 0o777, 0o750);
    assert.deepEqual(readdirSync(cwd).sort(), [".git", "Dockerfile", "bulkhead.yaml", "wide.Dockerfile"]);
  });

  it("never rewrites a file that is not well encoded", async () => {
    const bytes = Buffer.concat([Buffer.from("FROM node\n# caf"), Buffer.from([0xe9]), Buffer.from("\nADD a /a\n")]);
    const cwd = folder({ "bulkhead.yaml": configuration, Dockerfile: bytes });
    const report = await checkJson(cwd, "--fix");
    assert.deepEqual(report.fixed, []);
    assert.equal(report.findings.length, 1);
    assert.deepEqual(
      report.problems.map((p) => [p.severity, p.file]),
      [["warning", "Dockerfile"]],
    );
    assert.deepEqual(readFileSync(join(cwd, "Dockerfile")), bytes);
  });

  it("leaves suppressed findings alone", async () => {
    const text = "FROM node\n# bulkhead-ignore dockerfile/add-instead-of-copy -- an archive later\nADD a /a\n";
    const cwd = folder({ "bulkhead.yaml": configuration, Dockerfile: text });
    await check(cwd, "--fix=unsafe");
    assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), text);
  });

  it("writes through a link", async function () {
    const cwd = folder({ "bulkhead.yaml": configuration, "images/web": "FROM node\nADD a /a\n" });
    try {
      symlinkSync(join("images", "web"), join(cwd, "Dockerfile"));
    } catch {
      this.skip();
    }
    await check(cwd, "--fix");
    assert.equal(readFileSync(join(cwd, "images/web"), "utf8"), "FROM node\nCOPY a /a\n");
    assert.ok(lstatSync(join(cwd, "Dockerfile")).isSymbolicLink());
  });

  it("fails, with the file as it was, where it cannot write", async function () {
    if (process.platform === "win32" || process.getuid?.() === 0) this.skip();
    const cwd = folder({ "bulkhead.yaml": configuration, "a/Dockerfile": "FROM node\nADD a /a\n" });
    chmodSync(join(cwd, "a"), 0o555);
    const report = await checkJson(cwd, "--fix");
    chmodSync(join(cwd, "a"), 0o755);
    assert.equal(report.status, 2);
    assert.deepEqual([report.fixed, report.findings.length], [[], 1]);
    assert.equal(readFileSync(join(cwd, "a/Dockerfile"), "utf8"), "FROM node\nADD a /a\n");
  });
});
