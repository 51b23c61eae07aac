/** Images whose name does not say which version is meant. */
import type { Context, ImageReference } from "../../engine/index";
import { declaredVersion } from "./declared-version";
import { endOfLife } from "./images/end-of-life";
import { suggestTag } from "./images/newest-tag";
import { pinning } from "./images/roles";

export interface Unpinned {
  readonly message: string;
  /** The image has no version tags: only a digest can pin it. */
  readonly needsDigest: boolean;
}

/** `name`: how the message calls the image. Undefined where a version or a digest is named. */
export function unpinned(reference: ImageReference, name = reference.familiar): Unpinned | undefined {
  const found = pinning(reference);
  if (found === "digest" || found === "version") return undefined;
  if (found === "unversioned") {
    return { needsDigest: true, message: `${name} has no version tags: only a digest makes it the same every time` };
  }
  const { tag } = reference;
  const message =
    tag === undefined
      ? `${name} has no tag: it is whatever "latest" is`
      : `${name}:${tag} moves from version to version`;
  return { needsDigest: false, message };
}

export interface WantedTag {
  readonly tag: string;
  /** The project's own files name this version. */
  readonly isDeclared: boolean;
}

/** The tag to write; `version` where nothing is known of the image. */
export function wantedTag(reference: ImageReference, file: string, context: Context): WantedTag {
  const suggested = suggestTag(reference, context.today);
  const version = declaredVersion(reference, file, context.project);
  if (version === undefined || suggested === undefined) return { tag: suggested ?? "version", isDeclared: false };
  const tag = suggested.replace(/^\d+(?:\.\d+)*/, version);
  const isOver = endOfLife({ ...reference, tag }, context.today).length > 0;
  return isOver ? { tag: suggested, isDeclared: false } : { tag, isDeclared: true };
}
