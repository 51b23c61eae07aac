import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../rules/index";
import { readExample } from "../support/example";
import { languages, root } from "../support/engine";
import { fuzz } from "./run";

describe("damaged Dockerfiles", () => {
  it("throw nothing and give sound spans and fixes", async () => {
    const examples = rules.flatMap((r) =>
      r.examples.map((e) => readExample("bad" in e ? e.bad : e.good, r.kind)[0]?.text ?? ""),
    );
    const seeds = [readFileSync(join(root, "test", "workspaces", "syntax", "Dockerfile"), "utf8"), ...examples];
    const { failures } = fuzz(seeds, 3000, 20261121, await languages());
    assert.deepEqual(failures.map((f) => `${f.what}\n${f.text}`).slice(0, 3), []);
  });
});
