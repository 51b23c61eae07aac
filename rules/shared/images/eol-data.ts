import data from "./eol-data.json";

/** A day as `YYYY-MM-DD`; such texts compare as the days do. */
export type Day = string;

/** The last supported day; `past` is over long ago without a date; null has no end published. */
export type End = Day | "past" | null;

export type ProductId = keyof typeof data.products;

/** The day up to which the dates of this folder are known; after 12 months they say too little. */
export const snapshotDay: Day = data.snapshot;

export function cyclesOf(product: ProductId): Readonly<Record<string, End>> {
  return data.products[product];
}

/** Debian: the end of the long-term support that follows the regular one. */
export function longTermEnd(product: ProductId, cycle: string): Day | undefined {
  const ends: Readonly<Record<string, Record<string, Day>>> = data.longTermSupport;
  return ends[product]?.[cycle];
}

/** `bookworm` of Debian is `12`; undefined where the word is no codename of the product. */
export function cycleOfCodename(product: ProductId, word: string): string | undefined {
  const names: Readonly<Record<string, Readonly<Record<string, string>>>> = data.codenames;
  const ofProduct = names[product];
  return ofProduct !== undefined && Object.hasOwn(ofProduct, word) ? ofProduct[word] : undefined;
}

export function codenameOf(product: ProductId, cycle: string): string | undefined {
  const names: Readonly<Record<string, Readonly<Record<string, string>>>> = data.codenames;
  return Object.entries(names[product] ?? {}).find(([, named]) => named === cycle)?.[0];
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
