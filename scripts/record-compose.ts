/**
 * Records what Docker Compose itself makes of compose projects; run by hand, never by the tests.
 *
 *     COMPOSE=/path/to/docker-compose node out/scripts/record-compose.js            every project of test/conformance/compose
 *     COMPOSE=… node out/scripts/record-compose.js merge-ports-append extends-chain  only these
 *     COMPOSE=… node out/scripts/record-compose.js --corpus DIR --out FILE           every compose file below a folder
 *
 * The binary needs no engine for `config`. It is built from the source of github.com/docker/compose/v5, which `go install`
 * refuses (its go.mod has an exclude directive):
 *
 *     go mod download -json github.com/docker/compose/v5@VERSION     tells the folder `Dir` of the source
 *     cp -r "$Dir" src && chmod -R u+w src && cd src
 *     go build -ldflags "-X github.com/docker/compose/v5/internal.Version=VERSION" -o docker-compose ./cmd
 *
 * Which version recorded the results stands in test/conformance/compose/README.md.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";

const root = join(__dirname, "..", "..");
const projects = join(root, "test", "conformance", "compose");

/** `project.json` of a project: how compose is called. */
interface Call {
  readonly about: string;
  /** What follows `-f`, from the project's folder; null leaves the choice to compose. */
  readonly files: readonly string[] | null;
  readonly profiles: readonly string[];
  /** The shell's variables; there are no others but HOME and PATH. */
  readonly env: Readonly<Record<string, string>>;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The model, or the first line of compose's refusal. */
type Outcome = { readonly error: string } | { readonly [key: string]: Json };

interface Place {
  readonly folder: string;
  readonly home: string;
  /** Machine paths and what stands for them in the record, longest first. */
  readonly names: readonly (readonly [path: string, name: string])[];
}

/** Compose walks its maps in random order; an outcome that depends on it is no expectation. */
const rounds = 4;

const compose = process.env["COMPOSE"] ?? "";
if (!existsSync(compose)) throw new Error("COMPOSE must name a compose binary");

function rename(text: string, place: Place): string {
  return place.names.reduce((renamed, [path, name]) => renamed.replaceAll(path, name), text);
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, v]) => [key, sorted(v)]));
}

/** Log lines begin with `time=`; the refusal is the first line that does not. */
function refusal(stderr: string): string {
  return stderr.split("\n").find((line) => line.trim() !== "" && !line.startsWith("time=")) ?? "no message";
}

function runOnce(call: Call, place: Place): Outcome {
  const args = [
    ...(call.files ?? []).flatMap((file) => ["-f", file]),
    ...call.profiles.flatMap((profile) => ["--profile", profile]),
    ...["config", "--format", "json"],
  ];
  const env = { PATH: process.env["PATH"] ?? "", HOME: place.home, ...call.env };
  const run = spawnSync(compose, args, { cwd: place.folder, env, encoding: "utf8" });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) return { error: rename(refusal(run.stderr), place) };
  return sorted(JSON.parse(rename(run.stdout, place)) as Json) as Outcome;
}

/**
 * Of refusals in different words the first by the alphabet.
 * @throws where compose gives different models, or a model and a refusal, for the same call.
 */
function run(call: Call, place: Place): Outcome {
  const outcomes = Array.from({ length: rounds }, () => JSON.stringify(runOnce(call, place)));
  const different = [...new Set(outcomes)].sort();
  const refused = different.filter((outcome) => outcome.startsWith('{"error":'));
  if (different.length > 1 && refused.length < different.length)
    throw new Error(`${place.folder}: outcome varies\n${different.join("\n")}`);
  return JSON.parse(different[0] ?? "") as Outcome;
}

const write = (file: string, value: unknown): void => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

/** In a folder of its own: compose also looks for files in the folders above. */
function recordProject(name: string, scratch: string): void {
  const source = join(projects, name);
  const call = JSON.parse(readFileSync(join(source, "project.json"), "utf8")) as Call;
  const place: Place = {
    folder: join(scratch, name, "project"),
    home: join(scratch, "home"),
    names: [
      [join(scratch, name, "project"), "/project"],
      [join(scratch, "home"), "/home/user"],
      [join(scratch, name), "/parent"],
    ],
  };
  const ours = new Set(["project.json", "expected.json"]);
  cpSync(source, place.folder, {
    recursive: true,
    filter: (path) => dirname(path) !== source || !ours.has(basename(path)),
  });
  write(join(source, "expected.json"), run(call, place));
}

function recordProjects(names: readonly string[]): void {
  const scratch = mkdtempSync(join(tmpdir(), "compose-"));
  mkdirSync(join(scratch, "home"));
  const all = readdirSync(projects, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const wanted = names.length > 0 ? names : all.map((entry) => entry.name).sort();
  const failed = wanted.filter((name) => {
    try {
      recordProject(name, scratch);
      return false;
    } catch (problem) {
      console.error(String(problem));
      return true;
    }
  });
  rmSync(scratch, { recursive: true });
  console.log(`${wanted.length - failed.length} recorded, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

function composeFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return composeFiles(path);
      return entry.isFile() && /^(docker-)?compose.*\.ya?ml$/.test(entry.name) ? [path] : [];
    });
}

/**
 * By path from the corpus: each file on its own (`-f`), and under the folder's path with a final `/` what compose takes by
 * itself there.
 */
function recordCorpus(corpus: string, out: string): void {
  const scratch = mkdtempSync(join(tmpdir(), "compose-"));
  const names = [[corpus, "/corpus"] as const, [scratch, "/home/user"] as const];
  const files = composeFiles(corpus);
  const outcome = (folder: string, chosen: readonly string[] | null): Outcome =>
    run({ about: "", files: chosen, profiles: [], env: {} }, { folder, home: scratch, names });
  const alone = files.map((file) => [relative(corpus, file), outcome(dirname(file), [basename(file)])] as const);
  const folders = [...new Set(files.map(dirname))];
  const byDefault = folders.map((folder) => [`${relative(corpus, folder)}/`, outcome(folder, null)] as const);
  rmSync(scratch, { recursive: true });
  write(out, Object.fromEntries([...alone, ...byDefault]));
  console.log(`${alone.length} files and ${byDefault.length} folders recorded`);
}

const args = process.argv.slice(2);
const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const corpus = option("--corpus");
const out = option("--out");
if (corpus === undefined) recordProjects(args);
else if (out === undefined) throw new Error("--corpus needs --out FILE");
else recordCorpus(corpus, out);
