import {
  Analyser,
  applyEdits,
  conflict,
  defaultConfig,
  expandChoices,
  type Finding,
  type Languages,
} from "../../engine/index";
import { rules } from "../../rules/index";
import { mutate, random } from "./mutate";

export interface FuzzResult {
  readonly runs: number;
  /** Milliseconds of the slowest run, and its text. */
  readonly slowest: { readonly time: number; readonly text: string };
  readonly failures: readonly { readonly what: string; readonly text: string }[];
}

/** What is damaged: files that know of each other, every one of them filled from the seeds. */
export interface Subject {
  readonly files: readonly string[];
  /** Others that exist. */
  readonly listing: readonly string[];
  readonly seeds: readonly string[];
}

export const dockerfileSubject = (seeds: readonly string[]): Subject => ({
  files: ["Dockerfile"],
  listing: [".env", ".git/HEAD", "package.json"],
  seeds,
});

export const composeSubject = (seeds: readonly string[]): Subject => ({
  files: ["compose.yaml", "compose.override.yaml"],
  listing: ["Dockerfile", ".git/HEAD"],
  seeds,
});

/** Types each damaged text over the one before in its file, so that the incremental paths are walked too. */
export function fuzz(subject: Subject, count: number, seed: number, languages: Languages): FuzzResult {
  const { files, seeds } = subject;
  const next = random(seed);
  const analyser = new Analyser({ rules, languages, today: "2026-11-21" });
  analyser.configure({ ...defaultConfig, preset: "all" });
  analyser.setListing([...files, ...subject.listing]);
  let slowest = { time: 0, text: "" };
  const failures: { what: string; text: string }[] = [];
  const texts = new Map(files.map((file) => [file, ""]));
  for (let i = 0; i < count; i++) {
    const damaged = files[Math.floor(next() * files.length)] ?? "";
    for (const file of i % 4 === 0 ? files : []) texts.set(file, seeds[Math.floor(next() * seeds.length)] ?? "");
    texts.set(damaged, mutate(texts.get(damaged) ?? "", seeds, next).slice(0, 60_000));
    const whole = [...texts.values()].join("\n===\n");
    const start = performance.now();
    try {
      for (const [file, text] of texts) analyser.setFile(file, text);
      for (const [file, text] of texts) {
        const problem = analyser.problems(file)[0];
        if (problem !== undefined) failures.push({ what: problem.message, text: whole });
        for (const finding of analyser.findings(file)) {
          const what = faultIn(finding, text);
          if (what !== undefined) failures.push({ what: `${finding.rule}: ${what}`, text: whole });
        }
      }
    } catch (error) {
      failures.push({ what: error instanceof Error ? (error.stack ?? error.message) : String(error), text: whole });
    }
    const time = performance.now() - start;
    if (time > slowest.time) slowest = { time, text: whole };
  }
  return { runs: count, slowest, failures };
}

function faultIn(finding: Finding, text: string): string | undefined {
  if (finding.span.start > finding.span.end || finding.span.end > text.length) return "span";
  for (const fix of finding.fixes()) {
    if (conflict(fix.edits)) return "edits overlap";
    if (fix.edits.some((e) => e.span.end > text.length)) return "edit outside the text";
    applyEdits(
      text,
      fix.edits.map((e) => ({ ...e, text: expandChoices(e.text) })),
    );
  }
  return undefined;
}
