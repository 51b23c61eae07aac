import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { bulkhead, check, checkJson, clean, faulty, filesOf, folder, removeFolders, script } from "./support";

describe("bulkhead check", () => {
  afterEach(removeFolders);

  describe("exit status", () => {
    it("is 0 where nothing is found", async () => {
      const { status, stdout, stderr } = await check(folder({ Dockerfile: clean }), "--fail-on", "error");
      assert.equal(stderr, "");
      assert.match(stdout, /in 1 file\b/);
      assert.equal(status, 0);
    });

    it("is 1 for findings at or above --fail-on, a warning by default", async () => {
      const cwd = folder({ Dockerfile: faulty });
      assert.equal((await check(cwd)).status, 1);
      assert.equal((await check(cwd, "--fail-on", "error")).status, 1);
      assert.equal((await check(cwd, "--fail-on", "none")).status, 0);
    });

    it("is 0 for findings below it", async () => {
      const cwd = folder({
        Dockerfile: faulty,
        "bulkhead.yaml": "rules:\n  dockerfile/*: off\n  dockerfile/add-instead-of-copy: hint\n",
      });
      assert.equal((await check(cwd)).status, 0);
      assert.equal((await check(cwd, "--fail-on", "hint")).status, 1);
    });

    it("is 2 for a path that is not there, and the others are checked", async () => {
      const report = await checkJson(folder({ "a/Dockerfile": faulty }), "a", "missing");
      assert.equal(report.status, 2);
      assert.deepEqual(filesOf(report), ["a/Dockerfile"]);
      assert.deepEqual(
        report.problems.map((p) => [p.severity, p.file]),
        [["error", "missing"]],
      );
    });

    it("is 0 where there is nothing to check", async () => {
      const { status, stdout } = await check(folder({ "logo.png": "" }));
      assert.equal(status, 0);
      assert.match(stdout, /^No files to check/);
    });
  });

  describe("wrong arguments", () => {
    const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
      ["no command", [], /bulkhead check/],
      ["an unknown command", ["chek"], /no command `chek`.*`bulkhead check`/],
      ["a path for a command", ["svc/"], /`bulkhead check svc\/`/],
      ["an unknown option", ["check", "--fromat", "json"], /no option `--fromat`.*`--format`/],
      ["an option without its value", ["check", "--format"], /--format/],
      ["an unknown format", ["check", "--format", "xml"], /--format is one of text, json, sarif/],
      ["an unknown severity", ["check", "--fail-on", "fatal"], /--fail-on is one of/],
      ["an unknown preset", ["check", "--preset", "paranoid"], /--preset is one of/],
      ["a guided fix", ["check", "--fix=guided"], /--fix is one of safe, unsafe/],
      ["paths beside standard input", ["check", "--stdin-filename", "Dockerfile", "."], /no paths/],
      ["fixing standard input", ["check", "--stdin-filename", "Dockerfile", "--fix"], /--fix/],
      ["a server without --stdio", ["lsp"], /--stdio/],
    ];
    for (const [what, words, message] of wrong) {
      it(`${what} is told on standard error, with status 2`, async () => {
        const { status, stdout, stderr } = await bulkhead(words, { cwd: folder({}) });
        assert.equal(stdout, "");
        assert.match(stderr, message);
        assert.match(stderr, /^bulkhead: [^\n]+\n$/);
        assert.equal(status, 2);
      });
    }
  });

  it("--help and --version say what they should", async () => {
    const cwd = folder({});
    const help = await bulkhead(["--help"], { cwd });
    assert.match(help.stdout, /check \[paths\]/);
    assert.match((await bulkhead(["check", "--help"], { cwd })).stdout, /Exit status:/);
    assert.match((await bulkhead(["--version"], { cwd })).stdout, /^bulkhead \d+\.\d+\.\d+\n$/);
    assert.equal(help.status, 0);
  });

  describe("text", () => {
    it("shows place, severity, rule and the marked characters", async () => {
      const { stdout } = await check(folder({ "svc/Dockerfile": faulty }));
      assert.match(stdout, /^svc\/Dockerfile$/m);
      assert.match(stdout, /^ {2}2:1 {2}hint {2}ADD .*dockerfile\/add-instead-of-copy$/m);
      assert.match(stdout, /^ {4}> 2 │ ADD \. \/app\n {6} {2}│ \^\^\^$/m);
      assert.match(stdout, /^ {4}fix: Use COPY \(safe, --fix\)$/m);
      assert.match(stdout, /^Found \d+ problems \(.*1 error.*\) in 1 file\.$/m);
    });

    it("has no colours in a pipe, whatever the terminal", async () => {
      const cwd = folder({ Dockerfile: faulty, "broken.Dockerfile": Buffer.from([0, 1, 2]) });
      const { stdout, stderr } = await bulkhead(["check"], {
        cwd,
        env: { TERM: "xterm-256color", COLORTERM: "truecolor" },
      });
      assert.notEqual(stderr, "");
      assert.ok(!`${stdout}${stderr}`.includes("\u001b"));
    });

    it("--quiet gives one line a finding", async () => {
      const { stdout, stderr } = await check(folder({ Dockerfile: faulty }), "--quiet");
      assert.equal(stderr, "");
      const lines = stdout.trimEnd().split("\n");
      assert.ok(lines.length >= 3);
      for (const line of lines)
        assert.match(line, /^Dockerfile:\d+:\d+: (?:error|warning|info|hint): .+ \[[a-z-]+\/[a-z-]+\]$/);
    });

    it("cuts long lines around the finding, and keeps the carets under it", async () => {
      const noise = "echo x && ".repeat(80);
      const { stdout } = await check(
        folder({ Dockerfile: `FROM node:22\nRUN ${noise}curl -k https://example.com/a && ${noise}true\n` }),
      );
      const lines = stdout.split("\n");
      const at = lines.findIndex((line) => line.includes("> 2 │") && line.includes("curl -k"));
      assert.ok(at > 0);
      for (const line of lines) assert.ok(line.length <= 200 && (!line.includes("│") || line.length <= 126), line);
      const carets = lines[at + 1] ?? "";
      const marked = (lines[at] ?? "").slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1);
      assert.match(marked, /-k/);
    });

    it("counts columns as a terminal does: tabs and wide characters", async () => {
      const { stdout } = await check(
        folder({ Dockerfile: "FROM node:22\nRUN echo 日本\t&& curl -k https://example.com/a\n" }),
      );
      const lines = stdout.split("\n");
      const at = lines.findIndex((line) => line.includes("> 2 │") && line.includes("curl -k"));
      const before = (lines[at] ?? "").indexOf("-k");
      const carets = lines[at + 1] ?? "";
      // The two wide characters take two columns more than they are characters.
      assert.ok(carets.indexOf("^") <= before + 2 && carets.lastIndexOf("^") >= before + 3, `${lines[at]}\n${carets}`);
    });

    it("lets no control character of a file through", async () => {
      const { stdout } = await check(folder({ Dockerfile: "FROM node\nADD a\u001b[2Jb\u202e . /app\n" }));
      assert.ok(!/[\u001b\u202e]/.test(stdout));
      assert.ok(stdout.includes("\u241b"));
    });

    it("masks the characters of a secret in every frame", async () => {
      const cwd = folder({ Dockerfile: "FROM node\nENV DB_PASSWORD=hunter2Winter99x A=1\nADD . /app\n" });
      const { stdout } = await check(cwd);
      assert.match(stdout, /embedded-secret/);
      assert.ok(!stdout.includes("nter2Winter99x"), stdout);
      assert.match(stdout, /\*\*\*/);
    });
  });

  it("ends quietly when its reader has gone", async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i}/Dockerfile`, faulty]));
    const child = spawn(process.execPath, [script, "check"], { cwd: folder(many), stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();
    const status = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(stderr, "");
    assert.equal(status, 1);
  });

  it("gives a pipe everything", async () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`${i}/Dockerfile`, faulty.repeat(4)]));
    const cwd = folder(many);
    const report = await checkJson(cwd);
    assert.equal(report.files, 120);
    assert.ok(JSON.stringify(report).length > 300_000);
  });

  describe("standard input", () => {
    it("is checked as the named file", async () => {
      const cwd = folder({ "svc/Dockerfile": clean });
      const words = ["check", "--stdin-filename", "svc/Dockerfile", "--format", "json"];
      const { status, stdout } = await bulkhead(words, { cwd, input: faulty });
      const report = JSON.parse(stdout);
      assert.equal(report.files, 1);
      assert.deepEqual(filesOf(report), ["svc/Dockerfile"]);
      assert.equal(status, 1);
    });

    it("is under the configuration of its place, though no such file exists", async () => {
      const cwd = folder({ "bulkhead.yaml": "rules:\n  dockerfile/*: off\n" });
      const { status, stdout } = await bulkhead(["check", "--stdin-filename", "new/Dockerfile"], {
        cwd,
        input: faulty,
      });
      assert.match(stdout, /^No problems in 1 file/);
      assert.equal(status, 0);
    });
  });

  describe("configuration", () => {
    it("changes levels and preset; --preset goes before it", async () => {
      const cwd = folder({ Dockerfile: faulty, "bulkhead.yaml": "rules:\n  dockerfile/add-instead-of-copy: error\n" });
      const { findings } = await checkJson(cwd);
      assert.equal(findings.find((f) => f.rule === "dockerfile/add-instead-of-copy")?.severity, "error");
      const all = await checkJson(cwd, "--preset", "all");
      assert.ok(all.findings.length >= findings.length);
    });

    it("is that of the nearest root; a broken one ends with 2, the defaults in force", async () => {
      const cwd = folder({
        "a/.bulkhead.yaml": "rules:\n  dockerfile/nonsense: error\npreset: [\n",
        "a/b/Dockerfile": faulty,
      });
      const report = await checkJson(cwd, "a/b");
      assert.equal(report.status, 2);
      assert.ok(report.findings.length > 0);
      assert.ok(report.problems.length > 0);
      for (const problem of report.problems) {
        assert.deepEqual(
          [problem.severity, problem.source, problem.file],
          ["error", "configuration", "a/.bulkhead.yaml"],
        );
        assert.notEqual(problem.range, null);
      }
      const { stderr } = await check(cwd, "a/b");
      assert.match(stderr, /^error: a\/\.bulkhead\.yaml:\d+:\d+: /m);
    });

    it("may be another file: --config", async () => {
      const cwd = folder({
        Dockerfile: faulty,
        "ci/strict.yaml": "rules:\n  dockerfile/*: off\n",
        "bulkhead.yaml": "nonsense: 1\n",
      });
      const report = await checkJson(cwd, "--config", "ci/strict.yaml");
      assert.deepEqual([report.status, report.findings.length, report.problems], [0, 0, []]);
      assert.equal((await checkJson(cwd, "--config", "none.yaml")).status, 2);
    });

    it("leaves out what it ignores, but for files that are named", async () => {
      const cwd = folder({ "a/Dockerfile": faulty, "old/x/Dockerfile": faulty, "bulkhead.yaml": "ignore:\n  - old\n" });
      assert.deepEqual(filesOf(await checkJson(cwd)), ["a/Dockerfile"]);
      assert.deepEqual(filesOf(await checkJson(cwd, "old")), []);
      assert.deepEqual(filesOf(await checkJson(cwd, "old/x/Dockerfile")), ["old/x/Dockerfile"]);
    });
  });

  it("suppressed findings never fail, are counted in text and marked in JSON", async () => {
    const text = "# bulkhead-ignore-file -- a fixture\nFROM node\nADD . /app\n";
    const cwd = folder({ Dockerfile: text });
    const { status, stdout } = await check(cwd);
    assert.equal(status, 0);
    assert.match(stdout, /^No problems in 1 file\.\n\d+ problems suppressed\.\n$/);
    const { findings } = await checkJson(cwd);
    assert.ok(findings.length > 0);
    for (const finding of findings) assert.deepEqual(finding.suppressed, { reason: "a fixture" });
  });

  it("places findings by the editor's lines: CRLF, byte order mark, characters of two units", async () => {
    const text = "\ufeff# 😀\r\nFROM node\r\nADD . /app # 😀\r\n";
    const { findings } = await checkJson(folder({ Dockerfile: text }));
    const add = findings.find((f) => f.rule === "dockerfile/add-instead-of-copy");
    assert.deepEqual(add?.range, { start: { line: 2, character: 0 }, end: { line: 2, character: 3 } });
  });

  it("names files from the current directory", async () => {
    const cwd = folder({ "a/Dockerfile": faulty, "b/readme.txt": "" });
    assert.deepEqual(filesOf(await checkJson(join(cwd, "b"), "..")), ["../a/Dockerfile"]);
    assert.deepEqual(filesOf(await checkJson(join(cwd, "a"))), ["Dockerfile"]);
  });

  it("keeps a finding's fingerprint whatever the directory", async () => {
    const cwd = folder({ "a/Dockerfile": faulty });
    const prints = async (from: string): Promise<readonly string[]> =>
      (await checkJson(from)).findings.map((f) => f.fingerprint);
    assert.deepEqual(await prints(cwd), await prints(join(cwd, "a")));
  });

  it("checks a file of two roots once, in its own", async () => {
    const cwd = folder({
      "sub/bulkhead.yaml": "rules:\n  dockerfile/*: off\n",
      "sub/Dockerfile": faulty,
      Dockerfile: faulty,
    });
    const report = await checkJson(cwd, ".", "sub", "Dockerfile");
    assert.equal(report.files, 3);
    assert.deepEqual(filesOf(report), ["Dockerfile"]);
    rmSync(join(cwd, "sub", "bulkhead.yaml"));
    assert.deepEqual(filesOf(await checkJson(cwd, ".", "sub", "Dockerfile")), ["Dockerfile", "sub/Dockerfile"]);
  });
});
