/** Tags of images whose support is known. */
import { literal, parseReference, type RuleId, type Span } from "../engine/index";
import { snapshotDay } from "../rules/shared/images/end-of-life";
import { knownImages, type SupportedTag, supportedTags } from "../rules/shared/images/supported-tags";
import type { Offer } from "./offer";

/** What may stand in a reference that somebody is typing: no variable, no digest. */
const typable = /^[\w./:-]*$/;

/**
 * References for what is typed so far: behind a colon the tags of that image, else those and the images that begin so.
 */
export function imageOffers(typed: string, span: Span, today: string, rules: readonly RuleId[]): readonly Offer[] {
  if (!typable.test(typed)) return [];
  const colon = typed.indexOf(":", typed.lastIndexOf("/") + 1);
  const image = colon < 0 ? typed : typed.slice(0, colon);
  const reference = image === "" ? undefined : parseReference(image);
  const tags = reference === undefined ? [] : supportedTags(reference, today);
  const own = tags.map((tag) => offer(image, tag, span, rules));
  if (colon >= 0) return own;
  const others = knownImages(today).filter((known) => known.image.startsWith(image) && known.image !== image);
  return [...own, ...others.map((known) => offer(known.image, known, span, rules))];
}

function offer(image: string, { tag, product, cycle, end }: SupportedTag, span: Span, rules: readonly RuleId[]): Offer {
  const until = end === null ? "supported, no end announced" : `supported until ${end}`;
  return {
    label: `${image}:${tag}`,
    kind: "value",
    detail: `${product} ${cycle}, ${until}`,
    aside: end === null ? "supported" : `until ${end}`,
    span,
    text: literal(`${image}:${tag}`),
    about: {
      note: `A tag that names a version keeps the build from moving to the next one by itself. Dates are those of ${snapshotDay}.`,
      rules,
    },
  };
}
