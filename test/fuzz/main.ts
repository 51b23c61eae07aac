/** `npm run fuzz -- <folder> [count] [seed]`: damages every file of ours below a folder, and says what broke or was slow. */
import { textsOfKind } from "../../scripts/corpus";
import { languages } from "../support/engine";
import { composeSubject, dockerfileSubject, fuzz, manifestSubject, type Subject } from "./run";

async function main(): Promise<void> {
  const [folder = ".", count = "20000", seed = "1"] = process.argv.slice(2);
  const subjects: readonly (readonly [string, Subject])[] = [
    ["Dockerfiles", dockerfileSubject(textsOfKind(folder, "dockerfile"))],
    ["pairs of compose files", composeSubject(textsOfKind(folder, "compose"))],
    [
      "manifests beside a kustomization and a chart",
      manifestSubject({
        kubernetes: textsOfKind(folder, "kubernetes"),
        kustomize: textsOfKind(folder, "kustomize"),
        helm: textsOfKind(folder, "helm"),
      }),
    ],
  ];
  for (const [name, subject] of subjects) {
    const seeds = new Set(subject.files.flatMap((file) => file.seeds));
    if (seeds.size === 0) continue;
    console.log(`${name}: ${seeds.size} texts, ${count} times damaged, seed ${seed}`);
    const result = fuzz(subject, Number(count), Number(seed), await languages());
    const kinds = new Map<string, number>();
    for (const f of result.failures) kinds.set(f.what, (kinds.get(f.what) ?? 0) + 1);
    for (const [what, times] of kinds) console.log(`${times} × ${what}`);
    for (const f of result.failures.slice(0, 3)) console.log(`---\n${JSON.stringify(f.text.slice(0, 2000))}`);
    console.log(`slowest: ${result.slowest.time.toFixed(1)} ms (${result.slowest.text.length} characters)`);
    console.log(`${result.runs} runs, ${result.failures.length} failed`);
    if (result.failures.length > 0) process.exitCode = 1;
  }
}

void main();
