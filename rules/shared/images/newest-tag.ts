import type { ImageReference } from "../../../engine/index";
import { newestCycle, placeOf, standing } from "./cycles";
import { discontinuedRepository } from "./discontinued";
import type { Day } from "./eol-data";
import { productOf, products } from "./products";
import { systemsOf } from "./systems";
import { parseTag } from "./tag";
import { floatingWords, isBuildWord } from "./variants";

/**
 * The tag of the newest supported (long-term) version for a reference that names none, in the variant it asks for:
 * `node` gives `24`, `node:lts-alpine` gives `24-alpine`, `debian:stable-slim` gives `13-slim`. Undefined for a
 * reference with a version, for images whose tags are not known, and for words that are not.
 */
export function suggestTag(reference: ImageReference, today: Day): string | undefined {
  const product = productOf(reference);
  if (product === undefined || discontinuedRepository(reference) !== undefined) return undefined;
  const newest = newestCycle(product, today);
  const version = newest === undefined ? undefined : product.tagOf(newest);
  if (version === undefined) return undefined;
  if (reference.tag === undefined) return version;
  const { words, version: written } = parseTag(reference.tag);
  if (written !== undefined) return undefined;
  const systems = systemsOf(reference);
  const variant: string[] = [];
  for (const [at, word] of words.entries()) {
    if (at === 0 && floatingWords.has(word)) continue;
    const system = systems.find((candidate) => candidate.words.includes(at));
    if (system === undefined) {
      if (!isBuildWord(word)) return undefined;
      variant.push(word);
      continue;
    }
    if (system.words[0] !== at) continue;
    const place = placeOf(system.product, system.cycle);
    const ofSystem = products.find(({ id }) => id === system.product);
    const over = place !== undefined && ofSystem !== undefined && standing(ofSystem, place, today) !== undefined;
    const kept = over ? system.newest : word;
    if (kept === undefined) return undefined;
    variant.push(kept);
  }
  return [version, ...variant].join("-");
}
