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

/** What is damaged: files that know of each other, each filled from its own seeds. */
export interface Subject {
  readonly files: readonly { readonly name: string; readonly seeds: readonly string[] }[];
  /** Others that exist. */
  readonly listing: readonly string[];
}

export const dockerfileSubject = (seeds: readonly string[]): Subject => ({
  files: [{ name: "Dockerfile", seeds }],
  listing: [".env", ".git/HEAD", "package.json"],
});

export const composeSubject = (seeds: readonly string[]): Subject => ({
  files: ["compose.yaml", "compose.override.yaml"].map((name) => ({ name, seeds })),
  listing: ["Dockerfile", ".git/HEAD"],
});

export interface ManifestSeeds {
  readonly kubernetes: readonly string[];
  readonly kustomize: readonly string[];
  /** Of charts and of values alike. */
  readonly helm: readonly string[];
}

/** Manifests beside a kustomization and a chart; one kind without seeds leaves its files empty. */
export function manifestSubject({ kubernetes, kustomize, helm }: ManifestSeeds): Subject {
  const templates = kubernetes.filter((text) => text.includes("{{"));
  return {
    files: [
      { name: "app.yaml", seeds: kubernetes },
      { name: "kustomization.yaml", seeds: kustomize },
      { name: "chart/templates/app.yaml", seeds: templates.length > 0 ? templates : kubernetes },
      { name: "chart/values.yaml", seeds: helm },
      { name: "chart/Chart.yaml", seeds: helm },
    ],
    listing: [".git/HEAD"],
  };
}

/** Types each damaged text over the one before in its file, so that the incremental paths are walked too. */
export function fuzz(subject: Subject, count: number, seed: number, languages: Languages): FuzzResult {
  const { files } = subject;
  const names = files.map((f) => f.name);
  const next = random(seed);
  const analyser = new Analyser({ rules, languages, today: "2026-11-21" });
  analyser.configure({ ...defaultConfig, preset: "all" });
  analyser.setListing([...names, ...subject.listing]);
  let slowest = { time: 0, text: "" };
  const failures: { what: string; text: string }[] = [];
  const texts = new Map(names.map((name) => [name, ""]));
  for (let i = 0; i < count; i++) {
    const damaged = files[Math.floor(next() * files.length)];
    if (damaged === undefined) break;
    for (const { name, seeds } of i % 4 === 0 ? files : [])
      texts.set(name, seeds[Math.floor(next() * seeds.length)] ?? "");
    texts.set(damaged.name, mutate(texts.get(damaged.name) ?? "", damaged.seeds, next).slice(0, 60_000));
    const pointed = next();
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
        analyser.explain(file, Math.floor(pointed * text.length));
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
