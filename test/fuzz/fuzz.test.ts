import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../rules/index";
import { textsOfKind } from "../../scripts/corpus";
import { readExample } from "../support/example";
import { languages, root } from "../support/engine";
import { composeSubject, dockerfileSubject, fuzz, manifestSubject } from "./run";

const examples = (kind: string): string[] =>
  rules
    .filter((r) => r.kind === kind)
    .flatMap((r) => r.examples.map((e) => readExample("bad" in e ? e.bad : e.good, r.kind)[0]?.text ?? ""));

describe("damaged files", () => {
  it("Dockerfiles throw nothing and give sound spans and fixes", async function () {
    this.timeout(60_000);
    const odd = readFileSync(join(root, "test", "workspaces", "syntax", "Dockerfile"), "utf8");
    const { failures } = fuzz(dockerfileSubject([odd, ...examples("dockerfile")]), 3000, 20261121, await languages());
    assert.deepEqual(failures.map((f) => `${f.what}\n${f.text}`).slice(0, 3), []);
  });

  it("pairs of compose files throw nothing and give sound spans and fixes", async function () {
    this.timeout(60_000);
    const projects = textsOfKind(join(root, "test", "conformance", "compose"), "compose");
    const { failures } = fuzz(composeSubject([...projects, ...examples("compose")]), 2000, 20261122, await languages());
    assert.deepEqual(failures.map((f) => `${f.what}\n${f.text}`).slice(0, 3), []);
  });

  it("manifests beside a kustomization and a chart throw nothing and give sound spans and fixes", async function () {
    this.timeout(60_000);
    const seedsOf = (kind: "kubernetes" | "kustomize" | "helm"): readonly string[] => [
      ...textsOfKind(join(root, "examples"), kind),
      ...examples(kind),
    ];
    const subject = manifestSubject({
      kubernetes: seedsOf("kubernetes"),
      kustomize: seedsOf("kustomize"),
      helm: seedsOf("helm"),
    });
    const { failures } = fuzz(subject, 1500, 20261123, await languages());
    assert.deepEqual(failures.map((f) => `${f.what}\n${f.text}`).slice(0, 3), []);
  });
});
