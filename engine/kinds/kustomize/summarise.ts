import type { Field } from "../kubernetes/field";
import { ManifestFile } from "../kubernetes/model";
import { told, toldNumber } from "../kubernetes/selector";
import { summariseManifests } from "../kubernetes/summarise";
import type { Kustomization } from "./kustomization";
import type { KustomizationFile } from "./model";
import type { InlinePatch, Patch } from "./patch";
import { objectsWritten } from "./synthesis";
import type { KustomizeSummary, LabelsSummary, PatchSummary, TargetSummary } from "./summary";

const nothing: KustomizeSummary = {
  kind: "Kustomization",
  resources: [],
  components: [],
  patches: [],
  others: [],
  generators: [],
  namespace: undefined,
  prefix: "",
  suffix: "",
  labels: [],
  images: [],
  replicas: [],
  remotes: [],
  makesMore: false,
  changesMore: false,
};

export function summariseKustomization({ kustomization }: KustomizationFile): KustomizeSummary {
  if (kustomization === undefined) return nothing;
  const { root, sources } = kustomization;
  const resources = sources.filter((s) => s.list === "resources" || s.list === "bases").map((s) => s.text);
  const components = sources.filter((s) => s.list === "components").map((s) => s.text);
  const has = (key: string): boolean => (root.get(key)?.items.length ?? 0) > 0;
  return {
    kind: kustomization.kind,
    resources,
    components,
    patches: kustomization.patches.map(patchOf),
    others: othersOf(kustomization),
    generators: kustomization.generators.map(({ kind, name, field, isHashed }) => {
      const behavior = field.get("behavior")?.string;
      return { kind, name: told(name), isHashed, isChange: behavior === "merge" || behavior === "replace" };
    }),
    namespace: told(root.get("namespace")),
    prefix: told(root.get("namePrefix")) ?? "",
    suffix: told(root.get("nameSuffix")) ?? "",
    labels: labelsOf(root),
    images: kustomization.images.map((image) => ({
      name: told(image.get("name")),
      newName: told(image.get("newName")),
      newTag: told(image.get("newTag")),
      digest: told(image.get("digest")),
    })),
    replicas: (root.get("replicas")?.items ?? []).map((item) => ({
      name: told(item.get("name")) ?? null,
      count: toldNumber(item.get("count")),
    })),
    remotes: [...resources, ...components].filter(isRemote),
    makesMore: has("generators") || has("helmCharts") || has("helmChartInflationGenerator"),
    changesMore: has("transformers"),
  };
}

/** Whether a resource is the address of something on another machine: a URL, or a repository as git names it. */
export const isRemote = (source: string): boolean =>
  /^[a-z][a-z0-9+.-]*(?:::|:\/\/)/i.test(source) ||
  /^[\w.-]+@[\w.-]+:/.test(source) ||
  /^(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|dev\.azure\.com)[/:]/i.test(source) ||
  /^[\w-]+(?:\.[\w-]+)+(?::\d+)?\/\S*\/\/|[?&]ref=/.test(source);

const patchOf = ({ path, inline, target }: Patch): PatchSummary => ({
  path: path?.string,
  target: target && targetOf(target),
  style: inline?.patch.content.style,
  changes: inline?.patch.content.changes ?? [],
  objects: inline === undefined ? [] : objectsOf(inline, target),
});

/** Operations tell containers by their places: what they write into them is left out. */
function objectsOf({ patch }: InlinePatch, target: Field | undefined): PatchSummary["objects"] {
  const { manifests, operations, text, file } = patch;
  if (operations === undefined) return summariseManifests(manifests).objects;
  const written = objectsWritten(operations, target, text);
  if (written === undefined) return [];
  const { objects } = summariseManifests(new ManifestFile(file, written.text, "patch", undefined));
  return objects.map((object) => ({ ...object, pods: object.pods.map((pod) => ({ ...pod, containers: [] })) }));
}

const targetOf = (target: Field): TargetSummary => ({
  group: told(target.get("group")),
  version: told(target.get("version")),
  kind: told(target.get("kind")),
  name: told(target.get("name")),
  namespace: told(target.get("namespace")),
  selects: target.get("labelSelector") !== undefined || target.get("annotationSelector") !== undefined,
});

function labelsOf(root: Field): readonly LabelsSummary[] {
  const pairsOf = (field: Field | undefined): LabelsSummary["pairs"] =>
    (field?.entries ?? []).map(([name, value]) => [name, value.string ?? null] as const);
  const common = pairsOf(root.get("commonLabels"));
  const listed = (root.get("labels")?.items ?? []).map((item): LabelsSummary => {
    const reachesSelectors = item.get("includeSelectors")?.boolean === true;
    const reachesPods = reachesSelectors || item.get("includeTemplates")?.boolean === true;
    return { pairs: pairsOf(item.get("pairs")), reachesPods, reachesSelectors };
  });
  return common.length === 0 ? listed : [{ pairs: common, reachesPods: true, reachesSelectors: true }, ...listed];
}

/** Lists of files that hold no objects. */
const others = ["configurations", "crds", "generators", "transformers", "validators"];

function othersOf({ root }: Kustomization): readonly string[] {
  const listed = others.flatMap((list) => root.get(list)?.items ?? []);
  const replacements = (root.get("replacements")?.items ?? []).flatMap((item) => item.get("path") ?? []);
  const schema = root.at("openapi", "path");
  return [...listed, ...replacements, ...(schema === undefined ? [] : [schema])].flatMap((f) => {
    const text = f.string;
    return text === undefined || text.includes("\n") ? [] : [text];
  });
}
