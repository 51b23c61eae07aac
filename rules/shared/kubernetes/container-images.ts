/** The images of containers: which part of a name is meant, who else decides it, and edits of it. */
import {
  basename,
  choice,
  type Container,
  type Context,
  type Edit,
  type Field,
  type ImageReference,
  parseReference,
  type Span,
} from "../../../engine/index";
import { pinning } from "../images/roles";
import { imageOverlaid } from "./overlays";

/** The tag where one is written; else the whole name. */
export function tagPlace(image: Field, { tag }: { readonly tag: string | undefined }): Span {
  const at = tag === undefined ? undefined : tagAt(image, tag);
  return at === undefined || tag === undefined ? image : image.part(at, at + tag.length);
}

function tagAt(image: Field, tag: string): number | undefined {
  const text = image.node.text ?? "";
  const at = text.indexOf(`:${tag}`, text.lastIndexOf("/") + 1);
  return at < 0 ? undefined : at + 1;
}

/** Gives the image another tag, as a snippet or as plain text. Undefined where a digest decides. */
export function retag(image: Field, { tag, digest }: Omit<ImageReference, "familiar">, text: string): Edit | undefined {
  if (digest !== undefined || image.isShared) return undefined;
  if (tag === undefined) return insertBehind(image, `:${text}`);
  const at = tagAt(image, tag);
  if (at === undefined) return undefined;
  const { start, end } = image.part(at, at + tag.length);
  return { span: { start, end }, text };
}

/** Writes behind the image's name. */
export function insertBehind(image: Field, text: string): Edit | undefined {
  const length = image.string?.length;
  if (length === undefined || image.isShared) return undefined;
  const { end } = image.part(0, length);
  return { span: { start: end, end }, text };
}

/** Writes other characters in the place of the first ones. */
export function replaceStart(image: Field, length: number, text: string): Edit | undefined {
  if (image.string === undefined || image.isShared) return undefined;
  const { start, end } = image.part(0, length);
  return { span: { start, end }, text };
}

/** A mark of service meshes, which put their own image there. */
export const isInjected = ({ name, image }: Container): boolean => name === "istio-proxy" && image?.string === "auto";

/**
 * What the name ends with where a template gives its beginning: `:latest` behind a value. The reference stands for the
 * end alone.
 */
export function endOfTemplate(image: Field): string | undefined {
  if (image.string !== undefined) return undefined;
  const { fragments } = image;
  const last = fragments.at(-1) ?? "";
  const tag = /^[^:@{}]*:([A-Za-z][\w.-]{0,127})$/.exec(last)?.[1];
  return fragments.length > 1 ? tag : undefined;
}

/** Whether every kustomization that deploys the container gives its image a tag, or a build tool its content. */
export function isDecidedElsewhere(container: Container, context: Context): boolean {
  const { reference } = container;
  if (reference === undefined) return false;
  return imageOverlaid(container, context).tag || builtNames(context).has(reference.familiar);
}

/** The images that skaffold builds. */
const builtNames = (context: Context): ReadonlySet<string> =>
  context.once("images that skaffold builds", () => {
    const { project } = context;
    const files = (project.under("") ?? []).filter((file) => /^skaffold[\w.-]*\.ya?ml$/.test(basename(file)));
    const names = files.flatMap((file) => artifacts(project.text(file) ?? ""));
    return new Set(names.map((name) => parseReference(name)?.familiar ?? name));
  });

const artifacts = (text: string): readonly string[] =>
  [...text.matchAll(/^[ \t]{0,40}(?:-[ \t]{1,8})?image:[ \t]{1,8}["']?([\w./:@-]{1,300})["']?/gm)].map(
    (m) => m[1] ?? "",
  );

/** The references that containers of the workspace have, as they are written. */
function* written({ project }: Context): Generator<ImageReference> {
  for (const { objects } of project.summaries("kubernetes").values())
    for (const { pods } of objects)
      for (const { containers } of pods)
        for (const { image } of containers) {
          const reference = typeof image === "string" ? parseReference(image) : undefined;
          if (reference !== undefined) yield reference;
        }
}

const isSameImage = (a: ImageReference, b: ImageReference): boolean =>
  a.registry === b.registry && a.repository === b.repository;

/** The version of the same image that the workspace's other manifests name; undefined where they name several. */
export function versionElsewhere(reference: ImageReference, context: Context): string | undefined {
  const tags = new Set<string>();
  for (const other of written(context)) {
    if (
      isSameImage(reference, other) &&
      other.tag !== undefined &&
      /\d/.test(other.tag) &&
      pinning(other) === "version"
    )
      tags.add(other.tag);
  }
  const [only] = tags;
  return tags.size === 1 ? only : undefined;
}

/** The digest that the workspace's other manifests name for the same tag; undefined where they name several. */
export function digestElsewhere(reference: ImageReference, context: Context): string | undefined {
  const digests = new Set<string>();
  for (const other of written(context)) {
    if (isSameImage(reference, other) && other.tag === reference.tag && other.digest !== undefined)
      digests.add(other.digest);
  }
  const [only] = digests;
  return digests.size === 1 ? only : undefined;
}

/** A version as the choice of a guided fix. */
export const versionChoice = (tag: string): string => choice(1, tag);
