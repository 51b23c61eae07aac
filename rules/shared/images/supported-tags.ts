import { type ImageReference, parseReference } from "../../../engine/index";
import { lastingCycles } from "./cycles";
import { discontinuedRepository } from "./discontinued";
import type { Day, ProductId } from "./eol-data";
import { type Product, productOf, products } from "./products";

export interface SupportedTag {
  readonly tag: string;
  /** `Node.js`. */
  readonly product: string;
  /** `24`. */
  readonly cycle: string;
  /** The last supported day; null where none is announced. */
  readonly end: Day | null;
}

/** Versions of one product that are proposed; older ones are supported, but nobody starts with them. */
const mostCycles = 6;

/**
 * Endings of the tags that official images publish for every supported version, the smallest first; "" stands for none
 * (docker-library/official-images and the products' own pages, general knowledge of 2026-08).
 */
const variants: Partial<Readonly<Record<ProductId, readonly string[]>>> = {
  nodejs: ["-slim", "-alpine", ""],
  python: ["-slim", "-alpine", ""],
  go: ["-alpine", ""],
  ruby: ["-slim", "-alpine", ""],
  rust: ["-slim", "-alpine", ""],
  php: ["-fpm-alpine", "-fpm", "-apache", "-cli"],
  "eclipse-temurin": ["-jre", "-jre-alpine", "-jdk", "-jdk-alpine"],
  debian: ["-slim", ""],
  postgresql: ["-alpine", ""],
  redis: ["-alpine", ""],
  valkey: ["-alpine", ""],
  memcached: ["-alpine", ""],
  nginx: ["-alpine", ""],
  haproxy: ["-alpine", ""],
  "apache-http-server": ["-alpine", ""],
};

/**
 * Tags of an image that are supported for a while from `today`, newest version first. Empty for images whose versions
 * are not known, that are given up, or that publish tags of full versions only.
 */
export function supportedTags(reference: ImageReference, today: Day): readonly SupportedTag[] {
  const product = productOf(reference);
  if (product === undefined || discontinuedRepository(reference) !== undefined) return [];
  return tagsOf(product, today);
}

function tagsOf(product: Product, today: Day): readonly SupportedTag[] {
  return lastingCycles(product, today)
    .slice(0, mostCycles)
    .flatMap(({ cycle, end }) => {
      const tag = product.tagOf(cycle);
      if (tag === undefined) return [];
      return (variants[product.id] ?? [""]).map((variant) => ({
        tag: `${tag}${variant}`,
        product: product.name,
        cycle,
        end,
      }));
    });
}

/** Every image whose tags are known, as people write it, with the newest of them; long-term lines go first. */
export function knownImages(today: Day): readonly (SupportedTag & { readonly image: string })[] {
  return products.flatMap((product) => {
    const pattern = product.images.find((image) => !image.includes("*"));
    const image = pattern?.replace(/^library\//, "");
    const reference = image === undefined ? undefined : parseReference(image);
    if (image === undefined || reference === undefined) return [];
    const tags = supportedTags(reference, today);
    const newest = tags.find(({ cycle }) => product.preferred(cycle)) ?? tags[0];
    return newest === undefined ? [] : [{ ...newest, image }];
  });
}
