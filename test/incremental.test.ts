/** What the analyser says after edits is what it says of the text alone. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Analyser, applyEdits, defaultConfig, type Finding } from "../engine/index";
import { rules } from "../rules/index";
import { mutate, random } from "./fuzz/mutate";
import { readExample } from "./support/example";
import { languages, root, today } from "./support/engine";

const plain = (findings: readonly Finding[]): unknown =>
  findings.map((f) => ({ ...f, fixes: f.fixes().map((x) => ({ title: x.title, edits: x.edits, others: x.others })) }));

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
