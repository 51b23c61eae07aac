import assert from "node:assert/strict";
import { generate } from "../scripts/generate";

describe("generated files", () => {
  it("are up to date (npm run generate)", async () => {
    assert.deepEqual(await generate("check"), []);
  });
});
