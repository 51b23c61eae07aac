/** The bundled command line, as CI would run it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerfileOf, spread, type Spread } from "./numbers";

/** Milliseconds for one file, process start included. */
export function cold(cli: string, times: number): Spread {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  try {
    const file = join(folder, "Dockerfile");
    writeFileSync(file, dockerfileOf(60));
    const taken: number[] = [];
    for (let i = 0; i < times; i++) {
      const start = performance.now();
      spawnSync(process.execPath, [cli, "check", file], { cwd: folder });
      taken.push(performance.now() - start);
    }
    return spread(taken);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Scan {
  readonly files: number;
  readonly seconds: number;
  readonly filesPerSecond: number;
  /** Megabytes, of the process at its largest. */
  readonly memory: number;
}

/** `peak.js` makes the process say its peak when it ends. */
export function scan(cli: string, folder: string): Scan {
  const start = performance.now();
  const run = spawnSync(
    process.execPath,
    ["--require", join(__dirname, "peak.js"), cli, "check", folder, "--format", "json", "--fail-on", "none"],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  const seconds = (performance.now() - start) / 1000;
  const { files } = JSON.parse(run.stdout) as { files: number };
  const memory = Number(/PEAK (\d+)/.exec(run.stderr)?.[1] ?? 0) / 1024;
  return { files, seconds, filesPerSecond: files / seconds, memory };
}
