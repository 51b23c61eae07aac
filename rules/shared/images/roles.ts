import { type ImageReference, once } from "../../../engine/index";
import { cycleOfCodename } from "./eol-data";
import { type ImagePattern, imageSet, imageTable, officialName } from "./match";
import { productOf } from "./products";
import { serviceImage } from "./services";
import { isOperatingSystem, systemsOf } from "./systems";
import { parseTag, versionOf } from "./tag";
import { floatingWords, isBuildWord } from "./variants";

/** An image that is there to build with. */
export interface BuildImage {
  /** `jdk` only where nothing but a runtime is needed: the rule must see that. */
  readonly kind: "compiler" | "jdk" | "toolbox";
  /** The image to ship the result on; undefined where it depends on the program. */
  readonly runtime: string | undefined;
}

interface BuildRow {
  readonly images: readonly ImagePattern[];
  readonly kind: BuildImage["kind"];
  readonly only?: (reference: ImageReference) => boolean;
  readonly runtime?: (reference: ImageReference) => string | undefined;
}

const defaultJava = "21";

function temurinRuntime({ tag }: ImageReference): string {
  const found = /(?:jdk|temurin|openjdk|corretto)-?(\d+)/.exec(tag ?? "")?.[1];
  return `eclipse-temurin:${found ?? defaultJava}-jre`;
}

function sameJavaRuntime(reference: ImageReference): string {
  const { version, words } = parseTag(reference.tag ?? "");
  const alpine = words.some((word) => word.startsWith("alpine")) ? "-alpine" : "";
  return `eclipse-temurin:${version?.split(".")[0] ?? defaultJava}-jre${alpine}`;
}

function aspnet({ tag }: ImageReference): string {
  const [major, minor] = parseTag(tag ?? "").version?.split(".") ?? [];
  return `mcr.microsoft.com/dotnet/aspnet:${major === undefined ? "10.0" : `${major}.${minor ?? "0"}`}`;
}

const isJdk = ({ tag }: ImageReference): boolean => !(tag ?? "").split("-").includes("jre");

/** Images with a compiler or an SDK, after their own pages on Docker Hub and MCR (2026-08). */
const buildRows: readonly BuildRow[] = [
  { images: ["library/golang"], kind: "compiler", runtime: () => "gcr.io/distroless/static-debian13:nonroot" },
  { images: ["library/rust"], kind: "compiler", runtime: () => "gcr.io/distroless/cc-debian13:nonroot" },
  { images: ["library/gcc", "library/haskell"], kind: "compiler", runtime: () => "debian:13-slim" },
  {
    images: ["library/swift"],
    kind: "compiler",
    only: ({ tag }) => !(tag ?? "").split("-").includes("slim"),
    runtime: ({ tag }) => (tag === undefined ? "swift:slim" : `swift:${tag}-slim`),
  },
  { images: ["library/maven", "library/gradle", "library/clojure"], kind: "compiler", runtime: temurinRuntime },
  { images: ["sbtscala/scala-sbt"], kind: "compiler", runtime: temurinRuntime },
  { images: ["*/dotnet/sdk", "dotnet/core/sdk"], kind: "compiler", runtime: aspnet },
  { images: ["library/eclipse-temurin"], kind: "jdk", only: isJdk, runtime: sameJavaRuntime },
  { images: ["library/buildpack-deps"], kind: "toolbox", runtime: () => "debian:13-slim" },
];

const buildRowsFor = imageTable(buildRows, ({ images }) => images);

export const buildImage = (reference: ImageReference): BuildImage | undefined =>
  once(reference, "build image", () => findBuildImage(reference));

function findBuildImage(reference: ImageReference): BuildImage | undefined {
  const row = buildRowsFor(reference).find(({ only }) => only?.(reference) ?? true);
  return row === undefined ? undefined : { kind: row.kind, runtime: row.runtime?.(reference) };
}

const official = (...names: readonly string[]): readonly ImagePattern[] => names.map((name) => `library/${name}`);

const languages: readonly ImagePattern[] = [
  ...official(
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
    "haskell",
    "julia",
    "swift",
    "gcc",
    "openjdk",
    "eclipse-temurin",
    "amazoncorretto",
    "maven",
    "gradle",
    "clojure",
    "tomcat",
    "jetty",
    "composer",
    "r-base",
    "dart",
  ),
  "oven/bun",
  "denoland/deno",
  "mcr.microsoft.com/dotnet/*",
];

/** Images that bring a language's compiler or runtime for other people's programs. */
export const isLanguageImage = (reference: ImageReference): boolean =>
  once(reference, "language", () => isOfLanguage(reference));

const isOfLanguage = imageSet(languages);

/** Servers beyond those of the service table: they wait for connections as soon as they start. */
const servers: readonly ImagePattern[] = official("tomcat", "jetty", "varnish", "wordpress", "nextcloud", "ghost");

export const isServerImage = (reference: ImageReference): boolean =>
  once(reference, "server", () => isOfServer(reference));

const isOtherServer = imageSet(servers);

function isOfServer(reference: ImageReference): boolean {
  const service = serviceImage(reference);
  if (service !== undefined) {
    return service.dataPorts.length + service.adminPorts.length + service.ordinaryPorts.length > 0;
  }
  return isOtherServer(reference);
}

/** General knowledge, 2026-08: the project's Dockerfile has a HEALTHCHECK. */
const withHealthcheck: readonly ImagePattern[] = [
  "axllent/mailpit",
  "containrrr/watchtower",
  "gitlab/gitlab-ce",
  "gitlab/gitlab-ee",
  "jupyter/*",
  "localstack/localstack",
  "louislam/uptime-kuma",
  "mysql/mysql-server",
  "netdata/netdata",
  "open-webui/open-webui",
  "pihole/pihole",
  "vaultwarden/server",
];

/** docker-library does not accept HEALTHCHECK in official images; the others are general knowledge, 2026-08. */
const withoutHealthcheck: readonly ImagePattern[] = [
  "library/*",
  "distroless/*",
  "mcr.microsoft.com/dotnet/*",
  "nginxinc/nginx-unprivileged",
  "grafana/grafana",
  "prom/*",
  "keycloak/keycloak",
  "apache/kafka",
  "jenkins/jenkins",
  "oven/bun",
  "denoland/deno",
];

/** Whether the image brings a HEALTHCHECK of its own; undefined where that is not known. */
export const hasHealthcheck = (reference: ImageReference): boolean | undefined =>
  once(reference, "healthcheck", () => findHealthcheck(reference));

const bringsHealthcheck = imageSet(withHealthcheck);
const bringsNone = imageSet(withoutHealthcheck);

function findHealthcheck(reference: ImageReference): boolean | undefined {
  if (bringsHealthcheck(reference)) return true;
  return bringsNone(reference) ? false : undefined;
}

/** Images that publish no version tags to everybody: only a digest can fix them. */
export const hasNoVersionTags = imageSet(["gcr.io/distroless/*", "cgr.dev/chainguard/*"]);

/** `bookworm-slim` of Debian, `noble` of Ubuntu, `hydrogen` of Node: the name is a version. */
export function isCodenameTag(reference: ImageReference): boolean {
  if (reference.tag === undefined) return false;
  const words = parseTag(reference.tag).words;
  const official = officialName(reference);
  if (official === "buildpack-deps") return systemsOf(reference).length > 0;
  const product = productOf(reference);
  return product !== undefined && words.some((word) => cycleOfCodename(product.id, word) !== undefined);
}

/**
 * How firmly a reference names one image: by `digest`; by a `version` or a word that may be one; by a `floating` tag
 * (`latest`, `lts-alpine`, or `alpine` of a language or server); `untagged`; `unversioned` where the image has no
 * version tags at all.
 */
export const pinning = (reference: ImageReference): "digest" | "version" | "floating" | "untagged" | "unversioned" =>
  once(reference, "pinning", () => findPinning(reference));

function findPinning(reference: ImageReference): "digest" | "version" | "floating" | "untagged" | "unversioned" {
  if (reference.digest !== undefined) return "digest";
  if (hasNoVersionTags(reference)) return "unversioned";
  if (reference.tag === undefined) return "untagged";
  if (versionOf(reference) !== undefined || isCodenameTag(reference)) return "version";
  return isFloatingTag(reference) ? "floating" : "version";
}

function isFloatingTag(reference: ImageReference): boolean {
  const { words } = parseTag(reference.tag ?? "");
  const systems = systemsOf(reference);
  const isVariant = (word: string, at: number): boolean =>
    isBuildWord(word) || word === "debian" || systems.some((system) => system.words.includes(at));
  if (floatingWords.has(words[0] ?? "")) {
    // `lts-jdk21` names one version of something, so it is left alone.
    return words.every((word, at) => at === 0 || !/\d/.test(word) || systems.some((found) => found.words.includes(at)));
  }
  const product = productOf(reference);
  const system = product !== undefined && isOperatingSystem(product.id);
  const variantOnly = isLanguageImage(reference) || (officialName(reference) !== undefined && !system);
  return variantOnly && words.every(isVariant);
}
