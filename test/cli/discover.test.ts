import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { checkJson, faulty, filesOf, folder, removeFolders } from "./support";

describe("the files that bulkhead check finds", () => {
  afterEach(removeFolders);

  it("are all texts, in order, but none of .git and node_modules", async () => {
    const cwd = folder({
      "b/Dockerfile": faulty,
      "a/api.Dockerfile": faulty,
      "a/Containerfile": faulty,
      "a/readme.md": "FROM node\n",
      "node_modules/x/Dockerfile": faulty,
      "b/node_modules/x/Dockerfile": faulty,
      ".git/Dockerfile": faulty,
    });
    const report = await checkJson(cwd);
    assert.deepEqual(filesOf(report), ["a/Containerfile", "a/api.Dockerfile", "b/Dockerfile"]);
    assert.equal(report.files, 4);
    assert.deepEqual(report.problems, []);
  });

  it("leave out what .gitignore files leave out, inner ones deciding over outer ones", async () => {
    const cwd = folder({
      ".gitignore": "\ufeffbuild/\r\n*.gen.Dockerfile\r\n/only-here/Dockerfile\r\n",
      "build/Dockerfile": faulty,
      "x.gen.Dockerfile": faulty,
      "only-here/Dockerfile": faulty,
      "a/only-here/Dockerfile": faulty,
      "a/.gitignore": "!kept.gen.Dockerfile\n",
      "a/kept.gen.Dockerfile": faulty,
      "a/other.gen.Dockerfile": faulty,
      "a/build/Dockerfile": faulty,
      "a/build/.gitignore": "!Dockerfile\n",
    });
    assert.deepEqual(filesOf(await checkJson(cwd)), ["a/kept.gen.Dockerfile", "a/only-here/Dockerfile"]);
    assert.deepEqual(filesOf(await checkJson(cwd, "a/build")), ["a/build/Dockerfile"], "a folder that is named");
    assert.deepEqual(filesOf(await checkJson(cwd, "x.gen.Dockerfile")), ["x.gen.Dockerfile"], "a file that is named");
    assert.deepEqual(filesOf(await checkJson(join(cwd, "a"))), ["kept.gen.Dockerfile", "only-here/Dockerfile"]);
  });

  it("leave out what the repository above a nearer root leaves out", async () => {
    const cwd = folder({
      ".gitignore": "out/\n",
      "svc/bulkhead.yaml": "",
      "svc/out/Dockerfile": faulty,
      "svc/Dockerfile": faulty,
    });
    assert.deepEqual(filesOf(await checkJson(join(cwd, "svc"))), ["Dockerfile"]);
  });

  it("may lie in node_modules where that is named", async () => {
    const cwd = folder({ "node_modules/x/Dockerfile": faulty });
    assert.deepEqual(filesOf(await checkJson(cwd, "node_modules/x")), ["node_modules/x/Dockerfile"]);
  });

  it("are not read where they are binary or large: a note says so", async () => {
    const cwd = folder({
      Dockerfile: faulty,
      "a.Dockerfile": Buffer.from("FROM node\0\n"),
      "b.Dockerfile": `FROM node\n#${"x".repeat(1024 * 1024)}\n`,
    });
    const report = await checkJson(cwd);
    assert.deepEqual(filesOf(report), ["Dockerfile"]);
    assert.deepEqual(
      report.problems.map((p) => [p.severity, p.source, p.file, p.message]),
      [
        ["warning", "host", "a.Dockerfile", "skipped: a binary file"],
        ["warning", "host", "b.Dockerfile", "skipped: larger than 1 MB"],
      ],
    );
    assert.equal(report.status, 1);
  });

  it("may be UTF-16 with a byte order mark", async () => {
    const text = Buffer.from(`\ufeff${faulty}`, "utf16le");
    const cwd = folder({ "le.Dockerfile": text, "be.Dockerfile": Buffer.from(text).swap16() });
    const { findings, problems } = await checkJson(cwd);
    assert.deepEqual(problems, []);
    const ranges = (file: string): unknown => findings.filter((f) => f.file === file).map((f) => [f.rule, f.range]);
    assert.deepEqual(ranges("le.Dockerfile"), ranges("be.Dockerfile"));
    assert.ok(findings.length > 2);
  });

  it("are found once, and the walk ends, where links go in circles", async function () {
    const cwd = folder({ "a/Dockerfile": faulty, "images/plain-name": faulty });
    try {
      symlinkSync(cwd, join(cwd, "a", "loop"), "dir");
      symlinkSync(join(cwd, "a", "self"), join(cwd, "a", "self"));
      symlinkSync(join(cwd, "a", "Dockerfile"), join(cwd, "second.Dockerfile"));
      symlinkSync(join(cwd, "nowhere"), join(cwd, "dangling.Dockerfile"));
      symlinkSync(join("..", "images", "plain-name"), join(cwd, "a", "linked.Dockerfile"));
    } catch {
      this.skip();
    }
    const report = await checkJson(cwd);
    assert.deepEqual(filesOf(report), ["a/Dockerfile", "a/linked.Dockerfile"]);
    assert.deepEqual(report.problems, []);
  });

  it("leave out folders that cannot be read: a note says so", async function () {
    if (process.platform === "win32" || process.getuid?.() === 0) this.skip();
    const cwd = folder({ Dockerfile: faulty });
    mkdirSync(join(cwd, "locked"));
    chmodSync(join(cwd, "locked"), 0);
    const report = await checkJson(cwd);
    chmodSync(join(cwd, "locked"), 0o755);
    assert.deepEqual(
      report.problems.map((p) => [p.severity, p.file, p.message]),
      [["warning", "locked", "folder not looked into: permission denied"]],
    );
    assert.equal(report.status, 1);
  });

  it("may be texts of no kind, and leave out what is no text unless it was named", async () => {
    const cwd = folder({ "a.txt": "", "b.dump": "\0", "c.png": "" });
    const all = await checkJson(cwd);
    assert.deepEqual([all.files, all.problems, all.status], [1, [], 0]);
    const named = await checkJson(cwd, "a.txt", "b.dump");
    assert.deepEqual(
      named.problems.map((p) => [p.severity, p.file]),
      [["warning", "b.dump"]],
    );
  });
});
