/** What our own rules may say of texts that Bulkhead itself offers, because the text cannot know better. */

export interface Accepted {
  /** The prefix of a snippet (`bh-…`) or the choices of a service (`scaffold …`); `*` stands for any characters. */
  readonly where: string;
  readonly rule: string;
  readonly reason: string;
}

const noDigest = "a digest belongs to one build of the image, which a text that was written earlier cannot know";

export const accepted: readonly Accepted[] = [
  { where: "bh-docker-*", rule: "dockerfile/image-without-digest", reason: noDigest },
  { where: "bh-compose-*", rule: "compose/image-without-digest", reason: noDigest },
  { where: "bh-k8s-*", rule: "kubernetes/image-not-pinned", reason: noDigest },
  { where: "scaffold *", rule: "compose/image-without-digest", reason: noDigest },
  { where: "scaffold *", rule: "dockerfile/image-without-digest", reason: noDigest },
];

/** The entry that covers a finding. Tests also refuse entries that cover none. */
export function acceptedAt(where: string, rule: string): Accepted | undefined {
  return accepted.find((entry) => entry.rule === rule && covers(entry.where, where));
}

function covers(pattern: string, text: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at === text.length || pattern.endsWith("*");
}
