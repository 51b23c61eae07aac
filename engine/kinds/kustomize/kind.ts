import type { RuleRun, Kind } from "../kind";
import type { KustomizeCheck } from "./check";
import { inlinePatches } from "./inline";
import { KustomizationFile } from "./model";
import { isKustomization, isKustomizationName } from "./recognise";
import { summariseKustomization } from "./summarise";

export const kustomizeKind: Kind<"kustomize", KustomizationFile> = {
  id: "kustomize",
  recognises: isKustomization,
  mayBe: (file) => isKustomizationName(file) || /\.ya?ml$/i.test(file),
  circumstances: ({ file }) => [file],
  parse: (text, previous, _, [file = ""]) => new KustomizationFile(file, text, previous),
  comments: (model) => model.comments,
  insertComment: (model, span, text) => model.insertComment(span, text),
  removeComment: (model, span) => model.removeComment(span),
  summarise: summariseKustomization,
  embedded: inlinePatches,
  walk(model, runs) {
    for (const run of runs) run.attempt(() => visit(model, run));
  },
};

function visit({ kustomization }: KustomizationFile, { check, report, context }: RuleRun<KustomizeCheck>): void {
  if (kustomization === undefined) return;
  check.kustomization?.(kustomization, report, context);
  if (check.source !== undefined) for (const s of kustomization.sources) check.source(s, report, context);
  if (check.patch !== undefined) for (const p of kustomization.patches) check.patch(p, report, context);
  if (check.generator !== undefined) for (const g of kustomization.generators) check.generator(g, report, context);
}
