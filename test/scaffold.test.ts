/** Every service that can be chosen: planned, whole, readable, and nothing for our own rules to say. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { Language, Parser } from "web-tree-sitter";
import { parseAllDocuments } from "yaml";
import {
  applyEdits,
  type CodeGrammar,
  codeGrammarOf,
  codeGrammars,
  grammarFiles,
  isTemplate,
  loadProject,
  maskTemplate,
} from "../engine/index";
import {
  choices,
  defaultChoices,
  faultOfName,
  filesToRead,
  type Plan,
  planService,
  type ServiceChoices,
  type Target,
} from "../scaffold/index";
import { templates } from "../scripts/build";
import { accepted, acceptedAt } from "./support/accepted";
import { project, root } from "./support/engine";

type Made = Extract<Plan, { kind: "plan" }>;
type Files = Readonly<Record<string, string>>;

const texts = templates();
const repository = ".git/HEAD";
const used = new Set<object>();

const valuesOf = <K extends keyof typeof choices>(key: K): readonly ServiceChoices[K][] =>
  (choices[key] as readonly { readonly value: ServiceChoices[K] }[]).map((c) => c.value);

const all: readonly ServiceChoices[] = valuesOf("language").flatMap((language) =>
  valuesOf("database").flatMap((database) =>
    valuesOf("broker").flatMap((broker) =>
      valuesOf("gateway").flatMap((gateway) =>
        valuesOf("manifests").flatMap((manifests) =>
          valuesOf("ci").map((ci) => ({ name: "order-intake", language, database, broker, gateway, manifests, ci })),
        ),
      ),
    ),
  ),
);

const titleOf = ({ language, database, broker, gateway, manifests, ci }: ServiceChoices): string =>
  ["scaffold", language, database, broker, gateway ? "gateway" : "none", manifests, ci].join(" ");

const over = (files: Files): Target => ({
  names: [repository, ...Object.keys(files)],
  read: (name) => files[name],
});

function planned(chosen: ServiceChoices, files: Files = {}): Made {
  const plan = planService(chosen, over(files), texts);
  assert.equal(plan.kind, "plan", plan.kind === "refused" ? plan.reasons.join("; ") : "");
  return plan as Made;
}

function reasonsOf(chosen: ServiceChoices, files: Files): readonly string[] {
  const plan = planService(chosen, over(files), texts);
  assert.equal(plan.kind, "refused");
  return plan.kind === "refused" ? plan.reasons : [];
}

/** The folder afterwards. */
function made(plan: Made, files: Files = {}): Files {
  const created = plan.creates.map(({ path, text }) => [path, text] as const);
  const changed = plan.changes.map(({ path, before, edits }) => [path, applyEdits(before, edits)] as const);
  return { ...files, ...Object.fromEntries([...created, ...changed]) };
}

/** The files that what is said of a file may rest on. */
function around(file: string, files: Files): readonly string[] {
  const isBuilt = (name: string): boolean =>
    /(?:^|\/)(?:Dockerfile|\.dockerignore|\.gitignore|compose[\w.]*\.yaml)$/.test(name);
  const folder = /^(?:deploy|charts)\/[^/]+\//.exec(file)?.[0];
  if (folder !== undefined) return Object.keys(files).filter((f) => f.startsWith(folder) || isBuilt(f));
  return isBuilt(file) ? Object.keys(files).filter(isBuilt) : [file];
}

/** What our rules say in the preset `all`, but for what is accepted. What was looked at in `seen` is left out. */
async function findingsIn(where: string, files: Files, seen: Set<string> = new Set()): Promise<readonly string[]> {
  const isNew = (file: string): boolean => {
    const key = [file, ...around(file, files).map((f) => files[f])].join("\0");
    return !seen.has(key) && seen.add(key) !== undefined;
  };
  const asked = Object.keys(files).filter(isNew);
  const analyser = await project(
    Object.entries(files).map(([file, text]) => ({ file, text })),
    { preset: "all", others: [repository] },
  );
  return asked.flatMap((file) => [
    ...analyser.problems(file).map((p) => `${file}: ${p.message}`),
    ...analyser.findings(file).flatMap(({ rule, message }) => {
      const entry = acceptedAt(where, rule);
      if (entry !== undefined) used.add(entry);
      return entry === undefined ? [`${file}: ${rule}: ${message}`] : [];
    }),
  ]);
}

/** Read with the grammars themselves: our readers take everything. */
const parsers = new Map<CodeGrammar | "bash", Parser>();

async function loadParsers(): Promise<void> {
  const modules = join(root, "node_modules");
  await Parser.init({ wasmBinary: readFileSync(join(modules, "web-tree-sitter", "web-tree-sitter.wasm")) });
  const files = [
    ...codeGrammars.map((name) => [name, `${grammarFiles[name].package}/${grammarFiles[name].file}`] as const),
    ["bash", "tree-sitter-bash/tree-sitter-bash.wasm"] as const,
  ];
  for (const [name, file] of files) {
    const parser = new Parser();
    parser.setLanguage(await Language.load(readFileSync(join(modules, file))));
    parsers.set(name, parser);
  }
}

const looked = new Set<string>();

/** Why the file cannot be read as what its name says; each text is looked at once. */
function faultIn(file: string, text: string): string | undefined {
  const key = `${file}\0${text}`;
  if (looked.has(key)) return undefined;
  looked.add(key);
  if (text.trim() === "") return "is empty";
  if (text.includes("<%") || text.includes("%>")) return "has a tag left";
  const isAiry = /\n{4}/.test(text) || (/\n{3}/.test(text) && !file.endsWith(".py"));
  if (isAiry || /^\n|[^\n]$|\n\n$|[ \t]\n|\r/.test(text)) return "has blanks that nobody wrote";
  if (/\{(?:name|snake|pascal|flat)\}/.test(file)) return "has a name that is not filled in";
  if (/\.json$/.test(file)) {
    JSON.parse(text);
    return undefined;
  }
  if (/\.ya?ml$/.test(file)) {
    const isChart = file.startsWith("charts/") && isTemplate(text);
    const documents = parseAllDocuments(isChart ? maskTemplate(text).text : text);
    const [error] = "empty" in documents ? [] : documents.flatMap((d) => d.errors);
    return error?.message;
  }
  if (/(?:^|\/)Dockerfile$/.test(file))
    return DockerfileParser.parse(text).getFROMs().length > 0 ? undefined : "no FROM";
  const grammar = file.endsWith(".sh") ? "bash" : codeGrammarOf(file);
  const tree = grammar && parsers.get(grammar)?.parse(text);
  if (tree === undefined || tree === null) return undefined;
  const isBroken = tree.rootNode.hasError;
  tree.delete();
  return isBroken ? "is broken" : undefined;
}

before(loadParsers);

describe("the templates", function () {
  this.timeout(120_000);

  it("are all used, and none for two files of one service", () => {
    const unused = new Set(Object.keys(texts));
    for (const chosen of all) {
      const paths = planned(chosen).creates.map((c) => c.path);
      assert.equal(new Set(paths).size, paths.length, titleOf(chosen));
    }
    for (const path of unused) {
      const [folder = ""] = path.split("/");
      assert.ok(folder === "shared" || valuesOf("language").some((l) => l === folder), path);
    }
  });

  it("are scripts where their names say so", () => {
    for (const { path, text, executable } of all.flatMap((chosen) => planned(chosen).creates)) {
      assert.equal(executable, path.endsWith(".sh"), path);
      assert.equal(executable, text.startsWith("#!"), path);
    }
  });
});

describe("a new service", function () {
  this.timeout(120_000);

  const seen = new Set<string>();

  for (const language of valuesOf("language")) {
    for (const database of valuesOf("database")) {
      it(`of ${language} with ${database === "none" ? "no database" : database}: every combination`, async () => {
        const combinations = all.filter((c) => c.language === language && c.database === database);
        assert.equal(combinations.length, 54);
        for (const chosen of combinations) {
          const plan = planned(chosen);
          const files = made(plan);
          assert.deepEqual(
            plan.creates.map((c) => c.path),
            Object.keys(files).sort(),
            "files in order",
          );
          assert.ok(plan.open in files, plan.open);
          assert.deepEqual(plan.changes, []);
          for (const [file, text] of Object.entries(files)) assert.equal(faultIn(file, text), undefined, file);
          assert.deepEqual(await findingsIn(titleOf(chosen), files, seen), [], titleOf(chosen));
        }
      });
    }
  }

  it("has its own name everywhere", () => {
    const renamed = (text: string): string =>
      text
        .replaceAll("order-intake", "stock")
        .replaceAll("order_intake", "stock")
        .replaceAll("orderintake", "stock")
        .replaceAll("OrderIntake", "Stock")
        .replaceAll("orderIntake", "stock")
        .replaceAll("ORDER_INTAKE", "STOCK");
    const isAlike = ({ manifests, ci }: ServiceChoices): boolean =>
      (manifests === "helm" && ci === "github") || (manifests === "kubernetes" && ci === "gitlab");
    for (const chosen of all.filter((c) => c.gateway && isAlike(c))) {
      const other = made(planned({ ...chosen, name: "stock" }));
      const one = Object.entries(made(planned(chosen))).map(([file, text]) => [renamed(file), renamed(text)] as const);
      assert.deepEqual(Object.fromEntries(one), other, titleOf(chosen));
    }
  });

  it("has shell scripts that a shell can read", () => {
    const scripts = new Set(
      all.flatMap((c) => planned(c).creates.flatMap(({ path, text }) => (path.endsWith(".sh") ? [text] : []))),
    );
    const { status, stderr } = spawnSync("sh", ["-n"], { input: [...scripts].join("\n"), encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
});

describe("a new service beside others", function () {
  this.timeout(120_000);

  const shop = filesIn(join(root, "examples", "shop-hardened"));
  const full: ServiceChoices = {
    name: "order-intake",
    language: "go",
    database: "postgres",
    broker: "rabbitmq",
    gateway: true,
    manifests: "kubernetes",
    ci: "github",
  };

  it("comes twice into the hardened shop, whatever is chosen, and nothing is found", async () => {
    const seen = new Set<string>();
    const own = new Set(await findingsIn("the shop", shop));
    const some = all.filter((c) => c.ci === "none" && c.language === "go" && c.manifests === "kubernetes");
    // One in five has every database, every broker, both kinds of door.
    for (const chosen of some.filter((_, i) => i % 5 === 0)) {
      const first = made(planned({ ...chosen, name: "refunds" }, shop), shop);
      const second = made(planned(chosen, first), first);
      const found = await findingsIn(titleOf(chosen), second, seen);
      assert.deepEqual(
        found.filter((f) => !own.has(f)),
        [],
        titleOf(chosen),
      );
      const loaded = loadProject(
        { text: (file) => second[file], exists: (file) => file in second },
        { directory: "", shell: new Map(), world: "closed" },
      );
      assert.deepEqual(loaded?.refusals, [], titleOf(chosen));
      const services = loaded?.model.get("services");
      const names = services?.kind === "mapping" ? [...services.entries.keys()] : [];
      assert.ok(names.includes("refunds") && names.includes("order-intake") && names.includes("orders-db"));
    }
  });

  it("only adds lines to the compose file, and takes the next free port", () => {
    const plan = planned(full, shop);
    const [change] = plan.changes;
    assert.deepEqual([change?.path, plan.changes.length], ["compose.yaml", 1]);
    assert.ok(change?.edits.every(({ span, text }) => span.start === span.end && text.endsWith("\n")));
    const first = made(plan, shop);
    const second = made(planned({ ...full, name: "refunds" }, first), first);
    // 8443 is the shop's own on this machine.
    assert.deepEqual(
      [...(second["compose.yaml"] ?? "").matchAll(/127\.0\.0\.1:(\d+):8443/g)].map((m) => m[1]),
      ["8444", "8445"],
    );
  });

  it("is refused where it is there already, with every conflict by name", () => {
    const files = made(planned(full, shop), shop);
    const reasons = reasonsOf(full, files);
    for (const what of [
      "There is a folder `order-intake` already.",
      "There is a folder `deploy/order-intake` already.",
      "There is a file `.github/workflows/order-intake.yaml` already.",
      "`compose.yaml` has a service `order-intake` already.",
      "`compose.yaml` has a service `order-intake-db` already.",
      "`compose.yaml` has a network `order-intake-front` already.",
      "`compose.yaml` has a volume `order-intake-db` already.",
      "`compose.yaml` has a secret `order-intake-tls-key` already.",
      "`compose.yaml` has a config `order-intake-ca` already.",
    ]) {
      assert.ok(reasons.includes(what), `${what}\n${reasons.join("\n")}`);
    }
  });

  const alone: ServiceChoices = { ...defaultChoices, name: "order-intake", language: "go" };

  it("sees what stands in its way, in whatever file and case", () => {
    const cases: readonly (readonly [files: Files, reason: RegExp])[] = [
      [{ "Order-Intake/notes.txt": "" }, /a folder `Order-Intake` already/],
      [{ "order-intake": "" }, /`order-intake` is a file where a folder is needed/],
      [{ "compose.yaml": "services:\n  order-intake: { image: a }\n" }, /a service `order-intake` already/],
      [
        { "docker-compose.yml": "services: { a: { image: a } }\n" },
        /`services` of `docker-compose.yml` is not written line by line/,
      ],
      [
        {
          "compose.yaml": "services:\n  a: { image: a }\n",
          "compose.override.yaml": "networks:\n  order-intake-front:\n",
        },
        /a network `order-intake-front` already/,
      ],
      [
        {
          "compose.yaml": "include: [infra/compose.yaml]\nservices:\n  a: { image: a }\n",
          "infra/compose.yaml": "services:\n  order-intake: { image: b }\n",
        },
        /a service `order-intake` already/,
      ],
      [{ "compose.yaml": "services:\n  a: [\n" }, /`compose.yaml` is not valid YAML/],
      [{ "compose.yaml": "services:\n  a: { image: a }\n---\nservices: {}\n" }, /several documents/],
    ];
    for (const [files, reason] of cases) {
      assert.match(reasonsOf(alone, files).join("\n"), reason);
      const names = Object.keys(files);
      const wanted = new Set(filesToRead(alone, names));
      assert.ok(names.every((n) => wanted.has(n) || !/compose/.test(n)));
    }
  });

  it("keeps to how a compose file is written", () => {
    const compose = [
      "# The shop.",
      "services:",
      "    web:   # the old one",
      "        image: web:1",
      "        networks: [shop_front]",
      "",
      "# Between them.",
      "networks:",
      "    shop_front:",
      "    shop_back: { internal: true }",
      "",
    ].join("\r\n");
    const files = made(planned({ ...alone, database: "redis" }, { "compose.yaml": compose }), {});
    const text = files["compose.yaml"] ?? "";
    for (const line of compose.split("\r\n")) assert.ok(text.includes(`${line}\r\n`), line);
    assert.ok(!/[^\r]\n/.test(text));
    assert.match(text, /^ {4}order-intake:\r$/m);
    assert.match(text, /^ {4}order-intake_data: \{ internal: true \}\r$/m);
    assert.equal(faultIn("compose.yaml", text.replaceAll("\r", "")), undefined);
  });

  it("is added to what COMPOSE_FILE names", () => {
    const files = { ".env": "COMPOSE_FILE=stack.yaml\n", "stack.yaml": "services:\n  a:\n    image: a\n" };
    const plan = planService(alone, { names: Object.keys(files), read: (n) => files[n as keyof typeof files] }, texts);
    assert.deepEqual(plan.kind === "plan" && plan.changes.map((c) => c.path), ["stack.yaml"]);
  });

  it("joins GitLab's pipeline", () => {
    const gitlab: ServiceChoices = { ...alone, ci: "gitlab" };
    const alike = made(planned(gitlab));
    assert.match(alike[".gitlab-ci.yml"] ?? "", /^include:\n {2}- local: order-intake\/\.gitlab-ci\.yml\n$/);
    const second = made(planned({ ...gitlab, name: "stock" }, alike), alike)[".gitlab-ci.yml"];
    assert.equal(second, `${alike[".gitlab-ci.yml"]}  - local: stock/.gitlab-ci.yml\n`);
    const cases: readonly (readonly [before: string, after: string])[] = [
      [
        "# Ours.\nstages: [lint, test]\nlint:\n  stage: lint\n",
        "# Ours.\nstages: [lint, test, build]\nlint:\n  stage: lint\ninclude:\n  - local: order-intake/.gitlab-ci.yml\n",
      ],
      ["include: other.yml\n", "include:\n  - other.yml\n  - local: order-intake/.gitlab-ci.yml\n"],
      ["include:\n- local: a.yml\n", "include:\n- local: a.yml\n- local: order-intake/.gitlab-ci.yml\n"],
    ];
    for (const [before, expected] of cases) {
      assert.equal(made(planned(gitlab, { ".gitlab-ci.yml": before }))[".gitlab-ci.yml"], expected);
    }
    assert.match(reasonsOf(gitlab, { ".gitlab-ci.yml": "include:\n  local: a.yml\n" }).join(), /`include`/);
  });

  it("says where a pipeline would not be read", () => {
    const plan = planService({ ...alone, ci: "github" }, { names: [], read: () => undefined }, texts);
    assert.ok(plan.kind === "plan" && plan.notes.some((n) => n.startsWith("GitHub reads workflows from the root")));
    assert.ok(!planned({ ...alone, ci: "github" }).notes.some((n) => n.startsWith("GitHub reads")));
  });
});

describe("the name of a service", () => {
  it("is made of lower-case words", () => {
    for (const name of ["orders", "order-intake", "a", "v2-orders", "x".repeat(40)]) {
      assert.equal(faultOfName(name), undefined, name);
    }
    for (const name of [
      "",
      "Orders",
      "1st",
      "a--b",
      "-a",
      "a-",
      "a_b",
      "a/b",
      "../a",
      "x".repeat(41),
      "class",
      "deploy",
    ]) {
      assert.ok(faultOfName(name)?.endsWith("."), name);
    }
  });

  it("hides no module of Python's", () => {
    assert.equal(faultOfName("email"), undefined);
    assert.ok(faultOfName("email", "python"));
  });
});

describe("what is accepted of services", () => {
  it("is there", () => {
    const entries = accepted.filter((entry) => entry.where.startsWith("scaffold"));
    assert.deepEqual(
      entries.filter((entry) => !used.has(entry)),
      [],
    );
  });
});

/** By name, with `/`. */
function filesIn(folder: string, below = ""): Files {
  return Object.fromEntries(
    readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.name === "node_modules") return [];
      return entry.isDirectory()
        ? Object.entries(filesIn(folder, name))
        : [[name, readFileSync(join(folder, name), "utf8")] as const];
    }),
  );
}
