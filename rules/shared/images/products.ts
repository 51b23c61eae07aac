import { type ImageReference, once } from "../../../engine/index";
import type { ProductId } from "./eol-data";
import { type ImagePattern, imageSet, imageTable } from "./match";

/** What the versions in an image's tags are versions of. */
export interface Product {
  readonly id: ProductId;
  readonly name: string;
  readonly images: readonly ImagePattern[];
  /** Where one repository carries two products: the tags of this one. */
  readonly tags: RegExp | undefined;
  /** Cycles that end on the day the next one appears: their end alone is no news. */
  readonly rolling: (cycle: string) => boolean;
  /** Cycles to propose before all others: long-term or stable lines. */
  readonly preferred: (cycle: string) => boolean;
  /** The tag that follows a cycle; undefined where the project publishes tags of full versions only. */
  readonly tagOf: (cycle: string) => string | undefined;
}

const never = (): boolean => false;
const always = (): boolean => true;
const oneOf =
  (...cycles: readonly string[]) =>
  (cycle: string): boolean =>
    cycles.includes(cycle);
const evenMajor = (cycle: string): boolean => Number(cycle.split(".")[0]) % 2 === 0;
const evenMinor = (cycle: string): boolean => Number(cycle.split(".")[1]) % 2 === 0;
const asIs = (cycle: string): string => cycle;
const fullVersionsOnly = (): undefined => undefined;

type Traits = Partial<Pick<Product, "tags" | "rolling" | "preferred" | "tagOf">>;

function product(id: ProductId, name: string, images: readonly ImagePattern[], traits: Traits = {}): Product {
  return { id, name, images, tags: undefined, rolling: never, preferred: always, tagOf: asIs, ...traits };
}

const javaLongTerm = oneOf("8", "11", "17", "21", "25");
const elastic: Traits = { rolling: always, tagOf: fullVersionsOnly };

/**
 * Which image carries which product of endoflife.date (data of 2026-08-22). Long-term lines and the shape of tags
 * after the projects' own release pages and docker-library/docs of the same month. Images that rebuild a product
 * with a support of their own (UBI language images, Lambda bases) are left out on purpose.
 */
export const products: readonly Product[] = [
  // Node's long-term lines at the snapshot; an even major is one only from its October on.
  product("nodejs", "Node.js", ["library/node"], { preferred: oneOf("22", "24") }),
  product("python", "Python", ["library/python"]),
  product("go", "Go", ["library/golang"]),
  product("eclipse-temurin", "Eclipse Temurin", ["library/eclipse-temurin"], { preferred: javaLongTerm }),
  product("amazon-corretto", "Amazon Corretto", ["library/amazoncorretto", "amazoncorretto/amazoncorretto"], {
    preferred: javaLongTerm,
  }),
  product("ruby", "Ruby", ["library/ruby"]),
  product("php", "PHP", ["library/php"]),
  product(
    "dotnet",
    ".NET",
    ["sdk", "aspnet", "runtime", "runtime-deps"].flatMap((name) => [
      `mcr.microsoft.com/dotnet/${name}`,
      `mcr.microsoft.com/dotnet/core/${name}`,
    ]),
    { preferred: evenMajor, tagOf: (cycle) => (cycle.includes(".") ? cycle : `${cycle}.0`) },
  ),
  product("rust", "Rust", ["library/rust"], { rolling: always }),
  product("perl", "Perl", ["library/perl"]),
  product("erlang", "Erlang/OTP", ["library/erlang"]),
  product("elixir", "Elixir", ["library/elixir"]),
  product("deno", "Deno", ["denoland/deno"], { rolling: always, tagOf: fullVersionsOnly }),
  product("gradle", "Gradle", ["library/gradle"]),
  product("apache-maven", "Maven", ["library/maven"]),
  product("tomcat", "Tomcat", ["library/tomcat"]),
  product("eclipse-jetty", "Jetty", ["library/jetty"]),
  product("debian", "Debian", ["library/debian"]),
  product("ubuntu", "Ubuntu", ["library/ubuntu", "public.ecr.aws/ubuntu/ubuntu"], {
    preferred: (cycle) => cycle.endsWith(".04") && evenMajor(cycle),
  }),
  product("alpine-linux", "Alpine", ["library/alpine"]),
  product("centos-stream", "CentOS Stream", ["library/centos", "quay.io/centos/centos"], {
    tags: /^stream/,
    tagOf: (cycle) => `stream${cycle}`,
  }),
  product("centos", "CentOS", ["library/centos", "quay.io/centos/centos"], { tagOf: fullVersionsOnly }),
  product("fedora", "Fedora", [
    "library/fedora",
    "registry.fedoraproject.org/fedora",
    "registry.fedoraproject.org/fedora-minimal",
    "quay.io/fedora/fedora",
    "quay.io/fedora/fedora-minimal",
  ]),
  product("almalinux", "AlmaLinux", [
    "library/almalinux",
    "almalinux/*-base",
    "almalinux/*-minimal",
    "almalinux/*-init",
  ]),
  product("rocky-linux", "Rocky Linux", ["rockylinux/rockylinux", "library/rockylinux"]),
  product("amazon-linux", "Amazon Linux", ["library/amazonlinux", "public.ecr.aws/amazonlinux/amazonlinux"]),
  product("oracle-linux", "Oracle Linux", ["library/oraclelinux", "container-registry.oracle.com/os/oraclelinux"]),
  product("opensuse", "openSUSE Leap", ["opensuse/leap"]),
  // The release stands in the name of the repository, so no tag is read.
  product("rhel", "Red Hat UBI", [], { tagOf: fullVersionsOnly }),
  product("vmware-photon", "Photon OS", ["library/photon"]),
  product("nginx", "nginx", ["library/nginx", "nginxinc/nginx-unprivileged"], {
    rolling: (cycle) => !evenMinor(cycle),
    preferred: evenMinor,
  }),
  product("apache-http-server", "Apache httpd", ["library/httpd"]),
  product("haproxy", "HAProxy", ["library/haproxy", "haproxytech/haproxy-*"], { preferred: evenMinor }),
  product("traefik", "Traefik", ["library/traefik", "traefik/traefik"], { rolling: always }),
  product("envoy", "Envoy", ["envoyproxy/envoy*"], { tagOf: fullVersionsOnly }),
  product("kong-gateway", "Kong", ["library/kong", "kong/kong"]),
  product("apache-apisix", "APISIX", ["apache/apisix"], { rolling: always, tagOf: fullVersionsOnly }),
  product("postgresql", "PostgreSQL", ["library/postgres"]),
  product("mysql", "MySQL", ["library/mysql", "container-registry.oracle.com/mysql/community-server"], {
    rolling: (cycle) => !oneOf("5.5", "5.6", "5.7", "8.0", "8.4", "9.7")(cycle),
    preferred: oneOf("8.4", "9.7"),
  }),
  product("mariadb", "MariaDB", ["library/mariadb"], { preferred: oneOf("10.11", "11.4", "11.8", "12.3") }),
  product("mongodb", "MongoDB", ["library/mongo"], { preferred: (cycle) => cycle.endsWith(".0") }),
  product("redis", "Redis", ["library/redis"]),
  product("valkey", "Valkey", ["library/valkey", "valkey/valkey"]),
  product("memcached", "memcached", ["library/memcached"]),
  product("rabbitmq", "RabbitMQ", ["library/rabbitmq"], { rolling: always }),
  product("elasticsearch", "Elasticsearch", ["library/elasticsearch", "docker.elastic.co/*/elasticsearch*"], elastic),
  product("kibana", "Kibana", ["library/kibana", "docker.elastic.co/*/kibana*"], elastic),
  product("logstash", "Logstash", ["library/logstash", "docker.elastic.co/*/logstash*"], elastic),
  product("opensearch", "OpenSearch", ["opensearchproject/opensearch"]),
  product("apache-kafka", "Kafka", ["apache/kafka", "apache/kafka-native"], { tagOf: fullVersionsOnly }),
  product("apache-cassandra", "Cassandra", ["library/cassandra"]),
  product("zookeeper", "ZooKeeper", ["library/zookeeper"]),
  product("neo4j", "Neo4j", ["library/neo4j"], { rolling: (cycle) => cycle.startsWith("20") }),
  product("influxdb", "InfluxDB", ["library/influxdb"], { rolling: (cycle) => cycle.startsWith("3.") }),
  product("apache-couchdb", "CouchDB", ["library/couchdb", "apache/couchdb"]),
  product("couchbase-server", "Couchbase", ["library/couchbase", "couchbase/server"], { tagOf: fullVersionsOnly }),
  product("cockroachdb", "CockroachDB", ["cockroachdb/cockroach"], { tagOf: fullVersionsOnly }),
  product("clickhouse", "ClickHouse", ["library/clickhouse", "clickhouse/clickhouse-server"], {
    rolling: (cycle) => !isClickhouseLongTerm(cycle),
    preferred: isClickhouseLongTerm,
  }),
  product("apache-activemq", "ActiveMQ", ["apache/activemq-classic"], { tagOf: fullVersionsOnly }),
  product("apache-pulsar", "Pulsar", ["apachepulsar/pulsar*"], { tagOf: fullVersionsOnly }),
  product("solr", "Solr", ["library/solr"]),
  product("etcd", "etcd", ["quay.io/coreos/etcd", "gcr.io/etcd-development/etcd"], { tagOf: fullVersionsOnly }),
  product("consul", "Consul", ["hashicorp/consul", "library/consul"], { rolling: always }),
  product("hashicorp-vault", "Vault", ["hashicorp/vault", "library/vault"], { rolling: always }),
  product("keycloak", "Keycloak", ["keycloak/keycloak", "jboss/keycloak"], { rolling: always }),
  product("grafana", "Grafana", ["grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise"], {
    rolling: always,
    tagOf: fullVersionsOnly,
  }),
  product("grafana-loki", "Loki", ["grafana/loki"], { rolling: always, tagOf: fullVersionsOnly }),
  product("prometheus", "Prometheus", ["prom/prometheus", "quay.io/prometheus/prometheus"], {
    rolling: always,
    tagOf: fullVersionsOnly,
  }),
  product("jenkins", "Jenkins", ["jenkins/jenkins"], { rolling: always, tagOf: fullVersionsOnly }),
  product("sonarqube-server", "SonarQube", ["library/sonarqube"], { rolling: always, tagOf: fullVersionsOnly }),
  product("nexus", "Nexus Repository", ["sonatype/nexus3"], { tagOf: fullVersionsOnly }),
  product("nextcloud", "Nextcloud", ["library/nextcloud"]),
  product("docker-engine", "Docker Engine", ["library/docker"]),
];

function isClickhouseLongTerm(cycle: string): boolean {
  return cycle.endsWith(".3") || cycle.endsWith(".8");
}

const productsFor = imageTable(products, ({ images }) => images);

export const productOf = (reference: ImageReference): Product | undefined =>
  once(reference, "product", () => findProduct(reference));

function findProduct(reference: ImageReference): Product | undefined {
  return productsFor(reference).find(({ tags }) => tags === undefined || tags.test(reference.tag ?? ""));
}

/**
 * Images without a dated product of their own whose tags still name the system below, as the official ones do
 * (general knowledge of 2026-08).
 */
const systemNaming: readonly ImagePattern[] = [
  "library/*",
  "mcr.microsoft.com/dotnet/*",
  "mcr.microsoft.com/dotnet/*/*",
  "mcr.microsoft.com/devcontainers/*",
  "mcr.microsoft.com/vscode/devcontainers/*",
  "nvidia/cuda",
  "nvidia/cudagl",
  "oven/bun",
  "denoland/deno",
  "astral-sh/uv",
  "azul/zulu-openjdk*",
  "bellsoft/liberica-openjdk-*",
  "adoptopenjdk/*",
  "rocker/*",
  "jenkins/jenkins",
  "nginxinc/nginx-unprivileged",
  "phusion/baseimage",
  "valkey/valkey",
  "crystallang/crystal",
  "hexpm/*",
  "circleci/*",
];

export const namesItsSystem = imageSet(systemNaming);
