/** What kustomizations write into the objects that they deploy: a base lacks nothing that every overlay gives it. */
import {
  type Container,
  type Context,
  type Manifest,
  type ObjectPath,
  pathIn,
  type Pod,
  type Related,
} from "../../../engine/index";

export interface Overlaid {
  /** Whoever deploys the object writes it, or may do so. */
  readonly isCured: boolean;
  /** The kustomizations that do, where others do not. */
  readonly related: readonly Related[];
}

/** Whether all kustomizations that deploy the object write one of the paths, which lead from the object's root. */
export function overlaid(manifest: Manifest, context: Context, paths: readonly ObjectPath[]): Overlaid {
  if (context.project.roleOf(manifest.file) === undefined) return { isCured: false, related: [] };
  const { answer, by } = context.project.kustomized(manifest.file, manifest, paths);
  if (answer !== "no") return { isCured: true, related: [] };
  const note = "This kustomization writes it, but the object is deployed without it as well";
  return { isCured: false, related: by.map((file) => ({ file, span: { start: 0, end: 0 }, note })) };
}

type Keys = readonly string[];

/** The same for keys of a pod's spec, such as `["securityContext", "runAsNonRoot"]`; one of them is enough. */
export function podOverlaid({ manifest, spec }: Pod, context: Context, ...paths: readonly Keys[]): Overlaid {
  const to = pathIn(manifest, spec);
  return overlaid(
    manifest,
    context,
    paths.map((keys) => [...to, ...keys]),
  );
}

/** Keys of a container's security context that a pod's own hands down. */
const inherited = new Set([
  ...["runAsUser", "runAsGroup", "runAsNonRoot", "seLinuxOptions", "seccompProfile", "appArmorProfile"],
  "windowsOptions",
]);

/** The same for keys of a container; of those that a pod hands down the pod's count as well. */
export function containerOverlaid({ pod, field }: Container, context: Context, ...paths: readonly Keys[]): Overlaid {
  const { manifest } = pod;
  const own = pathIn(manifest, field);
  const above = pathIn(manifest, pod.spec);
  const all = paths.flatMap((keys): ObjectPath[] => {
    const isInherited = keys[0] === "securityContext" && inherited.has(keys[1] ?? "");
    return isInherited
      ? [
          [...own, ...keys],
          [...above, ...keys],
        ]
      : [[...own, ...keys]];
  });
  return overlaid(manifest, context, all);
}

/** What all kustomizations that deploy the container give its image. */
export function imageOverlaid({ image, pod }: Container, context: Context): { tag: boolean; digest: boolean } {
  const name = (image?.string ?? "").replace(/@.*/s, "").replace(/:[^/:]*$/, "");
  const changes = name === "" ? [] : context.project.kustomizedImages(pod.file, name);
  if (changes.length === 0) return { tag: false, digest: false };
  return {
    tag: changes.every((c) => c.newTag !== undefined || c.digest !== undefined),
    digest: changes.every((c) => c.digest !== undefined),
  };
}
