/** Images of containers that a Dockerfile of the workspace builds. */
import {
  basename,
  type Container,
  type Context,
  dirname,
  type DockerfileSummary,
  type ImageReference,
  parseReference,
  type Related,
} from "../../../engine/index";
import { productOf } from "../images/products";
import { serviceImage } from "../images/services";
import { baseUser } from "../images/users";

/** Folders that are named for what is in them, not for what they build. */
const general =
  /^(?:\..*|app|base|build|builds|ci|container|containers|deploy|deployment|dev|development|docker|dockerfiles?|image|images|k8s|kubernetes|local|main|prod|production|release|root|scripts?|server|service|services|source|src|test|tests|tools?)$/i;

export interface BuiltImage {
  /** The Dockerfile's name. */
  readonly file: string;
  readonly summary: DockerfileSummary;
}

/** What the workspace builds for a container; undefined where no Dockerfile, or more than one, may be meant. */
export const builtImageOf = ({ reference }: Container, context: Context): BuiltImage | undefined =>
  reference && builtImage(reference, context);

/** The same for an image by its name. */
export function builtImage(reference: ImageReference, context: Context): BuiltImage | undefined {
  if (isOfOthers(reference)) return undefined;
  const [built, ...more] = byName(context).get(basename(reference.repository)) ?? [];
  if (built === undefined || more.length > 0 || shipsSeveral(built, context)) return undefined;
  return built;
}

/** An image that the world knows: a folder of that name configures it more often than it builds it. */
const isOfOthers = (reference: ImageReference): boolean =>
  serviceImage(reference) !== undefined || productOf(reference) !== undefined || baseUser(reference).kind !== "unknown";

/** Compose files make different images of it, of which its summary tells one. */
function shipsSeveral({ file }: BuiltImage, { project }: Context): boolean {
  const services = project.builds(file).filter((s) => !s.isDevelopment);
  return new Set(services.map((s) => s.target?.value)).size > 1;
}

const byName = (context: Context): ReadonlyMap<string, readonly BuiltImage[]> =>
  context.once("images built here", () => {
    const all = new Map<string, BuiltImage[]>();
    for (const [file, summary] of context.project.summaries("dockerfile"))
      for (const name of namesOf(file, context)) all.set(name, [...(all.get(name) ?? []), { file, summary }]);
    return all;
  });

/** What the image of a Dockerfile may be called: as its folder, and as the services of compose that build it. */
function namesOf(file: string, { project }: Context): ReadonlySet<string> {
  const folder = basename(dirname(file));
  const services = project.builds(file).map((s) => s.name);
  return new Set(general.test(folder) ? services : [folder, ...services]);
}

/** The user that the image runs as; `none` where its Dockerfile sets none, and its base is not known to. */
export type ImageUser =
  | { readonly kind: "number" | "name" | "root"; readonly user: string }
  | { readonly kind: "none" | "unknown" };

export function userOf({ file, summary }: BuiltImage, { project }: Context): ImageUser {
  if (summary.user !== undefined) return readUser(summary.user);
  const at = project.objectSpan(file, 0);
  const decides = at && project.text(file)?.slice(at.start, at.end);
  // A variable that nobody set: the summary has no user then, as where there is no USER.
  if (decides === undefined || decides.includes("$")) return { kind: "unknown" };
  const base = summary.base === undefined ? undefined : parseReference(summary.base);
  const own = base && baseUser(base);
  return own?.kind === "nonroot" ? readUser(own.user) : { kind: "none" };
}

function readUser(text: string): ImageUser {
  const user = text.replace(/:.*/s, "");
  if (user === "") return { kind: "unknown" };
  if (user === "root" || /^0+$/.test(user)) return { kind: "root", user };
  return { kind: /^\d+$/.test(user) ? "number" : "name", user };
}

/** Points to who decides about the user of the image. */
export function pointToUser({ file }: BuiltImage, { project }: Context): readonly Related[] {
  const span = project.objectSpan(file, 0);
  return span === undefined ? [] : [{ file, span, note: "The image's own user" }];
}
