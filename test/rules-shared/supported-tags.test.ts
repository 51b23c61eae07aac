import { deepEqual, ok } from "node:assert/strict";
import { type ImageReference, parseReference } from "../../engine/index";
import { endOfLife } from "../../rules/shared/images/end-of-life";
import { suggestTag } from "../../rules/shared/images/newest-tag";
import { knownImages, supportedTags } from "../../rules/shared/images/supported-tags";

const today = "2026-11-21";

function reference(text: string): ImageReference {
  const parsed = parseReference(text);
  ok(parsed, text);
  return parsed;
}

describe("tags that are supported", () => {
  it("have no end in sight, of the version or of the system below", () => {
    const images = knownImages(today).map((known) => known.image);
    ok(images.length > 40);
    for (const image of images) {
      const tags = supportedTags(reference(image), today);
      ok(tags.length > 0, image);
      for (const { tag } of tags) deepEqual(endOfLife(reference(`${image}:${tag}`), today), [], `${image}:${tag}`);
    }
  });

  it("come newest first; of known images the one that is proposed elsewhere too", () => {
    const cycles = supportedTags(reference("postgres"), today).map((t) => t.cycle);
    deepEqual([...new Set(cycles)], ["18", "17", "16", "15"]);
    for (const { image, cycle, tag } of knownImages(today)) {
      const suggested = suggestTag(reference(image), today);
      ok(suggested !== undefined && (tag === suggested || tag.startsWith(`${suggested}-`)), `${image}:${tag} ${cycle}`);
    }
  });

  it("are none of images that are not known, given up, or without tags of their own", () => {
    for (const image of ["acme/app", "registry.example.com/shop/node", "openjdk", "grafana/grafana"]) {
      deepEqual(supportedTags(reference(image), today), [], image);
    }
  });

  it("are none where nobody knows any more", () => {
    deepEqual(supportedTags(reference("golang"), "2028-01-01"), []);
  });
});
