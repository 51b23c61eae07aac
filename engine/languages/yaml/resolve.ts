/** Aliases and merge keys followed, with where everything is written. */
import type { YamlDocument } from "./document";
import { childrenOf, type YamlMap, type YamlAlias, type YamlEntry, type YamlNode, type YamlPath } from "./node";
import { problemAt, type YamlProblem } from "./problem";

/** Nodes that one alias may stand for, and all aliases of one document together: beyond, they are unknown. */
const largestTarget = 10_000;
const largestSum = 200_000;

/** What a value was reached through: the aliases, and the maps written in place below a merge key. */
export type Via = readonly (YamlAlias | YamlMap)[];

/** The anchors and aliases of one document. */
export class Resolution {
  readonly problems: YamlProblem[] = [];
  readonly root: ResolvedNode;
  private readonly targets = new Map<YamlAlias, YamlNode>();
  private readonly sizes = new Map<YamlNode, number>();

  constructor(document: YamlDocument) {
    this.root = new ResolvedNode(this, document.root, [], []);
    if (document.aliases.length === 0) return;
    const byName = new Map<string, YamlNode[]>();
    for (const node of document.anchored) {
      const name = node.props.anchor?.name ?? "";
      const same = byName.get(name);
      if (same === undefined) byName.set(name, [node]);
      else same.push(node);
    }
    let sum = 0;
    for (const alias of document.aliases) {
      // An anchor may be set anew: the last one before the alias counts.
      const target = byName.get(alias.name)?.findLast((n) => (n.props.anchor?.start ?? 0) < alias.start);
      if (target === undefined)
        this.complain(alias, "UNRESOLVED_ALIAS", `No anchor \`&${alias.name}\` stands before this`);
      else if (target.end >= alias.end) {
        this.complain(alias, "RECURSIVE_ALIAS", `\`*${alias.name}\` stands inside what it repeats`);
      } else {
        const size = this.size(target);
        sum += size;
        if (size <= largestTarget && sum <= largestSum) this.targets.set(alias, target);
        else this.complain(alias, "ALIAS_TOO_LARGE", `\`*${alias.name}\` repeats too much to be followed`);
      }
    }
  }

  target(alias: YamlAlias): YamlNode | undefined {
    return this.targets.get(alias);
  }

  private complain({ origin, from, to }: YamlAlias, code: string, message: string): void {
    this.problems.push(problemAt(origin, code, message, from, to));
  }

  /** Number of nodes below and with the node, aliases followed; aliases are asked in the order of the text. */
  private size(node: YamlNode): number {
    if (node.kind === "alias") {
      const target = this.targets.get(node);
      return target === undefined ? 1 : this.size(target);
    }
    const known = this.sizes.get(node);
    if (known !== undefined) return known;
    let size = 1;
    for (const child of childrenOf(node)) size += this.size(child);
    this.sizes.set(node, size);
    return size;
  }
}

export interface ResolvedEntry {
  readonly name: string;
  /** Where it is written. */
  readonly entry: YamlEntry;
  readonly value: ResolvedNode;
}

/** An entry of the map itself. Most are never looked at, so its value is made when somebody asks. */
class OwnEntry implements ResolvedEntry {
  private made: ResolvedNode | undefined;

  constructor(
    private readonly resolution: Resolution,
    readonly entry: YamlEntry,
    private readonly map: ResolvedNode,
  ) {}

  get name(): string {
    return this.entry.name;
  }

  get value(): ResolvedNode {
    const { map, entry } = this;
    this.made ??= new ResolvedNode(this.resolution, entry.value, [...map.path, entry.name], map.via);
    return this.made;
  }
}

/**
 * A value as a reader of the document sees it at `path`. `node` is where it is written, behind the aliases and merges
 * of `via`; it is an alias or unknown only where it cannot be known.
 */
export class ResolvedNode {
  readonly node: YamlNode;
  readonly via: Via;
  private listed: readonly ResolvedNode[] | undefined;
  private merged: { readonly entries: ReadonlyMap<string, ResolvedEntry>; readonly open: boolean } | undefined;

  constructor(
    private readonly resolution: Resolution,
    written: YamlNode,
    readonly path: YamlPath,
    via: Via,
  ) {
    let node = written;
    let through = via;
    while (node.kind === "alias") {
      through = [...through, node];
      const target = resolution.target(node);
      if (target === undefined) break;
      node = target;
    }
    this.node = node;
    this.via = through;
  }

  get kind(): "map" | "list" | "scalar" | "unknown" {
    return this.node.kind === "alias" ? "unknown" : this.node.kind;
  }

  /** Written at this very place. */
  get local(): boolean {
    return this.via.length === 0;
  }

  /** Decoded text of a scalar. */
  get text(): string | undefined {
    return this.node.kind === "scalar" ? this.node.text : undefined;
  }

  /** Typed value of a scalar; undefined for anything else. */
  get value(): string | number | boolean | null | undefined {
    return this.node.kind === "scalar" ? this.node.value : undefined;
  }

  /** Nothing is written, or `null`. */
  get isNull(): boolean {
    return this.value === null;
  }

  /** Of a map: its own entries win over merged ones, of these the first wins. Of equal keys the last wins. */
  get entries(): readonly ResolvedEntry[] {
    return [...this.map.entries.values()];
  }

  /** A merge could not be followed: the map may have more entries than can be seen. */
  get open(): boolean {
    return this.map.open;
  }

  get items(): readonly ResolvedNode[] {
    if (this.node.kind !== "list") return [];
    this.listed ??= this.node.items.map(
      (item, i) => new ResolvedNode(this.resolution, item.value, [...this.path, i], this.via),
    );
    return this.listed;
  }

  /** The value of a key; undefined where there is none, unknown where that cannot be told. */
  get(name: string): ResolvedNode | undefined {
    return this.map.entries.get(name)?.value;
  }

  entry(name: string): ResolvedEntry | undefined {
    return this.map.entries.get(name);
  }

  at(path: YamlPath): ResolvedNode | undefined {
    let node: ResolvedNode | undefined = this;
    for (const step of path) {
      node = typeof step === "number" && node?.kind === "list" ? node.items[step] : node?.get(String(step));
    }
    return node;
  }

  private get map(): { readonly entries: ReadonlyMap<string, ResolvedEntry>; readonly open: boolean } {
    this.merged ??= this.merge();
    return this.merged;
  }

  private merge(): { readonly entries: ReadonlyMap<string, ResolvedEntry>; readonly open: boolean } {
    const entries = new Map<string, ResolvedEntry>();
    const { node } = this;
    if (node.kind !== "map") return { entries, open: this.kind === "unknown" };
    let open = false;
    for (const entry of node.entries) {
      if (entry.merges) continue;
      entries.set(entry.name, new OwnEntry(this.resolution, entry, this));
    }
    for (const { merges, value } of node.entries) {
      if (!merges) continue;
      for (const source of this.mergeSources(value)) {
        if (source.kind !== "map") open ||= !source.isNull;
        else open ||= source.open;
        for (const [name, merged] of source.map.entries) if (!entries.has(name)) entries.set(name, merged);
      }
    }
    return { entries, open };
  }

  /** What a merge key names, each seen at the path of this map. */
  private mergeSources(written: YamlNode): readonly ResolvedNode[] {
    const via = written.kind === "map" ? [...this.via, written] : this.via;
    const source = new ResolvedNode(this.resolution, written, this.path, via);
    if (source.node.kind !== "list") return [source];
    return source.node.items.map(({ value }) => {
      const through = value.kind === "map" ? [...source.via, value] : source.via;
      return new ResolvedNode(this.resolution, value, this.path, through);
    });
  }
}
