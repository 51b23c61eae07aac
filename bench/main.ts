/** `npm run bench [-- folder]`: measured speed and memory against the budgets; a table, and `out/bench.json`. */
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { textsOfKind } from "../scripts/corpus";
import { languages } from "../test/support/engine";
import { cold, scan } from "./cli";
import { codeFiles } from "./code";
import { floor, workspaceOfManifests, yamlFloor } from "./engine";
import { composeProject, dockerfileOf, type Spread } from "./numbers";
import { hostileTimes, scanSpeed } from "./secrets";
import { firstDiagnostics, typing, typingCode, typingCompose, typingManifests } from "./server";

const root = join(__dirname, "..", "..");
const dist = join(root, "dist");

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly budget: string;
  readonly met: boolean | undefined;
}

const ms = (n: number): string => `${n.toFixed(1)} ms`;
const line = (s: Spread): string =>
  `p50 ${ms(s.p50)}, p95 ${ms(s.p95)}, p99 ${ms(s.p99)}, most ${ms(s.most)} (${s.count})`;

async function main(): Promise<void> {
  const folder = resolve(process.argv[2] ?? join(root, "examples"));
  const server = join(dist, "server.js");
  const cli = join(dist, "cli.js");
  const rows: Row[] = [];
  const results: Record<string, unknown> = {};
  const first = await firstDiagnostics(server, 10);
  results["firstDiagnostics"] = first;
  rows.push({ what: "spawn → first diagnostics", measured: line(first), budget: "≤ 400 ms", met: first.p50 <= 400 });
  for (const lines of [60, 500]) {
    const typed = await typing(server, lines, 1500);
    results[`typing${lines}`] = typed;
    rows.push({
      what: `edit → publish, ${lines} lines`,
      measured: line(typed.latency),
      budget: "p50 ≤ 3 ms, p99 ≤ 16 ms",
      met: typed.latency.p50 <= 3 && typed.latency.p99 <= 16,
    });
    rows.push({
      what: `server memory, ${lines} lines`,
      measured: `${typed.memory.toFixed(0)} MB`,
      budget: "≤ 200 MB",
      met: typed.memory <= 200,
    });
  }
  const composed = await typingCompose(server, 600);
  results["typingCompose"] = composed;
  rows.push({
    what: "edit → publish, compose, 40 services in 3 files",
    measured: line(composed.latency),
    budget: "p99 ≤ 16 ms",
    met: composed.latency.p99 <= 16,
  });
  for (const [lines, edits, budget] of [
    [600, 1000, 16],
    [10_000, 200, 60],
  ] as const) {
    const typed = await typingManifests(server, lines, edits);
    results[`typingManifests${lines}`] = typed;
    rows.push({
      what: `edit → publish, manifests, ${lines} lines`,
      measured: line(typed.latency),
      budget: `p99 ≤ ${budget} ms`,
      met: typed.latency.p99 <= budget,
    });
  }
  for (const file of codeFiles) {
    const typed = await typingCode(server, file, 500, 800);
    results[`typingCode ${file}`] = typed;
    rows.push({
      what: `edit → publish, ${file}, 500 lines`,
      measured: line(typed.latency),
      budget: "p99 ≤ 16 ms",
      met: typed.latency.p99 <= 16,
    });
  }
  const workspace = workspaceOfManifests(2000, 200);
  results["workspaceOfManifests"] = workspace;
  rows.push({
    what: `index of ${workspace.files} manifests, in process`,
    measured: `${workspace.index.toFixed(2)} s`,
    budget: "≤ 5 s",
    met: workspace.index <= 5,
  });
  rows.push({
    what: "edit of a label that joins, in process",
    measured: line(workspace.join),
    budget: "p99 ≤ 30 ms",
    met: workspace.join.p99 <= 30,
  });
  const grammars = await languages();
  const speed = scanSpeed(folder, grammars);
  results["scanSpeed"] = speed;
  rows.push({
    what: "secrets in the folder's texts, in process",
    measured: `${speed.whole.toFixed(0)} MB/s; tokens alone ${speed.tokens.toFixed(0)} MB/s (${speed.files} files, ${(speed.bytes / 1e6).toFixed(1)} MB)`,
    budget: "≥ 20 MB/s",
    met: speed.whole >= 20,
  });
  for (const { what, time } of hostileTimes(grammars)) {
    results[`hostile ${what}`] = time;
    rows.push({ what, measured: ms(time), budget: "≤ 200 ms", met: time <= 200 });
  }
  const yaml = yamlFloor(composeProject()["compose.yaml"] ?? "", 4);
  results["yamlFloor"] = yaml;
  rows.push({
    what: "`yaml` alone on its base file",
    measured: `${ms(yaml.whole)} (${yaml.lines} lines)`,
    budget: "",
    met: undefined,
  });
  const started = cold(cli, 15);
  results["cliCold"] = started;
  rows.push({ what: "CLI, one file, cold", measured: line(started), budget: "p50 ≤ 250 ms", met: started.p50 <= 250 });
  const texts = textsOfKind(folder, "dockerfile");
  const scanned = scan(cli, folder);
  results["scan"] = scanned;
  rows.push({
    what: "CLI over the folder",
    measured:
      `${scanned.files} files in ${scanned.seconds.toFixed(2)} s: ${scanned.filesPerSecond.toFixed(0)} files/s, ` +
      `${(texts.join("").length / 1e6 / scanned.seconds).toFixed(2)} MB/s, peak ${scanned.memory.toFixed(0)} MB`,
    budget: "",
    met: undefined,
  });
  for (const [name, inputs] of [
    ["60-line file", [dockerfileOf(60)]],
    ["500-line file", [dockerfileOf(500)]],
    ["Dockerfiles of the folder", texts],
  ] as const) {
    const measured = await floor(root, inputs, 8);
    results[`floor ${name}`] = measured;
    rows.push({
      what: `analysis over parse floor, ${name}`,
      measured: `${ms(measured.analysis)} / ${ms(measured.parse)} = ${measured.ratio.toFixed(2)} (${measured.files} files, ${((measured.bytes / measured.analysis) * 0.001).toFixed(2)} MB/s)`,
      budget: "≤ 3",
      met: measured.ratio <= 3,
    });
  }
  for (const name of readdirSync(dist).sort()) {
    const size = statSync(join(dist, name)).size;
    results[`size ${name}`] = size;
    rows.push({ what: `dist/${name}`, measured: `${(size / 1024).toFixed(0)} KB`, budget: "", met: undefined });
  }
  for (const r of rows) {
    const sign = r.met === undefined ? " " : r.met ? "✓" : "✗";
    console.log(`${sign} ${r.what.padEnd(46)} ${r.measured}${r.budget === "" ? "" : `   [${r.budget}]`}`);
  }
  mkdirSync(join(root, "out"), { recursive: true });
  writeFileSync(join(root, "out", "bench.json"), `${JSON.stringify(results, undefined, 2)}\n`);
  if (rows.some((r) => r.met === false)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
