import { type ImageReference, once } from "../../../engine/index";

/** A tag cut at its hyphens: `3.8-slim-buster` has version `3.8` at 0 and the variant `slim`, `buster`. */
export interface TagParts {
  readonly words: readonly string[];
  /** The place of the version among the words; -1 where the tag has none. */
  readonly versionAt: number;
  /** Only digits and points: `8u392` gives `8`, `v2.11.0` gives `2.11.0`, `17.0.9_9` gives `17.0.9`. */
  readonly version: string | undefined;
  /** What stood before the version in its word: `v`, `stream`, or nothing. */
  readonly prefix: string;
}

const versionWord = /^(v|stream|centos)?(\d+(?:\.\d+)*)(?:[u_]\d[\w.]*|(?:rc|alpha|beta|[ab])\d*)?$/;
const systemWord = /^(?:alpine|debian|ubuntu|distroless|bin)$/;

export function parseTag(tag: string): TagParts {
  const words = tag.split("-");
  // Some projects put the system before the version: `alpine-2.1.4`.
  const versionAt = systemWord.test(words[0] ?? "") && words.length > 1 ? 1 : 0;
  const match = versionWord.exec(words[versionAt] ?? "");
  if (match === null) return { words, versionAt: -1, version: undefined, prefix: "" };
  return { words, versionAt, version: match[2], prefix: match[1] ?? "" };
}

/** The parts of a reference's tag; of an empty text where there is none. */
export const tagParts = (reference: ImageReference): TagParts =>
  once(reference, "tag parts", () => parseTag(reference.tag ?? ""));

/** The version in a reference's tag; undefined where there is no tag or no version in it. */
export const versionOf = (reference: ImageReference): string | undefined =>
  reference.tag === undefined ? undefined : tagParts(reference).version;

/** Negative where `a` is older: `3.9` before `3.10`; a missing component counts as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Versions from `from` on and before `below`. */
export interface VersionRange {
  readonly from?: string;
  readonly below?: string;
}

/**
 * Whether the image's version lies in the range. An image without a version in its tag counts as the newest;
 * undefined where only a digest names it.
 */
export function inRange(reference: ImageReference, { from, below }: VersionRange): boolean | undefined {
  if (from === undefined && below === undefined) return true;
  const version = versionOf(reference);
  if (version === undefined) {
    if (reference.tag === undefined && reference.digest !== undefined) return undefined;
    return below === undefined;
  }
  if (from !== undefined && compareVersions(version, from) < 0 && !from.startsWith(`${version}.`)) return false;
  return below === undefined || compareVersions(version, below) < 0;
}
