import { cyclesOf, type Day, daysBetween, type End, longTermEnd, type ProductId, snapshotDay } from "./eol-data";
import type { Product } from "./products";
import { compareVersions } from "./tag";

/** Where a version stands in its product's life. */
export interface Standing {
  readonly kind: "ended" | "ending" | "lts-only";
  readonly severity: "warning" | "info" | "hint";
  /** The last supported day; undefined where it is over without a known date. */
  readonly date: Day | undefined;
}

export interface Place {
  /** As much of the version as decides: `20` of `20.11.1`, `3.9` of `3.9.2`. */
  readonly label: string;
  /** The cycle whose end counts: for a floating `mariadb:10` the one that lasts longest. */
  readonly cycle: string;
  /** The version has no cycle of its own, but the next newer one is `cycle`. */
  readonly unlisted: boolean;
}

const startled = 60;
const grave = { dated: 90, rolling: 365 } as const;

/** Whether `today` lies so far behind the data that "supported" can no longer be said. */
export function snapshotIsOld(today: Day): boolean {
  const [year, ...rest] = snapshotDay.split("-");
  return today > [Number(year) + 1, ...rest].join("-");
}

/**
 * The cycle of a version: the longest one that is a prefix of it, at a point; else, for a floating `3` or `10`, the
 * one of that major that lasts longest; else, for a version older than all that are listed (or missing below a
 * listed one of its major), the next newer one. Undefined where nothing is known.
 */
export function placeOf(product: ProductId, version: string): Place | undefined {
  const cycles = cyclesOf(product);
  const parts = version.split(".");
  for (let length = parts.length; length > 0; length--) {
    const label = parts.slice(0, length).join(".");
    if (Object.hasOwn(cycles, label)) return { label, cycle: label, unlisted: false };
  }
  const names = Object.keys(cycles);
  const start = `${version}.`;
  const members = names.filter((name) => name.startsWith(start));
  const later = (a: string, b: string): number => rank(cycles[b]) - rank(cycles[a]) || compareVersions(b, a);
  const longest = members.length < 2 ? members[0] : members.toSorted(later)[0];
  if (longest !== undefined) return { label: version, cycle: longest, unlisted: false };
  const newer = names.filter((name) => compareVersions(name, version) > 0).toSorted(compareVersions);
  const next = newer[0];
  if (next === undefined) return undefined;
  const older = newer.length < names.length;
  if (older && next.split(".")[0] !== parts[0]) return undefined;
  return { label: parts.slice(0, 2).join("."), cycle: next, unlisted: true };
}

function rank(end: End | undefined): number {
  if (end === null) return Number.POSITIVE_INFINITY;
  return end === undefined || end === "past" ? 0 : Date.parse(end);
}

/** Undefined while the cycle is supported, for more than 60 days from `today`. */
export function standing(product: Product, { cycle, unlisted }: Place, today: Day): Standing | undefined {
  const end = cyclesOf(product.id)[cycle];
  if (end === null || end === undefined) return undefined;
  if (end === "past") return { kind: "ended", severity: "warning", date: undefined };
  const longEnd = longTermEnd(product.id, cycle);
  const last = longEnd ?? end;
  if (last < today) {
    const limit = product.rolling(cycle) ? grave.rolling : grave.dated;
    const severity = daysBetween(last, today) > limit ? "warning" : "info";
    return { kind: "ended", severity, date: unlisted ? undefined : last };
  }
  if (unlisted) return undefined;
  if (daysBetween(today, last) <= startled) return { kind: "ending", severity: "hint", date: last };
  return end < today ? { kind: "lts-only", severity: "hint", date: end } : undefined;
}

export interface LastingCycle {
  readonly cycle: string;
  /** The last supported day; null where none is announced. */
  readonly end: Day | null;
}

/** The cycles that are supported for more than 60 days from `today`, newest first. */
export function lastingCycles(product: Product, today: Day): readonly LastingCycle[] {
  const lasting = Object.entries(cyclesOf(product.id)).flatMap(([cycle, end]): LastingCycle[] => {
    if (end === null) return snapshotIsOld(today) ? [] : [{ cycle, end }];
    return end !== "past" && end > today && daysBetween(today, end) > startled ? [{ cycle, end }] : [];
  });
  return lasting.sort((a, b) => compareVersions(b.cycle, a.cycle));
}

/** The newest supported cycle that lasts for a while, long-term lines first; undefined where none is known. */
export function newestCycle(product: Product, today: Day): string | undefined {
  const cycles = lastingCycles(product, today).map(({ cycle }) => cycle);
  return cycles.find(product.preferred) ?? cycles[0];
}
