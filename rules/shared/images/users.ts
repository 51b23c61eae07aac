import { type ImageReference, once } from "../../../engine/index";
import { type ImagePattern, imageTable } from "./match";
import { inRange, type VersionRange } from "./tag";

export { type Distribution, distribution } from "./distribution";

/** The user that an image runs as while nobody sets another. */
export type BaseUser =
  | { readonly kind: "nonroot"; readonly user: string; readonly uid: number | undefined }
  | {
      readonly kind: "root";
      /** A user of the image that a `USER` line can name: `node`, `$APP_UID`; undefined where there is none. */
      readonly suitable: string | undefined;
      /** The image's own entrypoint starts as root and runs the program as another user. */
      readonly dropsItself: boolean;
    }
  | { readonly kind: "unknown" };

interface Row extends VersionRange {
  readonly images: readonly ImagePattern[];
  readonly tag?: RegExp;
  readonly user: BaseUser;
}

const nonroot = (user: string, uid?: number): BaseUser => ({ kind: "nonroot", user, uid });
const root: BaseUser = { kind: "root", suitable: undefined, dropsItself: false };
const rootWith = (suitable: string): BaseUser => ({ kind: "root", suitable, dropsItself: false });
const drops: BaseUser = { kind: "root", suitable: undefined, dropsItself: true };
const unknown: BaseUser = { kind: "unknown" };

/**
 * First match counts. Read in the projects' Dockerfiles, or of general knowledge, at 2026-08. nginx and httpd are
 * plainly root: only their workers run as somebody else.
 */
const rows: readonly Row[] = [
  { images: ["distroless/*"], tag: /(?:^|-)nonroot(?:-|$)/, user: nonroot("65532", 65532) },
  { images: ["distroless/*"], user: rootWith("65532:65532") },
  { images: ["cgr.dev/*/wolfi-base", "cgr.dev/*/chainguard-base"], user: rootWith("65532:65532") },
  { images: ["cgr.dev/*/*"], tag: /(?:^|-)root(?:-|$)/, user: rootWith("65532:65532") },
  { images: ["cgr.dev/*/*-root"], user: rootWith("65532:65532") },
  { images: ["cgr.dev/*/*", "*.chainguard.dev/*", "*.chainguard.dev/*/*"], user: nonroot("65532", 65532) },
  {
    images: ["mcr.microsoft.com/dotnet/*", "mcr.microsoft.com/dotnet/*/*"],
    tag: /chiseled|distroless/,
    user: nonroot("1654", 1654),
  },
  {
    images: ["mcr.microsoft.com/dotnet/*", "mcr.microsoft.com/dotnet/*/*"],
    tag: /nanoserver|windowsservercore|ltsc/,
    user: unknown,
  },
  {
    images: ["sdk", "aspnet", "runtime", "runtime-deps"].map((name) => `mcr.microsoft.com/dotnet/${name}`),
    from: "8",
    user: rootWith("$APP_UID"),
  },
  { images: ["mcr.microsoft.com/dotnet/*", "mcr.microsoft.com/dotnet/core/*"], user: root },
  { images: ["library/haproxy"], from: "2.4", user: nonroot("haproxy") },
  { images: ["library/haproxy"], user: root },
  { images: ["library/memcached"], user: nonroot("memcache", 11211) },
  { images: ["library/varnish"], user: nonroot("varnish") },
  { images: ["library/kong", "kong/kong", "kong/kong-gateway"], user: nonroot("kong") },
  { images: ["library/solr"], user: nonroot("solr", 8983) },
  { images: ["library/sonarqube"], user: nonroot("sonarqube", 1000) },
  { images: ["jenkins/jenkins"], user: nonroot("jenkins", 1000) },
  {
    images: ["prom/prometheus", "prom/alertmanager", "prom/node-exporter", "prom/pushgateway", "quay.io/prometheus/*"],
    user: nonroot("nobody", 65534),
  },
  { images: ["confluentinc/cp-*", "apache/kafka", "apache/kafka-native"], user: nonroot("appuser", 1000) },
  { images: ["nginxinc/nginx-unprivileged", "nginx/nginx-unprivileged"], user: nonroot("nginx", 101) },
  { images: ["grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise"], user: nonroot("grafana", 472) },
  { images: ["grafana/loki", "grafana/tempo", "grafana/mimir"], user: nonroot("10001", 10001) },
  {
    images: [
      "otel/opentelemetry-collector*",
      "opentelemetry-collector-releases/opentelemetry-collector*",
      "jaegertracing/*",
    ],
    user: nonroot("10001", 10001),
  },
  {
    images: ["library/elasticsearch", "elasticsearch/elasticsearch*"],
    from: "8",
    user: nonroot("elasticsearch", 1000),
  },
  { images: ["library/elasticsearch", "elasticsearch/elasticsearch*"], below: "8", user: drops },
  { images: ["library/kibana", "kibana/kibana*"], from: "8", user: nonroot("kibana", 1000) },
  { images: ["library/logstash", "logstash/logstash*"], from: "8", user: nonroot("logstash", 1000) },
  {
    images: ["opensearchproject/opensearch", "opensearchproject/opensearch-dashboards"],
    user: nonroot("1000", 1000),
  },
  { images: ["keycloak/keycloak"], user: nonroot("1000", 1000) },
  { images: ["dpage/pgadmin4"], user: nonroot("pgadmin", 5050) },
  { images: ["mcr.microsoft.com/mssql/server"], user: nonroot("mssql", 10001) },
  { images: ["bitnami/minideb", "bitnamilegacy/minideb"], user: root },
  { images: ["bitnami/*", "bitnamilegacy/*"], user: nonroot("1001", 1001) },
  { images: ["ubi*/openjdk-*"], user: nonroot("185", 185) },
  {
    images: ["nodejs", "python", "php", "ruby", "nginx", "httpd"].map((name) => `ubi*/${name}-*`),
    user: nonroot("1001", 1001),
  },
  { images: ["curlimages/curl"], user: nonroot("curl_user", 100) },
  { images: ["n8nio/n8n"], user: nonroot("node", 1000) },
  { images: ["apache/airflow"], user: nonroot("airflow", 50000) },
  { images: ["apache/superset"], user: nonroot("superset") },
  { images: ["jupyter/*"], user: nonroot("jovyan", 1000) },
  { images: ["cypress/included"], user: root },
  { images: ["selenium/*"], user: nonroot("seluser", 1200) },
  { images: ["gotenberg/gotenberg"], user: nonroot("gotenberg", 1001) },
  { images: ["postgrest/postgrest"], user: nonroot("1000", 1000) },
  { images: ["emqx/emqx", "library/emqx"], user: nonroot("emqx", 1000) },
  {
    images: [
      "postgres",
      "mysql",
      "mariadb",
      "mongo",
      "redis",
      "valkey",
      "rabbitmq",
      "cassandra",
      "couchdb",
      "influxdb",
      "neo4j",
      "consul",
      "vault",
      "zookeeper",
      "ghost",
      "eclipse-mosquitto",
    ].map((name) => `library/${name}`),
    user: drops,
  },
  { images: ["valkey/valkey", "hashicorp/consul", "hashicorp/vault", "envoyproxy/envoy*"], user: drops },
  { images: ["library/node"], tag: /^(?:0|[1-5])(?:[.-]|$)/, user: root },
  { images: ["library/node"], user: rootWith("node") },
  { images: ["oven/bun"], user: rootWith("bun") },
  { images: ["denoland/deno"], user: rootWith("deno") },
  {
    images: [
      "scratch",
      "alpine",
      "debian",
      "ubuntu",
      "busybox",
      "python",
      "golang",
      "rust",
      "ruby",
      "php",
      "openjdk",
      "eclipse-temurin",
      "amazoncorretto",
      "maven",
      "gradle",
      "tomcat",
      "nginx",
      "httpd",
      "caddy",
      "traefik",
      "adminer",
      "mongo-express",
      "registry",
      "docker",
      "wordpress",
      "nextcloud",
      "amazonlinux",
      "fedora",
      "rockylinux",
      "almalinux",
      "centos",
      "oraclelinux",
      "buildpack-deps",
      "composer",
    ].map((name) => `library/${name}`),
    user: root,
  },
  { images: ["minio/minio", "rockylinux/rockylinux", "quay.io/centos/centos"], user: root },
  { images: ["ubi*/ubi*", "redhat/ubi*"], user: root },
];

const rowsFor = imageTable(rows, ({ images }) => images);

/** Unknown also where the version decides and only a digest names it. */
export const baseUser = (reference: ImageReference): BaseUser => once(reference, "user", () => findUser(reference));

function findUser(reference: ImageReference): BaseUser {
  if (/nanoserver|windowsservercore/.test(reference.tag ?? "")) return unknown;
  const row = rowsFor(reference).find(
    (candidate) =>
      (candidate.tag === undefined || candidate.tag.test(reference.tag ?? "")) &&
      inRange(reference, candidate) !== false,
  );
  return row === undefined || inRange(reference, row) === undefined ? unknown : row.user;
}
