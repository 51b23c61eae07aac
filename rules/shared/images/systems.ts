import { type ImageReference, once } from "../../../engine/index";
import { codenameOf, cycleOfCodename, cyclesOf, type ProductId } from "./eol-data";
import { namesItsSystem, productOf } from "./products";
import { tagParts } from "./tag";

/** An operating system that a tag names beside the version: `buster` in `node:20-buster`. */
export interface TagSystem {
  readonly product: ProductId;
  /** `Debian 10 (buster)`. */
  readonly what: string;
  readonly cycle: string;
  /** Places of its words in the tag. */
  readonly words: readonly number[];
  /** The word that the newest builds use instead; undefined where there is none for sure. */
  readonly newest: string | undefined;
}

const names = {
  debian: "Debian",
  ubuntu: "Ubuntu",
  "alpine-linux": "Alpine",
  "amazon-linux": "Amazon Linux",
  "oracle-linux": "Oracle Linux",
  centos: "CentOS",
  rhel: "Red Hat UBI",
} as const;
type SystemId = keyof typeof names;

/** Official builds of 2026-08: every supported version exists on these, whatever else it exists on. */
const newestWords: Partial<Record<SystemId, string>> = {
  debian: "trixie",
  ubuntu: "noble",
  "alpine-linux": "alpine",
  "amazon-linux": "al2023",
};

const forms: readonly { readonly id: SystemId; readonly word: RegExp }[] = [
  { id: "alpine-linux", word: /^alpine(\d+\.\d+)$/ },
  { id: "debian", word: /^debian(\d+)$/ },
  { id: "ubuntu", word: /^ubuntu(\d\d\.\d\d)$/ },
  { id: "amazon-linux", word: /^(?:al|amazonlinux)(2|2023)$/ },
  { id: "oracle-linux", word: /^(?:ol|oraclelinux)(\d+)$/ },
  { id: "centos", word: /^centos(\d)$/ },
  { id: "rhel", word: /^ubi(\d+)$/ },
];
const pairs: Readonly<Record<string, { readonly id: SystemId; readonly number: RegExp }>> = {
  alpine: { id: "alpine-linux", number: /^3\.\d+$/ },
  debian: { id: "debian", number: /^\d{1,2}$/ },
  ubuntu: { id: "ubuntu", number: /^\d\d\.\d\d$/ },
};

const operatingSystems: ReadonlySet<ProductId> = new Set<ProductId>([
  "debian",
  "ubuntu",
  "alpine-linux",
  "centos",
  "centos-stream",
  "fedora",
  "almalinux",
  "rocky-linux",
  "amazon-linux",
  "oracle-linux",
  "opensuse",
  "vmware-photon",
]);

/** Whether the product is itself the system of its image: its tags name no other. */
export function isOperatingSystem(product: ProductId): boolean {
  return operatingSystems.has(product);
}

/** The systems in the tag of an image whose tags are known to name them; empty for every other image. */
export const systemsOf = (reference: ImageReference): readonly TagSystem[] =>
  once(reference, "systems", () => findSystems(reference));

function findSystems(reference: ImageReference): readonly TagSystem[] {
  const product = productOf(reference);
  if (reference.tag === undefined || (product !== undefined && isOperatingSystem(product.id))) return [];
  if (!namesItsSystem(reference)) return [];
  const { words, versionAt } = tagParts(reference);
  return words.flatMap((word, at) => {
    const single = ofWord(word);
    if (single !== undefined) return [system(single.id, single.cycle, [at])];
    const next = words[at + 1];
    const pair = Object.hasOwn(pairs, word) ? pairs[word] : undefined;
    // `alpine-2.1.4`: the number is the product's own version.
    if (pair === undefined || next === undefined || !pair.number.test(next)) return [];
    if (product !== undefined && versionAt === at + 1) return [];
    return [system(pair.id, next, [at, at + 1])];
  });
}

function ofWord(word: string): { readonly id: SystemId; readonly cycle: string } | undefined {
  for (const id of ["debian", "ubuntu"] as const) {
    const cycle = cycleOfCodename(id, word);
    if (cycle !== undefined) return { id, cycle };
  }
  if (!/^[a-z]{2,11}\d/.test(word)) return undefined;
  for (const { id, word: form } of forms) {
    const cycle = form.exec(word)?.[1];
    if (cycle !== undefined) return { id, cycle };
  }
  return undefined;
}

function system(product: SystemId, cycle: string, words: readonly number[]): TagSystem {
  return { product, what: systemName(product, cycle), cycle, words, newest: newestWords[product] };
}

export function systemName(product: SystemId, cycle: string): string {
  const codename = cycle in cyclesOf(product) ? codenameOf(product, cycle) : undefined;
  return codename === undefined ? `${names[product]} ${cycle}` : `${names[product]} ${cycle} (${codename})`;
}
