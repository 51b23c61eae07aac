import assert from "node:assert/strict";
import type { PublishedPort } from "../../engine/kinds/compose/port";
import { read } from "../support/compose";

const one = async (service: string) => {
  const found = await read({ "compose.yaml": `services:\n  web:\n${service.replace(/^/gm, "    ")}\n` });
  const [web] = found.project.services;
  if (web === undefined) throw new Error("there is no service");
  return { ...found, web };
};

const range = (port: PublishedPort | undefined, side: "target" | "published"): string => {
  const value = port?.[side];
  if (value === undefined) return "none";
  return value.known ? `${value.value.first}-${value.value.last}` : "unknown";
};

describe("compose model: ports", () => {
  const cases: readonly (readonly [
    entry: string,
    address: string,
    published: string,
    target: string,
    protocol?: string,
  ])[] = [
    ['"5432:5432"', "none", "5432-5432", "5432-5432"],
    ["22:22", "none", "22-22", "22-22"],
    ['"5432"', "none", "none", "5432-5432"],
    ["5432", "none", "none", "5432-5432"],
    ['"15432:5432/tcp"', "none", "15432-15432", "5432-5432"],
    ['"5432:5432/udp"', "none", "5432-5432", "5432-5432", "udp"],
    ['"0.0.0.0:5432:5432"', "0.0.0.0", "5432-5432", "5432-5432"],
    ['"[::]:5432:5432"', "::", "5432-5432", "5432-5432"],
    ['":::5432:5432"', "::", "5432-5432", "5432-5432"],
    ['"::1:5432:5432"', "::1", "5432-5432", "5432-5432"],
    ['"127.0.0.1::5432"', "127.0.0.1", "none", "5432-5432"],
    ['"5430-5435:5430-5435"', "none", "5430-5435", "5430-5435"],
    ['"5430-5435:80"', "none", "5430-5435", "80-80"],
    ['"${PORT:-5432}:5432"', "none", "5432-5432", "5432-5432"],
    ['"${PORT}:5432"', "none", "unknown", "5432-5432"],
    ['"${BIND:-0.0.0.0}:5432:5432"', "0.0.0.0", "5432-5432", "5432-5432"],
    ['"${BIND}:5432:5432"', "unknown", "5432-5432", "5432-5432"],
    ['"${BIND}5432:5432"', "unknown", "unknown", "5432-5432"],
    ["{ target: 5432, published: 5432, host_ip: 127.0.0.1 }", "127.0.0.1", "5432-5432", "5432-5432"],
    ["{ target: 5432, mode: host }", "none", "none", "5432-5432"],
  ];
  for (const [entry, address, published, target, protocol = "tcp"] of cases) {
    it(entry, async () => {
      const { web } = await one(`image: postgres:18\nports:\n  - ${entry}`);
      const [port, ...others] = web.ports;
      assert.equal(others.length, 0);
      const ip = port?.hostIp;
      assert.equal(ip === undefined ? "none" : ip.value.known ? ip.value.value : "unknown", address);
      assert.equal(range(port, "published"), published);
      assert.equal(range(port, "target"), target);
      assert.deepEqual(port?.protocol, { known: true, value: protocol });
    });
  }

  it("a whole entry that is a variable is no port, and the list is open", async () => {
    const { web } = await one('image: a\nports: ["${PORTS}"]');
    assert.equal(web.ports.length, 0);
    assert.equal(web.get("ports")?.kind, "sequence");
  });

  const bound: readonly (readonly [string, string | undefined])[] = [
    ['"5432:5432"', '"127.0.0.1:5432:5432"'],
    ["5432:5432", "127.0.0.1:5432:5432"],
    ['"5432"', '"127.0.0.1::5432"'],
    ["'0.0.0.0:5432:5432'", "'127.0.0.1:5432:5432'"],
    ['"[::]:5432:5432"', '"127.0.0.1:5432:5432"'],
    ['":::5432:5432"', '"127.0.0.1:5432:5432"'],
    ['"${BIND:-0.0.0.0}:5432:5432"', '"${BIND:-127.0.0.1}:5432:5432"'],
    ['"${BIND}:5432:5432"', undefined],
    ["{ target: 5432 }", "{ target: 5432, host_ip: 127.0.0.1 }"],
    ["{ target: 5432, host_ip: 0.0.0.0 }", "{ target: 5432, host_ip: 127.0.0.1 }"],
  ];
  for (const [entry, expected] of bound) {
    it(`${entry} bound to the loopback`, async () => {
      const { web, edited } = await one(`image: a # x\nports:\n  - ${entry} # y`);
      const text = edited(web.ports[0]?.bindTo("127.0.0.1"));
      assert.equal(text?.includes(`- ${expected} # y`) ?? undefined, expected === undefined ? undefined : true, text);
    });
  }
});

describe("compose model: mounts", () => {
  it("both spellings, sockets in disguise", async () => {
    const { web, at } = await one(
      [
        "image: a",
        "volumes:",
        "  - ${DOCKER_SOCK:-/var/run/docker.sock}:/var/run/docker.sock:ro",
        "  - { type: bind, source: /var/run/docker.sock, target: /s }",
        "  - ${SOCK}:/var/run/docker2.sock",
        "  - ./docker.sock.txt:/x",
        "  - data:/data:nocopy",
        "  - /:/rootfs:ro,rslave",
      ].join("\n"),
    );
    const seen = web.mounts.map((m) => {
      const from = m.from?.value;
      const type = m.type.known ? m.type.value : "unknown";
      return [type, from?.known ? from.value : "unknown", m.target?.scalar.text, m.readOnly.known && m.readOnly.value];
    });
    assert.deepEqual(seen, [
      ["bind", "/var/run/docker.sock", "/var/run/docker.sock", true],
      ["bind", "/var/run/docker.sock", "/s", false],
      ["unknown", "unknown", "/var/run/docker2.sock", false],
      ["bind", "./docker.sock.txt", "/x", false],
      ["volume", "data", "/data", false],
      ["bind", "/", "/rootfs", true],
    ]);
    assert.equal(at(web.mounts[0]?.from), "/var/run/docker.sock");
    assert.equal(at(web.mounts[5]?.propagation), "rslave");
    assert.equal(web.mounts[3]?.hostPath, "docker.sock.txt");
  });

  it("made read-only, propagation removed", async () => {
    const { web, edited } = await one(
      [
        "image: a",
        "volumes:",
        "  - /a:/a",
        '  - "/b:/b:rw"',
        "  - /c:/c:z,shared",
        "  - /d:/d:shared",
        "  - {type: bind, source: /e, target: /e}",
      ].join("\n"),
    );
    const lines = web.mounts.map((m, i) => edited(m.makeReadOnly())?.split("\n")[4 + i]?.trim());
    assert.deepEqual(lines, [
      "- /a:/a:ro",
      '- "/b:/b:ro"',
      "- /c:/c:z,shared,ro",
      "- /d:/d:shared,ro",
      "- {type: bind, source: /e, target: /e, read_only: true}",
    ]);
    assert.match(edited(web.mounts[2]?.removePropagation()) ?? "", /- \/c:\/c:z\n/);
    assert.match(edited(web.mounts[3]?.removePropagation()) ?? "", /- \/d:\/d\n/);
  });
});

describe("compose model: environment", () => {
  for (const form of [
    "- POSTGRES_PASSWORD=postgres",
    '- "POSTGRES_PASSWORD=postgres"',
    "POSTGRES_PASSWORD: postgres",
    'POSTGRES_PASSWORD: "${PW:-postgres}"',
  ]) {
    it(form, async () => {
      const { web, at } = await one(`image: a\nenvironment:\n  ${form}`);
      const variable = web.variable("POSTGRES_PASSWORD");
      assert.deepEqual(variable?.value?.value, { known: true, value: "postgres" });
      assert.equal(at(variable?.value), "postgres");
      assert.equal(at(variable?.nameSpan), "POSTGRES_PASSWORD");
    });
  }

  it("names only, required ones, dollars, words", async () => {
    const { web } = await one(
      ["image: a", "environment:", "  A:", "  B: ${B:?set it}", "  C: $$D", "  E: no", "  F: 0755", "  G: ${G}"].join(
        "\n",
      ),
    );
    const seen = web.environment.map((v) => [
      v.name,
      v.value === undefined ? "none" : v.value.value.known ? v.value.value.value : "unknown",
    ]);
    assert.deepEqual(Object.fromEntries(seen), { A: "none", B: "unknown", C: "$D", E: "no", F: "493", G: "unknown" });
  });

  it("a mapping inside of a list is no variable", async () => {
    const { web } = await one("image: a\nenvironment:\n  - KEY: value");
    assert.equal(web.environment.length, 0);
  });

  it("env_file lies under environment; a missing file leaves it open", async () => {
    const { project } = await read({
      "compose.yaml":
        "services:\n  a: { image: a, env_file: [x.env], environment: { A: '1' } }\n  b: { image: b, env_file: nowhere.env }\n",
      "x.env": "A=2\nB='3'\n",
    });
    const [a, b] = project.services;
    assert.deepEqual(
      a?.environment.map((v) => [v.name, v.value?.scalar.text, v.file]),
      [
        ["A", "1", "compose.yaml"],
        ["B", "3", "x.env"],
      ],
    );
    assert.deepEqual([a?.isEnvironmentOpen, b?.isEnvironmentOpen], [false, true]);
  });
});

describe("compose model: where values come from", () => {
  it("anchors and merge keys: the value is at the anchor, explicit keys win", async () => {
    const { project, at } = await read({
      "compose.yaml": `x-base: &base
  privileged: true
  environment: &env
    DB_PASSWORD: s3cr3t-Value-9
services:
  a: { <<: *base, image: "app:1.2.3" }
  b: { <<: *base, image: "app:1.2.3", privileged: false }
  c: { image: "app:1.2.3", environment: { <<: *env, DB_PASSWORD: "\${DB_PASSWORD:?}" } }
`,
    });
    const [a, b, c] = project.services;
    const setting = a?.setting("privileged");
    assert.equal(at(setting), "true");
    assert.equal(setting?.start, project.service("a")?.setting("privileged")?.start);
    assert.deepEqual(setting?.routes, ["anchor"]);
    assert.deepEqual(
      [a?.flag("privileged"), b?.flag("privileged")].map((f) => f?.known && f.value),
      [true, false],
    );
    assert.equal(a?.variable("DB_PASSWORD")?.start, b?.variable("DB_PASSWORD")?.start);
    assert.equal(c?.variable("DB_PASSWORD")?.value?.value.known, false);
  });

  it("an override that only looks like a cure adds to the list", async () => {
    const base = "services:\n  db: { image: 'postgres:18', ports: ['5432:5432'] }\n";
    const over = (ports: string) => `services:\n  db: { ports: ${ports} }\n`;
    const ports = async (text: string) => {
      const { project } = await read({ "compose.yaml": base, "compose.override.yaml": text });
      return project.service("db")?.ports.map((p) => [p.file, p.hostIp?.scalar.text ?? "none"]);
    };
    assert.deepEqual(await ports(over("['127.0.0.1:5432:5432']")), [
      ["compose.yaml", "none"],
      ["compose.override.yaml", "127.0.0.1"],
    ]);
    assert.deepEqual(await ports(over("!override ['127.0.0.1:5432:5432']")), [["compose.override.yaml", "127.0.0.1"]]);
    assert.deepEqual(await ports(over("!reset []")), []);
  });

  it("scalars, lists and mappings over each other", async () => {
    const { project } = await read({
      "compose.yaml":
        "services:\n  a: { image: a, privileged: true, cap_add: [A], environment: [X=1], volumes: ['./a:/a'] }\n",
      "compose.override.yaml":
        "services:\n  a: { privileged: false, cap_add: [B], environment: { X: '2' }, volumes: ['./b:/a'] }\n",
    });
    const [a] = project.services;
    const privileged = a?.setting("privileged");
    assert.equal(privileged?.file, "compose.override.yaml");
    assert.deepEqual(
      privileged?.replaced.map((r) => [r.value.source.file, r.why]),
      [["compose.yaml", "override"]],
    );
    assert.deepEqual(privileged?.routes, ["override"]);
    assert.deepEqual(
      a?.settings("cap_add").map((s) => [s.scalar.text, s.file]),
      [
        ["A", "compose.yaml"],
        ["B", "compose.override.yaml"],
      ],
    );
    assert.equal(a?.variable("X")?.value?.scalar.text, "2");
    assert.deepEqual(
      a?.mounts.map((m) => m.from?.scalar.text),
      ["./b"],
    );
    assert.deepEqual(
      privileged?.removeAll()?.map((e) => e.file),
      ["compose.override.yaml", "compose.yaml"],
    );
    assert.equal(a?.file, "compose.yaml");
  });

  it("extends: values are in the other file; a file that is missing leaves the service open", async () => {
    const texts = {
      "compose.yaml":
        "services:\n  web: { extends: { file: common.yml, service: base }, image: a }\n  b: { extends: { file: no.yml, service: x }, image: b }\n",
      "common.yml": "services:\n  base: { cap_drop: [ALL], read_only: true, user: root }\n",
    };
    const { project, at } = await read(texts);
    const [web, b] = project.services;
    assert.deepEqual([web?.setting("user")?.file, web?.setting("user")?.routes], ["common.yml", ["extends"]]);
    assert.equal(at(web?.setting("user")), "root");
    assert.deepEqual(
      web?.settings("cap_drop").map((s) => s.scalar.text),
      ["ALL"],
    );
    assert.deepEqual([web?.isOpen, b?.isOpen], [false, true]);
    assert.deepEqual([b?.has("cap_drop"), b?.has("image")], [undefined, true]);
    const common = await read({ "common.yml": texts["common.yml"], "compose.yaml": texts["compose.yaml"] });
    assert.deepEqual(
      common.projects.flatMap((p) => p.services.map((s) => s.name)),
      ["web", "b"],
    );
  });

  it("include: its services are known, with paths from its folder and its own .env", async () => {
    const { project } = await read({
      "compose.yaml": "include: [db/compose.yml, gone/compose.yml]\nservices: { web: { image: a } }\n",
      "db/compose.yml": "services: { db: { image: 'postgres:${V}', build: ., volumes: ['./d:/d'] } }\n",
      "db/.env": "V=18\n",
    });
    const db = project.service("db");
    assert.deepEqual([db?.file, db?.image?.reference?.tag, db?.build?.folder], ["db/compose.yml", "18", "db"]);
    assert.equal(db?.mounts[0]?.hostPath, "db/d");
    assert.equal(project.isOpen, true);
  });

  it("a production file is read over the base of its folder", async () => {
    const { projects } = await read({
      "compose.prod.yaml": "services: { web: { ports: ['80:80'] } }\n",
      "compose.yaml": "services: { web: { image: a } }\n",
      "compose.override.yaml": "services: { web: { privileged: true } }\n",
    });
    assert.equal(projects.length, 1);
    assert.deepEqual([...(projects[0]?.loaded.files.keys() ?? [])], ["compose.yaml", "compose.prod.yaml"]);
  });

  it("a project in a folder: its override, its .env, its paths", async () => {
    const { project } = await read({
      "shop/compose.yaml":
        "services: { web: { image: 'a:${T}', build: ./web, volumes: ['../x:/x', /etc:/e, '~/y:/y'] } }\n",
      "shop/compose.override.yaml": "services: { web: { user: '1' } }\n",
      "shop/.env": "T=2\n",
    });
    const [web] = project.services;
    assert.deepEqual(project.loaded.refusals, []);
    assert.deepEqual([web?.user?.file, web?.image?.reference?.tag], ["shop/compose.override.yaml", "2"]);
    assert.deepEqual([web?.build?.folder, web?.build?.dockerfilePath], ["shop/web", "shop/web/Dockerfile"]);
    assert.deepEqual(
      web?.mounts.map((m) => m.hostPath),
      ["x", "/etc", undefined],
    );
  });

  it("a variable of .env is known, and says that it is one", async () => {
    const { project, at } = await read({
      "compose.yaml": "services: { web: { image: 'app:${TAG}' } }\n",
      ".env": "TAG=1.2\n",
    });
    const image = project.services[0]?.image;
    assert.equal(image?.reference?.tag, "1.2");
    assert.deepEqual(image?.routes, ["variable"]);
    assert.equal(at(image?.tagSpan), "${TAG}");
  });
});

describe("compose model: programs", () => {
  it("a text is split into words, a list is taken as it is, shells are followed", async () => {
    const { web, at } = await one(
      [
        "image: a",
        "command: redis-server --requirepass 'a b' ${X}",
        'entrypoint: ["sh", "-c", "curl -k https://x && exec y"]',
        "healthcheck:",
        "  test: mysqladmin ping -p$$PW",
      ].join("\n"),
    );
    assert.deepEqual(web.command?.words.map((w) => w.scalar.text).slice(0, 3), [
      "redis-server",
      "--requirepass",
      "a b",
    ]);
    assert.equal(web.command?.isOpen, true);
    assert.equal(at(web.command?.words[2]), "a b");
    const [, curl] = web.entrypoint?.commands ?? [];
    assert.equal(curl?.name, "curl");
    assert.equal(at(curl?.args[0]), "-k");
    assert.equal(web.healthTest?.form, "shell");
    assert.equal(web.healthTest?.commands[0]?.args[1]?.source, "-p$PW");
  });

  it("health checks that are off, empty commands", async () => {
    const { web } = await one("image: a\ncommand: []\nhealthcheck: { disable: true }");
    assert.deepEqual([web.command?.form, web.entrypoint, web.healthTest?.form], ["none", undefined, "none"]);
  });
});

describe("compose model: edits", () => {
  it("keys are set where the service is first written, lists grow or are made", async () => {
    const { web, edited } = await one("image: a\ncap_add:\n  - A\n  - B");
    assert.match(edited(web.set(["read_only"], true)) ?? "", /\n {4}read_only: true\n/);
    assert.match(
      edited(web.append(["security_opt"], "no-new-privileges:true")) ?? "",
      /security_opt:\n +- no-new-privileges:true\n/,
    );
    assert.equal(
      edited(web.settings("cap_add")[0]?.remove()),
      "services:\n  web:\n    image: a\n    cap_add:\n      - B\n",
    );
    assert.equal(edited(web.part("cap_add")?.remove()), "services:\n  web:\n    image: a\n");
  });
});
