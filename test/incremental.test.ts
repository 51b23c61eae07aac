/** What the analyser says after edits is what it says of the text alone. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Analyser, applyEdits, defaultConfig, type Edit, type Finding, type Fix } from "../engine/index";
import { rules } from "../rules/index";
import { mutate, random } from "./fuzz/mutate";
import { readExample } from "./support/example";
import { languages, root, today } from "./support/engine";

const plainEdits = (edits: readonly Edit[]): unknown =>
  edits.map(({ span, text }) => ({ start: span.start, end: span.end, text }));

const plainFix = ({ title, edits, others }: Fix): unknown => ({
  title,
  edits: plainEdits(edits),
  others: others?.map((o) => ({ file: o.file, edits: plainEdits(o.edits) })),
});

const plain = (findings: readonly Finding[]): unknown =>
  findings.map((f) => ({ ...f, fixes: f.fixes().map(plainFix) }));

/** Types one of the texts, or takes characters or a line away, or repeats a line. */
function touched(text: string, typed: readonly string[], next: () => number): string {
  const at = Math.floor(next() * text.length);
  const kind = next();
  const lines = text.split("\n");
  const line = lines[Math.floor(next() * lines.length)] ?? "";
  if (kind < 0.5) return text.slice(0, at) + (typed[Math.floor(next() * typed.length)] ?? "") + text.slice(at);
  if (kind < 0.7) return text.slice(0, at) + text.slice(at + 1 + Math.floor(next() * 8));
  return text.replace(`${line}\n`, kind < 0.85 ? "" : `${line}\n${line}\n`);
}

describe("findings after edits", () => {
  const analyserOf = async (): Promise<Analyser> => {
    const analyser = new Analyser({ rules, languages: await languages(), today });
    analyser.configure({ ...defaultConfig, preset: "all" });
    analyser.setListing(["Dockerfile", ".dockerignore", "package.json", "package-lock.json"]);
    return analyser;
  };

  it("are those of the text alone", async () => {
    const next = random(4711);
    const bad = rules
      .filter((r) => r.kind === "dockerfile")
      .flatMap((r) => r.examples.map((e) => readExample("bad" in e ? e.bad : e.good, r.kind)[0]?.text ?? ""));
    const seeds = [readFileSync(join(root, "test", "workspaces", "syntax", "Dockerfile"), "utf8"), ...bad];
    const edited = await analyserOf();
    let text = "";
    for (let i = 0; i < 600; i++) {
      if (i % 12 === 0) {
        const pieces = Array.from({ length: 8 }, () => seeds[Math.floor(next() * seeds.length)] ?? "");
        text = pieces.join("\n");
      }
      const whole = next() < 0.3;
      const at = Math.floor(next() * text.length);
      text = whole
        ? mutate(text, seeds, next)
        : text.slice(0, at) + String.fromCharCode(32 + Math.floor(next() * 90)) + text.slice(at);
      edited.setFile("Dockerfile", text);
      const fresh = await analyserOf();
      fresh.setFile("Dockerfile", text);
      assert.deepEqual(plain(edited.findings("Dockerfile")), plain(fresh.findings("Dockerfile")), text);
    }
  });

  it("are those of the text alone when lines move", async () => {
    const lines = [
      "FROM node:24-slim AS a",
      "ENV TOKEN_URL=http://x.example.org",
      "WORKDIR /app",
      "COPY x .",
      "RUN curl -k $TOKEN_URL",
      "USER root",
      "ARG V=1",
      "RUN apt-get update",
      "FROM a",
      "RUN apt-get install -y git",
      "EXPOSE 22",
      "CMD npm start",
      "USER node",
      'SHELL ["pwsh"]',
    ];
    const next = random(99);
    const edited = await analyserOf();
    for (let i = 0; i < 300; i++) {
      const [from, to] = [Math.floor(next() * lines.length), Math.floor(next() * lines.length)];
      lines.splice(to, 0, ...lines.splice(from, 1));
      const text = `${lines.join("\n")}\n`;
      edited.setFile("Dockerfile", text);
      const fresh = await analyserOf();
      fresh.setFile("Dockerfile", text);
      assert.deepEqual(plain(edited.findings("Dockerfile")), plain(fresh.findings("Dockerfile")), text);
    }
  });

  it("have fixes that fit the newest text", async () => {
    const analyser = await analyserOf();
    const tail = "RUN curl -k https://example.com/a.sh | sh\nUSER root\n";
    analyser.setFile("Dockerfile", `FROM debian:13-slim\n${tail}`);
    analyser.findings("Dockerfile");
    const text = `FROM debian:13-slim\n# moved\nENV A=b\n${tail}`;
    analyser.setFile("Dockerfile", text);
    const finding = analyser.findings("Dockerfile").find((f) => f.rule === "dockerfile/tls-verification-disabled");
    const fix = finding?.fixes()[0];
    assert.ok(fix);
    assert.equal(applyEdits(text, fix.edits), text.replace("curl -k ", "curl "));
  });
});

describe("findings of compose projects after edits", () => {
  const names = ["compose.yaml", "compose.override.yaml", "parts/common.yaml", ".env"];
  const texts = (): Map<string, string> =>
    new Map([
      ["compose.yaml", readFileSync(join(root, "test", "workspaces", "compose", "compose.yaml"), "utf8")],
      [
        "compose.override.yaml",
        readFileSync(join(root, "test", "workspaces", "compose", "compose.override.yaml"), "utf8"),
      ],
      ["parts/common.yaml", readFileSync(join(root, "test", "workspaces", "compose", "parts", "common.yaml"), "utf8")],
      [".env", "TAG=1.2.3\nDATABASE_USER=shop\n"],
    ]);

  it("are those of the texts alone", async function () {
    this.timeout(60_000);
    const next = random(815);
    const analyserOf = async (files: ReadonlyMap<string, string>): Promise<Analyser> => {
      const analyser = new Analyser({ rules, languages: await languages(), today });
      analyser.configure({ ...defaultConfig, preset: "all" });
      for (const [file, text] of files) analyser.setFile(file, text);
      analyser.setListing(names);
      return analyser;
    };
    const all = (analyser: Analyser, files: ReadonlyMap<string, string>): unknown =>
      [...files.keys()].map((file) => plain(analyser.findings(file)));
    let files = texts();
    const edited = await analyserOf(files);
    for (let i = 0; i < 400; i++) {
      if (i % 20 === 0) files = texts();
      const file = names[Math.floor(next() * (next() < 0.1 ? 4 : 3))] ?? "";
      const text = files.get(file) ?? "";
      files.set(file, touched(text, [" ", "\n", "a", "-", ":", "0", "#", "{", '"', "$", "*a"], next));
      for (const [name, now] of files) edited.setFile(name, now);
      if (next() < 0.3) continue;
      assert.deepEqual(all(edited, files), all(await analyserOf(files), files), JSON.stringify([...files]));
    }
  });
});

describe("findings of manifests after edits", () => {
  const folder = join(root, "examples", "shop", "deploy");
  const listing = [
    ...["manifests/access.yaml", "manifests/catalog.yaml", "manifests/orders-db.yaml", "manifests/secrets.yaml"],
    ...["kustomize/base/cart.yaml", "kustomize/base/kustomization.yaml"],
    ...["kustomize/production/debug-patch.yaml", "kustomize/production/kustomization.yaml"],
    ...["chart/Chart.yaml", "chart/values.yaml", "chart/templates/deployment.yaml", "chart/templates/service.yaml"],
  ];
  const policy = [
    "apiVersion: networking.k8s.io/v1",
    "kind: NetworkPolicy",
    "metadata: { name: catalog, namespace: shop }",
    "spec:",
    "  podSelector:",
    "    matchLabels: { app: catalog }",
    "  policyTypes: [Ingress]",
    "  ingress:",
    "    - from:",
    "        - podSelector: { matchLabels: { app: gateway } }",
    "",
  ].join("\n");
  const texts = (): Map<string, string> => {
    const files = new Map(listing.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
    return files.set("manifests/policy.yaml", policy);
  };
  const typed = [" ", "\n", "a", "-", ":", "0", "#", "{{ .Values.a }}", '"', "---\n", "*a", "---\n---\n"];

  it("are those of the texts alone, whatever is closed and opened on the way", async function () {
    this.timeout(60_000);
    const next = random(1633);
    const analyserOf = async (files: ReadonlyMap<string, string>): Promise<Analyser> => {
      const analyser = new Analyser({ rules, languages: await languages(), today });
      analyser.configure({ ...defaultConfig, preset: "all" });
      for (const [file, text] of files) analyser.setFile(file, text);
      analyser.setListing([...files.keys()]);
      return analyser;
    };
    const all = (analyser: Analyser, files: ReadonlyMap<string, string>): unknown =>
      [...files.keys()].map((file) => plain(analyser.findings(file)));
    let files = texts();
    const names = [...files.keys()];
    const edited = await analyserOf(files);
    for (let i = 0; i < 300; i++) {
      if (i % 20 === 0) files = texts();
      const file = names[Math.floor(next() * names.length)] ?? "";
      files.set(file, touched(files.get(file) ?? "", typed, next));
      for (const [name, now] of files) edited.setFile(name, now);
      if (next() < 0.1) edited.release(names[Math.floor(next() * names.length)] ?? "");
      if (next() < 0.3) continue;
      assert.deepEqual(all(edited, files), all(await analyserOf(files), files), JSON.stringify([...files]));
    }
  });
});
