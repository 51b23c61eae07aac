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

/** One pattern, cut up once. */
interface Pattern {
  /** The components, first to last. */
  readonly parts: readonly string[];
  /** `library/…`: the official image and its mirrors. */
  readonly official: boolean;
  readonly last: string;
}

function patternOf(text: ImagePattern): Pattern {
  const parts = text.split("/");
  return { parts, official: parts.length === 2 && parts[0] === "library", last: parts.at(-1) ?? "" };
}

/** Whether the components before the last one fit; the last one does already. */
function fitsBefore({ parts, official }: Pattern, { path, name }: Components): boolean {
  if (official) return name !== undefined;
  const from = path.length - parts.length;
  if (from < 0) return false;
  for (let at = parts.length - 2; at >= 0; at--) if (!matchesGlob(path[from + at] ?? "", parts[at] ?? "")) return false;
  return true;
}

/** What patterns are compared with. */
interface Components {
  /** The registry, then the repository's components. */
  readonly path: readonly string[];
  readonly last: string;
  /** The official image's name, where the reference is one. */
  readonly name: string | undefined;
}

const componentsOf = (reference: ImageReference): Components =>
  once(reference, "components", () => {
    const path = `${reference.registry}/${reference.repository}`.split("/");
    return { path, last: path.at(-1) ?? "", name: officialName(reference) };
  });

/** For a few patterns; a table of many is asked by `imageTable`. */
export function matchesImage(reference: ImageReference, patterns: readonly ImagePattern[]): boolean {
  const components = componentsOf(reference);
  return patterns.some((text) => {
    // Most patterns are refused here, without cutting them up.
    const last = text.slice(text.lastIndexOf("/") + 1);
    return matchesGlob(components.last, last) && fitsBefore(patternOf(text), components);
  });
}

/**
 * The rows of a table that are about an image, in the table's order. The table is read once, here: afterwards a reference
 * is compared with those patterns only that may fit its last component.
 */
export function imageTable<Row>(
  rows: readonly Row[],
  patternsOf: (row: Row) => readonly ImagePattern[],
): (reference: ImageReference) => readonly Row[] {
  // By the last component where it is written out, else by the one before it, else all together.
  const byLast = new Map<string, readonly Entry[]>();
  const bySpace = new Map<string, readonly Entry[]>();
  const open: Entry[] = [];
  rows.forEach((entry, row) => {
    for (const text of patternsOf(entry)) {
      const pattern = patternOf(text);
      const space = pattern.parts.at(-2) ?? "*";
      if (!pattern.last.includes("*"))
        byLast.set(pattern.last, [...(byLast.get(pattern.last) ?? none), { pattern, row }]);
      else if (!space.includes("*")) bySpace.set(space, [...(bySpace.get(space) ?? none), { pattern, row }]);
      else open.push({ pattern, row });
    }
  });
  return (reference) => {
    const components = componentsOf(reference);
    const { last, path, name } = components;
    const space = path.at(-2) ?? "";
    const found: number[] = [];
    const look = (entries: readonly Entry[] | undefined): void => {
      for (const { pattern, row } of entries ?? none) {
        if (fitsBefore(pattern, components) && matchesGlob(last, pattern.last)) found.push(row);
      }
    };
    look(byLast.get(last));
    look(bySpace.get(space));
    // Mirrors keep the official images in folders of other names.
    if (name !== undefined && space !== "library") look(bySpace.get("library"));
    look(open);
    if (found.length < 2) return found.length === 0 ? none : found.flatMap((row) => rows[row] ?? none);
    const ordered = found.sort((a, b) => a - b).filter((row, at) => row !== found[at - 1]);
    return ordered.flatMap((row) => rows[row] ?? none);
  };
}

/** A pattern of a table, and the place of its row. */
interface Entry {
  readonly pattern: Pattern;
  readonly row: number;
}

const none: readonly never[] = [];

/** Whether an image is one of many. */
export function imageSet(patterns: readonly ImagePattern[]): (reference: ImageReference) => boolean {
  const patternsFor = imageTable(patterns, (pattern) => [pattern]);
  return (reference) => patternsFor(reference).length > 0;
}

/** `*` stands for any text, also none. */
export function matchesGlob(text: string, glob: string): boolean {
  const star = glob.indexOf("*");
  if (star < 0) return text === glob;
  if (glob.indexOf("*", star + 1) < 0) {
    if (text.length < glob.length - 1 || !text.startsWith(glob.slice(0, star))) return false;
    return star === glob.length - 1 || text.endsWith(glob.slice(star + 1));
  }
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
