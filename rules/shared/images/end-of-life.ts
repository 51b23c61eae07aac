import { type ImageReference, once } from "../../../engine/index";
import { newestCycle, type Place, placeOf, type Standing, standing } from "./cycles";
import { type DiscontinuedRepository, discontinuedRepository, type Replacement } from "./discontinued";
import { codenameOf, cycleOfCodename, type Day } from "./eol-data";
import { imageSet } from "./match";
import { type Product, productOf, products } from "./products";
import { isOperatingSystem, systemName, systemsOf, type TagSystem } from "./systems";
import { type TagParts, tagParts, versionOf } from "./tag";
import { floatingWords, isBuildWord } from "./variants";

export { snapshotIsOld } from "./cycles";
export { type Day, snapshotDay } from "./eol-data";

/** One thing in an image reference whose support is over or runs out. */
export interface EndOfLife {
  /** `Node.js 20`, `Debian 10 (buster)`, or the repository `openjdk`. */
  readonly what: string;
  readonly part: "version" | "system" | "repository";
  /** `20`; undefined for a repository. */
  readonly cycle: string | undefined;
  /** The last supported day; undefined where it is not known. */
  readonly date: Day | undefined;
  readonly kind: "ended" | "ending" | "discontinued" | "lts-only";
  readonly severity: "warning" | "info" | "hint";
  /** The newest supported cycle, or the repository that took over. */
  readonly newest: string | undefined;
  /** The reference to write instead, in the same variant; undefined where no such tag is sure to exist. */
  readonly replacement: Replacement | undefined;
}

/** A product's cycle that a tag names, and the places of the words that name it. */
interface NamedCycle {
  readonly product: Product;
  readonly place: Place;
  readonly words: readonly number[];
}

/**
 * What is over, or over soon, on `today`: the version, the operating system in the tag, the repository. Empty where
 * nothing is known to be over, and for a reference by digest alone. Dates are those of `snapshotDay`.
 */
export const endOfLife = (reference: ImageReference, today: Day): readonly EndOfLife[] =>
  once(reference, `end of life on ${today}`, () => findEnds(reference, today));

function findEnds(reference: ImageReference, today: Day): readonly EndOfLife[] {
  if (reference.tag === undefined && reference.digest !== undefined) return [];
  const gone = discontinuedRepository(reference);
  const parts = tagParts(reference);
  const named = namedCycle(reference, parts);
  const ends: readonly End[] = [
    ...versionEnd(named, today),
    ...systemEnds(reference, today),
    ...nameEnds(reference, today),
    ...repositoryEnd(gone),
  ];
  if (gone !== undefined) return ends.map((end) => end.replacedBy(() => gone.replacement));
  const byTag = (): Replacement | undefined => {
    const tag = replacementTag(reference, parts, named, ends, today);
    return tag === undefined || tag === reference.tag ? undefined : { repository: undefined, tag };
  };
  return ends.map((end) => end.replacedBy(() => end.replacement ?? byTag()));
}

/** What to write instead is looked for when somebody asks. */
class End implements EndOfLife {
  constructor(
    readonly what: string,
    readonly part: EndOfLife["part"],
    readonly cycle: string | undefined,
    readonly date: Day | undefined,
    readonly kind: EndOfLife["kind"],
    readonly severity: EndOfLife["severity"],
    private readonly findNewest: () => string | undefined,
    private readonly findReplacement: () => Replacement | undefined = () => undefined,
  ) {}

  get newest(): string | undefined {
    return this.findNewest();
  }

  get replacement(): Replacement | undefined {
    return this.findReplacement();
  }

  replacedBy(findReplacement: () => Replacement | undefined): End {
    const { what, part, cycle, date, kind, severity, findNewest } = this;
    return new End(what, part, cycle, date, kind, severity, findNewest, findReplacement);
  }
}

function namedCycle(reference: ImageReference, parts: TagParts): NamedCycle | undefined {
  const product = productOf(reference);
  if (product === undefined) return undefined;
  for (const [at, word] of parts.words.entries()) {
    const cycle = cycleOfCodename(product.id, word);
    if (cycle !== undefined) return { product, words: [at], place: { label: cycle, cycle, unlisted: false } };
  }
  if (parts.version === undefined) return undefined;
  const place = placeOf(product.id, parts.version);
  return place === undefined ? undefined : { product, place, words: [parts.versionAt] };
}

function versionEnd(named: NamedCycle | undefined, today: Day): End[] {
  if (named === undefined) return [];
  const found = standing(named.product, named.place, today);
  if (found === undefined) return [];
  const { product, place } = named;
  return [entry("version", label(product, place.label), place.label, found, () => newestCycle(product, today))];
}

function label(product: Product, cycle: string): string {
  return product.id === "debian" || product.id === "ubuntu"
    ? systemName(product.id, cycle)
    : `${product.name} ${cycle}`;
}

function systemEnds(reference: ImageReference, today: Day): End[] {
  return systemsOf(reference).flatMap((system) => {
    const found = systemStanding(system, today);
    if (found === undefined) return [];
    const product = productNamed(system.product);
    return [entry("system", system.what, system.cycle, found, () => product && newestCycle(product, today))];
  });
}

function systemStanding({ product, cycle }: TagSystem, today: Day): Standing | undefined {
  const place = placeOf(product, cycle);
  const found = productNamed(product);
  return place === undefined || found === undefined ? undefined : standing(found, place, today);
}

function productNamed(id: Product["id"]): Product | undefined {
  return products.find((product) => product.id === id);
}

/** Versions in the name of the repository: `ubi8/ubi`, `distroless/java17-debian11`; and Confluent's own numbers. */
function nameEnds(reference: ImageReference, today: Day): End[] {
  return [...universalBase(reference, today), ...distroless(reference, today), ...confluent(reference, today)];
}

const isUniversalBase = imageSet([
  "ubi*/ubi*",
  "redhat/ubi*",
  "registry.access.redhat.com/ubi*",
  "registry.redhat.io/ubi*",
]);
const isDistroless = imageSet(["distroless/*"]);
const isConfluent = imageSet(["confluentinc/cp-kafka", "confluentinc/cp-server"]);

function universalBase(reference: ImageReference, today: Day): End[] {
  if (!isUniversalBase(reference)) return [];
  const cycle = /(?:^|\/)ubi(\d+)(?:-minimal|-micro|-init|\/ubi(?:-minimal|-micro|-init)?)?$/.exec(
    reference.repository,
  )?.[1];
  const product = productNamed("rhel");
  const place = cycle === undefined ? undefined : placeOf("rhel", cycle);
  if (product === undefined || place === undefined) return [];
  const found = standing(product, place, today);
  return found === undefined
    ? []
    : [entry("version", `${product.name} ${place.label}`, place.label, found, () => newestCycle(product, today))];
}

function distroless(reference: ImageReference, today: Day): End[] {
  if (!isDistroless(reference)) return [];
  const name = reference.repository.split("/").at(-1) ?? "";
  const debian = productNamed("debian");
  const cycle = /-debian(\d+)$/.exec(name)?.[1];
  const place = cycle === undefined ? undefined : placeOf("debian", cycle);
  if (debian === undefined || place === undefined) return [];
  const found = standing(debian, place, today);
  // The project rebuilds on a Debian release through its long-term support.
  if (found === undefined || found.kind === "lts-only") return [];
  const newest = newestCycle(debian, today);
  const repository =
    newest !== undefined && /^(?:static|base|base-nossl|cc)-/.test(name)
      ? reference.familiar.replace(/-debian\d+$/, `-debian${newest}`)
      : undefined;
  const replacement = repository === undefined ? undefined : { repository, tag: reference.tag ?? "nonroot" };
  const end = entry("system", systemName("debian", place.label), place.label, found, () => newest);
  return [end.replacedBy(() => replacement)];
}

/**
 * Confluent Platform 5.x, 6.x, 7.x, 8.x carry Kafka 2.x, 2.6+x, 3.x, 4.x. Confluent supports a release for up to three
 * years more than the Kafka project does, so that much longer nothing is said.
 */
function confluent(reference: ImageReference, today: Day): End[] {
  if (!isConfluent(reference)) return [];
  const version = versionOf(reference);
  const [major, minor] = (version ?? "").split(".").map(Number);
  const product = productNamed("apache-kafka");
  const base = { 5: [2, 0], 6: [2, 6], 7: [3, 0], 8: [4, 0] }[major ?? 0];
  if (product === undefined || base === undefined || minor === undefined) return [];
  const place = placeOf("apache-kafka", `${base[0]}.${(base[1] ?? 0) + minor}`);
  if (place === undefined || place.unlisted) return [];
  const [year, ...rest] = today.split("-");
  const found = standing(product, place, [Number(year) - 3, ...rest].join("-"));
  if (found?.kind !== "ended") return [];
  const what = `Confluent Platform ${major}.${minor} (Kafka ${place.label})`;
  return [entry("version", what, `${major}.${minor}`, { ...found, date: undefined }, () => undefined)];
}

function repositoryEnd(gone: DiscontinuedRepository | undefined): End[] {
  if (gone === undefined) return [];
  return [new End(gone.what, "repository", undefined, undefined, "discontinued", "warning", () => gone.successor)];
}

function entry(
  part: EndOfLife["part"],
  what: string,
  cycle: string,
  { kind, severity, date }: Standing,
  newest: () => string | undefined,
): End {
  return new End(what, part, cycle, date, kind, severity, newest);
}

/** The tag with everything replaced that is over, and the rest as written; undefined where a word is not known. */
function replacementTag(
  reference: ImageReference,
  parts: TagParts,
  named: NamedCycle | undefined,
  ends: readonly EndOfLife[],
  today: Day,
): string | undefined {
  if (named === undefined) return undefined;
  const { product, place } = named;
  const newest = newestCycle(product, today);
  const moves = ends.some(({ part }) => part === "version");
  const cycle = moves ? newest : place.unlisted ? undefined : place.label;
  const cycleTag = cycle === undefined ? undefined : product.tagOf(cycle);
  if (cycle === undefined || cycleTag === undefined) return undefined;
  const systems = systemsOf(reference);
  const words: string[] = [];
  for (const [at, word] of parts.words.entries()) {
    if (named.words.includes(at)) {
      words.push(versionWord(parts, named, cycle, cycleTag));
      continue;
    }
    const system = systems.find((candidate) => candidate.words.includes(at));
    if (system !== undefined) {
      const kept = moves || systemStanding(system, today) !== undefined ? newestSystem(product, system) : word;
      if (kept === undefined) return undefined;
      if (system.words[0] === at) words.push(kept);
      continue;
    }
    if (isDropped(product, word)) continue;
    if (moves && !isBuildWord(word)) return undefined;
    words.push(word);
  }
  return words.join("-");
}

function versionWord(parts: TagParts, { product, words }: NamedCycle, cycle: string, cycleTag: string): string {
  if (words[0] === parts.versionAt) return parts.prefix === "v" ? `v${cycleTag}` : cycleTag;
  return isOperatingSystem(product.id) ? (codenameOf(product.id, cycle) ?? cycleTag) : cycleTag;
}

function newestSystem(product: Product, system: TagSystem): string | undefined {
  // .NET builds on Ubuntu since 10, no longer on Debian.
  if (product.id === "dotnet" && system.product === "debian") return "noble";
  return system.newest;
}

/** Build numbers and dates of the old tag, and words that no longer say anything. */
function isDropped(product: Product, word: string): boolean {
  if (/^(?:b\d+|\d{8}|\d{8}\.\d+)$/.test(word)) return true;
  return floatingWords.has(word) || (product.id === "dotnet" && word === "slim");
}
