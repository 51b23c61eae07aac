/**
 * An image reference `[registry/]repository[:tag][@digest]`, normalised as the docker client does
 * (distribution/reference: a first component with `.` or `:` or `localhost` is a registry).
 */
export interface ImageReference {
  /** `docker.io` where none is written. */
  readonly registry: string;
  /** With `library/` for the official images: `library/node`. */
  readonly repository: string;
  /** As people write it: `node`, `bitnami/redis`, `quay.io/keycloak/keycloak`. */
  readonly familiar: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const pattern =
  /^(?:(?<registry>(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?|[A-Za-z0-9-]+:\d+|localhost|\[[0-9A-Fa-f:]+\](?::\d+)?))\/)?(?<repository>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>[A-Za-z][\w+.-]*:[0-9A-Fa-f]{32,}))?$/;

class Reference implements ImageReference {
  readonly #known = new Map<string, unknown>();

  constructor(
    readonly registry: string,
    readonly repository: string,
    readonly familiar: string,
    readonly tag: string | undefined,
    readonly digest: string | undefined,
  ) {}

  once<T>(key: string, compute: () => T): T {
    if (!this.#known.has(key)) this.#known.set(key, compute());
    return this.#known.get(key) as T;
  }
}

/**
 * What `compute` makes of a reference, remembered as long as the reference lives: tables of images are long, and many
 * rules ask them the same. The key names the question, with everything but the reference that the answer rests on.
 */
export const once = <T>(reference: ImageReference, key: string, compute: () => T): T =>
  reference instanceof Reference ? reference.once(key, compute) : compute();

/** Undefined where the text is no valid reference. */
export function parseReference(text: string): ImageReference | undefined {
  if (text.length > 512) return undefined;
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  let registry = groups["registry"] ?? "docker.io";
  if (registry === "index.docker.io" || registry === "registry-1.docker.io") registry = "docker.io";
  const written = groups["repository"] ?? "";
  const official = registry === "docker.io" && !written.includes("/");
  const repository = official ? `library/${written}` : written;
  const short = registry === "docker.io" ? repository.replace(/^library\//, "") : `${registry}/${repository}`;
  return new Reference(registry, repository, short, groups["tag"], groups["digest"]);
}
