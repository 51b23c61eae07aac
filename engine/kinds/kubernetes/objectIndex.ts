/** Objects of several files, ready to be looked up. */
import { type Answer, isGivenByController, type Labels, type Selector, selects, type Told } from "./selector";
import type { ObjectSummary, PodSummary } from "./summary";

/** An object as it is deployed. */
export interface UnitObject {
  readonly file: string;
  /** Its place among the objects of its file. */
  readonly index: number;
  /** What it says, with the patches of its unit merged in. */
  readonly summary: ObjectSummary;
  /** Where it is deployed; undefined where nobody says, null where a template does, or several say otherwise. */
  readonly namespace: Told | undefined;
  /** In the order of the summary's. */
  readonly pods: readonly UnitPod[];
  /** Patches that were merged into it. */
  readonly patches: readonly Place[];
}

/** Where an object stands. */
export interface Place {
  readonly file: string;
  /** Among the objects of its file. */
  readonly index: number;
}

/** A pod, or what makes pods. */
export interface UnitPod {
  readonly object: UnitObject;
  readonly summary: PodSummary;
  readonly labels: Labels;
}

/** Something that was found, and whether it surely is what was looked for. */
export interface Match<T> {
  readonly item: T;
  readonly answer: Exclude<Answer, "no">;
}

type Part = "service" | "policy" | "budget";

/** How an object refers to others by their names. */
const references = {
  /** Routes, by the services that they lead to. */
  backend: ({ route }: ObjectSummary) => route?.backends.map((b) => b.name),
  /** Autoscalers, by the workloads that they scale. */
  scaled: ({ scaler }: ObjectSummary) => scaler && [scaler.name],
  /** Bindings, by the accounts that they name; groups may be anybody. */
  account: ({ binding }: ObjectSummary) =>
    binding && [
      ...binding.subjects.map((s) => (s.kind === "ServiceAccount" ? s.name : null)),
      ...(binding.isOpen ? [null] : []),
    ],
  /** Bindings, by their roles. */
  role: ({ binding }: ObjectSummary) => binding && [binding.role.name],
  Secret: (summary: ObjectSummary) => usedNames(summary, "Secret"),
  ConfigMap: (summary: ObjectSummary) => usedNames(summary, "ConfigMap"),
  PersistentVolumeClaim: (summary: ObjectSummary) => usedNames(summary, "PersistentVolumeClaim"),
} as const;
export type Reference = keyof typeof references;

const usedNames = ({ uses }: ObjectSummary, kind: string): readonly Told[] =>
  uses.filter((use) => use.kind === kind).map((use) => use.name);

interface Referrers {
  readonly named: ReadonlyMap<string, readonly UnitObject[]>;
  /** They refer to something whose name is not told. */
  readonly vague: readonly UnitObject[];
}

export class ObjectIndex {
  private readonly kinds = new Map<string, UnitObject[]>();
  private readonly names = new Map<string, UnitObject[]>();
  private readonly nameless = new Map<string, UnitObject[]>();
  private foundPods: PodIndex | undefined;
  private readonly selectors = new Map<string, SelectorIndex<UnitObject>>();
  private readonly holders = new Map<Part, readonly UnitObject[]>();
  private readonly referrers = new Map<Reference, Referrers>();

  constructor(readonly objects: readonly UnitObject[]) {
    for (const object of objects) {
      const { kind, name } = object.summary;
      push(this.kinds, kind, object);
      if (typeof name === "string") push(this.names, `${kind}/${name}`, object);
      else if (name === null) push(this.nameless, kind, object);
    }
  }

  get pods(): PodIndex {
    this.foundPods ??= new PodIndex(this.objects.flatMap((o) => o.pods));
    return this.foundPods;
  }

  ofKind(kind: string): readonly UnitObject[] {
    return this.kinds.get(kind) ?? [];
  }

  named(kind: string, name: string): readonly UnitObject[] {
    return this.names.get(`${kind}/${name}`) ?? [];
  }

  /** Objects of a kind whose name is not told. */
  unnamed(kind: string): readonly UnitObject[] {
    return this.nameless.get(kind) ?? [];
  }

  /** Objects that refer to one of the name, and those of which nobody knows; every one where the name is not known. */
  referring(how: Reference, name: Told | undefined): readonly UnitObject[] {
    let found = this.referrers.get(how);
    if (found === undefined) {
      found = referrersIn(this.objects, how);
      this.referrers.set(how, found);
    }
    if (typeof name === "string") return [...(found.named.get(name) ?? []), ...found.vague];
    return [...new Set([...[...found.named.values()].flat(), ...found.vague])];
  }

  /** Objects whose summary has a part. */
  having(part: Part): readonly UnitObject[] {
    let found = this.holders.get(part);
    if (found === undefined) {
      found = this.objects.filter((o) => o.summary[part] !== undefined);
      this.holders.set(part, found);
    }
    return found;
  }

  /** Objects that select pods with the labels. */
  selecting(what: "service" | "policy" | "budget", labels: Labels): readonly Match<UnitObject>[] {
    let index = this.selectors.get(what);
    if (index === undefined) {
      index = new SelectorIndex(
        this.having(what).flatMap((item) => {
          const selector = item.summary[what]?.selector;
          // A service without a requirement selects nothing.
          if (selector === undefined || (what === "service" && isEmpty(selector))) return [];
          return [{ item, selector }];
        }),
      );
      this.selectors.set(what, index);
    }
    return index.selecting(labels);
  }
}

const isEmpty = ({ requirements, isOpen }: Selector): boolean => requirements.length === 0 && !isOpen;

function referrersIn(objects: readonly UnitObject[], how: Reference): Referrers {
  const named = new Map<string, UnitObject[]>();
  const vague: UnitObject[] = [];
  for (const object of objects) {
    const names = new Set(references[how](object.summary));
    if (names.has(null)) vague.push(object);
    else for (const name of names) if (name !== null) push(named, name, object);
  }
  return { named, vague };
}

export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const pairOf = (name: string, value: string): string => `${name}\n${value}`;

/** Whether more must be asked than the labels that are written. */
const isVague = ({ values, isOpen }: Labels): boolean => isOpen || [...values.values()].includes(null);
const asksForGiven = ({ requirements }: Selector): boolean => requirements.some(({ key }) => isGivenByController(key));

/** Pods by their labels. */
class PodIndex {
  private readonly pairs = new Map<string, UnitPod[]>();
  private readonly vague: UnitPod[] = [];

  constructor(readonly all: readonly UnitPod[]) {
    for (const pod of all) {
      if (isVague(pod.labels)) this.vague.push(pod);
      for (const [name, value] of pod.labels.values) if (value !== null) push(this.pairs, pairOf(name, value), pod);
    }
  }

  selectedBy(selector: Selector): readonly Match<UnitPod>[] {
    const matches: Match<UnitPod>[] = [];
    for (const item of this.candidates(selector)) {
      const answer = selects(selector, item.labels);
      if (answer !== "no") matches.push({ item, answer });
    }
    return matches;
  }

  /** Every pod that may be selected, and some others. */
  private candidates(selector: Selector): Iterable<UnitPod> {
    if (asksForGiven(selector)) return this.all;
    let best: readonly UnitPod[] | undefined;
    for (const { operator, key, values } of selector.requirements) {
      if (operator !== "In" || values.length === 0 || values.includes(null)) continue;
      const found = values.flatMap((value) => this.pairs.get(pairOf(key, value ?? "")) ?? []);
      if (best === undefined || found.length < best.length) best = found;
    }
    if (best === undefined) return this.all;
    return this.vague.length === 0 ? best : new Set([...best, ...this.vague]);
  }
}

interface Selecting<T> {
  readonly item: T;
  readonly selector: Selector;
}

/** Things that select, by the first label that they ask for. */
class SelectorIndex<T> {
  private readonly pairs = new Map<string, Selecting<T>[]>();
  private readonly rest: Selecting<T>[] = [];

  constructor(private readonly all: readonly Selecting<T>[]) {
    for (const entry of all) {
      const plain = entry.selector.requirements.find((r) => r.operator === "In" && r.values.length === 1);
      const value = plain?.values[0];
      if (plain === undefined || typeof value !== "string" || asksForGiven(entry.selector)) this.rest.push(entry);
      else push(this.pairs, pairOf(plain.key, value), entry);
    }
  }

  selecting(labels: Labels): readonly Match<T>[] {
    const near = isVague(labels)
      ? this.all
      : [...labels.values]
          .flatMap(([name, value]) => this.pairs.get(pairOf(name, value ?? "")) ?? [])
          .concat(this.rest);
    const matches: Match<T>[] = [];
    for (const { item, selector } of near) {
      const answer = selects(selector, labels);
      if (answer !== "no") matches.push({ item, answer });
    }
    return matches;
  }
}
