/** The catalogue's tricky cases of compose files, each with the right verdict. */
import assert from "node:assert/strict";
import type { Finding } from "../engine/index";
import { project } from "./support/engine";
import { dedent } from "./support/example";

interface Case {
  readonly name: string;
  /** Files by name; the first is `compose.yaml`. */
  readonly text: string;
  /** `rule@line` or `rule@line severity`, in the first file or, as `file:rule@line`, in another. */
  readonly reports?: readonly string[];
  /** Rules that must say nothing at all, or nothing on a line. */
  readonly silent?: readonly string[];
}

const lineOf = (text: string, { span }: Finding): number => text.slice(0, span.start).split("\n").length;

async function verdict({ text, reports = [], silent = [] }: Case): Promise<void> {
  const [own = "", ...rest] = dedent(text).split(/^-- (.+) --\n/m);
  const files = [{ file: "compose.yaml", text: own }];
  for (let i = 0; i < rest.length; i += 2) files.push({ file: rest[i] ?? "", text: rest[i + 1] ?? "" });
  const analyser = await project(files, { preset: "all" });
  const shown = files.flatMap(({ file, text: written }) => {
    assert.deepEqual(analyser.problems(file), []);
    const prefix = file === "compose.yaml" ? "" : `${file}:`;
    return analyser
      .findings(file)
      .map((f) => `${prefix}${f.rule.replace(/^compose\//, "")}@${lineOf(written, f)} ${f.severity}`);
  });
  for (const expected of reports) {
    const found = shown.filter((s) => s === expected || s.startsWith(`${expected} `));
    assert.equal(found.length, 1, `expected ${expected} once, got:\n${shown.join("\n")}`);
  }
  for (const quiet of silent) {
    const loud = shown.filter((s) => s.startsWith(quiet.includes("@") ? `${quiet} ` : `${quiet}@`));
    assert.deepEqual(loud, [], `${quiet} must be silent`);
  }
}

const postgres = (entry: string): string =>
  `services:\n  db:\n    image: postgres:18.1\n    ports:\n      - ${entry}\n`;

const published: readonly string[] = [
  '"5432:5432"',
  "5432:5432",
  '"5432"',
  '"15432:5432/tcp"',
  '"0.0.0.0:5432:5432"',
  '"[::]:5432:5432"',
  '":::5432:5432"',
  '"5430-5435:5430-5435"',
  '"${PORT:-5432}:5432"',
  '{target: 5432, published: "5432"}',
  "{target: 5432, mode: host}",
  '"${BIND:-0.0.0.0}:5432:5432"',
];
const bound: readonly string[] = [
  '"127.0.0.1:5432:5432"',
  '"[::1]:5432:5432"',
  '"::1:5432:5432"',
  '"127.0.0.1::5432"',
  "{target: 5432, published: 5432, host_ip: 127.0.0.1}",
  '"127.0.0.2:5432:5432"',
  '"${BIND:-127.0.0.1}:5432:5432"',
];

const withEnvironment = (entry: string): string =>
  `services:\n  db:\n    image: postgres:18.1\n    environment:\n      ${entry}\n`;

const cases: readonly Case[] = [
  {
    name: "T16: anchors and merge keys",
    text: `
      x-base: &base
        privileged: true
        environment: &env
          DB_PASSWORD: s3cr3t-Value-9
      services:
        a: { <<: *base, image: "app:1.2.3" }
        b: { <<: *base, image: "app:1.2.3", privileged: false }
        c: { image: "app:1.2.3", environment: { <<: *env, DB_PASSWORD: "\${DB_PASSWORD:?}" } }
    `,
    reports: ["privileged-service@2 error", "embedded-secret@4"],
  },
  {
    name: "T16: a fragment that no service uses",
    text: `
      x-base: &base
        privileged: true
        environment:
          DB_PASSWORD: s3cr3t-Value-9
      services:
        c: { image: "app:1.2.3" }
    `,
    reports: ["embedded-secret@4"],
    silent: ["privileged-service"],
  },
  {
    name: "T16: the first of several merged maps wins",
    text: `
      x-a: &a { privileged: false }
      x-b: &b { privileged: true }
      services:
        c: { <<: [*a, *b], image: "app:1.2.3" }
    `,
    silent: ["privileged-service"],
  },
  ...[
    "- POSTGRES_PASSWORD=postgres",
    "POSTGRES_PASSWORD: postgres",
    '- "POSTGRES_PASSWORD=postgres"',
    'POSTGRES_PASSWORD: "${PW:-postgres}"',
  ].map((entry) => ({
    name: `T17: ${entry}`,
    text: withEnvironment(entry),
    reports: ["default-password@5"],
    silent: ["embedded-secret"],
  })),
  ...["- POSTGRES_PASSWORD", "POSTGRES_PASSWORD:"].map((entry) => ({
    name: `T17: ${entry}`,
    text: withEnvironment(entry),
    reports: ["unguarded-secret-variable@5 hint"],
    silent: ["default-password", "embedded-secret"],
  })),
  {
    name: "T17: a variable that must be set",
    text: withEnvironment("POSTGRES_PASSWORD: ${PW:?set it}"),
    reports: ["secret-in-container-metadata@5 hint"],
    silent: ["default-password", "embedded-secret", "unguarded-secret-variable"],
  },
  {
    name: "T17: a dollar for the container",
    text: withEnvironment("PW: $$NOT_INTERPOLATED"),
    silent: ["embedded-secret", "default-password", "unguarded-secret-variable"],
  },
  ...["yes", '"yes"', "true", "1"].map((value) => ({
    name: `T17: ALLOW_EMPTY_PASSWORD: ${value}`,
    text: `services:\n  db:\n    image: bitnami/redis:8.4\n    environment:\n      ALLOW_EMPTY_PASSWORD: ${value}\n`,
    reports: ["authentication-disabled@5"],
  })),
  {
    name: "T17: ALLOW_EMPTY_PASSWORD: no",
    text: "services:\n  db:\n    image: bitnami/redis:8.4\n    environment:\n      ALLOW_EMPTY_PASSWORD: no\n",
    silent: ["authentication-disabled"],
  },
  {
    name: "T17: a map inside a list is no secret",
    text: withEnvironment("- POSTGRES_PASSWORD: s3cr3t-Value-9"),
    silent: ["embedded-secret", "default-password"],
  },
  ...published.map((entry) => ({
    name: `T18: ${entry} is published`,
    text: postgres(entry),
    reports: ["published-database-port@5 error"],
    silent: ["all-interfaces-port"],
  })),
  ...bound.map((entry) => ({
    name: `T18: ${entry} is not`,
    text: postgres(entry),
    silent: ["published-database-port", "all-interfaces-port"],
  })),
  {
    name: "T18: an address that nobody knows",
    text: postgres('"${BIND}:5432:5432"'),
    reports: ["published-database-port@5 info"],
  },
  {
    name: "T18: another port of the container",
    text: postgres('"5432:80"'),
    reports: ["all-interfaces-port@5"],
    silent: ["published-database-port"],
  },
  {
    name: "T18: UDP",
    text: postgres('"5432:5432/udp"'),
    reports: ["all-interfaces-port@5"],
    silent: ["published-database-port"],
  },
  {
    name: "T18: one private address",
    text: postgres('"10.0.0.5:5432:5432"'),
    reports: ["published-database-port@5 info"],
  },
  {
    name: "T18: expose",
    text: "services:\n  db:\n    image: postgres:18.1\n    expose: [5432]\n",
    silent: ["published-database-port", "all-interfaces-port"],
  },
  {
    name: "T18: the host's network",
    text: 'services:\n  db:\n    image: postgres:18.1\n    network_mode: host\n    ports: ["5432:5432"]\n',
    reports: ["host-network@4"],
    silent: ["published-database-port", "all-interfaces-port"],
  },
  {
    name: "T18: 22:22 without quotes is a text",
    text: "services:\n  a:\n    image: acme/app:1.2.3\n    ports:\n      - 22:22\n",
    reports: ["published-remote-login@5"],
  },
  {
    name: "T18: a Swarm stack drops the address",
    text: `
      services:
        db:
          image: postgres:18.1
          ports: ["127.0.0.1:5432:5432"]
          deploy: { replicas: 2, update_config: { parallelism: 1 } }
    `,
    reports: ["published-database-port@4", "ignored-by-swarm@4"],
  },
  {
    name: "T19: an override that only looks like a cure",
    text: `
      services:
        db:
          image: postgres:18.1
          ports: ["5432:5432"]
      -- compose.override.yaml --
      services:
        db:
          ports: ["127.0.0.1:5432:5432"]
    `,
    reports: ["published-database-port@4"],
    silent: ["compose.override.yaml:published-database-port"],
  },
  ...['!override ["127.0.0.1:5432:5432"]', "!reset []"].map((value) => ({
    name: `T19: ${value} is one`,
    text: `services:\n  db:\n    image: postgres:18.1\n    ports: ["5432:5432"]\n-- compose.override.yaml --\nservices:\n  db:\n    ports: ${value}\n`,
    silent: ["published-database-port", "compose.override.yaml:published-database-port"],
  })),
  {
    name: "T20: what is extended counts",
    text: `
      services:
        web:
          image: acme/app:1.2.3
          extends: { file: common.yml, service: base }
      -- common.yml --
      services:
        base:
          image: acme/base:1.2.3
          cap_drop: [ALL]
          read_only: true
          privileged: true
    `,
    reports: ["common.yml:privileged-service@6"],
    silent: ["capabilities-not-dropped", "writable-root-filesystem", "privileged-service"],
  },
  {
    name: "T20: a file that cannot be read",
    text: `
      services:
        web:
          image: acme/app:1.2.3
          extends: { file: elsewhere.yml, service: base }
    `,
    silent: ["capabilities-not-dropped", "writable-root-filesystem", "missing-resource-limits", "restart-policy"],
  },
  {
    name: "T21: secrets done right",
    text: `
      services:
        db:
          image: mysql:9.5
          secrets: [db-password]
          environment:
            MYSQL_ROOT_PASSWORD_FILE: /run/secrets/db-password
          healthcheck:
            test: mysqladmin ping --password="$$(cat /run/secrets/db-password)"
        app:
          image: acme/app:1.2.3
          environment:
            - DATABASE_PASSWORD=/run/secrets/db-password
      secrets:
        db-password: { environment: PW }
    `,
    silent: ["default-password", "embedded-secret", "missing-authentication", "secret-in-container-metadata"],
  },
  {
    name: "T22: a development profile",
    text: `
      services:
        adminer:
          image: adminer:5.4
          profiles: [dev]
          ports: ["8080:8080"]
        other:
          image: adminer:5.4
          profiles: [dev, prod]
          ports: ["8081:8080"]
        agent:
          image: acme/agent:1.2.3
          profiles: [dev]
          privileged: true
          volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
    `,
    reports: [
      "published-admin-port@5 info",
      "published-admin-port@9 warning",
      "privileged-service@13 error",
      "docker-socket-mount@14 error",
    ],
  },
  ...["no-new-privileges:true", "no-new-privileges=true", "no-new-privileges"].map((option) => ({
    name: `T23: ${option}`,
    text: `services:\n  a:\n    image: acme/app:1.2.3\n    security_opt: ["${option}"]\n`,
    silent: ["privilege-escalation-allowed"],
  })),
  ...["seccomp=unconfined", "seccomp:unconfined"].map((option) => ({
    name: `T23: ${option}`,
    text: `services:\n  a:\n    image: acme/app:1.2.3\n    security_opt: ["${option}"]\n`,
    reports: ["security-profile-disabled@4 error"],
  })),
  {
    name: "T23: switched off",
    text: 'services:\n  a:\n    image: acme/app:1.2.3\n    security_opt: ["no-new-privileges:false"]\n',
    reports: ["privilege-escalation-allowed@4 warning"],
  },
  {
    name: "T23: an empty list",
    text: "services:\n  a:\n    image: acme/app:1.2.3\n    security_opt: []\n",
    reports: ["privilege-escalation-allowed@2 hint"],
  },
  ...[
    "${DOCKER_SOCK:-/var/run/docker.sock}:/var/run/docker.sock:ro",
    "/var/run:/var/run",
    "/run/user/1000/podman/podman.sock:/var/run/docker.sock",
    "${DOCKER_SOCK}:/var/run/docker.sock",
  ].map((mount) => ({
    name: `T24: ${mount}`,
    text: `services:\n  a:\n    image: acme/app:1.2.3\n    volumes:\n      - ${mount}\n`,
    reports: ["docker-socket-mount@5"],
    silent: ["sensitive-host-mount"],
  })),
  {
    name: "T24: the long spelling, a named volume, the API socket",
    text: `
      services:
        a:
          image: acme/app:1.2.3
          volumes:
            - type: bind
              source: /var/run/docker.sock
              target: /var/run/docker.sock
        b:
          image: acme/app:1.2.3
          use_api_socket: true
        c:
          image: acme/app:1.2.3
          volumes: ["sock:/s", "./docker.sock.txt:/x"]
      volumes:
        sock:
          driver_opts: { type: none, o: bind, device: /var/run/docker.sock }
    `,
    reports: ["docker-socket-mount@6", "docker-socket-mount@10", "docker-socket-mount@16"],
    silent: ["docker-socket-mount@13", "sensitive-host-mount"],
  },
  ...["/etc/localtime:/etc/localtime:ro", "./etc:/etc/app", "etc-data:/etc/app", "../usr/src:/usr/src"].map(
    (mount) => ({
      name: `T25: ${mount}`,
      text: `services:\n  a:\n    image: acme/app:1.2.3\n    volumes: ["${mount}"]\nvolumes: { etc-data: {} }\n`,
      silent: ["sensitive-host-mount"],
    }),
  ),
  {
    name: "T25: the whole host",
    text: `
      services:
        cadvisor:
          image: gcr.io/cadvisor/cadvisor:v0.52.1
          volumes: ["/:/rootfs:ro"]
        app:
          image: acme/myapp:1.2.3
          volumes: ["/:/rootfs:ro"]
        other:
          image: acme/myapp:1.2.3
          volumes: ["/:/rootfs"]
    `,
    reports: ["sensitive-host-mount@4 info", "sensitive-host-mount@7 warning", "sensitive-host-mount@10 error"],
  },
];

describe("tricky compose files", () => {
  for (const c of cases) it(c.name, () => verdict(c));
});

describe("tricky cases between Dockerfiles and compose files", () => {
  const rulesIn = async (dockerfile: string, compose: string): Promise<string[]> => {
    const files = [
      { file: "Dockerfile", text: dockerfile },
      { file: "compose.yaml", text: compose },
    ];
    const analyser = await project(files, { preset: "all" });
    return analyser.findings("Dockerfile").map((f) => `${f.rule}@${lineOf(dockerfile, f)}`);
  };
  const stages = `FROM golang:1.26 AS b
RUN go build -o /app
CMD ["/app"]
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=b /app /app
CMD ["/app"]
`;

  it("T2: a target that ships the build stage", async () => {
    const found = await rulesIn(stages, "services:\n  a:\n    build: { context: ., target: b }\n");
    assert.ok(found.includes("dockerfile/root-user@1"), found.join());
    assert.ok(found.includes("dockerfile/build-image-as-runtime@1"), found.join());
    const without = await rulesIn(stages, "services:\n  a:\n    build: .\n");
    assert.ok(!without.some((f) => f.startsWith("dockerfile/root-user")), without.join());
  });

  it("T13: a health check in compose", async () => {
    const text = "FROM node:24-slim\nUSER node\nEXPOSE 80\n";
    const service = "services:\n  a:\n    build: .\n";
    const found = await rulesIn(text, service);
    assert.ok(found.includes("dockerfile/missing-healthcheck@3"), found.join());
    const cured = await rulesIn(text, `${service}    healthcheck: { test: ["CMD", "x"] }\n`);
    assert.ok(!cured.includes("dockerfile/missing-healthcheck@3"), cured.join());
  });

  it("T15: a context that compose names", async () => {
    const text = "FROM alpine:3.23\nUSER 1000\nCOPY --from=assets /a /a\n";
    const found = await rulesIn(text, "services:\n  a:\n    build: .\n");
    assert.ok(found.includes("dockerfile/copy-from-undefined-stage@3"), found.join());
    const build = "build: { context: ., additional_contexts: { assets: ./assets } }";
    assert.ok(
      !(await rulesIn(text, `services:\n  a:\n    ${build}\n`)).includes("dockerfile/copy-from-undefined-stage@3"),
    );
  });

  it("the build context that compose names has the ignore file", async () => {
    const text = "FROM alpine:3.23\nUSER 1000\nCOPY . /app\n";
    const files = (ignored: string): { file: string; text: string }[] => [
      { file: "docker/Dockerfile", text },
      { file: ".dockerignore", text: ignored },
      { file: ".env", text: "PASSWORD=kX9vQ2mLpR7w\n" },
      { file: "compose.yaml", text: "services:\n  a:\n    build: { context: ., dockerfile: docker/Dockerfile }\n" },
    ];
    const found = async (ignored: string): Promise<string[]> => {
      const analyser = await project(files(ignored), { preset: "all" });
      return ["docker/Dockerfile", ".dockerignore"].flatMap((file) => analyser.findings(file).map((f) => f.rule));
    };
    const open = await found("node_modules\n");
    const closed = await found("**/.env\n**/.git\nnode_modules\ndocker\n");
    const about = (rules: readonly string[]): readonly string[] => rules.filter((r) => /ignored|whole-context/.test(r));
    assert.notDeepEqual(about(open), [], open.join());
    assert.deepEqual(about(closed), [], closed.join());
  });
});
