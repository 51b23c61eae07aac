/** Which files of a workspace are deployed together. */
import { basename, below, dirname, join } from "../../text/path";
import type { Told } from "./selector";
import type { InlineMerge, KustomizeTree } from "./trees";

/** Files whose objects meet in one cluster. */
export interface Scope {
  readonly kind: "kustomize" | "chart" | "directory";
  readonly key: string;
  /** In the order of their names. */
  readonly files: readonly string[];
  /** Objects may come from where nobody can look: bases on other machines, charts within charts, values. */
  readonly isOpen: boolean;
  /** The names of objects get prefixes or suffixes. */
  readonly renames: boolean;
  /** Labels that all objects get. */
  readonly addedLabels: ReadonlySet<string>;
  /** Namespaces that are put in place of the objects' own; null where several are. */
  readonly namespaces: ReadonlyMap<string, Told>;
  /** Patches that stand in kustomizations. */
  readonly merges: readonly InlineMerge[];
}

export interface ScopeFiles {
  /** The files with manifests. */
  readonly files: readonly string[];
  exists(file: string): boolean | undefined;
  readonly trees: readonly KustomizeTree[];
}

/** The scope of every file. A base that several overlays take in sees them all, an overlay sees itself and its bases. */
export function scopesOf({ files, exists, trees }: ScopeFiles): ReadonlyMap<string, Scope> {
  const scopes = new Map<string, Scope>();
  const rest: string[] = [];
  const inTrees = treeScopes(files, trees);
  const charts = new Map<string, string[]>();
  const chartOf = chartFinder(exists);
  for (const file of files) {
    const tree = inTrees.get(file);
    if (tree !== undefined) {
      scopes.set(file, tree);
      continue;
    }
    const chart = chartOf(file);
    if (chart === undefined) rest.push(file);
    else charts.set(chart, [...(charts.get(chart) ?? []), file]);
  }
  for (const [chart, members] of charts) {
    const scope: Scope = { ...plain("chart", chart, members), isOpen: true };
    for (const file of members) scopes.set(file, scope);
  }
  for (const [file, scope] of directoryScopes(rest)) scopes.set(file, scope);
  return scopes;
}

function plain(kind: Scope["kind"], key: string, files: readonly string[]): Scope {
  return {
    kind,
    key: `${kind} ${key}`,
    files: [...files].sort(),
    isOpen: false,
    renames: false,
    addedLabels: new Set(),
    namespaces: new Map(),
    merges: [],
  };
}

/** The chart whose template, or resource definition, a file is. */
function chartFinder(exists: ScopeFiles["exists"]): (file: string) => string | undefined {
  const known = new Map<string, boolean>();
  const isChart = (directory: string, unlessKnown: boolean): boolean => {
    const before = known.get(directory);
    if (before !== undefined) return before;
    const is = exists(join(directory, "Chart.yaml")) ?? unlessKnown;
    known.set(directory, is);
    return is;
  };
  return (file) => {
    const parts = file.split("/");
    for (let i = parts.length - 2; i >= 0; i--) {
      if (parts[i] !== "templates" && parts[i] !== "crds") continue;
      const directory = parts.slice(0, i).join("/");
      if (isChart(directory, parts[i] === "templates")) return directory;
    }
    return undefined;
  };
}

function treeScopes(files: readonly string[], trees: readonly KustomizeTree[]): ReadonlyMap<string, Scope> {
  const treesOf = new Map<string, KustomizeTree[]>();
  for (const tree of trees) {
    for (const file of tree.files) {
      const known = treesOf.get(file);
      if (known === undefined) treesOf.set(file, [tree]);
      else known.push(tree);
    }
  }
  const found = new Map<string, Scope>();
  const byKey = new Map<string, Scope>();
  const isManifest = new Set(files);
  for (const file of files) {
    const mine = treesOf.get(file);
    if (mine === undefined) continue;
    const key = mine.map((t) => t.root).join("\0");
    const scope = byKey.get(key) ?? unionOf(key, mine, isManifest);
    byKey.set(key, scope);
    found.set(file, scope);
  }
  return found;
}

function unionOf(key: string, trees: readonly KustomizeTree[], isManifest: ReadonlySet<string>): Scope {
  const files = new Set(trees.flatMap((t) => [...t.files].filter((f) => isManifest.has(f))));
  const namespaces = new Map<string, Told>();
  for (const file of files) {
    const given = new Set(trees.filter((t) => t.files.has(file)).map((t) => t.namespaces.get(file)));
    const [only] = given;
    if (given.size > 1) namespaces.set(file, null);
    else if (only !== undefined) namespaces.set(file, only);
  }
  return {
    ...plain("kustomize", key, [...files]),
    isOpen: trees.some((t) => t.isOpen),
    renames: trees.some((t) => t.renames),
    addedLabels: new Set(trees.flatMap((t) => [...t.addedLabels])),
    namespaces,
    merges: [...new Set(trees.flatMap((t) => t.merges))],
  };
}

/** Folders that people keep the manifests of one system in, whatever lies between. */
const grouping = /^\.?(?:k8s|kubernetes|kube|manifests?|deploy(?:ments?)?|deployment-manifests|k8s-manifests)$/i;
/** Folders for one of several places that the same system is deployed to. */
const environment =
  /^(?:dev|develop|development|test|testing|qa|uat|stage|staging|pre-?prod|prod|production|live|sandbox|local|minikube|kind)(?:[-_.][\w-]+)?$/i;

/** The uppermost folder that holds manifests without a gap, or the folder that is named for them. */
function directoryScopes(files: readonly string[]): ReadonlyMap<string, Scope> {
  const holding = new Set(files.map(dirname));
  const roots = new Map<string, string>();
  for (const directory of holding) roots.set(directory, rootOf(directory, holding));
  const groups = new Map<string, { readonly file: string; readonly environment: string | undefined }[]>();
  for (const file of files) {
    const root = roots.get(dirname(file)) ?? "";
    const member = { file, environment: environmentOf(below(root, dirname(file)) ?? "") };
    const known = groups.get(root);
    if (known === undefined) groups.set(root, [member]);
    else known.push(member);
  }
  const scopes = new Map<string, Scope>();
  for (const [root, members] of groups) {
    const seen = new Map<string | undefined, Scope>();
    for (const { file, environment: own } of members) {
      const together = own === undefined ? members : members.filter((m) => (m.environment ?? own) === own);
      const scope =
        seen.get(own) ??
        plain(
          "directory",
          own === undefined ? root : join(root, own),
          together.map((m) => m.file),
        );
      seen.set(own, scope);
      scopes.set(file, scope);
    }
  }
  return scopes;
}

function rootOf(directory: string, holding: ReadonlySet<string>): string {
  let root = directory;
  while (root !== "" && !grouping.test(basename(root)) && holding.has(dirname(root))) root = dirname(root);
  const parts = root.split("/");
  for (let i = parts.length - 1; i >= 0; i--) {
    if (grouping.test(parts[i] ?? "")) return parts.slice(0, i + 1).join("/");
  }
  return root;
}

/** The part of a path, up to the folder that is named for an environment. */
function environmentOf(path: string): string | undefined {
  const parts = path.split("/");
  const index = parts.findIndex((part) => environment.test(part));
  return index < 0 ? undefined : parts.slice(0, index + 1).join("/");
}
