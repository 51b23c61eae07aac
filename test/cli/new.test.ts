/** `bulkhead new service` as a real process: what it makes, what it refuses, and that it leaves nothing half done. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeAll } from "../../cli/write";
import { root } from "../support/engine";
import { bulkhead, checkJson, type Ended, folder, removeFolders, script } from "./support";

const make = (cwd: string, name: string, ...more: readonly string[]): Promise<Ended> =>
  bulkhead(["new", "service", name, "--language", "go", ...more], { cwd });

const everything = [
  "--database",
  "postgres",
  "--broker",
  "rabbitmq",
  "--gateway",
  "--manifests",
  "helm",
  "--ci",
  "gitlab",
];

/** Every file, folder and link below, with what is in it and who may run it. */
function stateOf(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const stat = lstatSync(join(path, name));
      if (stat.isSymbolicLink()) return `${name} -> ${readlinkSync(join(path, name))}`;
      if (stat.isDirectory()) return `${name}/`;
      return `${name} ${(stat.mode & 0o777).toString(8)} ${readFileSync(join(path, name), "latin1")}`;
    });
}

/** Waits for what a guard does after the end of its process. */
async function settled(path: string): Promise<void> {
  for (let i = 0; i < 200 && readdirSync(path).some((n) => n.startsWith(".bulkhead-new-")); i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function shop(): string {
  const path = folder({});
  cpSync(join(root, "examples", "shop-hardened"), path, { recursive: true });
  return path;
}

describe("bulkhead new service", function () {
  this.timeout(120_000);
  after(removeFolders);

  it("makes a service in an empty folder, a repository, and a folder that is not there yet", async () => {
    const empty = folder({});
    const { status, stdout, stderr } = await make(empty, "orders");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^ {2}created compose\.yaml$/m);
    assert.match(stdout, /^- Make keys, .*`orders\/scripts\/dev-secrets\.sh`/m);
    assert.deepEqual(readdirSync(empty).sort(), [".git", "compose.yaml", "orders"]);
    assert.ok((statSync(join(empty, "orders", "scripts", "dev-secrets.sh")).mode & 0o100) !== 0);
    assert.ok((statSync(join(empty, "orders", "main.go")).mode & 0o100) === 0);

    const fresh = join(folder({}), "a", "b");
    assert.equal((await make(dirname(dirname(fresh)), "orders", "--into", "a/b")).status, 0);
    assert.deepEqual(readdirSync(fresh).sort(), ["compose.yaml", "orders"]);
    assert.deepEqual(readdirSync(dirname(fresh)), ["b"]);
    assert.deepEqual(readdirSync(dirname(dirname(fresh))).sort(), [".git", "a"]);
  });

  it("shows with --dry-run what it would do, and does nothing", async () => {
    const path = shop();
    const before = stateOf(path);
    const { status, stdout, stderr } = await make(path, "orders", "--gateway", "--dry-run");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^ {2}create orders\/README\.md$/m);
    assert.match(stdout, /^ {2}change compose\.yaml\n(?: +\+.*\n)* +\+ {3}orders:\n/m);
    assert.deepEqual(stateOf(path), before);
  });

  it("comes twice into the hardened shop, keeps its comments, and nothing is found", async () => {
    const path = shop();
    const old = readFileSync(join(path, "compose.yaml"), "utf8");
    for (const name of ["invoices", "refunds"]) {
      const { status, stderr } = await make(path, name, ...everything);
      assert.deepEqual([status, stderr], [0, ""]);
    }
    const now = readFileSync(join(path, "compose.yaml"), "utf8").split("\n");
    let at = 0;
    for (const line of old.split("\n")) {
      at = now.indexOf(line, at) + 1;
      assert.ok(at > 0, line);
    }
    const { findings, problems } = await checkJson(path);
    assert.deepEqual([findings, problems], [[], []]);
    assert.match(readFileSync(join(path, ".gitlab-ci.yml"), "utf8"), /invoices[\s\S]*refunds/);
  });

  it("refuses the same name, says why, and changes nothing", async () => {
    const path = shop();
    assert.equal((await make(path, "invoices", ...everything)).status, 0);
    const before = stateOf(path);
    const { status, stdout, stderr } = await make(path, "invoices", ...everything);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^bulkhead: nothing was made\n/);
    for (const what of [
      "a folder `invoices`",
      "a folder `charts/invoices`",
      "a service `invoices-db`",
      "a secret `invoices-tls-key`",
    ]) {
      assert.ok(stderr.includes(what), `${what}\n${stderr}`);
    }
    assert.deepEqual(stateOf(path), before);
  });

  it("refuses wrong words", async () => {
    const path = folder({});
    const before = stateOf(path);
    const cases: readonly (readonly [words: readonly string[], message: RegExp])[] = [
      [["new"], /say what to begin/],
      [["new", "app", "orders"], /say what to begin/],
      [["new", "service", "orders"], /--language is one of typescript, python, go, java/],
      [["new", "service", "orders", "--language", "rust"], /--language is one of .*, not `rust`/],
      [["new", "service", "Orders", "--language", "go"], /`Orders` is no name for a service/],
      [["new", "service", "../orders", "--language", "go"], /is no name for a service/],
      [["new", "service", "orders", "--language", "go", "--databse", "redis"], /did you mean `--database`/],
      [["new", "service", "orders", "--language", "go", "--into", ".git/HEAD"], /is no folder/],
    ];
    for (const [words, message] of cases) {
      const { status, stderr } = await bulkhead(words, { cwd: path });
      assert.equal(status, 2);
      assert.match(stderr, message);
    }
    assert.deepEqual(stateOf(path), before);
    const { status, stdout } = await bulkhead(["new", "--help"], { cwd: path });
    assert.equal(status, 0);
    assert.match(stdout, /--database <name> +postgres, mysql or redis \(none\)/);
  });

  it("writes through no link", async () => {
    const outside = folder({ "compose.yaml": "services:\n  a:\n    image: a\n" });
    const cases: readonly (readonly [link: string, to: string])[] = [
      ["orders", outside],
      ["charts", outside],
      ["compose.yaml", join(outside, "compose.yaml")],
      [".gitlab-ci.yml", "nowhere"],
    ];
    for (const [link, to] of cases) {
      const path = folder({});
      symlinkSync(to, join(path, link));
      const states = [stateOf(path), stateOf(outside)];
      const { status, stderr } = await make(path, "orders", ...everything);
      assert.equal(status, 2, link);
      assert.ok(stderr.includes(`\`${link}\``), stderr);
      assert.deepEqual([stateOf(path), stateOf(outside)], states);
    }
  });

  it("keeps the encoding, the line ends and the mode of what it changes", async () => {
    const path = folder({ "compose.yaml": "\ufeffservices:\r\n  a:\r\n    image: a # ä\r\n" });
    chmodSync(join(path, "compose.yaml"), 0o640);
    assert.equal((await make(path, "orders")).status, 0);
    const text = readFileSync(join(path, "compose.yaml"), "utf8");
    assert.ok(text.startsWith("\ufeffservices:\r\n  a:\r\n    image: a # ä\r\n"));
    assert.ok(!/[^\r]\n/.test(text));
    assert.equal(statSync(join(path, "compose.yaml")).mode & 0o777, 0o640);
  });

  it("says where it may not write", async () => {
    const path = mkdtempSync(join(tmpdir(), "bulkhead-cli-"));
    chmodSync(path, 0o555);
    // Nothing is forbidden to root: such a run changes to nobody.
    const as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const words = [script, "new", "service", "orders", "--language", "go", "--into", path];
    const run = spawnSync(process.execPath, words, { cwd: tmpdir(), encoding: "utf8", ...as });
    assert.equal(run.status, 2, run.stderr);
    assert.match(run.stderr, /nothing was made\n {2}It could not be written: `.*`: permission denied\.\n/);
    assert.deepEqual(readdirSync(path), []);
    rmSync(path, { recursive: true });
  });
});

describe("writing", function () {
  this.timeout(120_000);
  after(removeFolders);

  const before = "services:\n  a: {}\n";
  const after_ = `${before}  orders: {}\n`;
  const creates = [
    { path: "orders/main.go", text: "package main\n" },
    { path: "orders/scripts/run.sh", text: "#!/bin/sh\n" },
    { path: "deploy/orders/service.yaml", text: "a: 1\n" },
    { path: ".github/workflows/orders.yaml", text: "b: 1\n" },
  ];
  const changes = [
    { path: "compose.yaml", before, after: after_ },
    { path: ".gitlab-ci.yml", before: "c: 1\n", after: "c: 1\nd: 1\n" },
  ];
  const start = (): string =>
    folder({ "compose.yaml": before, ".gitlab-ci.yml": "c: 1\n", "deploy/old/service.yaml": "", "deploy/readme": "" });

  const bytesOf = (path: string): Parameters<typeof writeAll>[0] => ({
    folder: path,
    creates: creates.map(({ path: p, text }) => ({ path: p, bytes: Buffer.from(text), executable: p.endsWith(".sh") })),
    changes: changes.map((c) => ({ path: c.path, before: Buffer.from(c.before), after: Buffer.from(c.after) })),
  });

  /** Runs until the step, and is killed there; gives the steps that it came to. */
  function killedAt(step: number, path: string): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(__dirname, "..", "support", "killed.js"), String(step)]);
      let stdout = "";
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      child.on("error", reject);
      child.on("close", () => resolve(stdout.trim().split("\n")));
      child.stdin.end(JSON.stringify({ folder: path, creates, changes }));
    });
  }

  async function stepsOf(): Promise<readonly string[]> {
    const steps: string[] = [];
    await writeAll(bytesOf(start()), (step) => steps.push(step));
    return steps;
  }

  it("makes all of it", async () => {
    const path = start();
    await writeAll(bytesOf(path));
    for (const { path: p, text } of creates) assert.equal(readFileSync(join(path, p), "utf8"), text);
    for (const { path: p, after: text } of changes) assert.equal(readFileSync(join(path, p), "utf8"), text);
    assert.deepEqual(readdirSync(path).sort(), [
      ".git",
      ".github",
      ".gitlab-ci.yml",
      "compose.yaml",
      "deploy",
      "orders",
    ]);
  });

  it("leaves nothing behind, whenever it is killed, or everything", async () => {
    const steps = await stepsOf();
    assert.ok(steps.length >= 14, steps.join());
    const done = start();
    await writeAll(bytesOf(done));
    for (const [i, step] of steps.entries()) {
      const path = start();
      const old = stateOf(path);
      assert.equal((await killedAt(i, path)).at(-1), step);
      await settled(path);
      assert.deepEqual(stateOf(path), step === "tidy" ? stateOf(done) : old, step);
    }
  });

  it("takes back what it did where it cannot go on", async () => {
    for (const [i, step] of (await stepsOf()).entries()) {
      if (step === "tidy") continue;
      const path = start();
      const old = stateOf(path);
      let left = i;
      const failing = writeAll(bytesOf(path), () => {
        if (left-- === 0) throw new Error("the disk is full");
      });
      await assert.rejects(failing, /the disk is full/);
      assert.deepEqual(stateOf(path), old, step);
    }
  });

  it("stops where somebody else was quicker, and leaves theirs", async () => {
    for (const name of ["orders", "compose.yaml"]) {
      const path = start();
      const quicker = writeAll(bytesOf(path), (step) => {
        if (step !== "journal") return;
        if (name === "orders") mkdirSync(join(path, name));
        else writeFileSync(join(path, name), "theirs\n");
      });
      await assert.rejects(quicker, new RegExp(`\`${name}\` (?:is there now|was changed meanwhile)`));
      assert.ok(!existsSync(join(path, "deploy", "orders")));
      if (name !== "orders") assert.equal(readFileSync(join(path, name), "utf8"), "theirs\n");
      else assert.deepEqual(readdirSync(join(path, name)), []);
    }
  });

  it("tidies up after a run that ended together with its guard", async () => {
    const path = start();
    const old = stateOf(path);
    // What stands there when a machine stops in the midst of moving: a process number that nobody has.
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const steps = await stepsOf();
    const at = steps.indexOf("change .gitlab-ci.yml");
    const kept = mkdtempSync(join(realpathSync(tmpdir()), "bulkhead-cli-"));
    let left = at;
    await assert.rejects(
      writeAll(bytesOf(path), () => {
        if (left-- !== 0) return;
        cpSync(path, kept, { recursive: true });
        throw new Error("stop");
      }),
    );
    const own = `.bulkhead-new-${process.pid}`;
    assert.ok(existsSync(join(kept, own, "journal.json")) && existsSync(join(kept, "orders")));
    cpSync(join(kept, own), join(kept, `.bulkhead-new-${gone}`), { recursive: true });
    rmSync(join(kept, own), { recursive: true });
    await writeAll({ folder: kept, creates: [], changes: [] });
    assert.deepEqual(stateOf(kept), old);
    rmSync(kept, { recursive: true });
  });

  it("undoes nothing for somebody else", async function () {
    if (process.getuid?.() !== 0) return this.skip();
    const path = start();
    const hash = createHash("sha256").update(before).digest("hex");
    const journal = { tops: [], creates: [], folders: [], changes: [{ path: "compose.yaml", after: hash }] };
    for (const pid of [1_999_999_999, process.pid]) {
      const planted = join(path, `.bulkhead-new-${pid}`);
      mkdirSync(join(planted, "old"), { recursive: true });
      writeFileSync(join(planted, "old", "0"), "theirs\n");
      writeFileSync(join(planted, "journal.json"), JSON.stringify(journal));
      chownSync(planted, 65534, 65534);
      const writing = writeAll({ folder: path, creates: [], changes: [] });
      await (pid === process.pid ? assert.rejects(writing, /EEXIST/) : writing);
      assert.equal(readFileSync(join(path, "compose.yaml"), "utf8"), before);
      assert.ok(existsSync(planted));
    }
  });
});
