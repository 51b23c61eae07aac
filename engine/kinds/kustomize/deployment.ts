/** How objects come out of kustomizations: which files are taken in, and what is done to the objects in them. */
import { dirname, join } from "../../text/path";
import { isRemote } from "./summarise";
import type { KustomizeSummary } from "./summary";

/** What a kustomization does to the objects that it has put together; `inner` is what was done before. */
export interface Layer {
  readonly file: string;
  readonly summary: KustomizeSummary;
  readonly inner: Layer | undefined;
}

/** One way in which a file's objects are deployed. */
export interface Deployed {
  readonly file: string;
  /** The outermost. */
  readonly layer: Layer;
}

/** What a kustomization that no other one takes in deploys. */
export interface Deployment {
  readonly root: string;
  readonly objects: readonly Deployed[];
  /** The kustomizations at work, its own among them. */
  readonly kustomizations: readonly string[];
  /** Something is taken in that is not in the workspace, or that cannot be seen there. */
  readonly isOpen: boolean;
}

export type KustomizeSummaries = ReadonlyMap<string, KustomizeSummary>;

const names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/** Beyond, a deployment is not followed. */
const mostObjects = 50_000;

/** The kustomization of a folder. */
export const kustomizationIn = (directory: string, all: KustomizeSummaries): string | undefined =>
  names.map((name) => join(directory, name)).find((file) => all.has(file));

export function deploymentsOf(
  all: KustomizeSummaries,
  exists: (file: string) => boolean | undefined,
): readonly Deployment[] {
  const taken = new Set<string>();
  for (const [file, summary] of all) {
    for (const source of [...summary.resources, ...summary.components]) {
      const inner = isRemote(source) ? undefined : kustomizationIn(join(dirname(file), source), all);
      if (inner !== undefined && inner !== file) taken.add(inner);
    }
  }
  const builder = new Builder(all, exists);
  return [...all.keys()].filter((file) => !taken.has(file)).map((root) => builder.deployment(root));
}

interface Built {
  readonly objects: readonly Deployed[];
  readonly kustomizations: ReadonlySet<string>;
  readonly isOpen: boolean;
}

const none: Built = { objects: [], kustomizations: new Set(), isOpen: true };

class Builder {
  private readonly built = new Map<string, Built | undefined>();
  private readonly active = new Set<string>();

  constructor(
    private readonly all: KustomizeSummaries,
    private readonly exists: (file: string) => boolean | undefined,
  ) {}

  deployment(root: string): Deployment {
    const { objects, kustomizations, isOpen } = this.build(root);
    const isComponent = this.all.get(root)?.kind === "Component";
    return { root, objects, kustomizations: [...kustomizations], isOpen: isOpen || isComponent };
  }

  private build(file: string): Built {
    if (this.built.has(file)) return this.built.get(file) ?? none;
    // Until it is built, a kustomization that takes itself in gets nothing.
    this.built.set(file, undefined);
    const built = this.apply(file, []);
    this.built.set(file, built);
    return built;
  }

  /** `before`: of a component, what the kustomization that takes it in has put together so far. */
  private apply(file: string, before: readonly Unlayered[]): Built {
    const summary = this.all.get(file);
    if (summary === undefined || this.active.has(file)) return none;
    this.active.add(file);
    const built = this.putTogether(file, summary, before);
    this.active.delete(file);
    return built;
  }

  private putTogether(file: string, summary: KustomizeSummary, before: readonly Unlayered[]): Built {
    const kustomizations = new Set([file]);
    const fresh: Deployed[] = [];
    const bare: string[] = [];
    let isOpen = summary.makesMore || summary.remotes.length > 0;
    for (const source of summary.resources) {
      if (isRemote(source)) continue;
      const place = join(dirname(file), source);
      const inner = kustomizationIn(place, this.all);
      if (inner === undefined) {
        bare.push(place);
        isOpen ||= this.exists(place) === false;
        continue;
      }
      const built = this.build(inner);
      fresh.push(...built.objects);
      for (const name of built.kustomizations) kustomizations.add(name);
      isOpen ||= built.isOpen;
    }
    let objects: readonly Unlayered[] = [
      ...before,
      ...fresh,
      ...bare.map((name) => ({ file: name, layer: undefined })),
    ];
    for (const source of summary.components) {
      const inner = isRemote(source) ? undefined : kustomizationIn(join(dirname(file), source), this.all);
      const built = inner === undefined ? none : this.apply(inner, objects);
      if (built !== none) objects = built.objects;
      for (const name of built.kustomizations) kustomizations.add(name);
      isOpen ||= built.isOpen;
    }
    if (objects.length > mostObjects) return { ...none, kustomizations };
    const layered = objects.map((o) => ({ file: o.file, layer: { file, summary, inner: o.layer } }));
    return { objects: layered, kustomizations, isOpen };
  }
}

interface Unlayered {
  readonly file: string;
  readonly layer: Layer | undefined;
}
