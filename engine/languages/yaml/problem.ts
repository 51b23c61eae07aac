/** What is wrong with a document's text. */
import { Located, type Origin } from "../../text/located";
import type { Span } from "../../text/span";
import type { YamlEntry } from "./node";

export interface YamlProblem extends Span {
  /** A code of the `yaml` package, or `DUPLICATE_KEY`, `UNRESOLVED_ALIAS`, `TOO_DEEP`. */
  readonly code: string;
  readonly message: string;
  /** The other place: the first of two equal keys. */
  readonly related?: Span | undefined;
}

/** A problem that moves with its origin. */
export class LocatedProblem extends Located implements YamlProblem {
  constructor(
    origin: Origin,
    from: number,
    to: number,
    readonly code: string,
    readonly message: string,
    readonly related?: Span,
  ) {
    super(origin, from, to);
  }
}

export const problemAt = (
  origin: Origin,
  code: string,
  message: string,
  from: number,
  to: number,
  related?: Span,
): LocatedProblem => new LocatedProblem(origin, from, to, code, message, related);

/** Keys that stand twice in one map; `<<` may. */
export function duplicateKeys(entries: readonly YamlEntry[]): readonly YamlProblem[] {
  if (entries.length < 2) return [];
  const seen = new Map<string, YamlEntry>();
  const problems: YamlProblem[] = [];
  for (const entry of entries) {
    const { key } = entry;
    if (key.kind !== "scalar" || entry.merges) continue;
    const first = seen.get(key.text);
    if (first === undefined) seen.set(key.text, entry);
    else if (first.key.kind === "scalar" && typeof first.key.value === typeof key.value) {
      const message = `The key \`${key.text}\` stands twice in one map: keys are unique`;
      problems.push(problemAt(key.origin, "DUPLICATE_KEY", message, key.from, key.to, first.key));
    }
  }
  return problems;
}
