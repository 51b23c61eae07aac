/** Images that get no fixes any more, in words, and what to take instead. */
import { type ImageReference, parseReference, severities, type Severity } from "../../engine/index";
import { type EndOfLife, endOfLife, snapshotDay, snapshotIsOld } from "./images/end-of-life";
import { suggestTag } from "./images/newest-tag";
import { pinning } from "./images/roles";

export interface EndedImage {
  readonly ends: readonly EndOfLife[];
  readonly message: string;
  readonly severity: Severity;
  /** The repository itself is over, whatever the tag. */
  readonly isRepository: boolean;
}

/** Undefined where nothing is known to be over on `today`. */
export function endedImage(reference: ImageReference, today: string): EndedImage | undefined {
  const ends = endOfLife(reference, today);
  const worst = ends.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))[0];
  if (worst === undefined) return undefined;
  const { severity } = worst;
  // A version that moves is the greater fault than one whose end is near.
  const moves = ["floating", "untagged"].includes(pinning(reference));
  if (severity === "hint" && moves) return undefined;
  return { ends, severity, message: message(ends, today), isRepository: ends.some((e) => e.part === "repository") };
}

function message(ends: readonly EndOfLife[], today: string): string {
  const text = ends.map(sentence).join("; ");
  if (ends.every(({ kind }) => kind === "discontinued")) return text;
  return `${text} (dates of ${snapshotDay}${snapshotIsOld(today) ? ", newer ones may exist" : ""})`;
}

function sentence(end: EndOfLife): string {
  const { what, kind, date } = end;
  if (kind === "discontinued")
    return `${what} gets no updates any more${end.newest === undefined ? "" : `, use ${end.newest}`}`;
  if (kind === "ending") return `${what} gets fixes only until ${date}`;
  if (kind === "lts-only") return `${what} has had only long-term support since ${date}`;
  return date === undefined ? `${what} gets no fixes any more` : `${what} has had no fixes since ${date}`;
}

/** Another `tag` of the same image, or an `image` of another repository. */
export type Successor = { readonly tag: string } | { readonly image: string };

/** Undefined where none is sure to exist, and where a digest decides. */
export function successor(reference: ImageReference, { ends }: EndedImage, today: string): Successor | undefined {
  if (reference.digest !== undefined) return undefined;
  const replacement = ends.find((end) => end.replacement !== undefined)?.replacement;
  if (replacement === undefined) {
    const tag = suggestTag(reference, today);
    return tag === undefined ? undefined : { tag };
  }
  if (replacement.repository === undefined) return { tag: replacement.tag };
  const image = `${replacement.repository}:${replacement.tag}`;
  const target = parseReference(image);
  // A mirror's image stays with its mirror, which may not have the other one.
  const leaves = target !== undefined && target.registry === "docker.io" && reference.registry !== "docker.io";
  return target === undefined || leaves || endOfLife(target, today).length > 0 ? undefined : { image };
}
