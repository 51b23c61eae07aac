import type { ImageReference } from "../../../engine/index";
import { type ImagePattern, imageTable, officialName } from "./match";
import { compareVersions, versionOf } from "./tag";

export interface Replacement {
  /** As people write it; undefined where the repository stays the same. */
  readonly repository: string | undefined;
  readonly tag: string;
}

interface Discontinued {
  readonly images: readonly ImagePattern[];
  /** Which references of the repository are meant; all where absent. */
  readonly only?: (reference: ImageReference) => boolean;
  /** The successor in words, for the message. */
  readonly successor?: string;
  readonly replacement?: (reference: ImageReference) => Replacement | undefined;
}

const javaLongTerm = ["8", "11", "17", "21", "25"];

/** `17-jdk-slim` gives Temurin's `17-jdk`: the same release, or the next long-term one. */
function toTemurin(reference: ImageReference): Replacement | undefined {
  const inName = /openjdk(\d+)/.exec(reference.repository)?.[1];
  const version = inName ?? versionOf(reference);
  const major = version === undefined ? "25" : version.replace(/^1\.(?=\d)/, "").split(".")[0];
  const cycle = javaLongTerm.find((known) => compareVersions(known, major ?? "") >= 0);
  if (cycle === undefined) return undefined;
  const words = reference.tag?.split("-") ?? [];
  if (words.some((word) => /^(?:windows|nanoserver)/.test(word))) return undefined;
  const kind = words.includes("jre") ? "jre" : "jdk";
  const system = words.some((word) => word.startsWith("alpine")) ? "-alpine" : "";
  return { repository: "eclipse-temurin", tag: `${cycle}-${kind}${system}` };
}

const sameTagIn =
  (repository: string) =>
  ({ tag }: ImageReference): Replacement | undefined =>
    tag === undefined ? undefined : { repository, tag };

const toKubernetesRegistry = ({ repository, tag }: ImageReference): Replacement | undefined =>
  tag === undefined
    ? undefined
    : { repository: `registry.k8s.io/${repository.replace(/^google_containers\//, "")}`, tag };

const hasVersion = (reference: ImageReference): boolean => versionOf(reference) !== undefined;
const majorIn =
  (...majors: readonly string[]) =>
  (reference: ImageReference): boolean =>
    majors.includes(versionOf(reference)?.split(".")[0] ?? "");

/**
 * Repositories that get no updates any more. docker-library/docs `deprecated.md` (2026-08-21) and the projects' own
 * notices to 2026-09.
 */
const discontinuedRepositories: readonly Discontinued[] = [
  {
    images: ["library/openjdk"],
    only: ({ tag }) => !(tag ?? "").split("-").includes("ea"),
    successor: "eclipse-temurin",
    replacement: toTemurin,
  },
  {
    images: ["library/java", "adoptopenjdk/*", "library/adoptopenjdk"],
    successor: "eclipse-temurin",
    replacement: toTemurin,
  },
  {
    images: ["library/centos"],
    successor: "quay.io/centos/centos, almalinux",
    replacement: () => ({ repository: "quay.io/centos/centos", tag: "stream10" }),
  },
  {
    images: ["library/jenkins"],
    successor: "jenkins/jenkins",
    replacement: () => ({ repository: "jenkins/jenkins", tag: "lts-jdk21" }),
  },
  {
    images: ["library/vault"],
    successor: "hashicorp/vault",
    replacement: () => ({ repository: "hashicorp/vault", tag: "2.0" }),
  },
  {
    images: ["library/consul"],
    successor: "hashicorp/consul",
    replacement: () => ({ repository: "hashicorp/consul", tag: "2.0" }),
  },
  {
    images: ["library/rockylinux"],
    successor: "rockylinux/rockylinux",
    replacement: sameTagIn("rockylinux/rockylinux"),
  },
  { images: ["library/emqx"], successor: "emqx/emqx", replacement: sameTagIn("emqx/emqx") },
  { images: ["library/liquibase"], successor: "liquibase/liquibase", replacement: sameTagIn("liquibase/liquibase") },
  { images: ["jboss/keycloak"], successor: "quay.io/keycloak/keycloak" },
  { images: ["library/plone"], only: majorIn("4", "5"), successor: "plone/plone-backend" },
  { images: ["library/amazonlinux"], only: majorIn("1", "2016", "2017", "2018"), successor: "amazonlinux:2023" },
  {
    images: [
      "library/clearlinux",
      "library/clefos",
      "library/mongo-express",
      "library/notary",
      "library/php-zendserver",
      "library/unit",
      "library/mono",
      "tiangolo/uvicorn-gunicorn-fastapi",
      "minio/minio",
      "minio/mc",
    ],
  },
  { images: ["mhart/alpine-node"], successor: "node" },
  { images: ["docker.io/bitnami/*"], only: hasVersion, successor: "bitnamilegacy (frozen)" },
  { images: ["bitnamilegacy/*"] },
  { images: ["k8s.gcr.io/*", "k8s.gcr.io/*/*"], successor: "registry.k8s.io", replacement: toKubernetesRegistry },
  { images: ["gcr.io/google_containers/*"], successor: "registry.k8s.io", replacement: toKubernetesRegistry },
  { images: ["docker.io/microsoft/*"], successor: "mcr.microsoft.com" },
];

export interface DiscontinuedRepository {
  readonly what: string;
  readonly successor: string | undefined;
  readonly replacement: Replacement | undefined;
}

const discontinuedFor = imageTable(discontinuedRepositories, ({ images }) => images);

export function discontinuedRepository(reference: ImageReference): DiscontinuedRepository | undefined {
  const found = discontinuedFor(reference).find(({ only }) => only === undefined || only(reference));
  if (found === undefined) return undefined;
  return {
    what: officialName(reference) ?? reference.familiar,
    successor: found.successor,
    replacement: found.replacement?.(reference),
  };
}
