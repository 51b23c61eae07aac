/** What is offered where, as the language server asks for it, and that it does no harm. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { expanded, type Offer, offersAt } from "../completions/index";
import { recognise } from "../engine/index";
import { parseYaml } from "../engine/languages/yaml/document";
import { project } from "./support/engine";

const today = "2026-11-21";

interface Asked {
  readonly offers: readonly Offer[];
  readonly text: string;
}

const languageOf = (file: string): string =>
  /\.ya?ml$/.test(file) ? "yaml" : /ockerfile/.test(file) ? "dockerfile" : "plaintext";

/** What is offered at `|`, which is taken out of the text. */
function ask(file: string, marked: string, trigger?: string): Asked {
  const offset = marked.indexOf("|");
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const languageId = languageOf(file);
  const kind = recognise(file, text, languageId) ?? "text";
  return { text, offers: offersAt({ file, text, languageId, offset, kind, trigger, today }) };
}

const isOurs = (offer: Offer): boolean => offer.kind !== "snippet";
const labels = (file: string, marked: string, trigger?: string): readonly string[] =>
  ask(file, marked, trigger)
    .offers.filter(isOurs)
    .map((o) => o.label);
const prefixes = (file: string, marked: string, trigger?: string): readonly string[] =>
  ask(file, marked, trigger)
    .offers.filter((o) => !isOurs(o))
    .map((o) => o.label);

/** The text with the offer in it, as an editor inserts it. */
function accept(text: string, { span, text: snippet }: Offer): string {
  const line = text.slice(0, span.start).lastIndexOf("\n") + 1;
  const indentation = /^[ \t]*/.exec(text.slice(line))?.[0] ?? "";
  const inserted = expanded(snippet).replace(/\n(?!\n|$)/g, `\n${indentation}`);
  return text.slice(0, span.start) + inserted + text.slice(span.end);
}

function accepted(file: string, marked: string, label: string): string {
  const { offers, text } = ask(file, marked);
  const offer = offers.find((o) => o.label === label);
  ok(offer, `${label} is not among ${offers.map((o) => o.label).join(", ")}`);
  return accept(text, offer);
}

const pod = (part: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: orders
  namespace: shop
spec:
${part}`;
const inContainer = (part: string): string =>
  pod(`  containers:
    - name: orders
      image: registry.example.com/orders:1.4.2
${part}`);

describe("completions: containers", () => {
  it("offers a security context, limits and snippets to a container, and nothing that is there", () => {
    const file = "pod.yaml";
    const marked = inContainer("      |\n");
    deepEqual(labels(file, marked), ["securityContext", "resources"]);
    ok(prefixes(file, marked).length > 0);
    deepEqual(labels(file, inContainer("      resources: {}\n      sec|\n")), ["securityContext"]);
    ok(!prefixes(file, inContainer("      resources: {}\n      bh-|\n")).includes("bh-k8s-resources"));
  });

  it("writes what neither the container nor its pod says", () => {
    const text = accepted(
      "pod.yaml",
      pod("  securityContext:\n    runAsNonRoot: true\n  containers:\n    - name: orders\n      |\n"),
      "securityContext",
    );
    equal(
      text.slice(text.indexOf("    - name")),
      `    - name: orders
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
        seccompProfile:
          type: RuntimeDefault
`,
    );
  });

  it("offers the keys that a security context lacks", () => {
    const marked = inContainer("      securityContext:\n        runAsNonRoot: true\n        |\n      tty: true\n");
    deepEqual(labels("pod.yaml", marked), [
      "allowPrivilegeEscalation: false",
      "readOnlyRootFilesystem: true",
      "capabilities",
      "seccompProfile",
      "runAsUser: 10001",
      "runAsGroup: 10001",
      "harden: all that is missing",
    ]);
    deepEqual(prefixes("pod.yaml", marked), []);
    const typed = marked.replace("|", "cap|");
    ok(accepted("pod.yaml", typed, "capabilities").includes("        capabilities:\n          drop: [ALL]\n      tty"));
    const all = accepted("pod.yaml", marked, "harden: all that is missing");
    ok(
      all.includes(
        "        allowPrivilegeEscalation: false\n        readOnlyRootFilesystem: true\n        capabilities:\n          drop: [ALL]\n        seccompProfile:\n          type: RuntimeDefault\n      tty",
      ),
      all,
    );
  });

  it("offers values", () => {
    const context = (line: string): readonly string[] =>
      labels("pod.yaml", inContainer(`      securityContext:\n        ${line}\n`));
    deepEqual(context("allowPrivilegeEscalation: |"), ["false"]);
    deepEqual(context("runAsNonRoot: t|"), ["true"]);
    deepEqual(context("privileged: |"), ["false"]);
    deepEqual(context('privileged: "|"'), []);
    deepEqual(context("runAsUser: |"), ["10001"]);
    deepEqual(context("capabilities:\n          drop: |"), ["[ALL]"]);
    deepEqual(context("seccompProfile: |"), []);
    deepEqual(context("capabilities:\n          |"), ["drop: [ALL]"]);
    deepEqual(context("capabilities:\n          drop:\n            - |"), ["ALL"]);
    deepEqual(context("capabilities:\n          drop:\n            - ALL\n            - |"), []);
    deepEqual(context("seccompProfile:\n          type: |"), ["RuntimeDefault"]);
    deepEqual(context("seccompProfile:\n          |"), ["type: RuntimeDefault"]);
  });

  it("knows pods wherever an object has them", () => {
    const job = `apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec:
  jobTemplate:
    spec:
      template:
        spec:
          |
          containers: []
`;
    deepEqual(labels("job.yaml", job), ["securityContext", "automountServiceAccountToken: false"]);
    deepEqual(labels("job.yaml", job.replace("          |\n", "").replace("    spec:\n", "    spec:\n      |\n")), []);
    deepEqual(labels("job.yaml", job.replace("          |\n", "          securityContext:\n            |\n")), [
      "runAsNonRoot: true",
      "runAsUser: 10001",
      "runAsGroup: 10001",
      "seccompProfile",
      "harden: all that is missing",
    ]);
  });

  it("offers what accounts and namespaces lack", () => {
    deepEqual(labels("a.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n|\n"), [
      "automountServiceAccountToken: false",
    ]);
    deepEqual(labels("n.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels:\n    |\n"), [
      "pod-security.kubernetes.io/enforce: restricted",
    ]);
    deepEqual(labels("s.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels:\n    |\n"), []);
  });

  it("is silent where an action of a template may say it, in flow style and on Windows", () => {
    const file = "chart/templates/deployment.yaml";
    const text = inContainer(
      "      securityContext:\n        {{- toYaml .Values.securityContext | nindent 8 }}\n        ¦\n",
    );
    const offset = text.indexOf("¦");
    const plain = text.replace("¦", "");
    const kind = recognise(file, plain);
    equal(kind, "kubernetes");
    const at = (t: string, o: number): number =>
      offersAt({ file, text: t, languageId: "helm", offset: o, kind, trigger: undefined, today }).length;
    equal(at(plain, offset), 0);
    const free = plain.replace(
      "{{- toYaml .Values.securityContext | nindent 8 }}",
      "privileged: {{ .Values.privileged }}",
    );
    const line = "privileged: {{ .Values.privileged }}\n        ";
    ok(at(free, free.indexOf(line) + line.length) > 0);
    deepEqual(labels("pod.yaml", inContainer("      securityContext: { | }\n")), []);
    deepEqual(labels("pod.yaml", pod("  os: { name: windows }\n  containers:\n    - name: a\n      |\n")), []);
  });

  it("offers whole documents only where one begins", () => {
    for (const marked of ["|", "bh-|", "# why\n---\n|", "---\nbh-dep|\n", `${inContainer("")}---\n|`]) {
      const found = prefixes("deploy/orders.yaml", marked);
      ok(found.length > 10, marked);
      deepEqual(found, prefixes("deploy/orders.yaml", "|"));
    }
    for (const [file, marked] of [
      ["orders.yaml", "kind: Pod\n|"],
      ["orders.yaml", "a: 1\n---\n|"],
      ["orders.yaml", "  |"],
      ["chart/values.yaml", "|"],
      ["chart/templates/a.yaml", "|"],
      [".github/workflows/ci.yaml", "|"],
      ["kustomization.yaml", "|"],
      ["bulkhead.yaml", "|"],
      ["orders.txt", "|"],
    ] as const) {
      deepEqual(prefixes(file, marked), [], `${file} ${marked}`);
    }
  });
});

describe("completions: compose", () => {
  const file = "compose.yaml";
  const service = (part: string): string => `services:
  app:
    image: registry.example.com/app:1.4.2
${part}`;

  it("offers what a service lacks", () => {
    deepEqual(labels(file, service("    |\n")), [
      "read_only: true",
      'tmpfs: ["/tmp:size=16m,mode=1777"]',
      "cap_drop: [ALL]",
      'security_opt: ["no-new-privileges:true"]',
      "deploy",
      'user: "10001:10001"',
      "init: true",
      "mem_limit: 256m",
      "logging",
      "restart: on-failure:5",
      "ports",
      "harden: all that is missing",
    ]);
    const some = "    read_only: true\n    mem_limit: 1g\n    cap_|\n    init: true\n";
    const left = labels(file, service(some));
    ok(left.includes("cap_drop: [ALL]"));
    for (const gone of ["read_only: true", "deploy", "mem_limit: 256m", "init: true"]) ok(!left.includes(gone), gone);
    ok(accepted(file, service(some), "cap_drop: [ALL]").includes("    mem_limit: 1g\n    cap_drop: [ALL]\n    init"));
  });

  it("sees what is merged, and is silent where it cannot", () => {
    const merged = `x-base: &base { read_only: true, cap_drop: [ALL] }\n${service("    <<: *base\n    |\n")}`;
    ok(!labels(file, merged).some((l) => l.startsWith("read_only") || l.startsWith("cap_drop")));
    deepEqual(ask(file, service("    <<: *nowhere\n    |\n")).offers, []);
  });

  it("offers ports of this machine only, in every stage of typing", () => {
    const ports = (line: string): Asked => ask(file, service(`    ports:\n${line}`));
    for (const [line, text] of [
      ["      - |\n", '      - "127.0.0.1:8080:8080"\n'],
      ['      - "|"\n', '      - "127.0.0.1:8080:8080"\n'],
      ["      - 80|\n", '      - "127.0.0.1:8080:8080"\n'],
      ["      - 5432:5432|\n", '      - "127.0.0.1:5432:5432"\n'],
      ['      - "5432:5432|"\n', '      - "127.0.0.1:5432:5432"\n'],
    ] as const) {
      const { offers, text: whole } = ports(line);
      equal(offers.length, 1, line);
      ok(accept(whole, offers[0] as Offer).endsWith(text), line);
    }
    deepEqual(labels(file, service("    ports: [|]\n")), []);
  });

  it("offers items, values and what a network lacks", () => {
    const at = (part: string): readonly string[] => labels(file, service(part));
    deepEqual(at("    cap_drop:\n      - |\n"), ["ALL"]);
    deepEqual(at("    cap_drop:\n      - ALL\n      - |\n"), []);
    deepEqual(at("    security_opt:\n      - no|\n"), ["no-new-privileges:true"]);
    deepEqual(at("    read_only: |\n"), ["true"]);
    deepEqual(at("    privileged: |\n"), ["false"]);
    deepEqual(at("    user: |\n"), ["10001:10001"]);
    deepEqual(at('    user: "|"\n'), ["10001:10001"]);
    deepEqual(at("    cap_drop: |\n"), ["[ALL]"]);
    deepEqual(at("    deploy: |\n"), []);
    deepEqual(at("    hostname: |\n"), []);
    ok(accepted(file, service("    user: |\n"), "10001:10001").endsWith('user: "10001:10001"\n'));
    deepEqual(at("    deploy:\n      |\n"), ["resources"]);
    deepEqual(at("    deploy:\n      resources:\n        |\n"), ['limits: { memory: 256M, cpus: "0.50", pids: 100 }']);
    deepEqual(at("networks:\n  data:\n    |\n"), ["internal: true"]);
    deepEqual(at("networks:\n  data:\n    internal: |\n"), ["true"]);
    deepEqual(at("networks:\n  data:\n    external: true\n    |\n"), []);
    deepEqual(at("volumes:\n  data:\n    |\n"), []);
  });

  it("offers passwords in files to images that read them so", () => {
    const marked = `services:
  db:
    image: postgres:18
    environment:
      |
secrets:
  db_password:
    file: ./secrets/db_password.txt
`;
    deepEqual(labels(file, marked), ["POSTGRES_PASSWORD_FILE: /run/secrets/db_password"]);
    deepEqual(labels(file, marked.replace("|", "POSTGRES_PASSWORD_FILE: x\n      |")), []);
    const ofService = marked.replace("    environment:\n      |", "    |");
    ok(labels(file, ofService).includes("secrets: [db_password]"));
    ok(
      accepted(file, ofService, "healthcheck").includes(
        'test: ["CMD-SHELL", "pg_isready -U $${POSTGRES_USER:-postgres}"]',
      ),
    );
  });

  it("gives new services a name that is free", () => {
    const marked = "services:\n  orders-db:\n    image: postgres:18\n  |\n";
    const text = accepted(file, marked, "bh-compose-postgres");
    ok(text.includes("  orders-db-2:\n    image: "), text);
    equal(parseYaml(text).documents[0]?.problems.length, 0);
  });

  it("offers snippets at their own level only", () => {
    const groups = ["|", "services:\n  |\n", service("    |\n"), `${service("")}|\n`].map((m) => prefixes(file, m));
    for (const [i, group] of groups.entries()) {
      for (const other of groups.slice(i + 1)) if (i > 0) ok(group.every((p) => !other.includes(p)));
    }
    deepEqual(prefixes(file, service("    environment:\n      |\n")), []);
    deepEqual(prefixes("notes.yaml", "title: x\n|\n"), []);
  });
});

describe("completions: Dockerfiles", () => {
  const file = "Dockerfile";

  it("offers supported tags, the newest first, with their end", () => {
    const { offers } = ask(file, "FROM node:|\n");
    deepEqual(
      offers.slice(0, 4).map((o) => `${o.label} ${o.detail}`),
      [
        "node:26-slim Node.js 26, supported until 2029-04-30",
        "node:26-alpine Node.js 26, supported until 2029-04-30",
        "node:26 Node.js 26, supported until 2029-04-30",
        "node:24-slim Node.js 24, supported until 2028-04-30",
      ],
    );
    ok(offers.every((o) => !/node:(?:latest|20|18|25)/.test(o.label)));
    equal(
      accepted(file, "FROM --platform=linux/amd64 node:2| AS build\n", "node:24-slim"),
      "FROM --platform=linux/amd64 node:24-slim AS build\n",
    );
    ok(labels(file, "FROM py|\n").includes("python:3.14-slim"));
    ok(labels(file, "FROM |\n").includes("debian:13-slim"));
    ok(labels(file, "FROM docker.io/library/node:|\n").includes("docker.io/library/node:24-slim"));
    for (const none of ["FROM ${BASE}:|", "FROM node:24-slim AS |", "FROM acme/app:|", "FROM node@|"])
      deepEqual(labels(file, none), [], none);
    ok(labels("compose.yaml", "services:\n  a:\n    image: postgres:|\n").includes("postgres:18-alpine"));
    ok(
      labels("pod.yaml", pod('  containers:\n    - name: a\n      image: "redis:|"\n')).some((l) =>
        l.startsWith("redis:8"),
      ),
    );
  });

  it("offers the image's own user, or one that nobody has", () => {
    deepEqual(labels(file, "FROM node:24-slim\nU|").slice(0, 2), ["USER 1000", "USER 10001:10001"]);
    deepEqual(labels(file, "FROM node:24-slim\nUSER |\n"), ["1000", "10001:10001"]);
    deepEqual(labels(file, "FROM debian:13-slim\nUSER |\n"), ["10001:10001"]);
    ok(!labels(file, "FROM debian:13-slim\nUSER 10001\n|\n").some((l) => l.startsWith("USER")));
    ok(!labels(file, "FROM debian:13-slim AS build\n|\nFROM debian:13-slim\n").some((l) => l.startsWith("USER")));
  });

  it("offers a health check, and flags", () => {
    ok(
      accepted(file, "FROM node:24-slim\nHE|\n", "HEALTHCHECK").includes(
        'CMD ["node", "-e", "fetch(\'http://127.0.0.1',
      ),
    );
    ok(!labels(file, "FROM node:24-slim\nHEALTHCHECK CMD true\n|\n").includes("HEALTHCHECK"));
    deepEqual(labels(file, "FROM node:24-slim\nCOPY --|"), ["--chmod=0555", "--chown=root:root"]);
    deepEqual(labels(file, "FROM node:24-slim\nCOPY --chmod=0555 --| a b"), ["--chown=root:root"]);
    deepEqual(labels(file, "FROM node:24-slim\nRUN |"), ["--mount=type=secret,id=token,env=TOKEN", "--network=none"]);
    ok(labels(file, "FROM node:24-slim\nADD --|").includes("--checksum=sha256:digest"));
  });

  it("offers whole files only in empty ones, and nothing inside of instructions", () => {
    ok(prefixes(file, "|").length > 0);
    deepEqual(prefixes(file, "# why\nbh-|"), prefixes(file, "|"));
    const inside = prefixes(file, "FROM node:24-slim\n|\n");
    ok(prefixes(file, "|").every((p) => !inside.includes(p)));
    for (const none of [
      "FROM node:24-slim\nRUN a \\\n  |\n",
      "FROM node:24-slim\nRUN a \\\n# why\n  |\n",
      "FROM node:24-slim\nRUN <<EOT\n|\nEOT\n",
      "FROM node:24-slim\n# US|\n",
      "FROM node:24-slim\nRUN echo |\n",
    ]) {
      deepEqual(ask(file, none).offers, [], none);
    }
  });
});

describe("completions: other files", () => {
  it("offers code where a statement may begin", () => {
    const at = (file: string, marked: string): number => ask(file, marked).offers.length;
    for (const [file, marked] of [
      ["a.ts", "|"],
      ["a.ts", "import x from 'y';\nbh-|\n"],
      ["a.ts", "function f() {\n  |\n}\n"],
      ["a.ts", "app.use((a) => {\n  |\n});\n"],
      ["a.js", "const a = /[/'\"]/;\n|\n"],
      ["a.py", "def f():\n    |\n"],
      ["a.go", "package a\n\nfunc f() {\n\t|\n}\n"],
      ["A.java", "class A {\n    void f() {\n        |\n    }\n}\n"],
      ["A.cs", 'var a = @"x\\";\n|\n'],
    ] as const) {
      ok(at(file, marked) > 0, `${file} ${marked}`);
    }
    for (const [file, marked] of [
      ["a.ts", "const a = |"],
      ["a.ts", "// |"],
      ["a.ts", "/*\n|\n*/"],
      ["a.ts", "const a = `\n|\n`;"],
      ["a.ts", "const a = {\n  |\n};"],
      ["a.ts", "f({\n  |\n});"],
      ["a.ts", "f(\n  |\n);"],
      ["a.ts", "| const a = 1;"],
      ["a.py", '"""\n|\n"""'],
      ["a.py", "# |"],
      ["a.py", "a = {\n  |\n}"],
      ["a.go", "a := http.Server{\n\t|\n}"],
      ["a.go", "a := `\n|\n`"],
      ["A.java", 'var a = """\n    |\n    """;'],
      ["A.cs", 'var a = @"\n|\n";'],
      ["A.cs", "var a = new Options\n{\n    |\n};"],
      ["a.rb", "|"],
    ] as const) {
      equal(at(file, marked), 0, `${file} ${marked}`);
    }
  });

  it("offers whole files to names that are known, while they are empty", () => {
    for (const file of [".dockerignore", ".env.example", "daemon.json"]) {
      ok(prefixes(file, "|").length > 0, file);
      ok(prefixes(file, "bh-|").length > 0, file);
      deepEqual(prefixes(file, "a=1\n|"), []);
    }
    deepEqual(prefixes("package.json", "|"), []);
  });
});

describe("completions: behind a trigger character", () => {
  it("only goes on with what was begun", () => {
    deepEqual(ask("pod.yaml", inContainer("      |\n"), " ").offers, []);
    deepEqual(ask("Dockerfile", "FROM node:24-slim\n  |", " ").offers, []);
    ok(labels("Dockerfile", "FROM |", " ").length > 0);
    ok(labels("Dockerfile", "FROM node:|", ":").length > 0);
    ok(labels("Dockerfile", "FROM a\nRUN -|", "-").length > 0);
    deepEqual(labels("compose.yaml", "services:\n  a:\n    cap_drop:\n      - |\n", " "), ["ALL"]);
    deepEqual(ask("a.ts", "function f() { |", " ").offers, []);
  });
});

describe("completions: accepted", () => {
  /** Findings that the offer cannot help, with the reason. */
  const excused = new Set([
    // A tag is offered, its digest is not known.
    "dockerfile/image-without-digest",
    "compose/image-without-digest",
    "kubernetes/image-not-pinned",
    // A published port says that the image is a server, and only its author knows how to ask it.
    "compose/missing-healthcheck",
  ]);
  const found = async (file: string, text: string): Promise<readonly string[]> => {
    const analyser = await project([{ file, text }], { preset: "all" });
    return [...analyser.findings(file).map((f) => f.rule), ...analyser.problems(file).map((p) => p.message)].sort();
  };
  const places: readonly (readonly [file: string, marked: string])[] = [
    ["pod.yaml", inContainer("      |\n")],
    ["pod.yaml", inContainer("      securityContext:\n        |\n")],
    ["pod.yaml", inContainer("      securityContext:\n        capabilities:\n          |\n")],
    ["pod.yaml", inContainer("      securityContext:\n        seccompProfile:\n          |\n")],
    ["pod.yaml", inContainer("      securityContext:\n        runAsNonRoot: |\n")],
    ["pod.yaml", pod("  |\n  containers:\n    - name: orders\n      image: registry.example.com/orders:1.4.2\n")],
    ["pod.yaml", pod("  containers:\n    - name: orders\n      image: |\n")],
    ["sa.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a, namespace: b }\n|\n"],
    ["ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels:\n    |\n"],
    ["compose.yaml", "services:\n  app:\n    image: registry.example.com/app:1.4.2\n    |\n"],
    ["compose.yaml", "services:\n  app:\n    |\n    image: registry.example.com/app:1.4.2\n"],
    ["compose.yaml", "services:\n  app:\n    image: registry.example.com/app:1.4.2\n    cap_drop:\n      - |\n"],
    ["compose.yaml", "services:\n  app:\n    image: registry.example.com/app:1.4.2\n    tmpfs:\n    - |\n"],
    ["compose.yaml", "services:\n  app:\n    image: registry.example.com/app:1.4.2\n    ports:\n      - |\n"],
    [
      "compose.yaml",
      "services:\n  app:\n    image: registry.example.com/app:1.4.2\n    networks: [a]\nnetworks:\n  a:\n    |\n",
    ],
    ["Dockerfile", '# syntax=docker/dockerfile:1\nFROM node:24-slim\n|\nENTRYPOINT ["node", "/app/main.js"]\n'],
    ["Dockerfile", '# syntax=docker/dockerfile:1\nFROM node:24-slim\nUSER |\nENTRYPOINT ["node", "/app/main.js"]\n'],
    ["Dockerfile", "# syntax=docker/dockerfile:1\nFROM node:24-slim\nCOPY | app /app/\nUSER 1000\n"],
  ];
  for (const [file, marked] of places) {
    it(`brings nothing to find: ${marked
      .split("\n")
      .find((l) => l.includes("|"))
      ?.trim()} in ${file}`, async () => {
      for (const terminator of ["\n", "\r\n"]) {
        const { offers, text } = ask(file, marked.replaceAll("\n", terminator));
        const ours = offers.filter(isOurs);
        ok(ours.length > 0);
        const before = await found(file, text);
        for (const offer of ours) {
          const after = accept(text, offer).replace(/\r?\n/g, terminator);
          if (file.endsWith(".yaml")) {
            const problems = parseYaml(after).documents.flatMap((d) => d.problems);
            deepEqual(
              problems.map((p) => p.message),
              [],
              after,
            );
          }
          const left = [...before];
          const fresh = (await found(file, after)).filter((rule) => {
            const at = left.indexOf(rule);
            if (at >= 0) left.splice(at, 1);
            return at < 0 && !excused.has(rule);
          });
          deepEqual(fresh, [], `${offer.label}\n${after}`);
        }
      }
    });
  }
});

describe("completions: damage", () => {
  it("never throws, in no prefix and nowhere", () => {
    const texts = [
      ["pod.yaml", inContainer("      securityContext: { a: [b, *c }\n\t- x: |\n  y\n--- \n? z\n")],
      ["compose.yaml", 'services:\n  a: &b\n    <<: *b\n    image: "x\n    ports: [1,\n  - 2\n'],
      ["Dockerfile", "FROM a AS b\nRUN <<E\nx\nCOPY --from=b \\\n# c\nUSER $X\n`"],
      ["a.ts", "const a = `${`${'}'}`}`; /* x */ const b = /[/]/; // y\n{ ( ["],
    ] as const;
    for (const [file, text] of texts) {
      for (let at = 0; at <= text.length; at++) {
        ask(file, `${text.slice(0, at).replaceAll("|", "¦")}|`);
        ask(file, `${text.slice(0, at).replaceAll("|", "¦")}|${text.slice(at)}`);
      }
    }
  });
});
