/** What `!reset` and `!override` take away of what came before. */
import { Mapping, withEntries, type Datum, type Source } from "./datum";

export interface Removed {
  readonly path: readonly string[];
  readonly value: Datum;
  /** The tagged value. */
  readonly by: Source;
}

interface Mark {
  readonly below: Map<string, Mark>;
  by: Source | undefined;
}

const empty = (): Mark => ({ below: new Map(), by: undefined });

/** The tags of one document, by the path of what they stand at. */
export class Resets {
  private readonly root = empty();

  constructor(private readonly removed: Removed[]) {}

  add(path: readonly string[], by: Source): void {
    let mark = this.root;
    for (const step of path) {
      let next = mark.below.get(step);
      if (next === undefined) {
        next = empty();
        mark.below.set(step, next);
      }
      mark = next;
    }
    mark.by = by;
  }

  /** What is left of the value at the path. Tags inside lists reach nothing: they only drop their own item. */
  apply(datum: Datum, path: readonly string[]): Datum {
    let mark: Mark | undefined = this.root;
    for (const step of path) mark = mark?.below.get(step);
    return mark === undefined || mark.below.size === 0 ? datum : this.strip(datum, mark, path);
  }

  private strip(datum: Datum, mark: Mark, path: readonly string[]): Datum {
    if (!(datum instanceof Mapping)) return datum;
    const entries = new Map<string, Datum>();
    for (const [name, value] of datum.entries) {
      const next = mark.below.get(name);
      if (next?.by !== undefined) this.removed.push({ path: [...path, name], value, by: next.by });
      else entries.set(name, next === undefined ? value : this.strip(value, next, [...path, name]));
    }
    return withEntries(datum, entries);
  }
}
