import assert from "node:assert/strict";
import { type ImageReference, parseReference } from "../../engine/index";
import { distribution } from "../../rules/shared/images/distribution";
import { type EndOfLife, endOfLife, snapshotDay, snapshotIsOld } from "../../rules/shared/images/end-of-life";
import { cyclesOf } from "../../rules/shared/images/eol-data";
import { healthTest, writableFolders } from "../../rules/shared/images/health";
import { matchesGlob, matchesImage, officialName } from "../../rules/shared/images/match";
import { suggestTag } from "../../rules/shared/images/newest-tag";
import { products } from "../../rules/shared/images/products";
import {
  buildImage,
  hasHealthcheck,
  isCodenameTag,
  isLanguageImage,
  isServerImage,
  pinning,
} from "../../rules/shared/images/roles";
import {
  credentialOf,
  factoryLogins,
  insecureConfigLine,
  insecureEnvironment,
  insecureOptions,
  isOpenByDefault,
  planeOf,
  serviceImage,
  serviceImages,
} from "../../rules/shared/images/services";
import { compareVersions, parseTag } from "../../rules/shared/images/tag";
import { baseUser } from "../../rules/shared/images/users";

const today = "2026-11-21";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

function image(text: string): ImageReference {
  const reference = parseReference(text);
  assert.ok(reference !== undefined, text);
  return reference;
}

function service(text: string) {
  const found = serviceImage(image(text));
  assert.ok(found !== undefined, text);
  return found;
}

function ends(text: string, day = today): string[] {
  return endOfLife(image(text), day).map(({ what, kind, severity }) => `${what}: ${kind} ${severity}`);
}

function replacement(text: string): string | undefined {
  const [first]: readonly EndOfLife[] = endOfLife(image(text), today);
  if (first?.replacement === undefined) return undefined;
  return `${first.replacement.repository ?? ""}:${first.replacement.tag}`;
}

describe("image patterns", () => {
  it("finds the official image in every spelling and mirror", () => {
    for (const text of [
      "node:20",
      "library/node",
      "docker.io/library/node:20",
      "arm64v8/node",
      "public.ecr.aws/docker/library/node:20",
      "mirror.gcr.io/library/node",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/node:20",
      "registry.example.com/dockerhub/node",
      "gitlab.example.com/group/dependency_proxy/containers/node:20",
      "localhost:5000/node:20",
    ]) {
      assert.equal(officialName(image(text)), "node", text);
    }
  });

  it("takes no other repository for it", () => {
    for (const text of ["kindest/node:v1.27.3", "calico/node:v3.26", "ghcr.io/acme/node:14", "quay.io/node:14"]) {
      assert.equal(officialName(image(text)), undefined, text);
    }
  });

  it("matches last components and asterisks", () => {
    assert.ok(matchesImage(image("ghcr.io/acme/postgres:18"), ["postgres"]));
    assert.ok(matchesImage(image("bitnamilegacy/redis-sentinel:7"), ["bitnami*/redis*"]));
    assert.ok(!matchesImage(image("acme/postgres-backup"), ["postgres"]));
    assert.ok(matchesGlob("a-b-c", "a*b*c"));
    assert.ok(!matchesGlob("ab", "ab*b"));
    assert.ok(!matchesGlob("ac", "a*b*c"));
  });
});

describe("tags", () => {
  it("finds the version", () => {
    const versions = {
      "20.11.1-slim": "20.11.1",
      "v2.11.0": "2.11.0",
      "8u392-b08-jre": "8",
      "17.0.9_9-jre": "17.0.9",
      "3.13.0rc1-slim": "3.13.0",
      "alpine-2.1.4": "2.1.4",
      stream9: "9",
      "lts-alpine": undefined,
      "7f3a9c1": undefined,
    };
    for (const [tag, version] of Object.entries(versions)) assert.equal(parseTag(tag).version, version, tag);
  });

  it("orders versions by number", () => {
    assert.ok(compareVersions("3.9", "3.10") < 0);
    assert.ok(compareVersions("2026.07", "5.26") > 0);
    assert.equal(compareVersions("8", "8.0"), 0);
  });
});

describe("end of life", () => {
  it("knows the snapshot and its age", () => {
    assert.equal(snapshotDay, "2026-08-22");
    assert.ok(!snapshotIsOld("2027-08-22"));
    assert.ok(snapshotIsOld("2027-08-23"));
  });

  it("finds the version by its longest prefix", () => {
    assert.deepEqual(ends("node:20.11-alpine"), ["Node.js 20: ended warning"]);
    assert.deepEqual(ends("python:3.9.2"), ["Python 3.9: ended warning"]);
    assert.deepEqual(ends("python:3.11.4-slim"), []);
    assert.deepEqual(ends("docker.io/library/node:20.11-alpine"), ["Node.js 20: ended warning"]);
    assert.deepEqual(ends("ruby:2.0"), ["Ruby 2.0: ended warning"]);
    assert.deepEqual(ends("mcr.microsoft.com/dotnet/core/sdk:3.1.101"), [".NET 3.1: ended warning"]);
  });

  it("grades by the days that have passed", () => {
    assert.deepEqual(ends("python:3.10"), ["Python 3.10: ended info"]);
    assert.deepEqual(ends("golang:1.25"), ["Go 1.25: ended warning"]);
    assert.deepEqual(ends("golang:1.25", "2026-08-19"), ["Go 1.25: ending hint"]);
    assert.deepEqual(ends("golang:1.25", "2026-08-20"), ["Go 1.25: ended info"]);
    assert.deepEqual(ends("postgres:14", "2026-11-12"), ["PostgreSQL 14: ending hint"]);
    assert.deepEqual(ends("fedora:43"), ["Fedora 43: ending hint"]);
  });

  it("counts the operating system in the tag", () => {
    assert.deepEqual(ends("golang:1.22-alpine3.19"), ["Go 1.22: ended warning", "Alpine 3.19: ended warning"]);
    assert.deepEqual(ends("eclipse-temurin:17-jre-focal"), ["Ubuntu 20.04 (focal): ended warning"]);
    assert.deepEqual(ends("node:20-buster"), ["Node.js 20: ended warning", "Debian 10 (buster): ended warning"]);
    assert.deepEqual(ends("python:3.12-bullseye"), ["Debian 11 (bullseye): ended info"]);
    assert.deepEqual(ends("python:3.12-bookworm"), ["Debian 12 (bookworm): lts-only hint"]);
    assert.deepEqual(ends("mcr.microsoft.com/dotnet/aspnet:8.0-bookworm-slim"), [
      ".NET 8: ended info",
      "Debian 12 (bookworm): lts-only hint",
    ]);
    assert.deepEqual(ends("nvidia/cuda:11.8.0-base-ubuntu20.04"), ["Ubuntu 20.04 (focal): ended warning"]);
    assert.deepEqual(ends("mcr.microsoft.com/devcontainers/base:ubuntu-20.04"), [
      "Ubuntu 20.04 (focal): ended warning",
    ]);
    assert.deepEqual(ends("python:3.12-alpine3.24"), []);
    assert.deepEqual(ends("node:24-windowsservercore-1809"), []);
  });

  it("reads codenames", () => {
    assert.deepEqual(ends("debian:bullseye-20240101-slim"), ["Debian 11 (bullseye): ended info"]);
    assert.deepEqual(ends("debian:trixie-slim"), []);
    assert.deepEqual(ends("ubuntu:bionic"), ["Ubuntu 18.04 (bionic): ended warning"]);
    assert.deepEqual(ends("ubuntu:noble"), []);
    assert.deepEqual(ends("node:hydrogen-slim"), ["Node.js 18: ended warning"]);
    assert.deepEqual(ends("node:lts-krypton"), []);
  });

  it("lets a major float to its newest minor", () => {
    for (const text of ["python:3", "nginx:1", "redis:7", "mariadb:10", "mysql:8", "postgres:16", "golang:1-alpine"]) {
      assert.deepEqual(ends(text), [], text);
    }
    assert.deepEqual(ends("mongo:4"), ["MongoDB 4: ended warning"]);
    assert.deepEqual(ends("rabbitmq:3-management"), ["RabbitMQ 3: ended warning"]);
    assert.deepEqual(ends("docker:20-dind"), ["Docker Engine 20: ended warning"]);
  });

  it("knows that a version older than all supported ones is over", () => {
    assert.deepEqual(ends("redis:3.2-alpine"), ["Redis 3.2: ended warning"]);
    assert.deepEqual(ends("docker.elastic.co/elasticsearch/elasticsearch:8.10.2"), [
      "Elasticsearch 8.10: ended warning",
    ]);
    assert.deepEqual(ends("nginx:1.17"), ["nginx 1.17: ended warning"]);
    assert.equal(endOfLife(image("redis:3.2"), today)[0]?.date, undefined);
    assert.deepEqual(ends("solr:4"), ["Solr 4: ended warning"]);
  });

  it("stays silent about versions it does not know", () => {
    for (const text of [
      "node:99",
      "python:3.15-rc",
      "sonarqube:25.1.0.102122-community",
      "alpine:20230901",
      "jenkins/jenkins:2.480",
      "acme/app:1.0-buster",
      "acme/app:noble",
      "kindest/node:v1.27.3",
      "ghcr.io/acme/python:2.7",
      "mcr.microsoft.com/dotnet/framework/aspnet:4.8",
      "registry.access.redhat.com/ubi8/nodejs-14:1",
      "node",
      "node:latest",
      "node:lts",
      "debian:stable-slim",
      "swift:5.7",
    ]) {
      assert.deepEqual(ends(text), [], text);
    }
    assert.deepEqual(ends(`openjdk@${digest}`), []);
    assert.deepEqual(ends(`node@${digest}`), []);
    assert.deepEqual(ends(`node:14@${digest}`), ["Node.js 14: ended warning"]);
  });

  it("is lenient with rolling products", () => {
    assert.deepEqual(ends("rust:1.97"), ["Rust 1.97: ended info"]);
    assert.deepEqual(ends("rust:1.70"), ["Rust 1.70: ended warning"]);
    assert.deepEqual(ends("nginx:1.29"), ["nginx 1.29: ended info"]);
    assert.deepEqual(ends("nginx:1.28"), ["nginx 1.28: ended warning"]);
    assert.deepEqual(ends("traefik:v3.6"), ["Traefik 3.6: ended info"]);
    assert.deepEqual(ends("jenkins/jenkins:2.555.1-lts-jdk21"), ["Jenkins 2.555: ended info"]);
    assert.deepEqual(ends("mysql:9.6"), ["MySQL 9.6: ended info"]);
    assert.deepEqual(ends("mysql:8.0"), ["MySQL 8.0: ended warning"]);
  });

  it("reads versions in the repository's name", () => {
    assert.deepEqual(ends("registry.access.redhat.com/ubi7/ubi-minimal:7.9"), ["Red Hat UBI 7: ended warning"]);
    assert.deepEqual(ends("registry.access.redhat.com/ubi9/ubi:9.4"), []);
    assert.deepEqual(ends("gcr.io/distroless/java17-debian11"), ["Debian 11 (bullseye): ended info"]);
    assert.deepEqual(ends("gcr.io/distroless/base-debian10:nonroot"), ["Debian 10 (buster): ended warning"]);
    assert.deepEqual(ends("gcr.io/distroless/static-debian12:nonroot"), []);
    assert.deepEqual(ends("gcr.io/distroless/static-debian13"), []);
    assert.deepEqual(ends("quay.io/centos/centos:stream8"), ["CentOS Stream 8: ended warning"]);
    assert.deepEqual(ends("quay.io/centos/centos:stream9"), []);
  });

  it("gives Confluent's releases their own longer support", () => {
    assert.deepEqual(ends("confluentinc/cp-kafka:7.0.1"), ["Confluent Platform 7.0 (Kafka 3.0): ended warning"]);
    assert.deepEqual(ends("confluentinc/cp-kafka:7.6.0"), []);
    assert.deepEqual(ends("confluentinc/cp-kafka:8.0.0"), []);
  });

  it("knows discontinued repositories", () => {
    assert.deepEqual(ends("openjdk:17-jdk-slim"), ["openjdk: discontinued warning"]);
    assert.deepEqual(ends("openjdk:27-ea-slim"), []);
    assert.deepEqual(ends("openjdk:11-jre-slim-buster"), [
      "Debian 10 (buster): ended warning",
      "openjdk: discontinued warning",
    ]);
    assert.deepEqual(ends("centos:7"), ["CentOS 7: ended warning", "centos: discontinued warning"]);
    assert.deepEqual(ends("adoptopenjdk/openjdk11:alpine-jre"), ["adoptopenjdk/openjdk11: discontinued warning"]);
    assert.deepEqual(ends("bitnami/redis:7.2"), ["bitnami/redis: discontinued warning"]);
    assert.deepEqual(ends("bitnami/redis:latest"), []);
    assert.deepEqual(ends("bitnamilegacy/redis"), ["bitnamilegacy/redis: discontinued warning"]);
    assert.deepEqual(ends("k8s.gcr.io/pause:3.6"), ["k8s.gcr.io/pause: discontinued warning"]);
    assert.deepEqual(ends("rockylinux:9"), ["rockylinux: discontinued warning"]);
    assert.deepEqual(ends("rockylinux/rockylinux:9"), []);
    assert.deepEqual(ends("hashicorp/vault:2.0"), []);
    assert.ok(ends("amazonlinux:1").includes("amazonlinux: discontinued warning"));
  });

  it("proposes the newest supported cycle in the same variant", () => {
    const proposals: Record<string, string | undefined> = {
      "node:20.11-alpine": ":24-alpine",
      "node:14-buster-slim": ":24-trixie-slim",
      "node:16-alpine3.16": ":24-alpine",
      "node:hydrogen-slim": ":24-slim",
      "node:18-bookworm": ":24-trixie",
      "python:3.8.10-slim-buster": ":3.14-slim-trixie",
      "python:3.12.1-bullseye": ":3.12-trixie",
      "golang:1.22-alpine3.19": ":1.27-alpine",
      "eclipse-temurin:19-jre": ":25-jre",
      "eclipse-temurin:17.0.5_8-jre-focal": ":17-jre-noble",
      "debian:buster-slim": ":trixie-slim",
      "debian:10.13": ":13",
      "ubuntu:focal-20230101": ":resolute",
      "ubuntu:18.04": ":26.04",
      "alpine:3.16.2": ":3.24",
      "mcr.microsoft.com/dotnet/aspnet:6.0-focal": ":10.0-noble",
      "mcr.microsoft.com/dotnet/aspnet:8.0-bookworm-slim": ":10.0-noble",
      "mcr.microsoft.com/dotnet/sdk:7.0": ":10.0",
      "traefik:v2.11": ":v3.7",
      "postgres:13-alpine": ":18-alpine",
      "rabbitmq:3-management": ":4.3-management",
      "nginx:1.25-alpine": ":1.30-alpine",
      "quay.io/centos/centos:stream8": ":stream10",
      "openjdk:17-jdk-slim": "eclipse-temurin:17-jdk",
      "openjdk:8-jre-alpine": "eclipse-temurin:8-jre-alpine",
      "openjdk:16": "eclipse-temurin:17-jdk",
      "adoptopenjdk/openjdk11:alpine-jre": "eclipse-temurin:11-jre-alpine",
      "centos:7": "quay.io/centos/centos:stream10",
      "k8s.gcr.io/pause:3.6": "registry.k8s.io/pause:3.6",
      "gcr.io/distroless/static-debian11:nonroot": "gcr.io/distroless/static-debian13:nonroot",
      "maven:3.8-openjdk-11": undefined,
      "grafana/grafana:9.0.0": undefined,
      "node:14-windowsservercore-1809": undefined,
      "swift:5.7-focal": undefined,
      "gcr.io/distroless/java17-debian11": undefined,
    };
    for (const [from, to] of Object.entries(proposals)) {
      assert.notDeepEqual(ends(from), [], from);
      assert.equal(replacement(from), to, from);
    }
  });

  it("proposes nothing that is itself over", () => {
    for (const { id, images, name } of products) {
      for (const cycle of Object.keys(cyclesOf(id))) {
        const text = (images[0] ?? "").replace("library/", "");
        if (text === "" || text.includes("*")) continue;
        for (const found of endOfLife(image(`${text}:${cycle}`), today)) {
          if (found.replacement === undefined || found.kind === "discontinued") continue;
          const { repository, tag } = found.replacement;
          if (repository !== undefined && repository !== text) continue;
          assert.deepEqual(ends(`${repository ?? text}:${tag}`), [], `${name} ${cycle}`);
        }
      }
    }
  });
});

describe("suggested tags", () => {
  it("keeps the variant", () => {
    const tags: Record<string, string | undefined> = {
      node: "24",
      "node:latest": "24",
      "node:alpine": "24-alpine",
      "node:lts-alpine": "24-alpine",
      "node:slim-buster": "24-slim-trixie",
      "python:slim": "3.14-slim",
      golang: "1.27",
      debian: "13",
      "debian:stable-slim": "13-slim",
      ubuntu: "26.04",
      alpine: "3.24",
      "alpine:edge": "3.24",
      nginx: "1.30",
      "nginx:stable-alpine": "1.30-alpine",
      postgres: "18",
      "redis:alpine": "8.10-alpine",
      "eclipse-temurin:jre-alpine": undefined,
      "mcr.microsoft.com/dotnet/aspnet": "10.0",
      mysql: "9.7",
      mongo: "8.0",
      traefik: "3.7",
      openjdk: undefined,
      "node:20": undefined,
      "acme/app": undefined,
      busybox: undefined,
      "grafana/grafana": undefined,
      "python:onbuild": undefined,
    };
    tags["eclipse-temurin:jre-alpine"] = "25-jre-alpine";
    for (const [from, to] of Object.entries(tags)) assert.equal(suggestTag(image(from), today), to, from);
  });

  it("trusts only dated cycles once the snapshot is old", () => {
    assert.equal(suggestTag(image("golang"), "2027-09-01"), undefined);
    assert.equal(suggestTag(image("node"), "2027-09-01"), "24");
  });
});

describe("base users", () => {
  const nonroot: Record<string, string> = {
    "gcr.io/distroless/static-debian13:nonroot": "65532",
    "gcr.io/distroless/base:debug-nonroot": "65532",
    "cgr.dev/chainguard/node": "65532",
    "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled": "1654",
    "nginxinc/nginx-unprivileged:1.30-alpine": "nginx",
    "jenkins/jenkins:lts-jdk21": "jenkins",
    "haproxy:2.4": "haproxy",
    haproxy: "haproxy",
    "haproxy:lts-alpine": "haproxy",
    "docker.elastic.co/elasticsearch/elasticsearch:8.15.0": "elasticsearch",
    "grafana/grafana:12.4.0": "grafana",
    "quay.io/keycloak/keycloak:26.7": "1000",
    "bitnami/redis": "1001",
    "registry.access.redhat.com/ubi9/nodejs-22": "1001",
    "registry.access.redhat.com/ubi9/openjdk-21-runtime:1.20": "185",
    "apache/kafka:4.3.0": "appuser",
  };
  for (const [text, user] of Object.entries(nonroot)) {
    it(`${text} runs as ${user}`, () => {
      const found = baseUser(image(text));
      assert.equal(found.kind === "nonroot" && found.user, user);
    });
  }

  it("names the user that a root image has", () => {
    const suitable: Record<string, string | undefined> = {
      "node:24-slim": "node",
      "oven/bun:1": "bun",
      "denoland/deno:2.9.0": "deno",
      "mcr.microsoft.com/dotnet/aspnet:10.0": "$APP_UID",
      "mcr.microsoft.com/dotnet/aspnet:6.0": undefined,
      "gcr.io/distroless/static-debian13:latest": "65532:65532",
      "python:3.14": undefined,
      "haproxy:2.3": undefined,
      "registry.access.redhat.com/ubi9/ubi-minimal:9.6": undefined,
    };
    for (const [text, user] of Object.entries(suitable)) {
      assert.deepEqual(baseUser(image(text)), { kind: "root", suitable: user, dropsItself: false }, text);
    }
  });

  it("knows who drops root by itself", () => {
    for (const text of [
      "postgres:18",
      "redis:8.2-alpine",
      "mysql:8.4",
      "elasticsearch:7.17.0",
      "hashicorp/vault:2.0",
    ]) {
      assert.deepEqual(baseUser(image(text)), { kind: "root", suitable: undefined, dropsItself: true }, text);
    }
  });

  it("does not guess", () => {
    for (const text of ["acme/app:1.0", "acme/node:20", `haproxy@${digest}`, "python:3.12-windowsservercore-1809"]) {
      assert.equal(baseUser(image(text)).kind, "unknown", text);
    }
  });
});

describe("distributions", () => {
  it("tells the shell", () => {
    const shells: Record<string, string> = {
      "node:24-alpine3.22": "alpine ash",
      "alpine:3.24": "alpine ash",
      "node:24": "debian dash",
      "ubuntu:24.04": "debian dash",
      "postgres:18-bookworm": "debian dash",
      "mcr.microsoft.com/dotnet/aspnet:10.0": "debian dash",
      "mcr.microsoft.com/dotnet/aspnet:8.0-alpine": "alpine ash",
      "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled": "distroless none",
      "mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-1809": "windows none",
      "mcr.microsoft.com/windows/servercore:ltsc2022": "windows none",
      "gcr.io/distroless/static-debian13:nonroot": "distroless none",
      "registry.access.redhat.com/ubi9/ubi:9.6": "rhel bash",
      "rockylinux/rockylinux:9": "rhel bash",
      "amazonlinux:2023": "rhel bash",
      "opensuse/leap:16.0": "suse bash",
      "cgr.dev/chainguard/wolfi-base": "wolfi ash",
      "busybox:1.37": "busybox ash",
      "photon:5.0": "photon bash",
      "mysql:8.4": "rhel bash",
      "swift:5.10-jammy": "debian dash",
      "acme/app:1.0": "unknown unknown",
    };
    for (const [text, expected] of Object.entries(shells)) {
      const { family, shell } = distribution(image(text));
      assert.equal(`${family} ${shell}`, expected, text);
    }
    assert.equal(distribution(image(`node@${digest}`)).family, "unknown");
    assert.equal(distribution(image(`debian@${digest}`)).family, "debian");
  });
});

describe("roles", () => {
  it("tells how firmly a reference is pinned", () => {
    const kinds: Record<string, string> = {
      node: "untagged",
      "node:latest": "floating",
      "node:alpine": "floating",
      "node:slim-bookworm": "floating",
      "node:lts-alpine3.22": "floating",
      "nginx:stable-alpine": "floating",
      "debian:stable-slim": "floating",
      "alpine:edge": "floating",
      "acme/app:latest": "floating",
      "acme/app:main": "floating",
      "acme/app:alpine": "version",
      "acme/app:prod-7": "version",
      "node:24": "version",
      "ubuntu:noble": "version",
      "debian:bookworm-slim": "version",
      "node:krypton-slim": "version",
      "jenkins/jenkins:lts-jdk21": "version",
      "gcr.io/distroless/static-debian13:nonroot": "unversioned",
      "cgr.dev/chainguard/node": "unversioned",
      [`node:latest@${digest}`]: "digest",
    };
    for (const [text, kind] of Object.entries(kinds)) assert.equal(pinning(image(text)), kind, text);
    assert.ok(isCodenameTag(image("buildpack-deps:trixie-scm")));
    assert.ok(!isCodenameTag(image("acme/app:noble")));
  });

  it("names what to ship instead of a build image", () => {
    assert.equal(buildImage(image("golang:1.27"))?.runtime, "gcr.io/distroless/static-debian13:nonroot");
    assert.equal(buildImage(image("maven:3.9-eclipse-temurin-17"))?.runtime, "eclipse-temurin:17-jre");
    assert.equal(
      buildImage(image("mcr.microsoft.com/dotnet/sdk:10.0"))?.runtime,
      "mcr.microsoft.com/dotnet/aspnet:10.0",
    );
    assert.deepEqual(buildImage(image("eclipse-temurin:21-jdk")), { kind: "jdk", runtime: "eclipse-temurin:21-jre" });
    assert.equal(buildImage(image("eclipse-temurin:21-jre")), undefined);
    assert.equal(buildImage(image("node:24-slim")), undefined);
  });

  it("knows servers, languages and health checks", () => {
    assert.ok(isServerImage(image("nginx:1.30")));
    assert.ok(isServerImage(image("tomcat:11.0")));
    assert.ok(!isServerImage(image("node:24")));
    assert.ok(isLanguageImage(image("python:3.14")));
    assert.ok(!isLanguageImage(image("acme/python-app")));
    assert.equal(hasHealthcheck(image("node:24")), false);
    assert.equal(hasHealthcheck(image("mysql/mysql-server:8.0")), true);
    assert.equal(hasHealthcheck(image("acme/app")), undefined);
  });
});

describe("service images", () => {
  it("finds them in every namespace", () => {
    const names: Record<string, string> = {
      "postgres:18": "PostgreSQL",
      "ghcr.io/acme/postgres:18": "PostgreSQL",
      "bitnamilegacy/postgresql:16": "PostgreSQL",
      "docker.elastic.co/elasticsearch/elasticsearch:8.15.0": "Elasticsearch",
      "rabbitmq:4.3-management": "RabbitMQ",
      "apachepulsar/pulsar-manager:v0.4.0": "Pulsar Manager",
      "apache/apisix-dashboard": "APISIX Dashboard",
      "mcr.microsoft.com/mssql/server:2022-latest": "SQL Server",
      "quay.io/keycloak/keycloak:26.7": "Keycloak",
      "docker:29-dind": "Docker",
      "percona/percona-server-mongodb:8.0": "MongoDB",
    };
    for (const [text, name] of Object.entries(names)) assert.equal(service(text).name, name, text);
    for (const text of ["acme/app", "acme/docker", "acme/registry", "node:24"]) {
      assert.equal(serviceImage(image(text)), undefined, text);
    }
  });

  it("tells the plane of a port", () => {
    assert.equal(planeOf(service("postgres"), 5432, "tcp"), "data");
    assert.equal(planeOf(service("postgres"), 5432, "udp"), undefined);
    assert.equal(planeOf(service("mongo"), 27018, "tcp"), "data");
    assert.equal(planeOf(service("rabbitmq"), 15672, "tcp"), "admin");
    assert.equal(planeOf(service("memcached"), 11211, "udp"), "data");
    assert.equal(planeOf(service("traefik"), 443, "tcp"), "ordinary");
    assert.equal(planeOf(service("nginx"), 9999, "tcp"), undefined);
  });

  it("knows credentials and their files", () => {
    assert.deepEqual(credentialOf(service("postgres"), "POSTGRES_PASSWORD"), {
      variable: "POSTGRES_PASSWORD",
      role: "secret",
      fileVariable: "POSTGRES_PASSWORD_FILE",
    });
    assert.equal(credentialOf(service("rabbitmq"), "RABBITMQ_DEFAULT_PASS")?.fileVariable, undefined);
    assert.equal(
      credentialOf(service("grafana/grafana"), "GF_SECURITY_ADMIN_PASSWORD")?.fileVariable,
      "GF_SECURITY_ADMIN_PASSWORD__FILE",
    );
    assert.equal(credentialOf(service("postgres"), "POSTGRES_PASSWORD_FILE"), undefined);
  });

  it("knows what depends on the version", () => {
    const open = (text: string): boolean => isOpenByDefault(service(text), image(text));
    assert.ok(open("redis:8.2"));
    assert.ok(open("elasticsearch:7.17.0"));
    assert.ok(!open("elasticsearch:8.15.0"));
    assert.ok(!open(`elasticsearch@${digest}`));
    assert.ok(open("influxdb:1.8"));
    assert.ok(!open("influxdb"));
    assert.ok(!open("postgres:18"));
    const logins = (text: string): number => factoryLogins(service(text), image(text)).length;
    assert.equal(logins("opensearchproject/opensearch:2.11.0"), 1);
    assert.equal(logins("opensearchproject/opensearch:2.12.0"), 0);
    assert.equal(logins("rabbitmq"), 1);
  });

  it("has no row without a pattern, and no reversed range", () => {
    for (const { name, patterns, dataPorts, adminPorts, ordinaryPorts } of serviceImages) {
      assert.ok(patterns.length > 0, name);
      for (const port of [...dataPorts, ...adminPorts, ...ordinaryPorts]) {
        assert.ok(typeof port === "number" ? port > 0 && port < 65536 : port[0] < port[1], name);
      }
    }
  });
});

describe("insecure switches", () => {
  it("reads variables", () => {
    const bad: [string, string][] = [
      ["ALLOW_EMPTY_PASSWORD", "Yes"],
      ["POSTGRES_HOST_AUTH_METHOD", "trust"],
      ["MYSQL_ALLOW_EMPTY_PASSWORD", "1"],
      ["xpack.security.enabled", "false"],
      ["XPACK_SECURITY_ENABLED", "false"],
      ["NEO4J_AUTH", "none"],
      ["GF_AUTH_ANONYMOUS_ENABLED", "true"],
      ["AUTH_ENABLED", "false"],
      ["API_AUTH_ENABLED", "False"],
      ["DISABLE_AUTH", "true"],
      ["SECURITY_ENABLED", "false"],
      ["ARANGO_NO_AUTH", "1"],
      ["AUTH_TYPE", "DISABLED"],
      ["DOCKER_TLS_CERTDIR", ""],
      ["MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "*"],
      ["TRAEFIK_API_INSECURE", "true"],
    ];
    for (const [name, value] of bad) assert.ok(insecureEnvironment(name, value) !== undefined, name);
  });

  it("leaves the opposite and the alike alone", () => {
    const good: [string, string][] = [
      ["ALLOW_EMPTY_PASSWORD", "no"],
      ["POSTGRES_HOST_AUTH_METHOD", "scram-sha-256"],
      ["xpack.security.enabled", "true"],
      ["NEO4J_AUTH", "neo4j/x"],
      ["LDAP_AUTH_ENABLED", "false"],
      ["OAUTH_ENABLED", "false"],
      ["TWO_FACTOR_AUTH_ENABLED", "false"],
      ["ANONYMOUS_TELEMETRY_ENABLED", "true"],
      ["SMTP_AUTH_TYPE", "none"],
      ["SMTP_NO_AUTH", "1"],
      ["DISABLE_AUTHOR_PAGES", "true"],
      ["POST", "1"],
      ["AUTH_TYPE", "md5"],
      ["DOCKER_TLS_CERTDIR", "/certs"],
    ];
    for (const [name, value] of good) assert.equal(insecureEnvironment(name, value), undefined, name);
    assert.ok(insecureEnvironment("POST", "1", service("tecnativa/docker-socket-proxy")) !== undefined);
    assert.ok(insecureEnvironment("AUTH_TYPE", "trust", service("edoburu/pgbouncer")) !== undefined);
  });

  const options = (text: string, of?: string): string[] =>
    insecureOptions(
      text.split(" ").map((word) => (word === "''" || word === '""' ? "" : word)),
      of === undefined ? undefined : service(of),
    ).map(({ found, from, to }) => `${found.name} ${from}-${to}`);

  it("reads options of the image and of the program", () => {
    assert.deepEqual(options("redis-server --protected-mode no"), ["--protected-mode 1-3"]);
    assert.deepEqual(options('redis-server --requirepass ""'), ["--requirepass 1-3"]);
    assert.deepEqual(options("server -dev", "hashicorp/vault"), ["-dev 1-2"]);
    assert.deepEqual(options("vault server -dev"), ["-dev 2-3"]);
    assert.deepEqual(options("start-single-node --insecure", "cockroachdb/cockroach"), ["--insecure 1-2"]);
    assert.deepEqual(options("/usr/local/bin/cockroach start --insecure"), ["--insecure 2-3"]);
    assert.deepEqual(options("--api.insecure=true", "traefik"), ["--api.insecure 0-1"]);
    assert.deepEqual(options("--api.insecure", "traefik"), ["--api.insecure 0-1"]);
    assert.deepEqual(options("jupyter lab --NotebookApp.token="), ["--NotebookApp.token 2-3"]);
    assert.deepEqual(options("elasticsearch -Expack.security.enabled=false"), ["xpack.security.enabled 1-2"]);
    assert.deepEqual(options("elasticsearch -E xpack.security.enabled=false"), ["xpack.security.enabled 2-3"]);
    assert.deepEqual(options("app --auth none"), ["--auth 1-3"]);
    assert.deepEqual(options("kc.sh start-dev"), ["start-dev 1-2"]);
  });

  it("leaves other programs' options alone", () => {
    assert.deepEqual(options("app --insecure"), []);
    assert.deepEqual(options("app -dev"), []);
    assert.deepEqual(options("redis-server --protected-mode yes"), []);
    assert.deepEqual(options("redis-server --requirepass $REDIS_PASSWORD"), []);
    assert.deepEqual(options("--api.insecure=false", "traefik"), []);
    assert.deepEqual(options("--api.insecure false", "traefik"), []);
    assert.deepEqual(options("app --auth basic"), []);
    assert.deepEqual(options("wait-for --host vault -dev"), []);
  });

  it("reads lines of files", () => {
    assert.ok(insecureConfigLine("allow_anonymous true") !== undefined);
    assert.ok(insecureConfigLine("xpack.security.enabled: false  # for now") !== undefined);
    assert.ok(insecureConfigLine("  protected-mode no") !== undefined);
    assert.ok(insecureConfigLine("loopback_users = none") !== undefined);
    assert.ok(insecureConfigLine("tls_disable = 1", service("hashicorp/vault")) !== undefined);
    assert.equal(insecureConfigLine("tls_disable = 1"), undefined);
    assert.equal(insecureConfigLine("allow_anonymous false"), undefined);
    assert.equal(insecureConfigLine("# allow_anonymous true"), undefined);
    assert.equal(insecureConfigLine(""), undefined);
  });
});

describe("health tests and writable folders", () => {
  it("knows the common servers", () => {
    assert.deepEqual(healthTest(image("redis:8.2")), ["CMD", "redis-cli", "ping"]);
    assert.deepEqual(healthTest(image("nginx:1.30-alpine")), ["CMD", "wget", "-q", "--spider", "http://127.0.0.1:80/"]);
    assert.equal(healthTest(image("nats:2.12")), undefined);
    assert.equal(healthTest(image("acme/app")), undefined);
    assert.deepEqual(writableFolders(image("postgres:18")), ["/tmp", "/var/run/postgresql"]);
    assert.deepEqual(writableFolders(image("redis:8.2")), []);
    assert.equal(writableFolders(image("acme/app")), undefined);
  });
});
