/** The scan for secrets: over the texts of a folder, and over texts that are made to break scanners. */
import { Analyser, isTextName, type Languages, recognise } from "../engine/index";
import { readText } from "../engine/kinds/text/read";
import { filesBelow } from "../scripts/corpus";
import { rules } from "../rules/index";
import { findTokens } from "../rules/shared/secrets";
import { scan } from "../rules/shared/secrets/scan";

/** Larger files are not read by the command line. */
const largest = 4_000_000;

export interface ScanSpeed {
  readonly files: number;
  readonly bytes: number;
  /** Megabytes a second, on one thread, warm: the search for tokens by their form. */
  readonly tokens: number;
  /** The same for the whole scan: values read under their names, tokens searched, all judged. */
  readonly whole: number;
}

/**
 * The best of five rounds over every text file below a folder, without reading from the disk. Dockerfiles, compose files
 * and manifests are parsed for their own rules, so that is not counted; whatever else is parsed for the scan is.
 */
export function scanSpeed(folder: string, languages: Languages): ScanSpeed {
  const files = textsBelow(folder);
  const bytes = files.reduce((sum, [, text]) => sum + text.length, 0);
  const around = { project: { text: () => undefined }, today: "2026-11-21" };
  let tokens = Number.POSITIVE_INFINITY;
  let whole = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    tokens = Math.min(
      tokens,
      timed(() => files.forEach(([, text]) => void findTokens(text))),
    );
    whole = Math.min(
      whole,
      timed(() => {
        for (const [file, text] of files)
          scan(readText(text, undefined, languages, { file, kind: recognise(file, text) }), around);
      }),
    );
  }
  return { files: files.length, bytes, tokens: bytes / tokens / 1000, whole: bytes / whole / 1000 };
}

const megabyte = 1_000_000;
const times = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);

/** Texts that are made to break scanners, by what they are. */
const hostile: Readonly<Record<string, { readonly file: string; readonly text: string }>> = {
  "1 MB in one minified line": {
    file: "app.js",
    text: times('function a(b,c){return b?c.d:{"e":[1,2],f:`${b}`,g:/h+/}}var i=a(j,k)&&l("m=n",o);', megabyte),
  },
  "1 MB of base64": { file: "data.txt", text: times("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODkrLw", megabyte) },
  "50,000 × api_key=token:secret=": { file: "notes.txt", text: "api_key=token:secret=".repeat(50_000) },
  "10,000 brackets in each other": { file: "data.json", text: `${"[".repeat(10_000)}${"]".repeat(10_000)}` },
  "10,000 braces in each other": { file: "data.yaml", text: `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}` },
  "5,000 calls in each other": { file: "app.ts", text: `const x = ${"a(".repeat(5_000)}${")".repeat(5_000)};` },
};

/** Milliseconds of the whole analysis, all rules, for each hostile text; the first run, and so with nothing warm but the rest. */
export function hostileTimes(languages: Languages): readonly { readonly what: string; readonly time: number }[] {
  const analyser = new Analyser({ rules, languages, today: "2026-11-21" });
  return Object.entries(hostile).map(([what, { file, text }]) => {
    analyser.setFile(file, text);
    return { what, time: timed(() => void analyser.findings(file)) };
  });
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

const textsBelow = (folder: string): readonly (readonly [file: string, text: string])[] =>
  filesBelow(folder, isTextName).flatMap(([file, bytes]) =>
    bytes.length > largest || bytes.includes(0) ? [] : [[file, bytes.toString("utf8")] as const],
  );
