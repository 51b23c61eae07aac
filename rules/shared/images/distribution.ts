import { type ImageReference, once } from "../../../engine/index";
import { type ImagePattern, imageTable, matchesImage } from "./match";
import { systemsOf } from "./systems";

export interface Distribution {
  /** The family whose package and user tools the image has; Ubuntu counts as Debian. */
  readonly family:
    | "alpine"
    | "debian"
    | "rhel"
    | "suse"
    | "distroless"
    | "scratch"
    | "windows"
    | "wolfi"
    | "busybox"
    | "photon"
    | "azurelinux"
    | "unknown";
  /** What `/bin/sh` is: dash has no `pipefail`, ash and bash have it. */
  readonly shell: "dash" | "ash" | "bash" | "none" | "unknown";
}

const alpine: Distribution = { family: "alpine", shell: "ash" };
const debian: Distribution = { family: "debian", shell: "dash" };
const rhel: Distribution = { family: "rhel", shell: "bash" };
const suse: Distribution = { family: "suse", shell: "bash" };
const none: Distribution = { family: "distroless", shell: "none" };
const windows: Distribution = { family: "windows", shell: "none" };
const wolfi: Distribution = { family: "wolfi", shell: "ash" };
const unknown: Distribution = { family: "unknown", shell: "unknown" };

interface Row {
  readonly images: readonly ImagePattern[];
  readonly tag?: RegExp;
  readonly is: Distribution;
}

const official = (...names: readonly string[]): readonly ImagePattern[] => names.map((name) => `library/${name}`);

/** Official images whose tags without a system are built on Debian or Ubuntu. */
const onDebian = official(
  "debian",
  "ubuntu",
  "buildpack-deps",
  "node",
  "python",
  "pypy",
  "golang",
  "ruby",
  "php",
  "rust",
  "perl",
  "erlang",
  "elixir",
  "gcc",
  "haskell",
  "julia",
  "swift",
  "eclipse-temurin",
  "maven",
  "gradle",
  "tomcat",
  "jetty",
  "nginx",
  "httpd",
  "haproxy",
  "postgres",
  "mariadb",
  "mongo",
  "redis",
  "valkey",
  "memcached",
  "rabbitmq",
  "cassandra",
  "wordpress",
  "nextcloud",
  "drupal",
  "joomla",
  "ghost",
  "odoo",
  "neo4j",
  "influxdb",
  "couchdb",
  "solr",
);

/** First match counts. The projects' Dockerfiles and general knowledge, 2026-08; what varies by version is left out. */
const rows: readonly Row[] = [
  { images: official("scratch"), is: { family: "scratch", shell: "none" } },
  { images: ["mcr.microsoft.com/windows/*", "mcr.microsoft.com/windows"], is: windows },
  { images: ["*"], tag: /nanoserver|windowsservercore|(?:^|-)ltsc20\d\d(?:-|$)/, is: windows },
  { images: ["mcr.microsoft.com/dotnet/framework/*"], is: windows },
  { images: ["distroless/*"], is: none },
  { images: ["mcr.microsoft.com/dotnet/*", "mcr.microsoft.com/dotnet/*/*"], tag: /chiseled|distroless/, is: none },
  { images: ["mcr.microsoft.com/azurelinux/distroless/*"], is: none },
  {
    images: ["mcr.microsoft.com/azurelinux/*", "mcr.microsoft.com/cbl-mariner/*"],
    is: { family: "azurelinux", shell: "bash" },
  },
  {
    images: ["mcr.microsoft.com/dotnet/*"],
    tag: /azurelinux|cbl-mariner/,
    is: { family: "azurelinux", shell: "bash" },
  },
  { images: ["cgr.dev/*/wolfi-base", "cgr.dev/*/chainguard-base"], is: wolfi },
  { images: ["cgr.dev/*/*", "*.chainguard.dev/*"], tag: /(?:^|-)dev(?:-|$)/, is: wolfi },
  { images: ["cgr.dev/*/*", "*.chainguard.dev/*"], is: { family: "wolfi", shell: "none" } },
  { images: official("busybox"), is: { family: "busybox", shell: "ash" } },
  { images: official("photon"), is: { family: "photon", shell: "bash" } },
  { images: ["oven/bun", "denoland/deno"], tag: /(?:^|-)(?:distroless|bin|scratch)(?:-|$)/, is: none },
  {
    images: [
      "library/*",
      "mcr.microsoft.com/dotnet/*",
      "jenkins/*",
      "nginxinc/*",
      "oven/bun",
      "denoland/deno",
      "hashicorp/*",
      "valkey/*",
    ],
    tag: /(?:^|-)alpine(?:$|-|\d)/,
    is: alpine,
  },
  {
    images: official(
      "alpine",
      "traefik",
      "registry",
      "docker",
      "caddy",
      "vault",
      "consul",
      "eclipse-mosquitto",
      "composer",
    ),
    is: alpine,
  },
  { images: ["traefik/traefik", "hashicorp/vault", "hashicorp/consul"], tag: /^(?!.*ubi)/, is: alpine },
  { images: official("openjdk"), tag: /(?:^|-)slim(?:-|$)/, is: debian },
  { images: official("openjdk"), is: unknown },
  { images: official("mysql"), tag: /(?:^|-)debian(?:-|$)/, is: debian },
  { images: official("mysql"), is: rhel },
  {
    images: official("almalinux", "rockylinux", "centos", "fedora", "oraclelinux", "amazonlinux", "amazoncorretto"),
    is: rhel,
  },
  {
    images: [
      "rockylinux/rockylinux",
      "almalinux/*",
      "quay.io/centos/centos",
      "ubi*/ubi*",
      "redhat/ubi*",
      "ubi*/*-*",
      "public.ecr.aws/amazonlinux/amazonlinux",
      "container-registry.oracle.com/os/oraclelinux",
      "registry.fedoraproject.org/fedora*",
      "quay.io/fedora/fedora*",
    ],
    is: rhel,
  },
  { images: ["opensuse/*", "registry.suse.com/*/*", "registry.suse.com/*/*/*"], is: suse },
  { images: onDebian, is: debian },
  {
    images: [
      "bitnami/*",
      "bitnamilegacy/*",
      "nginxinc/nginx-unprivileged",
      "oven/bun",
      "denoland/deno",
      "jenkins/jenkins",
      "nvidia/cuda",
    ],
    is: debian,
  },
  {
    images: ["sdk", "aspnet", "runtime", "runtime-deps"].map((name) => `mcr.microsoft.com/dotnet/${name}`),
    is: debian,
  },
];

const rowsFor = imageTable(rows, ({ images }) => images);

/** `unknown` for every image that the tables do not know. A system in the tag outweighs the image's default. */
export const distribution = (reference: ImageReference): Distribution =>
  once(reference, "distribution", () => findDistribution(reference));

function findDistribution(reference: ImageReference): Distribution {
  const row = rowsFor(reference).find(({ tag }) => tag?.test(reference.tag ?? "") ?? true);
  const named = row?.is === none || row?.is === windows ? undefined : systemsOf(reference)[0];
  if (named !== undefined) return systems[named.product] ?? unknown;
  if (row === undefined) return unknown;
  // A digest alone may be any variant of an image that has several.
  const onlyDigest = reference.tag === undefined && reference.digest !== undefined;
  return onlyDigest && row.is === debian && !matchesImage(reference, official("debian", "ubuntu")) ? unknown : row.is;
}

const systems: Readonly<Record<string, Distribution>> = {
  debian,
  ubuntu: debian,
  "alpine-linux": alpine,
  "amazon-linux": rhel,
  "oracle-linux": rhel,
  centos: rhel,
  rhel,
};
