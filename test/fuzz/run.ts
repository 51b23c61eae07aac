import { Analyser, applyEdits, conflict, defaultConfig, expandChoices, type Languages } from "../../engine/index";
import { rules } from "../../rules/index";
import { mutate, random } from "./mutate";

export interface FuzzResult {
  readonly runs: number;
  /** Milliseconds of the slowest run, and its text. */
  readonly slowest: { readonly time: number; readonly text: string };
  readonly failures: readonly { readonly what: string; readonly text: string }[];
}

/** Types each damaged text over the one before in one file, so that the incremental paths are walked too. */
export function fuzz(seeds: readonly string[], count: number, seed: number, languages: Languages): FuzzResult {
  const next = random(seed);
  const analyser = new Analyser({ rules, languages, today: "2026-11-21" });
  analyser.configure({ ...defaultConfig, preset: "all" });
  analyser.setListing(["Dockerfile", ".env", ".git/HEAD", "package.json"]);
  let slowest = { time: 0, text: "" };
  const failures: { what: string; text: string }[] = [];
  let text = "";
  for (let i = 0; i < count; i++) {
    if (i % 4 === 0) text = seeds[Math.floor(next() * seeds.length)] ?? "";
    text = mutate(text, seeds, next).slice(0, 60_000);
    const start = performance.now();
    try {
      analyser.setFile("Dockerfile", text);
      const problem = analyser.problems("Dockerfile")[0];
      if (problem !== undefined) failures.push({ what: problem.message, text });
      for (const finding of analyser.findings("Dockerfile")) {
        if (finding.span.start > finding.span.end || finding.span.end > text.length)
          failures.push({ what: `${finding.rule}: span`, text });
        for (const fix of finding.fixes()) {
          if (conflict(fix.edits)) failures.push({ what: `${finding.rule}: edits overlap`, text });
          else
            applyEdits(
              text,
              fix.edits.map((e) => ({ ...e, text: expandChoices(e.text) })),
            );
        }
      }
    } catch (error) {
      failures.push({ what: error instanceof Error ? (error.stack ?? error.message) : String(error), text });
    }
    const time = performance.now() - start;
    if (time > slowest.time) slowest = { time, text };
  }
  return { runs: count, slowest, failures };
}
