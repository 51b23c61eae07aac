/** The command line as a real process, and folders for it to look at. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root, today } from "../support/engine";

/** The compiled command line; `BULKHEAD_CLI` names another one, such as the bundle. */
export const script = process.env["BULKHEAD_CLI"] ?? join(root, "out", "cli", "main.js");

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly cwd: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs to the end, with pipes for all three streams. */
export function bulkhead(words: readonly string[], { cwd, input, env }: Running): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...words], { cwd, env: { ...process.env, ...env } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (status) =>
      resolve({
        status,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
    child.stdin.end(input ?? "");
  });
}

export const check = (cwd: string, ...words: readonly string[]): Promise<Ended> =>
  bulkhead(["check", "--today", today, ...words], { cwd });

export interface JsonFinding {
  readonly rule: string;
  readonly severity: string;
  readonly principle: string;
  readonly message: string;
  readonly file: string;
  readonly range: {
    readonly start: { line: number; character: number };
    readonly end: { line: number; character: number };
  };
  readonly suppressed: null | { readonly reason: string };
  readonly fingerprint: string;
}

export interface JsonReport {
  readonly version: number;
  readonly files: number;
  readonly findings: readonly JsonFinding[];
  readonly problems: readonly {
    severity: string;
    source: string;
    message: string;
    file: string | null;
    range: unknown;
  }[];
  readonly fixed?: readonly { file: string; rule: string; title: string; applicability: string }[];
}

export async function checkJson(
  cwd: string,
  ...words: readonly string[]
): Promise<JsonReport & { readonly status: number | null }> {
  const { status, stdout } = await check(cwd, "--format", "json", ...words);
  return { ...(JSON.parse(stdout) as JsonReport), status };
}

/** The names of the files in which something was found. */
export const filesOf = (report: JsonReport): readonly string[] => [...new Set(report.findings.map((f) => f.file))];

const made: string[] = [];

/** A new folder that is a repository of its own, with the given files; removed by {@link removeFolders}. */
export function folder(files: Readonly<Record<string, string | Buffer>>): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "bulkhead-cli-")));
  made.push(path);
  for (const [name, content] of Object.entries({ ".git/HEAD": "ref: refs/heads/main\n", ...files })) {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return path;
}

export function removeFolders(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}

/** Nothing is found in it in any preset's warnings: the base is pinned, the user is none of root's. */
export const clean = `FROM scratch
COPY app /app
USER 65532:65532
ENTRYPOINT ["/app"]
`;

/** Has at least a warning, an error and a hint with a safe fix. */
export const faulty = `FROM node
ADD . /app
RUN curl -k https://example.com/tool -o /usr/local/bin/tool
CMD ["node", "/app/main.js"]
`;
