import { once, type ImageReference } from "../../../engine/index";

/**
 * A pattern for the last path components of an image, `*` standing for any text inside one component:
 * `postgres` (in any namespace: mirrors and rebuilds count), `bitnami/redis*`, `quay.io/centos/centos`,
 * and `library/node` for the official image and its mirrors only.
 */
export type ImagePattern = string;

/** Namespaces of Docker Hub with the official images built for one architecture. */
const architectures = new Set([
  "amd64",
  "arm32v5",
  "arm32v6",
  "arm32v7",
  "arm64v8",
  "i386",
  "mips64le",
  "ppc64le",
  "riscv64",
  "s390x",
  "winamd64",
]);

/** Usual names of the folder under which a registry mirrors Docker Hub. */
const mirrors = new Set([
  "library",
  "docker-library",
  "docker.io",
  "docker-io",
  "dockerio",
  "docker_io",
  "dockerhub",
  "docker-hub",
  "docker_hub",
  "dockerhub-proxy",
  "dockerhub_proxy",
  "docker-hub-proxy",
  "docker-remote",
  "docker-proxy",
  "docker-mirror",
  "hub-proxy",
  "hub",
]);

/** Registries whose images without a namespace are their owner's own, not mirrors of Docker Hub. */
const vendors = [
  "quay.io",
  "gcr.io",
  "ghcr.io",
  "registry.k8s.io",
  "k8s.gcr.io",
  "mcr.microsoft.com",
  "registry.access.redhat.com",
  "registry.redhat.io",
  "registry.connect.redhat.com",
  "registry.fedoraproject.org",
  "registry.suse.com",
  "registry.opensuse.org",
  "registry.gitlab.com",
  "docker.elastic.co",
  "container-registry.oracle.com",
  "public.ecr.aws",
  "icr.io",
  "cgr.dev",
  "nvcr.io",
  "lscr.io",
];

/**
 * `node` for `node`, `arm64v8/node`, and a mirror of it (`public.ecr.aws/docker/library/node`,
 * `registry.example.com/dockerhub/node`, `localhost:5000/node`); undefined for all other images.
 */
export function officialName({ registry, repository }: ImageReference): string | undefined {
  const path = repository.split("/");
  const name = path.at(-1);
  const space = path.at(-2);
  if (registry === "docker.io") {
    return path.length === 2 && (space === "library" || architectures.has(space ?? "")) ? name : undefined;
  }
  if (space === undefined) return vendors.includes(registry) ? undefined : name;
  if (mirrors.has(space)) return name;
  return space === "containers" && path.at(-3) === "dependency_proxy" ? name : undefined;
}

export function matchesImage(reference: ImageReference, patterns: readonly ImagePattern[]): boolean {
  return imageMatcher(reference)(patterns);
}

/** `matchesImage` for one image and many tables. */
export const imageMatcher = (reference: ImageReference): ((patterns: readonly ImagePattern[]) => boolean) =>
  once(reference, "matcher", () => makeMatcher(reference));

function makeMatcher(reference: ImageReference): (patterns: readonly ImagePattern[]) => boolean {
  const official = officialName(reference);
  const path = `${reference.registry}/${reference.repository}`.split("/");
  const last = path.at(-1) ?? "";
  const matches = (pattern: ImagePattern): boolean => {
    // Most patterns are refused here, without cutting them up.
    if (!pattern.includes("*")) {
      if (!pattern.endsWith(last)) return false;
      const before = pattern.length - last.length - 1;
      if (before >= 0 && pattern[before] !== "/") return false;
    } else {
      const first = pattern[pattern.lastIndexOf("/") + 1];
      if (first !== "*" && first !== last[0]) return false;
    }
    if (pattern.startsWith("library/")) return official !== undefined && matchesGlob(official, pattern.slice(8));
    if (!matchesGlob(last, pattern.slice(pattern.lastIndexOf("/") + 1))) return false;
    const wanted = pattern.split("/");
    const tail = path.slice(-wanted.length);
    return tail.length === wanted.length && wanted.every((part, at) => matchesGlob(tail[at] ?? "", part));
  };
  return (patterns) => patterns.some(matches);
}

/** `*` stands for any text, also none. */
export function matchesGlob(text: string, glob: string): boolean {
  if (!glob.includes("*")) return text === glob;
  const parts = glob.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
