/** GitLab reads one file in a repository's root: it includes the service's own. */
import { insert, inTurn, parseYaml, raw, set, type Edit, type YamlDocument } from "../engine/index";
import type { ServiceChoices } from "./choices";
import { asInsertions } from "./insertions";
import type { Part, Target } from "./plan";
import { render } from "./template";
import type { View } from "./view";

export const rootPipeline = ".gitlab-ci.yml";

/** The stages of the service's jobs; they are GitLab's own where the root names none. */
const stages = ["build", "test"] as const;

const nothing: Part = { creates: [], changes: [], notes: [], reasons: [] };

export function planPipeline({ ci, name }: ServiceChoices, target: Target, template: string, view: View): Part {
  if (ci !== "gitlab") return nothing;
  if (!target.names.includes(rootPipeline)) {
    return { ...nothing, creates: [{ path: rootPipeline, text: render(template, view), executable: false }] };
  }
  const refuse = (reason: string): Part => ({ ...nothing, reasons: [reason] });
  const before = target.read(rootPipeline);
  if (before === undefined) return refuse(`\`${rootPipeline}\` cannot be read.`);
  const [document, ...more] = parseYaml(before).documents;
  if (document === undefined || more.length > 0 || document.problems.length > 0)
    return refuse(`\`${rootPipeline}\` is not one valid YAML document: mend it first.`);
  const edits = withInclude(document, `${name}/.gitlab-ci.yml`);
  if (edits === undefined)
    return refuse(`\`include\` of \`${rootPipeline}\` is written in a way that nothing can be added to.`);
  return { ...nothing, changes: [{ path: rootPipeline, before, edits: asInsertions(before, edits) }] };
}

function withInclude(document: YamlDocument, file: string): readonly Edit[] | undefined {
  return inTurn(document, [
    (now) => {
      const written = now.at(["include"]);
      if (written === undefined) return set(now, ["include"], [{ local: file }]);
      if (written.kind === "list") return insert(now, ["include", written.items.length], { local: file });
      if (written.kind === "map" && written.style === "block") return undefined;
      const old = now.origin.text.slice(written.start - now.start, written.end - now.start);
      return set(now, ["include"], [raw(old), { local: file }]);
    },
    (now) => withStages(now),
  ]);
}

/** Jobs of a stage that the root's list lacks would stop the pipeline. */
function withStages(document: YamlDocument): readonly Edit[] | undefined {
  const list = document.at(["stages"]);
  if (list?.kind !== "list") return [];
  const known = list.items.flatMap((i) => (i.value.kind === "scalar" ? i.value.text : []));
  const missing = stages.filter((s) => !known.includes(s));
  return inTurn(
    document,
    missing.map((stage) => (now: YamlDocument) => {
      const items = now.at(["stages"]);
      return insert(now, ["stages", items?.kind === "list" ? items.items.length : 0], stage);
    }),
  );
}
