/** Regular expressions read texts that others write: none may take more than linear time. */
import * as assert from "node:assert/strict";
import { analyse } from "scslre";
import { sources } from "./support/sources";

describe("regular expressions", () => {
  it("take linear time", async () => {
    const all = (await sources()).flatMap(({ file, expressions }) => expressions.map((e) => ({ ...e, file })));
    assert.ok(all.length > 1000);
    const slow = all.flatMap(({ file, line, source, flags }) => {
      const { reports } = analyse(new RegExp(source, flags));
      return reports.length === 0 ? [] : [`${file}:${line} ${source}`];
    });
    assert.deepEqual(slow, []);
  });

  it("are known for what they are", () => {
    assert.ok(analyse(/^(?:a+)+$/).reports.some((r) => r.exponential));
    assert.ok(analyse(/^a*b?a*$/).reports.length > 0);
    assert.deepEqual(analyse(/^[a-z]{1,20}$/).reports, []);
  });
});
