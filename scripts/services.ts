/**
 * `npm run services [-- language…]`: new services are made with the command line, built, tested and run with their
 * languages' own tools, and asked what a caller would ask. It needs those tools, `openssl`, and the registries.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Toolchain {
  /** Is asked for its version; the language is left out where it is not there. */
  readonly tool: readonly [command: string, ...words: string[]];
  /** What builds and tests a service, in its folder. */
  readonly steps: readonly (readonly [command: string, ...words: string[]])[];
  readonly start: readonly [command: string, ...words: string[]];
  /** The program's own health check, as the image runs it. */
  readonly probe: readonly [command: string, ...words: string[]];
}

const python = join(".venv", "bin", "python");
const toolchains: Readonly<Record<string, Toolchain>> = {
  typescript: {
    tool: ["npm", "--version"],
    steps: [
      ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
      ["npm", "test"],
      ["npm", "run", "build"],
    ],
    start: ["node", "dist/main.js"],
    probe: ["node", "dist/probe.js"],
  },
  python: {
    tool: ["python3", "--version"],
    steps: [
      ["python3", "-m", "venv", ".venv"],
      [python, "-m", "pip", "install", "-q", "--require-hashes", "--only-binary", ":all:", "-r", "requirements.txt"],
      [
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-r",
        "requirements-test.txt",
      ],
      [python, "-m", "pytest", "-q"],
    ],
    start: [python, "-m", "trial"],
    probe: [python, "-m", "trial.probe"],
  },
  go: {
    tool: ["go", "version"],
    steps: [
      ["go", "vet", "./..."],
      ["go", "test", "./..."],
      ["go", "build", "-o", "service", "."],
    ],
    start: ["./service"],
    probe: ["./service", "-probe"],
  },
  java: {
    tool: ["mvn", "--version"],
    steps: [
      ["mvn", "-q", "-B", "-ntp", "package"],
      ["java", "-Djarmode=tools", "-jar", "target/service.jar", "extract", "--destination", "app"],
    ],
    start: ["java", "-jar", "app/service.jar"],
    probe: ["java", "-cp", "app/service.jar", "com.example.trial.Probe"],
  },
};

/** Each is built and tested; the first one is run as well, because it needs no server beside it. */
const choices: readonly (readonly string[])[] = [
  [],
  ["--database", "postgres", "--broker", "kafka"],
  ["--database", "mysql", "--broker", "rabbitmq"],
  ["--database", "redis"],
];

/** Milliseconds in which a service must be there, and be gone. */
const startLimit = 60_000;
const stopLimit = 2_000;

class Failure extends Error {}

const root = join(__dirname, "..", "..");
const name = "trial";

function run([command, ...words]: readonly [string, ...string[]], folder: string, environment = process.env): string {
  const done = spawnSync(command, words, { cwd: folder, env: environment, encoding: "utf8", timeout: 900_000 });
  if (done.status === 0) return done.stdout;
  const said = `${done.stdout ?? ""}${done.stderr ?? ""}`.trimEnd().split("\n").slice(-40).join("\n");
  throw new Failure(`${[command, ...words].join(" ")}: ${done.error?.message ?? `status ${done.status}`}\n${said}`);
}

function make(language: string, more: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), `bulkhead-${language}-`));
  run(
    [process.execPath, join(root, "dist", "cli.js"), "new", "service", name, "--language", language, ...more],
    folder,
  );
  return folder;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Checks the certificate: the service's own authority is the only one that counts. */
function ask(port: number, path: string, authority: string, token?: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    const method = body === undefined ? "GET" : "POST";
    const asked = request(
      { host: "localhost", port, path, ca: authority, method, headers, timeout: 5_000 },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
        );
      },
    );
    asked.on("timeout", () => asked.destroy(new Error(`${path} did not answer`)));
    asked.on("error", reject);
    asked.end(body);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function expect(what: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Failure(`${what}: ${String(found)} instead of ${String(wanted)}`);
  console.log(`    ${what}: ${String(found)}`);
}

/** Runs the service with keys of its own, and asks it what a caller would. */
async function tryOut(folder: string, { start: [command, ...words], probe }: Toolchain): Promise<void> {
  const keys = join(folder, "scripts", "dev-secrets.sh");
  run([keys], folder);
  const port = await freePort();
  const given = Object.fromEntries(
    [...readFileSync(join(folder, ".env.example"), "utf8").matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key, value]) => [
      key,
      value,
    ]),
  );
  const environment = { ...process.env, ...given, PORT: String(port) };
  const authority = readFileSync(join(folder, "secrets", "ca.crt"), "utf8");
  const child = spawn(command, words, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "inherit"] });
  let log = "";
  child.stdout.on("data", (part: Buffer) => {
    log += part.toString("utf8");
  });
  try {
    await untilReady(child, async () => (await ask(port, "/readyz", authority)).status);
    expect("GET /healthz", (await ask(port, "/healthz", authority)).status, 200);
    expect("GET /readyz", (await ask(port, "/readyz", authority)).status, 200);
    expect("its own probe", run(probe, folder, environment) !== undefined, true);
    expect("GET /v1/items without a token", (await ask(port, "/v1/items", authority)).status, 401);
    expect("with a token that nobody signed", (await ask(port, "/v1/items", authority, "e30.e30.")).status, 401);
    const reader = run([keys, "token", "items:read"], folder).trim();
    expect("with a token to read", (await ask(port, "/v1/items", authority, reader)).status, 200);
    const item = JSON.stringify({ name: "a pear" });
    expect("POST with a token to read", (await ask(port, "/v1/items", authority, reader, item)).status, 403);
    const writer = run([keys, "token", "items:write"], folder).trim();
    expect("POST with a token to write", (await ask(port, "/v1/items", authority, writer, item)).status, 201);
    const said = (await ask(port, "/v1/items", authority, reader)).text;
    expect("what was written is read", said.includes("a pear"), true);
    expect("a token in the log", log.includes(reader) || log.includes(writer), false);
    const began = performance.now();
    child.kill("SIGTERM");
    const [status] = (await once(child, "exit")) as [number | null];
    const took = performance.now() - began;
    expect("status after SIGTERM", status, 0);
    expect(`it stops in ${took.toFixed(0)} ms`, took <= stopLimit, true);
  } catch (error) {
    console.log(log.trimEnd().split("\n").slice(-20).join("\n"));
    throw error;
  } finally {
    child.kill("SIGKILL");
  }
}

/** A machine that is busy may answer late at first: the service says so itself, with 503. */
async function untilReady(child: ChildProcess, status: () => Promise<number>): Promise<void> {
  const end = performance.now() + startLimit;
  for (;;) {
    try {
      if ((await status()) === 200) return;
      if (performance.now() > end) throw new Failure("it is not ready");
    } catch (error) {
      if (child.exitCode !== null) throw new Failure(`it ended with status ${child.exitCode}`);
      if (performance.now() > end) throw error;
    }
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.find((language) => toolchains[language] === undefined);
  if (unknown !== undefined)
    throw new Failure(`No language ${unknown}: there are ${Object.keys(toolchains).join(", ")}`);
  let passed = 0;
  let failed = 0;
  for (const [language, toolchain] of Object.entries(toolchains)) {
    if (asked.length > 0 && !asked.includes(language)) continue;
    const [tool, ...words] = toolchain.tool;
    if (spawnSync(tool, words).status !== 0) {
      console.log(`✗ ${language}: no ${tool} here`);
      failed++;
      continue;
    }
    for (const [index, more] of choices.entries()) {
      const title = [language, ...more].join(" ");
      const began = performance.now();
      const folder = make(language, more);
      try {
        for (const step of toolchain.steps) run(step, join(folder, name));
        if (index === 0) await tryOut(join(folder, name), toolchain);
        passed++;
        console.log(`✓ ${title} (${((performance.now() - began) / 1000).toFixed(0)} s)`);
      } catch (error) {
        failed++;
        console.log(`✗ ${title}\n${error instanceof Error ? error.message : String(error)}`);
      } finally {
        if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 2;
});
