/** The images that services take from elsewhere, and edits of their names. */
import {
  choice,
  type ComposeProject,
  type Edit,
  type ImageReference,
  parseReference,
  type Service,
  Setting,
} from "../../../engine/index";

/** A name of an image in a compose file. */
export interface ImageUse {
  /** The reference alone, without a scheme. */
  readonly text: Setting;
  /** Undefined where it is not known, or no valid reference. */
  readonly reference: ImageReference | undefined;
  /** A service's `image`, that of a hook, a mount of `type: image`, or an additional build context. */
  readonly where: "service" | "hook" | "mount" | "context";
}

/** What the project builds itself, or what only this machine has, is left out. */
export function imageUses(service: Service): readonly ImageUse[] {
  if (service.provider !== undefined) return [];
  const uses = service.once("uses of images", () => [
    ...own(service),
    ...ofHooks(service),
    ...ofMounts(service),
    ...ofContexts(service),
  ]);
  return uses.length === 0 ? uses : uses.filter((use) => !isMadeHere(use, service));
}

const use = (text: Setting, where: ImageUse["where"]): ImageUse => ({
  text,
  reference: text.value.known ? parseReference(text.value.value) : undefined,
  where,
});

function own(service: Service): readonly ImageUse[] {
  const { image } = service;
  if (image === undefined || image.isBuilt) return [];
  const policy = service.setting("pull_policy")?.value;
  const isLocal = policy?.known === true && (policy.value === "never" || policy.value === "build");
  return isLocal ? [] : [use(image, "service")];
}

const ofHooks = (service: Service): readonly ImageUse[] =>
  service.hooks.flatMap(({ part }) => {
    const image = part.datum.kind === "mapping" ? part.datum.get("image") : undefined;
    return image?.kind === "scalar" && image.type !== "null"
      ? [use(new Setting(image, [...part.path, "image"]), "hook")]
      : [];
  });

const ofMounts = (service: Service): readonly ImageUse[] =>
  service.mounts.flatMap(({ type, from }) =>
    type.known && type.value === "image" && from !== undefined ? [use(from, "mount")] : [],
  );

const imageScheme = "docker-image://";

const ofContexts = (service: Service): readonly ImageUse[] =>
  (service.build?.additionalContexts ?? []).flatMap(({ value }) =>
    value?.scalar.text.startsWith(imageScheme) ? [use(value.part(imageScheme.length), "context")] : [],
  );

/** A service of the project builds it, under its own name or the one that compose gives. */
const isMadeHere = (use: ImageUse, service: Service): boolean =>
  service.ask(`makes ${use.text.scalar.text}`, (project) => makes(use, project));

function makes({ text, reference }: ImageUse, project: ComposeProject): boolean {
  const name = text.scalar.text;
  const built = project.once("services that are built", () => project.services.filter((s) => s.build !== undefined));
  return built.some((service) => {
    const { image } = service;
    if (image === undefined) return name.replace(/:latest$/, "") === `${project.name}-${service.name}`;
    if (image.scalar.text === name) return true;
    return reference !== undefined && image.reference !== undefined && isSame(reference, image.reference);
  });
}

const isSame = (a: ImageReference, b: ImageReference): boolean =>
  a.registry === b.registry && a.repository === b.repository && (a.tag ?? "latest") === (b.tag ?? "latest");

/** The tag where it stands in one piece; the whole name elsewhere. */
export function tagPlace({ text, reference }: ImageUse): Setting {
  const tag = reference?.tag === undefined ? undefined : tagOf(text, reference.tag);
  return tag?.scalar.pieces?.length === 1 ? tag : text;
}

function tagOf(text: Setting, tag: string): Setting | undefined {
  const written = text.scalar.text;
  const at = written.indexOf(`:${tag}`, written.lastIndexOf("/") + 1);
  return at < 0 ? undefined : text.part(at + 1, at + 1 + tag.length);
}

/** Whether the text stands in the file as it is, be it as a default. */
export function isWritten(text: Setting): boolean {
  const pieces = text.part(0).scalar.pieces ?? [];
  return pieces.length === 1 && (pieces[0]?.how === "written" || pieces[0]?.how === "default");
}

/**
 * A snippet edit that gives the image another tag, offered as a choice: of a tag out of several pieces one changes.
 * Undefined where the tag comes from a variable, or where a digest decides.
 */
export function retag({ text, reference }: ImageUse, tag: string): Edit | undefined {
  if (reference === undefined || reference.digest !== undefined) return undefined;
  if (reference.tag === undefined) return insertBehind(text, `:${choice(1, tag)}`);
  const written = tagOf(text, reference.tag);
  const pieces = written?.scalar.pieces ?? [];
  let at = 0;
  for (const piece of pieces) {
    const before = reference.tag.slice(0, at);
    const behind = reference.tag.slice(at + piece.text.length);
    const part = written?.part(at, at + piece.text.length);
    at += piece.text.length;
    if (part === undefined || !isWritten(part) || !tag.startsWith(before) || !tag.endsWith(behind)) continue;
    if (tag.length <= before.length + behind.length) continue;
    const middle = tag.slice(before.length, tag.length - behind.length);
    return { span: { start: part.start, end: part.end }, text: choice(1, middle) };
  }
  return undefined;
}

/** A snippet edit that adds a digest to be looked up. */
export const addDigest = ({ text, reference }: ImageUse): Edit | undefined =>
  reference?.digest === undefined ? insertBehind(text, `@sha256:${choice(1, "digest")}`) : undefined;

/** Undefined where the text ends with a variable's value. */
export function insertBehind(text: Setting, snippet: string): Edit | undefined {
  const { length } = text.scalar.text;
  const last = text.part(length - 1, length);
  return isWritten(last) ? { span: { start: last.end, end: last.end }, text: snippet } : undefined;
}
