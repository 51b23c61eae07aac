import type { Context, Report } from "../../rule";
import { dirname, join } from "../../text/path";
import type { Around, Kind, RuleRun } from "../kind";
import type { KubernetesCheck } from "./check";
import { explainAt } from "./explain";
import { Field } from "./field";
import type { Role } from "./manifest";
import { ManifestFile } from "./model";
import { isManifestFile, mayBeManifest } from "./recognise";
import { summariseManifests } from "./summarise";

export const kubernetesKind: Kind<"kubernetes", ManifestFile> = {
  id: "kubernetes",
  recognises: isManifestFile,
  mayBe: mayBeManifest,
  circumstances: (around) => [around.file, roleOf(around)],
  parse: (text, previous, _, [file = "", role = "whole"]) => new ManifestFile(file, text, role as Role, previous),
  comments: (model) => model.comments,
  insertComment: (model, span, text) => model.insertComment(span, text),
  removeComment: (model, span) => model.removeComment(span),
  summarise: summariseManifests,
  landmarks: (model) => model.manifests.map((manifest) => manifest.anchor),
  explain: explainAt,
  walk(model, runs) {
    for (const run of runs) run.attempt(() => visit(model, run));
  },
};

/**
 * A file below the `templates` of a chart is a template, whatever stands in it; else kustomizations say what it is, and
 * where none names it the file does.
 */
function roleOf({ file, project }: Around): Role {
  for (const { index } of file.matchAll(/(?:^|\/)templates\//g))
    if (project.exists(join(file.slice(0, index), "Chart.yaml")) !== false) return "template";
  const named = project.roleOf(file);
  if (named !== undefined) return named;
  return /(?:^|[._-])patch(?:es)?(?:[._-][\w.-]+)?\.ya?ml$/i.test(file) ||
    /(?:^|\/)patches\//.test(file) ||
    dirname(file) === "/"
    ? "patch"
    : "whole";
}

function visit(model: ManifestFile, run: RuleRun<KubernetesCheck>): void {
  const { check, context, report, index } = run;
  const told = onceAtSharedPlaces(report);
  check.file?.(model, told.report, context);
  if (check.manifest === undefined && check.pod === undefined && check.container === undefined) return;
  for (const manifest of model.manifests) {
    const quiet = manifest.quietIn(run.setting);
    if (quiet.has(index)) continue;
    const before = run.needs + told.dropped;
    check.manifest?.(manifest, told.report, context);
    if (check.pod !== undefined || check.container !== undefined)
      for (const pod of model.podsOf(manifest)) visitPod(pod, check, told.report, context);
    if (run.needs + told.dropped === before) quiet.add(index);
  }
}

function visitPod(
  pod: ReturnType<ManifestFile["podsOf"]>[number],
  check: KubernetesCheck,
  report: Report,
  context: Context,
): void {
  check.pod?.(pod, report, context);
  if (check.container === undefined) return;
  for (const container of pod.containers) check.container(container, report, context);
}

/** A place that several objects repeat through an anchor is reported once. */
function onceAtSharedPlaces(report: Report): { readonly report: Report; dropped: number } {
  let seen: Map<string, boolean> | undefined;
  const told = {
    dropped: 0,
    report: ((at, message, extra) => {
      const key = `${at.start} ${at.end}`;
      const isShared = at instanceof Field && at.isShared;
      seen ??= new Map();
      const before = seen.get(key);
      if (before !== undefined && (before || isShared)) {
        told.dropped++;
        return;
      }
      seen.set(key, isShared);
      report(at, message, extra);
    }) satisfies Report as Report,
  };
  return told;
}
